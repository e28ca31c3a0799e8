"""Circularity and clearing: published values, independent programmes, laws."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.models import circularity as c
from analysis.models import clearing
from analysis.models.network import measures

seeds = st.integers(0, 2**32 - 1)


def network(seed: int, largest: int = 9, density: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, largest))
    W = rng.lognormal(0, 1, (n, n)) * (rng.random((n, n)) < density)
    np.fill_diagonal(W, 0)
    return W


def ring(n: int, amount: float = 1.0) -> np.ndarray:
    W = np.zeros((n, n))
    W[np.arange(n), (np.arange(n) + 1) % n] = amount
    return W


def test_finn_of_the_oyster_reef():
    """Dame and Patten 1981, intertidal oyster reef (kcal/m2/day): throughflow 83.5833, index 0.1101686."""
    W = np.zeros((6, 6))  # filter feeders, detritus, microbiota, meiofauna, deposit feeders, predators
    for i, j, w in [
        (0, 1, 15.7910),
        (0, 5, 0.5135),
        (1, 2, 8.1721),
        (1, 3, 7.2745),
        (1, 4, 0.6431),
        (2, 3, 1.2060),
        (2, 4, 1.2060),
        (3, 1, 4.2403),
        (3, 4, 0.6609),
        (4, 1, 1.9076),
        (4, 5, 0.1721),
        (5, 1, 0.3262),
    ]:
        W[i, j] = w
    inflow = np.array([41.47, 0, 0, 0, 0, 0])
    assert inflow.sum() + W.sum() == pytest.approx(83.5833, abs=1e-3)
    assert c.finn_cycling_index(W, inflow) == pytest.approx(0.1101686, abs=2e-5)
    assert c.finn_cycling_index(sp.csr_array(W), inflow) == pytest.approx(0.1101686, abs=2e-5)


def test_finn_of_the_cone_spring():
    """Tilly 1968, in Ulanowicz 1986 (kcal/m2/year): throughput 42,445 with exports, index about 0.092."""
    W = np.zeros((5, 5))  # plants, detritus, bacteria, detritus feeders, carnivores
    for i, j, w in [
        (0, 1, 8881),
        (1, 2, 5205),
        (1, 3, 2309),
        (2, 1, 1600),
        (2, 3, 75),
        (3, 1, 200),
        (3, 4, 370),
        (4, 1, 167),
    ]:
        W[i, j] = w
    inflow = np.array([11184, 635, 0, 0, 0.0])
    leaving = 300 + 2003 + 860 + 3109 + 255 + 3275 + 1814 + 203
    assert W.sum() + inflow.sum() + leaving == pytest.approx(42445, abs=5)
    assert c.finn_cycling_index(W, inflow) == pytest.approx(0.092, abs=5e-4)


def test_an_unbalanced_network_is_refused_until_outside_money_is_added():
    """Pay 10 and get 1: with money from nowhere nearly everything cycles; with the 9 it needs, little does.

    By hand, balanced: T = (10, 10), a -> b all of it, b -> a a tenth: N_aa = N_bb = 1 / (1 - 0.1), index 0.1.
    """
    W = np.array([[0.0, 10.0], [1.0, 0.0]])
    inflow, added = c.outside_money_needed(W)
    assert added == 9 and inflow.tolist() == [9, 0]
    assert c.finn_cycling_index(W, inflow) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="OpenAI pays 10 but gets 1"):
        c.finn_cycling_index(W, np.zeros(2), ["OpenAI", "Oracle"])


def test_finn_refuses_money_that_never_leaves():
    with pytest.raises(ValueError, match="never leaves"):
        c.finn_cycling_index(ring(3), np.zeros(3))
    W = np.zeros((4, 4))
    W[0, 1] = 1
    W[1, 2] = W[2, 1] = 5
    W[2, 1] = 4
    assert c.finn_cycling_index(W, c.outside_money_needed(W)[0]) > 0


def test_maximum_circulation_by_hand():
    """Two triangles share the payment 0 -> 1 of 3; the others carry 2 each: 3 go round in all, 9 in sum."""
    W = np.zeros((4, 4))
    W[0, 1] = 3
    W[1, 2] = W[2, 0] = W[1, 3] = W[3, 0] = 2
    C = c.maximum_circulation(W)
    assert C.sum() == pytest.approx(9)
    assert C[0, 1] == pytest.approx(3)


def test_forwarding_by_hand():
    """0 pays 1 and 2 equally, both pay 0 back, 2 only half of what it gets.

    Forwarding binds at 2 first: the stationary flow is (1, 1/2, 1/2); 2 pays at most 1, so 0 forwards 2. What is left,
    0 -> 1 of 1 and 1 -> 0 of 1, is a cycle of its own. In all 4 + 2 of the 7 go round.
    """
    W = np.array([[0, 2, 2], [2, 0, 0], [1, 0, 0]], float)
    C = c.balanced_flow_forwarding(W)
    assert pytest.approx(np.array([[0, 2, 1], [2, 0, 0], [1, 0, 0]], float)) == C


@pytest.mark.parametrize("seed", range(4))
def test_forwarding_is_that_of_its_definition_step_by_step(seed):
    """On heavy-tailed payments between many parties, of which one after another leaves: the stationary flow of what is
    left of each strongly connected part, from its eigenvector, scaled until one party has passed on all it pays."""
    rng, n = np.random.default_rng(seed), 60
    W = np.zeros((n, n))
    np.add.at(W, tuple(rng.integers(0, n, (2, 400))), 1 + rng.pareto(1.5, 400))
    np.fill_diagonal(W, 0)
    left, went = W.copy(), np.zeros_like(W)
    while parts := [sorted(p) for p in nx.strongly_connected_components(nx.DiGraph(left)) if len(p) > 1]:
        inside = np.zeros_like(left)
        for part in parts:
            own = np.ix_(part, part)
            out = left[own].sum(axis=1)
            values, vectors = np.linalg.eig((left[own] / out[:, None]).T)
            flow = np.abs(vectors[:, np.abs(values - 1).argmin()].real)
            flow *= (out / flow).min()
            step = left[own] * (flow / out)[:, None]
            went[own] += step
            inside[own] = np.where(left[own] - step > 1e-10, left[own] - step, 0.0)
        left = inside
    assert c.balanced_flow_forwarding(W) == pytest.approx(went, abs=1e-7)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_both_bounds_are_circulations_within_the_payments(seed):
    W = network(seed)
    most, forwarded = c.maximum_circulation(W), c.balanced_flow_forwarding(W)
    for C in (most, forwarded):
        assert (C >= 0).all() and (C <= W + 1e-9).all()
        assert C.sum(axis=0) == pytest.approx(C.sum(axis=1), abs=1e-8)
        assert 0 <= c.circulation_index(C, W) <= 1 + 1e-12
    assert most.sum() >= forwarded.sum() - 1e-8
    rest = np.where(W - forwarded > 1e-9 * max(1, W.max()), W - forwarded, 0)
    assert nx.is_directed_acyclic_graph(nx.from_numpy_array(rest, create_using=nx.DiGraph))
    rest = np.where(W - most > 1e-7 * max(1, W.max()), W - most, 0)
    assert nx.is_directed_acyclic_graph(nx.from_numpy_array(rest, create_using=nx.DiGraph)), "else more could go round"


@given(seeds, st.floats(0.01, 1000))
@settings(max_examples=40, deadline=None)
def test_scale_order_and_storage_do_not_change_the_indices(seed, scale):
    W = network(seed)
    order = np.random.default_rng(seed + 1).permutation(len(W))
    for function in (c.maximum_circulation, c.balanced_flow_forwarding):
        index = c.circulation_index(function(W), W)
        assert c.circulation_index(function(scale * W), scale * W) == pytest.approx(index, abs=1e-7)
        mixed = W[np.ix_(order, order)]
        assert c.circulation_index(function(mixed), mixed) == pytest.approx(index, abs=1e-7)
        sparse = function(sp.csr_array(W))
        assert sp.issparse(sparse) and sparse.sum() == pytest.approx(function(W).sum(), abs=1e-7)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_an_independent_linear_program_finds_the_same_maximum(seed):
    """Network simplex on whole cents: the cheapest circulation when each cent that moves earns one."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    W = rng.integers(0, 100, (n, n)) * (rng.random((n, n)) < 0.5)
    np.fill_diagonal(W, 0)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n), demand=0)
    graph.add_edges_from(
        (int(i), int(j), {"capacity": int(W[i, j]), "weight": -1}) for i, j in zip(*np.nonzero(W), strict=True)
    )
    cost, _ = nx.network_simplex(graph)
    assert c.maximum_circulation(W.astype(float)).sum() == pytest.approx(-cost, abs=1e-6)


