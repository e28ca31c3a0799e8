"""What the funding model says of the next figures that OpenAI will tell, as five quantiles each.

- The model's first year is spread over the year as if revenue grew evenly from the year before: of revenue R after
  revenue B, growth g = ln(R/B), the part of the year up to its share s is R (e^gs - 1)/(e^g - 1), and the run rate
  there is R g e^gs/(e^g - 1). What is burned is spread by days, as in `models.cash`.
- Of a year in course that is the model's base, revenue has the model's yearly surprise on the share still open.
- What had been told by the day is not predicted, and a run rate only for the ends of later months.
- Beside each stands what its rivals say: the last value known, revenue at the newest run rate, and OpenAI's own plan
  (`models.plan`), spread over the year in the same way.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.models import bases, cash, funding, periods
from analysis.models.calibration import run_rate_revenue
from analysis.models.scoring import KEY, LEVELS, QUANTILES

COLUMNS = ["entity", "metric", "case", "start", "end", *QUANTILES, "unit", "last_value", "plan"]
LAB = "openai"


def _grown(revenue: np.ndarray, base: float, first: float, last: float) -> np.ndarray:
    """Revenue between two shares of the year (n,), which earned ``revenue`` after ``base`` the year before."""
    g = np.log(revenue / base)
    g = np.where(np.abs(g) > 1e-9, g, 1e-9)
    part: np.ndarray = revenue * np.exp(g * first) * np.expm1(g * (last - first)) / np.expm1(g)
    return part


def _rate(revenue: np.ndarray, base: float, share: float) -> np.ndarray:
    """The yearly rate at a share of the year (n,); see `_grown`."""
    g = np.log(revenue / base)
    g = np.where(np.abs(g) > 1e-9, g, 1e-9)
    rate: np.ndarray = revenue * g * np.exp(g * share) / np.expm1(g)
    return rate


def _spans(year: int) -> Iterator[tuple[pd.Timestamp, pd.Timestamp, float, float]]:
    """First and last day of each quarter and of the year, with the shares of the year before and after them."""
    begin, days = pd.Timestamp(year, 1, 1), 366 if pd.Timestamp(year, 1, 1).is_leap_year else 365
    for first, months in ((1, 3), (4, 3), (7, 3), (10, 3), (1, 12)):
        start = pd.Timestamp(year, first, 1)
        end = start + pd.DateOffset(months=months) - pd.Timedelta(days=1)
        yield start, end, (start - begin).days / days, ((end - begin).days + 1) / days


def _last_values(metrics: pd.DataFrame) -> dict[str, pd.Series]:
    """The newest row of each of OpenAI's metrics that says what happened."""
    rows = metrics[(metrics["entity"] == LAB) & (metrics["by"] == "") & metrics["basis"].isin(bases.HAPPENED)]
    ordered = rows.sort_values(["end", "as_of"], kind="stable")
    return {str(metric): group.iloc[-1] for metric, group in ordered.groupby("metric")}


class _Table:
    """The rows of `predict` as they are made, with what the rivals know on the day."""

    def __init__(self, metrics: pd.DataFrame):
        self.last = _last_values(metrics)
        self.rows: list[tuple[object, ...]] = []

    def add(
        self, metric: str, case: str, start: object, end: object, quantiles: object, last: float, plan: float
    ) -> None:
        """Add a figure of OpenAI: its quantiles, and the values of its rivals."""
        five = np.asarray(quantiles, float)
        unit = "gw" if metric == "compute_capacity" else "usd_bn"
        self.rows.append((LAB, metric, case, start, end, *five, unit, last, plan))

    def level(self, metric: str) -> float:
        """The newest value that is known."""
        return float(self.last[metric]["value"]) if metric in self.last else np.nan

    def pace(self, metric: str, days: int) -> float:
        """The newest flow that is known, at its pace over so many days."""
        row = self.last.get(metric)
        if row is None or pd.isna(row["start"]):
            return np.nan
        return float(row["value"]) * days / ((row["end"] - row["start"]).days + 1)

    def frame(self) -> pd.DataFrame:
        found = pd.DataFrame(self.rows, columns=COLUMNS)
        return found.assign(start=pd.to_datetime(found["start"]), end=pd.to_datetime(found["end"]))


