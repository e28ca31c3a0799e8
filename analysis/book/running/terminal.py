"""What the commands print: progress, counts, and errors as a message and an exit code."""

import contextlib
import sys
from collections.abc import Iterator, Sequence

import typer

from analysis.book.running.problems import ManuscriptError


def fail(message: str, code: int = 1) -> None:
    """Print a message to standard error and end the command with an exit code."""
    print(message, file=sys.stderr)
    raise typer.Exit(code)


def print_progress(line: str) -> None:
    """Print a line of progress to standard error, at once."""
    print(line, file=sys.stderr, flush=True)


def counted_text(count: int, noun: str) -> str:
    """Return ``1 problem``, ``2 problems``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def waiting_lines(found: Sequence[object]) -> list[str]:
    """Return how many sentences wait for an editor, then each; nothing when none does."""
    count = f"{len(found)} sentence{' waits' if len(found) == 1 else 's wait'} for an editor:"
    return [count, *map(str, found)] if found else []


@contextlib.contextmanager
def errors_reported(aftermath: str = "", *expected: type[Exception]) -> Iterator[None]:
    """Turn the errors of a command into a message and an exit code; any other error is a defect and is raised.

    ``aftermath`` says what the error left unchanged. Wrong values are wrong use (2); an unsound ledger or
    book, the ``expected`` errors and those of the system are failures (1).
    """
    reported: tuple[type[Exception], ...] = (ValueError, OSError, ManuscriptError, *expected)
    try:
        yield
    except reported as error:
        problems = getattr(error, "problems", ())
        message = str(error)
        if isinstance(error, OSError):
            message = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        counted = f"{counted_text(len(problems), 'problem')} in the ledger." if problems else ""
        if isinstance(error, ManuscriptError):
            counted = f"{counted_text(len(error.found), 'problem')} in the book."
        is_wrong_use = isinstance(error, ValueError) and not problems and not isinstance(error, expected)
        fail("\n".join(filter(None, (message, f"{counted} {aftermath}".strip()))), 2 if is_wrong_use else 1)
