"""What the gap depends on: every combination of our choices, and what each of them moves in dollars."""

import dataclasses
import functools

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.funding import schedule
from analysis.numbers import formats, modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import CASE_NAMES, calibrated_on, missing, whole

TIMING = ("term", "shape", "delay")
SURPRISES = funding.SURPRISES
ORDERS = 4096  # of causes, from which their shares of the variance are told
CAUSE_NAMES = {
    "attainment": "planned growth that comes true",
    SURPRISES: "swings of sales",
    "take_up": "use of the contracts",
    "other_share": "other costs",
    "conditional": "conditional equity",
    "compute_floor": "cost of serving",
    "price": "price of unpriced chips and leases",
    "overlap": "overlap of chips with clouds",
    "renewal": "renewals",
    "term": "unpublished terms",
    "shape": "shape of payments",
    "delay": "delay of starts",
    "gw": "gigawatts in use",
    "rent": "rent of a gigawatt",
    "flex": "computing cut when growth fails",
}
ALWAYS = ("attainment", SURPRISES, "other_share", "conditional")
CAUSES = {
    "contracts": (*ALWAYS, "take_up", "compute_floor", "price", "overlap", "renewal", *TIMING),
    "capacity": (*ALWAYS, "gw", "rent", "compute_floor"),
    "plan": (*ALWAYS, "flex"),
}
MOVED = "Median with it held at the middle of its lowest fifth on each path, and of its highest, all else as it comes."
SURE = 2  # standard errors by which one cause must lead the next to be told first


def timings(ledger: Ledger, scenario: str) -> list[schedule.Timing]:
    """Return the timings of contracts that a scenario tries."""
    choose = ledger.assumptions(scenario)
    return schedule.timings(choose["ramp"], choose["start_slip"])


