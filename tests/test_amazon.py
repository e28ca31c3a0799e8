"""What the chapter on Amazon says, computed by hand on the small ledger with a row or two added."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.numbers import amazon as numbers
from analysis.numbers.headlines import recent
from analysis.numbers.series import amazon as series
from analysis.numbers.series.quarters import GAP, with_gaps
from tests.conftest import add_row
from tests.ledgers import SMALL

TALKS = "2026-01-10"  # the day on which the small ledger knows only the press's word of Amazon's equity


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


def test_talks_are_no_investment_and_bring_no_orders_for_a_dollar(tables: Path):
    rows = Ledger.load(tables, TALKS)
    told = numbers.deal(rows).by_name()
    assert told["is_talk"].value and "reported to discuss" in told["equity"].label
    assert (told["orders_per_dollar"].value, told["orders_per_dollar"].low) == (None, None)
    assert "in talks to invest" in series.growth_finding(series.growth(rows))


def test_the_firm_part_is_passed_before_the_whole(tables: Path):
    """60 over eight years from 2026 on against 10 that are firm and 40 in all."""
    told = numbers.payback(Ledger.load(tables)).by_name()
    assert told["payback_firm"].value < told["payback_whole"].value
    assert told["payback_year"].low <= told["payback_firm"].value
    assert told["payback_whole"].value <= told["payback_year"].high


def test_an_older_price_and_a_newer_rival_stand_beside_the_pair(tables: Path):
    """Trainium2 costs 2 a petaflop-hour throughout; an H100 cost 2.5 and costs 48/8/2, a B200 costs 80/8/4."""
    day = {"as_of": "2026-03-05"}
    add_row(tables / "prices.csv", {"chip": "Trainium2"}, **day)
    like = {"chip": "H100", "pricing": "capacity_block"}
    add_row(tables / "prices.csv", like, usd_per_hour="48", **day)
    add_row(tables / "prices.csv", like, instance="p6.48xlarge", chip="B200", usd_per_hour="80", **day)
    add_row(tables / "chips.csv", {"chip": "H100"}, chip="B200", year="2025", fp8_dense_pflops="4")
    told = numbers.chip_price(Ledger.load(tables)).by_name()
    assert (told["advantage_fp8"].value, told["advantage_before"].value) == (pytest.approx(50), pytest.approx(25))
    assert told["has_pair_before"].value and told["pair_day_before"].value == "2026-03-01"
    assert (told["newer_rival"].value, told["advantage_newer"].value) == ("B200", pytest.approx(25))


def test_an_advantage_that_holds_only_for_reserved_blocks_is_not_told_alone(tables: Path):
    """A petaflop-hour on demand costs 80/8/2 = 5 on an H100 and 128/16/1 = 8 on Trainium2: three eighths less."""
    assert not numbers.chip_price(Ledger.load(tables)).by_name()["is_dearer_on_demand"].value
    like = {"chip": "Trainium2"}
    add_row(tables / "prices.csv", like, as_of="2026-03-05", pricing="on_demand", usd_per_hour="128")
    told = numbers.chip_price(Ledger.load(tables)).by_name()
    assert told["is_dearer_on_demand"].value and told["less_on_demand"].value == pytest.approx(37.5)


def test_the_newest_chip_is_held_against_the_fastest_rival_with_rates(tables: Path):
    """Trainium2 has a peak of 1 and a bandwidth of 3; a B200 4 and 6. Chips without rates are no rivals."""
    add_row(tables / "chips.csv", {"chip": "H100"}, chip="B200", year="2025", fp8_dense_pflops="4", hbm_tbps="6")
    told = numbers.chips(Ledger.load(tables)).by_name()
    assert (told["newest_chip"].value, told["fastest_rival"].value) == ("Trainium2", "B200")
    assert (told["peak_share"].value, told["bandwidth_share"].value) == (25, 50)


def test_pairs_without_a_price_on_one_side_are_named_and_not_drawn(tables: Path):
    ledger = Ledger.load(tables)
    pairs = series.equity_and_orders(ledger)[0]
    shown = series.priced_pairs(pairs)
    assert 0 < len(shown) < len(pairs) and (shown["high"] > 0).all()
    note = series.pairs_note(ledger, pairs, shown)
    assert all((pair in note) != (pair in set(shown["pair"])) for pair in pairs["pair"])


@pytest.mark.parametrize(("condition", "state"), [("30: a listing", "paid in part"), ("", "paid")])
def test_a_range_with_a_condition_is_paid_in_part(tables: Path, condition: str, state: str):
    like = {"deal": "amazon-openai-equity"}
    add_row(tables / "deals.csv", like, as_of="2026-04-02", status="closed", condition=condition)
    (said,) = recent.news(Ledger.load(tables, "2026-04-03"), pd.Timestamp("2026-04-01"))["said"]
    assert ("of up to" in said) == (state == "paid in part"), said
    drawn = series.growth(Ledger.load(tables, "2026-04-03"))
    assert drawn.loc[drawn["deal"] == "amazon-openai-equity", "state"].iloc[-1] == state


def test_the_bills_pass_the_money_where_the_lines_cross(tables: Path):
    """The point of the picture lies on both lines, in the year before the one that the title names."""
    ledger = Ledger.load(tables)
    found, told = series.crossing(ledger, "central"), numbers.payback(ledger).by_name()
    frame = series.in_and_out(ledger, "central")
    spent = frame[frame["side"] == series.FLOWS[numbers.AWS]]
    assert found.amount == 40 == pytest.approx(np.interp(found.at, spent["year"], spent["central"]))
    assert told["payback_whole"].value - 1 < found.at <= told["payback_whole"].value == int(found.label)
    assert (found.low, found.high) == (told["payback_year"].low, told["payback_year"].high)
    assert series.crossing(Ledger.load(tables, TALKS), "central") is None


def test_a_year_is_drawn_as_wide_as_four_quarters():
    """June 2024 stood beside June 2025 as if it were the quarter before."""
    known = pd.DataFrame({"quarter": ["Jun 2024", "Jun 2025"], "value": [157.0, 195.0], "label": ["157", "195"]})
    drawn = with_gaps(known)
    assert list(drawn["quarter"]) == ["Jun 2024", "Sep 2024", "Dec 2024", "Mar 2025", "Jun 2025"]
    assert list(drawn["value"]) == [157, 0, 0, 0, 195] and list(drawn["label"][1:4]) == [GAP] * 3
    assert with_gaps(known.head(1)).equals(known.head(1))
