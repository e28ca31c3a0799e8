"""What every figure of the report carries besides its marks, and the one way to make one."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.figures import notebook_display as notebook_display  # registers how a notebook shows a figure
from analysis.figures.figure_sources import Rows, frames, source_groups
from analysis.figures.palette import FAINT, GRID, INK, MUTED, colour_of
from analysis.figures.sliders import Slider
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.row_keys import keys_of

WIDTH = 640
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
# Parameters of a chart: characters in a line of a row's name, and what they become on a phone.
LINE_LENGTH, NARROW_LENGTH = "line_length", "narrow_line_length"
WIDE_LINE, NARROW_LINE, ABOVE_LINE = 34, 16, 54  # beside the rows, and above them
ABOVE_ROOM = 18  # pixels for a line of a name above its row
LINE_HEIGHT = 13


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that all figures share."""
    text = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": MUTED}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": (
            text
            | {
                "gridColor": GRID,
                "domainColor": FAINT,
                "tickColor": FAINT,
                "titleFontWeight": "normal",
                "titlePadding": 8,
                "labelLimit": 220,
                "labelPadding": 5,
            }
        ),
        "axisQuantitative": {"tickCount": 6},
        "axisYQuantitative": {"domain": False, "ticks": False},
        "axisXQuantitative": {"ticks": False},
        "axisXTemporal": {"grid": False},
        "axisBand": {"ticks": False},
        "legend": (
            text
            | {
                "titleFontWeight": "normal",
                "symbolSize": 120,
                "symbolOpacity": 1,
                "symbolFillColor": MUTED,
                "labelLimit": 260,
                "orient": "top",
                "offset": 4,
            }
        ),
        "title": {
            "font": FONT,
            "color": INK,
            "subtitleColor": MUTED,
            "anchor": "start",
            "fontSize": 15,
            "subtitleFontSize": 12,
            "offset": 12,
        },
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        "bar": {"color": colour_of("first")},
        "line": {"color": colour_of("first"), "strokeWidth": 2.5},
        "rule": {"color": MUTED},
        "point": {"color": colour_of("first"), "filled": True, "size": 70, "opacity": 1},
        "header": {"labelFont": FONT, "labelColor": INK, "labelFontSize": 12, "title": None},
    }


