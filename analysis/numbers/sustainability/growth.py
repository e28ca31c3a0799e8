"""How the shortfall answers to the growth of OpenAI's sales, counting signed and announced orders."""

import functools
import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling
from analysis.numbers.sustainability.cash import LEAD, LEAST, missing, share
from analysis.numbers.sustainability.ladder import MOST_GROWTH, closing

STEPS = np.arange(0.5, MOST_GROWTH, 0.05)  # parts of the planned growth that are tried
COLUMNS = ["growth", "gap_low", "gap_median", "gap_high", "closed"]


@functools.lru_cache(maxsize=16)
def response(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the shortfall of the last year by the part of the planned growth that comes true.

    The range around our choice moves with it, as on the page *explore*.

    Returns
    -------
    DataFrame
        Columns growth (% of the planned growth, the middle of its range), gap_low, gap_median, gap_high (US$ bn: 5th
        percentile, median and 95th percentile) and closed (% of futures in which nothing is missing), by growth;
        empty when the model cannot be calibrated.
    """
    made = modelling.model(ledger, scenario)
    if made is None or LEAD not in made[0].cases:
        return pd.DataFrame(columns=COLUMNS)
    known, choices = made
    rows = []
    for growth in sorted({*STEPS.round(2), choices.attainment[1]}):
        moved = funding.shifted(choices, attainment=growth)
        gap = funding.simulate(known, moved, LEAD, modelling.PATHS, modelling.SEED)["gap"][-1]
        rows.append((100 * growth, *funding.quantiles(gap, (0.05, 0.5, 0.95)), 100 * float((gap < LEAST).mean())))
    return pd.DataFrame(rows, columns=COLUMNS)


@functools.lru_cache(maxsize=16)
def named(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the points to name: what we assume, and where the median closes if growth that is tried closes it.

    Returns
    -------
    DataFrame
        Columns growth (%), gap_median (US$ bn), label.
    """
    frame, made = response(ledger, scenario), modelling.model(ledger, scenario)
    if made is None or frame.empty:
        return pd.DataFrame(columns=["growth", "gap_median", "label"])
    ours = 100 * made[1].attainment[1]
    gap = float(frame.loc[frame["growth"] == ours, "gap_median"].iloc[0])
    rows = [(ours, gap, f"we assume {ours:.0f}%:\n{missing(gap)}")]
    closes = 100 * closing(ledger, scenario, LEAD, "attainment")
    if not math.isnan(closes):
        rows.append((closes, 0.0, f"{closes:.0f}%:\nnothing"))
    return pd.DataFrame(rows, columns=["growth", "gap_median", "label"])


def response_finding(ledger: Ledger, scenario: str = "central") -> str:
    """What growth does to the shortfall, as a title."""
    gap, closes = named(ledger, scenario)["gap_median"].iloc[0], 100 * closing(ledger, scenario, LEAD, "attainment")
    if gap < LEAST:
        return "At the growth that we assume, nothing is missing in the median future"
    if math.isnan(closes):
        return "No growth that we tried closes the shortfall of the median future by itself"
    if closes > 100:
        return "Growth alone closes the shortfall only beyond OpenAI's own plan"
    return f"The shortfall closes if {closes:.0f}% of the growth that OpenAI plans comes true"


def readings(frame: pd.DataFrame) -> list[tuple[float, str, str]]:
    """Return each value of the curve in words (see `response`): growth (%), its words, and what is then missing."""
    return [(float(f"{r.growth:.6g}"), f"{r.growth:.0f}% of what it plans", _reading(r)) for r in frame.itertuples()]


def _reading(row: Any) -> str:
    closed, median, high = formats.quantity(share(row.closed), "pct"), missing(row.gap_median), missing(row.gap_high)
    if high == missing(0):
        return f"Nothing is missing in {closed} of futures."
    worst = f"In one future of twenty, {high} or more is."
    if median == missing(0):
        return f"Nothing is missing in {closed} of futures. {worst}"
    return f"{median} is missing in the median future, nothing in {closed} of futures. {worst}"
