"""The money of each company: what the counted deals move between two parties, by what it is for.

- A deal counts as everywhere in the report (`models.deals.payments`): no talks, no totals, nothing that depends.
- Kinds of money are never added to each other: an order over seven years is no cheque for shares.
- Each company is itself here, also one of a group. Law: over all companies, what goes out by kind is what comes in,
  and both are the sum of the deals (`models.deals.total`).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.words import MONEY_WORDS


@dataclass(frozen=True)
class Flow:
    """What one party pays another of one kind of money, US$ bn; ``unpriced`` deals have no amount."""

    payer: str
    payee: str
    money: str
    low: float
    high: float
    is_open: bool
    unpriced: int
    deals: int

    @property
    def words(self) -> str:
        """The amount in words."""
        return amount_words([self])


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
    def flows(self) -> list[Flow]:
        """Between two parties by kind of money, the largest first."""
        rows = counted.payments(self.ledger.deals)
        ends = counted.bounds(rows)
        frame = rows[["payer", "payee"]].assign(
            money=[counted.money_of(kind) for kind in rows["kind"]],
            low=ends["low"],
            high=ends["high"],
            is_open=counted.is_open_ended(rows),
            unpriced=counted.is_unpriced(rows).astype(int),
            deals=1,
        )
        sums = frame.groupby(["payer", "payee", "money"], sort=True).sum().reset_index()
        found = [
            Flow(r.payer, r.payee, r.money, float(r.low), float(r.high), bool(r.is_open), int(r.unpriced), int(r.deals))
            for r in sums.itertuples(index=False)
        ]
        return sorted(found, key=lambda f: (-f.high, -f.low, f.payer, f.payee, f.money))

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

    def size(self, company: str) -> float:
        """The largest kind of money that a company pays or is paid, US$ bn: what companies are ordered by."""
        sums = [sum(f.high for f in side(company, money)) for money in MONEY_WORDS for side in (self.out, self.into)]
        return max(sums)
