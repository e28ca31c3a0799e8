"""A map of the continental United States with circles of true area, and places elsewhere in a list beside it.

On a phone the circles bear numbers, and a list below names them all. Lengths are pixels of the drawing; y grows
downwards.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, outline, tooltips
from analysis.figures.marks.map_layout import LINE, UNITS
from analysis.figures.marks.map_view import FONT, KEY_ROW, NUMBER, WIDTHS, MapView
from analysis.figures.marks.us_states import STATES
from analysis.figures.palette import GRID, INK, MUTED, PAPER, colour_of
from analysis.figures.replay import held, on_day, with_day

LOOKS: dict[str, dict[str, Any]] = {
    "begun": {"fillOpacity": 0.34, "strokeWidth": 1.5},
    "waiting": {"fillOpacity": 0.07, "strokeWidth": 1.5, "strokeDash": [4, 2.5]},
    "silent": {"fillOpacity": 0, "strokeWidth": 1.5, "strokeDash": [1.5, 2]},
}
CROSS = "M-1-1L1 1M-1 1L1-1"
LEAST_NUMBERED = 8.0  # radius of a circle with room for a number


def us_map(
    days: Mapping[str, pd.DataFrame],
    words: Mapping[str, str],
    *,
    colours: Mapping[str, str],
    part_role: str,
    part_name: str,
    elsewhere: str,
    at_least: float = 0.0,
) -> tuple[alt.LayerChart, float, float]:
    """Draw what is where, as circles whose area is a quantity, and the part of it that is there already.

    Parameters
    ----------
    days
        What is known on each ISO day, oldest first; the last is drawn, and a reader's slider shows the others by the
        parameter ``day``. One row a circle, in the order of the list: ``name`` (its first line), ``said`` (its
        second), ``told`` (both in one, for the list), ``lat`` and ``lon`` (degrees, NaN where not known), ``whole``
        (0 where not known) and ``part`` of it, ``kind`` (colour), ``look`` (``begun``, ``waiting``, or ``lost``: a
        cross), and the columns of ``words``.
    words
        Readers' words for the columns that a circle answers with when touched.
    colours
        The role of each kind.
    part_role
        The role of the part that is there.
    part_name
        What that part is called.
    elsewhere
        The head of the list of those that are not on the map.
    at_least
        Circles are drawn no larger than if one of so much were among them.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    most = max(at_least, *(float(frame["whole"].max()) for frame in days.values()))
    drawn: list[alt.Chart] = []
    heights = []
    for width in WIDTHS:
        views = {d: MapView(frame.reset_index(drop=True), width, elsewhere, most) for d, frame in days.items()}
        heights.append(max(view.height for view in views.values()))
        for view in views.values():
            view.height = heights[-1]
        made = {
            day: _circles(view, words, colours, part_role) | _words(view) | _key(view, colours, part_role, part_name)
            for day, view in views.items()
        }
        layers = {"a_states": _states(next(iter(views.values())))} | _of_all_days(made)
        drawn += [chart.properties(name=f"{width}_{name}") for name, chart in sorted(layers.items())]
    chart = cast(alt.LayerChart, alt.layer(*drawn))
    return (with_day(chart, list(days)) if len(days) > 1 else chart), heights[0], heights[1]


# What is drawn, by names in the order in which it is: the rows, and what makes a layer of them.
Layers = dict[str, tuple[pd.DataFrame, Callable[[pd.DataFrame], alt.Chart]]]


def _of_all_days(made: Mapping[str, Layers]) -> dict[str, alt.Chart]:
    """The layers of several days as one each, whose rows hold from a day to another."""
    known = {name: layer for layers in made.values() for name, layer in layers.items()}
    if len(made) == 1:
        return {name: make(round_values(rows)) for name, (rows, make) in known.items()}
    frames, _ = held(
        (day, tuple(layers[name][0] if name in layers else rows.head(0) for name, (rows, _) in known.items()))
        for day, layers in made.items()
    )
    return {name: on_day(make(rows)) for (name, (_, make)), rows in zip(known.items(), frames, strict=True)}


