"""Falsehoods that the report once told when newer facts came, or that one page told against another: each once."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.book.publishing import diff, diff_statements
from analysis.book.running import notebooks
from analysis.figures import changes
from analysis.ledger import Ledger, check
from analysis.models import calibration, cash, deals, rights
from analysis.numbers import formats, index, parties, quantities, stories, story_rows
from analysis.numbers.circularity import partners
from analysis.numbers.circularity.choices import outward
from analysis.numbers.facts import Facts
from analysis.numbers.ledger_words import deal_changes
from analysis.numbers.microsoft import agreement, books
from analysis.numbers.oracle_softbank import backer
from analysis.numbers.oracle_softbank import books as oracle
from analysis.numbers.series import timeline as timeline_series
from analysis.numbers.sustainability import finances
from tests import later
from tests.conftest import add_row, read_rows, write_rows
from tests.ledgers import FROZEN, SMALL
from tests.test_figures import spec_of


def with_rows(folder: Path, table: str, *rows: dict[str, str]) -> Ledger:
    """The ledger of a folder with rows of the later day added to a table."""
    like = later.table_of(folder, table)[-1]
    same = {column: like[column] for column in ("source", "verified")}
    later.append(folder, table, [{"as_of": later.DAY} | same | row for row in rows])
    return Ledger.load(folder)


def metric(
    name: str, value: float, start: str = "", end: str = "", basis: str = "actual", **more: str
) -> dict[str, str]:
    row = {"entity": "openai", "metric": name, "start": start, "end": end, "value": str(value), "basis": basis}
    return row | {"unit": "usd_bn"} | more


def page(ledger: Ledger, chapter: str) -> str:
    """A chapter's text without its numbers: what its stories tell as known on the ledger's day."""
    book = notebooks.read(paths.CHAPTERS / f"{chapter}.ipynb")
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    keys = {story.key for source in prose for _, story in stories.in_markdown(source)}
    told = {key: story_rows.ledger_rows(ledger, key) for key in keys}
    return "\n\n".join(notebooks.tell(source, told, set()) for source in prose)


# What a newer row says.


def test_first_call_given_up_in_october_is_not_told_of_a_later_day(copy: Path):
    """'On 27 April 2026 Microsoft gave up its first call': the day of a newer row of the same term."""
    later_row = later.last_of(copy, "terms", term="cloud-exclusivity") | {"after": "OpenAI may use any cloud"}
    later.append(copy, "terms", [later_row])
    text = page(Ledger.load(copy), "microsoft")
    assert not re.search(r"13 June 2026\D{0,40}gave up", text)
    for sentence in later.sentences(text):
        assert "13 June 2026" not in sentence or "From the ledger" in sentence, sentence
    results = agreement.rights(Ledger.load(copy), "central").by_name()
    assert results["first_refusal_day"].value == "2025-01-21"


def test_calls_that_left_azure_are_not_said_to_stay_there(copy: Path):
    """'On 27 April both said that plain calls stay on Azure' where the row says the opposite."""
    words = "Any cloud may sell OpenAI's models, plain calls among them"
    row = later.last_of(copy, "terms", term="api-exclusivity")
    later.append(copy, "terms", [row | {"after": words, "state": "open", "holder": "openai", "topic": "exclusivity"}])
    ledger = Ledger.load(copy)
    assert words.replace("'", "'") in page(ledger, "microsoft")
    lanes = rights.spells(ledger.history["terms"], {"api-exclusivity": "sale"}, ledger.as_of)
    assert (lanes["state"].iloc[-1], lanes["holder"].iloc[-1]) == ("open", "openai")


def test_a_non_exclusive_right_is_no_exclusive_one(copy: Path):
    """A right was parsed by substring: 'non-exclusive' contains 'exclusive'."""
    row = later.last_of(copy, "terms", term="cloud-exclusivity")
    ledger_words = row | {"after": "Microsoft's exclusive right has become non-exclusive", "state": "open"}
    later.append(copy, "terms", [ledger_words | {"holder": "openai"}])
    ledger = Ledger.load(copy)
    spells = rights.spells(ledger.history["terms"], {"cloud-exclusivity": "cloud"}, ledger.as_of)
    assert spells["state"].iloc[-1] == "open"


def test_the_capacity_of_a_row_is_told_as_it_stands():
    """NVIDIA's guarantee of 4.25 GW was told as one of 4.3."""
    row = Ledger.load(FROZEN).deals.query("deal == 'openai-amd-chips'").iloc[0].to_dict()
    assert deal_changes(row | {"gw": 10.0}, row | {"gw": 4.25}) == ["capacity from 10 GW to 4.25 GW"]


