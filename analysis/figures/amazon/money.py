"""Figures of the money between Amazon and OpenAI: equity against orders, and what would pay for them."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import grouped_bars, labelled_columns, layered, lines, steps
from analysis.figures.palette import colour_of
from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats, quantities
from analysis.numbers.amazon import AWS, EQUITY
from analysis.numbers.facts import Facts
from analysis.numbers.series import amazon as series

STATED_ROLES = {series.STATED[EQUITY]: "equity", series.STATED[AWS]: "orders"}
FLOW_ROLES = {series.FLOWS[EQUITY]: "equity", series.FLOWS[AWS]: "orders"}
SIDE_ROLES = {series.PUT_IN: "equity", series.ORDERED: "orders"}
ENDS = {"low": "Low, US$ bn", "high": "High, US$ bn"}


def fig_amazon_growth(ledger: Ledger, scenario: str = "central") -> Any:
    """How the equity and the contract grew, statement by statement."""
    frame = series.growth(ledger)
    if frame.empty:
        why = "Neither side is known by this day."
        return empty_figure("fig-amazon-growth", "The two sides of the deal", ledger, why)
    title = series.growth_finding(frame)
    last = frame.groupby("side", sort=False).tail(1).assign(day=ledger.as_of)
    left = min(frame["day"].min(), ledger.as_of - pd.Timedelta(days=30)) - pd.Timedelta(days=7)
    right = ledger.as_of + pd.Timedelta(days=6)
    said = (f"{formats.day(r.day.date())}, {r.side}: {r.low:g} to {r.high:g}, {r.status}" for r in frame.itertuples())
    return make_figure(
        steps(
            pd.concat([frame, last]).sort_values(["side", "day"], kind="stable"),
            {"day": "Known on", "side": "Side", "low": "Low, US$ bn", "high": "US$ bn", "status": "Status"},
            line="side",
            colours=STATED_ROLES,
            low="low",
            events=frame,
            event="status",
            x_scale=alt.Scale(domain=[f"{left:%Y-%m-%d}", f"{right:%Y-%m-%d}"]),
            has_floor=True,
        ),
        id="fig-amazon-growth",
        title=title,
        subtitle=(
            "As known on each day, US$ bn. Line: the most that was stated; dashes: the firm part; shade: what depends"
            " on conditions."
        ),
        alt_text=describe(title, said),
        table=frame,
        columns={"side": "Side", "day": "Day"} | ENDS | {"status": "Status"},
        ledger=ledger,
        rows=[frame],
        note="The AWS contract runs for years; the equity is a one-time payment. They are not yearly figures.",
    )


def fig_amazon_in_out(ledger: Ledger, scenario: str = "central") -> Any:
    """Equity in against spend back by year."""
    f = Facts(ledger, "amazon", scenario)
    equity, aws = (deals.payments(f.deal(key)) for key in (EQUITY, AWS))
    frame = series.in_and_out(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-amazon-in-out", "Money in and money back", ledger, "No amounts are known by this day.")
    title = series.in_and_out_finding(equity, aws)
    is_dated = len(aws) > 0 and bool(aws[["start", "end"]].notna().all(axis=None))
    note = "How fast the spending grows is our choice."
    return make_figure(
        labelled_columns(
            frame.sort_values("year", kind="stable"),
            {"year": "Year", "side": "Side", "central": "US$ bn"} | ENDS,
            value="central",
            group="side",
            colours=FLOW_ROLES,
            spread=("low", "high"),
        ),
        id="fig-amazon-in-out",
        title=title,
        subtitle=(
            "By calendar year, US$ bn: bar with our central choices, line over all of them. Equity includes the"
            " conditional part."
        ),
        alt_text=describe(title, (f"{r.year} {r.side} {r.central:.1f}" for r in frame.itertuples())),
        table=frame,
        columns={"side": "Side", "year": "Year", "central": "Central, US$ bn"}
        | ENDS
        | {"is_assumed": "Share on assumed dates"},
        ledger=ledger,
        rows=[equity, aws],
        note=(
            "The contract's start and end are published; how fast the spending grows is our choice."
            if is_dated
            else note
        ),
    )


def fig_amazon_sales(ledger: Ledger, scenario: str = "central") -> Any:
    """Sales whose fees would pay for a year of the AWS contract, by fee."""
    f = Facts(ledger, "amazon", scenario)
    aws, curve, point = f.deal(AWS), series.sales_curve(ledger, scenario), series.reported_sales(ledger, scenario)
    if curve.empty:
        why = "No yearly amount of the contract is known by this day."
        return empty_figure("fig-amazon-sales", "Sales that would pay for AWS", ledger, why)
    title, per_year = series.sales_finding(curve, point), quantities.contract_per_year(aws)
    drawn = lines(
        curve.assign(line="sales needed"),
        {"fee": "Fee, per cent", "sales": "sales a year, US$ bn"},
        line="line",
        colours={"sales needed": "first"},
        x="fee",
        value="sales",
        x_title="fee, per cent of sales",
        y_scale=alt.Scale(domain=[0, float(curve["sales"].max()) * 1.05], nice=False),
        has_points=False,
    )
    marks = alt.Chart(round_values(point)).encode(x="fee:Q", y="sales:Q")
    text = marks.mark_text(align="left", dx=10, dy=-8, fontWeight="bold", tooltip=None).encode(text="label:N")
    reported = [marks.mark_point(size=120, color=colour_of("second"), tooltip=None), text] if len(point) else []
    ends = [f"{r.sales:.0f} at {r.fee:g}%" for r in curve.iloc[[0, -1]].itertuples()]
    return make_figure(
        layered(drawn, *reported, height=drawn.height),
        id="fig-amazon-sales",
        title=title,
        subtitle=(
            "Sales in the chat whose fees equal an average year of the contract"
            f" ({formats.amount(per_year, 'usd_bn')}), US$ bn, by fee."
        ),
        alt_text=describe(title, [f"The curve falls from {ends[0]} to {ends[1]}"]),
        table=curve.iloc[::3],
        columns={"fee": "Fee, %", "sales": "Sales, US$ bn a year"},
        ledger=ledger,
        rows=[aws, f.last("openai", "instant_checkout_take_rate")],
        note="Sales made in the chat so far are not published.",
    )


def fig_amazon_control(ledger: Ledger, scenario: str = "central") -> Any:
    """Equity against orders for both labs and their partners."""
    frame, used = series.equity_and_orders(ledger)
    if frame.empty:
        why = "Neither lab has a known deal by this day."
        return empty_figure("fig-amazon-control", "OpenAI and Anthropic", ledger, why)
    title = series.pairs_finding(ledger, frame)
    return make_figure(
        grouped_bars(
            frame,
            {"pair": "Pair", "side": "Side", "high": "US$ bn", "label": "As known"},
            name="pair",
            group="side",
            value="high",
            colours=SIDE_ROLES,
        ),
        id="fig-amazon-control",
        title=title,
        subtitle=(
            "Equity the partner puts in and orders the lab has placed, US$ bn over the life of the deals; high ends."
        ),
        alt_text=describe(title, (f"{r.pair}, {r.side}: {r.label}" for r in frame.itertuples())),
        table=series.published_amounts(frame),
        columns={"pair": "Pair", "side": "Side"} | ENDS | {"deals": "Deals", "undisclosed": "Deals without a price"},
        ledger=ledger,
        rows=used,
        note=series.pairs_note(ledger, frame),
    )
