"""Payer x payee x year, from the rows that count.

- A flow is an amount of a deal falling in a year (`models.obligations`); deals of the same pair add up.
- Outside money closes the books: customers pay in, and what a party gets and does not pay on goes to power,
  wages, tax and suppliers outside the set; what it pays and does not get it takes from funds of its own.
- ``matrix`` keeps the parties in sorted order, so that two runs give the same array.
"""

import numpy as np
import pandas as pd

from analysis.models import obligations


def flows(deals: pd.DataFrame, term_years: dict[str, float], ramp: float = 0.0) -> pd.DataFrame:
    """Payments by payer, payee and year: columns payer, payee, year, low, high (US$ bn), deals."""
    spread = obligations.by_year(deals, term_years, ramp)
    grouped = spread.groupby(["payer", "payee", "year"], sort=True)
    return grouped.agg(low=("low", "sum"), high=("high", "sum"), deals=("deal", "nunique")).reset_index()


def matrix(table: pd.DataFrame, amount: str = "high") -> tuple[np.ndarray, list[str]]:
    """The flow matrix ``W`` (n, n), ``W[i, j]`` paid by i to j, and the n names in sorted order.

    Parameters: rows with payer, payee and the column named by ``amount`` (several rows of a pair add up).
    Raises ValueError for a negative or missing amount, naming the pair.
    """
    values = table[amount].to_numpy(dtype=float)
    bad = ~(values >= 0)
    if bad.any():
        row = table[bad].iloc[0]
        raise ValueError(f"{amount} of {row['payer']} to {row['payee']} is {row[amount]}; it must be 0 or more")
    names = sorted({*table["payer"], *table["payee"]})
    place = {name: i for i, name in enumerate(names)}
    W = np.zeros((len(names), len(names)))
    np.add.at(W, (table["payer"].map(place).to_numpy(int), table["payee"].map(place).to_numpy(int)), values)
    return W, names
