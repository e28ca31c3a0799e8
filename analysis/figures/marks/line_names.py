"""Names of lines in a picture, where they end or are highest."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures.canvas import WIDE, text_width
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, halo
from analysis.figures.palette import MUTED, colour_of

EDGE = 0.15  # of a picture's width: words of a mark nearer to its edge run inwards
LABEL_STEP = 15  # pixels between the lines of labels
LABEL_FONT = 12.0


def _line_names(frame: pd.DataFrame, line: str, paint: alt.Color, y: str, x: alt.X, **mark: Any) -> list[Any]:
    """Names at points in the colours of their lines (``paint``), but in a grey in which words can be read."""
    hues = dict(zip(paint["scale"]["domain"], paint["scale"]["range"], strict=True))
    made = []
    for is_grey, part in frame.groupby(frame[line].map(hues).eq(colour_of("other"))):
        base = alt.Chart(round_values(part)).encode(x=x, y=alt.Y(f"{y}:Q"), text=alt.Text(f"{line}:N"))
        under, over = halo(base, baseline="bottom", **mark)
        made += [under, over.encode(color=alt.value(MUTED) if is_grey else paint)]
    return made


def end_labels(
    frame: pd.DataFrame,
    *,
    line: str,
    x: alt.X,
    value: str,
    colours: Mapping[str, str],
    y: alt.Scale,
    height: float,
    has_steps: bool = False,
) -> list[alt.Chart]:
    """Return the names of lines, each above the end of its line in its colour; none where they would not tell them
    apart.

    ``x`` and ``y`` are the channel and the scale of the lines, in a drawing that is ``height`` pixels high. A name
    stands before a step of another line (``has_steps``) that would cut through it.
    """
    column = x["shorthand"].split(":")[0]
    bottom, top = y.to_dict()["domain"]
    ends = frame.dropna(subset=[value]).sort_values(column, kind="stable").groupby(line, sort=False).tail(1)
    if len(ends) < 2 or bottom != 0 or top <= 0:
        return []
    ends = ends.sort_values(value, kind="stable")
    pixels = ends[value].to_numpy(float) / top * height
    placed = pixels.copy()
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + LABEL_STEP)
    if (placed - pixels).max() > LABEL_STEP or placed[-1] > height - LABEL_STEP:
        return []
    # A line that stops before the picture does has its name where it stops.
    last = frame.sort_values(column, kind="stable").groupby(line, sort=False).tail(1).set_index(line)[value]
    at = ends[column].where(ends[line].map(last).isna(), frame[column].max())
    drawn = pd.DataFrame({column: at.to_numpy(), line: ends[line].to_numpy(), "label_at": placed * top / height})
    if has_steps:
        places = [
            _before_steps(frame, row, line, column, value, LABEL_STEP * top / height) for _, row in drawn.iterrows()
        ]
        drawn = drawn.assign(**{column: places})
    paint = colour(frame, line, colours, is_direct=True)
    return _line_names(drawn, line, paint, "label_at", x, align="right", dx=-2, dy=-7)


def _before_steps(frame: pd.DataFrame, name: pd.Series, line: str, column: str, value: str, tall: float) -> Any:
    """Where a name ends that no step of another line is to cut: its place, or a little before the first such step.

    ``tall`` is the height of a name in the unit of ``value``.
    """
    every = frame[column]
    wide = (every.max() - every.min()) * text_width(name[line], LABEL_FONT) / WIDE
    others = frame[frame[line] != name[line]].sort_values(column, kind="stable")
    before = others.groupby(line, sort=False)[value].shift()
    low, high = np.minimum(before, others[value]), np.maximum(before, others[value])
    is_cut = (low < name["label_at"] + 1.5 * tall) & (high > name["label_at"] + 0.5 * tall)
    cuts = others.loc[is_cut & others[column].between(name[column] - wide, name[column]), column]
    return cuts.min() - wide * 0.05 if len(cuts) else name[column]


def peak_labels(
    frame: pd.DataFrame,
    *,
    line: str,
    x: alt.X,
    value: str,
    colours: Mapping[str, str],
    y: alt.Scale | None,
    height: float,
) -> list[alt.Chart]:
    """Return the names of lines, each above the highest point of its line in its colour; none where two would meet.

    Arguments are those of `end_labels`.
    """
    column = x["shorthand"].split(":")[0]
    tops = frame.loc[frame.groupby(line, sort=False)[value].idxmax().dropna()]
    domain = y.to_dict().get("domain") if isinstance(y, alt.Scale) else None
    span = domain[1] - domain[0] if domain else float(frame[value].max() - frame[value].min())
    pixels = tops[value].sort_values() / span * height
    if len(tops) < 2 or (pixels.diff().dropna() < LABEL_STEP).any():
        return []
    made = []
    place = pd.Series(pd.to_numeric(tops[column]), tops.index, dtype=float)
    every = pd.Series(pd.to_numeric(frame[column]), dtype=float)
    share = (place - every.min()) / max(every.max() - every.min(), 1.0)
    paint = colour(frame, line, colours, is_direct=True)
    for align, part in tops.groupby(np.select([share < EDGE, share > 1 - EDGE], ["left", "right"], "center")):
        made += _line_names(part[[column, line, value]], line, paint, value, x, align=align, dy=-8)
    return made
