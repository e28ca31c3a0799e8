"""How much the matched part of OpenAI's bill depends on the choices of how to count."""

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import share_specifications
from analysis.models.share_specifications import CHOICES, CHOSEN
from analysis.numbers.circularity.measures import counted, facts, payments, without_each
from analysis.numbers.results import Results

PERIOD, LIFE = "period", "life"  # the choice that asks another question, and the answer that is told
SPREAD = 0.5  # per cent: a choice that moves the share by less moves nothing
# Each choice: what it is of, in a row of a chart; what it asks, in a sentence; its answers.
WORDS: dict[str, tuple[str, str, dict[Any, str]]] = {
    "amounts": (
        "Amounts",
        "which end of each range counts",
        {"low": "lowest", "middle": "middle", "high": "highest"},
    ),
    "status": (
        "Deals",
        "how firm a deal must be to count",
        {"signed": "signed or paid only", "announced": "announced too", "reported": "press reports and talks too"},
    ),
    "chips": (
        "Chips without a price",
        "whether chips without a price get one by the gigawatt",
        {False: "left out", True: "by the gigawatt"},
    ),
    "letters": (
        "Guarantees and letters",
        "whether guarantees and letters of intent count as paid",
        {False: "left out", True: "as if paid"},
    ),
    "chain": (
        "Partners' own deals",
        "whether partners' deals with each other count",
        {False: "left out", True: "counted"},
    ),
    "pools": (
        "Unnamed investors",
        "whether unnamed investors count as firms",
        {False: "left out", True: "as firms"},
    ),
}
EVERY = "Any combination"


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
        One row a choice, the widest first: name (the choice and its answers of least and most), asks (it, in a
        sentence), low, high, told (the share as counted; all per cent).
    """
    table = every_way(ledger, scenario)
    rows = []
    for choice, (name, asks, words) in WORDS.items():
        others = [c for c in CHOICES if c != choice]
        alone = table[(table[others] == pd.Series(CHOSEN)[others]).all(axis=1)].set_index(choice)["returns"]
        ends = " or ".join(dict.fromkeys([words[alone.idxmin()], words[alone.idxmax()]]))
        rows.append((f"{name}: {ends}", asks, alone.min(), alone.max(), alone[CHOSEN[choice]]))
    frame = pd.DataFrame(rows, columns=["name", "asks", "low", "high", "told"])
    return frame.iloc[(frame["low"] - frame["high"]).argsort(kind="stable")].reset_index(drop=True)


def outward(shares: Iterable[float], towards: Callable[[float], int]) -> list[float]:
    """Return ends of ranges to a tenth of a per cent, floored or ceiled: nothing lies beyond the least and the most."""
    return [towards(round(10 * share, 6)) / 10 for share in shares]


@functools.lru_cache(maxsize=8)
def ranges(ledger: Ledger, scenario: str = "central") -> Results:
    """The range of the share over all combinations of choices, and the choice that moves it most."""
    f = facts(ledger, scenario)
    ways, deals, alone = every_way(ledger, scenario), payments(f), one_at_a_time(ledger, scenario)
    life, top = ways.loc[ways[PERIOD] == LIFE, "returns"], alone.iloc[0]
    (least,), (most, largest) = (
        outward([life.min()], math.floor),
        outward([life.max(), ways["returns"].max()], math.ceil),
    )
    width, by_deal = top["high"] - top["low"], 100 * without_each(ledger, scenario)["moves"].max()
    is_moved = bool(width > SPREAD)
    return Results(
        [
            f.result("combinations", "Combinations of choices", len(ways), "count", deals),
            f.result(
                "whole_life",
                "Part of OpenAI's bill that is matched, by other ways to count",
                None,
                "pct",
                deals,
                low=least,
                high=most,
                how=f"Over {len(life)} combinations of choices, over the whole life of the deals.",
            ),
            f.result(
                "largest",
                "Largest part that is matched in any combination",
                largest,
                "pct",
                deals,
            ),
            f.result("mover", "Choice that moves the share most", top["asks"] if is_moved else None, "text", deals),
            f.result("mover_least", "Share at the one end of that choice", top["low"], "pct", deals),
            f.result("mover_most", "Share at its other end", top["high"], "pct", deals),
            f.result("has_mover", "A choice moves the share", is_moved, "flag", deals),
            f.result(
                "is_deal_stronger", "Leaving out one deal moves it more", bool(by_deal > width > SPREAD), "flag", deals
            ),
        ]
    )
