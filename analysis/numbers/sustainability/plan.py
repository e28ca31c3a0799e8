"""OpenAI's own plan, reproduced from its parts before anything else is said."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import plan
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import formats, modelling, named_sums, quantities, singles
from analysis.numbers.facts import NAN, Facts, day, ratio, value
from analysis.numbers.results import Results

AHEAD = {
    "training": ("openai", "compute_spend_training", "Computing for training up to the end of the decade, as forecast"),
}


def rows_behind(ledger: Ledger) -> pd.DataFrame:
    """Return the rows of OpenAI's forecasts of revenue, burn and computing, also those replaced since."""
    rows = modelling.every_metric(ledger)
    rows = rows[rows["metric"].isin(["revenue", "cash_burn", "compute_spend"]) & (rows["by"] == "")]
    return rows[rows["basis"].isin(["projection", "guidance"])]


def known(ledger: Ledger, scenario: str = "central") -> plan.Plan | None:
    """Return OpenAI's newest own plan as known on the day, None without one."""
    return modelling.own_plan(ledger, ledger.assumptions(scenario))


def computing(found: plan.Plan) -> pd.Series:
    """Return computing by year that the identity of a plan leaves, US$ bn; NaN where its other costs are not known."""
    return (1 - found.other) * found.revenue + found.burn


def reproduced(ledger: Ledger, scenario: str = "central") -> pd.Series:
    """Return the burn by year that the model gives on the plan's own lines, US$ bn; empty where it cannot be computed.

    Revenue is the forecast, other costs what the plan leaves for them: nothing else is ours.
    """
    made = modelling.model(ledger, scenario)
    if made is None or "plan" not in made[0].cases:
        return pd.Series(dtype=float)
    inputs, choices = made
    other = inputs.plan_other
    lines = evaluate(inputs, choices, "plan", {"attainment": 1.0, "flex": 0.0, "other_share": other})
    first = inputs.start_revenue - inputs.plan[0] if inputs.open_share < 1 else 0.0
    burn = lines["compute"][:, 0] + lines["other"][:, 0] - lines["revenue"][:, 0]
    burn[0] += first * (1 - other)  # the run rate replaces the plan in the current year
    return pd.Series(burn, inputs.years)[np.isfinite(inputs.plan_burn)]


