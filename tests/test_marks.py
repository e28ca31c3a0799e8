"""Every mark of the charts' grammar: readers' words in its tooltips, room for names on a phone, colours by role."""

import itertools
import json
import re
from collections.abc import Callable, Iterator

import altair as alt
import pandas as pd
import pytest

from analysis.book.drawing import charts
from analysis.figures import marks, palette
from analysis.figures.canvas import NARROW, WIDE, meet, text_width
from analysis.figures.figure import ABOVE_LINE, LINE_HEIGHT, WIDE_LINE, line_count, make_figure, rows_height
from analysis.figures.marks.references import reference_line
from analysis.figures.marks.ring_layout import Lit
from analysis.ledger import Ledger
from analysis.ledger.schema import tables
from analysis.models.deals import MONEY_KINDS
from analysis.numbers.words import DEAL_WORDS, MONEY_WORDS

LONG = "Loans rated on the leases of somebody else's data centres"
ROWS = pd.DataFrame(
    {
        "row_name": [LONG, "B", "C"],
        "usd_bn": [10.0, -4.0, 3.0],
        "low_usd": [8.0, -5.0, 2.0],
        "high_usd": [12.0, -3.0, 4.0],
        "as_text": ["10", "−4", "3 or more"],
        "money_kind": ["a", "b", "c"],
    }
)
ROLES = {"a": "equity", "b": "orders", "c": "debt"}
YEARS = pd.DataFrame(
    [(y, k, v * (y - 2023), v) for y in range(2024, 2028) for k, v in (("a", 1.0), ("b", 3.0), ("c", 7.0))],
    columns=["in_year", "money_kind", "usd_bn", "low_usd"],
)
DAYS = YEARS.assign(on_day=pd.to_datetime(YEARS["in_year"].astype(str) + "-03-01"))
SPANS = pd.DataFrame(
    {
        "row_name": [LONG, LONG, "B"],
        "from_day": pd.to_datetime(["2024-01-01", "2025-01-01", "2024-06-01"]),
        "to_day": pd.to_datetime(["2025-01-01", "2026-01-01", "2025-06-01"]),
        "money_kind": ["a", "b", "a"],
    }
)
WORDS = {"row_name": "Promise", "money_kind": "Kind", "usd_bn": "US$ bn"}
BY_YEAR = {"in_year": "Year", "money_kind": "Kind", "usd_bn": "US$ bn"}
BY_DAY = {"on_day": "Day", "money_kind": "Kind", "usd_bn": "US$ bn"}
ONE = YEARS[YEARS["money_kind"] == "c"]
BARS = {"name": "row_name", "value": "usd_bn", "label": "as_text"}
KIND = {"kind": "money_kind", "colours": ROLES}
TWICE = pd.concat([ROWS, ROWS.assign(money_kind=["b", "c", "a"])])
SUMS = ONE.assign(head="a", name=LONG, note="one", label="up to\n10", look=["full", "pale", "outline", "full"])
SUMS = SUMS.assign(
    value=[1.0, 4.0, 25.0, 0.5], before=[9.0, None, 100.0, None], before_label=["9", "", "100\nonce", ""]
)
TRIP = pd.Series({"given": 20.0, "owed": 60.0, "home": 20.0})
RIBBONS = ONE.assign(name=LONG, giver=["one", "one", "another", "another"], note=["up to 10", "", "9", LONG])
RIBBONS = RIBBONS.assign(value=[1.0, 4.0, 25.0, 0.01], look=["full", "pale", "outline", "full"])
WAFFLES = ONE.assign(name=[LONG, "B", "C", "D"], value=[57.4, None, 120.0, 0.2], big=["57%", "not known", "120%", "0%"])
WAFFLES = WAFFLES.assign(note=["more than US$300bn", "", "US$9bn", LONG])
MAPPED = YEARS.assign(name=LONG, said="1 GW", told=LONG, lat=40.0, lon=[-120.0, -100.0, -80.0, 10.0] * 3, part=1.0)
MAPPED = MAPPED.assign(whole=4.0, kind=YEARS["money_kind"], look=["begun", "waiting", "lost"] * 4)
MARKS: dict[str, Callable[[], alt.LayerChart]] = {
    "areas": lambda: marks.areas(SUMS, BY_YEAR, colours=ROLES)[0],
    "labelled_bars": lambda: marks.labelled_bars(ROWS, WORDS, **BARS, **KIND, spread=("low_usd", "high_usd")),
    "nested_bars": lambda: marks.nested_bars(TWICE, WORDS, **BARS, part="money_kind", colours=ROLES),
    "grouped_bars": lambda: marks.grouped_bars(TWICE, WORDS, **BARS, group="money_kind", colours=ROLES),
    "ranged_bars": lambda: marks.ranged_bars(
        ROWS,
        {"row_name": "Promise", "low_usd": "US$ bn"},
        low="low_usd",
        high="high_usd",
        name="row_name",
        label="as_text",
    ),
    "labelled_columns": lambda: marks.labelled_columns(
        YEARS, BY_YEAR, x="in_year", value="usd_bn", group="money_kind", colours=ROLES
    ),
    "stacked_columns": lambda: marks.stacked_columns(
        YEARS, BY_YEAR, x="in_year", value="usd_bn", part="money_kind", colours=ROLES
    ),
    "signed_columns": lambda: marks.signed_columns(
        ONE.assign(usd_bn=[-1.0, 2.0, None, 4.0], as_text="1"),
        BY_YEAR,
        x="in_year",
        value="usd_bn",
        label="as_text",
        **KIND,
        outlined=("low_usd", "as_text"),
        missing="not stated",
    ),
    "steps": lambda: marks.steps(
        DAYS, BY_DAY, day="on_day", high="usd_bn", low="low_usd", line="money_kind", colours=ROLES
    ),
    "exchanges": lambda: marks.exchanges(
        TWICE.assign(usd_bn=TWICE["usd_bn"].abs(), look=["full", "pale", "outline"] * 2, said="one\ntwo"),
        WORDS,
        name="row_name",
        side="money_kind",
        value="usd_bn",
        label="said",
        colours={"a": "equity", "b": "orders"},
    )[0],
    "lines": lambda: marks.lines(YEARS, BY_YEAR, x="in_year", value="usd_bn", line="money_kind", colours=ROLES),
    "bands": lambda: marks.bands(
        ONE.assign(top=40.0), BY_YEAR, x="in_year", low="low_usd", median="usd_bn", high="top", role="loss"
    ),
    "responses": lambda: marks.responses(
        YEARS.assign(top=40.0),
        BY_YEAR,
        x="in_year",
        low="low_usd",
        value="usd_bn",
        high="top",
        points=YEARS.head(1).assign(label="one\ntwo"),
        mark=(2026.0, "a line"),
        at=2026.0,
    ),
    "dots": lambda: marks.dots(ROWS, WORDS, **BARS, **KIND),
    "dumbbells": lambda: marks.dumbbells(TWICE, WORDS, name="row_name", value="usd_bn", **KIND),
    "crossings": lambda: marks.crossings(
        YEARS.assign(top=40.0, as_text="10"),
        BY_YEAR,
        line="money_kind",
        colours=ROLES,
        x="in_year",
        value="usd_bn",
        low="low_usd",
        high="top",
        label="as_text",
        mark=(2025.5, 2.0),
        span=(2025, 2026),
        told=("2026", "or later"),
    ),
    "spans": lambda: marks.spans(
        ROWS.assign(low_usd=[1.0, 0.0, 2.0], high_usd=[8.0, 0.0, 4.0]),
        {"row_name": "Promise", "low_usd": "US$ bn"},
        name="row_name",
        low="low_usd",
        high="high_usd",
        label="as_text",
    ),
    "futures": lambda: marks.futures(
        YEARS.assign(value=[0.0] * 4 + [float(n) for n in range(8)]),
        BY_YEAR,
        heads=("5 have enough", "7 run short"),
        named=pd.DataFrame({"after": [6], "value": [1.5], "label": ["half lack more\nthan 1"]}),
    )[0],
    "coins": lambda: marks.coins(
        YEARS.assign(name=LONG, label="10", half=10).head(3), BY_YEAR, kinds={"half": "a"}, colours=ROLES
    )[0],
    "stacks": lambda: marks.stacks(
        YEARS.assign(stack="Sources", name=LONG, label="10"),
        BY_YEAR,
        kind="money_kind",
        value="usd_bn",
        colours=ROLES,
    )[0],
    "round_trip": lambda: marks.round_trip(
        YEARS.assign(name=LONG, label="10", short_label="10", whole=10, back=5).head(3),
        BY_YEAR,
        middle=("one", "two"),
        coming_back=("5", "back"),
        from_outside=("5", "outside"),
        colours=ROLES,
        walk=[Lit((0,), (0,)), Lit((1, 2), (), True)],
    )[0],
    "mirrored_bars": lambda: marks.mirrored_bars(
        pd.DataFrame({"name": [LONG, LONG, "two"], "side": ["left", "right", "right"], "firm": [1.0, 2.0, 0.0]}).assign(
            most=[2.0, 3.0, 0.0], money_kind=["a", "b", "b"], kind=["a", "b", "b"], label=LONG
        ),
        {"money_kind": "Kind"},
        rows=[[LONG], ["two"]],
        heads=("brings", "takes"),
        colours=ROLES,
    )[0],
    "returns": lambda: marks.returns(
        TRIP, {"given": "There", "owed": "Back"}, parties=("one", "two"), steps=[("1", LONG)] * 5, colours=ROLES
    )[0],
    "ribbons": lambda: marks.ribbons(RIBBONS, BY_YEAR, colours="guarantees")[0],
    "checklist": lambda: marks.checklist(
        ONE.assign(kind=["a", "a", "b", "c"], part=["one", "one", "two", "two"], line=LONG, head=LONG),
        BY_YEAR,
        colours=ROLES,
        hollow=["b"],
    )[0],
    "fans": lambda: marks.fans(
        YEARS.assign(top=40.0),
        BY_YEAR,
        name="money_kind",
        x="in_year",
        low="low_usd",
        value="usd_bn",
        high="top",
        colours=ROLES,
    )[0],
    "waffles": lambda: marks.waffles(WAFFLES, BY_YEAR, colours="orders")[0],
    "waterfalls": lambda: marks.waterfalls(
        YEARS.assign(line="revenue", label="10"),
        BY_YEAR,
        name="in_year",
        value="usd_bn",
        kind="money_kind",
        colours=ROLES,
    )[0],
    "grid": lambda: marks.grid(
        TWICE, WORDS, name="row_name", column="money_kind", columns=[*ROLES, "nobody's"], colours=ROLES
    ),
    "marked_days": lambda: marks.marked_days(DAYS, BY_DAY, day="on_day", value="usd_bn", label="money_kind"),
    "promises": lambda: marks.promises(
        SPANS.rename(columns={"row_name": "name", "from_day": "start", "to_day": "end", "money_kind": "kind"}).assign(
            detail="to the end"
        ),
        {"name": "Promise", "end": "Until"},
        colours=ROLES,
        after=marks.After(str(SPANS["row_name"].iloc[0]), *pd.to_datetime(["2030-01-01", "2034-01-01"]), ("a", "b")),
    )[0],
    "us_map": lambda: marks.us_map(
        {"2026-01-01": MAPPED.head(6), "2026-02-01": MAPPED},
        BY_YEAR,
        colours=ROLES,
        part_role="live",
        part_name="runs",
        elsewhere="Abroad",
    )[0],
    "walk": lambda: marks.walk(
        ONE.assign(payer=["a", "b", "c", "c"], payee=["b", "c", "a", "d"], label=["US$10bn", "none", "1", LONG]).assign(
            what="chips", told=LONG, money=["a", "b", "c", "a"], is_priced=[True, False, True, True]
        ),
        {"payer": "Who pays", "label": "Price"},
        boxes={"a": "", "b": "one", "c": "two words", "d": LONG},
        places={"a": ((0, 0), (0, 0)), "b": ((1, 0), (0, 1)), "c": ((2, 0), (1, 1)), "d": ((1, 1), (0, 2))},
        colours=ROLES,
    )[0],
}
DRAWING = {n for n in marks.__all__ if n not in ("After", "layered", "name_axis", "tooltips", "value_labels")}


