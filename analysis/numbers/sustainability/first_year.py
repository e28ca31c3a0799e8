"""What the sales with which the model starts leave for the rest of their year, beside what is known of it."""

import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import cash as cash_of
from analysis.models.calibration import earned_from
from analysis.numbers import modelling, quantities
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import calibrated_on, start_year


def first_year(ledger: Ledger, scenario: str = "central") -> Results:
    """What is known of the year with which the model starts, what is left to its rest, and OpenAI's own forecast."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    made = modelling.model(ledger, scenario)
    mine = ledger.part("metrics", "entity", "openai")
    told = cash_of.yearly(mine, "revenue")
    start = start_year(made[0], told.get(made[0].base_year, NAN), ledger.as_of) if made else None
    sales, plan = (made[0].start_revenue, float(told.get(start, NAN))) if made and start else (NAN, NAN)
    earned, after = 0.0, ledger.as_of
    if start:
        own = mine[(mine["metric"] == "revenue") & (mine["by"] == "")]
        earned, after = earned_from(pd.Timestamp(start, 1, 1), own[own["end"] <= ledger.as_of])
    own = mine[(mine["metric"] == "revenue") & (mine["by"] == "") & mine["basis"].isin(bases.FORECASTS)]
    is_year = (own["start"] == pd.Timestamp(start, 1, 1)) & (own["end"] == pd.Timestamp(start, 12, 31)) if start else []
    forecast = own.loc[is_year, "as_of"]
    has_part = bool(start and earned > 0 and after.year == start and sales > earned)
    days = (pd.Timestamp(start + 1, 1, 1) - after).days if start and has_part else 0
    rest = sales - earned if has_part else NAN
    quarter, rate = f.quarters("openai", "revenue").tail(1), quantities.run_rate(f).tail(1)
    return Results(
        [
            f.result(
                "start_earned",
                f"OpenAI's revenue of {start or 'the year'}, as far as it is reported",
                earned if has_part else NAN,
                "usd_bn",
                *used,
                how="The longest periods that follow one another from the first day of the year.",
            ),
            f.result(
                "start_rest_pace",
                "The same as the sales of a year at that pace",
                rest * (366 if start and pd.Timestamp(start, 12, 31).dayofyear == 366 else 365) / days if days else NAN,
                "usd_bn",
                *used,
                how="Over the days that are left, for all days of the year.",
            ),
            f.result(
                "is_rate_above",
                "A part of that year is reported, at a lower pace than the newest month's",
                has_part and 4 * value(quarter) < value(rate),
                "flag",
                quarter,
                rate,
            ),
            f.result("has_start_earned", "A part of the model's first year is reported", has_part, "flag", *used),
            f.result("start_plan", "OpenAI's own forecast of that year", plan, "usd_bn", *used),
            f.result(
                "start_plan_day",
                "Day on which that forecast became known",
                f"{forecast.max():%Y-%m-%d}" if len(forecast) else None,
                "date",
                *used,
            ),
            f.result(
                "is_start_above_plan",
                "The model starts with more than OpenAI's own forecast of the year",
                bool(not math.isnan(plan) and sales > plan),
                "flag",
                *used,
            ),
        ]
    )