def predict(
    metrics: pd.DataFrame,
    as_of: pd.Timestamp,
    inputs: funding.Inputs,
    choices: funding.Choices,
    paths: int,
    seed: int,
) -> pd.DataFrame:
    """What the model says on a day of figures that have not been told.

    Parameters
    ----------
    metrics : DataFrame
        A point-in-time view of the ledger's table.
    as_of : Timestamp
        The day.
    inputs, choices
        What is known on the day, and our choices.
    paths, seed : int
        Number of paths, and the seed of the draws.

    Returns
    -------
    DataFrame
        `COLUMNS`: whose figure, the metric, the case it depends on ("" for none), its period (start NaT for a figure
        at one day), five quantiles, the unit, the last value known (for a flow at the pace of its last period) and
        OpenAI's plan; NaN where there is none.
    """
    table = _Table(metrics)
    lines = {case: funding.simulate(inputs, choices, case, paths, seed) for case in inputs.cases}
    told = float(cash.yearly(metrics, "revenue")[inputs.base_year])
    is_in_course = inputs.base_year == as_of.year
    base = inputs.start_revenue if is_in_course else told
    if is_in_course:
        _year_in_course(table, metrics, as_of, inputs, choices)
    _revenue(table, as_of, int(inputs.years[0]), base, lines[inputs.cases[0]]["revenue"][0], told, inputs.plan[:1])
    _cash(table, inputs, lines)
    if np.isfinite(inputs.live_gw):
        goal = funding.triangle(np.array(LEVELS), *choices.gw)
        there = inputs.live_gw + inputs.gw_path[0] * (goal - inputs.live_gw)
        end = pd.Timestamp(int(inputs.years[0]), 12, 31)
        table.add("compute_capacity", "capacity", pd.NaT, end, there, inputs.live_gw, np.nan)
    frame = table.frame()
    return frame[~_is_told(frame, metrics)].reset_index(drop=True)


def _year_in_course(
    table: _Table, metrics: pd.DataFrame, as_of: pd.Timestamp, inputs: funding.Inputs, choices: funding.Choices
) -> None:
    """Revenue of the year in course, where it is the model's base, with a surprise on what is open of it."""
    first, end = pd.Timestamp(as_of.year, 1, 1), pd.Timestamp(as_of.year, 12, 31)
    told = float(cash.yearly(metrics, "revenue")[as_of.year])
    flat, share = run_rate_revenue(metrics, as_of, 0.0)
    if np.isnan(flat):
        flat, share = table.level("annualized_revenue"), (end - as_of).days / periods.DAYS_PER_YEAR
    spread = np.exp(choices.sigma * np.sqrt(share) * ndtri(np.array(LEVELS)))
    table.add("revenue", "", first, end, inputs.start_revenue * spread, flat, told)


def _revenue(
    table: _Table, as_of: pd.Timestamp, year: int, base: float, revenue: np.ndarray, told: float, planned: np.ndarray
) -> None:
    """Revenue of a year and of its quarters, and the run rate at the ends of its months and where it begins.

    ``revenue`` of the year on each path grows from ``base``, the plan's from ``told``.
    """
    drawn, rate = revenue.astype(float), table.level("annualized_revenue")
    for start, end, before, after in _spans(year):
        of_plan = _grown(planned, told, before, after)[0]
        quantiles = np.quantile(_grown(drawn, base, before, after), LEVELS)
        table.add("revenue", "", start, end, quantiles, rate * (after - before), of_plan)
    last = pd.Timestamp(year, 12, 31)
    for end in pd.date_range(pd.Timestamp(year - 1, 12, 31), last, freq="ME"):
        if end > as_of:
            share = end.dayofyear / last.dayofyear if end.year == year else 0.0
            quantiles = np.quantile(_rate(drawn, base, share), LEVELS)
            table.add("annualized_revenue", "", pd.NaT, end, quantiles, rate, _rate(planned, told, share)[0])


def _cash(table: _Table, inputs: funding.Inputs, lines: dict[str, dict[str, np.ndarray]]) -> None:
    """What the first year burns and its quarters, what it costs in computing, and the cash at its end, by case."""
    year, burned = int(inputs.years[0]), float(inputs.plan_burn[0])
    first, last_day = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    computing = float(funding.plan_compute(inputs)[0]) if "plan" in inputs.cases else np.nan
    left = inputs.base_cash + float(inputs.firm[0]) - burned
    for case, found in lines.items():
        burn = (found["compute"][0] + found["other"][0] - found["revenue"][0]).astype(float)
        for start, end, before, after in _spans(year):
            last, part = table.pace("cash_burn", (end - start).days + 1), after - before
            table.add("cash_burn", case, start, end, np.quantile(burn * part, LEVELS), last, burned * part)
        spent, kept = (np.quantile(found[line][0].astype(float), LEVELS) for line in ("compute", "cash"))
        pace = table.pace("compute_spend", last_day.dayofyear)
        table.add("compute_spend", case, first, last_day, spent, pace, computing)
        table.add("cash", case, pd.NaT, last_day, kept, table.level("cash"), left)


def _is_told(frame: pd.DataFrame, metrics: pd.DataFrame) -> np.ndarray:
    """Whether what happened in each row's period is known."""
    told = metrics[metrics["basis"].isin(bases.HAPPENED) & (metrics["by"] == "")]
    found: np.ndarray = pd.MultiIndex.from_frame(frame[KEY]).isin(pd.MultiIndex.from_frame(told[KEY]))
    return found
