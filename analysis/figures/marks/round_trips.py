"""A round trip: a sum that flows from the left through one party to those it pays, a part of which bends back.

`ring_layout` says where things stand; widths of ribbons are true.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import at, text_width, texts
from analysis.figures.figure import round_values, with_parameter
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.marks.ring_layout import FONT, LINE, STEPS, VIEWS, Lit, Placed, Places
from analysis.figures.palette import INK, MUTED, PANEL, PAPER

NUMBER_FONT = 22.0
ARROW = "M0,-1.1L0.68,0.8L-0.68,0.8Z"
OPACITY, DIM = 0.92, 0.13
STOP = "stop"  # the chart's parameter: the stop of a walk through the picture, 0 for the whole
LEAST_SIGN = 12.0  # pixels: a narrower ribbon has no arrow inside


def round_trip(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    middle: tuple[str, ...],
    coming_back: tuple[str, str],
    from_outside: tuple[str, str],
    colours: Mapping[str, str],
    walk: Sequence[Lit] = (),
) -> tuple[alt.LayerChart, float, float]:
    """Draw a sum on its way through one party, and the part of it that comes round.

    Parameters
    ----------
    frame
        Those who are paid, from above, those from whom something comes back first: ``name``, ``label`` (below it),
        ``short_label`` (on a phone), ``whole`` and ``back`` (of it), in units of the sum, and the columns of ``words``.
    words
        Readers' words for the columns that a ribbon answers with when touched.
    middle
        The party in the middle: its name, and the lines below it.
    coming_back
        How much comes round, and words for it, inside the rings.
    from_outside
        How much does not, and words for it, on the ribbon from the left.
    colours
        The roles of three kinds, in this order: what comes back, what is paid besides, and what comes from outside.
    walk
        What is bright at each value of the parameter `STOP` from 1; at 0 all is.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    views = [Placed(frame.reset_index(drop=True), list(colours), view, walk) for view in VIEWS]
    drawn = [c for placed in views for c in _layers(placed, words, colours, middle, coming_back, from_outside)]
    chart = with_parameter(alt.layer(*drawn), STOP, 0)
    return cast(alt.LayerChart, chart), *(placed.height for placed in views)


def _fading(bright: float) -> Any:
    """An opacity that falls at the stops that a row's ``stops`` do not hold."""
    seen = f"indexof(datum.stops, ' ' + {STOP} + ' ') >= 0"  # of text, an expression knows no sets
    return alt.condition(seen, alt.value(bright), alt.value(bright * DIM))


def _layers(
    placed: Placed,
    words: Mapping[str, str],
    colours: Mapping[str, str],
    middle: tuple[str, ...],
    coming_back: tuple[str, str],
    from_outside: tuple[str, str],
) -> list[alt.Chart]:
    view, (back, _, outside) = placed.view, placed.kinds
    size = view.width, placed.height
    flows = placed.ribbons().join(placed.frame, on="row")
    told = tooltips(flows, words)
    paint = colour(pd.DataFrame({"kind": placed.kinds}), "kind", colours)
    paint["legend"] = None
    bent = _bent(flows, view).join(placed.frame[list(words)], on="row")
    areas = alt.Chart(round_values(bent)).mark_area(line=False)
    areas = areas.encode(
        **at(*size), y2=alt.Y2("y2:Q"), color=paint, detail="flow:N", tooltip=told, opacity=_fading(OPACITY)
    )
    entry = placed.middle_top + placed.unit * placed.frame["back"].sum()
    source = pd.DataFrame([{"x": 0.0, "x2": view.left, "y": entry, "y2": placed.middle_bottom, "kind": outside}])
    source["stops"] = from_outside_at = placed.stops(lambda lit: lit.is_outside)
    coming = alt.Chart(round_values(source)).mark_rect(tooltip=None)
    coming = coming.encode(**at(*size), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=paint, opacity=_fading(0.34))
    made = [coming, areas]
    if placed.rings:
        made += _rings(placed, size, paint, words, back)
    signs = flows[flows["thick"] >= LEAST_SIGN]
    half = (view.right + view.paid) / 2
    heads = signs.assign(x=half, y=(signs["start"] + signs["end"] + signs["thick"]) / 2, angle=90)
    entering = {"x": view.left - 12, "y": placed.middle_bottom - 20, "angle": 90, "kind": outside}
    entering = pd.DataFrame([entering | {"stops": from_outside_at}])
    made.append(_heads(pd.concat([heads[entering.columns], entering]), size, paint))
    return [c.properties(name=f"{view.name}_trip_{i}") for i, c in enumerate([*made, *_box(placed, size)])] + (
        _words(placed, size, middle, coming_back, from_outside, entry)
    )


def _bent(flows: pd.DataFrame, view: Places) -> pd.DataFrame:
    """The edges of ribbons from the middle party to those it pays, eased at both ends."""
    shares = [i / STEPS for i in range(STEPS + 1)]
    eased = [3 * t**2 - 2 * t**3 for t in shares]
    return pd.DataFrame(
        [
            {"flow": n, "row": f.row, "kind": f.kind, "stops": f.stops, "x": view.right + (view.paid - view.right) * t}
            | {"y": f.start + (f.end - f.start) * e, "y2": f.start + (f.end - f.start) * e + f.thick}
            for n, f in enumerate(flows.itertuples(index=False))
            for t, e in zip(shares, eased, strict=True)
        ]
    )


