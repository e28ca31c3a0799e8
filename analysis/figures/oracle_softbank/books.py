"""Figures of Oracle's books: backlog, cash, debt and leases, and how long each promise runs."""

from typing import Any

import altair as alt

from analysis.figures import marks
from analysis.figures.figure import describe, empty_figure, make_figure, padded_scale
from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.series.oracle_softbank import books

PART_ROLES = {books.OPENAI: "orders", books.REST: "other", books.OWN_MONEY: "second"}
CASH_ROLES = {books.CASH_IN: "customers", books.SPENDING: "debt", books.GUIDED: "orders"}
TERM_ROLES = {books.BRINGS: "customers", books.OWES: "debt", books.AT_MOST: "other", books.BACKS: "guarantees"}


def fig_oracle_backlog(ledger: Ledger, scenario: str = "central") -> Any:
    """Oracle's backlog by quarter."""
    parts, whole = books.backlog(ledger, scenario)
    if whole.empty:
        why = "No backlog is in the ledger by this day."
        return empty_figure("fig-oracle-backlog", "Oracle's backlog", ledger, why)
    title, f = books.backlog_finding(ledger, scenario), Facts(ledger, "oracle_softbank", scenario)
    part, own = f.last("oracle", "rpo_openai"), f.metric("oracle", "rpo_customer_funded_equipment")
    return make_figure(
        marks.stacked_columns(
            parts,
            {"quarter": "End of", "part": "Customers", "value": "US$ bn"},
            part="part",
            colours=PART_ROLES,
            totals=whole,
            outlined="contract",
        ),
        id="fig-oracle-backlog",
        title=title,
        subtitle=books.backlog_subtitle(whole),
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in whole.itertuples())),
        table=whole,
        columns={
            "quarter": "End of",
            "value": "Backlog, US$ bn",
            "openai": "OpenAI, by press reports, US$ bn",
            "contract": "OpenAI's contract where its part is not told, at least, US$ bn",
            "own": "Own chips or prepaid, US$ bn",
        },
        ledger=ledger,
        rows=[f.metric("oracle", "rpo"), part, own, f.standing("openai-oracle-compute")],
        note="Oracle names no customer; the press puts the whole contract with OpenAI into the backlog."
        if len(part)
        else "",
    )


def fig_oracle_cash(ledger: Ledger, scenario: str = "central") -> Any:
    """Oracle's spending against what its business brings in, by fiscal year and guidance."""
    frame, rows = books.cash(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-oracle-cash", "Oracle's cash", ledger, "No cash flow is in the ledger by this day.")
    title = books.cash_finding(ledger, scenario)
    drawn, kinds = books.cash_lines(frame)
    columns = {"year": "Period", "kind": "Line", "value": "US$ bn"}
    return make_figure(
        marks.lines(
            drawn,
            columns,
            line="line",
            colours={name: CASH_ROLES[kind] for name, kind in kinds.items()},
            x="end",
            y_scale=padded_scale(drawn["value"], 0.12),
        ),
        id="fig-oracle-cash",
        title=title,
        subtitle="What its business brings in and what it spends on building within twelve months to a date, US$ bn.",
        alt_text=describe(title, (f"{r.year}, {r.kind}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
        note="Where two of cash, spending and what is left are published, the third is computed.",
    )


def fig_oracle_maturity(ledger: Ledger, scenario: str = "central") -> Any:
    """How long contract, leases and loans run."""
    frame, rows = books.maturities(ledger, scenario)
    if frame.empty:
        why = "No term is known by this day."
        return empty_figure("fig-oracle-maturity", "How long each promise runs", ledger, why)
    title = books.maturity_finding(frame)
    columns = {"what": "Promise", "start": "From", "end": "To", "kind": "Kind"}
    return make_figure(
        marks.lanes(
            frame,
            columns,
            lane="what",
            kind="kind",
            colours=TERM_ROLES,
            end_label="label",
            axis=alt.Axis(format="%Y", tickCount=6, labelOverlap=True, labelBound=True),
            scale=alt.Scale(padding=64),  # room for the years beside the bars
            thickness=14,
            step=36,
        ),
        id="fig-oracle-maturity",
        title=title,
        subtitle=books.maturity_subtitle(rows),
        alt_text=describe(title, (f"{r.what}, {r.kind}: {r.start:%Y} to {r.end:%Y}" for r in frame.itertuples())),
        table=frame,
        columns=columns,
        ledger=ledger,
        rows=rows,
        note=books.maturity_note(rows),
    )