@functools.lru_cache(maxsize=4)
def combinations(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the gap of the last year under every combination of choices, without surprises.

    Returns
    -------
    DataFrame
        Columns of `funding.combinations`, with case; the smallest gap of a case first; empty when the model cannot be
        calibrated.
    """
    made = modelling.model(ledger, scenario)
    if made is None:
        return pd.DataFrame({"case": pd.Series(dtype=object), "gap": pd.Series(dtype=float)})
    times = [(t.term, str(t.shape), str(t.slip)) for t in timings(ledger, scenario)]
    parts = [funding.combinations(*made, case, times).assign(case=case) for case in made[0].cases]
    return pd.concat(parts, ignore_index=True)


@functools.lru_cache(maxsize=16)
def moves(ledger: Ledger, scenario: str, case: str, sigma: float | None = None) -> pd.DataFrame:
    """Return how far each cause by itself moves the median gap of the last year.

    A choice is held at an end of its range on every path (`funding.held`). Swings have no ends: of them it is the
    fifth of the paths of `cash.gap` with the unluckiest sales, and that with the luckiest.

    Parameters
    ----------
    ledger, scenario
        The ledger as known on the day, and the scenario.
    case : str
        A case that can be computed on the day.
    sigma : float, optional
        Size of the surprises in place of ours.

    Returns
    -------
    DataFrame
        Columns of `funding.moved` (US$ bn), with name (for readers); the largest move first.
    """
    made = modelling.model(ledger, scenario)
    if made is None or case not in made[0].cases:
        return pd.DataFrame(columns=["cause", "low", "high", "moves", "error", "name"])
    inputs, ours = made
    choices = dataclasses.replace(ours, sigma=ours.sigma if sigma is None else sigma)
    gap = funding.simulate(inputs, choices, case, modelling.PATHS, modelling.SEED)["gap"][-1]
    normals = funding.draw(0, modelling.PATHS, len(inputs.plan), modelling.SEED, 0.0, wanted=())[0]
    of_luck = funding.moved(gap, {SURPRISES: normals.sum(axis=0)})
    times = _timed(ledger, scenario, inputs) if case == "contracts" else {}
    table = pd.concat([funding.held(inputs, choices, case, times, modelling.SEED), of_luck], ignore_index=True)
    table = table.sort_values("moves", ascending=False, kind="stable", ignore_index=True)
    return table.assign(name=table["cause"].map(CAUSE_NAMES))


@functools.lru_cache(maxsize=8)
def tornado(ledger: Ledger, scenario: str = "central", case: str = "contracts") -> pd.DataFrame:
    """Return `moves` with share and share_error: the cause's Shapley effect (a share of the variance) and its
    standard error; empty when the case cannot be computed."""
    made, table = modelling.model(ledger, scenario), moves(ledger, scenario, case)
    if made is None or table.empty:
        return table.reindex(columns=[*table, "share", "share_error"])
    shares = funding.shares_of_gap(*made, case, dict.fromkeys(TIMING, schedule.PART_VALUES), ORDERS)
    share, error = (table["cause"].map({c: found[k] for c, found in shares.items()}) for k in range(2))
    return table.assign(share=share, share_error=error)


def _timed(ledger: Ledger, scenario: str, inputs: funding.Inputs) -> dict[str, tuple[funding.Inputs, funding.Inputs]]:
    """The model with only the earliest or shortest level of each part of the timing, and with only the latest."""
    tried = timings(ledger, scenario)
    levels = {"low": 0.0, "central": 1.0, "high": 2.0}
    table = np.array([(levels[t.term], 2.0 if isinstance(t.shape, str) else t.shape, t.slip) for t in tried])

    def only(of: np.ndarray, end: float) -> funding.Inputs:
        return dataclasses.replace(inputs, due=inputs.due[of == end], central=0)

    columns = dict(zip(TIMING, table.T, strict=True))
    return {name: (only(of, of.min()), only(of, of.max())) for name, of in columns.items()}


def specification(ledger: Ledger, scenario: str = "central") -> Results:
    """How the gap is spread over every combination of our choices."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    table = combinations(ledger, scenario)
    by_case = table.groupby("case", sort=False)["gap"]
    share = 100 * by_case.agg(lambda g: float((g > 0).mean())).reindex([*CASE_NAMES])
    tenth, most = by_case.quantile(0.1), by_case.quantile(0.9)
    each = [f"{_from_nothing(tenth[c], most[c])} by {name}" for c, name in CASE_NAMES.items() if c in most]
    results = [
        f.result("combinations", "Combinations of our choices", float(len(table)) or NAN, "count", *used),
        f.result(
            "combinations_short",
            "Combinations that leave a shortfall, by case",
            None,
            "pct",
            *used,
            low=whole(share.min()),
            high=whole(share.max()),
        ),
        f.result(
            "combinations_each",
            "Shortfall over the middle four fifths of combinations, case by case",
            formats.listed(each) or None,
            "text",
            *used,
            how="From the tenth of the combinations with the smallest gap to that with the largest.",
        ),
    ]
    return Results(results)


def _from_nothing(low: float, high: float) -> str:
    """A range of gaps in US$ bn as a sentence has it."""
    return f"from {missing(low)} to {missing(high)}"


def weights(ledger: Ledger, scenario: str = "central") -> Results:
    """Which choice moves the gap most, in each case; surprises are no choice, and `luck` tells of them."""
    f = Facts(ledger, "sustainability", scenario)
    used = calibrated_on(ledger)
    results = []
    for case, case_name in CASE_NAMES.items():
        table = tornado(ledger, scenario, case)
        # The first two choices, of NaN where there are none.
        table = table[table["cause"] != SURPRISES].reset_index(drop=True).reindex(range(2))
        suffix = "" if case == "contracts" else f"_{case}"
        for k, place in enumerate(("top", "second")):
            row = table.iloc[k]
            is_known = not pd.isna(row["moves"])
            results += [
                f.result(
                    f"{place}_choice{suffix}",
                    f"What moves the shortfall {_nth(k)}, by {case_name}",
                    row["name"] if is_known else None,
                    "text",
                    *used,
                ),
                f.result(
                    f"{place}_moves{suffix}",
                    f"How far what moves the shortfall {_nth(k)} moves its median, by {case_name}",
                    None if is_known else NAN,
                    "usd_bn",
                    *used,
                    low=whole(min(row["low"], row["high"])) if is_known else NAN,
                    high=whole(max(row["low"], row["high"])) if is_known else NAN,
                    how=MOVED,
                ),
                f.result(
                    f"{place}_share{suffix}",
                    f"Share of the variance that what moves the shortfall {_nth(k)} makes, by {case_name}",
                    whole(100 * row["share"]),
                    "pct",
                    *used,
                    low=whole(100 * (row["share"] - 2 * row["share_error"])),
                    high=whole(100 * (row["share"] + 2 * row["share_error"])),
                    how="Shapley effect under the distribution of the paths; two standard errors to each side.",
                ),
            ]
        is_ranked = leads(table.iloc[0], table.iloc[1])
        label = f"The first choice leads by more than twice its error, by {case_name}"
        results.append(f.result(f"is_ranked{suffix}", label, is_ranked, "flag", *used))
    return Results(results)


def leads(first: pd.Series, second: pd.Series) -> bool:
    """Whether a cause moves the gap more than another by more than twice the error of the difference."""
    return bool(first["moves"] - second["moves"] > SURE * np.hypot(first["error"], second["error"]))


def _nth(place: int) -> str:
    return "most" if place == 0 else "second most"
