"""Backlog, capital spending, debt and maturity.

- A backlog is what customers have promised, not money; its cover by revenue is a number of years.
- Loan-to-value is debt over the value of holdings, as the company defines it.
- A debt that falls due before the contract that is to pay it ends must be paid again from elsewhere.
"""

import pandas as pd


def backlog_years(backlog: float, yearly_revenue: float) -> float:
    """Years of revenue in the backlog (both US$ bn). Raises ValueError for revenue of 0 or less."""
    if not yearly_revenue > 0:
        raise ValueError(f"revenue {yearly_revenue} must be above 0")
    return backlog / yearly_revenue


def customer_share(customer: float, backlog: float) -> float:
    """Share of the backlog owed by one customer, 0 to 1.

    Raises ValueError when the customer owes more than the whole, or the backlog is 0 or less.
    """
    if not backlog > 0:
        raise ValueError(f"backlog {backlog} must be above 0")
    if not 0 <= customer <= backlog:
        raise ValueError(f"customer's part {customer} is outside 0 to the backlog {backlog}")
    return customer / backlog


def capex_cover(capex: float, operating_cash_flow: float) -> float:
    """Capital spending per dollar of operating cash flow. Raises ValueError for a cash flow of 0 or less."""
    if not operating_cash_flow > 0:
        raise ValueError(f"operating cash flow {operating_cash_flow} must be above 0")
    return capex / operating_cash_flow


def trailing_four_quarters(quarters: pd.DataFrame) -> float:
    """Sum of the last four quarters (columns start, end, value), nan when they do not follow each other.

    A quarter is a period of 80 to 100 days; each must start the day after the one before ended.
    """
    days = (quarters["end"] - quarters["start"]).dt.days
    last = quarters[days.between(80, 100)].sort_values("end").tail(4)
    gaps = (last["start"].iloc[1:].to_numpy() - last["end"].iloc[:-1].to_numpy()).astype("timedelta64[D]").astype(int)
    return float(last["value"].sum()) if len(last) == 4 and (gaps == 1).all() else float("nan")
