"""Equally likely futures side by side, from the best to the worst: each hangs as deep as money is short in it."""

from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import tooltips
from analysis.figures.palette import FAINT, INK, colour_of

DEPTH = 230.0  # pixels of the deepest future
FIRST, HEAD, LINE = 4.0, 24.0, 15.0  # pixels: the top, the words above the dots, a line of words
FILLED = 0.56  # of the step from future to future, a dot's diameter; a bar is half as wide
SIZE = 13.0  # of the words
BREAK = "\n"


def futures(
    frame: pd.DataFrame, words: dict[str, str], *, heads: tuple[str, str], named: pd.DataFrame, colour: str = "loss"
) -> tuple[alt.LayerChart, float, float]:
    """Draw a dot for each future, with a bar below it as long as what is missing.

    Parameters
    ----------
    frame
        One row a future, the best first: ``value`` (what is missing, number from 0, in the unit its words say) and the
        columns of ``words``.
    words
        Readers' words for the columns, with units.
    heads
        The words above the futures in which nothing is missing, and above the others; "" for none.
    named
        Depths between two futures to name: ``after`` (how many futures are better), ``value`` (same unit) and
        ``label`` (a break of line where a phone may break it), the least first.
    colour
        The role of what is missing.

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
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        placed = _places(frame.reset_index(drop=True), pixels)
        lines = _lines(named, placed, pixels, width == "narrow")
        ends = [placed["y2"].max(), *(lines["y"] + LINE * lines["rows"] + 4)]
        size = (pixels, max(ends) + 6)
        drawn += _layers(placed, lines, words, heads, colour, width, size)
        heights.append(size[1])
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _places(frame: pd.DataFrame, pixels: float) -> pd.DataFrame:
    """The futures with the middle of their dots (x, y) and the end of their bars (y2), in pixels."""
    step = pixels / len(frame)
    top = FIRST + HEAD + FILLED * step / 2
    unit = DEPTH / (frame["value"].max() or 1.0)
    return frame.assign(x=[step * (i + 0.5) for i in range(len(frame))], y=top, y2=top + unit * frame["value"])


def _lines(named: pd.DataFrame, placed: pd.DataFrame, pixels: float, is_narrow: bool) -> pd.DataFrame:
    """The words at the depths that are named: they end where their future begins, no two on one another."""
    step, top = pixels / len(placed), placed["y"].iloc[0]
    unit = DEPTH / (placed["value"].max() or 1.0)
    rows, free = [], 0.0
    for r in named.itertuples(index=False):
        text = str(r.label) if is_narrow else str(r.label).replace(BREAK, " ")
        count = text.count(BREAK) + 1
        depth = top + unit * r.value
        y = max(depth + 4, free, top + FILLED * step / 2 + 4)
        free = y + LINE * count + 4
        wide = max(text_width(line, SIZE) for line in text.split(BREAK))
        x2 = max(step * r.after, wide)
        rows.append({"x": max(0.0, x2 - wide), "x2": x2, "y": y, "depth": depth, "rows": count, "text": text})
    return pd.DataFrame(rows, columns=["x", "x2", "y", "depth", "rows", "text"])


def _layers(
    placed: pd.DataFrame,
    lines: pd.DataFrame,
    words: dict[str, str],
    heads: tuple[str, str],
    colour: str,
    width: str,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """The layers of one width."""
    step, told = size[0] / len(placed), tooltips(placed, words)
    used = list(dict.fromkeys(["x", "y", "y2", *words]))
    is_short = placed["value"] > 0
    drawn = []
    for name, part, paint in (("short", placed[is_short], colour_of(colour)), ("enough", placed[~is_short], FAINT)):
        base = alt.Chart(round_values(part[used])).encode(**at(*size), tooltip=told)
        bars = base.mark_bar(size=FILLED * step / 2, color=paint, opacity=0.75).encode(y2=alt.Y2("y2:Q"))
        dots = base.mark_point(size=(FILLED * step) ** 2, color=paint, opacity=1)
        if len(part):
            drawn += [bars.properties(name=f"{width}_{name}_bars")] if name == "short" else []
            drawn.append(dots.properties(name=f"{width}_{name}"))
    first = float(step * (~is_short).sum())
    room = (text_width(heads[0], SIZE) + step) if heads[0] else 0.0
    second = min(max(first, room), size[0] - text_width(heads[1], SIZE))
    above = pd.DataFrame({"x": [0.0, second], "y": FIRST, "text": heads}).query("text != ''")
    mark: dict[str, Any] = {"fontSize": SIZE, "align": "left", "baseline": "top"}
    ends: dict[str, Any] = {
        "fontSize": SIZE,
        "align": "right",
        "baseline": "top",
        "lineBreak": BREAK,
        "lineHeight": LINE,
    }
    named = lines.assign(x=lines["x2"] - 4)
    if len(lines):
        rule = lines.assign(y=lines["depth"])[["x", "x2", "y"]]
        drawn += [
            rules(rule, f"{width}_depths", size, color=INK, strokeWidth=1),
            texts(named, f"{width}_words", size, color=INK, **ends),
        ]
    return [*drawn, texts(above, f"{width}_heads", size, fontWeight="bold", **mark)] if len(above) else drawn
