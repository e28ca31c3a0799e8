"""What the chapter on circularity says."""

from analysis.numbers.circularity.builders import clouds
from analysis.numbers.circularity.choices import ranges
from analysis.numbers.circularity.loops import rings
from analysis.numbers.circularity.matching import matched
from analysis.numbers.circularity.measures import bounds, returns_share
from analysis.numbers.circularity.partners import trips
from analysis.numbers.circularity.telecom import vendors

__all__ = ["bounds", "clouds", "matched", "ranges", "returns_share", "rings", "trips", "vendors"]
