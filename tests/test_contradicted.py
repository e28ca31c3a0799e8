"""Sentences and sums that a later row contradicted: orders that moved, a price, a ruling, a site that runs; each once."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.book.publishing import diff_statements
from analysis.book.running import chapter_stories, notebooks
from analysis.figures.exposure import fig_exposure_holders
from analysis.ledger import Ledger, check
from analysis.numbers import (
    amazon,
    changes,
    exposure,
    formats,
    index,
    ledger_facts,
    microsoft,
    oracle_softbank,
    quantities,
    scorecard,
    stories,
    story_rows,
    sustainability,
)
from analysis.numbers.circularity import partners, telecom
from analysis.numbers.exposure import accounts, holders, liabilities, measured, owed, stress, terms
from analysis.numbers.facts import Facts
from analysis.numbers.headlines import recent
from analysis.numbers.results import Result
from analysis.numbers.series import sustainability as series
from analysis.numbers.series import timeline
from analysis.numbers.series.amazon import money
from analysis.numbers.series.chipmakers import promised
from analysis.numbers.series.oracle_softbank import books, buildout, softbank
from analysis.numbers.series.sustainability import openai_accounts
from analysis.numbers.sustainability import shortfall
from analysis.numbers.sustainability.first_year import first_year
from analysis.numbers.timeline.quarters import quarters
from tests import later
from tests.ledgers import FROZEN

Rows = list[dict[str, str]]
Then = Callable[..., Ledger]


@pytest.fixture
def then(tmp_path: Path) -> Then:
    """A function that returns the frozen ledger with newer rows, by table."""

    def with_rows(**tables: Rows) -> Ledger:
        folder = later.copy_of(tmp_path / f"{len(list(tmp_path.iterdir()))}")
        for table, rows in tables.items():
            later.append(folder, table, rows)
        return Ledger.load(folder)

    return with_rows


def last(table: str, **where: str) -> dict[str, str]:
    return later.last_of(FROZEN, table, **where)


def metric(entity: str, name: str, like: str = "", **cells: str) -> dict[str, str]:
    return last("metrics", entity=entity, metric=like or name) | {"metric": name, "start": "", "note": ""} | cells


def order(deal: str, amount: str, **cells: str) -> dict[str, str]:
    row = last("deals", deal="openai-aws-compute") | {"deal": deal, "status": "signed"}
    return row | {"low_usd_bn": amount, "high_usd_bn": amount} | cells


def test_a_backlog_does_not_hold_what_was_amended_on_its_own_day(then: Then):
    """'36% of the backlog of September' of an order that was raised on the day on which the backlog was told."""
    backlog = metric("amazon", "aws_rpo", end="2026-05-31", value="560")
    raised = order("openai-aws-compute", "200", status="amended")
    found = measured.backlog(Facts(then(metrics=[backlog], deals=[raised]), "exposure"), "amazon")
    assert (found.value, found.since) == (pytest.approx(138 / 560), "grew")


def test_what_was_amended_before_a_backlog_was_told_is_named(then: Then):
    backlog = metric("amazon", "aws_rpo", end="2026-05-31", value="560")
    raised = order("openai-aws-compute", "200", status="amended", as_of="2026-06-05")
    found = measured.backlog(Facts(then(metrics=[backlog], deals=[raised]), "exposure"), "amazon")
    assert (found.value, found.since) == (pytest.approx(200 / 560), "")
    assert found.words == "if all of it is booked as changed in June 2026 (AWS), May 2026"


def test_a_listing_names_the_newest_price(then: Then):
    """'Its price went from US$157bn to US$852bn' when its shares had been listed at US$1,200bn."""
    ledger = then(metrics=[metric("openai", "valuation_post_money", end="2026-06-12", value="1200")])
    before = Ledger.load(FROZEN)
    told = [
        openai_accounts.rounds_finding(openai_accounts.rounds(one)[0], openai_accounts.newest_price(one))
        for one in (before, ledger)
    ]
    assert told[1] == f"{told[0]}, and by June 2026 to US$1,200bn" and told[0].endswith("US$852bn")


def test_a_site_of_which_everything_runs_is_not_partly_live(then: Then):
    """'Abilene, partly live: 1.2 of 1.2 GW run'."""
    full = last("sites", site="abilene") | {"status": "live", "planned_gw": "1.2", "live_gw": "1.2"}
    now = buildout.site_list(then(sites=[full])).set_index("site").loc["abilene"]
    assert (now["state"], now["label"]) == ("live in full", "all of 1.2 GW runs")
    half = buildout.site_list(then(sites=[full | {"live_gw": "0.6"}])).set_index("site").loc["abilene"]
    assert (half["state"], half["label"]) == ("partly live", "0.6 of 1.2 GW run")


def test_a_lease_of_a_site_that_runs_is_not_told_as_of_a_later_year(then: Then):
    """'Each guarantee begins with its lease, the first in 2028' of a site that had been live since November 2026."""
    guarantee = {"deal": "nvidia-openai-guarantee-ohio", "kind": "guarantee", "role": "contingent", "payer": "nvidia"}
    guarantee = order("", "", high_usd_bn="105", start="2028-01-01") | guarantee | {"payee": "sb-energy"}
    site = last("sites", site="abilene") | {"site": "portsmouth", "status": "planned", "live_gw": ""}
    since = "a part of the site has been in service since June 2026"
    for start, status, words in (
        ("2028-01-01", "planned", ("from 2028", "the first expected in 2028")),
        ("2025-01-01", "planned", ("from 2025", "the first due in 2025")),
        ("2028-01-01", "live", ("from the start of each lease", since)),
    ):
        ledger = then(deals=[guarantee | {"start": start}], sites=[site | {"status": status}])
        now = exposure.backing(ledger).by_name()
        assert (now["guaranteed_from"].value, now["first_lease"].value) == words
        title = promised.guarantees_finding(promised.guarantees(ledger)[0])
        assert title.endswith("not yet in force") == (words[0] == "from 2028")


def test_an_order_that_is_paid_in_full_is_no_longer_to_come(then: Then):
    """Cerebras, paid in full, still stood among those whom a default would hurt, with the largest backlog at risk."""
    paid = last("deals", deal="openai-coreweave-compute") | {"status": "closed", "end": later.DAY}
    before, ledger = Ledger.load(FROZEN), then(deals=[paid])
    assert check(ledger.directory) == []
    assert {"coreweave"} == set(owed.exposures(before)["party"]) - set(owed.exposures(ledger)["party"])
    now = exposure.largest(ledger).by_name()
    assert (now["settled"].high, now["has_settled"].value) == (22.4, True)
    was = exposure.largest(before).by_name()
    assert was["owed"].high - now["owed"].high == pytest.approx(22.4) and was["has_settled"].value is False
    assert index.totals(before).by_name()["owes"].high == index.totals(ledger).by_name()["owes"].high
    f = Facts(ledger, "exposure")
    assert accounts.due_by_year(f, "coreweave").sum() == 0 and "coreweave" not in liabilities.suppliers(f)


def test_a_contract_has_in_each_quarter_the_price_of_then(then: Then):
    """Amended to 240 in June, the contract was outlined at 240 in the quarters when it had been 300."""
    backlog = metric("oracle", "rpo", end="2026-06-12", value="600")
    cut = last("deals", deal="openai-oracle-compute") | {"status": "amended", "as_of": "2026-06-12"}
    cut |= {"low_usd_bn": "240", "high_usd_bn": "240"}
    _, whole = books.backlog(then(metrics=[backlog], deals=[cut]))
    prices = whole.set_index("quarter")["contract"]
    assert prices["Aug 2025"] == 300, "told in September of a contract signed in July"
    assert prices["Feb 2026"] == 300 and prices["Jun 2026"] == 240 and pd.isna(prices["May 2025"])


def test_one_instalment_that_is_put_off_does_not_pause_the_round(then: Then):
    """'Paused US$30bn' of three tranches of which one was put off."""
    late = last("deals", deal="softbank-openai-equity-2026-tranche3") | {"status": "paused", "start": "", "end": ""}
    *_, row = timeline.marked_events(then(deals=[late])).itertuples(index=False)
    assert (row.what, row.money_text, row.label) == ("paused in part", "10 of US$30bn", "10 of 30 paused")
    assert timeline.words(row) == "SoftBank to OpenAI, shares: 10 of 30 paused"
    assert row.firm == 30, "nobody has given it up"


def test_the_lines_of_an_account_are_of_one_telling(then: Then):
    """A revenue restated alone stood over the costs of the older account: 2.76 in the title, 2.86 in the table."""
    year = {"start": "2025-01-01", "end": "2025-12-31", "as_of": "2026-06-12", "basis": "actual"}
    lines = {"revenue": "13", "operating_loss": "21", "rd_expense": "19", "total_costs": "34", "net_loss": "38"}
    first = [metric("openai", line, like="revenue", value=amount, **year) for line, amount in lines.items()]
    restated = first[0] | {"as_of": later.DAY, "value": "11.9"}
    before, ledger = (then(metrics=rows) for rows in (first, [*first, restated]))
    now = openai_accounts.accounts(ledger)[0].set_index("name")
    assert list(now["value"]) == [13, 19, 34, 21, 38]
    assert openai_accounts.accounts_note(now.reset_index()).endswith(
        "Restated since, without the rest: sales (US$11.9bn)."
    )
    titles = [openai_accounts.accounts_finding(openai_accounts.accounts(one)[0]) for one in (before, ledger)]
    assert titles[0] == titles[1] and index.loss(ledger).by_name()["year_revenue"].value == 13
    whole = [row | {"as_of": later.DAY} for row in first[1:]]
    assert openai_accounts.accounts(then(metrics=[*first, restated, *whole]))[0]["value"].iloc[0] == 11.9


def test_a_share_of_revenue_whose_cap_is_paid_is_over(then: Then):
    """'OpenAI pays Microsoft 20% of its revenue' and 'OpenAI saves' stayed when all that the cap allows was paid."""
    cap = {"deal": "openai-microsoft-revenue-share-cap", "role": "contingent", "low_usd_bn": "", "high_usd_bn": "38"}
    told = last("deals", deal="openai-microsoft-revenue-share") | cap | {"as_of": "2026-06-12", "status": "reported"}
    before, ledger = (then(deals=rows) for rows in ([told], [told, told | {"as_of": later.DAY, "status": "closed"}]))
    assert story_rows.rows_of(ledger, f"deals:{told['deal']}")[-1].ending == "settlement"
    share = "OpenAI pays Microsoft"
    assert share in later.pages(before, {})["microsoft"] and share not in later.pages(ledger, {})["microsoft"]
    for one, has_share in ((before, True), (ledger, False)):
        assert exposure.largest(one).by_name()["has_shared"].value is has_share


def test_a_term_is_over_once_its_order_has_lost_the_condition(then: Then):
    """AMD's order, by now binding at a price, stood as 'binding in part: only the initial 1 GW'."""
    chips = last("deals", deal="openai-amd-chips") | {"status": "amended", "low_usd_bn": "75", "high_usd_bn": "90"}
    states = []
    for condition in ("", "only the first 2 GW bind", None):
        ledger = then(deals=[] if condition is None else [chips | {"condition": condition}])
        amd, f = owed.exposures(ledger).set_index("party").loc["amd"], Facts(ledger, "exposure")
        orders = quantities.supply(f)
        states.append((amd["may_defer"], amd["stage"], terms.binding_gw(f, orders[orders["payee"] == "amd"])))
    only = "only the initial 1 GW of MI450 is a binding purchase"
    assert states == [
        (terms.NOT_PUBLISHED, "signed", 6),
        ("only the first 2 GW bind", "signed (binding in part)", 2),
        (only, "signed (binding in part)", 1),
    ]


