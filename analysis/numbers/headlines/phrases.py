"""The phrases of which a headline of a deal is put together, and the names in it."""

import re
from typing import NamedTuple

from analysis.ledger import Ledger
from analysis.numbers.company_names import short_name
from analysis.numbers.headlines.past import rows_of

PRESS = ", press reports say"
POOL = "pool"  # the kind of a group of companies that is counted as one, such as "Private lenders"


class Phrases(NamedTuple):
    """What is said of the deals of a kind: ``does`` with an amount, ``bare`` without one, and the ``thing`` agreed."""

    does: str
    bare: str
    thing: str


PHRASES = {
    "equity": Phrases("buy {amount} of shares in {payee}", "buy shares in {payee}", "purchase of shares in {payee}"),
    "debt": Phrases("lend {payee} {amount}", "lend {payee} money", "loan to {payee}"),
    "compute": Phrases(
        "buy {amount} of computing from {payee}", "buy computing from {payee}", "order for computing from {payee}"
    ),
    "chips": Phrases("buy {amount} of chips from {payee}", "buy chips from {payee}", "order for chips from {payee}"),
    "lease": Phrases("take a lease from {payee} worth {amount}", "take a lease from {payee}", "lease from {payee}"),
    "revenue-share": Phrases(
        "give {payee} {amount} as a share of revenue", "give {payee} a share of revenue", "share of revenue for {payee}"
    ),
    "commercial": Phrases(
        "pay {payee} {amount} under a commercial agreement",
        "pay {payee} under a commercial agreement",
        "commercial agreement with {payee}",
    ),
    "guarantee": Phrases(
        "give {payee} a guarantee of {amount}", "give {payee} a guarantee", "guarantee for {payee}"
    ),
    "warrant": Phrases(
        "take warrants on shares of {payee} worth {amount}", "give {payee} warrants", "deal on warrants with {payee}"
    ),
    "donation": Phrases("give {payee} {amount}", "give {payee} money", "gift to {payee}"),
}  # fmt: skip
# Of a plant or a business, which is bought whole.
BUYS = Phrases("buy {asset} for {amount}", "buy {asset}", "purchase of {asset}")
COMMON = (
    *("Banks", "Bond", "Private", "Equity", "Retail", "Data-centre", "Customers", "Suppliers", "Investors"),
    *("Developers", "Partners", "Buyers", "Site", "Vehicle", "Telecom", "Neoclouds"),
)  # first words of groups' names
COUNTED = "Five "  # how the name of a group begins that takes an article
PAST = {"buy": "bought", "lend": "lent", "take": "took", "give": "gave", "pay": "paid"}


def past(phrase: str) -> str:
    """An infinitive phrase as what was done: "buy chips" is "bought chips"."""
    verb, _, rest = phrase.partition(" ")
    return f"{PAST[verb]} {rest}"


def is_pool(ledger: Ledger, key: str) -> bool:
    """Whether a party is several: it takes a plural verb."""
    return any(row["kind"] == POOL for row in rows_of(ledger.entities, {"entity": key}))


def name_of(ledger: Ledger, key: str) -> str:
    """A party's name inside a sentence: that of a group begins with a small letter if it begins with a common word."""
    name = short_name(ledger.name(key))
    if name.startswith(COUNTED):
        return f"the {name[:1].lower()}{name[1:]}"
    return name[:1].lower() + name[1:] if re.split(r"[ ,]", name)[0] in COMMON and is_pool(ledger, key) else name


def owned(ledger: Ledger, key: str, thing: str) -> str:
    """What a party has: "Oracle's order for chips", "the loan by private lenders"."""
    name = name_of(ledger, key)
    return f"the {thing} by {name}" if is_pool(ledger, key) else f"{possessive(name)} {thing}"


def possessive(name: str) -> str:
    """A name that owns something: "Oracle's", "private lenders'"."""
    return f"{name}'" if name.endswith("s") and name[:1].islower() else f"{name}'s"


def sentence(text: str) -> str:
    """Words as a sentence begins: with a large letter."""
    return text[:1].upper() + text[1:]
