"""A sum that goes from one party to another and comes back inside a larger one: four steps, with ribbons of true width.

Lengths are pixels of the drawing; y grows downwards.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import INK, MUTED, PANEL, PAPER

THICK = 84.0  # of the wider of the two ribbons
LINE, FONT, SPACE, EDGE = 15.0, 12.0, 8.0, 10.0
STEM = 40.0  # of what others bring, below the box
ARROWS = {"right": 90, "left": -90, "up": 0}
ARROW = "M0,-1.1L0.68,0.8L-0.68,0.8Z"


@dataclass(frozen=True)
class _View:
    """Where the boxes stand: the width of a drawing and of a box."""

    name: str
    width: float
    box: float

    @property
    def between(self) -> float:
        return self.width - 2 * self.box


VIEWS = (_View("wide", 560.0, 124.0), _View("narrow", float(NARROW), 88.0))


def returns(
    row: pd.Series,
    words: Mapping[str, str],
    *,
    parties: tuple[str, str],
    steps: Sequence[tuple[str, str]],
    colours: Mapping[str, str],
) -> tuple[alt.LayerChart, float, float]:
    """Draw what one party gives another, and what comes back of it inside what that one owes.

    Parameters
    ----------
    row
        ``given``, ``owed`` and ``home`` (of both), numbers of one unit, and the columns of ``words``.
    words
        Readers' words for the columns that a ribbon answers with when touched.
    parties
        The names of the two, the giver first.
    steps
        A head and a line of words for what is given, what it is spent on, what is paid, what is had in the end, and
        what others have to bring ("" if nothing).
    colours
        The roles of three kinds, in this order: what comes home, what is paid besides, and what others bring.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    drawn, heights = [], []
    for view in VIEWS:
        layers, height = _layers(row, words, parties, steps, colours, view)
        drawn += layers
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _lines(step: tuple[str, str], room: float) -> list[str]:
    return textwrap.wrap(step[1], max(8, int(room / text_width("e", FONT)))) if step[0] else []


def _layers(
    row: pd.Series,
    words: Mapping[str, str],
    parties: tuple[str, str],
    steps: Sequence[tuple[str, str]],
    colours: Mapping[str, str],
    view: _View,
) -> tuple[list[alt.Chart], float]:
    unit = THICK / max(row["given"], row["owed"])
    given, owed, home = (unit * row[side] for side in ("given", "owed", "home"))
    rooms = [view.between - 12, view.between - 12, view.between - 12, view.box, view.box]
    lines = [_lines(step, room) for step, room in zip(steps, rooms, strict=True)]
    high = [LINE * (1 + len(part)) for part in lines]
    there = high[0] + SPACE + EDGE
    back = there + given + SPACE + high[1] + SPACE
    top, floor = there - EDGE, back + owed + EDGE
    left, right, middle = view.box, view.width - view.box, view.width / 2
    below = floor + SPACE
    has_rest = bool(steps[4][0])
    stem = floor + (STEM if has_rest else 0)
    home_kind, owed_kind, rest_kind = list(colours)
    ribbons = [
        {"kind": home_kind, "x": left, "x2": right, "y": there, "y2": there + given},
        {"kind": home_kind, "x": left, "x2": right, "y": back, "y2": back + home},
        {"kind": owed_kind, "x": left, "x2": right, "y": back + home, "y2": back + owed},
        {"kind": rest_kind, "x": (right + view.width - (owed - home)) / 2, "y": floor, "y2": stem}
        | {"x2": (right + view.width + owed - home) / 2},
    ]
    heads = [
        {"kind": home_kind, "x": middle, "y": there + given / 2, "angle": ARROWS["right"]},
        {"kind": home_kind, "x": middle, "y": back + home / 2, "angle": ARROWS["left"]},
        {"kind": owed_kind, "x": middle, "y": back + (home + owed) / 2, "angle": ARROWS["left"]},
        {"kind": rest_kind, "x": (right + view.width) / 2, "y": (floor + stem) / 2, "angle": ARROWS["up"]},
    ]
    kept = 2 + 2 * has_rest
    spots = [
        (middle, 0.0, "center"),
        (middle, there + given + SPACE, "center"),
        (middle, below, "center"),
        (0.0, below, "left"),
        ((right + view.width) / 2, stem + SPACE, "center"),
    ]
    height = max(y + h for (_, y, _), h in zip(spots, high, strict=True)) + 4
    size = (float(WIDE if view.name == "wide" else NARROW), height)
    told = pd.DataFrame(ribbons[:kept]).assign(**{column: row[column] for column in words})
    paint = colour(pd.DataFrame({"kind": list(colours)}), "kind", colours, is_direct=True)
    ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    rect = alt.Chart(round_values(told)).mark_rect(opacity=0.92)
    signs = alt.Chart(round_values(pd.DataFrame(heads[:kept]))).mark_point(
        shape=ARROW, size=110, stroke=PAPER, strokeWidth=1.2, opacity=1, tooltip=None
    )
    boxes = pd.DataFrame([{"x": 0.0, "x2": left}, {"x": right, "x2": view.width}]).assign(y=top, y2=floor)
    frame = alt.Chart(round_values(boxes)).mark_rect(color=PANEL, stroke=INK, cornerRadius=4, opacity=1, tooltip=None)
    names = pd.DataFrame({"x": [left / 2, (right + view.width) / 2], "y": (top + floor) / 2, "text": list(parties)})
    angle = alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    made = [
        rect.encode(**at(*size), **ends, color=paint, tooltip=tooltips(told, words)).properties(
            name=f"{view.name}_ribbons"
        ),
        signs.encode(**at(*size), color=paint, angle=angle).properties(name=f"{view.name}_heads"),
        frame.encode(**at(*size), **ends).properties(name=f"{view.name}_boxes"),
        texts(names, f"{view.name}_parties", size, fontWeight="bold", fontSize=14),
    ]
    return made + _words(steps, lines, spots, view, size), height


def _words(
    steps: Sequence[tuple[str, str]],
    lines: list[list[str]],
    spots: list[tuple[float, float, str]],
    view: _View,
    size: tuple[float, float],
) -> list[alt.Chart]:
    made = []
    for n, ((head, _), below, (x, y, align)) in enumerate(zip(steps, lines, spots, strict=True)):
        shared: dict[str, Any] = {"align": align, "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
        if head:
            spot = pd.DataFrame([{"x": x, "y": y, "text": head, "more": "\n".join(below)}])
            made.append(texts(spot, f"{view.name}_head_{n}", size, fontWeight="bold", fontSize=13, **shared))
            under = spot.assign(y=y + LINE + 1)
            made.append(texts(under, f"{view.name}_line_{n}", size, "more", color=MUTED, fontSize=FONT, **shared))
    return made
