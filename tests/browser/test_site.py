"""The built site in a real browser, offline: every page, every chart, wide and narrow, light and dark."""

import functools
import gzip
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from analysis import paths
from analysis.book.running import manuscript, notebooks
from analysis.figures.browsing import PLAIN
from analysis.ledger import Ledger
from tests.browser.conftest import Visit, deals_found_alone
from tests.conftest import IS_WHOLE

PAGES = [*manuscript.contents(paths.TOC), "search"]
FIGURE_CALL = re.compile(r"\bfig_\w+\(")


def _figures(chapter: Path) -> int:
    """How many figures the code of a chapter draws."""
    code = (cell.source for cell in notebooks.read(chapter).cells if cell.cell_type == "code")
    return sum(len(FIGURE_CALL.findall(source)) for source in code)


FIGURES = {path.stem: count for path in notebooks.chapters(paths.CHAPTERS) if (count := _figures(path))}
SCREENSHOTS = paths.BUILD / "screenshots"  # of `make soak` and CI, kept, to be looked at after a run
WEIGHT = 250_000  # bytes, gzipped, before interaction
UNFOLD = "document.querySelectorAll('details.rt-folded').forEach(d => d.open = true)"
# What of a page's structure a reader who hears it would stumble over.
STRUCTURE = """() => {
    const all = selector => [...document.querySelectorAll(selector)], wrong = [];
    const say = (what, found) => wrong.push(...found.map(e => what + ': ' + e.outerHTML.slice(0, 120)));
    const named = e => ['aria-label', 'aria-labelledby', 'title'].some(a => (e.getAttribute(a) || '').trim());
    const refers = (e, a) => (e.getAttribute(a) || '').split(/\\s+/).some(i => i && !document.getElementById(i));
    const seen = new Set();
    say('an id twice', all('[id]').filter(e => seen.has(e.id) || !seen.add(e.id)));
    say('no words for a picture', all('img:not([alt]), [role=img]').filter(
        e => !named(e) && !e.hasAttribute('alt') && !e.querySelector('title')));
    say('no name', all('a[href], button, summary').filter(e => !named(e) && !e.textContent.trim() &&
        !e.querySelector('img[alt]:not([alt=""]), svg title') && !e.closest('[aria-hidden=true]')));
    say('no label', all('input:not([type=hidden]), select, textarea').filter(
        e => !named(e) && !e.labels.length && e.checkVisibility()));
    say('points to nothing', all('[for], [aria-labelledby], [aria-describedby], [aria-controls]').filter(
        e => ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'].some(a => refers(e, a))));
    say('outside a list', all('li, dt, dd').filter(e => !e.parentElement.matches('ul, ol, menu, dl, dl > div')));
    say('no heads', all('table').filter(e => !e.querySelector('th')));
    say('jumps the queue', all('[tabindex]').filter(e => e.tabIndex > 0));
    const heads = all('article h1, article h2, article h3, article h4, article h5, article h6');
    say('skips a level', heads.filter((e, i) => i && Number(e.tagName[1]) > Number(heads[i - 1].tagName[1]) + 1));
    if (!document.documentElement.lang || !document.title.trim()) wrong.push('no language or title');
    if (all('main, [role=main]').length !== 1) wrong.push('not one main part');
    return wrong;
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_whole(visit, name: str, width: int):
    v = visit(width=width)
    page = v.open(f"{name}.html")
    assert page.locator("h1").count() == 1
    assert width == 360 or page.evaluate(STRUCTURE) == []
    page.evaluate(UNFOLD)
    charts = page.locator(".rt-chart")
    assert charts.count() == FIGURES.get(name, 0)
    for i in range(charts.count()):
        seen = charts.nth(i).locator("svg").filter(visible=True)
        assert seen.count() == 1, "one drawing for this width"
        box = seen.bounding_box()
        assert box["width"] > 200 and box["height"] > 40
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"
        if IS_WHOLE or "CI" in os.environ:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{theme}.jpeg", full_page=True, type="jpeg", quality=60)
    assert v.errors == []
    assert v.foreign() == []


def test_the_law_of_structure_sees_what_is_wrong(visit):
    page = visit().open("about.html")
    page.set_content(
        "<p id='a'></p><p id='a'></p><img src='data:,'><a href='#a'></a><input><p aria-labelledby='none'></p><li></li>"
        "<table><tr><td>1</td></tr></table><p tabindex='2'></p><article><h1>One</h1><h3>Three</h3></article>"
    )
    told = [line.partition(":")[0] for line in page.evaluate(STRUCTURE)]
    assert told == [
        "an id twice",
        "no words for a picture",
        "no name",
        "no label",
        "points to nothing",
        "outside a list",
        "no heads",
        "jumps the queue",
        "skips a level",
        "no language or title",
        "not one main part",
    ]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_chart_is_neither_clipped_nor_crowded(visit, name: str):
    """Every text of a drawing lies inside it, and no two texts lie on each other."""
    for width in (1280, 360):
        page = visit(width=width).open(f"{name}.html")
        page.evaluate(UNFOLD)
        found = page.evaluate(
            """() => [...document.querySelectorAll('.rt-chart svg')]
                .filter(s => s.getBoundingClientRect().width > 0).flatMap(svg => {
                const frame = svg.getBoundingClientRect(), name = svg.closest('.rt-chart').dataset.figure;
                const boxes = [...svg.querySelectorAll('text')]
                    .filter(t => t.textContent.trim() && t.getAttribute('opacity') !== '0')
                    .map(t => [t.getBoundingClientRect(), t.textContent]);
                const out = boxes.filter(([b]) => b.left < frame.left - 1 ||
                    b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)
                    .map(([, t]) => name + ' clips ' + t);
                for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
                    const [a, s] = boxes[i], [b, t] = boxes[j];
                    // A text and its halo.
                    if (s === t && Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1) continue;
                    const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                    const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                    if (w > 3 && h > 3) out.push(name + ' overlaps ' + s + ' / ' + t);
                }
                return out;
            })"""
        )
        assert found == [], f"at {width}"


@pytest.mark.parametrize("name", ["index", "amazon"])
def test_a_page_reads_without_script(visit, name: str):
    page = visit(script=False).open(f"{name}.html")
    assert page.locator(".rt-chart").first.locator("svg").filter(visible=True).count() == 1
    page.locator(".rt-foot details summary").first.click()
    assert page.locator(".rt-foot details table").first.is_visible()


def test_a_number_leads_to_how_it_was_computed(visit):
    v = visit()
    page = v.open("index.html")
    page.locator("a.rt-num").first.click()
    page.locator(".rt-pop .rt-perma a").click()
    target = page.locator("dt:target")
    expect(target, "the folded list opens").to_be_visible()
    rows = target.locator("xpath=following-sibling::dd[1]")
    if rows.get_by_text("Ledger rows and sources: as for").count():
        rows.locator("a[href^='#num-']").click()
        rows = page.locator("dt:target").locator("xpath=following-sibling::dd[1]")
    assert rows.locator("a[href*='deals/']").count() > 0
    plain = visit(script=False).open("about.html")
    plain.locator("a.rt-num").first.click()
    plain.wait_for_url("**/index.html#num-*")
    assert plain.locator("dt:target").is_visible(), "without a script, too"


@dataclass(frozen=True)
class Opened:
    """What a page asked for when it was opened, and the addresses that its links lead to."""

    requests: tuple[str, ...]
    links: frozenset[str]


@pytest.fixture(scope="module")
def opened(browser: Browser, site: Path) -> dict[str, Opened]:
    """Each page opened once, for all that is asked of its requests and links."""
    found = {}
    for name in [*PAGES, "companies/index", "companies/openai", "deals/index"]:
        v = Visit(browser, site)
        links = v.open(f"{name}.html").evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        found[name] = Opened(tuple(v.requests), frozenset(links))
        v.context.close()
    return found


def test_a_row_of_a_number_is_in_the_ledger(visit, site: Path, opened: dict[str, Opened]):
    """Every row that a number names is a row of the ledger page's data: among the latest, or in the history of one."""
    v = visit()
    links = {urlsplit(link) for name in FIGURES if name != "ledger" for link in opened[name].links}
    named = {link.fragment for link in links if link.path.endswith("/ledger.html") and link.fragment}
    page = v.open("ledger.html")
    missing = [i for i in sorted(named) if page.evaluate("i => !document.getElementById(i)", i)]
    loaded = "".join(p.read_text(encoding="utf-8") for p in (site / "_data").glob("*.js"))
    assert [i for i in missing if f'"{i}"' not in loaded] == []
    assert len(named) > 100 and missing, "some rows are not among the first of their table"
    v.open(f"ledger.html#{missing[0]}")
    v.page.locator(f"[id='{missing[0]}']").wait_for(timeout=10000)


