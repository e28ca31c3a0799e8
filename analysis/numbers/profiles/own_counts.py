"""What a company says it will have paid OpenAI, where that is not what its rounds in the ledger come to."""

import pandas as pd

from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.facts import Facts, value

METRIC = "invested_in_openai"
LEAST = 1.0  # US$ bn by which both differ


def own_count(facts: Facts, company: str, promised: pd.DataFrame) -> str:
    """Return the sentence; empty where a company says nothing, or the same.

    Parameters
    ----------
    facts, company
        The ledger's, and its key.
    promised
        What the company has paid or promised OpenAI for shares: rows of deals.
    """
    rows = facts.metric(company, METRIC)
    row = rows[rows["basis"].isin(bases.FORECASTS) & (rows["end"] > facts.ledger.as_of)].tail(1)
    if row.empty or promised.empty or abs(value(row) - counted.total(promised).high) <= LEAST:
        return ""
    amount, day = formats.amount(value(row), "usd_bn"), formats.day(row["end"].iloc[0].date())
    return f"By its own count that comes to {amount} by {day}; we have not found what makes the difference."
