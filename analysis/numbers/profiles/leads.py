"""How the page of a company opens: a sentence on what it is in this story, and the one number that tells most of it.

- A company that deals with OpenAI is told by what it does for OpenAI; any other by its largest counted money.
- The number is what OpenAI has ordered from it; if nothing, or at no published price, what it gives OpenAI; or else its
  largest counted money of one kind with one other.
"""

from dataclasses import dataclass

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.profiles.money import PLANTS, STAKES, Flow, Money
from analysis.numbers.words import COMPANY_NOUNS, DEAL_DOES, NOUNS_OF, DealDoes

LAB = "openai"
OTHERS_DO = {
    STAKES: DealDoes("buys shares from", "sells shares to"),
    PLANTS: DealDoes("buys a plant or a business from", "sells a plant or a business to"),
}
GROUP = "pool"  # the kind of several that are counted as one
SAYS_SO = {"investor": "invests in", "lender": "lends to"}  # what a noun says already that is told behind it
PLACES = ("", "second ", "third ")  # before "largest"
MOST_NAMED = 3  # others of a company without money with OpenAI
MOST_VERBS, MOST_DONE = 2, 3  # of one kind of money with OpenAI, and of a company with all others
# What the sum of the money is that a company is paid by another, or pays it; by kind of money.
PAID = {
    "orders": "ordered from it by",
    "equity": "for its shares from",
    STAKES: "for shares that it held from",
    PLANTS: "for a plant or a business from",
    "debt": "lent to it by",
    "guarantees": "guaranteed for it by",
}
PAYS = {
    "orders": "ordered from",
    "equity": "paid or promised for shares of",
    STAKES: "paid or promised for shares held by",
    PLANTS: "paid or promised for a plant or a business of",
    "debt": "lent to",
    "guarantees": "guaranteed for",
}


@dataclass(frozen=True)
class Lead:
    """A sentence, and a number with what it is; the number is empty where none is known.

    ``does`` is what the company does for whom, without its name, and ``firmness`` how firm the number is.
    ``deals_with`` is what it does for all others, that of most money first, as a list of companies has it.
    """

    sentence: str
    number: str
    told: str
    does: str = ""
    firmness: str = ""
    deals_with: str = ""

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
    name, noun = short_name(ledger.name(company)), NOUNS_OF.get(company) or COMPANY_NOUNS.get(kind, "")
    who = f"{name}, {noun}," if noun else name
    if company == LAB:
        return _of_lab(money, name)
    own = [Side(flow, PAYS[flow.money], flow.payee, is_payer=True) for flow in money.by_payer.get(company, [])]
    own += [Side(flow, PAID[flow.money], flow.payer, is_payer=False) for flow in money.by_payee.get(company, [])]
    own.sort(key=lambda side: side.rank)
    with_lab = [side for side in own if side.other == LAB]
    if not own:
        return Lead(_without_money(ledger, who, company, is_group=kind == GROUP), "", "")
    verbs: dict[str, list[str]] = {}
    for side in with_lab or own:
        for verb in side.does(kind == GROUP)[: MOST_VERBS if with_lab else 1]:
            verbs.setdefault(verb, []).append(within(ledger, side.other))
    told = [f"{verb} {_some(names)}" for verb, names in list(verbs.items())[:MOST_DONE]]
    if with_lab:
        told = _with_lab(list(verbs), short_name(ledger.name(LAB)))
    if told[0].startswith(SAYS_SO.get(kind, " ")) and len(told) == 1:
        who = name
    aside = "" if with_lab else f" {'They have' if kind == GROUP else 'It has'} no counted money with OpenAI."
    first = (with_lab or own)[0]
    words = f"{first.words} {within(ledger, first.other)}"
    place = "" if kind == GROUP else _place(money, company)
    number = about([first.flow]) if first.flow.high else ""
    does = formats.listed(told)
    sure = money.firmness([first.flow])
    by_size = sorted(own, key=lambda side: (-side.flow.high, side.rank))
    listed = _done(ledger, by_size, is_group=kind == GROUP)
    return Lead(f"{who} {does}.{place or aside}", number, words, does, sure if number else "", listed)


def _done(ledger: Ledger, sides: list["Side"], *, is_group: bool) -> str:
    """What a company does for whom, in the order given: "sells computing to Anthropic and OpenAI and lends to …"."""
    verbs: dict[str, list[str]] = {}
    for side in sides:
        verbs.setdefault(side.does(is_group)[0], []).append(within(ledger, side.other))
    return "; ".join(f"{verb} {_some(names)}" for verb, names in list(verbs.items())[:MOST_VERBS])


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
        (money.into(LAB, "equity"), "payer", "By what it has paid or promised, it is OpenAI's {}largest investor."),
    ):
        order = [getattr(flow, party) for flow in flows if flow.high]
        if company in order[: len(PLACES)]:
            place = PLACES[order.index(company)]
            return " " + words.format(place)
    return ""


@dataclass(frozen=True)
class Side:
    """A flow as one of its parties sees it: what the sum is (words), the other party, and which of the two it is."""

    flow: Flow
    words: str
    other: str
    is_payer: bool

    @property
    def rank(self) -> tuple[bool, bool, float, str]:
        """What leads: a published amount, then what OpenAI orders, then the larger amount."""
        is_order = self.other == LAB and self.words == PAID["orders"]
        return (not self.flow.high, not is_order, -self.flow.high, self.other)

    def does(self, is_group: bool) -> list[str]:
        """What the party does, that of most money first: "sells computing to"; of several "sell computing to"."""
        words = (
            [OTHERS_DO[self.flow.money]]
            if self.flow.money in OTHERS_DO
            else [DEAL_DOES[kind] for kind in self.flow.kinds]
        )
        told = [does.pays if self.is_payer else does.is_paid for does in words]
        return list(dict.fromkeys(_of_several(verb) if is_group else verb for verb in told))


def _with_lab(verbs: list[str], lab: str) -> list[str]:
    """What is done with OpenAI, which is named once."""
    if len(verbs) < len(PLACES):
        return [f"{formats.listed(verbs)} {lab}"]
    return [f"{verbs[0]} {lab}", *(f"{verb} it".replace("the revenue of it", "its revenue") for verb in verbs[1:])]


def within(ledger: Ledger, company: str) -> str:
    """A short name inside a sentence: a group that is no name, such as "Bond investors", begins small."""
    name = short_name(ledger.name(company))
    known = ledger.entities
    is_group = GROUP in known.loc[known["entity"] == company, "kind"].to_list()
    first = name.partition(" ")[0]
    named = {n.partition(" ")[0].rstrip(",") for n in known.loc[known["kind"] != GROUP, "name"]}
    is_word = is_group and first.rstrip(",") not in named and first[1:] == first[1:].lower()
    return f"{name[:1].lower()}{name[1:]}" if is_word else name


def _of_several(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{'are' if first == 'is' else first.removesuffix('s')} {rest}"


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
    return Lead(
        f"{name} is {place}.", about(orders), "ordered from its suppliers", formats.listed(told), money.firmness(orders)
    )
