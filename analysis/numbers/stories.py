"""Sentences bound to rows: which text of a story is true on a day, and the ledger's own words where none is.

A story tells what became of one key of a dated table. In a chapter's Markdown it holds one text for each row that
changes what is true, oldest first::

    ::::{story} terms:cloud-exclusivity
    :::{row} before
    What holds before the first of these rows is known.
    :::
    :::{row} 2025-01-21
    Since {day}`2025-01-21` …
    :::
    ::::

- A text belongs to the days that its ``row`` names: that of its own row and those of later rows that change nothing
  told. A row of any other day makes the text wait for an editor, whatever the row says: only a person can tell whether
  the sentence still holds.
- A text may rest on other keys, which stand behind the first (``{story} deals:a-b deals:c-d sites:e``): their amounts
  may change, since numbers follow, but a day on which one of them is cancelled, paused or ended, or revived, or on
  which a right gets another holder or state, is a row of the story like its own.
- Rows older than the oldest text are not told, because the editor has begun the story later.
- A day that two texts claim has none.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.ledger import Ledger
from analysis.ledger.view import SUBJECT
from analysis.numbers import formats
from analysis.numbers.story_rows import KEY_COLUMNS, Row, rows_of, where_is

BEFORE = "before"
STORY_BLOCK = re.compile(
    r"^(?P<colons>:{4,})\{story\} +(?P<key>\S[^\n]*?)[ \t]*\n(?P<body>.*?)^(?P=colons)[ \t]*(?:\n|\Z)", re.M | re.S
)
ROW_BLOCK = re.compile(
    r"^(?P<colons>:{3,})\{row\}(?P<days>[^\n]*)\n(?P<body>.*?)^(?P=colons)[ \t]*(?:\n|\Z)", re.M | re.S
)
OPENING = re.compile(r"^:{3,}\{story\}.*$", re.M)
STATEMENTS = ("terms", "metrics")  # tables that say something of a deal or site; alone it means little
DAY_ROLE = re.compile(r"\{(?P<role>day|month)\}`(?P<day>[^`]*)`")


@dataclass(frozen=True)
class Text:
    """What stands while the newest row known is of one of some days (YYYY-MM-DD); none for the text ``before``."""

    days: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Story:
    """The texts of a key (``table:key``) in the order of the chapter, and what is wrong with how they are written.

    Keys of other rows that the texts rest on follow the first, after a space each.
    """

    key: str
    texts: tuple[Text, ...]
    before: str
    faults: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The key that it is about."""
        return self.key.partition(" ")[0]

    def days(self) -> list[str]:
        """Return the days that have a text, in the order of the chapter."""
        return [day for text in self.texts for day in text.days]


def day_in_words(day: str, role: str = "day") -> str:
    """Return what ``{day}`` writes, or ``{month}``: a day or its month in words, and whatever is no day as it is."""
    write = formats.month if role == "month" else formats.day
    return write(day) if _is_day(day) else day


def with_days(text: str) -> str:
    """Return a text with its days and months in words."""
    return DAY_ROLE.sub(lambda found: day_in_words(found["day"], found["role"]), text)


@dataclass(frozen=True)
class Choice:
    """What a page shows: a text or, where it waits for an editor, the rows that the ledger tells in its own words."""

    text: str
    untold: tuple[Row, ...] = ()


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def parse(key: str, body: str) -> Story:
    """Read the texts of a story.

    Parameters
    ----------
    key
        What it is about, ``table:key``, and what else its texts rest on.
    body
        The Markdown between its fences.

    Returns
    -------
    Story
        Nothing raises: a build goes on, and what is wrong is in ``faults``.
    """
    faults, texts, before = [], [], ""
    for name in key.split():
        if not where_is(name):
            known = ", ".join(f"{t}:{'/'.join(c.upper() for c in columns)}" for t, columns in KEY_COLUMNS.items())
            faults.append(f"names {name}, which is no key of a dated table; write one of {known}")
    if ROW_BLOCK.sub("", body).strip():
        faults.append("has words outside its rows, which no page shows; put them into a row")
    for block in ROW_BLOCK.finditer(body):
        days = tuple(block["days"].split())
        if days == (BEFORE,):
            before = block["body"]
            continue
        if not days or not all(map(_is_day, days)):
            faults.append(f"has a row {block['days'].strip()!r}; write '{BEFORE}' or days as YYYY-MM-DD")
        texts.append(Text(tuple(filter(_is_day, days)), block["body"]))
    named = [day for text in texts for day in text.days]
    faults += [f"has two texts for {day}" for day in sorted({d for d in named if named.count(d) > 1})]
    faults += [
        f"tells {later} before {earlier}; put the oldest text first"
        for later, earlier in pairwise(named)
        if earlier < later
    ]
    if not named:
        faults.append("has no text of a row")
    return Story(key, tuple(texts), before, tuple(faults))


