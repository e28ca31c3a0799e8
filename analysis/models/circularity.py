"""How much of the money goes round.

A flow matrix ``W`` is (n, n), numpy or scipy sparse, ``W[i, j] >= 0`` the money (US$ bn) paid by i to j.
Two bounds say more than one score: the largest part that *can* go round (`maximum_circulation`) and the part
that does when each party passes money on in proportion (`balanced_flow_forwarding`). Sources: Homs-Dones,
MacKay, Sansom, Zhou 2025, Circular Directional Flow Decomposition (arXiv 2506.12546); Finn 1976, 1980;
Allesina and Ulanowicz 2004. A self-loop is circular by itself.
"""

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from analysis.models.deals import FUNDING_KINDS

Matrix = Any  # an ndarray or a sparse matrix or array of SciPy
RELATIVE_ZERO = 1e-12  # a flow this much smaller than the largest is none


def _edges(flows: Matrix, names: Sequence[str] | None = None) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Size, rows, columns and amounts of the positive entries. Raises ValueError naming what is wrong."""
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:
        raise ValueError(f"a flow matrix is square, not {flows.shape}")
    n = flows.shape[0]
    if names is not None:
        if len(names) != n:
            raise ValueError(f"{len(names)} names for {n} parties")
        twice = [x for x in names if list(names).count(x) > 1] if len(set(names)) < n else []
        if twice:
            raise ValueError(f"party {twice[0]!r} stands twice among the names")
    entries = sp.coo_array(flows)
    entries.sum_duplicates()
    i, j, w = entries.row, entries.col, entries.data.astype(float)
    bad = ~(w >= 0) | np.isinf(w)
    if bad.any():
        k = int(np.flatnonzero(bad)[0])
        a, b = (names[i[k]], names[j[k]]) if names is not None else (int(i[k]), int(j[k]))
        raise ValueError(f"the flow of {a} to {b} is {w[k]}; it must be a number of 0 or more")
    keep = w > 0
    return n, i[keep], j[keep], w[keep]


def _like(flows: Matrix, n: int, i: np.ndarray, j: np.ndarray, w: np.ndarray) -> Matrix:
    out = sp.csr_array((w, (i, j)), shape=(n, n))
    return out if sp.issparse(flows) else out.toarray()


def _components(n: int, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    graph = sp.csr_array((np.ones(len(i)), (i, j)), shape=(n, n))
    return connected_components(graph, directed=True, connection="strong")[1]


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
    n, i, j, w = _edges(flows, names)
    part = _components(n, i, j)
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
    return _like(flows, n, i, j, c)


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
    n, i, j, w = _edges(flows, names)
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
        part = _components(len(nodes), a, b)
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
    return _like(flows, n, i, j, c)


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


def balance(flows: Matrix) -> tuple[np.ndarray, float]:
    """The outside money that lets each party pay what it pays.

    Parameters
    ----------
    flows : array or sparse array
        W (n, n), US$ bn.

    Returns
    -------
    needed : ndarray
        max(0, out - in) of each party (n,), US$ bn.
    total : float
        Its sum.
    """
    out, into = np.asarray(flows.sum(axis=1)).ravel(), np.asarray(flows.sum(axis=0)).ravel()
    needed = np.maximum(out - into, 0.0)
    return needed, float(needed.sum())


def finn_cycling_index(flows: Matrix, inflow: np.ndarray, names: Sequence[str] | None = None) -> float:
    """Share of the throughflow that comes back to where it was.

    T_i = inflow_i + sum_j W[j, i], G[i, j] = W[i, j] / T_i, N = (I - G)^-1 and the index is
    sum_i T_i (N_ii - 1) / N_ii over sum_i T_i. It is biased upwards for small dense networks.

    Parameters
    ----------
    flows : array or sparse array
        W (n, n), US$ bn.
    inflow : ndarray
        Outside money of each party (n,), US$ bn, 0 or more.
    names : sequence of str, optional
        The n parties, for messages.

    Returns
    -------
    float
        In [0, 1]; 0 for an empty graph.

    Raises
    ------
    ValueError
        When a party pays more than it gets (use `balance` first), when money never leaves a set of parties, and
        for shapes and signs that are wrong.

    References
    ----------
    Finn 1976, 1980; Allesina and Ulanowicz 2004 on the bias.
    """
    n, i, j, w = _edges(flows, names)
    inflow = np.asarray(inflow, float)
    if inflow.shape != (n,) or not (inflow >= 0).all():
        raise ValueError(f"inflow is one number of 0 or more for each of the {n} parties")
    name_of = (lambda k: str(names[k])) if names is not None else (lambda k: f"party {k}")
    into, out = np.bincount(j, w, minlength=n), np.bincount(i, w, minlength=n)
    through = inflow + into
    if through.sum() == 0:
        return 0.0
    over = np.flatnonzero(out > through * (1 + 1e-9))
    if over.size:
        raise ValueError(
            f"{name_of(over[0])} pays {out[over[0]]:g} but gets {through[over[0]]:g}; balance the flows first"
        )
    leaks = out < through * (1 - 1e-12)
    part = _components(n, i, j)
    leaves = np.zeros(part.max() + 1, bool)
    np.logical_or.at(leaves, part, leaks | (through == 0))
    crossing = part[i] != part[j]
    leaves[np.unique(part[i[crossing]])] = True
    if not leaves.all():
        k = int(np.flatnonzero(~leaves[part])[0])
        raise ValueError(f"money that reaches {name_of(k)} never leaves: the system is singular")
    share = w / through[i]
    if n <= 3000:
        A = np.eye(n)
        np.add.at(A, (i, j), -share)
        diagonal = np.diagonal(np.linalg.inv(A))
    else:
        solver = sp.linalg.splu(sp.csc_array(sp.eye_array(n) - sp.csr_array((share, (i, j)), shape=(n, n))))
        diagonal = np.concatenate(
            [np.diagonal(solver.solve(np.eye(n)[:, k : k + 500])[k : k + 500]) for k in range(0, n, 500)]
        )
    return float((through * (diagonal - 1) / diagonal).sum() / through.sum())


def loops(flows: Matrix, max_length: int = 5, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Simple cycles of at most ``max_length`` parties.

    Parameters
    ----------
    flows, names
        As for `maximum_circulation`.
    max_length : int
        The most parties of a cycle.

    Returns
    -------
    DataFrame
        Columns parties (tuple, from the first in order of index), length, bottleneck (smallest payment of the
        cycle) and total (their sum), US$ bn, largest bottleneck first.
    """
    n, i, j, w = _edges(flows, names)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(zip(i.tolist(), j.tolist(), w.tolist(), strict=True))
    rows = []
    for cycle in nx.simple_cycles(graph, length_bound=max_length):
        start = cycle.index(min(cycle))
        ring = cycle[start:] + cycle[:start]
        amounts = [graph[a][b]["weight"] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
        label = tuple(names[k] for k in ring) if names is not None else tuple(ring)
        rows.append((label, len(ring), min(amounts), sum(amounts)))
    table = pd.DataFrame(rows, columns=["parties", "length", "bottleneck", "total"])
    return table.sort_values(
        ["bottleneck", "total", "length", "parties"], ascending=[False, False, True, True], ignore_index=True
    )


def round_trip(
    flows: pd.DataFrame,
    firm: str,
    lab: str = "openai",
    rate: float = 0.0,
    amount: str = "high",
    base_year: int | None = None,
) -> dict[str, float]:
    """The money a partner puts into a lab against what the lab pays it, over the same table of years.

    Parameters
    ----------
    flows : DataFrame
        Payments with payer, payee, year and the column named by ``amount`` (US$ bn), and kind if only equity and
        debt shall count as put in.
    firm, lab : str
        The partner and the lab.
    rate : float
        Yearly discount rate, a share.
    amount : str
        The column of amounts.
    base_year : int, optional
        The year to discount to; the first of the payments between the two if none is given.

    Returns
    -------
    dict
        put_in, paid_back (US$ bn), returned (share of the money in that comes back, at most 1) and
        orders_per_dollar, and the same four discounted, ending in _today; NaN without money in.

    Raises
    ------
    ValueError
        When firm and lab are one.
    """
    if firm == lab:
        raise ValueError(f"{firm!r} cannot make a round trip with itself")
    put = flows[(flows["payer"] == firm) & (flows["payee"] == lab)]
    if "kind" in flows:
        put = put[put["kind"].isin(FUNDING_KINDS)]
    back = flows[(flows["payer"] == lab) & (flows["payee"] == firm)]
    base = base_year if base_year is not None else min([*put["year"], *back["year"]], default=0)
    found: dict[str, float] = {}
    for ending, r in (("", 0.0), ("_today", rate)):
        into, out = (float((rows[amount] / (1 + r) ** (rows["year"] - base)).sum()) for rows in (put, back))
        ratio = out / into if into > 0 else float("nan")
        found |= {
            f"put_in{ending}": into,
            f"paid_back{ending}": out,
            f"returned{ending}": min(ratio, 1.0) if into > 0 else float("nan"),
            f"orders_per_dollar{ending}": ratio,
        }
    return found
