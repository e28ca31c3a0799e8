"""Sentences that turned false when facts came that nobody had foreseen, each once: on small ledgers, from results."""

from pathlib import Path

import pytest

from analysis import paths
from analysis.book.running import notebooks
from analysis.ledger import Ledger, check
from analysis.numbers import index, microsoft, quantities, scorecard, sustainability, timeline
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result
from analysis.numbers.series.microsoft import books
from analysis.numbers.series.sustainability import burn_finding, openai_accounts
from tests import later
from tests.ledgers import FROZEN

NEXT = "2026-06-14"
PRICE = 730 + 122  # of OpenAI after the round of 2026, US$ bn


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger with `later.with_turns`."""
    return later.with_turns(later.copy_of(tmp_path_factory.mktemp("turns") / "data"))


@pytest.fixture(scope="module")
def then(folder: Path) -> Ledger:
    return Ledger.load(folder)


def told(*results: object) -> dict[str, Result]:
    return {name: result for found in results for name, result in found.by_name().items()}


def with_row(folder: Path, target: Path, table: str, key: str, name: str, **changes: str) -> Ledger:
    """The ledger of a folder, copied, with a row like the newest of a key."""
    copied = later.shutil.copytree(folder, target)
    later.append(copied, table, [later.last_of(copied, table, **{key: name}) | {"as_of": NEXT} | changes])
    return Ledger.load(copied)


def prose(chapter: str) -> str:
    book = notebooks.read(paths.CHAPTERS / f"{chapter}.ipynb")
    return "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")


def test_they_are_a_sound_ledger(folder: Path):
    assert check(folder) == []


# Microsoft


def test_an_amended_order_is_not_told_as_what_was_agreed(then: Ledger):
    """'In October 2025 OpenAI ordered US$180bn of Azure': the sum to which the order was cut a year later."""
    now = told(microsoft.contract(then))
    assert (now["azure_ordered"].value, now["azure_total"].value) == (250, 180)
    assert (now["is_order_changed"].value, now["order_changed_day"].value) == (True, later.DAY)
    assert now["order_multiple"].value == pytest.approx(250 / 13.75, rel=0.06)
    before = told(microsoft.contract(Ledger.load(FROZEN)))
    assert (before["is_order_changed"].value, before["is_order_gone"].value) == (False, False)
    for event in ("OpenAI ordered {}", "an order for {} of Azure", "The order for {} was"):
        assert event.format("{num}`microsoft.azure_ordered`") in prose("microsoft")
        assert event.format("{num}`microsoft.azure_total`") not in prose("microsoft")


def test_an_order_that_ended_is_not_told_as_standing(folder: Path, tmp_path: Path):
    ended = {"status": "cancelled", "low_usd_bn": "", "high_usd_bn": ""}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "openai-azure-compute", **ended)
    now = told(microsoft.contract(ledger), microsoft.backlog(ledger))
    assert (now["azure_ordered"].value, now["is_order_gone"].value) == (250, True)
    assert (now["order_gone_day"].value, now["is_order_changed"].value) == (NEXT, False)
    assert now["has_other_clouds"].value is False, "three orders are two"


def test_orders_at_the_day_of_a_backlog_are_not_those_that_stand(then: Ledger):
    """'OpenAI has ordered US$688bn' where US$538bn stood: the title summed the orders of the backlogs' days."""
    orders = books.clouds(then)[0].query("what == @books.CONTRACT")
    assert (orders["value"].sum(), orders["now"].sum()) == (250 + 300 + 38, 180 + 300 + 138)
    title = books.clouds_finding(books.clouds(then)[0])
    assert title.startswith("OpenAI's orders from ")
    assert title.endswith("come to US$618bn today, after US$588bn when these backlogs were counted")
    assert books.clouds_finding(books.clouds(then.at("2026-02-12"))[0]).startswith("OpenAI has ordered US$588bn")