def test_leases_that_fell_are_said_to_have_fallen(then: Then):
    """Leases that had been halved were told without a word of it, and as '1× its debt' in the title."""
    debt = float(last("metrics", entity="oracle", metric="total_debt")["value"])
    rows = [metric("oracle", "leases_not_commenced", end="2026-05-31", value=f"{debt + 1}")]
    for ledger, has_fallen in ((Ledger.load(FROZEN), False), (then(metrics=rows), True)):
        assert oracle_softbank.oracle(ledger).by_name()["has_leases_fallen"].value is has_fallen
        title = softbank.risks_finding(softbank.risks(ledger)[0])
        assert title.endswith("about as much as its debt") is has_fallen


def test_softbank_above_its_own_limit_is_told_so(then: Then):
    """31% stood beside a limit of 25% without a word."""
    policy = last("terms", term="rating-sp-softbank") | later.POLICY
    names = ("is_ltv_over_normal", "is_ltv_over_ceiling")
    for ltv, flags in (("24", (False, False)), ("31", (True, False)), ("36", (False, True))):
        ledger = then(terms=[policy], metrics=[metric("softbank", "ltv", end="2026-03-31", value=ltv)])
        now = oracle_softbank.softbank(ledger).by_name()
        assert tuple(now[name].value for name in names) == flags


