"""What the first page says."""

from analysis.numbers.index.money import chipmakers, growth, loss, news, rates_shown, recent_rows, totals
from analysis.numbers.index.sides import circle, returns

__all__ = ["chipmakers", "circle", "growth", "loss", "news", "rates_shown", "recent_rows", "returns", "totals"]
