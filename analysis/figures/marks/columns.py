"""Vertical bars over years or quarters: with a label, in groups, with a range, stacked."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.figures.figure import padded_scale, round_values
from analysis.figures.marks.common import Colours, colour, dashed, layered, names_in_order, tooltips
from analysis.figures.palette import FAINT, INK, MUTED, PAPER, scale

NARROW_COLUMNS = 450  # pixels below which the words under a column are broken once more


def _axis(frame: pd.DataFrame, x: str) -> alt.X:
    axis = alt.Axis(
        labelAngle=0, labelOverlap=True, labelSeparation=4, labelPadding=10
    )  # below the zero of the other axis
    return alt.X(f"{x}:O", sort=names_in_order(frame, x), title=None, axis=axis)


def labelled_columns(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    x: str = "year",
    value: str = "value",
    label: str | None = None,
    group: str | None = None,
    colours: Colours = "first",
    spread: tuple[str, str] | None = None,
    planned: str | None = None,
    has_axis: bool = True,
    height: int = 260,
    width: float | None = None,
) -> alt.LayerChart:
    """Draw one column a year or quarter, or one for each group beside one another.

    Parameters
    ----------
    frame
        One row a column, in the order of time: ``x`` (year as a number, or text), ``value`` (number, in the unit its
        words say), ``label`` (the value as readers see it, above the column), ``group`` (text).
    words
        Readers' words for the columns of the frame, with units.
    colours
        A role, or the role of each group, in their order from the left.
    spread
        Columns of the low and the high end (same unit), drawn as a line with caps across the end of the column.
    planned
        A column of flags: drawn as dashed outlines, for what has not happened.
    has_axis
        Whether there is a vertical axis; without it the labels tell the values.
    width
        Of a column in pixels; by default as wide as there is room.
    """
    frame = frame.reset_index(drop=True)
    used = [x, value, label, group, planned, *(spread or ()), *words]
    base = alt.Chart(round_values(frame[list(dict.fromkeys(c for c in used if c))])).encode(x=_axis(frame, x))
    if group:
        order = list(colours) if not isinstance(colours, str) else names_in_order(frame, group)
        base = base.encode(xOffset=alt.XOffset(f"{group}:N", sort=order))
    ends = frame[spread[1]] if spread else frame[value]
    bars = base.mark_bar(size=width or alt.Undefined).encode(
        y=alt.Y(f"{value}:Q", title=None, scale=padded_scale(ends, 0.12), axis=alt.Undefined if has_axis else None),
        color=colour(frame, group, colours),
        tooltip=tooltips(frame, words),
    )
    if planned:
        bars = bars.encode(**dashed(planned, colour(frame, group, colours)))
    layers: list[alt.Chart] = [bars]
    if spread:
        layers.append(
            base.mark_rule(color=INK, strokeWidth=1.5, tooltip=None).encode(
                y=alt.Y(f"{spread[0]}:Q"), y2=alt.Y2(f"{spread[1]}:Q")
            )
        )
        tick = base.mark_tick(color=INK, width=9, thickness=1.5, orient="horizontal", tooltip=None)
        layers += [tick.encode(y=alt.Y(f"{end}:Q")) for end in spread]
    if label:
        layers.append(base.mark_text(dy=-8, tooltip=None).encode(y=alt.Y(f"{value}:Q"), text=alt.Text(f"{label}:N")))
    return layered(*layers, height=height)


def stacked_columns(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    part: str,
    colours: Mapping[str, str],
    x: str = "quarter",
    value: str = "value",
    totals: pd.DataFrame | None = None,
    beside: str | None = None,
    outlined: str | None = None,
    inside: str | None = None,
    planned: str | None = None,
    height: int = 280,
) -> alt.LayerChart:
    """Draw columns made of parts, the total above each.

    Parameters
    ----------
    frame
        One row a part: ``x`` (text or year), ``part`` (text), ``value`` (number from 0, in the unit its words say).
    words
        Readers' words for the columns of the frame, with units.
    colours
        The role of each part, in their order from below.
    totals
        One row a column, in the order of time: ``x``, ``value`` (the whole, same unit), ``label`` (as readers see it).
    beside
        A column of the totals (same unit): another measure of the whole, drawn as a line across the column.
    outlined
        A column of the totals (same unit): a part that may be in the whole, drawn as a dashed outline from 0.
    inside
        A column of the frame: words in the middle of a part, empty where it has none; a new line breaks them.
    planned
        A column of flags of the frame: drawn as dashed outlines, for what has not happened or is not known.
    """
    domain = scale(colours, names_in_order(frame, part)).to_dict()["domain"]
    used = list(dict.fromkeys([x, part, value, *filter(None, [planned]), *words]))
    drawn = frame[used].assign(stack_order=frame[part].map(domain.index))
    axis = _axis(frame if totals is None else totals, x)
    wholes = pd.Series(dtype=float) if totals is None else totals[["value", *filter(None, [beside])]].max(axis=1)
    headroom = alt.Undefined if totals is None else padded_scale(wholes, 0.12)
    bars = (
        alt.Chart(round_values(drawn))
        .mark_bar()
        .encode(
            x=axis,
            y=alt.Y(f"{value}:Q", title=None, scale=headroom),
            color=colour(frame, part, colours),
            order=alt.Order("stack_order:Q"),
            tooltip=tooltips(frame, words),
        )
    )
    if planned:
        bars = bars.encode(**dashed(planned, colour(frame, part, colours)))
    layers: list[alt.Chart] = [bars]
    if totals is not None and beside:
        line = alt.Chart(round_values(totals[[x, beside]])).mark_tick(color=INK, thickness=2.5, tooltip=None)
        layers.append(line.encode(x=axis, y=f"{beside}:Q"))
    if totals is not None and outlined and totals[outlined].notna().any():
        known = totals.loc[totals[outlined].notna(), [x, outlined]]
        box = alt.Chart(round_values(known)).mark_bar(
            fillOpacity=0, stroke=INK, strokeWidth=1.5, strokeDash=[5, 3], tooltip=None
        )
        layers.append(box.encode(x=axis, y=f"{outlined}:Q"))
    if inside:
        ordered = frame.assign(stack_order=drawn["stack_order"]).sort_values("stack_order", kind="stable")
        middle = ordered.groupby(x)[value].cumsum() - ordered[value] / 2
        told = ordered.assign(middle=middle)[ordered[inside] != ""]
        is_hollow = told[planned].astype(bool) if planned else pd.Series(False, index=told.index)
        upright = alt.ExprRef(f"width < {NARROW_COLUMNS} ? 270 : 0")  # words are wider than a column of a phone
        for paint, angle, some in ((PAPER, 0, told[~is_hollow]), (MUTED, upright, told[is_hollow])):
            if len(some):
                words_in = alt.Chart(round_values(some[[x, "middle", inside]])).mark_text(
                    color=paint,
                    angle=angle,
                    dy=-7 * some[inside].str.contains("\n").any(),
                    fontWeight="bold",
                    lineBreak="\n",
                    tooltip=None,
                )
                layers.append(words_in.encode(x=axis, y=alt.Y("middle:Q"), text=alt.Text(f"{inside}:N")))
    if totals is not None:
        text = alt.Chart(round_values(totals[[x, "value", "label"]])).mark_text(dy=-8, tooltip=None)
        layers.append(text.encode(x=axis, y=alt.Y("value:Q"), text=alt.Text("label:N")))
    return layered(*layers, height=height)


def signed_columns(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    kind: str,
    colours: Mapping[str, str],
    x: str = "quarter",
    value: str = "value",
    label: str = "label",
    pale: str | None = None,
    outlined: tuple[str, str] | None = None,
    missing: str = "",
    height: int = 300,
) -> alt.LayerChart:
    """Draw one column a quarter, up from 0 or down from it, its value at its end.

    Parameters
    ----------
    frame
        One row a column, in the order of time: ``x`` (text; a space in it breaks the line), ``value`` (number, in the
        unit its words say), ``label`` (the value as readers see it), ``kind`` (text).
    words
        Readers' words for the columns of the frame, with units.
    colours
        The role of each kind, in the order of the legend.
    pale
        A column of flags: drawn pale, such as what is estimated.
    outlined
        A column of another value (same unit), drawn as a dashed outline from 0, and that of its label.
    missing
        Words at 0 where there is no value, a line for each of them, so that a gap is seen as one.
    """
    frame = frame.reset_index(drop=True)
    used = [x, value, label, kind, *([pale] if pale else []), *(outlined or ()), *words]
    base = alt.Chart(round_values(frame[list(dict.fromkeys(used))]))
    broken = f"split(width < {NARROW_COLUMNS} ? replace(datum.label, '–', '– ') : datum.label, ' ')"
    axis = alt.Axis(labelAngle=0, labelExpr=broken, labelFontSize=10, labelOverlap=False, domain=False, ticks=False)
    across = alt.X(f"{x}:O", sort=names_in_order(frame, x), title=None, axis=axis)
    ends = pd.concat([frame[value], *([frame[outlined[0]]] if outlined else [])]).fillna(0.0)
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    room = 0.08 * ((high - low) or 1.0)  # for a label above and below
    scale_of_all = alt.Scale(domain=[low - room, high + room], nice=False)
    up = alt.Y(f"{value}:Q", title=None, axis=None, scale=scale_of_all)
    at_zero = alt.YDatum(0, axis=None)
    strength = alt.condition(f"datum['{pale}']", alt.value(0.55), alt.value(1)) if pale else alt.Undefined
    known = base.transform_filter(f"isValid(datum['{value}'])")
    bars = known.mark_bar().encode(
        x=across,
        y=up,
        color=colour(frame[frame[value].notna()], kind, colours),
        opacity=strength,
        tooltip=tooltips(frame, words),
    )
    zero = alt.Chart(frame.head(1)[[kind]]).mark_rule(color=FAINT, tooltip=None).encode(y=at_zero)
    layers: list[alt.Chart] = [bars, zero]
    for test, off in ((">=", -8), ("<", 9)):  # a value that hardly shows has its label above the line
        side = known.transform_filter(f"datum['{value}'] {test} {-room / 4:.6g}").mark_text(dy=off, tooltip=None)
        layers.append(side.encode(x=across, y=up, text=alt.Text(f"{label}:N")))
    if outlined and frame[outlined[0]].notna().any():
        other = base.transform_filter(f"isValid(datum['{outlined[0]}'])")
        box = other.mark_bar(fillOpacity=0, stroke=INK, strokeWidth=1.5, strokeDash=[5, 3], tooltip=None)
        to = alt.Y(f"{outlined[0]}:Q", axis=None)
        told = other.mark_text(dy=10, fontWeight="bold", tooltip=None)
        layers += [box.encode(x=across, y=to), told.encode(x=across, y=to, text=alt.Text(f"{outlined[1]}:N"))]
    if missing and frame[value].isna().any():
        gaps = base.transform_filter(f"!isValid(datum['{value}'])")
        text = gaps.mark_text(baseline="bottom", dy=-18, fontSize=10, lineBreak=" ", color=MUTED, tooltip=None)
        layers.append(text.encode(x=across, y=at_zero, text=alt.value(missing)))
    return layered(*layers, height=height)
