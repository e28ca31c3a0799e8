"""What the ledger says of the key of a story, a row a day: in words, whether it ends it, and who then holds it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.ledger_words import ending_of, fact_words, holds_of
from analysis.numbers.row_keys import row_keys

# The columns that name what a story is about; a metric is all its periods and authors.
KEY_COLUMNS = {"deals": ("deal",), "terms": ("term",), "sites": ("site",), "metrics": ("entity", "metric")}


@dataclass(frozen=True)
class Row:
    """What the ledger says of a key on a day: in words, the rows (``table:key``), their sources.

    ``ending`` says what it is called when they make an end of a deal, site or right (see `ending_of`), else nothing;
    ``holds`` who then holds a right, and how (see `holds_of`). ``sides`` are the parties of a deal.
    """

    day: str
    words: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    ending: str
    holds: str = ""
    sides: tuple[str, ...] = ()

    @property
    def turn(self) -> tuple[str, str]:
        """What differs when what it is of has ended, come back or changed hands."""
        return self.ending, self.holds

    @property
    def key(self) -> str:
        """The key that it says something of (``table:key``)."""
        return self.rows[0].rpartition("/")[0]

    def is_of(self, key: str) -> bool:
        """Whether it says something of a key."""
        return self.rows[0].startswith(f"{key}/")


def row_from(entry: Mapping[str, Any]) -> Row:
    """Return a row from what `dataclasses.asdict` made of it, also by way of JSON."""
    lists = {name: tuple(entry[name]) for name in ("rows", "sources", "sides")}
    return Row(**{**entry, **lists})


def where_is(key: str) -> dict[str, str]:
    """The columns that a key (``table:key``) names, with their values; none for what is no key of a dated table."""
    table, _, name = key.partition(":")
    columns, parts = KEY_COLUMNS.get(table, ()), name.split("/")
    return dict(zip(columns, parts, strict=True)) if len(columns) == len(parts) else {}


def ledger_rows(ledger: Ledger, key: str) -> list[Row]:
    """Return what the ledger says of the key of a story, a row a day, oldest first; empty for a key that it lacks.

    Of what else its texts rest on only the rows that end or revive it, or give a right away, are among them.
    """
    first, *others = key.split()
    rows = [*rows_of(ledger, first)]
    for other in others if rows else ():
        known = rows_of(ledger, other)
        was = [("", known[0].holds), *(row.turn for row in known)] if known else []
        rows += [row for row, before in zip(known, was, strict=False) if row.turn != before]
    return sorted(rows, key=lambda row: row.day)


@functools.lru_cache(maxsize=32)
def _rows_by_key(ledger: Ledger, table: str) -> dict[tuple[str, ...], list[tuple[str, dict[str, Any]]]]:
    """The rows of each key of a table, by their names (``table:key``) and cells, in order."""
    history = ledger.history[table]
    found: dict[tuple[str, ...], list[tuple[str, dict[str, Any]]]] = {}
    for name, cells in zip(row_keys(history), history.itertuples(index=False, name=None), strict=True):
        row = dict(zip(history.columns, cells, strict=True))
        found.setdefault(tuple(row[column] for column in KEY_COLUMNS[table]), []).append((name, row))
    return found


@functools.lru_cache(maxsize=1024)
def rows_of(ledger: Ledger, key: str) -> tuple[Row, ...]:
    """Return what the ledger says of one key, a row a day, oldest first; nothing for one that it lacks."""
    where, table = where_is(key), key.partition(":")[0]
    if not where:
        return ()
    by_day: dict[pd.Timestamp, list[tuple[str, dict[str, Any]]]] = {}
    for name, row in _rows_by_key(ledger, table).get(tuple(where.values()), []):
        by_day.setdefault(row["as_of"], []).append((name, row))
    return tuple(_row(ledger, table, by_day[day]) for day in sorted(by_day))


def _row(ledger: Ledger, table: str, rows: list[tuple[str, dict[str, Any]]]) -> Row:
    """What the rows of one day say, each given by its key and its cells."""
    cells = [row for _, row in rows]
    last = cells[-1]
    return Row(
        day=f"{last['as_of']:%Y-%m-%d}",
        words="; ".join(dict.fromkeys(fact_words(ledger, table, row) for row in cells)),
        rows=tuple(name for name, _ in rows),
        sources=tuple(dict.fromkeys(row["source"] for row in cells if row["source"])),
        ending=ending_of(last),
        holds=holds_of(last),
        sides=(last["payer"], last["payee"]) if table == "deals" else (),
    )
