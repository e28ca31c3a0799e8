"""What a company says of itself, line by line: the newest figure of each, and what it was a year before.

- A line is an amount of money of the whole firm or of its main business; which lines a firm has is listed here.
- Of each line stands what counts for its newest period, and below it the furthest forecast that reaches further and
  whose period is not over.
"""

from collections.abc import Iterator

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.numbers import formats
from analysis.numbers.facts import Facts
from analysis.numbers.row_keys import row_keys

SPENT, CASH_FLOW, DEBT = "Capital spending", "Cash left after capital spending", "Debt"
REVENUE, PROFIT, LEASES, BACKLOG = "Revenue", "Net income", "Leases signed and not begun", "Backlog"
# The lines of each firm by metric; a metric that the ledger has with a low and a high end is named without them.
LINES = {
    "microsoft": {
        "revenue": REVENUE,
        "revenue_guidance": REVENUE,
        "azure_revenue": "Revenue of Azure",
        "ai_annualized_revenue": "Revenue from AI, at the pace of a year",
        "net_income": PROFIT,
        "free_cash_flow": CASH_FLOW,
        "capex": "Capital spending with finance leases",
        "capex_guidance": "Capital spending with finance leases",
        "capex_component_inflation": "Dearer parts, in the guidance told that day",
        "cash": "Cash",
        "finance_lease_assets_obtained": "Assets got under finance leases",
        "finance_lease_liabilities": "Owed under finance leases",
        "leases_not_commenced": LEASES,
        "equity_method_investments_balance": "Holdings booked by the equity method, at most",
        "rpo": BACKLOG,
        "rpo_openai": "Backlog from OpenAI",
    },
    "amazon": {
        "net_income": PROFIT,
        "operating_income": "Operating income",
        "aws_revenue": "Revenue of AWS",
        "aws_operating_income": "Operating income of AWS",
        "aws_ai_annualized_revenue": "Revenue of AWS from AI, at the pace of a year",
        "chips_annualized_revenue": "Revenue from its own chips, at the pace of a year",
        "chips_annualized_revenue_if_sold_externally": "The same if all of them were sold to others",
        "capex": SPENT,
        "capex_net": "Capital spending less sales and incentives",
        "capex_guidance": SPENT,
        "free_cash_flow": CASH_FLOW,
        "depreciation": "Depreciation",
        "cash": "Cash",
        "total_debt": DEBT,
        "leases_not_commenced": LEASES,
        "unconditional_purchase_obligations": "Purchases that it cannot cancel",
        "total_commitments": "All commitments",
        "aws_rpo": "Backlog of AWS",
    },
    "oracle": {
        "revenue": REVENUE,
        "cloud_infrastructure_revenue": "Revenue from renting out computers",
        "net_income": PROFIT,
        "operating_cash_flow": "Cash from operations",
        "capex": SPENT,
        "capex_guidance": SPENT,
        "free_cash_flow": CASH_FLOW,
        "interest_expense": "Interest",
        "cash": "Cash",
        "total_debt": DEBT,
        "total_debt_incl_leases": "Debt with leases that have begun",
        "net_debt": "Debt and leases less cash",
        "leases_not_commenced": LEASES,
        "project_loans_with_ig_rating": "Rated loans of those who build for it, at least",
        "rpo": BACKLOG,
        "contracts_signed_customer_funded": "New contracts with customers' own chips or money",
    },
    "softbank": {
        "net_income": PROFIT,
        "gain_on_openai": "Gain on OpenAI, on paper",
        "vision_fund_investment_gain": "Gain of its Vision Funds",
        "invested_in_openai": "Put into OpenAI",
        "stake_value_openai": "Worth of its stake in OpenAI",
    },
    "nvidia": {
        "revenue": REVENUE,
        "data_center_revenue": "Revenue from data centres",
        "data_center_revenue_hyperscale": "Part of it from the largest clouds",
        "net_income": PROFIT,
        "operating_cash_flow": "Cash from operations",
        "free_cash_flow": CASH_FLOW,
        "capex": SPENT,
        "other_net_result": "Result beside the business, mostly gains on shares",
        "unrealized_gain_public_equity": "Gains on listed shares, on paper",
        "non_marketable_equity_net_additions": "Put into shares without a market price",
        "investment_commitments": "Promised to put into firms",
        "cash": "Cash and marketable securities",
        "total_debt": DEBT,
        "supply_and_prepaid_commitments": "Owed to suppliers, with what is prepaid",
    },
    "coreweave": {
        "revenue": REVENUE,
        "net_loss": "Net loss",
        "capex": SPENT,
        "capex_guidance": SPENT,
        "total_debt": DEBT,
        "operating_lease_liabilities": "Owed under leases",
        "leases_not_commenced": LEASES,
        "rpo": BACKLOG,
        "revenue_backlog": "Backlog by its wider count",
        "net_new_commitments": "New orders since",
    },
}
SAID_BY = {
    "actual": "company",
    "reported": "press",
    "estimate": "estimate",
    "guidance": "company's outlook",
    "projection": "forecast",
}
COLUMNS = ("line", "amount", "period", "before", "said_by", "as_of", "row", "source")
A_YEAR = pd.DateOffset(years=1)
SLACK = pd.Timedelta(days=12)  # by which a fiscal quarter may end earlier or later than the year before


