"""Paths of the funding model summed up: quantiles, the share of paths short of cash, and money of today."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

QUANTILES = (0.05, 0.5, 0.95)
FEW_COPIES = 0.01  # of the least value, a share: more are set aside before the others are partitioned


def quantiles(values: np.ndarray, wanted: tuple[float, ...], scratch: np.ndarray | None = None) -> list[float]:
    """Exact order statistics, the lower one where a quantile falls between two.

    One partition each, the middle one first, of the part that is left: one element at a time because numpy's fast path
    takes a single one; in a scratch array because fetching fresh memory costs more than the partition; and without the
    many copies of the least value (paths without a gap), on which that fast path is slow.

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
    copies = len(values) - int(np.count_nonzero(is_above))
    if copies > len(values) * FEW_COPIES:
        rest = np.compress(is_above, values, out=scratch[: len(values) - copies])
    else:
        rest, copies = scratch[: len(values)], 0
        rest[:] = values
    ranks = [int(np.floor(q * (len(values) - 1))) - copies for q in wanted]
    found = dict.fromkeys((r for r in ranks if r < 0), float(least))
    _select(rest, 0, sorted({r for r in ranks if r >= 0}), found)
    return [found[r] for r in ranks]


def _select(values: np.ndarray, start: int, ranks: list[int], found: dict[int, float]) -> None:
    """Find order statistics of ranks that count from before ``start``; reorders the values."""
    if ranks:
        k = len(ranks) // 2
        place = ranks[k] - start
        values.partition(place)
        found[ranks[k]] = float(values[place])
        _select(values[:place], start, ranks[:k], found)
        _select(values[place + 1 :], start + place + 1, ranks[k + 1 :], found)


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
