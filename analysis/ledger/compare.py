"""The facts in which two readings of the ledger differ."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.ledger.cells import as_text, differ, keys
from analysis.ledger.schema import CANCELLED, Table, tables
from analysis.ledger.view import Ledger

# Columns whose change alone is not news.
CONFIRMING = ("as_of", "source", "second_source", "note", "verified", "last_checked")
COLUMNS = ["table", "key", "change", "column", "old", "new"]


def _compare_table(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    was, now = keys(old, table.key, " / "), keys(new, table.key, " / ")
    place = now.get_indexer(was)  # of each old key in the new table, -1 where it is gone
    is_new = np.ones(len(now), bool)
    is_new[place[place >= 0]] = False
    rows = [
        pd.DataFrame({"key": names, "change": change, "column": "", "old": "", "new": ""}, dtype=object)
        for change, names in (("added", now[is_new]), ("removed", was[place < 0]))
    ]
    kept = place >= 0
    a, b = old[kept], new.iloc[place[kept]]
    for column in table.columns:
        moved = differ(a[column], b[column])
        if not moved.any():
            continue
        cells = {"key": was[kept][moved], "change": "changed", "column": column}
        rows.append(
            pd.DataFrame(
                cells | {"old": as_text(a[column][moved]), "new": as_text(b[column].iloc[moved.nonzero()[0]])},
                dtype=object,
            )
        )
    changes = pd.concat(rows, ignore_index=True)
    if "status" in table.columns:
        ended = (changes["column"] == "status") & (changes["new"] == CANCELLED)
        cancelled = set(now[is_new & (new["status"] == CANCELLED).to_numpy()])
        changes.loc[ended | ((changes["change"] == "added") & changes["key"].isin(cancelled)), "change"] = "cancelled"
    return changes.assign(table=table.name)


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
    changes = pd.concat([_compare_table(before[t.name], after[t.name], t) for t in both], ignore_index=True)[COLUMNS]
    return changes.sort_values(["table", "key", "change", "column"], kind="stable", ignore_index=True)


def without_confirmations(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `compare` that say something new: a later statement of the same fact does not."""
    return changes[~changes["column"].isin(CONFIRMING)]