def units(spec: dict) -> Iterator[dict]:
    for layer in spec.get("layer", []):
        yield from units(layer)
    if "mark" in spec:
        yield spec


def figure_of(name: str, ledger: Ledger) -> dict:
    table = ROWS if "row_name" in json.dumps(MARKS[name]().to_dict()["layer"]) else YEARS
    column = str(table.columns[0])
    made = make_figure(
        MARKS[name](),
        id=f"fig-{name}",
        title="A title",
        subtitle="",
        alt_text="A title. And what is drawn.",
        table=table,
        columns={column: "Column"},
        ledger=ledger,
        rows=[],
    )
    return made.to_dict()


def test_every_mark_has_a_case():
    assert {*MARKS} == DRAWING


def test_coins_are_as_many_as_they_stand_for_and_keep_clear_of_words_and_edges():
    frame = pd.DataFrame({"name": [LONG, "B"], "label": ["60", "40"], "back": [9, 0], "rest": [51, 40]})
    drawn, *heights = marks.coins(
        frame, {"name": "Paid to"}, kinds={"back": "a", "rest": "b"}, colours={"a": "equity", "b": "orders"}
    )
    spec = drawn.to_dict()
    for width, height, pixels in zip(("wide", "narrow"), heights, (WIDE, NARROW), strict=True):
        layers = {layer["name"]: spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]}
        placed, words = pd.DataFrame(layers[f"{width}_coins"]), pd.DataFrame(layers[f"{width}_labels"])
        assert placed.groupby(["name", "kind"]).size().to_dict() == {(LONG, "a"): 9, (LONG, "b"): 51, ("B", "b"): 40}
        assert not placed.duplicated(["x", "y"]).any()
        assert placed["x"].between(6, pixels - 6).all() and placed["y"].between(6, height - 6).all()
        if width == "narrow":
            assert (placed.loc[placed["name"] == LONG, "y"].min() - 6) > words["y"].min() + 11
            assert placed.loc[placed["name"] == LONG, "y"].max() + 6 < words["y"].max() - 11


