"""How much the matched part of OpenAI's bill depends on the choices of how to count."""

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import network, share_specifications
from analysis.models.share_specifications import CHOICES, CHOSEN, IN_TIME
from analysis.numbers.circularity.measures import counted, facts, payments
from analysis.numbers.facts import NAN
from analysis.numbers.results import Results

SPREAD = 0.5  # per cent: a choice that moves the share by less moves nothing
# Each choice: what it asks, in a sentence; what is done where it is made otherwise, in a row of a chart.
WORDS: dict[str, tuple[str, dict[Any, str]]] = {
    IN_TIME: (
        "whether money counts that came before the payment fell due",
        {True: "Only money from the due year or later"},
    ),
    "amounts": (
        "which end of each range counts",
        {"low": "The low end of each range", "high": "The high end of each range"},
    ),
    "status": (
        "how firm a deal must be to count",
        {"signed": "Signed or paid deals only", "reported": "With press reports and talks"},
    ),
    "chips": ("whether chips without a price get one by the gigawatt", {True: "With a price for chips that have none"}),
    "letters": ("whether guarantees and letters of intent count as paid", {True: "Guarantees and letters, as if paid"}),
    "chain": ("whether partners' deals with each other count", {False: "OpenAI's own deals only"}),
    "pools": ("whether unnamed investors count as firms", {True: "With investors who are not named"}),
}


@functools.lru_cache(maxsize=2)
def every_way(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return what those OpenAI pays match under every combination of choices, per cent of what it is to pay."""
    table = share_specifications.every_way(counted(ledger, scenario))
    return table.assign(returns=100 * table["returns"])


@functools.lru_cache(maxsize=8)
def one_at_a_time(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return how far each choice alone moves the share, over the whole life of the deals.

    Returns
    -------
    DataFrame
        One row a choice, the widest first: asks (it, in a sentence), low, high, told (the share as counted; all per
        cent).
    """
    rows = []
    for choice, (asks, _) in WORDS.items():
        alone = _alone(ledger, scenario, choice)
        rows.append((asks, alone.min(), alone.max(), alone[CHOSEN[choice]]))
    frame = pd.DataFrame(rows, columns=["asks", "low", "high", "told"])
    return frame.iloc[(frame["low"] - frame["high"]).argsort(kind="stable")].reset_index(drop=True)


def _alone(ledger: Ledger, scenario: str, choice: str) -> "pd.Series[float]":
    """The share by the answers to one choice, the others made as counted, per cent."""
    table = every_way(ledger, scenario)
    others = [c for c in CHOICES if c != choice]
    return table[(table[others] == pd.Series(CHOSEN)[others]).all(axis=1)].set_index(choice)["returns"]


def otherwise(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the share with one choice made otherwise, where that moves it by `SPREAD`: name (in words), value (%)."""
    told = [
        (words, _alone(ledger, scenario, choice).get(answer, NAN))
        for choice, (_, answers) in WORDS.items()
        for answer, words in answers.items()
    ]
    frame, own = pd.DataFrame(told, columns=["name", "value"]), one_at_a_time(ledger, scenario)["told"].iloc[0]
    return frame[(frame["value"] - own).abs() >= SPREAD].reset_index(drop=True)


def outward(shares: Iterable[float], towards: Callable[[float], int]) -> list[float]:
    """Return ends of ranges to a tenth of a per cent, floored or ceiled: nothing lies beyond the least and the most."""
    return [towards(round(10 * share, 6)) / 10 for share in shares]


@functools.lru_cache(maxsize=8)
def ranges(ledger: Ledger, scenario: str = "central") -> Results:
    """The range of the share over all combinations of choices, and the choice that moves it most."""
    f = facts(ledger, scenario)
    ways, deals, alone = every_way(ledger, scenario), payments(f), one_at_a_time(ledger, scenario)
    top, most = alone.iloc[0], ways["returns"].max()
    ends = (outward([ways["returns"].min()], math.floor)[0], outward([most], math.ceil)[0])
    is_moved = bool(top["high"] - top["low"] > SPREAD)
    firm = ways.loc[ways["status"] != network.STATUSES[-1], "returns"].max()
    return Results(
        [
            f.result("combinations", "Combinations of choices", len(ways), "count", deals),
            f.result(
                "whole_life",
                "Part of OpenAI's priced orders that are matched, by other ways to count",
                None,
                "pct",
                deals,
                low=ends[0],
                high=ends[1],
                how=f"Over {len(ways)} combinations of choices, over the whole life of the deals.",
            ),
            f.result(
                "is_most_with_talks",
                "The most is matched where press reports and talks count",
                bool(most > firm + SPREAD),
                "flag",
                deals,
            ),
            f.result("mover", "Choice that moves the share most", top["asks"] if is_moved else None, "text", deals),
            f.result("mover_least", "Share at the one end of that choice", top["low"], "pct", deals),
            f.result("mover_most", "Share at its other end", top["high"], "pct", deals),
            f.result("has_mover", "A choice moves the share", is_moved, "flag", deals),
        ]
    )
