"""The Sphinx extension: numbers and conditions in prose, key-number cards, page dressing.

``{num}`chapter.name` `` writes a result; ``:value``, ``:low``, ``:high``, ``:date`` and ``:bare`` after
the key write a part of it. ``{when} key`` and ``{when} not key`` keep their body when the result is true
or false. ``{cards} key key …`` shows key numbers. All read the results of the run, and the pages that use
them are rendered again when these change.
"""

import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis.book.drawing import cards
from analysis.book.pages import finishing, markup, notes
from analysis.book.pages.addresses import Addresses, citation, policy
from analysis.book.pages.mime import known
from analysis.book.running import notebooks
from analysis.numbers import formats

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
        target = f"{self.page(key)}#num-{key.replace('.', '-')}"
        return [nodes.reference("", text, refuri=target, internal=True, rt_key=key)], []


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
        return [nodes.raw("", markup.cards(chosen, pages), format="html", rt_cards=[r["key"] for r in chosen])]


class SourceList(SphinxDirective):
    """``{sources}``: every source of the ledger as known on the day, by publisher, each a link."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        report = known(str(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / "report.json"))
        items = [
            f"<li id='source-{markup.escape(key)}'>{markup.source(key, report['sources'])} <code>{markup.escape(key)}</code></li>"
            for key in sorted(report["sources"], key=lambda k: (report["sources"][k]["publisher"].casefold(), k))
        ]
        return [nodes.raw("", f"<ul class='rt-sources rt-all'>{''.join(items)}</ul>", format="html")]


LOADED = ("vega.js", "table-core.js")  # what the page's script brings when touched
KEPT_STYLES = ("pygments.css", "styles/furo.css")
KEPT_SCRIPTS = ("scripts/furo.js",)
SEARCH_SCRIPTS = ("documentation_options.js", "doctools.js", "sphinx_highlight.js")
WORDS_A_MINUTE = 230


def _asset(app: Sphinx, path: str) -> str:
    """Address of a file of ours from the top of the site; it changes with the file, so that browsers may keep it for good."""
    folder = "_static" if path.startswith("_static/") else f"_site/{path.partition('/')[0]}"
    data = (Path(app.srcdir) / folder / path.partition("/")[2]).read_bytes()
    return f"{path}?v={hashlib.sha256(data).hexdigest()[:10]}"


def _is_staged(app: Sphinx) -> bool:
    """Whether the files of the site stand beside the chapters; a stock book that only uses the roles does without them."""
    return (Path(app.srcdir) / "_site").is_dir()


def _loaded(app: Sphinx) -> str:
    """A digest of the files that the page's script loads when touched."""
    return hashlib.sha256("".join(_asset(app, f"_interactive/{f}") for f in LOADED).encode()).hexdigest()[:10]


def _page_context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.Node | None
) -> None:
    if not _is_staged(app):
        return
    report = known(str(app.srcdir))
    addresses = Addresses(**report["addresses"])
    words = _description(doctree) if doctree is not None else report["site"]["description"]
    title = unescape(re.sub("<[^>]*>", "", context.get("title") or "Round Trip"))
    wanted = (*KEPT_SCRIPTS, *SEARCH_SCRIPTS) if pagename == "search" else KEPT_SCRIPTS
    context["css_files"] = [f for f in context["css_files"] if str(f.filename).endswith(KEPT_STYLES)]
    context["script_files"] = [f for f in context["script_files"] if str(f.filename).endswith(wanted)]
    context["rt"] = report["site"]
    versions = _versions(report, pagename, context["content_root"])
    context["rt_asset"] = lambda path: context["content_root"] + _asset(app, path)
    context["rt_loaded"] = _loaded(app)
    address = addresses.page(f"{pagename}.html")
    card = finishing.social(title, words, addresses.page(f"_cards/{pagename}.png"), address, (cards.WIDTH, cards.LEAST))
    tags = [f'<meta http-equiv="Content-Security-Policy" content="{markup.escape(policy())}">']
    tags += [
        f'<meta {"property" if n.startswith("og:") else "name"}="{n}" content="{markup.escape(v)}">' for n, v in card
    ]
    tags += [
        f'<link rel="alternate" type="application/atom+xml" title="Changes of the ledger" href="{context["content_root"]}feed.xml">'
    ]
    context["metatags"] = "\n    ".join(tags)
    if doctree is None:
        return
    file = Path(app.env.doc2path(pagename)).name
    context["rt_cite"] = citation(title, report["site"], address)
    context["rt_edit"], context["rt_issues"] = addresses.edit(f"chapters/{file}"), addresses.issues()
    if pagename in report["notebooks"]:
        context["rt_notebook"] = f"{pagename}.ipynb"
        context["rt_binder"] = addresses.binder(f"chapters/{file}")
    prose = (markup.words(p) for p in doctree.findall(nodes.paragraph))
    minutes = max(1, round(sum(len(p.split()) for p in prose) / WORDS_A_MINUTE))
    context["body"] = _repaired(context["body"]).replace(
        "</h1>", f"</h1>\n<p class='rt-reading'>{minutes} min read</p>{versions}", 1
    )
    told = app.env.temp_data.setdefault("rt_told", {"titles": {}, "words": {}})
    told["titles"][pagename], told["words"][pagename] = title, words


