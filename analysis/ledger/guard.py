"""What a change of the ledger may not do, whatever its tables say by themselves.

- Dated rows are added, never edited or deleted: the report of an earlier day would change with them. Two changes are
  lawful (`ledger.corrections`): a better source of the same fact, and a correction that the changelog lists.
- No table and no column disappears, and a table of dated rows stays one: what cannot be compared is a problem, never
  left out. A table or a column may be added, with values in old rows too.
- A figure that is more than `JUMP` times the one before it, or less than that part of it, says ``reviewed`` in its
  note: a unit error looks just like this. Only periods of one length are compared.
- Predictions are locked: no correction changes a row, rows are added for later days than those that are there, and one
  that claims to have been made then rests on the newest day of the ledger.
- Two payments between the same parties, of the same kind, day, amount and term are one deal entered twice, unless the
  second says ``reviewed``.
- A new source has a link that leads somewhere in public; a note gives a fact in our own words and quotes nobody.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from analysis.ledger import corrections
from analysis.ledger.cells import JOINT, keys
from analysis.ledger.corrections import Correction
from analysis.ledger.problems import FIRST_ROW, Problem, quoted
from analysis.ledger.revision import Revision
from analysis.ledger.schema import CANCELLED, tables
from analysis.ledger.table_changes import Change

JUMP = 5.0
REVIEWED = re.compile(r"\breviewed\b", re.I)
# Four words or more between quotation marks: names of programmes and products are shorter.
QUOTE = re.compile(
    r"[\"“”„«»‹›「」]\s*\S+(?:\s+\S+){3,}?\s*[\"“”„«»‹›「」]"
    r"|(?<!\w)[‘']\S+(?:\s+\S+){3,}[’'](?!\w)"
)
AMOUNTS = {
    "deals": ("low_usd_bn", "high_usd_bn", "gw"),
    "metrics": ("value",),
    "sites": ("planned_gw", "live_gw", "investment_usd_bn"),
    "chips": ("bf16_dense_pflops", "fp8_dense_pflops", "hbm_gb", "hbm_tbps", "tdp_w"),
    "prices": ("usd_per_hour",),
    "outside_models": ("value",),
}
PRIVATE_HOSTS = (".local", ".internal", ".localhost", ".test", ".invalid")

Frames = dict[str, pd.DataFrame]


def is_reviewed(note: object) -> bool:
    return bool(REVIEWED.search(str(note)))


def _as_shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"'{value:%Y-%m-%d}'"
    if isinstance(value, float):
        return "empty" if np.isnan(value) else f"{value:.15g}"
    return quoted(value) if str(value) not in ("", "NaT") else "empty"


def append_only(change: Change) -> list[Problem]:
    """Dated rows that are gone or say something else than before."""
    if not change.is_append_only:
        return []
    table, problems = change.table, []
    put_back = "put it back, and add a row that says what is known now"
    for row in np.flatnonzero(change.places < 0):
        name = quoted(change.old_keys[row].replace(JOINT, " "))
        line = int(change.old.index[row]) + FIRST_ROW
        message = f"the row {name} was in line {line} and is gone; {put_back}"
        problems.append(Problem(table.file, min(line, len(change.new) + FIRST_ROW), table.columns[0], message))
    advice = "a row is never edited: put the old value back and add a row with its own day"
    for edit in (e for e in change.edits if e.row not in change.sourced):
        message = f"{_as_shown(edit.new)} was {_as_shown(edit.old)}; {advice}"
        problems.append(Problem(table.file, int(change.new.index[edit.row]) + FIRST_ROW, edit.column, message))
    return problems


def _months(rows: pd.DataFrame) -> pd.Series:
    """The length of each row's period in months, -1 for a day."""
    return ((rows["end"] - rows["start"]).dt.days / 30.44).round().fillna(-1.0)


def jumps(change: Change) -> list[Problem]:
    """New rows whose figure is far from the one before: of the same key, for a metric also of the last like period."""
    table, new, fresh = change.table, change.new, change.added
    if table.name not in AMOUNTS or fresh.empty:
        return []
    groups = [table.key]
    if table.name == "metrics":
        groups.append(("entity", "metric", "basis", "by", "months"))
    problems: dict[tuple[int, str], Problem] = {}
    for group in groups:
        order = new
        if table.name == "metrics":
            order = new.assign(months=_months(new)).sort_values(["end", "as_of"], kind="stable")
        names = keys(order, group)
        for column in AMOUNTS[table.name]:
            before = order.groupby(names.to_numpy())[column].shift()
            ratio = (order[column] / before).reindex(fresh.index)
            far = (ratio > JUMP) | (ratio < 1 / JUMP)
            for row in far.index[far.to_numpy() & ~fresh["note"].map(is_reviewed).to_numpy()]:
                message = (
                    f"{new.at[row, column]:g} is {ratio[row]:.3g} times the {before[row]:g} before it; check the unit, "
                    "then write 'reviewed' in its note"
                )
                problems.setdefault((int(row), column), Problem(table.file, int(row) + FIRST_ROW, column, message))
    return list(problems.values())


def duplicate_payments(change: Change) -> list[Problem]:
    """New payments that look like one that is already there under another key."""
    table, new = change.table, change.new
    if table.name != "deals":
        return []
    columns = ["kind", "payer", "payee", "low_usd_bn", "high_usd_bn", "start", "end"]
    fresh = set(change.added.index)
    has_amount = new["low_usd_bn"].notna() | new["high_usd_bn"].notna()
    rows = new[(new["role"] == "payment") & has_amount & (new["status"] != CANCELLED)]
    problems = []
    for _, group in rows.groupby(columns, dropna=False, sort=False):
        if group["deal"].nunique() < 2:
            continue
        for row in [r for r in group.index if r in fresh and not is_reviewed(group.at[r, "note"])]:
            other = next((d for d in group["deal"] if d != group.at[row, "deal"]), "")
            message = f"looks like a duplicate of {quoted(other)}; drop it, or write 'reviewed' in its note"
            problems.append(Problem(table.file, int(row) + FIRST_ROW, "deal", message))
    return problems


