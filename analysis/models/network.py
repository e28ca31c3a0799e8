"""The network of the circle: which deals, as one flow matrix.

- OpenAI's own deals and the partners' deals around them; comparators and history are left out.
- A company of a group counts as its group: SB Energy is SoftBank.
- Unnamed pools of investors and lenders are outside the circle, and so are industrial companies that only sell a
  business of theirs.
- Money is that of the whole life of the deals unless a period is given.
- The share that the report states was chosen in advance: what has been announced, signed or paid, at the middle of
  its range. An announcement by the parties counts; press reports and talks do not, unless a signed total covers them.
"""

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger.schema import CANCELLED
from analysis.ledger.view import SUBJECT
from analysis.models import obligations
from analysis.models.circularity import MEASURES, feasible_maximum, outside_money_needed
from analysis.models.deals import bounds, firmness, is_unpriced, money_of
from analysis.models.flows import matrix

OUTSIDE_KINDS = ("pool", "industrial")
SCOPES = ("openai", "chain")  # of deals: OpenAI's own, and those of its partners around it


@dataclass(frozen=True)
class Parties:
    """Who counts as whom.

    Attributes
    ----------
    groups : dict
        Group by member, entity keys.
    outside : frozenset of str
        Entities outside the circle.
    """

    groups: dict[str, str]
    outside: frozenset[str]

    @classmethod
    def known(cls, entities: pd.DataFrame, groups: pd.DataFrame) -> "Parties":
        """The parties of a ledger, from its tables of entities (entity, kind) and groups (entity, group)."""
        is_outside = entities["kind"].isin(OUTSIDE_KINDS)
        return cls(
            dict(zip(groups["entity"], groups["group"], strict=True)),
            frozenset(entities.loc[is_outside, "entity"]),
        )

    def grouped(self, deals: pd.DataFrame, **more: Any) -> pd.DataFrame:
        """Deals with each company of a group as payer or payee replaced by its group, and with more columns."""
        columns = ("payer", "payee")
        return deals.assign(**{c: [self.groups.get(party, party) for party in deals[c]] for c in columns}, **more)

    def inside(self, deals: pd.DataFrame) -> pd.DataFrame:
        """The deals between parties of the circle."""
        return deals[~deals["payer"].isin(self.outside) & ~deals["payee"].isin(self.outside)]


@dataclass(frozen=True)
class Variant:
    """One way to count.

    Attributes
    ----------
    key, name : str
        What code and readers call it.
    amounts : str
        The "low", "middle" or "high" of each range.
    status : str
        The least firm deals that count: "signed", "announced" or "reported".
    chain, letters, pools, chips : bool
        Count partners' deals among themselves; letters of intent, warrants and guarantees with an amount; unnamed
        investors and lenders as parties; orders of chips that have no price, at a price for each gigawatt.
    first_year, last_year : int, optional
        The calendar years counted, from the year of the day; None for the whole life of the deals.
    """

    key: str
    name: str
    amounts: str = "middle"
    status: str = "announced"
    chain: bool = True
    letters: bool = False
    pools: bool = False
    chips: bool = False
    first_year: int | None = None
    last_year: int | None = None


AMOUNTS = ("low", "middle", "high")
STATUSES = ("signed", "announced", "reported")  # each counts those before it, too
COUNTED = Variant("counted", "as counted")
VARIANTS = (
    COUNTED,
    replace(COUNTED, key="firm", name="only what depends on nothing", amounts="low"),
    replace(COUNTED, key="most", name="the most that may be paid", amounts="high"),
    replace(COUNTED, key="signed", name="signed or paid only", status="signed"),
    replace(COUNTED, key="reported", name="with press reports and talks", status="reported"),
    replace(COUNTED, key="own", name="OpenAI's own deals only", chain=False),
    replace(COUNTED, key="letters", name="with letters of intent and guarantees", letters=True),
    replace(COUNTED, key="pools", name="with unnamed investors as parties", pools=True),
    replace(COUNTED, key="chips", name="with a price for unpriced chips", chips=True),
    replace(COUNTED, key="near", name="this year and next", first_year=0, last_year=1),
    replace(COUNTED, key="later", name="the three years after", first_year=2, last_year=4),
)


