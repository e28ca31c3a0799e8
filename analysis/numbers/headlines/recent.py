"""Which rows of the ledger are news of its last days, each as a headline with what its amount was and is.

- Of deals every row counts that says something new; an instalment is left out where the total of its
  payer is told the same day.
- No amount goes before that of a deal which was talked about for another capacity than was signed.
- Of rights every row counts that says something else than the one before.
- Of companies' figures those count that moved by `LARGE` money against the figure that they are to be compared with,
  and of several that became known on one day that of the latest period.
"""

import math
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.view import SUBJECT
from analysis.models import bases
from analysis.numbers.headlines import Row, before, headline, is_told_with_another, metrics
from analysis.numbers.ledger_words import deal_amount, deal_moves, size_of

LARGE = 10.0  # US$ bn by which a figure of a company moves that is news
SCOPES = (SUBJECT, "chain")  # deals of OpenAI's own, and those of its partners that its money or theirs runs on to
COLUMNS = ["day", "said", "was", "now", "source", "deal", "what", "size"]
DOLLARS = {"usd_bn": 1.0, "usd_mn": 1e-3}
SETTLED = ("signed", "closed", "cancelled")  # statuses after which a deal binds, is paid or is gone


def news(ledger: Ledger, since: pd.Timestamp, is_around_openai: bool = False) -> pd.DataFrame:
    """Return what became known after a day, the newest first.

    ``is_around_openai`` keeps only deals, without those of others that serve to compare.

    Returns
    -------
    DataFrame
        day (date), said (a sentence without its full stop), was and now (amounts in words, empty where there is none
        or no other), source (a key), deal (its key; empty for what is none), what (``settled`` of a deal of OpenAI's
        own that was signed, paid or ended, ``deal`` of others around it; ``right`` of one of its own that began, ended
        or passed on; ``figure`` of what has happened; empty for the rest) and size (US$ bn: the amount of a deal that
        is new or settled, otherwise by how much an amount or a figure moved; NaN for none).
    """
    found = _deals(ledger, since, is_around_openai)
    if not is_around_openai:
        found += [*_terms(ledger, since), *_metrics(ledger, since)]
    rows = pd.DataFrame(found, columns=COLUMNS)
    return rows.sort_values("day", ascending=False, kind="stable", ignore_index=True)


def _fresh(ledger: Ledger, table: str, since: pd.Timestamp) -> list[dict[str, Any]]:
    rows = ledger.history[table]
    return [{str(k): v for k, v in row.items()} for row in rows[rows["as_of"] > since].to_dict("records")]


def _deals(ledger: Ledger, since: pd.Timestamp, is_around_openai: bool) -> list[tuple[Any, ...]]:
    rows = [row for row in _fresh(ledger, "deals", since) if not is_around_openai or row["scope"] in SCOPES]
    rows.sort(key=size_of, reverse=True)
    totals = {_purchase(row) for row in rows if row["role"] == "total"}
    found = []
    for row in rows:
        last = before(ledger, "deals", row)
        moves = {what: was for what, was, _ in deal_moves(dict(last), row)} if last else {"": ""}
        if moves and (row["role"] == "total" or _purchase(row) not in totals):
            now = deal_amount(row["low_usd_bn"], row["high_usd_bn"])
            said = headline(ledger, "deals", row)
            kind, was = _standing(row, last), size_of(dict(last)) if last else 0.0
            size = max(size_of(row), was) if kind == "settled" else abs(size_of(row) - was)
            amount = "" if last and _is_another(row, last) else moves.get("amount", "")
            found.append((row["as_of"], said, amount, now, row["source"], row["deal"], kind, size))
    return found


def _standing(row: dict[str, Any], last: Row | None) -> str:
    """``settled`` where a row says for the first time that a deal is signed, paid or ended; plans never are."""
    if row["role"] not in ("payment", "contingent") or row["scope"] != SUBJECT:
        return "deal" if row["scope"] in SCOPES else ""
    was, now = ("signed" if r and r["status"] == "amended" else r and r["status"] for r in (last, row))
    return "settled" if now in SETTLED and now != was else "deal"


def _is_another(row: Row, last: Row) -> bool:
    """Whether what was signed has another capacity than what was talked about: their amounts are not to be compared."""
    sizes = row["gw"], last["gw"]
    is_resized = all(map(pd.notna, sizes)) and sizes[0] != sizes[1]
    return is_resized and last["status"] == "reported" and row["status"] in SETTLED


def _purchase(row: dict[str, Any]) -> tuple[Any, ...]:
    """What an instalment shares with the total of its payer that became known with it."""
    return row["as_of"], row["payer"], row["payee"], row["kind"]


def _terms(ledger: Ledger, since: pd.Timestamp) -> list[tuple[Any, ...]]:
    found = []
    for row in _fresh(ledger, "terms", since):
        last = before(ledger, "terms", row)
        if last is None or (last["after"], last["state"]) != (row["after"], row["state"]):
            is_own = SUBJECT in str(row["parties"]).split(";")
            is_moved = last is None or (last["state"], last["holder"]) != (row["state"], row["holder"])
            what = "right" if is_own and is_moved else ""
            found.append((row["as_of"], headline(ledger, "terms", row), "", "", row["source"], "", what, math.nan))
    return found


def _metrics(ledger: Ledger, since: pd.Timestamp) -> list[tuple[Any, ...]]:
    history, found = ledger.history["metrics"], []
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(_fresh(ledger, "metrics", since), key=lambda r: (pd.notna(r["end"]), r["end"])):
        newest[(row["as_of"], row["entity"], row["metric"], row["by"], row["basis"], _length(row))] = row
    for row in newest.values():
        last = metrics.comparable(history, row)
        if last is None or is_told_with_another(ledger, "metrics", row) or row["unit"] not in DOLLARS:
            continue
        size = abs(row["value"] - last["value"]) * DOLLARS[row["unit"]]
        if size >= LARGE:
            was, now = (metrics.amount(history, r) for r in (last, row))
            said = headline(ledger, "metrics", row)
            what = "figure" if row["basis"] in bases.HAPPENED else ""
            found.append((row["as_of"], said, was, now, row["source"], "", what, size))
    return found


def _length(row: dict[str, Any]) -> int:
    """Months of a figure's period; 0 for a balance."""
    return round((row["end"] - row["start"]).days / 30) if pd.notna(row["start"]) and pd.notna(row["end"]) else 0
