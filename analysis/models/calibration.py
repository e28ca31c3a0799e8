"""The inputs of the funding model, from what was known on the day and never later.

- The base year is the one before the day's in its first half, and the day's own in its second: its revenue
  is the newest statement about it, reported or forecast.
- Forecasts are the newest for each year that no single speaker is named for; a target told on a podcast is not
  a plan.
- Cash at the end of the base year is the last published cash, plus equity paid between its day and the end of the
  year, less the burn of the rest of the year. Of a round that is paid in parts on both sides of that day the ledger
  does not tell the parts: all of its firm amount counts as in that cash. Equity without a day of payment is not
  raised in the base year. Both are the cautious side.
- Law: the firm amount of an equity deal with a day of payment is in the published cash, or raised in the rest of the
  base year, or in the equity of later years: one of the three.
- Contracts and equity are spread over years as everywhere (`models.obligations`).
"""

import numpy as np
import pandas as pd

from analysis.models import obligations, periods
from analysis.models.deals import SUPPLY_KINDS, bounds, payments
from analysis.models.funding import Inputs, planned


def yearly(metrics: pd.DataFrame, metric: str) -> pd.Series:
    """The newest statement about each calendar year of one of OpenAI's metrics.

    Parameters
    ----------
    metrics : DataFrame
        A point-in-time view of the ledger's table.
    metric : str
        The metric, in US$ bn.

    Returns
    -------
    Series
        US$ bn, index the calendar year (int), rising.
    """
    rows = metrics[(metrics["entity"] == "openai") & (metrics["metric"] == metric) & (metrics["by"] == "")]
    newest = periods.calendar_years(rows).sort_values("as_of", kind="stable").drop_duplicates("start", keep="last")
    return pd.Series(newest["value"].to_numpy(), index=newest["start"].dt.year.to_numpy()).sort_index()


def base_year(as_of: pd.Timestamp) -> int:
    """The calendar year before the model's first: the one before the day's in its first half, else the day's own."""
    return as_of.year - 1 if as_of.month <= 6 else as_of.year


def raised_since(equity: pd.DataFrame, day: pd.Timestamp, year: int, term_years: dict[str, float]) -> float:
    """Firm equity that is not in the cash of a day and not in the equity of the years after the base year.

    Parameters
    ----------
    equity : DataFrame
        Rows chosen with `models.deals.payments`, with the columns that `obligations.dated` takes.
    day : Timestamp
        The day of the published cash.
    year : int
        The base year, which the day falls in or before.
    term_years : dict
        Fallback terms by kind, as for `obligations.dated`.

    Returns
    -------
    float
        US$ bn. A deal is paid on its first day, else on its last; one without either is not counted.
    """
    paid = equity["start"].fillna(equity["end"])
    first_year = obligations.dated(equity, term_years)["start"].dt.year
    return float(bounds(equity)["low"][(paid > day) & (first_year <= year)].sum())


def _cash(metrics: pd.DataFrame, equity: pd.DataFrame, year: int, term_years: dict[str, float]) -> float:
    """Cash at the end of the year, US$ bn."""
    mine = metrics[metrics["entity"] == "openai"]
    known = mine[mine["metric"] == "cash"].sort_values("end").tail(1)
    if known.empty:
        raise ValueError(f"no cash of OpenAI is known for {year}")
    day = known["end"].iloc[0]
    raised = raised_since(equity, day, year, term_years)
    burn = yearly(metrics, "cash_burn")
    half = mine[(mine["metric"] == "cash_burn") & (mine["end"] == day)]["value"]
    spent = (burn.get(year, np.nan) - half.iloc[-1]) if len(half) else burn.get(year, np.nan) / 2
    return float(known["value"].iloc[0] + raised - (0.0 if np.isnan(spent) else spent))


def calibrate(
    metrics: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: pd.Timestamp,
    term_years: dict[str, float],
    ramp: float,
    fade: float,
    last_year: int,
) -> Inputs:
    """The model's inputs as known on the day.

    Parameters
    ----------
    metrics, deals : DataFrame
        Point-in-time views of the ledger's tables.
    as_of : Timestamp
        The day.
    term_years, ramp
        Fallback terms and ramp, as for `obligations.by_year`.
    fade : float
        Growth past the last forecast year, as for `funding.planned`.
    last_year : int
        The last calendar year of the model.

    Raises
    ------
    ValueError
        For a row known only after the day (naming it), and when revenue, forecasts or cash are not known.
    """
    for name, table, key in (("metrics", metrics, "metric"), ("deals", deals, "deal")):
        late = table[table["as_of"] > as_of]
        if len(late):
            raise ValueError(
                f"{name}: {late[key].iloc[0]} is known only on {late['as_of'].iloc[0]:%Y-%m-%d}, after {as_of:%Y-%m-%d}"
            )
    year = base_year(as_of)
    revenue = yearly(metrics, "revenue")
    if year not in revenue.index:
        raise ValueError(f"no revenue of OpenAI is known for {year}")
    years = range(year + 1, last_year + 1)
    owed = obligations.by_year(payments(deals, payer="openai", scope="openai", kind=SUPPLY_KINDS), term_years, ramp)
    equity = payments(deals, payee="openai", scope="openai", kind="equity")
    came = obligations.by_year(equity, term_years, ramp)
    amounts = {
        name: frame.groupby("year")[column].sum().reindex(years, fill_value=0.0).to_numpy(float)
        for name, frame, column in (("owed", owed, "high"), ("low", came, "low"), ("high", came, "high"))
    }
    return Inputs(
        base_year=year,
        base_revenue=float(revenue[year]),
        base_cash=_cash(metrics, equity, year, term_years),
        plan=planned(revenue.to_dict(), year, float(revenue[year]), fade, last_year),
        obligations=amounts["owed"],
        firm=amounts["low"],
        conditional=np.maximum(amounts["high"] - amounts["low"], 0.0),
    )
