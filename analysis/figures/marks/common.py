"""What the marks share: names broken into lines, colours, tooltips and labels in readers' words."""

from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.figure import LINE_HEIGHT, LINE_LENGTH, WIDE_LINE, round_values
from analysis.figures.palette import PAPER, colour_of, scale

Colours = str | Mapping[str, str]
NARROW_PLOT, WIDE_PLOT = 300, 440  # pixels that a phone, and a page, leave for the bars
BESIDE_PLOT = 200  # that a phone leaves for bars on either side of 0, whose names stand beside them
IS_NARROW = f"({LINE_LENGTH} > {WIDE_LINE})"  # where names stand above their rows
DAY_FORMAT, MONTH_FORMAT = "%-d %B %Y", "%b %Y"

# Break a label at spaces after at most `line_length` characters, and longer words where they must be.
_PIECE = f"(.{{1,' + {LINE_LENGTH} + '}})(?:\\\\s+|$)|(.{{' + {LINE_LENGTH} + '}})"
_LINES = f"split(trim(replace(datum.label, regexp('{_PIECE}', 'gu'), '$1$2\\n')), '\\n')"


def layered(*charts: Any, height: float) -> alt.LayerChart:
    """Return the charts on top of one another, with one height in pixels."""
    return cast(alt.LayerChart, alt.layer(*charts, height=height))


def name_axis(half: float | None = None, **settings: Any) -> alt.Axis:
    """Return an axis of names that are broken into lines instead of being cut.

    ``half`` is half the height in pixels of what is drawn in a row: on a phone its name then stands above that. Without
    it names stay beside their rows, broken into more lines.
    """
    more = f"{LINE_HEIGHT} * (length({_LINES}) - 1)"
    if half is None:
        settings |= {"labelOffset": alt.ExprRef(f"-{more} / 2")}
    else:
        above = {"labelAlign": ("'left'", "'right'"), "labelPadding": ("-5", "9"), "labelLimit": ("0", "220")}
        settings |= {k: alt.ExprRef(f"{IS_NARROW} ? {a} : {b}") for k, (a, b) in above.items()}
        settings |= {"labelOffset": alt.ExprRef(f"{IS_NARROW} ? -{half + 9} - {more} : -{more} / 2")}
    return alt.Axis(labelExpr=_LINES, labelLineHeight=LINE_HEIGHT, **settings)


def names_in_order(frame: pd.DataFrame, name: str) -> list[str]:
    """Return the different names of a column in the order of the rows."""
    return list(dict.fromkeys(frame[name]))


def name_channel(frame: pd.DataFrame, name: str, half: float | None = None, **settings: Any) -> alt.Y:
    """Return the vertical channel of one row a name, in the order of the frame (see `name_axis`)."""
    return alt.Y(f"{name}:N", sort=names_in_order(frame, name), title=None, axis=name_axis(half, **settings))


def field(frame: pd.DataFrame, column: str) -> str:
    """Return Altair's shorthand of a column by what it holds: day, number or text."""
    if pd.api.types.is_datetime64_any_dtype(frame[column]):
        return f"{column}:T"
    is_number = pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column])
    return f"{column}:{'Q' if is_number else 'N'}"


def tooltips(frame: pd.DataFrame, words: Mapping[str, str]) -> list[alt.Tooltip]:
    """Return what a mark answers when touched: the columns of ``words``, by these names, in their order."""
    found = []
    for column, title in words.items():
        kind = field(frame, column)
        if kind.endswith("T"):
            day = alt.Tooltip(kind, title=title, format=DAY_FORMAT, timeUnit="utcyearmonthdate")
            found.append(day)
        elif kind.endswith("Q") and not pd.api.types.is_integer_dtype(frame[column]):
            found.append(alt.Tooltip(kind, title=title, format=",.2~f"))
        else:
            found.append(alt.Tooltip(f"{column}:N", title=title))
    return found


def colour(frame: pd.DataFrame, kind: str | None, colours: Colours, is_direct: bool = False) -> Any:
    """Return the colour channel: one role for all, or a role for each value of ``kind`` with a legend.

    There is no legend of a single entry, nor where the marks bear their names (``is_direct``).
    """
    if isinstance(colours, str):
        return alt.value(colour_of(colours))
    if kind is None:
        raise ValueError("colours by kind need the column that holds the kind")
    present = names_in_order(frame, kind)
    legend = None if is_direct or len(present) < 2 else alt.Legend()
    return alt.Color(f"{kind}:N", title=None, scale=scale(colours, present), legend=legend)


def outline(paint: Any) -> Any:
    """Return the channel of the lines around marks in their own colour; ``paint`` is what `colour` returned."""
    if not isinstance(paint, alt.Color):
        return paint
    return alt.Stroke(paint["shorthand"], title=None, scale=paint["scale"], legend=paint["legend"])


def dashed(flag: str, paint: Any) -> dict[str, Any]:
    """Return the channels by which marks with a flag are dashed outlines; ``paint`` is what `colour` returned."""
    test = f"datum['{flag}']"
    return {
        "stroke": outline(paint),
        "fillOpacity": alt.condition(test, alt.value(0.1), alt.value(1)),
        "strokeWidth": alt.condition(test, alt.value(1.5), alt.value(0)),
        "strokeDash": alt.condition(test, alt.value([5, 3]), alt.value([1, 0])),
    }


