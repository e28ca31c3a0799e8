"""What is wrong with a ledger, and how to correct it."""

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

FIRST_ROW = 2  # line of the first row of a file, the header being 1
MAX_PROBLEMS_PER_RULE = 200  # named for one rule in one column; the rest are counted
MAX_NAMES_TO_COMPARE = 2000  # looking for the nearest of more names takes too long


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place; ``row`` counts lines of the file, the header being 1."""

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
    """A value for a message: visible, on one line, cut where it is long."""
    text = str(value)
    text = text if len(text) <= length else text[: length - 1] + "…"
    return "'" + text.encode("unicode_escape").decode("ascii").replace("\\u2026", "…") + "'"


def nearest(name: str, known: Collection[str]) -> str:
    """A hint at the known name that is most like a name; empty where none is."""
    close = difflib.get_close_matches(name, known, n=1) if len(known) <= MAX_NAMES_TO_COMPARE else []
    return f"; nearest is {quoted(close[0])}" if close else ""


def require_known(what: str, name: str, known: Collection[str]) -> None:
    """Raise ValueError for a name that is not among the known ones, with the nearest of them."""
    if name not in known:
        raise ValueError(f"unknown {what} {quoted(name)}{nearest(name, known)}; known are {', '.join(known)}")


def problems_at(file: str, rows: np.ndarray, column: str, message: Callable[[int], str]) -> list[Problem]:
    """One problem for each row that a rule refuses, the rows beyond `MAX_PROBLEMS_PER_RULE` only counted.

    Parameters
    ----------
    file, column : where
    rows : positions counted from 0, in rising order
    message : what to say of a row
    """
    named, rest = rows[:MAX_PROBLEMS_PER_RULE], rows[MAX_PROBLEMS_PER_RULE:]
    problems = [Problem(file, int(i) + FIRST_ROW, column, message(int(i))) for i in named]
    if len(rest):
        problems.append(Problem(file, int(rest[0]) + FIRST_ROW, column, f"and {len(rest)} more rows like it below"))
    return problems
