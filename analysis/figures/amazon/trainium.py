"""The figure of Trainium: its price beside that of its rivals."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import grouped_bars
from analysis.ledger import Ledger
from analysis.numbers import formats
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