def reported(ledger: Ledger, entity: str) -> pd.DataFrame:
    """Return the newest figure of each line of a firm's accounts, and of its outlook.

    Returns
    -------
    DataFrame
        line (words), amount and before (US$ bn as readers see them; before is of a year earlier, empty where it is
        not known), period and said_by (words), as_of, row (``table:key``) and source, in the order of `LINES`.
    """
    f = Facts(ledger, "")
    found = [
        (words, *_told(f, statement, rows))
        for metric, words in LINES[entity].items()
        for rows in [_ranged(f, entity, metric)]
        for statement in _newest(rows, ledger.as_of)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _ranged(f: Facts, entity: str, metric: str) -> pd.DataFrame:
    """The statements of a metric with their low end beside them, where it has two."""
    rows = f.metric(entity, metric)
    if len(rows):
        return rows.assign(low=rows["value"])
    low, high = (f.metric(entity, f"{metric}_{end}") for end in ("low", "high"))
    keys = ["start", "end", "as_of"]
    return high.merge(low[[*keys, "value"]].rename(columns={"value": "low"}), on=keys, how="left")


def _newest(rows: pd.DataFrame, day: pd.Timestamp) -> Iterator[pd.DataFrame]:
    """What counts for the newest period (one row), and the furthest forecast beyond it and the day."""
    is_forecast = rows["basis"].isin(bases.FORECASTS)
    known = bases.best(rows[~is_forecast]).tail(1)
    ahead = bases.best(rows[is_forecast & (rows["end"] >= day)]).tail(1)
    if len(known):
        yield known
    if len(ahead) and (known.empty or ahead["end"].iloc[0] > known["end"].iloc[0]):
        yield ahead


def _told(f: Facts, statement: pd.DataFrame, rows: pd.DataFrame) -> tuple[object, ...]:
    """A statement as `COLUMNS` have it, without the words of its line."""
    row, before = statement.iloc[0], _a_year_before(statement, rows)
    return (
        _amount(row["low"], row["value"]),
        f.period(statement).words,
        _amount(*before[["low", "value"]].iloc[-1]) if len(before) else "",
        SAID_BY[row["basis"]],
        row["as_of"],
        row_keys(statement.drop(columns="low"))[0],
        row["source"],
    )


def _a_year_before(statement: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """What counts for the same span of the year before: one row, or none."""
    row = statement.iloc[0]
    near = (rows["end"] - (row["end"] - A_YEAR)).abs() <= SLACK
    is_balance = pd.isna(row["start"])
    same = rows["start"].isna() if is_balance else (rows["start"] - (row["start"] - A_YEAR)).abs() <= SLACK
    return bases.best(rows[near & same & rows["basis"].isin(bases.HAPPENED)]).tail(1)


def _amount(low: float, high: float) -> str:
    if pd.isna(low) or low == high:
        return formats.plain(high, "usd_bn")
    return formats.span(low, high, "usd_bn", has_unit=False)
