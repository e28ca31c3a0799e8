"""Ribbons from those who give a promise, on the left, to those for whom it is given, on the right.

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
from analysis.figures.palette import INK, MUTED, colour_of

THICKEST = {"wide": 96.0, "narrow": 84.0}  # pixels: the largest ribbon
SPAN = {"wide": (150.0, 400.0), "narrow": (8.0, 128.0)}  # where ribbons begin and end
BAR, BESIDE, LINE, FONT, APART, BETWEEN, HEAD = 7.0, 10.0, 15.0, 12.0, 12.0, 14.0, 20.0
PIECES = 24  # of a ribbon
OPACITIES = {"full": 0.85, "pale": 0.45, "outline": 0.14}


def ribbons(frame: pd.DataFrame, words: Mapping[str, str], *, colours: str) -> tuple[alt.LayerChart, float, float]:
    """Draw a ribbon for each row, as thick as its sum.

    Parameters
    ----------
    frame
        One row a ribbon, those of one giver after one another: ``giver``, ``name`` and ``note`` (beside its end),
        ``value``, ``look`` (of `OPACITIES`), and the columns of ``words``.
    words
        Readers' words for the columns that a ribbon answers with when touched.
    colours
        The role of all.

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
    for width in THICKEST:
        placed, heads, height = _places(frame.reset_index(drop=True), width)
        size = (float(WIDE if width == "wide" else NARROW), height)
        made += [*_ribbons(placed, words, colours, width, size), *_words(placed, heads, width, size)]
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*made)), heights[0], heights[1]


def _lines(row: pd.Series, width: str) -> tuple[list[str], list[str]]:
    """The lines of the name and of the note at the end of a ribbon."""
    room = (WIDE if width == "wide" else NARROW) - SPAN[width][1] - BAR - BESIDE
    most = int(room / text_width("n", FONT))
    return textwrap.wrap(row["name"], most), textwrap.wrap(row["note"], most)


def _places(frame: pd.DataFrame, width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The ribbons with their thickness and where they begin and end, the givers' names, and the height of all."""
    unit, y, parts, heads = THICKEST[width] / frame["value"].max(), 0.0, [], []
    for giver, group in frame.groupby("giver", sort=False):
        y += HEAD if width == "narrow" else 0.0
        top, ends = y, []
        for _, row in group.iterrows():
            names, notes = _lines(row, width)
            thick, told = max(1.0, row["value"] * unit), LINE * (len(names) + len(notes))
            room = max(thick, told)
            ends.append((y + room / 2 - thick / 2, thick, y + room / 2 - told / 2, "\n".join(names), "\n".join(notes)))
            y += room + APART
        placed = pd.DataFrame(ends, columns=["end", "thick", "told", "names", "notes"], index=group.index)
        whole = placed["thick"].sum()
        begin = (top + y - APART - whole) / 2 + placed["thick"].cumsum() - placed["thick"]
        parts.append(group.join(placed.assign(begin=begin)))
        middle = (top + y - APART) / 2
        heads.append({"x": SPAN[width][0] - BAR - BESIDE, "y": middle, "top": top - HEAD, "text": giver})
        heads[-1] |= {"y1": begin.iloc[0], "y2": begin.iloc[0] + whole}
        y += BETWEEN
    return pd.concat(parts), pd.DataFrame(heads), y - BETWEEN


def _ribbons(
    placed: pd.DataFrame, words: Mapping[str, str], role: str, width: str, size: tuple[float, float]
) -> list[alt.Chart]:
    left, right = SPAN[width]
    steps = [(n / PIECES, 3 * (n / PIECES) ** 2 - 2 * (n / PIECES) ** 3) for n in range(PIECES + 1)]
    found = [
        {"row": i, "look": r["look"], "x": left + (right - left) * t, "y": y, "y2": y + r["thick"]}
        for i, r in placed.iterrows()
        for t, eased in steps
        for y in [r["begin"] + (r["end"] - r["begin"]) * eased]
    ]
    drawn = pd.DataFrame(found).join(placed[list(words)], on="row")
    paint, made = colour_of(role), []
    for look, part in drawn.groupby("look", sort=False):
        area = alt.Chart(round_values(part.drop(columns="look"))).mark_area(
            color=paint, opacity=OPACITIES[str(look)], line=False
        )
        area = area.encode(**at(*size), y2=alt.Y2("y2:Q"), detail="row:N", tooltip=tooltips(part, words))
        made.append(area.properties(name=f"{width}_{look}"))
    edges = drawn[drawn["look"] == "outline"]
    edges = pd.concat([edges.assign(edge=edges["row"].astype(str) + e, y=edges[e]) for e in ("y", "y2")])
    if len(edges):
        line = alt.Chart(round_values(edges[["x", "y", "edge"]])).mark_line(
            color=paint, strokeDash=[5, 3], strokeWidth=1.5, tooltip=None
        )
        made.append(line.encode(**at(*size), detail="edge:N").properties(name=f"{width}_edges"))
    return made


def _words(placed: pd.DataFrame, heads: pd.DataFrame, width: str, size: tuple[float, float]) -> list[alt.Chart]:
    left, right = SPAN[width]
    bars = pd.concat([
        heads.assign(x=left - BAR, x2=left)[["x", "x2", "y1", "y2"]],
        placed.assign(x=right, x2=right + BAR, y1=placed["end"], y2=placed["end"] + placed["thick"])[
            ["x", "x2", "y1", "y2"]
        ],
    ]).rename(columns={"y1": "y"})  # fmt: skip
    ends: dict[str, Any] = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    solid = alt.Chart(round_values(bars)).mark_rect(color=INK, opacity=1, tooltip=None).encode(**at(*size), **ends)
    shared: dict[str, Any] = {"baseline": "top", "lineBreak": "\n", "lineHeight": LINE, "fontSize": FONT}
    names = placed.assign(x=right + BAR + BESIDE, y=placed["told"])
    notes = names.assign(y=names["told"] + LINE * (names["names"].str.count("\n") + 1))
    side = {"align": "right", "baseline": "middle"} if width == "wide" else {"align": "left", "baseline": "top"}
    heads = heads if width == "wide" else heads.assign(x=0.0, y=heads["top"])
    return [
        solid.properties(name=f"{width}_solid"),
        texts(heads, f"{width}_givers", size, fontWeight="bold", fontSize=14, **side),
        texts(names, f"{width}_takers", size, "names", fontWeight="bold", align="left", **shared),
        texts(notes[notes["notes"] != ""], f"{width}_notes", size, "notes", color=MUTED, align="left", **shared),
    ]
