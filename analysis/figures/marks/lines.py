"""Values over time: lines, steps with their events, stacked steps, a median with its band."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import padded_scale, round_values
from analysis.figures.marks.common import (
    colour,
    dashes,
    field,
    halo,
    layered,
    names_in_order,
    shape,
    time_axis,
    tooltips,
    touch_points,
)
from analysis.figures.marks.line_names import end_labels, peak_labels
from analysis.figures.palette import FAINT, colour_of

SHORT = pd.Timedelta(days=75)  # a span of days so short that months would name several of its ticks alike


def _over(frame: pd.DataFrame, x: str, title: str | None = None, scale: alt.Scale | None = None) -> alt.X:
    """The horizontal channel: days, years or a quantity, by what the column holds and how it is titled."""
    given: dict[str, Any] = {"scale": scale} if scale else {}
    if pd.api.types.is_datetime64_any_dtype(frame[x]):
        is_short = frame[x].max() - frame[x].min() < SHORT
        days: dict[str, Any] = {"format": "%-d %b %Y", "tickCount": 4} if is_short else {}
        return alt.X(f"{x}:T", title=None, axis=time_axis(**days), **given)
    if title is None:
        axis = alt.Axis(labelAngle=0, labelOverlap=True)
        return alt.X(f"{x}:O", title=None, axis=axis, sort=names_in_order(frame, x), **given)
    return alt.X(field(frame, x), title=title, **given)


def steps(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    line: str,
    colours: Mapping[str, str],
    day: str = "day",
    high: str = "high",
    low: str | None = None,
    top: str | None = None,
    events: pd.DataFrame | None = None,
    event: str | None = None,
    x_scale: alt.Scale | None = None,
    y_scale: alt.Scale | None = None,
    has_floor: bool = False,
    height: int = 280,
) -> alt.LayerChart:
    """Draw what was known from each day on: a step for each statement, shade between its low and high end.

    Parameters
    ----------
    frame
        One row a statement, by day: ``day`` (datetime), ``line`` (text), ``high`` and perhaps ``low`` (numbers, in the
        unit the words of ``high`` say). Each line's last row is that of the day on which the picture ends.
    words
        Readers' words for the columns, with units.
    colours
        The role of each line, in the order of the legend; where there is room the lines bear their names instead.
    top
        Upper end of the shade where it is not the line itself.
    events, event
        Statements to mark, with the columns of ``frame`` and ``event``, the text by which their shapes differ.
    has_floor
        Draw the low end as a dashed line of its own.
    """
    scale = y_scale or padded_scale(frame[high] if top is None else frame[[high, top]].max(axis=1), 0.12)
    x = _over(frame, day, scale=x_scale)
    at: dict[str, Any] = {"line": line, "x": x, "value": high, "colours": colours, "y": scale, "height": height}
    names = end_labels(frame, **at, has_steps=True)
    paint = colour(frame, line, colours, is_direct=bool(names))
    used = [day, line, high, *(c for c in (low, top) if c), *words]
    base = alt.Chart(round_values(frame[list(dict.fromkeys(used))])).encode(x=x, color=paint)
    y = alt.Y(f"{high}:Q", title=None, scale=scale)
    layers: list[alt.Chart] = []
    if low:
        shade = base.mark_area(interpolate="step-after", opacity=0.25, tooltip=None)
        low_end = alt.Y(f"{low}:Q", title=None, scale=scale)
        layers.append(shade.encode(y=low_end, y2=alt.Y2(f"{top or high}:Q")))
    stroke = base.mark_line(interpolate="step-after", tooltip=None).encode(y=y)
    layers.append(stroke if has_floor else stroke.encode(strokeDash=dashes(frame, line, colours, not names)))
    if low and has_floor:
        floor = base.mark_line(interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5, tooltip=None)
        layers.append(floor.encode(y=alt.Y(f"{low}:Q")))
    layers.append(touch_points(frame, words, x=x, y=y))
    if events is not None:
        marked = alt.Chart(round_values(events[list(dict.fromkeys([*used, *([event] if event else [])]))])).mark_point()
        dots = marked.encode(x=x, y=alt.Y(f"{high}:Q"), color=paint, tooltip=tooltips(events, words))
        layers.append(dots.encode(shape=alt.Shape(f"{event}:N", title=None)) if event else dots)
    return layered(*layers, *names, height=height)


def lines(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    line: str,
    colours: Mapping[str, str],
    x: str = "year",
    value: str = "value",
    label: str | None = None,
    x_title: str | None = None,
    x_scale: alt.Scale | None = None,
    y_scale: alt.Scale | None = None,
    has_points: bool = True,
    height: int = 260,
) -> alt.LayerChart:
    """Draw lines told apart by colour, by the shape of their points, and without points by their dashes.

    Parameters
    ----------
    frame
        One row a point: ``x`` (datetime, year, or a quantity titled by ``x_title``), ``line`` (text), ``value``
        (number, in the unit its words say), ``label`` (the value as readers see it, above the point).
    words
        Readers' words for the columns, with units.
    colours
        The role of each line, in the order of the legend; where there is room the lines bear their names instead.
    """
    used = [x, line, value, *([label] if label else []), *words]
    if y_scale is None and frame[value].min() >= 0:
        y_scale = padded_scale(frame[value], 0.12)
    over = _over(frame, x, x_title, x_scale)
    names: list[alt.Chart] = []
    if not label:
        at: dict[str, Any] = {"line": line, "x": over, "value": value, "colours": colours, "height": height}
        names = peak_labels(frame, y=y_scale, **at) or (end_labels(frame, y=y_scale, **at) if y_scale else [])
    paint = colour(frame, line, colours, is_direct=bool(names))
    y = alt.Y(f"{value}:Q", title=None, scale=y_scale or alt.Undefined)
    base = alt.Chart(round_values(frame[list(dict.fromkeys(used))])).encode(x=over, y=y, color=paint)
    stroke = base.mark_line(tooltip=None)
    if frame[value].min() < 0:
        zero = alt.Chart(frame.head(1)[[line]]).mark_rule(color=FAINT, tooltip=None).encode(y=alt.datum(0))
        names = [zero, *names]
    if not has_points:
        dashed = stroke.encode(strokeDash=dashes(frame, line, colours, not names))
        return layered(dashed, touch_points(frame, words, x=over, y=y), *names, height=height)
    points = base.mark_point(size=80).encode(shape=shape(line, paint), tooltip=tooltips(frame, words))
    texts = halo(base.encode(text=alt.Text(f"{label}:N")), dy=-13) if label else []
    return layered(stroke, points, *texts, *names, height=height)


def bands(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    low: str,
    median: str,
    high: str,
    x: str = "year",
    role: str = "first",
    y_scale: alt.Scale | None = None,
    height: int = 260,
) -> alt.LayerChart:
    """Draw a median as a line in the band from low to high.

    Parameters
    ----------
    frame
        One row a year: ``x`` (year), ``low``, ``median``, ``high`` (numbers, in the unit the words of ``median`` say).
    words
        Readers' words for the columns, with units.
    role
        The role whose colour both have.
    y_scale
        Of the chart that the band is layered with, which has to be the same.
    """
    base = alt.Chart(round_values(frame[list(dict.fromkeys([x, low, median, high, *words]))])).encode(x=_over(frame, x))
    scale = y_scale or padded_scale(frame[high], 0.1)
    band = base.mark_area(color=colour_of(role), opacity=0.25, tooltip=None).encode(
        y=alt.Y(f"{low}:Q", title=None, scale=scale), y2=alt.Y2(f"{high}:Q")
    )
    y = alt.Y(f"{median}:Q", title=None, scale=scale)
    middle = base.mark_line(color=colour_of(role), tooltip=None).encode(y=y)
    touch = touch_points(frame, words, x=_over(frame, x), y=y)
    return layered(band, middle, touch, height=height)
