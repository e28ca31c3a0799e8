"""What the gap depends on, in dollars, told from the paths themselves."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.models.funding.draws import BLOCK, SHARED_QUANTILES, chosen, draw, triangle
from analysis.models.funding.inputs import Choices, Inputs
from analysis.models.funding.simulation import LINES, USED, carried, computing, walk
from analysis.models.funding.summary import quantiles

COLUMNS = ["cause", "low", "high", "moves", "error"]
ENDS = (0.1, 0.9)  # the middles of the lowest fifth of a choice and of its highest
BATCHES = 16  # of paths, from whose spread the error of a median is told


def moved(gap: np.ndarray, causes: Mapping[str, np.ndarray], part: float = 0.2) -> pd.DataFrame:
    """The median gap where a choice is low and where it is high, all others as they come.

    Parameters
    ----------
    gap : ndarray
        (n,), US$ bn.
    causes : mapping
        What may move it (n,), by name: quantiles or any other values that can be ranked. Of equal values any may be
        taken: timings follow one another from path to path, so the first ones would all be of one kind.
    part : float
        Share of the paths that counts as low, and as high.

    Returns
    -------
    DataFrame
        cause, low, high (median gap, US$ bn), moves (the distance of the two) and error (standard error of the
        distance); the largest move first.
    """
    rows, shuffled = [], np.random.default_rng(0).permutation(len(gap))
    for name, values in causes.items():
        order = shuffled[np.argsort(values[shuffled], kind="stable")]
        n = max(1, int(len(gap) * part))
        ends = [np.sort(gap[order[:n]]), np.sort(gap[order[-n:]])]
        low, high = (float(e[(n - 1) // 2]) for e in ends)
        # Order statistics one standard error of the rank (root n over 2) below and above the median.
        step = max(1, round(np.sqrt(n) / 2))
        errors = [(e[min(n - 1, n // 2 + step)] - e[max(0, n // 2 - step)]) / 2 for e in ends]
        rows.append((name, low, high, abs(high - low), float(np.hypot(*errors))))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("moves", ascending=False, kind="stable", ignore_index=True)


def held(
    inputs: Inputs, choices: Choices, case: str, timings: Mapping[str, tuple[Inputs, Inputs]], seed: int
) -> pd.DataFrame:
    """The median gap with each choice held at `ENDS` of its range on every path, all others as they come.

    A choice that rises with growth is held without it, so what it moves is its own; both ends have the same paths, so
    that what moves nothing is told so.

    Parameters
    ----------
    inputs, choices, case
        As for `simulate`.
    timings : mapping
        By name of a part of the timing, the inputs in which only its lowest level is tried and only its highest.
    seed : int
        Seed of the draws, of which one block is taken.

    Returns
    -------
    DataFrame
        The columns of `moved`, in the order of the choices of the case and of the timings.
    """
    normals, drawn_quantiles = draw(0, BLOCK, len(inputs.plan), seed, choices.correlation)
    drawn = chosen(drawn_quantiles, choices.triangles, USED[case])
    shocks = carried(normals, inputs, choices)

    def gap(given: Inputs, values: Mapping[str, float]) -> np.ndarray:
        full = drawn | {name: np.full(BLOCK, value, shocks.dtype) for name, value in values.items()}
        out = {name: np.empty(shocks.shape, shocks.dtype) for name in LINES}
        walk(given, case, shocks, full, computing(given, case, full), out)
        return out["gap"][-1]

    sharing: dict[str, list[str]] = {}
    for name in USED[case]:
        sharing.setdefault(SHARED_QUANTILES.get(name, name), []).append(name)
    ends = {cause: [triangle(np.array(ENDS), *getattr(choices, n)) for n in names] for cause, names in sharing.items()}
    pairs = {
        cause: tuple(gap(inputs, {n: float(e[k]) for n, e in zip(sharing[cause], values, strict=True)}) for k in (0, 1))
        for cause, values in ends.items()
    }
    pairs |= {name: tuple(gap(given, {}) for given in both) for name, both in timings.items()}
    rows = []
    for cause, both in pairs.items():
        low, high = (quantiles(values, (0.5,))[0] for values in both)
        batches = [np.median(values.reshape(BATCHES, -1, order="F"), axis=1) for values in both]
        error = float(np.std(batches[1] - batches[0], ddof=1) / np.sqrt(BATCHES))
        rows.append((cause, low, high, abs(high - low), error))
    return pd.DataFrame(rows, columns=COLUMNS)
