"""Sentences about suppliers and guarantors that an amendment, a cancellation or a payment overtook, each once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.book.running import notebooks
from analysis.figures.exposure_tables import table_exposure
from analysis.ledger import Ledger, check
from analysis.numbers import amazon, chipmakers, microsoft, oracle_softbank, stories, story_rows, sustainability
from analysis.numbers.exposure import backers, largest
from analysis.numbers.ledger_words import words_of
from analysis.numbers.results import Result
from analysis.numbers.scorecard.words import burned
from analysis.numbers.series import exposure as series
from analysis.numbers.series.microsoft.agreement import bills_finding, rights_finding, rights_spells
from tests import later

Rows = dict[str, dict[str, str]]
Change = Callable[..., Ledger]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A function that returns the frozen ledger with newer rows of deals, and with new deals like others."""

    def change(deals: Rows, new: Rows | None = None) -> Ledger:
        folder = later.copy_of(tmp_path / "data")
        rows = [later.last_of(folder, "deals", deal=deal) | cells for deal, cells in deals.items()]
        rows += [later.last_of(folder, "deals", deal=like) | cells for like, cells in (new or {}).items()]
        later.append(folder, "deals", rows)
        return Ledger.load(folder)

    return change


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger with `later.with_overtaken`."""
    return later.with_overtaken(later.copy_of(tmp_path_factory.mktemp("overtaken") / "data"))


@pytest.fixture(scope="module")
def then(folder: Path) -> Ledger:
    return Ledger.load(folder)


def test_it_is_a_sound_ledger(folder: Path):
    assert check(folder) == []


def amended(low: str, high: str, **more: str) -> dict[str, str]:
    return {"status": "amended", "low_usd_bn": low, "high_usd_bn": high} | more


def values(found: dict[str, Result], *names: str) -> tuple[object, ...]:
    return tuple(found[name].value for name in names)


def prose(chapter: str) -> str:
    book = notebooks.read(paths.CHAPTERS / f"{chapter}.ipynb")
    return "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")


# Oracle


def test_an_estimate_is_set_against_the_contract_it_was_made_for(ledger: Ledger, then: Ledger):
    """'156, or 47.3 for a gigawatt': the estimate of January over the gigawatts to which the order was cut later."""
    now = oracle_softbank.cost(then).by_name()
    assert now["needed_per_gw"].value == pytest.approx(156 / 4.5)
    assert values(now, "has_needed", "has_needed_before") == (False, True)
    before = oracle_softbank.cost(ledger).by_name()
    assert values(before, "has_needed", "has_needed_before") == (True, False)


def test_an_exact_price_is_no_floor(then: Ledger, changed: Change):
    """'At least US$66.7bn for each gigawatt' of an order of exactly 220 for 3.3."""
    assert oracle_softbank.headlines(then).by_name()["contract_per_gw"].text == "US$30bn"
    floor = changed({"openai-oracle-compute": amended("220", "", gw="3.3")})
    assert oracle_softbank.headlines(floor).by_name()["contract_per_gw"].text == "more than US$66.7bn"


def test_nothing_is_left_where_building_costs_more(then: Ledger):
    """A gigawatt that brings 30 and costs up to 60 'would leave' less than nothing for power and staff."""
    now = oracle_softbank.cost(then).by_name()
    assert values(now, "has_price_per_gw", "is_left", "is_costlier") == (True, False, True)


def test_leases_are_ranked_against_what_is_compared():
    """'After OpenAI's own order the largest promise' was Oracle's 248 when the order had been cut to 220."""
    sentences = later.sentences(prose("oracle_softbank"))
    assert not [s for s in sentences if "oracle_softbank.leases`" in s and "largest" in s]


def test_a_share_of_a_backlog_names_its_day():
    """'For US$75bn, 12% of the whole' of May stood beside a whole of August."""
    told = [s for s in later.sentences(prose("oracle_softbank")) if "oracle_softbank.own_money`" in s]
    assert told and all("own_money_day" in s for s in told)


# Orders beside backlogs


def moved(ledger: Ledger, supplier: str) -> tuple[str, bool, str]:
    """What the orders have done since the backlog, whether the figure still has the share, the cell of the table."""
    row = series.creditors(ledger).set_index("party").loc[supplier]
    cell = table_exposure(ledger).frame.set_index("Supplier")["Of its backlog, %"][row["name"]]
    return row["since"], "(" in row["label"], cell.partition(", ")[2].strip(")")


def test_an_order_that_was_cut_is_no_part_of_an_older_backlog(then: Ledger):
    """'Oracle 220 (57%)': the 57% were of the order of 300; 'before the order grew' of one that had shrunk."""
    for supplier in ("oracle", "microsoft", "amazon"):
        assert moved(then, supplier) == ("shrank", False, "before orders shrank")


def test_an_order_that_replaced_another_has_not_grown(changed: Change):
    """'22%, before the order grew' of an order that had been cancelled, and a larger one signed."""
    old = "openai-oracle-compute"
    new = {"deal": "new-order", "status": "signed", "low_usd_bn": "400", "high_usd_bn": "400"}
    assert moved(changed({old: {"status": "cancelled"}}, {old: new}), "oracle")[0] == "changed"


def test_the_most_dependent_supplier_is_not_told_of_an_order_of_before(ledger: Ledger, then: Ledger):
    """'Its contract is 57% of the backlog' of a contract that had been cut."""
    before = largest(ledger).by_name()
    assert values(before, "dependent", "has_dependent", "has_moved_dependent") == ("Oracle", True, False)
    now = largest(then).by_name()
    assert values(now, "has_dependent", "has_moved_dependent", "dependent_moved") == (False, True, "shrunk")


# Guarantees


def guarantors(ledger: Ledger) -> set[str]:
    return set(backers.guarantees(ledger)["creditor"])


@pytest.mark.parametrize("cells", [{"end": "2026-06-12"}, {"status": "closed"}, {"status": "cancelled"}])
def test_a_guarantee_that_is_over_backs_nobody(ledger: Ledger, changed: Change, cells: dict[str, str]):
    """A guarantee until September stood under 'who pays' in October."""
    assert "CoreWeave" in guarantors(ledger)
    assert "CoreWeave" not in guarantors(changed({"nvidia-coreweave-backstop": cells}))


def test_the_last_day_of_a_guarantee_still_counts(changed: Change):
    assert "CoreWeave" in guarantors(changed({"nvidia-coreweave-backstop": {"end": later.DAY}}))


def row(day: str, key: str, ending: str = "") -> story_rows.Row:
    return story_rows.Row(day, f"words of {day}", (f"{key}/{day}",), (), ending)


@pytest.mark.parametrize(
    ("subject", "other", "endings", "days"),
    [
        ("terms:trigger", "deals:guarantee", ["cancellation"], ["2026-10-20"]),
        ("metrics:nvidia/exposure", "deals:guarantee", ["cancellation"], ["2026-10-20"]),
        ("terms:trigger", "deals:guarantee", ["cancellation", ""], ["2026-08-17", "2026-11-01"]),
        ("terms:trigger", "sites:campus", ["pause"], ["2026-10-20"]),
        ("terms:trigger", "terms:licence", ["end"], ["2026-08-17", "2026-10-20"]),
        ("deals:warrant", "deals:order", ["cancellation"], ["2026-08-17", "2026-10-20"]),
    ],
)
def test_a_term_of_a_cancelled_deal_or_paused_site_is_not_told_as_it_stood(
    subject: str, other: str, endings: list[str], days: list[str]
):
    """What triggers a guarantee, and the most it may cost, stood in the ledger's words when it had been cancelled."""
    body = ":::{row} 2026-08-17\nNVIDIA pays.\n:::\n"
    rows = [row("2026-08-17", subject)]
    rows += [row(day, other, end) for day, end in zip(("2026-10-20", "2026-11-01"), endings, strict=False)]
    chosen = stories.choose(stories.parse(f"{subject} {other}", body), rows)
    assert [told.day for told in chosen.untold] == days


