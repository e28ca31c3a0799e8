"""What the chapter on sustainability says."""

from analysis.numbers.sustainability.capacity import rent
from analysis.numbers.sustainability.cash import gap, spread, weights
from analysis.numbers.sustainability.clearing import stress
from analysis.numbers.sustainability.forecasts import hump, rerun

__all__ = ["gap", "hump", "rent", "rerun", "spread", "stress", "weights"]
