"""Figures of the chapter on the chipmakers and young clouds."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grid, grouped_bars, labelled_bars, labelled_columns, steps
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import facts
from analysis.numbers.series import chipmakers as series
from analysis.numbers.words import DEAL_STATES

PROMISE_ROLES = {
    series.LETTER: "other",
    series.SHARES: "equity",
    series.GUARANTEES: "guarantees",
    series.OPTIONS: "debt",
}
SIDE_ROLES = {series.GIVEN: "equity", series.SECURED: "guarantees", series.ORDERED: "orders"}
STATE_ROLES = {
    **dict(zip(DEAL_STATES.values(), ("guarantees", "planned", "paused", "disputed"), strict=True)),
    series.FILED: "other",
}
RELATION_ROLES = dict(zip(series.RELATIONS, ("equity", "debt", "guarantees", "orders", "customers"), strict=True))


def fig_chipmakers_promises(ledger: Ledger, scenario: str = "central") -> Any:
    """What NVIDIA stood for on each day: letter, shares, guarantees."""
    frame = series.promised(ledger)
    if frame.empty or frame["day"].nunique() < 2:
        why = "No promise of NVIDIA with an amount is known by this day."
        return empty_figure("fig-chipmakers-promises", "What NVIDIA has promised", ledger, why)
    title = series.promised_finding(frame)
    last = frame.groupby("line", sort=False).tail(1)
    history = ledger.history["deals"]
    return make_figure(
        steps(
            frame,
            {"line": "Promise", "day": "Known on", "high": "US$ bn, at the ceiling", "label": "Amount"},
            line="line",
            colours=PROMISE_ROLES,
        ),
        id="fig-chipmakers-promises",
        title=title,
        subtitle="What NVIDIA had promised to all firms by each day, US$ bn at the ceiling; talks are left out.",
        alt_text=describe(title, (f"{r.line} on the last day: {r.label}" for r in last.itertuples())),
        table=frame,
        columns={"day": "Day", "line": "Promise", "high": "Ceiling, US$ bn"},
        ledger=ledger,
        rows=[history[(history["payer"] == "nvidia") & history["kind"].isin(("equity", "guarantee"))]],
        note="Shares are bought, signed or announced. A guarantee costs nothing until it is called; the promise to buy"
        " what CoreWeave leaves unsold is counted as one.",
    )


def fig_chipmakers_pairs(ledger: Ledger, scenario: str = "central") -> Any:
    """What a supplier gives a customer against the orders it gets."""
    frame, silent = series.pairs(ledger)
    if frame.empty:
        why = "No pair of gift and order with a published amount is known by this day."
        return empty_figure("fig-chipmakers-pairs", "What suppliers give and get", ledger, why)
    title = series.pairs_finding(frame)
    rows = ledger.deals[ledger.deals["payer"].isin(series.SUPPLIERS) | ledger.deals["payee"].isin(series.SUPPLIERS)]
    return make_figure(
        grouped_bars(
            frame,
            {"name": "Supplier and customer", "side": "Side", "value": "US$ bn, at the ceiling", "label": "Amount"},
            group="side",
            colours=SIDE_ROLES,
        ),
        id="fig-chipmakers-pairs",
        title=title,
        subtitle="What each supplier gives a customer, and the orders between the same two, US$ bn.",
        alt_text=describe(title, (f"{r.name}, {r.side}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Supplier and customer", "side": "Side", "value": "US$ bn"},
        ledger=ledger,
        rows=[rows],
        note=f"Orders without a published amount: {', '.join(silent)}." if silent else "",
    )


def fig_chipmakers_guarantees(ledger: Ledger, scenario: str = "central") -> Any:
    """Guarantees for customers and sites, by whether they are signed."""
    frame, rows = series.guarantees(ledger)
    if frame.empty:
        why = "No guarantee of a supplier with an amount is known by this day."
        return empty_figure("fig-chipmakers-guarantees", "Guarantees for customers", ledger, why)
    title = series.guarantees_finding(frame)
    return make_figure(
        labelled_bars(
            frame,
            {"name": "Who stands for whom", "value": "US$ bn, at most", "kind": "State", "label": "Amount"},
            kind="kind",
            colours=STATE_ROLES,
        ),
        id="fig-chipmakers-guarantees",
        title=title,
        subtitle="The most that each guarantor may have to pay, US$ bn; what is likely to be paid is not published.",
        alt_text=describe(title, (f"{r.name}: {r.label}, {r.kind}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Who stands for whom", "value": "At most, US$ bn", "kind": "State"},
        ledger=ledger,
        rows=rows,
    )


def fig_chipmakers_relations(ledger: Ledger, scenario: str = "central") -> Any:
    """Who is shareholder, guarantor, customer and supplier of whom, seen from NVIDIA."""
    frame = series.relations(ledger)
    if frame.empty:
        why = "No firm with a relation to NVIDIA is known by this day."
        return empty_figure("fig-chipmakers-relations", "NVIDIA's customers and holdings", ledger, why)
    ties = frame.groupby("name")["relation"].count()
    several = int((ties > 1).sum())
    title = (
        f"With {several} of {len(ties)} firms NVIDIA is tied in more than one way"
        if several
        else "With no firm is NVIDIA tied in more than one way"
    )
    said = (f"{n}: {', '.join(g['relation'])}" for n, g in frame.groupby("name", sort=False))
    rows = ledger.deals[(ledger.deals["payer"] == "nvidia") | (ledger.deals["payee"] == "nvidia")]
    return make_figure(
        grid(
            frame,
            {"name": "Firm", "relation": "NVIDIA", "since": "Stated on"},
            column="relation",
            columns=series.RELATIONS,
            colours=RELATION_ROLES,
        ),
        id="fig-chipmakers-relations",
        title=title,
        subtitle="What NVIDIA does with each firm, by the deals of the ledger that name both.",
        alt_text=describe(title, said),
        table=frame,
        columns={"name": "Firm", "relation": "NVIDIA", "since": "Stated on"},
        ledger=ledger,
        rows=[rows],
        note="Shares bought together with gigawatts of its systems count as a sale. Some deals are known from the"
        " press alone.",
    )


def fig_chipmakers_supply(ledger: Ledger, scenario: str = "central") -> Any:
    """What NVIDIA has ordered from its own suppliers."""
    frame = series.supply(ledger)
    if frame.empty:
        why = "NVIDIA's commitments to its suppliers are not in the ledger by this day."
        return empty_figure("fig-chipmakers-supply", "NVIDIA's own orders", ledger, why)
    last = formats.amount(frame["value"].iloc[-1], "usd_bn")
    title = f"NVIDIA itself has promised its suppliers {last}"
    return make_figure(
        labelled_columns(
            frame,
            {"quarter": "End of", "value": "US$ bn"},
            x="quarter",
            label="label",
            colours="first",
        ),
        id="fig-chipmakers-supply",
        title=title,
        subtitle="Commitments for manufacturing, supply and capacity at the end of the quarter, US$ bn.",
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"quarter": "End of", "value": "US$ bn"},
        ledger=ledger,
        rows=[facts(ledger, scenario).happened("nvidia", "supply_capacity_commitments")],
    )
