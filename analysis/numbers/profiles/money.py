"""The money of each company: what the counted deals move between two parties, by what it is for.

- A deal counts as everywhere in the report (`models.deals.payments`): no talks, no totals, nothing that depends.
- What a holder is paid for shares of another company is a kind of its own: it raises no money for its own shares.
- A plant or a business that is bought is a kind of its own, too: the seller sells none of its shares.
- Of loans it is told what is lined up: only announced, or not known to be drawn.
- Kinds of money are never added to each other: an order over seven years is no cheque for shares.
- Each company is itself here, also one of a group. Law: over all companies, what goes out by kind is what comes in,
  and both are the sum of the deals (`models.deals.total`).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.facts import Facts
from analysis.numbers.oracle_softbank import backer
from analysis.numbers.resales import ASSETS, resales
from analysis.numbers.words import MONEY_WORDS, MoneyWords

KEY = ("payer", "payee", "money")
STAKES = "stakes"  # shares that a holder sells on, see `resales`
PLANTS = "plants"  # plants and businesses, see `resales.ASSETS`
NO_SHARES_OF_ITS_OWN = (STAKES, PLANTS)  # kinds that the table of deals has as equity of the seller
# The kinds of money as the page of a company has them.
MONEY = MONEY_WORDS | {
    STAKES: MoneyWords(
        "shares held", "Shares held", "shares sold on", "buys {}", "Buys shares from holders", "Sells shares it held"
    ),
    PLANTS: MoneyWords(
        "plants and businesses",
        "Plants and businesses",
        "plants and businesses",
        "buys {}",
        "Buys plants and businesses",
        "Sells plants and businesses",
    ),
}


class Firmness(NamedTuple):
    """What is said of money that is all of one basis, and of a part of it."""

    alone: str
    part: str


FIRMNESS = {
    bases.AGREED: Firmness("Signed; payments undisclosed.", "is signed or paid"),
    bases.ANNOUNCED: Firmness("All of it is announced; no signed text is known.", "is announced"),
    bases.REPORTED: Firmness("Only press reports tell of it.", "is known from press reports alone"),
}

# The same of money of which only a ceiling is known.
CEILINGS = {
    bases.AGREED: "Signed, up to this ceiling; no floor is published.",
    bases.ANNOUNCED: "Announced, up to this ceiling; no signed text is known.",
    bases.REPORTED: "Only press reports tell of it, and only of a ceiling.",
}


@dataclass(frozen=True)
class Flow:
    """What one party pays another of one kind of money, US$ bn; ``unpriced`` deals have no amount.

    ``lined_up`` is the part of a loan that is only announced or not known to be drawn.
    """

    payer: str
    payee: str
    money: str
    low: float
    high: float
    is_open: bool
    unpriced: int
    deals: int
    kinds: tuple[str, ...] = ()  # of its deals, those of most money first
    lined_up: float = 0.0

    @property
    def words(self) -> str:
        """The amount in words."""
        return amount_words([self])


def lined_up(flows: list[Flow]) -> str:
    """What of loans is only lined up, in words; empty for nothing."""
    amount = sum(f.lined_up for f in flows)
    return f"{formats.about(amount, 'usd_bn', is_open=False)} not known to be drawn" if amount else ""


def _money_of(ledger: Ledger, deal: str, kind: str) -> str:
    return PLANTS if deal in ASSETS else STAKES if deal in resales(ledger) else counted.money_of(kind)


def amount_words(flows: list[Flow]) -> str:
    """The sum of flows of one kind in words: ``US$288bn``, ``up to US$12bn``, ``not published``."""
    low, high = sum(f.low for f in flows), sum(f.high for f in flows)
    if not high:
        return "not published"
    low = high if formats.plain(low, "usd_bn") == formats.plain(high, "usd_bn") else low
    return formats.quantity(None, "usd_bn", low, high, any(f.is_open for f in flows))


class Money:
    """What the counted deals of a ledger move."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    @cached_property
    def _rows(self) -> pd.DataFrame:
        rows = counted.payments(self.ledger.deals)
        return rows.assign(
            money=[_money_of(self.ledger, deal, kind) for deal, kind in zip(rows["deal"], rows["kind"], strict=True)],
            basis=counted.basis(rows),
            size=counted.bounds(rows)["high"],
        )

    @cached_property
    def _kinds(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        rows = self._rows.sort_values(["size", "deal"], ascending=[False, True], kind="stable")
        return {key: tuple(dict.fromkeys(own["kind"])) for key, own in rows.groupby(["payer", "payee", "money"])}

    @cached_property
    def flows(self) -> list[Flow]:
        """Between two parties by kind of money, the largest first."""
        rows = self._rows
        ends = counted.bounds(rows)
        frame = rows[["payer", "payee", "money"]].assign(
            low=ends["low"],
            high=ends["high"],
            is_open=counted.is_open_ended(rows),
            unpriced=counted.is_unpriced(rows).astype(int),
            deals=1,
            lined_up=self._lined_up(rows, ends["high"]),
        )
        sums = frame.groupby(["payer", "payee", "money"], sort=True).sum().reset_index()
        found = [
            Flow(
                r.payer,
                r.payee,
                r.money,
                float(r.low),
                float(r.high),
                bool(r.is_open),
                int(r.unpriced),
                int(r.deals),
                self._kinds[r.payer, r.payee, r.money],
                float(r.lined_up),
            )
            for r in sums.itertuples(index=False)
        ]
        return sorted(found, key=lambda f: (-f.high, -f.low, f.payer, f.payee, f.money))

    def _lined_up(self, rows: pd.DataFrame, high: pd.Series) -> pd.Series:
        """What of each loan is only announced, or not known to be drawn, US$ bn."""
        is_announced = rows["kind"].eq("debt") & rows["status"].eq(bases.ANNOUNCED)
        undrawn = backer.undrawn(Facts(self.ledger, "exposure"))
        return high.where(is_announced, 0.0).mask(rows["deal"].eq(backer.BRIDGE), undrawn).fillna(0.0)

    @cached_property
    def by_payer(self) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            found[flow.payer].append(flow)
        return dict(found)

    @cached_property
    def by_payee(self) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            found[flow.payee].append(flow)
        return dict(found)

    def out(self, company: str, money: str) -> list[Flow]:
        """What a company pays of one kind."""
        return [f for f in self.by_payer.get(company, []) if f.money == money]

    def into(self, company: str, money: str) -> list[Flow]:
        """What a company is paid of one kind."""
        return [f for f in self.by_payee.get(company, []) if f.money == money]

    def firmness(self, flows: list[Flow]) -> str:
        """How firm the money of some flows is, as a sentence: what is signed, only announced, or told by the press."""
        keys = {(f.payer, f.payee, f.money) for f in flows}
        rows = self._rows[[key in keys for key in zip(*(self._rows[c] for c in KEY), strict=True)]]
        sums = {basis: counted.total(rows[rows["basis"] == basis]) for basis in FIRMNESS}
        priced = {basis: s for basis, s in sums.items() if s.high}
        if len(priced) == 1 and not any(s.low for s in priced.values()) and not any(s.is_open for s in priced.values()):
            return CEILINGS[next(iter(priced))]
        if [*priced] == [bases.AGREED]:
            return self._paid(rows)
        if len(priced) == 1:
            return FIRMNESS[next(iter(priced))].alone
        told = [
            f"{formats.about(None, 'usd_bn', s.low, s.high, is_open=s.is_open)} {FIRMNESS[basis].part}"
            for basis, s in priced.items()
        ]
        return f"Of it {formats.listed(told)}." if told else ""

    def _paid(self, rows: pd.DataFrame) -> str:
        """What is known to be paid of signed deals, as a sentence."""
        whole, closed = counted.total(rows), counted.total(rows[rows["status"] == counted.CLOSED])
        if round(closed.low, 3) == round(whole.high, 3):
            return "All of it is paid."
        if not closed.low:
            return FIRMNESS[bases.AGREED].alone
        return f"Signed; {formats.about(closed.low, 'usd_bn', is_open=False)} of it is known to be paid."

    def size(self, company: str) -> float:
        """The largest kind of money that a company pays or is paid, US$ bn: what companies are ordered by."""
        sums = [sum(f.high for f in side(company, money)) for money in MONEY for side in (self.out, self.into)]
        return max(sums)
