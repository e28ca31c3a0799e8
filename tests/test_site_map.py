"""The map of the data centres: its projection and outlines, true areas, words that keep clear, sites without a place."""

import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest

from analysis.book.drawing import charts
from analysis.figures import marks, oracle_softbank, replay
from analysis.figures.canvas import meet, text_width
from analysis.figures.marks import map_layout, map_view, maps
from analysis.figures.marks.us_states import STATES
from analysis.ledger import Ledger
from analysis.numbers.oracle_softbank import buildout
from analysis.numbers.series.oracle_softbank import site_map
from tests.ledgers import SMALL

COLOURS = {"one": "first", "two": "fourth"}
WORDS = {"name": "Site", "whole": "Planned, GW"}
SITES = pd.DataFrame(
    {
        "name": ["Columbus", "Dallas", "Fort Worth", "Waco", "Seoul", "W" * 120],
        "said": ["Ohio, 8 GW", "Texas, 0.5 of 2 GW run", "Texas, 2 GW", "Texas, 1 GW, dropped", "1 GW", "word " * 60],
        "told": ["Columbus, 8 GW", "Dallas", "Fort Worth", "Waco", "Seoul, 1 GW", "W" * 120],
        "lat": [39.96, 32.78, 32.76, 32.76, 37.57, 44.0],
        "lon": [-82.99, -96.80, -97.33, -97.33, 126.98, -103.0],
        "whole": [8.0, 2.0, 2.0, 1.0, 1.0, 0.0],
        "part": [0.0, 0.5, 0.0, 0.0, 0.0, 0.0],
        "kind": ["one", "two", "one", "one", "two", "two"],
        "look": ["waiting", "begun", "begun", "lost", "begun", "begun"],
    }
)


def rings(path: str) -> list[np.ndarray]:
    """The closed lines of a path of relative steps, each (n, 2) in the units of the outlines."""
    found = []
    for part in path.split("M")[1:]:
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        found.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return found


def is_inside(x: float, y: float, path: str) -> bool:
    """Whether a line to the right of a point crosses the outline an odd number of times."""
    crossings = 0
    for ring in rings(path):
        for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossings += 1
    return crossings % 2 == 1


def drawn(frame: pd.DataFrame) -> tuple[dict[str, list[tuple[dict, pd.DataFrame]]], tuple[float, float]]:
    """The layers of the map at each width, with their data, and the heights."""
    days = {"2026-03-31": frame}
    chart, *heights = marks.us_map(days, WORDS, colours=COLOURS, part_role="live", part_name="runs", elsewhere="Abroad")
    spec = chart.to_dict()
    found: dict[str, list[tuple[dict, pd.DataFrame]]] = {"wide": [], "narrow": []}
    for layer in spec["layer"]:
        data = pd.DataFrame(spec["datasets"][layer["data"]["name"]])
        found[layer["name"].partition("_")[0]].append((layer, data))
    return found, (heights[0], heights[1])


def test_the_projection_is_albers():
    """Snyder's worked example of the sphere, page 291: 35 N, 75 W is 0.2952720, 0.2416774 from 23 N, 96 W."""
    x, y = map_layout.albers(pd.Series([-75.0, -96.0, -96.0]), pd.Series([35.0, 23.0, 37.5]))
    assert x[0] == pytest.approx(0.2952720, abs=1e-7) and y[1] - y[0] == pytest.approx(0.2416774, abs=1e-7)
    assert (x[2], y[2]) == (0, 0), "the centre is the origin"


def test_there_are_48_states_and_each_holds_its_capital():
    capitals = {
        "Texas": (30.27, -97.74), "Ohio": (39.96, -82.99), "Michigan": (42.73, -84.55), "Colorado": (39.74, -104.98),
        "California": (38.58, -121.49), "Maine": (44.31, -69.78), "Florida": (30.44, -84.28),
        "Washington": (47.04, -122.90), "New Mexico": (35.68, -105.94), "Wisconsin": (43.07, -89.40),
    }  # fmt: skip
    assert len(STATES) == 48
    for state, (lat, lon) in capitals.items():
        x, y = (map_layout.UNITS * v[0] for v in map_layout.albers(pd.Series([lon]), pd.Series([lat])))
        assert [name for name, path in STATES.items() if is_inside(x, y, path)] == [state]


