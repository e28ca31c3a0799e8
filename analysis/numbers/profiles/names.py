"""What companies and rows of the ledger are called in prose and in notes."""

from collections.abc import Iterable
from typing import Any

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.metric_names import within
from analysis.numbers.profiles.addresses import company_page
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.profiles.headings import what, who
from analysis.numbers.profiles.rows import TABLES, Statement, statements_of
from analysis.numbers.row_keys import row_keys

ROW_TABLES = (*TABLES, "quotes", "prices", "outside_models")
LONGEST_NAME = 60  # characters of a name that is looked for in prose


def names_in_prose(ledger: Ledger) -> dict[str, str]:
    """The address of each company's page by the short name that prose uses; no groups, and nothing without a row."""
    known, named = ledger.entities, statements_of(ledger).by_company
    rows = zip(known["entity"], known["name"], known["kind"], strict=True)
    found: dict[str, str] = {}
    for entity, name, kind in rows:
        short = short_name(name)
        is_name = 1 < len(short) <= LONGEST_NAME and any(c.isupper() for c in short)
        if kind != "pool" and entity in named and is_name:
            found.setdefault(short, company_page(entity))
    return found


def row_names(ledger: Ledger) -> dict[str, str]:
    """What each row of the dated tables is about, in words, by ``table:key``: notes show it instead of the key."""
    profiles = Profiles(ledger)
    names = {statement.key: _row_name(profiles, statement) for statement in profiles.statements.all}
    return names | _quote_names(ledger) | _price_names(ledger) | _model_names(ledger)


def _quote_names(ledger: Ledger) -> dict[str, str]:
    """What is told of words: whose, said where."""
    rows = ledger.history["quotes"]
    words = [f"{speaker}, {occasion}" for speaker, occasion in zip(rows["speaker"], rows["occasion"], strict=True)]
    return dict(zip(row_keys(rows), words, strict=True)) if len(rows) else {}


def _price_names(ledger: Ledger) -> dict[str, str]:
    """What is told of the prices of chips: whose chip, bought how, on which day."""
    rows = ledger.history["prices"]
    told = zip(rows["provider"], rows["chip"], rows["pricing"], rows["as_of"], strict=True)
    words = [
        f"{ledger.name(provider)}, {chip}, price {pricing.replace('_', ' ')}, {formats.day(day.date())}"
        for provider, chip, pricing, day in told
    ]
    return dict(zip(row_keys(rows), words, strict=True)) if len(rows) else {}


def _model_names(ledger: Ledger) -> dict[str, str]:
    """What is told of the models of others: whose model, which quantity, for when."""
    rows = ledger.history["outside_models"]
    told = zip(rows["publisher"], rows["quantity"], rows["period"], strict=True)
    words = [", ".join(filter(None, (who, what.replace("_", " "), when))) for who, what, when in told]
    return dict(zip(row_keys(rows), words, strict=True)) if len(rows) else {}


def row_words(ledger: Ledger, rows: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What each of some rows (``table:key``) adds in the ledger's own words, and the sources that carry it.

    Returns
    -------
    dict
        By row ``note`` and ``sources``; nothing of a row that the ledger does not hold.
    """
    wanted, found = set(rows), {}
    for table in ROW_TABLES:
        history = ledger.history[table]
        keys = row_keys(history) if len(history) else []
        for key, cells in zip(keys, history.to_dict("records"), strict=True):
            if key in wanted:
                pages = [str(cells.get(column) or "") for column in ("source", "second_source")]
                found[key] = {"note": str(cells["note"]), "sources": [page for page in pages if page]}
    return found


def _row_name(profiles: Profiles, statement: Statement) -> str:
    cells, name = statement.cells, profiles.ledger.name
    if statement.table == "deals":
        return f"{who(profiles.statements, cells)}: {what(cells)}, {statement.day_words}"
    if statement.table == "metrics":
        period = profiles.period_words(cells)
        words = within(profiles.metric_words(cells["metric"]))
        return f"{name(cells['entity'])}, {words}{f', {period}' if period else ''}"
    if statement.table == "terms":
        return f"{formats.listed([name(p) for p in statement.parties])}, {cells['topic']}, {statement.day_words}"
    return f"{cells['name']}, {statement.day_words}"
