"""What the figures of exposure share: their rows, and what they say where there is nothing to draw."""

import pandas as pd

from analysis.figures.figure_sources import priced
from analysis.ledger import Ledger
from analysis.numbers import quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import owed
from analysis.numbers.exposure.accounts import published
from analysis.numbers.exposure.liabilities import suppliers

NO_PRICE = "No contract with a published price is known by this day."
NO_ACCOUNTS = "The ledger holds no supplier's cash, cash flow and spending by this day."


def orders(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the orders of OpenAI that have a price: rows of deals."""
    return priced(quantities.outstanding(owed.facts(ledger, scenario)))


def orders_and_accounts(ledger: Ledger, scenario: str) -> dict[str, list[pd.DataFrame]]:
    """Return the orders with a price, and the rows of the accounts of those who hold them."""
    f = owed.facts(ledger, scenario)
    books = {party: published(ledger, scenario, party) for party in suppliers(f)}
    accounts = {
        f"Accounts of {short_name(ledger.name(party))}": [r for r in book.rows if len(r)]
        for party, book in books.items()
        if book is not None
    }
    return {"OpenAI's orders": [orders(ledger, scenario)]} | accounts
