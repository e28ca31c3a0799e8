"""How the page of a company opens: a sentence on what it is in this story, and the one number that tells most of it.

- A company that deals with OpenAI is told by what it does for OpenAI; any other by its largest counted money.
- The number is what OpenAI has ordered from it; if nothing, or at no published price, what it gives OpenAI; or else its
  largest counted money of one kind with one other.
"""

from dataclasses import dataclass

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.profiles.money import Flow, Money
from analysis.numbers.words import COMPANY_NOUNS

LAB = "openai"
GROUP = "pool"  # the kind of several that are counted as one
PLACES = ("", "second ", "third ")  # before "largest" and "most"
MOST_NAMED = 3  # others of a company without money with OpenAI
# What a company does for another that it is paid by or pays, and what the sum of it is; by kind of money.
PAID = {
    "orders": ("sells to", "ordered from it by"),
    "equity": ("raises money from", "for its shares from"),
    "debt": ("borrows from", "lent to it by"),
    "guarantees": ("is backed by", "guaranteed for it by"),
}
PAYS = {
    "orders": ("buys from", "ordered from"),
    "equity": ("invests in", "paid or promised for shares of"),
    "debt": ("lends to", "lent to"),
    "guarantees": ("stands behind", "guaranteed for"),
}


@dataclass(frozen=True)
class Lead:
    """A sentence, and a number with what it is; the number is empty where none is known."""

    sentence: str
    number: str
    told: str

    def tells(self, sentence: str) -> bool:
        """Whether a sentence says nothing beyond the number."""
        return bool(self.number) and self.number in sentence and "without a published price" not in sentence


def lead(ledger: Ledger, money: Money, company: str, kind: str) -> Lead:
    """Return how a company's page opens.

    Parameters
    ----------
    ledger, money
        The names, and the counted money.
    company, kind
        Its key, and its kind in the registry.
    """
    name, noun = short_name(ledger.name(company)), COMPANY_NOUNS.get(kind, "")
    who = f"{name}, {noun}," if noun else name
    if company == LAB:
        return _of_lab(money, name)
    own = [Side(flow, PAYS[flow.money], flow.payee) for flow in money.by_payer.get(company, [])]
    own += [Side(flow, PAID[flow.money], flow.payer) for flow in money.by_payee.get(company, [])]
    own.sort(key=lambda side: side.rank)
    with_lab = [side for side in own if side.other == LAB]
    if not own:
        return Lead(_without_money(ledger, who, company, is_group=kind == GROUP), "", "")
    verbs: dict[str, list[str]] = {}
    for side in with_lab or own:
        verbs.setdefault(side.does(kind == GROUP), []).append(short_name(ledger.name(side.other)))
    told = [f"{verb} {_some(names)}" for verb, names in verbs.items()]
    if with_lab:
        told = [f"{formats.listed(list(verbs))} {short_name(ledger.name(LAB))}"]
    aside = "" if with_lab else f" {'They have' if kind == GROUP else 'It has'} no counted money with OpenAI."
    first = (with_lab or own)[0]
    words = f"{first.words[1]} {short_name(ledger.name(first.other))}"
    place = "" if kind == GROUP else _place(money, company)
    return Lead(f"{who} {formats.listed(told)}.{place or aside}", about([first.flow]) if first.flow.high else "", words)


def _without_money(ledger: Ledger, who: str, company: str, *, is_group: bool) -> str:
    """What a company without a counted deal is here: a party to others, or named at a site, in a rule, by a figure."""
    rows, sites, be = ledger.deals, ledger.sites, "are" if is_group else "is"
    own = int(((rows["payer"] == company) | (rows["payee"] == company)).sum())
    if own:
        deals = "one deal here that counts" if own == 1 else f"{formats.spelled(own)} deals here that count"
        return f"{who} {be} party to {deals} in no sum."
    named = sites[["operator", "developer", "tenant"]].fillna("").agg(";".join, axis=1).str.split(";")
    at = sites.loc[[company in names for names in named], "name"]
    if len(at):
        return f"{who} {be} named at {formats.listed(list(at))}."
    return f"{who} {be} named here in a rule or by a figure, and party to no deal."


def _place(money: Money, company: str) -> str:
    """Where a company stands among OpenAI's suppliers, or else its investors, if it is one of the first."""
    for flows, party, words in (
        (money.out(LAB, "orders"), "payee", "Of OpenAI's suppliers it holds the {}largest orders."),
        (money.into(LAB, "equity"), "payer", "Of OpenAI's investors it has paid or promised the {}."),
    ):
        order = [getattr(flow, party) for flow in flows if flow.high]
        if company in order[: len(PLACES)]:
            place = PLACES[order.index(company)]
            return " " + words.format(place if party == "payee" else f"{place}most")
    return ""


@dataclass(frozen=True)
class Side:
    """A flow as one of its parties sees it: what it does and what the sum is (words), and the other party."""

    flow: Flow
    words: tuple[str, str]
    other: str

    @property
    def rank(self) -> tuple[bool, bool, float, str]:
        """What leads: a published amount, then what OpenAI orders, then the larger amount."""
        is_order = self.other == LAB and self.words == PAID["orders"]
        return (not self.flow.high, not is_order, -self.flow.high, self.other)

    def does(self, is_group: bool) -> str:
        """What the party does: "sells to"; of several "sell to"."""
        first, _, rest = self.words[0].partition(" ")
        return f"{'are' if first == 'is' else first.removesuffix('s')} {rest}" if is_group else self.words[0]


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return formats.listed(
        [*names[:MOST_NAMED], *([f"{formats.spelled(more)} other{'s' if more > 1 else ''}"] if more > 0 else [])]
    )


def about(flows: list[Flow]) -> str:
    """The sum of flows of one kind as a sentence writes it, without decimals."""
    low, high = sum(f.low for f in flows), sum(f.high for f in flows)
    return formats.about(None, "usd_bn", low, high, is_open=any(f.is_open for f in flows)) if high else ""


def _of_lab(money: Money, name: str) -> Lead:
    """The company that all the money is about."""
    orders, shares = money.out(LAB, "orders"), money.into(LAB, "equity")
    told = [f"has placed orders with {formats.counted(len(orders), 'supplier', 'suppliers')}"] if orders else []
    told += [f"sells shares to {formats.counted(len(shares), 'investor', 'investors')}"] if shares else []
    place = f"at the centre of this report: it {formats.listed(told)}" if told else "without counted money here"
    return Lead(f"{name} is {place}.", about(orders), "ordered from its suppliers")
