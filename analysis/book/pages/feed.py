"""The Atom feed: what became known, day by day."""

import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis import templates
from analysis.book.pages.addresses import Addresses
from analysis.book.pages.fragments import web_address
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.headlines import headline, is_told_with_another

ATOM = "http://www.w3.org/2005/Atom"
FEED = uuid.UUID("2f0c3f9e-6b0b-5d1c-9d57-6a1f0f7c9b11")  # of this report's feed, wherever it is published
MAX_DAYS = 30


def recent_changes(ledger: Ledger) -> list[dict[str, Any]]:
    """The last days on which facts became known, newest first.

    Returns
    -------
    list of dict
        ``day`` (YYYY-MM-DD), ``title``, and ``facts``, each with ``text``, ``source`` (its title) and its ``url``.
    """
    history = {name: rows for name, rows in ledger.history.items() if "source" in rows}  # predictions are no facts
    days = sorted({d for rows in history.values() for d in rows["as_of"].dropna().unique()}, reverse=True)[:MAX_DAYS]
    sources = ledger.sources.set_index("source")
    facts: dict[pd.Timestamp, list[dict[str, str]]] = {day: [] for day in days}
    for name, rows in history.items():
        for row in rows[rows["as_of"].isin(days)].to_dict("records"):
            if is_told_with_another(ledger, name, row):
                continue
            address = web_address(str(sources["url"].get(row["source"], "") or ""))
            title = str(sources["title"].get(row["source"], row["source"]))
            text = f"{headline(ledger, name, row)}."
            facts[row["as_of"]].append({"text": text, "source": title, "url": address})
    return [{"day": f"{day:%Y-%m-%d}", "title": _title(day, told), "facts": told} for day, told in facts.items()]


def _title(day: pd.Timestamp, told: list[dict[str, str]]) -> str:
    """The first fact of a day, deals before others, and how many came with it."""
    more = f" And {formats.counted(len(told) - 1, 'other fact', 'other facts')}." if len(told) > 1 else ""
    return f"{formats.day(day.date())}: {told[0]['text']}{more}"


def write_feed(changes: Iterable[dict[str, Any]], as_of: str, addresses: Addresses) -> str:
    """The feed as XML.

    Parameters
    ----------
    changes
        See `recent_changes`.
    as_of
        Day of the report, YYYY-MM-DD; no date of the feed comes from the clock.
    addresses
        Public addresses; ids do not depend on them.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")

    def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        node = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        node.text = _printable(text) or None
        return node

    ledger_page = addresses.page("ledger.html") or "ledger.html"
    add(root, "title", "Round Trip: what became known")
    add(root, "subtitle", "News of the money between OpenAI and those who fund it and sell to it, day by day")
    add(root, "id", f"urn:uuid:{FEED}")
    add(root, "updated", f"{as_of}T00:00:00Z")
    if addresses.site:
        add(root, "link", rel="self", type="application/atom+xml", href=addresses.page("feed.xml"))
    add(root, "link", rel="alternate", type="text/html", href=ledger_page)
    add(add(root, "author"), "name", "Round Trip contributors")
    add(root, "rights", "CC BY 4.0")
    for change in changes:
        entry = add(root, "entry")
        add(entry, "title", change["title"])
        add(entry, "id", f"urn:uuid:{uuid.uuid5(FEED, change['day'])}")
        add(entry, "updated", f"{change['day']}T00:00:00Z")
        add(entry, "link", rel="alternate", type="text/html", href=ledger_page)
        add(entry, "content", templates.render("pages/feed_day.html", facts=change["facts"]), type="html")
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
