"""The page on which a reader guesses, then moves the choices: it computes what the model computes, and its address
keeps them."""

import itertools
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.figures import explorer
from analysis.figures.explorer import Explorer
from analysis.ledger import Ledger
from tests import consistency
from tests.browser.conftest import Visit

CHOICES = [
    {},
    {"attainment": 0.5},
    {"other_share": 0.6, "rate": 0.0},
    {"take_up": 1.0, "rate": 0.2},
    {"scenario": "slow", "take_up": 0.5},
    {"case": "capacity"},
    {"case": "capacity", "rent": 9},
    {"case": "plan", "attainment": 1.1},
    {"case": "capacity", "sigma": 0.0},
]


def shown_alike(theirs: float, ours: float) -> bool:
    """The same to the shown digit; paths are float32 in Python, so next to a half the last digit may differ."""
    return round(theirs) == round(ours) or abs(theirs - ours) < 0.01


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_the_page_computes_what_the_model_computes(visit, live: Ledger, choice: dict):
    """The same formula stands in Python and in the page's script: their outputs agree to the shown digit."""
    page = visit().open("explore.html")
    theirs = page.evaluate("choice => window.roundtripExplore.compute(choice)", choice)
    ours = Explorer(live).compute(**choice)
    for name in ("low", "median", "high"):
        assert all(map(shown_alike, theirs[name], ours[name])), (name, theirs[name], [*ours[name]])
    assert shown_alike(100 * theirs["probability"], 100 * ours["probability"])
    assert shown_alike(theirs["present"], ours["present"])


def test_the_first_view_is_the_chapter(visit, site: Path):
    """Gap, both ends, the discounted gap and the share of paths: the digits of the chapter, in each case."""
    known = {r["key"]: r for r in consistency.results(site)}
    page = shown(visit())
    for case in json.loads(page.locator("#explore").get_attribute("data-explore"))["cases"]:
        page.locator(f"input[name=case][value={case}]").check()
        suffix = "" if case == "contracts" else f"_{case}"
        gap, present, share = (known[f"sustainability.{n}{suffix}"] for n in ("gap", "present", "probability"))
        # A good end of nothing is told as one future of twenty in which the bad end or more is missing.
        amounts = [gap["value"], *([gap["low"]] if gap["low"] else []), gap["high"]]
        wanted = [known["sustainability.last_year"]["value"], *filter(None, amounts), share["value"]]
        wanted += [known["sustainability.base_year"]["value"], present["value"]]
        told = page.locator(".rt-headline").inner_text() + page.locator(".rt-today").inner_text()
        assert told.count("nothing") == amounts.count(0)
        found = re.findall(r"\d[\d,]*(?:\.\d+)?", told)
        assert [float(n.replace(",", "")) for n in found] == pytest.approx(wanted), case


def test_an_address_brings_its_choices_back(visit):
    v = visit()
    page = shown(v)
    page.locator("#x-attainment").fill("0.7123456")
    page.get_by_label("Scenario").select_option("slow")
    page.locator("#x-attainment").fill("0.7123456")
    told, address = page.locator(".rt-headline").inner_text(), page.url
    assert address.endswith("#scenario=slow&attainment=0.7123")
    again = visit().open(address.rpartition("/")[2])
    assert again.locator(".rt-headline").inner_text() == told
    assert again.locator(".rt-unread").is_hidden() and v.errors == []


SHIFTS = """window.moved = 0;
new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) window.moved += e.value; }))
    .observe({type: "layout-shift", buffered: true});"""
STILL = 0.001  # the serif is read before the first lines are set in it (serif.js)


