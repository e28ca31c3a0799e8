"""The measures of the circle through time, and the pairs that published scores name."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis.figures import circularity as figures
from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES, Measure, most_returning
from analysis.models.network import COUNTED, measures
from analysis.numbers.circularity.choices import one_at_a_time, ranges
from analysis.numbers.circularity.loops import going_round, rings
from analysis.numbers.circularity.matching import matched, part_words
from analysis.numbers.circularity.measures import as_counted, bounds, counting, network_edges, sensitivity
from analysis.numbers.circularity.weeks import by_week, jumps
from analysis.numbers.series import circularity as series
from analysis.numbers.series import dollar
from analysis.numbers.series.hundred import payees
from tests.ledgers import FROZEN, SMALL


def test_the_measures_by_week_are_those_of_the_ledger_on_each_day(ledger: Ledger):
    table = by_week(ledger, "central")
    assert table["day"].is_monotonic_increasing and table["day"].iloc[-1] == ledger.as_of
    for row in table.iloc[[0, len(table) // 2, -1]].itertuples():
        expected = measures(network_edges(ledger.at(row.day.date()), "central"))
        assert [row.total, row.returns_share, row.finn] == pytest.approx(
            [expected[k] for k in ("total", "returns_share", "finn")]
        )


def test_the_last_day_is_the_counted_way_of_the_sensitivity_table(ledger: Ledger):
    table = by_week(ledger, "central")
    last, counted = table.iloc[-1], sensitivity(ledger, "central").loc[COUNTED.key]
    assert last["returns_share"] == pytest.approx(counted["returns_share"])
    assert last["with_reported"] == pytest.approx(sensitivity(ledger, "central").loc["reported", "returns_share"])
    assert last["outside"] == pytest.approx(counted["outside"])


def test_a_measure_added_to_the_table_shows_in_results_series_and_tables(monkeypatch: pytest.MonkeyPatch):
    """One entry is all that a new measure takes. Here: the part of the money that one pair pays each other."""

    def share(flows: np.ndarray, names: Sequence[str]) -> float:
        return float(np.minimum(flows, flows.T).sum() / flows.sum())

    new = Measure("comes straight back", "Share that comes straight back", "Both ways.", "fourth", share)
    monkeypatch.setitem(MEASURES, "straight", new)
    own = Ledger.load(FROZEN)
    found = bounds(own).by_name()["straight"]
    edges = network_edges(own, "central").set_index(["payer", "payee"])["amount"]
    back = sum(min(amount, edges.get((b, a), 0.0)) for (a, b), amount in edges.items())
    assert found.value == pytest.approx(100 * back / edges.sum()) and found.value > 0
    assert found.label == new.label and found.how == "Both ways."
    table, long = series.days(own, "central")
    assert table["straight"].iloc[-1] == pytest.approx(found.value) and len(long) == 2 * len(table)
    told = figures.fig_circularity_vintages(own).to_dict()["usermeta"]["roundtrip"]
    assert "Comes straight back, %" in str(told["columns"])


def test_a_jump_is_told_by_the_deal_without_which_it_would_not_be(ledger: Ledger):
    """In the last week of February 2026 Amazon's shares, its larger order, and others' shares became known: only with
    the shares can anything come back through Amazon."""
    found = jumps(ledger, "central").set_index("day")
    assert found.loc["2025-11-02", "event"] == "OpenAI's order with Microsoft: signed"
    assert found.loc["2026-03-01", "event"] == "Amazon's shares in OpenAI: signed"
    assert f"{found.loc['2026-03-01', 'known']:%Y-%m-%d}" == "2026-02-27"


def test_a_choice_alone_moves_the_share_as_the_table_of_variants_says(ledger: Ledger):
    alone = one_at_a_time(ledger, "central").set_index("asks")
    one = 100 * sensitivity(ledger, "central")["returns_share"]
    for asks, keys in (
        ("how firm a deal must be to count", ["signed", "counted", "reported"]),
        ("which end of each range counts", ["firm", "counted", "most"]),
        ("whether unnamed investors count as firms", ["counted", "pools"]),
    ):
        assert alone.loc[asks, ["low", "high"]].to_list() == pytest.approx([one[keys].min(), one[keys].max()])
    assert alone["told"].to_numpy() == pytest.approx(one["counted"])


def test_the_range_in_sight_holds_every_other_count(ledger: Ledger, live: Ledger):
    """7.2 to 14.2% stood in sight beside 1.6% (in time) and 34.3% (two years alone, which is another question)."""
    for known in (ledger, live):
        told, found = ranges(known).by_name()["whole_life"], matched(known).by_name()
        rows = series.ways(known, "central")
        assert rows["name"].iloc[-1] == series.EVERY and (rows["low"].iloc[-1], rows["high"].iloc[-1]) == pytest.approx(
            (told.low, told.high), abs=0.1
        )
        inside = rows[~rows["name"].str.startswith("Without") & rows["name"].ne(series.BY_LOT)]
        assert inside["value"].between(told.low - 0.1, told.high + 0.1).all()
        for name in ("returns_later_share", "with_reported"):
            assert told.low <= found[name].value <= told.high


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "nearly all"), (0.9, "most"), (0.3, "less than half"), (0.01, "next to nothing"), (np.nan, None)],
)
def test_what_is_paid_in_is_told_as_a_part(share: float, words: str | None):
    assert part_words(share) == words


def test_the_match_does_not_depend_on_who_has_paid_but_its_parts_do(ledger: Ledger):
    """Paid in and to be paid in add up to what is matched; what is paid only after OpenAI pays is a part of it."""
    found, told = matched(ledger).by_name(), bounds(ledger).by_name()
    parts = found["paid_in"].value + found["to_be_paid_in"].value
    assert parts == pytest.approx(told["returns"].value) and min(parts, found["to_be_paid_in"].value) > 0
    assert found["returns_later"].value < told["returns"].value
    assert found["returns_later_share"].value == pytest.approx(100 * found["returns_later"].value / told["owed"].value)


def test_the_headline_names_the_rows_that_it_counts_and_no_others(ledger: Ledger):
    """'Rests on signed deals, announced deals and press reports': of press reports and talks nothing was counted."""
    rows = as_counted(ledger, "central")
    alone = counting(ledger, "central", rows)
    assert (alone.amounts(COUNTED) > 0).all() and len(rows) < len(ledger.deals)
    W = alone.flows(alone.amounts(COUNTED))
    told = {r.key: r for r in bounds(ledger)}
    assert most_returning(W, alone.lab) == pytest.approx(told["circularity.returns"].value)
    assert told["circularity.returns_share"].basis == "agreed, announced"


def test_the_verdict_counts_the_coins_that_the_picture_shows(ledger: Ledger):
    """Of every hundred dollars: what the sentence calls matched is what the picture's coins show, and the rest adds up."""
    found, seen = matched(ledger).by_name(), payees(ledger, "central")
    assert found["of_hundred"].value == seen["dollars_back"].sum() > 0
    assert found["of_hundred"].value + found["not_of_hundred"].value == seen["dollars"].sum()