def test_orders_that_move_between_suppliers_are_not_added(then: Then):
    """Of an order of 300, 120 passed to another cloud with 40 more: the quarter 'added' 160."""
    moved = [last("deals", deal="openai-oracle-compute") | {"status": "amended"}]
    moved[0] |= {"low_usd_bn": "180", "high_usd_bn": "180"}
    moved.append(order("openai-google-compute", "160", payee="google"))
    table = quarters(then(deals=moved))
    assert table[table["kind"] == "orders"]["value"].iloc[-1] == pytest.approx(160 - 120)


def test_two_suppliers_with_less_than_half_do_not_hold_most(then: Then):
    """'Two suppliers hold most of the orders' over a share of 40%."""
    assert index.circle(Ledger.load(FROZEN)).by_name()["is_top_two_most"].value is True
    ledger = then(deals=[order(f"order-{n}", "290", payee=p) for n, p in enumerate(("google", "nvidia", "amd"))])
    now = index.circle(ledger).by_name()
    assert now["top_two_share"].high < 50 and now["is_top_two_most"].value is False


def test_no_money_is_nothing_in_a_sentence():
    """'US$0bn would be missing' and 'miss more than up to US$109bn'."""
    none, some = (Result("a.b", "", None, "usd_bn", low=0.0, high=high).as_dict() for high in (0.0, 109.0))
    assert [notebooks.part_of(none, part) for part in ("", "low", "about")] == ["nothing"] * 3
    assert [notebooks.part_of(some, part) for part in ("", "low", "high")] == ["up to US$109bn", "nothing", "US$109bn"]
    assert formats.or_nothing("US$0.4bn") == "US$0.4bn"
    gaps = series.gaps(Ledger.load(FROZEN), "central")
    title = series.gap_finding(gaps.assign(gap_median=gaps["gap_median"].where(gaps["case"] == "plan", 0.0)))
    assert "raise up to US$" in title and "US$0" not in title