# Shares


def test_shares_that_are_paid_are_not_only_signed_for(ledger: Ledger, then: Ledger):
    """'NVIDIA has signed to buy shares of OpenAI' of a purchase that had closed."""
    names = ("is_share", "is_share_bought")
    assert values(chipmakers.promises(ledger).by_name(), *names) == (True, False)
    assert values(chipmakers.promises(then).by_name(), *names) == (False, True)


# A second set of facts: a guarantee that was called, leases told anew, a chip that got a price


def test_a_guarantee_that_was_called_is_no_longer_told_as_a_condition(then: Ledger):
    """'NVIDIA pays only if OpenAI is insolvent' of a guarantee that had been called and paid."""
    rows = story_rows.ledger_rows(then, "deals:nvidia-coreweave-backstop")
    assert [told.ending for told in rows][-1] == "settlement"
    body = ":::{row} 2025-09-15\nIt pays if nobody buys.\n:::\n"
    terms = [row("2025-09-15", "terms:backstop"), rows[-1]]
    chosen = stories.choose(stories.parse("terms:backstop deals:nvidia-coreweave-backstop", body), terms)
    assert chosen.untold == (rows[-1],)


def test_shares_that_are_closed_have_not_ended(then: Ledger):
    assert not story_rows.ledger_rows(then, "deals:nvidia-openai-equity")[-1].ending


