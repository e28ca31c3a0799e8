"""What is due as an iCalendar file (RFC 5545), for calendars to import or to subscribe to."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping

from analysis.book.pages.addresses import Addresses
from analysis.numbers.due import Due
from analysis.numbers.profiles.addresses import deal_page

FILE = "due.ics"
EVENTS = uuid.UUID("6f2b8c9a-3f0e-5b63-9a55-0f5f6f3b7d21")  # of this report's calendar, wherever it is published
LONGEST_LINE = 75  # octets, after which RFC 5545 folds
ABOUT = (
    "What the ledger of Round Trip says is due, as known on {}. What has only a year stands on its first or last day; "
    "days of results are expectations of ours."
)
SPECIAL = re.compile(r"([\\;,])")


def write_calendar(items: Iterable[Due], urls: Mapping[str, str], as_of: str, addresses: Addresses) -> str:
    """The calendar as text.

    Parameters
    ----------
    items
        What is due.
    urls
        Web addresses of the sources, by key.
    as_of
        Day of the report, YYYY-MM-DD; no date of the calendar comes from the clock.
    addresses
        Public addresses; ids do not depend on them.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Round Trip contributors//Round Trip//EN",
        "X-WR-CALNAME:Round Trip: what is due",
        f"X-WR-CALDESC:{_text(ABOUT.format(as_of))}",
    ]
    for item in items:
        lines += _event(item, [urls[key] for key in item.sources if urls.get(key)], addresses)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(item: Due, urls: list[str], addresses: Addresses) -> list[str]:
    page = addresses.page(deal_page(item.deal)) if item.deal else addresses.page("ledger.html")
    words = "\n".join(part for part in (item.words, f"Known on {item.known_on:%Y-%m-%d}.", *urls) if part)
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(EVENTS, item.key)}",
        f"DTSTAMP:{item.known_on:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{item.day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(item.title)}",
        f"DESCRIPTION:{_text(words)}",
        *([f"URL:{page}"] if page else []),
        f"STATUS:{'TENTATIVE' if item.is_expected else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """Text as a value: escaped, and without the control characters that a line cannot hold."""
    clean = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", value)
    return SPECIAL.sub(r"\\\1", clean).replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, no character cut in two."""
    pieces, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += octets
    return "\r\n".join(pieces)