def test_quarters_of_other_tellers_are_not_one_growth(then: Then):
    """'Against the quarter before that is a change of 116%': accounts over what the press had told."""
    spans = (("2025-10-01", "2025-12-31", "4"), ("2026-01-01", "2026-03-31", "8"))
    names = ("is_growth_alike", "is_growth_mixed", "quarter_before_by")
    press = "according to press reports"
    for bases, told in (
        (("actual", "actual"), (True, False, "by its own accounts")),
        (("reported", "actual"), (False, True, press)),
    ):
        rows = [
            metric("openai", "revenue", start=start, end=end, value=value, basis=basis)
            for (start, end, value), basis in zip(spans, bases, strict=True)
        ]
        now = sustainability.position(then(metrics=rows)).by_name()
        assert tuple(now[name].value for name in names) == told


def shown(ledger: Ledger, chapter: str, subject: str) -> list[str]:
    """What a chapter shows of the stories of a key in the ledger's words, by key and day."""
    found = [story for name, _, story in chapter_stories.stories_of(paths.CHAPTERS) if name == f"{chapter}.ipynb"]
    told = [stories.choose(s, story_rows.ledger_rows(ledger, s.key)) for s in found if s.subject == subject]
    return [row.rows[0] for choice in told for row in choice.untold]


def test_an_end_at_one_supplier_brings_up_no_old_row_of_another(then: Then):
    """Cerebras's warrant of April stood as news when CoreWeave's order had been cancelled."""
    cerebras = last("deals", deal="amd-openai-warrant") | {"deal": "cerebras-openai-warrant", "payer": "cerebras"}
    ended = last("deals", deal="openai-coreweave-compute") | {"status": "cancelled"}
    ledger = then(deals=[cerebras | {"as_of": "2026-04-17"}, ended])
    assert shown(ledger, "chipmakers", "deals:cerebras-openai-warrant")[-1:] == [
        f"deals:openai-coreweave-compute/{later.DAY}"
    ]
    assert "deals:cerebras-openai-warrant/2026-04-17" not in shown(
        ledger, "chipmakers", "deals:cerebras-openai-warrant"
    )


def test_a_warrant_that_vests_is_told_where_it_is_said_how(then: Then):
    """'It vests as OpenAI buys' stood when the first shares had vested, which was told nowhere."""
    vested = last("terms", term="amd-openai-warrant-vesting") | {"after": "first tranche vested"}
    ledger = then(terms=[vested])
    assert shown(ledger, "chipmakers", "terms:amd-openai-warrant-vesting") == [
        f"terms:amd-openai-warrant-vesting/{later.DAY}"
    ]


def test_a_ruling_that_was_withdrawn_does_not_stand_last(then: Then):
    """'4 November: sole seller again' stood as the last word though it had been withdrawn on the 25th."""
    right = last("terms", term="api-exclusivity") | {"topic": "exclusivity"}
    open_, held = (
        right | {"state": state, "holder": holder} for state, holder in (("open", "openai"), ("exclusive", "microsoft"))
    )
    steps = [
        open_ | {"as_of": "2026-04-27"},
        held | {"as_of": "2026-06-04", "after": "Sole seller again"},
        open_ | {"after": "Withdrawn"},
    ]
    ledger = then(terms=steps)
    for subject in ("terms:api-exclusivity", "terms:cloud-exclusivity"):
        told = [
            row
            for row in shown(ledger, "microsoft", subject)
            if "/api-exclusivity/" in row or ":api-exclusivity/" in row
        ]
        assert told and {*told} == {f"terms:api-exclusivity/{later.DAY}"}


def test_a_quarter_with_a_profit_ends_the_losses(then: Then):
    """'The customer, which loses money' stood beside a quarter that had ended with a profit."""
    quarter = metric("openai", "operating_loss", start="2026-01-01", end="2026-03-31", basis="reported")
    words = [
        sustainability.position(then(metrics=[quarter | {"value": value}])).by_name()["loses"]
        for value in ("9.3", "-0.4")
    ]
    assert [told.value for told in words] == ["loses money", "lost money until its newest figures"]


