"""Whether the cash lasts: the gap, how likely it is, the other scenarios, and the choices that matter most."""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, funding
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results

SAMPLES = 8192  # of each choice, for the Sobol indices
SHOCK = "shock"
SHOCK_RANGE = (-2.0, 2.0)  # standard deviations
CHOICE_NAMES = {
    "attainment": "growth that comes true",
    "take_up": "contracts used (take-up)",
    "other_share": "other costs",
    "share_rate": "revenue share",
    "conditional": "conditional equity",
    "compute_floor": "cost of serving",
    SHOCK: "surprises in growth",
}
YEAR_COLUMNS = ["year", "gap_low", "gap_median", "gap_high", "probability", "error"]


def calibrated_on(ledger: Ledger) -> list[pd.DataFrame]:
    """Return the rows on which the funding model is calibrated: OpenAI's metrics and its deals."""
    metrics = ledger.part("metrics", "entity", "openai")
    own = metrics[metrics["metric"].isin(["revenue", "cash", "cash_burn"])]
    return [own, deals.payments(ledger.deals, scope="openai")]


def _year(table: pd.DataFrame, year: float) -> pd.Series:
    """The row of a year, of NaN where there is none."""
    rows = table[table["year"] == year]
    return rows.iloc[0] if len(rows) else pd.Series(NAN, index=YEAR_COLUMNS)


