"""What two readings of the ledger disagree on."""

from pathlib import Path

import pandas as pd

from analysis.ledger.schema import Table, tables
from analysis.ledger.view import Ledger

COLUMNS = ["table", "key", "change", "column", "old", "new"]


def _text(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Every cell as text, so that an empty cell equals an empty cell."""
    columns = {}
    for field in table.fields:
        values = frame[field.name]
        if field.type == "date":
            columns[field.name] = values.dt.strftime("%Y-%m-%d").fillna("")
        elif field.type in ("number", "integer"):
            columns[field.name] = values.map("{:g}".format, na_action="ignore").fillna("")
        else:
            columns[field.name] = values.astype(str)
    return pd.DataFrame(columns, index=frame.index)


def _keyed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    text = _text(frame, table)
    key = text[table.key[0]].str.cat([text[c] for c in table.key[1:]], sep=" / ") if len(table.key) > 1 else text[table.key[0]]
    return text.assign(_key=key).set_index("_key")


def _compare_table(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    was, now = _keyed(old, table), _keyed(new, table)
    rows = []
    for change, keys in (("added", now.index.difference(was.index)), ("removed", was.index.difference(now.index))):
        rows.append(pd.DataFrame({"key": keys, "change": change, "column": "", "old": "", "new": ""}))
    both = was.index.intersection(now.index)
    a, b = was.loc[both], now.loc[both]
    for column in table.columns:
        moved = (a[column] != b[column]).to_numpy()
        rows.append(
            pd.DataFrame(
                {
                    "key": both[moved],
                    "change": "changed",
                    "column": column,
                    "old": a[column][moved].to_numpy(),
                    "new": b[column][moved].to_numpy(),
                }
            )
        )
    changes = pd.concat(rows, ignore_index=True)
    if "status" in table.columns:
        ended = (changes["column"] == "status") & (changes["new"] == "cancelled")
        born_dead = (changes["change"] == "added") & changes["key"].map(now["status"]).eq("cancelled")
        changes.loc[ended | born_dead, "change"] = "cancelled"
    return changes.assign(table=table.name)


def _ledger(what: "Ledger | Path | str") -> Ledger:
    return what if isinstance(what, Ledger) else Ledger.load(what)


def compare(old: "Ledger | Path | str", new: "Ledger | Path | str") -> pd.DataFrame:
    """The facts that were added, changed, cancelled or removed between two readings.

    Parameters: two ledgers (of two days or two directories) or the directories themselves.
    Returns one row a moved cell (added and removed: one row a key) with the columns table, key, change
    (added, changed, cancelled, removed), column, old, new, all text, sorted by table, key and column.
    Raises LedgerError when a directory is not sound.
    """
    before, after = _ledger(old), _ledger(new)
    found = [
        _compare_table(before[t.name], after[t.name], t) for t in tables().values() if t.name in before.tables and t.name in after.tables
    ]
    changes = pd.concat(found, ignore_index=True)[COLUMNS]
    return changes.sort_values(["table", "key", "change", "column"], kind="stable", ignore_index=True)
