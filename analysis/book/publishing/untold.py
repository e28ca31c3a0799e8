"""What a report leaves untold: facts that no sentence, number or figure tells, and sentences that wait."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis import paths
from analysis.book.publishing.build import load
from analysis.book.publishing.runs import run_stale
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.book.publishing.staging import results_of
from analysis.book.running import chapter_stories, notebooks, telling
from analysis.ledger import Ledger
from analysis.numbers.ledger_facts import Fact
from analysis.numbers.parties import chapters_of


@dataclass(frozen=True)
class Untold:
    """The facts that no page tells, the weightiest first, each with its chapters, and the sentences that wait."""

    as_of: str
    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    waiting: tuple[str, ...]


def untold(settings: Settings, tell: Tell = silent) -> Untold:
    """Return what the report of a ledger and day leaves untold, from chapters run now or kept from earlier runs.

    Raises
    ------
    LedgerError
        If the ledger is unsound.
    ValueError
        If the day cannot be reported.
    ChapterError
        If a chapter fails.
    BuildError
        If two chapters claim a key.
    """
    ledger = load(settings)
    with tempfile.TemporaryDirectory() as folder:
        run_stale(settings, ledger, Path(folder), tell)
        chapters = notebooks.read_all(Path(folder))
        return untold_of(chapters, ledger, results_of(chapters)[0])


def untold_of(executed: Mapping[str, NotebookNode], ledger: Ledger, results: dict[str, dict[str, Any]]) -> Untold:
    """What executed chapters, with these results, leave untold."""
    written = list(chapter_stories.stories_of(paths.CHAPTERS))
    told = chapter_stories.told(written, ledger)
    facts = telling.untold_facts(telling.Report(executed, ledger, results, told))
    chapters = [path.stem for path in notebooks.chapters(paths.CHAPTERS)]
    return Untold(
        as_of=f"{ledger.as_of:%Y-%m-%d}",
        facts=tuple(
            (fact, tuple(chapters_of(ledger, fact.parties, chapters, is_backing=fact.is_backing))) for fact in facts
        ),
        waiting=tuple(map(str, chapter_stories.waiting(written, ledger))),
    )


def fact_line(fact: Fact, chapters: Sequence[str]) -> str:
    """A fact with the chapters that it belongs to, in a line."""
    cells = (fact.row, fact.day, " and ".join(fact.names), fact.amount, fact.words, ", ".join(chapters))
    return "  ".join(filter(None, cells))


def as_text(found: Untold, most: int) -> str:
    """For a terminal: a line a fact, at most ``most`` of them, then the sentences that wait."""
    lines = [f"As known on {found.as_of}: {len(found.facts)} facts are told by no sentence, number or figure."]
    lines += [fact_line(fact, chapters) for fact, chapters in found.facts[:most]]
    if len(found.facts) > most:
        lines.append(f"and {len(found.facts) - most} more (--most names more, --format json has all)")
    lines.append(f"Sentences that wait for an editor: {len(found.waiting) or 'none'}")
    return "\n".join([*lines, *found.waiting])


def as_json(found: Untold, most: int) -> str:
    """Everything, for programs."""
    content = {
        "as_of": found.as_of,
        "facts": [fact.as_dict() | {"chapters": list(chapters)} for fact, chapters in found.facts],
        "waiting": list(found.waiting),
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


FORMATS: dict[str, Callable[[Untold, int], str]] = {"text": as_text, "json": as_json}