def _at(view: MapView, x: str = "x", y: str = "y") -> dict[str, Any]:
    """Channels of pixels, both smaller by as much where the plot is narrower than the drawing was laid out for."""
    wide, high = f"{view.width:g}", f"{view.height:.6g}"
    across = alt.Scale(domain=[0, alt.ExprRef(f"max(width, {wide})")], nice=False)
    down = alt.Scale(domain=[alt.ExprRef(f"{high} * max(1, {wide} / width)"), 0], nice=False)
    return {"x": alt.X(f"{x}:Q", scale=across, axis=None), "y": alt.Y(f"{y}:Q", scale=down, axis=None)}


def _text(view: MapView, **mark: Any) -> Callable[[pd.DataFrame], alt.Chart]:
    """What makes a layer of rows with x, y and text."""
    shared: dict[str, Any] = {"tooltip": None, "fontSize": FONT, "lineBreak": "\n", "lineHeight": LINE}
    return lambda rows: alt.Chart(rows).mark_text(**shared | mark).encode(**_at(view), text=alt.Text("text:N"))


def _states(view: MapView) -> alt.Chart:
    """The outlines, as one mark."""
    centre = pd.DataFrame([{"x": view.left(0.0), "y": view.top(0.0)}])
    across = 2 * view.scale / UNITS
    size = alt.ExprRef(f"pow({across:.6g} * min(1, width / {view.width:g}), 2)")
    look: dict[str, Any] = {"fill": GRID, "stroke": PAPER, "strokeWidth": 1, "strokeJoin": "round", "opacity": 1}
    shape = "".join(STATES.values())
    outlines = alt.Chart(round_values(centre)).mark_point(shape=shape, size=size, tooltip=None, **look)
    return outlines.encode(**_at(view))


def _circles(view: MapView, words: Mapping[str, str], colours: Mapping[str, str], role: str) -> Layers:
    """The circles on the map and in the list, what of them is there, and crosses for those that are lost."""
    both = [view.here]
    if len(view.listed):
        beside = view.listed[view.listed["is_circle"]].rename(columns={"y": "line_y"})
        rows = view.spots.loc[beside["row"]].reset_index(drop=True)
        y = beside["line_y"].to_numpy(float) + np.maximum(LINE / 2, rows["r"].to_numpy(float))
        both.append(rows.assign(x=beside["x"].to_numpy(float), y=y))
    spots = pd.concat(both, ignore_index=True)
    used = list(dict.fromkeys(["x", "y", "area", "kind", *words]))
    spots["area"] = 4 * spots["r"] ** 2
    paint = colour(pd.DataFrame({"kind": list(colours)}), "kind", colours, is_direct=True)
    looks = spots["look"].mask(spots["silent"] & (spots["look"] != "lost"), "silent")
    size = alt.Size("area:Q", scale=None, legend=None)

    def layer(mark: dict[str, Any], is_told: bool = True, **channels: Any) -> Callable[[pd.DataFrame], alt.Chart]:
        shown: dict[str, Any] = {"shape": "circle", "opacity": 1} | mark

        def make(rows: pd.DataFrame) -> alt.Chart:
            points = alt.Chart(rows).mark_point(**shown).encode(**_at(view), **channels)
            return points.encode(tooltip=tooltips(rows, words)) if is_told else points

        return make

    made: Layers = {}
    for look, style in LOOKS.items():
        some = spots.loc[looks == look, used]
        if len(some):
            made[f"b_{look}_0"] = some, layer({"fill": PAPER, "tooltip": None}, False, size=size)
            made[f"b_{look}_1"] = some, layer(style, size=size, fill=_fill(paint), stroke=outline(paint))
    running = spots[(spots["inner"] > 0) & (looks != "lost")]
    if len(running):
        own = colour(pd.DataFrame({"kind": [role]}), "kind", {role: role}, is_direct=True)
        made["c_part"] = (
            running.assign(area=4 * running["inner"] ** 2, kind=role)[used],
            layer({"filled": True, "strokeWidth": 0}, size=size, color=own),
        )
    lost = spots.loc[looks == "lost", used]
    if len(lost):
        cross = {"shape": CROSS, "size": 64, "filled": False, "stroke": MUTED, "strokeWidth": 2}
        made["d_lost"] = lost, layer(cross)
    return made


def _fill(paint: Any) -> alt.Fill:
    return alt.Fill(paint["shorthand"], title=None, scale=paint["scale"], legend=None)


