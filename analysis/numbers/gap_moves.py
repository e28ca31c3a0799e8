"""What moved OpenAI's gap since the key day before, by our model."""

import functools
import math

from analysis.ledger import Ledger
from analysis.models.funding import Choices, Inputs, gap_changes
from analysis.numbers import formats, modelling
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result
from analysis.numbers.vintages import Vintage

TIME = "time"
LEAST = 0.5  # US$ bn: a part that moves it by less is not told
SLIGHT = 0.1  # of what it was: a move by less is told as hardly one
WORDS = {"orders": "its orders", "sales": "its sales and plans", "money": "its cash and its investors' promises"}


@functools.lru_cache(maxsize=16)
def parts(before: Ledger, now: Ledger, scenario: str = "central") -> dict[str, float]:
    """Return what moved the median gap by contracts between two days, US$ bn; empty where it is not known on both.

    The facts of the earlier day are first read on the later one, which gives what `TIME` moved; then each group of
    `gap_changes.GROUPS` takes its new facts.
    """
    models = [modelling.model(view, scenario) for view in (before, before.at(now.as_of), now)]
    if models[0] is None or models[1] is None or models[2] is None:
        return {}
    was, later, after = models[0], models[1], models[2]

    def median(known: Inputs, chosen: Choices) -> float:
        return modelling.ending(known, chosen, "contracts")[0]

    moved = gap_changes.parts(later, after, median)
    return moved | {TIME: median(*later) - median(*was)}


def in_words(moved: dict[str, float]) -> str | None:
    """Return the parts of a move as a sentence without its full stop, the largest first; None where none is told."""
    told: list[str] = []
    facts = "new facts"
    for name, part in sorted(moved.items(), key=lambda item: -abs(item[1])):
        if abs(part) < LEAST:
            continue
        subject = "the passing of time" if name == TIME else f"{facts} on {WORDS[name]}"
        facts = facts if name == TIME else "those"
        size, (up, down) = formats.whole_bn(abs(part)), ("", " off") if told else (" to it", " off it")
        told.append(f"{subject} added {size}{up}" if part > 0 else f"{subject} took {size}{down}")
    words = "; ".join(told)
    return words[:1].upper() + words[1:] or None


def verb(was: float, now: float) -> str:
    """Return in words how the gap went from one day to the other, by amounts in US$ bn as readers see them."""
    if formats.rounded(was, 0) == formats.rounded(now, 0):
        return "did not move"
    if abs(now - was) < SLIGHT * was:
        return "hardly moved"
    return "rose" if now > was else "fell"


def results(f: Facts, was: float, now: float, days: list[Vintage]) -> list[Result]:
    """What OpenAI has still to raise on the last two key days, and what moved it.

    Parameters
    ----------
    f : Facts
        The facts of the chapter.
    was, now : float
        The median by contracts on the two days, US$ bn; NaN where it is not known.
    days : list of Vintage
        The two days, none where there is no earlier one.
    """
    rows = f.payments(payer="openai", scope="openai")
    is_known = not (math.isnan(was) or math.isnan(now))
    told = verb(was, now) if is_known else None
    is_moved = is_known and told != "did not move"
    why = in_words(parts(f.ledger.at(days[0].day), f.ledger, f.scenario)) if is_moved else None
    label = "What moved it, in words"
    how = "Each group of facts by its mean effect over all orders in which they could have come (Shapley value)."
    return [
        f.result(
            "gap_was",
            "Still to be raised on the day before that, by signed and announced orders, median",
            was,
            "usd_bn",
            rows,
        ),
        f.result("gap_now", "The same now", now, "usd_bn", rows),
        f.result("has_gap", "What is still to be raised is known on both", is_known, "flag", rows),
        f.result("gap_verb", "How it went between the two, in words", told, "text", rows),
        f.result("gap_moved_by", label, why, "text", rows, how=how),
        f.result("has_gap_moved_by", "What moved it is known", why is not None, "flag", rows),
    ]