def test_areas_are_true_and_no_words_meet():
    """On a phone the words on a ghost lay on those of the square in it."""
    drawn, *heights = marks.areas(SUMS, BY_YEAR, colours=ROLES)
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, most, height in (("wide", WIDE, heights[0]), ("narrow", NARROW, heights[1])):
        squares = pd.concat([layers[f"{width}_{look}"] for look in ("full", "pale", "outline")])
        side = squares["x2"] - squares["x"]
        areas = dict(zip(squares["in_year"], side**2 / side.max() ** 2 * 25, strict=True))
        assert areas == pytest.approx(dict(zip(SUMS["in_year"], SUMS["value"], strict=True)), rel=1e-3)
        ghosts = layers[f"{width}_before"]
        assert ((ghosts["x2"] - ghosts["x"]) ** 2).max() == pytest.approx(4 * side.max() ** 2, rel=1e-3)
        words = pd.concat([layers[f"{width}_{part}"] for part in ("ghosts", "labels", "states", "notes")])
        boxes = [
            (x, x + max(text_width(line, 12) for line in lines), y, y + 15 * len(lines))
            for x, y, lines in zip(words["x"], words["y"], words["text"].str.split("\n"), strict=True)
        ]
        assert not any(meet(a, b) for a, b in itertools.combinations(boxes, 2))
        assert max(box[1] for box in boxes) <= most and max(box[3] for box in boxes) <= height


