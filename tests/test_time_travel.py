"""The report on a later day that nobody has written for: no sentence, number or condition may contradict a row."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.book.publishing import diff_statements
from analysis.book.running import chapter_stories, notebooks
from analysis.ledger import Ledger, check
from analysis.ledger.checks import examine
from analysis.models import deals
from analysis.numbers import chipmakers, ledger_facts, named_sums, parties, stories, story_rows, timeline
from analysis.numbers.amazon import shops, trainium
from analysis.numbers.facts import Facts
from analysis.numbers.microsoft import ownership
from analysis.numbers.results import Result
from analysis.numbers.series import microsoft as microsoft_series
from analysis.numbers.series.amazon import money
from analysis.numbers.series.oracle_softbank import books as oracle_books
from analysis.numbers.series.oracle_softbank import buildout, promises
from tests import later
from tests.conftest import number_functions, numbers_of
from tests.ledgers import FROZEN

CHAPTERS = [path.stem for path in notebooks.chapters(paths.CHAPTERS)]
# Conditions that tell of an ending, or of a day on which something was said, signed or rated: no cancellation undoes it.
TELL_OF_THE_PAST = {
    "changes.has_turned",
    "index.has_letter",
    "index.is_letter_dropped",
    "microsoft.is_order_gone",
    "microsoft.was_ordered",
    "oracle_softbank.has_loans_rated",
    "oracle_softbank.has_sites",
}
# What only a deal that is not paid yet may be said to be.
NOT_PAID = re.compile(
    r"conditional part|may never be paid|ever paid|falls? due on a milestone|still to be paid|not closed"
    r"|every condition is met|the other US\$0bn",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger with facts of a later day, see `later.with_later_facts`."""
    return later.with_later_facts(later.copy_of(tmp_path_factory.mktemp("later") / "data"))


@pytest.fixture(scope="module")
def then(folder: Path) -> Ledger:
    return Ledger.load(folder)


@pytest.fixture(scope="module")
def results(then: Ledger) -> dict[str, Result]:
    return numbers_of(then)


@pytest.fixture(scope="module")
def pages(then: Ledger, results: dict[str, Result]) -> dict[str, str]:
    return later.pages(then, results)


