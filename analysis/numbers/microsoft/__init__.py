"""What the chapter on Microsoft says."""

from analysis.numbers.microsoft.agreement import contract, rights
from analysis.numbers.microsoft.billing import billing, revenue_share
from analysis.numbers.microsoft.books import (
    backlog,
    backlog_floor,
    payer,
    quarter,
    result,
    stakes_of,
    telling_quarter,
    tested_quarter,
)
from analysis.numbers.microsoft.customer import bills, customer, sales_in
from analysis.numbers.microsoft.ownership import stake

__all__ = [
    "backlog",
    "backlog_floor",
    "billing",
    "bills",
    "contract",
    "customer",
    "payer",
    "quarter",
    "result",
    "revenue_share",
    "rights",
    "sales_in",
    "stake",
    "stakes_of",
    "telling_quarter",
    "tested_quarter",
]
