"""The facts in which two readings of the ledger differ."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.ledger.cells import as_text, differ, keys
from analysis.ledger.schema import CANCELLED, Table, tables
from analysis.ledger.view import Ledger

# Columns whose change alone is not news.
CONFIRMING = ("as_of", "source", "second_source", "note", "verified", "last_checked")
COLUMNS = ["table", "key", "change", "column", "old", "new"]


def _changes(
    table: Table,
    key: pd.Index,
    change: object,
    column: str = "",
    old: np.ndarray | str = "",
    new: np.ndarray | str = "",
) -> pd.DataFrame:
    values = table.name, key, change, column, old, new
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)), dtype=object)


def _compare_table(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    was, now = keys(old, table.key, " / "), keys(new, table.key, " / ")
    place = now.get_indexer(was)  # of each old key in the new table, -1 where it is gone
    is_new = np.ones(len(now), bool)
    is_new[place[place >= 0]] = False
    added: object = "added"
    if "status" in table.columns:
        added = np.where(new["status"].to_numpy()[is_new] == CANCELLED, "cancelled", "added")
    rows = [_changes(table, now[is_new], added), _changes(table, was[place < 0], "removed")]
    kept = np.flatnonzero(place >= 0)
    if not kept.size:
        return pd.concat(rows, ignore_index=True)
    then, since = old.iloc[kept], new.iloc[place[kept]]  # the same keys, row by row
    for column in table.columns:
        moved = np.flatnonzero(differ(then[column], since[column]))
        if not moved.size:
            continue
        before, after = (as_text(rows[column].iloc[moved]) for rows in (then, since))
        change = np.where(after == CANCELLED, "cancelled", "changed") if column == "status" else "changed"
        rows.append(_changes(table, was[kept[moved]], change, column, before, after))
    return pd.concat(rows, ignore_index=True)


def _apart(before: Ledger, after: Ledger, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of a table in which two readings can differ."""
    old, new = before[name], after[name]
    if not before.has_rows_of(after):
        return old, new
    return old[~old.index.isin(new.index)], new[~new.index.isin(old.index)]


def _in_order(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes of a table by key, change and column; Arrow sorts a million texts faster than Python does."""
    order = ["key", "change", "column"]
    texts = pa.table({name: pa.array(changes[name], pa.string()) for name in order})
    return changes.take(pc.sort_indices(texts, [(name, "ascending") for name in order]).to_numpy())


def _ledger(ledger: Ledger | Path | str) -> Ledger:
    return ledger if isinstance(ledger, Ledger) else Ledger.load(ledger)


def compare(old: Ledger | Path | str, new: Ledger | Path | str, names: Collection[str] | None = None) -> pd.DataFrame:
    """The facts that were added, changed, cancelled or removed between two readings.

    Key days (vintages.csv) are not compared.

    Parameters
    ----------
    old, new : two ledgers (of two days or two directories), or the directories themselves
    names : only these tables, and no other is read (None: all)

    Returns
    -------
    One row for each changed cell, and one for each key that was added or removed: table, key, change (added, changed,
    cancelled, removed), column, old, new, all text, sorted by table, key and column.

    Raises
    ------
    LedgerError
        when a directory is not sound.
    """
    before, after = _ledger(old), _ledger(new)
    asked = [t for t in tables().values() if not t.is_optional and (names is None or t.name in names)]
    both = [t for t in asked if t.name in before.tables and t.name in after.tables]
    both.sort(key=lambda table: table.name)
    parts = [(t, *_apart(before, after, t.name)) for t in both]
    changes = [_in_order(_compare_table(old, new, t)) for t, old, new in parts if len(old) or len(new)]
    return pd.concat([pd.DataFrame(columns=COLUMNS), *changes], ignore_index=True)


def without_confirmations(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `compare` that say something new: a later statement of the same fact does not."""
    return changes[~changes["column"].isin(CONFIRMING)]
