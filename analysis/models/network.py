"""The network of the circle: which deals, as one flow matrix.

- OpenAI's own deals and the partners' deals around them; comparators and history are left out.
- A company of a group counts as its group: SB Energy is SoftBank.
- Unnamed pools of investors and lenders are outside the circle, and so are industrial companies that only sell a
  business of theirs.
- Money is that of the whole life of the deals unless a period is given.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.models import obligations
from analysis.models.circularity import MEASURES, outside_money_needed
from analysis.models.deals import bounds, payments
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

    def grouped(self, deals: pd.DataFrame) -> pd.DataFrame:
        """Deals with each company of a group as payer or payee replaced by its group."""
        return deals.assign(payer=deals["payer"].replace(self.groups), payee=deals["payee"].replace(self.groups))

    def inside(self, deals: pd.DataFrame) -> pd.DataFrame:
        """The deals between parties of the circle."""
        return deals[~deals["payer"].isin(self.outside) & ~deals["payee"].isin(self.outside)]


@dataclass(frozen=True)
class Variant:
    """One way to count: a row of the sensitivity table.

    Attributes
    ----------
    key, name : str
        What code and readers call it.
    conditional : bool
        Count the part of an amount above its floor.
    reported : bool
        Count deals known only from the press.
    chain : bool
        Count partners' deals among themselves.
    letters : bool
        Count letters of intent, warrants and guarantees with an amount.
    pools : bool
        Count unnamed investors and lenders as parties.
    first_year, last_year : int, optional
        The calendar years counted, from the year of the day; None for the whole life of the deals.
    """

    key: str
    name: str
    conditional: bool = True
    reported: bool = True
    chain: bool = True
    letters: bool = False
    pools: bool = False
    first_year: int | None = None
    last_year: int | None = None


COUNTED = Variant("counted", "as counted")
VARIANTS = (
    COUNTED,
    Variant("firm", "without conditional money", conditional=False),
    Variant("published", "without press reports", reported=False),
    Variant("own", "OpenAI's own deals only", chain=False),
    Variant("letters", "with letters of intent", letters=True),
    Variant("pools", "with unnamed investors as parties", pools=True),
    Variant("near", "this year and next", first_year=0, last_year=1),
    Variant("later", "the three years after", first_year=2, last_year=4),
)
WHOLE_LIFE = tuple(v.key for v in VARIANTS if v.first_year is None)


def _counted(deals: pd.DataFrame, variant: Variant, parties: Parties) -> pd.DataFrame:
    """The rows that a way of counting takes in."""
    scopes = SCOPES if variant.chain else SCOPES[:1]
    rows = payments(deals, with_reported=variant.reported)
    if variant.letters:
        live = deals[(deals["role"] == "contingent") & (deals["status"] != "cancelled")]
        rows = pd.concat([rows, live])
    rows = rows[rows["scope"].isin(scopes)]
    return rows if variant.pools else parties.inside(rows)


def spread(
    deals: pd.DataFrame, variant: Variant, parties: Parties, term_years: dict[str, float], ramp: float
) -> pd.DataFrame:
    """The payments of a way of counting by calendar year, not summed.

    Parameters
    ----------
    deals : DataFrame
        A point-in-time view of the ledger's table.
    variant, parties
        The way to count and who counts as whom.
    term_years, ramp
        Fallback terms and ramp, as for `obligations.by_year`.

    Returns
    -------
    DataFrame
        Columns payer, payee, year, amount (US$ bn).
    """
    table = obligations.by_year(_counted(deals, variant, parties), term_years, ramp)
    return table[["payer", "payee", "year"]].assign(amount=table["high" if variant.conditional else "low"])


def summed(table: pd.DataFrame, parties: Parties) -> pd.DataFrame:
    """Sums of payments between parties, groups joined, without what stays in a group.

    Parameters
    ----------
    table : DataFrame
        Columns payer, payee, amount (US$ bn).
    parties : Parties
        Who counts as whom.

    Returns
    -------
    DataFrame
        Columns payer, payee, amount (US$ bn), one row a pair.
    """
    joined = parties.grouped(table[["payer", "payee", "amount"]])
    joined = joined[(joined["amount"] > 0) & (joined["payer"] != joined["payee"])]
    return joined.groupby(["payer", "payee"], as_index=False)["amount"].sum()


def edges(
    deals: pd.DataFrame, variant: Variant, parties: Parties, term_years: dict[str, float], ramp: float, year: int
) -> pd.DataFrame:
    """Payments between parties under a way of counting.

    Parameters
    ----------
    deals, variant, parties, term_years, ramp
        As for `spread`.
    year : int
        The calendar year that a period counts from.

    Returns
    -------
    DataFrame
        Columns payer, payee, amount (US$ bn), one row a pair, groups joined.
    """
    if variant.first_year is None or variant.last_year is None:
        rows = _counted(deals, variant, parties)
        amounts = bounds(rows)["high" if variant.conditional else "low"]
        return summed(rows[["payer", "payee"]].assign(amount=amounts), parties)
    table = spread(deals, variant, parties, term_years, ramp)
    return summed(table[table["year"].between(year + variant.first_year, year + variant.last_year)], parties)


def measures(table: pd.DataFrame) -> dict[str, float]:
    """The measures of payments, their sum, and the outside money they need.

    Parameters
    ----------
    table : DataFrame
        Columns payer, payee, amount (US$ bn).

    Returns
    -------
    dict
        total (US$ bn), a share for each of `MEASURES` (0 for no payments), and outside (US$ bn).
    """
    if table.empty:
        return {"total": 0.0} | dict.fromkeys(MEASURES, 0.0) | {"outside": 0.0}
    W, names = matrix(table, "amount")
    shares = {key: measure.share(W, names) for key, measure in MEASURES.items()}
    return {"total": float(W.sum())} | shares | {"outside": outside_money_needed(W)[1]}


def sensitivity(
    deals: pd.DataFrame, parties: Parties, term_years: dict[str, float], ramp: float, year: int
) -> pd.DataFrame:
    """The measures under every way to count.

    Parameters
    ----------
    deals, parties, term_years, ramp, year
        As for `edges`.

    Returns
    -------
    DataFrame
        Column name and those of `measures`; index the key of the `Variant`.
    """
    rows = [{"name": v.name} | measures(edges(deals, v, parties, term_years, ramp, year)) for v in VARIANTS]
    return pd.DataFrame(rows, index=pd.Index([v.key for v in VARIANTS], name="key"))
