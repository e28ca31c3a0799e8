"""The inputs of the funding model, from what was known on the day and never later.

- The base year is the one before the day's in its first half, and the day's own in its second: its revenue
  is the newest statement about it, reported or forecast.
- Forecasts are the newest for each year that no single speaker is named for; a target told on a podcast is not
  a plan.
- Cash at the end of the base year and firm equity after it: `models.cash`.
- Contracts and equity are spread over years as everywhere (`models.obligations`).
"""

import numpy as np
import pandas as pd

from analysis.models import cash, obligations
from analysis.models.deals import SUPPLY_KINDS, payments
from analysis.models.funding import Inputs, planned


def base_year(as_of: pd.Timestamp) -> int:
    """The calendar year before the model's first: the one before the day's in its first half, else the day's own."""
    return as_of.year - 1 if as_of.month <= 6 else as_of.year


def calibrate(
    metrics: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: pd.Timestamp,
    term_years: dict[str, float],
    ramp: float,
    fade: float,
    last_year: int,
    deals_history: pd.DataFrame | None = None,
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
    deals_history : DataFrame, optional
        Every row of the deals known on the day, also those replaced since: they tell what was paid when.

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
    revenue = cash.yearly(metrics, "revenue")
    if year not in revenue.index:
        raise ValueError(f"no revenue of OpenAI is known for {year}")
    years = range(year + 1, last_year + 1)
    owed = obligations.by_year(payments(deals, payer="openai", scope="openai", kind=SUPPLY_KINDS), term_years, ramp)
    equity = payments(deals, payee="openai", scope="openai", kind="equity")
    paid = cash.payments_of(equity, deals if deals_history is None else deals_history)
    came = obligations.by_year(equity, term_years, ramp)
    amounts = {
        name: frame.groupby("year")[column].sum().reindex(years, fill_value=0.0).to_numpy(float)
        for name, frame, column in (("owed", owed, "high"), ("low", came, "low"), ("high", came, "high"))
    }
    return Inputs(
        base_year=year,
        base_revenue=float(revenue[year]),
        base_cash=cash.at_the_end_of(year, metrics, paid),
        plan=planned(revenue.to_dict(), year, float(revenue[year]), fade, last_year),
        obligations=amounts["owed"],
        firm=cash.later(paid, year).reindex(years, fill_value=0.0).to_numpy(float),
        conditional=np.maximum(amounts["high"] - amounts["low"], 0.0),
    )