class Counting:
    """The deals of a day, made ready to be counted in any way."""

    def __init__(
        self,
        deals: pd.DataFrame,
        parties: Parties,
        term_years: dict[str, float],
        ramp: float,
        year: int,
        chip_price: float | None = None,
    ):
        """Take the deals.

        Parameters
        ----------
        deals : DataFrame
            A point-in-time view of the ledger's table.
        parties : Parties
            Who counts as whom.
        term_years, ramp
            Fallback terms and ramp, as for `obligations.by_year`.
        year : int
            The calendar year that a period counts from.
        chip_price : float, optional
            US$ bn a gigawatt of chips without a price; None where there is no such choice.
        """
        role, scope = deals["role"].to_numpy(), deals["scope"].to_numpy()
        keep = ((role == "payment") | (role == "contingent")) & (deals["status"].to_numpy() != CANCELLED)
        keep &= np.isin(scope, SCOPES)
        self._firmness = firmness(deals)[keep]
        rows = deals[keep].reset_index(drop=True)
        gigawatts = rows["gw"].to_numpy(float)
        is_chips = (rows["kind"].to_numpy() == "chips") & ~np.isnan(gigawatts)
        self.is_priced_here = is_chips & is_unpriced(rows).to_numpy()
        if chip_price is not None and self.is_priced_here.any():
            ends = ("low_usd_bn", "high_usd_bn")
            rows = rows.assign(
                **{e: np.where(self.is_priced_here, gigawatts * chip_price, rows[e].to_numpy(float)) for e in ends}
            )
        self.has_chip_price, self.year, self.rows = chip_price is not None, year, rows
        pairs = list(zip(rows["payer"], rows["payee"], strict=True))
        self.payer, self.payee = (np.array([parties.groups.get(p[k], p[k]) for p in pairs], str) for k in (0, 1))
        self.names = sorted({*self.payer, *self.payee})
        self.lab = self.names.index(SUBJECT) if SUBJECT in self.names else -1  # the place of OpenAI, if it is a party
        self._is_inside = np.array([parties.outside.isdisjoint(pair) for pair in pairs], bool)
        self._is_letter, self._is_own = role[keep] == "contingent", scope[keep] == SCOPES[0]
        self._ends = bounds(rows)
        self._spread = term_years, ramp
        place = {name: i for i, name in enumerate(self.names)}
        cells = [place[a] * len(place) + place[b] for a, b in zip(self.payer, self.payee, strict=True)]
        self._cells = np.array(cells, int)  # the place of each row in a flow matrix

    @functools.cached_property
    def _by_year(self) -> pd.DataFrame:
        """What falls in which calendar year: the columns of `obligations.by_year`, and row (of ``rows``)."""
        at = {deal: k for k, deal in enumerate(self.rows["deal"])}
        table = obligations.by_year(self.rows, *self._spread)
        return table.assign(row=table["deal"].map(at).astype(int))

    def _counts(self, variant: Variant) -> np.ndarray:
        """Whether each row counts."""
        keep = (self._firmness <= STATUSES.index(variant.status)) & (self.payer != self.payee)
        for is_wanted, rows in (
            (variant.letters, ~self._is_letter),
            (variant.pools, self._is_inside),
            (variant.chain, self._is_own),
            (variant.chips, ~self.is_priced_here),
        ):
            keep &= rows | is_wanted
        return keep

    @staticmethod
    def _choose(ends: pd.DataFrame, amounts: str) -> np.ndarray:
        low, high = ends["low"].to_numpy(float), ends["high"].to_numpy(float)
        return {"low": low, "middle": (low + high) / 2, "high": high}[amounts]

    def amounts(self, variant: Variant, years: range | None = None) -> np.ndarray:
        """What each row counts, US$ bn, 0 where it does not; in some calendar years only where they are given."""
        if years is None and variant.first_year is not None and variant.last_year is not None:
            years = range(self.year + variant.first_year, self.year + variant.last_year + 1)
        if years is None:
            found = self._choose(self._ends, variant.amounts)
        else:
            falls = self._by_year["year"].isin(years).to_numpy()
            chosen = np.where(falls, self._choose(self._by_year, variant.amounts), 0.0)
            found = np.bincount(self._by_year["row"], chosen, minlength=len(self.rows))
        return np.where(self._counts(variant), found, 0.0)

    def flows(self, amounts: np.ndarray) -> np.ndarray:
        """The flow matrix (n, n) of amounts of the rows, US$ bn, parties in the order of ``names``."""
        n = len(self.names)
        return np.bincount(self._cells, amounts, n * n).reshape(n, n)

    def edges(self, variant: Variant = COUNTED, years: range | None = None) -> pd.DataFrame:
        """Payments between parties under a way of counting.

        Parameters
        ----------
        variant : Variant
            The way to count.
        years : range, optional
            The calendar years counted instead of the variant's.

        Returns
        -------
        DataFrame
            Columns payer, payee, amount (US$ bn), one row a pair, groups joined.
        """
        W, names = self.flows(self.amounts(variant, years)), np.array(self.names, object)
        payer, payee = W.nonzero()
        return pd.DataFrame({"payer": names[payer], "payee": names[payee], "amount": W[payer, payee]})

    def by_kind(self, variant: Variant = COUNTED) -> list[np.ndarray]:
        """The flow matrix of each kind of money that is paid, US$ bn, parties in the order of ``names``."""
        amounts, kinds = self.amounts(variant), self.rows["kind"].map(money_of).to_numpy()
        found = [self.flows(np.where(kinds == kind, amounts, 0.0)) for kind in sorted(set(kinds[amounts > 0]))]
        return [W for W in found if W.any()]

    def calendar(self, variant: Variant = COUNTED) -> np.ndarray:
        """The flow matrices of the calendar years in which anything falls, in their order (years, n, n), US$ bn."""
        years, year = np.unique(self._by_year["year"].to_numpy(), return_inverse=True)
        size, n = len(self.rows), len(self.names)
        chosen = self._choose(self._by_year, variant.amounts)
        found = np.bincount(year * size + self._by_year["row"].to_numpy(), chosen, len(years) * size)
        amounts = np.where(self._counts(variant), found.reshape(len(years), size), 0.0)
        cells = np.arange(len(years))[:, None] * (n * n) + self._cells
        return np.bincount(cells.ravel(), amounts.ravel(), len(years) * n * n).reshape(len(years), n, n)


