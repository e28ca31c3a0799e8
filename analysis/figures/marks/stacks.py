"""Stacks beside one another on one scale, each block with its words beside it: where money goes, where it is from."""

import textwrap
from collections.abc import Mapping
from typing import cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, rules, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, outline, tooltips
from analysis.figures.palette import FAINT

COLUMN = {"wide": 92.0, "narrow": 44.0}  # pixels: the width of a stack
LINE_LENGTH = {"wide": 30, "narrow": 17}  # characters in a line of the words beside a block
HEAD, TALLEST, FOOT = 58.0, 320.0, 8.0  # pixels: above the stacks, of the tallest of them, below
LINE, WORDS_GAP, BLOCK_GAP = 13.0, 8.0, 1.5


def stacks(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kind: str,
    colours: Mapping[str, str],
    stack: str = "stack",
    name: str = "name",
    value: str = "value",
    label: str = "label",
    hollow: str | None = None,
) -> tuple[alt.LayerChart, float]:
    """Draw a stack of blocks for each name of ``stack``, the first row of each on top.

    Parameters
    ----------
    frame
        One row a block: ``stack`` (text; the words above it, in lines), ``name`` and ``label`` (text beside it),
        ``value`` (above 0, in the unit its words say), ``kind`` (text; colour).
    words
        Readers' words for the columns that a block answers with when touched.
    colours
        The role of each kind.
    hollow
        A column of flags: drawn as dashed outlines, for what has not happened.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on both.
    """
    frame = frame.reset_index(drop=True)
    unit = TALLEST / float(frame.groupby(stack)[value].sum().max())
    sizes = {"wide": float(WIDE), "narrow": float(NARROW)}
    places = {
        width: _places(frame, (stack, name, value, label), unit, width, pixels) for width, pixels in sizes.items()
    }
    lowest = max(
        max(p["y2"].max(), (p["words_y"] + p["lines"] * LINE / 2).max()) for p in places.values()
    )  # of a block, or of the words beside one
    height = float(lowest + FOOT)
    made: list[alt.Chart] = []
    for width, pixels in sizes.items():
        made += _layers(places[width], words, (stack, kind, hollow), colours, width, (pixels, height))
    return cast(alt.LayerChart, alt.layer(*made)), height


def _places(
    frame: pd.DataFrame, columns: tuple[str, str, str, str], unit: float, width: str, pixels: float
) -> pd.DataFrame:
    """The blocks with their corners, and their words with a place each that meets none above."""
    stack, name, value, label = columns
    number = frame[stack].map(list(dict.fromkeys(frame[stack])).index)
    left = number * pixels / frame[stack].nunique()
    ends = HEAD + frame.groupby(stack, sort=False)[value].cumsum() * unit
    said = [
        textwrap.wrap(f"{what}: {amount}", LINE_LENGTH[width])
        for what, amount in zip(frame[name], frame[label], strict=True)
    ]
    placed = frame.assign(
        x=left,
        x2=left + COLUMN[width],
        y=ends - frame[value] * unit,
        y2=(ends - BLOCK_GAP).clip(lower=ends - frame[value] * unit + 1),
        words=["\n".join(lines) for lines in said],
        lines=[len(lines) for lines in said],
    )
    free: dict[str, float] = {}
    middles = []
    for row in placed.itertuples():
        half = row.lines * LINE / 2
        key = getattr(row, stack)
        middle = max((row.y + row.y2) / 2, free.get(key, 0.0) + half)
        free[key] = middle + half + 5
        middles.append(middle)
    return placed.assign(words_y=middles)


def _layers(
    placed: pd.DataFrame,
    words: Mapping[str, str],
    columns: tuple[str, str, str | None],
    colours: Mapping[str, str],
    width: str,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """The blocks, their words, lines to words that stand lower than their block, and the heads of the stacks."""
    stack, kind, hollow = columns
    used = list(dict.fromkeys(["x", "x2", "y", "y2", kind, *filter(None, [hollow]), *words]))
    paint, channels = colour(placed, kind, colours), at(*size)
    told = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q"), "tooltip": tooltips(placed, words), "color": paint}
    is_hollow = placed[hollow].astype(bool) if hollow else pd.Series(False, index=placed.index)
    blocks = [alt.Chart(round_values(placed.loc[~is_hollow, used])).mark_rect().encode(**channels, **told)]
    if is_hollow.any():
        outlines = alt.Chart(round_values(placed.loc[is_hollow, used]))
        outlines = outlines.mark_rect(fillOpacity=0.1, strokeWidth=1.5, strokeDash=[5, 3])
        blocks.append(outlines.encode(**channels, **told, stroke=outline(paint)))
    beside = placed["x2"] + WORDS_GAP
    said = pd.DataFrame({
        "x": beside, "text": placed["words"],
        "y": placed["words_y"] - (placed["lines"] - 1) * LINE / 2,
    })  # fmt: skip
    ticks = pd.DataFrame({"x": placed["x2"], "x2": beside - 2, "y": (placed["y"] + placed["y2"]) / 2})
    heads = placed.drop_duplicates(stack)
    named = pd.DataFrame({"x": heads["x"], "y": 2.0, "text": heads[stack]})
    return [
        *(block.properties(name=f"{width}_blocks_{i}") for i, block in enumerate(blocks)),
        rules(ticks, f"{width}_ticks", size, color=FAINT),
        texts(said, f"{width}_words", size, align="left", baseline="middle", lineBreak="\n", lineHeight=LINE),
        texts(named, f"{width}_heads", size, align="left", baseline="top", fontWeight="bold", fontSize=FONT + 1,
              lineBreak="\n", lineHeight=LINE + 2),
    ]  # fmt: skip
