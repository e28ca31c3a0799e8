"""What the pages of a report tell: the ledger rows behind their visible sentences, key numbers, figures and tables.

- A number tells the rows that it rests on if they are few: a sum of many deals tells none of them.
- A story tells the rows that it has texts for, up to the day of the report; where it waits for an editor, the page
  shows the newest row in the ledger's own words.
- A figure tells the rows behind it if they are few, or if its table has room for each of them; of deals only those
  whose parties it names. In any case it tells the metrics whose values stand in its table.
- A table tells the rows whose ids it carries.
- Of what is left untold in the whole report, a total of told parts, an older period of a told metric and the second
  end of a told range do not count.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbformat import NotebookNode

from analysis.book.running import notebooks
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers import stories
from analysis.numbers.company_names import short_name
from analysis.numbers.ledger_facts import Fact, beside_told, facts, news, untold
from analysis.numbers.row_keys import row_keys

MOST_ROWS = 8  # behind a number or figure that tells each of them
# Pages that show the ledger as it is, or lists made of it: they do not tell a reader what matters.
LISTINGS = ("ledger", "changes", "references", "rebuild", "methods")
FIRST_PAGE = "index"
CARDS = re.compile(r"^:{3,}\{cards\}([^\n]*)$", re.M)
ROW_ID = re.compile(r'<tr id="([^"]+)"')


@dataclass(frozen=True)
class Report:
    """The executed chapters of a report, its ledger, all results by key, what the ledger says of its stories."""

    chapters: Mapping[str, NotebookNode]
    ledger: Ledger
    results: Mapping[str, dict[str, Any]]
    told: notebooks.Told


def rows_told(report: Report) -> dict[str, set[str]]:
    """Return the ids of the ledger rows that each chapter tells (`figures.tables.anchor`), by the chapter's name."""
    found = {}
    for name, book in report.chapters.items():
        prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
        rows = {row for source in prose for row in _of_prose(source, report)}
        rows |= {row for figure in notebooks.figures(book) for row in _of_figure(figure, report.ledger)}
        outputs = (output for cell in book.cells for output in cell.get("outputs", []))
        html = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
        found[name] = {anchor(row) for row in rows} | set(ROW_ID.findall(html))
    return found


def _of_prose(source: str, report: Report) -> Iterator[str]:
    """The rows behind the stories and numbers that remain once the conditions are decided."""
    decided = notebooks.decide(source, dict(report.results))
    for block in stories.STORY_BLOCK.finditer(decided):
        story = stories.parse(block["key"], block["body"])
        days, rows = set(story.days()), report.told.get(story.key, ())
        in_ledgers_words = stories.choose(story, rows).untold
        for row in rows:
            if row.day in days or row in in_ledgers_words:
                yield from row.rows
    shown = notebooks.decide(notebooks.tell(source, report.told, set()), dict(report.results))
    keys = [target.partition(":")[0] for target in notebooks.NUM_ROLE.findall(shown)]
    keys += [key for line in CARDS.findall(shown) for key in line.split()]
    for key in dict.fromkeys(keys):
        rows_behind = report.results[key]["rows"] if key in report.results else []
        if len(rows_behind) <= MOST_ROWS:
            yield from rows_behind


def _of_figure(spec: Mapping[str, Any], ledger: Ledger) -> Iterator[str]:
    meta = spec["usermeta"]["roundtrip"]
    rows = meta.get("facts", [])
    if len(rows) <= MOST_ROWS:
        yield from rows
        return
    words = " ".join([meta["title"], meta["alt"], *(str(cell) for row in meta["rows"] for cell in row)])
    for table in dict.fromkeys(row.partition(":")[0] for row in rows):
        own = [row for row in rows if row.startswith(f"{table}:")]
        if len(own) <= len(meta["rows"]):
            yield from (row for row in own if table != "deals" or _names_a_party(row, words, ledger))
    values, cells = _values(ledger), {_size(c) for line in meta["rows"] for c in line if isinstance(c, int | float)}
    yield from (row for row in rows if row in values and values[row] in cells)


@lru_cache(maxsize=8)
def _values(ledger: Ledger) -> dict[str, str]:
    """The size of the value of each row of the metrics, as `_size` writes it."""
    rows = ledger.history["metrics"]
    return dict(zip(row_keys(rows), map(_size, rows["value"]), strict=True))


def _size(value: float) -> str:
    """A number as the tables of figures round it, without its sign: a burn of 39 is 39 of cash generated."""
    return f"{abs(value):.6g}"


def _names_a_party(row: str, words: str, ledger: Ledger) -> bool:
    """Whether some words name a party of a deal other than OpenAI."""
    deals = ledger.deals
    deal = deals[deals["deal"] == row.partition(":")[2].rpartition("/")[0]]
    parties = {*deal["payer"], *deal["payee"]} - {"openai"}
    return any(short_name(ledger.name(party)) in words for party in parties)


def _row_ids(fact: Fact) -> list[str]:
    return [anchor(row) for row in fact.rows]


def untold_facts(report: Report) -> list[Fact]:
    """Return the facts that no page tells, the weightiest first; pages that only list the ledger do not count.

    Left out is what says no more than something that is told, see `numbers.ledger_facts.beside_told`.
    """
    pages, known = rows_told(report), facts(report.ledger)
    told = set().union(*(rows for name, rows in pages.items() if name not in LISTINGS))
    return beside_told(untold(known, told, _row_ids), known)


def untold_news(report: Report, pages: Mapping[str, set[str]]) -> dict[str, list[Fact]]:
    """Return by chapter what became known of its parties since the last key day and the chapter does not tell.

    The first page has of all chapters what is large.

    Parameters
    ----------
    report
        The executed chapters.
    pages
        The rows that each tells, see `rows_told`.
    """
    fresh = news(report.ledger, pages)
    found = {name: left for name, known in fresh.items() if (left := untold(known, pages[name], _row_ids))}
    large = {fact.key: fact for facts in found.values() for fact in facts if fact.is_large}
    first = untold(sorted(large.values(), key=Fact.order), pages.get(FIRST_PAGE, set()), _row_ids)
    return found | ({FIRST_PAGE: first} if first and FIRST_PAGE in pages else {})