def test_every_site_at_home_lies_in_its_state(view):
    """A coordinate with a wrong sign or of another town would put it elsewhere; eight kilometres are simplified away."""
    for ledger in (view("2026-03-31"), view(None)):
        home = ledger.sites[(ledger.sites["country"] == "US") & ledger.sites["lat"].notna()]
        x, y = map_layout.albers(home["lon"], home["lat"])
        for site, state, a, b in zip(home["site"], home["region"], x * 2000, y * 2000, strict=True):
            around = [(a + 4 * math.cos(t), b + 4 * math.sin(t)) for t in np.linspace(0, 2 * np.pi, 12)]
            assert any(is_inside(*spot, STATES[state]) for spot in [(a, b), *around]), (site, state)


def test_areas_are_capacity_and_circles_do_not_overlap():
    layers, heights = drawn(SITES)
    for width, pixels, height in zip(("wide", "narrow"), map_view.WIDTHS.values(), heights, strict=True):
        circles = pd.concat(d for u, d in layers[width] if "whole" in d and u["mark"].get("strokeWidth") == 1.5)
        whole = circles.set_index("name")
        known = whole[whole["whole"] > 0]
        assert (known["area"] / known["whole"]).to_list() == pytest.approx(
            [known["area"].iloc[0] / known["whole"].iloc[0]] * len(known), rel=1e-4
        )
        running = next(d for u, d in layers[width] if u["mark"].get("strokeWidth") == 0 and "area" in d)
        assert running["name"].to_list() == ["Dallas"]
        assert running["area"].iloc[0] / whole.loc["Dallas", "area"] == pytest.approx(0.25, rel=1e-4)
        here = circles[circles["y"] < height]
        for a, b in itertools.combinations(here.itertuples(), 2):
            reach = (math.sqrt(a.area) + math.sqrt(b.area)) / 2  # as Vega draws a size
            assert math.hypot(a.x - b.x, a.y - b.y) >= reach - 0.1, (a.name, b.name)
        assert circles["x"].between(0, pixels).all() and circles["y"].between(0, height).all()
        cross = next(d for u, d in layers[width] if u["mark"].get("shape") == maps.CROSS)
        assert cross["name"].to_list() == ["Waco"], "what is dropped is a cross, not a circle"


def test_no_words_on_the_map_meet_and_all_stay_inside():
    layers, heights = drawn(SITES)
    for width, pixels, height in zip(("wide", "narrow"), map_view.WIDTHS.values(), heights, strict=True):
        boxes = set()
        for unit, data in layers[width]:
            mark = unit["mark"]
            if mark["type"] != "text" or "stroke" in mark:
                continue
            for x, y, text in zip(data["x"], data["y"], data["text"], strict=True):
                lines = text.split("\n")
                wide = max(text_width(line, mark["fontSize"]) for line in lines) * 0.9
                left = {"left": 0, "center": wide / 2, "right": wide}[mark.get("align", "center")]
                top = y - 7 if mark.get("baseline") == "middle" else y
                boxes.add((x - left, x - left + wide, top, top + 14 * len(lines) - 1))
        assert len(boxes) > len(SITES)
        assert not any(meet(a, b) for a, b in itertools.combinations(boxes, 2))
        assert all(a >= -1 and b <= pixels + 1 and c >= 0 and d <= height + 1 for a, b, c, d in boxes)


def test_a_site_without_coordinates_or_with_wrong_ones_is_listed_below_the_map():
    frame = SITES.assign(
        lat=[np.nan, 32.78, 32.76, 32.76, 37.57, -44.0], lon=[np.nan, 96.8, -97.33, -97.33, 126.98, 0.0]
    )
    layers, heights = drawn(frame)
    for width, height in zip(("wide", "narrow"), heights, strict=True):
        texts = " ".join(" ".join(d["text"]) for u, d in layers[width] if u["mark"]["type"] == "text")
        for told in ("Columbus, 8 GW", "Dallas", "Seoul, 1 GW", "W" * 6):
            assert told in texts.replace("\n", " "), told
        assert max(d["y"].max() for _, d in layers[width] if "y" in d) <= height


def test_the_map_is_laid_out_for_the_width_of_the_page():
    """The page drew it wider than it was laid out, and circles of Texas came to stand in Oklahoma."""
    assert map_view.WIDTHS == {"wide": charts.WIDE - 12, "narrow": charts.NARROW - 12}


def test_a_map_without_a_site_at_home_or_without_a_capacity_is_drawn():
    for frame in (SITES.iloc[[4]], SITES.assign(whole=0.0, part=0.0)):
        layers, heights = drawn(frame)
        assert layers["wide"] and min(heights) > 0


