"""Which choice the funding gap depends on most."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.models.funding.inputs import DRAWN, Choices, Inputs
from analysis.models.funding.simulation import LINES, walk


def sobol(
    function: Callable[[np.ndarray], np.ndarray],
    ranges: dict[str, tuple[float, float]],
    samples: int = 1024,
    seed: int = 0,
) -> pd.DataFrame:
    """First-order and total Sobol indices of a function of independent uniform parameters.

    Parameters
    ----------
    function : callable
        From (N, D) to (N,).
    ranges : dict
        Low and high of each of the D parameters, by name; one whose ends are equal is fixed.
    samples : int
        Base samples, a power of 2.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        parameter, first, first_error, total, total_error (shares of the variance), largest total first; 0 for a
        fixed parameter.

    Raises
    ------
    ValueError
        For fewer than two free parameters or a low above its high.

    References
    ----------
    Saltelli 2002; Saltelli et al. 2010; the library SALib.
    """
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    for name, (low, high) in ranges.items():
        if not low <= high:
            raise ValueError(f"{name}: low {low} must be below high {high}")
    free = [name for name, (low, high) in ranges.items() if low < high]
    if len(free) < 2:
        raise ValueError("Sobol indices need at least two parameters")
    problem = {"num_vars": len(free), "names": free, "bounds": [list(ranges[n]) for n in free]}
    # The library takes a seed of 0 for none.
    points = sample.sample(problem, samples, calc_second_order=False, seed=seed + 1)
    whole = np.empty((len(points), len(ranges)))
    for k, (name, (low, _)) in enumerate(ranges.items()):
        whole[:, k] = points[:, free.index(name)] if name in free else low
    found = analyse.analyze(problem, function(whole), calc_second_order=False, seed=seed + 1)
    table = pd.DataFrame(
        {
            "parameter": free,
            "first": found["S1"],
            "first_error": found["S1_conf"],
            "total": found["ST"],
            "total_error": found["ST_conf"],
        }
    )
    fixed = pd.DataFrame({"parameter": [n for n in ranges if n not in free]} | dict.fromkeys(table.columns[1:], 0.0))
    table = pd.concat([table, fixed], ignore_index=True) if len(fixed) else table
    return table.sort_values("total", ascending=False, ignore_index=True)


def gap_of(inputs: Inputs, choices: Choices) -> Callable[[np.ndarray], np.ndarray]:
    """The gap of the last year as a function that `sobol` can take.

    Returns
    -------
    callable
        From (N, 7) to (N,) in US$ bn. The columns are the choices in the order of `DRAWN` and one surprise for all
        growth, in standard deviations of the sum of all years' surprises.
    """
    steps = np.ones(len(inputs.plan)) * choices.sigma / np.sqrt(len(inputs.plan)) / (1 - choices.persistence)

    def function(points: np.ndarray) -> np.ndarray:
        drawn = {name: points[:, k].copy() for k, name in enumerate(DRAWN)}
        out = {name: np.empty((len(inputs.plan), len(points))) for name in LINES}
        walk(inputs, steps[:, None] * points[None, :, len(DRAWN)], drawn, out)
        return out["gap"][-1]

    return function
