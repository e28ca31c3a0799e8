"""Figures of what OpenAI has ordered from whom, and when it falls due."""

from typing import Any

from analysis.figures.exposure.shared import NO_PRICE, orders
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.figure_sources import unpriced
from analysis.figures.marks import stacked_columns, waffles
from analysis.ledger import Ledger
from analysis.numbers import quantities
from analysis.numbers.exposure import owed
from analysis.numbers.exposure.measured import backlog, revenue
from analysis.numbers.series import exposure as series


def fig_exposure_owed(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI has ordered from each supplier, and what part of the supplier's backlog that is."""
    table = series.creditors(ledger, scenario)
    drawn = table[table["high"] > 0] if len(table) else table
    if drawn.empty:
        return empty_figure("fig-exposure-owed", "What OpenAI has ordered, by supplier", ledger, NO_PRICE)
    title, days = series.creditors_finding(table), series.backlog_days(drawn)
    f = owed.facts(ledger, scenario)
    picture, height, narrow_height = waffles(
        series.order_books(drawn),
        {
            "name": "Supplier",
            "priced": "ordered, US$ bn",
            "high": "at most, US$ bn",
            "backlog_percent": "of backlog, %",
        },
        colours="orders",
    )
    return make_figure(
        picture,
        id="fig-exposure-owed",
        title=title,
        subtitle="Of every hundred dollars on order at a supplier, those from OpenAI; below, the sum of these.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in drawn.itertuples(index=False))),
        table=table,
        columns={
            "name": "Supplier",
            "priced": "Ordered, US$ bn",
            "conditional": "Conditional or up to, US$ bn more",
            "discounted": "In today's money, US$ bn",
            "peak_year": "Fullest year",
            "peak": "Due in it, US$ bn",
            "even": "Fullest year if spread evenly, US$ bn",
            "backlog_percent": "Of its backlog, %",
            "backlog_day": "Backlog of",
            "backlog_words": "How the backlog's part is known",
            "revenue_percent": "Fullest year over its revenue, %",
            "revenue_words": "Revenue of",
            "stage": "State",
            "unpriced": "Deals without a price",
            "unpriced_gw": "Their capacity, GW",
        },
        ledger=ledger,
        rows={
            "OpenAI's orders": [orders(ledger, scenario)],
            "In the table only": [unpriced(quantities.outstanding_supply(f))],
            "Its part of backlogs": [r for party in table["party"] for r in backlog(f, party).rows],
            "Suppliers' revenue": [r for party in table["party"] for r in revenue(f, party).rows],
        },
        note="Stated: the supplier's own share, which can hold older orders than the table lists. Computed: all that"
        " OpenAI has ordered there over the backlog."
        + (f" Backlogs of {days}." if days else "")
        + " The table has suppliers without a published price, too.",
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_exposure_years(ledger: Ledger, scenario: str = "central") -> Any:
    """What falls due to whom in each year."""
    parts, whole = series.years(ledger, scenario)
    if parts.empty:
        return empty_figure("fig-exposure-years", "What falls due, by year", ledger, NO_PRICE)
    title = series.years_finding(parts, whole)
    drawn = series.heaviest_and_others(parts, whole)
    told = (f"{r.year} {r.part}: {r.value:.0f}" for r in parts.itertuples() if r.value >= 0.5)
    return make_figure(
        stacked_columns(
            drawn,
            {"year": "Year", "part": "Supplier", "value": "due in the year, US$ bn"},
            part="part",
            colours={p: "other" if p == series.OTHERS else "orders" for p in drawn["part"].unique()},
            x="year",
            totals=whole,
        ),
        id="fig-exposure-years",
        title=title,
        subtitle="Priced orders at the high end, US$ bn a year, if payments grow as we assume.",
        alt_text=describe(title, told),
        table=parts,
        columns={
            "year": "Year",
            "part": "Supplier",
            "value": "Due, US$ bn",
            "conditional": "Of it conditional or up to, US$ bn",
        },
        ledger=ledger,
        rows=[orders(ledger, scenario)],
        note=f"{series.even_note(whole)} No contract publishes its yearly payments, so their shape is ours; where no"
        " start or end is published, so is the term.",
    )
