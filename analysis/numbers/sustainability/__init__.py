"""What the chapter on sustainability says."""

from analysis.numbers.sustainability.asymmetry import lopsided
from analysis.numbers.sustainability.capacity import rent
from analysis.numbers.sustainability.choices import specification, weights
from analysis.numbers.sustainability.crossings import crossing
from analysis.numbers.sustainability.finances import position
from analysis.numbers.sustainability.first_year import first_year
from analysis.numbers.sustainability.forecasts import hump, rerun
from analysis.numbers.sustainability.futures import twenty
from analysis.numbers.sustainability.ladder import rungs
from analysis.numbers.sustainability.luck import luck
from analysis.numbers.sustainability.orders import ordered
from analysis.numbers.sustainability.plan import own
from analysis.numbers.sustainability.rationale import by_itself
from analysis.numbers.sustainability.scenarios import fulfilled, spread
from analysis.numbers.sustainability.shortfall import by_contracts, gap

__all__ = [
    "by_contracts",
    "by_itself",
    "crossing",
    "first_year",
    "fulfilled",
    "gap",
    "hump",
    "lopsided",
    "luck",
    "ordered",
    "own",
    "position",
    "rent",
    "rerun",
    "rungs",
    "specification",
    "spread",
    "twenty",
    "weights",
]
