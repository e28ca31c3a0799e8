"""Every row known on the day by the companies and the deals that it is about: read once, for the pages of all of them.

A row is about the parties that its table names (`numbers.row_parties.PARTY_COLUMNS`).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.ledger_words import words_of
from analysis.numbers.row_keys import row_keys
from analysis.numbers.row_parties import PARTY_COLUMNS, parties_of

TABLES = tuple(PARTY_COLUMNS)


@dataclass(frozen=True)
class Statement:
    """A row of the ledger.

    Attributes
    ----------
    table, key
        deals, metrics, sites or terms; ``table:key`` as the page on the ledger anchors it.
    day
        On which it became known (YYYY-MM-DD).
    words
        What it says.
    parties
        Keys of the entities that it is about.
    sources
        Keys of its pages, the one that carries the fact first.
    cells
        By column.
    """

    table: str
    key: str
    day: str
    words: str
    parties: tuple[str, ...]
    sources: tuple[str, ...]
    cells: dict[str, Any]

    @property
    def day_words(self) -> str:
        return formats.day(self.day)


class Statements:
    """All rows of the dated tables that name companies."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    @cached_property
    def all(self) -> list[Statement]:
        """Every row, oldest first; of one day in the order of the tables and of their keys."""
        found = []
        for table in TABLES:
            history = self.ledger.history[table]
            for key, cells in zip(row_keys(history) if len(history) else [], history.to_dict("records"), strict=True):
                sources = (str(cells.get(column) or "") for column in ("source", "second_source"))
                found.append(
                    Statement(
                        table,
                        key,
                        f"{cells['as_of']:%Y-%m-%d}",
                        words_of(self.ledger, table, cells),
                        parties_of(table, cells),
                        tuple(dict.fromkeys(filter(None, sources))),
                        cells,
                    )
                )
        return sorted(found, key=lambda s: (s.day, TABLES.index(s.table), s.key))

    @cached_property
    def by_company(self) -> dict[str, list[Statement]]:
        """The rows that name each company, oldest first."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.all:
            for party in statement.parties:
                found[party].append(statement)
        return dict(found)

    @cached_property
    def by_deal(self) -> dict[str, list[Statement]]:
        """The rows of each deal, oldest first."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.all:
            if statement.table == "deals":
                found[statement.cells["deal"]].append(statement)
        return dict(found)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The deals that each total or claim holds."""
        found: dict[str, list[str]] = defaultdict(list)
        for deal, statements in self.by_deal.items():
            if whole := str(statements[-1].cells["part_of"] or ""):
                found[whole].append(deal)
        return dict(found)


@lru_cache(maxsize=8)
def statements_of(ledger: Ledger) -> Statements:
    """The rows of a ledger, which all that asks for them shares."""
    return Statements(ledger)