def _words(view: MapView) -> Layers:
    """The words beside circles, lines to them, the list, and on a phone the numbers that tie both."""
    heads, saids, leaders, numbers = [], [], [], []
    wrapped = view.wrapped(view.here, 24)
    for n, (place, row) in enumerate(zip(view.places, wrapped.itertuples(), strict=True), 1):
        if place is None or view.name == "narrow":
            is_inside = place is None or (row.r >= LEAST_NUMBERED and row.part <= 0 and row.look != "lost")
            beside = (row.x, row.y - LINE / 2) if place is None or is_inside else (place.x, place.y)
            align = "center" if place is None or is_inside else place.align
            numbers.append({"x": beside[0], "y": beside[1], "text": str(n), "align": align})
            continue
        spot = {"x": place.x, "align": place.align}
        heads.append(spot | {"y": place.y, "text": "\n".join(row.name_lines)})
        saids.append(spot | {"y": place.y + LINE * len(row.name_lines), "text": "\n".join(row.said_lines)})
        if place.leader:
            leaders.append(dict(zip(("x", "y", "x2", "y2"), place.leader, strict=True)))
    made: Layers = {}
    if leaders:
        ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
        made["e_leaders"] = (
            pd.DataFrame(leaders),
            lambda rows: alt.Chart(rows).mark_rule(color=MUTED, tooltip=None).encode(**_at(view), **ends),
        )
    numbered: dict[str, Any] = {"fontWeight": "bold", "fontSize": NUMBER}
    styles: dict[str, dict[str, Any]] = {
        "f_heads": {"fontWeight": "bold"},
        "g_saids": {"color": INK},
        "h_numbers": numbered,
    }
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round", "strokeOpacity": 0.75}
    for (name, style), spots in zip(styles.items(), (heads, saids, numbers), strict=True):
        for align in ("left", "center", "right"):
            some = pd.DataFrame([spot for spot in spots if spot["align"] == align], columns=["x", "y", "text"])
            if len(some):
                for n, under in enumerate((halo, dict[str, Any]())):
                    made[f"{name}_{align}_{n}"] = some, _text(view, align=align, baseline="top", **style, **under)
    left: dict[str, Any] = {"align": "left", "baseline": "top"}
    if view.heads:
        made["i_head"] = pd.DataFrame(view.heads), _text(view, fontWeight="bold", **left)
    if len(view.listed):
        listed = view.listed
        radius = view.spots.loc[listed["row"], "r"].to_numpy(float)
        middle = np.where(listed["is_circle"], np.maximum(0, radius - LINE * listed["lines"] / 2), 0)
        rows = pd.DataFrame({"x": listed["text_x"], "y": listed["y"] + middle + 1, "text": listed["words"]})
        made["j_list"] = rows, _text(view, **left)
        order = {row: n for n, row in enumerate(view.here["row"], 1)}
        tied = listed[~listed["is_circle"].astype(bool)]
        if len(tied):
            marks = pd.DataFrame({"x": tied["x"], "y": tied["y"] + 1, "text": [str(order[r]) for r in tied["row"]]})
            made["k_tied"] = marks, _text(view, fontWeight="bold", baseline="top")
    return made


def _key(view: MapView, colours: Mapping[str, str], role: str, part_name: str) -> Layers:
    """What the colours mean: an entry a line on a wide page, two in a line on a phone."""
    entries = [(kind, paint, 0.34) for kind, paint in colours.items() if kind in set(view.spots["kind"])]
    if (view.spots["part"] > 0).any():
        entries.append((part_name, role, 1.0))
    across, words = 1 if view.name == "wide" else 2, []
    made: Layers = {}
    for n, (text, paint, opacity) in enumerate(entries):
        down, place = divmod(n, across)
        spot = {"x": 8 + place * view.width / 2, "y": view.key_y + KEY_ROW * down}
        words.append({"x": spot["x"] + 11, "y": spot["y"], "text": text})
        look: dict[str, Any] = {"fill": colour_of(paint), "stroke": colour_of(paint), "fillOpacity": opacity}
        made[f"l_key_{paint}"] = pd.DataFrame([spot]), _disc(view, look)
    if words:
        made["m_key"] = pd.DataFrame(words), _text(view, align="left", baseline="middle")
    return made


def _disc(view: MapView, look: dict[str, Any]) -> Callable[[pd.DataFrame], alt.Chart]:
    mark: dict[str, Any] = {"size": 110, "opacity": 1, "strokeWidth": 1.5, "tooltip": None}
    return lambda rows: alt.Chart(rows).mark_point(**mark | look).encode(**_at(view))
