"""Points by two quantities, each with its name."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import padded_scale, round_values
from analysis.figures.marks.common import colour, halo, layered, shape, tooltips


def scatter(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    x: str,
    y: str,
    kind: str,
    colours: Mapping[str, str],
    label: str = "label",
    narrow_label: str | None = None,
    strong: str | None = None,
    height: int = 320,
) -> alt.LayerChart:
    """Draw one point a row, told apart by colour and shape, with labels to the right of the points.

    Parameters
    ----------
    frame
        One row a point: ``x`` and ``y`` (numbers from 0, in the units their words say), ``kind`` (text), ``label``
        (text; "" for none).
    words
        Readers' words for the columns, with units; those of ``x`` and ``y`` are the titles of the axes.
    colours
        The role of each kind, in the order of the legend.
    narrow_label
        The column of the labels for which a phone has room; the same as on a wide page if None.
    strong
        The kind whose labels are bold and below their points; those of the others are above.
    """
    frame = frame.reset_index(drop=True)
    paint = colour(frame, kind, colours)
    across = alt.X(f"{x}:Q", title=words[x], scale=padded_scale(frame[x], 0.35))
    up = alt.Y(f"{y}:Q", title=words[y], scale=padded_scale(frame[y], 0.15))
    drawn = round_values(frame[list(dict.fromkeys([x, y, kind, *words]))])
    points = alt.Chart(drawn).mark_point(size=110)
    layers: list[alt.Chart] = [
        points.encode(x=across, y=up, color=paint, shape=shape(kind, paint), tooltip=tooltips(frame, words))
    ]
    # A view whose name begins with wide_ or narrow_ is drawn for that width only.
    columns: dict[str, str] = {"wide_": label, "narrow_": narrow_label} if narrow_label else {"": label}
    for width, column in columns.items():
        for place, is_strong in (("above", False), ("below", True)):
            named = frame[(frame[column] != "") & ((frame[kind] == strong) == is_strong)]
            if len(named):
                texts = alt.Chart(round_values(named[[x, y, column]])).encode(
                    x=across, y=up, text=alt.Text(f"{column}:N")
                )
                weight: dict[str, Any] = {"dy": 11, "fontWeight": "bold"} if is_strong else {"dy": -7}
                layers += [
                    text.properties(name=f"{width}labels_{place}_{i}")
                    for i, text in enumerate(halo(texts, align="left", dx=6, fontSize=10.5, **weight))
                ]
    return layered(*layers, height=height)
