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
from analysis.ledger.schema import tables
from analysis.numbers import formats
from analysis.numbers.ledger_facts import parties_of
from analysis.numbers.ledger_words import words_of

ATOM = "http://www.w3.org/2005/Atom"
FEED = uuid.UUID("2f0c3f9e-6b0b-5d1c-9d57-6a1f0f7c9b11")  # of this report's feed, wherever it is published
MAX_DAYS = 30


def recent_changes(ledger: Ledger) -> list[dict[str, Any]]:
    """The last days on which facts became known, newest first.

    Returns
    -------
    list of dict
        ``day`` (YYYY-MM-DD), ``title``, and ``facts``, each with ``text``, ``source`` (a key) and its ``url``.
    """
    history = {name: rows for name, rows in ledger.history.items() if "source" in rows}  # predictions are no facts
    days = sorted({d for rows in history.values() for d in rows["as_of"].dropna().unique()}, reverse=True)[:MAX_DAYS]
    url = dict(zip(ledger.sources["source"], ledger.sources["url"], strict=True))
    facts: dict[pd.Timestamp, list[dict[str, str]]] = {day: [] for day in days}
    for name, rows in history.items():
        for row in rows[rows["as_of"].isin(days)].to_dict("records"):
            address = web_address(str(url.get(row["source"], "") or ""))
            text = _sentence(ledger, name, row)
            facts[row["as_of"]].append({"text": text, "source": row["source"], "url": address})
    return [
        {
            "day": f"{day:%Y-%m-%d}",
            "title": f"{len(told)} fact{'s' if len(told) != 1 else ''} of {formats.day(day.date())}",
            "facts": told,
        }
        for day, told in facts.items()
    ]


def _sentence(ledger: Ledger, table: str, row: dict[str, Any]) -> str:
    """A row of the ledger as a line of text."""
    if table == "deals":
        amount = formats.amount_text(row["low_usd_bn"], row["high_usd_bn"])
        amount = f", US$ {amount} bn" if amount[:1].isdigit() else f", {amount}" if amount else ""
        parties = f"{ledger.name(row['payer'])} → {ledger.name(row['payee'])}"
        return f"{parties}, {row['kind']}: {row['status']}{amount}. {row['note']}".strip()
    if table == "terms":
        parties = formats.listed([ledger.name(party) for party in parties_of(table, row)])
        return f"{parties}, {row['topic']}: {row['after']}".strip()
    if table == "metrics":
        return words_of(ledger, table, row)
    if table == "sites":
        return f"{row['name']}: {row['status']}".strip()
    if table == "quotes":
        return f"{row['speaker']}, in {row['occasion']}: “{row['words']}”"
    schema = tables()[table]
    return f"{schema.title}: {row[schema.columns[0]]}".strip()


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
    add(root, "title", "Round Trip: changes of the ledger")
    add(root, "subtitle", "What became known about the money between OpenAI and its partners, day by day")
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