@pytest.fixture(scope="module")
def live_after_the_end(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Conditions that hold although every deal has been cancelled, each with the deals that it rests on."""
    folder = later.with_every_deal_cancelled(later.copy_of(tmp_path_factory.mktemp("ended") / "data"))
    ledger, found = Ledger.load(folder), {}
    cheap = [f for f in number_functions() if ".sustainability" not in f.__module__]  # its draws rest on no one deal
    for key, result in {r.key: r for function in cheap for r in function(ledger, "central")}.items():
        rests_on = {row for row in result.rows if row.startswith("deals:")}
        if result.unit == "flag" and result.value and rests_on:
            found[key] = rests_on
    return found


def newest_payments(folder: Path) -> pd.DataFrame:
    """The newest row of each deal, read by other code than the package's; amounts as numbers."""
    rows = pd.DataFrame(later.table_of(folder, "deals")).sort_values("as_of", kind="stable").groupby("deal").tail(1)
    rows = rows[
        (rows["role"] == "payment") & (rows["status"] != "cancelled") & ~rows["condition"].str.contains("talks")
    ]
    return rows.assign(**{end: pd.to_numeric(rows[end]) for end in ("low_usd_bn", "high_usd_bn")})


def test_the_later_facts_are_a_sound_ledger(folder: Path):
    assert check(folder) == []


def test_a_text_gives_way_to_a_later_row_in_every_story(tmp_path: Path):
    """Whatever a chapter says of a key, a row that it has no text for is told by the ledger and the text is gone."""
    told = [(name, story) for name, _, story in chapter_stories.stories_of(paths.CHAPTERS)]
    folder = later.with_a_row_for(later.copy_of(tmp_path / "data"), [story.subject for _, story in told])
    frames, _ = examine(folder)  # a total need not be that of its parts here
    ledger, checked = Ledger(frames, None, folder), 0
    for name, story in told:
        rows = story_rows.ledger_rows(ledger, story.key)
        if not rows or rows[-1].day != later.DAY:
            continue  # the frozen ledger does not have the key
        ended = next((row for row in rows if row.day == later.DAY and row.ending), None)  # nothing else is told then
        newest = ended or next(row for row in reversed(rows) if row.is_of(story.subject))
        source = f"::::{{story}} {story.key}\n" + "".join(
            f":::{{row}} {' '.join(text.days)}\n{text.body}:::\n" for text in story.texts
        )
        page = notebooks.tell(f"{source}::::\n", {story.key: rows}, set())
        if min(story.days()) > later.DAY:
            continue  # begun by the editor on a day still to come
        checked += 1
        assert "From the ledger, 13 June 2026:" in page, (name, story.key)
        assert notebooks.MARKUP.sub(notebooks.BACKSLASHED, newest.words) in page, (name, story.key)
        for text in story.texts:
            assert text.body.strip() not in page, f"{name}: a text of {story.key} outlives its fact"
        asked = stories.to_do(story, rows, later.DAY)
        note = re.compile(rf"no text for the {newest.ending or 'row'} .*{later.DAY}")
        assert any(note.search(what) for what in asked), f"an editor is told: {asked}"
    assert checked > 3


def test_pages_have_no_gaps(pages: dict[str, str]):
    for name, text in pages.items():
        for sentence in later.sentences(text):
            assert not re.search(r"\bnan\b|\bNone\b|\[[a-z_]+\.[a-z_0-9]+\]", sentence), (name, sentence)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_is_paid_in_full_is_not_conditional(pages: dict[str, str], chapter: str):
    assert [s for s in later.sentences(pages[chapter]) if NOT_PAID.search(s)] == []


def test_equity_paid_in_full_is_one_sum(folder: Path, results: dict[str, Result]):
    paid = newest_payments(folder).query("payee == 'openai' and kind == 'equity' and scope == 'openai'")
    assert set(paid["status"]) == {"closed"}
    assert results["index.gets"].value == pytest.approx(paid["high_usd_bn"].sum())
    assert (results["index.has_unpaid"].value, results["index.unpaid"].value) == (False, None)


def test_a_published_loss_is_not_inferred(pages: dict[str, str], results: dict[str, Result]):
    assert (results["microsoft.has_published_loss"].value, results["microsoft.has_loss"].value) == (True, False)
    assert results["microsoft.published_loss"].value == 21.3
    implied = {
        results[key].text for key in ("microsoft.implied_loss", "microsoft.implied_new", "microsoft.implied_old")
    }
    for name, text in pages.items():
        told = later.sentences(text)
        assert not any("only be inferred" in s or "There is none for a quarter" in s for s in told), name
        if any(amount in s and "loss" in s for s in told for amount in implied):
            assert any("21.3" in s for s in told), f"{name} shows the implied loss alone"


def test_forecasts_of_two_authors_are_not_added(then: Ledger, results: dict[str, Result]):
    rows = pd.DataFrame(later.table_of(FROZEN, "metrics"))
    own = rows.query("entity == 'openai' and metric == 'cash_burn' and as_of == '2026-02-20' and basis == 'projection'")
    years = own[(own["by"] == "") & (own["start"].str[:4] == own["end"].str[:4])]["value"].astype(float)
    assert results["index.burn_ahead"].value == pytest.approx(years[years > 0].sum())
    forecast = Facts(then, "index").forecast("openai", "cash_burn")
    assert set(zip(forecast["by"], forecast["as_of"], strict=True)) == {("", pd.Timestamp("2026-02-20"))}


# A later fact, and what no sentence of any page may say then.
STALE = {
    "a cancelled warrant": re.compile(r"AMD.*(warrant|pays its customer|binds|first step)"),
    "a paused site": re.compile(r"Abilene.*(buildings|\bruns?\b|in service)"),
    "an order before it was amended": re.compile(r"US\$138bn"),
    "cash of an earlier day": re.compile(r"US\$17\.5bn"),
    "years of two forecasts": re.compile(r"US\$(90|360)bn"),
}


@pytest.mark.parametrize("fact", STALE)
def test_no_page_tells_what_a_later_row_has_ended(pages: dict[str, str], fact: str):
    found = [(name, s) for name, text in pages.items() for s in later.sentences(text) if STALE[fact].search(s)]
    assert [(name, s) for name, s in found if "From the ledger" not in s] == []


def test_the_later_facts_are_on_the_pages(pages: dict[str, str], folder: Path, results: dict[str, Result]):
    """The amended order, the later cash, the forecast of the firm itself, and the new guarantee in its sum."""
    assert "US$150bn" in pages["amazon"] and "US$60bn of 31 March 2026" in pages["sustainability"]
    assert results["index.burn_ahead"].text in pages["index"]
    newest = pd.DataFrame(later.table_of(folder, "deals")).sort_values("as_of", kind="stable").groupby("deal").tail(1)
    stands = newest[(newest["kind"] == "guarantee") & (newest["status"] != "cancelled") & (newest["scope"] != "openai")]
    most = pd.to_numeric(stands.loc[stands["scope"].isin(["chain", "comparator"]), "high_usd_bn"]).sum()
    assert results["exposure.other_guarantees"].value == pytest.approx(most)


def test_talks_are_not_agreed(then: Ledger, results: dict[str, Result]):
    assert results["index.talks"].value == 40
    assert not (deals.payments(then.deals)["deal"] == "new-party-openai-equity").any()
    side = parties.sides_by_party(then).set_index("party").loc["new-party"]
    assert (side["invests_high"], side["sells_high"], side["is_both"]) == (0, 33, False)


def test_what_openai_owes_is_the_sum_of_the_rows(folder: Path, results: dict[str, Result]):
    owed = newest_payments(folder).query("payer == 'openai' and scope == 'openai' and kind not in ('equity', 'debt')")
    low, high = owed["low_usd_bn"].fillna(0), owed["high_usd_bn"].fillna(owed["low_usd_bn"]).fillna(0)
    assert (results["index.owes"].low, results["index.owes"].high) == pytest.approx((low.sum(), high.sum()))


def test_a_new_party_a_guarantee_and_an_amendment_are_told_by_some_chapter(then: Ledger):
    found = {fact.key: (name, fact) for name, facts in ledger_facts.news(then, CHAPTERS).items() for fact in facts}
    for key, words in (
        ("deals:openai-new-party-compute", "OpenAI agreed to buy US$33bn of computing from New Party"),
        ("deals:oracle-crusoe-guarantee", "Oracle agreed to give Crusoe a guarantee of up to US$105bn"),
        ("deals:openai-aws-compute", "OpenAI agreed to buy US$150bn of computing from Amazon (2 GW)"),
        ("deals:openai-amd-chips", "OpenAI's order for chips from AMD was called off"),
    ):
        name, fact = found[key]
        assert name in CHAPTERS and fact.words == words
        block = notebooks.news_cell([(fact.day, fact.words)]).source
        assert notebooks.MARKUP.sub(notebooks.BACKSLASHED, words) in block
    site = next(fact for fact in ledger_facts.facts(then) if fact.key == "sites:abilene")
    assert site.day == later.DAY and ": paused, " in site.words


def test_what_ended_or_came_is_named_with_its_amount(then: Ledger):
    before = Ledger.load(FROZEN)
    fresh, ended = diff_statements.new_deals(before, then), diff_statements.ended(before, then)
    assert fresh[0] == "Oracle to Crusoe, guarantee: signed, up to US$105bn  [deals:oracle-crusoe-guarantee]"
    assert {line.partition("[")[2].rstrip("]") for line in ended} >= {"deals:amd-openai-warrant", "sites:abilene"}


def test_a_cancelled_deal_turns_off_what_tells_of_it(live_after_the_end: dict[str, set[str]]):
    """A condition that rests on deals alone asks what their rows say: when all have ended, it does not hold."""
    assert set(live_after_the_end) - TELL_OF_THE_PAST == set()


# Sentences and titles that were false on a ledger of invented facts of October 2026.


@pytest.fixture
def ended(tmp_path: Path) -> Ledger:
    """The frozen ledger and invented rows: Amazon's order is cancelled, the plan for computing shrinks again."""
    folder = later.copy_of(tmp_path / "data")
    order = later.last_of(folder, "deals", deal="openai-aws-compute") | {"status": "cancelled", "condition": ""}
    plan = later.last_of(folder, "deals", deal="openai-compute-plan") | {"low_usd_bn": "450", "high_usd_bn": "450"}
    later.append(folder, "deals", [order, plan])
    return Ledger.load(folder)


def test_a_cancelled_order_is_no_measure_of_sales(ended: Ledger):
    """'To pay for one average year of AWS would take sales of 414.8bn' stood after the order was cancelled."""
    told = shops.commerce(ended).by_name()
    assert (told["has_fee"].value, told["has_sales_needed"].value, told["sales_needed"].value) == (True, False, None)
    assert trainium.chips(ended).by_name()["chips"].value is None
    assert money.growth_finding(money.growth(ended)) == "OpenAI's orders of US$138bn from AWS were cancelled"


def test_the_newest_plan_counts_in_whichever_table_it_stands(ended: Ledger):
    """'What OpenAI now says it will spend: 600bn' and 'the smaller plan' when a newer row said 450."""
    told = timeline.story(ended).by_name()
    assert (told["planned"].value, told["planned_day"].value) == (450, later.DAY)
    assert told["fell"].value == pytest.approx(100 * (1 - 450 / 1400))
    assert named_sums.climb_down(ended)["value"].eq(450).any()


def test_a_cancelled_guarantee_has_no_amount(tmp_path: Path):
    """A card showed NVIDIA's guarantee of up to 105bn after it was cancelled; the letter's amount is still told."""
    folder = later.copy_of(tmp_path / "data")
    new = {"deal": "nvidia-openai-guarantee-ohio", "status": "signed", "kind": "guarantee", "role": "contingent"}
    new |= {"scope": "chain", "payer": "nvidia", "payee": "sb-energy", "high_usd_bn": "105", "as_of": "2026-06-01"}
    like = later.last_of(folder, "deals", deal="nvidia-openai-loi")
    new |= {column: like[column] for column in ("source", "verified")}
    later.append(folder, "deals", [new])
    assert chipmakers.promises(Ledger.load(folder)).by_name()["ohio"].high == 105
    later.append(folder, "deals", [new | {"as_of": later.DAY, "status": "cancelled"}])
    told = chipmakers.promises(Ledger.load(folder)).by_name()
    assert (told["ohio"].value, told["ohio"].high, told["letter"].high) == (None, None, 100)


def test_a_stake_after_a_sale_is_not_that_after_the_round(tmp_path: Path):
    """'A filing has since given it: about 21%': the stake after shares were sold stood for that after the round."""
    folder = later.copy_of(tmp_path / "data")
    row = later.last_of(folder, "metrics", entity="microsoft", metric="stake_pct_of_openai") | {"basis": "actual"}
    filed = row | {"as_of": "2026-05-01", "end": "2026-04-30", "value": "25"}
    later.append(folder, "metrics", [filed, row | {"end": "2026-06-01", "value": "21"}])
    told = ownership.stake(Ledger.load(folder)).by_name()
    assert (told["stake_filed"].value, told["stake_filed_day"].value) == (25, "2026-04-30")
    assert told["stake_now"].value == 21


def test_titles_draw_no_contract_that_was_cancelled(tmp_path: Path):
    """'OpenAI's contract ends in 2031' and 'Inside plans stands Oracle's contract' after Oracle's was cancelled."""
    folder = later.copy_of(tmp_path / "data")
    keys = ("openai-oracle-compute", "openai-azure-compute", "softbank-bridge-2026")
    ended = [later.last_of(folder, "deals", deal=key) | {"status": "cancelled", "condition": ""} for key in keys]
    like = later.last_of(folder, "deals", deal=keys[0])
    bill = {"as_of": later.DAY, "entity": "microsoft", "metric": "revenue_from_openai", "start": "2025-07-01"}
    bill |= {"end": "2026-06-30", "value": "24", "unit": "usd_bn", "basis": "actual"}
    later.append(folder, "deals", ended)
    later.append(folder, "metrics", [bill | {column: like[column] for column in ("source", "verified")}])
    then = Ledger.load(folder)
    spans, _ = oracle_books.maturities(then)
    assert promises.finding(spans) == "How long each promise runs"
    assert not spans["what"].str.contains("bridge").any()
    assert "Oracle" not in buildout.headlines_finding(buildout.headlines(then)[0])
    told = microsoft_series.bills_finding(then, "central")
    assert told.startswith("Microsoft booked US$24bn from OpenAI in ") and "order" not in told
