"""Figures of Anthropic, the other lab that Amazon funds."""

from typing import Any

from analysis.figures.closed_tables import ClosedTable
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import lines
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers.series.amazon import anthropic as series

LINE_ROLES = {series.PACE: "customers", series.FORECAST: "other"}


def anthropic_deals(ledger: Ledger) -> ClosedTable:
    """Return what Anthropic has ordered from whom, and who has given or promised it money, as a closed table."""
    frame = series.sides(ledger)
    shown = frame[["name", "kind", "label", "state"]].set_axis(["With", "What", "US$ bn", "How far it came"], axis=1)
    ids = [anchor(key) for key in frame["row"]]
    caption = series.sides_finding(ledger) + (": each deal" if len(frame) else "")
    return ClosedTable(shown.astype(object), "anthropic-deals", caption, ids)


def fig_amazon_pace(ledger: Ledger, scenario: str = "central") -> Any:
    """Anthropic's sales at the pace of the day, beside its forecasts of years."""
    frame, rows = series.pace(ledger)
    if frame.empty:
        why = "Neither a pace nor a forecast of Anthropic's sales is known by this day."
        return empty_figure("fig-amazon-pace", "Anthropic's sales", ledger, why)
    title = series.pace_finding(frame)
    return make_figure(
        lines(
            frame,
            {"line": "Line", "day": "Day", "value": "US$ bn a year", "as_of": "Known on"},
            line="line",
            x="day",
            colours=LINE_ROLES,
            height=240,
        ),
        id="fig-amazon-pace",
        title=title,
        subtitle="Sales at the pace of a year, and Anthropic's forecasts at the end of their years, US$ bn."
        if (frame["line"] == series.PACE).any()
        else "Anthropic's forecasts at the end of their years, US$ bn.",
        alt_text=describe(title, (f"{r.line}, {r.day:%B %Y}: {r.value:g}" for r in frame.itertuples())),
        table=frame,
        columns={"line": "Line", "day": "Day", "value": "US$ bn a year", "as_of": "Known on"},
        ledger=ledger,
        rows=rows,
        note="All of it is from the press or from Anthropic's letters to investors; a pace is no year's sales.",
    )
