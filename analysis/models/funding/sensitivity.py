"""What the gap depends on, told from the paths themselves: one joint distribution for paths and causes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

GROUPS = 32  # of equal size, by rank of a choice


def moved(gap: np.ndarray, causes: Mapping[str, np.ndarray], part: float = 0.2) -> pd.DataFrame:
    """The median gap where a choice is low and where it is high, all others as they come.

    Parameters
    ----------
    gap : ndarray
        (n,), US$ bn.
    causes : mapping
        What may move it (n,), by name: quantiles or any other values that can be ranked.
    part : float
        Share of the paths that counts as low, and as high.

    Returns
    -------
    DataFrame
        cause, low, high (median gap, US$ bn), moves (the distance of the two), error (standard error of the
        distance), share and share_error (of the variance, see `variance_share`); the largest move first.
    """
    rows = []
    for name, values in causes.items():
        order = np.argsort(values, kind="stable")
        n = max(1, int(len(gap) * part))
        ends = [np.sort(gap[order[:n]]), np.sort(gap[order[-n:]])]
        low, high = (float(e[(n - 1) // 2]) for e in ends)
        # Order statistics one standard error of the rank (root n over 2) below and above the median.
        step = max(1, round(np.sqrt(n) / 2))
        errors = [(e[min(n - 1, n // 2 + step)] - e[max(0, n // 2 - step)]) / 2 for e in ends]
        share, doubt = variance_share(gap, values)
        rows.append((name, low, high, abs(high - low), float(np.hypot(*errors)), share, doubt))
    columns = ["cause", "low", "high", "moves", "error", "share", "share_error"]
    return pd.DataFrame(rows, columns=columns).sort_values("moves", ascending=False, kind="stable", ignore_index=True)


def variance_share(y: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Share of the variance of ``y`` that the knowledge of ``x`` takes away, from given draws, and its standard error.

    The first-order Sobol index where the inputs are independent, and the correlation ratio where they are not: then
    the shares of related causes overlap and may sum to more than 1.

    Parameters
    ----------
    y, x : ndarray
        (n,). Groups are made by rank of ``x``; equal values stay together only by chance, which costs precision and not
        more.

    References
    ----------
    Pearson 1905; Plischke 2010, "An effective algorithm for computing global sensitivity indices (EASI)".
    """
    groups = np.array_split(y[np.argsort(x, kind="stable")].astype(float), GROUPS)
    means, sizes = np.array([g.mean() for g in groups]), np.array([len(g) for g in groups])
    total = float(np.var(y.astype(float)))
    if total == 0:
        return 0.0, 0.0
    between = float((sizes * (means - y.mean(dtype=float)) ** 2).sum() / len(y)) / total
    share = between - (1 - between) * (GROUPS - 1) / (len(y) - GROUPS)  # without what groups show by chance
    within = np.array([g.var() / len(g) for g in groups])
    error = 2 * np.sqrt(float((sizes**2 * within * (means - y.mean(dtype=float)) ** 2).sum())) / len(y) / total
    return share, error
