"""Why the median of the futures is not the path of the middle choices: swings of sales, or ranges that lean one way."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.funding.draws import SHARED_QUANTILES
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import calibrated_on, ends
from analysis.numbers.sustainability.choices import CAUSE_NAMES
from analysis.numbers.sustainability.shortfall import OVER, over_cases

LEAST = 0.5  # US$ bn: less is not told


def median_gap(inputs: funding.Inputs, choices: funding.Choices, case: str) -> float:
    """Return the median gap of the last year, US$ bn, on the paths that the chapter draws."""
    gaps = funding.simulate(inputs, choices, case, modelling.PATHS, modelling.SEED)["gap"]
    return funding.quantiles(gaps[-1], (0.5,))[0]


def only_swings(inputs: funding.Inputs, choices: funding.Choices) -> tuple[funding.Inputs, funding.Choices]:
    """Return the model with every choice and the timing of payments in their middle; only sales stray."""
    middles: dict[str, Any] = {name: (value, value, value) for name, value in choices.central().items()}
    one = dataclasses.replace(inputs, due=inputs.due[inputs.central : inputs.central + 1], central=0)
    return one, dataclasses.replace(choices, **middles)


def widest(inputs: funding.Inputs, choices: funding.Choices, case: str) -> str | None:
    """Return the choice whose range leans most to the costly side; None where none does.

    Each choice in turn stands at the mean of its range, (low + middle + high) / 3, the others in their middle, without
    surprises. Compared is the least cash of any year.
    """
    means = {name: float(np.mean(getattr(choices, name))) for name in choices.central()}
    deepest = {name: float(evaluate(inputs, choices, case, {name: mean})["cash"].min()) for name, mean in means.items()}
    base = float(evaluate(inputs, choices, case, {})["cash"].min())
    name = min(deepest, key=lambda choice: deepest[choice])
    return name if base - deepest[name] >= LEAST else None


def lopsided(ledger: Ledger, scenario: str = "central") -> Results:
    """What the swings of sales give by themselves, and what the ranges of our choices give by themselves."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    made = modelling.model(ledger, scenario)
    swings, ranges, top = pd.Series(dtype=float), pd.Series(dtype=float), None
    highest = ends(ledger, scenario)["gap_median"].idxmax() if made else None
    if made:
        inputs, choices = made
        steady, fixed = dataclasses.replace(choices, sigma=0.0), only_swings(inputs, choices)
        ranges = pd.Series({case: median_gap(inputs, steady, case) for case in inputs.cases})
        swings = pd.Series({case: median_gap(*fixed, case) for case in inputs.cases})
        top = widest(inputs, choices, str(highest))
    label = "Still to be raised"
    return Results(
        [
            over_cases(f, "swings_only", f"{label} if only sales stray", swings, "usd_bn", *used, how=OVER),
            over_cases(f, "ranges_only", f"{label} if sales never stray", ranges, "usd_bn", *used, how=OVER),
            f.result(
                "do_ranges_lead",
                "The ranges of our choices give more by themselves than the swings of sales",
                bool(ranges.get(highest, NAN) > swings.get(highest, NAN)),
                "flag",
                *used,
                how="By the way to count that gives the largest gap.",
            ),
            f.result(
                "top_range",
                "The choice whose range leans most to the costly side",
                CAUSE_NAMES[SHARED_QUANTILES.get(top, top)] if top else None,
                "text",
                *used,
                how="By the way to count that gives the largest gap.",
            ),
            f.result("has_top_range", "A range leans to the costly side", top is not None, "flag", *used),
        ]
    )