def test_the_indices_are_zero_without_a_cycle_and_one_for_a_ring():
    line = np.triu(np.ones((5, 5)), 1)
    for function in (c.maximum_circulation, c.balanced_flow_forwarding):
        assert c.circulation_index(function(line), line) == 0
        assert c.circulation_index(function(ring(5, 3.0)), ring(5, 3.0)) == pytest.approx(1)
        assert c.circulation_index(function(np.zeros((3, 3))), np.zeros((3, 3))) == 0
        loop = np.diag([1.0, 2.0])
        assert c.circulation_index(function(loop), loop) == 1, "a self-loop is circular"
    assert c.finn_cycling_index(np.zeros((3, 3)), np.zeros(3)) == 0
    assert c.finn_cycling_index(line, c.outside_money_needed(line)[0]) == pytest.approx(0)


@pytest.mark.parametrize(
    ("W", "message"),
    [
        (np.zeros((2, 3)), "square"),
        (np.array([[0, -1.0], [0, 0]]), "flow of a to b is -1"),
        (np.array([[0, np.nan], [0, 0]]), "flow of a to b is nan"),
        (np.array([[0, np.inf], [0, 0]]), "flow of a to b is inf"),
    ],
)
def test_bad_matrices_are_named(W, message):
    names = ["a", "b"]
    for function in (c.maximum_circulation, c.balanced_flow_forwarding):
        with pytest.raises(ValueError, match=message):
            function(W, names)


