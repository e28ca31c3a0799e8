"""The two lawful changes of a row that was there before: a better source, and a correction that the changelog lists.

The changelog lists corrections in a table under the heading "Corrections": table, row, column, old, new, why. The row
is named by the parts of its key that are not empty, as it was before the correction, with " / " between them; an empty
cell is called ``empty``, and a bar in a cell is written as a slash.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.ledger.cells import JOINT, as_text, keys, positions

HEADING = "### Corrections"
COLUMNS = ["table", "row", "column", "old", "new", "why"]
SOURCING = frozenset({"source", "second_source", "verified", "note", "last_checked"})
CHECKED = SOURCING - {"note", "verified"}  # one of them says where the row was looked up


@dataclass(frozen=True)
class Correction:
    """One cell that the changelog says was wrong; old and new as they are written, empty where nothing is known."""

    table: str
    row: str
    column: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.table}: {self.row}: {self.column}: {self.old or 'empty'} is now {self.new or 'empty'}"


def listed(changelog: str) -> list[Correction]:
    """The corrections that a changelog lists, in its order; lines of another form are ignored."""
    found, is_inside = [], False
    for line in changelog.splitlines():
        if line.startswith("#"):
            is_inside = line.strip() == HEADING
        cells = [c.strip() for c in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if is_inside and line.startswith("|") and len(cells) == len(COLUMNS) and cells[0].isidentifier():
            table, row, column, old, new = ("" if c == "empty" else c for c in cells[:5])
            found.append(Correction(table, row, column, old, new))
    return [c for c in found if c.column != "column"]


def _names(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.Index:
    """The name that the changelog gives each row."""
    return pd.Index([" / ".join(p for p in name.split(JOINT) if p) for name in keys(frame, key)], dtype=object)


def _cell(frame: pd.DataFrame, row: int, column: str) -> str:
    """A cell as the changelog writes it."""
    return " ".join(str(as_text(frame[column].iloc[[row]])[0]).replace("|", "/").split())


def apply(
    old: pd.DataFrame, new: pd.DataFrame, key: tuple[str, ...], corrections: Iterable[Correction]
) -> tuple[pd.DataFrame, tuple[Correction, ...]]:
    """Take over what is corrected from the new rows into the old ones.

    A correction counts if the old row had its old value and the new row has its new one, so that one which was made
    before the old rows were written, or which says something else than the tables, changes nothing.

    Parameters
    ----------
    old, new : the rows of a table before and after
    key : the columns that tell its rows apart
    corrections : those of this table

    Returns
    -------
    The old rows, and the corrections that count.
    """
    by_row: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        if correction.column in old and correction.column in new:
            by_row[correction.row].append(correction)
    places = positions(pd.Index(list(by_row), dtype=object), _names(old, key))
    now, result, applied = keys(new, key), old.copy(), []
    for place, group in zip(places, by_row.values(), strict=True):
        if place < 0:
            continue
        renamed = {c.column: c.new for c in group if _cell(old, place, c.column) == c.old}
        name = JOINT.join(renamed.get(c, str(as_text(old[c].iloc[[place]])[0])) for c in key)
        (row,) = positions(pd.Index([name], dtype=object), now)
        for correction in group:
            column = correction.column
            if row >= 0 and column in renamed and _cell(new, row, column) == correction.new != correction.old:
                result.iloc[place, result.columns.get_loc(column)] = new[column].iloc[row]
                applied.append(correction)
    return result, tuple(applied)


def is_sourcing(columns: Iterable[str]) -> bool:
    """Whether a row in which these columns changed has a better source, or was checked again, and says nothing else."""
    changed = set(columns)
    return changed <= SOURCING and bool(changed & CHECKED)


def filled(new: pd.DataFrame, row: int, columns: Iterable[str]) -> list[str]:
    """The columns among some in which a row has a value."""
    return [c for c in columns if c in new and not _is_empty(new[c].iloc[row])]


def _is_empty(value: object) -> bool:
    return value == "" or bool(np.all(pd.isna(value)))
