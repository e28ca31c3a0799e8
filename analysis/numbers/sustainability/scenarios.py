"""What is missing under the other scenarios, and if OpenAI's own plan comes true in full."""

import math

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability import growth
from analysis.numbers.sustainability.cash import LEAST, calibrated_on, missing, scenarios, share

WORDS = {
    "slow": "growth disappoints",
    "fast": "sales grow exactly as planned",
    "full-use": "every signed contract is paid in full",
}


def spread(ledger: Ledger, scenario: str = "central") -> Results:
    """What the other scenarios say, by signed and announced orders."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    table = scenarios(ledger, scenario)
    of_contracts = table[table["case"] == "contracts"].set_index("scenario").reindex([*WORDS])
    slow, full = of_contracts.loc["slow", "gap_median"], of_contracts.loc["full-use", "gap_median"]
    results = [
        f.result(
            "slow_exceeds_full_use",
            "By signed and announced orders slower growth costs more than paying every signed contract in full",
            bool(slow > full),
            "flag",
            *used,
        )
    ]
    for name, words in WORDS.items():
        key = name.replace("-", "_")
        gap, probability = of_contracts.loc[name, ["gap_median", "probability"]]
        label = "Futures in which cash runs out"
        results += [
            f.result(
                f"probability_{key}",
                f"{label} if {words}, by signed and announced orders",
                share(100 * probability),
                "pct",
                *used,
            ),
            f.result(f"has_gap_{key}", f"The shortfall if {words} is known", not math.isnan(gap), "flag", *used),
            f.result(
                f"gap_{key}",
                f"Median shortfall if {words}, by signed and announced orders",
                missing(gap),
                "text",
                *used,
            ),
        ]
    return Results(results)


def met_in_full(inputs: funding.Inputs, choices: funding.Choices) -> float:
    """Return the gap by OpenAI's plan where its sales and its other costs are as planned, US$ bn; nothing surprises."""
    lines = evaluate(inputs, choices, "plan", {"attainment": 1.0, "other_share": inputs.plan_other})
    return float(lines["gap"][-1, 0])


def fulfilled(ledger: Ledger, scenario: str = "central") -> Results:
    """What is missing by OpenAI's own plan even if all of it comes true."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    made = modelling.model(ledger, scenario)
    full = NAN
    response = growth.response(ledger, scenario).set_index("growth")["gap_median"]
    planned = float(response.get(100.0, NAN))
    if made and "plan" in made[0].cases:
        full = met_in_full(*made)
    return Results(
        [
            f.result(
                "plan_met_gap",
                "Shortfall if OpenAI's plan comes true in full",
                missing(full),
                "text",
                *used,
                how="Sales and other costs as planned, no surprises: what is burned beyond cash and promised equity.",
            ),
            f.result(
                "planned_growth_gap",
                "Median shortfall by signed and announced orders, OpenAI's growth plan in the middle of our range",
                missing(planned),
                "text",
                *used,
                how="The whole range around our choice moves with it, as on the page on which readers choose.",
            ),
            f.result(
                "has_planned_growth_gap",
                "That, and the plan in full, are known",
                not math.isnan(planned) and not math.isnan(full),
                "flag",
                *used,
            ),
            f.result("is_plan_short", "Something is missing even then", full >= LEAST, "flag", *used),
        ]
    )
