"""What companies and rows of the ledger are called in prose and in notes."""

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.network import short_name
from analysis.numbers.profiles.addresses import company_page
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.profiles.deals import heading_of
from analysis.numbers.profiles.rows import Statement, Statements

LONGEST_NAME = 60  # characters of a name that is looked for in prose


def names_in_prose(ledger: Ledger) -> dict[str, str]:
    """The address of each company's page by the short name that prose uses; no groups, and nothing without a row."""
    known, named = ledger.entities, Statements(ledger).by_company
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
    return {statement.key: _row_name(profiles, statement) for statement in profiles.statements.all}


def _row_name(profiles: Profiles, statement: Statement) -> str:
    cells, name = statement.cells, profiles.ledger.name
    if statement.table == "deals":
        return f"{heading_of(profiles.statements, cells)}, {statement.day_words}"
    if statement.table == "metrics":
        period = profiles.period_words(cells)
        words = profiles.metric_words(cells["metric"])
        return f"{name(cells['entity'])}, {words[:1].lower()}{words[1:]}{f', {period}' if period else ''}"
    if statement.table == "terms":
        return f"{formats.listed([name(p) for p in statement.parties])}, {cells['topic']}, {statement.day_words}"
    return f"{cells['name']}, {statement.day_words}"
