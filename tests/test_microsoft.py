"""What Microsoft's books and bills say, computed by hand on the small ledger with a row or two added."""

import shutil
from pathlib import Path

import pytest

from analysis.figures import rights
from analysis.figures.canvas import text_width
from analysis.ledger import Ledger
from analysis.numbers import microsoft as numbers
from analysis.numbers import quantities
from analysis.numbers.facts import Facts
from analysis.numbers.series import microsoft as series
from analysis.numbers.series.microsoft.books import quarterly_results, result_finding
from tests.conftest import add_row
from tests.ledgers import SMALL

LATER = "2026-06-01"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


def add_metric(tables: Path, metric: str, value: str, **new: str) -> None:
    like = {"entity": "microsoft", "metric": "rpo"}
    add_row(tables / "metrics.csv", like, metric=metric, value=value, **({"as_of": LATER} | new))


def found(tables: Path, function) -> dict:
    return function(Ledger.load(tables, LATER), "central").by_name()


def test_the_least_part_is_the_whole_part_where_the_customer_is_new(tables: Path):
    """All other customers grew from 80 by 37.5% to 110, so 90 of 200 is OpenAI: the 45% that the ledger states."""
    add_metric(tables, "rpo", "80", end="2024-12-31", as_of="2025-02-01")
    add_metric(tables, "rpo_ex_openai_growth", "37.5", unit="pct", end="2025-12-31")
    told = found(tables, numbers.backlog)
    assert told["rpo_floor"].value == pytest.approx(0.45 * 200)
    assert told["has_newest_share"].value and not told["has_floor"].value


def test_a_newer_backlog_without_a_split_keeps_the_last_one_and_tells_its_least(tables: Path):
    add_metric(tables, "rpo", "120", end="2025-03-31", as_of="2025-05-01")
    add_metric(tables, "rpo", "250", end="2026-03-31")
    add_metric(tables, "rpo_ex_openai_growth", "25", unit="pct", end="2026-03-31")
    told = found(tables, numbers.backlog)
    assert (told["rpo"].value, told["rpo_split"].value, told["rpo_openai"].value) == (250, 200, 90)
    assert told["has_floor"].value and told["rpo_floor"].value == pytest.approx(250 - 1.25 * 120)


def test_a_published_loss_of_the_quarter_stands_before_the_implied_one(tables: Path):
    before = found(tables, numbers.result)
    assert before["has_loss"].value and not before["has_published_loss"].value
    loss = {"entity": "openai", "unit": "usd_bn", "basis": "reported", "start": "2025-07-01", "end": "2025-09-30"}
    add_metric(tables, "net_loss", "30", **loss)
    told = found(tables, numbers.result)
    assert told["published_loss"].value == 30 and told["has_published_loss"].value and not told["has_loss"].value
    assert told["tested_implied"].value == pytest.approx(4 / 0.40), "the stake held in the quarter"
    assert told["part_of_loss"].value == pytest.approx(0.40 * 30), "like for like with what Microsoft shows"
    assert told["is_loss_hidden"].value and not before["is_loss_hidden"].value, "10 of 30"


def test_a_stake_filed_after_the_round_is_not_diluted_again(tables: Path):
    add_metric(tables, "stake_pct_of_openai", "21", unit="pct", end="2026-03-31")
    told = found(tables, numbers.stake)
    assert (told["stake_diluted"].low, told["stake_diluted"].high) == (20, 20), "25 * 400 / 500"
    assert told["stake_now"].value == 21 and told["has_filed_stake"].value and told["is_above_arithmetic"].value
    assert told["stake_diluted_value"].low == pytest.approx(0.21 * 500)


def test_a_bill_is_set_against_the_order_and_what_is_unpaid_against_the_bill(tables: Path):
    assert not found(tables, numbers.billing)["has_bill"].value
    add_metric(tables, "revenue_from_openai", "24", start="2025-07-01", end="2026-06-30", as_of="2026-06-01")
    add_metric(tables, "revenue_from_openai", "9", start="2019-07-01", end="2025-03-31", as_of="2026-05-01")
    add_metric(tables, "receivable_from_openai", "6", end="2026-06-30")
    told = found(tables, numbers.billing)
    assert (told["billed"].value, told["earned_early"].value) == (24, 9), "a year's bill is not the cumulative one"
    assert told["unpaid_months"].value == pytest.approx(3) and told["years_at_pace"].value == pytest.approx(100 / 24)


def test_a_right_that_is_open_is_no_longer_microsofts(tables: Path):
    finding = series.rights_finding(series.rights_spells(Ledger.load(tables)))
    assert finding.endswith("what Amazon may sell is disputed")
    like = {"term": "api-exclusivity"}
    new = {"as_of": LATER, "state": "open", "holder": "openai", "after": "Any cloud may sell, non-exclusive"}
    add_row(tables / "terms.csv", like, topic="exclusivity", **new)
    finding = series.rights_finding(series.rights_spells(Ledger.load(tables, LATER)))
    assert finding == "Microsoft's last exclusive right to OpenAI ended on 1 June 2026"