def shown(v: Visit, address: str = "explore.html") -> Page:
    """The page with its sliders, which an address with choices opens and else the answer to its question."""
    page = v.open(address)
    if page.locator("#explore").is_hidden():
        page.get_by_text("Just show me").first.click()
    if not page.locator(".rt-finer").evaluate("d => d.open"):
        page.get_by_text("Finer choices").click()
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_a_guess_comes_before_the_answer_and_the_sliders(visit, site: Path, width: int):
    """Our range comes from the results, is hidden before the guess, and stands beside it after; nothing moves before."""
    ours = next(r for r in consistency.results(site) if r["key"] == "sustainability.probability_cases")
    v = visit(width=width)
    v.page.add_init_script(SHIFTS)
    page = v.open("explore.html")
    box = page.locator(".rt-guess").first
    slider, dots, answer = box.locator("input"), box.locator("form .rt-dots i.rt-in"), box.locator(".rt-ours")
    assert slider.bounding_box()["y"] < 740, "the guess is on the first screen of a phone"
    assert answer.is_hidden() and page.locator("#explore").is_hidden() and dots.count() == 0
    assert page.evaluate("window.moved") < STILL
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert dots.count() == 3 and slider.get_attribute("aria-valuetext") == "3%"
    page.keyboard.press("Enter")
    expect(box.locator(".rt-verdict")).to_contain_text(f"You said 3%: {ours['low'] - 3:.0f} points below our model")
    full, pale = answer.locator(".rt-in").count(), answer.locator(".rt-maybe").count()
    assert (full, full + pale) == (round(ours["low"]), round(ours["high"]))
    assert answer.get_attribute("aria-label").endswith(f"{ours['low']:.0f} to {ours['high']:.0f}")
    expect(page.locator(".rt-fan svg")).to_be_visible()
    assert "#" not in page.url and v.errors == [] and v.foreign() == []


def test_nobody_has_to_guess(visit):
    v = visit()
    page = v.open("explore.html")
    page.get_by_text("Just show me").first.press("Enter")
    expect(page.locator(".rt-headline")).to_contain_text("OpenAI lacks")
    assert page.locator(".rt-verdict").first.inner_text() == "" and v.errors == []


def test_an_address_with_choices_shows_them_at_once_and_nothing_moves(visit):
    v = visit()
    v.page.add_init_script(SHIFTS)
    page = v.open("explore.html#rate=0.05&attainment=0.7")
    page.wait_for_timeout(300)
    assert page.locator("#x-rate").is_visible() and page.locator(".rt-ours").first.is_visible()
    assert page.evaluate("window.moved") < STILL and v.errors == []


NONSENSE = ("case=nonsense", "scenario=toString", "rent=", "rent=1e9", "attainment=0.5&growth=2", "%%%", "take_up=-1")


@pytest.fixture(scope="module")
def first_headline(browser: Browser, site: Path) -> str:
    """What the page says before anything is chosen."""
    v = Visit(browser, site)
    told = shown(v).locator(".rt-headline").inner_text()
    v.context.close()
    return told


@pytest.mark.parametrize("address", NONSENSE)
def test_an_address_that_cannot_be_read_leaves_our_choices(visit, first_headline: str, address: str):
    v = visit()
    page = v.open(f"explore.html#{address}")
    assert page.locator(".rt-headline").inner_text() == first_headline
    assert "stands at our own choices" in page.locator(".rt-unread").inner_text()
    page.locator("#x-attainment").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".rt-unread").is_hidden() and v.errors == []


def test_a_heading_of_the_page_is_no_address_of_choices(visit):
    v = visit()
    page = v.open("explore.html#in-more-detail")
    assert page.locator(".rt-unread").is_hidden() and page.locator("#explore").is_hidden() and v.errors == []


def test_moving_a_slider_changes_the_sentence_and_the_fan(visit):
    v = visit()
    page = shown(v)
    before, fan = page.locator(".rt-headline").inner_text(), page.locator(".rt-fan svg").get_attribute("aria-label")
    page.locator("#x-take_up").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.locator(".rt-headline").inner_text() != before
    assert page.locator(".rt-fan svg").get_attribute("aria-label") != fan
    assert page.locator("#x-rent").is_disabled() and "take_up=" in page.url
    page.get_by_label("the machines it needs").check()
    assert page.locator("#x-rent").is_enabled() and page.locator("#x-take_up").is_disabled()
    assert "case=capacity" in page.url
    page.get_by_role("button", name="Reset to our choices").click()
    page.wait_for_timeout(50)
    assert page.locator(".rt-headline").inner_text() == before and "#" not in page.url
    assert v.errors == [] and v.foreign() == []