def test_names_that_repeat_are_refused():
    with pytest.raises(ValueError, match="'a' appears twice"):
        c.maximum_circulation(ring(2), ["a", "a"])
    with pytest.raises(ValueError, match="2 names for 3"):
        c.maximum_circulation(ring(3), ["a", "b"])


def test_loops_and_their_bottlenecks():
    W = ring(3, 2.0)
    W[1, 0] = 5
    table = c.loops(W, 5, ["a", "b", "c"])
    assert table["parties"].tolist() == [("a", "b"), ("a", "b", "c")]
    assert table[["length", "bottleneck", "total"]].to_numpy().tolist() == [[2, 2, 7], [3, 2, 6]]
    assert c.loops(ring(6), 5).empty, "longer than the bound"


def test_round_trip_by_hand():
    rows = [
        ("cloud", "openai", "equity", 2026, 10.0),
        ("openai", "cloud", "compute", 2027, 33.0),
        ("cloud", "openai", "commercial", 2026, 99.0),
    ]
    table = pd.DataFrame(rows, columns=["payer", "payee", "kind", "year", "high"])
    got = c.round_trip(table, "cloud", rate=0.1)
    assert (got["put_in"], got["paid_back"], got["returned"]) == (10, 33, 1)
    assert got["orders_per_dollar"] == pytest.approx(3.3) and got["orders_per_dollar_today"] == pytest.approx(3.0)
    nothing = c.round_trip(table[table["payer"] == "openai"], "cloud")
    assert nothing["put_in"] == 0 and np.isnan(nothing["orders_per_dollar"])
    with pytest.raises(ValueError, match="with itself"):
        c.round_trip(table, "openai")


