"""What goes missing at half pay: bars that hold all of it, whose creditors bear what, and what is told apart."""

import json

import pandas as pd
import pytest

from analysis.figures import exposure as figures
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import quantities
from analysis.numbers.circularity import telecom
from analysis.numbers.exposure import backers, half, liabilities, measured, owed, stress
from analysis.numbers.exposure.accounts import accounts, choices, due_by_year, horizon
from analysis.numbers.series import exposure as series
from analysis.numbers.series import half_pay

BORNE = pd.DataFrame(
    {"name": ["A", "B"], "missing": [90.0, 20.0], "passed": [57.0, 0.0], "anyway": [36.0, 5.0], "label": ["", ""]}
)


@pytest.mark.parametrize("day", ["2025-09-10", "2026-03-31", None])
def test_the_bars_hold_all_that_half_pay_costs(view, live: Ledger, day: str | None):
    """Suppliers without accounts fall together; nothing is lost on the way, and the floor is what is passed on."""
    ledger = live if day is None else live.at(day)
    table, whole = half_pay.borne(ledger), half.at_half(ledger)
    assert table["missing"].sum() == pytest.approx(whole["missing"].sum(), abs=0.2)
    assert table["passed"].sum() == pytest.approx(whole.loc[whole["has_accounts"], "passed_on"].sum())
    assert (table["is_tested"] | (table["passed"] == 0)).all() and (~table["is_tested"]).sum() <= 1
    has_floor = table["passed"].max() >= 1
    assert (half_pay.PASSED in set(half_pay.parts(table)["part"])) is bool(has_floor)
    assert ("creditors" in half_pay.borne_finding(table)) is bool(has_floor)


def test_whose_creditors_are_named():
    """All that was passed on was Oracle's, and the page spoke of suppliers' builders, landlords and lenders."""
    assert half_pay.borne_finding(BORNE).endswith("US$57bn lands on A's creditors")
    both = BORNE.assign(passed=[57.0, 3.0])
    assert half_pay.borne_finding(both).endswith("US$60bn lands on A's and B's creditors")
    assert "creditors" not in half_pay.borne_finding(BORNE.tail(1))


@pytest.mark.parametrize("day", ["2025-12-17", "2026-03-31", None])
def test_the_lede_names_all_who_pass_on_and_nobody_else(view, live: Ledger, day: str | None):
    ledger = live if day is None else live.at(day)
    told, table = half.half_of_oracle(ledger).by_name(), half.at_half(ledger)
    passing = list(table.loc[table["passed_on"] >= half.LEAST, "name"])
    named = str(told["passing"].value) if passing else ""
    assert all(name in named for name in passing)
    assert not [name for name in table["name"] if name in named and name not in passing]
    if stress.clearing_years(ledger).by_name()["is_passed_on"].value:
        assert named, "the lede names somebody"


def test_a_part_of_a_bar_is_within_it():
    drawn = half_pay.parts(BORNE)
    assert list(drawn["part"]) == [half_pay.MISSING, half_pay.PASSED, half_pay.MISSING]
    assert list(drawn["value"]) == [90.0, 57.0, 20.0]


@pytest.mark.parametrize("day", ["2025-09-10", "2026-03-31", None])
def test_what_is_short_in_any_case_is_told_apart_from_what_half_pay_adds(view, live: Ledger, day: str | None):
    """What half pay adds and what is short though OpenAI pays in full are all that a supplier fails to pay at half."""
    ledger = live if day is None else live.at(day)
    table = half_pay.borne(ledger)
    grid = stress.grid(ledger)
    at_half = grid[(grid["share"] == 0.5) & (grid["party"] != liabilities.BUILDERS)]
    assert table["anyway"].sum() + table["passed"].sum() == pytest.approx(at_half["not_paid"].sum(), abs=0.1)
    lacking = table.loc[table["passed"] >= 1, "anyway"].sum()
    assert bool(half_pay.anyway_note(table)) is bool(lacking >= 1)


def test_what_is_short_in_any_case_is_said_of_those_who_pass_on():
    told = half_pay.anyway_note(BORNE)
    assert told == "Left out: US$36bn that A lacks even if OpenAI pays in full; with it, US$93bn."
    assert half_pay.anyway_note(BORNE.assign(anyway=0.0)) == ""


@pytest.mark.parametrize("day", ["2025-12-17", "2026-03-31", None])
def test_twice_half_pay_is_the_orders_at_their_high_ends_due_by_the_last_year(view, live: Ledger, day: str | None):
    """Twice US$358bn was more than the US$708bn of the first page, and nothing said why."""
    ledger = live if day is None else live.at(day)
    f, table = owed.facts(ledger), half_pay.borne(ledger)
    books = {p: accounts(f, p, choices(f)) for p in liabilities.suppliers(f)}
    due = sum(
        (due_by_year(f, p).reindex(horizon(f), fill_value=0.0) if b is None else b.due).sum() for p, b in books.items()
    )
    assert 2 * table["missing"].sum() == pytest.approx(due, abs=0.3)
    assert due <= counted.total(quantities.outstanding_supply(f)).high + 1e-6


def test_a_stated_part_of_a_backlog_stands_over_its_own_amount(live: Ledger):
    """US$250bn stood below 45% of Microsoft's backlog of US$625bn, which are US$281bn."""
    table = series.creditors(live)
    notes = series.order_books(table[table["high"] > 0]).set_index("party")["note"]
    f = owed.facts(live)
    stated = f.last("microsoft", "openai_share_of_rpo", basis="actual")
    published = f.metric("microsoft", "rpo_openai")
    amount = published.loc[published["end"].isin(stated["end"]), "value"].iloc[-1]
    assert measured.part_of_backlog(f, "microsoft") == pytest.approx(amount, rel=0.005)
    assert notes["microsoft"] == f"US${amount:.0f}bn, stated"
    assert notes["oracle"].endswith(", computed") and "stated" not in notes["oracle"]


def test_losses_of_shareholders_are_of_market_value(live: Ledger):
    """Microsoft uses the equity method: a fall in price does not pass through its accounts as the figure read."""
    assert "market value" in series.losses_finding(series.losses(live))
    assert "not book value" in json.dumps(figures.fig_exposure_holders(live).to_dict())


def test_one_supplier_has_signed_for_openai_and_also_for_others(live: Ledger):
    """ "One supplier has, for one site" stood over a list of three guarantees of NVIDIA's, and 105 beside 115."""
    f = owed.facts(live)
    rows = backers.guarantee_rows(f)
    signed = counted.signed(rows)
    own = backers.signed_for_openai(f)
    assert list(own["payer"]) == ["nvidia"]
    others = signed[(signed["payer"] == "nvidia") & (signed["scope"] != "openai")]
    assert set(others["deal"]) == {"nvidia-coreweave-backstop", "nvidia-partner-lease-guarantee"}
    told = telecom.vendors(live).by_name()["nvidia_promised"]
    assert told.value == pytest.approx(own["high_usd_bn"].sum() + others["high_usd_bn"].sum())
