"""What rows are held against: one value across all of them."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values
from analysis.figures.marks.common import name_channel
from analysis.figures.palette import INK


def reference_line(rows: pd.DataFrame, at: float, words: str, *, half: float, name: str = "name") -> list[alt.Chart]:
    """Return a dashed line at one value across all rows, its words above the first.

    On a phone it is drawn in pieces beside what is drawn in each row: the names stand above, and are not crossed.

    Parameters
    ----------
    rows
        What is drawn, by ``name``, to lie under or over the line.
    at
        The value, in the unit of the horizontal axis.
    half
        Half the height in pixels of what is drawn in a row.
    """
    each = rows[[name]].drop_duplicates().assign(at=at, words=words)
    base, first = alt.Chart(round_values(each)), alt.Chart(round_values(each.head(1)[["at", "words"]]))
    x, y = alt.X("at:Q"), name_channel(rows, name, half)
    line: dict[str, Any] = {"color": INK, "strokeWidth": 1.5, "strokeDash": [4, 3], "tooltip": None}
    pieces = base.mark_rule(yOffset=-half, y2Offset=half + 3, **line).encode(x=x, y=y, y2=alt.Y2(f"{name}:N"))
    named = first.mark_text(baseline="bottom", fontSize=11, tooltip=None)
    return [
        first.mark_rule(**line).encode(x=x).properties(name="wide_reference"),
        pieces.properties(name="narrow_reference"),
        named.encode(x=x, y=alt.value(-4), text=alt.Text("words:N")),
    ]