def test_a_ribbon_is_as_thick_as_its_sum_at_both_ends_and_its_words_keep_clear():
    drawn, *heights = marks.ribbons(RIBBONS, {"in_year": "Year"}, colours="guarantees")
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, most, height in (("wide", WIDE, heights[0]), ("narrow", NARROW, heights[1])):
        bands = pd.concat([layers[f"{width}_{look}"] for look in ("full", "pale", "outline")])
        thick = (bands["y2"] - bands["y"]).groupby(bands["in_year"]).agg(["min", "max"])
        unit = thick["max"].max() / 25
        for year, value in zip(RIBBONS["in_year"], RIBBONS["value"], strict=True):
            assert thick.loc[year].tolist() == pytest.approx([max(1.0, value * unit)] * 2, abs=0.02)
        words = pd.concat([layers[f"{width}_takers"].rename(columns={"names": "text"}),
                           layers[f"{width}_notes"].rename(columns={"notes": "text"})])  # fmt: skip
        boxes = [
            (x, x + max(text_width(line, 12) for line in lines), y, y + 15 * len(lines))
            for x, y, lines in zip(words["x"], words["y"], words["text"].str.split("\n"), strict=True)
        ]
        assert not any(meet(a, b) for a, b in itertools.combinations(boxes, 2))
        assert max(box[1] for box in boxes) <= most and max(box[3] for box in boxes) <= height
        assert bands["y"].min() >= 0 and bands["y2"].max() <= height


