"""Why the median of the futures is not the path of the middle choices: our ranges, when payments fall due, and swings.

- Each of the three is switched on and off with the others: off, it stays in its middle. What one adds is averaged over
  the orders in which they can be switched on (Shapley), so that the three and the middle add up to the median.
- An even range is cut on its longer side to the length of the shorter; its middle stays.
"""

import dataclasses
import functools
import itertools
import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.funding.draws import SHARED_QUANTILES
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Result, Results
from analysis.numbers.sustainability.cash import CASE_NAMES, LEAD, LEAST, calibrated_on, ends, missing, whole
from analysis.numbers.sustainability.choices import CAUSE_NAMES
from analysis.numbers.sustainability.shortfall import OVER, over_cases

PARTS = {"timing": "when payments fall due", "ranges": "our ranges", "swings": "swings of sales"}
AVERAGED = "Averaged over the orders in which our ranges, the timing of payments and the swings of sales can be let in."


def restricted(
    inputs: funding.Inputs, choices: funding.Choices, on: frozenset[str]
) -> tuple[funding.Inputs, funding.Choices]:
    """Return the model in which only some of `PARTS` stray; the others are in their middle."""
    changed: dict[str, Any] = {}
    if "ranges" not in on:
        changed |= {name: (value, value, value) for name, value in choices.central().items()}
    if "swings" not in on:
        changed["sigma"] = 0.0
    if "timing" not in on:
        inputs = dataclasses.replace(inputs, due=inputs.due[inputs.central : inputs.central + 1], central=0)
    return inputs, dataclasses.replace(choices, **changed)


def added(inputs: funding.Inputs, choices: funding.Choices, case: str) -> dict[str, float]:
    """Return the median gap with everything in its middle, and what each of `PARTS` adds to it, US$ bn.

    Returns
    -------
    dict
        middle and the keys of `PARTS`; together they are the median gap of the case.
    """
    varied = [part for part in PARTS if part != "timing" or case == "contracts"]
    median = {
        frozenset(on): modelling.ending(*restricted(inputs, choices, frozenset(on)), case)[0]
        for size in range(len(varied) + 1)
        for on in itertools.combinations(varied, size)
    }
    found = dict.fromkeys(PARTS, 0.0)
    for order in itertools.permutations(varied):
        for k, part in enumerate(order):
            step = median[frozenset(order[: k + 1])] - median[frozenset(order[:k])]
            found[part] += step / math.factorial(len(varied))
    return {"middle": median[frozenset()]} | found


def even(choices: funding.Choices) -> funding.Choices:
    """Return choices whose ranges reach as far up as down."""
    narrow: dict[str, Any] = {}
    for name, (low, middle, high) in choices.triangles.items():
        reach = min(middle - low, high - middle)
        narrow[name] = (middle - reach, middle, middle + reach)
    return dataclasses.replace(choices, **narrow)


def costlier_timings(inputs: funding.Inputs, choices: funding.Choices) -> float:
    """Return the share of the timings tried that leave less cash than ours, each choice in its middle."""
    tried = np.append(np.arange(len(inputs.due)), inputs.central)
    cash = evaluate(inputs, choices, "contracts", {}, tried)["cash"].min(axis=0)
    return float((cash[:-1] < cash[-1] - LEAST).mean())


def widest(inputs: funding.Inputs, choices: funding.Choices, case: str) -> str | None:
    """Return the choice whose range leans most to the costly side; None where none does.

    Each choice in turn stands at the mean of its range, (low + middle + high) / 3, the others in their middle, with
    steady sales. Compared is the least cash of any year.
    """
    means = {name: float(np.mean(getattr(choices, name))) for name in choices.central()}
    deepest = {name: float(evaluate(inputs, choices, case, {name: mean})["cash"].min()) for name, mean in means.items()}
    base = float(evaluate(inputs, choices, case, {})["cash"].min())
    name = min(deepest, key=lambda choice: deepest[choice])
    return name if base - deepest[name] >= LEAST else None


