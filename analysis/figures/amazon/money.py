"""Figures of the money between Amazon and OpenAI: equity against orders, the backlog, the other lab."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import crossings, exchanges, grouped_bars, labelled_columns, stacked_columns
from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats
from analysis.numbers.amazon import AWS, EQUITY
from analysis.numbers.facts import Facts
from analysis.numbers.series import amazon as series
from analysis.numbers.series.quarters import with_gaps

STATED_ROLES = {series.STATED[EQUITY]: "equity", series.STATED[AWS]: "orders"}
FLOW_ROLES = {series.FLOWS[EQUITY]: "equity", series.FLOWS[AWS]: "orders"}
PART_ROLES = {series.REST: "other"} | {  # from below
    name + end: role
    for name, role in zip(series.CUSTOMERS.values(), ("orders", "second"), strict=True)
    for end in ("", series.FLOOR)
}
GAIN_ROLES = {series.GAIN: "value", series.EARNED: "other"}
SIDE_ROLES = {series.PUT_IN: "equity", series.ORDERED: "orders"}
ENDS = {"low": "Low, US$ bn", "high": "High, US$ bn"}


def fig_amazon_growth(ledger: Ledger, scenario: str = "central") -> Any:
    """How the equity and the contract grew, statement by statement."""
    frame = series.growth(ledger)
    if frame.empty:
        why = "Neither side is known by this day."
        return empty_figure("fig-amazon-growth", "The two sides of the deal", ledger, why)
    title, shown = series.growth_finding(frame), series.by_month(frame)
    if shown.empty:
        return empty_figure("fig-amazon-growth", "The two sides of the deal", ledger, title + ".")
    said = (f"{formats.day(r.day.date())}, {r.side}: {r.low:g} to {r.high:g}, {r.state}" for r in frame.itertuples())
    drawn, height, narrow_height = exchanges(
        shown,
        {"month": "By the end of", "side": "Side", "value": "US$ bn", "label": "In words"},
        name="month",
        colours=STATED_ROLES,
    )
    return make_figure(
        drawn,
        id="fig-amazon-growth",
        title=title,
        subtitle="US$ bn. Full: paid. Pale: signed. Dashed: in talks, or on conditions.",
        alt_text=describe(title, said),
        table=frame,
        columns={"side": "Side", "day": "Day"} | ENDS | {"state": "Status"},
        ledger=ledger,
        rows=[frame],
        note="OpenAI is to pay for what it has ordered over years.",
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_amazon_payback(ledger: Ledger, scenario: str = "central") -> Any:
    """Amazon's money and OpenAI's spending at AWS, added up by the end of each year."""
    f = Facts(ledger, "amazon", scenario)
    used = [deals.payments(f.deal(key)) for key in (EQUITY, AWS)]
    frame = series.in_and_out(ledger, scenario)
    if frame.empty:
        why = "No orders with a price are known by this day."
        return empty_figure("fig-amazon-payback", "Money in and money back", ledger, why)
    title = series.in_and_out_finding(ledger, scenario)
    meeting = series.crossing(ledger, scenario)
    drawn = crossings(
        frame,
        {"year": "End of", "side": "Side", "central": "US$ bn, added up"} | ENDS,
        line="side",
        colours=FLOW_ROLES,
        value="central",
        label="name",
        mark=(meeting.at, meeting.amount) if meeting else None,
        span=(meeting.low, meeting.high) if meeting else None,
        told=(meeting.label, meeting.words) if meeting else ("", ""),
    )
    return make_figure(
        drawn,
        id="fig-amazon-payback",
        title=title,
        subtitle="Added up by the end of each year, US$ bn. Shade: how much faster or slower the bills may come.",
        alt_text=describe(title, (f"{r.year} {r.side} {r.central:.0f}" for r in frame.itertuples())),
        table=frame.drop(columns="name"),
        columns={"side": "Side", "year": "End of", "central": "Central, US$ bn"} | ENDS,
        ledger=ledger,
        rows=used,
        note="Assumes that OpenAI pays for all it has ordered; how fast the spending grows is our choice.",
    )


def fig_amazon_backlog(ledger: Ledger, scenario: str = "central") -> Any:
    """The AWS backlog by quarter, with the contracts of the two labs."""
    f = Facts(ledger, "amazon", scenario)
    parts, whole = series.backlog_parts(ledger)
    if whole.empty:
        why = "No backlog is in the ledger by this day."
        return empty_figure("fig-amazon-backlog", "AWS's backlog", ledger, why)
    title, drawn = series.backlog_finding(ledger, parts, whole), with_gaps(whole)
    gap = " A dash: a quarter without a figure in our ledger." * (len(drawn) > len(whole))
    table = parts.pivot_table(index="quarter", columns="part", values="value", sort=False)
    table = table.reindex(index=whole["quarter"], columns=[p for p in PART_ROLES if p in table])
    return make_figure(
        stacked_columns(
            parts,
            {"quarter": "End of", "part": "Customers", "value": "US$ bn"},
            part="part",
            colours={p: role for p, role in PART_ROLES.items() if p in set(parts["part"])},
            totals=drawn,
            inside="told",
        ),
        id="fig-amazon-backlog",
        title=title,
        subtitle="What customers had promised AWS at the ends of quarters, US$ bn.",
        alt_text=describe(title, (f"{r.quarter}: {r.label}" for r in whole.itertuples())),
        table=table.assign(whole=whole["value"].to_list()).reset_index(),
        columns={"quarter": "End of"} | {p: f"{p}, US$ bn" for p in table.columns} | {"whole": "Total, US$ bn"},
        ledger=ledger,
        rows=[f.metric("amazon", "aws_rpo"), *(f.deal(key) for key in series.CUSTOMERS)],
        note=f"{series.backlog_note(parts)}{gap}".strip(),
    )


def fig_amazon_gains(ledger: Ledger, scenario: str = "central") -> Any:
    """Gains on Anthropic beside what AWS earned, by quarter."""
    frame = series.gains(ledger)
    if frame.empty:
        why = "No gain on Anthropic is known by this day."
        return empty_figure("fig-amazon-gains", "Gains on Anthropic", ledger, why)
    title = series.gains_finding(frame)
    return make_figure(
        labelled_columns(
            frame,
            {"quarter": "Quarter", "side": "Side", "value": "US$ bn"},
            x="quarter",
            label="label",
            group="side",
            colours=GAIN_ROLES,
        ),
        id="fig-amazon-gains",
        title=title,
        subtitle="By quarter, before tax, US$ bn. Where a column is missing, no gain is known.",
        alt_text=describe(title, (f"{r.quarter}, {r.side}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"quarter": "Quarter", "side": "Side", "value": "US$ bn"},
        ledger=ledger,
        rows=[frame.drop(columns=["side", "quarter", "label"])],
    )


def fig_amazon_control(ledger: Ledger, scenario: str = "central") -> Any:
    """Equity against orders for both labs and their partners."""
    frame, used = series.equity_and_orders(ledger)
    if frame.empty:
        why = "Neither lab has a known deal by this day."
        return empty_figure("fig-amazon-control", "OpenAI and Anthropic", ledger, why)
    title = series.pairs_finding(ledger, frame)
    shown = series.priced_pairs(frame)
    return make_figure(
        grouped_bars(
            shown,
            {"pair": "Pair", "side": "Side", "high": "US$ bn", "label": "As known"},
            name="pair",
            group="side",
            value="high",
            colours=SIDE_ROLES,
        ),
        id="fig-amazon-control",
        title=title,
        subtitle=(
            "What the partner has paid or promised for shares, and what the lab has ordered from it, US$ bn over the"
            " life of the deals, at the higher ends."
        ),
        alt_text=describe(title, (f"{r.pair}, {r.side}: {r.label}" for r in frame.itertuples())),
        table=series.published_amounts(frame),
        columns={"pair": "Pair", "side": "Side"} | ENDS | {"deals": "Deals", "undisclosed": "Deals without a price"},
        ledger=ledger,
        rows=used,
        note=series.pairs_note(ledger, frame, shown),
    )
