"""The funding model at a reader's own choices."""

import numpy as np

from analysis.models.funding.inputs import Choices, Inputs, rented
from analysis.models.funding.simulation import LINES, QUANTILES, present_gap, walk


def explore(
    inputs: Inputs,
    choices: Choices,
    normals: np.ndarray,
    drawn: dict[str, float],
    rate: float,
    gw: np.ndarray | None = None,
    rent: float = 0.0,
) -> dict[str, object]:
    """The gap on common random paths at chosen values, as the page `explore` computes it.

    Parameters
    ----------
    inputs, choices
        What is known on the day, and our choices.
    normals : ndarray
        Standard normals (Y, n).
    drawn : dict
        Values of what is otherwise drawn; those missing are central.
    rate : float
        Yearly discount rate, a share.
    gw : ndarray, optional
        Capacity (Y,) in GW, to pay by capacity instead of by contract.
    rent : float
        US$ bn per GW-year.

    Returns
    -------
    dict
        low, median, high of the gap (Y,), US$ bn; probability (share of paths short by the last year); present (the
        median gap as money of the base year, US$ bn).
    """
    if gw is not None:
        inputs = rented(inputs, gw, rent)
        drawn = drawn | {"take_up": 1.0}
    shocks = np.array(normals, float) * choices.sigma
    for t in range(1, len(shocks)):
        shocks[t] += choices.persistence * shocks[t - 1]
    n = shocks.shape[1]
    out = {name: np.empty(shocks.shape) for name in LINES}
    walk(inputs, shocks, {k: np.full(n, v) for k, v in (choices.central() | drawn).items()}, out)
    low, median, high = np.quantile(out["gap"], QUANTILES, axis=1, method="lower")
    return {
        "low": low,
        "median": median,
        "high": high,
        "probability": float((out["gap"][-1] > 0).mean()),
        "present": float(np.quantile(present_gap(out["gap"], rate), 0.5, method="lower")),
    }
