"""The inputs of the funding model, from what was known on the day and never later.

- The base year is the one before the day's in its first half, and the day's own in its second: its revenue
  is the newest statement about it, reported or forecast.
- Forecasts are the newest for each year that no single speaker is named for; a target named on a podcast is
  not a plan.
- Cash at the end of the base year and firm equity after it: `models.cash`.
- Growth starts from the newest run rate: the current year has what is known of it, and for the rest the run rate,
  growing as planned.
- Equity is spread over years by `models.obligations`, contracts under each timing (`funding.schedule`).
"""

import numpy as np
import pandas as pd

from analysis.models import cash, obligations, periods, plan
from analysis.models.deals import payments
from analysis.models.funding import Inputs, planned, schedule


def base_year(as_of: pd.Timestamp) -> int:
    """The calendar year before the model's first: the one before the day's in its first half, else the day's own."""
    return as_of.year - 1 if as_of.month <= 6 else as_of.year


def earned_from(first: pd.Timestamp, revenue: pd.DataFrame) -> tuple[float, pd.Timestamp]:
    """What is known of revenue from a day on without a gap, and the day after it.

    Parameters
    ----------
    first : Timestamp
        The day from which it counts.
    revenue : DataFrame
        Rows of revenue by period: start, end, value (US$ bn). Of several that begin on one day the longest counts.
    """
    earned, known = 0.0, first
    while len(part := revenue[revenue["start"] == known]):
        longest = part.sort_values("end", kind="stable").iloc[-1]
        earned, known = earned + float(longest["value"]), longest["end"] + pd.Timedelta(days=1)
    return earned, known


def newest_rate(metrics: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """OpenAI's newest run rate that is no guidance, of a day up to ``as_of`` (one row or none)."""
    mine = metrics[(metrics["entity"] == "openai") & (metrics["by"] == "")]
    rates = mine[(mine["metric"] == "annualized_revenue") & (mine["basis"] != "guidance") & (mine["end"] <= as_of)]
    return rates.sort_values(["end", "as_of"], kind="stable").tail(1)


def run_rate_revenue(metrics: pd.DataFrame, as_of: pd.Timestamp, growth: float) -> tuple[float, float]:
    """Revenue of the current year: what is known of it, and for the rest the newest run rate, growing.

    Parameters
    ----------
    metrics : DataFrame
        A point-in-time view of the ledger's table.
    as_of : Timestamp
        The day.
    growth : float
        Growth of the run rate in a year, in logarithms.

    Returns
    -------
    revenue, open_share : float
        US$ bn, and the share of the year after the day of the run rate. NaN where no run rate of the year or of the
        year before's last half is known, or where a later statement of the whole year is.
    """
    mine = metrics[(metrics["entity"] == "openai") & (metrics["by"] == "")]
    rate = newest_rate(mine, as_of)
    first, after = pd.Timestamp(as_of.year, 1, 1), pd.Timestamp(as_of.year + 1, 1, 1)
    if rate.empty or rate["end"].iloc[0] < first - pd.Timedelta(days=184):
        return float("nan"), float("nan")
    revenue = mine[mine["metric"] == "revenue"]
    whole = periods.calendar_years(revenue)
    whole = whole[whole["start"] == first]
    if len(whole) and whole["as_of"].max() > rate["as_of"].iloc[0]:
        return float("nan"), float("nan")
    day, level = rate["end"].iloc[0] + pd.Timedelta(days=1), float(rate["value"].iloc[0])
    earned, known = earned_from(first, revenue[revenue["end"] < day])
    open_share = min(1.0, (after - day).days / (after - first).days)
    # The integral of a rate that grows continuously, from where the known part ends to the end of the year.
    begin, end = ((d - day).days / periods.DAYS_PER_YEAR for d in (known, after))
    g = growth if abs(growth) > 1e-9 else 1e-9
    return earned + level * (np.exp(g * end) - np.exp(g * begin)) / g, open_share


def calibrate(
    metrics: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: pd.Timestamp,
    terms: dict[str, dict[str, float]],
    fade: float,
    last_year: int,
    *,
    ramp: tuple[float, float, float],
    slip: tuple[float, float, float],
    lease_build: tuple[float, float, float],
    target_year: int,
    other_share: float,
    own_plan: plan.Plan | None = None,
    deals_history: pd.DataFrame | None = None,
) -> Inputs:
    """The model's inputs as known on the day.

    Parameters
    ----------
    metrics, deals : DataFrame
        Point-in-time views of the ledger's tables.
    as_of : Timestamp
        The day.
    terms : dict
        Fallback terms by kind, as for `obligations.by_year`, for each of low, central and high.
    fade : float
        Growth past the last forecast year, as for `funding.planned`.
    last_year : int
        The last calendar year of the model.
    ramp, slip, lease_build : tuple
        Low, central and high: growth of payments over a contract, delay of its start in years, and years over which a
        lease is filled.
    target_year : int
        The year of which the choice of capacity speaks.
    other_share : float
        Costs besides computing as a share of revenue, where OpenAI's plan does not give them.
    own_plan : Plan, optional
        OpenAI's newest own plan, where one is known.
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
    years = np.arange(year + 1, last_year + 1)
    path = planned(revenue.to_dict(), year, float(revenue[year]), fade, last_year)
    levels = np.log(np.concatenate([[float(revenue[year])], path]))
    ahead = as_of.year - year  # 1 when the current year is the model's first
    start, open_share = run_rate_revenue(metrics, as_of, float(levels[ahead + 1] - levels[ahead]))
    if np.isnan(start):
        start, open_share = float(revenue[year]), 1.0
    equity = payments(deals, payee="openai", scope="openai", kind="equity")
    paid = cash.payments_of(equity, deals if deals_history is None else deals_history)
    came = obligations.by_year(equity, terms["central"], ramp[1])
    amounts = {
        name: came.groupby("year")[name].sum().reindex(years, fill_value=0.0).to_numpy(float)
        for name in ("low", "high")
    }
    tried = schedule.timings(ramp, slip)
    live = metrics[(metrics["entity"] == "openai") & (metrics["metric"] == "compute_capacity")]
    live = live[live["basis"] == "actual"].sort_values("end", kind="stable").tail(1)
    live_year = int(live["end"].dt.year.iloc[0]) if len(live) else year
    build = dict(zip(("low", "central", "high"), lease_build, strict=True))
    return Inputs(
        base_year=year,
        base_cash=cash.at_the_end_of(year, metrics, paid),
        start_revenue=float(start),
        open_share=open_share if ahead else 1.0,
        plan=path,
        plan_burn=plan.burn_by_year(own_plan, years),
        plan_other=own_plan.other if own_plan is not None and own_plan.computing else other_share,
        due=schedule.due(schedule.contracts(deals), as_of, years, terms, build, tried),
        central=tried.index(schedule.ours(ramp, slip)),
        firm=cash.later(paid, year).reindex(years, fill_value=0.0).to_numpy(float),
        conditional=np.maximum(amounts["high"] - amounts["low"], 0.0),
        live_gw=float(live["value"].iloc[0]) if len(live) else np.nan,
        gw_path=(years - live_year) / (target_year - live_year),
    )
