"""What turned between two readings of the report, rather than moved: truth values, words, days, sentences, states.

Also the deals that became known or came to an end, in the ledger's words, with their amounts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.book.running import chapter_stories, notebooks
from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, tables
from analysis.numbers import formats, stories, story_rows
from analysis.numbers.ledger_words import words_of

Results = Mapping[str, Mapping[str, Any]]
# The columns that tell a state; what ends a thing, or stops it.
STATE_COLUMNS = {"deals": ("status", "role"), "sites": ("status",), "terms": ("state", "holder")}
ENDED = (CANCELLED, "paused")
ANSWERS = {True: "yes", False: "no"}
LONGEST = 160  # characters of a sentence or of a text


@dataclass(frozen=True)
class Turned:
    """Something that changed: what kind (flag, text, date, sentence, state), of what, its key, was, is."""

    kind: str
    subject: str
    key: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.old} -> {self.new}  [{self.key}]"


def _answer(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return formats.UNKNOWN
    return ANSWERS[result["value"]] if isinstance(result["value"], bool) else _short(str(result["text"]))


def turned_results(old: Results, new: Results) -> list[Turned]:
    """Return the truth values, then the texts, then the days that differ, each by its key."""
    found = []
    for kind in ("flag", "text", "date"):
        for key in sorted({*old, *new}):
            known = new.get(key) or old[key]
            was, now = _answer(old.get(key)), _answer(new.get(key))
            if known["unit"] == kind and was != now:
                found.append(Turned(kind, str(known["label"]), key, was, now))
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _sentence(story: stories.Story, ledger: Ledger, results: Results) -> str:
    """What a story tells as known on a ledger's day, in plain words."""
    chosen = stories.choose(story, story_rows.ledger_rows(ledger, story.key))
    if chosen.untold:
        row = chosen.untold[-1]
        return _short(f"(waits for an editor) {formats.day(row.day)}: {row.words}")
    text = stories.with_days(chosen.text)
    return _short(notebooks.plain_prose(text, {key: dict(result) for key, result in results.items()})) or "nothing"


def turned_stories(folder: Path, old: tuple[Ledger, Results], new: tuple[Ledger, Results]) -> list[Turned]:
    """Return the stories of a folder of chapters of which another text, or none any more, is shown."""
    found = []
    for name, line, story in chapter_stories.stories_of(folder):
        chosen = [stories.choose(story, story_rows.ledger_rows(side[0], story.key)) for side in (old, new)]
        if chosen[0] != chosen[1]:
            was, now = (_sentence(story, *side) for side in (old, new))
            found.append(Turned("sentence", f"{name}:{line}", story.key, was, now))
    return found


def turned_states(old: Ledger, new: Ledger) -> list[Turned]:
    """Return the deals, sites and rights that changed their state, in the ledger's words."""
    found = []
    for table, columns in STATE_COLUMNS.items():
        key = tables()[table].key[0]
        before, after = (side[table].set_index(key) for side in (old, new))
        for name in before.index.intersection(after.index):
            was, now = (
                ", ".join(str(side.loc[name, c]) for c in columns if c in side and side.loc[name, c])
                for side in (before, after)
            )
            if was != now:
                words = words_of(new, table, after.loc[name].to_dict())
                found.append(Turned("state", words, f"{table}:{name}", was or "empty", now or "empty"))
    return found


def _rows(ledger: Ledger, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    key = tables()[table].key[0]
    for row in ledger[table].to_dict("records"):
        yield str(row[key]), row


def new_deals(old: Ledger, new: Ledger) -> list[str]:
    """Return the deals that only the newer side knows, in words with their amounts, the most money first."""
    known = set(old.deals["deal"])
    fresh = [(name, row) for name, row in _rows(new, "deals") if name not in known]
    fresh.sort(key=lambda deal: (-max(_amount(deal[1]), 0.0), deal[0]))
    return [f"{words_of(new, 'deals', row)}  [deals:{name}]" for name, row in fresh]


def _amount(row: Mapping[str, Any]) -> float:
    ends = [float(row[end]) for end in ("low_usd_bn", "high_usd_bn") if row[end] == row[end]]
    return max(ends, default=-1.0)


def ended(old: Ledger, new: Ledger) -> list[str]:
    """Return the deals and sites that are cancelled or paused on the newer side and were not on the older."""
    found = []
    for table in ("deals", "sites"):
        before = dict(_rows(old, table))
        for name, row in _rows(new, table):
            if row["status"] in ENDED and before.get(name, {}).get("status") != row["status"]:
                found.append(f"{row['status']}: {words_of(new, table, row)}  [{table}:{name}]")
    return found
