"""What the chapter on sustainability says."""

from analysis.numbers.sustainability.capacity import rent
from analysis.numbers.sustainability.cash import gap, spread
from analysis.numbers.sustainability.choices import specification, weights
from analysis.numbers.sustainability.forecasts import hump, rerun
from analysis.numbers.sustainability.plan import own, position

__all__ = ["gap", "hump", "own", "position", "rent", "rerun", "specification", "spread", "weights"]
