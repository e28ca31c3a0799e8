"""What firms report of themselves, what they mean to spend, and what two labs forecast, ordered and raised.

Expected values are those of the small ledger and of rows that a test adds to it.
"""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures import closed_tables
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers.circularity import builders, clouds
from analysis.numbers.circularity.measures import facts
from analysis.numbers.series import circularity as drawn
from analysis.numbers.series.amazon import anthropic
from analysis.numbers.series.reported import LINES, reported
from analysis.numbers.series.sustainability import openai_accounts
from analysis.numbers.sustainability import forecasts
from tests.conftest import add_row
from tests.ledgers import FROZEN, SMALL

LIKE = {"entity": "oracle", "metric": "total_debt"}
SPEND = {"entity": "amazon", "metric": "capex_guidance"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


def tell(folder: Path, like: dict[str, str], metric: str, value: object, start: str, end: str, **more: str) -> None:
    new = {"metric": metric, "value": str(value), "start": start, "end": end, "as_of": "2026-03-01", "unit": "usd_bn"}
    add_row(folder / "metrics.csv", like, **new | {"note": ""} | more)


def lines(ledger: Ledger, entity: str) -> dict[str, tuple[str, str, str]]:
    rows = reported(ledger, entity)
    return {f"{r.line}, {r.said_by}": (r.amount, r.period, r.before) for r in rows.itertuples()}


def test_a_line_is_its_newest_figure_beside_the_year_before():
    found = lines(Ledger.load(SMALL), "oracle")
    assert found["Debt, company"] == ("100", "30 November 2025", "")
    assert found["Capital spending, company's outlook"] == ("50", "fiscal 2026", "")
    assert found["Cash left after capital spending, company"][0] == "−20"


def test_the_year_before_is_the_same_span_a_year_earlier(folder: Path):
    tell(folder, LIKE, "total_debt", 70, "", "2024-11-30", as_of="2025-01-15")
    tell(folder, LIKE, "total_debt", 5, "2024-09-01", "2024-11-30", as_of="2025-01-15")
    assert lines(Ledger.load(folder), "oracle")["Debt, company"] == ("100", "30 November 2025", "70")


def test_a_range_is_one_line_and_a_forecast_that_is_over_is_none(folder: Path):
    like = {"entity": "microsoft", "metric": "revenue"}
    for end, value in (("low", 27), ("high", 29)):
        tell(folder, like, f"revenue_guidance_{end}", value, "2026-01-01", "2026-03-31", basis="guidance")
    found = lines(Ledger.load(folder), "microsoft")
    assert found["Revenue, company"][0] == "25"
    assert found["Revenue, company's outlook"] == ("27–29", "the quarter to 31 March 2026", "")
    late = folder / "metrics.csv"
    late.write_text(late.read_text().replace("2026-03-31", "2026-02-15"))
    assert "Revenue, company's outlook" not in lines(Ledger.load(folder), "microsoft")


def test_a_closed_table_carries_the_rows_that_it_tells_and_stores_few(folder: Path):
    view = Ledger.load(folder)
    table = closed_tables.reported(view, "oracle")
    html = table._repr_html_()
    assert html.lstrip().startswith('<details class="rt-closed"><summary>What Oracle has reported and expects')
    assert f'<tr id="{anchor("metrics:oracle/total_debt/2025-11-30/actual/2026-01-10")}">' in html
    assert len(repr(table).splitlines()) == 5, "caption, columns and three rows"


def test_named_pieces_are_told_largest_first_in_the_words_of_the_ledger():
    keys = ["deals:openai-compute-plan", "metrics:oracle/rpo", "deals:no-such-deal"]
    table = closed_tables.named(Ledger.load(SMALL), keys, "Pieces")
    assert table.frame["What is known"].to_list() == [
        "As announced, OpenAI is to buy US$300bn of computing from US Treasury (10 GW); this is a plan and no contract",
        "Oracle, backlog (RPO), 30 November 2025: US$300bn (company figure)",
    ], "of one key only itself, of a metric all its periods, of neither what only begins like it (rpo_openai)"
    assert anchor("metrics:oracle/rpo/2025-11-30/actual/2026-01-10") in table._repr_html_()
    assert (
        "none known by this day" in closed_tables.named(Ledger.load(SMALL, "2024-01-01"), keys, "Pieces")._repr_html_()
    )


@pytest.mark.parametrize("entity", LINES)
def test_a_firm_without_a_figure_has_a_table_that_says_so(entity: str):
    nothing = Ledger.load(SMALL, "2024-01-01")
    assert "no figure in the ledger by this day" in closed_tables.reported(nothing, entity)._repr_html_()


def test_outlooks_add_up_and_stand_beside_openais_computing(folder: Path):
    """Amazon 50 and Oracle 50 in the small ledger; Microsoft adds 20 to 30, so that the middle of the sum is 125."""
    for end, value in (("low", 20), ("high", 30)):
        tell(folder, SPEND, f"capex_guidance_{end}", value, "2026-01-01", "2026-12-31", entity="microsoft")
    tell(folder, {"entity": "openai", "metric": "cash_burn"}, "compute_spend", 5, "2026-01-01", "2026-12-31")
    view = Ledger.load(folder)
    found = clouds(view).by_name()
    assert (found["clouds_guided"].low, found["clouds_guided"].high) == (120, 130)
    assert found["clouds_share"].value == 4 and found["is_clouds_small"].value
    assert found["clouds_names"].value == "Amazon, Oracle and Microsoft"
    assert found["clouds_short"].value == "Oracle" and found["clouds_paid"].value == "Microsoft"
    frame, _ = drawn.clouds(view, "central")
    assert drawn.clouds_finding(frame) == (
        "Three companies mean to spend US$120–130bn in a year; all of OpenAI's computing is put at US$5bn"
    )


def test_an_outlook_counts_until_its_year_is_over(folder: Path):
    f = facts(Ledger.load(folder), "central")
    assert list(builders.outlook(f, "oracle")["value"]) == [50]
    late = folder / "metrics.csv"
    late.write_text(late.read_text().replace("2025-06-01,2026-05-31", "2025-02-01,2026-01-31"))
    assert builders.outlook(facts(Ledger.load(folder), "central"), "oracle").empty


def test_an_account_is_told_for_each_dollar_of_sales(folder: Path):
    like = {"entity": "openai", "metric": "net_loss"}
    for metric, value in (("operating_loss", 6), ("rd_expense", 5), ("cost_of_revenue", 3)):
        tell(folder, like, metric, value, "2025-01-01", "2025-06-30")
    frame, rows = openai_accounts.accounts(Ledger.load(folder))
    assert dict(zip(frame["name"], frame["value"], strict=True)) == {
        "Sales": 4,
        "Cost of what it sold": 3,
        "Research, with training": 5,
        "Loss from operations": 6,
        "Net loss for its shareholders": 8,
    }
    assert len(rows) == 5
    assert openai_accounts.accounts_finding(frame) == (
        "In the first half of 2025 OpenAI had costs of US$2.50 for each dollar of sales"
    ), "(4 + 6) / 4"
    way = openai_accounts.operating(frame).set_index("name")["value"]
    assert dict(way) == {
        "Sales": 4,
        "Cost of what it sold": -3,
        "Research, with training": -5,
        "Other costs": -2,
        "Loss from operations": -6,
    }, "what is not itemised closes the way from sales to the loss"


def test_a_forecast_is_told_as_first_and_as_last_said(folder: Path):
    like = {"entity": "openai", "metric": "revenue", "by": ""}
    tell(folder, like, "revenue", 50, "2027-01-01", "2027-12-31")
    tell(folder, like, "cash_burn", 20, "2026-01-01", "2026-12-31")
    table, _ = openai_accounts.revisions(Ledger.load(folder))
    sales = table[table["what"] == "Sales, 2027"].iloc[0]
    assert (sales["first"], sales["last"]) == (40, 50)
    assert openai_accounts.revisions_finding(table) == (
        "As known here, OpenAI moved its forecast of sales in 2027 from US$40bn to US$50bn, and of the burn of 2026 from US$15bn to"
        " US$20bn"
    )


def test_the_burn_begins_with_the_same_forecast_in_table_and_chart():
    """The table had 17 for 2026, told in autumn; the chart above it 8, made in early 2025 and printed a year later."""
    then = Ledger.load(FROZEN, "2026-03-31")
    oldest = forecasts.burns(then).drop_duplicates("year").set_index("year")["value"]
    table, _ = openai_accounts.revisions(then)
    table = table[table["metric"] == "cash_burn"].set_index("what")
    assert {year: table.at[f"Cash burned, {year}", "first"] for year in oldest.index} == oldest.to_dict()
    assert table.loc["Cash burned, 2028", ["first", "first_made", "last"]].tolist() == [11, "early 2025", 85]


def test_rounds_have_a_price_only_where_one_is_told_for_them(folder: Path):
    like = {"entity": "openai", "metric": "valuation_pre_money"}
    tell(folder, like, "valuation_post_money", 500, "", "2026-03-01")
    then = Ledger.load(folder)
    frame, sales, _ = openai_accounts.rounds(then)
    assert list(frame["value"]) == [40, 100] and list(frame["label"]) == ["40", "100 (at 500)"]
    assert (
        openai_accounts.rounds_finding(frame, openai_accounts.newest_price(then))
        == "In two rounds OpenAI has raised or been promised US$140bn"
    )
    whole = sales[sales["who"].eq("SoftBank") & sales["part"].eq("part")]
    assert list(whole["amount"]) == ["30"]


def test_a_closed_round_is_not_called_paid_while_parts_of_it_are_due():
    """By 31 March 2026 Amazon had paid 15 and others 12 of the 122; NVIDIA's and SoftBank's parts were signed."""
    then = Ledger.load(FROZEN, "2026-03-31")
    _, sales, _ = openai_accounts.rounds(then)
    states = sales[sales["part"] == "whole"].set_index("day")["state"]
    assert states[pd.Timestamp("2026-02-27")] == "completed, 27 reported as paid"
    assert states[pd.Timestamp("2025-03-31")] == "paid"
    parts = sales[(sales["part"] == "part") & (sales["day"] > "2025-11-30")].set_index("who")["state"]
    assert (parts["Amazon"], parts["NVIDIA"]) == ("paid in part", "signed")


def test_both_sides_of_the_other_lab_have_names_of_their_own(folder: Path):
    add_row(folder / "deals.csv", {"deal": "amazon-anthropic-equity"}, deal="amazon-anthropic-more")
    frame = anthropic.sides(Ledger.load(folder))
    assert list(frame["name"]) == ["To Amazon, Jun 2025", "From Amazon, Jan 2025", "From Amazon, Jan 2025 (2)"]
    assert list(frame["value"]) == [24, 8, 8]
    assert anthropic.sides_finding(Ledger.load(folder)) == "Anthropic has ordered US$24bn of computing"
    bare = {"low_usd_bn": "", "high_usd_bn": "", "role": "total"}
    add_row(folder / "deals.csv", {"payer": "anthropic", "payee": "amazon"}, deal="anthropic-aws-more", **bare)
    assert anthropic.sides_finding(Ledger.load(folder)) == "Anthropic has ordered more than US$24bn of computing"


def test_a_pace_is_above_the_forecasts_that_it_has_passed():
    def frame(*rows: tuple[str, str, float], note: str = "") -> pd.DataFrame:
        days = [pd.Timestamp(day) for _, day, _ in rows]
        return pd.DataFrame({"line": [r[0] for r in rows], "day": days, "value": [r[2] for r in rows], "note": note})

    ahead = [(anthropic.FORECAST, f"{year}-12-31", value) for year, value in ((2026, 10), (2027, 30), (2028, 60))]
    told = (anthropic.PACE, "2026-06-30", 40)
    said = "By June 2026 Anthropic's sales ran at US$40bn a year"
    assert anthropic.pace_finding(frame(told, *ahead)) == f"{said}, above its forecast for 2027"
    assert anthropic.pace_finding(frame(told, *ahead[2:])) == said
    said = "Anthropic forecast sales of US$60bn for 2028"
    assert anthropic.pace_finding(frame(*ahead)) == said
    case = anthropic.pace_finding(frame(*ahead, note="The paper; optimistic case."))
    assert case == f"In an optimistic case, press reports say, {said}"
