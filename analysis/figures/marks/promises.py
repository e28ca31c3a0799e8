"""Promises over the years: one bar a promise, a block a year, and the empty years after one of them named."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import FAINT, MUTED, PAPER, colour_of

BAR, HEAD, LINE, PAUSE, AXIS = 30.0, 19.0, 14.0, 15.0, 22.0  # pixels: a bar, a head, a line, a pause, the axis
EVERY = 5  # years from one number below the bars to the next
HEAD_FONT = 14.0  # as which a bold head of 13 is measured
PALE = 0.45  # opacity of the years that are not sure
SHRINK = {"wide": 0.9, "narrow": 1.0}  # widths of words in a view that the page draws wider than it is laid out


@dataclass(frozen=True)
class After:
    """The empty years after a promise ends: the name of its row, from and to which day, words in two parts."""

    name: str
    start: pd.Timestamp
    end: pd.Timestamp
    words: tuple[str, str]


def promises(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    colours: Mapping[str, str],
    pale: Mapping[str, str] | None = None,
    after: After | None = None,
    role: str = "loss",
) -> tuple[alt.LayerChart, float, float]:
    """Draw how long each promise runs.

    Parameters
    ----------
    frame
        One row a span, in the order from above: ``name`` (text, the head of its row) and ``detail`` (text behind the
        head), ``start`` and ``end`` (datetime), ``kind`` (text; colour), and the columns of ``words``.
    words
        Readers' words for the columns that a bar answers with when touched.
    colours
        The role of each kind; there is no legend, for the heads say what a bar is.
    pale
        The kinds that are drawn pale, each with the kind whose colour it has.
    after
        The years to outline, or None.
    role
        The role of the outline.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    frame = frame.reset_index(drop=True)
    drawn: list[alt.Chart] = []
    heights = []
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        placed = _Placed(frame, pixels, after, SHRINK[width])
        heights.append(placed.height)
        made = [
            *_bars(placed, words, colours, pale or {}),
            *(_after(placed, after, role) if after else []),
            *_words(placed),
        ]
        drawn += [chart.properties(name=f"{width}_{chart.name}") for chart in made]
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


class _Placed:
    """Where years and rows stand in a view so many pixels wide."""

    def __init__(self, frame: pd.DataFrame, pixels: float, after: After | None, shrink: float):
        self.pixels, self.shrink = pixels, shrink
        ends = [*frame["end"], *([after.end] if after else [])]
        self.first, self.last = int(frame["start"].min().year), int(max(ends).year) + 1
        heads = frame.drop_duplicates("name")
        lines = [self._lines(r.name, r.detail) for r in heads.itertuples(index=False)]
        self.tops: dict[str, float] = {}
        y, told = 0.0, []
        for name, (first, more) in zip(heads["name"], lines, strict=True):
            told.append({"name": name, "y": y + 2, "beside": first, "below": "\n".join(more)})
            y += HEAD + LINE * len(more)
            self.tops[name] = y
            y += BAR + PAUSE
        self.foot = y - PAUSE + 4
        self.height = self.foot + AXIS
        self.heads = pd.DataFrame(told)
        self.bars = frame.assign(
            x=frame["start"].map(self.x),
            x2=frame["end"].map(self.x),
            y=frame["name"].map(self.tops),
            y2=frame["name"].map(self.tops) + BAR,
        )

    def x(self, day: pd.Timestamp) -> float:
        """Return where a day is."""
        years = day.year + (day.dayofyear - 1) / 365.25 - self.first
        return years * self.pixels / (self.last - self.first)

    def _lines(self, name: str, detail: str) -> tuple[str, list[str]]:
        """The detail beside a head where there is room, else in lines below it."""
        room = self.pixels - text_width(name, HEAD_FONT) * self.shrink - 8
        if text_width(detail) * self.shrink <= room:
            return detail, []
        return "", textwrap.wrap(detail, int(self.pixels / text_width("n")))


