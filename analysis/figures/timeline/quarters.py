"""What each quarter added: orders, shares, promises and letters, one band each on one scale."""

import textwrap
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import FAINT, MUTED, scale
from analysis.ledger import Ledger
from analysis.numbers.series import timeline as series
from analysis.numbers.timeline import quarters

ROLES = {
    "orders signed": "orders",
    "shares signed for": "equity",
    "conditional promises": "guarantees",
    "letters of intent": "other",
}
NAMES = dict(zip(("orders", "shares", "promises", "letters"), ROLES, strict=True))
WORDS = {"name": "What", "quarter_text": "Quarter", "label": "US$ bn", "largest": "Largest"}
TALLEST = 96.0  # pixels of the largest bar
ROOM = 34.0  # pixels above a bar, for its words
FOOT = 26.0
BAND_GAP = 14.0


def _drawn(table: pd.DataFrame, left: float, width: float) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The bars (x, x2, y, y2), the bands (text, y of the base, top of the bars), and the height of all."""
    spans = list(dict.fromkeys(table["quarter"]))
    step, unit = (width - left) / len(spans), TALLEST / table["value"].max()
    bars, bands, base = [], [], 0.0
    for kind, part in table.groupby("kind", sort=False):
        top = base + ROOM
        base = top + unit * part["value"].max()
        bands.append((0.0, NAMES[str(kind)], base, top))
        for row in part.itertuples():
            x = left + step * (spans.index(row.quarter) + 0.5)
            half = min(step * 0.34, 26.0)
            bars.append((row.Index, x - half, x + half, base - unit * row.value, base, x, step))
        base += BAND_GAP
    columns = ["key", "x", "x2", "y", "y2", "middle", "step"]
    found = table.join(pd.DataFrame(bars, columns=columns).set_index("key"))
    return found, pd.DataFrame(bands, columns=["x", "text", "y", "top"]), base + FOOT


def _layers(table: pd.DataFrame, name: str, left: float, width: float, paint: alt.Color) -> tuple[list[Any], float]:
    bars, bands, height = _drawn(table, left, width)
    size = width, height
    drawn = round_values(bars.loc[bars["value"] > 0, ["x", "x2", "y", "y2", *WORDS]])
    seen = bars[bars["value"] > 0].assign(x=bars["middle"])
    rects = (
        alt.Chart(drawn)
        .mark_rect()
        .encode(**at(*size), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=paint, tooltip=tooltips(seen, WORDS))
    )
    is_wide = name == "wide"
    spans = bars.drop_duplicates("quarter")
    feet = pd.DataFrame({"x": spans["middle"], "text": [_foot(q, is_wide) for q in spans["quarter"]]})
    made: list[Any] = [
        rules(bands.assign(x=left, x2=width), f"{name}_bases", size, color=FAINT),
        rects.properties(name=f"{name}_bars"),
        texts(seen.assign(y=seen["y"] - 8), f"{name}_values", size, "label", fontWeight="bold"),
        texts(feet.assign(y=height - FOOT + 2), f"{name}_feet", size, color=MUTED, lineBreak="\n", lineHeight=13),
        texts(_heads(bands, is_wide), f"{name}_heads", size, align="left", lineBreak="\n", lineHeight=13,
              fontWeight="bold"),
    ]  # fmt: skip
    fits = [is_wide and text_width(t) < s - 2 for t, s in zip(seen["told"], seen["step"], strict=True)]
    if any(fits):
        told = seen[fits].assign(y=seen["y"] - 21)
        made.append(texts(told, f"{name}_told", size, "told", color=MUTED))
    return made, height


def _foot(quarter: pd.Period, is_wide: bool) -> str:
    if is_wide:
        return f"{quarter.start_time:%b}–{quarter.end_time:%b}\n{quarter.year}"
    return f"Q{quarter.quarter} {quarter.start_time:%y}"


def _heads(bands: pd.DataFrame, is_wide: bool) -> pd.DataFrame:
    """The names of the bands: left of their bases on a wide page, above their bars on a phone."""
    if not is_wide:
        return bands.assign(y=bands["top"] - ROOM + 10)
    wrapped = ["\n".join(textwrap.wrap(text, 13)) for text in bands["text"]]
    return bands.assign(text=wrapped, y=[y - 4 - 13 * t.count("\n") for y, t in zip(bands["y"], wrapped, strict=True)])


def _sources(ledger: Ledger) -> dict[str, list[pd.DataFrame]]:
    """The events that add to a bar, by the name of their band."""
    rows = quarters.added(ledger).query("value > 0")
    return {name[0].upper() + name[1:]: [rows[rows["kind"] == kind]] for kind, name in NAMES.items()}


def fig_timeline_quarters(ledger: Ledger, scenario: str = "central") -> Any:
    """What each quarter added of orders, shares, conditional promises and letters of intent."""
    table = series.quarters_told(ledger)
    if table.empty:
        why = "No large deal has been signed by this day."
        return empty_figure("fig-timeline-quarters", "What each quarter added", ledger, why)
    table = table.assign(name=table["kind"].map(NAMES))
    paint = alt.Color("name:N", scale=scale(ROLES, table["name"]), legend=None)
    wide, height = _layers(table, "wide", 92.0, float(WIDE), paint)
    narrow, narrow_height = _layers(table, "narrow", 0.0, float(NARROW), paint)
    title = series.quarters_finding(table)
    shown = table[table["value"] > 0]
    return make_figure(
        layered(*wide, *narrow, height=round(height)),
        id="fig-timeline-quarters",
        title=title,
        subtitle=(
            "What each quarter added, US$ bn at the high end, all on one scale; above each bar its largest part."
            " Promises bind only if something happens: guarantees, warrants. Letters bind nobody."
        ),
        alt_text=describe(title, (f"{r.quarter_text}, {r.name}: {r.label}" for r in shown.itertuples(index=False))),
        table=table,
        columns={"name": "What", "quarter_text": "Quarter", "value": "US$ bn", "deals": "Deals", "largest": "Largest"},
        ledger=ledger,
        rows=_sources(ledger),
        note=(
            "The last quarter ends with the day of the report. What a later quarter takes back is not drawn, nor what"
            " counts as a plan: letters whose amount is an estimate, too."
        ),
        narrow_height=round(narrow_height),
    )
