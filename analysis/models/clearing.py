"""Who loses what when one party pays less.

Eisenberg and Noe 2001: p = min(p_bar, assets + Pi' p), the greatest solution, by fictitious default.
Rogers and Veraart 2013: a defaulting party realises only ``recovery`` of what it has and gets.
"""

from collections.abc import Sequence

import numpy as np


def clearing_vector(
    liabilities: np.ndarray, assets: np.ndarray, recovery: float = 1.0, names: Sequence[str] | None = None
) -> np.ndarray:
    """What each party can pay of what it owes, the greatest solution.

    A party that can meet its debts from assets and receipts pays them in full; one that cannot pays
    recovery x (assets + receipts), shared among its creditors in proportion.

    Parameters
    ----------
    liabilities : ndarray
        (n, n), ``[i, j]`` owed by i to j, US$ bn.
    assets : ndarray
        (n,) from outside the network, US$ bn, 0 or more.
    recovery : float
        In (0, 1], the share of a defaulting party's means that reaches its creditors.
    names : sequence of str, optional
        The n parties, for messages.

    Returns
    -------
    ndarray
        (n,), US$ bn.

    Raises
    ------
    ValueError
        For wrong shapes, negative or missing numbers (naming the party) or a recovery outside (0, 1].

    References
    ----------
    Eisenberg and Noe 2001; Rogers and Veraart 2013 for a recovery below 1.
    """
    L, e = np.asarray(liabilities, float), np.asarray(assets, float)
    if L.ndim != 2 or L.shape[0] != L.shape[1]:
        raise ValueError(f"liabilities are square, not {L.shape}")
    n = len(L)
    if e.shape != (n,):
        raise ValueError(f"assets are one number for each of the {n} parties, not of shape {e.shape}")
    if not 0 < recovery <= 1:
        raise ValueError(f"recovery {recovery} is outside (0, 1]")
    bad = np.flatnonzero(~((L >= 0) & np.isfinite(L)).all(axis=1) | ~((e >= 0) & np.isfinite(e)))
    if bad.size:
        who = names[bad[0]] if names is not None else f"party {bad[0]}"
        raise ValueError(f"{who}: liabilities and assets must be finite numbers of 0 or more")
    owed = L.sum(axis=1)
    Pi = np.divide(L, owed[:, None], out=np.zeros_like(L), where=owed[:, None] > 0)
    default = np.zeros(n, bool)
    paid = owed.copy()
    while True:  # each round adds a party in default, so there are at most n
        failing = default | (e + Pi.T @ paid < owed * (1 - 1e-12) - 1e-12)
        if (failing == default).all():
            break
        default = failing
        # Those in default pay recovery x (assets + receipts from the solvent + receipts from each other).
        d = np.flatnonzero(default)
        fixed = e[d] + Pi[~default][:, d].T @ owed[~default]
        A = np.eye(len(d)) - recovery * Pi[np.ix_(d, d)].T
        paid = owed.copy()
        paid[d] = np.minimum(np.linalg.lstsq(A, recovery * fixed, rcond=None)[0], owed[d])
    return np.maximum(paid, 0.0)


def stress(
    liabilities: np.ndarray, assets: np.ndarray, party: int, share: float, recovery: float = 1.0
) -> dict[str, np.ndarray]:
    """Losses when one party pays only a share of what it owes.

    Parameters
    ----------
    liabilities, assets, recovery
        As for `clearing_vector`, with the same errors.
    party : int
        Index of the party that pays less.
    share : float
        The part it pays, 0 to 1.

    Returns
    -------
    dict
        first_round (what its creditors miss directly) and total (what each creditor misses once the others have
        cleared, including through the chain), both (n,), US$ bn. The chain is total less first_round.

    Raises
    ------
    ValueError
        For a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share {share} is outside 0 to 1")
    L, e = np.asarray(liabilities, float), np.asarray(assets, float).copy()
    owed = L.sum(axis=1)
    Pi = np.divide(L, owed[:, None], out=np.zeros_like(L), where=owed[:, None] > 0)
    first = (1 - share) * L[party]
    # The party's own means are set to what it pays; it then passes on exactly that.
    cut = L.copy()
    cut[party] = share * L[party]
    e[party] = max(e[party], cut[party].sum())
    paid = clearing_vector(cut, e, recovery)
    got = Pi.T @ np.where(np.arange(len(L)) == party, 0.0, paid) + cut[party]
    return {"first_round": first, "total": np.maximum(L.sum(axis=0) - got, 0.0)}
