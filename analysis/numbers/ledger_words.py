"""What a row of a dated table says, in the ledger's own words: for pages and commands that have no sentence of it."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats

NOTHING = "None"  # how a term says that nothing is left of what it was


def _term(ledger: Ledger, row: dict[str, Any]) -> str:
    if row["after"] and row["after"] != NOTHING:
        return str(row["after"])
    if row.get("state") == "ended" or row["after"]:
        return f"{row['topic']}, ended" + (f"; until then {row['before']}" if row["before"] else "")
    return f"{row['topic']}: {row['before']}" if row["before"] else str(row["topic"])


def _deal(ledger: Ledger, row: dict[str, Any]) -> str:
    parties = f"{ledger.name(row['payer'])} to {ledger.name(row['payee'])}"
    amount = formats.amount_text(row["low_usd_bn"], row["high_usd_bn"])
    told = [row["status"], f"{amount} (US$ bn)" if amount else "no amount published", row["condition"]]
    return f"{parties}, {row['kind']}: {', '.join(filter(None, told))}"


def _site(ledger: Ledger, row: dict[str, Any]) -> str:
    powers = (("planned", row["planned_gw"]), ("live", row["live_gw"]))
    told = [f"{formats.amount(value, 'gw')} {word}" for word, value in powers if pd.notna(value)]
    return f"{row['name']}: {', '.join([row['status'], *told])}"


def _metric(ledger: Ledger, row: dict[str, Any]) -> str:
    ends = [formats.day(day.date()) for day in (row["start"], row["end"]) if pd.notna(day)]
    period = f", {' to '.join(ends)}" if ends else ""
    subject = f"{ledger.name(row['entity'])}, {row['metric'].replace('_', ' ')}"
    return f"{subject}{period}: {formats.amount(row['value'], row['unit'])} ({row['basis']})"


WORDS = {"terms": _term, "deals": _deal, "sites": _site, "metrics": _metric}


def words_of(ledger: Ledger, table: str, row: dict[str, Any]) -> str:
    """Return what a row of a dated table says.

    Parameters
    ----------
    ledger
        Whose names of companies are used.
    table
        deals, metrics, sites or terms.
    row
        Its cells by column.
    """
    return WORDS[table](ledger, row)