# Unlike periods and bases.


def test_a_quarter_is_not_called_a_half_year(copy: Path):
    ledger = with_rows(copy, "metrics", metric("net_loss", 5, "2026-01-01", "2026-03-31"))
    told = index.loss(ledger).by_name()
    assert (told["loss"].value, told["loss_period"].value) == (5, "the quarter to 31 March 2026")


def test_two_forecasts_are_not_one_burn(copy: Path):
    """226 was shown where one forecast said 218: one of its years was taken from a later one."""
    year = ("2027-01-01", "2027-12-31")
    rows = (metric("cash_burn", 65, *year, "projection"), metric("cash_burn", 90, *year, "projection", by="a-bank"))
    assert index.loss(with_rows(copy, "metrics", *rows)).by_name()["burn_ahead"].value == 25 + 57 + 85 + 51


def test_an_audited_row_is_not_passed_over_for_the_press(copy: Path):
    ledger = with_rows(copy, "metrics", metric("net_loss", 14.1, "2025-01-01", "2025-06-30"))
    assert index.loss(ledger).by_name()["loss"].value == 14.1
    press = metric("net_loss", 12, "2025-01-01", "2025-06-30", "reported") | {"as_of": "2026-06-20"}
    assert index.loss(with_rows(copy, "metrics", press)).by_name()["loss"].value == 14.1


def test_a_guidance_over_the_cash_flow_of_another_year_is_named(copy: Path):
    """4.3 times: Oracle's guidance for a year to come over the cash flow of the one before."""
    guided = metric("capex_guidance", 95, "2026-06-01", "2027-05-31", "guidance", entity="oracle")
    cover = oracle.oracle(with_rows(copy, "metrics", guided)).by_name()["capex_cover"]
    assert "guidance for the twelve months to 31 May 2027 over the figure of" in cover.how


# Inference and fact.


def test_an_implied_loss_does_not_stand_for_the_published_one(copy: Path):
    """An implied loss of 0.05 stood on a card when the ledger held the reported loss of 21.3."""
    ledger = with_rows(copy, "metrics", metric("net_loss", 21.3, "2025-07-01", "2025-09-30"))
    told = books.result(ledger).by_name()
    assert told["published_loss"].value == 21.3
    assert (told["has_published_loss"].value, told["has_loss"].value) == (True, False)


# Paid, amended, talked of.


def test_nothing_is_left_to_pay_of_what_is_paid(copy: Path):
    later.append(copy, "deals", [later.paid_in_full(row) for row in later.equity_of(copy)])
    ledger = Ledger.load(copy)
    told = index.totals(ledger).by_name()
    assert told["has_unpaid"].value is False and told["gets"].low == told["gets"].high
    bank = backer.softbank(ledger).by_name()
    assert bank["has_unpaid"].value is False
    assert bank["softbank_paid"].value == bank["softbank_total"].value


def test_an_amended_order_is_still_signed(copy: Path):
    order = later.last_of(copy, "deals", deal="openai-aws-compute") | {"status": "amended"}
    later.append(copy, "deals", [order])
    ledger = Ledger.load(copy)
    assert "openai-aws-compute" in set(deals.signed(ledger.deals)["deal"])
    assert "openai-aws-compute" in set(quantities.owed(Facts(ledger, "index"))["deal"])


