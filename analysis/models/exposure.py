"""Who is owed what and when, and what a fall in value does to those who hold shares.

- What a creditor is owed has three states: priced (the low end of the amount), conditional (what "up to" or a
  milestone adds to it), and unpriced (a deal without a published amount, which is counted and not summed).
- Law: over the creditors, priced adds up to the low sum of the deals and priced with conditional to the high sum.
- A payment of a year is discounted from the middle of that year; what should already have been paid is not.
"""

import numpy as np
import pandas as pd

from analysis.models.deals import bounds, is_open_ended, is_unpriced
from analysis.models.periods import DAYS_PER_YEAR

COLUMNS = ["party", "priced", "conditional", "is_open", "deals", "unpriced", "unpriced_gw"]


def by_creditor(deals: pd.DataFrame) -> pd.DataFrame:
    """Sum what each creditor is owed, by state.

    Parameters
    ----------
    deals : DataFrame
        Rows chosen with `models.deals.payments`, of one debtor.

    Returns
    -------
    DataFrame
        One row a payee, the largest first: party, priced and conditional (US$ bn), is_open (an amount is a floor),
        deals, unpriced (number of deals without an amount) and unpriced_gw (their capacity, GW).
    """
    ends = bounds(deals)
    missing = is_unpriced(deals)
    frame = pd.DataFrame(
        {
            "party": deals["payee"],
            "priced": ends["low"],
            "conditional": ends["high"] - ends["low"],
            "is_open": is_open_ended(deals),
            "deals": 1,
            "unpriced": missing.astype(int),
            "unpriced_gw": deals["gw"].astype(float).where(missing, 0.0).fillna(0.0),
        }
    )
    if frame.empty:
        return pd.DataFrame(columns=COLUMNS).astype({"priced": float, "conditional": float, "unpriced_gw": float})
    sums = frame.groupby("party").sum().astype({"is_open": bool}).reset_index()
    size = sums["priced"] + sums["conditional"]
    order = np.lexsort((sums["party"], -sums["unpriced_gw"], -size))
    return sums.iloc[order].reset_index(drop=True)


def discount_factors(years: pd.Series, day: pd.Timestamp, rate: float) -> np.ndarray:
    """Return what a dollar paid in the middle of a year is worth on a day.

    Parameters
    ----------
    years : Series
        Calendar years.
    day : Timestamp
        The day of the value.
    rate : float
        Per year, above -1.

    Returns
    -------
    ndarray
        1 for a middle of the year on or before the day, less for later ones.

    Raises
    ------
    ValueError
        For a rate of -1 or less.
    """
    if not rate > -1:
        raise ValueError(f"discount rate {rate} must be above -1")
    now = day.year + (day.dayofyear - 1) / DAYS_PER_YEAR
    return np.asarray((1.0 + rate) ** -np.maximum(years.to_numpy(float) + 0.5 - now, 0.0))


def marked_down(value: float, fall: float) -> float:
    """Return what a holding loses when its price falls.

    Parameters
    ----------
    value : float
        Of the holding before, US$ bn.
    fall : float
        The part that the price loses, 0 to 1.

    Raises
    ------
    ValueError
        For a fall outside 0 to 1.
    """
    if not 0 <= fall <= 1:
        raise ValueError(f"a fall of {fall} is outside 0 to 1")
    return value * fall


def loan_to_value_after(ltv: float, share: float, fall: float) -> float:
    """Return the loan-to-value of a holder after the price of one holding falls: LTV / (1 - share x fall).

    Parameters
    ----------
    ltv : float
        Net debt over the value of all holdings before, in any unit.
    share : float
        That holding's part of the value of all holdings before, 0 to 1.
    fall : float
        The part that its price loses, 0 to 1.

    Returns
    -------
    float
        In the unit of ``ltv``, the debt being the same.

    Raises
    ------
    ValueError
        For a share or a fall outside 0 to 1, or when nothing of value is left.
    """
    if not (0 <= share <= 1 and 0 <= fall <= 1):
        raise ValueError(f"share {share} and fall {fall} must be 0 to 1")
    if share * fall >= 1:
        raise ValueError("nothing of value is left to lend against")
    return ltv / (1.0 - share * fall)


def fall_to_reach(ltv: float, ceiling: float, share: float) -> float:
    """Return by how much the price of a holding must fall until the loan-to-value stands at its ceiling.

    Parameters
    ----------
    ltv, ceiling : float
        Before, and at most, in one unit.
    share : float
        As for `loan_to_value_after`.

    Returns
    -------
    float
        0 when the ceiling is already reached; above 1 when no fall of this holding alone reaches it.

    Raises
    ------
    ValueError
        For a share outside (0, 1] or a ceiling of 0 or less.
    """
    if not (0 < share <= 1 and ceiling > 0):
        raise ValueError(f"share {share} must be above 0 and at most 1, the ceiling {ceiling} above 0")
    return max(0.0, (1.0 - ltv / ceiling) / share)
