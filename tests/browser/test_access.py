"""For everybody: rules checked by axe, keyboard, zoom, motion, colours, print."""

import functools
import itertools
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from coloraide import Color

from analysis import paths
from analysis.figures import palette
from tests.browser.test_site import PAGES
from tests.conftest import IS_WHOLE

OTHERS = [
    "figures/index.html",
    "figures/fig-index-loop.html",
    "figures/fig-oracle-sites.html",
    "companies/index.html",
    "companies/openai.html",
    "deals/openai-oracle-compute.html",
    "404.html",
]
# All but the first of what stands many times alike: rows of tables, what is behind a row, notes, links of a number.
MANY = ", ".join(
    [
        "tbody tr:nth-child(n+7)",
        "tbody tr:nth-child(n+3) .rt-behind dl",
        ".rt-notes li:nth-child(n+7)",
        ".rt-sources li:nth-child(n+4)",
        ".rt-numbers p a:nth-child(n+4)",
        ".rt-rows a:nth-child(n+4)",
        ".rt-statements li:nth-child(n+7)",
        ".rt-numbers dl > :nth-child(n+9)",
    ]
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark only colours differ.
CHECKED = {
    "light": {"runOnly": RULES},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}


ALL = [*(f"{p}.html" for p in PAGES), *OTHERS]
# In `make test` axe looks at one page of each kind: the first page, a chapter with a slider, one with formulas, a form,
# tables, a list of terms, the search, and those of `OTHERS`. `test_site.STRUCTURE` holds on every page.
LIGHT_PAGES = [
    *(f"{p}.html" for p in ("index", "circularity", "methods", "explore", "ledger", "glossary", "search")),
    *OTHERS,
]
# In the dark: text and cards, a table, a form, the page of a figure.
DARK_PAGES = ["index.html", "ledger.html", "explore.html", "figures/fig-index-loop.html", "companies/openai.html"]


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        *((n, "light") for n in (ALL if IS_WHOLE else LIGHT_PAGES)),
        *((n, "dark") for n in (ALL if IS_WHOLE else DARK_PAGES)),
    ],
)
def test_axe_finds_nothing(visit, name: str, theme: str):
    page = visit(theme=theme).open(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate("many => document.querySelectorAll(many).forEach(e => e.remove())", MANY)
    # A chart is one image with its words; its many parts are not looked at one by one.
    options = CHECKED[theme] | {"resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": [".rt-chart svg"]}, options=options)
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_in_use(visit, theme: str):
    """With a note open, a chart alive and a table filtered."""
    v = visit(width=360, theme=theme)
    page = v.open("index.html")
    page.evaluate("many => document.querySelectorAll(many).forEach(e => e.remove())", MANY)
    page.locator("#fig-index-loop .rt-chart").hover()
    page.locator('#fig-index-loop .rt-chart[data-state="live"]').wait_for(timeout=15000)
    page.locator("a.rt-num").first.focus()
    page.keyboard.press("Enter")
    page.locator(".rt-pop").wait_for()
    assert Axe().run(page, options=CHECKED[theme]).response["violations"] == []
    page = v.open("ledger.html?deals=oracle")
    page.locator("#table-deals .rt-steps").first.click()
    page.evaluate("many => document.querySelectorAll(many).forEach(e => e.remove())", MANY)
    assert [
        (f["id"], f["nodes"][0]["html"]) for f in Axe().run(page, options=CHECKED[theme]).response["violations"]
    ] == []


FOCUSED = """() => {
    const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
    const label = e.labels && e.labels[0] && getComputedStyle(e.labels[0]);
    return {
        name: e.tagName + '.' + e.className + ' ' + (e.textContent || e.id).slice(0, 30),
        isBody: e === document.body && !e.dataset.wasHere,
        isVisible: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight &&
            r.right > 0 && r.left < innerWidth,
        isMarked: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) ||
            s.boxShadow !== 'none' || e.matches('.sidebar-search'),
        wasHere: e.dataset.wasHere || '', number: e.dataset.number, mark: e.dataset.wasHere = 'yes',
    };
}"""


@pytest.mark.parametrize("name", ["index", "ledger", "explore", "search", "circularity"])
def test_every_control_is_reached_by_keyboard(visit, name: str):
    """Tab through the whole page: each stop is in view, shows its focus, and none is a trap."""
    page = visit().open(f"{name}.html")
    page.evaluate("document.querySelectorAll('.rt-numbers, .rt-notes').forEach(d => d.remove())")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
                'article a[href], article button, article input, article select, article summary')]
            .filter(e => e.checkVisibility() && !e.disabled && !(e.type === 'radio' && !e.checked))
            .map((e, i) => e.dataset.number = String(i))"""
    )
    reached, wrong = set(), []
    for _ in range(900):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["wasHere"]:
            break
        if at["isBody"]:  # past the end: on a page that starts with its field in focus, what stands before it follows
            continue
        reached.add(at["number"])
        if not (at["isVisible"] and at["isMarked"]):
            wrong.append(at["name"])
    else:
        pytest.fail("the focus never comes back to the start")
    assert wrong == []
    assert wanted and {*wanted} <= reached


@pytest.mark.parametrize("name", ALL)
def test_at_four_hundred_percent_nothing_is_lost(visit, name: str):
    """1280 pixels at 400% are 320: one column, no sideways scrolling but inside tables and code."""
    v = visit(width=320)
    page = v.open(name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    lost = page.evaluate(
        """() => [...document.querySelectorAll(
                'article p, article h1, article h2, .rt-title, article li, .rt-cards a, main p')]
            .filter(e => e.checkVisibility() && !e.closest('.rt-scroll, pre, table'))
            .filter(e => { const r = e.getBoundingClientRect(); return r.right > 321 || r.left < -1; })
            .map(e => e.textContent.slice(0, 50))"""
    )
    assert lost == []


def test_nothing_moves_for_those_who_ask_for_stillness(visit):
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = visit(motion=motion).open("index.html")
        lasting = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
                return s.transitionDuration.split(',').some(d => parseFloat(d) > 0) ||
                    (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0); }).length"""
        )
        assert (lasting > 0) == moves, "the check sees movement where it is allowed"


