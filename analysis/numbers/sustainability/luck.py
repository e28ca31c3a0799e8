"""How far the luck of sales moves what is missing: surprises are no choice of ours, but their size is one."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.asymmetry import apart
from analysis.numbers.sustainability.cash import calibrated_on, missing
from analysis.numbers.sustainability.choices import SURPRISES, leads, moves


def luck(ledger: Ledger, scenario: str = "central") -> Results:
    """What is missing where sales are luckiest and unluckiest, and what would lead if they swung less."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    table = moves(ledger, scenario, "contracts")
    smallest = f.choices["shock_sigma"].low
    calm = moves(ledger, scenario, "contracts", smallest) if len(table) else table
    first, other = _of(table, is_luck=True), _of(table, is_luck=False)
    does_lead = bool(first["low"] > first["high"]) and leads(first, other)
    rival = _of(calm, is_luck=False)
    is_overtaken = does_lead and leads(rival, _of(calm, is_luck=True))
    lift = apart(ledger, scenario)["swings"].get("contracts", NAN)
    return Results(
        [
            f.result(
                "luck_best",
                "Shortfall on the fifth of the paths with the luckiest sales, by signed and announced orders",
                missing(first["high"]),
                "text",
                *used,
                how="Median; luck is the sum of the surprises in growth.",
            ),
            f.result(
                "luck_worst",
                "Shortfall on the fifth of the paths with the unluckiest sales, by signed and announced orders",
                missing(first["low"]),
                "text",
                *used,
                how="Median; luck is the sum of the surprises in growth.",
            ),
            f.result(
                "luck_leads",
                "Luck moves the shortfall by signed and announced orders more than any choice",
                does_lead,
                "flag",
                *used,
            ),
            f.result(
                "luck_widens",
                "And lifts its median by less than a quarter of that",
                does_lead and bool(abs(lift) < first["moves"] / 4),
                "flag",
                *used,
            ),
            f.result(
                "calm_choice",
                "What moves the shortfall by signed and announced orders most at the low end of our guess for swings",
                rival["name"] if is_overtaken else None,
                "text",
                *used,
            ),
            f.result("has_calm_choice", "There a choice moves it more than luck", is_overtaken, "flag", *used),
        ]
    )


def _of(table: pd.DataFrame, is_luck: bool) -> pd.Series:
    """The row of surprises, or of the first choice; of NaN where there is none."""
    rows = table[(table["cause"] == SURPRISES) == is_luck]
    return rows.iloc[0] if len(rows) else pd.Series(NAN, index=table.columns)
