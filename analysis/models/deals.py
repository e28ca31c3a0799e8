"""Which rows of the deals table count, and what they add up to.

- Only role ``payment`` is ever summed; a cancelled deal no longer counts. A paused one does: nobody has given it up.
- "Up to" (no low) counts 0 in the low sum; "more than" (no high) counts its floor in the high sum, which is then
  open-ended; an undisclosed amount counts nothing and leaves the sum a floor.
- A part of a complete total between the same two parties is as firm as that total: a filing that states the sum of
  all cheques signs for each of them, however the cheque itself was first told.
- Status ``reported`` (press only) counts unless excluded; talks, in which nobody has agreed, only if asked for.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.ledger.schema import CANCELLED, SIGNED_STATUSES
from analysis.models import bases

CLOSED = "closed"  # the status of a deal that is carried out: paid, or a guarantee that is settled
REPORTED = bases.REPORTED  # the status of what only the press tells: talks, and contracts that nobody has confirmed
# How a condition says that the parties still talk.
TALKING = re.compile(r"\btalks\b|\bnegotiat|\bfinalising\b|\bterm sheet|\bno assurance\b", re.IGNORECASE)
SUPPLY_KINDS = ("compute", "chips", "lease")
FUNDING_KINDS = ("equity", "debt")
COMPLETE = "complete"  # of a total: its parts in the table are all that it has
FIRMEST = (SIGNED_STATUSES, ("announced",), (REPORTED,))  # statuses, the firmest first


@dataclass(frozen=True)
class Amount:
    """A sum of deals.

    Attributes
    ----------
    low, high : float
        US$ bn.
    is_open : bool
        A floor without an upper end is inside.
    undisclosed, deals : int
        Number of deals without any amount, and of all deals.
    """

    low: float
    high: float
    is_open: bool
    undisclosed: int
    deals: int


# A deal's kind to the kind of money that it is.
MONEY_KINDS = {
    "equity": "equity",
    "debt": "debt",
    "guarantee": "guarantees",
    "warrant": "guarantees",
    "compute": "orders",
    "chips": "orders",
    "lease": "orders",
    "commercial": "orders",
    "revenue-share": "orders",
    "donation": "orders",
}


def money_of(kind: str) -> str:
    """The kind of money that a kind of deal moves: "equity", "debt", "guarantees", and "orders" for all others."""
    return MONEY_KINDS.get(kind, "orders")


def payments(
    deals: pd.DataFrame,
    payer: str | None = None,
    payee: str | None = None,
    scope: str | None = None,
    kind: str | tuple[str, ...] | None = None,
    with_reported: bool = True,
    with_talks: bool = False,
) -> pd.DataFrame:
    """The rows that count, optionally of one payer, payee, scope or kind.

    Parameters
    ----------
    deals : DataFrame
        One row a deal: a point-in-time view of the ledger's table.
    payer, payee, scope, kind
        Values to keep; None keeps all, several kinds are a tuple.
    with_reported : bool
        Whether deals known only from the press are inside.
    with_talks : bool
        Whether talks are inside, see `in_talks`.

    Returns
    -------
    DataFrame
        The rows kept, with their index.
    """
    status = deals["status"].to_numpy()
    keep = (deals["role"].to_numpy() == "payment") & (status != CANCELLED)
    if not with_reported:
        keep &= status != REPORTED
    if not with_talks:
        keep &= ~_are_talks(deals)
    for column, value in (("payer", payer), ("payee", payee), ("scope", scope)):
        if value is not None:
            keep &= deals[column].to_numpy() == value
    if kind is not None:
        keep &= deals["kind"].isin([kind] if isinstance(kind, str) else list(kind)).to_numpy()
    return deals[keep]


def standing(deals: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not cancelled."""
    return deals[deals["status"] != CANCELLED]