def test_talks_are_in_no_sum(copy: Path):
    before = index.totals(Ledger.load(copy)).by_name()
    talk = {"deal": "softbank-openai-talks", "status": "reported", "kind": "equity", "role": "payment"}
    talk |= {"scope": "openai", "payer": "softbank", "payee": "openai", "low_usd_bn": "40", "high_usd_bn": "40"}
    after = index.totals(with_rows(copy, "deals", talk | {"condition": "talks"})).by_name()
    assert (after["gets"].low, after["gets"].high) == (before["gets"].low, before["gets"].high)
    assert after["talks"].value == 40


# Cash.


def test_money_inside_a_published_cash_is_not_added_again():
    """15 paid in March are in the cash of June; 30 of which no day is told are paid when they are known to be."""
    day = pd.Timestamp
    columns = ["deal", "status", "low_usd_bn", "high_usd_bn", "start", "end", "as_of"]
    rows = [
        ("a", "closed", 15.0, 15.0, day("2026-03-31"), pd.NaT, day("2026-03-31")),
        ("b", "closed", 30.0, 30.0, pd.NaT, pd.NaT, day("2026-08-15")),
    ]
    history = pd.DataFrame(rows, columns=columns)
    paid = cash.payments_of(history.assign(priced_as_of=history["as_of"]), history)
    known = {"entity": "openai", "by": "", "as_of": day("2026-08-20")}
    metrics = pd.DataFrame(
        [
            known | {"metric": "cash", "start": pd.NaT, "end": day("2026-06-30"), "value": 60.0, "basis": "actual"},
            known
            | {"metric": "cash_burn", "start": day("2026-01-01"), "end": day("2026-12-31"), "value": 36.4}
            | {"basis": "projection"},
        ]
    )
    burned = 36.4 * (364 - 180) / 364  # by days of the year, from 30 June to 31 December
    assert cash.at_the_end_of(2026, metrics, paid) == pytest.approx(60 + 30 - burned)


# What nobody foresaw: in tests/test_time_travel.py. What the checks refused, and let pass.


def test_true_facts_are_accepted_and_a_missing_column_is_not(copy: Path):
    add_row(copy / "sites.csv", {"site": "abilene"}, as_of=later.DAY, status="paused")
    for pricing in ("reserved_1y", "reserved_3y", "spot"):
        where = {"instance": "p5.48xlarge", "pricing": "on_demand"}
        add_row(copy / "prices.csv", where, as_of=later.DAY, pricing=pricing, instance=f"Standard_ND96_{pricing}")
    years = metric("contract_life", 4, end="2026-03-31", unit="years")
    with_rows(copy, "metrics", years)
    assert check(copy) == []
    rows = read_rows(copy / "deals.csv")
    at = rows[0].index("parts")
    write_rows(copy / "deals.csv", [row[:at] + row[at + 1 :] for row in rows])
    assert any("parts" in str(problem) for problem in check(copy))


# What `diff` says first, and the picture of the key days.


def test_what_turned_comes_before_what_moved():
    old, new = Ledger.load(SMALL).at("2025-06-30"), Ledger.load(SMALL)
    moved = diff.Moved("oracle_softbank.leases", "Oracle's leases not begun", "usd_bn", "US$43bn", "US$248bn", 5.7)
    found = diff.Difference(
        *("old", "new"),
        facts=diff.compare(old, new),
        results=[moved],
        turned=diff_statements.turned_states(old, new),
        new_deals=diff_statements.new_deals(old, new),
        ended=diff_statements.ended(old, new),
    )
    text = diff.as_text(found)
    order = [text.index(words) for words in ("What turned", "Cancelled or paused", "New deals", "Results that moved")]
    assert order == sorted(order)
    assert "Amazon to OpenAI, shares: signed, US$10–40bn" in text


