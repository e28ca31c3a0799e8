"""What our record on sales, and a doubt about the newest pace of them, would do to the shortfall that leads."""

import dataclasses

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.calibration import newest_rate, run_rate_revenue
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.scorecard import predicted
from analysis.numbers.sustainability.cash import LEAST, calibrated_on, missing

CASE = "contracts"
NEAR = pd.Timedelta(days=92)


def mean_miss(found: pd.DataFrame) -> float:
    """By which share sales came above our medians, each figure counted once; from settled statements."""
    sales = found[found["metric"].isin(predicted.SALES) & (found["p50"] > 0)]
    misses = (sales["outcome"] / sales["p50"] - 1).groupby([sales[c] for c in predicted.FIGURE], dropna=False).mean()
    return float(misses.mean()) if len(misses) else NAN


def scaled(known: funding.Inputs, share: float) -> funding.Inputs:
    """The model in which sales lie above ours by a share, in each year and on each path."""
    return dataclasses.replace(known, start_revenue=known.start_revenue * (1 + share), plan=known.plan * (1 + share))


def started_from_quarter(f: Facts, known: funding.Inputs) -> funding.Inputs | None:
    """The model whose sales start from four times the newest quarter, where one lies near the newest run rate."""
    metrics = f.ledger.part("metrics", "entity", "openai")
    newest = newest_rate(metrics, f.ledger.as_of)
    quarter = f.quarters("openai", "revenue").tail(1)
    if newest.empty or quarter.empty or abs(newest["end"].iloc[0] - quarter["end"].iloc[0]) > NEAR:
        return None
    end, pace = quarter["end"].iloc[0], 4 * float(quarter["value"].iloc[0])
    others = metrics[metrics["metric"] != "annualized_revenue"]
    told = pd.concat([others, newest.assign(end=end, value=pace)])
    sales = run_rate_revenue(told, f.ledger.as_of, modelling.growth_in_course(f.ledger, known))[0]
    return dataclasses.replace(known, start_revenue=float(sales)) if sales > 0 else None


def consequence(ledger: Ledger, scenario: str = "central") -> Results:
    """How much smaller the shortfall is if sales go on beating us, how much larger if the newest pace is none."""
    f, used = Facts(ledger, "scorecard", scenario), calibrated_on(ledger)
    made, miss = modelling.model(ledger, scenario), mean_miss(predicted.settled(ledger))
    less, more = NAN, NAN
    if made is not None:
        ours = modelling.ending(*made, CASE)[0]
        quarter = started_from_quarter(f, made[0])
        less = ours - modelling.ending(scaled(made[0], miss), made[1], CASE)[0] if miss > 0 else NAN
        more = modelling.ending(quarter, made[1], CASE)[0] - ours if quarter is not None else NAN
    return Results(
        [
            f.result(
                "gap_less",
                "By how much the shortfall by signed and announced orders is smaller if sales keep beating our medians",
                missing(less),
                "text",
                *used,
                how="Sales of each year are above ours by as much as they were on average in the settled statements.",
            ),
            f.result("has_gap_less", "It is smaller then", less >= LEAST, "flag", *used),
            f.result(
                "gap_more",
                "By how much it is larger if the newest pace counts what the quarters do not",
                missing(more),
                "text",
                *used,
                how="Sales of the current year go on from four times the newest quarter, growing as planned.",
            ),
            f.result("has_gap_more", "It is larger then", more >= LEAST, "flag", *used),
        ]
    )