def test_the_monthly_pace_is_doubted_only_where_the_quarters_run_lower(then: Then):
    """'If the monthly pace counts more than the quarters do' of a quarter at a pace above that of the month."""
    quarter = metric("openai", "revenue", start="2026-01-01", end="2026-03-31", basis="actual")
    told = [first_year(then(metrics=[quarter | {"value": value}])).by_name() for value in ("4", "8")]
    assert [now["has_start_earned"].value for now in told] == [True, True]
    assert [now["is_rate_above"].value for now in told] == [True, False]


def test_a_listing_is_a_round(then: Then):
    """The rounds and their sum left out what the market had paid when the shares were listed."""
    sold = last("deals", deal="others-openai-equity-2026") | {"deal": "openai-ipo-proceeds", "part_of": ""}
    sold |= {"low_usd_bn": "60", "high_usd_bn": "60", "start": later.DAY, "end": later.DAY}
    before, now = (openai_accounts.rounds(then(deals=rows))[0] for rows in ([], [sold]))
    assert now["value"].tolist() == [*before["value"], 60] and now["name"].iloc[-1] == "June 2026"


def test_a_stake_of_which_a_part_was_sold_is_not_carried_at_what_was_paid(then: Then):
    """'Amazon carries the shares at what it paid' of a value below that, after a sale."""
    books = metric("amazon", "carrying_value_openai", like="free_cash_flow", end="2026-05-31", basis="actual")
    told = [amazon.aws(then(metrics=[books | {"value": value}])).by_name() for value in ("15", "11")]
    assert [now["openai_value_is"].value for now in told] == [
        "what it had paid by then",
        "less than it had paid by then",
    ]


def test_a_right_that_changes_hands_overtakes_what_rests_on_it(then: Then):
    """'On general sale on Bedrock', and 'it gave up its hold', stood beside a ruling that had restored the hold."""
    right = last("terms", term="api-exclusivity")
    lost = right | {"as_of": "2026-04-27", "state": "open", "holder": "openai"}
    sold = right | {"term": "openai-on-bedrock", "as_of": "2026-06-01", "state": "", "holder": ""}
    held = right | {"state": "exclusive", "holder": "microsoft", "topic": "exclusivity"}
    held |= {"after": "Exclusive to Azure again"}
    claims = {"amazon": "general sale on Bedrock", "microsoft": "gave up its hold on the sale of the models"}
    before, now = (later.pages(then(terms=rows), {}) for rows in ([lost, sold], [lost, sold, held]))
    for chapter, claim in claims.items():
        assert claim in before[chapter] and claim not in now[chapter]
        assert "exclusivity: Exclusive to Azure again" in now[chapter], "with what it is about"


def test_a_sum_named_in_two_tables_is_one_sum(then: Then):
    """Two dots 'spending to 2035' for one number, and 'binding on 30 Sep 26,' with nothing behind the comma."""
    plan = last("deals", deal="openai-compute-plan") | {"low_usd_bn": "2200", "high_usd_bn": "2200"}
    whole = metric("openai", "compute_commitments_total", end="2035-12-31", value="2200", basis="guidance")
    bound = whole | {"metric": "purchase_commitments", "end": "2026-05-31", "value": "940", "basis": "actual"}
    found = timeline.sums_told(then(deals=[plan | {"end": "2035-12-31"}], metrics=[whole, bound]))
    told = found.loc[found["as_of"] == later.DAY, ["value", "told"]]
    assert sorted(told.itertuples(index=False, name=None)) == [
        (940, "binding on 31 May 26"),
        (2200, "all computing to 2035"),
    ]


def test_each_wavering_supplier_has_a_need_of_its_own():
    """'Amazon and Microsoft could do so: with one choice at its end it would need 45.5%': of one, the lesser."""
    table = pd.DataFrame({"name": ["Microsoft", "Amazon"], "bridged_high": [0.455, 1.79]})
    assert stress.needs(table) == "Amazon would need 179% and Microsoft 45.5%"
    assert stress.needs(table.head(0)) is None


def test_costs_below_the_revenue_are_a_part_of_it(then: Then):
    """'So its costs came to 1× its revenue' of a quarter with a profit."""
    sold = metric("openai", "revenue", start="2026-01-01", end="2026-03-31", value="14.5", basis="actual")
    for loss, words in (("-0.4", "97.2% of"), ("14.5", "2 times")):
        lost = sold | {"metric": "operating_loss", "value": loss}
        now = sustainability.position(then(metrics=[sold, lost])).by_name()
        assert now["quarter_costs"].value == words


