"""Figures of Oracle's books: backlog, cash, debt and leases, and how long each promise runs."""

from typing import Any

from analysis.figures import marks
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.series.oracle_softbank import books, promises

PART_ROLES = {books.OPENAI: "orders", books.REST: "other", books.OWN_MONEY: "second"}
CASH_ROLES = {books.LINE_NAMES[books.CASH_IN]: "customers", books.LINE_NAMES[books.SPENDING]: "debt"}
TERM_ROLES = {
    books.BRINGS: "orders",
    books.OWES: "debt",
    promises.ALONE: "loss",
}


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
    """What Oracle's business brings in beside what it spends, year by year, and its plan."""
    frame, rows = books.cash(ledger, scenario)
    drawn = books.cash_years(frame) if len(frame) else frame
    if drawn.empty:
        return empty_figure("fig-oracle-cash", "Oracle's cash", ledger, "No cash flow is in the ledger by this day.")
    title = books.cash_finding(frame)
    has_plan = bool(drawn["is_guided"].any())
    return make_figure(
        marks.labelled_columns(
            drawn,
            {"year": "Period", "part": "Oracle", "value": "US$ bn"},
            label="label",
            group="part",
            colours=CASH_ROLES,
            planned="is_guided",
            has_axis=False,
        ),
        id="fig-oracle-cash",
        title=title,
        subtitle="What its business brings in after running costs (operating cash flow) and what it spends on building,"
        " in the year to that month, US$ bn" + ("; dashed: as planned." if has_plan else "."),
        alt_text=describe(title, (f"{r.year}, {r.kind}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"year": "Period", "kind": "Line", "value": "US$ bn"},
        ledger=ledger,
        rows=rows,
        note="Where two of cash, spending and what is left are published, the third is computed."
        + (" For the planned year no cash flow is published." if has_plan else ""),
    )


def fig_oracle_maturity(ledger: Ledger, scenario: str = "central") -> Any:
    """How long OpenAI has promised Oracle to pay, and Oracle its landlords."""
    frame, rows = books.maturities(ledger, scenario)
    drawn = promises.drawn(frame)
    if drawn.empty:
        why = "No term is known by this day."
        return empty_figure("fig-oracle-maturity", "How long each promise runs", ledger, why)
    title, years = promises.finding(frame), promises.gap(frame)
    chart, height, narrow_height = marks.promises(
        drawn,
        {"what": "Promise", "start": "From", "end": "To", "kind": "Kind"},
        colours=TERM_ROLES,
        pale=dict.fromkeys([books.AT_MOST, promises.APART], books.OWES) | {promises.AT_MOST_ALONE: promises.ALONE},
        after=marks.After(*years) if years else None,
    )
    return make_figure(
        chart,
        id="fig-oracle-maturity",
        title=title,
        subtitle=promises.subtitle(frame),
        alt_text=describe(title, (f"{r.what}, {r.kind}: {r.start:%Y} to {r.end:%Y}" for r in frame.itertuples())),
        table=frame,
        columns={"what": "Promise", "start": "From", "end": "To", "kind": "Kind"},
        ledger=ledger,
        rows=rows,
        note=promises.note(frame, rows),
        height=round(height),
        narrow_height=round(narrow_height),
    )
