"""Diagnostics of Markov chains: whether draws are independent, and whether chains agree.

Source: Gelman and Rubin 1992, Statistical Science 7; split chains as in Gelman et al., Bayesian Data Analysis, 3rd ed.
"""

import numpy as np


def lag_one(values: np.ndarray) -> float:
    """Correlation of a value with the next in its chain, mean over chains (chains, draws); 0 where nothing varies."""
    found = []
    for row in values - values.mean():
        spread = float((row**2).mean())
        found.append(float((row[1:] * row[:-1]).mean()) / spread if spread > 0 else 0.0)
    return float(np.mean(found))


def split_r_hat(values: np.ndarray) -> float:
    """Gelman and Rubin's R-hat with each chain split in two.

    Parameters
    ----------
    values : ndarray
        (chains, draws).

    Returns
    -------
    float
        Near 1 where the chains agree; 1 where nothing varies.
    """
    half = values.shape[1] // 2
    parts = np.concatenate([values[:, :half], values[:, half : 2 * half]])
    within = float(parts.var(axis=1, ddof=1).mean())
    between = half * float(parts.mean(axis=1).var(ddof=1))
    if within <= 0:
        return 1.0 if between <= 0 else float("inf")
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))
