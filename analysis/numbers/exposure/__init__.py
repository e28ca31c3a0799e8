"""Who is owed what, who stands behind it, and who misses what when OpenAI pays less."""

from analysis.numbers.exposure.backers import backing
from analysis.numbers.exposure.half import half_of_oracle
from analysis.numbers.exposure.holders import marked
from analysis.numbers.exposure.joint import joint_choices
from analysis.numbers.exposure.owed import largest
from analysis.numbers.exposure.stress import clearing_years
from analysis.numbers.exposure.timing import cross_check, when

__all__ = ["backing", "clearing_years", "cross_check", "half_of_oracle", "joint_choices", "largest", "marked", "when"]