def test_a_waffle_fills_a_cell_for_each_per_cent_and_no_more_than_all():
    drawn, *heights = marks.waffles(WAFFLES, {"in_year": "Year"}, colours="orders")
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, most, height in (("wide", WIDE, heights[0]), ("narrow", NARROW, heights[1])):
        full, cells = layers[f"{width}_full"], pd.concat(layers[f"{width}_{n}"] for n in ("full", "empty", "unknown"))
        assert full.groupby("in_year").size().tolist() == [57, 100] and len(cells) == 400
        assert not cells.duplicated(["x", "y"]).any() and cells["x2"].max() <= most and cells["y2"].max() <= height


def test_what_comes_home_is_as_wide_as_what_was_given_and_others_bring_the_rest():
    steps = [("1", "shares"), ("2", "an order"), ("3", "a bill"), ("4", "home"), ("40", "from others")]
    drawn, *_ = marks.returns(TRIP, {"given": "There"}, parties=("one", "two"), steps=steps, colours=ROLES)
    spec = drawn.to_dict()
    for layer in spec["layer"]:
        if layer["name"].endswith("_ribbons"):
            ribbons = pd.DataFrame(spec["datasets"][layer["data"]["name"]])
            given, home, besides = (ribbons["y2"] - ribbons["y"])[:3]
            others = ribbons["x2"].iloc[3] - ribbons["x"].iloc[3]
            assert (home, besides, others) == pytest.approx((given, 2 * given, 2 * given), rel=1e-4)


