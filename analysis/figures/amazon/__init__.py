"""Figures of the chapter on Amazon."""

from analysis.figures.amazon.money import fig_amazon_control, fig_amazon_growth, fig_amazon_in_out, fig_amazon_sales
from analysis.figures.amazon.trainium import (
    fig_amazon_break_even,
    fig_amazon_chip_count,
    fig_amazon_chips,
    fig_amazon_price,
)

__all__ = [
    "fig_amazon_break_even",
    "fig_amazon_chip_count",
    "fig_amazon_chips",
    "fig_amazon_control",
    "fig_amazon_growth",
    "fig_amazon_in_out",
    "fig_amazon_price",
    "fig_amazon_sales",
]
