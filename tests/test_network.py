"""The network of payments: what each variant counts, its measures, null model and loops."""

import numpy as np
import pandas as pd
import pytest

from analysis.models import (
    circularity,
    network,
    share_specifications,
)
from analysis.numbers.series import hundred
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
        one("chips to come", "openai", "amd", float("nan"), float("nan"), kind="chips", gw=2.0),
        one("fund", "equity-investors", "openai", 7.0, 7.0, kind="equity"),
        one("loan", "openai", "bank-syndicate", 3.0, 3.0),
        one("old", "oracle", "openai", 99.0, 99.0, scope="history"),
    ]
    return pd.concat(rows, ignore_index=True)


def counting(ramp: float = 0.5, year: int = 2026, chip_price: float | None = None) -> network.Counting:
    return network.Counting(circle_deals(), PARTIES, TERMS, ramp, year, chip_price)


AS_COUNTED = {"nvidia>openai": 12.5, "openai>oracle": 37, "openai>softbank": 0.5}
TALKS = {"oracle>nvidia": 10}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("counted", AS_COUNTED),
        ("firm", AS_COUNTED | {"nvidia>openai": 5, "openai>oracle": 32}),
        ("most", AS_COUNTED | {"nvidia>openai": 20, "openai>oracle": 42}),
        ("signed", AS_COUNTED),
        ("reported", AS_COUNTED | TALKS),
        ("own", AS_COUNTED),
        ("letters", AS_COUNTED | {"nvidia>openai": 112.5}),
        ("pools", AS_COUNTED | {"equity-investors>openai": 7, "openai>bank-syndicate": 3}),
        ("chips", AS_COUNTED | {"openai>amd": 50}),
        ("near", AS_COUNTED),
        ("later", {}),
    ],
)
def test_each_variant_counts_the_payments_that_it_should(key: str, expected: dict[str, float]):
    """Ranges at their middle: 30 to 40 and 2 are 37, 5 to 20 is 12.5; two gigawatts of chips at 25 are 50."""
    (variant,) = [v for v in network.VARIANTS if v.key == key]
    found = counting(chip_price=25.0).edges(variant)
    assert [*found.columns] == ["payer", "payee", "amount"]
    assert {f"{r.payer}>{r.payee}": r.amount for r in found.itertuples()} == pytest.approx(expected)


def test_the_years_of_a_variant_count_from_the_given_year():
    """Two equal years: from 2027 on only the second half, and of the stake's 5 firm and 15 conditional 7.5 at most."""
    (variant,) = [v for v in network.VARIANTS if v.key == "near"]
    found = counting(0.0, 2027).edges(variant)
    assert dict(zip(found["payee"] + found["payer"], found["amount"], strict=True)) == pytest.approx(
        {"openainvidia": 3.75, "oracleopenai": 18.5, "softbankopenai": 0.25}
    )


def test_the_calendar_adds_up_to_the_whole_life_and_the_kinds_to_the_whole():
    known = counting()
    whole = known.flows(known.amounts(network.COUNTED))
    assert known.calendar().sum(axis=0) == pytest.approx(whole)
    assert np.sum(known.by_kind(), axis=0) == pytest.approx(whole)


def test_every_way_holds_the_ones_that_change_one_choice():
    """Time or not, 3 amounts, 3 firmnesses and four choices of two: 288; 144 where chips have no price."""
    known = counting(chip_price=25.0)
    ways, single = share_specifications.every_way(known), network.sensitivity(known)
    assert len(ways) == 288 and len(share_specifications.every_way(counting())) == 144 and ways["chosen"].sum() == 1
    assert ways.loc[ways["chosen"], "returns"].item() == pytest.approx(single.loc["counted", "returns_share"])
    for key, choice in {"reported": ("status", "reported"), "firm": ("amounts", "low")}.items():
        others = [c for c in share_specifications.CHOICES if c != choice[0]]
        same = (ways[others] == pd.Series(share_specifications.CHOSEN)[others]).all(axis=1) & (
            ways[choice[0]] == choice[1]
        )
        assert ways.loc[same, "returns"].item() == pytest.approx(single.loc[key, "returns_share"])
    assert single.loc["reported", "returns_share"] == pytest.approx(10 / 37.5), "the ring of talks"


def test_the_range_holds_the_count_in_time_by_hand():
    """A bill of 20 in 2026 and 2027, 10 each; 4 came in 2025, 3 come in 2027: 7 of 20 match, in time 3 of 20."""
    rows = pd.concat(
        [
            deal(deal="before", low_usd_bn=4, high_usd_bn=4, start=DAY("2025-01-01"), end=DAY("2025-12-31")),
            deal(deal="after", low_usd_bn=3, high_usd_bn=3, start=DAY("2027-01-01"), end=DAY("2027-12-31")),
            deal(
                deal="order",
                payer="openai",
                payee="oracle",
                kind="compute",
                low_usd_bn=20,
                high_usd_bn=20,
                start=DAY("2026-01-01"),
                end=DAY("2027-12-31"),
            ),
        ],
        ignore_index=True,
    )
    rows = rows.assign(status="signed", scope="openai", gw=np.nan)
    is_stake = rows["deal"] != "order"
    rows.loc[is_stake, ["payer", "payee", "kind"]] = ["oracle", "openai", "equity"]
    ways = share_specifications.every_way(network.Counting(rows, PARTIES, TERMS, 0.0, 2026))
    by_time = ways.groupby(share_specifications.IN_TIME)["returns"]
    assert by_time.min().to_dict() == pytest.approx({False: 7 / 20, True: 3 / 20})
    assert by_time.max().to_dict() == pytest.approx({False: 7 / 20, True: 3 / 20})


