"""Paths of the funding model: drawn, walked and summed up."""

import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis.models.funding.inputs import DRAWN, Choices, Inputs, rented

BLOCK = 1 << 14  # paths drawn with one seed
QUANTILES = (0.05, 0.5, 0.95)
LINES = ("revenue", "compute", "other", "share", "cash", "gap")


def triangle(u: np.ndarray, low: float, central: float, high: float) -> np.ndarray:
    """Turn uniform numbers into draws from a triangular distribution.

    Parameters
    ----------
    u : ndarray
        Uniform on [0, 1), any shape.
    low, central, high : float
        Ends and mode of the triangle.

    Returns
    -------
    ndarray
        Draws in the shape and type of ``u``.
    """
    if high == low:
        return np.full_like(u, central)
    cut = (central - low) / (high - low)
    rising = low + np.sqrt(u * ((high - low) * (central - low)))
    falling = high - np.sqrt((1 - u) * ((high - low) * (high - central)))
    return np.where(u < cut, rising, falling).astype(u.dtype)


def walk(
    inputs: Inputs, shocks: np.ndarray, drawn: Mapping[str, np.ndarray | float], out: dict[str, np.ndarray]
) -> None:
    """Fill the lines of the model for given surprises and choices.

    The formula of the model, and the only place it stands in Python; the page `explore` has it once more in
    its script, and a browser test holds the two together.

    Parameters
    ----------
    inputs : Inputs
        What is known on the day.
    shocks : ndarray
        Surprises in the growth of revenue (Y, n), in logarithms.
    drawn : mapping
        The choices named in `DRAWN`, each (n,) or one number.
    out : dict
        The lines named in `LINES`, each (Y, n), US$ bn, overwritten.
    """
    kind = shocks.dtype.type
    growth = np.cumsum(np.log(inputs.plan / np.concatenate([[inputs.base_revenue], inputs.plan[:-1]])))
    level = np.zeros(shocks.shape[1], kind)
    cash = np.full(shocks.shape[1], inputs.base_cash, kind)
    gap = np.zeros(shocks.shape[1], kind)
    keep = 1 - drawn["other_share"] - drawn["share_rate"]
    for t in range(len(inputs.plan)):
        level += shocks[t]
        revenue = out["revenue"][t]
        np.multiply(drawn["attainment"], kind(growth[t]), out=revenue)
        revenue += level
        np.exp(revenue, out=revenue)
        revenue *= kind(inputs.base_revenue)
        np.multiply(drawn["take_up"], kind(inputs.obligations[t]), out=out["compute"][t])
        np.multiply(revenue, drawn["compute_floor"], out=out["other"][t])
        np.maximum(out["compute"][t], out["other"][t], out=out["compute"][t])
        np.multiply(revenue, drawn["other_share"], out=out["other"][t])
        np.multiply(revenue, drawn["share_rate"], out=out["share"][t])
        cash += revenue * keep
        cash -= out["compute"][t]
        cash += drawn["conditional"] * kind(inputs.conditional[t])
        cash += kind(inputs.firm[t])
        out["cash"][t] = cash
        np.maximum(gap, -cash, out=gap)
        out["gap"][t] = gap


