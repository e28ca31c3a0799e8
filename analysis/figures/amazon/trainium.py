"""The figure of Trainium: its price beside that of its rivals."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import labelled_bars
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.series import amazon as series
from analysis.numbers.series.amazon import trainium

MAKER_ROLES = {trainium.OWN: "amazon", trainium.OTHERS: "other"}


def fig_amazon_price(ledger: Ledger, scenario: str = "central") -> Any:
    """List price of a peak PFLOP-hour, capacity blocks."""
    offers = series.block_offers(ledger).dropna(subset="fp8")
    if offers.empty:
        why = "No list prices of capacity blocks are in the ledger by this day."
        return empty_figure("fig-amazon-price", "List price of computing", ledger, why)
    title = series.price_finding(ledger, scenario, offers)
    return make_figure(
        labelled_bars(
            offers.assign(label=[formats.amount(v, "usd") for v in offers["fp8"]]),
            {"chip": "Chip", "fp8": "US$ per dense FP8 PFLOP-hour", "as_of": "Price of"},
            name="chip",
            value="fp8",
            kind="maker",
            colours=MAKER_ROLES,
        ),
        id="fig-amazon-price",
        title=title,
        subtitle=(
            "What an hour of one peak petaflop (dense FP8) costs at AWS, reserved in blocks, US$; newest list price,"
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
