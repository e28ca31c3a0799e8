"""The Sphinx extension: numbers and conditions in prose, key-number cards, page dressing.

``{num}`chapter.name` `` writes a result; ``:value``, ``:low``, ``:high``, ``:date`` and ``:bare`` after
the key write a part of it. ``{when} key`` and ``{when} not key`` keep their body when the result is true
or false. ``{cards} key key …`` shows key numbers. All read the results of the run, and the pages that use
them are rendered again when these change.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import formats
from analysis.book import html, notebooks
from analysis.book.mime import known

logger = logging.getLogger(__name__)


class Known:
    """Access to the results for roles and directives."""

    def result(self, key: str) -> dict[str, Any] | None:
        report = known(str(self.env.srcdir))  # type: ignore[attr-defined]
        self.env.note_dependency(str(Path(self.env.srcdir) / "report.json"))  # type: ignore[attr-defined]
        found = report["results"].get(key)
        if found is None:
            where = self.get_location()  # type: ignore[attr-defined]
            logger.warning("no result has the key %r", key, location=where, type="roundtrip", subtype="key")
        return found

    def page(self, key: str) -> str:
        """Address of the page that computes a result, seen from the current one."""
        env = self.env  # type: ignore[attr-defined]
        owner = known(str(env.srcdir))["owners"][key]
        return "" if owner == env.docname else env.app.builder.get_relative_uri(env.docname, owner)


class Num(SphinxRole, Known):
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
        day = f"; known on {result['as_of']}" if result["as_of"] else ""
        hint = f"{result['label']}: {result['text']}{day}. {result['how']}".strip()
        target = f"{self.page(key)}#num-{key.replace('.', '-')}"
        node = nodes.reference("", text, refuri=target, internal=True, classes=["rt-num"], reftitle=hint)
        return [node], []


class When(SphinxDirective, Known):
    required_arguments = 1
    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        is_negated = self.arguments[0] == "not"
        result = self.result(self.arguments[-1])
        if result is None or bool(result["value"]) == is_negated:
            return []
        return self.parse_content_to_nodes()


class Cards(SphinxDirective, Known):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = False

    def run(self) -> list[nodes.Node]:
        chosen = [r for key in self.arguments[0].split() if (r := self.result(key)) is not None]
        chosen = [r for r in chosen if r["text"] != formats.UNKNOWN]
        pages = {r["key"]: self.page(r["key"]) for r in chosen}
        return [nodes.raw("", html.cards(chosen, pages), format="html")]


class SourceList(SphinxDirective):
    """``{sources}``: every source of the ledger as known on the day, by publisher, each a link."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        report = known(str(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / "report.json"))
        items = [
            f"<li id='source-{html.escape(key)}'>{html.source(key, report['sources'])} <code>{html.escape(key)}</code></li>"
            for key in sorted(report["sources"], key=lambda k: (report["sources"][k]["publisher"].casefold(), k))
        ]
        return [nodes.raw("", f"<ul class='rt-sources rt-all'>{''.join(items)}</ul>", format="html")]


def _page_context(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.Node | None) -> None:
    report = known(str(app.srcdir))
    context["rt"] = report["site"]
    context["rt_description"] = _description(doctree) if doctree is not None else report["site"]["description"]
    if pagename in report["notebooks"]:
        context["rt_notebook"] = f"{pagename}.ipynb"


def _description(doctree: nodes.document) -> str:
    """The first paragraph of the page, for search engines and previews."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = re.sub(r"\s+", " ", paragraph.astext()).strip()
        if len(text) > 60:
            return text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0] + "…"
    return ""


def _dark_code(app: Sphinx) -> None:
    """Readable code in the dark. The theme registers this value only once it is loaded, too late for the configuration."""
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("num", Num())
    app.add_directive("when", When)
    app.add_directive("cards", Cards)
    app.add_directive("sources", SourceList)
    app.connect("html-page-context", _page_context)
    app.connect("builder-inited", _dark_code, priority=100)
    # Jupyter Book's configuration names two values of extensions that are left out here.
    for name, default in (("comments_config", {}), ("use_jupyterbook_latex", False)):
        if name not in app.config:
            app.add_config_value(name, default, "html")
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
