"""What the chapter says of the gap: in each case, and how likely it is."""

import functools
import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import cash as cash_of
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import formats, modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Result, Results
from analysis.numbers.sustainability.cash import (
    CASE_NAMES,
    YEAR_COLUMNS,
    calibrated_on,
    cases,
    ends,
    missing,
    share,
    start_year,
    whole,
)

HOW = f"{modelling.PATHS:,} paths; 5th to 95th percentile, median in the middle."
OVER = (
    "From the lowest to the highest of the ways of counting: by signed and announced orders, by the machines it needs,"
    " by its own plan."
)


def _year(table: pd.DataFrame, year: float) -> pd.Series:
    """The row of a year, of NaN where there is none."""
    rows = table[table["year"] == year]
    return rows.iloc[0] if len(rows) else pd.Series(NAN, index=YEAR_COLUMNS)


def over_cases(f: Facts, name: str, label: str, values: pd.Series, unit: str, *used: pd.DataFrame, how: str) -> Result:
    """A result that is the range over cases; one number where there is only one."""
    low, high = (NAN, NAN) if values.dropna().empty else (float(values.min()), float(values.max()))
    low, high = (share(low), share(high)) if unit == "pct" else (whole(low), whole(high))
    is_one = math.isclose(low, high)
    return f.result(name, label, low if is_one else None, unit, *used, low=low, high=high, how=how)


def _to_raise(f: Facts, case: str, last: pd.Series, year: float, used: list[pd.DataFrame]) -> Result:
    """The gap in a case, of the model's last year."""
    suffix, by_when = "" if case == "contracts" else f"_{case}", "" if pd.isna(year) else f" by {year:.0f}"
    return f.result(
        f"gap{suffix}",
        f"What OpenAI would still have to raise{by_when}, by {CASE_NAMES[case]}",
        whole(last["gap_median"]),
        "usd_bn",
        *used,
        low=whole(last["gap_low"]),
        high=whole(last["gap_high"]),
        how=HOW,
    )


def by_contracts(ledger: Ledger, scenario: str = "central") -> Result:
    """The gap by contracts."""
    f, table = Facts(ledger, "sustainability", scenario), modelling.simulated(ledger, scenario)
    last = pd.Series(NAN, index=YEAR_COLUMNS) if table is None else table.iloc[-1]
    return _to_raise(f, "contracts", last, last["year"], calibrated_on(ledger))


@functools.lru_cache(maxsize=16)
def middle_gaps(ledger: Ledger, scenario: str = "central") -> dict[str, float]:
    """Return the gap of the last year by case with every choice in its middle and steady sales, US$ bn; empty when the
    model cannot be calibrated."""
    made = modelling.model(ledger, scenario)
    return {c: float(evaluate(*made, c, {})["gap"][-1, 0]) for c in made[0].cases} if made else {}


