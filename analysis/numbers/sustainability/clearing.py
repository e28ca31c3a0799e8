"""Who misses what when OpenAI pays less of one year's contracts."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import clearing, leverage, obligations
from analysis.models.periods import quarters
from analysis.numbers import modelling, quantities
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.results import Results

SHARES = (1.0, 0.75, 0.5, 0.25)  # of a year's contracts that OpenAI pays
BUILDERS = "builders, chipmakers and lenders"  # those behind the suppliers
NOTICEABLE = 0.05  # US$ bn from which a loss down the chain is told
COLUMNS = ["share", "party", "name", "first_round", "chain", "year"]


class Accounts(NamedTuple):
    """A supplier's year without OpenAI, US$ bn, NaN where not known, and the rows behind it."""

    duty: float
    means: float
    rows: list[pd.DataFrame]


def accounts(f: Facts, party: str) -> Accounts:
    """Return what a supplier has to pay in a year, and what it has for it without OpenAI.

    - It has to pay the capital spending that it guides for a year, or four times the last quarter's, and interest.
    - It has its operating cash flow of a year, or the free cash flow and what it spent, and its cash.
    - A year of which only quarters are published is four times the last quarter.
    - Interest and cash that are not published count nothing; without spending or cash flow nothing is known.
    """
    guided = quantities.latest_full_year(f.metric(party, "capex_guidance"))
    spending = guided if len(guided) else f.quarters(party, "capex").tail(1)
    interest = quarters(f.metric(party, "interest_expense")).tail(1)
    cash = f.last(party, "cash")
    operating = quantities.latest_full_year(f.metric(party, "operating_cash_flow", basis="actual"))
    free_year = quantities.latest_full_year(f.metric(party, "free_cash_flow", basis="actual"))
    if len(operating):
        flow, behind = value(operating), [operating]
    elif len(free_year):
        spent = f.quarters(party, "capex").tail(4)
        flow, behind = value(free_year) + leverage.trailing_four_quarters(spent), [free_year, spent]
    else:
        free, spent = f.quarters(party, "free_cash_flow").tail(1), f.quarters(party, "capex_cash").tail(1)
        flow, behind = 4 * (value(free) + value(spent)), [free, spent]
    duty = value(spending) * (1 if len(guided) else 4) + (4 * value(interest) if len(interest) else 0.0)
    return Accounts(duty, flow + (value(cash) if len(cash) else 0.0), [spending, *behind, interest, cash])


def due_by_payee(f: Facts) -> tuple[int | None, pd.Series]:
    """Return the stressed year, and what OpenAI owes each supplier in it (US$ bn, by key, in alphabetical order).

    The year is the first in which as many suppliers are paid as in any, by our spreading; None without a contract.
    """
    table = obligations.by_year(quantities.supply(f), modelling.terms(f.choices), f.choices["ramp"].central)
    table = table[table["high"] > 0]
    if table.empty:
        return None, pd.Series(dtype=float)
    year = int(table.groupby("year")["payee"].nunique().idxmax())
    return year, table[table["year"] == year].groupby("payee")["high"].sum()


def stressed(ledger: Ledger, scenario: str = "central", recovery: float = 1.0) -> pd.DataFrame:
    """Return who misses what for each share that OpenAI pays of a year's contracts.

    Parameters
    ----------
    ledger : Ledger
        The ledger as known on the day.
    scenario : str
        The scenario of the contracts' terms.
    recovery : float
        What a supplier that cannot pay in full realises of what it has, 0 to 1.

    Returns
    -------
    DataFrame
        Columns share (paid by OpenAI, 0 to 1), party, name, first_round, chain (US$ bn missed), year; the suppliers by
        key, then those behind them. Empty without a contract.
    """
    f = Facts(ledger, "sustainability", scenario)
    year, due = due_by_payee(f)
    if year is None:
        return pd.DataFrame(columns=COLUMNS)
    parties = ["openai", *due.index, BUILDERS]
    liabilities, assets = np.zeros((len(parties), len(parties))), np.zeros(len(parties))
    liabilities[0, 1:-1], assets[0] = due.to_numpy(), due.sum()
    for i, party in enumerate(due.index, 1):
        books = accounts(f, party)
        if not (pd.isna(books.duty) or pd.isna(books.means)):
            liabilities[i, -1], assets[i] = books.duty, books.means
    parts = []
    for share in SHARES:
        lost = clearing.stress(liabilities, assets, 0, share, recovery)
        part = pd.DataFrame({"party": parties, "first_round": lost["first_round"], "total": lost["total"]})
        parts.append(part.iloc[1:].assign(share=share))
    table = pd.concat(parts, ignore_index=True)
    names = {party: ledger.name(party) for party in due.index} | {BUILDERS: BUILDERS}
    chain = (table["total"] - table["first_round"]).clip(lower=0.0).round(9)  # free of the last bits of a difference
    return table.assign(name=table["party"].map(names), chain=chain, year=year)[COLUMNS]


def stress(ledger: Ledger, scenario: str = "central") -> Results:
    """The stress at three quarters of a year's contracts, and down the chain at half."""
    f = Facts(ledger, "sustainability", scenario)
    table, owes = stressed(ledger, scenario), quantities.supply(f)
    part = table[table["share"] == 0.75].sort_values("first_round", ascending=False, kind="stable")
    behind = table[(table["share"] == 0.5) & (table["party"] == BUILDERS)]
    chain = value(behind, "chain")
    sheets = [rows for party in table["party"].unique() for rows in accounts(f, party).rows]
    return Results(
        [
            f.result("stress_year", "Year stressed", value(table, "year"), "year", owes),
            f.result(
                "stress_missing",
                "Shortfall if OpenAI pays three quarters",
                part["first_round"].sum() if len(part) else NAN,
                "usd_bn",
                owes,
            ),
            f.result(
                "stress_first",
                "Largest loser if OpenAI pays three quarters",
                part["name"].iloc[0] if len(part) else None,
                "text",
                owes,
            ),
            f.result(
                "stress_first_amount", "Largest loser's shortfall", value(part.head(1), "first_round"), "usd_bn", owes
            ),
            f.result(
                "stress_chain",
                "Shortfall of those behind the suppliers if OpenAI pays half",
                chain,
                "usd_bn",
                owes,
                *sheets,
                how="Suppliers pay their own duties of the year from cash flow, cash and OpenAI's money; no new loans.",
            ),
            f.result(
                "has_chain",
                "The loss reaches those behind the suppliers",
                bool(chain > NOTICEABLE),
                "flag",
                owes,
                *sheets,
            ),
            f.result("has_stress", "There are contracts to stress-test", len(table) > 0, "flag", owes),
        ]
    )
