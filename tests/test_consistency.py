"""The site does not contradict itself: each check on the built site, and on a page that it must refuse."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.ledger import Ledger
from analysis.numbers.company_names import short_name
from tests import consistency


def page(body: str) -> dict:
    return {"page": BeautifulSoup(f"<article>{body}</article>", "html.parser")}


def result(key: str, text: str, value=None, unit: str = "usd_bn", **more) -> dict:
    empty = {"low": None, "high": None, "period": None, "label": key}
    return empty | {"key": key, "text": text, "value": value, "unit": unit} | more


def names(ledger: Ledger) -> set[str]:
    return {*ledger.entities["name"]} | {short_name(name) for name in ledger.entities["name"]}


def test_no_quantity_has_two_values(site: Path):
    assert [*consistency.two_values(consistency.pages(site), consistency.results(site))] == []


def test_counts_are_those_of_what_follows(site: Path):
    assert [*consistency.wrong_counts(consistency.pages(site), consistency.results(site))] == []


def test_figures_draw_the_parties_of_their_titles(site: Path, live: Ledger):
    assert [*consistency.undrawn_parties(consistency.pages(site), names(live))] == []


def test_the_table_of_explore_ends_on_the_gap_of_the_chapter(site: Path):
    table = BeautifulSoup((site / "explore.html").read_text(encoding="utf-8"), "html.parser").select_one(".rt-fallback")
    known = {r["key"]: r for r in consistency.results(site)}
    gap, last = known["sustainability.gap"], known["sustainability.last_year"]
    cells = [cell.get_text(strip=True).replace(",", "") for cell in table.find_all("tr")[-1].find_all(["th", "td"])]
    assert cells == [f"{n:.0f}" for n in (last["value"], gap["low"], gap["value"], gap["high"])]


LINK = '<a data-note="note-index-owed">{}</a>'


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (LINK.format("US$388bn"), [result("index.owed", "US$412bn", 412.0)]),
        (LINK.format("US$43bn"), [result("index.owed", "US$67bn (US$10–90bn)", 67.0, low=10.0, high=90.0)]),
        ("", [result("index.owed", "US$388bn", label="Owed"), result("amazon.owed", "US$389bn", label="owed")]),
    ],
)
def test_a_quantity_with_two_values_is_found(body: str, known: list):
    assert len([*consistency.two_values(page(body), known)]) == 1


@pytest.mark.parametrize("text", ["US$388.5bn", "US$390bn", "US$389bn"])
def test_a_rounded_value_is_no_second_one(text: str):
    known = [result("index.owed", "US$388.5bn", 388.5)]
    assert [*consistency.two_values(page(LINK.format(text)), known)] == []


@pytest.mark.parametrize(
    ("body", "is_wrong"),
    [
        ("<h2>Five findings</h2>" + "<p><strong>So.</strong> It is.</p>" * 6, True),
        ("<h2>Six findings</h2>" + "<p><strong>So.</strong> It is.</p>" * 6, False),
        ("<p>There are three cases:</p><ul><li>a</li><li>b</li></ul>", True),
        ("<p>There are three cases:</p><dl><dt>a</dt><dt>b</dt><dt>c</dt></dl>", False),
        ("<p>It has two partners (Microsoft, Amazon and SoftBank).</p>", True),
        ("<p>It has two partners (Microsoft and Amazon).</p>", False),
    ],
)
def test_a_wrong_count_is_found(body: str, is_wrong: bool):
    assert bool([*consistency.wrong_counts(page(body), [])]) == is_wrong


def test_a_number_of_names_that_is_not_theirs_is_found():
    who = result("index.both_names", "Microsoft and Amazon", "Microsoft and Amazon", unit="text")
    for count, is_wrong in ((4, True), (2, False)):
        found = [*consistency.wrong_counts({}, [result("index.both", str(count), count, unit="count"), who])]
        assert bool(found) == is_wrong


@pytest.mark.parametrize(
    ("title", "is_wrong"),
    [
        ("Half of what OpenAI owes goes to Oracle and SoftBank", True),
        ("Half of what OpenAI owes goes to Oracle", False),
        ("SoftBank pays with loans", False),
    ],
)
def test_a_party_that_is_named_and_not_drawn_is_found(title: str, is_wrong: bool):
    body = (
        f'<figure class="rt-figure" id="fig-x"><p class="rt-title">{title}</p>'
        "<svg><text>Oracle</text><text>Microsoft</text></svg></figure>"
    )
    assert bool([*consistency.undrawn_parties(page(body), {"Oracle", "SoftBank", "Microsoft", "OpenAI"})]) == is_wrong
