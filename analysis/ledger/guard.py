"""What a change of the ledger may not do, whatever its tables say by themselves.

- Dated rows are added, never edited or deleted: the report of an earlier day would change with them.
- A figure that is more than `JUMP` times the one before it, or less than that part of it, says ``reviewed`` in its
  note: a slip of the unit looks just like this.
- Two payments between the same parties, of the same kind, day, amount and term are one deal told twice, unless the
  second says ``reviewed``.
- A new source has a link that leads somewhere in public; a note tells a fact in our words and quotes nobody.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.schema import Table, tables

JUMP = 5.0
REVIEWED = re.compile(r"\breviewed\b", re.I)
# Four words or more between quotation marks: names of programmes and products are shorter.
QUOTE = re.compile(r"[\"“”„«»‹›「」]\s*\S+(?:\s+\S+){3,}?\s*[\"“”„«»‹›「」]|(?<!\w)[‘']\S+(?:\s+\S+){3,}[’'](?!\w)")
AMOUNTS = {
    "deals": ("low_usd_bn", "high_usd_bn", "gw"),
    "metrics": ("value",),
    "sites": ("planned_gw", "live_gw", "investment_usd_bn"),
}
AMOUNTS |= {
    "chips": ("bf16_dense_pflops", "fp8_dense_pflops", "hbm_gb", "hbm_tbps", "tdp_w"),
    "prices": ("usd_per_hour",),
}
AMOUNTS |= {"outside_models": ("value",)}

Frames = dict[str, pd.DataFrame]


def is_reviewed(note: object) -> bool:
    return bool(REVIEWED.search(str(note)))


def _key(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """One text for each row that names it, the same in both readings."""
    return frame[list(columns)].astype(str).agg("\x1f".join, axis=1) if len(frame) else pd.Series(dtype=str)


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"'{value:%Y-%m-%d}'"
    if isinstance(value, float):
        return "empty" if np.isnan(value) else f"{value:.15g}"
    return quoted(value) if str(value) not in ("", "NaT") else "empty"


def added(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The rows that only the new reading has."""
    return new[~_key(new, table.primary_key).isin(set(_key(old, table.primary_key)))] if len(new) else new


def append_only(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[Problem]:
    """Rows that are gone or say something else than before."""
    was, now = _key(old, table.primary_key), _key(new, table.primary_key)
    place = dict(zip(now, new.index))
    problems = []
    for row, key in zip(old.index, was):
        name = " ".join(key.replace(" 00:00:00", "").split("\x1f"))
        if key not in place:
            message = f"the row {quoted(name)} stood in line {row + 2} and is gone; put it back, and add a row that says what is known now"
            problems.append(Problem(table.file, int(min(row, len(new))) + 2, table.columns[0], message))
            continue
        at = place[key]
        for column in table.columns:
            a, b = old.at[row, column], new.at[at, column]
            if a != b and not (pd.isna(a) and pd.isna(b)):
                message = f"{_shown(b)} was {_shown(a)}; a row is never edited: put the old value back and add a row with its own day"
                problems.append(Problem(table.file, int(at) + 2, column, message))
    return problems


def jumps(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[Problem]:
    """New rows whose figure is far from the one before it under the same key, for a metric also from the period before."""
    fresh = added(old, new, table)
    if fresh.empty:
        return []
    keys = [table.key]
    if table.name == "metrics":
        keys.append(("entity", "metric", "basis", "by"))
    problems: dict[tuple[int, str], Problem] = {}
    for key in keys:
        order = new.sort_values(["end", "as_of"], kind="stable") if table.name == "metrics" else new
        names = _key(order, key)
        for column in AMOUNTS[table.name]:
            before = order.groupby(names.to_numpy())[column].shift()
            ratio = (order[column] / before).reindex(fresh.index)
            far = (ratio > JUMP) | (ratio < 1 / JUMP)
            for row in far.index[far.to_numpy() & ~fresh["note"].map(is_reviewed).to_numpy()]:
                message = f"{new.at[row, column]:g} is {ratio[row]:.3g} times the {before[row]:g} before it; check the unit, then write 'reviewed' in its note"
                problems.setdefault((int(row), column), Problem(table.file, int(row) + 2, column, message))
    return list(problems.values())


def told_twice(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[Problem]:
    """New payments that look like one that is already there under another key."""
    columns = ["kind", "payer", "payee", "low_usd_bn", "high_usd_bn", "start", "end"]
    fresh = set(added(old, new, table).index)
    rows = new[
        (new["role"] == "payment")
        & (new["low_usd_bn"].notna() | new["high_usd_bn"].notna())
        & (new["status"] != "cancelled")
    ]
    problems = []
    for _, group in rows.groupby(columns, dropna=False, sort=False):
        if group["deal"].nunique() < 2:
            continue
        for row in [r for r in group.index if r in fresh and not is_reviewed(group.at[r, "note"])]:
            other = next((d for d in group["deal"] if d != group.at[row, "deal"]), "")
            message = f"looks like {quoted(other)} told a second time; drop it, or write 'reviewed' in its note"
            problems.append(Problem(table.file, int(row) + 2, "deal", message))
    return problems


def _link_fault(url: str) -> str:
    if not url:
        return "is empty; a new source needs a link that readers can open"
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.username or parts.password:
        return "holds a user name; link to the public page"
    if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", host) or host.endswith(
        (".local", ".internal", ".localhost", ".test", ".invalid")
    ):
        return "leads to no public host; link to the public page"
    return ""


def links(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[Problem]:
    problems = []
    for row, url in added(old, new, table)["url"].items():
        try:
            fault = _link_fault(str(url))
        except ValueError:
            fault = "is no address; link to the public page"
        if fault:
            problems.append(Problem(table.file, int(row) + 2, "url", f"{quoted(url)} {fault}"))
    return problems


def quotes(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[Problem]:
    problems = []
    for row, note in added(old, new, table)["note"].items():
        if found := QUOTE.search(str(note)):
            message = (
                f"{quoted(found.group(0), 40)} quotes somebody; say the fact in other words, the source has theirs"
            )
            problems.append(Problem(table.file, int(row) + 2, "note", message))
    return problems


def review(old: Frames, new: Frames) -> list[Problem]:
    """Everything a change from one reading of the tables to another may not do, sorted by file and row.

    Tables that only one side has are left out: what keeps a table from being read is told by `check`.
    """
    problems: list[Problem] = []
    for table in tables().values():
        if table.name not in old or table.name not in new:
            continue
        rules: list[Callable[[pd.DataFrame, pd.DataFrame, Table], list[Problem]]] = []
        if table.is_append_only:
            rules.append(append_only)
        if table.name in AMOUNTS:
            rules.append(jumps)
        if table.name == "deals":
            rules.append(told_twice)
        if table.name == "sources":
            rules.append(links)
        if "note" in table.columns:
            rules.append(quotes)
        for rule in rules:
            problems += rule(old[table.name], new[table.name], table)
    return sorted(set(problems))
