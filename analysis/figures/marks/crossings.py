"""Two sums that grow, and the year in which the second passes the first."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import padded_scale, round_values
from analysis.figures.marks.common import colour, halo, layered, touch_points
from analysis.figures.palette import INK, MUTED

ROOM = 0.3  # of a year, left and right of the lines
BELOW, ABOVE = 15, -10  # pixels from the end of a line to its name
YEAR_AT, WORDS_AT = 30.0, 12.0  # pixels from the axis to the year of the meeting and to the words below it


def crossings(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    line: str,
    colours: Mapping[str, str],
    x: str = "year",
    value: str = "value",
    low: str = "low",
    high: str = "high",
    label: str = "label",
    mark: tuple[float, float] | None = None,
    span: tuple[float, float] | None = None,
    told: tuple[str, str] = ("", ""),
    height: int = 300,
) -> alt.LayerChart:
    """Draw each sum as a line with its spread and its label at its right end, and mark where they meet.

    Parameters
    ----------
    frame
        One row a line and year: ``x`` (year), ``line`` (text), ``value``, ``low`` and ``high`` (in the unit that the
        words of ``value`` say), and ``label``, the words at the line's end.
    words
        Readers' words for the columns, with units.
    colours
        The role of each line.
    mark, span
        Where the lines meet, as year and amount, and from which to which year they may.
    told
        The year in large letters, and the words below it.
    """
    first, last = float(frame[x].min()), float(frame[x].max())
    years = alt.Axis(format="d", values=list(range(int(first), int(last) + 1)), labelOverlap=True, grid=False)
    over = alt.X(f"{x}:Q", title=None, axis=years, scale=alt.Scale(domain=[first - ROOM, last + ROOM], nice=False))
    y = alt.Y(f"{value}:Q", title=None, scale=padded_scale(frame[high], 0.14), axis=alt.Axis(tickCount=4))
    paint = colour(frame, line, colours, is_direct=True)
    used = list(dict.fromkeys([x, line, value, low, high]))
    base = alt.Chart(round_values(frame[used])).encode(x=over, color=paint)
    shade = base.mark_area(opacity=0.2, tooltip=None).encode(
        y=alt.Y(f"{low}:Q", scale=y["scale"]), y2=alt.Y2(f"{high}:Q")
    )
    stroke = base.mark_line(strokeWidth=3, tooltip=None).encode(y=y)
    layers: list[Any] = [shade, stroke, touch_points(frame, words, x=over, y=y)]
    if mark and span:
        layers += _meeting(mark, span, told, over, y, height)
    ends = frame[frame[x] == last].sort_values(value, kind="stable")
    for i in range(len(ends)):
        end = alt.Chart(round_values(ends[[*used, label]].iloc[[i]]))
        named = end.encode(x=over, y=y, color=paint, text=alt.Text(f"{label}:N"))
        at = BELOW if i == 0 and len(ends) > 1 else ABOVE
        layers += halo(named, align="right", dy=at, dx=4, fontSize=12, fontWeight="bold")
    return layered(*layers, height=height)


def _meeting(
    mark: tuple[float, float], span: tuple[float, float], told: tuple[str, str], x: alt.X, y: alt.Y, height: int
) -> list[alt.Chart]:
    """The point where the lines meet, a line down to the axis, the span of years on it, and the words beside it."""
    row = pd.DataFrame([{"at": mark[0], "amount": mark[1], "low": span[0], "high": span[1]}])
    base = alt.Chart(round_values(row.assign(year_words=told[0], words=told[1])))
    shared: dict[str, Any] = {"title": None, "scale": x["scale"], "axis": x["axis"]}
    across, up = alt.X("at:Q", **shared), alt.Y("amount:Q", scale=y["scale"])
    drop = base.mark_rule(color=INK, strokeWidth=1, strokeDash=[3, 3], tooltip=None)
    spread = base.mark_rule(color=INK, strokeWidth=5, tooltip=None)
    point = base.mark_point(filled=True, size=110, color=INK, opacity=1, tooltip=None)
    texts = [
        base.mark_text(align="left", dx=8, tooltip=None, color=shown, **font).encode(
            x=across, y=alt.value(height - above), text=alt.Text(f"{column}:N")
        )
        for column, above, shown, font in (
            ("year_words", YEAR_AT, INK, {"fontSize": 18, "fontWeight": "bold"}),
            ("words", WORDS_AT, MUTED, {"fontSize": 11}),
        )
    ]
    return [
        drop.encode(x=across, y=up, y2=alt.datum(0)),
        spread.encode(x=alt.X("low:Q", **shared), x2=alt.X2("high:Q"), y=alt.value(height - 3)),
        *texts,
        point.encode(x=across, y=up),
    ]
