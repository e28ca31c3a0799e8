"""What the chapter on Oracle and SoftBank says."""

from analysis.numbers.oracle_softbank.backer import softbank
from analysis.numbers.oracle_softbank.books import oracle
from analysis.numbers.oracle_softbank.buildout import headlines, ohio, sites
from analysis.numbers.oracle_softbank.business import business
from analysis.numbers.oracle_softbank.lending import loans, terms
from analysis.numbers.oracle_softbank.per_gigawatt import cost
from analysis.numbers.oracle_softbank.stressed import stressed

__all__ = ["business", "cost", "headlines", "loans", "ohio", "oracle", "sites", "softbank", "stressed", "terms"]