def test_a_contract_at_rest_is_told_as_paused_and_still_counts(then: Then):
    """A contract on which nothing moved could only be told as signed, or as ended."""
    rest = last("deals", deal="openai-aws-compute") | {"status": "paused"}
    before, ledger = Ledger.load(FROZEN), then(deals=[rest])
    assert check(ledger.directory) == []
    owes = [index.totals(one).by_name()["owes"].high for one in (before, ledger)]
    assert owes[0] == owes[1], "nobody has given it up"
    assert owed.exposures(ledger).set_index("party").loc["amazon", "stage"] == "signed, paused"
    event = timeline.marked_events(ledger).iloc[-1]
    assert (event["what"], event["label"]) == ("paused", "paused 138")
    assert story_rows.ledger_rows(ledger, "deals:openai-aws-compute")[-1].ending == "pause"
    (line,) = [told for told in diff_statements.ended(before, ledger) if "openai-aws-compute" in told]
    assert "signed and paused, US$138bn" in line


def test_where_the_middle_is_nothing_half_of_the_futures_do_not_need_more(monkeypatch: pytest.MonkeyPatch):
    """'Half of its futures need more' of a way of counting by which 41% did."""
    ledger = Ledger.load(FROZEN)
    assert sustainability.gap(ledger).by_name()["has_zero_case"].value is False
    ends = shortfall.ends(ledger, "central")
    monkeypatch.setattr(shortfall, "ends", lambda *_: ends.assign(gap_median=ends["gap_median"] * [0, 1, 1]))
    assert sustainability.gap(ledger).by_name()["has_zero_case"].value is True


def test_the_page_on_changes_names_a_large_new_deal_first(then: Then):
    """'Two deals have moved on' led the page when orders of US$310bn were new."""
    key_day = later.KEY_DAY
    moved = [order("openai-google-compute", "160", payee="google"), order("openai-nvidia-chips", "150", payee="nvidia")]
    now = changes.last(then(deals=moved, vintages=[key_day])).by_name()
    assert (
        now["fresh_words"].value == "Two large deals are new, the largest between OpenAI and Google (order), US$160bn"
    )
    one = changes.last(then(deals=moved[1:], vintages=[key_day])).by_name()
    assert one["fresh_words"].value == "One large deal is new, between OpenAI and NVIDIA (order), US$150bn"
    assert changes.last(Ledger.load(FROZEN)).by_name()["has_fresh"].value is False


def test_the_press_counts_power_plants_where_the_contract_counts_computers(then: Then):
    """'8 GW, not 10 GW' would compare a campus's plants with its machines; two contracts count alike."""
    steps = (("2026-04-05", "reported", "10"), ("2026-04-06", "signed", "8"), ("2026-04-07", "amended", "9"))
    rows = [order("campus", "", as_of=day, status=status, gw=gw, kind="lease") for day, status, gw in steps]
    said = recent.news(then(deals=rows), pd.Timestamp("2026-04-01")).set_index("day")["said"]
    assert "(8 GW" in said["2026-04-06"] and "10 GW" not in said["2026-04-06"]
    assert "is for 9 GW, not 8 GW" in said["2026-04-07"]


def test_a_newer_price_keeps_the_shares_bought_before(then: Then):
    """Amazon and NVIDIA vanished from the holders, and nobody was diluted, when a price came without that before it."""
    price = metric("openai", "valuation_post_money", end="2026-06-12", value="1100")
    before, now, round_ = (
        holders.holdings(then(metrics=rows)).set_index("party")
        for rows in ([], [price], [price, metric("openai", "valuation_pre_money", end="2026-06-12", value="1000")])
    )
    assert {"amazon", "nvidia"} <= {*before.index} == {*now.index} == {*round_.index}
    assert now["stake"].to_numpy() == pytest.approx(before["stake"][now.index].to_numpy())
    assert now.loc["nvidia", "worth"] == pytest.approx(30 / 852 * 1100)
    assert now.loc["nvidia", "basis"] == holders.SIGNED_EARLIER
    assert round_.loc["nvidia", "stake"] == pytest.approx(100 * 30 / 852 * 1000 / 1100)
    assert round_.loc["softbank", "stake"] == pytest.approx(before.loc["softbank", "stake"] * 1000 / 1100)
    assert [holders.is_undiluted(then(metrics=rows)) for rows in ([], [price])] == [False, True]


def test_a_guarantee_that_is_called_is_in_force(then: Then):
    """'And not yet in force' beside 'called', and nothing about it on who would lose, when NVIDIA had paid on it."""
    cap = last("deals", deal="nvidia-coreweave-backstop") | {"deal": "nvidia-openai-guarantee-ohio", "note": ""}
    cap |= {"scope": "openai", "payee": "crusoe", "high_usd_bn": "101", "start": "2028-01-01", "end": "2047-12-31"}
    paid = cap | {"deal": "nvidia-ohio-guarantee-paid", "status": "closed", "role": "payment", "low_usd_bn": "4"}
    paid |= {"high_usd_bn": "4", "start": later.DAY, "end": later.DAY}
    before, now = then(deals=[cap]), then(deals=[cap, paid])
    titles = [promised.guarantees_finding(promised.guarantees(one)[0]) for one in (before, now)]
    assert titles == [
        f"The largest signed guarantee, NVIDIA for OpenAI, is up to US$101bn, {state}"
        for state in ("not yet in force", "called in part")
    ]
    flags = [telecom.vendors(one).by_name()["has_to_begin"].value for one in (before, now)]
    assert flags == [True, False]
    told = exposure.backing(now).by_name()
    assert (told["called"].low, told["called_by"].value, told["guaranteed"].high) == (4, "NVIDIA", 101)
    row = story_rows.ledger_rows(now, "deals:nvidia-ohio-guarantee-paid")[-1]
    assert ": called and paid, US$4bn" in row.words and not row.ending
    news = ledger_facts.news(now, ("exposure", "chipmakers", "circularity"))
    assert all("deals:nvidia-ohio-guarantee-paid" in [fact.key for fact in news[c]] for c in ("exposure", "chipmakers"))


