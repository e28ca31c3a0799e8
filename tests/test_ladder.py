"""The ladder of shortfalls: each rung by an independent count, and what closes the median one."""

import numpy as np
import pandas as pd
import pytest

from analysis.figures.explorer import Explorer
from analysis.figures.sustainability import fig_sustainability_ladder
from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import formats, modelling, sustainability
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


def test_before_anything_is_known_no_rung_is_told(live: Ledger):
    then = live.at(pd.Timestamp("2025-01-01"))
    results = sustainability.rungs(then).by_name()
    assert ladders.ladder(then).empty and not results["has_closing_growth"].value
    assert {results[name].text for name in ("gap_bad", "gap_good", "gap_half", "closing_growth")} == {formats.UNKNOWN}
    assert "not all known" in str(fig_sustainability_ladder(then).to_dict())