@pytest.mark.parametrize("day", ["2025-09-30", "2026-03-31", None])
def test_the_map_has_every_site_named_for_openai_once_and_what_its_title_says(view, day: str | None):
    ledger = view(day)
    sites = site_map.drawn(ledger)
    mine = buildout.openai_sites(ledger.sites)
    now = sites[sites["look"] != site_map.LOST]
    assert sorted(now["site"]) == sorted(mine["site"]) and not sites["site"].duplicated().any()
    assert now["whole"].sum() == pytest.approx(mine["planned_gw"].sum())
    assert now["runs"].sum() == pytest.approx(mine.loc[mine["status"] == "live", "live_gw"].sum())
    title = site_map.finding(ledger)
    where = now["region"].where(now["is_home"], now["nation"])
    largest = now["whole"].groupby(where).sum().idxmax()
    assert str(largest) in title
    spec = oracle_softbank.fig_oracle_map(ledger).to_dict()
    assert all(told in spec["usermeta"]["roundtrip"]["alt"] for told in sites["told"])


def test_who_runs_a_site_is_told_by_its_group():
    """SB Energy runs sites under its own name; it is a company of SoftBank's group."""
    assert site_map._builder({"oracle", "openai"}) == site_map.ORACLE
    assert site_map._builder({"softbank", "foxconn"}) == site_map.SOFTBANK
    assert site_map._builder({""}) == site_map.OTHERS


def test_what_openai_has_left_is_a_cross_with_what_became_of_it(ledger: Ledger):
    """The second campus in Abilene: 0.6 GW were planned for OpenAI before Microsoft took a lease of 0.9."""
    row = site_map.drawn(ledger).set_index("site").loc["abilene-expansion"]
    assert (row["look"], row["runs"], row["capacity"]) == (site_map.LOST, 0.0, "0.6 GW, now Microsoft’s")
    small = site_map.drawn(Ledger.load(SMALL)).set_index("site")
    assert small.loc["shelved", "capacity"] == "0.3 GW dropped"
    assert small.loc["abilene", "said"] == "Texas, 0.4 of 1.2 GW run"


def shown(spec: dict, day: str) -> set[str]:
    """The words that the map's wide drawing has for the circles of a day, and its list."""
    found = set()
    for layer in spec["layer"]:
        data = pd.DataFrame(spec["datasets"][layer["data"]["name"]])
        if layer["name"].startswith("wide_") and layer["mark"]["type"] == "text" and "since" in data:
            found |= set(data.loc[(data["since"] <= day) & (day < data["until"]), "text"].str.replace("\n", " "))
    return found


def test_the_slider_shows_of_each_day_what_was_known_on_it(ledger: Ledger):
    """Every site of a day stands on the map or in the list of that day, with its capacity as then planned."""
    spec = oracle_softbank.fig_oracle_map(ledger).to_dict()
    stops = [stop[0] for stop in spec["usermeta"]["roundtrip"]["slider"]["stops"]]
    assert len(stops) > 3 and stops[-1] == "2026-03-31" and stops == sorted(stops)
    for day in stops:
        texts = shown(spec, day)
        sites = site_map.drawn(ledger.at(day))
        listed = ~map_layout.is_on_map(sites["lon"], sites["lat"])
        for site in sites.assign(listed=listed).itertuples():
            assert (site.told in texts) if site.listed else {site.place, site.said} <= texts, (day, site.told)
        assert sum("GW" in t or "not published" in t for t in texts) == len(sites), "and no site of another day"


def test_no_circle_of_an_earlier_day_pushes_another_out_of_its_state(ledger: Ledger):
    """In December 2025 two circles of a gigawatt each pushed Abilene to the border of Mexico, as the largest known."""
    for day in ("2025-12-17", "2026-03-31"):
        view = ledger.at(day)
        spec = oracle_softbank.fig_oracle_map(view).to_dict()
        layers = [u for u in spec["layer"] if u["name"] == "wide_b_begun_1"]
        data = pd.concat(pd.DataFrame(spec["datasets"][u["data"]["name"]]) for u in layers)
        drawn_at = data[(data["until"] == replay.NEVER) & data["site_name"].str.contains("Abilene")].iloc[0]
        x, y = map_layout.albers(pd.Series([-99.73]), pd.Series([32.45]))
        place = map_view.MapView(SITES, "wide", "", 8.0)
        assert math.hypot(drawn_at["x"] - place.left(x[0]), drawn_at["y"] - place.top(y[0])) < 40, day


def test_a_ledger_that_knows_one_day_of_sites_has_no_slider():
    ledger = Ledger.load(SMALL)
    assert "slider" not in oracle_softbank.fig_oracle_map(ledger.at("2025-02-01")).to_dict()["usermeta"]["roundtrip"]
    assert list(site_map.story(ledger)) == ["2025-01-15", "2025-06-30", "2026-01-10", f"{ledger.as_of:%Y-%m-%d}"]