def test_no_text_stands_on_a_licence_that_ended(folder: Path, tmp_path: Path):
    """'Its rights to research end sooner' and 'a licence to the end of not known' stood after the licence had ended."""
    ended = {"after": "The licence has ended", "state": "ended", "topic": "end"}
    ledger = with_row(folder, tmp_path / "data", "terms", "term", "ip-license", **ended)
    page = later.pages(ledger, {})["microsoft"]
    for words in ("rights to OpenAI's research, as agreed in", "So was it a good trade?"):
        assert words in prose("microsoft") and words not in page
    told = prose("microsoft").partition("**So was it a good trade")[2].partition("## In more detail")[0]
    assert told and "{num}`microsoft.ip_end`" not in told


def test_a_sold_stake_is_not_valued_as_that_before_the_sale(then: Ledger):
    """'At the price of that round the stake would be worth' what it was before a third of it was sold."""
    now = told(microsoft.stake(then))
    assert (now["has_newer_stake"].value, now["stake_filed"].value, now["stake_now"].value) == (True, 25, 16.7)
    assert now["stake_diluted_value"].low == pytest.approx(0.167 * PRICE)


def test_a_newer_price_is_not_that_of_the_round(then: Ledger):
    """The stake after the round was worked out with the price before a later one, and the round's day was a later row's."""
    now, after = told(microsoft.stake(then)), quantities.stake_after_round(Facts(then, "microsoft"))
    assert after["post"] == PRICE and now["stake_diluted"].low == pytest.approx(27 * 730 / PRICE)
    assert (now["is_round_newest"].value, now["has_newer_price"].value) == (False, True)
    assert now["stake_newer_value"].low == pytest.approx(0.167 * 500)
    assert told(microsoft.stake(Ledger.load(FROZEN)))["is_round_newest"].value is True


def test_a_later_row_of_a_round_does_not_move_its_day(folder: Path, tmp_path: Path):
    smaller = {"low_usd_bn": "92", "high_usd_bn": "92"}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "openai-round-2026", **smaller)
    assert told(microsoft.stake(ledger))["round_day"].value == "2026-03-31"


def test_a_newer_loss_is_told(then: Ledger):
    """'Then a gain on paper', and 'the books no longer show the loss', stood where the newest quarter was a loss."""
    now = told(microsoft.result(then))
    assert (now["has_new_loss"].value, now["new_loss"].value) == (True, 6)
    assert books.result_finding(then, "central").endswith("and again US$6bn")


def test_revenue_above_the_average_of_the_order_is_not_below_it(folder: Path, tmp_path: Path, then: Ledger):
    """'Still below what the order would have to average', whatever the two came to."""
    assert told(microsoft.billing(then))["is_below_average"].value == (24 < 180 / 10)
    small = {"low_usd_bn": "400", "high_usd_bn": "400"}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "openai-azure-compute", **small)
    assert told(microsoft.billing(ledger))["is_below_average"].value == (24 < 400 / 10)


# The scorecard


def test_a_plan_that_was_missed_once_has_not_been_met(then: Ledger):
    """'So far OpenAI's sales have met its plan' stood after a quarter below it, because the mean was above."""
    now = told(scorecard.scores(then))
    assert (now["plan_is_met"].value, now["plan_is_missed"].value) == (False, True)
    assert (now["plan_met_in"].value, now["plan_figures"].value) == (2, 3)
    assert now["plan_missed"].value == "sales, Jan–Mar 2026"
    before = told(scorecard.scores(then.at("2026-03-31")))
    assert (before["plan_is_met"].value, before["plan_is_missed"].value) == (True, False)


def test_the_rate_that_was_missed_stands_beside_the_quarter_before_it(then: Ledger):
    """'The newest run rate, US$40bn' stood after one of US$33bn, and beside a quarter of other months."""
    now = told(scorecard.scores(then))
    assert (now["worst"].value, now["rate_outruns"].value) == ("annualised sales at the end of Dec 2025", True)
    assert (now["quarter_pace"].value, now["quarter_day"].value) == (4 * 3.5, "2025-12-31"), "not that of March"
    assert "newest run rate" not in prose("scorecard")


# Whether revenue carries it, and the plans