def test_measures_of_no_payments_are_zero():
    empty = pd.DataFrame({"payer": [], "payee": [], "amount": []})
    assert set(measures(empty).values()) == {0.0}


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_what_can_go_round_lies_below_what_the_sums_allow(seed):
    W = network(seed)
    most = c.maximum_circulation(W).sum()
    assert most <= c.feasible_maximum(W) + 1e-8 <= W.sum() + 2e-8
    for party in range(len(W)):
        back = c.most_returning(W, party)
        assert back <= min(W[party].sum(), W[:, party].sum()) + 1e-8 and 2 * back <= most + 1e-6


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_what_returns_of_each_payment_is_part_of_it_and_goes_the_shortest_way(seed):
    W = network(seed)
    back = c.returning(W, 0)
    assert (back >= -1e-9).all() and (back <= W[0] + 1e-9).all()
    straight = np.minimum(W[0], W[:, 0])
    assert (back >= straight - 1e-6).all(), "what a party gives back itself is not sent round by others"


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_the_most_that_returns_is_a_maximum_flow(seed):
    """Against networkx: the party split in two, from the half that pays to the half that gets."""
    W = np.rint(network(seed, 7) * 10)
    graph = nx.DiGraph()
    graph.add_nodes_from(["pays", "gets", *range(1, len(W))])
    for i, j in zip(*np.nonzero(W), strict=True):
        graph.add_edge("pays" if i == 0 else int(i), "gets" if j == 0 else int(j), capacity=W[i, j])
    assert c.most_returning(W, 0) == pytest.approx(nx.maximum_flow_value(graph, "pays", "gets"))


