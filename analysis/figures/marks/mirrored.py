"""Bars of two kinds of money on either side of a line: what a party brings to the left, what it takes to the right.

Lengths are pixels of the drawing; y grows downwards. Both sides have one scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, GAP, NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import FAINT, MUTED
from analysis.figures.replay import on_day

BAR, HEAD, NAME, PAUSE = 17.0, 30.0, 16.0, 9.0
PALE = 0.35  # opacity of the part of a bar that is not firm
STUB = 34.0  # of a dotted line where there is no amount
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class _View:
    """A page's width, the room of names beside the rows (0 where they stand above), and a size of text."""

    name: str
    width: float
    names: float
    font: float


VIEWS = (_View("wide", float(WIDE), 112.0, FONT + 1), _View("narrow", float(NARROW), 0.0, FONT))


def mirrored_bars(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    rows: Sequence[Sequence[str]],
    heads: tuple[str, str],
    colours: Mapping[str, str],
    name: str = "name",
) -> tuple[alt.LayerChart, int, int]:
    """Draw what each party brings, to the left of a line, and what it takes, to the right of it.

    Parameters
    ----------
    frame
        One row a bar: ``name`` (text), ``side`` ("left" or "right"), ``firm`` and ``most`` (numbers of one unit, drawn
        solid and pale; both 0 for a dotted line), ``kind`` (text), ``label`` (text), the columns of ``words``, and
        ``since`` and ``until`` (ISO days; see `figures.replay`) where the figure has a slider of days.
    words
        Readers' words for the columns that a bar answers with when touched.
    rows
        Names from above, in groups with a gap between them; a name without a bar leaves its row empty.
    heads
        What stands above the two sides.
    colours
        The role of each ``kind``.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    int
        Height in pixels on a wide page.
    int
        Height on a phone.
    """
    drawn, heights = [], []
    for view in VIEWS:
        layers, height = _layers(frame, words, rows, heads, colours, name, view)
        drawn += layers
        heights.append(round(height))
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _tops(rows: Sequence[Sequence[str]], step: float) -> tuple[dict[str, float], float]:
    """Where each row begins, and where the last ends."""
    tops, y = dict[str, float](), HEAD
    for group in rows:
        for row in group:
            tops[row] = y
            y += step
        y += PAUSE
    return tops, y


def _sides(frame: pd.DataFrame, view: _View) -> tuple[float, float]:
    """The place of the line, and the pixels of a unit, so that bars and labels have room on both sides."""
    rooms = frame["label"].map(lambda text: text_width(str(text), view.font)) + 3 * GAP
    rooms += STUB * (frame["most"] == 0)
    is_left = frame["side"] == LEFT
    room = view.width - view.names
    unit = room / max(frame["most"].max(), 1e-9)
    for _ in range(40):  # labels take room, which makes bars shorter, which takes labels inwards
        ends = frame["most"] * unit + rooms
        unit *= min(1.0, room / (ends[is_left].max() + ends[~is_left].max() if is_left.any() else ends.max()))
    return view.names + (frame["most"] * unit + rooms)[is_left].max() if is_left.any() else view.names, unit


def _layers(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    rows: Sequence[Sequence[str]],
    heads: tuple[str, str],
    colours: Mapping[str, str],
    name: str,
    view: _View,
) -> tuple[list[alt.Chart], float]:
    above = 0.0 if view.names else NAME
    tops, height = _tops(rows, above + BAR + (8.0 if view.names else 10.0))
    size = (view.width, height)
    middle, unit = _sides(frame, view)
    way = frame["side"].map({LEFT: -1.0, RIGHT: 1.0})
    has_amount = frame["most"] > 0
    placed = frame.assign(y=frame[name].map(tops) + above, x=middle, solid=middle + way * frame["firm"] * unit)
    placed = placed.assign(y2=placed["y"] + BAR, mid=placed["y"] + BAR / 2, x2=middle + way * frame["most"] * unit)
    placed.loc[~has_amount, "x2"] = middle + way * STUB
    placed = placed.assign(at=placed["x2"] + way * GAP)
    days = [c for c in ("since", "until") if c in frame]
    paint = colour(frame, "kind", colours, is_direct=True)
    told = tooltips(frame, words)
    kept = [c for c in placed if c not in ("side", "solid", "at", "mid", "firm", "most")]
    bar = {"y2": alt.Y2("y2:Q"), "x2": alt.X2("x2:Q"), "color": paint, "tooltip": told}
    layers = []
    for look, part, opacity in (
        ("most", placed[has_amount], PALE),
        ("firm", placed.assign(x2=placed["solid"])[placed["firm"] > 0], 1.0),
    ):
        made = _dated(alt.Chart(round_values(part[kept])), days).mark_rect(opacity=opacity)
        layers.append(made.encode(**at(*size), **bar).properties(name=f"{view.name}_{look}"))
    if not has_amount.all():
        stubs = _dated(alt.Chart(round_values(placed[~has_amount][[*kept, "mid"]])), days)
        dotted = stubs.mark_rule(strokeDash=[2, 3], strokeWidth=2).encode(**at(*size, y="mid"), x2=bar["x2"])
        layers.append(dotted.encode(color=paint, tooltip=told).properties(name=f"{view.name}_unpriced"))
    for side, align in ((LEFT, "right"), (RIGHT, "left")):
        part = placed[placed["side"] == side]
        if len(part):
            layers.append(_words(part[["at", "mid", "label", *days]], "label", align, size, view, f"{side}s"))
    first, ends = placed.drop_duplicates(name), {"since": "min", "until": "max"}
    named = first[[name]].assign(x=0.0, mid=first["mid"] if view.names else first["y"] - NAME / 2)
    if days:  # a party is named once, from its first bar on
        named = named.merge(placed.groupby(name, as_index=False).agg(ends), on=name)
    layers += [
        _words(named, name, "left", size, view, "parties", x="x", fontWeight="bold"),
        rules(
            pd.DataFrame([{"x": middle, "y": HEAD - 4, "y2": height - PAUSE}]), f"{view.name}_line", size, color=FAINT
        ),
    ]
    spots = pd.DataFrame({"x": [middle - 2 * GAP, middle + 2 * GAP], "y": 11.0, "text": list(heads)})
    for i, align in enumerate(("right", "left")):
        head: dict[str, Any] = {"align": align, "color": MUTED, "fontSize": view.font}
        layers.append(texts(spots.iloc[[i]], f"{view.name}_head_{i}", size, **head))
    return layers, height


def _dated(chart: alt.Chart, days: list[str]) -> alt.Chart:
    return on_day(chart) if days else chart


def _words(
    frame: pd.DataFrame,
    text: str,
    align: str,
    size: tuple[float, float],
    view: _View,
    name: str,
    *,
    x: str = "at",
    **mark: Any,
) -> alt.Chart:
    side = cast(Literal["left", "right"], align)
    days = [c for c in ("since", "until") if c in frame]
    base = _dated(alt.Chart(round_values(frame)), days).mark_text(
        align=side, baseline="middle", tooltip=None, fontSize=view.font, **mark
    )
    return base.encode(**at(*size, x=x, y="mid"), text=alt.Text(f"{text}:N")).properties(name=f"{view.name}_{name}")