def test_a_newer_plan_is_told_beside_the_one_that_the_shares_are_drawn_from(then: Ledger):
    """'Computing of US$600-665bn' and the shares of sales drawn from it stood beside a newer plan of US$450bn."""
    now = told(sustainability.own(then))
    assert (now["plan_compute"].low, now["plan_day"].value) == (500, "2026-05-15")
    assert (now["has_newer_compute"].value, now["newer_compute"].value) == (True, 450)
    assert now["newer_compute_day"].value == later.DAY
    assert told(sustainability.own(Ledger.load(FROZEN)))["has_newer_compute"].value is False


def test_what_was_told_before_a_plan_was_not_reported_since(then: Ledger):
    """'For 2026 the plan implies 85.9; 50 has been reported since': it had been reported five months before."""
    assert told(sustainability.own(then))["has_told"].value is False
    before = told(sustainability.own(then.at("2026-05-01")))
    assert (before["has_told"].value, before["told_compute"].value) == (True, 50)


def test_ads_are_a_part_of_the_sales_planned_with_them(folder: Path, tmp_path: Path):
    """'Of the sales planned for 2030, 50% are to come from ads': the ads of one plan over the sales of a newer one."""
    year = {"start": "2030-01-01", "end": "2030-12-31", "basis": "projection", "by": ""}
    ads = {"as_of": "2026-04-09", "metric": "revenue_ads", "value": "70"} | year
    with_row(folder, tmp_path / "data", "metrics", "metric", "compute_spend", **ads)
    less = {"metric": "revenue", "value": "140"} | year
    ledger = with_row(tmp_path / "data", tmp_path / "later", "metrics", "metric", "compute_spend", **less)
    assert told(sustainability.own(ledger))["ads_share"].value == pytest.approx(100 * 70 / 280)


def test_only_years_that_did_not_leak_are_said_to_be_filled_in(folder: Path, tmp_path: Path, then: Ledger):
    """'A year that has not leaked filled in by us' stood also where every year, or all but two, had been told."""
    now = told(sustainability.own(then))
    assert (now["has_filled"].value, now["filled"].value) == (True, "2029")
    assert told(sustainability.own(Ledger.load(FROZEN)))["older"].value == "2028 (told in November 2025)"
    year = {"start": "2029-01-01", "end": "2029-12-31", "as_of": "2026-05-01", "value": "180"}
    row = year | {"metric": "revenue", "basis": "projection", "by": ""}
    ledger = with_row(folder, tmp_path / "data", "metrics", "metric", "compute_spend", **row)
    assert told(sustainability.own(ledger))["has_filled"].value is False


def test_a_good_year_that_moved_did_not_stay(then: Ledger):
    """'Within about a year ... the good one did not move' stood over 20 months and a good year of half the cash."""
    now = told(sustainability.hump(then))
    assert (now["hump_stays"].value, now["hump_end_moved"].value) == (False, True)
    assert (now["hump_end"].value, now["hump_end_before"].value) == (20, 39)
    assert now["hump_path"].value.endswith(" to US$218bn (February 2026) to US$255bn (May 2026)")
    assert now["hump_span"].value == "2026 to 2029"
    assert told(sustainability.hump(Ledger.load(FROZEN)))["hump_stays"].value is True
    assert "hardly moved" not in burn_finding(sustainability.forecasts.burns(then))


def test_accounts_are_not_called_press_reports(then: Ledger):
    """'It sold for US$6.3bn, according to press reports' of a filing, and 'by the same reports' of the press's loss."""
    now = told(sustainability.position(then))
    assert (now["quarter_by"].value, now["has_quarter_loss"].value) == ("by its own accounts", False)
    assert now["quarter_loss"].value == 9


def test_a_rent_that_decides_nothing_does_not_flip_the_answer(then: Ledger):
    """'The rent alone can flip the answer: US$324bn is missing at the low rent and US$1,012bn at the high one.'"""
    for ledger in (then, Ledger.load(FROZEN)):
        now = told(sustainability.rent(ledger))
        is_none = now["gap_rent_low"].value == "nothing"
        assert (now["rent_flips"].value, now["rent_moves"].value) == (is_none, not is_none)


