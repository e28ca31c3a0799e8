"""The reverse of the stress: the share that each supplier needs, what it would have to borrow, and DebtRank."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import clearing
from analysis.numbers.exposure.accounts import PARAMETERS, Accounts, Choices, accounts, choices
from analysis.numbers.exposure.liabilities import network, suppliers
from analysis.numbers.exposure.owed import facts

# The choices whose ends are tried one at a time, in readers' words.
TRIED = {
    "minimum": "the cash it keeps back",
    "growth": "the growth of its other business",
    "capex_after": "what it spends on building after its guidance ends",
    "running": "the running costs that idle capacity saves",
    "resale": "what others pay for capacity that OpenAI does not",
    "lease_years": "the length of its leases",
}


def needed_share(books: Accounts, chosen: Choices, is_bridged: bool = False) -> float:
    """Return the share below which a supplier misses its own payments (see `clearing.least_share`)."""
    own = books.flow - books.capex - books.leases
    due = (1 - chosen.running) * books.due
    effective = clearing.least_share(own, due, (1 - chosen.minimum) * books.cash, is_bridged)
    return max(0.0, (effective - chosen.resale) / (1 - chosen.resale))


def to_borrow(books: Accounts, chosen: Choices, share: float) -> float:
    """Return the most that a supplier lacks at the end of any year when OpenAI pays a share, US$ bn."""
    effective = share + chosen.resale * (1 - share)
    own = books.flow - books.capex - books.leases + effective * (1 - chosen.running) * books.due
    return max(0.0, -float(((1 - chosen.minimum) * books.cash + np.cumsum(own)).min()))


def reverse(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the share below which each supplier misses its own payments.

    Returns
    -------
    DataFrame
        party, name, has_accounts, share (never borrowing) and bridged (others lend, and it is even in the last year),
        with bridged_low and bridged_high when one choice at a time is at its end, and widest: the choice that moves it
        most (words). A share above 1 or infinite: payment in full is not enough. borrow_full and borrow_half: what it
        lacks at worst when OpenAI pays all or half, US$ bn. NaN where accounts are not published.
    """
    f = facts(ledger, scenario)
    middle = choices(f)
    found = []
    for party in suppliers(f):
        books = accounts(f, party, middle)
        row: dict[str, object] = {"party": party, "name": ledger.name(party), "has_accounts": books is not None}
        if books is not None:
            tried = {
                field: [
                    needed_share(other, chosen, is_bridged=True)
                    for end in ("low", "high")
                    if (other := accounts(f, party, chosen := choices(f, **{field: end}))) is not None
                ]
                for field in TRIED
            }
            shares = [s for both in tried.values() for s in both]
            width = {field: max(both) - min(both) for field, both in tried.items()}
            row |= {
                "share": needed_share(books, middle),
                "bridged": needed_share(books, middle, is_bridged=True),
                "bridged_low": min(shares),
                "bridged_high": max(shares),
                "widest": TRIED[max(width, key=lambda field: width[field])] if max(width.values()) > 0 else "",
                "borrow_full": to_borrow(books, middle, 1.0),
                "borrow_half": to_borrow(books, middle, 0.5),
            }
        found.append(row)
    numbers = ["share", "bridged", "bridged_low", "bridged_high", "borrow_full", "borrow_half"]
    frame = pd.DataFrame(found, columns=["party", "name", "has_accounts", "widest", *numbers])
    return frame.astype(dict.fromkeys(numbers, float) | {"has_accounts": bool})


def by_choice(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return what each choice alone moves for the supplier that needs OpenAI most.

    Returns
    -------
    DataFrame
        One row a choice, what moves most first: name (words), parameter (of the assumptions), party; share_low and
        share_high (that it needs when lenders bridge, at the low and the high end of the choice), lacks_low and
        lacks_high (what it lacks at worst though OpenAI pays in full, US$ bn). Empty where no accounts are published.
    """
    f, table = facts(ledger, scenario), reverse(ledger, scenario)
    known = table[table["has_accounts"]].sort_values("bridged", ascending=False, kind="stable")
    rows = []
    for field, words in TRIED.items() if len(known) else ():
        tried = [choices(f, **{field: end}) for end in ("low", "high")]
        books = [accounts(f, known["party"].iloc[0], chosen) for chosen in tried]
        pairs = [(b, chosen) for b, chosen in zip(books, tried, strict=True) if b is not None]
        shares = [needed_share(b, chosen, is_bridged=True) for b, chosen in pairs]
        rows.append(
            (words, PARAMETERS[field], known["party"].iloc[0], *shares, *(to_borrow(*pair, 1.0) for pair in pairs))
        )
    columns = ["name", "parameter", "party", "share_low", "share_high", "lacks_low", "lacks_high"]
    found = pd.DataFrame(rows, columns=columns)
    order = (found["share_high"] - found["share_low"]).astype(float).abs().sort_values(ascending=False, kind="stable")
    return found.loc[order.index].reset_index(drop=True)


def distress(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return DebtRank beside the clearing when OpenAI pays nothing in the year in which most falls due.

    A party's means are what its business brings in within the year, without OpenAI, and what it holds above its minimum
    at the start.

    Returns
    -------
    DataFrame
        party, name, year, debt_rank (0 to 1: the part of its means that is hit), not_received (US$ bn by the
        clearing of that year); suppliers with accounts only.
    """
    f = facts(ledger, scenario)
    columns = ["party", "name", "year", "debt_rank", "not_received"]
    if not suppliers(f):
        return pd.DataFrame(columns=columns)
    chosen = choices(f)
    made = network(f, chosen, 0.0)
    t = int(made.liabilities[:, 0].sum(axis=1).argmax())
    means = made.inflow[t] + made.cash - made.minimum
    owed = made.liabilities[t]
    impact = np.divide(owed, means[None, :], out=np.zeros_like(owed), where=means[None, :] > 0)
    shock = np.zeros(len(means))
    shock[0] = 1.0
    rank = clearing.debt_rank(impact, shock)
    lost = clearing.stress(owed, np.where(np.arange(len(means)) == 0, owed[0].sum(), means), 0, 0.0)["total"]
    rows = [
        (p, ledger.name(p), int(made.years[t]), float(rank[i]), float(lost[i]))
        for i, p in enumerate(made.parties)
        if p in made.known
    ]
    return pd.DataFrame(rows, columns=columns).sort_values("debt_rank", ascending=False, kind="stable")