def _bars(
    placed: _Placed,
    words: Mapping[str, str],
    colours: Mapping[str, str],
    pale: Mapping[str, str],
) -> list[alt.Chart]:
    """The bars, with a line at each new year."""
    size = (placed.pixels, placed.height)
    kinds = placed.bars["kind"]
    bars = placed.bars.assign(strength=[PALE if k in pale else 1.0 for k in kinds], hue=[pale.get(k, k) for k in kinds])
    used = list(dict.fromkeys(["x", "x2", "y", "y2", "hue", "strength", *words]))
    drawn = alt.Chart(round_values(bars[used])).mark_rect()
    drawn = drawn.encode(
        **at(*size),
        x2=alt.X2("x2:Q"),
        y2=alt.Y2("y2:Q"),
        color=colour(bars, "hue", colours, is_direct=True),
        opacity=alt.Opacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None),
        tooltip=tooltips(bars, words),
    )
    new_years = [
        {"x": placed.x(pd.Timestamp(year, 1, 1)), "y": bar.y, "y2": bar.y2}
        for bar in placed.bars.itertuples()
        for year in range(bar.start.year + 1, bar.end.year + 1)
    ]
    lines = pd.DataFrame(new_years, columns=["x", "y", "y2"])
    return [drawn.properties(name="bars"), rules(lines, "years", size, color=PAPER, strokeWidth=1.2)]


def _after(placed: _Placed, after: After, role: str) -> list[alt.Chart]:
    """The empty years after a promise: a dashed box in its row, and their words."""
    size = (placed.pixels, placed.height)
    x, x2, y = placed.x(after.start), placed.x(after.end), placed.tops[after.name]
    box = alt.Chart(round_values(pd.DataFrame([{"x": x, "x2": x2, "y": y, "y2": y + BAR}]))).mark_rect(
        fillOpacity=0, stroke=colour_of(role), strokeWidth=1.5, strokeDash=[4, 3], opacity=1, tooltip=None
    )
    whole = " ".join(after.words)
    lines = [whole] if text_width(whole, FONT + 1) * placed.shrink < x2 - x - 8 else list(after.words)
    spot = {"x": (x + x2) / 2, "y": y + BAR / 2 - (len(lines) - 1) * 12 / 2, "text": "\n".join(lines)}
    said = texts(pd.DataFrame([spot]), "after_words", size, lineBreak="\n", lineHeight=12, fontWeight="bold",
                 color=colour_of(role))  # fmt: skip
    return [box.encode(**at(*size), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")).properties(name="after"), said]


def _words(placed: _Placed) -> list[alt.Chart]:
    """The heads, what stands beside or below them, and the numbers of the years."""
    size = (placed.pixels, placed.height)
    left: dict[str, Any] = {"align": "left", "baseline": "top"}
    heads = placed.heads.assign(x=0.0)
    beside = heads.assign(x=[text_width(n, HEAD_FONT) * placed.shrink + 6 for n in heads["name"]], y=heads["y"] + 1.5)
    below = heads.assign(y=heads["y"] + HEAD - 3)
    beside, below = beside[beside["beside"] != ""], below[below["below"] != ""]
    years = [y for y in range(placed.first, placed.last + 1) if y % EVERY == 0]
    x = pd.Series([placed.x(pd.Timestamp(year, 1, 1)) for year in years], dtype=float)
    half = text_width("2000") / 2
    numbers = pd.DataFrame({"x": x.clip(half, placed.pixels - half), "y": placed.foot + 6})
    ticks = pd.DataFrame({"x": x, "y": placed.foot - 2, "y2": placed.foot + 4})
    lines: dict[str, Any] = {"lineBreak": "\n", "lineHeight": LINE}
    return [
        texts(heads, "heads", size, "name", fontWeight="bold", fontSize=13, **left),
        *([texts(beside, "beside", size, "beside", color=MUTED, **left)] if len(beside) else []),
        *([texts(below, "below", size, "below", color=MUTED, **left, **lines)] if len(below) else []),
        rules(ticks, "ticks", size, color=FAINT),
        texts(numbers.assign(text=[str(y) for y in years]), "numbers", size, baseline="top", color=MUTED),
    ]