def test_every_deal_left_out_has_a_bar_of_its_own():
    """In December 2025 two of Microsoft's payments for shares count, of 10 and of 2."""
    found = series.without(Ledger.load(FROZEN, "2025-12-17"), "central")
    assert found["name"].is_unique
    shares = found[found["name"].str.startswith("Microsoft's shares in OpenAI")]
    assert list(shares["amount"]) == [10, 2]
    assert [name.partition(", ")[2] for name in shares["name"]] == [
        "US$10bn known since 2023",
        "US$2bn known since 2023",
    ]


def test_a_deal_has_the_year_in_which_it_began_once_that_is_known():
    """What Microsoft paid in 2021 was 'known since 2023', when the press told of it, after papers had given the year."""
    names = series.without(Ledger.load(FROZEN, "2026-02-20"), "central")["name"]
    shares = names[names.str.startswith("Microsoft's shares in OpenAI")]
    assert set(shares.str.partition(", ")[2]) == {"US$10bn known since 2023", "US$2bn of 2021"}


def test_what_goes_round_is_part_of_each_payment_and_balances(ledger: Ledger):
    """All of Microsoft's order was drawn as on a loop, though it puts in a twentieth of it."""
    paid = network_edges(ledger, "central").set_index(["payer", "payee"])["amount"]
    found = going_round(ledger)
    assert found and all(0 < amount <= paid[pair] + 1e-6 for pair, amount in found.items())
    for party in {party for pair in found for party in pair}:
        gives, gets = (sum(v for k, v in found.items() if k[side] == party) for side in (0, 1))
        assert gives == pytest.approx(gets)
    share = bounds(ledger).by_name()["maximum"].value
    assert 100 * sum(found.values()) / paid.sum() == pytest.approx(share)
    assert found["openai", "microsoft"] < paid["openai", "microsoft"] and ("openai", "oracle") not in found


def test_a_partners_money_is_told_with_the_range_whose_middle_is_counted():
    """Amazon's 10 are firm and 30 hang on conditions: 'has paid or promised US$25bn' is neither."""
    told = rings(Ledger.load(SMALL)).by_name()
    assert told["pair_name"].value == "Amazon" and told["is_pair_range"].value
    assert (told["pair_in"].low, told["pair_in"].value, told["pair_in"].high) == (10, 25, 40)


def test_the_trip_of_a_dollar_is_that_of_one_partner(ledger: Ledger):
    """Amazon's shares are 15 firm and 35 on conditions, its orders 38 and 100; in September 2025 no pair had prices."""
    frame, (rows,) = dollar.trip(ledger, "central")
    assert frame.iloc[0].to_dict() == {"name": "Amazon", "given": 32.5, "owed": 138, "home": 32.5, "is_scene": True}
    assert set(rows["deal"]) >= {"amazon-openai-equity", "openai-aws-compute"}
    assert {*rows["payer"], *rows["payee"]} == {"amazon", "openai"}
    assert dollar.steps(frame.iloc[0])[-1] == ("US$105.5bn", "from others")
    assert dollar.trip(ledger.at("2025-09-10"), "central")[0].empty
    more = frame.iloc[0].replace({32.5: 200.0}).rename(None)
    assert dollar.finding(more) == "Of Amazon's US$200bn in OpenAI, US$138bn can come home"