def test_the_picture_of_rights_reaches_back_to_the_first_and_words_meet_no_words(tables: Path):
    """Azure was alone from 2023; nothing is told of the other rights until later, and no two labels of a lane meet."""
    spells = series.rights_spells(Ledger.load(tables, LATER))
    for width in (628.0, 318.0):
        placed, _ = rights.placed(spells.assign(strength=1.0, role="orders"), width)
        assert placed.loc[placed["start"].idxmin(), "x"] == pytest.approx(22 / 1247 * width, abs=0.5), "of 2023"
        assert placed.groupby("right")["x2"].max().to_list() == pytest.approx([width] * placed["right"].nunique())
        told = placed[placed["tier"] >= 0].assign(words=lambda f: f["label"].map(text_width))
        told = told.assign(left=told["x"] + (rights.INSET - told["is_left"] * (told["words"] + 2 * rights.INSET)))
        told = told.assign(right_end=told["left"] + told["words"])
        assert (told["left"] >= 0).all() and (told["right_end"] <= width).all(), "no strip is left for them"
        for _, line in told.groupby(["right", "tier"]):
            line = line.sort_values("left")
            assert (line["left"].iloc[1:].to_numpy() >= line["right_end"].iloc[:-1].to_numpy()).all()


def test_a_licence_that_became_exclusive_may_have_been_so_before(tables: Path):
    """It looked as if Microsoft's licence had become exclusive when Microsoft gave way; that it was not before is untold."""
    said = "Whether “Models and products” were Microsoft's alone before 1 June 2026, no term says."
    like = {"term": "ip-license"}
    add_row(tables / "terms.csv", like, as_of=LATER, state="exclusive", after="Exclusive until a panel speaks")
    then, now = Ledger.load(tables, "2026-03-01"), Ledger.load(tables, LATER)
    assert said not in series.rights_note(then, series.rights_spells(then))
    assert said in series.rights_note(now, series.rights_spells(now))
    for day, state in (("2026-07-01", "held"), ("2026-08-01", "exclusive")):
        add_row(tables / "terms.csv", like, as_of=day, state=state, after=state)
    later = Ledger.load(tables, "2026-08-01")
    assert "before 1 August" not in series.rights_note(later, series.rights_spells(later)), "a term said so"


def test_quarters_without_a_result_are_left_empty(tables: Path):
    """July to September is stated; the next quarter has revenue and no result."""
    frame = series.quarterly_results(Ledger.load(tables))
    assert frame["quarter"].to_list() == ["Jul–Sep 2025", "Oct–Dec 2025"]
    assert frame["value"].to_list()[0] == -4 and frame["value"].isna().to_list() == [False, True]
    assert frame["label"].to_list()[1] == ""


def test_the_end_of_a_right_is_read_from_its_term(tables: Path):
    new = {"as_of": LATER, "after": "Non-exclusive, through 2032"}
    add_row(tables / "terms.csv", {"term": "ip-license"}, **new)
    told = found(tables, numbers.rights)
    assert told["ip_end"].value == 2032 and told["api_end"].value is None


def test_a_year_of_revenue_is_set_against_all_that_is_known_to_be_paid(tables: Path):
    """24 over the 8 that are paid of the commitment."""
    add_metric(tables, "revenue_from_openai", "24", start="2025-07-01", end="2026-06-30")
    assert found(tables, numbers.billing)["bill_over_funded"].value == pytest.approx(24 / 8)


def test_what_microsoft_has_paid_and_what_it_has_still_to_pay_are_what_it_promised(ledger: Ledger):
    """The first page called 13.75 put in, of which 11.6 and 0.75 were known as paid."""
    told = numbers.contract(ledger).by_name()
    to_come = quantities.equity_to_come(Facts(ledger, "index"))
    still = to_come.loc[to_come["payer"] == "microsoft", "low"].sum()
    assert still > 0 and told["paid_in"].value == pytest.approx(told["promised"].value - still)
    assert told["paid_in"].value == pytest.approx(11.6 + 0.75)