@functools.lru_cache(maxsize=8)
def apart(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return `added` by case, with median, and even_gap and even_probability (0 to 1) on ranges that are even."""
    made, rows = modelling.model(ledger, scenario), {}
    if made is not None:
        for case in made[0].cases:
            parts = added(*made, case)
            gap, probability = modelling.ending(made[0], even(made[1]), case)
            rows[case] = parts | {"median": sum(parts.values()), "even_gap": gap, "even_probability": probability}
    columns = ["middle", *PARTS, "median", "even_gap", "even_probability"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(float)


def lopsided(ledger: Ledger, scenario: str = "central") -> Results:
    """What our ranges, the timing of payments and the swings of sales add to the middle of our choices."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    table, made = apart(ledger, scenario), modelling.model(ledger, scenario)
    parts, is_higher = table[[*PARTS]], table["median"] > table["middle"] + LEAST
    lead = parts.idxmax(axis=1) if len(table) else pd.Series(dtype=object)
    by_ranges = [case for case in table.index if lead[case] == "ranges" and parts.loc[case, "ranges"] >= LEAST]
    contracts = parts.loc["contracts"] if len(table) else pd.Series(NAN, index=[*PARTS])
    highest = str(ends(ledger, scenario)["gap_median"].idxmax()) if made else ""
    top = widest(*made, highest) if made and highest in by_ranges else None
    is_added = bool((contracts >= LEAST).all())
    return Results(
        [
            f.result(
                "is_median_above",
                "By each way of counting the median is above the shortfall at our middle choices",
                len(table) > 0 and bool(is_higher.all()),
                "flag",
                *used,
            ),
            f.result(
                "ranges_lead",
                "Ways of counting in which our ranges lift the median most",
                " and by ".join(CASE_NAMES[case] for case in by_ranges) or None,
                "text",
                *used,
                how=AVERAGED,
            ),
            f.result("has_ranges_lead", "By some way of counting they do", len(by_ranges) > 0, "flag", *used),
            f.result(
                "top_range",
                "The choice whose range leans most to the costly side",
                CAUSE_NAMES[SHARED_QUANTILES.get(top, top)] if top else None,
                "text",
                *used,
                how="By the way of counting that gives the largest shortfall.",
            ),
            f.result(
                "is_order_turned",
                "The way of counting with the largest median has the smallest shortfall at our middle choices",
                top is not None
                and bool(table["middle"].max() - table["middle"].get(highest, NAN) >= LEAST)
                and table["middle"].idxmin() == highest,
                "flag",
                *used,
            ),
            f.result("has_top_range", "Its range leans to the costly side", top is not None, "flag", *used),
            f.result(
                "timing_leads",
                "Timing lifts the median by signed and announced orders most, and ranges and swings lift it too",
                is_added and lead["contracts"] == "timing",
                "flag",
                *used,
                how=AVERAGED,
            ),
            *(
                f.result(
                    f"added_{part}",
                    f"Added to the shortfall at our middle choices by signed and announced orders: {words}",
                    whole(contracts[part]),
                    "usd_bn",
                    *used,
                    how=AVERAGED,
                )
                for part, words in PARTS.items()
            ),
            f.result(
                "costlier_timings",
                "Timings of payments that leave less cash than our middle one",
                whole(100 * costlier_timings(*made)) if made else NAN,
                "pct",
                *used,
                how="Of those that we try, each as often as it is likely; all other choices in their middle.",
            ),
            *_evened(f, table, *used),
        ]
    )


def _evened(f: Facts, table: pd.DataFrame, *used: pd.DataFrame) -> list[Result]:
    """What is missing, and how often, where our ranges are even."""
    rare = [CASE_NAMES[case] for case in table.index if table.loc[case, "even_probability"] < 0.5]
    leans = len(table) > 0 and bool((table["median"] > table["even_gap"] + LEAST).all())
    how = f"{OVER} Each range is cut on its longer side to the length of the shorter."
    gaps, shares = table["even_gap"], 100 * table["even_probability"]
    return [
        f.result(
            "do_ranges_lean", "Even ranges would leave less missing, by each way of counting", leans, "flag", *used
        ),
        f.result(
            "even_gap",
            "Shortfall on even ranges, by signed and announced orders",
            missing(gaps.get(LEAD, NAN)),
            "text",
            *used,
        ),
        over_cases(
            f, "even_probability", "Futures in which cash runs out, on even ranges", shares, "pct", *used, how=how
        ),
        f.result(
            "even_rare",
            "Ways of counting by which even ranges make it fewer than half",
            " and by ".join(rare) or None,
            "text",
            *used,
        ),
        f.result("has_even_rare", "By some way of counting they do", len(rare) > 0, "flag", *used),
    ]