def _versions(report: dict[str, Any], pagename: str, root: str) -> str:
    """The same page as known on the other key days, folded; nothing for a site of one day."""
    told = report.get("versions")
    if not told:
        return ""
    items = "".join(
        f"<li><strong>{v['words']}</strong>: {markup.escape(v['name'])} (this page). {markup.escape(v['sentence'])}</li>"
        if v["is_own"]
        else f'<li><a href="{root}{v["folder"]}{pagename}.html">{v["words"]}: {markup.escape(v["name"])}</a>. {markup.escape(v["sentence"])}</li>'
        for v in told
    )
    own = next(v for v in told if v["is_own"])
    old = "" if told[0]["is_own"] else " An older version."
    return f"<details class='rt-versions'><summary>As known on {own['words']}: read it as of another day.{old}</summary><ul>{items}</ul></details>"


def _repaired(body: str) -> str:
    """The page's text without the roles and names that the notebook and bibliography extensions and docutils get wrong.

    The words of a fold are its name; a reference is a paragraph like any other; code that scrolls can be reached by keyboard.
    """
    for wrong, right in (
        (' aria-label="Toggle hidden content"', ""),
        (' role="doc-biblioentry"', ""),
        ('<div role="list" class="citation-list">', '<div class="citation-list">'),
        ('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'),
    ):
        body = body.replace(wrong, right)
    return body


def _tell(app: Sphinx, exception: Exception | None) -> None:
    """Leave for the pages that are made after this: titles and first words of the chapters, addresses of shared files."""
    if exception or not _is_staged(app):
        return
    told = app.env.temp_data.get("rt_told", {"titles": {}, "words": {}})
    order = {name: i for i, name in enumerate(_reading_order(app))}
    told["titles"] = dict(sorted(told["titles"].items(), key=lambda item: order.get(item[0], 0)))
    assets = {
        "styles": _asset(app, "_static/roundtrip.css"),
        "script": _asset(app, "_interactive/roundtrip.js"),
        "favicon": "_static/favicon.svg",
        "loaded": _loaded(app),
    }
    (Path(app.outdir) / "pages.json").write_text(json.dumps(told | {"assets": assets}), encoding="utf-8")


def _reading_order(app: Sphinx) -> list[str]:
    order, waiting = [], [str(app.config.root_doc)]
    while waiting:
        name = waiting.pop(0)
        order.append(name)
        waiting = [c for c in app.env.toctree_includes.get(name, []) if c not in order] + waiting
    return order


def _description(doctree: nodes.document) -> str:
    """The first paragraph of the page, for search engines and previews."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = markup.words(paragraph)
        if len(text) > 60:
            return text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0] + "…"
    return ""


def _name_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Each term of the glossary gets an address."""
    if app.env.docname == "glossary":
        for term in doctree.findall(nodes.term):
            term["ids"].append(notes.glossary_id(term.astext()))


def _dark_code(app: Sphinx) -> None:
    """Readable code in the dark. The theme registers this value only once it is loaded, too late for the configuration."""
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("num", Num())
    app.add_directive("when", When)
    app.add_directive("cards", Cards)
    app.add_directive("sources", SourceList)
    app.connect("doctree-read", _name_terms)
    app.connect("doctree-resolved", notes.resolve)
    app.connect("html-page-context", _page_context)
    app.connect("build-finished", _tell)
    app.connect("builder-inited", _dark_code, priority=100)
    # Jupyter Book's configuration names two values of extensions that are left out here.
    for name, default in (("comments_config", {}), ("use_jupyterbook_latex", False)):
        if name not in app.config:
            app.add_config_value(name, default, "html")
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
