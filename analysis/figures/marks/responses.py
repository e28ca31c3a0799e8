"""What an answer comes to as one choice moves: a median with its band, and named points on it."""

import json
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.figure import padded_scale, round_values, with_parameter
from analysis.figures.marks.common import field, layered, touch_points
from analysis.figures.palette import FAINT, INK, PAPER, colour_of

AT = "chosen"  # the chart's parameter: the value of the choice at which the range is marked
LINE = 15  # pixels of a line of text


def responses(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    x: str,
    low: str,
    value: str,
    high: str,
    points: pd.DataFrame,
    mark: tuple[float, str] | None = None,
    at: float | None = None,
    role: str = "first",
    height: int = 280,
) -> alt.LayerChart:
    """Draw how a value answers to a choice.

    Parameters
    ----------
    frame
        One row a value of the choice: ``x``, ``low``, ``value``, ``high`` (numbers).
    words
        Readers' words for the columns, with units; those of ``x`` title the axis.
    points
        Points of the line to name: ``x``, ``value`` and ``label`` (two lines of text).
    mark
        A value of the choice to draw a rule at, with its words.
    at
        The value of the choice at which the range is marked at first: the chart's parameter `AT`.
    role
        The role whose colour line and band have.
    """
    columns = list(dict.fromkeys([x, low, value, high, *words]))
    across = alt.X(
        field(frame, x),
        title=words[x],
        scale=alt.Scale(zero=False, nice=False, padding=0),
        axis=alt.Axis(grid=False, tickCount=6),
    )
    scale = padded_scale(frame[high], 0.08)
    base = alt.Chart(round_values(frame[columns])).encode(x=across)
    y = alt.Y(field(frame, value), title=None, scale=scale)
    band = base.mark_area(color=colour_of(role), opacity=0.2, tooltip=None).encode(
        y=alt.Y(field(frame, low), title=None, scale=scale), y2=alt.Y2(high)
    )
    line = base.mark_line(color=colour_of(role), strokeWidth=2.5, tooltip=None).encode(y=y)
    named = alt.Chart(round_values(points[[x, value, "label"]])).encode(x=across, y=y)
    dots = named.mark_point(fill=colour_of(role), stroke=PAPER, opacity=1, size=110, strokeWidth=2, tooltip=None)
    said = named.mark_text(
        align="left", baseline="bottom", dx=9, dy=-LINE - 4, fontSize=12, lineBreak="\n", color=INK, tooltip=None
    ).encode(text=alt.Text("label:N"))
    drawn = [band, line, dots, said]
    if mark:
        ordered = frame.sort_values(x)
        end = float(np.interp(mark[0], ordered[x], ordered[high]))  # the rule keeps clear of the names of points
        held = alt.Chart(pd.DataFrame({x: [mark[0]], "end": [end], "words": [mark[1]]})).encode(x=across)
        rule = held.mark_rule(color=FAINT, strokeDash=[4, 3], strokeWidth=1.5, tooltip=None)
        rule = rule.encode(y=alt.Y("end:Q", title=None, scale=scale), y2=alt.value(0))
        told = held.mark_text(align="left", baseline="top", dx=6, fontSize=12, lineBreak="\n", tooltip=None)
        drawn = [band, rule, line, dots, said, told.encode(y=alt.value(2), text=alt.Text("words:N"))]
    if at is not None:
        chosen = base.transform_filter(f"abs(datum[{json.dumps(x)}] - {AT}) < 1e-6")
        span = chosen.mark_rule(color=colour_of(role), strokeWidth=7, opacity=0.45, tooltip=None)
        drawn.insert(1, span.encode(y=alt.Y(field(frame, low), title=None, scale=scale), y2=alt.Y2(high)))
        drawn.append(
            chosen.mark_point(
                fill=PAPER, stroke=colour_of(role), opacity=1, size=130, strokeWidth=2.5, tooltip=None
            ).encode(y=y)
        )
    made = layered(*drawn, touch_points(frame, words, x=across, y=y), height=height)
    return made if at is None else with_parameter(made, AT, at)
