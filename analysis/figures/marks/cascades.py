"""A sum that does not come, falling: first on those it was promised to, then past them on whom they cannot pay.

Lengths are pixels of the drawing; y grows downwards. Widths of ribbons are true.
"""

import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import tooltips
from analysis.figures.palette import INK, MUTED, colour_of

TOP, SOURCE, FALL, CATCH = 34.0, 12.0, 92.0, 4.0  # pixels: above the source, the source, its fall, what catches it
LINE, SLIDE = 15.0, 34.0  # a line of words, from the words down to the floor
GAP, APART = 10.0, 6.0  # between two who are paid, and two words
LYING = 8.0  # what lies on the floor already
STEPS = 16  # pieces of a fall
STRENGTHS = {"borne": 0.36, "passed": 1.0, "untested": 0.55}


def cascade(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    source: tuple[str, str],
    floor: tuple[str, str],
    colours: Mapping[str, str],
    beside: tuple[float, str] = (0.0, ""),
) -> tuple[alt.LayerChart, float, float]:
    """Draw what a missing sum does to those who were to get it, and behind them.

    Parameters
    ----------
    frame
        Those who were to get it, from the left: ``name`` and ``label`` (lines below it), ``missing`` (what each goes
        without), ``passed`` (of it, what it cannot pay others), ``is_tested`` (whether that is known), and the columns
        of ``words``.
    words
        Readers' words for the columns that a ribbon answers with when touched.
    source
        How much is missing, and words for it.
    floor
        How much falls on others, and words for them; two empty texts where nothing does.
    colours
        The roles of ``borne``, ``passed`` and ``untested``.
    beside
        What lies on the floor already (in the unit of ``missing``), and words for it and the sum; 0 where nothing does.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    made: list[alt.Chart] = []
    heights = []
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        placed = _Placed(frame.reset_index(drop=True), pixels, floor, beside)
        heights.append(placed.height)
        made += [c.properties(name=f"{width}_{c.name}") for c in _layers(placed, words, source, floor, colours)]
    return cast(alt.LayerChart, alt.layer(*made)), heights[0], heights[1]


class _Placed:
    """Where ribbons fall in a view so many pixels wide, and where the words are."""

    def __init__(
        self, frame: pd.DataFrame, pixels: float, floor: tuple[str, str], beside: tuple[float, str] = (0.0, "")
    ):
        self.frame, self.pixels = frame, pixels
        self.unit = (pixels - GAP * (len(frame) - 1)) / frame["missing"].sum()
        wide = frame["missing"] * self.unit
        self.left = wide.cumsum() - wide + GAP * frame.index
        self.start = (pixels - wide.sum()) / 2 + wide.cumsum() - wide
        self.caught = TOP + SOURCE + FALL
        self.names = self._names()
        number = text_width(floor[0], 18) + 20  # in a line of its own where the words take several
        room = pixels - self._passed().sum() - 12
        is_one = text_width(floor[1], 12) + number <= room
        self.said = [floor[1]] if is_one else textwrap.wrap(floor[1], max(12, int(room / text_width("n", 12))))
        self.told = 19 + (0 if is_one else LINE * len(self.said))  # pixels that the words at the floor take
        self.floor = self.names["end"].max() + max(SLIDE, self.told + 10)
        self.height = self.floor + 6 if floor[0] else self.names["end"].max() + 4
        self.lying = beside[0] * self.unit if floor[0] else 0.0
        self.below = textwrap.wrap(beside[1], int(pixels / text_width("n", 12))) if self.lying else []
        self.height += (LYING + 4 + LINE * len(self.below)) if self.lying else 0.0

    def _passed(self) -> pd.Series:
        return self.frame["passed"] * self.unit

    def ribbons(self) -> pd.DataFrame:
        """Return the falls: row, kind, the left and the right edge at each height."""
        found: list[dict[str, object]] = []
        landed = 0.0
        for i, row in self.frame.iterrows():
            passed, whole = row["passed"] * self.unit, row["missing"] * self.unit
            rest = "borne" if row["is_tested"] else "untested"
            start, end = self.start[i], self.left[i]
            if passed > 0:
                path = [(start, TOP + SOURCE), (end, self.caught), (end, self.names["end"].max()), (landed, self.floor)]
                found += _fall(i, "passed", path, passed)
                landed += passed
            path = [(start + passed, TOP + SOURCE), (end + passed, self.caught)]
            found += _fall(i, rest, path, whole - passed)
        return pd.DataFrame(found)

    def _names(self) -> pd.DataFrame:
        """The words below each, lower where they would meet those on their left."""
        free: list[tuple[float, float]] = []  # the right edges of words, and the height below them
        found = []
        for i, row in self.frame.iterrows():
            lines = str(row["label"]).split("\n")
            long = max(text_width(str(row["name"]), 12), *(text_width(line) for line in lines))
            x = self.left[i] + row["passed"] * self.unit + (APART if row["passed"] > 0 else 0.0)
            x = max(0.0, min(x, self.pixels - long))
            y = max([self.caught + CATCH + 6, *(low + 4 for right, low in free if right + APART > x)])
            end = y + LINE * (len(lines) + 1)
            free.append((x + long, end))
            found.append({"x": x, "y": y, "end": end, "name": row["name"], "label": row["label"]})
        return pd.DataFrame(found)


def _fall(row: object, kind: str, path: list[tuple[float, float]], thick: float) -> list[dict[str, object]]:
    """The edges of a ribbon on its way down through some points, eased between each two."""
    found: list[dict[str, object]] = []
    for (x, y), (x2, y2) in pairwise(path):
        for t in (n / STEPS for n in range(STEPS + 1)):
            left = x + (x2 - x) * (3 * t**2 - 2 * t**3)
            found.append({"row": row, "kind": kind, "x": left, "x2": left + thick, "y": y + (y2 - y) * t})
    return found


def _layers(
    placed: _Placed,
    words: Mapping[str, str],
    source: tuple[str, str],
    floor: tuple[str, str],
    colours: Mapping[str, str],
) -> list[alt.Chart]:
    """The source, the ribbons, what catches them, and the words."""
    size = (placed.pixels, placed.height)
    falls = placed.ribbons().join(placed.frame[list(words)], on="row")
    falls = falls.assign(fall=falls["row"].astype(str) + falls["kind"])
    areas = [
        alt.Chart(round_values(part))
        .mark_area(orient="horizontal", color=colour_of(colours[str(kind)]), opacity=STRENGTHS[str(kind)], line=False)
        .encode(**at(*size), x2=alt.X2("x2:Q"), detail="fall:N", tooltip=tooltips(part, words))
        .properties(name=str(kind))
        for kind, part in falls.groupby("kind", sort=False)
    ]
    wide = placed.frame["missing"] * placed.unit
    bar = pd.DataFrame([{"x": placed.start[0], "x2": placed.start[0] + wide.sum(), "y": TOP, "y2": TOP + SOURCE}])
    caught = pd.DataFrame({
        "x": placed.left + placed._passed(), "x2": placed.left + wide, "y": placed.caught, "y2": placed.caught + CATCH,
    })  # fmt: skip
    ends: dict[str, Any] = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    solid = alt.Chart(round_values(pd.concat([bar, caught]))).mark_rect(color=INK, opacity=1, tooltip=None)
    left: dict[str, Any] = {"align": "left", "baseline": "top"}
    names, below = placed.names, placed.names.assign(y=placed.names["y"] + LINE)
    return [
        *areas,
        solid.encode(**at(*size), **ends).properties(name="solid"),
        *_said(source, "source", (placed.start[0], 4.0), size, [source[1]]),
        texts(names, "heads", size, "name", fontWeight="bold", fontSize=12, **left),
        texts(below, "labels", size, "label", color=MUTED, lineBreak="\n", lineHeight=LINE, **left),
        *(_said(floor, "floor", (placed._passed().sum() + 10, placed.floor - placed.told), size, placed.said)
          if floor[0] else []),
        *(_lying(placed, size, colours["untested"]) if placed.below else []),
    ]  # fmt: skip


def _lying(placed: _Placed, size: tuple[float, float], role: str) -> list[alt.Chart]:
    """What lies on the floor already, right of what falls there, and the words below both."""
    start, y = placed._passed().sum(), placed.floor + 2
    bar = pd.DataFrame([{"x": start, "x2": start + placed.lying, "y": y, "y2": y + LYING}])
    words = pd.DataFrame([{"x": 0.0, "y": y + LYING + 4, "text": "\n".join(placed.below)}])
    fell = bar.assign(x=0.0, x2=start)
    ends: dict[str, Any] = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    bars = [
        alt.Chart(round_values(part))
        .mark_rect(color=colour, opacity=1, tooltip=None)
        .encode(**at(*size), **ends)
        .properties(name=name)
        for name, part, colour in (("fallen", fell, INK), ("lying", bar, colour_of(role)))
    ]
    left: dict[str, Any] = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
    return [*bars, texts(words, "beneath", size, color=MUTED, **left)]


def _said(
    told: tuple[str, str], name: str, spot: tuple[float, float], size: tuple[float, float], lines: list[str]
) -> list[alt.Chart]:
    """A large number, and words behind it, or below it where they take several lines."""
    x, y = spot
    big = pd.DataFrame([{"x": x, "y": y, "text": told[0]}])
    is_behind = len(lines) == 1
    beside = (
        {"x": x + text_width(told[0], 18) * (0.9 if size[0] == WIDE else 1.0) + 6, "y": y + 5}
        if is_behind
        else {"x": x, "y": y + 22}
    )
    small = pd.DataFrame([{**beside, "text": "\n".join(lines)}])
    left: dict[str, Any] = {"align": "left", "baseline": "top"}
    return [
        texts(big, f"{name}_sum", size, fontWeight="bold", fontSize=18, **left),
        texts(small, f"{name}_words", size, fontSize=FONT + 1, lineBreak="\n", lineHeight=LINE, **left),
    ]
