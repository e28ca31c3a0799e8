"""Figures of Trainium: its price, and its rivals."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.amazon import RIVAL
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


def fig_amazon_chips(ledger: Ledger, scenario: str = "central") -> Any:
    """Peak rate and memory bandwidth of Amazon's chips and the fastest of their rivals, in H100s."""
    frame = series.chip_rates(ledger)
    if frame.empty:
        why = f"No rates to compare with an {RIVAL}'s are in the ledger by this day."
        return empty_figure("fig-amazon-chips", "Trainium and its rivals", ledger, why)
    title = series.chips_finding(frame)
    shown = frame.drop_duplicates("chip")
    said = (f"{r.chip}: {r.fp8_dense_pflops:g} PFLOPS, {r.hbm_tbps:g} TB/s" for r in shown.itertuples())
    rates = {"fp8_dense_pflops": "FP8 dense, PFLOPS", "bf16_dense_pflops": "BF16 dense, PFLOPS"}
    memory = {"hbm_gb": "Memory, GB", "hbm_tbps": "Bandwidth, TB/s"}
    return make_figure(
        grouped_bars(
            frame,
            {"chip": "Chip", "maker": "Vendor", "measure": "Measure", "times": f"times an {RIVAL}", "label": "Rate"},
            name="chip",
            group="measure",
            value="times",
            colours=dict(zip(series.MEASURES, ("first", "other"), strict=True)),
        ),
        id="fig-amazon-chips",
        title=title,
        subtitle=f"Dense FP8 peak and memory bandwidth of a chip, in those of an {RIVAL}; each rival maker's fastest.",
        alt_text=describe(title, said),
        table=shown,
        columns={"chip": "Chip", "maker": "Vendor", "year": "Year"} | rates | memory | {"tdp_w": "Power, W"},
        ledger=ledger,
        rows=[shown.drop(columns=["maker", "measure", "times", "label"])],
        note=series.chips_note(ledger, shown),
    )