def test_a_stake_stated_since_the_round_is_told_apart(then: Then):
    """A stake stated before all of the round was paid stood unremarked beside stakes that count all of it."""
    since = metric("microsoft", "stake_pct_of_openai", end="2026-04-01", value="25", unit="pct")
    notes = [json.dumps(fig_exposure_holders(then(metrics=rows)).to_dict()) for rows in ([], [since])]
    assert ["A stake stated since" in note for note in notes] == [False, True]


def test_an_order_of_at_least_an_amount_is_at_least_a_part(then: Then):
    """'May be about 48% of the backlog' and 'US$5.56 for each dollar' of orders of which only a floor is known."""
    backlog = metric("amazon", "aws_rpo", end="2026-06-12", value="560")
    floor = order("openai-aws-compute", "138", status="amended", high_usd_bn="", as_of="2026-06-10")
    over = floor | {"status": "cancelled", "as_of": later.DAY}
    ledgers = [then(deals=rows, metrics=[backlog]) for rows in ([], [floor], [floor, over])]
    assert [money.backlog_finding(one, *money.backlog_parts(one)) for one in ledgers] == [
        "AWS's backlog is US$560bn; OpenAI had signed for US$138bn",
        "AWS's backlog is US$560bn; OpenAI had signed for US$138bn or more",
        "AWS's backlog was US$560bn in June 2026; OpenAI had signed for US$138bn or more by then",
    ]
    told = [partners.ratios(partners.partners(then(deals=rows))) for rows in ([], [floor])]
    assert [f"US$2.8{words} at Amazon" in str(ratios) for words, ratios in zip(("–9.2", " or more"), told, strict=True)]


def test_the_states_of_promises_add_up(then: Then):
    """'6 of 15 have been kept, 7 are open, late: 1': the fifteenth, of which a smaller number was named, was missing."""
    parts = ("kept", "waiting", "late", "cut", "untold", "smaller")
    late = last("deals", deal="softbank-openai-equity-2026-tranche1")
    for ledger in (Ledger.load(FROZEN), then(deals=[late | {"start": "", "status": "paused"}])):
        now = scorecard.kept(ledger).by_name()
        assert sum(now[part].value for part in parts) == now["promises"].value > 0
    assert [now[part].value for part in parts[2:]] == [2, 0, 0, 1]
    said = "two were late or told of later and one was replaced by a smaller number"
    assert (now["has_rest"].value, now["rest_words"].value) == (True, said)


def test_money_signed_for_since_the_filing_counts_as_promised(then: Then):
    """'18x the money that it is known to have promised' when Microsoft had signed for 60 more, of which 20 was paid."""
    signed = last("deals", deal="microsoft-openai-equity-2024") | {"part_of": "", "status": "signed", "start": ""}
    rows = [
        signed | {"deal": f"microsoft-openai-equity-{n}", "low_usd_bn": usd, "high_usd_bn": usd, "status": status}
        for n, usd, status in ((1, "40", "signed"), (2, "20", "closed"))
    ]
    before, now = (microsoft.contract(then(deals=some)).by_name() for some in ([], rows))
    assert now["promised"].value - before["promised"].value == 60
    assert now["paid_in"].value - before["paid_in"].value == 20
    assert now["order_multiple"].value == pytest.approx(250 / (13.75 + 60))
    multiples = [microsoft.stake(then(deals=some)).by_name()["multiple"].value for some in ([], rows)]
    assert multiples[0] == multiples[1], "of the stake that the older money bought"


def test_a_holder_whose_books_carry_no_shares_holds_none(then: Then):
    """Amazon stood to lose on shares that it had sold."""
    books = metric(
        "amazon", "carrying_value_openai", like="free_cash_flow", end="2026-05-31", basis="actual", value="0"
    )
    held = [set(holders.holdings(then(metrics=rows))["party"]) for rows in ([], [books])]
    assert held[0] - held[1] == {"amazon"}