def choose(story: Story, rows: Sequence[Row]) -> Choice:
    """Choose what a page shows of a story.

    Parameters
    ----------
    story
        Its texts.
    rows
        What the ledger says of its key by the day of the report, oldest first.

    Returns
    -------
    Choice
        The text of the newest row. If it has none, or more than one: the newest row of the key itself, and what has
        ended since of that on which its text rests, by the last row of each key alone. A term or a figure of a deal
        or site that has been cancelled or paused since is overtaken: of it only the end or the pause is told; so is a
        deal where deals of others have ended, of which its text tells as well.
    """
    days = story.days()
    if not rows or not days or rows[-1].day < min(days):
        return Choice(story.before)
    texts = [text.body for text in story.texts if rows[-1].day in text.days]
    if len(texts) == 1:
        return Choice(texts[0])
    own = max((at for at, row in enumerate(rows) if row.is_of(story.subject)), default=0)
    untold = rows[own + _is_overtaken(story, rows[own], rows[own + 1 :]) :]
    newest = {row.key: row for row in untold}
    return Choice("", tuple(row for row in untold if row is newest[row.key]))


def _is_overtaken(story: Story, own: Row, later: Sequence[Row]) -> bool:
    """Whether a term or a figure speaks of a deal or site that later rows leave cancelled, settled or paused.

    Of a deal it is whether its own news are old, and all later rows are of deals with none of its other sides.
    """
    if story.subject.partition(":")[0] not in STATEMENTS:
        return len(later) > 0 and own.day in story.days() and all(_is_of_others(own, row) for row in later)
    ends = {row.key: row.ending for row in later}
    return any(end and key.partition(":")[0] not in STATEMENTS for key, end in ends.items())


def _is_of_others(deal: Row, other: Row) -> bool:
    """Whether two rows are of deals that have no side but the report's own firm in common."""
    return bool(deal.sides and other.sides) and not ({*deal.sides} & {*other.sides}) - {SUBJECT}


def to_do(story: Story, rows: Sequence[Row], as_of: str) -> list[str]:
    """Say what an editor has to do about a story, one predicate each; empty when all is told.

    Parameters
    ----------
    story, rows
        As for `choose`.
    as_of
        The day of the report, YYYY-MM-DD: a text of a later day has no row yet.
    """
    notes = list(story.faults)
    known = {row.day for row in rows}
    due = [day for day in dict.fromkeys(story.days()) if day <= as_of]
    if due and not known:
        return [*notes, "is told, but the ledger has no row of this key; was it renamed or deleted?"]
    notes += [f"has a text for {day}, a day without a row of this key" for day in due if day not in known]
    cited = (role["day"] for text in story.texts for role in DAY_ROLE.finditer(text.body) if set(text.days) & known)
    notes += [f"names {day}, a day without a row of this key" for day in dict.fromkeys(cited) if day not in known]
    for row in choose(story, rows).untold:
        if row.day == rows[-1].day and row.day not in story.days():
            whose = "" if row.is_of(story.subject) else f" of {row.key}, on which it rests,"
            what = f"{row.ending or 'row'}{whose}"
            notes.append(f"has no text for the {what} of {row.day}; the page shows the ledger's words")
    return notes


def lost(story: Story, ledger: Ledger) -> list[str]:
    """Say which keys that the newest text of a story rests on the ledger does not have, a predicate each."""
    if not story.days() or not any(row.day >= story.days()[-1] for row in rows_of(ledger, story.subject)):
        return []
    gone = [key for key in story.key.split()[1:] if where_is(key) and not rows_of(ledger, key)]
    return [f"rests on {key}, of which the ledger has no row; was it renamed or deleted?" for key in gone]


def in_markdown(source: str) -> list[tuple[int, Story]]:
    """Return each story of a Markdown text with the number of its line, counted from 0.

    One that is never closed, or that names no key, has no texts and says so.
    """
    found = {block.start(): parse(block["key"], block["body"]) for block in STORY_BLOCK.finditer(source)}
    for opening in OPENING.finditer(source):
        if opening.start() not in found:
            key = opening[0].partition("}")[2].strip() or "without a key"
            fault = "cannot be read; write ::::{story} table:key and close it with as many colons, at least four"
            found[opening.start()] = Story(key, (), "", (fault,))
    return [(source.count("\n", 0, start), story) for start, story in sorted(found.items())]
