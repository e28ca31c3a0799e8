"""The results that the prose names: in each branch, also in one that is not shown on the day of the report."""

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from analysis import paths
from analysis.book.running import manuscript, notebooks
from analysis.book.running.problems import Problem

NAMED = (
    notebooks.NUM_ROLE,
    re.compile(r"^ {0,3}:{3,}[ \t]*\{when\}[ \t]+(?:not[ \t]+)?(\S+)", re.M),
    re.compile(r"^ {0,3}:{3,}[ \t]*\{(?:cards|guess)\}([^\n]*)$", re.M),
)


def mentions(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, key and part (empty without one) of each result that a Markdown text names."""
    for pattern in NAMED:
        for match in pattern.finditer(text):
            for target in match[1].split():
                key, _, part = target.partition(":")
                yield text.count("\n", 0, match.start(1)) + 1, key, part


def unknown(executed: Path, pages: Path, keys: Collection[str]) -> list[Problem]:
    """Return what the chapters and pages of a report name that is no result, or no part of one.

    Parameters
    ----------
    executed : folder of the executed chapters.
    pages : folder of the Markdown pages, which are looked at if all its chapters have run.
    keys : of all results of the report.
    """
    found: list[Problem] = []
    ran = notebooks.chapters(executed)
    if {path.name for path in notebooks.chapters(pages)} <= {path.name for path in ran}:
        for path in sorted(pages.glob("*.md")):
            found += _unknown(path, None, manuscript.read_text(path), keys)
    for path in ran:
        for number, cell in enumerate(manuscript.read_notebook(path)["cells"], start=1):
            if cell["cell_type"] == "markdown":
                found += _unknown(path, number, cell["source"], keys)
    return found


def _unknown(path: Path, cell: int | None, text: str, keys: Collection[str]) -> Iterator[Problem]:
    file = f"{paths.CHAPTERS.name}/{path.name}"
    for line, key, part in mentions(text):
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            hint = f"; nearest is {near[0]}" if near else ""
            yield Problem(file, cell, line, f"no result has the key {key}{hint}")
        elif part and part not in notebooks.PARTS:
            known = ", ".join(notebooks.PARTS)
            yield Problem(file, cell, line, f"a result has no part {part}; known are {known}")
