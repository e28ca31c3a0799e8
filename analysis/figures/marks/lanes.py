"""Spans of time on lanes, one lane a name."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values, rows_height
from analysis.figures.marks.common import Colours, colour, layered, name_axis, names_in_order, time_axis, tooltips
from analysis.figures.palette import PAPER


def lanes(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    lane: str = "lane",
    start: str = "start",
    end: str = "end",
    kind: str | None = None,
    colours: Colours = "first",
    end_label: str | None = None,
    axis: alt.Axis | None = None,
    scale: alt.Scale | None = None,
    thickness: float = 26,
    step: float = 46,
) -> alt.LayerChart:
    """Draw spans from start to end, several on a lane.

    Parameters
    ----------
    frame
        One row a span: ``lane`` (text), ``start`` and ``end`` (datetime), ``kind`` (text), ``end_label`` (words
        behind its end).
    words
        Readers' words for the columns.
    colours
        A role, or the role of each ``kind``, in the order of the legend.
    """
    frame = frame.reset_index(drop=True)
    names = names_in_order(frame, lane)
    used = [lane, start, end, kind, end_label, *words]
    base = alt.Chart(round_values(frame[list(dict.fromkeys(c for c in used if c))])).encode(
        y=alt.Y(f"{lane}:N", sort=names, title=None, axis=name_axis(thickness / 2))
    )
    x = alt.X(f"{start}:T", title=None, axis=axis or time_axis(tickCount=5), scale=scale or alt.Undefined)
    bars = base.mark_bar(height=thickness, stroke=PAPER, strokeWidth=2).encode(
        x=x, x2=alt.X2(f"{end}:T"), color=colour(frame, kind, colours), tooltip=tooltips(frame, words)
    )
    layers: list[alt.Chart] = [bars]
    if end_label:
        layers.append(
            base.mark_text(align="left", dx=5, tooltip=None).encode(
                x=alt.X(f"{end}:T"), text=alt.Text(f"{end_label}:N")
            )
        )
    return layered(*layers, height=rows_height(names, step))
