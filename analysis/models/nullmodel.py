"""Would a network of the same parties with other partners be as circular?

- A draw swaps the payees of two payments many times, so that each party keeps its number of payers and
  payees, and then rescales the amounts to what each party pays and gets (iterative proportional fitting).
- A percentile is only meaningful when many different networks exist: with fewer than a hundred distinct
  draws none is given.
"""

import numpy as np

from analysis.models.circularity import circulation_index, maximum_circulation

SWAPS = 1000
MIN_DISTINCT = 100


def swap_edges(i: np.ndarray, j: np.ndarray, swaps: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Exchange the payees of two payments, many times.

    An exchange that would make a party pay itself, or repeat a payment, is passed over.

    Parameters
    ----------
    i, j : ndarray
        Payer and payee of each payment, (m,) indices.
    swaps : int
        Number of attempts.
    rng : Generator
        Source of the draws.

    Returns
    -------
    j : ndarray
        The payees afterwards, (m,).
    made : int
        The number of exchanges that could be made.
    """
    j = j.copy()
    present = set(zip(i.tolist(), j.tolist(), strict=True))
    made = 0
    for a, b in rng.integers(0, len(i), (swaps, 2)).tolist():
        one, other = (int(i[a]), int(j[b])), (int(i[b]), int(j[a]))
        if (
            i[a] == i[b]
            or j[a] == j[b]
            or one[0] == one[1]
            or other[0] == other[1]
            or one in present
            or other in present
        ):
            continue
        present -= {(int(i[a]), int(j[a])), (int(i[b]), int(j[b]))}
        present |= {one, other}
        j[a], j[b] = j[b], j[a]
        made += 1
    return j, made


def fit(
    i: np.ndarray, j: np.ndarray, w: np.ndarray, out: np.ndarray, into: np.ndarray, rounds: int = 200
) -> np.ndarray:
    """Scale amounts in turn to what each party pays and gets (iterative proportional fitting).

    Parameters
    ----------
    i, j, w : ndarray
        Payer, payee (indices) and first amount of each payment, (m,).
    out, into : ndarray
        What each party is to pay and to get, (n,), in the unit of ``w``.
    rounds : int
        Number of scalings of both sides.

    Returns
    -------
    ndarray
        Amounts (m,).
    """
    w = w.copy()
    n = len(out)
    for _ in range(rounds):
        for side, want in ((i, out), (j, into)):
            have = np.bincount(side, w, minlength=n)
            with np.errstate(divide="ignore", invalid="ignore"):
                w *= np.where(have > 0, want / have, 0.0)[side]
    return w


def percentile(flows: np.ndarray, draws: int = 200, seed: int = 0, swaps: int = SWAPS) -> dict[str, float]:
    """Place a network's maximum circulation index among networks with the same degrees and the same sums.

    Parameters
    ----------
    flows : ndarray
        W (n, n), US$ bn.
    draws : int
        Number of networks drawn.
    seed : int
        Seed of the draws.
    swaps : int
        Exchanges tried for each draw.

    Returns
    -------
    dict
        index (share), percentile (draws at or below it, in per cent; NaN when fewer than `MIN_DISTINCT` different
        graphs were met), distinct (their number) and accepted (exchanges made in a draw, mean).
    """
    i, j = np.nonzero(flows)
    w = flows[i, j].astype(float)
    own = circulation_index(maximum_circulation(flows), flows)
    if len(i) < 2:
        return {"index": own, "percentile": float("nan"), "distinct": float(len(i) > 0), "accepted": 0.0}
    others, accepted = [], []
    for child in np.random.SeedSequence(seed).spawn(draws):
        other, made = swap_edges(i, j, swaps, np.random.default_rng(child))
        others.append(other)
        accepted.append(made)
    # All draws as one network of parts without a payment between them, so that they are scaled at once.
    n, parts = len(flows), np.arange(draws)[:, None]
    payers, payees = (i + n * parts).ravel(), (np.array(others) + n * parts).ravel()
    fitted = fit(
        payers, payees, np.tile(w, draws), np.tile(flows.sum(axis=1), draws), np.tile(flows.sum(axis=0), draws)
    )
    values = []
    for other, amounts in zip(others, fitted.reshape(draws, len(i)), strict=True):
        W = np.zeros_like(flows, dtype=float)
        W[i, other] = amounts
        values.append(circulation_index(maximum_circulation(W), W))
    seen = {tuple(sorted(zip(i.tolist(), other.tolist(), strict=True))) for other in others}
    share = 100 * float(np.mean(np.array(values) <= own + 1e-12)) if len(seen) >= MIN_DISTINCT else float("nan")
    return {"index": own, "percentile": share, "distinct": float(len(seen)), "accepted": float(np.mean(accepted))}