@pytest.mark.parametrize(
    ("enough", "lines"), [(5, [(10, 96.0), (19, 390.0)]), (19, [(19, 1.0)]), (1, [(10, 5.0), (19, 6.0)])]
)
def test_futures_hang_as_deep_as_money_is_short_and_no_words_meet(enough: int, lines: list[tuple[int, float]]):
    values = [0.0] * enough + [20.0 * (n + 1) for n in range(20 - enough)]
    named = pd.DataFrame(lines, columns=["after", "value"]).assign(label="one in twenty lacks more\nthan US$390bn")
    drawn, *heights = marks.futures(
        pd.DataFrame({"value": values}), {"value": "US$ bn"}, heads=("have enough", "run short"), named=named
    )
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, pixels, height in zip(("wide", "narrow"), (WIDE, NARROW), heights, strict=True):
        bars, calm = layers[f"{width}_short"], layers[f"{width}_enough"]
        depth = bars["y2"] - bars["y"]
        assert list(depth / depth.max()) == pytest.approx([v / max(values) for v in values[enough:]], rel=1e-3)
        assert len(calm) == enough and (calm["y"] == calm["y2"]).all() and len(calm) + len(bars) == 20
        heads, words = layers[f"{width}_heads"], layers[f"{width}_words"]
        ends = [x + text_width(text, 13) for x, text in zip(heads["x"], heads["text"], strict=True)]
        assert ends[0] < heads["x"].iloc[1] and ends[1] <= pixels
        assert bars["y2"].max() <= height and (words["y"].diff().dropna() >= 15).all()
        assert all(
            x >= text_width(line, 13) - 5
            for x, t in zip(words["x"], words["text"], strict=True)
            for line in t.split("\n")
        )


def test_both_sides_of_an_exchange_have_one_scale_and_words_of_their_own():
    frame = pd.DataFrame({"name": ["p", "q", "q", "q"], "side": ["b", "a", "a", "b"], "value": [38.0, 15.0, 35.0, 138.0],
                          "look": ["pale", "full", "outline", "pale"],
                          "label": ["38 signed", "15 paid\n35 on conditions", "15 paid\n35 on conditions", "138"]})  # fmt: skip
    drawn, *heights = marks.exchanges(frame, {"value": "US$ bn"}, colours={"a": "equity", "b": "orders"})
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, pixels, height in zip(("wide", "narrow"), (WIDE, NARROW), heights, strict=True):
        parts = pd.concat([layers[f"{width}_{look}"] for look in ("full", "pale", "outline")])
        units = (parts["x2"] - parts["x"]) / parts["value"]
        assert units.to_list() == pytest.approx([units.iloc[0]] * 4, rel=1e-3)
        middle = layers[f"{width}_line"]["x"].iloc[0]
        assert layers[f"{width}_full"]["x2"].iloc[0] == pytest.approx(middle) == layers[f"{width}_pale"]["x"].iloc[0]
        assert layers[f"{width}_outline"]["x2"].iloc[0] == pytest.approx(layers[f"{width}_full"]["x"].iloc[0])
        assert parts["x"].min() >= 0 and parts["x2"].max() <= pixels and parts["y2"].max() <= height
        for part, sign in ((f"{width}_said_-1", -1), (f"{width}_said_1", 1)):
            words = layers[part]
            reach = words["x"] + sign * words["text"].map(lambda t: max(text_width(s, 12) for s in t.split("\n")))
            assert reach.between(0, pixels).all()
            tops = words["y"] + 15 * (words["text"].str.count("\n") + 1)
            assert all(any(top == pytest.approx(y) for y in parts["y"]) for top in tops), "just above their bars"


def test_fans_share_one_scale_from_zero():
    """Each value is as many pixels above the base as its part of the highest tick, in every panel and width."""
    frame = pd.DataFrame({"name": ["p", "p", "q"], "year": [2027, 2028, 2027], "a": [0.0, 1.0, 2.0],
                          "b": [0.0, 50.0, 10.0], "c": [0.0, 90.0, 20.0]})  # fmt: skip
    drawn, total = marks.fans(
        frame, {"b": "US$ bn"}, low="a", value="b", high="c", colours={"p": "first"}, height=200.0
    )
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width in ("wide", "narrow"):
        scale = layers[f"{width}_scale"].set_index("text")["y"]
        assert scale["0"] - scale.min() == pytest.approx(200) and scale["0"] < total
        top = float(scale.idxmin())
        for i, part in enumerate((frame.iloc[:2], frame.iloc[2:])):
            drawn_at = layers[f"{width}_points_{i}"]
            assert list(scale["0"] - drawn_at["y_v"]) == pytest.approx(list(200 * part["b"] / top))
            assert list(scale["0"] - drawn_at["y_h"]) == pytest.approx(list(200 * part["c"] / top))


