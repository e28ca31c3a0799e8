"""Roles and directives of the chapters: numbers and conditions in prose, key numbers, the list of sources.

``{num}`chapter.name` `` writes a result; ``:value``, ``:low``, ``:high``, ``:date`` and ``:bare`` after the key write
a part of it, ``:about`` drops its decimals, ``:month`` the month of a day. ``{when} key`` and ``{when} not key`` keep
their body if the result is true or false. ``{cards} key key …`` shows key numbers, ``{guess} key`` asks for one (see
`guess`), ``{more} words`` folds what only some want to read, ``{sources}`` lists every source, ``{downloads}`` the
files to take away. Pages that use them are rendered again when the results change.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import templates
from analysis.book.pages import fragments
from analysis.book.pages.exports.listing import FILES
from analysis.book.pages.report import FILE, read_report
from analysis.book.running import notebooks
from analysis.numbers import formats

logger = logging.getLogger(__name__)
FOLDED = "rt-folded-text"


class ResultAccess:
    """Access to the results for roles and directives."""

    def result(self, key: str) -> dict[str, Any] | None:
        """The result of a key; a warning, which fails the build, if there is none."""
        report = read_report(str(self.env.srcdir))  # type: ignore[attr-defined]
        self.env.note_dependency(str(Path(self.env.srcdir) / FILE))  # type: ignore[attr-defined]
        result = report["results"].get(key)
        if result is None:
            where = self.get_location()  # type: ignore[attr-defined]
            logger.warning("no result has the key %r", key, location=where, type="roundtrip", subtype="key")
        return result

    def page(self, key: str) -> str:
        """Relative address of the page that computes a result; empty for the current page."""
        env = self.env  # type: ignore[attr-defined]
        owner = read_report(str(env.srcdir))["owners"][key]
        return "" if owner == env.docname else env.app.builder.get_relative_uri(env.docname, owner)


class NumRole(SphinxRole, ResultAccess):
    """``{num}``: a result, or a part of it, as a link to how it was computed."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key, _, part = self.text.strip().partition(":")
        result = self.result(key)
        if result is None:
            return [nodes.inline(text=f"[{key}]")], []
        try:
            text = notebooks.part_of(result, part)
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location(), type="roundtrip", subtype="key")
            return [nodes.inline(text=f"[{self.text}]")], []
        target = f"{self.page(key)}#num-{fragments.number_id(key)}"
        return [nodes.reference("", text, refuri=target, internal=True, rt_key=key)], []


class WhenDirective(SphinxDirective, ResultAccess):
    """``{when}``: text that stands only if a result is true, or false."""

    required_arguments = 1
    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        is_negated = self.arguments[0] == "not"
        result = self.result(self.arguments[-1])
        if result is None or bool(result["value"]) == is_negated:
            return []
        return self.parse_content_to_nodes()


class MoreDirective(SphinxDirective):
    """``{more}``: text that is folded below a line of words; left out where all of its blocks have vanished."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        text = nodes.container("", *self.parse_content_to_nodes(), classes=[FOLDED])
        if all(isinstance(child, nodes.comment) for child in text):
            return []
        html = templates.render("pages/more.html", words=self.arguments[0])
        opening, closing = (nodes.raw("", part, format="html") for part in html.split("<!-- text -->"))
        return [opening, text, closing]


def is_folded(node: nodes.Node) -> bool:
    """Return whether a node is the text of a ``{more}``."""
    return isinstance(node, nodes.container) and FOLDED in node["classes"]


class CardsDirective(SphinxDirective, ResultAccess):
    """``{cards}``: key numbers; those that are not known are left out."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False

    def run(self) -> list[nodes.Node]:
        chosen = [r for key in self.arguments[0].split() if (r := self.result(key)) is not None]
        chosen = [r for r in chosen if r["text"] != formats.UNKNOWN]
        pages = {r["key"]: self.page(r["key"]) for r in chosen}
        sources = read_report(str(self.env.srcdir))["sources"]
        html = str(fragments.key_numbers(chosen, pages, sources))
        return [nodes.raw("", html, format="html", rt_cards=[r["key"] for r in chosen])]


class DownloadsDirective(SphinxDirective):
    """``{downloads}``: what can be taken from the site, where each file is and what for."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        root = "../" * self.env.docname.count("/")
        files = [dict(zip(("path", "name", "words"), file, strict=True)) for file in FILES]
        return [nodes.raw("", str(templates.render("pages/downloads.html", files=files, root=root)), format="html")]


class SourcesDirective(SphinxDirective):
    """``{sources}``: every source of the ledger as known on the day, by publisher."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        report = read_report(str(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / FILE))
        return [nodes.raw("", str(fragments.source_list(report["sources"])), format="html")]
