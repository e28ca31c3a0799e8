"""Figures of the chapter on circularity."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars, labelled_bars, ranged_bars, stacked_columns, steps
from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES
from analysis.numbers.circularity import measures, partners
from analysis.numbers.series import circularity as series

PART_ROLES = {series.BACK: "first", series.FROM_OUTSIDE: "other"}
LINE_ROLES = {series.AGREED: "first", series.REPORTED: "other"}
LENGTH_ROLES = {series.TWO: "first", series.MORE: "fourth"}
STATE_ROLES = {series.PROMISED: "first", series.DRAWN: "fourth", series.PLANNED: "other"}
LAB_ROLES = {series.LABS[partners.LAB]: "first", series.LABS[partners.CONTROL]: "other"}


def _shares() -> dict[str, str]:
    """The columns of the measures in a table, by key."""
    return {key: m.column for key, m in MEASURES.items()}


def _all_columns() -> dict[str, str]:
    """The columns of `models.network.measures` in a table."""
    return {"total": "Payments, US$ bn"} | _shares() | {"outside": "Outside money, US$ bn"}


def fig_circularity_years(ledger: Ledger, scenario: str = "central") -> Any:
    """Each year's payments: what can come back within the year, and what outside money must pay."""
    table, parts = series.years(ledger, scenario)
    if table.empty:
        why = "No payment between the parties is known by this day."
        return empty_figure("fig-circularity-years", "How circular each year is", ledger, why)
    title = series.years_finding(table)
    return make_figure(
        stacked_columns(
            parts,
            {"year": "Year", "part": "Money that", "value": "US$ bn"},
            part="part",
            colours=PART_ROLES,
            x="year",
            totals=table,
        ),
        id="fig-circularity-years",
        title=title,
        subtitle="Each calendar year's payments, US$ bn; above each column the part that can come back.",
        alt_text=describe(title, (f"{r.year}: {r.label} of {r.total:.0f}bn" for r in table.itertuples())),
        table=table,
        columns={"year": "Year"} | _all_columns(),
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note=(
            "Money that comes back in a later year than it went is not in these columns; the text counts it. What"
            " falls into which year rests on our spreading."
        ),
    )


def fig_circularity_vintages(ledger: Ledger, scenario: str = "central") -> Any:
    """The share that can go round as known in each week, with and without press reports and talks."""
    table, frame = series.days(ledger, scenario)
    if frame["high"].max() == 0:
        why = "No loop is known by this day."
        return empty_figure("fig-circularity-vintages", "How circular it was known to be", ledger, why)
    title = series.days_finding(table)
    jumps = "; ".join(f"{r.day:%-d %B %Y}: {r.maximum:.0f}%" for r in series.jumps(table).itertuples())
    return make_figure(
        steps(
            frame,
            {"day": "Known on", "line": "Counted", "high": "per cent"},
            line="line",
            colours=LINE_ROLES,
            height=260,
        ),
        id="fig-circularity-vintages",
        title=title,
        subtitle="Share of the money between the parties that can go round, as known in each week, per cent.",
        alt_text=describe(title, [f"Largest moves in the weeks to {jumps}" if jumps else "It never moved by a point"]),
        table=table,
        columns={"day": "Week to"}
        | _shares()
        | {
            "with_reported": "With press reports and talks, %",
            "low": f"Least of {len(measures.BAND)} ways to count, %",
            "high": "Most, %",
        },
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note="The table has the range over what counts as firm, over the ends of amounts and over whose deals count.",
    )


