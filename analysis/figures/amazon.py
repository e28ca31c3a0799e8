"""Figures of the chapter on Amazon."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import grouped_bars, labelled_bars, labelled_columns, layered, lines, scatter, steps
from analysis.figures.palette import MUTED, ROLES, colour_of
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import formats, quantities
from analysis.numbers.amazon import AWS, EQUITY, OFFER
from analysis.numbers.facts import Facts
from analysis.numbers.series import amazon as series

STATED_ROLES = {series.STATED[EQUITY]: "equity", series.STATED[AWS]: "orders"}
FLOW_ROLES = {series.FLOWS[EQUITY]: "equity", series.FLOWS[AWS]: "orders"}
FORMAT_ROLES = {series.FORMATS["fp8"]: "first", series.FORMATS["bf16"]: "other"}
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


def fig_amazon_price(ledger: Ledger, scenario: str = "central") -> Any:
    """List price of a peak PFLOP-hour, capacity blocks."""
    offers = series.block_offers(ledger).dropna(subset="fp8")
    if offers.empty:
        why = "No list prices of capacity blocks are in the ledger by this day."
        return empty_figure("fig-amazon-price", "List price of computing", ledger, why)
    title = series.price_finding(ledger, scenario, offers)
    return make_figure(
        grouped_bars(
            series.peak_prices(offers),
            {"chip": "Chip", "format": "Format", "cost": "US$ per dense PFLOP-hour", "as_of": "Price of"},
            name="chip",
            group="format",
            value="cost",
            colours=FORMAT_ROLES,
        ),
        id="fig-amazon-price",
        title=title,
        subtitle=(
            "List price of AWS capacity blocks per dense PFLOP-hour, US$; newest price of each chip,"
            f" {series.months(offers)}."
        ),
        alt_text=describe(title, (f"{r.chip} FP8 {formats.amount(r.fp8, 'usd')}" for r in offers.itertuples())),
        table=offers,
        columns={
            "chip": "Chip",
            "instance": "Instance",
            "region": "Region",
            "as_of": "Price of",
            "usd_per_chip_hour": "US$ per chip-hour",
            "fp8": "US$ per FP8 PFLOP-hour",
            "bf16": "US$ per BF16 PFLOP-hour",
            "tbps": "US$ per TB/s-hour",
        },
        ledger=ledger,
        rows=[offers],
        note=series.price_note(ledger),
    )


def fig_amazon_break_even(ledger: Ledger, scenario: str = "central") -> Any:
    """How well Trainium2 must be used, relative to each rival, to cost the same."""
    offers = series.block_offers(ledger)
    frame = series.break_evens(offers)
    if frame.empty:
        why = f"No list prices of {OFFER} and a rival are in the ledger by this day."
        return empty_figure("fig-amazon-break-even", f"Break-even utilisation of {OFFER}", ledger, why)
    f = Facts(ledger, "amazon", scenario)
    claim = [f.last("amazon", f"trainium_price_performance_advantage_{end}") for end in ("low", "high")]
    band, title = series.claimed_break_even(*claim), series.break_even_finding(frame)
    words = {"rival": "Rival and format", "share": f"{OFFER}'s utilisation, per cent of the rival's"}
    scale = alt.Scale(domain=[0, max(125, frame["share"].max() * 1.1)])
    bars = labelled_bars(
        frame,
        words,
        name="rival",
        value="share",
        kind="format",
        colours=FORMAT_ROLES,
        scale=scale,
        thickness=16,
        step=30,
    )
    shade = alt.Chart(round_values(band)).mark_rect(color=colour_of("second"), opacity=0.3, tooltip=None)
    equal = alt.Chart(pd.DataFrame({"share": [100]})).mark_rule(strokeDash=[4, 3], color=MUTED, tooltip=None)
    shades = [shade.encode(x="low:Q", x2="high:Q")] if len(band) else []
    told = "Shade: where break-even would lie if Amazon's claim of better price-performance held at equal utilisation. "
    return make_figure(
        layered(*shades, bars, equal.encode(x="share:Q"), height=bars.height),
        id="fig-amazon-break-even",
        title=title,
        subtitle=(
            f"Utilisation of {OFFER} at which it costs the same as each rival, per cent of the rival's; capacity"
            " blocks, dense peak rates."
        ),
        alt_text=describe(title, (f"{r.rival}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"rival": "Rival and format", "share": "Break-even, % of the rival's utilisation"},
        ledger=ledger,
        rows=[offers, *claim],
        note=told * bool(len(band)) + "Dashes: equal utilisation.",
    )


def fig_amazon_chips(ledger: Ledger, scenario: str = "central") -> Any:
    """Peak rate against memory bandwidth, by vendor."""
    frame = series.chip_rates(ledger)
    if frame.empty:
        why = "No chips are in the ledger by this day."
        return empty_figure("fig-amazon-chips", "Trainium and its rivals", ledger, why)
    title = series.chips_finding(frame)
    said = (f"{r.chip}: {r.fp8_dense_pflops:g} PFLOPS, {r.hbm_tbps:g} TB/s" for r in frame.itertuples())
    axes = {"fp8_dense_pflops": "dense FP8 PFLOPS", "hbm_tbps": "memory bandwidth, TB/s"}
    rates = {"fp8_dense_pflops": "FP8 dense, PFLOPS", "bf16_dense_pflops": "BF16 dense, PFLOPS"}
    memory = {"hbm_gb": "Memory, GB", "hbm_tbps": "Bandwidth, TB/s"}
    return make_figure(
        scatter(
            frame,
            {"chip": "Chip", "maker": "Vendor"} | axes | {"hbm_gb": "Memory, GB", "tdp_w": "Power, W"},
            x="hbm_tbps",
            y="fp8_dense_pflops",
            kind="maker",
            colours={ledger.name(v): v for v in ROLES if v in set(frame["vendor"])},
            narrow_label="narrow_label",
            strong=ledger.name("amazon"),
        ),
        id="fig-amazon-chips",
        title=title,
        subtitle=(
            "Per chip: dense FP8 peak and memory bandwidth, as published. Power stands in the data where it is"
            " published."
        ),
        alt_text=describe(title, said),
        table=frame,
        columns={"chip": "Chip", "maker": "Vendor", "year": "Year"} | rates | memory | {"tdp_w": "Power, W"},
        ledger=ledger,
        rows=[frame],
        note=series.chips_note(frame),
    )


def fig_amazon_chip_count(ledger: Ledger, scenario: str = "central") -> Any:
    """Chips that the contracted capacity feeds, by assumed power and overhead."""
    frame = series.chip_counts(ledger, scenario)
    if frame.empty:
        why = "The contract names no capacity by this day."
        return empty_figure("fig-amazon-chip-count", "Chips in the contract", ledger, why)
    aws = Facts(ledger, "amazon", scenario).deal(AWS)
    title = series.chip_counts_finding(frame, aws)
    return make_figure(
        grouped_bars(
            frame,
            {"power": "Power", "site": "Overhead", "chips": "million chips"},
            name="power",
            group="site",
            value="chips",
            colours=series_roles(frame["site"]),
        ),
        id="fig-amazon-chip-count",
        title=title,
        subtitle=(
            "Capacity over power of a chip times overhead of the site, million chips. Power and overhead are our"
            " choices."
        ),
        alt_text=describe(title, (f"{r.power}, {r.site}: {r.label} million" for r in frame.itertuples())),
        table=frame,
        columns={"watts": "Power of a chip, W", "overhead": "Overhead", "chips": "Million chips"},
        ledger=ledger,
        rows=[aws],
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
