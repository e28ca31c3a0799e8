"""How the shortfall answers to growth, and the one list of numbers at a page's foot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures.explorer import Explorer
from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import index as first_page
from analysis.numbers import modelling
from analysis.numbers.sustainability import growth
from analysis.numbers.sustainability.cash import LEAST


@pytest.mark.parametrize("at", [0.7, 0.85, 1.1])
def test_the_curve_is_what_a_reader_gets_who_moves_growth_alone(ledger: Ledger, at: float):
    frame = growth.response(ledger).set_index("growth")
    asked = Explorer(ledger).compute("contracts", attainment=at)
    told = frame.loc[100 * at, ["gap_low", "gap_median", "gap_high"]]
    assert [*told] == pytest.approx([asked[k][-1] for k in ("low", "median", "high")], abs=1)


def test_more_growth_never_leaves_more_missing(ledger: Ledger):
    frame = growth.response(ledger)
    assert frame["growth"].is_monotonic_increasing
    for column in ("gap_low", "gap_median", "gap_high"):
        assert (np.diff(frame[column]) <= 1e-3).all(), column


def test_the_named_points_are_on_the_curve(ledger: Ledger):
    """What we assume, by an own run of the model, and where nothing is missing any more."""
    ours, closed = growth.named(ledger).itertuples(index=False)
    made = modelling.model(ledger, "central")
    gaps = funding.simulate(*made, "contracts", modelling.PATHS, modelling.SEED)["gap"][-1].astype(float)
    assert ours.growth == 100 * made[1].attainment[1] and ours.gap_median == pytest.approx(np.median(gaps), abs=0.5)
    frame = growth.response(ledger)
    left = np.interp([closed.growth - 5, closed.growth + 5], frame["growth"], frame["gap_median"])
    assert left[0] >= LEAST > left[1]


@pytest.mark.parametrize(
    ("gap", "closes", "title"),
    [
        (0.2, 0.85, "At the growth that we assume, nothing is missing in the median future"),
        (90.0, float("nan"), "No growth that we tried closes the shortfall of the median future by itself"),
        (90.0, 1.09, "Growth alone closes the shortfall only beyond OpenAI's own plan"),
        (90.0, 0.97, "The shortfall closes if 97% of the growth that OpenAI plans comes true"),
    ],
)
def test_the_title_says_what_growth_does(monkeypatch, ledger: Ledger, gap: float, closes: float, title: str):
    points = growth.named(ledger).assign(gap_median=[gap, 0.0])
    monkeypatch.setattr(growth, "named", lambda *_: points)
    monkeypatch.setattr(growth, "closing", lambda *_: closes)
    assert growth.response_finding(ledger) == title


def test_each_growth_is_read_in_a_sentence():
    """What a reader gets who moves the slider; a range of one value is no range."""
    curve = pd.DataFrame(
        {"growth": [50.0, 100.0, 130.0, 150.0], "gap_median": [323.2, 29.1, 0, 0], "gap_high": [583, 292.4, 41, 0]}
    ).assign(closed=[3.2, 44.6, 83, 97])
    worst = "In one future of twenty, US${}bn or more is."
    assert growth.readings(curve) == [
        (
            50,
            "50% of what it plans",
            f"US$323bn is missing in the median future, nothing in 3% of futures. {worst.format(583)}",
        ),
        (
            100,
            "100% of what it plans",
            f"US$29bn is missing in the median future, nothing in 45% of futures. {worst.format(292)}",
        ),
        (130, "130% of what it plans", f"Nothing is missing in 83% of futures. {worst.format(41)}"),
        (150, "150% of what it plans", "Nothing is missing in 97% of futures."),
    ]


def test_money_that_cannot_count_yet_is_all_of_those_whose_orders_have_no_price(ledger: Ledger):
    """NVIDIA's 30 and 0.1, SoftBank's 0.5, 7.5, 22.5 and three times 10: the rows of the frozen ledger, added by hand."""
    found = first_page.circle(ledger).by_name()
    assert found["unpriced_names"].value == "SoftBank Group and NVIDIA"
    assert found["from_unpriced"].value == pytest.approx(90.6)


def test_orders_are_told_in_years_of_sales_by_the_month_and_by_the_quarter(ledger: Ledger):
    found = first_page.totals(ledger).by_name()
    month, quarter = found["years_of_revenue"], found["years_at_pace"]
    ends = [end for end in (month.low, month.high, quarter.low, quarter.high) if end]
    assert (found["years_of_sales"].low, found["years_of_sales"].high) == (min(ends), max(ends))


def test_a_page_has_one_list_of_what_it_computes_in_the_fold_of_its_notes(site: Path):
    """Lists behind every section looked like a filing cabinet."""
    for name in ("index", "circularity", "oracle_softbank"):
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        (numbers,) = page.select("details.rt-numbers")
        assert numbers.find_parent("details")["id"] == "notes" and len(numbers.select("dt")) > 20


def test_sources_that_many_numbers_share_are_listed_once(site: Path):
    """The rows of the model behind each of its numbers made four fifths of the page on revenue."""
    page = BeautifulSoup((site / "sustainability.html").read_text(encoding="utf-8"), "html.parser")
    (numbers,) = page.select("details.rt-numbers")
    lists = [str(ul) for ul in numbers.select("dd > ul") if len(ul.select("li")) > 8]
    alike = [a["href"] for a in numbers.select("dd > p > a[href^='#num-']")]
    assert alike and all(page.find(id=href[1:]) for href in alike)
    assert len(set(lists)) > len(lists) / 2