def _link_fault(url: str) -> str:
    if not url:
        return "is empty; a new source needs a link that readers can open"
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.username or parts.password:
        return "holds a user name; link to the public page"
    if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", host) or host.endswith(PRIVATE_HOSTS):
        return "leads to no public host; link to the public page"
    return ""


def links(change: Change) -> list[Problem]:
    """New sources whose link readers cannot open."""
    if change.table.name != "sources":
        return []
    problems = []
    for row, url in change.added["url"].items():
        try:
            fault = _link_fault(str(url))
        except ValueError:
            fault = "is not an address; link to the public page"
        if fault:
            problems.append(Problem(change.table.file, int(row) + FIRST_ROW, "url", f"{quoted(url)} {fault}"))
    return problems


def quotes(change: Change) -> list[Problem]:
    """Notes of new rows that quote somebody."""
    if "note" not in change.table.columns:
        return []
    problems = []
    advice = "quotes somebody; say the fact in other words; the source has the quote"
    for row, note in change.added["note"].items():
        if found := QUOTE.search(str(note)):
            message = f"{quoted(found.group(0), 40)} {advice}"
            problems.append(Problem(change.table.file, int(row) + FIRST_ROW, "note", message))
    return problems


def locked(change: Change) -> list[Problem]:
    """Rows added to a locked table for a day that it had already passed."""
    if not change.table.is_locked or change.old.empty:
        return []
    last, problems = change.old["as_of"].max(), []
    for row, day in change.added["as_of"].items():
        if day <= last:
            message = f"'{day:%Y-%m-%d}' is not after '{last:%Y-%m-%d}', the last day that is locked; take the row out"
            problems.append(Problem(change.table.file, int(row) + FIRST_ROW, "as_of", message))
    return problems


RULES = (append_only, jumps, duplicate_payments, links, quotes, locked)


def late_predictions(changes: Sequence[Change]) -> list[Problem]:
    """New predictions that claim to have been made on a day after which more is known already."""
    dated = [c.new["as_of"].max() for c in changes if c.table.is_append_only and len(c.new)]
    problems = []
    for change in (c for c in changes if c.table.is_locked):
        made = change.added[change.added["made"] == "then"]
        for row, day in made["as_of"].items():
            if day < (newest := max(dated)):
                message = f"'then', but the ledger knows facts of {newest:%Y-%m-%d}; it is a 'hindcast'"
                problems.append(Problem(change.table.file, int(row) + FIRST_ROW, "made", message))
    return problems


def losses(old: Revision, new: Frames) -> list[Problem]:
    """Tables and columns of a revision that are gone, tables that have lost all rows or are no longer append-only."""
    problems = []
    for name, frame in old.frames.items():
        before, now = old.schema[name], tables().get(name)
        if now is None:
            message = f"the table {quoted(name)} of {old.name} is gone from the schema; put it back"
            problems.append(Problem(before.file, 1, "-", message))
            continue
        for column in (c for c in frame if c not in now.columns):
            message = f"the column {quoted(column)} of {old.name} is gone; put it back, empty where nothing is known"
            problems.append(Problem(now.file, 1, column, message))
        if before.is_append_only and not now.is_append_only:
            message = (
                f"its rows were append-only in {old.name} and no longer are; put 'appendOnly' back into the schema"
            )
            problems.append(Problem(now.file, 1, "-", message))
        if len(frame) and name in new and new[name].empty:
            message = f"the table had {len(frame)} rows in {old.name} and has none; put them back"
            problems.append(Problem(now.file, 1, "-", message))
    return problems


def pair_tables(old: Revision, new: Frames, listed: Sequence[Correction] = ()) -> list[Change]:
    """The tables as they were and are, those that can be compared, with listed corrections made in the old rows.

    What cannot be read in the revision is among its problems, a key that has lost a column among the `losses`, and
    `check` names what cannot be read now.
    """
    found = []
    for name, frame in new.items():
        if name in old.schema and name not in old.frames:
            continue
        table = tables()[name]
        before = old.frames.get(name, frame.head(0))
        schema = old.schema.get(name, table)
        if set(schema.primary_key) <= {*before} & {*frame}:
            is_append_only = table.is_append_only or schema.is_append_only
            may_correct = is_append_only and not table.is_locked
            mine = [c for c in listed if c.table == name] if may_correct else []
            before, made = corrections.apply(before, frame, schema.primary_key, mine)
            found.append(Change(table, before, frame, schema.primary_key, is_append_only, made))
    return found


def lawful(changes: Sequence[Change]) -> list[str]:
    """One line for each table with rows that have a better source, then one for each listed correction."""
    rows = [(c.table.file, len(c.sourced)) for c in changes if c.is_append_only and c.sourced]
    sourced = [f"{file}: {n} row{'s' if n != 1 else ''} with a better source or checked again" for file, n in rows]
    return [*sourced, *(f"corrected as listed: {c}" for change in changes for c in change.corrected)]


def review(old: Revision, new: Frames, changes: Sequence[Change]) -> list[Problem]:
    """Everything a change from a revision to a reading of today's tables may not do, sorted by file and row."""
    if not old.schema:
        return sorted(old.problems)
    problems = [*old.problems, *losses(old, new), *late_predictions(changes)]
    for change in changes:
        for rule in RULES:
            problems += rule(change)
    return sorted(set(problems))