def test_print_shows_numbers_with_their_notes(visit):
    page = visit(theme="dark").open("microsoft.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".rt-notes ol").is_visible() and page.locator(".rt-mark").first.is_visible()
    for hidden in (
        ".sidebar-drawer",
        ".toc-drawer",
        ".rt-citing",
        ".rt-share",
        ".rt-take-away",
        ".tag_hide-input > .cell_input",
    ):
        assert not page.locator(hidden).first.is_visible(), hidden
    marks = page.locator(".rt-mark").all_inner_texts()
    assert max(int(m) for m in marks) <= page.locator(".rt-notes li").count()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.locator(".rt-notes b").first.evaluate("e => getComputedStyle(e).color")
    assert ink == "rgb(0, 0, 0)", "black on paper also for those who read in the dark"


# Colours

CSS = (paths.ASSETS / "static" / "roundtrip.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--rt-(\w+): (#[0-9a-f]{6})", part))
    for part in CSS.partition(".rt-hidden")[0].split('body[data-theme="dark"]')[:2]
)
WRITTEN = {"fig-microsoft-rights"}  # each of its bars bears its state in words


@functools.cache
def scales(site: Path) -> dict[tuple[str, ...], str]:
    """The colours that stand for categories in one chart of a site, with the name of a chart that has them."""
    found: dict[tuple[str, ...], str] = {}
    for path in sorted((site / "_figures").glob("*.js")):
        if path.stem not in WRITTEN:
            for listed in re.findall(r'"range": ?\[("var[^\]]*)\]', path.read_text(encoding="utf-8")):
                found[tuple(re.findall(r"--rt-(\w+)", listed))] = path.stem
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_a_chart_are_told_apart(site: Path, theme: str):
    """By CIEDE2000 of at least 10 for full colour vision and for protanopia, deuteranopia and tritanopia."""
    hues, sets = {"light": LIGHT, "dark": DARK}[theme], scales(site)
    assert len(sets) > 10
    pairs = {tuple(sorted(pair)): figure for names, figure in sets.items() for pair in itertools.combinations(names, 2)}
    pairs.pop(("other", "other"), None)  # what a title does not speak of stands back, its lines named beside them
    pairs.pop(("paper", "paper"), None)  # hollow marks differ in their shape and the colour of their line
    pairs |= dict.fromkeys(itertools.combinations(sorted(palette.MONEY), 2), "any chart of money")
    colours = {role: hues[palette.ROLES[role]] for role in palette.ROLES} | {n: hues[n] for n in ("faint", "paper")}
    for kind in (None, "protan", "deutan", "tritan"):
        looks = {n: Color(c) if kind is None else Color(c).filter(kind) for n, c in colours.items()}
        for (one, two), figure in pairs.items():
            assert looks[one].delta_e(looks[two], method="2000") >= 10, (theme, figure, one, two, kind)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_words_stand_out_from_the_page(theme: str):
    hues = {"light": LIGHT, "dark": DARK}[theme]
    assert {*LIGHT} == {*DARK}
    for name, colour in hues.items():
        if name in ("paper", "panel", "grid", "land"):
            continue
        least = 4.5 if name in ("ink", "muted", "blue", "green", "orange", "red", "olive", "sky") else 3
        for ground in ("paper", "panel"):
            floor = least if ground == "paper" or name in ("ink", "muted") else 2.7
            assert Color(colour).contrast(hues[ground], method="wcag21") >= floor, (theme, name, ground)


def test_both_ways_to_the_dark_have_the_same_colours():
    chosen, preferred, *lifted = (
        re.findall(r"--rt-\w+: #[0-9a-f]{6}", part) for part in CSS.partition(".rt-hidden")[0].split("@media")
    )
    assert not any(lifted)
    by_choice, by_preference = (
        re.findall(re.escape(f"body{dark} .rt-chart svg ") + r"(.*)", CSS)
        for dark in ('[data-theme="dark"]', ':not([data-theme="light"])')
    )
    assert by_choice == by_preference and by_choice
    assert chosen[len(LIGHT) :] == preferred


def test_the_page_and_the_charts_have_the_same_colours():
    """Fallback hues are those of the light page, and each role has the same hue in the style sheet."""
    assert {name: LIGHT[name] for name in palette.HUES} == palette.HUES
    assert dict(re.findall(r"--rt-(\w+): var\(--rt-(\w+)\)", CSS)) == palette.ROLES
    for name, colour in re.findall(r"var\(--rt-(\w+), (#\w+)\)", Path(palette.__file__).read_text(encoding="utf-8")):
        assert LIGHT[name] == colour, name
