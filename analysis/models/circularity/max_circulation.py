"""The part of the money that can go round."""

from collections.abc import Sequence

import numpy as np
import scipy  # its optimizer is imported at its first use: most processes never need it
import scipy.sparse as sp

from analysis.models.circularity.matrices import Matrix, components, edges_of, matrix_like


def maximum_circulation(flows: Matrix, names: Sequence[str] | None = None) -> Matrix:
    """C with 0 <= C <= W, as much paid as received by each party, and the largest sum.

    A linear programme over the edges that lie on some cycle, solved by HiGHS.

    Parameters
    ----------
    flows : array or sparse array
        W (n, n), US$ bn.
    names : sequence of str, optional
        The n parties, for messages.

    Returns
    -------
    array or csr_array
        C (n, n), dense or sparse as W is. Its sum is unique, its entries may not be.

    Raises
    ------
    ValueError
        For a matrix that is not square, negative or not finite.
    """
    n, i, j, w = edges_of(flows, names)
    c = _best_circulation(n, i, j, w, np.ones(len(w)))
    return matrix_like(flows, n, i, j, np.where(i == j, w, c))


def _best_circulation(n: int, i: np.ndarray, j: np.ndarray, w: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """What each payment (m,) carries of the circulation within ``w`` that gains most; self-loops carry nothing."""
    part, c = components(n, i, j), np.zeros(len(w))
    on_cycle = (part[i] == part[j]) & (i != j)
    if not on_cycle.any():
        return c
    a, b, cap = i[on_cycle], j[on_cycle], w[on_cycle]
    used = np.unique(np.concatenate([a, b]))
    row = np.searchsorted(used, np.concatenate([a, b]))
    edge = np.tile(np.arange(len(a)), 2)
    sign = np.repeat([1.0, -1.0], len(a))
    scale = cap.max()
    solved = scipy.optimize.linprog(
        -gain[on_cycle],
        A_eq=sp.csr_array((sign, (row, edge)), shape=(len(used), len(a))),
        b_eq=np.zeros(len(used)),
        bounds=np.column_stack([np.zeros(len(a)), cap / scale]),
        method="highs",
    )
    if not solved.success:
        raise ValueError(f"the maximum circulation was not found: {solved.message}")
    c[on_cycle] = np.clip(solved.x * scale, 0.0, cap)
    return c


def feasible_maximum(flows: Matrix) -> float:
    """The most that could go round whoever paid whom: the sum over parties of the smaller of what each pays and gets.

    Parameters
    ----------
    flows : array or sparse array
        W (n, n), US$ bn.

    Returns
    -------
    float
        US$ bn, at least the sum of any circulation within W and at most the sum of W.
    """
    out, into = np.asarray(flows.sum(axis=1)).ravel(), np.asarray(flows.sum(axis=0)).ravel()
    return float(np.minimum(out, into).sum())


LEG = 1e-3  # what a leg between other parties costs beside a dollar that comes back: the shortest way is taken


def returning(flows: np.ndarray, party: int) -> np.ndarray:
    """What one party pays each other that can come back to it, each dollar counted once and by the shortest way.

    Parameters
    ----------
    flows : ndarray
        W (n, n), US$ bn.
    party : int
        Its index.

    Returns
    -------
    ndarray
        (n,), US$ bn: the parts of its payments that a maximum flow from the party back to itself takes.
    """
    _, i, j, w = edges_of(flows)
    n = len(flows)
    if not len(w):
        return np.zeros(n)
    balance = sp.csr_array(
        (np.repeat([1.0, -1.0], len(w)), (np.r_[i, j], np.tile(np.arange(len(w)), 2))), shape=(n, len(w))
    )
    cost = np.where(i == party, -1.0, np.where(j == party, 0.0, LEG))
    solved = scipy.optimize.linprog(cost, A_eq=balance, b_eq=np.zeros(n), bounds=np.c_[np.zeros(len(w)), w])
    back = i == party
    return np.bincount(j[back], weights=solved.x[back], minlength=n)


def most_returning(flows: np.ndarray, party: int) -> float:
    """The most that can come back to one party of what it pays, each dollar counted once.

    Parameters
    ----------
    flows : ndarray
        W (n, n), US$ bn.
    party : int
        Its index.

    Returns
    -------
    float
        US$ bn: the maximum flow from the party back to itself.
    """
    return float(returning(flows, party).sum())


def returning_in_time(flows: np.ndarray, party: int) -> float:
    """The most that can come back to one party after it has paid, each dollar counted once.

    What it pays may return in the same year or a later one; the others may keep it in between.

    Parameters
    ----------
    flows : ndarray
        W of each year, in their order (years, n, n), US$ bn.
    party : int
        Its index.

    Returns
    -------
    float
        US$ bn, at most `most_returning` of all years together.
    """
    years, n = flows.shape[:2]
    year, payer, payee = np.nonzero(flows)
    if not len(year):
        return 0.0
    # Each other party once a year, joined to its next year by what it keeps; the party itself is home in any year.
    kept = np.array([k for k in range((years - 1) * n) if k % n != party], int)
    i, j = (np.where(who == party, party, year * n + who) for who in (payer, payee))
    amounts = flows[year, payer, payee]
    found = _best_circulation(
        years * n,
        np.r_[i, kept],
        np.r_[j, kept + n],
        np.r_[amounts, np.full(len(kept), amounts.sum())],
        np.r_[(payer == party) * 1.0, np.zeros(len(kept))],
    )
    return float(found[: len(i)][payer == party].sum())


def returning_shares(flows: np.ndarray, parties: np.ndarray) -> np.ndarray:
    """The largest part of what a party pays that can come back to it, in each of several networks, by one programme.

    Parameters
    ----------
    flows : ndarray
        W of each network (k, n, n), US$ bn.
    parties : ndarray
        The party of each network (k,), an index; below 0 where it is none of them.

    Returns
    -------
    ndarray
        `most_returning` over what the party pays (k,); 0 where it pays nothing.
    """
    count, n = flows.shape[:2]
    if not n:
        return np.zeros(count)
    paid = np.where(parties >= 0, flows[np.arange(count), parties].sum(axis=1), 0.0)
    which, i, j = np.nonzero(flows * (paid > 0)[:, None, None])
    if not len(which):
        return np.zeros(count)
    is_paid = i == parties[which]
    c = _best_circulation(count * n, which * n + i, which * n + j, flows[which, i, j] / paid[which], is_paid * 1.0)
    return np.bincount(which[is_paid], c[is_paid], minlength=count)


def circulation_index(circular: Matrix, flows: Matrix) -> float:
    """Share of the money that goes round.

    Parameters
    ----------
    circular, flows : array or sparse array
        C and W (n, n), US$ bn.

    Returns
    -------
    float
        sum(C) / sum(W), in [0, 1]; 0 for an empty graph.
    """
    total = float(flows.sum())
    return float(circular.sum()) / total if total > 0 else 0.0
