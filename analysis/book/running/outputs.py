"""What a notebook stores of its outputs: text only, and what moved between two texts of one chapter.

The text is that of `numbers.plaintext`. Charts, tables and results as data are made again by each run, so they are
not stored: a reviewer reads the lines, and a comparison of the lines names what moved.
"""

import copy
import difflib
import re
from collections.abc import Iterable

import nbformat

from analysis import mime_types
from analysis.numbers import plaintext

TEXT = "text/plain"
RICH = (
    mime_types.CHART,
    mime_types.CHART_IN_JUPYTER,
    mime_types.RESULTS,
    mime_types.EXPLORER,
    "text/html",
)  # shown by a run, never stored
DAY = re.compile(r"known \S+|undated")
NUMBER = re.compile(rf"(?P<key>[a-z][a-z0-9_]*\.[a-z0-9_]+) {{2}}(?P<value>.+) {{2}}(?P<day>{DAY.pattern})")


def text_only(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy that keeps of each output its text."""
    stored = copy.deepcopy(notebook)
    for cell in stored.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = nbformat.from_dict({TEXT: output.data.get(TEXT, "")})
    return stored


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """The text of each output, in order; an empty one of a picture that has none."""
    outputs = (o for cell in notebook.cells for o in cell.get("outputs", []))
    return [o["data"].get(TEXT, "") if "data" in o else o.get("text", "") for o in outputs]


def statements(outputs: Iterable[str]) -> dict[str, list[str]]:
    """What texts say, by the name of what they say it about.

    Parameters
    ----------
    outputs
        Texts of outputs, as `texts` gives them.

    Returns
    -------
    dict
        For the key of a number its value and the day it was known, for the id of a figure or table its title, then its
        other lines.
    """
    found: dict[str, list[str]] = {}
    for text in outputs:
        lines = text.splitlines() or [""]
        numbers = [NUMBER.fullmatch(line) for line in lines]
        if all(numbers):
            found |= {match["key"]: [match["value"], match["day"]] for match in numbers if match}
        else:
            name, _, title = lines[0].partition(plaintext.GAP)
            found[name] = [title, *plaintext.without_dittos(lines[1:])]
    return found


def differences(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """What moved from one list of texts to another, a line each, the name of the number, figure or table first.

    Parameters
    ----------
    old, new
        Texts of outputs, as `texts` gives them.

    Returns
    -------
    list of str
        Such as ``oracle_softbank.ltv: 20.6% -> 21.6%``; empty when the texts say the same.
    """
    before, after = statements(old), statements(new)
    found = []
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            found.append(f"{name}: {before[name][0]} -> no longer there")
        elif name not in before:
            found.append(f"{name}: not there before -> {after[name][0]}")
        else:
            found += [f"{name}: {change}" for change in _changes(before[name], after[name])]
    return found


def _changes(old: list[str], new: list[str]) -> list[str]:
    """Changed lines as ``old -> new``, the title or value first, then lines that one side lacks.

    The day of a number is told only where its value stayed: a number that moved became known on another day as a rule.
    """
    (was, *lines), (now, *new_lines) = old, new
    found = [f"{was} -> {now}"] if was != now else []
    if found and _is_day(lines) and _is_day(new_lines):
        return found
    matcher = difflib.SequenceMatcher(None, lines, new_lines, autojunk=False)
    for operation, i, j, k, m in matcher.get_opcodes():
        removed, added = lines[i:j], new_lines[k:m]
        if operation == "replace" and len(removed) == len(added):
            found += [f"{one} -> {other}" for one, other in zip(removed, added, strict=True)]
        elif operation != "equal":
            found += [*(f"removed: {line}" for line in removed), *(f"added: {line}" for line in added)]
    return found


def _is_day(lines: list[str]) -> bool:
    return len(lines) == 1 and DAY.fullmatch(lines[0]) is not None
