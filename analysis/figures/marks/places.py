"""Places on a map of the United States."""

import functools
import json
from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import pandas as pd

from analysis import paths
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, layered, names_in_order, tooltips
from analysis.figures.palette import LAND, PAPER

APART = 0.9  # degrees of latitude between two dots of one town
LABEL_HEIGHT, LABEL_WIDTH = 0.8, 9.0  # degrees that a name takes
# Where a name stands beside its dot: alignment and offset in pixels.
SIDES: dict[str, tuple[Literal["left", "right", "center"], int, int]] = {
    "right": ("left", 9, 0),
    "left": ("right", -9, 0),
    "below": ("center", 0, 15),
}


@functools.cache
def _outlines() -> list[dict[str, Any]]:
    return list(json.loads(paths.OUTLINES.read_text(encoding="utf-8"))["features"])


def label_sides(lat: pd.Series, lon: pd.Series) -> list[str]:
    """Return the side of each place on which its name meets no other place: right, else left, else below."""
    sides = []
    for north, west in zip(lat, lon, strict=True):
        is_level, east = (lat - north).abs() < LABEL_HEIGHT, lon - west
        is_right_free = not (is_level & east.between(0.01, LABEL_WIDTH)).any()
        is_left_free = not (is_level & east.between(-LABEL_WIDTH, -0.01)).any()
        sides.append("right" if is_right_free else "left" if is_left_free else "below")
    return sides


def places(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kind: str,
    colours: Mapping[str, str],
    group: str,
    shapes: Mapping[str, str],
    label: str = "label",
    lat: str = "lat",
    lon: str = "lon",
    height: int = 400,
) -> alt.LayerChart:
    """Draw places as dots on the contiguous states, those of one town beside one another; names only on a wide page.

    Parameters
    ----------
    frame
        One row a place: ``lat`` and ``lon`` (degrees), ``label`` (its name), ``kind`` (text; colour), ``group`` (text;
        shape).
    words
        Readers' words for the columns that a dot answers with.
    colours, shapes
        The role of each kind, and Vega's shape of each group, in the order of the legend.
    """
    nth = frame.groupby([lat, lon]).cumcount()
    drawn = frame[list(dict.fromkeys([label, kind, group, lat, lon, *words]))].reset_index(drop=True)
    drawn[lat] = drawn[lat] + APART * nth.to_numpy()
    drawn["label_side"] = label_sides(drawn[lat], drawn[lon])
    land = alt.Chart(alt.Data(values=_outlines())).mark_geoshape(fill=LAND, stroke=PAPER, strokeWidth=0.7, tooltip=None)
    base = alt.Chart(round_values(drawn)).encode(longitude=f"{lon}:Q", latitude=f"{lat}:Q")
    known = [g for g in shapes if g in names_in_order(frame, group)]
    shape_scale = alt.Scale(domain=known, range=[shapes[g] for g in known])
    dots = base.mark_point(size=130, stroke=PAPER, strokeWidth=1).encode(
        color=colour(frame, kind, colours),
        shape=alt.Shape(f"{group}:N", title=None, scale=shape_scale),
        tooltip=tooltips(frame, words),
    )
    names = [
        base.transform_filter(f"datum.label_side == '{side}'")
        .mark_text(align=align, dx=dx, dy=dy, fontSize=11, tooltip=None)
        .encode(text=f"{label}:N")
        .properties(name=f"wide_{side}")
        for side, (align, dx, dy) in SIDES.items()
        if side in set(drawn["label_side"])
    ]
    return layered(land, dots, *names, height=height).project(type="albersUsa")
