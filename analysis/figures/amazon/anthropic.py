"""Figures of Anthropic, the other lab that Amazon funds."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import labelled_bars, lines
from analysis.ledger import Ledger
from analysis.numbers.series.amazon import anthropic as series

KIND_ROLES = {series.ORDER: "orders", series.SHARES: "equity", series.LOAN: "debt"}
LINE_ROLES = {series.PACE: "customers", series.FORECAST: "other"}


def fig_amazon_sides(ledger: Ledger, scenario: str = "central") -> Any:
    """What Anthropic has ordered from whom, and who has given or promised it money."""
    frame, rows = series.sides(ledger)
    if frame.empty:
        why = "No deal of Anthropic has a published price by this day."
        return empty_figure("fig-amazon-sides", "What Anthropic has ordered and raised", ledger, why)
    title = series.sides_finding(ledger)
    return make_figure(
        labelled_bars(
            frame,
            {"name": "With", "kind": "Kind", "label": "As known, US$ bn", "value": "US$ bn", "state": "State"},
            kind="kind",
            colours=KIND_ROLES,
            thickness=14,
            step=26,
        ),
        id="fig-amazon-sides",
        title=title,
        subtitle="Each priced deal of Anthropic's, with the month in which it became known, US$ bn over its life.",
        alt_text=describe(title, (f"{r.kind}, {r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "With",
            "kind": "Kind",
            "low": "At least, US$ bn",
            "high": "At most, US$ bn",
            "state": "State",
        },
        ledger=ledger,
        rows=rows,
        note="Money of one firm may be inside a round of many investors, so shares do not add up.",
    )


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
            legend_columns=2,
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
