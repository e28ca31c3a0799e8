"""What all charts share: colours, type, size, and what a chart must carry besides its marks.

Colours are CSS variables with a fallback, so one drawing serves light and dark, and a notebook without
the site's style sheet still shows them. Those of one chart are told apart in three kinds of colour
blindness (a test counts how far), and colour is never the only sign. Scales over them are discrete: an interpolated scale
cannot read a variable.
"""

from typing import Any

import altair as alt
import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats, plaintext

WIDTH = 640
BLUE, ORANGE, GREEN, PINK, SKY, RUST, YELLOW = (
    "var(--rt-blue, #026eb7)",
    "var(--rt-orange, #b35f00)",
    "var(--rt-green, #356946)",
    "var(--rt-pink, #8b3f71)",
    "var(--rt-sky, #2679a8)",
    "var(--rt-rust, #9b3704)",
    "var(--rt-yellow, #7d6900)",
)
PALETTE = [BLUE, ORANGE, GREEN, PINK, SKY, RUST, YELLOW]
INK = "var(--rt-ink, #1b1f24)"
MUTED = "var(--rt-muted, #57606a)"
GRID = "var(--rt-grid, #e3e7eb)"
FAINT = "var(--rt-faint, #8a949e)"
PAPER = "var(--rt-paper, #ffffff)"
PANEL = "var(--rt-panel, #f5f7f9)"
LAND = "var(--rt-land, #e6e9ec)"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
MIME = "application/vnd.vegalite.v6+json"
MIME_IN_JUPYTER = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4.6 and VS Code draw


def config() -> dict[str, Any]:
    text = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": MUTED}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": text
        | {
            "gridColor": GRID,
            "domainColor": FAINT,
            "tickColor": FAINT,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "labelLimit": 220,
            "labelPadding": 5,
        },
        "axisQuantitative": {"tickCount": 6},
        "legend": text
        | {
            "titleFontWeight": "normal",
            "symbolSize": 120,
            "symbolOpacity": 1,
            "symbolFillColor": MUTED,
            "labelLimit": 260,
            "orient": "top",
            "offset": 4,
        },
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
        "bar": {"color": BLUE},
        "line": {"color": BLUE, "strokeWidth": 2.5},
        "rule": {"color": MUTED},
        "point": {"color": BLUE, "filled": True, "size": 70, "opacity": 1},
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


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as text and floats with six significant digits: what a chart and its table hold is the same everywhere."""
    out = frame.copy()
    for column in out.columns:
        if pd.api.types.is_datetime64_any_dtype(out[column]):
            out[column] = out[column].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(out[column]):
            out[column] = out[column].map(lambda v: float(f"{v:.6g}"), na_action="ignore")
    return out


def finish(
    chart: alt.TopLevelMixin,
    *,
    id: str,
    title: str,
    subtitle: str,
    alt_text: str,
    table: pd.DataFrame,
    ledger: Ledger,
    rows: list[pd.DataFrame],
    note: str = "",
    height: int | None = None,
    narrow_height: int | None = None,
    replay: list[str] | None = None,
) -> alt.TopLevelMixin:
    """Give a chart what every figure of the report carries.

    Parameters: the chart (one view or layers, its width is set here); a kebab-case id; the finding as a
    sentence; what is drawn, in which unit and year; words for those who cannot see it, saying the finding;
    the table behind it with readers' column names; the ledger and the rows that were drawn (their sources
    and newest day make the footer); a reservation; the height of the drawing, and its height on a phone;
    the ISO days that its parameter ``day`` can take, oldest first (see `figures.replay`).
    """
    used = [r for r in rows if len(r)]
    sources = list(dict.fromkeys(s for r in used for s in r["source"] if s))
    known = max((r["as_of"].max() for r in used if "as_of" in r), default=None)
    data = [[_cell(v) for v in row] for row in table.itertuples(index=False, name=None)]
    meta = {
        "id": id,
        "title": title,
        "subtitle": subtitle,
        "alt": alt_text,
        "note": note,
        "sources": sources,
        "known_on": None if known is None else f"{known:%Y-%m-%d}",
        "as_of": f"{ledger.as_of:%Y-%m-%d}",
        "columns": [str(c) for c in table.columns],
        "rows": data,
    } | {k: v for k, v in (("narrow_height", narrow_height), ("replay", replay)) if v}
    size = {"width": WIDTH} | ({"height": height} if height else {})
    return chart.properties(
        title=alt.TitleParams(text=title, subtitle=subtitle),
        description=alt_text,
        usermeta={"embedOptions": {"renderer": "svg", "actions": False}, "roundtrip": meta},
        config=config(),
        **size,
    )


def nothing(id: str, title: str, ledger: Ledger, why: str) -> alt.TopLevelMixin:
    """The figure for a day on which there is nothing to draw: it says so."""
    words = pd.DataFrame({"text": [why]})
    chart = alt.Chart(words).mark_text(fontSize=14, color=MUTED).encode(text="text:N")
    return finish(
        chart,
        id=id,
        title=title,
        subtitle=f"As known on {formats.day(ledger.as_of.date())}",
        alt_text=f"{title}. {why}",
        table=words.rename(columns={"text": "State"}),
        ledger=ledger,
        rows=[],
        height=60,
    )


def room(values: pd.Series, share: float = 0.24) -> alt.Scale:
    """A scale from 0 to the largest value with room beside it for a label."""
    top = float(values.max())
    return alt.Scale(domain=[0, top * (1 + share) if top > 0 else 1], nice=False)


def colours(names: list[str], palette: list[str] | None = None) -> alt.Scale:
    """A discrete scale of the palette over the names, in their order."""
    return alt.Scale(domain=names, range=(palette or PALETTE)[: len(names)])


def as_text(spec: dict[str, Any]) -> str:
    """What a notebook stores of a chart: id, title, words and data as lines."""
    meta = spec.get("usermeta", {}).get("roundtrip")
    if meta is None:
        return "A chart without a title"
    words = [meta["subtitle"], meta["alt"], meta["note"]]
    return plaintext.block(meta["id"], meta["title"], words, meta["columns"], meta["rows"])


def _in_jupyter() -> bool:
    """Whether a kernel runs this code, and a front end shows what comes out."""
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def _renderer(spec: dict[str, Any], **_: object) -> dict[str, object]:
    shown: dict[str, object] = {MIME: spec, "text/plain": as_text(spec)}
    return shown | {MIME_IN_JUPYTER: spec} if _in_jupyter() else shown


alt.renderers.register("roundtrip", _renderer)
alt.renderers.enable("roundtrip")
alt.data_transformers.enable("default", max_rows=20000)
