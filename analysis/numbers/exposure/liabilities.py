"""Suppliers and those behind them: what is due between whom in each year, and what each has for it.

Suppliers whose accounts are published pay their own duties from what they hold above a minimum, what their business
brings in without OpenAI, and what OpenAI pays; nobody lends. Orders that one places with another are inside the
network; the rest of its duties goes to builders, chipmakers and lenders outside it. Dividends can be stopped and count
nothing.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import obligations
from analysis.numbers import modelling, quantities
from analysis.numbers.exposure.accounts import Accounts, Choices, accounts, due_by_year, horizon
from analysis.numbers.facts import Facts

BUILDERS = "builders, chipmakers and lenders"


class Network(NamedTuple):
    """The parties and what is due between them: OpenAI first, those behind the suppliers last."""

    parties: list[str]
    years: np.ndarray
    liabilities: np.ndarray
    inflow: np.ndarray
    cash: np.ndarray
    minimum: np.ndarray
    known: dict[str, Accounts]


def suppliers(f: Facts) -> list[str]:
    """Those whom OpenAI owes a published amount for computing within the horizon, by key."""
    return list(_suppliers(f.ledger, f.scenario))


@lru_cache(maxsize=32)
def _suppliers(ledger: Ledger, scenario: str) -> tuple[str, ...]:
    f = Facts(ledger, "exposure", scenario)
    rows, years = quantities.outstanding_supply(f), horizon(f)
    return tuple(p for p in sorted(set(rows["payee"])) if due_by_year(f, p).reindex(years).sum() > 0)


@lru_cache(maxsize=32)
def _orders(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """What falls due in which year under orders that OpenAI's partners place with each other."""
    f = Facts(ledger, "exposure", scenario)
    rows = f.payments(scope="chain", kind=("compute", "chips"))
    return obligations.by_year(rows, modelling.terms(f.choices), f.choices["ramp"].central)


def network(f: Facts, chosen: Choices, share: float) -> Network:
    """Return what is due between OpenAI, its suppliers and those behind them, by year; not to be changed.

    A supplier without published accounts passes nothing on. The running costs of what OpenAI pays are among the
    duties; what others pay for the rest of the capacity is among the inflows.
    """
    return _network(f.ledger, f.scenario, chosen, share)


@lru_cache(maxsize=128)
def _network(ledger: Ledger, scenario: str, chosen: Choices, share: float) -> Network:
    f = Facts(ledger, "exposure", scenario)
    years, owed = horizon(f), suppliers(f)
    known = {p: books for p in owed if (books := accounts(f, p, chosen)) is not None}
    parties = ["openai", *owed, BUILDERS]
    at = {p: i for i, p in enumerate(parties)}
    size = (len(years), len(parties))
    liabilities, inflow = np.zeros((*size, size[1])), np.zeros(size)
    cash, minimum = np.zeros(size[1]), np.zeros(size[1])
    orders = _orders(ledger, scenario)
    orders = orders[orders["payer"].isin(known) & orders["payee"].isin(owed)]
    for party in owed:
        i = at[party]
        books = known.get(party)
        due = due_by_year(f, party).reindex(years, fill_value=0.0).to_numpy() if books is None else books.due
        liabilities[:, 0, i] = due
        if books is None:
            continue
        duties = books.capex + books.leases
        for r in orders[(orders["payer"] == party) & orders["year"].isin(years)].itertuples():
            liabilities[r.year - years[0], i, at[r.payee]] += r.high
        inside = liabilities[:, i].sum(axis=1)
        liabilities[:, i] *= np.minimum(1.0, np.divide(duties, inside, out=np.ones_like(inside), where=inside > 0))[
            :, None
        ]
        inside = np.minimum(inside, duties)
        liabilities[:, i, -1] = duties - inside + chosen.running * share * due
        inflow[:, i] = books.flow + chosen.resale * (1 - share) * (1 - chosen.running) * due
        cash[i], minimum[i] = books.cash, chosen.minimum * books.cash
    for amounts in (years, liabilities, inflow, cash, minimum):
        amounts.flags.writeable = False
    return Network(parties, years, liabilities, inflow, cash, minimum, known)
