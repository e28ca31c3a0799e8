"""What our models say of figures that nobody has told yet."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import periods
from analysis.models.calibration import earned_from, newest_rate, run_rate_revenue
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts, day, value
from analysis.numbers.results import Result, Results
from analysis.numbers.scorecard.predicted import statements
from analysis.numbers.sustainability.cash import calibrated_on
from analysis.numbers.timespans import DECEMBER


def implied_rate(ledger: Ledger) -> float:
    """Return the run rate at the year's end that the model's sales of the current year imply, US$ bn a year.

    They are what is told of the year and, for the rest, the newest run rate growing as planned; this is where it has
    grown by then. NaN where they do not rest on a run rate.
    """
    made, metrics = modelling.model(ledger, "central"), ledger.part("metrics", "entity", "openai")
    if made is None or made[0].base_year != ledger.as_of.year:
        return NAN
    growth, after = modelling.growth_in_course(ledger, made[0]), pd.Timestamp(ledger.as_of.year + 1, 1, 1)
    if pd.isna(run_rate_revenue(metrics, ledger.as_of, growth)[0]):
        return NAN
    rate = newest_rate(metrics, ledger.as_of)
    years = (after - rate["end"].iloc[0] - pd.Timedelta(days=1)).days / periods.DAYS_PER_YEAR
    return float(rate["value"].iloc[0] * np.exp(growth * years))


def rest_pace(ledger: Ledger, year: pd.Series) -> float:
    """Return at what pace sales must run after the last reported quarter for a statement on a year to come true.

    ``year`` has start, end and p50. US$ bn a year, over the days that are left; NaN where nothing of the year is
    reported.
    """
    mine = ledger.part("metrics", "entity", "openai")
    own = mine[(mine["metric"] == "revenue") & (mine["by"] == "")]
    earned, after = earned_from(year["start"], own[own["end"] <= ledger.as_of])
    left = (year["end"] - after).days + 1
    if not earned or left <= 0:
        return NAN
    return float((year["p50"] - earned) * ((year["end"] - year["start"]).days + 1) / left)


def unsettled(ledger: Ledger) -> pd.DataFrame:
    """Return the statements of the newest key day that nothing has settled yet; see `statements`."""
    every = statements(ledger)
    return every[(every["as_of"] == every["as_of"].max()) & every["outcome"].isna()] if len(every) else every


def ahead(ledger: Ledger, scenario: str = "central") -> Results:
    """What the newest statements say of the figures that will settle them first."""
    f = Facts(ledger, "scorecard", scenario)
    newest = unsettled(ledger)
    years = newest[(newest["metric"] == "revenue") & ((newest["end"] - newest["start"]).dt.days > 360)]
    rates = newest[newest["metric"] == "annualized_revenue"]
    first = rates.sort_values("end", kind="stable").head(1)
    told = f.metric("openai", "annualized_revenue", basis="guidance")
    told = told[told["end"].isin(first["end"])].tail(1)
    is_below = len(told) > 0 and bool(first["p50"].iloc[0] < told["value"].iloc[0])
    implied = implied_rate(ledger.at(newest["as_of"].iloc[0])) if len(newest) else NAN
    at_end = first[(first["end"].dt.month == DECEMBER) & first["end"].isin(years["end"])]
    is_outside = len(at_end) > 0 and bool(implied > at_end["p95"].iloc[0] or implied < at_end["p5"].iloc[0])
    basis = calibrated_on(ledger.at(newest["as_of"].iloc[0])) if len(newest) else []
    pace = rest_pace(ledger, years.iloc[0]) if len(years) else NAN
    is_above = len(at_end) > 0 and bool(pace > at_end["p50"].iloc[0])

    def said(name: str, label: str, frame: pd.DataFrame) -> list[Result]:
        first = frame.sort_values("end", kind="stable").head(1)
        row = first.iloc[0] if len(first) else None
        ends = {"low": row["p5"], "high": row["p95"]} if row is not None else {}
        return [
            f.result(name, label, row["p50"] if row is not None else NAN, "usd_bn", *basis, **ends),
            f.result(f"{name}_day", f"{label}: until", day(first, "end"), "date"),
            f.result(f"has_{name}", f"{label}: said", row is not None, "flag"),
        ]

    return Results(
        [
            *said("next_revenue", "Revenue of the next year to be told", years),
            *said("next_rate", "Run rate at the next month's end", rates),
            f.result(
                "implied_rate",
                "The run rate at the year's end that its sales imply",
                implied,
                "usd_bn",
                *basis,
                how="The newest run rate, growing as planned to the end of the year.",
            ),
            f.result("is_rate_outside", "It lies outside the model's range for that rate", is_outside, "flag", *basis),
            f.result(
                "rest_pace",
                "The pace at which sales must run for the rest of the year to come to its statement",
                pace,
                "usd_bn",
                *basis,
                how="Its median less what is reported of the year, over the days that are left.",
            ),
            f.result("is_pace_above", "That pace is above its median for the year's end", is_above, "flag", *basis),
            f.result("next_rate_told", "OpenAI's own word for that rate", value(told), "usd_bn", told),
            f.result("is_rate_below", "The model's median is below OpenAI's own word", is_below, "flag", told, *basis),
        ]
    )