def test_without_script_the_answer_is_shown_and_the_gap_is_a_table(visit):
    page = visit(script=False).open("explore.html")
    assert page.locator(".rt-fallback table").is_visible() and not page.locator("#explore").is_visible()
    assert page.locator(".rt-ours").first.is_visible() and page.locator(".rt-guess form").first.is_hidden()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_explored_gap_is_seen_whole(visit, width: int):
    page = shown(visit(width=width))
    ends = page.locator(".rt-fan svg").evaluate(
        """svg => {
            const own = svg.getBoundingClientRect(), room = svg.closest('#explore').getBoundingClientRect();
            return [room.left, own.left, own.right, room.right]; }"""
    )
    assert ends == sorted(ends) and ends[-1] <= width and ends[2] - ends[1] > 200


@pytest.mark.parametrize("case", ["contracts", "capacity", "plan"])
def test_each_slider_says_where_it_would_close_the_gap_by_itself(visit, live: Ledger, case: str):
    """At the named value the median is nothing, one step before it is not; and where none is named, no end closes it."""
    model, v = Explorer(live), visit()
    page = shown(v)
    page.locator(f"input[name=case][value={case}]").check()
    sliders = page.locator(".rt-slider input:not(:disabled):not([name=rate])")
    page.get_by_role("button", name="Which slider alone").click()
    page.locator(".rt-alone li").nth(sliders.count() - 1).wait_for()
    for slider, told in zip(sliders.all(), page.locator(".rt-alone li").all(), strict=True):
        name = slider.get_attribute("name")
        is_better = explorer.BETTER[name]
        if told.locator("button").count():
            text, step = told.locator("button").inner_text(), 0.01 if "%" in told.inner_text() else 0.1
            value = float(text.strip("%")) * (step if "%" in text else 1)
            assert round(model.compute(case, **{name: value})["median"][-1]) == 0
            assert round(model.compute(case, **{name: value - step * is_better})["median"][-1]) > 0
        else:
            end = float(slider.get_attribute("max" if is_better > 0 else "min"))
            assert round(model.compute(case, **{name: end})["median"][-1]) > 0
    assert v.errors == []


def test_a_closed_gap_is_told_with_the_moves_that_closed_it(visit):
    page = visit().open("explore.html#attainment=1.4&other_share=0.1")
    told = page.locator(".rt-score").inner_text()
    assert told.startswith("Closed, with growth at 140%, other costs at 10%.")
    assert page.get_by_role("button", name="Which slider alone").is_disabled()
    page.get_by_role("button", name="Reset to our choices").click()
    page.wait_for_function("!document.querySelector('.rt-score').textContent.startsWith('Closed')")
    assert page.get_by_role("button", name="Which slider alone").is_enabled()


@pytest.mark.parametrize("height", [640, 740])
def test_the_sentence_and_the_picture_stay_in_view_while_a_phone_reader_moves_a_slider(visit, height: int):
    """The picture was cut under the sentence, which alone stayed."""
    v = visit(width=360)
    v.page.set_viewport_size({"width": 360, "height": height})
    page = shown(v)
    slider, sentence, picture = (page.locator(name) for name in ("#x-rate", ".rt-headline", ".rt-fan svg"))
    slider.evaluate("s => scrollTo(0, s.getBoundingClientRect().top + scrollY - 450)")
    header = page.locator(".mobile-header").bounding_box()
    boxes = [header, *(part.bounding_box() for part in (sentence, picture, slider))]
    for above, below in itertools.pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 0.5
    assert boxes[-1]["y"] + boxes[-1]["height"] <= height