def test_a_loan_that_is_repaid_is_no_promise(then: Then):
    """SoftBank's bridge loan, repaid, stood among the promises behind the buildout and among what falls due."""
    bridge = last("deals", deal="softbank-bridge-2026") | {"status": "signed", "end": "2027-03-31"}
    bridge |= {"as_of": "2026-06-01"}
    repaid = bridge | {"status": "closed", "as_of": later.DAY, "end": later.DAY}
    drawn = bridge | {"status": "closed", "as_of": later.DAY}
    for rows, is_due in (([bridge], True), ([bridge, drawn], True), ([bridge, repaid], False)):
        ledger = then(deals=rows)
        named = [*softbank.risks(ledger)[0]["name"], *books.maturities(ledger)[0]["what"]]
        assert sum("bridge loan" in name for name in named) == 2 * is_due
        told = story_rows.rows_of(ledger, f"deals:{bridge['deal']}")[-1]
        assert (told.ending == "repayment") is (": repaid, " in told.words) is not is_due


def test_a_lease_whose_guarantee_was_called_is_not_still_expected(then: Then):
    """'Each guarantee begins with its lease, the first expected in 2028' when NVIDIA had paid on one."""
    cap = last("deals", deal="nvidia-coreweave-backstop") | {"deal": "nvidia-openai-guarantee-ohio", "note": ""}
    cap |= {"scope": "openai", "payee": "sb-energy", "high_usd_bn": "105", "start": "2028-01-01", "end": "2047-12-31"}
    paid = cap | {"deal": "nvidia-ohio-guarantee-paid", "status": "closed", "role": "payment", "low_usd_bn": "4"}
    paid |= {"high_usd_bn": "4", "start": later.DAY, "end": later.DAY}
    told = [exposure.backing(then(deals=rows)).by_name()["first_lease"].value for rows in ([cap], [cap, paid])]
    assert told == ["the first expected in 2028", f"one of them called by {pd.Timestamp(later.DAY):%B %Y}"]


def test_a_title_in_which_nothing_is_short_is_a_sentence():
    """'OpenAI is nothing short if it grows as planned'; and the lead count alone is told."""
    table = pd.DataFrame({"scenario": ["slow", "slow", "fast"], "case": ["contracts", "capacity", "contracts"]})
    told = [
        series.alternatives_finding(table.assign(label=labels))
        for labels in (["US$58bn", "US$433bn", "nothing"], ["nothing", "US$433bn", "nothing"])
    ]
    assert told == [
        "OpenAI lacks nothing if it grows exactly as planned, US$58bn if slower",
        "OpenAI lacks nothing if it grows exactly as planned or slower",
    ]


def test_a_pair_whose_order_was_cancelled_does_not_want_a_price(then: Then):
    """'Not drawn, for want of a price on one side: Amazon and OpenAI', whose order had been cancelled."""
    over = last("deals", deal="openai-aws-compute") | {"status": "cancelled"}
    sides, _ = money.equity_and_orders(ledger := then(deals=[over]))
    note = money.pairs_note(ledger, sides, money.priced_pairs(sides))
    assert "for want of a deal or its price on one side: Amazon and OpenAI" in note


def test_an_order_that_is_paid_in_full_ends_what_rests_on_it(then: Then):
    """'Almost all must be paid whether used or not; OpenAI's is not singled out' of an order that had been paid."""
    paid = last("deals", deal="openai-coreweave-compute") | {"status": "closed", "end": later.DAY}
    before, now = (story_rows.rows_of(then(deals=rows), f"deals:{paid['deal']}")[-1].ending for rows in ([], [paid]))
    assert (before, now) == ("", "settlement")


def test_a_site_is_explained_as_partly_live_where_one_is(then: Then):
    """'A site is called partly live as soon as one building runs' under a list in which none was."""
    site = last("sites", site="abilene") | {"status": "live", "planned_gw": "1.2"}
    notes = [buildout.site_note(then(sites=[site | {"live_gw": gw}])) for gw in ("0.3", "1.2")]
    assert ["partly live" in note for note in notes] == [True, False]


def test_a_count_with_every_tranche_is_not_told_of_fewer(then: Then):
    """'By its own count US$64.6bn with every tranche' when one of the tranches had been called off."""
    own = metric("softbank", "invested_in_openai", like="ltv", basis="projection", unit="usd_bn", end="2026-10-31")
    off = last("deals", deal="softbank-openai-equity-2026-tranche3") | {"status": "cancelled"}
    totals = [
        last("deals", deal=deal) | {"low_usd_bn": usd, "high_usd_bn": usd}
        for deal, usd in (("openai-round-2026", "112"), ("softbank-openai-equity-2026", "20"))
    ]
    for rows, is_told in (([], True), ([off, *totals], False)):
        ledger = then(metrics=[own | {"value": "64.6"}], deals=rows)
        assert oracle_softbank.softbank(ledger).by_name()["is_count_different"].value is is_told
