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
    here = counted.total(promised).high if len(promised) else 0.0
    if row.empty or not here or abs(value(row) - here) <= LEAST:
        return ""
    amount, day = formats.amount(value(row), "usd_bn"), formats.day(row["end"].iloc[0].date())
    more = "more" if value(row) > here else "less"
    told = f"By its own count it expects to have paid in {amount} by {day}, {more} than its rounds here come to"
    return f"{told}; we have not found what makes the difference."
