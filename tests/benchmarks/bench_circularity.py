"""Circulation measures from 10^3 payments up. Peer: networkx (network simplex, dense inverse) on the sizes it can
do."""

import time

import networkx as nx
import numpy as np
import scipy.sparse as sp

from analysis.models import circularity as c


def network(parties: int, payments: int, seed: int = 1, tail: float | None = None) -> sp.csr_array:
    """Payments between parties drawn at random: from 1 to 100, or Pareto-distributed with an exponent."""
    rng = np.random.default_rng(seed)
    i, j = rng.integers(0, parties, (2, payments))
    keep = i != j
    amounts = 1 + rng.pareto(tail, keep.sum()) if tail else np.rint(1 + 99 * rng.random(keep.sum()))
    return sp.csr_array((amounts, (i[keep], j[keep])), shape=(parties, parties))


def timed(function, *arguments) -> tuple[float, object]:
    began = time.perf_counter()
    found = function(*arguments)
    return time.perf_counter() - began, found


def simplex(W: sp.csr_array) -> float:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(W.shape[0]), demand=0)
    entries = W.tocoo()
    graph.add_edges_from(
        (int(a), int(b), {"capacity": int(w), "weight": -1})
        for a, b, w in zip(entries.row, entries.col, entries.data, strict=True)
    )
    return -nx.network_simplex(graph)[0]


SIZES = ((100, 1_000), (300, 3_000), (1_000, 10_000), (10_000, 100_000))  # parties, payments
LARGEST_FOR_NETWORKX = LARGEST_FORWARDING = 10_000  # payments


def main(largest: int = SIZES[-1][1]) -> None:
    """Print the time of each measure on networks of up to ``largest`` payments."""
    sizes = [s for s in SIZES if s[1] <= largest]
    for parties, payments in sizes:
        W = network(parties, payments)
        took, C = timed(c.maximum_circulation, W)
        line = f"maximum circulation, {payments:,} payments between {parties:,}: {took:.2f} s (target at 100,000: 5)"
        if payments <= LARGEST_FOR_NETWORKX:
            peer, most = timed(simplex, W)
            assert abs(most - C.sum()) < 1e-4 * most
            line += f"; networkx {peer:.2f} s, {peer / took:.1f} times as long"
        print(line, flush=True)
    sizes = [s for s in sizes if s[1] <= LARGEST_FORWARDING]
    for parties, payments in sizes:
        for words, tail in (("even", None), ("Pareto", 1.5)):
            took, _ = timed(c.balanced_flow_forwarding, network(parties, payments, tail=tail))
            size = f"{payments:,} payments ({words}) between {parties:,}"
            print(f"balanced forwarding, {size}: {took:.2f} s (target at 10,000: 5)", flush=True)
    for parties, payments in sizes:
        W = network(parties, payments)
        inflow = c.outside_money_needed(W)[0] + 1
        took, ours = timed(c.finn_cycling_index, W, inflow)
        through = inflow + W.sum(axis=0)
        peer, N = timed(lambda W=W, t=through: np.linalg.inv(np.eye(len(t)) - W.toarray() / t[:, None]))
        diagonal = np.diagonal(N)
        assert abs((through * (diagonal - 1) / diagonal).sum() / through.sum() - ours) < 1e-9
        print(
            f"Finn index, {parties:,} parties: {took:.3f} s (target at 1,000: 1); a bare inverse takes {peer:.3f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
