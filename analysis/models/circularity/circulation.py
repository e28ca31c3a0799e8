"""The part of the money that can go round, and the part that does."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from analysis.models.circularity.matrices import Matrix, components, edges_of, matrix_like

RELATIVE_ZERO = 1e-12  # a flow this much smaller than the largest is none


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
    part = components(n, i, j)
    on_cycle = (part[i] == part[j]) & (i != j)
    c = np.where(i == j, w, 0.0)
    if on_cycle.any():
        a, b, cap = i[on_cycle], j[on_cycle], w[on_cycle]
        used = np.unique(np.concatenate([a, b]))
        row = np.searchsorted(used, np.concatenate([a, b]))
        edge = np.tile(np.arange(len(a)), 2)
        sign = np.repeat([1.0, -1.0], len(a))
        balance = sp.csr_array((sign, (row, edge)), shape=(len(used), len(a)))
        scale = cap.max()
        solved = linprog(
            -np.ones(len(a)),
            A_eq=balance,
            b_eq=np.zeros(len(used)),
            bounds=np.column_stack([np.zeros(len(a)), cap / scale]),
            method="highs",
        )
        if not solved.success:
            raise ValueError(f"the maximum circulation was not found: {solved.message}")
        c[on_cycle] = np.clip(solved.x * scale, 0.0, cap)
    return matrix_like(flows, n, i, j, c)


def _stationary(P: np.ndarray) -> np.ndarray:
    """The stationary distribution of an irreducible row-stochastic matrix."""
    m = len(P)
    A = P.T - np.eye(m)
    A[-1] = 1.0
    rhs = np.zeros(m)
    rhs[-1] = 1.0
    return np.maximum(np.linalg.solve(A, rhs), 0.0)


def balanced_flow_forwarding(flows: Matrix, names: Sequence[str] | None = None) -> Matrix:
    """The circular part when each party passes on what it gets in proportion to what it pays.

    One step on a strongly connected component is the stationary flow of its row-normalised W, scaled until the
    tightest party pays all it pays; that flow is taken out and what is left of the component is taken up again.
    Only components that changed are solved anew.

    Parameters
    ----------
    flows, names
        As for `maximum_circulation`, with the same errors.

    Returns
    -------
    array or csr_array
        C (n, n), balanced, with W - C acyclic and a sum of at most the maximum circulation's.

    References
    ----------
    Homs-Dones, MacKay, Sansom, Zhou 2025, arXiv 2506.12546.
    """
    n, i, j, w = edges_of(flows, names)
    c = np.where(i == j, w, 0.0)
    rest = np.where(i == j, 0.0, w)
    floor = RELATIVE_ZERO * (rest.max() if len(rest) else 1.0)
    waiting = [np.flatnonzero(rest > 0)]
    while waiting:
        edges = waiting.pop()
        if not edges.size:
            continue
        nodes, local = np.unique(np.concatenate([i[edges], j[edges]]), return_inverse=True)
        a, b = local[: edges.size], local[edges.size :]
        part = components(len(nodes), a, b)
        inside = part[a] == part[b]
        for k in np.unique(part[a[inside]]):
            own = inside & (part[a] == k)
            members, place = np.unique(np.concatenate([a[own], b[own]]), return_inverse=True)
            m, e = len(members), edges[own]
            x, y = place[: own.sum()], place[own.sum() :]
            out = np.bincount(x, rest[e], minlength=m)
            P = np.zeros((m, m))
            P[x, y] = rest[e] / out[x]
            pi = _stationary(P)
            with np.errstate(divide="ignore"):
                room = np.where(pi > 0, out / pi, np.inf)
            tight = int(room.argmin())
            flow = np.minimum(room[tight] * pi[x] * P[x, y], rest[e])
            c[e] += flow
            rest[e] -= flow
            rest[e[(x == tight) | (rest[e] <= floor)]] = 0.0
            waiting.append(e[rest[e] > 0])
    return matrix_like(flows, n, i, j, c)


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
