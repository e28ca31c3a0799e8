"""Points in a grid of names and columns: which row stands in which relation."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.figures.figure import LINE_HEIGHT, round_values, rows_height
from analysis.figures.marks.common import colour, layered, name_channel, names_in_order, shape, tooltips


def grid(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    column: str,
    colours: Mapping[str, str],
    columns: Sequence[str],
    name: str = "name",
    step: float = 24,
) -> alt.LayerChart:
    """Draw a point where a row's name and a column meet.

    Parameters
    ----------
    frame
        One row a point: ``name`` (text), ``column`` (text). Names follow the order of the rows.
    words
        Readers' words for the columns of the frame.
    columns
        The columns of the grid from the left, also those without a point; their words are put on lines of their own.
    colours
        The role of each column.
    """
    frame = frame.reset_index(drop=True)
    head = alt.Axis(
        orient="top",
        labelAngle=0,
        labelExpr="split(datum.label, ' ')",
        labelLineHeight=LINE_HEIGHT,
        labelOverlap=False,
        labelPadding=LINE_HEIGHT + 6,  # for the second word
        grid=True,
    )
    across = alt.X(f"{column}:N", sort=list(columns), scale=alt.Scale(domain=list(columns)), title=None, axis=head)
    paint = colour(frame, column, colours, is_direct=True)
    drawn = round_values(frame[list(dict.fromkeys([name, column, *words]))])
    points = alt.Chart(drawn).mark_point(size=140)
    points = points.encode(
        x=across,
        y=name_channel(frame, name),
        color=paint,
        shape=shape(column, paint),
        tooltip=tooltips(frame, words),
    )
    return layered(points, height=rows_height(names_in_order(frame, name), step))
