"""OpenAI's own figures: its accounts of a year, how its forecasts moved, what it has raised."""

from typing import Any

import pandas as pd

from analysis.figures.closed_tables import ClosedTable
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import labelled_bars, waterfalls
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.series.sustainability import openai_accounts

LINE_ROLES = {openai_accounts.SALES: "customers", openai_accounts.COST: "orders", openai_accounts.LOSS: "loss"}


def fig_sustainability_accounts(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI took in and spent in the newest time for which its accounts tell it."""
    frame, rows = openai_accounts.accounts(ledger)
    if frame.empty:
        why = "No account of OpenAI that tells what it spends on is known by this day."
        return empty_figure("fig-sustainability-accounts", "What OpenAI earns and spends", ledger, why)
    title, period = openai_accounts.accounts_finding(frame), frame["period"].iloc[0]
    columns = {"name": "Line", "kind": "Kind", "value": "US$ bn"}
    drawn, height, narrow_height = waterfalls(
        openai_accounts.operating(frame),
        columns,
        name="period",
        line="name",
        kind="kind",
        colours=LINE_ROLES,
    )
    return make_figure(
        drawn,
        id="fig-sustainability-accounts",
        title=title,
        subtitle=f"OpenAI's accounts of {period}, as published or leaked, down to the loss from operations, US$ bn.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
        note=openai_accounts.accounts_note(frame),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def table_revisions(ledger: Ledger) -> ClosedTable:
    """What OpenAI first forecast of itself, what it forecast last, and what it became."""
    table, _ = openai_accounts.revisions(ledger)
    told = ("first", "last", "outcome")
    amounts = {c: ["" if pd.isna(v) else formats.plain(v, "usd_bn") for v in table[c]] for c in told}
    words = {
        "what": "Forecast",
        "first": "US$ bn at first",
        "first_made": "First told or made",
        "last": "US$ bn at last",
        "last_made": "Last told or made",
        "outcome": "US$ bn that came",
    }
    frame = table.assign(**amounts)[list(words)].rename(columns=words)
    caption = f"{openai_accounts.revisions_finding(table)}: each forecast as it was at first and at last"
    return ClosedTable(frame.astype(object), "revisions", caption, ids=[anchor(key) for key in table["row"]])


def fig_sustainability_rounds(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI has raised round by round, at what price of the company, and from whom."""
    frame, sales, rows = openai_accounts.rounds(ledger)
    if frame.empty:
        why = "No round of many investors is known by this day."
        return empty_figure("fig-sustainability-rounds", "What OpenAI has raised", ledger, why)
    title = openai_accounts.rounds_finding(frame, openai_accounts.newest_price(ledger))
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
