"""Figures of OpenAI's own figures: its accounts of a year, how its forecasts moved, what it has raised."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars, labelled_bars
from analysis.ledger import Ledger
from analysis.numbers.series.sustainability import own

LINE_ROLES = {own.SALES: "customers", own.COST: "orders", own.LOSS: "loss"}
TOLD_ROLES = {own.FIRST: "other", own.LAST: "first", own.OUTCOME: "second"}


def fig_sustainability_accounts(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI took in and spent in the newest time for which its accounts tell it."""
    frame, rows = own.accounts(ledger)
    if frame.empty:
        why = "No account of OpenAI that tells what it spends on is known by this day."
        return empty_figure("fig-sustainability-accounts", "What OpenAI earns and spends", ledger, why)
    title, period = own.accounts_finding(frame), frame["period"].iloc[0]
    columns = {"name": "Line", "kind": "Kind", "value": "US$ bn"}
    return make_figure(
        labelled_bars(frame, columns, kind="kind", colours=LINE_ROLES),
        id="fig-sustainability-accounts",
        title=title,
        subtitle=f"OpenAI's accounts of {period}, as published or leaked, US$ bn.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
        note="Lines that are not published are left out, so the parts need not add up to all costs.",
    )


def fig_sustainability_revisions(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI first forecast for each year, what it forecast last, and what it became."""
    table, rows = own.revisions(ledger)
    frame = own.moved(table)
    if frame.empty:
        why = "No year has been forecast twice by this day."
        return empty_figure("fig-sustainability-revisions", "How OpenAI's own plan moved", ledger, why)
    title = own.revisions_finding(table)
    return make_figure(
        grouped_bars(
            frame,
            {"what": "Forecast", "kind": "Told", "value": "US$ bn"},
            name="what",
            group="kind",
            colours=TOLD_ROLES,
            thickness=11,
        ),
        id="fig-sustainability-revisions",
        title=title,
        subtitle="Sales and cash burned in a year, as OpenAI's forecasts were first and last reported,"
        " and as they came, US$ bn.",
        alt_text=describe(title, (f"{r.what}, {r.kind}: {r.value:g}" for r in frame.itertuples())),
        table=table,
        columns={
            "what": "Forecast",
            "first": "First reported, US$ bn",
            "first_day": "First told on",
            "last": "Last, US$ bn",
            "last_day": "Last told on",
            "times": "Times told",
            "outcome": "What it became, US$ bn",
        },
        ledger=ledger,
        rows=rows,
        note="Reported by the press. What became known only after a newer forecast is left out here.",
    )


def fig_sustainability_rounds(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI has raised round by round, at what price of the company, and from whom."""
    frame, sales, rows = own.rounds(ledger)
    if frame.empty:
        why = "No round of many investors is known by this day."
        return empty_figure("fig-sustainability-rounds", "What OpenAI has raised", ledger, why)
    title = own.rounds_finding(frame)
    return make_figure(
        labelled_bars(
            frame,
            {"name": "Round", "value": "US$ bn raised", "price": "price of the company, US$ bn"},
            colours="equity",
        ),
        id="fig-sustainability-rounds",
        title=title,
        subtitle="Raised or promised in each round, US$ bn; in brackets the price of the whole company after it.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=sales,
        columns={
            "day": "First known",
            "who": "From",
            "amount": "US$ bn",
            "part": "Whole or part of a round",
            "state": "State",
            "price": "Price after the round, US$ bn",
        },
        ledger=ledger,
        rows=rows,
        note="The table has every sale of new shares; parts stand beside their whole.",
    )
