"""Figures of Trainium: its price, its rivals, and the chips that the contract feeds."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import grouped_bars, labelled_bars, layered, scatter
from analysis.figures.palette import MUTED, ROLES, colour_of
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.amazon import AWS, OFFER
from analysis.numbers.facts import Facts
from analysis.numbers.series import amazon as series

FORMAT_ROLES = {series.FORMATS["fp8"]: "first", series.FORMATS["bf16"]: "other"}


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
