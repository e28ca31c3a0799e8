"""What each choice rests on, and what it moves by itself."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models.funding import schedule
from analysis.models.funding.draws import SHARED_QUANTILES
from analysis.models.funding.gap_specifications import evaluate
from analysis.numbers import formats, modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import CASE_NAMES, calibrated_on
from analysis.numbers.sustainability.choices import CAUSE_NAMES, CAUSES, SURPRISES, TIMING, timings, tornado

# The assumptions behind a cause, the first of which is shown, and the choice of the model that it sets.
PARAMETERS = {
    "attainment": ("revenue_attainment", "attainment"),
    SURPRISES: ("shock_sigma", ""),
    "take_up": ("take_up", "take_up"),
    "other_share": ("other_cost_share", "other_share"),
    "conditional": ("conditional_paid", "conditional"),
    "compute_floor": ("compute_floor", "compute_floor"),
    "price": ("chip_price_per_gw", "chip_price"),
    "overlap": ("chip_overlap", "overlap"),
    "renewal": ("renewal", "renewal"),
    "term": ("term_years.compute", ""),
    "shape": ("ramp", ""),
    "delay": ("start_slip", ""),
    "gw": ("gw_2030", "gw"),
    "rent": ("rent_per_gw_year", "rent"),
    "flex": ("plan_flex", "flex"),
}
GUESS = "a guess"
EXPLAINED = (
    "cause",
    "name",
    "low",
    "central",
    "high",
    "unit",
    "source",
    "is_guess",
    "is_later",
    "low_gap",
    "high_gap",
    "case",
    "alone_low",
    "alone_high",
)


def explained(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return each choice behind the gap, what it rests on and what it moves, in the order of `CAUSE_NAMES`.

    Returns
    -------
    DataFrame
        Columns cause, name (for readers), low, central, high (in ``unit``), unit, source (key, may be empty for a
        guess), is_guess, is_later (the source was published after the day), and low_gap, high_gap (median gap where the
        choice is lowest and highest, US$ bn) with case (of `CASE_NAMES`): the case that the choice moves most;
        alone_low, alone_high: the gap in that case at both ends of the choice alone, without surprises (NaN for
        surprises); empty when the model cannot be calibrated.
    """
    moved = [tornado(ledger, scenario, case).assign(case=case) for case in CASE_NAMES]
    table = pd.concat([t for t in moved if len(t)] or moved[:1], ignore_index=True)
    if table.empty:
        return pd.DataFrame(columns=[*EXPLAINED])
    strongest = table.sort_values("moves", ascending=False, kind="stable").drop_duplicates("cause").set_index("cause")
    made, frame = modelling.model(ledger, scenario), ledger.assumptions(scenario).frame.set_index("parameter")
    later, rows = published_later(ledger), []
    for cause, (parameter, field) in PARAMETERS.items():
        if cause not in strongest.index or made is None:
            continue
        given, move = frame.loc[parameter], strongest.loc[cause]
        low, central, high = getattr(made[1], field) if field else (given["low"], given["central"], given["high"])
        if cause == SURPRISES:  # their size is not drawn, only they are
            low = high = central
        is_guess = GUESS in given["rationale"].lower()
        ends = (low, central, high, given["unit"], given["source"], is_guess, given["source"] in later)
        ends_alone = alone(ledger, scenario, str(move["case"]), cause)
        rows.append((cause, CAUSE_NAMES[cause], *ends, move["low"], move["high"], move["case"], *ends_alone))
    return pd.DataFrame(rows, columns=[*EXPLAINED])


def published_later(ledger: Ledger) -> set[str]:
    """Return the sources, by key, that were published after the day."""
    sources = ledger["sources"]
    return set(sources.loc[pd.to_datetime(sources["published"], errors="coerce") > ledger.as_of, "source"])


def alone(ledger: Ledger, scenario: str, case: str, cause: str) -> tuple[float, float]:
    """Return the gap at the low and at the high end of one cause, all others in their middle, without surprises.

    Parameters
    ----------
    ledger, scenario
        The ledger as known on the day, and the scenario.
    case : str
        A case that can be computed on the day.
    cause : str
        One of `CAUSES` of the case.

    Returns
    -------
    tuple of float
        US$ bn; NaN for surprises, which have no ends.
    """
    made = modelling.model(ledger, scenario)
    if made is None or cause == SURPRISES:
        return NAN, NAN
    inputs, chosen = made
    if cause in TIMING:
        tried, choose = timings(ledger, scenario), ledger.assumptions(scenario)
        middle = schedule.ours(choose["ramp"], choose["start_slip"])
        ends = {
            "term": [middle._replace(term="low"), middle._replace(term="high")],
            "shape": [middle._replace(shape=choose["ramp"].low), middle._replace(shape=choose["ramp"].high)],
            "delay": [middle._replace(slip=choose["start_slip"].low), middle._replace(slip=choose["start_slip"].high)],
        }[cause]
        gap = evaluate(inputs, chosen, case, {}, np.array([tried.index(t) for t in ends]))["gap"][-1]
    else:
        fields = [PARAMETERS[cause][1], *(name for name, shared in SHARED_QUANTILES.items() if shared == cause)]
        triangles = {name: np.array(getattr(chosen, name))[[0, 2]] for name in dict.fromkeys(fields)}
        gap = evaluate(inputs, chosen, case, triangles)["gap"][-1]
    return float(gap[0]), float(gap[1])


def flips(ledger: Ledger, scenario: str, case: str) -> list[str]:
    """Return the choices of a case, in words, of which one end leaves a gap without surprises and the other none."""
    made = modelling.model(ledger, scenario)
    if made is None or case not in made[0].cases:
        return []
    ends = {cause: alone(ledger, scenario, case, cause) for cause in CAUSES[case] if cause != SURPRISES}
    return [CAUSE_NAMES[cause] for cause, (low, high) in ends.items() if (round(low) > 0) != (round(high) > 0)]


def by_itself(ledger: Ledger, scenario: str = "central") -> Results:
    """Which choices decide by themselves whether a gap is left, and which rest on what was published later."""
    f = Facts(ledger, "sustainability", scenario)
    table = explained(ledger, scenario)
    turned = {case: flips(ledger, scenario, case) for case in CASE_NAMES}
    used = calibrated_on(ledger)
    turning = [
        result
        for case, names in turned.items()
        for result in (
            f.result(
                f"flips_{case}",
                f"Choices that alone decide whether a gap is left, by {CASE_NAMES[case]}",
                formats.listed(names) or None,
                "text",
                *used,
                how="One end leaves a shortfall with steady sales and the other none, all else in its middle.",
            ),
            f.result(f"has_flips_{case}", f"There are such, by {CASE_NAMES[case]}", len(names) > 0, "flag", *used),
        )
    ]
    later = table.loc[table["is_later"].astype(bool), "name"]
    return Results(
        [
            *turning,
            f.result(
                "later_choices",
                "Choices that rest on pages published after the day",
                formats.listed(list(later)) or None,
                "text",
                *calibrated_on(ledger),
            ),
            f.result(
                "has_later_choices", "A choice rests on a later page", len(later) > 0, "flag", *calibrated_on(ledger)
            ),
        ]
    )
