"""What the chapter on the scorecard says: what was predicted and promised, and what came of it."""

from analysis.numbers.scorecard.ahead import ahead, unsettled
from analysis.numbers.scorecard.consequence import consequence
from analysis.numbers.scorecard.coverage import coverage
from analysis.numbers.scorecard.distrust import distrust
from analysis.numbers.scorecard.erring import sides
from analysis.numbers.scorecard.predicted import scores
from analysis.numbers.scorecard.promised import forecasts_of_others, kept

__all__ = [
    "ahead",
    "consequence",
    "coverage",
    "distrust",
    "forecasts_of_others",
    "kept",
    "scores",
    "sides",
    "unsettled",
]
