"""Who loses what when one party pays less.

Eisenberg and Noe 2001: p = min(p_bar, assets + Pi' p), the greatest solution, by fictitious default.
Rogers and Veraart 2013: a defaulting party realises only ``recovery`` of what it has and gets.
Battiston et al. 2012 (DebtRank): how much of everybody's means is hit before anybody defaults.

Over several years a party carries what it has not spent into the next; what it misses it has missed, and
no new loans come in.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Years(NamedTuple):
    """What happens in each year to each party, US$ bn, each of shape (T, n)."""

    paid: np.ndarray
    missed: np.ndarray
    cash: np.ndarray


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


def over_years(
    liabilities: np.ndarray,
    inflow: np.ndarray,
    cash: np.ndarray,
    minimum: np.ndarray,
    party: int,
    share: float,
    recovery: float = 1.0,
) -> Years:
    """Clear year after year when one party pays only a share of what it owes.

    In each year a party has what it holds above its minimum, what comes in from outside, and what the others pay it.

    Parameters
    ----------
    liabilities : ndarray
        (T, n, n), ``[t, i, j]`` due from i to j in year t, US$ bn.
    inflow : ndarray
        (T, n) from outside the network, US$ bn, 0 or more.
    cash, minimum : ndarray
        (n,) held at the start, and never paid out, US$ bn.
    party : int
        Index of the party that pays less; it has what it pays.
    share : float
        The part it pays in every year, 0 to 1.
    recovery : float
        As for `clearing_vector`, with the same errors.

    Returns
    -------
    Years
        paid and missed of each party's own debts (those of ``party`` in full are its ``liabilities``), and the cash
        that it holds at the end of each year.

    Raises
    ------
    ValueError
        For a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share {share} is outside 0 to 1")
    L, come = np.asarray(liabilities, float), np.asarray(inflow, float)
    held, floor = np.asarray(cash, float).copy(), np.asarray(minimum, float)
    paid, missed, kept = np.zeros(come.shape), np.zeros(come.shape), np.zeros(come.shape)
    for t, full in enumerate(L):
        due = full.copy()
        due[party] = share * full[party]
        owed = due.sum(axis=1)
        means = np.maximum(held - floor, 0.0) + come[t]
        means[party] = owed[party]
        p = clearing_vector(due, means, recovery)
        Pi = np.divide(due, owed[:, None], out=np.zeros_like(due), where=owed[:, None] > 0)
        held = held + come[t] + Pi.T @ p - p
        paid[t], missed[t], kept[t] = p, full.sum(axis=1) - p, held
    return Years(paid, missed, kept)


def least_share(own: np.ndarray, due: np.ndarray, buffer: float, is_bridged: bool = False) -> float:
    """Return the smallest share of its debts that a debtor must pay so that a creditor meets its own payments.

    In closed form: by the end of year t the creditor has buffer + sum(own) + share x sum(due), which must not be
    below 0.

    Parameters
    ----------
    own : ndarray
        (T,) what the creditor has over, or lacks, in each year without the debtor, US$ bn.
    due : ndarray
        (T,) what the debtor owes it in each year, US$ bn, 0 or more.
    buffer : float
        What it can spend at the start, US$ bn.
    is_bridged : bool
        Whether only the last year counts, because others lend until then.

    Returns
    -------
    float
        0 when it needs nothing from the debtor; above 1 when payment in full is not enough; infinite when no payment
        comes in time.
    """
    has, gets = buffer + np.cumsum(np.asarray(own, float)), np.cumsum(np.asarray(due, float))
    if is_bridged:
        has, gets = has[-1:], gets[-1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(has >= 0, 0.0, np.where(gets > 0, -has / gets, np.inf))
    return float(needed.max(initial=0.0))


def debt_rank(impact: np.ndarray, shock: np.ndarray, rounds: int = 1000) -> np.ndarray:
    """Return how distressed each party is in the end, each passing its distress on once.

    Parameters
    ----------
    impact : ndarray
        (n, n), ``[i, j]`` the part of j's means that is lost when i defaults; above 1 counts as 1.
    shock : ndarray
        (n,) distress at the start, 0 (none) to 1 (default).
    rounds : int
        The most rounds.

    Returns
    -------
    ndarray
        (n,), 0 to 1.

    Raises
    ------
    ValueError
        For an impact below 0, or a shock outside 0 to 1.

    References
    ----------
    Battiston, Puliga, Kaushik, Tasca, Caldarelli 2012, Scientific Reports 2, 541.
    """
    W, h = np.minimum(np.asarray(impact, float), 1.0), np.asarray(shock, float).copy()
    if not (W >= 0).all() or not ((h >= 0) & (h <= 1)).all():
        raise ValueError("impacts must be 0 or more and shocks 0 to 1")
    active, passive = h > 0, np.zeros(len(h), bool)
    for _ in range(rounds):
        if not active.any():
            break
        raised = np.minimum(1.0, h + np.where(active, h, 0.0) @ W)
        passive |= active
        active = (raised > 0) & ~passive
        h = raised
    return h
