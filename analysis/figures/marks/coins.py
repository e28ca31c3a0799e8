"""Coins or squares in lanes: a sum as equal parts, each part of one name and one kind."""

import math
import textwrap
from collections.abc import Mapping
from typing import cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import MUTED

LABELS = 168.0  # pixels left of the lanes on a wide page; on a phone the words stand above their lane
STEPS = {"wide": (25, 18.2), "narrow": (20, 15.6)}  # coins in a line, and pixels from coin to coin
NAME_LINES = {"wide": 22, "narrow": 40}  # characters in a line of a name
LABEL_LINES = {"wide": 28, "narrow": 52}  # and of the words below it
FILLED = 0.86  # of the step, a coin's diameter
LINE, PAUSE, FIRST = 15.0, 9.0, 4.0  # pixels: a line of words, between two names, above the first


def coins(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kinds: Mapping[str, str],
    colours: Mapping[str, str],
    shape: str = "circle",
    has_legend: bool = True,
) -> tuple[alt.LayerChart, float, float]:
    """Draw a lane of coins for each name.

    Parameters
    ----------
    frame
        One row a name, in the order from above: ``name`` and ``label`` (text beside and below it), and the columns of
        ``kinds``: how many coins of each kind, whole numbers.
    words
        Readers' words for the columns that a coin answers with when touched.
    kinds
        What each kind is called, by its column, in the order from the left.
    colours
        The role of each kind, by what it is called.
    shape
        Of a coin: ``circle`` or ``square``.
    has_legend
        Name the colours; not where each name has one kind and says it.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    used = list(dict.fromkeys(["name", "label", *kinds, *words]))
    drawn, heights = [], []
    for width in STEPS:
        placed, names, height = _places(frame[used].reset_index(drop=True), kinds, width)
        size = (float(WIDE if width == "wide" else NARROW), height)
        paint = colour(placed, "kind", colours, not has_legend)
        points = alt.Chart(round_values(placed)).mark_point(
            shape=shape, size=(STEPS[width][1] * FILLED) ** 2, opacity=1
        )
        points = points.encode(**at(*size), color=paint, tooltip=tooltips(placed, words))
        mark = {"align": "left", "baseline": "top"}
        drawn += [
            points.properties(name=f"{width}_coins"),
            texts(names, f"{width}_words", size, fontWeight="bold", fontSize=13, lineBreak="\n", **mark),
            texts(
                names.assign(y=names["below"]), f"{width}_labels", size, "label", color=MUTED, lineBreak="\n", **mark
            ),
        ]
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _places(frame: pd.DataFrame, kinds: Mapping[str, str], width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The coins and the words with x and y in pixels, and the height of all."""
    across, step = STEPS[width]
    left = LABELS if width == "wide" else 0.0
    y, points, names = FIRST, [], []
    for i, row in frame.iterrows():
        lines = textwrap.wrap(row["name"], NAME_LINES[width])
        labels = textwrap.wrap(row["label"], LABEL_LINES[width])
        below = y + LINE * len(lines)
        names.append({"x": 0.0, "y": y, "below": below, "text": "\n".join(lines), "label": "\n".join(labels)})
        words_end = below + LINE * max(len(labels), 1)
        top = y if width == "wide" else words_end + 2
        lane = [name for column, name in kinds.items() for _ in range(int(row[column]))]
        for n, kind in enumerate(lane):
            line, place = divmod(n, across)
            points.append({"row": i, "kind": kind, "x": left + (place + 0.5) * step, "y": top + (line + 0.5) * step})
        y = max(words_end, top + math.ceil(len(lane) / across) * step) + PAUSE
    placed = pd.DataFrame(points, columns=["row", "kind", "x", "y"]).join(frame, on="row").drop(columns="row")
    return placed, pd.DataFrame(names), y
