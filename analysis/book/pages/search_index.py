"""What the search finds in the pages: their sections, with titles, prose and what figures say, without notes and lists.

Numbers stand in it as in the sentence, without the marks of their notes. The lists of evidence (the numbers behind a
section, notes, code) are not searched; sources are, as a section that stands behind all prose.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from docutils import nodes

from analysis.book.pages.fragments import plain_text

PROSE, EVIDENCE = 1, 0  # what is found in prose stands before what is found in lists of sources
FIGURE = re.compile(r'<p class="rt-title">(?:<a class="rt-count".*?</a>)?(.*?)</p>', re.S)
TOLD = re.compile(r'<(?:aside class="rt-untold"|ul class="rt-news").*', re.S)
SOURCES = re.compile(r'<ul class="rt-sources rt-all">.*', re.S)


def sections_of(doctree: nodes.document, page: str) -> list[list[Any]]:
    """The sections of a page: page, id ("" for the page itself), title, text, PROSE or EVIDENCE.

    Parameters
    ----------
    doctree
        The page, its numbers filled in.
    page
        Its name.
    """
    found: list[list[Any]] = []
    for section in doctree.findall(nodes.section):
        title = next((plain_text(child) for child in section if isinstance(child, nodes.title)), "")
        is_page = not isinstance(section.parent, nodes.section)
        id_ = "" if is_page else section["ids"][0]
        found.append([page, id_, title, " ".join(_told(section)), PROSE])
        if sources := [match.group() for raw in _raw(section) if (match := SOURCES.search(raw))]:
            found.append([page, id_, title, _plain(" ".join(sources)), EVIDENCE])
        for item in _own(section, nodes.definition_list_item):
            term = next(iter(item.findall(nodes.term)))
            words = " ".join(plain_text(p) for p in item.findall(nodes.paragraph))
            found.append([page, (term["ids"] or [id_])[0], plain_text(term), words, PROSE])
    return [entry for entry in found if entry[2] or entry[3]]


def _own(section: nodes.section, kind: type[nodes.Node]) -> Iterator[Any]:
    """The nodes of a kind in a section and in no section within it."""
    for child in section:
        if not isinstance(child, nodes.section):
            yield from child.findall(kind)


def _raw(section: nodes.section) -> list[str]:
    return [node.astext() for node in _own(section, nodes.raw)]


def _told(section: nodes.section) -> Iterator[str]:
    for paragraph in _own(section, nodes.paragraph):
        if not isinstance(paragraph.parent, nodes.definition):
            yield plain_text(paragraph)
    for raw in _raw(section):
        yield from (_plain(title) for title in FIGURE.findall(raw))
        if told := TOLD.search(raw):
            yield _plain(told.group())


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()
