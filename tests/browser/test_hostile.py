"""Ledgers that attack the page or leave it almost empty: nothing executes, nothing breaks the layout."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_site import PAGES
from tests.hostile import ROWS

FIGURE_PAGES = [
    "figures/index.html",
    "figures/fig-index-loop.html",
    "figures/fig-oracle-sites.html",
    "figures/fig-circularity-network.html",
]
PROFILES = ["companies/index.html", "companies/openai.html", "deals/index.html", "deals/openai-aws-compute.html"]
DESCRIPTION = "script[type='application/ld+json']"  # data, which no browser runs
SCRIPTS = """[...document.querySelectorAll("script:not([type='application/ld+json'])")]
    .filter(s => !s.src).map(s => s.textContent).filter(t => t.includes('hacked'))"""
HANDLERS = r"""[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
    .filter(a => /^on/i.test(a.name) || /^\s*javascript:/i.test(a.value)).map(a => a.name)"""


def is_untouched(v) -> None:
    assert v.page.evaluate("window.hacked") is None, "nothing of the data has run"
    assert v.page.evaluate(SCRIPTS) == [] and v.page.evaluate(HANDLERS) == []
    for text in v.page.locator(DESCRIPTION).all_text_contents():
        assert json.loads(text)["@context"] == "https://schema.org", "the data has not ended the script"
    assert v.errors == [] and v.foreign() == []


ALL = [*(f"{p}.html" for p in PAGES), *FIGURE_PAGES, *PROFILES]


@pytest.mark.parametrize(
    ("name", "width"),
    [*((n, 320) for n in ALL), *((n, 1280) for n in ("index.html", "ledger.html", "circularity.html"))],
)
def test_hostile_text_stays_text(visit, site_hostile: Path, name: str, width: int):
    v = visit(site_hostile, width=width)
    page = v.open(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    is_untouched(v)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"


def test_hostile_text_stays_text_when_touched(visit, site_hostile: Path):
    v = visit(site_hostile)
    page = v.open("ledger.html")
    box = page.locator("#find-deals")
    box.fill("claim-0")
    expect(page.locator("#table-deals tbody tr")).to_have_count(100)
    assert f"{ROWS} of" in page.locator("output[for=find-deals]").inner_text()
    page.get_by_role("button", name="Show 100 more rows").first.click()
    assert page.locator("#table-deals tbody tr").count() == 200
    box.fill("script hacked openai")
    expect(page.locator("output[for=find-deals]")).not_to_contain_text(f"{ROWS} of")
    page.locator("#table-deals .rt-steps").first.click()
    assert page.locator(".rt-timeline").is_visible()
    is_untouched(v)
    page = v.open("index.html")
    for link in page.locator("article a.rt-num:visible").all()[:6]:
        link.press("Enter")
        page.locator(".rt-pop").wait_for(timeout=5000)
        is_untouched(v)
        page.keyboard.press("Escape")
    chart = page.locator("#fig-index-loop .rt-chart")
    chart.hover()
    page.locator('#fig-index-loop .rt-chart[data-state="live"]').wait_for(timeout=15000)
    chart.hover(position={"x": 150, "y": 200})
    is_untouched(v)
    page = v.open("search.html")
    page.locator("#find").fill("script")
    page.wait_for_timeout(600)
    is_untouched(v)


def test_thousands_of_rows_stay_quick(visit, site_hostile: Path):
    """Typing in a table of thousands of rows: counted as work done in the page, so that a loaded machine does not fail it."""
    page = visit(site_hostile).open("ledger.html")
    page.locator("#find-deals").fill("oracle")
    expect(page.locator("output[for=find-deals]")).to_contain_text(" of ")
    assert page.locator("#table-deals tbody tr").count() <= 100, "only what is looked at is drawn"
    assert (site_hostile / "ledger.html").stat().st_size < 1_500_000, "the page itself stays small"


@pytest.mark.parametrize("width", [320])
@pytest.mark.parametrize("name", [*(f"{p}.html" for p in PAGES), "figures/index.html", *PROFILES])
def test_an_almost_empty_ledger_makes_whole_pages(visit, site_small: Path, name: str, width: int):
    v = visit(site_small, width=width)
    page = v.open(name)
    assert v.errors == [] and page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    text = page.locator("body").inner_text()
    assert " nan" not in text.lower().replace("nano", "") and "None" not in text and "undefined" not in text
