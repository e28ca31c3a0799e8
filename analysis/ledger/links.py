"""Whether the addresses of the sources still answer: a list of answers, made elsewhere, checked against the ledger.

Nothing here opens a connection. A job with a network asks each address and writes one answer a line, as CSV with a
header or as JSON lines:

- ``url``: the address asked;
- ``status``: the status code of the answer (200 and the like), or ``alive``, ``moved`` or ``dead``;
- ``final_url``: where the answer came from in the end, empty where that is the address asked;
- ``checked``: the day, YYYY-MM-DD.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.schema import CANCELLED
from analysis.ledger.view import Ledger, parse_day

ALIVE, MOVED, DEAD, SILENT = "alive", "moved", "dead", "silent"
UNASKED = "not in the list"
STATES = (ALIVE, MOVED, DEAD, SILENT, UNASKED)
COLUMNS = ("url", "status", "final_url", "checked")
REQUIRED = ("url", "status", "checked")
GONE = (404, 410, 451)  # a page that is not there any more; other errors of a server say nothing about the page


class LinksError(ValueError):
    """A list of answers that cannot be used; ``problems`` holds every reason."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Answer:
    """What became of an address: alive, moved, dead or silent (no answer that tells), where to, on which day."""

    state: str
    final_url: str
    checked: str


@dataclass(frozen=True)
class Link:
    """A source of the ledger with an address, and its answer (None: not in the list).

    ``carries_payment`` says that a deal that counts rests on it.
    """

    source: str
    line: int
    url: str
    answer: Answer | None
    carries_payment: bool

    @property
    def state(self) -> str:
        return self.answer.state if self.answer else UNASKED

    @property
    def is_problem(self) -> bool:
        return self.answer is not None and self.answer.state == DEAD and self.carries_payment

    def __str__(self) -> str:
        place = f"sources.csv:{self.line}:url: {self.source}"
        if self.answer is None:
            return f"{place}: {UNASKED}: {self.url}"
        to = f", now {self.answer.final_url}" if self.answer.state == MOVED and self.answer.final_url else ""
        why = "; a payment rests on it: name another source in second_source, or a new address" * self.is_problem
        return f"{place}: {self.answer.state} on {self.answer.checked}: {self.url}{to}{why}"


def _lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Each answer with the number of its line; a text instead says what is wrong with the line."""
    lines = text.splitlines()
    if text.lstrip().startswith("{"):
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                entry = None
            yield number, entry if isinstance(entry, dict) else "is not a JSON object; write one answer a line"
        return
    header = next(csv.reader(lines[:1]), [])
    for number, line in enumerate(lines[1:], start=2):
        cells = next(csv.reader([line]), [])
        if len(cells) != len(header):
            yield number, f"{len(cells)} fields where the header has {len(header)}"
        else:
            yield number, dict(zip(header, cells, strict=True))


def _state(status: str, url: str, final_url: str) -> str | None:
    """What a status says of an address; None where it is not a status."""
    if status in (ALIVE, MOVED, DEAD, SILENT):
        return status
    code = int(status) if re.fullmatch(r"\d{1,3}", status, re.ASCII) else -1
    if code and not 100 <= code <= 599:  # 0: there was no answer
        return None
    if code in GONE:
        return DEAD
    if 300 <= code < 400 or (200 <= code < 300 and final_url not in ("", url)):
        return MOVED
    return ALIVE if 200 <= code < 300 else SILENT


def _fault(entry: dict[str, Any]) -> str:
    """What is wrong with an answer; empty if nothing is."""
    unknown = [name for name in entry if name not in COLUMNS]
    if unknown:
        return f"unknown column {quoted(unknown[0])}; known columns are {', '.join(COLUMNS)}"
    for name in REQUIRED:
        if not str(entry.get(name) if entry.get(name) is not None else "").strip():
            return f"{name} is empty; each answer has {', '.join(REQUIRED)}"
    if not str(entry["url"]).startswith(("https://", "http://")):
        return f"url {quoted(entry['url'])} is not a web address"
    if _state(str(entry["status"]), "", "") is None:
        return f"status {quoted(entry['status'])} is neither a status code (200, 404) nor alive, moved, dead or silent"
    try:
        parse_day(str(entry["checked"]))
    except ValueError:
        return f"checked {quoted(entry['checked'])} is not a day; write it as YYYY-MM-DD"
    return ""


def read_answers(path: Path) -> dict[str, Answer]:
    """Read a list of answers; of two for one address the later day counts, on one day the later line.

    Returns
    -------
    The answers by the address asked.

    Raises
    ------
    LinksError
        with every line that cannot be used, as ``file:line``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise LinksError([Problem(path.name, 1, "-", "is not text in UTF-8")]) from None
    found: dict[str, Answer] = {}
    problems: list[Problem] = []
    if not text.strip():
        problems.append(Problem(path.name, 1, "-", f"is empty; its first line is {','.join(COLUMNS)}"))
    for line, entry in _lines(text):
        fault = entry if isinstance(entry, str) else _fault(entry)
        if isinstance(entry, str) or fault:
            problems.append(Problem(path.name, line, "-", fault))
            continue
        url, final_url = str(entry["url"]), str(entry.get("final_url") or "")
        answer = Answer(_state(str(entry["status"]), url, final_url) or SILENT, final_url, str(entry["checked"]))
        if url not in found or found[url].checked <= answer.checked:
            found[url] = answer
    if problems:
        raise LinksError(problems)
    return found


def links(ledger: Ledger, answers: dict[str, Answer]) -> list[Link]:
    """Return each source of a ledger that has an address, with its answer, in the order of the file."""
    deals = ledger.deals
    paid = deals[(deals["role"] == "payment") & (deals["status"] != CANCELLED)]
    seconds = paid["second_source"] if "second_source" in paid else pd.Series("", index=paid.index)
    alone = paid[~seconds.astype(bool)]  # a second source stands in for a dead one
    carrying = set(alone["source"])
    rows = ledger.sources.reset_index(drop=True)
    return [
        Link(row["source"], line, row["url"], answers.get(row["url"]), row["source"] in carrying)
        for line, row in enumerate(rows.to_dict("records"), start=2)
        if row["url"]
    ]


def strangers(ledger: Ledger, answers: dict[str, Answer]) -> list[str]:
    """Return the addresses of a list that no source of a ledger has."""
    known = set(ledger.sources["url"])
    return [url for url in answers if url not in known]
