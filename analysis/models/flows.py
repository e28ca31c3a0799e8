"""Payments by payer, payee and year, from the rows that count.

- A flow is an amount of a deal falling in a year (`models.obligations`); deals of the same pair add up.
- ``matrix`` keeps the parties in sorted order, so that two runs give the same array.
"""

import numpy as np
import pandas as pd

from analysis.models import obligations


def flows(deals: pd.DataFrame, term_years: dict[str, float], ramp: float = 0.0) -> pd.DataFrame:
    """Payments by payer, payee and year.

    Parameters
    ----------
    deals, term_years, ramp
        As for `obligations.by_year`.

    Returns
    -------
    DataFrame
        Columns payer, payee, year, low, high (US$ bn) and deals (their number), sorted by the first three.
    """
    spread = obligations.by_year(deals, term_years, ramp)
    grouped = spread.groupby(["payer", "payee", "year"], sort=True)
    return grouped.agg(low=("low", "sum"), high=("high", "sum"), deals=("deal", "nunique")).reset_index()


def matrix(table: pd.DataFrame, amount: str = "high") -> tuple[np.ndarray, list[str]]:
    """The flow matrix of a table of payments.

    Parameters
    ----------
    table : DataFrame
        Columns payer, payee and the one named by ``amount``; several rows of a pair add up.
    amount : str
        The column of amounts (US$ bn).

    Returns
    -------
    W : ndarray
        (n, n), ``W[i, j]`` paid by i to j.
    names : list of str
        The n parties in sorted order.

    Raises
    ------
    ValueError
        For a negative or missing amount, naming the pair.
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
