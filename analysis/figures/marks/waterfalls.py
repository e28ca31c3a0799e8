"""Waterfalls: what comes and goes, each bar from where the one before ended, and what is left; one panel a name."""

import textwrap
from collections.abc import Mapping
from typing import cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import FAINT, MUTED

ROW, BAR = 22.0, 14.0  # pixels from row to row, and of a bar
HEAD, PANEL_GAP, FOOT = 24.0, 18.0, 6.0  # above the rows of each of several panels, between two, below the last
WORDS_GAP = 10.0  # between the words of the lines and the bars
LABEL_GAP = 4.0
LINE_LENGTH = 26  # characters in a line of words; two lines fit a row


def waterfalls(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kind: str,
    colours: Mapping[str, str],
    name: str = "name",
    line: str = "line",
    value: str = "value",
    label: str = "label",
) -> tuple[alt.LayerChart, float, float]:
    """Draw a waterfall for each name, beside one another on a wide page and below one another on a phone.

    Parameters
    ----------
    frame
        One row a name and line, in the order from above: ``name`` and ``line`` (text), ``value`` (what the line adds;
        of a name's last line its sum, drawn from zero), ``label`` (the value for readers), ``kind`` (text; colour).
    words
        Readers' words for the columns that a bar answers with when touched.
    colours
        The role of each kind, in the order of the legend.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    is_last = ~frame.duplicated(name, keep="last")
    end = frame.groupby(name, sort=False)[value].cumsum().where(~is_last, frame[value])
    frame = frame.assign(end=end, begin=(end - frame[value]).where(~is_last, 0.0))
    names = list(dict.fromkeys(frame[name]))
    rows = int(frame.groupby(name, sort=False).size().max())
    head = HEAD if len(names) > 1 else 0.0
    panel = head + rows * ROW
    frame[line] = ["\n".join(textwrap.wrap(str(t), LINE_LENGTH)) for t in frame[line]]
    left = max(text_width(part) for t in frame[line] for part in t.split("\n")) + WORDS_GAP
    heights = {"wide": panel + FOOT, "narrow": len(names) * (panel + PANEL_GAP) - PANEL_GAP + FOOT}
    ends = pd.concat([frame["begin"], frame["end"]])
    room = max(text_width(str(t)) for t in frame[label]) + LABEL_GAP
    made: list[alt.Chart] = []
    for width, pixels in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        across = len(names) if width == "wide" else 1
        span = (pixels - left - PANEL_GAP * (across - 1)) / across
        unit = (span - room) / max(float(ends.max() - ends.min()), 1e-9)
        index = frame[name].map(names.index)
        start = left + (index * (span + PANEL_GAP) if width == "wide" else 0.0) - ends.min() * unit
        top = (0.0 if width == "wide" else index * (panel + PANEL_GAP)) + head + ROW / 2
        placed = frame.assign(
            zero=start,
            y=top + frame.groupby(name, sort=False).cumcount() * ROW,
            x=start + frame["begin"] * unit,
            x2=start + frame["end"] * unit,
        )
        made += _layers(placed, words, (name, line, label, kind), colours, width, (pixels, heights[width]), left)
    return cast(alt.LayerChart, alt.layer(*made)), heights["wide"], heights["narrow"]


def _layers(
    placed: pd.DataFrame,
    words: Mapping[str, str],
    columns: tuple[str, str, str, str],
    colours: Mapping[str, str],
    width: str,
    size: tuple[float, float],
    left: float,
) -> list[alt.Chart]:
    """The bars, their labels, the words of the lines, the names of the panels and their lines of zero."""
    name, line, label, kind = columns
    used = list(dict.fromkeys(["x", "x2", "y", kind, *words]))
    bars = alt.Chart(round_values(placed[used])).mark_rule(strokeWidth=BAR)
    right = placed[["x", "x2"]].max(axis=1) + LABEL_GAP
    said = placed.assign(x=right)[["x", "y", label]]
    each = placed.drop_duplicates(name) if width == "narrow" else placed.head(1)
    lines = placed if width == "narrow" else placed[placed[name] == each[name].iloc[0]]
    heads = placed.drop_duplicates(name)
    named = heads if len(heads) > 1 else heads.head(0)
    first = pd.DataFrame({"x": named["x"] if width == "wide" else 0.0, "y": named["y"] - ROW / 2 - HEAD / 2})
    zero = pd.DataFrame({
        "x": heads["zero"],
        "y": heads["y"] - ROW / 2,
        "y2": placed.groupby(name, sort=False)["y"].max().to_numpy() + ROW / 2,
    })  # fmt: skip
    paint = colour(placed, kind, colours)
    if paint["legend"]:  # as thick as the bars, which are lines
        paint["legend"] = alt.Legend(symbolStrokeWidth=BAR - 2, symbolSize=(BAR - 2) ** 2)
    return [
        rules(zero, f"{width}_zero", size, color=FAINT),
        bars.encode(
            **at(*size), x2=alt.X2("x2:Q"), color=paint, tooltip=tooltips(placed, words)
        ).properties(name=f"{width}_bars"),
        texts(said, f"{width}_amounts", size, label, align="left"),
        texts(lines.assign(x=left - WORDS_GAP), f"{width}_lines", size, line, align="right", color=MUTED,
              lineBreak="\n", lineHeight=ROW / 2),
        texts(first.assign(text=named[name]), f"{width}_heads", size, align="left", fontWeight="bold",
              fontSize=FONT + 1),
    ]  # fmt: skip