def test_days_on_the_page_of_changes_are_as_far_apart_as_they_were():
    """Nine columns made the months from January to September 2025 as wide as the one from July to August 2026."""
    days = ["2025-01-21", "2025-09-10", "2026-07-31", "2026-08-31"]
    steps = pd.DataFrame({"when": pd.to_datetime(days), "day": days, "value": [10.0, 300, 708, 708], "cause": ""})
    steps = steps.assign(label=["10", "300", "708", "708"])
    plot = changes._Plot("narrow", 318.0, {changes.ORDERED: steps}, pd.Timestamp("2025-01-01"))
    placed = plot.placed(changes.ORDERED, steps)
    a_day = placed["x"].diff().dropna() / steps["when"].diff().dt.days.dropna()
    assert a_day.to_list() == pytest.approx([a_day.iloc[0]] * 3)
    said = changes._labels(placed, 318.0)
    assert said["text"].iloc[0] == "708" and said["x"].between(0, 318).all()


def test_a_step_of_the_orders_bears_the_name_of_who_made_it():
    """Amazon's 100 of February 2026 were called NVIDIA's, whose order of that day had no price and was sorted last."""
    told = timeline_series.contracts_told(Ledger.load(FROZEN)).set_index("day")
    assert tuple(told.loc["2026-02-27", ["cause", "rise"]]) == ("Amazon", 100)
    assert tuple(told.loc["2025-10-28", ["cause", "rise"]]) == ("Microsoft", 250)


def test_a_note_names_no_deal_as_left_out_that_is_drawn(ledger: Ledger):
    """The note of the loop said that a deal is not drawn that is."""
    meta = spec_of("fig_index_loop", ledger)["usermeta"]["roundtrip"]
    out = meta["columns"].index("Orders at least, US$ bn")
    drawn = {row[0] for row in meta["rows"] if row[out] not in (None, "", 0)}
    assert drawn and set(parties.unpriced_suppliers(ledger)).isdisjoint(drawn)


# One page against another.


def test_a_purchase_of_shares_is_no_order(ledger: Ledger):
    """3.13 orders a dollar had SoftBank's 60.5 below the line: OpenAI had bought 0.5 of shares in its group."""
    orders, firm = 250 + 138, 1 + 2 + 10 + 0.75 + 15  # Microsoft's and Amazon's: the priced orders of investors
    found = partners.trips(ledger).by_name()["orders_plain"]
    assert (found.low, found.high) == pytest.approx((orders / (firm + 35), orders / firm))


def test_equity_paid_in_parts_before_it_was_told_counts_on_the_last_day():
    """All 10.8 of the syndicate stood in April 2025, before the cash of June; 8.3 of it came on 1 August."""
    row = {"deal": "d", "as_of": "2025-08-01", "status": "signed", "start": "2025-04-30", "end": "2025-08-01"}
    rows = pd.DataFrame([row | {"low_usd_bn": 10.8, "high_usd_bn": 10.8}])
    rows[["as_of", "start", "end"]] = rows[["as_of", "start", "end"]].apply(pd.to_datetime)
    paid = cash.payments_of(rows.assign(priced_as_of=rows["as_of"]), rows)
    assert paid["day"].tolist() == [pd.Timestamp("2025-08-01")]
    ahead = rows.assign(end=pd.Timestamp("2028-12-31"), priced_as_of=rows["as_of"])
    assert cash.payments_of(ahead, rows)["day"].tolist() == [pd.Timestamp("2025-04-30")], "what is still to come"


def test_a_most_is_never_rounded_below_itself():
    """'No combination gives more than 36.7%': one gave 36.703."""
    assert outward([7.68, 4.0], math.floor) == [7.6, 4.0] and outward([36.7032, 41.0], math.ceil) == [36.8, 41.0]


def test_a_title_rounds_a_half_as_its_sentence_does():
    """'US$132bn' over a figure and 'US$133bn' below it: Python rounds 132.5 to the even number."""
    assert [formats.whole_bn(half) for half in (131.5, 132.5)] == ["US$132bn", "US$133bn"]
    assert formats.about(132.5, "usd_bn", is_open=False) == "US$133bn" and formats.whole(-2.5) == -3


