"""Finn's cycling index, and the outside money it needs."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from analysis.models.circularity.matrices import Matrix, components, edges_of


def outside_money_needed(flows: Matrix) -> tuple[np.ndarray, float]:
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
        When a party pays more than it gets (add `outside_money_needed` to ``inflow``), when money never leaves a set
        of parties, and for shapes and signs that are wrong.

    References
    ----------
    Finn 1976, 1980; Allesina and Ulanowicz 2004 on the bias.
    """
    n, i, j, w = edges_of(flows, names)
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
            f"{name_of(over[0])} pays {out[over[0]]:g} but gets {through[over[0]]:g}; "
            "add the outside money that it needs to inflow"
        )
    leaks = out < through * (1 - 1e-12)
    part = components(n, i, j)
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