def test_each_bar_of_a_waterfall_begins_where_the_one_before_ends():
    """100 + 50 - 170 leaves -20, whose bar runs from zero to where the third ended."""
    frame = pd.DataFrame({"name": "p", "line": ["a", "b", "c", "d"], "value": [100.0, 50.0, -170.0, -20.0],
                          "label": ["100", "50", "−170", "−20"], "side": ["in", "in", "out", "left"]})  # fmt: skip
    frame = pd.concat([frame, frame.assign(name="q")])
    drawn, *heights = marks.waterfalls(frame, {"value": "US$ bn"}, kind="side", colours={"in": "first"})
    spec = drawn.to_dict()
    layers = {layer["name"]: pd.DataFrame(spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]}
    for width, pixels, height in zip(("wide", "narrow"), (WIDE, NARROW), heights, strict=True):
        for bars in (layers[f"{width}_bars"].iloc[:4], layers[f"{width}_bars"].iloc[4:]):
            begin, end = bars["x"].to_list(), bars["x2"].to_list()
            assert begin[1:3] == pytest.approx(end[:2]) and end[3] == pytest.approx(end[2])
            unit = (end[0] - begin[0]) / 100
            assert begin[3] == pytest.approx(begin[0]) and end[3] - begin[3] == pytest.approx(-20 * unit, rel=1e-4)
            assert min(*begin, *end) >= 0 and max(*begin, *end) < pixels and bars["y"].between(0, height).all()
    assert heights[1] > heights[0], "the panels stand below one another on a phone"


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_answers_in_readers_words_only(name: str, ledger: Ledger):
    """A mark either names each value that it tells, or tells nothing."""
    told = 0
    for unit in units(figure_of(name, ledger)):
        channels = unit.get("encoding", {})
        shown = channels.get("tooltip")
        assert shown or unit["mark"].get("tooltip", "") is None, unit["mark"]
        told += bool(shown)
        assert all("_" not in part["title"] for part in shown or [])
        titles = [c["title"] for c in channels.values() if isinstance(c, dict) and c.get("title")]
        assert all("_" not in t for t in titles)
    assert told


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_has_room_for_its_names_on_a_phone(name: str, ledger: Ledger):
    spec = figure_of(name, ledger)
    wide, narrow = charts.draw(spec)
    assert "…" not in wide and "…" not in narrow, "no name is cut"
    if "row_name" in json.dumps(spec["layer"]):
        words = re.sub(r"<[^>]*>", " ", narrow)
        assert {*LONG.split()} <= {*words.split()}, "the whole name is there"
        assert spec["usermeta"]["roundtrip"]["narrow_height"] >= 13 * line_count(LONG, ABOVE_LINE)


def test_one_long_name_does_not_widen_every_row():
    """A name of two lines among twenty made a chart a third higher, though it has room between names of one."""
    short, long = "a name", "a name that takes two lines beside its row"
    assert line_count(long, WIDE_LINE) == 2
    assert rows_height([short] * 4, 24) == 4 * 24
    assert rows_height([short, long, short, short], 24) == round(4 * (1.5 * LINE_HEIGHT + 6)) < 4 * 32
    assert rows_height([short, long, long, short], 24) == 4 * (2 * LINE_HEIGHT + 6), "two that meet"
    assert rows_height([long, short], 24) == 2 * (2 * LINE_HEIGHT + 6), "the edge of the picture gives nothing"


def test_a_value_without_words_is_not_drawn():
    for draw in (marks.labelled_bars, marks.dots, marks.ranged_bars):
        with pytest.raises(KeyError):
            draw(ROWS.rename(columns={"row_name": "name", "usd_bn": "value"}), {"name": "Promise"})