def test_newer_leases_are_not_missed(ledger: Ledger, then: Ledger):
    """'Newer figures for both are not in our ledger': the leases of a newer report were, the debt was not."""
    names = ("is_debt_old", "is_only_debt_old")
    assert values(oracle_softbank.oracle(ledger).by_name(), *names) == (True, False)
    assert values(oracle_softbank.oracle(then).by_name(), *names) == (False, True)


def test_a_contract_that_was_cut_is_not_all_in_an_older_backlog(ledger: Ledger, then: Ledger):
    """'If OpenAI's whole contract is in there' of a contract that had been halved since the backlog."""
    names = ("has_labs", "is_labs_changed", "labs_signed")
    before = amazon.aws(ledger.at("2026-02-10")).by_name()  # the order of November and the backlog of December
    assert values(before, *names) == (True, False, 38)
    assert values(amazon.aws(then).by_name(), *names[:2]) == (True, True)


def test_a_chip_with_a_list_price_is_not_called_unpriced(ledger: Ledger, then: Ledger):
    """'Because Trainium3 has no list price yet' when it had one."""
    names = ("has_ordered_price", "is_old_pair")
    assert values(amazon.chip_price(ledger).by_name(), *names) == (False, True)
    assert values(amazon.chip_price(then).by_name(), *names) == (True, False)


# Facts of a kind that came for the first time: a listing, a profit, a newer year, a ruling


def with_rows(target: Path, table: str, rows: Sequence[dict[str, str]]) -> Ledger:
    later.append(later.copy_of(target), table, rows)
    return Ledger.load(target)


def test_an_older_loan_to_value_names_its_own_month(tmp_path: Path):
    """'31%, up from 20.6% a quarter before' of a statement that was three quarters older."""
    newer = later.last_of(later.FROZEN, "metrics", entity="softbank", metric="ltv")
    ledger = with_rows(tmp_path / "data", "metrics", [newer | {"end": "2026-05-31", "value": "31"}])
    now = oracle_softbank.softbank(ledger).by_name()
    assert values(now, "ltv", "ltv_before", "ltv_before_day") == (31, 20.6, "2025-12-31")


def test_unpaid_bills_are_set_against_the_revenue_before_them(tmp_path: Path):
    """'US$6bn in June: 2.3 months of that revenue', which ran to September."""
    told = later.last_of(later.FROZEN, "metrics", entity="microsoft", metric="rpo") | {"start": ""}
    bill = told | {"metric": "revenue_from_openai"}
    rows = [
        told | {"metric": "receivable_from_openai", "end": "2026-03-31", "value": "6"},
        bill | {"start": "2025-04-01", "end": "2026-03-31", "value": "24"},
        bill | {"start": "2025-06-01", "end": "2026-05-31", "value": "31"},
    ]
    now = microsoft.billing(with_rows(tmp_path / "data", "metrics", rows)).by_name()
    assert values(now, "billed", "unpaid_months") == (31, pytest.approx(12 * 6 / 24))


