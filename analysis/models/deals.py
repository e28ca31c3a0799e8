"""Which rows of the deals table count, and what they add up to.

- Only role ``payment`` is ever summed; a cancelled deal counts no longer.
- "Up to" (no low) counts 0 in the low sum; "more than" (no high) counts its floor in the high sum, which
  is then open-ended; an undisclosed amount counts nothing and leaves the sum a floor.
- Status ``reported`` (talks, press only) is inside unless it is asked to be left out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Amount:
    """A sum in US$ bn: ``low`` to ``high``, ``is_open`` when a floor without an upper end is inside,
    ``undisclosed`` the number of deals without any amount, ``deals`` the number of deals."""

    low: float
    high: float
    is_open: bool
    undisclosed: int
    deals: int


def payments(
    deals: pd.DataFrame,
    payer: str | None = None,
    payee: str | None = None,
    scope: str | None = None,
    kind: str | tuple[str, ...] | None = None,
    with_reported: bool = True,
) -> pd.DataFrame:
    """The rows that count, optionally of one payer, payee, scope or kind.

    Parameters: deals as in the ledger, one row a deal (a point-in-time view).
    Returns the rows kept, with their index.
    """
    keep = (deals["role"] == "payment") & (deals["status"] != "cancelled")
    if not with_reported:
        keep &= deals["status"] != "reported"
    for column, value in (("payer", payer), ("payee", payee), ("scope", scope)):
        if value is not None:
            keep &= deals[column] == value
    if kind is not None:
        keep &= deals["kind"].isin([kind] if isinstance(kind, str) else list(kind))
    return deals[keep]


def bounds(deals: pd.DataFrame) -> pd.DataFrame:
    """Columns ``low`` and ``high`` in US$ bn as they enter a sum (never NaN), index as given."""
    low = deals["low_usd_bn"].fillna(0.0)
    high = deals["high_usd_bn"].fillna(deals["low_usd_bn"]).fillna(0.0)
    return pd.DataFrame({"low": low, "high": high}, index=deals.index)


def total(deals: pd.DataFrame) -> Amount:
    """The sum of rows already chosen with `payments`, in US$ bn."""
    ends = bounds(deals)
    has_low, has_high = deals["low_usd_bn"].notna(), deals["high_usd_bn"].notna()
    return Amount(
        low=float(ends["low"].sum()),
        high=float(ends["high"].sum()),
        is_open=bool((has_low & ~has_high).any()),
        undisclosed=int((~has_low & ~has_high).sum()),
        deals=len(deals),
    )


def by_party(deals: pd.DataFrame, party: str) -> pd.DataFrame:
    """Sums in US$ bn by the values of column ``party`` ("payer" or "payee").

    Returns the columns party, low, high, is_open, undisclosed, deals, largest high first.
    """
    has_low, has_high = (deals[column].notna().to_numpy() for column in ("low_usd_bn", "high_usd_bn"))
    flags = {"is_open": has_low & ~has_high, "undisclosed": (~has_low & ~has_high).astype(int), "deals": 1}
    frame = pd.DataFrame(
        {party: deals[party].to_numpy()} | {name: ends.to_numpy() for name, ends in bounds(deals).items()} | flags
    )
    sums = frame.groupby(party, sort=True).sum().astype({"is_open": bool})
    order = np.lexsort((sums.index, -sums["low"], -sums["high"]))
    return sums.iloc[order].reset_index()