def paid_of(deals: pd.DataFrame, total: str) -> float:
    """Return what the payments of a total, and of the totals in it, are reported to have come to so far, US$ bn.

    Parameters
    ----------
    deals : DataFrame
        A point-in-time view of the ledger's table, with its totals.
    total : str
        Key of a deal.
    """
    own = deals[(deals["part_of"] == total) & (deals["status"] != CANCELLED)]
    is_paid = (own["status"] == CLOSED) & (own["role"] == "payment")
    inside = own.loc[own["role"] == "total", "deal"]
    return float(own.loc[is_paid, "low_usd_bn"].sum()) + sum(paid_of(deals, deal) for deal in inside)


def guarantees(deals: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The guarantees that stand on a day, signed or not: none that was cancelled or settled, or whose end is past."""
    is_over = deals["status"].isin([CANCELLED, CLOSED]) | (deals["end"] < day)
    return deals[(deals["kind"] == "guarantee") & ~is_over]


def outstanding(deals: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not closed: what is paid in full is no longer to come."""
    return deals[deals["status"] != CLOSED]


def called(deals: pd.DataFrame) -> pd.DataFrame:
    """What guarantors have paid, or agreed to pay, because a guarantee was called: guarantees that are payments."""
    return payments(deals, kind="guarantee", with_reported=False)


def is_called(guarantees: pd.DataFrame, deals: pd.DataFrame) -> pd.Series:
    """Whether something was `called` of each guarantee, of the same guarantor for the same party."""
    paid = called(deals)
    pairs = set(zip(paid["payer"], paid["payee"], strict=True))
    return pd.Series([pair in pairs for pair in zip(guarantees["payer"], guarantees["payee"])], guarantees.index, bool)


def signed(deals: pd.DataFrame) -> pd.DataFrame:
    """The rows with a signed contract: neither talks nor announcements nor cancelled deals."""
    return deals[deals["status"].isin(SIGNED_STATUSES)]


def firmness(deals: pd.DataFrame) -> np.ndarray:
    """How firm each row is: the place of its status in `FIRMEST`, or of that of the complete total it is part of.

    Parameters
    ----------
    deals : DataFrame
        A point-in-time view of the ledger's table, with its totals; a cancelled row counts as the least firm.

    Returns
    -------
    ndarray of int
        0 for signed or paid, 1 for announced, 2 for what only the press tells.
    """
    place = {status: k for k, statuses in enumerate(FIRMEST) for status in statuses}
    least = len(FIRMEST) - 1
    own = [place.get(status, least) for status in deals["status"]]
    role, parts, status = (deals[column].to_numpy() for column in ("role", "parts", "status"))
    is_whole = (role == "total") & (parts == COMPLETE) & (status != CANCELLED)
    names = zip(deals["deal"], deals["payer"], deals["payee"], strict=True)
    covered = {name: firm for name, firm, whole in zip(names, own, is_whole, strict=True) if whole}
    totals = zip(deals["part_of"], deals["payer"], deals["payee"], strict=True)
    return np.array([min(firm, covered.get(total, least)) for firm, total in zip(own, totals, strict=True)], int)


def in_talks(deals: pd.DataFrame) -> pd.Series:
    """Whether each row is talks and no agreement: told by the press alone, with a condition that says so."""
    return pd.Series(_are_talks(deals), deals.index)


def _are_talks(deals: pd.DataFrame) -> np.ndarray:
    """`in_talks` without the index."""
    found = deals["status"].to_numpy() == REPORTED
    if found.any():
        found[found] = [is_talk(REPORTED, condition) for condition in deals["condition"].to_numpy()[found]]
    return found


def is_talk(status: str, condition: str) -> bool:
    """Whether a row of this status and condition is talks, see `in_talks`."""
    return status == REPORTED and bool(TALKING.search(condition))


def basis(deals: pd.DataFrame) -> pd.Series:
    """What the amount of each row rests on: "agreed", "announced", "reported" or "talks" (see `models.bases`)."""
    told = zip(deals["status"], _are_talks(deals).tolist(), strict=True)
    found = [bases.TALKS if talks else bases.AGREED if status in SIGNED_STATUSES else status for status, talks in told]
    return pd.Series(found, deals.index, dtype=deals["status"].dtype)


def is_unpriced(deals: pd.DataFrame) -> pd.Series:
    """Whether each row has no published amount, neither a low nor a high end."""
    low, high = _ends(deals)
    return pd.Series(np.isnan(low) & np.isnan(high), deals.index)


def is_open_ended(deals: pd.DataFrame) -> pd.Series:
    """Whether each row's amount is a floor without an upper end."""
    low, high = _ends(deals)
    return pd.Series(~np.isnan(low) & np.isnan(high), deals.index)


def bounds(deals: pd.DataFrame) -> pd.DataFrame:
    """Columns ``low`` and ``high`` in US$ bn as they enter a sum (never NaN), index as given."""
    low, high = _ends(deals)
    high = np.where(np.isnan(high), low, high)
    return pd.DataFrame({"low": np.nan_to_num(low), "high": np.nan_to_num(high)}, index=deals.index)


def _ends(deals: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The low and the high end of each row, NaN where it has none."""
    return deals["low_usd_bn"].to_numpy(float), deals["high_usd_bn"].to_numpy(float)


def two_sided(deals: pd.DataFrame, lab: str = "openai") -> list[str]:
    """The firms that have paid or promised a lab equity or debt and hold orders from it, with a price or without.

    What the lab buys of a firm's shares is an investment of the lab, never an order.

    Parameters
    ----------
    deals : DataFrame
        Rows already chosen with `payments`, each company of a group as its group.
    lab : str
        The lab.

    Returns
    -------
    list of str
        Keys in alphabetical order.
    """
    puts = deals.loc[(deals["payee"] == lab) & deals["kind"].isin(FUNDING_KINDS), "payer"]
    holds = deals.loc[(deals["payer"] == lab) & deals["kind"].isin(SUPPLY_KINDS), "payee"]
    return sorted({*puts} & {*holds})


def total(deals: pd.DataFrame) -> Amount:
    """The sum of rows already chosen with `payments`, in US$ bn."""
    low, high = _ends(deals)
    has_low, has_high = ~np.isnan(low), ~np.isnan(high)
    return Amount(
        low=float(np.nansum(low)),
        high=float(np.nansum(np.where(has_high, high, low))),
        is_open=bool((has_low & ~has_high).any()),
        undisclosed=int((~has_low & ~has_high).sum()),
        deals=len(deals),
    )


def by_party(deals: pd.DataFrame, party: str) -> pd.DataFrame:
    """Sums in US$ bn by party.

    Parameters
    ----------
    deals : DataFrame
        Rows already chosen with `payments`.
    party : str
        The column to sum by, "payer" or "payee".

    Returns
    -------
    DataFrame
        Columns party, low, high, is_open, undisclosed, deals, largest high first.
    """
    sums = pd.DataFrame(sums_by_party(deals, party)).rename(columns={"party": party})
    return sums.sort_values(["high", "low"], ascending=False, kind="stable", ignore_index=True)


def sums_by_party(deals: pd.DataFrame, party: str) -> dict[str, np.ndarray]:
    """The columns of `by_party` as arrays, the first named "party", in its alphabetical order."""
    place, names = pd.factorize(deals[party], sort=True)
    (low, high), n = _ends(deals), len(names)
    has_low, has_high = ~np.isnan(low), ~np.isnan(high)
    return {
        "party": np.asarray(names),
        "low": np.bincount(place, np.nan_to_num(low), n).astype(float),
        "high": np.bincount(place, np.nan_to_num(np.where(has_high, high, low)), n).astype(float),
        "is_open": np.bincount(place, has_low & ~has_high, n) > 0,
        "undisclosed": np.bincount(place, ~has_low & ~has_high, n).astype(int),
        "deals": np.bincount(place, minlength=n),
    }
