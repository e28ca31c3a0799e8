"""The network of payments: what each variant counts, its measures, null model and loops."""

import numpy as np
import pandas as pd
import pytest

from analysis.models import (
    circularity,
    network,
    nullmodel,
)
from tests.test_models import TERMS, deal

DAY = pd.Timestamp


def test_sparse_and_dense_solvers_agree_on_cycling():
    """1,700 copies of a pair that sends 10 and gets 4 back: the same share as one pair, found by another solver.

    T = (10, 10): the first gets 4 and 6 from outside. N_11 = 1 / (1 - 0.4): the index is 0.4."""
    one = np.array([[0.0, 10.0], [4.0, 0.0]])
    assert circularity.finn_cycling_index(one, np.array([6.0, 0.0])) == pytest.approx(0.4)
    import scipy.sparse as sp

    many = sp.block_diag([one] * 1700, format="csr")
    assert circularity.finn_cycling_index(many, np.tile([6.0, 0.0], 1700)) == pytest.approx(0.4)


PARTIES = network.Parties.known(
    pd.DataFrame(
        [("oracle", "cloud"), ("equity-investors", "pool"), ("bank-syndicate", "pool"), ("foxconn", "industrial")],
        columns=["entity", "kind"],
    ),
    pd.DataFrame({"entity": ["sb-energy"], "group": ["softbank"]}),
)


def circle_deals() -> pd.DataFrame:
    def one(name: str, payer: str, payee: str, low: float, high: float, **how: str) -> pd.DataFrame:
        dates = {"start": DAY("2026-01-01"), "end": DAY("2027-12-31")}
        return deal(
            deal=name,
            payer=payer,
            payee=payee,
            low_usd_bn=low,
            high_usd_bn=high,
            **({"scope": "openai", "kind": "compute"} | dates | how),
        )

    rows = [
        one("cloud", "openai", "oracle", 30.0, 40.0),
        one("more", "openai", "oracle", 2.0, 2.0),
        one("chips", "oracle", "nvidia", 10.0, 10.0, scope="chain", status="reported"),
        one("stake", "nvidia", "openai", 5.0, 20.0, kind="equity"),
        one("letter", "nvidia", "openai", 100.0, 100.0, role="contingent", status="announced"),
        one("dead letter", "nvidia", "openai", 50.0, 50.0, role="contingent", status="cancelled"),
        one("group", "sb-energy", "softbank", 1.0, 1.0),
        one("member", "openai", "sb-energy", 0.5, 0.5),
        one("fund", "equity-investors", "openai", 7.0, 7.0, kind="equity"),
        one("loan", "openai", "bank-syndicate", 3.0, 3.0),
        one("old", "oracle", "openai", 99.0, 99.0, scope="history"),
    ]
    return pd.concat(rows, ignore_index=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("as counted", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        (
            "without conditional money",
            {"nvidia>openai": 5, "openai>oracle": 32, "openai>softbank": 0.5, "oracle>nvidia": 10},
        ),
        ("without press reports", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5}),
        ("OpenAI's own deals only", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5}),
        (
            "with letters of intent",
            {"nvidia>openai": 120, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10},
        ),
        (
            "with unnamed investors as parties",
            {
                "equity-investors>openai": 7,
                "nvidia>openai": 20,
                "openai>bank-syndicate": 3,
                "openai>oracle": 42,
                "openai>softbank": 0.5,
                "oracle>nvidia": 10,
            },
        ),
        ("this year and next", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("the three years after", {}),
    ],
)
def test_each_variant_counts_the_payments_that_it_should(name: str, expected: dict[str, float]):
    (variant,) = [v for v in network.VARIANTS if v.name == name]
    found = network.edges(circle_deals(), variant, PARTIES, TERMS, 0.5, 2026)
    assert [*found.columns] == ["payer", "payee", "amount"]
    assert {f"{r.payer}>{r.payee}": r.amount for r in found.itertuples()} == pytest.approx(expected)


