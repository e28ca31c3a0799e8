"""Periods in words, which statement counts, and what may be combined with what."""

import math

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.numbers import comparisons
from analysis.numbers.comparisons import Quantity, UnlikeError
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result
from analysis.numbers.timespans import Period
from tests.ledgers import SMALL


@pytest.mark.parametrize(
    ("start", "end", "year_end", "words"),
    [
        ("", "2026-08-31", 12, "31 August 2026"),
        ("2026-01-01", "2026-03-31", 12, "the quarter to 31 March 2026"),
        ("2026-01-26", "2026-04-26", 1, "the quarter to 26 April 2026"),
        ("2025-01-01", "2025-06-30", 12, "the first half of 2025"),
        ("2025-07-01", "2025-12-31", 12, "the second half of 2025"),
        ("2025-07-01", "2025-12-31", 6, "the first half of fiscal 2026"),
        ("2025-06-01", "2025-11-30", 5, "the first half of fiscal 2026"),
        ("2025-04-01", "2025-09-30", 12, "the half year to 30 September 2025"),
        ("2025-01-01", "2025-09-30", 12, "the nine months to 30 September 2025"),
        ("2025-01-01", "2025-12-31", 12, "2025"),
        ("2025-06-01", "2026-05-31", 5, "fiscal 2026"),
        ("2025-01-27", "2026-01-25", 1, "fiscal 2026"),
        ("2025-03-01", "2026-02-28", 5, "the twelve months to 28 February 2026"),
        ("2025-12-01", "2025-12-31", 12, "December 2025"),
        ("2026-01-01", "2029-12-31", 12, "2026 to 2029"),
        ("2026-07-01", "2026-08-11", 12, "1 July 2026 to 11 August 2026"),
        ("2026-06-01", "", 12, "the time from 1 June 2026"),
        ("", "", 12, ""),
    ],
)
def test_a_period_is_named_by_its_dates(start: str, end: str, year_end: int, words: str):
    assert Period(start, end, False, year_end).words == words


def statements(*rows: tuple[str, str, str, str, str, float]) -> pd.DataFrame:
    columns = ["start", "end", "as_of", "basis", "by", "value"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in columns[:3]})


def test_a_filing_counts_before_the_press_before_an_estimate_before_a_forecast():
    year = ("2025-01-01", "2025-12-31")
    told = [
        (*year, "2026-02-01", "actual", "", 13.0),
        (*year, "2026-06-01", "reported", "", 12.0),
        (*year, "2026-07-01", "estimate", "a", 11.0),
        (*year, "2026-08-01", "projection", "b", 10.0),
    ]
    for first in range(len(told)):
        assert bases.best(statements(*told[first:]))["value"].tolist() == [told[first][-1]]
    corrected = (*year, "2026-03-01", "actual", "", 13.5)
    assert bases.best(statements(corrected, *told))["value"].tolist() == [13.5], "the newest of equals"


def test_a_forecast_is_of_one_author_and_one_day():
    years = [(f"{y}-01-01", f"{y}-12-31") for y in (2026, 2027, 2028)]
    plan = [(*y, "2026-02-20", "projection", "", v) for y, v in zip(years, (25.0, 57.0, 85.0), strict=True)]
    later = (*years[0], "2026-05-12", "projection", "", 27.0)
    other = [(*y, "2026-02-20", "projection", "a bank", 1.0) for y in years[:2]]
    assert bases.forecast(statements(*plan, later, *other))["value"].tolist() == [25.0, 57.0, 85.0]
    assert bases.forecast(statements(*plan[:2], later)).empty, "two years are no plan"


def quantity(value: float, start: str, end: str, basis: str = "actual", **more: str) -> Quantity:
    return Quantity(value, "usd_bn", Period(start, end, False, 5), basis, **more)