def gap(ledger: Ledger, scenario: str = "central") -> Results:
    """The gap in each case, its probability, and how sure the simulation is."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    made = modelling.model(ledger, scenario)
    known = made[0] if made else None
    last = ends(ledger, scenario).reindex([*CASE_NAMES])
    table = cases(ledger, scenario)
    contracts = table[table["case"] == "contracts"]
    year = float(table["year"].max()) if len(table) else NAN
    likely = contracts[contracts["probability"] > 0.5]
    by_when = f" by {year:.0f}" if known else ""
    revenue = cash_of.yearly(ledger.part("metrics", "entity", "openai"), "revenue")
    start = start_year(known, revenue.get(known.base_year, NAN), ledger.as_of) if known else None
    order = last["gap_median"].sort_values()
    central = middle_gaps(ledger, scenario)
    results = [
        f.result("is_known", "The model can be calibrated", known is not None, "flag", *used),
        over_cases(
            f,
            "cases",
            f"Missing{by_when} in the median future",
            last["gap_median"],
            "usd_bn",
            *used,
            how=OVER,
        ),
        over_cases(
            f,
            "probability_cases",
            "Simulated futures in which cash runs out, by each way of counting",
            100 * last["probability"],
            "pct",
            *used,
            how=OVER,
        ),
        f.result(
            "central_cases",
            "Shortfall with every choice in its middle and steady sales, case by case",
            _case_by_case(central),
            "text",
            *used,
        ),
        f.result("has_zero_case", "By a way of counting the median is nothing", bool(order.min() < 0.5), "flag", *used),
        f.result("highest_case", "Case with the largest shortfall", _name(order, -1), "text", *used),
        f.result(
            "is_likely",
            "Cash runs out on most paths in every case",
            bool(len(table)) and bool((last["probability"].dropna() > 0.5).all()),
            "flag",
            *used,
        ),
        f.result(
            "is_open_question",
            "Cash runs out on most paths in some cases only, or in none",
            bool(len(table)) and not bool((last["probability"].dropna() > 0.5).all()),
            "flag",
            *used,
        ),
        f.result("last_year", "Last year of the model", year, "year", *used),
        f.result(
            "first_year",
            "First year in which cash has run out on most paths, by signed and announced orders",
            float(likely["year"].iloc[0]) if len(likely) else None,
            "year",
            *used,
        ),
        f.result("base_year", "Base year of the model", float(known.base_year) if known else NAN, "year", *used),
        f.result(
            "base_revenue",
            "OpenAI's revenue in the base year",
            revenue.get(known.base_year, NAN) if known else NAN,
            "usd_bn",
            *used,
        ),
        f.result(
            "start_revenue",
            f"OpenAI's revenue of {start or 'the current year'}, with which the model starts",
            known.start_revenue if known else NAN,
            "usd_bn",
            *used,
            how="What is known of the year, and for a rest of it the newest run rate, growing as planned.",
        ),
        f.result(
            "has_start_rate",
            "Revenue of the current year rests on the run rate",
            known is not None and not math.isclose(known.start_revenue, revenue.get(start, NAN)),
            "flag",
            *used,
        ),
        f.result("start_year", "Year with which the model starts", float(start) if start else NAN, "year", *used),
        f.result(
            "base_cash",
            f"OpenAI's cash at the end of {known.base_year if known else 'the base year'}, estimated",
            known.base_cash if known else NAN,
            "usd_bn",
            *used,
            how=(
                "Last published cash, plus equity paid between its day and the end of the year, less the burn of"
                " that time; when the cash is of a later day, time runs back. Of a round paid in parts each counts"
                " on the day that the ledger tells; one without a day and not closed a year after it was known."
            ),
        ),
        f.result(
            "plan_2030",
            f"Revenue of {modelling.CAPACITY_YEAR} in OpenAI's own forecast",
            pd.Series(known.plan, known.years).get(modelling.CAPACITY_YEAR, NAN) if known else NAN,
            "usd_bn",
            *used,
        ),
        f.result(
            "obligations",
            "Contracts with a price falling due in the model's years",
            known.due[known.central, :2].sum() if known else NAN,
            "usd_bn",
            *used,
        ),
        f.result(
            "unpriced_gw",
            "Chips ordered without a price, due by the last year",
            known.due[known.central, 2].sum() if known else NAN,
            "gw",
            *used,
        ),
    ]
    for case, name in CASE_NAMES.items():
        row, suffix = last.loc[case], "" if case == "contracts" else f"_{case}"
        results += [
            _to_raise(f, case, row, year, used),
            f.result(
                f"present{suffix}",
                f"The same by {name}, discounted",
                whole(row["present"]),
                "usd_bn",
                *used,
                how="Median; each year's raising discounted to the base year at our central rate.",
            ),
            f.result(
                f"probability{suffix}",
                f"Share of paths on which cash runs out, by {name}",
                share(100 * row["probability"]),
                "pct",
                *used,
                how="Share of paths with a shortfall up to the last year.",
            ),
            f.result(
                f"has_case_{case}",
                f"The case can be computed: {name}",
                not pd.isna(row["gap_median"]),
                "flag",
                *used,
            ),
        ]
    return Results(results)


def _case_by_case(gaps: dict[str, float]) -> str | None:
    """The gap of each case in words, "nothing" once where all have none; None for no case."""
    told = {case: missing(gaps[case]) for case in CASE_NAMES if case in gaps}
    if set(told.values()) == {"nothing"}:
        return "nothing"
    return formats.listed([f"{gap} by {CASE_NAMES[case]}" for case, gap in told.items()]) or None


def _name(order: pd.Series, place: int) -> str | None:
    """The name of a case in an ordered series, None where none is known."""
    known = order.dropna()
    return CASE_NAMES[str(known.index[place])] if len(known) else None
