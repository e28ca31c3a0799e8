"""What a row of a dated table says, in the ledger's own words: for pages and commands that have no sentence of it."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, PAUSED
from analysis.models import bases
from analysis.models.deals import CLOSED, SUPPLY_KINDS, is_talk
from analysis.numbers import formats
from analysis.numbers.metric_names import metric_words, within
from analysis.numbers.words import BASIS_TOLD, DEAL_STATES, DEAL_WORDS, IN_FULL, SITE_STATES, STATUS_WORDS

NOTHING = "None"  # how a term says that nothing is left of what it was
SETTLED, REPAID = "settlement", "repaid"
SETTLED_WHEN_CLOSED = ("guarantee", "revenue-share", *SUPPLY_KINDS)
# The role of a deal that counts, what one that is closed is called, and what any other that is.
PAYMENT, PAID, COMPLETED = "payment", "paid", "completed"
# What a row that makes an end is called, by what its status or state says.
ENDINGS = {CANCELLED: "cancellation", PAUSED: "pause", "ended": "end"}
OPPOSITES = {"loss": "a profit", "burn": "cash gained"}  # what a negative amount of a metric is, by its last word
STATES = ("status", "state")  # the columns that say it


def _term(ledger: Ledger, row: dict[str, Any]) -> str:
    if row["after"] and row["after"] != NOTHING:
        return str(row["after"])
    if row.get("state") == "ended" or row["after"]:
        return f"{row['topic']}, ended" + (f"; until then {row['before']}" if row["before"] else "")
    return f"{row['topic']}: {row['before']}" if row["before"] else str(row["topic"])


def _deal(ledger: Ledger, row: dict[str, Any]) -> str:
    parties = f"{ledger.name(row['payer'])} to {ledger.name(row['payee'])}"
    amount = deal_amount(row["low_usd_bn"], row["high_usd_bn"])
    told = [status_words(row), amount or "no amount published", row["condition"]]
    return f"{parties}, {DEAL_WORDS[row['kind']].thing}: {', '.join(filter(None, told))}"


def _site(ledger: Ledger, row: dict[str, Any]) -> str:
    powers = (("planned", row["planned_gw"]), ("live", row["live_gw"]))
    told = [f"{formats.amount(value, 'gw')} {word}" for word, value in powers if pd.notna(value)]
    return f"{row['name']}: {', '.join([site_status(row), *told])}"


def _metric(ledger: Ledger, row: dict[str, Any]) -> str:
    ends = [formats.day(day.date()) for day in (row["start"], row["end"]) if pd.notna(day)]
    period = f", {' to '.join(ends)}" if ends else ""
    subject = f"{ledger.name(row['entity'])}, {within(metric_words(ledger, row['metric']))}"
    amount = formats.amount(row["value"], row["unit"])
    opposite = OPPOSITES.get(row["metric"].rpartition("_")[2]) if row["value"] < 0 else None
    said = BASIS_TOLD.get(row["basis"], row["basis"])
    return f"{subject}{period}: {amount}{f', {opposite}' if opposite else ''} ({said})"


def site_status(row: Mapping[str, Any]) -> str:
    """Return the state of a data centre by the cells of its row."""
    words = SITE_STATES.get(row["status"], str(row["status"]))
    return IN_FULL if row["status"] == "live" and row["live_gw"] >= row["planned_gw"] else words


WORDS = {"terms": _term, "deals": _deal, "sites": _site, "metrics": _metric}


def words_of(ledger: Ledger, table: str, row: dict[str, Any]) -> str:
    """Return what a row of a dated table says.

    Parameters
    ----------
    ledger
        Whose names of companies are used.
    table
        deals, metrics, sites or terms.
    row
        Its cells by column.
    """
    return WORDS[table](ledger, row)


def fact_words(ledger: Ledger, table: str, row: dict[str, Any]) -> str:
    """Return what a row says where no sentence leads up to it: a term with its parties and its topic."""
    words = words_of(ledger, table, row)
    if table != "terms":
        return words
    names = formats.listed([ledger.name(party) for party in str(row["parties"]).split(";") if party])
    topic = str(row["topic"])
    return f"{names}, {words}" if words.startswith(topic) else f"{names}, {topic}: {words}"


def deal_amount(low: float, high: float) -> str:
    """The amount of a deal in words: ``US$138bn``, ``up to US$22.4bn``, ``more than US$10bn``; empty without one."""
    if pd.isna(low) and pd.isna(high):
        return ""
    if pd.isna(high):
        return formats.quantity(None, "usd_bn", low, low, is_open=True)
    if pd.isna(low):
        return formats.quantity(None, "usd_bn", 0.0, high)
    if formats.plain(low, "usd_bn") == formats.plain(high, "usd_bn"):
        return formats.amount(low, "usd_bn")
    return formats.quantity(None, "usd_bn", low, high)


def _is_called(row: Mapping[str, Any]) -> bool:
    """Whether a deal is what a guarantor pays because its guarantee was called."""
    return row.get("kind") == "guarantee" and row.get("role") == "payment"


def _is_repaid(row: Mapping[str, Any]) -> bool:
    """Whether a loan was carried out to its last day."""
    is_over = row.get("kind") == "debt" and row["status"] == CLOSED and row.get("role") == "payment"
    return is_over and bool(row["end"] <= row["as_of"])


def status_words(row: Mapping[str, Any]) -> str:
    """Return the state of a deal by the cells of its row.

    Talks, which the press reports, are called talks. What a guarantor has paid was called. A loan that was carried out
    to its last day is repaid. A payment that is closed is
    paid, in part where some of its range still hangs on a condition; a total of others is only completed,
    whatever of it is paid.
    """
    status = str(row["status"])
    if is_talk(status, row["condition"]):
        return DEAL_STATES[bases.TALKS]
    if status != CLOSED:
        return STATUS_WORDS.get(status, status)
    if _is_called(row):
        return "called and paid"
    if _is_repaid(row):
        return REPAID
    is_part = row["condition"] != "" and row["low_usd_bn"] < row["high_usd_bn"]
    return (PAID if row["role"] == PAYMENT else COMPLETED) + " in part" * bool(is_part)


def _cell(column: str, row: dict[str, Any]) -> str:
    """A cell of a deal in words; empty where nothing is known."""
    value = row[column]
    if column == "status":
        return status_words(row)
    if pd.isna(value) or value == "":
        return ""
    if column in ("start", "end"):
        return formats.day(value.date())
    return f"{value:g} GW" if column == "gw" else str(value)  # as the source has it, not rounded


TALKS_ALONE = "talks"  # a condition that says no more than the status
# How the first and the last day of a deal are told, and the day that stands for a whole year.
EDGES = {"start": ("begins", "1 January ", "in "), "end": ("runs to", "31 December ", "the end of ")}
CHANGING = {"status": "status", "gw": "capacity", "start": "start", "end": "end", "condition": "condition"}


def deal_moves(before: dict[str, Any], row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a row of a deal says otherwise than the row before: of what, was, is; empty when it only confirms.

    Parameters
    ----------
    before, row
        Their cells by column.
    """
    was, now = (deal_amount(r["low_usd_bn"], r["high_usd_bn"]) for r in (before, row))
    told = [("amount", was, now)]
    told += [(words, _cell(column, before), _cell(column, row)) for column, words in CHANGING.items()]
    pairs = [f"{r['payer']} to {r['payee']}" for r in (before, row)]
    told.append(("who pays whom", pairs[0], pairs[1]))
    return [change for change in told if change[1] != change[2]]


