"""What a new row of the ledger says, as a sentence that a newspaper would print: one place for all who list news.

The page on changes, the table on the first page and the feed take their sentences from here.
"""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import tables
from analysis.numbers import formats
from analysis.numbers.headlines import deals, metrics
from analysis.numbers.headlines.past import is_same, rows_of
from analysis.numbers.headlines.phrases import name_of, sentence
from analysis.numbers.ledger_words import NOTHING, deal_moves
from analysis.numbers.metric_names import within

Row = Mapping[str, Any]
KEYS = {"deals": "deal", "terms": "term", "sites": "site"}  # what tells apart what their rows are about
CHANGING = {"terms": ("after", "state"), "sites": ("status", "planned_gw", "live_gw")}
MONTH = re.compile(r" \([A-Z][a-z]+ \d{4}\)$")  # for which words hold that a report states anew
LOOSENESS = "cancellability"  # the topic of what a company says of how far its contracts bind
STANDS = {"live": "running", "cancelled": "called off"}  # of a site, where the ledger's word is no plain one


def before(ledger: Ledger, table: str, row: Row) -> Row | None:
    """Return the row that was the newest of the same deal, right or site until a row became known; None for none."""
    key = KEYS[table]
    earlier = [r for r in rows_of(ledger.history[table], {key: row[key]}) if r["as_of"] < row["as_of"]]
    return max(reversed(earlier), key=lambda r: r["as_of"], default=None)


def headline(ledger: Ledger, table: str, row: Row) -> str:
    """Return what a row of a dated table says, against what was known before it, as a sentence without a full stop."""
    if table == "deals":
        return deals.headline(ledger, row, before(ledger, table, row))
    if table == "metrics":
        return metrics.headline(ledger.history[table], ledger, row)
    if table in WORDS:
        return WORDS[table](ledger, row)
    schema = tables()[table]
    return f"{schema.title}: {row[schema.columns[0]]}".strip()


def is_told_with_another(ledger: Ledger, table: str, row: Row) -> bool:
    """Whether a row is the lower end of a range, which the sentence of its upper end tells."""
    is_low = table == "metrics" and str(row["metric"]).endswith(metrics.LOW)
    return is_low and metrics.twin(ledger.history[table], row) is not None


def is_new(ledger: Ledger, table: str, row: Row) -> bool:
    """Whether a row says something else than the ledger knew: a report that repeats an old sum is no news."""
    if table == "metrics":
        last = metrics.comparable(ledger.history[table], row)
        is_known = last is not None and all(is_same(last[c], row[c]) for c in ("start", "end", "value"))
        return not is_known and not is_told_with_another(ledger, table, row)
    if table not in KEYS:
        return True
    last = before(ledger, table, row)
    if last is None:
        return True
    if table == "deals":
        return bool(deal_moves(dict(last), dict(row)))
    if table == "terms" and is_repeated(str(row["after"]), str(last["after"])):
        return not is_same(last["state"], row["state"])
    known = CHANGING[table]
    return not all(is_same(last[c], row[c]) for c in known)


def is_repeated(now: str, was: str) -> bool:
    """Whether words say of a later month what they said of an earlier one: ``15-19 years (May 2026)``."""
    return bool(MONTH.search(now)) and MONTH.sub("", now) == MONTH.sub("", was)


def _term(ledger: Ledger, row: Row) -> str:
    parties = formats.listed([name_of(ledger, party) for party in str(row["parties"]).split(";") if party])
    now = "" if row["after"] == NOTHING else str(row["after"] or "")
    names = [name_of(ledger, party) for party in str(row["parties"]).split(";") if party]
    if row["topic"] == LOOSENESS and now and len(names) > 1:
        others = re.sub(rf"\b(\w+) of {re.escape(names[0])}$", r"its \1", formats.listed(names[1:]))
        said = f"{names[0]} says of its contracts with {others} that {now}"
        said += f"; it had said that {row['before']}" if row["before"] else ""
        return said.replace("cancelable", "cancellable")
    if is_repeated(now, str(row["before"] or "")):
        return sentence(f"{parties}, {within(str(row['topic']))}: still {now}")
    if not now and (row.get("state") == "ended" or row["after"]):
        now = "ended"
    told = [part for part in (now, f"before: {row['before']}" if row["before"] and now else "") if part]
    return sentence(f"{parties}, {within(str(row['topic']))}: {'; '.join(told) or row['before'] or 'first stated'}")


def _site(ledger: Ledger, row: Row) -> str:
    status, planned, live = row["status"], row["planned_gw"], row["live_gw"]
    is_partly = pd.notna(live) and live > 0
    told = [
        f"{formats.amount(planned, 'gw')}{' planned' if is_partly else ''}" if pd.notna(planned) else "",
        f"{formats.amount(live, 'gw')} running" if is_partly else "",
    ]
    aside = ", ".join(filter(None, told))
    last = before(ledger, "sites", row)
    was = f"; until then {STANDS.get(last['status'], last['status'])}" if last and last["status"] != status else ""
    if last and pd.notna(last["planned_gw"]) and pd.notna(planned) and last["planned_gw"] != planned:
        was += f"; {formats.amount(last['planned_gw'], 'gw')} had been planned"
    return f"The data centre {row['name']} is {STANDS.get(status, status)}{f' ({aside})' if aside else ''}{was}"


def _quote(ledger: Ledger, row: Row) -> str:
    return f"{row['speaker']}, in {row['occasion']}: “{row['words']}”"


WORDS = {"terms": _term, "sites": _site, "quotes": _quote}