def test_a_later_row_of_a_round_gives_it_no_later_price(folder: Path, tmp_path: Path):
    """'Its price went from US$157bn to US$500bn': a later row of the round of 2026 took the price of a newer one."""
    smaller = {"low_usd_bn": "92", "high_usd_bn": "92", "as_of": NEXT}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "openai-round-2026", **smaller)
    assert openai_accounts.rounds(ledger)[0]["price"].iloc[-1] == PRICE


def test_a_newer_plan_is_not_told_as_that_of_february(then: Ledger):
    """'Then, in February 2026, of US$450bn': the newest plan under the day of the first; 'the two count other things'."""
    now = told(timeline.story(then))
    assert (now["claimed"].value, now["first_planned"].value, now["planned"].value) == (1400, 600, 450)
    assert (now["has_newer_plan"].value, now["is_plan_cut"].value, now["is_unlike"].value) == (True, True, False)
    before = told(timeline.story(Ledger.load(FROZEN)))
    assert (before["has_newer_plan"].value, before["is_plan_cut"].value, before["is_unlike"].value) == (False,) * 2 + (
        True,
    )
    for chapter in ("index", "timeline"):
        assert "`2026-02-20`, of {num}`timeline.planned`" not in prose(chapter)
        assert "then {num}`timeline.planned`" not in prose(chapter)


# The first page


def test_shares_with_a_condition_are_not_free_of_one(folder: Path, tmp_path: Path):
    """'Equity of US$30bn, without milestones as far as is known', whatever its newest row said."""
    bound = {"condition": "in three steps, as systems are installed"}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "nvidia-openai-equity", **bound)
    now, before = told(index.chipmakers(ledger)), told(index.chipmakers(Ledger.load(FROZEN)))
    assert (now["has_nvidia_equity"].value, now["is_nvidia_free"].value) == (True, False)
    assert before["is_nvidia_free"].value is True


def test_an_order_with_a_new_price_has_none_that_is_not_published(folder: Path, tmp_path: Path):
    """'No price is published' stood whatever a newer row of AMD's order said."""
    priced = {"low_usd_bn": "150", "high_usd_bn": "150", "condition": ""}
    ledger = with_row(folder, tmp_path / "data", "deals", "deal", "openai-amd-chips", **priced)
    unpriced = "only the first gigawatt is a binding order; no price is published"
    assert unpriced in prose("chipmakers")
    assert unpriced not in later.pages(ledger, {})["chipmakers"]


def test_a_scenario_that_a_ledger_lacks_is_not_told():
    """'If every signed contract is paid in full, it is not known': of a ledger without the scenario ``full-use``."""
    now = told(sustainability.spread(Ledger.load(FROZEN)))
    assert (now["has_gap_fast"].value, now["has_gap_full_use"].value) == (True, False)
    assert "{when} sustainability.has_gap_full_use\nIf every signed" in prose("sustainability")


def test_the_model_tells_the_year_whose_sales_it_starts_with():
    """'Sales of 2026 are taken at US$13.1bn': those of 2025, as the current year could not be told."""
    now = told(sustainability.gap(Ledger.load(FROZEN, "2026-02-27")))
    assert (now["start_year"].value, now["start_revenue"].value) == (2025, pytest.approx(13.1))
    assert now["has_start_rate"].value is False


def test_no_sum_of_nothing_is_missing(then: Ledger):
    """'By contracts, US$0bn is missing if planned growth comes true.'"""
    now = told(sustainability.spread(then))
    for key in ("gap_fast", "gap_slow", "gap_full_use"):
        assert now[key].unit == "text" and not now[key].text.startswith("US$0")


def test_what_a_filing_binds_is_not_the_press_s_word(folder: Path, tmp_path: Path):
    """'OpenAI's accounts, press reports say': of a sum that OpenAI had published itself."""
    bound = {"metric": "purchase_commitments", "start": "", "end": "2026-03-31", "value": "500"}
    filed = with_row(folder, tmp_path / "filed", "metrics", "metric", "compute_spend", **bound, basis="actual")
    press = with_row(folder, tmp_path / "press", "metrics", "metric", "compute_spend", **bound, basis="reported")
    assert [told(timeline.story(ledger))["is_bound_reported"].value for ledger in (filed, press)] == [False, True]
