"""What the first page says."""

from analysis.numbers.index.money import (
    annual_sales,
    chipmakers,
    gets,
    growth,
    growth_finding,
    loss,
    owes,
    rates_shown,
    totals,
)
from analysis.numbers.index.news import news
from analysis.numbers.index.sides import circle, to_both_share

__all__ = [
    "annual_sales",
    "chipmakers",
    "circle",
    "gets",
    "growth",
    "growth_finding",
    "loss",
    "news",
    "owes",
    "rates_shown",
    "to_both_share",
    "totals",
]