def _draw(
    inputs: Inputs, choices: Choices, seed: int, block: int, dtype: type
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Surprises (Y, BLOCK) and drawn choices (BLOCK,) of one block, the same whoever draws it."""
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block,))))
    shocks: np.ndarray = rng.standard_normal((len(inputs.plan), BLOCK), np.float32).astype(dtype, copy=False)
    uniform: np.ndarray = rng.random((len(DRAWN), BLOCK), np.float32).astype(dtype, copy=False)
    shocks *= dtype(choices.sigma)
    for t in range(1, len(shocks)):
        shocks[t] += dtype(choices.persistence) * shocks[t - 1]
    return shocks, {name: triangle(u, *getattr(choices, name)) for name, u in zip(DRAWN, uniform, strict=True)}


def simulate(
    inputs: Inputs,
    choices: Choices,
    paths: int = 100_000,
    seed: int = 0,
    dtype: type = np.float32,
    workers: int | None = None,
) -> dict[str, np.ndarray]:
    """Every line of every path.

    The result is the same for any number of workers; the first paths are the same for any number of paths.

    Parameters
    ----------
    inputs, choices
        What is known on the day, and our choices.
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
        For fewer than one path.
    """
    if paths < 1:
        raise ValueError(f"paths {paths} must be 1 or more")
    out: dict[str, np.ndarray] = {name: np.empty((len(inputs.plan), paths), dtype) for name in LINES}

    def run(block: int) -> None:
        shocks, drawn = _draw(inputs, choices, seed, block, dtype)
        start = block * BLOCK
        stop = min(start + BLOCK, paths)
        m = stop - start
        part = {name: values[:, start:stop] for name, values in out.items()}
        walk(inputs, shocks[:, :m], {k: v[:m] for k, v in drawn.items()}, part)

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        list(pool.map(run, range(-(-paths // BLOCK))))
    return out


def quantiles(values: np.ndarray, wanted: tuple[float, ...], scratch: np.ndarray | None = None) -> list[float]:
    """Exact order statistics, the lower one where a quantile falls between two.

    One partition each, of what is left above: one element at a time because numpy's fast path takes a single one;
    in a scratch array because fetching fresh memory costs more than the partition; and without the many copies of
    the least value (paths without a gap), on which that fast path is slow.

    Parameters
    ----------
    values : ndarray
        (n,), left as they are.
    wanted : tuple of float
        Shares from 0 to 1, rising.
    scratch : ndarray, optional
        Room of the same size and type as the values.
    """
    scratch = np.empty_like(values) if scratch is None else scratch
    least = values.min()
    is_above = values > least
    start = len(values) - int(np.count_nonzero(is_above))
    rest = np.compress(is_above, values, out=scratch[: len(values) - start])
    found = []
    for q in wanted:
        rank = int(np.floor(q * (len(values) - 1))) - start
        if rank < 0:
            found.append(float(least))
            continue
        rest.partition(rank)
        found.append(float(rest[rank]))
        rest, start = rest[rank:], start + rank
    return found


def summarise(
    lines: dict[str, np.ndarray], years: np.ndarray, names: tuple[str, ...] = ("revenue", "cash", "gap")
) -> pd.DataFrame:
    """Quantiles of lines by year, and the probability of a shortfall.

    Parameters
    ----------
    lines : dict
        Arrays (Y, n), US$ bn, as `simulate` returns them.
    years : ndarray
        Calendar years (Y,).
    names : tuple of str
        The lines wanted.

    Returns
    -------
    DataFrame
        year; for each line line_low, line_median, line_high (5, 50, 95%, US$ bn); probability of a shortfall up to
        that year and its standard error (shares).
    """
    jobs = [(name, t) for name in names for t in range(len(years))]
    own = threading.local()

    def quantiles_of(job: tuple[str, int]) -> list[float]:
        values = lines[job[0]][job[1]]
        if not hasattr(own, "scratch"):
            own.scratch = np.empty_like(values)
        return quantiles(values, QUANTILES, own.scratch)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(quantiles_of, jobs))
    table = pd.DataFrame({"year": years})
    for name in names:
        part = np.array([f for (n, _), f in zip(jobs, found, strict=True) if n == name])
        for k, label in enumerate(("low", "median", "high")):
            table[f"{name}_{label}"] = part[:, k]
    n = lines["gap"].shape[1]
    short = np.array([np.count_nonzero(lines["gap"][t] > 0) for t in range(len(years))]) / n
    return table.assign(probability=short, error=np.sqrt(short * (1 - short) / n))


def central_path(inputs: Inputs, choices: Choices, **changed: float) -> pd.DataFrame:
    """The path without surprises at the central choices.

    Parameters
    ----------
    inputs, choices
        What is known on the day, and our choices.
    changed : float
        Values of drawn choices that replace the central ones.

    Returns
    -------
    DataFrame
        year and the lines named in `LINES` (US$ bn).
    """
    drawn = {k: np.array([v]) for k, v in (choices.central() | changed).items()}
    out = {name: np.empty((len(inputs.plan), 1)) for name in LINES}
    walk(inputs, np.zeros((len(inputs.plan), 1)), drawn, out)
    return pd.DataFrame({"year": inputs.years} | {name: values[:, 0] for name, values in out.items()})


def rent_gap(inputs: Inputs, choices: Choices, gw: np.ndarray, rent: float) -> float:
    """The gap of the last year on the central path when compute is rented by capacity, US$ bn; see `rented`."""
    return float(central_path(rented(inputs, gw, rent), choices, take_up=1.0)["gap"].iloc[-1])


def present_gap(gap: np.ndarray, rate: float) -> np.ndarray:
    """The gap as money of the base year: what must be raised in each year, discounted.

    Parameters
    ----------
    gap : ndarray
        Gaps by year and path (Y, n), US$ bn.
    rate : float
        Yearly discount rate, a share.

    Returns
    -------
    ndarray
        (n,), US$ bn.
    """
    raised = np.diff(gap, axis=0, prepend=np.zeros((1, gap.shape[1])))
    return (raised / (1 + rate) ** np.arange(1, len(gap) + 1)[:, None]).sum(axis=0)
