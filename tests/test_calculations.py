"""Numbers that remember how they were computed."""

import pickle

import numpy as np
import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.numbers.calculations import Calculated, labelled, shown, sum_of
from analysis.numbers.facts import NAN, Facts, ratio, value
from tests.ledgers import SMALL


def written(value: object, unit: str = "usd_bn", low: object = None, high: object = None) -> list[str]:
    """Each calculation of a result in a line."""
    return [
        " ".join([*(f"{t.operator} {t.text}{t.close}".strip() for t in told.terms), f"= {told.text}"]).replace(
            "( ", "("
        )
        for told in shown(value, low, high, unit)
    ]


A, B, C = (labelled(number, "usd_bn", words) for number, words in ((12.0, "a"), (8.0, "b"), (4.0, "c")))


@pytest.mark.parametrize(
    ("number", "unit", "line"),
    [
        (100 * (B / A), "pct", "US$8bn ÷ US$12bn = 66.7%"),
        (100 * (1 - B / A), "pct", "1 − US$8bn ÷ US$12bn = 33.3%"),
        (A / (B + C), "x", "US$12bn ÷ (US$8bn + US$4bn) = 1×"),
        (A - (B - C), "usd_bn", "US$12bn − (US$8bn − US$4bn) = US$8bn"),
        (A / (B / C), "usd_bn", "US$12bn ÷ (US$8bn ÷ US$4bn) = US$6bn"),
        ((A + B) * C, "usd_bn", "(US$12bn + US$8bn) × US$4bn = US$80bn"),
        (4 * A, "usd_bn", "4 × US$12bn = US$48bn"),
        (sum([A, B, C]), "usd_bn", "US$12bn + US$8bn + US$4bn = US$24bn"),
        (A * (labelled(25, "pct", "rate") / 100), "usd_bn", "US$12bn × 25% = US$3bn"),
        (B / A * 100 / 100 * A, "usd_bn", "US$8bn ÷ US$12bn × US$12bn = US$8bn"),
        (100 * (B / A) * A, "usd_bn", "100 × US$8bn ÷ US$12bn × US$12bn = US$800bn"),
    ],
)
def test_a_number_is_written_as_it_was_computed(number: float, unit: str, line: str):
    assert written(number, unit) == [line]


def test_a_calculation_that_nobody_can_follow_is_not_shown():
    assert written(A / 1.7) == [], "a number without words"
    assert written(A) == written(12.0) == [], "nothing was computed"
    assert written(np.float64(2) * A) == written(A / NAN) == []
    assert written(sum([A] * 9)) == [], "too long"


def test_a_range_shows_both_its_ends_unless_they_are_one():
    assert written(None, "x", A / B, A / C) == ["US$12bn ÷ US$8bn = 1.5×", "US$12bn ÷ US$4bn = 3×"]
    assert written(None, "x", A / B, A / B) == ["US$12bn ÷ US$8bn = 1.5×"]
    assert written(A / B, "x", A / B, A / C) == ["US$12bn ÷ US$8bn = 1.5×"]


def test_it_is_a_float_to_everything_else():
    number = A / B
    assert number == 1.5 and hash(number) == hash(1.5) and type(number) is Calculated
    assert pd.Series([number]).dtype == float and np.asarray([number]).dtype == float
    assert (np.array([2.0, 100.0]) * number).tolist() == (number * np.array([2.0, 100.0])).tolist() == [3.0, 150.0]
    assert pickle.loads(pickle.dumps(number)) == 1.5


def test_a_ratio_of_rows_names_the_rows(ledger: Ledger):
    f = Facts(ledger, "test")
    part, whole = f.deal("openai-aws-compute"), f.last("amazon", "aws_rpo")
    result = f.result("share", "Share", 100 * ratio(value(part, "low_usd_bn"), value(whole)), "pct", part, whole)
    (told,) = result.calculations
    assert [t.row.partition("/")[0] for t in told.terms] == ["deals:openai-aws-compute", "metrics:amazon"]
    assert told.text == result.text and {t.row for t in told.terms} == {*result.rows}


def test_a_long_sum_shows_its_largest_parts_and_the_rest_together():
    rows = Ledger.load(SMALL).deals
    rows = rows[rows["role"] == "payment"]
    (told,) = sum_of(rows, "all")
    priced = rows[["low_usd_bn", "high_usd_bn"]].notna().any(axis=1).sum()
    assert len(told.terms) == 6 and told.terms[-1].words == f"{priced - 5} smaller ones"
    assert sum_of(rows.head(1), "one") == []