# On a phone in `make test`: the first page, whose picture is replayed, and the page with most figures.
TOUCHED = [(n, width) for n in sorted(FIGURES) for width in (1280, 360)]


@pytest.mark.parametrize(
    ("name", "width"), [t for t in TOUCHED if IS_WHOLE or t[1] == 1280 or t[0] in ("index", "oracle_softbank")]
)
def test_every_chart_comes_alive_when_touched(visit, name: str, width: int):
    """Each without a warning, as large as its drawing, from one copy of the library."""
    v = visit(width=width)
    page = v.open(f"{name}.html")
    page.evaluate(UNFOLD)
    for figure in page.locator(".rt-figure").all():
        still = figure.locator(".rt-chart svg").filter(visible=True).bounding_box()
        figure.locator(".rt-chart").hover()
        expect(figure.locator('.rt-chart[data-state="live"] .rt-live svg').first).to_be_visible(timeout=15000)
        live = figure.locator(".rt-live svg").first.bounding_box()
        assert abs(live["width"] - still["width"]) <= 12 and 0.6 <= live["height"] / still["height"] <= 1.5, (
            figure.get_attribute("id")
        )
    assert v.errors == [] and v.foreign() == []
    assert sum("vega.js" in u for u in v.requests) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_ledger_can_be_searched(visit, live: Ledger):
    deal = deals_found_alone(live)[-1]
    words = f"{deal} {live.deals.set_index('deal').loc[deal, 'payer']}"
    v = visit()
    page = v.open("ledger.html")
    rows, box = page.locator("#table-deals tbody tr"), page.locator("#find-deals")
    assert rows.count() == PLAIN, "the first rows stand in the page"
    box.fill(words)
    expect(page.locator("#table-deals tbody tr")).to_have_count(1)
    assert f"deals={deal}" in page.url, "the address keeps the search"
    v.open(page.url.rsplit("/", 1)[1])
    expect(page.locator("#table-deals tbody tr")).to_have_count(1)
    assert box.input_value() == words
    page.locator(".rt-browse[data-table=deals]").get_by_role("button", name="Clear").click()
    expect(page.locator("#table-deals tbody tr")).to_have_count(100)
    assert v.errors == [] and v.foreign() == []


