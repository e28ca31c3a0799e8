"""Fans side by side: a middle line and the range around it, one panel for each name on one scale."""

import textwrap
from collections.abc import Mapping
from typing import cast

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, rules, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import tooltips
from analysis.figures.palette import FAINT, GRID, INK, MUTED, colour_of
from analysis.numbers import formats

AXIS, GAP = 34.0, 14.0  # pixels left of the panels, for the numbers of the scale, and between two panels
LINE, FOOT = 15.0, 20.0  # pixels of a line of a panel's name, and below the panels for the years
ABOVE = 16.0  # pixels between the names and the highest value, for its label
NAME_LENGTH = {"wide": 26, "narrow": 14}  # characters in a line of a panel's name
TICKS = 4


def fans(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    low: str,
    value: str,
    high: str,
    colours: Mapping[str, str],
    name: str = "name",
    x: str = "year",
    height: float = 210.0,
) -> tuple[alt.LayerChart, float]:
    """Draw a fan for each name, with its middle and its upper end labelled where it stops.

    Parameters
    ----------
    frame
        One row a name and year: ``name`` (text), ``x`` (whole number), ``low``, ``value`` and ``high`` (one unit).
        Names follow the order of the rows.
    words
        Readers' words for the columns that a point answers with when touched.
    colours
        The role of each name.
    height
        Pixels from zero to the top of the scale.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels of all.
    """
    names = list(dict.fromkeys(frame[name]))
    lines = max(len(textwrap.wrap(n, NAME_LENGTH["narrow"])) for n in names)
    base = LINE * lines + ABOVE + height
    ticks = _ticks(float(frame[high].max()))
    frame = frame.assign(**{f"y_{k}": base - height * frame[c] / ticks[-1] for k, c in zip("lvh", (low, value, high))})
    drawn: list[alt.Chart | alt.LayerChart] = []
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        panel = (pixels - AXIS - GAP * (len(names) - 1)) / len(names)
        first, last = frame[x].min(), frame[x].max()
        across = (frame[x] - first) / max(last - first, 1)
        left = AXIS + frame[name].map(names.index) * (panel + GAP)
        placed = frame.assign(x=left + panel * across, left=left)
        drawn += _panels(placed, words, name, colours, width, (pixels, base + FOOT))
        drawn += _scale(ticks, base, height, width, (pixels, base + FOOT))
        drawn += _labels(placed, name, x, value, high, width, (pixels, base + FOOT), base)
    return cast(alt.LayerChart, alt.layer(*drawn)), base + FOOT


def _ticks(top: float) -> np.ndarray:
    """Round numbers from 0 to at least ``top``, `TICKS` steps or fewer."""
    rough = max(top, 1e-9) / TICKS
    size = 10.0 ** np.floor(np.log10(rough))
    step = size * next(n for n in (1, 2, 2.5, 5, 10) if n * size >= rough)
    return np.arange(0, np.ceil(top / step) + 1) * step


def _panels(
    placed: pd.DataFrame,
    words: Mapping[str, str],
    name: str,
    colours: Mapping[str, str],
    width: str,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """The range, the middle line and the points of each panel."""
    made = []
    for i, (one, part) in enumerate(placed.groupby(name, sort=False)):
        columns = list(dict.fromkeys(["x", "y_l", "y_v", "y_h", *words]))
        base, paint = alt.Chart(round_values(part[columns])), colour_of(colours.get(str(one), "other"))
        area = base.mark_area(color=paint, opacity=0.2, tooltip=None)
        line = base.mark_line(color=paint, tooltip=None)
        points = base.mark_point(color=paint, size=44).encode(**at(*size, y="y_v"), tooltip=tooltips(part, words))
        made += [
            area.encode(**at(*size, y="y_l"), y2=alt.Y2("y_h:Q")).properties(name=f"{width}_range_{i}"),
            line.encode(**at(*size, y="y_v")).properties(name=f"{width}_middle_{i}"),
            points.properties(name=f"{width}_points_{i}"),
        ]
    return made


def _scale(ticks: np.ndarray, base: float, height: float, width: str, size: tuple[float, float]) -> list[alt.Chart]:
    """The lines of the scale through all panels, and its numbers left of the first."""
    at_y = [base - height * t / ticks[-1] for t in ticks]
    grid = pd.DataFrame({"x": AXIS, "x2": size[0], "y": at_y})
    said = pd.DataFrame({"x": AXIS - 6, "y": at_y, "text": [formats.rounded(t, 1) for t in ticks]})
    return [
        rules(grid.iloc[1:], f"{width}_grid", size, color=GRID),
        rules(grid.iloc[:1], f"{width}_base", size, color=FAINT),
        texts(said, f"{width}_scale", size, align="right", color=MUTED),
    ]


def _labels(
    placed: pd.DataFrame, name: str, x: str, value: str, high: str, width: str, size: tuple[float, float], base: float
) -> list[alt.Chart]:
    """The names of the panels, the first and last year, and what middle and upper end come to."""
    ends = placed.groupby(name, sort=False).tail(1)
    firsts = placed.groupby(name, sort=False).head(1)
    heads = firsts.assign(
        x=firsts["left"], y=4.0, text=["\n".join(textwrap.wrap(n, NAME_LENGTH[width])) for n in firsts[name]]
    )
    years = [
        texts(part.assign(y=base + 8, text=part[x].astype(str)), f"{width}_{which}", size, align=side, color=MUTED,
              baseline="top")
        for part, which, side in ((firsts, "first", "left"), (ends, "last", "right"))
    ]  # fmt: skip
    middle = ends.assign(y=ends["y_v"] - 10, text=[formats.rounded(v, 0) for v in ends[value]])
    top = ends.assign(y=ends["y_h"] - 8, text=[formats.rounded(v, 0) for v in ends[high]])
    return [
        *years,
        texts(heads, f"{width}_heads", size, align="left", baseline="top", fontWeight="bold", fontSize=12,
              lineBreak="\n", lineHeight=LINE),
        texts(middle, f"{width}_middles", size, align="right", fontWeight="bold", fontSize=13, color=INK),
        texts(top, f"{width}_tops", size, align="right", color=MUTED),
    ]  # fmt: skip
