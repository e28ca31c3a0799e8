"""The part of the money that goes round when each party passes it on in proportion.

A party that pays all it owes in proportion has one number: the share of its payments that is still to be made. A step
of balanced forwarding lowers all of them along the stationary flow until one is nought; the proportions of the others
stay as they were. So the stationary flow of the next step is found from the inverse of this step's equations, changed
where a party has left, instead of anew.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg.blas import dgemm

from analysis.models.circularity.matrices import Matrix, components, edges_of, matrix_like

RELATIVE_ZERO = 1e-12  # a flow this much smaller than the largest is none
RESIDUAL = 1e-11  # relative: beyond it the inverse is made anew
MOST_LEAVING = 0.1  # share of the parties that may leave before the inverse is made anew


def balanced_flow_forwarding(flows: Matrix, names: Sequence[str] | None = None) -> Matrix:
    """The circular part when each party passes on what it gets in proportion to what it pays.

    One step on a strongly connected component is the stationary flow of its row-normalised W, scaled until the
    tightest party pays all it pays; that flow is taken out and what is left of the component is taken up again.

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
    left = np.ones(n)  # share of each party's payments that is still to be made
    floor = RELATIVE_ZERO * w.max(initial=0.0)
    inverse: _Inverse | None = None
    waiting = _circular_parts(n, i, j, np.flatnonzero(i != j))
    while waiting:
        edges = waiting.pop()
        payers, payees, weights = i[edges], j[edges], w[edges]
        if inverse is None or not inverse.follow(payers, payees, weights):
            inverse = _Inverse(n, payers, payees, weights)
        flow, error = inverse.stationary(payers, payees, weights)
        if error > RESIDUAL:  # too many changes on changes
            inverse = _Inverse(n, payers, payees, weights)
            flow, _ = inverse.stationary(payers, payees, weights)
        members = inverse.members
        left[members] -= (left[members] / flow[members]).min() * flow[members]
        largest = np.zeros(n)
        np.maximum.at(largest, payers, weights)
        left[members[left[members] * largest[members] <= floor]] = 0.0
        c[edges] = weights * (1 - left[payers])
        waiting += _circular_parts(n, i, j, edges[left[payers] > 0])
    return matrix_like(flows, n, i, j, c)


def _circular_parts(n: int, i: np.ndarray, j: np.ndarray, edges: np.ndarray) -> list[np.ndarray]:
    """The edges of each strongly connected component that has any, the largest last."""
    part = components(n, i[edges], j[edges])
    inside = edges[part[i[edges]] == part[j[edges]]]
    own = part[i[inside]]
    order = np.argsort(own, kind="stable")
    found = np.split(inside[order], np.flatnonzero(np.diff(own[order])) + 1) if len(inside) else []
    return sorted(found, key=len)


class _Inverse:
    """The inverse of the equations of a stationary flow, in which one party, the ground, has a flow of 1."""

    def __init__(self, n: int, payers: np.ndarray, payees: np.ndarray, weights: np.ndarray):
        """Invert the equations of a strongly connected component: its edges by payer, payee and amount."""
        self.n, self.out = n, np.bincount(payers, weights, minlength=n)
        self.members = np.flatnonzero(self.out)
        self.ground = int(self.members[self.out[self.members].argmax()])
        self.rest = self.members[self.members != self.ground]
        self.place = np.full(n, -1)
        self.place[self.rest] = np.arange(len(self.rest))
        A = np.zeros((len(self.rest), len(self.rest)), order="F")
        inside = (payers != self.ground) & (payees != self.ground)
        A[self.place[payees[inside]], self.place[payers[inside]]] = -weights[inside]
        A[np.diag_indices(len(self.rest))] = self.out[self.rest]
        self.size, self.B = len(self.members), np.asfortranarray(np.linalg.inv(A))

    def follow(self, payers: np.ndarray, payees: np.ndarray, weights: np.ndarray) -> bool:
        """Change the inverse to that of a part of the component, if it is most of it; False if it is not."""
        out = np.bincount(payers, weights, minlength=self.n)
        members, gone = np.flatnonzero(out), np.flatnonzero((out == 0) & (self.out > 0))
        is_part = bool(out[self.ground] > 0 and (self.out[members] > 0).all())
        if not is_part or len(members) < (1 - MOST_LEAVING) * self.size:
            return False
        less = members[(out[members] < self.out[members]) & (members != self.ground)]
        K, L, B = self.place[gone], self.place[less], self.B
        T = np.linalg.solve(B[np.ix_(K, K)], B[K, :])  # what is taken out with those who leave
        right = B[L, :] - B[np.ix_(L, K)] @ T
        columns = B[:, L] - B[:, K] @ T[:, L]
        inner = np.diag(1 / (self.out[less] - out[less])) - right[:, L]
        P, Q = np.hstack([-B[:, K], columns]), np.vstack([T, np.linalg.solve(inner, right)])
        self.B = dgemm(1.0, P, Q, beta=1.0, c=B, overwrite_c=1) if P.size else B
        self.B[K, :] = self.B[:, K] = 0.0
        self.members, self.out = members, out
        return True

    def stationary(self, payers: np.ndarray, payees: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
        """The flow of each party, in units of what it pays (n,), and how far it is from balance, as a share."""
        flow = np.zeros(self.n)
        flow[self.ground] = 1.0
        for _ in range(2):  # solved, then refined
            short = np.bincount(payees, weights * flow[payers], minlength=self.n) - self.out * flow
            flow[self.rest] += self.B @ short[self.rest]
        flow = np.maximum(flow, np.finfo(float).tiny)
        paid = self.out * flow
        got = np.bincount(payees, weights * flow[payers], minlength=self.n)
        return flow, float(np.abs(got - paid)[self.members].max() / paid.max())
