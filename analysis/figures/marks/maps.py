"""A map of the continental United States with circles of true area, and places elsewhere in a list beside it.

On a phone the circles bear numbers, and a list below names them all. Lengths are pixels of the drawing; y grows
downwards.
"""

from collections.abc import Mapping
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

LOOKS: dict[str, dict[str, Any]] = {
    "begun": {"fillOpacity": 0.34, "strokeWidth": 1.5},
    "waiting": {"fillOpacity": 0.07, "strokeWidth": 1.5, "strokeDash": [4, 2.5]},
    "silent": {"fillOpacity": 0, "strokeWidth": 1.5, "strokeDash": [1.5, 2]},
}
CROSS = "M-1-1L1 1M-1 1L1-1"
LEAST_NUMBERED = 8.0  # radius of a circle with room for a number


def us_map(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    colours: Mapping[str, str],
    part_role: str,
    part_name: str,
    elsewhere: str,
) -> tuple[alt.LayerChart, float, float]:
    """Draw what is where, as circles whose area is a quantity, and the part of it that is there already.

    Parameters
    ----------
    frame
        One row a circle, in the order of the list: ``name`` (its first line), ``said`` (its second), ``told`` (both
        in one, for the list), ``lat`` and ``lon`` (degrees, NaN where not known), ``whole`` (0 where not known) and
        ``part`` of it, ``kind`` (colour), ``look`` (``begun``, ``waiting``, or ``lost``: a cross), and the columns of
        ``words``.
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

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    told = frame.reset_index(drop=True)
    drawn: list[alt.Chart] = []
    heights = []
    for width in WIDTHS:
        view = MapView(told, width, elsewhere)
        layers = [*_states(view), *_circles(view, words, colours, part_role), *_words(view)]
        layers += _key(view, colours, part_role, part_name)
        drawn += [chart.properties(name=f"{width}_map_{n}") for n, chart in enumerate(layers)]
        heights.append(view.height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _at(view: MapView, x: str = "x", y: str = "y") -> dict[str, Any]:
    """Channels of pixels, both smaller by as much where the plot is narrower than the drawing was laid out for."""
    wide, high = f"{view.width:g}", f"{view.height:.6g}"
    across = alt.Scale(domainMin=0, domainMax=alt.ExprRef(f"max(width, {wide})"), nice=False)
    down = alt.Scale(domainMax=0, domainMin=alt.ExprRef(f"{high} * max(1, {wide} / width)"), nice=False, reverse=False)
    return {"x": alt.X(f"{x}:Q", scale=across, axis=None), "y": alt.Y(f"{y}:Q", scale=down, axis=None)}


def _text(frame: pd.DataFrame, view: MapView, **mark: Any) -> alt.Chart:
    base = alt.Chart(round_values(frame[["x", "y", "text"]]))
    shared: dict[str, Any] = {"tooltip": None, "fontSize": FONT, "lineBreak": "\n", "lineHeight": LINE}
    return base.mark_text(**shared | mark).encode(**_at(view), text=alt.Text("text:N"))


def _states(view: MapView) -> list[alt.Chart]:
    """The outlines, as one mark."""
    centre = pd.DataFrame([{"x": view.left(0.0), "y": view.top(0.0)}])
    across = 2 * view.scale / UNITS
    size = alt.ExprRef(f"pow({across:.6g} * min(1, width / {view.width:g}), 2)")
    look: dict[str, Any] = {"fill": GRID, "stroke": PAPER, "strokeWidth": 1, "strokeJoin": "round", "opacity": 1}
    shape = "".join(STATES.values())
    return [
        alt.Chart(round_values(centre)).mark_point(shape=shape, size=size, tooltip=None, **look).encode(**_at(view))
    ]


def _circles(view: MapView, words: Mapping[str, str], colours: Mapping[str, str], role: str) -> list[alt.Chart]:
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
    made = []
    size = alt.Size("area:Q", scale=None, legend=None)
    for look, style in LOOKS.items():
        some = spots.loc[looks == look, used]
        if len(some):
            under = alt.Chart(round_values(some)).mark_point(shape="circle", fill=PAPER, opacity=1, tooltip=None)
            made.append(under.encode(**_at(view), size=size))
            ring = alt.Chart(round_values(some)).mark_point(shape="circle", opacity=1, **style)
            made.append(
                ring.encode(
                    **_at(view), size=size, fill=_fill(paint), stroke=outline(paint), tooltip=tooltips(some, words)
                )
            )
    running = spots[(spots["inner"] > 0) & (looks != "lost")]
    if len(running):
        running = running.assign(area=4 * running["inner"] ** 2, kind=role)[used]
        own = colour(running, "kind", {role: role}, is_direct=True)
        disc = alt.Chart(round_values(running)).mark_point(shape="circle", filled=True, opacity=1, strokeWidth=0)
        made.append(disc.encode(**_at(view), size=size, color=own, tooltip=tooltips(running, words)))
    lost = spots.loc[looks == "lost", used]
    if len(lost):
        cross = alt.Chart(round_values(lost)).mark_point(
            shape=CROSS, size=64, filled=False, stroke=MUTED, strokeWidth=2, opacity=1
        )
        made.append(cross.encode(**_at(view), tooltip=tooltips(lost, words)))
    return made


def _fill(paint: Any) -> alt.Fill:
    return alt.Fill(paint["shorthand"], title=None, scale=paint["scale"], legend=None)


def _words(view: MapView) -> list[alt.Chart]:
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
    made = []
    if leaders:
        rule = alt.Chart(round_values(pd.DataFrame(leaders))).mark_rule(color=MUTED, strokeWidth=1, tooltip=None)
        made.append(rule.encode(**_at(view), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")))
    numbered = {"fontWeight": "bold", "fontSize": NUMBER}
    for rows, style in ((heads, {"fontWeight": "bold"}), (saids, {"color": INK}), (numbers, numbered)):
        frame = pd.DataFrame(rows)
        for align in ("left", "center", "right") if rows else ():
            some = frame[frame["align"] == align]
            if len(some):
                for under in ({"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round", "strokeOpacity": 0.75}, {}):
                    made.append(_text(some, view, align=align, baseline="top", **style, **under))
    if view.heads:
        made.append(_text(pd.DataFrame(view.heads), view, fontWeight="bold", align="left", baseline="top"))
    if len(view.listed):
        listed = view.listed
        radius = view.spots.loc[listed["row"], "r"].to_numpy(float)
        middle = np.where(listed["is_circle"], np.maximum(0, radius - LINE * listed["lines"] / 2), 0)
        rows = pd.DataFrame({"x": listed["text_x"], "y": listed["y"] + middle + 1, "text": listed["words"]})
        made.append(_text(rows, view, align="left", baseline="top"))
        order = {row: n for n, row in enumerate(view.here["row"], 1)}
        tied = listed[~listed["is_circle"].astype(bool)]
        if len(tied):
            marks = pd.DataFrame({"x": tied["x"], "y": tied["y"] + 1, "text": [str(order[r]) for r in tied["row"]]})
            made.append(_text(marks, view, fontWeight="bold", baseline="top"))
    return made


def _key(view: MapView, colours: Mapping[str, str], role: str, part_name: str) -> list[alt.Chart]:
    """What the colours mean: an entry a line on a wide page, two in a line on a phone."""
    entries = [(kind, colour_of(paint), 0.34) for kind, paint in colours.items() if kind in set(view.spots["kind"])]
    if (view.spots["part"] > 0).any():
        entries.append((part_name, colour_of(role), 1.0))
    across, made, spots = 1 if view.name == "wide" else 2, [], []
    for n, (text, paint, opacity) in enumerate(entries):
        down, place = divmod(n, across)
        spots.append({"x": 8 + place * view.width / 2, "y": view.key_y + KEY_ROW * down, "text": text})
        look: dict[str, Any] = {"fill": paint, "stroke": paint, "fillOpacity": opacity, "strokeWidth": 1.5}
        disc = alt.Chart(round_values(pd.DataFrame(spots[-1:]))).mark_point(size=110, opacity=1, tooltip=None, **look)
        made.append(disc.encode(**_at(view)))
    words = pd.DataFrame(spots)
    return [*made, _text(words.assign(x=words["x"] + 11), view, align="left", baseline="middle")] if spots else []
