"""The network of the circle: which deals, as one flow matrix.

- OpenAI's own deals and the partners' deals around them; comparators and history are left out.
- A company of a group counts as its group: SB Energy is SoftBank.
- Unnamed pools of investors and lenders are outside the circle, and so are the sites' developers' banks.
- Money is that of the whole life of the deals unless a period is given.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models import deals as counted
from analysis.models import obligations
from analysis.models.circularity import (
    balance,
    balanced_flow_forwarding,
    circulation_index,
    finn_cycling_index,
    maximum_circulation,
)
from analysis.models.flows import matrix

GROUPS = {"sb-energy": "softbank"}
POOLS = (
    "equity-investors",
    "retail-investors",
    "bank-syndicate",
    "bond-investors",
    "market-investors",
    "private-credit",
    "ampere-shareholders",
    "digitalbridge-shareholders",
    "openai-employees",
    "datacentre-lessors",
    "site-developers",
    "foxconn",
    "abb",
)


@dataclass(frozen=True)
class Variant:
    """One way to count: a row of the sensitivity table."""

    name: str
    conditional: bool = True  # the part of an amount above its floor
    reported: bool = True  # deals known only from the press
    chain: bool = True  # partners' deals among themselves
    letters: bool = False  # letters of intent, warrants, guarantees with an amount
    pools: bool = False  # unnamed investors and lenders as parties
    first_year: int | None = None
    last_year: int | None = None


VARIANTS = (
    Variant("as counted"),
    Variant("without conditional money", conditional=False),
    Variant("without press reports", reported=False),
    Variant("OpenAI's own deals only", chain=False),
    Variant("with letters of intent", letters=True),
    Variant("with unnamed investors as parties", pools=True),
    Variant("this year and next", first_year=0, last_year=1),
    Variant("the three years after", first_year=2, last_year=4),
)


def _counted(deals: pd.DataFrame, variant: Variant) -> pd.DataFrame:
    """The rows that a way of counting takes in."""
    scopes = ("openai", "chain") if variant.chain else ("openai",)
    rows = counted.payments(deals, with_reported=variant.reported)
    if variant.letters:
        live = deals[(deals["role"] == "contingent") & (deals["status"] != "cancelled")]
        rows = pd.concat([rows, live])
    rows = rows[rows["scope"].isin(scopes)]
    return rows if variant.pools else rows[~rows["payer"].isin(POOLS) & ~rows["payee"].isin(POOLS)]


def spread(deals: pd.DataFrame, variant: Variant, term_years: dict[str, float], ramp: float) -> pd.DataFrame:
    """The payments of a way of counting by calendar year: payer, payee, year, amount (US$ bn), not summed."""
    table = obligations.by_year(_counted(deals, variant), term_years, ramp)
    return table[["payer", "payee", "year"]].assign(amount=table["high" if variant.conditional else "low"])


def summed(payments: pd.DataFrame) -> pd.DataFrame:
    """Sums of payments (payer, payee, amount in US$ bn) between parties, groups joined, without what stays in a group."""
    table = pd.DataFrame(
        {
            "payer": payments["payer"].replace(GROUPS),
            "payee": payments["payee"].replace(GROUPS),
            "amount": payments["amount"],
        }
    )
    table = table[(table["amount"] > 0) & (table["payer"] != table["payee"])]
    return table.groupby(["payer", "payee"], as_index=False)["amount"].sum()


def edges(deals: pd.DataFrame, variant: Variant, term_years: dict[str, float], ramp: float, year: int) -> pd.DataFrame:
    """Payments between parties under a way of counting: payer, payee, amount (US$ bn), groups joined.

    Parameters: point-in-time deals; fallback terms and ramp for periods; the year that a period counts from.
    """
    if variant.first_year is None or variant.last_year is None:
        rows = _counted(deals, variant)
        return summed(
            rows[["payer", "payee"]].assign(amount=counted.bounds(rows)["high" if variant.conditional else "low"])
        )
    table = spread(deals, variant, term_years, ramp)
    return summed(table[table["year"].between(year + variant.first_year, year + variant.last_year)])


def measures(table: pd.DataFrame) -> dict[str, float]:
    """The three indices of payments (payer, payee, amount), their sum, and the outside money they need (US$ bn).

    Returns total, maximum, forwarding, finn (shares, 0 for no payments) and outside.
    """
    if table.empty:
        return {"total": 0.0, "maximum": 0.0, "forwarding": 0.0, "finn": 0.0, "outside": 0.0}
    W, names = matrix(table, "amount")
    inflow, outside = balance(W)
    # A party that only passes on what it gets would never let money go: suppliers and staff outside are paid too.
    leak = np.maximum(W.sum(axis=0) - W.sum(axis=1), 0.0)
    closed = (leak == 0) & (inflow == 0)
    inflow = inflow + np.where(closed, 1e-9 * W.sum(), 0.0)
    return {
        "total": float(W.sum()),
        "maximum": circulation_index(maximum_circulation(W, names), W),
        "forwarding": circulation_index(balanced_flow_forwarding(W, names), W),
        "finn": finn_cycling_index(W, inflow, names),
        "outside": outside,
    }


def sensitivity(deals: pd.DataFrame, term_years: dict[str, float], ramp: float, year: int) -> pd.DataFrame:
    """The indices under every way to count: name, total, maximum, forwarding, finn, outside."""
    return pd.DataFrame([{"name": v.name} | measures(edges(deals, v, term_years, ramp, year)) for v in VARIANTS])
