"""One table before and after: which rows were added, which cells of old rows say something else."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.ledger import corrections
from analysis.ledger.cells import differ, keys, positions
from analysis.ledger.corrections import CHECKED, Correction
from analysis.ledger.schema import Table


@dataclass(frozen=True)
class Edit:
    """One cell of an old row that says something else now; ``row`` counts from 0 in the new table."""

    table: Table
    key: str
    row: int
    column: str
    old: object
    new: object


@dataclass(frozen=True)
class Change:
    """One table before and after.

    Attributes
    ----------
    table : as today's schema describes it
    old, new : its rows; a table that is new as a whole has no old ones; in the old ones listed corrections are made
    key : the columns that told the old rows apart, those of the schema that they were written by
    is_append_only : whether the table was, or is, one of dated rows
    corrected : the listed corrections that were made
    """

    table: Table
    old: pd.DataFrame
    new: pd.DataFrame
    key: tuple[str, ...]
    is_append_only: bool
    corrected: tuple[Correction, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that both sides have, in today's order."""
        return tuple(c for c in self.table.columns if c in self.old and c in self.new)

    @cached_property
    def old_keys(self) -> pd.Index:
        return keys(self.old, self.key)

    @cached_property
    def places(self) -> np.ndarray:
        """Where each old row stands in the new table, -1 where it is gone.

        Where the key has got another column, several rows share the old key: the equal row is the one meant.
        """
        now = keys(self.new, self.key)
        place = positions(self.old_keys, now)
        if now.is_unique:
            return place
        same = positions(keys(self.old, self.columns), keys(self.new, self.columns))
        return np.where(same >= 0, same, place)

    @cached_property
    def added(self) -> pd.DataFrame:
        """The rows that only the new table has."""
        return self.new[~np.isin(np.arange(len(self.new)), self.places)]

    @cached_property
    def edits(self) -> list[Edit]:
        """Every cell of the old rows that is not what it was, in the order of columns and rows."""
        kept = np.flatnonzero(self.places >= 0)
        old, new = self.old.iloc[kept], self.new.iloc[self.places[kept]]
        found = []
        for column in self.columns:
            for i in np.flatnonzero(differ(old[column], new[column])):
                key, row = self.old_keys[kept[i]], int(self.places[kept[i]])
                found.append(Edit(self.table, key, row, column, old[column].iloc[i], new[column].iloc[i]))
        return found

    @cached_property
    def sourced(self) -> frozenset[int]:
        """The new rows, from 0, in which only the source of the same fact changed."""
        added = CHECKED.difference(self.old)
        columns = defaultdict(set)
        for edit in self.edits:
            columns[edit.row].add(edit.column)
        return frozenset(
            row
            for row, changed in columns.items()
            if corrections.is_sourcing({*changed, *corrections.filled(self.new, row, added)})
        )
