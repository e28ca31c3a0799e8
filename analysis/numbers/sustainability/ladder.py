"""One ladder of shortfalls, from what is signed alone to a bad future, and what would close the median one."""

import functools
from collections.abc import Callable

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import CASE_NAMES, LEAD, LEAST, calibrated_on, ends, missing, whole
from analysis.numbers.sustainability.orders import signed_only
from analysis.numbers.sustainability.shortfall import middle_gaps

SIGNED, MEDIAN, BAD = "signed", "median", "bad"
# The rungs, the mildest first, in words.
RUNGS = {
    SIGNED: "signed orders only",
    MEDIAN: "the median future",
    BAD: "a bad future",
}
LAST = {MEDIAN: "gap_median", BAD: "gap_high"}  # columns of `ends`
STEP = 0.01  # how finely the closing value of a choice is sought
MOST_GROWTH = 1.4  # the largest part of the planned growth that is tried


@functools.lru_cache(maxsize=16)
def ladder(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the shortfall of the last year by rung and way of counting.

    Returns
    -------
    DataFrame
        Columns rung (of `RUNGS`, the mildest first), title (its words), case, name (for readers), gap (US$ bn); empty
        when the model cannot be calibrated. What is signed is counted by contracts alone. A bad future is the 95th
        percentile.
    """
    last, middle = ends(ledger, scenario), middle_gaps(ledger, scenario)
    rows = [(SIGNED, LEAD, signed_only(ledger, scenario)[0])] if middle else []
    rows += [(rung, case, last.loc[case, column]) for rung, column in LAST.items() for case in middle]
    table = pd.DataFrame(rows, columns=["rung", "case", "gap"])
    return table.assign(title=table["rung"].map(RUNGS), name=table["case"].map(CASE_NAMES))


def closing_value(is_short: Callable[[float], bool], good: float, bad: float) -> float:
    """Return the value nearest to ``bad`` at which nothing is missing, in steps of `STEP`; NaN where ``good`` is short.

    ``is_short`` must not turn back between the two.
    """
    if is_short(good):
        return NAN
    steps = round(abs(good - bad) / STEP)
    low, high = 0, steps  # at low nothing is missing, at high something is
    while high - low > 1:
        at = (low + high) // 2
        low, high = (low, at) if is_short(good + (bad - good) * at / steps) else (at, high)
    return good + (bad - good) * low / steps


@functools.lru_cache(maxsize=16)
def closing(ledger: Ledger, scenario: str, case: str, choice: str) -> float:
    """Return at which middle of a choice, by itself, the median shortfall of a case closes.

    The range around the choice moves with it, as on the page *explore*.

    Returns
    -------
    float
        In the unit of the choice; NaN where nothing is missing as it is, or where no value that is tried closes it.
    """
    made = modelling.model(ledger, scenario)
    if made is None or case not in made[0].cases or ends(ledger, scenario).loc[case, "gap_median"] < LEAST:
        return NAN
    inputs, choices = made

    def is_short(middle: float) -> bool:
        return modelling.ending(inputs, funding.shifted(choices, **{choice: middle}), case)[0] >= LEAST

    good = MOST_GROWTH if choice == "attainment" else 0.0
    return closing_value(is_short, good, getattr(choices, choice)[1])


def rungs(ledger: Ledger, scenario: str = "central") -> Results:
    """The rungs of the ladder by signed and announced orders, and what would close the median shortfall."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    table = ladder(ledger, scenario)
    made = modelling.model(ledger, scenario)
    growth = pd.Series({case: 100 * closing(ledger, scenario, case, "attainment") for case in CASE_NAMES})
    short = table.loc[(table["rung"] == MEDIAN) & (table["gap"] >= LEAST), "case"]
    closes, never = growth[LEAD], growth[[*short]][growth[[*short]].isna()]
    use = 100 * closing(ledger, scenario, LEAD, "take_up")
    good, half, bad = (ends(ledger, scenario)[c].get(LEAD, NAN) for c in ("gap_low", "gap_median", "gap_high"))
    steady = middle_gaps(ledger, scenario).get(LEAD, NAN)
    return Results(
        [
            f.result(
                "gap_bad",
                "Missing in a bad future, counting signed and announced orders; one in twenty is worse",
                whole(bad),
                "usd_bn",
                *used,
                how="The 95th percentile of our futures.",
            ),
            f.result(
                "gap_good",
                "Missing in a good future, counting signed and announced orders; one in twenty is better",
                missing(good),
                "text",
                *used,
                how="The 5th percentile of our futures.",
            ),
            f.result("is_good_nothing", "Nothing is missing in a good future", bool(good < LEAST), "flag", *used),
            f.result(
                "gap_half",
                "Missing in the median future, counting signed and announced orders",
                missing(half),
                "text",
                *used,
                how="Half of our futures are worse.",
            ),
            f.result(
                "gap_steady",
                "Missing by signed and announced orders with every choice in its middle and steady sales",
                missing(steady),
                "text",
                *used,
            ),
            f.result(
                "closing_growth",
                "Part of its planned growth that would close the median shortfall by signed and announced orders",
                whole(closes),
                "pct",
                *used,
                how="The range around our choice moves with it; all else stays as it is.",
            ),
            f.result("has_closing_growth", "Some growth would close it", not pd.isna(closes), "flag", *used),
            f.result("is_closing_above_plan", "Only growth beyond its plan would", bool(closes > 100), "flag", *used),
            f.result("closing_never", "On which count no growth that we tried would", _names(never), "text", *used),
            f.result("has_closing_never", "On some count no growth would", len(never) > 0, "flag", *used),
            f.result(
                "assumed_growth",
                "Part of its planned growth that comes true in our middle case",
                100 * made[1].attainment[1] if made else NAN,
                "pct",
                *used,
            ),
            f.result(
                "closing_use",
                "Part of its orders it could pay with nothing missing at the median, by signed and announced orders",
                use,
                "pct",
                *used,
                how="The range around our choice moves with it; all else stays as it is.",
            ),
            f.result("has_closing_use", "Paying less of them would close it", not pd.isna(use), "flag", *used),
        ]
    )


def _names(cases: pd.Series) -> str | None:
    """The names of the ways of counting in an index, None for none."""
    return formats.listed([CASE_NAMES[case] for case in cases.index]) or None
