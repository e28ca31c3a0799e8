"""What the chapter on circularity says."""

from analysis.numbers.circularity.loop_scores import scores
from analysis.numbers.circularity.loops import rings
from analysis.numbers.circularity.measures import bounds
from analysis.numbers.circularity.partners import trips
from analysis.numbers.circularity.promises import progress
from analysis.numbers.circularity.vendor_finance import vendors

__all__ = ["bounds", "progress", "rings", "scores", "trips", "vendors"]