def shape(kind: str, paint: Any) -> alt.Shape:
    """Return the second sign, beside colour, by which points are told apart; ``paint`` is what `colour` returned."""
    domain = paint["scale"]["domain"]
    return alt.Shape(f"{kind}:N", title=None, scale=alt.Scale(domain=domain), legend=paint["legend"])


def dashes(frame: pd.DataFrame, kind: str, colours: Mapping[str, str], has_legend: bool = True) -> alt.StrokeDash:
    """Return the second sign, beside colour, by which lines are told apart; one line needs no legend."""
    domain = scale(colours, names_in_order(frame, kind)).to_dict()["domain"]
    patterns = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [12, 3]]
    ranged = [patterns[i % len(patterns)] for i in range(len(domain))]
    legend = alt.Undefined if has_legend and len(domain) > 1 else None
    return alt.StrokeDash(f"{kind}:N", title=None, scale=alt.Scale(domain=domain, range=ranged), legend=legend)


def value_labels(
    base: alt.Chart,
    frame: pd.DataFrame,
    value: str,
    label: str,
    size: float = 12,
    gap: float = 5,
    is_over_lines: bool = False,
) -> list[alt.Chart]:
    """Return the labels at the ends of horizontal bars: right of those above 0, left of those below, ``gap`` pixels
    off; to be read across lines if asked for."""
    made = []
    for align, offset, test in (("left", gap, ">="), ("right", -gap, "<")):
        if align == "left" or (frame[value] < 0).any():
            part = base.transform_filter(f"datum['{value}'] {test} 0") if (frame[value] < 0).any() else base
            texts = halo(part, align=align, dx=offset, fontSize=size)[0 if is_over_lines else 1 :]
            made += [text.encode(x=alt.X(f"{value}:Q"), text=alt.Text(f"{label}:N")) for text in texts]
    return made


def halo(chart: alt.Chart, **mark: Any) -> list[alt.Chart]:
    """Return text drawn twice, first as a wide stroke of the page's colour, so that it reads across lines."""
    under: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [chart.mark_text(tooltip=None, **mark, **paint) for paint in (under, {})]


def value_scale(
    frame: pd.DataFrame,
    value: str,
    label: str | None = None,
    spread: tuple[str, str] | None = None,
    gap: float = 5,
    is_above: bool = False,
) -> alt.Scale:
    """Return the scale of horizontal marks from 0: room for their labels and for both ends of their spread.

    ``is_above`` says that on a phone the names stand above their rows on either side of 0, too.
    """
    values = [frame[value], *(frame[end] for end in spread or ())]
    texts = frame[label].astype(str) if label and label in frame else pd.Series("", index=frame.index)
    return label_scale(
        pd.concat(values), pd.concat([texts, *[pd.Series("", index=frame.index)] * (len(values) - 1)]), gap, is_above
    )


def label_scale(values: pd.Series, labels: pd.Series, gap: float = 5, is_above: bool = False) -> alt.Scale:
    """Return the scale of horizontal bars from 0, with room at their ends for their labels, more of it on a phone.

    ``labels`` belong to ``values``, empty where there is none, and stand ``gap`` pixels off.
    """
    ends = values.fillna(0.0).to_numpy(float)
    if not ends.any():
        return alt.Scale(domain=[0, 1], nice=False)
    narrow = BESIDE_PLOT if ends.min() < 0 and not is_above else NARROW_PLOT
    rooms = gap + 4 + 6.8 * labels.astype(str).str.len().to_numpy(float)
    (low, high), (wide_low, wide_high) = (_with_room(ends, rooms, plot) for plot in (narrow, WIDE_PLOT))
    is_narrow = f"width < {(NARROW_PLOT + WIDE_PLOT) // 2}"
    return alt.Scale(
        domainMin=alt.ExprRef(f"{is_narrow} ? {low} : {wide_low}"),
        domainMax=alt.ExprRef(f"{is_narrow} ? {high} : {wide_high}"),
        nice=False,
    )


def _with_room(ends: np.ndarray, rooms: np.ndarray, plot: float) -> tuple[float, float]:
    """The ends of the scale of bars that have room (pixels) for their labels in a plot of so many pixels."""
    pixels = np.minimum(rooms, 0.6 * plot)
    low, high = min(0.0, ends.min()), max(0.0, ends.max())
    below, above = low, high
    for _ in range(20):  # labels take room, which makes bars shorter, which takes labels inwards
        unit = (above - below) / plot
        above = max(high * 1.04, (ends + pixels * unit)[ends >= 0].max(initial=0.0))
        below = min(low * 1.04, (ends - pixels * unit)[ends < 0].min(initial=0.0))
    return float(f"{below:.4g}"), float(f"{above:.4g}")


def time_axis(**settings: Any) -> alt.Axis:
    """Return an axis of days, labelled by month."""
    shared: dict[str, Any] = {"format": MONTH_FORMAT, "tickCount": 6, "labelOverlap": True}
    return alt.Axis(**shared | settings)


def touch_points(frame: pd.DataFrame, words: Mapping[str, str], *, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return invisible points that answer when a line or an area is touched; static drawings leave them out.

    A line itself would answer with the values of its first point only.
    """
    used = list(dict.fromkeys([x["shorthand"].split(":")[0], y["shorthand"].split(":")[0], *words]))
    base = alt.Chart(round_values(frame[used])).mark_point(opacity=0, size=240)
    return base.encode(x=x, y=y, tooltip=tooltips(frame, words)).properties(name="live_points")