def test_like_stands_beside_like_in_what_was_paid_and_what_it_got(tables: Path):
    """The picture set cash, a value on paper, revenue and orders side by side as if they were one kind of money.

    By hand: 8 of 10 paid; a stake of 25% put at 125 in October, and at 20% of 500 by the round; an order for 100; and 24
    in a year, 6 of it unpaid at its end.
    """
    frame = series.account(Ledger.load(tables), "central")
    assert list(frame["kind"]) == [series.PUT, series.WORTH, series.WORTH, series.ORDERED]
    assert list(frame["high"]) == [8, 125, 100, 100] and list(frame["low"]) == [8, 125, 100, 0], "an order is hollow"
    assert frame["what"].is_unique and all(
        r.what[-4:].isdigit() for r in frame[frame["kind"] == series.WORTH].itertuples()
    )
    told = series.account_finding(Ledger.load(tables), "central")
    assert told.startswith("Microsoft has paid US$8bn for shares worth US$100bn at the price of ")
    assert told.endswith(" OpenAI has ordered US$100bn")
    add_metric(tables, "revenue_from_openai", "24", start="2025-01-01", end="2025-12-31")
    add_metric(tables, "receivable_from_openai", "6", end="2025-12-31")
    billed = series.account(Ledger.load(tables, LATER), "central").set_index("kind").loc[series.BILLED]
    assert (billed["low"], billed["high"]) == (18, 24) and "US$6bn unpaid" in billed["label"]
    add_metric(tables, "receivable_from_openai", "7", end="2026-03-31")
    billed = series.account(Ledger.load(tables, LATER), "central").set_index("kind").loc[series.BILLED]
    assert (billed["low"], billed["high"]) == (24, 24), "owed on another day than the end of that year"
    order = {"deal": "openai-azure-compute"}
    add_row(tables / "deals.csv", order, as_of=LATER, status="cancelled")
    assert "order" not in series.account_finding(Ledger.load(tables, LATER), "central")


def test_a_stake_without_a_newer_price_stands_once_at_its_filed_value(ledger: Ledger):
    earlier = Ledger.load(SMALL, "2025-12-17")
    frame = series.account(earlier, "central")
    assert frame["kind"].tolist().count(series.WORTH) <= 1
    assert " worth " not in series.account_finding(earlier, "central")


def test_a_bill_is_set_beside_the_sales_of_the_same_months(tables: Path):
    """Sales of 13 in 2025, of which 4 until June, and of 5 and 6 in the quarters after: 20 from July to June."""
    assert found(tables, numbers.customer)["sales_billed"].value is None
    bill = {"start": "2025-07-01", "end": "2026-06-30", "as_of": LATER}
    add_metric(tables, "revenue_from_openai", "24", **bill)
    for value, start, end in (("5", "2026-01-01", "2026-03-31"), ("6", "2026-04-01", "2026-06-30")):
        sold = {"entity": "openai", "basis": "reported", "unit": "usd_bn"}
        add_metric(tables, "revenue", value, start=start, end=end, **sold)
    told = found(tables, numbers.customer)
    assert told["sales_billed"].value == pytest.approx(13 - 4 + 5 + 6) and told["is_billed_over_sales"].value
    assert told["sales_paid"].value is None and not told["is_paid_over_sales"].value
    frame, _ = series.sold_and_bought(Ledger.load(tables, LATER))
    assert frame["value"].tolist() == [20, 24]
    assert series.sold_finding(frame) == "OpenAI's sales were US$20bn in a year; Microsoft recorded US$24bn from it"
    by_openai = frame.assign(year="2025, as OpenAI's accounts have it")
    assert series.sold_finding(by_openai).endswith("; it paid Microsoft US$24bn"), "Microsoft's books do not tell it"


def test_a_backlog_of_which_nothing_is_told_is_not_drawn_as_other_customers(tables: Path):
    """OpenAI seemed to come into Microsoft's backlog on the day on which its part was first told."""
    add_metric(tables, "rpo", "80", end="2024-12-31", as_of="2025-02-01")
    parts, whole = series.backlog_parts(Ledger.load(tables, LATER))
    assert parts.loc[parts["is_untold"], ["part", "value"]].to_numpy().tolist() == [[series.NOT_TOLD, 80.0]]
    assert parts.groupby("quarter", sort=False)["value"].sum().to_dict() == dict(zip(whole["quarter"], whole["value"]))


def test_one_holders_part_stands_beside_one_holders_part(tables: Path):
    """'OpenAI lost 21.3bn; Microsoft's books showed a loss of 0.02bn' set the whole firm beside one holder."""
    loss = {"entity": "openai", "unit": "usd_bn", "basis": "reported", "start": "2025-07-01", "end": "2025-09-30"}
    add_metric(tables, "net_loss", "30", **loss)
    ledger = Ledger.load(tables)
    part = numbers.result(ledger).by_name()["part_of_loss"]
    title = result_finding(ledger, "central")
    assert (
        title
        == f"By press reports Microsoft's part of OpenAI's loss was {part.text} in a quarter; it booked a loss of US$4bn"
    )
    drawn = quarterly_results(ledger).dropna(subset=["part"])
    assert list(-drawn["part"]) == pytest.approx([part.value]), "what the outline draws"