def _cell(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return None if pd.isna(value) else float(f"{value:.6g}")
    if hasattr(value, "item"):
        return _cell(value.item())
    return None if value is None or value is pd.NaT else value


def _rounded(values: pd.Series) -> Any:
    if values.dtype.kind == "M":
        return values.dt.strftime("%Y-%m-%d")
    return [float(f"{v:.6g}") for v in values.to_numpy(float)] if values.dtype.kind == "f" else values


def round_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with days as ISO text and floats of six significant digits: the same in a chart and its
    table."""
    return pd.DataFrame({column: _rounded(values) for column, values in frame.items()}, index=frame.index)


def rounded_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the rows of `round_values`."""
    return list(zip(*(_rounded(values) for _, values in frame.items()), strict=True))


def padded_scale(values: pd.Series, share: float = 0.24) -> alt.Scale:
    """Return a scale from 0 to the largest value, and to the smallest if below 0, with ``share`` more for a label."""
    top, bottom = float(values.max()), float(values.min())
    low = bottom * (1 + share) if bottom < 0 else 0
    return alt.Scale(domain=[low, top * (1 + share) if top > 0 else 0 if low else 1], nice=False)


def line_count(text: str, length: int) -> int:
    """Return how many lines a name takes when it is broken after at most ``length`` characters."""
    return max(1, len(textwrap.wrap(text, length)))


def rows_height(names: Iterable[str], step: float, length: int = WIDE_LINE) -> int:
    """Return the height in pixels of a chart with one row a name: ``step`` each, more where names of several lines
    would meet those of the rows beside them or an edge of the picture."""
    lines = [line_count(n, length) for n in names]
    meeting = [(a + b) / 2 for a, b in zip([lines[0], *lines], [*lines, lines[-1]], strict=True)] if lines else [1]
    return round(len(lines) * max(step, LINE_HEIGHT * max(meeting) + 6))


def describe(title: str, parts: Iterable[str]) -> str:
    """Return the alt text of a figure: the finding, then each thing drawn."""
    return f"{title}. {'; '.join(parts)}."


def _units(chart: Any) -> Iterator[alt.Chart]:
    for layer in getattr(chart, "layer", None) or []:
        yield from _units(layer)
    if isinstance(chart, alt.Chart):
        yield chart


def _row_names(chart: Any) -> tuple[list[str], bool]:
    """The names of the rows of a chart whose names are broken into lines (`marks.common.name_axis`), else none, and
    whether they stand above their rows on a phone."""
    for unit in _units(chart):
        y = unit.encoding.y if unit.encoding is not alt.Undefined else None
        if isinstance(y, alt.Y) and isinstance(y["axis"], alt.Axis) and y["sort"] is not alt.Undefined:
            expression = y["axis"]["labelExpr"]
            if expression is not alt.Undefined and LINE_LENGTH in expression:
                return list(y["sort"]), y["axis"]["labelAlign"] is not alt.Undefined
    return [], False


def _narrow_height(names: list[str], height: float, is_above: bool) -> int:
    """The height on a phone of a chart of rows that is ``height`` pixels high on a wide page."""
    step = height / len(names)
    if not is_above:
        return rows_height(names, step, NARROW_LINE)
    lines = max(line_count(n, ABOVE_LINE) for n in names)  # several reach into the room below the row above
    return round(len(names) * (step + max(ABOVE_ROOM, LINE_HEIGHT * lines - 1)))


def _newest_day(rows: list[pd.DataFrame]) -> str | None:
    """The newest day on which one of some rows of the ledger became known."""
    known = max((r["as_of"].max() for r in rows if "as_of" in r), default=None)
    return None if known is None else f"{known:%Y-%m-%d}"


def with_parameter(chart: Any, name: str, value: Any) -> Any:
    """Return the chart, changed in place, with a variable that its expressions read.

    Altair's own ``add_params`` copies every layer seven times.
    """
    before: Any = getattr(chart, "params", alt.Undefined)
    own = [alt.param(name=name, value=value).param]
    chart["params"] = own if before is alt.Undefined else [*before, *own]
    return chart


def make_figure(
    chart: alt.TopLevelMixin,
    *,
    id: str,
    title: str,
    subtitle: str,
    alt_text: str,
    table: pd.DataFrame,
    columns: Mapping[str, str],
    ledger: Ledger,
    rows: Rows,
    note: str = "",
    height: int | None = None,
    narrow_height: int | None = None,
    slider: Slider | None = None,
) -> Any:
    """Return the chart with what every figure of the report carries.

    Parameters
    ----------
    chart
        One view or layers, which is changed in place; its width is set here.
    id
        The function's name in kebab-case.
    title
        The finding, as a sentence without a full stop.
    subtitle
        What is drawn, in which unit and year.
    alt_text
        Words for those who cannot see it; begins with the title (see `describe`).
    table
        The data behind the figure, which readers see and download. Numbers stay numbers: a range is two columns.
    columns
        The table's columns that are shown, in order, each with its name in readers' words and its unit.
    ledger
        The ledger as known on the figure's day.
    rows
        The ledger's rows that are drawn or computed with: their sources and newest day make the footer. Many are
        given by what they tell, ``{words: [rows]}``.
    note
        A reservation, or "".
    height
        Height of the drawing in pixels; the chart's own if None.
    narrow_height
        Height on a phone; by default room for the names of the rows on several lines.
    slider
        What a reader can move, if anything.

    Raises
    ------
    ValueError
        When the alt text does not begin with the title, a column has no name for readers, or a number is infinite.
    """
    if not alt_text.startswith(title) or len(alt_text) <= len(title) + 2:
        raise ValueError(f"{id}: the alt text begins with the title and says what is drawn")
    table = table[list(columns)].rename(columns=dict(columns))
    endless = [c for c in table.columns if pd.api.types.is_float_dtype(table[c]) and np.isinf(table[c]).any()]
    if endless:
        raise ValueError(f"{id}: infinite numbers in {', '.join(map(str, endless))}: leave them empty, and say why")
    unnamed = [c for c in table.columns if not str(c).strip() or "_" in str(c)]
    if unnamed:
        raise ValueError(f"{id}: columns without a name for readers: {', '.join(map(str, unnamed))}")
    if height is None and getattr(chart, "height", alt.Undefined) is not alt.Undefined:
        height = int(chart.height)  # type: ignore[attr-defined]
    names, is_above = _row_names(chart)
    if names:
        lengths = {LINE_LENGTH: WIDE_LINE, NARROW_LENGTH: ABOVE_LINE if is_above else NARROW_LINE}
        for length, value in lengths.items():
            chart = with_parameter(chart, length, value)
        if height and narrow_height is None:
            narrow_height = _narrow_height(names, height, is_above)
    used, groups = frames(rows), source_groups(rows)
    meta = {
        "id": id,
        "title": title,
        "subtitle": subtitle,
        "alt": alt_text,
        "note": note,
        "sources": list(dict.fromkeys(key for keys in groups.values() for key in keys)),
        "source_groups": list(groups.items()),
        "known_on": _newest_day(used),
        "facts": keys_of(used),
        "as_of": f"{ledger.as_of:%Y-%m-%d}",
        "columns": [str(c) for c in table.columns],
        "rows": [[_cell(v) for v in row] for row in table.itertuples(index=False, name=None)],
    } | {k: v for k, v in (("narrow_height", narrow_height), ("slider", slider and slider.meta())) if v}
    size = {"width": WIDTH} | ({"height": height} if height else {})
    made: Any = chart
    # Set as they are: `properties` would hold each to the schema, to which the whole figure is held once.
    for name, what in {
        "title": alt.TitleParams(text=title, subtitle=subtitle),
        "description": alt_text,
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}, "roundtrip": meta},
        "config": config(),
        **size,
    }.items():
        made[name] = what
    return made


def empty_figure(id: str, title: str, ledger: Ledger, why: str) -> Any:
    """Return the figure for a day on which there is nothing to draw: it says so."""
    words = pd.DataFrame({"text": [why]})
    lines = pd.DataFrame({"text": ["\n".join(textwrap.wrap(why, 42))]})  # as much as a phone has room for
    text = alt.Chart(lines).mark_text(fontSize=14, lineBreak="\n", baseline="bottom", color=MUTED, tooltip=None)
    chart = text.encode(text=alt.Text("text:N"))
    return make_figure(
        chart,
        id=id,
        title=title,
        subtitle=f"As known on {formats.day(ledger.as_of.date())}",
        alt_text=f"{title}. {why}",
        table=words,
        columns={"text": "State"},
        ledger=ledger,
        rows=[],
        height=60,
    )
