"""What the chapter on Microsoft says."""

from analysis.numbers.microsoft.agreement import contract, rights, stake
from analysis.numbers.microsoft.books import backlog, payer, quarter, result, revenue_share

__all__ = ["backlog", "contract", "payer", "quarter", "result", "revenue_share", "rights", "stake"]