def gap(ledger: Ledger, scenario: str = "central") -> Results:
    """The funding gap, its probability, and how sure the simulation is."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    made = modelling.simulated(ledger, scenario)
    known, chosen, table = made or (None, None, pd.DataFrame(columns=YEAR_COLUMNS, dtype=float))
    last, middle = _year(table, table["year"].max()), min(modelling.CAPACITY_YEAR, table["year"].max())
    decade_end = _year(table, middle)
    likely = table[table["probability"] > 0.5]
    plan = pd.Series(known.plan, known.years).get(middle, NAN) if known else NAN
    path = funding.central_path(known, chosen)["gap"].iloc[-1] if known and chosen else NAN
    by_when = f" by {last['year']:.0f}" if known else ""
    how = f"{modelling.PATHS:,} paths; 5th to 95th percentile, median in the middle."
    return Results(
        [
            f.result("is_known", "The model can be calibrated", known is not None, "flag", *used),
            f.result(
                "gap",
                f"What OpenAI would still have to raise{by_when}",
                last["gap_median"],
                "usd_bn",
                *used,
                low=last["gap_low"],
                high=last["gap_high"],
                how=how,
            ),
            f.result(
                "gap_2030",
                f"Still to be raised by {modelling.CAPACITY_YEAR}",
                decade_end["gap_median"],
                "usd_bn",
                *used,
                low=decade_end["gap_low"],
                high=decade_end["gap_high"],
                how=how,
            ),
            f.result("last_year", "Last year of the model", float(last["year"]), "year", *used),
            f.result(
                "probability",
                "Share of paths on which cash runs out by the last year",
                100 * last["probability"],
                "pct",
                *used,
                how="Share of paths with a shortfall up to the last year.",
            ),
            f.result("is_likely", "Cash runs out on most paths", bool(last["probability"] > 0.5), "flag", *used),
            f.result(
                "probability_error",
                "Standard error of the share of paths on which cash runs out",
                100 * last["error"],
                "pct",
                *used,
            ),
            f.result(
                "first_year",
                "First year in which cash has run out on most paths",
                float(likely["year"].iloc[0]) if len(likely) else None,
                "year",
                *used,
            ),
            f.result("central_gap", "Gap without surprises, at the central choices", path, "usd_bn", *used),
            f.result(
                "base_revenue",
                "OpenAI's revenue in the base year",
                known.base_revenue if known else NAN,
                "usd_bn",
                *used,
            ),
            f.result("base_year", "Base year of the model", float(known.base_year) if known else NAN, "year", *used),
            f.result(
                "base_cash",
                "OpenAI's cash at the end of the base year, estimated",
                known.base_cash if known else NAN,
                "usd_bn",
                *used,
                how=(
                    "Last published cash, plus equity paid between its day and the end of the year, less the burn of "
                    "that time; when the cash is of a later day, time runs back. Of a round paid in parts each counts "
                    "on the day that the ledger tells; one without a day and not closed a year after it was known."
                ),
            ),
            f.result(
                "plan_2030",
                f"Revenue of {modelling.CAPACITY_YEAR} in OpenAI's own forecast",
                plan,
                "usd_bn",
                *used,
            ),
            f.result(
                "obligations",
                "Contracts falling due in the model's years",
                known.obligations.sum() if known else NAN,
                "usd_bn",
                *used,
            ),
        ]
    )


@functools.lru_cache(maxsize=4)
def scenarios(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return how each scenario of the assumptions, and the one asked for, goes on.

    Returns
    -------
    DataFrame
        Columns scenario, year, probability (of a shortfall up to the year, 0 to 1), error (its standard error) and
        gap_median (US$ bn); empty when the model cannot be calibrated.
    """
    parts = [pd.DataFrame(columns=["scenario", "year", "probability", "error", "gap_median"])]
    for name in dict.fromkeys([*ledger["assumptions"]["scenario"], scenario]):
        made = modelling.simulated(ledger, name)
        if made is not None:
            parts.append(made[2][["year", "probability", "error", "gap_median"]].assign(scenario=name))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def spread(ledger: Ledger, scenario: str = "central") -> Results:
    """What the other scenarios say."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    ends = scenarios(ledger, scenario).groupby("scenario").last().reindex(["slow", "fast"])
    probability, median = 100 * ends["probability"], ends["gap_median"]
    return Results(
        [
            f.result(
                "probability_slow",
                "Share of paths on which cash runs out if growth is slow",
                probability["slow"],
                "pct",
                *used,
            ),
            f.result(
                "probability_fast",
                "Share of paths on which cash runs out if the plan comes true",
                probability["fast"],
                "pct",
                *used,
            ),
            f.result("gap_slow", "Median gap if growth is slow", median["slow"], "usd_bn", *used),
            f.result("gap_fast", "Median gap if the plan comes true", median["fast"], "usd_bn", *used),
        ]
    )


@functools.lru_cache(maxsize=2)
def sensitivity(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return how far each choice moves the gap of the last year, the largest first.

    Returns
    -------
    DataFrame
        Sobol indices (shares of the variance, 0 to 1): parameter, name (in readers' words), first, first_error, total,
        total_error; empty when the model cannot be calibrated.
    """
    made = modelling.simulated(ledger, scenario)
    if made is None:
        return pd.DataFrame(columns=["parameter", "first", "first_error", "total", "total_error", "name"])
    known, chosen, _ = made
    ranges = {name: (getattr(chosen, name).low, getattr(chosen, name).high) for name in funding.DRAWN}
    table = funding.sobol(funding.gap_of(known, chosen), ranges | {SHOCK: SHOCK_RANGE}, samples=SAMPLES)
    return table.assign(name=table["parameter"].map(CHOICE_NAMES))


def weights(ledger: Ledger, scenario: str = "central") -> Results:
    """Which choice moves the gap most."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    table = sensitivity(ledger, scenario).reindex(range(2))  # the first two, of NaN where there are none
    names, totals = table["name"], 100 * table["total"].astype(float)
    return Results(
        [
            f.result("top_choice", "Factor that matters most for the gap", names[0], "text", *used),
            f.result(
                "top_total",
                "Largest factor's share of variance, with interactions",
                totals[0],
                "pct",
                *used,
                how="Total Sobol index over the ranges of our choices.",
            ),
            f.result("second_choice", "Factor that matters second for the gap", names[1], "text", *used),
            f.result("second_total", "Second factor's share of variance, with interactions", totals[1], "pct", *used),
        ]
    )
