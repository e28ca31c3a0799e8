"""The ladder of shortfalls: each rung by an independent count, and what closes the median one."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis import paths
from analysis.book.running import notebooks
from analysis.figures.explorer import Explorer
from analysis.figures.sustainability import fig_sustainability_futures
from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling, sustainability
from analysis.numbers.series.sustainability import futures as series
from analysis.numbers.sustainability import cash, choices, futures, orders
from analysis.numbers.sustainability import ladder as ladders


def rung(ledger: Ledger, name: str) -> pd.Series:
    """The shortfall of a rung by case, US$ bn."""
    table = ladders.ladder(ledger)
    return table[table["rung"] == name].set_index("case")["gap"].astype(float)


@pytest.mark.parametrize("case", funding.CASES)
def test_half_of_the_futures_are_worse_than_the_median_and_one_in_twenty_than_a_bad_one(ledger: Ledger, case: str):
    made = modelling.model(ledger, "central")
    gaps = funding.simulate(*made, case, modelling.PATHS, modelling.SEED)["gap"][-1].astype(float)
    for name, part in ((ladders.MEDIAN, 0.5), (ladders.BAD, 0.95)):
        assert rung(ledger, name)[case] == pytest.approx(np.quantile(gaps, part), rel=0.01, abs=0.5), name


def test_the_rungs_are_in_order(ledger: Ledger):
    """What is signed is part of what is counted by orders, and a bad future is worse than the median one."""
    assert rung(ledger, ladders.SIGNED)["contracts"] <= rung(ledger, ladders.MEDIAN)["contracts"]
    assert (rung(ledger, ladders.MEDIAN) <= rung(ledger, ladders.BAD)).all()
    assert [*dict.fromkeys(ladders.ladder(ledger)["rung"])] == [*ladders.RUNGS]


@pytest.mark.parametrize(("case", "choice", "sign"), [("contracts", "attainment", 1), ("contracts", "take_up", -1)])
def test_a_closing_value_closes_the_shortfall_and_a_step_before_it_does_not(
    ledger: Ledger, case: str, choice: str, sign: int
):
    """As the page on which readers choose for themselves computes it."""
    value, page = ladders.closing(ledger, "central", case, choice), Explorer(ledger)
    left = [page.compute(case, **{choice: at})["median"][-1] for at in (value, value - sign * ladders.STEP)]
    assert left[0] < 0.5 <= left[1]


def test_nothing_closes_what_is_not_missing():
    """A search says where the last good value lies, and that there is none."""
    assert ladders.closing_value(lambda v: v > 0.305, 0.0, 1.0) == pytest.approx(0.30)
    assert ladders.closing_value(lambda v: v < 1.2, 1.4, 0.85) == pytest.approx(1.2)
    assert np.isnan(ladders.closing_value(lambda _: True, 1.4, 0.85))


def test_the_number_of_a_bad_future_is_the_end_of_the_range_that_is_told(ledger: Ledger):
    """One future in twenty is worse, counted by its orders, as the figure of the median future has it at its high end."""
    results = sustainability.rungs(ledger).by_name() | sustainability.gap(ledger).by_name()
    made = modelling.model(ledger, "central")
    gaps = funding.simulate(*made, "contracts", modelling.PATHS, modelling.SEED)["gap"][-1].astype(float)
    bad = results["gap_bad"].value
    assert bad == results["gap"].high == rung(ledger, ladders.BAD)["contracts"].round()
    assert np.mean(gaps > bad) == pytest.approx(0.05, abs=0.005)


def test_what_is_signed_alone_runs_short_in_one_future_of_twenty_too(ledger: Ledger):
    """Beside the bad future by all orders stood only the median by signed ones: "by signed, priced orders: nothing"."""
    results = sustainability.ordered(ledger).by_name()
    inputs, chosen = modelling.model(ledger, "central")
    due = inputs.due.copy()
    due[:, [i for i, name in enumerate(funding.CLASSES) if name in orders.BESIDE]] = 0.0
    signed = dataclasses.replace(inputs, due=due)
    gaps = funding.simulate(signed, chosen, "contracts", modelling.PATHS, modelling.SEED)["gap"][-1].astype(float)
    worse = np.sort(gaps)[-round(len(gaps) / 20)]
    assert orders.signed_only_bad(ledger) == pytest.approx(worse, rel=0.01)
    assert results["signed_gap_bad"].value == cash.missing(orders.signed_only_bad(ledger))
    assert results["has_signed_gap_bad"].value is bool(worse >= 0.5)
    assert orders.signed_only(ledger)[0] <= orders.signed_only_bad(ledger) <= rung(ledger, ladders.BAD)["contracts"]


def test_before_anything_is_known_no_rung_is_told(live: Ledger):
    then = live.at(pd.Timestamp("2025-01-01"))
    results = sustainability.rungs(then).by_name()
    assert ladders.ladder(then).empty and not results["has_closing_growth"].value
    assert {results[name].text for name in ("gap_bad", "gap_good", "gap_half", "closing_growth")} == {formats.UNKNOWN}
    assert "not all known" in str(fig_sustainability_futures(then).to_dict())


def test_twenty_futures_stand_for_all_of_them(ledger: Ledger):
    """As many are short as the part of the paths on which cash runs out, and half lie on each side of the median."""
    made = modelling.model(ledger, "central")
    gaps = np.sort(funding.simulate(*made, "contracts", modelling.PATHS, modelling.SEED)["gap"][-1].astype(float))
    groups = np.array_split(gaps, futures.SHOWN)
    table = futures.futures(ledger)
    assert table["value"].is_monotonic_increasing and [*table["place"]] == [*range(1, futures.SHOWN + 1)]
    for value, group in zip(table["value"], groups, strict=True):
        assert value == pytest.approx(np.median(group), abs=0.5)
    assert futures.short(table) == pytest.approx(futures.SHOWN * np.mean(gaps > 0), abs=1)
    median = rung(ledger, ladders.MEDIAN)["contracts"]
    assert table["value"].iloc[9] <= median <= table["value"].iloc[10]
    assert series.depths(ledger, "central")["value"].to_list() == pytest.approx(
        [median, rung(ledger, ladders.BAD)["contracts"]]
    )


def test_the_futures_are_counted_in_words():
    """Fifteen of twenty; and that all, or none, run short is a sentence, too."""
    told = []
    for short in (15, 20, 0):
        table = pd.DataFrame({"value": [0.0] * (20 - short) + [1.0] * short, "year": 2033})
        told.append((series.heads(table), series.futures_finding(table)))
    assert [heads for heads, _ in told] == [
        ("5 have enough", "15 run short"),
        ("", "20 run short"),
        ("20 have enough", ""),
    ]
    assert [title.partition(" futures")[0] for _, title in told] == ["In 15 of 20", "In all of 20", "In none of 20"]


def test_what_moves_most_is_told_as_luck_or_as_a_choice():
    """The width of luck is a guess of ours: "more than any choice of ours" was false."""
    rows = pd.DataFrame(
        {"cause": ["attainment"], "name": ["Growth"], "low": [10.0], "high": [200.0], "moves": [190.0], "error": [2.0]}
    )
    assert series.levers_finding(rows) == "One choice moves the shortfall by US$190bn: planned growth that comes true"
    luck = rows.assign(cause=choices.SURPRISES)
    assert series.levers_finding(luck) == (
        "Our guess about sales matters most: luck in them moves the shortfall by US$190bn"
    )
    near = pd.concat([luck, rows.assign(moves=187.0)])
    assert series.levers_finding(near) == "Luck moves the shortfall about as far as our largest choice"


def test_the_curve_at_full_growth_and_the_page_on_which_readers_choose_agree(ledger: Ledger):
    """Planned growth gave 16 in a scenario, 29 on a slider and 48 by the plan, without a word on why."""
    page = Explorer(ledger).compute("contracts", attainment=1.0)["median"][-1]
    told = sustainability.fulfilled(ledger).by_name()["planned_growth_gap"].value
    assert told == cash.missing(page)


def test_the_ways_of_counting_have_one_name_each_and_the_glossary_defines_it():
    """The same count was "its orders" on one page and "its orders and a part of its plans" on the next."""
    glossary = (paths.CHAPTERS / "glossary.md").read_text("utf-8").casefold()
    for name in (*cash.CASE_NAMES.values(), "priced orders", "purchase commitments"):
        assert f"\n{name.removeprefix('the ')}\n: " in glossary, name
    prose = [path.read_text("utf-8").casefold() for path in notebooks.chapters(paths.CHAPTERS)]
    assert not [told for told in prose if "by its orders" in told or "counted by openai's orders" in told]