@functools.cache
def _gzipped(file: str) -> int:
    return len(gzip.compress(Path(file).read_bytes()))


def test_the_sources_can_be_searched(visit, live: Ledger):
    """What is typed leaves the sources that hold every word, in groups that open; a link to one opens its own group."""
    v = visit()
    page = v.open("references.html")
    shown, count = page.locator(".rt-all li:visible"), page.locator(".rt-listed output")
    assert shown.count() == 0, "folded by rank at first"
    everything = [text.lower() for text in page.locator(".rt-all li").all_text_contents()]
    often = live.sources["publisher"].value_counts().index
    publisher = next(p for p in often if any(p.lower() in text and "2026" in text for text in everything))
    page.fill(".rt-listed input", f"{publisher} 2026")
    wanted = sum(all(word in text for word in f"{publisher} 2026".lower().split()) for text in everything)
    assert 0 < wanted < len(everything) and shown.count() == wanted
    assert count.inner_text().startswith(f"{wanted} of ")
    page.fill(".rt-listed input", "")
    assert shown.count() == 0 and page.locator(".rt-listed > details").first.is_visible()
    last = page.locator(".rt-all li").last.get_attribute("id")
    page = visit().open(f"references.html#{last}")
    expect(page.locator(f"#{last}")).to_be_in_viewport()
    assert v.errors == []


def test_weight_before_interaction(opened: dict[str, Opened]):
    for name, page in opened.items():
        files = {u.split("#")[0].split("?")[0] for u in page.requests if u.startswith("file:")}
        weight = sum(_gzipped(u.removeprefix("file://")) for u in files)
        assert 0 < weight <= WEIGHT, f"{name}: {weight}"


def test_links_inside_the_site_lead_somewhere(opened: dict[str, Opened]):
    for name, page in opened.items():
        targets = {link for link in page.links if link.startswith("file:")}
        for target in targets:
            path = target.removeprefix("file://").partition("#")[0]
            assert Path(path.split("?")[0]).exists(), f"{name}: {target}"
        assert targets, name


def test_the_report_of_an_earlier_day_opens_too(visit, site_then: Path):
    v = visit(site_then)
    for name in ("index", "amazon", "oracle_softbank", "microsoft"):
        page = v.open(f"{name}.html")
        assert "17 December 2025" in page.locator(".announcement").inner_text()
    assert v.errors == []
