"""Squares in groups: a few things of equal weight, each a square, with what they have in common above them."""

import textwrap
from collections.abc import Collection, Mapping
from typing import cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import MUTED, PAPER

STEPS = {"wide": (20, 30.0), "narrow": (10, 30.0)}  # squares in a line, and pixels from one to the next
NAME_LINES = {"wide": 96, "narrow": 46}  # characters in a line of words
SIDE, FIRST, HEAD, LINE, PAUSE = 22.0, 2.0, 22.0, 15.0, 14.0  # pixels: a square, the top, a head, a line, a pause


def squares(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    notes: Mapping[str, str],
    colours: Mapping[str, str],
    hollow: Collection[str] = (),
) -> tuple[alt.LayerChart, float, float]:
    """Draw a square for each row, in groups below one another.

    Parameters
    ----------
    frame
        One row a square: ``kind`` (text, the head of its group; colour and shape), in the order of drawing, and the
        columns of ``words``.
    words
        Readers' words for the columns that a square answers with when touched.
    notes
        The words below each group, by its head.
    colours
        The role of each kind.
    hollow
        The kinds that are drawn as outlines.

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
    for width in STEPS:
        placed, heads, height = _places(frame.reset_index(drop=True), notes, width)
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
        mark = {"align": "left", "baseline": "top"}
        drawn += [
            texts(heads, f"{width}_heads", size, fontWeight="bold", fontSize=13, **mark),
            texts(
                heads.assign(y=heads["below"], text=heads["note"]),
                f"{width}_notes",
                size,
                fontSize=12,
                color=MUTED,
                lineBreak="\n",
                lineHeight=LINE,
                **mark,
            ),
        ]
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _places(frame: pd.DataFrame, notes: Mapping[str, str], width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The squares and the words with x and y in pixels, and the height of all."""
    across, step = STEPS[width]
    y, parts, heads = FIRST, [], []
    for kind, group in frame.groupby("kind", sort=False):
        lines = textwrap.wrap(notes[str(kind)], NAME_LINES[width])
        places = [divmod(n, across) for n in range(len(group))]
        top = y + HEAD
        xs, ys = [place * step + SIDE / 2 + 1 for _, place in places], [top + n * step + SIDE / 2 for n, _ in places]
        below = max(ys) + SIDE / 2 + 7
        parts.append(group.assign(x=xs, y=ys))
        heads.append({"x": 0.0, "y": y, "below": below, "text": kind, "note": "\n".join(lines)})
        y = below + LINE * len(lines) + PAUSE
    return pd.concat(parts, ignore_index=True), pd.DataFrame(heads), y
