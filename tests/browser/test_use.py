"""What a reader does: points, taps, types, searches, replays, copies, takes along."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from analysis.ledger import Ledger
from analysis.numbers import formats
from tests.benchmarks.serving import served
from tests.browser.conftest import deals_found_alone
from tests.browser.test_site import PAGES


def note_of(page, link) -> dict:
    """Result behind a number's link, from the site's own list."""
    key = link.get_attribute("data-note").removeprefix("note-")
    results = json.loads(
        Path(page.url.split("?")[0].removeprefix("file://")).with_name("results.json").read_text(encoding="utf-8")
    )["results"]
    return next(r for r in results if r["key"].replace(".", "-") == key)


def unfold(page: Page, inside: Locator):
    """Open the fold of a page in which something stands, if it stands in one, as a reader would."""
    if not inside.is_visible():
        page.locator("details.rt-folded", has=inside).locator("> summary").click()
    expect(inside).to_be_visible()


def test_a_number_answers_the_pointer(visit):
    """The note has the calculation with its values, the period, the basis, the day, and the rows in their own words."""
    v = visit()
    page = v.open("oracle_softbank.html")
    link, pop = (
        page.locator("a.rt-num[data-note='note-oracle_softbank-own_money_share']").first,
        page.locator(".rt-pop"),
    )
    unfold(page, link)
    link.hover()
    expect(pop).to_be_visible()
    result, text = note_of(page, link), pop.inner_text()
    (told,) = result["calculations"]
    part, whole = (term["text"] for term in told["terms"])
    assert re.search(rf"{re.escape(part)} .+\n÷ {re.escape(whole)} .+\n= {re.escape(result['text'])}\n", text)
    assert result["label"] in text
    assert re.search(
        rf"Period: {re.escape(result['period']['words'])}\. Rests on company figures[^.]*\. Known on", text
    )
    rows = pop.locator("a.rt-row")
    assert rows.count() == len(result["rows"]) and "ledger.html#metrics-" in rows.first.get_attribute("href")
    assert (
        re.search(r"\((primary document|first report|relayed\))", text)
        and pop.locator("a[href^='https://']").count() > 0
    )
    pop.hover()
    page.wait_for_timeout(400)
    expect(pop).to_be_visible()
    box, number = pop.bounding_box(), link.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] >= 0 and box["y"] + box["height"] <= 900
    assert box["y"] >= number["y"] + number["height"] or box["y"] + box["height"] <= number["y"], "the number is seen"
    page.mouse.move(2, 2)
    expect(pop).to_have_count(0)
    link.click()
    page.mouse.move(2, 2)
    page.wait_for_timeout(400)
    expect(pop).to_be_visible()
    link.click()
    expect(pop).to_have_count(0)
    assert v.errors == []


def test_a_number_answers_the_keyboard(visit):
    """A number is one stop; its links are stops only while its note is open."""
    page = visit().open("index.html")
    link, pop = page.locator("a.rt-num").nth(1), page.locator(".rt-pop")
    link.focus()
    expect(pop).to_have_count(0)
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.rt-notes, .rt-pop')"), "closed, its links are no stops"
    link.focus()
    page.keyboard.press("Enter")
    expect(pop).to_be_visible()
    assert link.get_attribute("aria-expanded") == "true" and "#num" not in page.url
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.rt-pop')"), "open, its links can be reached"
    page.keyboard.press("Escape")
    expect(pop).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('a.rt-num')"), "the focus goes back to the number"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(pop).to_have_count(0)
    assert link.get_attribute("aria-expanded") == "false"


SHIFTS = """() => { window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { window.moved += e.value; }))
    .observe({type: "layout-shift"}); }"""


def test_a_number_answers_a_finger(visit):
    """A tap opens its note, a second one closes it, as does one elsewhere; the page does not move."""
    v = visit(width=360, touch=True)
    page = v.open("index.html")
    link, pop = page.locator("a.rt-num").nth(3), page.locator(".rt-pop")
    page.evaluate(SHIFTS)
    for other in (link, page.locator("h1")):
        link.tap()
        expect(pop).to_be_visible()
        box = pop.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] <= 900 / 2
        assert "#num" not in page.url, "a tap shows, it does not lead away"
        other.tap()
        expect(pop).to_have_count(0)
    assert page.evaluate("window.moved") == 0
    link.tap()
    pop.get_by_text("How it was computed").tap()
    expect(page).to_have_url(re.compile("#num-"))
    expect(page.locator("dt:target"), "the folded list opens").to_be_visible()


def test_a_key_number_card_answers_too(visit):
    page = visit().open("index.html")
    card = page.locator(".rt-cards a").first
    card.hover()
    expect(page.locator(".rt-pop")).to_contain_text(card.locator(".rt-label").inner_text())
    told = re.search(r"\d+", card.locator(".rt-digits").inner_text())
    expect(page.locator(".rt-pop")).to_contain_text(told[0])  # the card is round, its note exact


def test_a_question_takes_a_guess_before_it_answers(visit):
    page = visit().open("explore.html")
    box = page.locator(".rt-guess:not([data-opens])").first
    slider, answer = box.locator("input"), box.locator("details")
    low, high = (float(box.get_attribute(f"data-{end}")) for end in ("low", "high"))
    assert 0 < high < float(slider.get_attribute("max")), "the answer lies on the slider"
    assert not answer.evaluate("d => d.open")
    assert slider.input_value() == "0" and box.locator(".rt-track i").is_hidden()
    for press, verdict, miss in (
        ("Home", "too low", low),
        ("End", "too high", float(slider.get_attribute("max")) - high),
    ):
        slider.press(press)
        box.get_by_role("button").click()
        told = box.locator(".rt-verdict")
        expect(told).to_contain_text(verdict)
        assert float(re.findall(r"\d+(?:\.\d+)?", told.inner_text())[-1]) == pytest.approx(miss, abs=0.51)
    expect(box.locator(".rt-track i")).to_be_visible()
    slider.evaluate("(s, to) => { s.value = to; s.dispatchEvent(new Event('input')); }", (low + high) / 2)
    box.get_by_role("button").click()
    expect(box.locator(".rt-verdict")).to_contain_text("about right")
    assert answer.evaluate("d => d.open")


def test_a_term_and_a_citation_answer(visit):
    page = visit().open("circularity.html")
    page.locator("a.rt-term").first.hover()
    expect(page.locator(".rt-pop")).to_be_visible()
    assert "glossary.html#term-" in page.locator("a.rt-term").first.get_attribute("href")
    page = visit().open("methods.html")
    cited = page.locator("a.rt-cite").first
    cited.hover()
    pop = page.locator(".rt-pop")
    expect(pop).to_be_visible()
    assert re.search(r"\b(19|20)\d\d\b", pop.inner_text()), "the whole reference, with its year"


def test_the_loop_is_replayed_by_keyboard_and_by_itself(visit, live: Ledger):
    v = visit()
    page = v.open("index.html")
    figure = page.locator("#fig-index-loop")
    slider = figure.locator("input[type=range]")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(figure.locator('.rt-chart[data-state="live"]')).to_be_visible(timeout=15000)
    day = slider.get_attribute("aria-valuetext")
    told = figure.locator(".rt-replay").inner_text()
    assert day in told and f"The title speaks of {formats.day(live.as_of)}" in told
    slider.press("Home")
    expect(figure.locator(".rt-live")).not_to_contain_text("Oracle")
    figure.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1700)
    figure.get_by_role("button", name="Pause").click()
    assert 1 <= int(slider.input_value()) <= 4
    slider.press("End")
    expect(figure.locator(".rt-live")).to_contain_text("Oracle")
    assert v.errors == [] and v.foreign() == []


def test_a_hundred_dollars_are_followed_and_growth_is_tried_by_keyboard(visit):
    v = visit()
    page = v.open("index.html")
    trip = page.locator("#fig-index-trip")
    slider = trip.locator("input[type=range]")
    dim = """[...document.querySelectorAll('#fig-index-trip .rt-live path[opacity], #fig-index-trip .rt-live path[style]')]
        .filter(p => Number(p.getAttribute('opacity') ?? 1) < 0.2).length"""
    slider.press("ArrowRight")
    expect(trip.locator('.rt-chart[data-state="live"]')).to_be_visible(timeout=15000)
    page.wait_for_timeout(300)
    assert page.evaluate(dim) > 2, "what the first leg does not tell of is pale"
    assert "OpenAI has agreed to pay" in trip.locator(".rt-replay").inner_text()
    assert "OpenAI has agreed to pay" in slider.get_attribute("aria-valuetext")
    slider.press("Home")
    page.wait_for_timeout(300)
    assert page.evaluate(dim) == 0
    closing = page.locator("#fig-index-closing")
    slider, told = closing.locator("input[type=range]"), closing.locator(".rt-replay small")
    ours = told.inner_text()
    slider.press("Home")
    expect(told).not_to_have_text(ours)
    slider.press("End")
    expect(closing.locator(".rt-replay output")).to_contain_text("% of what it plans")
    assert v.errors == [] and v.foreign() == []


def test_a_legend_keeps_what_was_picked(visit):
    page = visit().open("amazon.html")
    figure = page.locator("#fig-amazon-control")
    unfold(page, figure)
    figure.locator(".rt-chart").hover()
    expect(figure.locator('.rt-chart[data-state="live"]')).to_be_visible(timeout=15000)
    faint = """[...document.querySelectorAll('#fig-amazon-control .rt-live .mark-rect path')]
        .filter(p => Number(p.getAttribute('opacity') || 1) < 0.2).length"""
    assert page.evaluate(faint) == 0
    figure.locator(".role-legend-label text, .role-legend-entry text").first.click()
    page.wait_for_timeout(300)
    assert page.evaluate(faint) > 2
    figure.locator(".rt-live .mark-rect path").first.hover()
    expect(page.locator("#vg-tooltip-element.visible")).to_be_visible()


def test_a_figure_is_taken_along(visit, site: Path):
    v = visit()
    page = v.open("amazon.html")
    figure = page.locator("#fig-amazon-price")
    unfold(page, figure)
    for kind in ("csv", "svg", "png"):
        file = site / figure.locator(f".rt-take-away a[href$='.{kind}']").get_attribute("href")
        assert file.stat().st_size > 200, file
    figure.get_by_text("Share", exact=True).click()
    code = figure.locator(".rt-embed").inner_text()
    address = re.search(r'src="([^"]+)"', code).group(1)
    assert code.startswith("<iframe ") and address.endswith("figures/fig-amazon-price.html")
    page.goto(address)
    assert page.locator("h1").inner_text() and page.locator(".rt-chart svg").filter(visible=True).count() == 1
    page.get_by_text("This figure in its chapter").click()
    expect(page).to_have_url(re.compile(r"amazon\.html#fig-amazon-price$"))
    assert v.errors == [] and v.foreign() == []


def test_each_figure_has_a_page(visit, site: Path):
    v = visit()
    page = v.open("figures/index.html")
    names = page.evaluate("[...document.querySelectorAll('.rt-gallery a')].map(a => a.getAttribute('href'))")
    assert len(names) == len(set(names)) == len(list((site / "_figures").glob("*.png"))) > 40
    for name in names:
        page = v.open(f"figures/{name}")
        assert page.locator("h1").count() == 1 and page.locator(".rt-chart svg").filter(visible=True).count() == 1
    assert v.errors == [] and v.foreign() == []


def test_a_deal_tells_its_history_and_a_view_can_be_sent(visit, live: Ledger):
    v = visit()
    page = v.open("ledger.html")
    find = page.locator("#find-deals")
    steps = live.history["deals"]["deal"].value_counts()
    find.fill(next(d for d in deals_found_alone(live) if steps[d] > 1))
    button = page.locator("#table-deals .rt-steps").first
    button.click()
    told = page.locator(".rt-timeline li")
    assert button.get_attribute("aria-expanded") == "true" and told.count() > 1
    days = [t.split()[0] for t in told.all_inner_texts()]
    assert days == sorted(days), "oldest first"
    find.fill("")
    page.get_by_label("status", exact=False).locator("visible=true").first.select_option("cancelled")
    page.get_by_role("button", name="Known on").first.click()
    expect(page.locator("#table-deals th[aria-sort]")).to_have_count(1)
    shown, address = page.locator("#table-deals tbody tr").count(), page.url
    again = visit()
    again.page.goto(address)
    expect(again.page.locator("#table-deals tbody tr")).to_have_count(shown)
    assert (
        again.page.locator("#table-deals tbody tr").first.inner_text()
        == page.locator("#table-deals tbody tr").first.inner_text()
    )
    assert v.errors == []


def test_search_answers_while_typing(visit):
    v = visit()
    page = v.open("search.html")
    found = page.locator("#found li a")
    page.locator("#find").fill("Trainium")
    expect(found.first).to_contain_text("Trainium")
    assert "amazon.html#" in found.first.get_attribute("href"), "the section on it comes first"
    for name, address in (
        ("Stargate", "glossary.html#"),
        ("CoreWeave", "companies/coreweave.html"),
        ("how much does OpenAI owe Oracle", "oracle_softbank.html"),
        ("Nvidia 100 billion", "chipmakers.html"),
        ("AMD warrants", "chipmakers.html"),
        ("GPU lease", ".html"),
        ("ROFR", "microsoft.html"),
    ):
        page.locator("#find").fill(name)
        if " " not in name and name != "ROFR":
            expect(found.first).to_contain_text(name)
        expect(page.locator(f"#found li a[href*='{address}']").first).to_be_visible()
        assert address in found.first.get_attribute("href"), name
    page.locator("#find").fill("zzzzqqq")
    expect(page.locator("#found-count")).to_contain_text("Nothing found")
    page = v.open("index.html")
    page.locator(".sidebar-search").fill("warrant")
    page.locator(".sidebar-search").press("Enter")
    expect(page.locator("#found li a").first).to_be_visible()
    assert v.errors == []


def test_text_to_take_is_copied(visit, site: Path, live: Ledger):
    with served(site) as home:
        v = visit(served=home)
        v.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = v.open("microsoft.html")
        page.get_by_text("Cite this page").click()
        page.locator(".rt-citing .rt-copy").first.click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert (
            copied.startswith("Round Trip contributors, “Microsoft")
            and f"as known on {formats.day(live.as_of)}" in copied
        )
        assert v.errors == []


@pytest.mark.parametrize(
    "name", [*(f"{p}.html" for p in PAGES), "figures/index.html", "figures/fig-index-loop.html", "404.html"]
)
def test_a_host_with_all_headers_serves_the_page(visit, site: Path, name: str):
    """Under the policy of the headers file, from a host: no violation, nothing from elsewhere, no favicon missing."""
    with served(site) as home:
        v = visit(served=home)
        v.page.goto(home + name)
        if name == "ledger.html":
            v.page.locator("#find-deals").fill("oracle")
            expect(v.page.locator("output[for=find-deals]")).to_contain_text(" of ")
        chart = v.page.locator(".rt-chart:visible").first
        if chart.count():
            chart.hover()
            expect(v.page.locator('.rt-chart[data-state="live"]').first).to_be_visible(timeout=15000)
        if name == "search.html":
            v.page.locator("#find").fill("Trainium")
            expect(v.page.locator("#found li").first).to_be_visible()
        assert v.errors == [] and v.foreign() == []


def test_a_new_reader_finds_the_way(visit):
    """The answer, a number's origin, a chart's data, what changed last: each within two steps of the first screen."""
    page = visit().open("index.html")
    first = page.evaluate(
        """[...document.querySelectorAll('article p')]
            .filter(p => p.getBoundingClientRect().bottom < innerHeight).map(p => p.innerText).join(' ')"""
    )
    assert all(
        t in first for t in ("that also invest", "can be matched with money that", "How sure are we?", "our model")
    )
    page.locator("a.rt-num").first.hover()
    expect(page.locator(".rt-pop a").first).to_be_visible()
    page.mouse.move(2, 2)
    page.locator("#fig-index-loop").get_by_text("Data", exact=True).click()
    expect(page.locator("#fig-index-loop table")).to_be_visible()
    assert (
        page.get_by_role("heading", name="What changed last").count() == 1
        and page.get_by_role("link", name="Feed of changes").count() == 1
    )
