"""Figures of the chapter on Amazon."""

from analysis.figures.amazon.anthropic import anthropic_deals, fig_amazon_pace
from analysis.figures.amazon.money import (
    fig_amazon_backlog,
    fig_amazon_control,
    fig_amazon_gains,
    fig_amazon_growth,
    fig_amazon_payback,
)
from analysis.figures.amazon.trainium import fig_amazon_price

__all__ = [
    "anthropic_deals",
    "fig_amazon_backlog",
    "fig_amazon_control",
    "fig_amazon_gains",
    "fig_amazon_growth",
    "fig_amazon_pace",
    "fig_amazon_payback",
    "fig_amazon_price",
]
