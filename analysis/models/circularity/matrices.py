"""Flow matrices, dense or sparse, as lists of payments."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

Matrix = Any  # an ndarray or a sparse matrix or array of SciPy


def edges_of(flows: Matrix, names: Sequence[str] | None = None) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """The positive entries of a flow matrix.

    Parameters
    ----------
    flows : array or sparse array
        W (n, n).
    names : sequence of str, optional
        The n parties, for messages.

    Returns
    -------
    n : int
        Number of parties.
    i, j, w : ndarray
        Payer, payee (indices) and amount of each entry (m,).

    Raises
    ------
    ValueError
        For a matrix that is not square, an entry that is negative or not finite, and names that do not fit.
    """
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:
        raise ValueError(f"a flow matrix is square, not {flows.shape}")
    n = flows.shape[0]
    if names is not None:
        if len(names) != n:
            raise ValueError(f"{len(names)} names for {n} parties")
        twice = [x for x in names if list(names).count(x) > 1] if len(set(names)) < n else []
        if twice:
            raise ValueError(f"party {twice[0]!r} appears twice among the names")
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


def matrix_like(flows: Matrix, n: int, i: np.ndarray, j: np.ndarray, w: np.ndarray) -> Matrix:
    """A flow matrix (n, n) from its entries, dense or sparse as ``flows`` is."""
    out = sp.csr_array((w, (i, j)), shape=(n, n))
    return out if sp.issparse(flows) else out.toarray()


def components(n: int, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """The strongly connected component (a number) of each of the n parties."""
    graph = sp.csr_array((np.ones(len(i)), (i, j)), shape=(n, n))
    return connected_components(graph, directed=True, connection="strong")[1]
