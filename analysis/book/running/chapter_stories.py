"""What waits for an editor: the stories of the chapters checked against a ledger."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.book.running import notebooks
from analysis.ledger import Ledger
from analysis.numbers import stories, story_rows

Place = tuple[str, int, stories.Story]  # name of the file, line there, story


@dataclass(frozen=True, order=True)
class Waiting:
    """Something to write or to fix: chapter and line of the story in its file, its key, what is to be done."""

    chapter: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.chapter}:{self.line}: the story of {self.key} {self.what}"


def stories_of(folder: Path) -> Iterator[Place]:
    """Yield the stories of the chapters and pages of a folder."""
    for path in notebooks.chapters(folder):
        cells = [cell.source for cell in notebooks.read(path).cells if cell.cell_type == "markdown"]
        found = [story for source in cells for _, story in stories.in_markdown(source)]
        # A notebook holds its text line by line, each a JSON string: stories are there in the same order.
        lines = path.read_text(encoding="utf-8").splitlines()
        openings = [number for number, line in enumerate(lines, start=1) if re.match(r'\s*":{3,}\{story\}', line)]
        places = openings if len(openings) == len(found) else [1] * len(found)
        yield from ((path.name, line, story) for line, story in zip(places, found, strict=True))
    for path in sorted(folder.glob("*.md")):
        for line, story in stories.in_markdown(path.read_text(encoding="utf-8")):
            yield path.name, line + 1, story


def waiting(found: Iterable[Place], ledger: Ledger) -> list[Waiting]:
    """Return what waits for an editor in some stories, as `stories_of` gives them, on the ledger's day."""
    as_of = f"{ledger.as_of:%Y-%m-%d}"
    return sorted(
        Waiting(name, line, story.key, what)
        for name, line, story in found
        for what in (
            *stories.to_do(story, story_rows.ledger_rows(ledger, story.key), as_of),
            *stories.lost(story, ledger),
        )
    )


def told(found: Iterable[Place], ledger: Ledger) -> dict[str, list[story_rows.Row]]:
    """Return what the ledger says of each key that some stories, as `stories_of` gives them, name."""
    keys = {story.key for _, _, story in found}
    return {key: story_rows.ledger_rows(ledger, key) for key in sorted(keys)}
