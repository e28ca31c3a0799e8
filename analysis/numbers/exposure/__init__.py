"""Who is owed what, who stands behind it, and who misses what when OpenAI pays less."""

from analysis.numbers.exposure.backers import backing
from analysis.numbers.exposure.holders import marked
from analysis.numbers.exposure.owed import largest, when
from analysis.numbers.exposure.stress import clearing_years

__all__ = ["backing", "clearing_years", "largest", "marked", "when"]
