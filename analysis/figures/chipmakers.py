"""Figures of the chapter on the chipmakers and their partners."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import areas, coins, grid, grouped_bars, ribbons
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.chipmakers.promises import facts
from analysis.numbers.series.chipmakers import given, promised, ties

GIVEN_ROLES = {given.BUYS: "equity", given.BACKS: "guarantees"}
SIDE_ROLES = {ties.GIVEN: "equity", ties.WARRANT: "debt", ties.SECURED: "guarantees", ties.ORDERED: "orders"}
RELATION_ROLES = dict(zip(ties.RELATIONS, ("equity", "debt", "guarantees", "orders", "customers"), strict=True))


def fig_chipmakers_promises(ledger: Ledger, scenario: str = "central") -> Any:
    """What NVIDIA gives to others, as squares: what is paid, what is promised, what was spoken of before."""
    frame, rows = given.given(ledger)
    if len(frame) < 2:
        why = "Little more than a few shares that NVIDIA has bought is known by this day."
        return empty_figure("fig-chipmakers-promises", "What NVIDIA has promised", ledger, why)
    title = given.given_finding(frame)
    drawn, height, narrow_height = areas(
        frame,
        {"name": "State", "note": "For", "value": "US$ bn, at most", "before": "Spoken of before, US$ bn"},
        colours=GIVEN_ROLES,
    )
    told = (f"{r.head}: {r.name} {r.note}, {' '.join(r.label.split())}" for r in frame.itertuples(index=False))
    return make_figure(
        drawn,
        id="fig-chipmakers-promises",
        title=title,
        subtitle="Areas are dollars. Dashed: only if something happens. Dotted: what was spoken of before.",
        alt_text=describe(title, told),
        table=frame,
        columns={
            "head": "Kind",
            "name": "State",
            "note": "For",
            "value": "At most, US$ bn",
            "before": "Spoken of before, US$ bn",
        },
        ledger=ledger,
        rows=rows,
        note=f"Press reports and mere rights to shares are left out. {given.measures_of_ohio(ledger)}".strip(),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_chipmakers_pairs(ledger: Ledger, scenario: str = "central") -> Any:
    """What a supplier gives a customer against the orders it gets."""
    frame, rows = ties.pairs(ledger)
    if frame.empty:
        why = "No exchange of support for an order is known by this day."
        return empty_figure("fig-chipmakers-pairs", "What suppliers give and get", ledger, why)
    title = ties.pairs_finding(frame)
    return make_figure(
        grouped_bars(
            frame,
            {"name": "Supplier and customer", "side": "Side", "value": "US$ bn, at the ceiling", "label": "Amount"},
            group="side",
            colours=SIDE_ROLES,
        ),
        id="fig-chipmakers-pairs",
        title=title,
        subtitle="What each supplier gives a customer, and the orders it gets from the same one, US$ bn.",
        alt_text=describe(title, (f"{r.name}, {r.side}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Supplier and customer", "side": "Side", "value": "US$ bn"},
        ledger=ledger,
        rows=[rows],
        note="A warrant is drawn at the highest share price on which it depends, which may never be reached. A pair"
        " without an order in the ledger is left out, and so are the large clouds, Google among them. Orders are all of"
        " a pair, also those that came later.",
    )


def fig_chipmakers_guarantees(ledger: Ledger, scenario: str = "central") -> Any:
    """Guarantees for customers and sites, by whether they are signed."""
    frame, rows = promised.guarantees(ledger)
    if frame.empty:
        why = "No guarantee of a supplier with an amount is known by this day."
        return empty_figure("fig-chipmakers-guarantees", "Guarantees for customers", ledger, why)
    title = promised.guarantees_finding(frame)
    drawn, height, narrow_height = ribbons(
        promised.ribboned(frame).assign(name=frame["taker"]),
        {"giver": "Guarantor", "taker": "For whom or what", "value": "At most, US$ bn", "kind": "State"},
        colours="guarantees",
    )
    return make_figure(
        drawn,
        id="fig-chipmakers-guarantees",
        title=title,
        subtitle="Widths are dollars, at most. Solid: given; pale: signed and not begun; dashed: not signed.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Who guarantees whom", "value": "At most, US$ bn", "kind": "State"},
        ledger=ledger,
        rows=rows,
        note="What is likely to be paid is not published. Where no start is published, a guarantee is drawn as given."
        + " The promise to buy what CoreWeave leaves unsold is drawn at the order's initial value."
        * bool(frame["name"].str.endswith(" for CoreWeave").any()),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_chipmakers_relations(ledger: Ledger, scenario: str = "central") -> Any:
    """Who is shareholder, guarantor, customer and supplier of whom, seen from NVIDIA."""
    frame, firms = ties.relations(ledger)
    if frame.empty:
        why = "No firm with a relation to NVIDIA is known by this day."
        return empty_figure("fig-chipmakers-relations", "NVIDIA's customers and holdings", ledger, why)
    title = ties.relations_finding(firms)
    said = (f"{n}: {', '.join(g['relation'])}" for n, g in frame.groupby("name", sort=False) if len(g) > 1)
    rows = ledger.deals[(ledger.deals["payer"] == "nvidia") | (ledger.deals["payee"] == "nvidia")]
    left = len(firms) - firms["name"].isin(frame["name"]).sum()
    notes = [
        "Shares bought together with gigawatts of its systems count as a sale; a letter of intent is no tie. Only ties"
        " with a deal of their own are drawn; some firms have more, told below.",
        f"{formats.counted(int(left), 'firm', 'firms')} with one tie not drawn." if left else "",
    ]
    return make_figure(
        grid(
            frame,
            {"name": "Firm", "relation": "NVIDIA", "since": "Stated on"},
            column="relation",
            columns=ties.RELATIONS,
            colours=RELATION_ROLES,
        ),
        id="fig-chipmakers-relations",
        title=title,
        subtitle="Read: NVIDIA holds shares of CoreWeave. It gets shares where they are signed, announced or a right.",
        alt_text=describe(title, said),
        table=frame,
        columns={"name": "Firm", "relation": "NVIDIA", "since": "Stated on"},
        ledger=ledger,
        rows=[rows],
        note=" ".join(n for n in notes if n),
    )


def fig_chipmakers_supply(ledger: Ledger, scenario: str = "central") -> Any:
    """What NVIDIA has ordered from its own suppliers."""
    frame, size = ties.supply(ledger)
    if frame.empty:
        why = "NVIDIA's commitments to its suppliers are not in the ledger by this day."
        return empty_figure("fig-chipmakers-supply", "NVIDIA's own orders", ledger, why)
    title, kind = ties.supply_finding(frame), f"US${size}bn of orders"
    drawn, height, narrow_height = coins(
        frame.rename(columns={"quarter": "name"}),
        {"name": "End of", "value": "US$ bn"},
        kinds={"coins": kind},
        colours={kind: "orders"},
    )
    return make_figure(
        drawn,
        id="fig-chipmakers-supply",
        title=title,
        subtitle=f"Orders for manufacturing, supply and capacity at the end of the quarter; a dot is US${size}bn.",
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"quarter": "End of", "value": "US$ bn"},
        ledger=ledger,
        rows=[facts(ledger, scenario).happened("nvidia", "supply_capacity_commitments")],
        height=round(height),
        narrow_height=round(narrow_height),
    )
