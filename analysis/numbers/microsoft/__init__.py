"""What the chapter on Microsoft says."""

from analysis.numbers.microsoft.agreement import contract, rights, stake
from analysis.numbers.microsoft.billing import billing, revenue_share
from analysis.numbers.microsoft.books import (
    backlog,
    backlog_floor,
    payer,
    quarter,
    result,
    telling_quarter,
    tested_quarter,
)

__all__ = [
    "backlog",
    "backlog_floor",
    "billing",
    "contract",
    "payer",
    "quarter",
    "result",
    "revenue_share",
    "rights",
    "stake",
    "telling_quarter",
    "tested_quarter",
]