def test_what_may_be_nothing_gives_only_a_floor():
    """'US$6 of orders for each dollar': the five put in were up to five. And an amount may stay unpublished."""
    assert partners.orders_for_a_dollar(10.0, 40.0, 60.0, 60.0) == (1.5, 6.0)
    low, high = partners.orders_for_a_dollar(0.0, 5.0, 30.0, 30.0)
    assert partners.ratio_in_words(low, high, is_ceiling=False) == "US$6 or more"
    assert partners.ratio_in_words(1.5, 6.0, is_ceiling=True) == "at most US$6"


def test_cheques_of_long_ago_are_not_waited_for(ledger: Ledger):
    """'6 equity deals not closed' counted them: it is NVIDIA's and the three of SoftBank, what Amazon may still pay, and
    what Microsoft's filing leaves of its 13."""
    unpaid = index.totals(ledger).by_name()["unpaid"]
    firm = 30 + 3 * 10 + 13 - 11.6
    assert (unpaid.low, unpaid.high) == (pytest.approx(firm), pytest.approx(firm + 35))


def test_what_a_model_waits_for_is_part_of_what_is_unpaid(ledger: Ledger):
    """Two pages had two sums for one thing; and each instalment of a day is in both."""
    f = Facts(ledger, "index")
    to_come = quantities.equity_to_come(f)
    dated = to_come[to_come["day"] <= pd.Timestamp(calibration.base_year(ledger.as_of), 12, 31)]
    assert finances.cash_to_come(f)[0] == pytest.approx(dated["low"].sum())


def test_findings_are_as_many_as_the_heading_says():
    """'Five findings', six follow."""
    book = notebooks.read(paths.CHAPTERS / "index.ipynb")
    text = "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    for heading, body in re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        first = heading.split()[0].lower()
        if first in words:
            body = re.sub(r":{3,}\{when\} not .*?\n:{3,}", "", body, flags=re.S)  # the other branch of a condition
            assert len(re.findall(r"^\*\*", body, re.M)) == words.index(first) + 1


def test_what_is_owed_can_fall(copy: Path):
    """'rose to 472bn' stood over a line that fell from 730: Oracle's order of 300 was cut to 180 by an invented row."""
    order = next(row for row in later.table_of(copy, "deals")[::-1] if row["deal"] == "openai-oracle-compute")
    later.append(copy, "deals", [order | {"as_of": later.DAY, "low_usd_bn": "180", "high_usd_bn": "180"}])
    told = index.growth_finding(index.growth(Ledger.load(copy)))
    assert told == "What OpenAI has ordered fell to at least US$578bn, from at least US$698bn in March 2026"


def test_a_rate_told_late_of_an_earlier_month_is_no_step(copy: Path):
    """'13' stood on the day that told 6 of a year before and 20 together; and 25 of February after 24 of March."""
    rates = [row for row in later.table_of(copy, "metrics") if row["metric"] == "annualized_revenue"]
    newest = next(row for row in rates if row["entity"] == "openai" and row["end"] == "2026-03-31")
    later.append(copy, "metrics", [newest | {"end": "2026-02-28", "as_of": later.DAY, "value": "25"}])
    shown = index.growth(Ledger.load(copy)).query("line == 'customers'")
    assert list(zip(shown["day"].dt.strftime("%Y-%m-%d"), shown["high"], strict=True)) == [
        ("2025-06-09", 10), ("2025-07-30", 12), ("2025-08-01", 13), ("2026-01-18", 20), ("2026-03-31", 24),
        (later.DAY, 24),
    ]  # fmt: skip


def test_microsofts_funding_is_one_figure(ledger: Ledger):
    told = agreement.contract(ledger).by_name()
    assert (told["funded"].value, told["committed"].value) == (11.6, 13)


def test_sales_that_fall_are_not_said_to_have_changed_by_less_than_nothing():
    """'Its sales changed by 17.5%' told neither rise nor fall, and a fall would have read 'changed by −5%'."""
    assert [finances.turned(growth) for growth in (17.5, -5.0, 0.0)] == [
        "rose by 17.5%",
        "fell by 5%",
        "were unchanged",
    ]
