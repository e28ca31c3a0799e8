"""Backlog, capital spending and trailing results.

A backlog is what customers have promised, not money; its cover by revenue is a number of years.
"""

import pandas as pd

from analysis.models import periods


def backlog_years(backlog: float, yearly_revenue: float) -> float:
    """Years of revenue in a backlog.

    Parameters
    ----------
    backlog, yearly_revenue : float
        US$ bn.

    Raises
    ------
    ValueError
        For revenue of 0 or less.
    """
    if not yearly_revenue > 0:
        raise ValueError(f"revenue {yearly_revenue} must be above 0")
    return backlog / yearly_revenue


def customer_share(customer: float, backlog: float) -> float:
    """Share of a backlog owed by one customer, 0 to 1.

    Parameters
    ----------
    customer, backlog : float
        US$ bn.

    Raises
    ------
    ValueError
        When the customer owes more than the whole, or the backlog is 0 or less.
    """
    if not backlog > 0:
        raise ValueError(f"backlog {backlog} must be above 0")
    if not 0 <= customer <= backlog:
        raise ValueError(f"customer's part {customer} is outside 0 to the backlog {backlog}")
    return customer / backlog


def capex_cover(capex: float, operating_cash_flow: float) -> float:
    """Capital spending per dollar of operating cash flow.

    Parameters
    ----------
    capex, operating_cash_flow : float
        US$ bn.

    Raises
    ------
    ValueError
        For a cash flow of 0 or less.
    """
    if not operating_cash_flow > 0:
        raise ValueError(f"operating cash flow {operating_cash_flow} must be above 0")
    return capex / operating_cash_flow


def trailing_four_quarters(statements: pd.DataFrame) -> float:
    """Sum of the last four quarters.

    Parameters
    ----------
    statements : DataFrame
        Columns start, end (days) and value. Periods of another length are ignored.

    Returns
    -------
    float
        In the unit of value; NaN unless there are four, each beginning the day after the one before ended.
    """
    last = periods.quarters(statements).sort_values("end").tail(4)
    gaps = (last["start"].iloc[1:].to_numpy() - last["end"].iloc[:-1].to_numpy()).astype("timedelta64[D]").astype(int)
    return float(last["value"].sum()) if len(last) == 4 and (gaps == 1).all() else float("nan")
