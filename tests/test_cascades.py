"""A sum that does not come: widths that are true, ribbons that end where they should, words that meet nothing."""

import pandas as pd
import pytest

from analysis.figures.canvas import NARROW, WIDE, text_width
from analysis.figures.marks import cascades
from analysis.ledger import Ledger
from analysis.numbers.exposure import half, liabilities, stress
from analysis.numbers.series import half_pay

CASES = {
    "one passes on": [("Oracle", 150.0, 57.0, True), ("Microsoft", 123.0, 0.0, True), ("Two others", 20.0, 0.0, False)],
    "nobody passes on": [("Oracle", 150.0, 0.0, True), ("CoreWeave", 8.0, 0.0, False)],
    "two pass on": [("A", 60.0, 20.0, True), ("B", 40.0, 40.0, True), ("C", 1.0, 0.0, True), ("D", 1.0, 0.0, True)],
}


def placed(name: str, pixels: float) -> cascades._Placed:
    frame = pd.DataFrame(CASES[name], columns=["name", "missing", "passed", "is_tested"]).assign(label="US$1bn")
    floor = ("US$57bn", "lands on those who build for Oracle") if frame["passed"].sum() else ("", "")
    return cascades._Placed(frame, pixels, floor)


@pytest.mark.parametrize("pixels", [float(WIDE), float(NARROW)])
@pytest.mark.parametrize("name", CASES)
def test_each_ribbon_is_as_wide_as_its_sum_and_stays_on_the_page(name: str, pixels: float):
    view = placed(name, pixels)
    falls = view.ribbons()
    wide = (falls["x2"] - falls["x"]).groupby([falls["row"], falls["kind"]]).agg(["min", "max"])
    for (row, kind), ends in wide.iterrows():
        told = view.frame.loc[row]
        amount = told["passed"] if kind == "passed" else told["missing"] - told["passed"]
        assert ends["min"] == pytest.approx(ends["max"]) and ends["min"] == pytest.approx(amount * view.unit, abs=1e-6)
    assert falls["x"].min() >= -1e-6 and falls["x2"].max() <= pixels + 1e-6 and falls["y"].max() <= view.height
    assert set(falls.loc[falls["y"] > view.caught + 1e-6, "kind"]) <= {"passed"}, "what is borne is caught"
    for _, rows in falls[falls["y"] == falls["y"].min()].groupby("y"):
        edges = rows.sort_values("x")
        assert (edges["x"].iloc[1:].to_numpy() >= edges["x2"].iloc[:-1].to_numpy() - 1e-6).all(), "side by side"


@pytest.mark.parametrize("pixels", [float(WIDE), float(NARROW)])
@pytest.mark.parametrize("name", CASES)
def test_words_below_meet_no_others_and_stay_on_the_page(name: str, pixels: float):
    names = placed(name, pixels).names
    boxes = [
        (r.x, r.x + max(text_width(r.name, 12), *map(text_width, r.label.split("\n"))), r.y, r.end)
        for r in names.itertuples(index=False)
    ]
    for i, a in enumerate(boxes):
        assert a[0] >= 0 and a[1] <= pixels + 1e-6
        assert all(a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2] for b in boxes[:i])


@pytest.mark.parametrize("day", ["2025-09-10", "2026-03-31", None])
def test_the_cascade_holds_all_that_half_pay_costs(view, live: Ledger, day: str | None):
    """Suppliers without accounts fall together; nothing is lost on the way, and the floor is what is passed on."""
    ledger = live if day is None else live.at(day)
    table, whole = half_pay.borne(ledger), half.at_half(ledger)
    assert table["missing"].sum() == pytest.approx(whole["missing"].sum(), abs=0.2)
    assert table["passed"].sum() == pytest.approx(whole.loc[whole["has_accounts"], "passed_on"].sum())
    assert (table["is_tested"] | (table["passed"] == 0)).all() and (~table["is_tested"]).sum() <= 1
    has_floor = table["passed"].max() >= 1
    assert bool(half_pay.floor(table)[0]) is bool(has_floor)
    assert ("creditors" in half_pay.borne_finding(table)) is bool(has_floor)


def test_whom_the_floor_names():
    table = pd.DataFrame({"name": ["A", "B", "C"], "passed": [2.0, 3.0, 0.4]})
    amount, who = half_pay.floor(table)
    assert amount == "US$5bn" and who == "lands on those who build for A and B, rent to them and lend to them"
    assert half_pay.floor(table.tail(1)) == ("", "")


@pytest.mark.parametrize("day", ["2025-09-10", "2026-03-31", None])
def test_what_is_short_in_any_case_lies_beside_what_half_pay_adds(view, live: Ledger, day: str | None):
    """What half pay adds and what is short though OpenAI pays in full are all that a supplier fails to pay at half."""
    ledger = live if day is None else live.at(day)
    table = half_pay.borne(ledger)
    grid = stress.grid(ledger)
    at_half = grid[(grid["share"] == 0.5) & (grid["party"] != liabilities.BUILDERS)]
    assert table["anyway"].sum() + table["passed"].sum() == pytest.approx(at_half["not_paid"].sum(), abs=0.1)
    amount, words = half_pay.beside(table)
    assert bool(words) is (amount > 0) and amount + table["passed"].sum() <= table["missing"].sum() + 1e-6


def test_whom_the_grey_part_names_and_when_it_is_left_out():
    table = pd.DataFrame({"name": ["A", "B"], "missing": [90.0, 20.0], "passed": [57.0, 0.0], "anyway": [36.0, 5.0]})
    amount, words = half_pay.beside(table)
    assert amount == 36.0
    assert words == "Grey: the US$36bn that A lacks even if OpenAI pays in full. In all, US$93bn short."
    assert half_pay.beside(table.assign(anyway=0.0)) == (0.0, "")
    assert half_pay.beside(table.assign(anyway=60.0)) == (0.0, ""), "wider than the whole picture"


@pytest.mark.parametrize("pixels", [float(WIDE), float(NARROW)])
def test_the_grey_part_is_to_scale_and_its_words_are_below_the_floor(pixels: float):
    frame = pd.DataFrame(CASES["one passes on"], columns=["name", "missing", "passed", "is_tested"])
    frame = frame.assign(label="US$1bn")
    floor = ("US$57bn", "lands on those who build for Oracle")
    bare, view = (cascades._Placed(frame, pixels, floor, beside) for beside in ((0.0, ""), (36.0, "Grey: more.")))
    assert view.lying == pytest.approx(36.0 * view.unit) and not bare.lying
    assert view.height >= view.floor + cascades.LYING + cascades.LINE * len(view.below) and view.height > bare.height