@given(seeds, st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_no_more_comes_back_in_time_than_of_all_years_together(seed, years):
    flows = np.array([_padded(network(seed + t, 6), 5) for t in range(years)])
    found = c.returning_in_time(flows, 0)
    assert found <= c.most_returning(flows.sum(axis=0), 0) + 1e-6
    assert found >= sum(c.most_returning(W, 0) for W in flows) - 1e-6, "what returns within a year is in time"
    if years == 1:
        assert found == pytest.approx(c.most_returning(flows[0], 0))


def test_money_comes_back_only_after_it_has_gone():
    """0 pays 1 five in the first year, 1 pays 0 three in the second: of 0's money three returns, of 1's none.

    Through a third the order of the years decides: 1 cannot pass on in the first year what it gets in the second.
    """
    W = np.zeros((2, 3, 3))
    W[0, 0, 1], W[1, 1, 0] = 5, 3
    assert [c.returning_in_time(W, k) for k in range(3)] == pytest.approx([3, 0, 0])
    ring = np.zeros((3, 3, 3))
    ring[0, 0, 1], ring[1, 1, 2], ring[2, 2, 0] = 4, 4, 4
    assert [c.returning_in_time(ring, k) for k in range(3)] == pytest.approx([4, 0, 0])
    assert c.most_returning(ring.sum(axis=0), 1) == pytest.approx(4)
    assert c.returning_in_time(np.zeros((2, 3, 3)), 0) == 0


def test_several_networks_in_one_programme_have_their_own_shares():
    """Of a party that pays nothing, or that is none of the network, nothing comes back."""
    flows, parties = np.array([_padded(network(seed, 7), 6) for seed in range(12)]), np.arange(12) % 4 - 1
    paid = [W[k].sum() if k >= 0 else 0 for W, k in zip(flows, parties, strict=True)]
    alone = [c.most_returning(W, k) / p if p else 0 for W, k, p in zip(flows, parties, paid, strict=True)]
    assert sum(share > 0 for share in alone) > 4 and 0 in paid
    assert c.returning_shares(flows, parties) == pytest.approx(alone, abs=1e-7)


def _padded(W: np.ndarray, n: int) -> np.ndarray:
    return np.pad(W, (0, n - len(W)))


# Clearing


def test_clearing_by_hand():
    """Three firms in a row: A owes B 100 and has 60; B owes C 80 and has 10: A pays 60, B 70, C gets 70."""
    L = np.array([[0, 100, 0], [0, 0, 80], [0, 0, 0]], float)
    assert clearing.clearing_vector(L, np.array([60.0, 10.0, 0.0])) == pytest.approx([60, 70, 0])


def test_clearing_with_a_loss_in_default():
    """Half of what A has is lost in its default: 30 reach B, which then has 40 of 80 and keeps half: 20."""
    L = np.array([[0, 100, 0], [0, 0, 80], [0, 0, 0]], float)
    assert clearing.clearing_vector(L, np.array([60.0, 10.0, 0.0]), recovery=0.5) == pytest.approx([30, 20, 0])


def test_a_ring_without_means_pays_in_full():
    """Everybody owes 1 in a ring: the greatest solution is that all pay (Eisenberg and Noe: it need not be unique)."""
    assert clearing.clearing_vector(ring(4), np.zeros(4)) == pytest.approx(np.ones(4))


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_clearing_agrees_with_a_linear_program(seed):
    """Eisenberg and Noe: the clearing vector maximises the payments under limited liability."""
    rng = np.random.default_rng(seed)
    L = network(seed, 8, 0.6)
    n, owed = len(L), L.sum(axis=1)
    e = rng.lognormal(0, 1, n) * (rng.random(n) < 0.7)
    Pi = np.divide(L, owed[:, None], out=np.zeros_like(L), where=owed[:, None] > 0)
    solved = linprog(
        -np.ones(n), A_ub=np.eye(n) - Pi.T, b_ub=e, bounds=np.column_stack([np.zeros(n), owed]), method="highs"
    )
    assert clearing.clearing_vector(L, e) == pytest.approx(solved.x, abs=1e-6)


@given(seeds, st.floats(0.1, 1.0))
@settings(max_examples=60, deadline=None)
def test_a_party_pays_in_full_or_what_recovery_leaves_of_its_means(seed, recovery):
    rng = np.random.default_rng(seed)
    L = network(seed, 8, 0.6)
    e = rng.lognormal(0, 1, len(L))
    owed = L.sum(axis=1)
    p = clearing.clearing_vector(L, e, recovery)
    Pi = np.divide(L, owed[:, None], out=np.zeros_like(L), where=owed[:, None] > 0)
    means = e + Pi.T @ p
    whole = means >= owed - 1e-7
    assert p[whole] == pytest.approx(owed[whole], abs=1e-6)
    assert p[~whole] == pytest.approx(recovery * means[~whole], abs=1e-6)
    assert (clearing.clearing_vector(L, e + 1, recovery) >= p - 1e-7).all(), "more means never pay less"


@pytest.mark.parametrize(
    ("L", "e", "recovery", "message"),
    [
        (np.zeros((2, 3)), np.zeros(2), 1.0, "square"),
        (np.zeros((2, 2)), np.zeros(3), 1.0, "one number for each"),
        (np.array([[0, -1.0], [0, 0]]), np.zeros(2), 1.0, "OpenAI"),
        (np.zeros((2, 2)), np.array([0, np.nan]), 1.0, "Oracle"),
        (np.zeros((2, 2)), np.zeros(2), 0.0, "recovery"),
    ],
)
def test_bad_liabilities_are_named(L, e, recovery, message):
    with pytest.raises(ValueError, match=message):
        clearing.clearing_vector(L, e, recovery, ["OpenAI", "Oracle"])


def test_stress_separates_the_first_round_from_the_chain():
    """OpenAI owes a cloud 100, the cloud owes its builders 90 and has 20: at half, the cloud misses 50 and they 20."""
    L = np.array([[0, 100, 0], [0, 0, 90], [0, 0, 0]], float)
    lost = clearing.stress(L, np.array([100.0, 20.0, 0.0]), 0, 0.5)
    assert lost["first_round"].tolist() == [0, 50, 0]
    assert lost["total"] == pytest.approx([0, 50, 20])
    assert clearing.stress(L, np.array([100.0, 20.0, 0.0]), 0, 1.0)["total"] == pytest.approx([0, 0, 0])
    with pytest.raises(ValueError, match="share"):
        clearing.stress(L, np.zeros(3), 0, 1.5)
