"""The key days of the ledger: each with a name and a sentence, in ``data/vintages.csv``.

A build of vintages makes the report as known on each of them; the chapter on changes follows its numbers
through them. The ledger's own day is always the last one.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from analysis import formats, paths

FILE = "vintages.csv"
COLUMNS = ["as_of", "name", "sentence"]


@dataclass(frozen=True)
class Vintage:
    """A day (YYYY-MM-DD) with what it is called and what made it matter."""

    day: str
    name: str
    sentence: str


def read(directory: Path | None = None) -> list[Vintage]:
    """The key days in the directory's file, oldest first; none when there is no file.

    Raises ValueError, naming file and line, for a file with other columns, a day that is none, or a day twice.
    """
    path = (directory or paths.DATA) / FILE
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    if not rows or rows[0] != COLUMNS:
        raise ValueError(f"{FILE}:1: the columns must be {', '.join(COLUMNS)}")
    found: dict[str, Vintage] = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row):
            raise ValueError(f"{FILE}:{number}: a key day needs its day, a name and a sentence")
        try:
            day = dt.date.fromisoformat(row[0])
        except ValueError:
            raise ValueError(f"{FILE}:{number}: {row[0]!r} is not a day; write it as YYYY-MM-DD") from None
        if f"{day}" in found:
            raise ValueError(f"{FILE}:{number}: {day} stands twice")
        found[f"{day}"] = Vintage(f"{day}", row[1], row[2])
    return sorted(found.values(), key=lambda v: v.day)


def known(ledger) -> list[Vintage]:
    """The key days that a ledger can tell about, up to and including its own day."""
    first, last = f"{ledger.first:%Y-%m-%d}", f"{ledger.as_of:%Y-%m-%d}"
    days = [v for v in read(ledger.directory) if first <= v.day <= last]
    if not days or days[-1].day != last:
        days.append(Vintage(last, formats.day(ledger.as_of.date()), "What was known on the day of this report."))
    return days