def test_the_years_of_a_variant_count_from_the_given_year():
    """Two equal years: from 2027 on only the second half, and of the stake's 5 firm and 15 conditional only 7.5."""
    (variant,) = [v for v in network.VARIANTS if v.key == "near"]
    found = network.edges(circle_deals(), variant, PARTIES, TERMS, 0.0, 2027)
    assert dict(zip(found["payee"] + found["payer"], found["amount"], strict=True)) == pytest.approx(
        {"openainvidia": 7.5, "oracleopenai": 21, "softbankopenai": 0.25, "nvidiaoracle": 5}
    )


def test_measures_of_two_parties_by_hand():
    """10 there and 4 back: 8 of 14 can go round. Finn as above, 0.4; 6 come from outside. A pure ring is all circle."""
    table = pd.DataFrame({"payer": ["a", "b"], "payee": ["b", "a"], "amount": [10.0, 4.0]})
    found = network.measures(table)
    assert found == pytest.approx({"total": 14, "maximum": 8 / 14, "forwarding": 8 / 14, "finn": 0.4, "outside": 6})
    ring = network.measures(table.assign(amount=5.0))
    assert ring == pytest.approx({"total": 10, "maximum": 1, "forwarding": 1, "finn": 1, "outside": 0}, abs=1e-6)
    ways = network.sensitivity(circle_deals(), PARTIES, TERMS, 0.5, 2026)
    assert [*ways.columns] == ["name", "total", "maximum", "forwarding", "finn", "outside"]
    assert ways["name"].to_dict() == {v.key: v.name for v in network.VARIANTS}
    # As counted: the ring openai, oracle, nvidia carries 10 three times; openai lacks 22.5, the others nothing.
    assert ways.loc["counted", "total"] == pytest.approx(72.5) and ways.loc["counted", "maximum"] == pytest.approx(
        30 / 72.5
    )
    assert ways.loc["counted", "outside"] == pytest.approx(22.5 + 10)


def test_a_rewired_ring_is_as_circular_as_before():
    """Twelve parties that each pay one and are paid by one: whoever the partners are, all money goes round."""
    ring = np.roll(np.eye(12), 1, axis=1) * 3.0
    found = nullmodel.percentile(ring, draws=120, seed=1, swaps=50)
    assert found["index"] == pytest.approx(1) and found["percentile"] == 100 and 100 <= found["distinct"] <= 120
    assert 0 < found["accepted"] <= 50
    one = nullmodel.percentile(np.array([[0, 1.0], [0, 0]]))
    assert np.isnan(one.pop("percentile")) and one == {"index": 0.0, "distinct": 1.0, "accepted": 0.0}


def test_accepted_swaps_are_counted():
    """Two payments between four parties can always be exchanged when both are drawn, and each exchange counts."""
    i, j = np.array([0, 1]), np.array([2, 3])
    draws = np.random.default_rng(5).integers(0, 2, (40, 2))
    other, made = nullmodel.swap_edges(i, j, 40, np.random.default_rng(5))
    assert made == int((draws[:, 0] != draws[:, 1]).sum()) and sorted(other) == [2, 3]
    assert other.tolist() == ([2, 3] if made % 2 == 0 else [3, 2])
    fitted = nullmodel.fit(
        np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3), np.array([5.0, 2.0, 0]), np.array([0, 3.0, 4.0])
    )
    assert fitted == pytest.approx([3, 2, 2])


def test_loops_are_sorted_by_their_bottleneck():
    W = np.zeros((4, 4))
    for a, b, w in ((0, 1, 2.0), (1, 0, 2.0), (2, 3, 2.0), (3, 2, 1.0), (1, 2, 9.0), (3, 0, 9.0)):
        W[a, b] = w
    found = circularity.loops(W)
    assert [*found.columns] == ["parties", "length", "bottleneck", "total"]
    assert found.to_numpy().tolist() == [[(0, 1, 2, 3), 4, 2.0, 22.0], [(0, 1), 2, 2.0, 4.0], [(2, 3), 2, 1.0, 3.0]]