YEAR = quantity(20, "2025-06-01", "2026-05-31")
GUIDED = quantity(95, "2026-06-01", "2027-05-31", "guidance", as_of="2026-06-10")
QUARTERS = [quantity(v, s, e) for v, s, e in ((5, "2025-06-01", "2025-08-31"), (6, "2025-09-01", "2025-11-30"))]


def test_unlike_quantities_are_refused_or_named():
    with pytest.raises(UnlikeError) as refused:
        comparisons.ratio(GUIDED, YEAR)
    assert refused.value.how == (comparisons.PERIOD, comparisons.BASIS)
    named = comparisons.ratio(GUIDED, YEAR, named=True)
    assert named.value == 4.75
    assert named.words == "the guidance for fiscal 2027 over the figure of fiscal 2026"
    with pytest.raises(UnlikeError, match="length of period"):
        comparisons.ratio(QUARTERS[0], YEAR)
    with pytest.raises(UnlikeError, match="basis"):
        comparisons.difference(YEAR, quantity(1, "2025-06-01", "2026-05-31", "talks"))


def test_like_quantities_are_combined_without_a_word():
    assert comparisons.ratio(quantity(5, "2025-06-01", "2026-05-31", "reported"), YEAR) == comparisons.Compared(0.25)
    balance = quantity(553, "", "2026-05-31")
    assert comparisons.ratio(balance, YEAR).unlike == (), "a balance at the end of the year"
    with pytest.raises(UnlikeError, match="unlike in period"):
        comparisons.ratio(quantity(553, "", "2026-02-28"), YEAR)
    assert comparisons.difference(balance, quantity(455, "", "2025-08-31")).value == 98
    assert comparisons.ratio(Quantity(300, "usd_bn", basis="agreed"), YEAR).value == 15, "a contract has no period"
    assert math.isnan(comparisons.ratio(YEAR, quantity(0, "2025-06-01", "2026-05-31")).value)
    assert math.isnan(comparisons.ratio(Quantity(float("nan"), ""), YEAR).value)


def test_a_sum_takes_periods_that_follow_one_another_and_one_forecast():
    whole = comparisons.total(QUARTERS)
    assert (whole.value, whole.period.words, whole.basis) == (11, "the first half of fiscal 2026", "actual")
    with pytest.raises(UnlikeError, match="overlap"):
        comparisons.total([YEAR, YEAR])
    with pytest.raises(UnlikeError, match="length"):
        comparisons.total([YEAR, QUARTERS[0]])
    first, second = (
        quantity(v, f"{y}-01-01", f"{y}-12-31", "projection", as_of="2026-02-20") for v, y in ((25, 2026), (57, 2027))
    )
    assert comparisons.total([first, second]).value == 82
    later = quantity(63, "2027-01-01", "2027-12-31", "projection", as_of="2026-05-12")
    theirs = quantity(63, "2027-01-01", "2027-12-31", "projection", as_of="2026-02-20", author="a bank")
    for other in (later, theirs):
        with pytest.raises(UnlikeError, match="author or day of the forecast"):
            comparisons.total([first, other])
    with pytest.raises(ValueError, match="nothing to add"):
        comparisons.total([])


def test_a_result_carries_period_and_basis():
    f = Facts(Ledger.load(SMALL), "chapter")
    metrics = f.ledger.metrics
    row = metrics[metrics["start"].notna()].tail(1)
    told = f.result("a", "A", 1.0, "usd_bn", row)
    days = [f"{row[c].iloc[0]:%Y-%m-%d}" for c in ("start", "end")]
    assert [told.period.start, told.period.end] == days and told.basis == row["basis"].iloc[0]
    assert told.as_dict()["period"]["words"] == told.period.words
    talks = f.ledger.at("2026-01-10").deals.query("deal == 'amazon-openai-equity'")
    assert f.result("b", "B", 1.0, "usd_bn", talks).basis == "talks"
    assert f.result("c", "C", 1.0, "usd_bn").period is None
    assert Result("a.b", "A", 1, "usd_bn").as_dict()["period"] is None
