"""A checklist: one line a thing, with a square that says what became of it, in groups below a head."""

import textwrap
from collections.abc import Collection, Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import PAPER

COLUMNS = {"wide": 2, "narrow": 1}
CHARACTERS = {"wide": 46, "narrow": 44}  # in a line of words
FONT = 13.0
SIDE, INSET, FIRST, HEAD, LINE, NEXT, PAUSE = 14.0, 24.0, 2.0, 24.0, 16.0, 6.0, 14.0  # pixels


def checklist(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    colours: Mapping[str, str],
    hollow: Collection[str] = (),
) -> tuple[alt.LayerChart, float, float]:
    """Draw a line for each row, in groups below one another.

    Parameters
    ----------
    frame
        One row a line: ``line`` (text), ``head`` (text, of its group), ``kind`` (text, by which its square is
        coloured), ``part`` (which groups stand in one column on a wide page), and the columns of ``words``; in the
        order of drawing.
    words
        Readers' words for the columns that a square answers with when touched.
    colours
        The role of each kind.
    hollow
        The kinds whose squares are outlines.

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
    for width in COLUMNS:
        placed, written, height = _places(frame.reset_index(drop=True), width)
        size = (float(WIDE if width == "wide" else NARROW), height)
        paint = colour(placed, "kind", colours, is_direct=True)
        used = list(dict.fromkeys(["x", "y", "kind", *words]))
        is_hollow = placed["kind"].isin(list(hollow))
        for name, part, look in (
            ("full", placed[~is_hollow], {"filled": True}),
            ("hollow", placed[is_hollow], {"filled": False, "fill": PAPER, "strokeWidth": 2}),
        ):
            points = alt.Chart(round_values(part[used])).mark_point(size=SIDE**2, shape="square", opacity=1, **look)
            points = points.encode(**at(*size), color=paint, tooltip=tooltips(placed, words))
            drawn += [points.properties(name=f"{width}_{name}")] if len(part) else []
        mark: dict[str, Any] = {
            "align": "left",
            "baseline": "top",
            "fontSize": FONT,
            "lineBreak": "\n",
            "lineHeight": LINE,
        }
        for name, weight in (("heads", "bold"), ("lines", "normal")):
            part = written[written["look"] == name]
            drawn.append(texts(part, f"{width}_{name}", size, fontWeight=weight, **mark))
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _places(frame: pd.DataFrame, width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The squares and the words with x and y in pixels, and the height of all."""
    columns, parts = COLUMNS[width], list(dict.fromkeys(frame["part"]))
    room = WIDE / columns
    below = [FIRST] * columns
    squares, written = [], []
    for (part, title), group in frame.groupby(["part", "head"], sort=False):
        column = parts.index(part) % columns
        left, y = column * room, below[column]
        head = textwrap.wrap(str(title), CHARACTERS[width])
        written.append({"x": left, "y": y, "text": "\n".join(head), "look": "heads"})
        y += HEAD + LINE * (len(head) - 1)
        for index, text in group["line"].items():
            lines = textwrap.wrap(str(text), CHARACTERS[width]) or [""]
            squares.append({"index": index, "x": left + SIDE / 2 + 1, "y": y + LINE / 2 - 1})
            written.append({"x": left + INSET, "y": y, "text": "\n".join(lines), "look": "lines"})
            y += LINE * len(lines) + NEXT
        below[column] = y + PAUSE
    placed = frame.join(pd.DataFrame(squares).set_index("index"))
    return placed, pd.DataFrame(written), max(below)