def measures(table: pd.DataFrame) -> dict[str, float]:
    """The measures of payments, their sum, the largest share their sums allow, and the outside money they need.

    Parameters
    ----------
    table : DataFrame
        Columns payer, payee, amount (US$ bn).

    Returns
    -------
    dict
        total (US$ bn), a share for each of `MEASURES` (0 for no payments), feasible (a share: the sum over parties of
        the smaller of what each pays and gets), and outside (US$ bn).
    """
    if table.empty:
        return {"total": 0.0} | dict.fromkeys(MEASURES, 0.0) | {"feasible": 0.0, "outside": 0.0}
    W, names = matrix(table, "amount")
    shares = {key: measure.share(W, names) for key, measure in MEASURES.items()}
    total = float(W.sum())
    return {"total": total} | shares | {"feasible": feasible_maximum(W) / total, "outside": outside_money_needed(W)[1]}


def sensitivity(counting: Counting) -> pd.DataFrame:
    """The measures with one choice changed at a time.

    Parameters
    ----------
    counting : Counting
        The deals of a day.

    Returns
    -------
    DataFrame
        Column name and those of `measures`; index the key of the `Variant`.
    """
    ways = [v for v in VARIANTS if counting.has_chip_price or not v.chips]
    rows = [{"name": v.name} | measures(counting.edges(v)) for v in ways]
    return pd.DataFrame(rows, index=pd.Index([v.key for v in ways], name="key"))