def test_a_category_without_a_role_is_drawn_as_other():
    scale = palette.scale({"a": "equity"}, ["a", "new"]).to_dict()
    assert scale["domain"] == ["a", "new"] and scale["range"] == [
        palette.colour_of("equity"),
        palette.colour_of("other"),
    ]


def test_a_line_across_rows_crosses_no_name_on_a_phone():
    """The dashed line of what came ran through the names of the statements, which stand above their rows there."""
    frame = pd.DataFrame({"name": ["a", "b"], "value": [1.0, 3.0], "label": ["1", "3"]})
    rows = marks.labelled_bars(frame, {"name": "Name", "value": "US$ bn"})
    drawn = marks.layered(rows, *reference_line(frame, 2.0, "now", half=9), height=rows.height)
    layers = {layer["name"]: layer for layer in drawn.to_dict()["layer"] if "name" in layer}
    assert "y" not in layers["wide_reference"]["encoding"]
    pieces = layers["narrow_reference"]
    assert pieces["encoding"]["y"]["field"] == pieces["encoding"]["y2"]["field"] == "name"
    assert pieces["mark"]["yOffset"] == -9, "no higher than the bars, above which the names stand"


def test_a_name_stands_before_a_step_that_would_cut_it():
    """NVIDIA's guarantees rose from 10 to 115 through the words 'shares signed or paid'."""
    days = pd.to_datetime(["2026-01-01", "2026-06-20", "2026-07-01"])
    flat = "shares signed or paid"
    rows = [(day, "high", value) for day, value in zip(days, (10.0, 115.0, 115.0), strict=True)]
    rows += [(day, flat, 48.0) for day in days]
    frame = pd.DataFrame(rows, columns=["day", "money_kind", "high"])
    made = marks.steps(frame, {"high": "US$ bn"}, line="money_kind", colours={"high": "equity", flat: "orders"})
    ends = {
        row["money_kind"]: pd.Timestamp(row["day"])
        for rows in made.to_dict()["datasets"].values()
        for row in rows
        if "label_at" in row
    }
    assert ends[flat] < days[1] < days[2] == ends["high"]


def test_every_kind_of_deal_has_its_money():
    """A kind that the schema allows is a kind of money by name, not by default."""
    (kind,) = [f for f in tables()["deals"].fields if f.name == "kind"]
    assert {*kind.enum} == {*MONEY_KINDS}
    assert {*MONEY_KINDS.values()} <= {*palette.MONEY}


def test_every_kind_of_deal_and_of_money_has_every_word():
    (kind,) = [f for f in tables()["deals"].fields if f.name == "kind"]
    assert {*kind.enum} == {*DEAL_WORDS}
    assert {*MONEY_KINDS.values()} == {*MONEY_WORDS}
    for words in DEAL_WORDS.values():
        assert words.name and words.heading and words.purpose and all(words.verbs)
    for money in MONEY_WORDS.values():
        assert all(money) and "{}" in money.to_openai


def test_a_part_that_the_schema_does_not_know_is_refused_with_the_whole(ledger: Ledger):
    """The parts of a chart are not looked at as they are made."""
    wrong = alt.Chart(ROWS).mark_bar().encode(x=alt.X("usd_bn:Q", axis=alt.Axis(labelLimit="wide")))
    with pytest.raises(alt.utils.schemapi.SchemaValidationError, match="wide"):
        alt.layer(wrong).to_dict()


@pytest.mark.parametrize("dropped", ["wide_", "narrow_"])
@pytest.mark.parametrize("name", MARKS)
def test_a_live_mark_has_its_choice_once_in_each_width(name: str, dropped: str, ledger: Ledger):
    """On a phone the coins stayed still: the choice by the legend stood in the layers that the page drops there."""
    live = [u for u in units(charts.interactive(figure_of(name, ledger))) if not u.get("name", "").startswith(dropped)]
    used = any("rt_pick" in json.dumps(u["encoding"]) for u in live)
    assert sum(p["name"] == "rt_pick" for u in live for p in u.get("params", [])) == used