def test_a_signed_total_makes_its_parts_count_as_signed():
    parts = [
        deal(deal=n, payer="p", payee="openai", status=s, part_of="all", scope="openai", kind="equity", gw=np.nan)
        for n, s in (("old", "announced"), ("older", "reported"))
    ]
    whole = deal(
        deal="all", payer="p", payee="openai", role="total", parts="complete", scope="openai", kind="equity"
    ).assign(gw=np.nan)
    signed = network.Variant("signed", "signed or paid only", status="signed")
    for rows, expected in ((pd.concat(parts), 0.0), (pd.concat([whole, *parts]), 2.0)):
        known = network.Counting(rows.reset_index(drop=True), PARTIES, TERMS, 0.5, 2026)
        assert known.amounts(signed).sum() == expected


def test_leaving_out_a_row_moves_what_it_carries():
    """With talks out no ring is closed, and only the money to SB Energy and back could go: nothing does."""
    table = share_specifications.jackknife(counting())
    assert set(table["deal"]) == {"cloud", "more", "stake", "member"} and (table["moves"] == 0).all()
    rows = circle_deals().assign(status="signed")
    known = network.Counting(rows[rows["deal"] != "dead letter"], PARTIES, TERMS, 0.5, 2026)
    table = share_specifications.jackknife(known).set_index("deal")
    # The ring brings back 10 of the 37.5 that OpenAI pays; without the chips nothing.
    assert table.loc["chips", "moves"] == pytest.approx(10 / 37.5)
    assert table.loc["more", "without"] == pytest.approx(10 / 35.5)


def test_measures_of_two_parties_by_hand():
    """10 there and 4 back: 8 of 14 can go round. Finn as above, 0.4; 6 come from outside. A pure ring is all circle."""
    table = pd.DataFrame({"payer": ["a", "b"], "payee": ["b", "a"], "amount": [10.0, 4.0]})
    found = network.measures(table)
    expected = {
        "total": 14,
        "returns_share": 0,
        "maximum": 8 / 14,
        "forwarding": 8 / 14,
        "finn": 0.4,
        "feasible": 8 / 14,
        "outside": 6,
    }
    assert found == pytest.approx(expected)
    ring = network.measures(table.assign(amount=5.0))
    expected = {"total": 10, "returns_share": 0, "maximum": 1, "forwarding": 1, "finn": 1, "feasible": 1, "outside": 0}
    assert ring == pytest.approx(expected, abs=1e-6)
    ways = network.sensitivity(counting())
    assert [*ways.columns] == ["name", "total", "returns_share", "maximum", "forwarding", "finn", "feasible", "outside"]
    assert ways["name"].to_dict() == {v.key: v.name for v in network.VARIANTS if not v.chips}
    # With talks: the ring openai, oracle, nvidia carries 10 three times of 60; openai lacks 25, nvidia 2.5.
    told = ways.loc["reported"]
    assert told["total"] == pytest.approx(60) and told["maximum"] == pytest.approx(30 / 60)
    assert told["outside"] == pytest.approx(37.5 - 12.5 + 2.5) and told["feasible"] == pytest.approx(
        (12.5 + 10 + 10) / 60
    )


def test_loops_are_sorted_by_their_bottleneck():
    W = np.zeros((4, 4))
    for a, b, w in ((0, 1, 2.0), (1, 0, 2.0), (2, 3, 2.0), (3, 2, 1.0), (1, 2, 9.0), (3, 0, 9.0)):
        W[a, b] = w
    found = circularity.loops(W)
    assert [*found.columns] == ["parties", "length", "bottleneck", "total"]
    assert found.to_numpy().tolist() == [[(0, 1, 2, 3), 4, 2.0, 22.0], [(0, 1), 2, 2.0, 4.0], [(2, 3), 2, 1.0, 3.0]]


def test_a_hundred_dollars_stay_a_hundred_when_rounded():
    """Thirds: 33, 33 and 34; a total of nothing leaves nothing."""
    thirds = pd.Series([1.0, 1.0, 1.0])
    assert sorted(hundred.whole_parts(thirds, 100)) == [33, 33, 34]
    assert list(hundred.whole_parts(pd.Series([69.4, 19.1, 0.7]), 9)) == [7, 2, 0]
    assert list(hundred.whole_parts(thirds, 0)) == [0, 0, 0]