def _rings(
    placed: Placed, size: tuple[float, float], paint: alt.Color, words: Mapping[str, str], kind: str
) -> list[alt.Chart]:
    """The lines that bend back, each with an arrow's head in the middle of its upper run."""
    view, made, heads = placed.view, [], []
    for row in placed.rings:
        path, thick = placed.ring(row)
        same = {"row": row, "kind": kind, "stops": placed.ring_stops(row)}
        points = pd.DataFrame([same | {"step": i, "x": x, "y": y} for i, (x, y) in enumerate(path)])
        points = points.join(placed.frame[list(words)], on="row")
        line = alt.Chart(round_values(points)).mark_line(strokeWidth=thick, strokeJoin="round")
        line = line.encode(**at(*size), color=paint, order="step:Q", tooltip=tooltips(points, words))
        made.append(line.encode(opacity=_fading(OPACITY)))
        if thick >= LEAST_SIGN:
            heads.append(same | {"x": view.width / 2, "y": min(y for _, y in path), "angle": -90})
    return [*made, *([_heads(pd.DataFrame(heads), size, paint)] if heads else [])]


def _heads(heads: pd.DataFrame, size: tuple[float, float], paint: alt.Color) -> alt.Chart:
    angle = alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    points = alt.Chart(round_values(heads)).mark_point(
        shape=ARROW, size=110, stroke=PAPER, strokeWidth=1.2, tooltip=None
    )
    return points.encode(**at(*size), angle=angle, color=paint, opacity=_fading(1))


def _box(placed: Placed, size: tuple[float, float]) -> list[alt.Chart]:
    """The middle party, and the bars of those it pays."""
    view = placed.view
    box = pd.DataFrame([{"x": view.left, "x2": view.right, "y": placed.middle_top - 4, "y2": placed.middle_bottom + 4}])
    tops, whole = placed.paid_top, placed.frame["whole"]
    bars = pd.DataFrame(
        [
            {"x": view.paid, "x2": view.paid + 4, "y": y, "y2": y + placed.unit * w}
            for y, w in zip(tops, whole, strict=True)
        ]
    )
    ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    mark = alt.Chart(round_values(box)).mark_rect(color=PANEL, stroke=INK, cornerRadius=4, opacity=1, tooltip=None)
    bar = alt.Chart(round_values(bars)).mark_rect(color=INK, opacity=1, tooltip=None)
    return [mark.encode(**at(*size), **ends), bar.encode(**at(*size), **ends)]


def _words(
    placed: Placed,
    size: tuple[float, float],
    middle: tuple[str, ...],
    coming_back: tuple[str, str],
    from_outside: tuple[str, str],
    entry: float,
) -> list[alt.Chart]:
    view = placed.view
    is_wide = view.name == "wide"
    centre, between = (view.left + view.right) / 2, (placed.middle_top + placed.middle_bottom) / 2
    label = "label" if is_wide else "short_label"
    names, labels = [], []
    for i, row in placed.frame.iterrows():
        lines = placed.names[i]
        y = placed.paid_top[i] + max(0.0, placed.unit * row["back"] - 2) + (5 if row["back"] > 0 else 0)
        names.append({"x": view.paid + 10, "y": y, "text": "\n".join(lines)})
        labels.append({"x": view.paid + 10, "y": y + LINE * len(lines), "text": row[label]})
    wrapped = textwrap.wrap(from_outside[1], int((view.left - 14) / text_width("n", FONT)))
    title = pd.DataFrame([{"x": centre, "y": between - LINE * (len(middle) - 1) / 2, "text": middle[0]}])
    below = title.loc[[0] * (len(middle) - 1)].assign(text=middle[1:])
    below["y"] += [LINE * (1.1 + i) for i in range(len(below))]
    left: dict[str, Any] = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
    made = {
        "paid": texts(pd.DataFrame(names), "", size, fontWeight="bold", fontSize=FONT, **left),
        "labels": texts(pd.DataFrame(labels), "", size, fontSize=FONT, color=MUTED, **left),
        "middle": texts(title, "", size, fontWeight="bold", fontSize=FONT),
        "below": texts(below, "", size, fontSize=FONT),
    }
    if placed.middle_bottom - entry > NUMBER_FONT + LINE * (len(wrapped) + 1):
        y = (entry + placed.middle_bottom) / 2 - LINE * len(wrapped) / 2
        spot = {"x": 8.0, "y": y, "text": "\n".join(wrapped)}
        made["outside"] = texts(pd.DataFrame([spot]), "", size, fontSize=FONT, **left)
        number = pd.DataFrame([spot | {"y": y - 3, "text": from_outside[0]}])
        size_of_sum = min(NUMBER_FONT, (view.left - 12) / text_width(from_outside[0], 1))
        mark: dict[str, Any] = {"fontSize": size_of_sum, "fontWeight": "bold", "align": "left", "baseline": "bottom"}
        made["sum_outside"] = texts(number, "", size, **mark)
    if placed.rings:
        spot = {"x": view.width / 2, "y": placed.room + 40, "text": coming_back[1]}
        made["coming"] = texts(pd.DataFrame([spot]), "", size, fontSize=FONT)
        number = pd.DataFrame([spot | {"y": placed.room + 22, "text": coming_back[0]}])
        made["sum_coming"] = texts(number, "", size, fontSize=NUMBER_FONT, fontWeight="bold")
    return [chart.properties(name=f"{view.name}_{name}") for name, chart in made.items()]
