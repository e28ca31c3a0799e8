"""Dots on rows: on a stem from zero, with a range, and several joined on one row; marked days over a chart of time."""

from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values, rows_height
from analysis.figures.marks.common import (
    Colours,
    colour,
    halo,
    layered,
    name_channel,
    names_in_order,
    shape,
    tooltips,
    value_labels,
    value_scale,
)
from analysis.figures.palette import FAINT, INK, colour_of

DOT_RADIUS = 6.0  # pixels, with the line around it
DOT_GAP = 9  # pixels between the middle of a dot and its label


def dots(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    name: str = "name",
    value: str = "value",
    label: str | None = "label",
    kind: str | None = None,
    colours: Colours = "first",
    spread: tuple[str, str] | None = None,
    label_at: str | None = None,
    scale: alt.Scale | None = None,
    size: float = 100,
    step: float = 30,
    is_bare: bool = False,
) -> alt.LayerChart:
    """Draw one dot a row, on a stem from 0 or with its range.

    Parameters
    ----------
    frame
        One row a dot, in the order from above: ``name`` (text), ``value`` (number, in the unit its words say),
        ``label`` (the value as readers see it), ``kind`` (text; colour and shape).
    words
        Readers' words for the columns, with units.
    colours
        A role, or the role of each ``kind``, in the order of the legend.
    spread
        Columns of the low and the high end (same unit), drawn as a line instead of the stem.
    label_at
        Column of the label's position (same unit), such as the high end of the spread; by default at the dot.
    is_bare
        Without the axis and its grid, where labels and a line of reference say enough.
    """
    frame = frame.reset_index(drop=True)
    used = [name, value, label, kind, label_at, *(spread or ()), *words]
    base = alt.Chart(round_values(frame[list(dict.fromkeys(c for c in used if c))])).encode(
        y=name_channel(frame, name, DOT_RADIUS)
    )
    end = label_at or value
    scale = scale or value_scale(frame, end, label, spread, gap=DOT_GAP, is_above=True)
    bare: dict[str, Any] = dict.fromkeys(("grid", "labels", "ticks", "domain"), False)
    untitled = alt.Axis(title=None, **(bare if is_bare else {}))
    x = alt.X(f"{value}:Q", title=words[value], scale=scale, axis=untitled)
    rule = base.mark_rule(color=FAINT, tooltip=None)
    stems = (
        rule.encode(x=alt.X(f"{spread[0]}:Q"), x2=alt.X2(f"{spread[1]}:Q"))
        if spread
        else rule.encode(x=x, x2=alt.datum(0))
    )
    paint = colour(frame, kind, colours)
    points = base.mark_point(size=size).encode(x=x, color=paint, tooltip=tooltips(frame, words))
    if kind and not isinstance(colours, str):
        points = points.encode(shape=shape(kind, paint))
    at = x if end == value else alt.X(f"{end}:Q", title=words[value], scale=scale, axis=untitled)
    labels = (
        [t.encode(x=at) for t in value_labels(base, frame, end, label, gap=DOT_GAP, is_over_lines=True)]
        if label
        else []
    )
    return layered(stems, points, *labels, height=rows_height(names_in_order(frame, name), step))


def dumbbells(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kind: str,
    colours: Mapping[str, str],
    name: str = "name",
    value: str = "value",
    label: str | None = None,
    scale: alt.Scale | None = None,
    step: float = 34,
) -> alt.LayerChart:
    """Draw several dots on each row, joined from the lowest to the highest.

    Parameters
    ----------
    frame
        One row a dot: ``name`` (text), ``kind`` (text, each once for a name; colour and shape), ``value`` (number, in
        the unit its words say). Names follow the order of the rows.
    words
        Readers' words for the columns, with units.
    colours
        The role of each kind, in the order of the legend.
    label
        Column of the words right of the highest dot of a row, the same for all dots of a name.
    """
    frame = frame.reset_index(drop=True)
    ends = frame.groupby(name, sort=False).agg(
        min=(value, "min"), max=(value, "max"), **({label: (label, "first")} if label else {})
    )
    y = name_channel(frame, name, DOT_RADIUS)
    scale = scale or value_scale(ends, "max", label, gap=DOT_GAP, is_above=True)
    x = alt.X(f"{value}:Q", title=None, scale=scale)
    drawn = frame[list(dict.fromkeys([name, kind, value, *words]))]
    base = alt.Chart(round_values(ends.reset_index())).encode(y=y)
    rules = base.mark_rule(color=FAINT, tooltip=None).encode(x=alt.X("min:Q"), x2=alt.X2("max:Q"))
    paint = colour(frame, kind, colours)
    points = (
        alt.Chart(round_values(drawn))
        .mark_point(size=90)
        .encode(y=y, x=x, color=paint, shape=shape(kind, paint), tooltip=tooltips(frame, words))
    )
    labels = value_labels(base, ends, "max", label, gap=DOT_GAP, is_over_lines=True) if label else []
    return layered(rules, points, *labels, height=rows_height(names_in_order(frame, name), step))


def spans(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    name: str = "name",
    low: str = "low",
    high: str = "high",
    label: str = "label",
    colours: str = "first",
    step: float = 34,
) -> alt.LayerChart:
    """Draw a bar from the low to the high end of each row, with a round end at either and the label to its right.

    Parameters
    ----------
    frame
        One row a span, in the order from above: ``name`` (text), ``low`` and ``high`` (numbers from 0, in the unit
        their words say), ``label`` (the span as readers see it).
    words
        Readers' words for the columns, with units.
    colours
        A role.
    """
    frame = frame.reset_index(drop=True)
    scale = value_scale(frame, high, label, gap=DOT_GAP, is_above=True)
    base = alt.Chart(round_values(frame[list(dict.fromkeys([name, low, high, label, *words]))])).encode(
        y=name_channel(frame, name, DOT_RADIUS)
    )
    bars = base.mark_bar(height=2 * DOT_RADIUS, cornerRadius=DOT_RADIUS, color=colour_of(colours)).encode(
        x=alt.X(f"{low}:Q", title=None, scale=scale), x2=alt.X2(f"{high}:Q"), tooltip=tooltips(frame, words)
    )
    labels = value_labels(base, frame, high, label, gap=DOT_GAP, is_over_lines=True)
    return layered(bars, *labels, height=rows_height(names_in_order(frame, name), step))


def marked_days(
    frame: pd.DataFrame, words: Mapping[str, str], *, day: str = "end", value: str = "value", label: str = "label"
) -> alt.LayerChart:
    """Draw diamonds in ink with a label to their left and below, in lines, to lie over a chart of values over time.

    Parameters
    ----------
    frame
        One row a mark: ``day`` (datetime), ``value`` (number, in the unit of the chart below), ``label`` (text).
    words
        Readers' words for the columns, with units.
    """
    used = list(dict.fromkeys([day, value, label, *words]))
    base = alt.Chart(round_values(frame[used])).encode(x=alt.X(f"{day}:T"), y=alt.Y(f"{value}:Q"))
    points = base.mark_point(size=120, color=INK, shape="diamond").encode(tooltip=tooltips(frame, words))
    text = halo(
        base.encode(text=alt.Text(f"{label}:N")),
        align="right",
        baseline="top",
        dx=-10,
        dy=-2,
        fontWeight="bold",
        lineBreak="\n",
    )
    return cast(alt.LayerChart, alt.layer(points, *text))
