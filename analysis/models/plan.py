"""OpenAI's own plan as it leaked, one forecast at a time, and what it says about its costs.

Identity: revenue + burn = computing + other costs. Whoever knows three of them knows the fourth.

- A plan is one forecast: the burn of at least three years told on one day. Years of another day are never mixed in.
- Of a plan that gives a sum over years and all of them but one, the missing year is the difference.
- Its revenue is what was known on its day, for some years from an older forecast; its computing is a total over the
  same years told within a week of it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.models import periods
from analysis.models.funding.inputs import planned

FEWEST_YEARS = 3
SAME_DAY = pd.Timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes
    ----------
    day : Timestamp
        When it became known.
    burn, revenue : Series
        US$ bn by calendar year of the plan (below 0: cash generated).
    computing : list of float
        Totals told for the plan's years, US$ bn, rising; empty where none is.
    filled : tuple of int
        Years whose revenue was not told by its day and is filled in.
    older : dict
        Years whose revenue rests on an older forecast, each with the day of that.
    """

    day: pd.Timestamp
    burn: pd.Series
    revenue: pd.Series
    computing: list[float]
    filled: tuple[int, ...] = ()
    older: dict[int, pd.Timestamp] = field(default_factory=dict)

    def other_shares(self) -> list[float]:
        """Other costs as a share of revenue, one for each total of computing, falling."""
        total = float(self.revenue.sum())
        return [(total + float(self.burn.sum()) - c) / total for c in self.computing]

    @property
    def other(self) -> float:
        """The middle of `other_shares`, NaN where no computing is told."""
        found = self.other_shares()
        return (found[0] + found[-1]) / 2 if found else float("nan")


def own(metrics: pd.DataFrame, metric: str) -> pd.DataFrame:
    """OpenAI's forecasts of a metric for which no single speaker is named."""
    return metrics[
        (metrics["entity"] == "openai")
        & (metrics["metric"] == metric)
        & (metrics["by"] == "")
        & metrics["basis"].isin(["projection", "guidance"])
    ]


def newest(metrics: pd.DataFrame, history: pd.DataFrame, fade: float = 0.5) -> Plan | None:
    """The newest plan that is known, None without one.

    Parameters
    ----------
    metrics : DataFrame
        Every row known on the day, also those that a later statement replaced.
    history : DataFrame
        Revenue by calendar year as known on a day: columns start, as_of, value, of any basis.
    fade : float
        As for `funding.planned`.
    """
    rows = own(metrics, "cash_burn")
    by_year = periods.calendar_years(rows)
    told = by_year.groupby("as_of")["start"].nunique()
    days = told.index[told >= FEWEST_YEARS]
    if not len(days):
        return None
    day = days.max()
    mine = by_year[by_year["as_of"] == day]
    burn = pd.Series(mine["value"].to_numpy(), mine["start"].dt.year.to_numpy()).sort_index()
    sums = rows[(rows["as_of"] == day) & ((rows["end"] - rows["start"]).dt.days > periods.YEAR_DAYS[1])]
    for first, last, total in zip(sums["start"].dt.year, sums["end"].dt.year, sums["value"], strict=True):
        missing = [y for y in range(first, last + 1) if y not in burn.index]
        if len(missing) == 1:
            burn[missing[0]] = total - burn.loc[[y for y in range(first, last + 1) if y in burn.index]].sum()
    burn = burn.sort_index()
    first, last = int(burn.index[0]), int(burn.index[-1])
    told_then = history[history["as_of"] <= day].sort_values("as_of", kind="stable")
    last_told = told_then.groupby(told_then["start"].dt.year)[["value", "as_of"]].last()
    known = last_told["value"].to_dict()
    if first - 1 not in known or not any(y >= first for y in known):
        return None
    path = planned(known, first - 1, known[first - 1], fade, max(last, *known))
    revenue = pd.Series(path[: last - first + 1], range(first, last + 1))
    computing = own(metrics, "compute_spend")
    computing = computing[
        (computing["start"].dt.year == first)
        & (computing["end"].dt.year == last)
        & ((computing["as_of"] - day).abs() <= SAME_DAY)
    ]
    filled = tuple(year for year in revenue.index if year not in known)
    days_told = last_told["as_of"].reindex(revenue.index).dropna()
    older = days_told[day - days_told > SAME_DAY].to_dict()
    return Plan(day, burn, revenue, sorted(set(computing["value"])), filled, older)


def burn_by_year(plan: Plan | None, years: np.ndarray) -> np.ndarray:
    """The plan's burn in the given calendar years (Y,), US$ bn; NaN where it does not say."""
    burn = plan.burn if plan is not None else pd.Series(dtype=float)
    found: np.ndarray = burn.reindex(years).to_numpy(float)
    return found