def fig_circularity_partners(ledger: Ledger, scenario: str = "central") -> Any:
    """Orders for each dollar put in, partner by partner."""
    both, everyone = series.trips(ledger, scenario)
    if both.empty:
        why = "No partner has a price on both sides by this day."
        return empty_figure("fig-circularity-partners", "Partner by partner", ledger, why)
    title, f = series.trips_finding(both), measures.facts(ledger, scenario)
    return make_figure(
        labelled_bars(
            both,
            {"name": "Partner", "lab": "Of", "value": "US$ of orders for each US$ put in"},
            kind="lab",
            colours=LAB_ROLES,
        ),
        id="fig-circularity-partners",
        title=title,
        subtitle="Orders that a partner holds for each dollar it puts in, over the life of the deals, high ends.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in both.itertuples(index=False))),
        table=everyone,
        columns={
            "name": "Partner",
            "put_in": "Into OpenAI, US$ bn",
            "paid_back": "Orders held, US$ bn",
            "orders_per_dollar": "Orders per dollar, US$",
            "orders_per_dollar_today": "Discounted, US$",
            "unpriced": "Deals without a price",
            "is_two_sided": "On both sides",
        },
        ledger=ledger,
        rows=[f.payments(scope="openai"), f.payments(scope="comparator")],
        note="Partners with a price on both sides only; the table has all of OpenAI's.",
    )


def fig_circularity_loops(ledger: Ledger, scenario: str = "central") -> Any:
    """The widest loops by their smallest payment."""
    frame = series.loops(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-circularity-loops", "The loops", ledger, "No loop is known by this day.")
    title = series.loops_finding(frame)
    return make_figure(
        labelled_bars(
            frame,
            {"loop": "Loop", "value": "US$ bn", "total": "All payments, US$ bn"},
            name="loop",
            kind="kind",
            colours=LENGTH_ROLES,
        ),
        id="fig-circularity-loops",
        title=title,
        subtitle=(
            "Loops of two to five parties by their smallest payment, which limits what can go round; US$ bn over the"
            " life of the deals."
        ),
        alt_text=describe(title, (f"{r.loop}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={
            "loop": "Loop",
            "length": "Parties",
            "value": "Smallest payment, US$ bn",
            "total": "All payments, US$ bn",
        },
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note="Loops share payments, so they do not add up.",
    )


def fig_circularity_vendors(ledger: Ledger, scenario: str = "central") -> Any:
    """Vendor finance then and now over revenue of the same year."""
    frame, rows = series.vendors(ledger, scenario)
    if frame.empty:
        why = "No vendor finance with revenue of the same year is in the ledger by this day."
        return empty_figure("fig-circularity-vendors", "Vendor finance then and now", ledger, why)
    title = series.vendors_finding(ledger, scenario)
    return make_figure(
        grouped_bars(
            frame,
            {"name": "Vendor", "state": "State", "value": "per cent of a year's revenue"},
            group="state",
            colours=STATE_ROLES,
        ),
        id="fig-circularity-vendors",
        title=title,
        subtitle="Loans and guarantees for customers at their ceilings, per cent of the vendor's revenue of that year.",
        alt_text=describe(title, (f"{r.name}, {r.state}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Vendor",
            "state": "State",
            "amount": "US$ bn",
            "revenue": "Revenue, US$ bn",
            "value": "% of revenue",
        },
        ledger=ledger,
        rows=rows,
        note=(
            "Lucent and Nortel lent and guaranteed loans; the firms of today guarantee leases and debt. Where no part"
            " is drawn, none is published. Shares that a vendor buys are not counted."
        ),
    )


def fig_circularity_sensitivity(ledger: Ledger, scenario: str = "central") -> Any:
    """The range of the share over all combinations of the choices, one choice held fixed at a time."""
    frame = series.ways(ledger, scenario)
    if frame["high"].max() == 0:
        why = "In no way of counting can any money go round by this day."
        return empty_figure("fig-circularity-sensitivity", "Every way to count", ledger, why)
    title = series.ways_finding(ledger, scenario)
    return make_figure(
        ranged_bars(
            frame,
            {
                "name": "Counted",
                "low": "per cent",
                "high": "Most, %",
                "middle": "Median, %",
                "told": "Only this changed, %",
            },
            thickness=12,
            step=26,
        ),
        id="fig-circularity-sensitivity",
        title=title,
        subtitle="Share that can go round, per cent: least (solid) and most (pale), one choice held, others open.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Counted",
            "low": "Least, %",
            "middle": "Median, %",
            "high": "Most, %",
            "told": "Only this changed, %",
        },
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note="Below the three periods, all ranges are over the whole life of the deals.",
    )
