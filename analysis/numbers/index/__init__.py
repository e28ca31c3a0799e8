"""What the first page says."""

from analysis.numbers.index.money import (
    chipmakers,
    growth,
    growth_finding,
    loss,
    rates_shown,
    totals,
)
from analysis.numbers.index.news import news, recent_changes
from analysis.numbers.index.sides import circle

__all__ = [
    "chipmakers",
    "circle",
    "growth",
    "growth_finding",
    "loss",
    "news",
    "rates_shown",
    "recent_changes",
    "totals",
]
