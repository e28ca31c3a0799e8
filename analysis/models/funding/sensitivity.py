"""What the gap depends on, in dollars, told from the paths themselves."""

from collections.abc import Mapping

import numpy as np
import pandas as pd


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
    columns = ["cause", "low", "high", "moves", "error"]
    return pd.DataFrame(rows, columns=columns).sort_values("moves", ascending=False, kind="stable", ignore_index=True)
