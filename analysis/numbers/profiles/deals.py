"""A deal as its page tells it: who pays whom, how much, how it came to be what it is, what belongs to it."""

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.ledger_words import PAYMENT, deal_amount, deal_changes, size_of, status_words
from analysis.numbers.profiles.headings import title_of
from analysis.numbers.profiles.notes import news_of, sentences
from analysis.numbers.profiles.rows import Statement, Statements
from analysis.numbers.words import DEAL_ROLES

TALKS, STANDING, UNCOUNTED, OFF = "talks", "standing", "uncounted", "cancelled"


@dataclass(frozen=True)
class Step:
    """A row of a deal: what it changes and what its note adds (words), its amount, whether the amount is a new one."""

    statement: Statement
    changes: list[str]
    news: str
    amount: str
    low: float
    high: float
    is_repriced: bool


@dataclass(frozen=True)
class Deal:
    """A deal as known on the day; ``state`` is one of TALKS, STANDING, UNCOUNTED and OFF."""

    key: str
    title: str
    payer: str
    payee: str
    amount: str
    status: str
    runs: str
    state: str
    day: str
    size: float
    newest: Statement
    steps: list[Step]
    facts: list[tuple[str, str]]


def states(ledger: Ledger) -> dict[str, str]:
    """Where each deal stands: cancelled, in talks, not counted as money, or counted."""
    deals = ledger.deals
    talks = set(deals.loc[counted.in_talks(deals), "deal"])
    rows = zip(deals["deal"], deals["status"], deals["role"], strict=True)
    return {
        deal_: OFF if status == CANCELLED else TALKS if deal_ in talks else STANDING if role == PAYMENT else UNCOUNTED
        for deal_, status, role in rows
    }


def steps_of(ledger: Ledger, statements: list[Statement]) -> list[Step]:
    """The rows of a deal, oldest first, each with what it changed, and what its note says for the first time."""
    found: list[Step] = []
    known: set[str] = set()
    before = None
    for statement in statements:
        row = statement.cells
        changes = [f"first known: {status_words(row)}"] if before is None else deal_changes(before, row, ledger.name)
        low, high = row["low_usd_bn"], row["high_usd_bn"]
        amount, note = deal_amount(low, high), str(row["note"] or "")
        news = news_of(note, known)
        found.append(Step(statement, changes, news, amount, low, high, not found or amount != found[-1].amount))
        known.update(sentences(note))
        before = row
    return found


SHORTER = re.compile(r"(from|to) (.*), (?:start|end) not stated")
WORDS_OF_EDGE = {"from": "from", "to": "until"}
# Why a deal counts in no sum though its role is that of a payment.
NOT_COUNTED = {TALKS: "Talks, which count in no sum.", OFF: "Cancelled, so it counts in no sum."}


UNSPLIT = "A total, and the ledger has none of its parts one by one: it counts in no sum."
UNPRICED = "Paid or expected to move, at no published price: it counts as a deal, and adds no money to any sum."
CEILING = "Paid or expected to move, and only its ceiling is known: it counts as anything from nothing to {high}."
FLOOR = "Paid or expected to move, and only a floor is known: it counts with at least {low}."


def counts_as(row: dict[str, Any], *, has_parts: bool) -> str:
    """What a deal adds to the sums of the report, in a sentence; ``has_parts`` if the ledger splits it."""
    role = str(row["role"])
    if role == "total" and not has_parts:
        return UNSPLIT
    if role == PAYMENT:
        low, high = (
            formats.amount(row[c], "usd_bn") if pd.notna(row[c]) else "" for c in ("low_usd_bn", "high_usd_bn")
        )
        if not low or not high:
            found = UNPRICED if not (low or high) else FLOOR if low else CEILING
            return found.format(low=low, high=high)
    return DEAL_ROLES.get(role, role)


def _day_or_year(day: pd.Timestamp, edge: tuple[int, int]) -> str:
    """A day in words; a deal of whole years is told by its years, since often no more is known."""
    if pd.isna(day):
        return ""
    return str(day.year) if (day.month, day.day) == edge else formats.day(day.date())


def _span(row: dict[str, Any]) -> str:
    """From when to when a deal runs, in words; empty where neither is known."""
    begins, ends = (_day_or_year(row[c], edge) for c, edge in (("start", (1, 1)), ("end", (12, 31))))
    span = f"{begins} to {ends}" if begins and ends else f"from {begins}, end not stated" if begins else ""
    return begins if begins == ends else span or (f"to {ends}, start not stated" if ends else "")


def _years(row: dict[str, Any]) -> str:
    """The same where there is little room: "2027 to 2031", "until 2032"; empty where neither is known."""
    return SHORTER.sub(lambda found: f"{WORDS_OF_EDGE[found[1]]} {found[2]}", _span(row))


def _facts(row: dict[str, Any], state: str, *, has_parts: bool) -> list[tuple[str, str]]:
    """What else a deal's newest row says, label and words; only what is known."""
    capacity = f"{row['gw']:g} GW" if pd.notna(row["gw"]) else ""
    told = [
        ("Amount", deal_amount(row["low_usd_bn"], row["high_usd_bn"]) or "not published"),
        ("Status", status_words(row)),
        ("Runs", _span(row)),
        ("Capacity", capacity),
        ("Condition", str(row["condition"] or "")),
        ("In this report", NOT_COUNTED.get(state) or counts_as(row, has_parts=has_parts)),
    ]
    return [(label, words) for label, words in told if words]


def deal(statements: Statements, key: str, state: str) -> Deal:
    """Return a deal's profile.

    Parameters
    ----------
    statements
        Of the ledger.
    key
        Of a deal that the ledger knows on its day.
    state
        Where it stands, see `states`.
    """
    rows = statements.by_deal[key]
    newest = rows[-1]
    row = newest.cells
    return Deal(
        key,
        title_of(statements, row),
        row["payer"],
        row["payee"],
        deal_amount(row["low_usd_bn"], row["high_usd_bn"]),
        status_words(row),
        _years(row),
        state,
        newest.day,
        size_of(row),
        newest,
        steps_of(statements.ledger, rows),
        _facts(row, state, has_parts=key in statements.parts),
    )


def terms_of(statements: Statements, deal_: Deal) -> list[Statement]:
    """The newest row of each right or rule that names both parties of a deal, newest first."""
    both = {deal_.payer, deal_.payee}
    rows = [s for s in statements.by_company.get(deal_.payer, []) if s.table == "terms" and both <= {*s.parties}]
    newest = {s.cells["term"]: s for s in rows}
    return sorted(newest.values(), key=lambda s: (s.day, s.key), reverse=True)
