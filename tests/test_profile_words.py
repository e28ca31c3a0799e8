"""The words of the pages of companies and deals: none of the ledger's keys, and no two things by one name."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.ledger import Ledger
from analysis.numbers.glances import Glances
from analysis.numbers.ledger_words import words_of
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.profiles.headings import headings, titles
from analysis.numbers.profiles.notes import news_of
from analysis.numbers.profiles.standfirsts import standfirst
from tests.conftest import add_row
from tests.test_profiles import soup, write

# Keys of the ledger that a reader would not use, or not so: what the money of a deal is for, and how firm it is.
KINDS = ("equity", "debt", "compute", "revenue-share", "commercial", "donation")
STATES = ("amended", "closed", "under construction", "actual", "guidance", "projection", "reported", "usd_bn")
ROLES = ("contingent", "payment", "claim", "total")
# A key where a page states something: alone, behind a colon, or within brackets.
STATED = re.compile(rf"(?:^|[:;(,] )(?:{'|'.join((*KINDS, *STATES, *ROLES))})(?=$|[),;.])")


def stated(page: BeautifulSoup) -> list[str]:
    """What a page states in words of this project: cells, facts and rows, without notes, rules and sources."""
    for part in page.select(
        ".rt-notes, .rt-said, .rt-sources, .rt-cited, #rights ~ ol, #terms ~ ol, #timeline ~ ol.rt-statements"
    ):
        part.decompose()
    found = page.select("td, dd, dt, th, .rt-kicker, .rt-kind, .rt-days li li, .rt-steps-of p, .rt-statements li")
    return [re.sub(r"\s+", " ", tag.get_text(" ")).strip().replace("( ", "(").replace(" )", ")") for tag in found]


@pytest.fixture(scope="module")
def made(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    target = tmp_path_factory.mktemp("words")
    return target, write(ledger, target)


def test_no_page_states_a_key_of_the_ledger(made: tuple[Path, list[str]]):
    folder, names = made
    found = {f"{name}: {text}" for name in names for text in stated(soup(folder / name)) if STATED.search(text)}
    assert found == set()


@pytest.mark.parametrize("table", ["deals", "metrics", "sites"])
def test_no_row_is_told_by_its_keys(ledger: Ledger, table: str):
    """Every kind, status, role and basis of the frozen ledger, each with each of the others."""
    rows = ledger.history[table].to_dict("records")
    columns = [c for c in ("kind", "status", "role", "basis") if c in rows[0]]
    values = {column: sorted({row[column] for row in rows}) for column in columns}
    assert sum(map(len, values.values())) > 3
    for column in columns:
        for value in values[column]:
            for row in rows:
                told = words_of(ledger, table, row | {"condition": ""} | {column: value})
                assert not STATED.search(told), told


@pytest.mark.parametrize("which", ["ledger", "live"])
def test_no_two_deals_have_one_name(which: str, request: pytest.FixtureRequest):
    known: Ledger = request.getfixturevalue(which)
    statements = Profiles(known).statements
    for names in (headings(statements), titles(statements)):
        assert len(set(names.values())) == len(names) == len(known.deals)


def test_the_same_loan_twice_in_a_month_is_told_apart(copy: Path):
    like = {"deal": "openai-aws-compute"}
    loan = {"as_of": "2026-03-05", "kind": "debt", "role": "payment", "status": "signed", "part_of": "", "parts": ""}
    for name, amount in (("a", "5"), ("b", "7"), ("c", "7"), ("x-tranche2", "7")):
        add_row(copy / "deals.csv", like, deal=f"loan-{name}", low_usd_bn=amount, high_usd_bn=amount, **loan)
    names = headings(Profiles(Ledger.load(copy)).statements)
    first = "OpenAI → Amazon: loan, March 2026"
    assert [names[f"loan-{name}"] for name in ("a", "b", "c")] == [
        f"{first}, US$5bn",
        f"{first}, US$7bn (1)",
        f"{first}, US$7bn (2)",
    ]
    assert names["loan-x-tranche2"] == "OpenAI → Amazon: loan, second tranche, March 2026"


def test_a_name_on_a_page_leads_to_one_deal(made: tuple[Path, list[str]]):
    folder, names = made
    for name in names:
        places = defaultdict(set)
        for link in soup(folder / name).select('main a[href*="deals/"], main .rt-deals a'):
            places[link.get_text(" ", strip=True)].add(link["href"])
        assert {text: hrefs for text, hrefs in places.items() if len(hrefs) > 1} == {}, name


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Start: year only. End: year only.", ""),
        ("Price unchanged. Words: exceeds $300 billion ... over the next five years.", "Price unchanged."),
        ("letter agreement for 35. low = firm amount, high = total.", "Letter agreement for 35."),
        ("Later paid; the rest is in softbank-openai-equity-2025-closing2.", ""),
        ("GBP 500m; 750 MW in phases", "GBP 500m; 750 MW in phases."),
        ("", ""),
    ],
)
def test_a_note_is_told_without_what_it_says_of_the_ledger(note: str, told: str):
    assert news_of(note) == told


def test_a_sentence_is_told_on_the_first_day_that_says_it(copy: Path):
    like = {"deal": "openai-aws-compute"}
    notes = (("2026-03-20", "Sites are late. A second source."), ("2026-03-21", "Sites are late. Nothing new."))
    for day, note in notes:
        add_row(copy / "deals.csv", like, as_of=day, note=note)
    steps = Profiles(Ledger.load(copy)).deals["openai-aws-compute"].steps
    assert [step.news for step in steps[-2:]] == ["Sites are late. A second source.", "Nothing new."]


def test_how_firm_money_is_adds_up(copy: Path):
    """Of 138 that are signed, 7 announced and 3 reported, each is told, and the number above is their sum."""
    like = {"deal": "openai-aws-compute"}
    for status, amount in (("announced", "7"), ("reported", "3")):
        cells = {"status": status, "low_usd_bn": amount, "high_usd_bn": amount, "as_of": "2026-03-10"}
        add_row(copy / "deals.csv", like, deal=f"more-{status}", part_of="", parts="", **cells)
    lead = Profiles(Ledger.load(copy)).companies["amazon"].lead
    assert lead.number == "US$148bn"
    assert lead.firmness == (
        "Of it US$138bn is signed or paid, US$7bn is announced and US$3bn is known from press reports alone."
    )


def test_a_page_says_what_came_last_and_what_comes_next(copy: Path):
    like = {"deal": "openai-aws-compute"}
    cells = {"kind": "equity", "status": "signed", "part_of": "", "parts": "", "low_usd_bn": "4", "high_usd_bn": "4"}
    for name, day in (("later", "2027-06-30"), ("sooner", "2027-05-31")):
        add_row(copy / "deals.csv", like, deal=name, as_of="2026-03-30", start=day, end=day, payee="crusoe", **cells)
    profiles = Profiles(Ledger.load(copy))
    glance = Glances(profiles).of(profiles.companies["crusoe"])
    assert (glance.last.table, glance.last.day) == ("deals", "2026-03-30")
    assert (f"{glance.next.day}", glance.next.deal) == ("2027-05-31", "sooner")


def test_a_row_that_repeats_an_old_sum_is_not_what_came_last(copy: Path):
    for day, like in (("2026-03-29", "openai-aws-compute"), ("2026-03-30", "told-twice")):
        cells = {"as_of": day, "payee": "crusoe", "status": "signed", "part_of": "", "parts": ""}
        add_row(copy / "deals.csv", {"deal": like}, deal="told-twice", **cells)
    profiles = Profiles(Ledger.load(copy))
    glances, crusoe = Glances(profiles), profiles.companies["crusoe"]
    assert glances.of(crusoe).last.day == "2026-03-29" == max(s.day for s in glances.news(crusoe))


def test_a_month_beside_an_amount_is_that_of_the_amount(copy: Path):
    """A price of October 2025 stood beside January 2023, when the deal without a price became known."""
    cells = {"part_of": "", "parts": "", "payee": "crusoe", "status": "signed", "start": "", "end": ""}
    rows = (("openai-aws-compute", "2025-01-23", ""), ("priced-later", "2026-02-28", "250"))
    for like, day, amount in rows:
        priced = {"as_of": day, "low_usd_bn": amount, "high_usd_bn": amount}
        add_row(copy / "deals.csv", {"deal": like}, deal="priced-later", **priced | cells)
    known = Ledger.load(copy)
    assert headings(Profiles(known).statements)["priced-later"].endswith("February 2026")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("only the first 1 GW is binding", "It covers up to 6 GW: only the first 1 GW is binding."),
        ("deliveries on time", "It covers 6 GW."),
    ],
)
def test_capacity_is_told_with_what_of_it_binds(copy: Path, condition: str, said: str):
    cells = {"as_of": "2026-03-10", "gw": "6", "condition": condition, "part_of": "", "parts": "", "status": "signed"}
    add_row(copy / "deals.csv", {"deal": "openai-aws-compute"}, deal="large", **cells)
    profiles = Profiles(Ledger.load(copy))
    assert said in standfirst(profiles.statements, profiles.deals["large"])


def test_what_is_announced_within_a_signed_total_is_no_open_offer(copy: Path):
    like = {"deal": "openai-aws-compute"}
    cells = {"as_of": "2026-03-10", "low_usd_bn": "9", "high_usd_bn": "9", "parts": ""}
    add_row(copy / "deals.csv", like, deal="the-total", role="total", status="signed", part_of="", **cells)
    add_row(copy / "deals.csv", like, deal="the-part", status="announced", part_of="the-total", **cells)
    profiles = Profiles(Ledger.load(copy))
    told = standfirst(profiles.statements, profiles.deals["the-part"])
    assert told.startswith("OpenAI agreed to pay Amazon US$9bn for computing. It is known only as announced;")
