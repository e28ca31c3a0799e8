"""What a deal is called among others: who pays whom, what for, which part of it, since when; no two by one name.

Two loans of one bank, or the tranches of one round, differ in nothing but their day, their number or their amount. So a
name has the day always, and the amount where that is not enough.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.models.deals import CLOSED
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.ledger_words import deal_amount
from analysis.numbers.profiles.rows import Statements
from analysis.numbers.resales import ASSETS, are_holders, resales
from analysis.numbers.words import DEAL_WORDS

PLANS = {("total", "announced"), ("total", "reported"), ("claim", "announced"), ("claim", "reported")}  # role, status
PARTS = re.compile(r"(tranche|closing|phase)-?([1-9])(?!\d)")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
# What a loan is called by a part of its key.
LOANS = {"bond": "bonds", "bridge": "bridge loan", "margin": "loan against shares", "revolver": "credit line"}
INVESTMENT = "investment"  # what a plan is that no shares are named for
ROLES = {"total": "in total", "contingent": "on a condition", "claim": "a plan"}
CONDITIONAL = ("guarantee", "warrant")  # kinds whose name says already that something must happen first


def who(statements: Statements, row: dict[str, Any]) -> str:
    """Who pays whom: ``OpenAI → Oracle``."""
    payer, payee = (short_name(statements.ledger.name(row[side])) for side in ("payer", "payee"))
    return f"{payer} → {payee}"


def purpose_of(row: dict[str, Any]) -> str:
    """What the money of a deal is for, as it stands behind the amount."""
    words = DEAL_WORDS[row["kind"]]
    if row["deal"] in ASSETS:
        return f"for {ASSETS[row['deal']][0]}"
    return words.plan or words.purpose if (row["role"], row["status"]) in PLANS else words.purpose


def _thing(row: dict[str, Any]) -> str:
    words = DEAL_WORDS[row["kind"]]
    if row["deal"] in ASSETS:
        return ASSETS[row["deal"]][1]
    if row["kind"] == "debt":
        if words.plan and purpose_of(row) == words.plan:
            return "financing"
        parts = f"{row['deal']}-{row['payer']}".split("-")
        return next((LOANS[part] for part in parts if part in LOANS), words.thing)
    return INVESTMENT if row["kind"] == "equity" and row["role"] == "claim" else words.thing


def part_of(row: dict[str, Any]) -> str:
    """Which part of a larger deal this is, by its key: "third tranche"; else empty."""
    found = PARTS.search(row["deal"])
    return f"{ORDINALS[int(found[2]) - 1]} {found[1]}" if found else ""


def what(row: dict[str, Any]) -> str:
    """What a deal is about: "shares, third tranche", "computing, on a condition"."""
    role = ROLES.get(row["role"], "")
    if role == ROLES["contingent"] and row["kind"] in CONDITIONAL:
        role = ""
    return ", ".join(filter(None, (_thing(row), part_of(row), role)))


def as_held(statements: Statements, row: dict[str, Any], words: str) -> str:
    """Words in which shares that a holder sells on are not taken for shares of the seller."""
    if row["deal"] not in resales(statements.ledger):
        return words
    who_held = "they" if are_holders(statements.ledger, row["payee"]) else "it"
    before, shares, after = words.rpartition("shares")  # a seller's name may hold the word, too
    return f"{before}{shares} {who_held} held{after}" if shares else words


def _since(rows: list[dict[str, Any]]) -> str:
    """The month of a deal: when it first became known, or was carried out if that was earlier.

    Of a deal with an amount it is that from which an amount is known, beside which it stands.
    """
    newest = rows[-1]
    priced = [row for row in rows if _is_priced(row)] if _is_priced(newest) else rows
    first = priced[0]["as_of"]
    is_past = newest["status"] == CLOSED and pd.notna(newest["start"])
    return formats.month((min(first, newest["start"]) if is_past else first).date())


def _is_priced(row: dict[str, Any]) -> bool:
    return pd.notna(row["low_usd_bn"]) or pd.notna(row["high_usd_bn"])


def _distinct(cells: dict[str, list[dict[str, Any]]], *names: Callable[[list[dict[str, Any]]], str]) -> dict[str, str]:
    """The first name of each deal that no other has, then with its place among those of its last name."""
    found: dict[str, str] = {}
    left = list(cells)
    for name in names:
        told = {key: name(cells[key]) for key in left}
        counts = Counter(told.values())
        found |= told
        left = [key for key in left if counts[told[key]] > 1]
    places: Counter[str] = Counter()
    for key in left:
        places[found[key]] += 1
        found[key] = f"{found[key]} ({formats.plain(places[found[key]], 'count')})"
    return found


@lru_cache(maxsize=8)
def headings(statements: Statements) -> dict[str, str]:
    """The name of each deal by its key: ``OpenAI → Oracle: computing, July 2025``."""
    cells = {key: [s.cells for s in rows] for key, rows in statements.by_deal.items()}

    def plain(rows: list[dict[str, Any]]) -> str:
        named = as_held(statements, rows[-1], what(rows[-1]))
        return f"{who(statements, rows[-1])}: {named}, {_since(rows)}"

    def priced(rows: list[dict[str, Any]]) -> str:
        return f"{plain(rows)}, {_amount(rows[-1])}"

    return _distinct(cells, plain, priced)


@lru_cache(maxsize=8)
def titles(statements: Statements) -> dict[str, str]:
    """A line on each deal by its key, with its amount: ``OpenAI → Oracle: US$300bn for computing``."""
    cells = {key: [s.cells for s in rows] for key, rows in statements.by_deal.items()}

    def plain(rows: list[dict[str, Any]]) -> str:
        row = rows[-1]
        return f"{who(statements, row)}: {_amount(row)} {as_held(statements, row, purpose_of(row))}"

    def parted(rows: list[dict[str, Any]]) -> str:
        return ", ".join(filter(None, (plain(rows), part_of(rows[-1]))))

    def dated(rows: list[dict[str, Any]]) -> str:
        return f"{parted(rows)}, {_since(rows)}"

    return _distinct(cells, plain, parted, dated)


def _amount(row: dict[str, Any]) -> str:
    return deal_amount(row["low_usd_bn"], row["high_usd_bn"]) or "an undisclosed sum"


def heading_of(statements: Statements, row: dict[str, Any]) -> str:
    """The name of the deal of a row."""
    return headings(statements)[row["deal"]]


def title_of(statements: Statements, row: dict[str, Any]) -> str:
    """A line on the deal of a row, as its newest row has it."""
    return titles(statements)[row["deal"]]
