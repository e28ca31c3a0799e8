"""What the chapter on Oracle and SoftBank says."""

from analysis.numbers.oracle_softbank.books import oracle, softbank, terms
from analysis.numbers.oracle_softbank.buildout import cost, headlines, sites

__all__ = ["cost", "headlines", "oracle", "sites", "softbank", "terms"]
