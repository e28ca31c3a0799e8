"""Paths of the funding model: drawn and walked."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from analysis.models.funding.draws import BLOCK, SHARED_QUANTILES, chosen, draw
from analysis.models.funding.inputs import Choices, Inputs

EVERYWHERE = ("attainment", "other_share", "conditional")
# The choices that a case asks for.
USED = {
    "contracts": (
        *EVERYWHERE,
        "compute_floor",
        "take_up",
        "option",
        "chip_price",
        "lease_price",
        "overlap",
        "renewal",
    ),
    "capacity": (*EVERYWHERE, "compute_floor", "gw", "rent"),
    "plan": (*EVERYWHERE, "flex"),
}
LINES = ("revenue", "compute", "other", "cash", "gap")


def plan_compute(inputs: Inputs) -> np.ndarray:
    """Computing in OpenAI's own plan (Y,), US$ bn: revenue plus burn less other costs.

    Past the plan's last year computing keeps its share of planned revenue, but never so much that the plan burns cash.
    """
    share = (1 - inputs.plan_other) + inputs.plan_burn / inputs.plan
    known = np.flatnonzero(np.isfinite(share))
    within = np.interp(np.arange(len(share)), known, share[known], right=min(share[known[-1]], 1 - inputs.plan_other))
    return within * inputs.plan


def contracts_due(inputs: Inputs, drawn: Mapping[str, np.ndarray], timing: np.ndarray | None = None) -> np.ndarray:
    """What the contracts cost on each path (Y, n), US$ bn.

    Parameters
    ----------
    inputs : Inputs
        What is known on the day.
    drawn : mapping
        Choices of each path (n,).
    timing : ndarray, optional
        Which timing each path has (n,); if none is given the paths begin a block, in which the timings follow one
        another.
    """
    weights = np.stack(
        [
            drawn["take_up"],
            drawn["option"],
            drawn["option"] * drawn["chip_price"] * (1 - drawn["overlap"]),
            drawn["take_up"] * drawn["lease_price"],
            drawn["take_up"] * drawn["renewal"],
        ]
    )
    n, kinds = weights.shape[1], len(inputs.due)
    out = np.empty((inputs.due.shape[2], n), weights.dtype)
    due = inputs.due.astype(weights.dtype)
    for k in range(kinds):
        which = slice(-(-k * BLOCK // kinds), -(-(k + 1) * BLOCK // kinds)) if timing is None else timing == k
        out[:, which] = due[k].T @ weights[:, which]
    return out


def walk(
    inputs: Inputs,
    case: str,
    shocks: np.ndarray,
    drawn: Mapping[str, np.ndarray],
    due: np.ndarray,
    out: dict[str, np.ndarray],
) -> None:
    """Fill the lines of the model for given surprises and choices.

    The formula of the model, and its only copy in Python; the page `explore` has another in
    its script, and a test compares the two.

    Parameters
    ----------
    inputs : Inputs
        What is known on the day.
    case : str
        One of `inputs.cases`.
    shocks : ndarray
        Surprises in the growth of revenue (Y, n), in logarithms.
    drawn : mapping
        The choices of `Choices.triangles`, each (n,).
    due : ndarray
        What computing costs before anything else is known: for contracts their cost (Y, n), otherwise (Y, 1) or (Y, n).
    out : dict
        The lines named in `LINES`, each (Y, n), US$ bn, overwritten.
    """
    kind = shocks.dtype.type
    growth, log_start, log_plan = inputs.growth, np.log(inputs.start_revenue), np.log(inputs.plan)
    level = np.zeros(shocks.shape[1], kind)
    cash = np.full(shocks.shape[1], inputs.base_cash, kind)
    gap = np.zeros(shocks.shape[1], kind)
    keep = 1 - drawn["other_share"]
    for t in range(len(inputs.plan)):
        level += shocks[t]
        revenue, compute = out["revenue"][t], out["compute"][t]
        np.multiply(drawn["attainment"], kind(growth[t]), out=revenue)
        revenue += level
        revenue += kind(log_start)
        if case == "plan":
            np.exp(drawn["flex"] * (revenue - kind(log_plan[t])), out=compute)
            compute *= due[t]
            np.exp(revenue, out=revenue)
        else:
            np.exp(revenue, out=revenue)
            np.multiply(revenue, drawn["compute_floor"], out=compute)
            np.maximum(compute, due[t], out=compute)
        np.multiply(revenue, drawn["other_share"], out=out["other"][t])
        cash += revenue * keep
        cash -= compute
        if inputs.conditional[t]:
            cash += drawn["conditional"] * kind(inputs.conditional[t])
        if inputs.firm[t]:
            cash += kind(inputs.firm[t])
        out["cash"][t] = cash
        np.maximum(gap, -cash, out=gap)
        out["gap"][t] = gap


def computing(
    inputs: Inputs, case: str, drawn: Mapping[str, np.ndarray], timing: np.ndarray | None = None
) -> np.ndarray:
    """What computing costs in a case as `walk` takes it, (Y, n) or (Y, 1), US$ bn."""
    if case == "contracts":
        return contracts_due(inputs, drawn, timing)
    if case == "capacity":
        path = inputs.gw_path[:, None].astype(drawn["gw"].dtype)
        live = drawn["gw"].dtype.type(inputs.live_gw)
        gigawatts: np.ndarray = (live + path * (drawn["gw"] - live)) * drawn["rent"]
        return gigawatts
    return plan_compute(inputs).astype(drawn["flex"].dtype)[:, None]


def carried(normals: np.ndarray, inputs: Inputs, choices: Choices) -> np.ndarray:
    """Surprises in growth (Y, n) from standard normals, a share of each carried into the next year; in place."""
    normals *= normals.dtype.type(choices.sigma)
    normals[0] *= normals.dtype.type(np.sqrt(inputs.open_share))
    for t in range(1, len(normals)):
        normals[t] += normals.dtype.type(choices.persistence) * normals[t - 1]
    return normals


def simulate(
    inputs: Inputs,
    choices: Choices,
    case: str = "contracts",
    paths: int = 100_000,
    seed: int = 0,
    dtype: type = np.float32,
    workers: int | None = None,
) -> dict[str, np.ndarray]:
    """Every line of every path.

    The result is the same for any number of workers; the first paths are the same for any number of paths, and all
    cases have the same draws.

    Parameters
    ----------
    inputs, choices
        What is known on the day, and our choices.
    case : str
        One of `inputs.cases`.
    paths, seed : int
        Number of paths, and the seed of the draws.
    dtype : type
        Floating-point type of the lines.
    workers : int, optional
        Number of threads; one for each processor if none is given.

    Returns
    -------
    dict
        Arrays (Y, paths), US$ bn, by the names in `LINES`.

    Raises
    ------
    ValueError
        For fewer than one path, or a case that is not known on the day.
    """
    if paths < 1:
        raise ValueError(f"paths {paths} must be 1 or more")
    if case not in inputs.cases:
        raise ValueError(f"case {case!r} cannot be computed on this day; known: {', '.join(inputs.cases)}")
    out: dict[str, np.ndarray] = {name: np.empty((len(inputs.plan), paths), dtype) for name in LINES}

    wanted = {SHARED_QUANTILES.get(name, name) for name in USED[case]}

    def run(start: int) -> None:
        stop = min(start + BLOCK, paths)
        normals, quantiles = draw(start, stop - start, len(inputs.plan), seed, choices.correlation, dtype, wanted)
        drawn = chosen(quantiles, choices.triangles, USED[case], dtype)
        due = computing(inputs, case, drawn)
        part = {name: values[:, start:stop] for name, values in out.items()}
        walk(inputs, case, carried(normals, inputs, choices), drawn, due, part)

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        list(pool.map(run, range(0, paths, BLOCK)))
    return out
