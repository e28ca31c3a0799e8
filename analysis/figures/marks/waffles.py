"""Waffles: a hundred cells for each name, of which a part is filled.

Lengths are pixels of the drawing; y grows downwards.
"""

import textwrap
from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import tooltips
from analysis.figures.palette import FAINT, MUTED, colour_of
from analysis.numbers import formats

ACROSS, CELLS = 10, 100
STEPS = {"wide": 10.8, "narrow": 8.8}  # pixels from cell to cell
FILLED = 0.84  # of the step, a cell's side
GAP, LINE, FONT, BIG, PAUSE = 16.0, 15.0, 12.0, 30.0, 16.0


def waffles(frame: pd.DataFrame, words: Mapping[str, str], *, colours: str) -> tuple[alt.LayerChart, float, float]:
    """Draw a waffle for each row, as many in a line as the page is wide.

    Parameters
    ----------
    frame
        One row a waffle: ``name`` (above it), ``value`` (per cent that is filled, NaN where it is not known), ``big``
        (the same in words), ``note`` (below it), and the columns of ``words``.
    words
        Readers' words for the columns that a cell answers with when touched.
    colours
        The role of the filled part.

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
    for width in STEPS:
        cells, said, height = _places(frame.reset_index(drop=True), width)
        size = (float(WIDE if width == "wide" else NARROW), height)
        made += [*_cells(cells, frame.reset_index(drop=True), words, colours, width, size), *_words(said, width, size)]
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*made)), heights[0], heights[1]


def _places(frame: pd.DataFrame, width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The cells and the words with their places in pixels, and the height of all."""
    step, page = STEPS[width], WIDE if width == "wide" else NARROW
    side = step * ACROSS
    in_line = max(1, int((page + GAP) // (side + GAP)))
    most = max(8, int(side / text_width("n", FONT)))
    cells, said, y = [], [], 0.0
    for first in range(0, len(frame), in_line):
        below = 0.0
        names = [textwrap.wrap(n, most) for n in frame["name"].iloc[first : first + in_line]]
        floor = y + LINE * max(len(n) for n in names)
        for place, (i, row) in enumerate(frame.iloc[first : first + in_line].iterrows()):
            x, top = place * (side + GAP), floor + BIG
            filled = 0 if pd.isna(row["value"]) else min(CELLS, formats.whole(row["value"]))
            look = "unknown" if pd.isna(row["value"]) else "empty"
            for n in range(CELLS):
                down, across = divmod(n, ACROSS)
                spot = {"x": x + across * step, "y": top + side - (down + 1) * step}
                cells.append({"row": i, "look": look if n >= filled else "full"} | spot)
            note = textwrap.wrap(row["note"], most)
            lines = names[place]
            said.append({"part": "heads", "x": x, "y": floor - LINE * len(lines), "text": "\n".join(lines)})
            said.append({"part": "bigs", "x": x, "y": floor + 3, "text": row["big"]})
            said.append({"part": "notes", "x": x, "y": top + side + 5, "text": "\n".join(note)})
            below = max(below, BIG + side + 5 + LINE * len(note))
        y = floor + below + PAUSE
    placed = pd.DataFrame(cells)
    placed = placed.assign(x2=placed["x"] + step * FILLED, y2=placed["y"] + step * FILLED)
    return placed, pd.DataFrame(said), y - PAUSE + 4


def _cells(
    cells: pd.DataFrame, frame: pd.DataFrame, words: Mapping[str, str], role: str, width: str, size: tuple[float, float]
) -> list[alt.Chart]:
    ends: dict[str, Any] = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    made = []
    looks: dict[str, dict[str, Any]] = {
        "full": {"color": colour_of(role), "opacity": 1},
        "empty": {"color": FAINT, "opacity": 0.25},
        "unknown": {"color": FAINT, "opacity": 0.1},
    }
    for name, part in cells.groupby("look", sort=False):
        drawn = part.drop(columns="look").join(frame[list(words)], on="row")
        mark = alt.Chart(round_values(drawn)).mark_rect(**looks[str(name)])
        mark = mark.encode(**at(*size), **ends, tooltip=tooltips(drawn, words))
        made.append(mark.properties(name=f"{width}_{name}"))
    return made


def _words(said: pd.DataFrame, width: str, size: tuple[float, float]) -> list[alt.Chart]:
    looks: dict[str, dict[str, Any]] = {
        "heads": {"fontWeight": "bold", "fontSize": FONT},
        "bigs": {"fontWeight": "bold", "fontSize": 20 if width == "wide" else 18},
        "notes": {"color": MUTED, "fontSize": FONT},
    }
    shared: dict[str, Any] = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
    return [
        texts(part, f"{width}_{name}", size, **looks[str(name)], **shared)
        for name, part in said[said["text"] != ""].groupby("part", sort=False)
    ]
