"""What is wrong with the files that a person edits, as messages that say where, what and what to do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the file, below the project's folder; cell and line there, counted from 1; what to do."""

    file: str
    cell: int | None
    line: int | None
    message: str

    def __str__(self) -> str:
        cell = None if self.cell is None else f"cell {self.cell}"
        line = None if self.line is None else f"line {self.line}"
        return f"{', '.join(part for part in (self.file, cell, line) if part)}: {self.message}"


class ManuscriptError(RuntimeError):
    """Chapters, pages or settings that cannot be read as they are; ``found`` holds every problem, in order."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.found = tuple(sorted(found, key=lambda p: (p.file, p.cell or 0, p.line or 0, p.message)))
        super().__init__("\n".join(map(str, self.found)))


def uncoloured(text: str) -> str:
    """The text without a terminal's colour codes."""
    return COLOUR_CODES.sub("", text)
