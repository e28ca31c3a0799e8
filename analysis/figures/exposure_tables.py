"""Tables of exposure: who holds which orders, the debt behind them, and who pays if another does not."""

from typing import Any

import pandas as pd

from analysis.figures.tables import Table
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.exposure import backers
from analysis.numbers.profiles.addresses import company_page
from analysis.numbers.series import exposure as series


def table_exposure(ledger: Ledger, scenario: str = "central") -> Table:
    """Return who holds which orders, in which state, and what they are to the supplier."""
    table = series.creditors(ledger, scenario)
    rows = [
        {
            "Supplier": r.name,
            "US$ bn ordered": formats.quantity(None, "usd_bn", r.priced, r.high, r.is_open, has_unit=False)
            if r.high > 0
            else "no price",
            "Of its backlog, %": _of_backlog(r),
            "Fullest year": f"{r.peak_year}: {formats.rounded(r.peak, 0)}" if r.peak >= 1 else "",
            "Of its revenue, %": formats.rounded(r.revenue_percent, 0)
            if r.revenue_percent == r.revenue_percent
            else "",
            "Revenue of": r.revenue_words if r.revenue_percent == r.revenue_percent else "",
            "No price": formats.amount(r.unpriced_gw, "gw") if r.unpriced_gw else ("yes" if r.unpriced else ""),
            "State": r.stage,
        }
        for r in table.itertuples(index=False)
    ]
    names = ["Supplier", "US$ bn ordered", "Of its backlog, %", "Fullest year", "Of its revenue, %", "Revenue of"]
    frame = pd.DataFrame(rows, columns=[*names, "No price", "State"])
    return Table(
        frame,
        "exposure",
        "What OpenAI has ordered from whom, and what that is to the supplier",
        links={"Supplier": [company_page(party) for party in table["party"]]},
        is_closed=True,
    )


def _of_backlog(row: Any) -> str:
    """OpenAI's part of a supplier's backlog in a table, with its month, and what its orders have done since."""
    if pd.isna(row.backlog_percent):
        return ""
    moved = f", before orders {row.since}" if row.since else ""
    return f"{formats.rounded(row.backlog_percent, 0)} ({row.backlog_day}{moved})"


def table_terms(ledger: Ledger, scenario: str = "central") -> Table:
    """Return for each supplier what is known of whether its contract may be put off, in the ledger's words."""
    table = series.creditors(ledger, scenario)
    told = table["may_defer"] if len(table) else []
    frame = pd.DataFrame(
        {"Supplier": table["name"] if len(table) else [], "May it be deferred, cut or cancelled?": told}
    )
    pages = [company_page(party) for party in table["party"]] if len(table) else []
    return Table(
        frame.astype(object),
        "exposure-terms",
        "Whether OpenAI's contracts may be deferred, contract by contract",
        links={"Supplier": pages},
        is_closed=True,
    )


def table_debts(ledger: Ledger, scenario: str = "central") -> Table:
    """Return the debt behind OpenAI's suppliers, and when it is due."""
    words = {"name": "Serves OpenAI", "what": "Debt", "amount": "US$ bn", "stated": "As of", "until": "Due"}
    frame = series.debts(ledger, scenario)[list(words)].rename(columns=words)
    return Table(frame, "exposure-debts", "The debt behind OpenAI's suppliers", is_closed=True)


def table_guarantees(ledger: Ledger, scenario: str = "central") -> Table:
    """Return who pays if another does not."""
    table = backers.guarantees(ledger, scenario)
    frame = pd.DataFrame(
        {
            "Who pays": table["guarantor"],
            "To whom": table["creditor"],
            "If these do not": table["whose"],
            "US$ bn": table["amount"],
            "State": table["state"],
            "Until": table["until"],
        }
    )
    return Table(frame, "guarantees", "Who pays if another does not", is_closed=True)


def table_stress(ledger: Ledger, scenario: str = "central") -> Table:
    """Return each choice of the stress, what it rests on and what it moves."""
    return Table(
        series.stress_choices(ledger, scenario),
        "stress",
        "Our choices in the stress, and what each moves",
        is_closed=True,
    )