def deal_changes(before: dict[str, Any], row: dict[str, Any], name: Callable[[str], str] = str) -> list[str]:
    """`deal_moves` as readers are told them, without a full stop; ``name`` gives the names of parties."""
    moves = [move for move in deal_moves(before, row) if move[2] != TALKS_ALONE]
    return [_change(*move, row, name) for move in moves]


def _change(what: str, was: str, now: str, row: dict[str, Any], name: Callable[[str], str]) -> str:
    if what == "status":
        return f"{now}, {was} before"
    if what in EDGES:
        return _moved_edge(what, was, now)
    if what == "who pays whom":
        return f"now {name(row['payer'])} pays {name(row['payee'])}"
    if what == "condition" and now:
        return f"the condition {'is now' if was else 'is'} “{now}”"
    if not now:
        return f"the {what} is no longer stated (it was {was if what != 'condition' else f'“{was}”'})"
    return f"{what} from {was} to {now}" if was else f"the {what} is stated for the first time: {now}"


def _moved_edge(what: str, was: str, now: str) -> str:
    """Another first or last day; a deal of whole years is told by its years, since often no more is known."""
    verb, edge, edge_words = EDGES[what]
    was, now = (text.replace(edge, edge_words) for text in (was, now))
    if not now:
        return f"the {what} is no longer stated (it was {was})"
    return f"{verb} {now}, not {was}" if was else f"{verb} {now}"


def ending_of(row: Mapping[str, Any]) -> str:
    """Return what a row is called that makes an end of a deal, site or right; empty for one that makes none.

    What depended on something and is closed, such as a guarantee that is let go or used up, is settled; so is a share
    of revenue, or an order, of which nothing more is to be paid. A loan ends when it is repaid. What was paid on a
    guarantee is no end of it.
    """
    is_settling = row.get("kind") in SETTLED_WHEN_CLOSED or row.get("role") == "contingent"
    if is_settling and not _is_called(row) and row["status"] == CLOSED:
        return SETTLED
    if _is_repaid(row):
        return "repayment"
    return ENDINGS.get(next((row[column] for column in STATES if column in row), ""), "")


def holds_of(row: Mapping[str, Any]) -> str:
    """Return who holds a right by a row of the terms, and in which state; empty for what is no right."""
    return f"{row['state']} {row['holder']}".strip() if "holder" in row else ""


def size_of(row: dict[str, Any]) -> float:
    """The most that is known of a deal, US$ bn, by which deals are ordered; 0 without an amount."""
    ends = [float(row[c]) for c in ("low_usd_bn", "high_usd_bn") if pd.notna(row[c])]
    return max(ends, default=0.0)
