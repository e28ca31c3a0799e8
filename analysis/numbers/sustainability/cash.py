"""Whether the cash lasts: the gap in each case, how likely it is, and how it looks under the other scenarios."""

import functools
import math

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.models.funding import schedule
from analysis.models.funding.gap_specifications import evaluate
from analysis.models.funding.inputs import Inputs
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.facts import Facts

LEAST = 0.5  # US$ bn: a smaller difference in what is missing is not told
CASE_NAMES = {"contracts": "signed and announced orders", "capacity": "the machines it needs", "plan": "its own plan"}
LEAD = "contracts"  # the way of counting that the report leads with
BRIDGE = {
    "base_cash": "cash at the start",
    "equity": "equity still to come",
    "revenue": "revenue",
    "compute": "computing",
    "other": "other costs",
    "cash": "left, or missing",
}
# What a scenario changes, for readers; the others bear their own names.
SCENARIO_NAMES = {
    "central": "our choices",
    "slow": "growth disappoints",
    "fast": "growth is exactly as planned",
    "full-use": "every contract is paid in full",
    "dear-rent": "a gigawatt is expensive",
}
# The metrics of OpenAI that the model starts from, by what they give it.
INPUTS = {
    "Sales, past and forecast": ("revenue", "annualized_revenue"),
    "Cash, and how much is burned": ("cash", "cash_burn"),
    "Computing, past and planned": ("compute_spend", "compute_capacity"),
}
YEAR_COLUMNS = ["year", "gap_low", "gap_median", "gap_high", "probability", "error", "present"]


def start_year(inputs: Inputs, base_revenue: float, as_of: pd.Timestamp) -> int:
    """Return the year whose revenue the model starts from: the current one or, where it cannot tell that, the last.

    ``base_revenue`` is what is known of the base year (US$ bn).
    """
    return inputs.base_year if math.isclose(inputs.start_revenue, base_revenue) else as_of.year


def calibrated_on(ledger: Ledger) -> list[pd.DataFrame]:
    """Return the rows on which the funding model is calibrated: OpenAI's metrics and its deals."""
    metrics = ledger.part("metrics", "entity", "openai")
    own = metrics[
        metrics["metric"].isin(["revenue", "annualized_revenue", "cash", "cash_burn", "compute_spend"])
        | (metrics["metric"] == "compute_capacity")
    ]
    return [own, deals.payments(ledger.deals, scope="openai")]


def inputs_told(ledger: Ledger) -> dict[str, list[pd.DataFrame]]:
    """Return the rows of the ledger that the funding model computes with, by what they give it."""
    metrics = ledger.part("metrics", "entity", "openai")
    metrics = metrics[metrics["by"] == ""]
    f = Facts(ledger, "sustainability")
    coming = ledger.deals["deal"].isin(quantities.equity_to_come(f)["deal"])
    return {words: [metrics[metrics["metric"].isin(names)]] for words, names in INPUTS.items()} | {
        "Orders": [schedule.contracts(ledger.deals)],
        "Shares still to be paid for": [ledger.deals[coming]],
    }


def whole(value: float) -> float:
    """Return a simulated amount or share without decimals: more digits than the model can know."""
    return value if pd.isna(value) else float(round(value))


def missing(value: float) -> str | None:
    """Return a gap in US$ bn as a sentence has it: "nothing" where none is left; None where it is not known."""
    if pd.isna(value):
        return None
    return formats.or_nothing(formats.whole_bn(value))


def share(value: float) -> float:
    """Return a share of paths in per cent without decimals, but never all or none where it is not."""
    return whole(value) if value in (0, 100) or 0.5 <= value < 99.5 else float(value)


@functools.lru_cache(maxsize=16)
def cases(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the gap by case and year.

    Returns
    -------
    DataFrame
        Columns case, name (for readers), year, gap_low, gap_median, gap_high (US$ bn), probability (of a shortfall up
        to the year, 0 to 1), error (its standard error), present (median gap of the last year, discounted); empty when
        the model cannot be calibrated.
    """
    parts = [pd.DataFrame(columns=["case", "name", *YEAR_COLUMNS])]
    for case, name in CASE_NAMES.items():
        table = modelling.simulated(ledger, scenario, case)
        if table is not None:
            parts.append(table.assign(case=case, name=name)[["case", "name", *YEAR_COLUMNS]])
    return pd.concat(parts[1:] or parts, ignore_index=True)


def ends(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the last year of `cases`, the index being the case."""
    return cases(ledger, scenario).groupby("case", sort=False).last()


def bridge(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return where the cash goes up to the year in which the cases together have least of it, without surprises.

    Returns
    -------
    DataFrame
        Columns case, name (for readers), year (the last that is summed), line (key of `BRIDGE`), value (US$ bn, below 0
        for what is paid); each case's first five lines sum to its last.
    """
    made, rows = modelling.model(ledger, scenario), []
    if made is not None:
        known, chosen = made
        every = {c: {n: v[:, 0] for n, v in evaluate(known, chosen, c, {}).items()} for c in known.cases}
        t = int(np.sum([lines["cash"] for lines in every.values()], axis=0).argmin())
        for case, lines in every.items():
            sums = {name: float(lines[name][: t + 1].sum()) for name in ("revenue", "compute", "other")}
            cash = float(lines["cash"][t])
            values = {
                "base_cash": known.base_cash,
                "equity": cash - known.base_cash - sums["revenue"] + sums["compute"] + sums["other"],
                "revenue": sums["revenue"],
                "compute": -sums["compute"],
                "other": -sums["other"],
                "cash": cash,
            }
            rows += [(case, CASE_NAMES[case], int(known.years[t]), line, value) for line, value in values.items()]
    return pd.DataFrame(rows, columns=["case", "name", "year", "line", "value"])


@functools.lru_cache(maxsize=4)
def scenarios(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return how each scenario of the assumptions, and the one asked for, ends in each case.

    Returns
    -------
    DataFrame
        Columns scenario, title (for readers), and those of `cases`, for the last year; empty when the model cannot be
        calibrated.
    """
    parts = [pd.DataFrame(columns=["scenario", "title", "case", "name", *YEAR_COLUMNS])]
    for name in dict.fromkeys([*ledger["assumptions"]["scenario"], scenario]):
        table = ends(ledger, name).reset_index()
        if len(table):
            parts.append(table.assign(scenario=name, title=SCENARIO_NAMES.get(name, name.replace(";", ", "))))
    return pd.concat(parts[1:] or parts, ignore_index=True)