def test_cash_that_came_in_was_not_burned(then: Ledger):
    """'OpenAI burned −US$0.8bn', and 'net loss: −US$1.2bn' of a quarter with a profit."""
    assert [burned(came) for came in (-0.8, 3.7)] == ["took in US$0.8bn more than it spent", "burned US$3.7bn"]
    loss = then.metrics.query("metric == 'net_loss'").iloc[-1].to_dict()
    assert ["a profit" in words_of(then, "metrics", loss | {"value": v}) for v in (-1.2, 1.2)] == [True, False]


def test_a_listing_or_a_later_order_leaves_no_sentence_false():
    """Shares that 'are not listed'; an order 'grown by July' to October's sum; a lane that 'ends with' a guarantee."""
    gone = {"amazon": "shares are not listed", "timeline": "It ends with", "microsoft": "OpenAI publishes no accounts"}
    gone["index"] = "it named {num}`timeline.planned`"  # below whichever bullet stood before it
    assert not [page for page, words in gone.items() if words in prose(page)]
    first, total = "{num}`amazon.aws_first`", "{num}`amazon.aws_total`"
    assert f"order from AWS, {first} at first, now comes to {total}" in prose("timeline")


def test_a_hold_that_a_court_gave_back_is_not_told_as_lost(tmp_path: Path):
    """'In April it lost more: its hold on the sale of the models' stood beside a ruling that had restored it."""
    lost = "it gave up its hold on the sale of the models"
    held = later.last_of(later.FROZEN, "terms", term="api-exclusivity") | {"state": "exclusive", "holder": "microsoft"}
    again = with_rows(tmp_path / "data", "terms", [held | {"after": "Exclusive to Azure again"}])
    assert lost in prose("microsoft") and lost not in later.pages(again, {})["microsoft"]


def test_a_right_that_came_back_does_not_remain(tmp_path: Path):
    """'Microsoft remains the only cloud to sell its models' of a right that it had lost and got back."""
    held = later.last_of(later.FROZEN, "terms", term="api-exclusivity")
    rows = [held | {"as_of": "2026-04-27", "state": "open", "holder": "openai"}, held | {"state": "exclusive"}]
    found = rights_finding(rights_spells(with_rows(tmp_path / "data", "terms", rows)))
    assert found.endswith("is again the only cloud for plain calls to its models"), "Amazon distributes the agents"


def test_a_licence_that_became_exclusive_is_no_sale_that_came_back():
    """'Is again the only cloud for its models' in 2025, when only the licence to use them had been widened."""
    spells = rights_spells(Ledger.load(later.FROZEN, "2025-12-17"))
    licence = spells[spells["right"] == "Models and products"].assign(state="exclusive")
    spells = pd.concat([spells, licence], ignore_index=True)
    assert rights_finding(spells).endswith("remains the only cloud for calls to its models")
    sold = spells[spells["right"] != "Models through a cloud"]
    assert rights_finding(sold).endswith("the sole sale of its models; the licence to them is still its alone")


def test_an_order_that_begins_later_is_not_spread_over_today(changed: Change):
    """'The Azure order averages US$31.3bn a year' of one that was put off to 2030, beside the revenue of 2026."""
    put_off = changed({"openai-azure-compute": {"start": "2030-01-01", "end": "2037-12-31"}})
    assert "average US$31.3bn a year from 2030 on" in bills_finding(put_off, "central")


def test_a_quarter_with_a_profit_lost_nothing(tmp_path: Path):
    """'Its operations lost −US$0.4bn'."""
    sold = later.last_of(later.FROZEN, "metrics", entity="openai", metric="revenue") | {"basis": "actual"}
    sold |= {"start": "2026-01-01", "end": "2026-03-31", "value": "14.5"}
    rows = [sold, sold | {"metric": "operating_loss", "value": "-0.4"}]
    now = sustainability.position(with_rows(tmp_path / "data", "metrics", rows)).by_name()
    assert values(now, "quarter_result", "has_quarter_loss") == ("made US$0.4bn", True)
