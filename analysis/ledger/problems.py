"""What is wrong with a ledger, said so that it can be mended."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place. ``row`` counts lines of the file, the header being 1."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}:{self.column}: {self.message}"


class LedgerError(ValueError):
    """A ledger that cannot be used; ``problems`` holds every reason."""

    def __init__(self, problems: list[Problem], shown: int = 20):
        self.problems = problems
        lines = [str(p) for p in problems[:shown]]
        if len(problems) > shown:
            lines.append(f"and {len(problems) - shown} more")
        super().__init__("\n".join(lines))


def quoted(value: object, length: int = 60) -> str:
    """A value for a message: visible, on one line, not endless."""
    text = str(value)
    text = text if len(text) <= length else text[: length - 1] + "…"
    return "'" + text.encode("unicode_escape").decode("ascii").replace("\\u2026", "…") + "'"
