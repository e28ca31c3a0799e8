"""What each of two sides puts in, back to back from a line between them, row by row: how far is it from talk to money?

What is paid is filled, what is signed is pale, what is talk or hangs on a condition is an outline. Lengths are pixels
of the drawing; y grows downwards.
"""

from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, rules, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, outline, tooltips
from analysis.figures.palette import FAINT, colour_of

FILLS = {"full": 1.0, "pale": 0.35, "outline": 0.06}
LOOKS: dict[str, dict[str, Any]] = {
    "full": {"strokeWidth": 0},
    "pale": {"strokeWidth": 1.5},
    "outline": {"strokeWidth": 1.5, "strokeDash": [5, 3]},
}
HEAD, LINE, FONT, BAR, PAUSE, FOOT = 26.0, 15.0, 12.0, 18.0, 14.0, 2.0  # pixels: the heads, a line of words, a bar,...
NAMES = {"wide": 96.0, "narrow": 0.0}  # pixels: beside the rows; on a phone the names stand above them
LEAST_LEFT, LEAST_RIGHT, SPACE = 112.0, 150.0, 6.0  # pixels that words need on either side, and from the line


def exchanges(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    colours: Mapping[str, str],
    name: str = "name",
    side: str = "side",
    value: str = "value",
    look: str = "look",
    label: str = "label",
) -> tuple[alt.LayerChart, float, float]:
    """Draw a row for each name: the parts of the first side to the left, of the second to the right, on one scale.

    Parameters
    ----------
    frame
        One row a part, from the line outwards: ``name`` (text, in the order from above), ``side`` (text), ``value``
        (above 0, in the unit its words say), ``look`` (`LOOKS`), ``label`` (words of the side in this row, in lines).
    words
        Readers' words for the columns that a part answers with when touched.
    colours
        The role of each of two sides, the left one first; their names stand above.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    told = frame.reset_index(drop=True).rename(columns={name: "row_of", side: "of", label: "said"})
    told = told.assign(size=told[value], style=told[look])
    shown = {{name: "row_of", side: "of", label: "said"}.get(c, c): title for c, title in words.items()}
    drawn: list[alt.Chart] = []
    heights = []
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        layers, height = _layers(told, shown, colours, width, pixels)
        drawn += layers
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _places(told: pd.DataFrame, left: str, width: str, pixels: float) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The parts with their corners, the words with their places and what they are, and the place of the line."""
    sums = told.groupby(["row_of", "of"], sort=False)["size"].sum()
    is_left = sums.index.get_level_values("of") == left
    most = [float(sums[mask].max()) if mask.any() else 0.0 for mask in (is_left, ~is_left)]
    room = pixels - NAMES[width] - 2
    middle = min(max(room * most[0] / sum(most), LEAST_LEFT), room - LEAST_RIGHT)
    unit = min(side / far for side, far in zip((middle, room - middle), most, strict=True) if far)
    middle += NAMES[width]
    y, parts, said = HEAD, [], []
    for row_of, row in told.groupby("row_of", sort=False):
        above = LINE if NAMES[width] == 0 else 0.0
        lines = max(text.count("\n") + 1 for text in row["said"])
        top = y + above + LINE * lines
        said.append({"part": "rows", "x": 0.0, "y": y if above else top + BAR / 2 - LINE / 2, "text": row_of})
        for of, some in row.groupby("of", sort=False):
            sign, words = (-1 if of == left else 1), some["said"].iloc[0]
            ends = middle + sign * unit * some["size"].cumsum()
            starts = ends - sign * unit * some["size"]
            parts.append(some.assign(x=starts.combine(ends, min), x2=starts.combine(ends, max), y=top, y2=top + BAR))
            at_y = top - LINE * (words.count("\n") + 1)
            said.append({"part": f"said_{sign}", "x": middle + sign * SPACE, "y": at_y, "text": words})
        y = top + BAR + PAUSE
    return pd.concat(parts), pd.DataFrame(said), middle


def _layers(
    told: pd.DataFrame, words: Mapping[str, str], colours: Mapping[str, str], width: str, pixels: float
) -> tuple[list[alt.Chart], float]:
    """The parts, the line between the sides, and the words, as views of this width, and their height."""
    left = next(iter(colours))
    placed, said, middle = _places(told, left, width, pixels)
    height = float(placed["y2"].max() + FOOT)
    size, paint = (pixels, height), colour(placed, "of", colours, is_direct=True)
    line = pd.DataFrame({"x": [middle], "y": [HEAD - 4], "y2": [height]})
    drawn = [rules(line, f"{width}_line", size, color=FAINT)]
    used = list(dict.fromkeys(["x", "x2", "y", "y2", "of", *words]))
    ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    for look, style in LOOKS.items():
        some = placed.loc[placed["style"] == look, used]
        if len(some):
            boxes = alt.Chart(round_values(some)).mark_rect(fillOpacity=FILLS[look], **style)
            boxes = boxes.encode(**at(*size), **ends, color=paint, stroke=outline(paint), tooltip=tooltips(some, words))
            drawn.append(boxes.properties(name=f"{width}_{look}"))
    mark: dict[str, Any] = {"baseline": "top", "fontSize": FONT, "lineBreak": "\n", "lineHeight": LINE}
    for part, some in said.groupby("part", sort=False):
        style = {"fontWeight": "bold", "align": "left"} if part == "rows" else {"align": _align(str(part))}
        drawn.append(texts(some, f"{width}_{part}", size, **mark, **style))
    for sign, of in zip((-1, 1), colours, strict=True):
        head = pd.DataFrame({"x": [middle + sign * SPACE], "y": [0.0], "text": [of]})
        style = {"align": _align(str(sign)), "fontWeight": "bold", "color": colour_of(colours[of])}
        drawn.append(texts(head, f"{width}_head_{sign}", size, **mark, **style))
    return drawn, height


def _align(sign: str) -> str:
    return "right" if sign.endswith("-1") else "left"
