"""The facts: load them, check them, read them as known on a day, compare two readings."""

from analysis.ledger.assumptions import Assumptions
from analysis.ledger.checks import check
from analysis.ledger.compare import compare, without_confirmations
from analysis.ledger.known import latest
from analysis.ledger.problems import LedgerError, Problem
from analysis.ledger.view import Ledger, parse_day

__all__ = [
    "Assumptions",
    "Ledger",
    "LedgerError",
    "Problem",
    "check",
    "compare",
    "latest",
    "parse_day",
    "without_confirmations",
]
