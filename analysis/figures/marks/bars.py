"""Horizontal bars, one row a name: with a label, in groups, with a range, one within another."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import round_values, rows_height
from analysis.figures.marks.common import (
    IS_NARROW,
    Colours,
    colour,
    layered,
    name_channel,
    names_in_order,
    outline,
    tooltips,
    value_labels,
    value_scale,
)
from analysis.figures.palette import FAINT, INK, MUTED

INSET = 0.32  # of the thickness of a bar, by which each part within it is thinner


def _rows(frame: pd.DataFrame, name: str, value: str, half: float) -> tuple[alt.Y, list[alt.Chart]]:
    """The rows, ``half`` of whose marks is so many pixels high, and the line at 0 where bars begin on either side."""
    is_two_sided = bool((frame[value] < 0).any())
    zero = alt.Chart(frame.head(1)[[name]]).mark_rule(color=FAINT, tooltip=None).encode(x=alt.datum(0))
    if is_two_sided:  # names above the rows would lie on that line
        return name_channel(frame, name, domain=False), [zero]
    return name_channel(frame, name, half), []


def _offsets(count: int, step: float) -> alt.Scale:
    """Places of the bars of a group, ``step`` pixels apart around the middle of its row."""
    ends = [alt.ExprRef(f"(bandwidth('y') {sign} {count * step}) / 2") for sign in "-+"]
    return alt.Scale(domain=[0, count], range=ends, zero=False, nice=False)


def labelled_bars(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    name: str = "name",
    value: str = "value",
    label: str = "label",
    kind: str | None = None,
    colours: Colours = "first",
    spread: tuple[str, str] | None = None,
    scale: alt.Scale | None = None,
    missing: str = "",
    thickness: float = 18,
    step: float = 32,
) -> alt.LayerChart:
    """Draw one bar a row with its label at the end.

    Parameters
    ----------
    frame
        One row a bar, in the order from above: ``name`` (text, each once), ``value`` (number, in the unit its words
        say; the bar starts at 0), ``label`` (the value as readers see it; may be missing), ``kind`` (text).
    words
        Readers' words for the columns, with units.
    colours
        A role, or the role of each ``kind``, in the order of the legend.
    spread
        Columns of the low and the high end (same unit), drawn as a line across the end of the bar.
    scale
        Of the values; by default from 0 with room for the labels.
    missing
        The text at 0 in a row without a value, so that a gap is seen as one.
    """
    frame = frame.reset_index(drop=True)
    shown = [name, value, *(c for c in (label, kind, *(spread or ())) if c and c in frame)]
    has_label = label in frame
    y, zero = _rows(frame, name, value, thickness / 2)
    base = alt.Chart(round_values(frame[list(dict.fromkeys([*shown, *words]))])).encode(y=y)
    scale = scale or value_scale(frame, value, label, spread)
    bars = base.mark_bar(height=thickness).encode(
        x=alt.X(f"{value}:Q", title=words[value], scale=scale, axis=None if has_label else alt.Axis(title=None)),
        color=colour(frame, kind, colours),
        tooltip=tooltips(frame, words),
    )
    layers: list[alt.Chart] = [bars, *zero]
    if spread:
        layers.append(
            base.mark_rule(color=INK, tooltip=None).encode(x=alt.X(f"{spread[0]}:Q"), x2=alt.X2(f"{spread[1]}:Q"))
        )
    if has_label:
        layers += value_labels(base, frame, value, label)
    if missing and frame[value].isna().any():
        gaps = base.transform_filter(f"!isValid(datum['{value}'])").mark_text(align="left", dx=5, tooltip=None)
        layers.append(gaps.encode(x=alt.datum(0), text=alt.value(missing), color=alt.value(MUTED)))
    return layered(*layers, height=rows_height(names_in_order(frame, name), step))


def grouped_bars(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    group: str,
    colours: Mapping[str, str],
    name: str = "name",
    value: str = "value",
    label: str = "label",
    scale: alt.Scale | None = None,
    thickness: float = 13,
) -> alt.LayerChart:
    """Draw bars in groups: several values of each name, below one another, told apart by colour and place.

    Parameters
    ----------
    frame
        One row a bar: ``name`` (text), ``group`` (text, each once for a name), ``value`` (number, in the unit its words
        say, below 0 too), ``label`` (the value as readers see it; where there is none it stands at 0, so that a gap is
        seen as one). Names stand in the order of the rows.
    words
        Readers' words for the columns, with units.
    colours
        The role of each group, in their order from above.
    """
    frame = frame.reset_index(drop=True)
    names = names_in_order(frame, name)
    groups = [g for g in colours if g in set(frame[group])] + [g for g in set(frame[group]) if g not in colours]
    drawn = list(dict.fromkeys([name, group, value, label, *words]))
    # Bars of a name stand together around it, or below it on a phone, without room for groups that it lacks.
    sizes = frame.groupby(name)[name].transform("size")
    place = frame[group].map(groups.index).groupby(frame[name]).rank(method="first") - 0.5
    centred = f"datum.place_in_group + ({IS_NARROW} ? 0 : datum.free_places / 2)"
    y, zero = _rows(frame, name, value, (thickness + 3) * int(sizes.max()) / 2)
    placed = frame[drawn].assign(place_in_group=place, free_places=sizes.max() - sizes)
    offset = alt.YOffset("centred_place:Q", scale=_offsets(int(sizes.max()), thickness + 3))
    base = alt.Chart(round_values(placed)).transform_calculate(centred_place=centred).encode(y=y, yOffset=offset)
    scale = scale or value_scale(frame, value, label)
    bars = base.mark_bar(height=thickness).encode(
        x=alt.X(f"{value}:Q", title=words[value], scale=scale, axis=None),
        color=colour(frame, group, colours),
        tooltip=tooltips(frame, words),
    )
    labels = value_labels(base, frame, value, label, size=min(11, thickness))
    if frame[value].isna().any():
        gaps = base.transform_filter(f"!isValid(datum['{value}'])")
        text = gaps.mark_text(align="left", dx=5, fontSize=min(11, thickness), tooltip=None)
        labels.append(text.encode(x=alt.datum(0), text=alt.Text(f"{label}:N"), color=alt.value(MUTED)))
    return layered(bars, *zero, *labels, height=rows_height(names, (thickness + 3) * int(sizes.max()) + 14))


def ranged_bars(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    low: str = "low",
    high: str = "high",
    name: str = "name",
    label: str = "label",
    kind: str | None = None,
    colours: Colours = "first",
    has_legend: bool = True,
    scale: alt.Scale | None = None,
    thickness: float = 22,
    step: float = 46,
) -> alt.LayerChart:
    """Draw a range as a bar: solid from 0 to the low end, hollow from there to the high end, the label beside it.

    Parameters
    ----------
    frame
        One row a bar, in the order from above: ``name`` (text; twice if it has two kinds), ``low`` and ``high``
        (numbers of one unit; both below 0 to draw to the left), ``label`` (the range as readers see it), ``kind``.
    words
        Readers' words for the columns, with units.
    colours
        A role, or the role of each ``kind``, in the order of the legend.
    has_legend
        Name the kinds; not where each name says its own.
    """
    frame = frame.reset_index(drop=True)
    drawn = list(dict.fromkeys([name, low, high, label, *([kind] if kind else []), *words]))
    y, zero = _rows(frame, name, high, thickness / 2)
    base = alt.Chart(round_values(frame[drawn])).encode(y=y)
    paint, told = colour(frame, kind, colours, not has_legend), tooltips(frame, words)
    scale = scale or value_scale(frame, high, label)
    firm = base.mark_bar(height=thickness).encode(
        x=alt.X(f"{low}:Q", title=words[low], scale=scale, axis=None), color=paint, tooltip=told
    )
    pale = (
        base.transform_filter(f"datum['{high}'] != datum['{low}']")
        .mark_bar(height=thickness - 1, fillOpacity=0.25, strokeWidth=1)
        .encode(x=alt.X(f"{low}:Q"), x2=alt.X2(f"{high}:Q"), color=paint, stroke=outline(paint), tooltip=told)
    )
    labels = value_labels(base, frame, high, label)
    hollow = [pale] if frame[high].fillna(0).ne(frame[low].fillna(0)).any() else []
    return layered(firm, *hollow, *zero, *labels, height=rows_height(names_in_order(frame, name), step))


def nested_bars(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    part: str,
    colours: Mapping[str, str],
    name: str = "name",
    value: str = "value",
    label: str = "label",
    thickness: float = 24,
    step: float = 46,
) -> alt.LayerChart:
    """Draw parts of a whole within it: each from 0 and thinner than the one before, the first hollow.

    Parameters
    ----------
    frame
        One row a bar: ``name`` (text), ``part`` (text, each once for a name), ``value`` (number at least 0, in the unit
        its words say), ``label`` (of a name, beside its longest bar). Names stand in the order of the rows.
    words
        Readers' words for the columns, with units.
    colours
        The role of each part, the whole first.
    """
    frame = frame.reset_index(drop=True)
    drawn = list(dict.fromkeys([name, part, value, label, *words]))
    longest = frame.loc[frame.groupby(name, sort=False)[value].idxmax()]
    y, zero = _rows(frame, name, value, thickness / 2)
    paint, scale = colour(frame, part, colours), value_scale(longest, value, label)
    base = alt.Chart(round_values(frame[drawn])).encode(
        y=y,
        x=alt.X(f"{value}:Q", title=words[value], scale=scale, axis=None),
        color=paint,
        tooltip=tooltips(frame, words),
    )
    hollow: dict[str, Any] = {"fillOpacity": 0.5, "strokeWidth": 1}
    bars = [
        base.transform_filter(f"datum['{part}'] == '{kind}'")
        .encode(stroke=outline(paint))
        .mark_bar(height=thickness * (1 - INSET * depth), **(hollow if depth == 0 else {"strokeWidth": 0}))
        for depth, kind in enumerate(colours)
    ]
    ends = alt.Chart(round_values(longest[drawn])).encode(y=y)
    labels = value_labels(ends, longest, value, label)
    return layered(*bars, *zero, *labels, height=rows_height(names_in_order(frame, name), step))
