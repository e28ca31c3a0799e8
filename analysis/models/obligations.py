"""Contract amounts spread over calendar years.

Judgements, each an assumption of the scenario:

- A deal without a start begins on the day its first amount was heard of: an order of October 2025 does not begin with
  the unpriced contract of 2023 that it adds to.
- A deal without an end runs for the fallback term of its kind; where only a start-plus-term is published
  the ledger already holds that end.
- Services grow along a ramp (0: flat, 1: a straight line from nothing); equity and debt are flat.
- The conditional part of an equity deal (high above low) is paid evenly between start and end, the firm
  part on the first day.

Law: over all years the shares of a deal add up to 1, so its flows add up to its amount, low and high.
"""

import numpy as np
import pandas as pd

from analysis.models.deals import SUPPLY_KINDS, bounds
from analysis.models.periods import DAYS_PER_YEAR

SERVICES = (*SUPPLY_KINDS, "commercial", "revenue-share")
SHAPES = ("ramp", "s-curve")


def cumulative(u: np.ndarray, ramp: np.ndarray | float = 0.0, shape: str = "ramp") -> np.ndarray:
    """Share of an amount paid by a point of its term.

    Parameters
    ----------
    u : ndarray
        Fraction of the term, any shape; clipped to 0 to 1.
    ramp : float or ndarray
        0 is flat, 1 a straight line from nothing; one number, or an array that broadcasts with ``u``.
    shape : str
        "ramp", or "s-curve" (3u^2 - 2u^3), which ignores the ramp.

    Returns
    -------
    ndarray
        Shares, 0 to 1, in the shape of ``u``.

    Raises
    ------
    ValueError
        For a ramp outside 0 to 1 or an unknown shape.
    """
    if shape not in SHAPES:
        raise ValueError(f"unknown shape {shape!r}; known: {', '.join(SHAPES)}")
    outside = [r for r in np.ravel(ramp).tolist() if not 0 <= r <= 1]
    if outside:
        raise ValueError(f"ramp {outside[0]} is outside 0 to 1")
    u = np.clip(u, 0.0, 1.0)
    return 3 * u**2 - 2 * u**3 if shape == "s-curve" else (1 - ramp) * u + ramp * u**2


def _year_starts(first: int, last: int) -> np.ndarray:
    return np.array([f"{y}-01-01" for y in range(first, last + 1)], "datetime64[D]")


def shares(start: pd.Series, end: pd.Series, ramp: np.ndarray | float = 0.0, shape: str = "ramp") -> pd.DataFrame:
    """Share of each row in each calendar year.

    Parameters
    ----------
    start, end : Series
        First and last day (inclusive) of each row, no missing values.
    ramp, shape
        As for `cumulative`; one ramp, or one a row.

    Returns
    -------
    DataFrame
        Index of ``start``, one column a year (int), rows adding up to 1.

    Raises
    ------
    ValueError
        When a day is missing or an end lies before its start.
    """
    if start.isna().any() or end.isna().any():
        raise ValueError("every row needs a start and an end; fill them with `dated` first")
    if (end < start).any():
        raise ValueError(f"end before start in row {start.index[(end < start).to_numpy()][0]}")
    if start.empty:
        return pd.DataFrame(index=start.index)
    first, last = int(start.dt.year.min()), int(end.dt.year.max())
    edges = _year_starts(first, last + 1).astype("int64")
    s = start.to_numpy().astype("datetime64[D]").astype("int64")[:, None]
    e = end.to_numpy().astype("datetime64[D]").astype("int64")[:, None] + 1
    u = np.clip((edges[None, :] - s) / (e - s), 0.0, 1.0)
    weights = np.broadcast_to(np.asarray(ramp, float), (len(start),))[:, None]
    paid = cumulative(u, weights, shape)
    return pd.DataFrame(np.diff(paid, axis=1), index=start.index, columns=range(first, last + 1))


def dated(deals: pd.DataFrame, term_years: dict[str, float]) -> pd.DataFrame:
    """Fill missing starts and ends.

    Parameters
    ----------
    deals : DataFrame
        Columns start, end, priced_as_of (or first_as_of), kind.
    term_years : dict
        Fallback term in years by kind ("other": the rest).

    Returns
    -------
    DataFrame
        A copy with start and end filled, and is_assumed_start, is_assumed_end telling which were.
    """
    start = deals["start"].fillna(deals["priced_as_of" if "priced_as_of" in deals else "first_as_of"])
    # An end can be known and lie before the day the deal became public: it then was one payment on that day.
    start = start.where(deals["end"].isna() | (start <= deals["end"]), deals["end"])
    term = deals["kind"].map(lambda k: term_years.get(k, term_years.get("other", 0.0))).astype(float)
    days = np.maximum((term * DAYS_PER_YEAR).round().astype("int64") - 1, 0)
    end = deals["end"].fillna(start + pd.to_timedelta(days, unit="D"))
    return deals.assign(
        start=start, end=end, is_assumed_start=deals["start"].isna(), is_assumed_end=deals["end"].isna()
    )


def by_year(deals: pd.DataFrame, term_years: dict[str, float], ramp: float = 0.0) -> pd.DataFrame:
    """Spread deals over calendar years.

    Parameters
    ----------
    deals : DataFrame
        Rows chosen with `models.deals.payments`.
    term_years : dict
        Fallback terms in years by kind, as for `dated`.
    ramp : float
        Growth of service contracts, as for `cumulative`.

    Returns
    -------
    DataFrame
        One row a deal and year, without years in which nothing falls: deal, payer, payee, kind, year, low, high
        (US$ bn, as they enter a sum) and is_assumed (a date of it is ours).
    """
    columns = ["deal", "payer", "payee", "kind", "year", "low", "high", "is_assumed"]
    if deals.empty:
        return pd.DataFrame(columns=columns).astype({"year": int, "low": float, "high": float, "is_assumed": bool})
    full = dated(deals, term_years)
    ends = bounds(deals)
    low, high = (ends[column].to_numpy()[:, None] for column in ("low", "high"))
    is_service = full["kind"].isin(SERVICES).to_numpy()
    by_term = shares(full["start"], full["end"], np.where(is_service, ramp, 0.0))
    years = by_term.columns.to_numpy()
    spread = by_term.to_numpy()
    at_once = (full["start"].dt.year.to_numpy()[:, None] == years).astype(float)
    firm = np.where(is_service[:, None], spread, at_once)
    low_by_year = firm * low
    high_by_year = low_by_year + spread * (high - low)
    row, year = np.nonzero((firm != 0) | (spread != 0))
    is_assumed = full["is_assumed_start"] | full["is_assumed_end"]
    facts = full[["deal", "payer", "payee", "kind"]].assign(is_assumed=is_assumed).iloc[row].reset_index(drop=True)
    return facts.assign(year=years[year], low=low_by_year[row, year], high=high_by_year[row, year])[columns]


def assumed_share(flows: pd.DataFrame) -> pd.Series:
    """Share of each year's high amount that rests on an assumed date.

    Parameters
    ----------
    flows : DataFrame
        As `by_year` returns it.

    Returns
    -------
    Series
        Values 0 to 1, index year.
    """
    total = flows.groupby("year")["high"].sum()
    ours = flows[flows["is_assumed"].astype(bool)].groupby("year")["high"].sum().reindex(total.index, fill_value=0.0)
    return (ours / total.where(total > 0)).fillna(0.0)