def own(ledger: Ledger, scenario: str = "central") -> Results:
    """What OpenAI's plan says of its costs, and the identity checked against what became known otherwise."""
    f = Facts(ledger, "sustainability", scenario)
    found, rows = known(ledger, scenario), rows_behind(ledger)
    shares = found.other_shares() if found else []
    years = [*found.burn.index] if found else []
    burnt = found.burn[found.burn > 0] if found else pd.Series(dtype=float)
    told = pd.DataFrame()
    if found is not None:
        for year in years:
            told = f.last("openai", "compute_spend", start=f"{year}-01-01", end=f"{year}-12-31")
            told = told[told["as_of"] > found.day]
            if len(told):
                break
    by_identity = computing(found) if found else pd.Series(dtype=float)
    told_year = int(told["start"].dt.year.iloc[0]) if len(told) else None
    actual = _actual_other(f)
    span = {"start": f"{actual[2]:.0f}-01-01", "end": f"{actual[2]:.0f}-12-31"} if actual[1] else {"basis": "unknown"}
    marketing = f.last("openai", "sales_marketing", **span)
    sold = quantities.same_account(f, "revenue", marketing)
    ads = f.last("openai", "revenue_ads")
    sales = _sales_planned_with(ledger, ads)
    ads_share = 100 * ratio(value(ads), value(sales))
    newer = _newer_computing(f, found)
    filled = [str(year) for year in found.filled] if found else []
    older = [f"{year} (told in {formats.month(day)})" for year, day in found.older.items()] if found else []
    return Results(
        [
            *singles.published(f, AHEAD),
            f.result(
                "plan_day", "OpenAI's plan is known since", f"{found.day:%Y-%m-%d}" if found else None, "date", rows
            ),
            f.result("has_filled", "Sales of some of its years have not leaked", len(filled) > 0, "flag", rows),
            f.result(
                "has_older", "Sales of some of its years are an older forecast's", bool(older and shares), "flag", rows
            ),
            f.result("older", "These years, and when told", formats.listed(older) or None, "text", rows),
            f.result("filled", "These years", formats.listed(filled) or None, "text", rows),
            f.result(
                "has_newer_compute", "It has named another sum for computing since", len(newer) > 0, "flag", newer
            ),
            f.result("newer_compute", "That sum", value(newer), "usd_bn", newer),
            f.result("newer_compute_day", "It was named on", day(newer), "date", newer),
            f.result(
                "newer_compute_end", "It is for the time to the end of", quantities.calendar_year(newer), "year", newer
            ),
            f.result("ads_year", "Year of that plan for ads", quantities.calendar_year(ads), "year", ads),
            f.result("ads_share", "Part of ads in the sales planned for that year", ads_share, "pct", ads, sales),
            f.result("has_identity", "The plan says what computing costs", bool(shares), "flag", rows),
            f.result("plan_first_year", "First year of OpenAI's plan", float(years[0]) if years else NAN, "year", rows),
            f.result("plan_last_year", "Last year of OpenAI's plan", float(years[-1]) if years else NAN, "year", rows),
            f.result("plan_burn", "Cash that OpenAI plans to burn before it earns", burnt.sum() or NAN, "usd_bn", rows),
            f.result("plan_revenue", "Revenue in OpenAI's plan", found.revenue.sum() if found else NAN, "usd_bn", rows),
            f.result(
                "plan_compute",
                "Computing in OpenAI's plan",
                None,
                "usd_bn",
                rows,
                low=found.computing[0] if shares and found else NAN,
                high=found.computing[-1] if shares and found else NAN,
            ),
            f.result(
                "plan_other",
                "Other costs that OpenAI's plan leaves, of revenue",
                None,
                "pct",
                rows,
                low=100 * min(shares) if shares else NAN,
                high=100 * max(shares) if shares else NAN,
                how="Revenue plus burn less computing, over revenue, for the plan's years.",
            ),
            f.result(
                "marketing",
                "Sales and marketing of that year, of revenue, by leaked accounts",
                100 * ratio(value(marketing), value(sold)),
                "pct",
                marketing,
                sold,
            ),
            f.result(
                "has_marketing", "Sales and marketing of that year are known", len(marketing) > 0, "flag", marketing
            ),
            f.result("actual_year", "Year of these costs", actual[2], "year", *actual[1]),
            f.result(
                "identity_compute",
                "Computing of that year by the plan's identity",
                by_identity.get(told_year, NAN),
                "usd_bn",
                rows,
            ),
            f.result("told_compute", "Computing of that year as told since", value(told), "usd_bn", told),
            f.result(
                "has_told",
                "Computing of a planned year has been told otherwise",
                bool(shares) and len(told) > 0,
                "flag",
                told,
                rows,
            ),
        ]
    )


def _sales_planned_with(ledger: Ledger, row: pd.DataFrame) -> pd.DataFrame:
    """OpenAI's forecast of its revenue in the period of a row, as known when that row was (one row or none)."""
    rows = rows_behind(ledger)
    same = rows["start"].isin(row["start"]) & rows["end"].isin(row["end"])
    then = rows[same & (rows["metric"] == "revenue") & (rows["as_of"] <= row["as_of"].max())]
    return then.sort_values("as_of", kind="stable").tail(1)


def _newer_computing(f: Facts, found: plan.Plan | None) -> pd.DataFrame:
    """What OpenAI has said since its plan that it will spend on computing (one row or none)."""
    said = named_sums.spending_plans(f, named_sums.climb_down(f.ledger))[1]
    return said[said["as_of"] > found.day + plan.SAME_DAY] if found else said.head(0)


def _actual_other(f: Facts) -> tuple[float, list[pd.DataFrame], float]:
    """Other costs over revenue of the newest past year for which all parts are known, the rows and the year."""
    for year in range(f.ledger.as_of.year - 1, f.ledger.as_of.year - 3, -1):
        span = {"start": f"{year}-01-01", "end": f"{year}-12-31", "by": ""}
        parts = [f.metric("openai", m, **span) for m in ("revenue", "cash_burn", "compute_spend")]
        parts = [p[p["basis"].isin(["actual", "audited", "reported"])].sort_values("as_of").tail(1) for p in parts]
        if all(len(p) for p in parts):
            revenue, burn, compute = (value(p) for p in parts)
            return (revenue + burn - compute) / revenue, parts, float(year)
    return NAN, [], NAN
