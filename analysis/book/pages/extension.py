"""The Sphinx extension: registers roles and directives, and gives each page the site's head, notes and versions."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config

from analysis import paths, templates
from analysis.book.pages import (
    contents,
    evidence,
    fragments,
    guess,
    incremental,
    kept_pages,
    number_notes,
    paragraphs,
    repairs,
    roles,
    search_index,
    site_files,
    social,
    stories,
)
from analysis.book.pages.addresses import Addresses, citation, policy
from analysis.book.pages.exports import jsonld
from analysis.book.pages.exports.markdown import SUFFIX
from analysis.book.pages.report import Report, read_report, take_notes
from analysis.book.pages.versions import switcher

KEPT_STYLES = ("pygments.css", "styles/furo.css")
KEPT_SCRIPTS = ("scripts/furo.js",)
WORDS_A_MINUTE = 230
MIN_SECTIONS = 4  # from which a page to look things up on begins with a list of them


def _page_context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.Node | None
) -> None:
    """Give a page its styles and scripts, head, footer, and what stands below its title."""
    if not contents.is_staged(app):
        return
    report = read_report(str(app.srcdir))
    addresses = Addresses(**report["addresses"])
    description = contents.first_words(doctree) if doctree is not None else report["site"]["description"]
    title = unescape(re.sub("<[^>]*>", "", context.get("title") or "Round Trip"))
    root = context["content_root"]
    address = addresses.page(f"{pagename}.html")
    image = addresses.page(f"{social.CARDS}/{pagename}.png")
    meta = social.meta_tags(title, description, address, image)
    is_text = doctree is not None
    copy = f"{pagename.rpartition('/')[2]}.html{SUFFIX}" if is_text else ""
    is_chapter = is_text and pagename in report["notebooks"]
    described = jsonld.describe(pagename, title, description, report["site"], addresses, root) if is_chapter else None
    context["css_files"] = [f for f in context["css_files"] if str(f.filename).endswith(KEPT_STYLES)]
    context["script_files"] = [f for f in context["script_files"] if str(f.filename).endswith(KEPT_SCRIPTS)]
    context["rt"] = report["site"]
    context["rt_asset"] = lambda path: root + contents.asset(app, path)
    context["rt_loaded"] = contents.loaded(app)
    context["metatags"] = str(
        templates.render(
            "pages/head.html",
            policy=policy(),
            meta=meta,
            root=root,
            copy=copy,
            jsonld=jsonld.as_markup(described) if described else "",
        )
    )
    if doctree is None:
        return
    file = Path(app.env.doc2path(pagename)).name
    context["rt_cite"] = citation(title, report["site"], address)
    context["rt_edit"], context["rt_issues"] = addresses.edit(f"chapters/{file}"), addresses.issues()
    if pagename in report["notebooks"]:
        context["rt_notebook"] = f"{pagename}.ipynb"
        context["rt_binder"] = addresses.binder(f"chapters/{file}")
    kicker = templates.render("pages/kicker.html", words=_kicker(app, pagename))
    below_title = _below_title(app, doctree, report, pagename, root)
    context["body"] = repairs.with_title_parts(repairs.repair_body(context["body"]), kicker, below_title)
    context["rt_next_words"] = _words_of_next(app, pagename)
    index = app.env.temp_data.setdefault("rt_index", {"words": {}, "sections": {}})
    index["sections"][pagename] = search_index.sections_of(doctree, pagename)
    index["words"][pagename] = description
    kept_pages.notes_of(app.env).written[pagename] = take_notes()


def _below_title(app: Sphinx, doctree: nodes.document, report: Report, pagename: str, root: str) -> str:
    """The line below a title: how long a chapter takes to read, its code, its other key days; what to look up where."""
    folded = {id(p) for box in doctree.findall(roles.is_folded) for p in box.findall(nodes.paragraph)}
    prose = (fragments.plain_text(p) for p in doctree.findall(nodes.paragraph) if id(p) not in folded)
    is_chapter = pagename == app.config.root_doc or pagename in _parts(app)[0][1]
    return templates.render(
        "pages/below_title.html",
        minutes=max(1, round(sum(len(p.split()) for p in prose) / WORDS_A_MINUTE)) if is_chapter else 0,
        switcher=switcher(report, f"{pagename}.html", root),
        has_code=any(_has_hidden_code(node) for node in doctree.findall(nodes.container)),
        sections=[] if is_chapter else _sections(doctree),
    )


def _sections(doctree: nodes.document) -> list[dict[str, str]]:
    """Id and title of each section of a page, where there are enough to choose from."""
    page = next(iter(doctree.findall(nodes.section)))
    sections = [child for child in page if isinstance(child, nodes.section)]
    listed = [{"id": s["ids"][0], "name": fragments.plain_text(next(iter(s.findall(nodes.title))))} for s in sections]
    return listed if len(listed) >= MIN_SECTIONS else []


def _parts(app: Sphinx) -> list[tuple[str, list[str]]]:
    """The parts of the report, each with its caption and its pages in order."""
    parts = app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree)
    return [(part["caption"] or "", [page for _, page in part["entries"]]) for part in parts]


def _kicker(app: Sphinx, pagename: str) -> str:
    """The words above a title: the part of the report that the page belongs to, and its place in it."""
    for caption, pages in _parts(app):
        if pagename in pages:
            place = f"{pages.index(pagename) + 1} of {len(pages)}"
            return f"{caption} · {place}" if caption else f"Page {place}"
    return "Round Trip · the money around OpenAI"


def _words_of_next(app: Sphinx, pagename: str) -> str:
    """The first sentence of the page that follows, which invites to read on; empty at the end."""
    order = contents.reading_order(app)
    following = order[order.index(pagename) + 1 :][:1] if pagename in order else []
    words = contents.first_words(app.env.get_doctree(following[0])) if following else ""
    return re.split(r"(?<=[.?!]) (?=[A-Z])", words)[0]


def _write_page_index(app: Sphinx, exception: Exception | None) -> None:
    """Write titles and first words of the pages, and addresses of shared files, for what is made after them."""
    if exception or not contents.is_staged(app):
        return
    index = app.env.temp_data.get("rt_index", {"words": {}, "sections": {}})
    if plan := kept_pages.plan_of(Path(app.srcdir)):
        index = {part: plan["index"][part] | pages for part, pages in index.items()}
    titles = {name: title for name, title in contents.titles(app).items() if name in index["words"]}
    site_files.write_page_index(Path(app.outdir), index | {"titles": titles, "assets": contents.assets(app)})


def _name_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Give each term of the glossary an address."""
    if app.env.docname == "glossary":
        for term in doctree.findall(nodes.term):
            term["ids"].append(number_notes.glossary_id(term.astext()))


def _has_hidden_code(node: nodes.container) -> bool:
    return "tag_hide-input" in node["classes"]


def _one_switch(app: Sphinx, doctree: nodes.document) -> None:
    """Leave code without a fold of its own: the page has one switch for all of it, which needs no script."""
    if contents.is_staged(app):
        for node in doctree.findall(nodes.container):
            if _has_hidden_code(node):
                node.attributes.pop("hide_mode", None)


def _without_theme_index(app: Sphinx) -> None:
    """Skip the theme's search index, a fifth of the rendering: the site has a search of its own."""
    if contents.is_staged(app) and isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.index_page = _do_nothing  # type: ignore[assignment,method-assign]
        app.builder.load_indexer = _do_nothing  # type: ignore[assignment,method-assign]
        app.builder.dump_search_index = _do_nothing  # type: ignore[method-assign]


def _do_nothing(*_: object) -> None:
    """Stand in for a step that the site does not need."""


def _dark_code(app: Sphinx) -> None:
    """Set the style of code in the dark, which the theme registers too late for the configuration to set it."""
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def _build_report(app: Sphinx, config: Config) -> None:
    """Where Jupyter Book is started on the project itself, build the report in its place, and end.

    The chapters stored there have text in place of figures; all that the pages need stands in a staged book only.
    """
    if Path(app.srcdir) != paths.ROOT:
        return
    print("The pages of Round Trip are made by roundtrip build, which runs now.", flush=True)
    command = [sys.executable, "-m", "analysis.cli", "build", "--out", str(app.outdir)]
    raise SystemExit(subprocess.run(command, cwd=paths.ROOT, check=False).returncode)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.add_role("num", roles.NumRole())
    app.add_role("day", stories.DayRole())
    app.add_role("month", stories.DayRole())
    app.add_directive("when", roles.WhenDirective)
    app.add_directive("story", stories.StoryDirective)
    app.add_directive("news", stories.NewsDirective)
    app.add_directive("cards", roles.CardsDirective)
    app.add_directive("guess", guess.GuessDirective)
    app.add_directive("more", roles.MoreDirective)
    app.add_directive("downloads", roles.DownloadsDirective)
    app.add_directive("sources", roles.SourcesDirective)
    app.connect("config-inited", _build_report, priority=0)
    app.connect("doctree-read", paragraphs.drop_empty_sections, priority=400)  # before the contents are gathered
    app.connect("doctree-read", _name_terms)
    app.connect("doctree-read", _one_switch)
    app.connect("doctree-read", paragraphs.join)
    app.connect("doctree-read", evidence.gather)
    app.connect("doctree-resolved", number_notes.resolve)
    app.connect("html-page-context", _page_context)
    app.connect("build-finished", _write_page_index)
    incremental.connect(app)
    app.connect("builder-inited", _dark_code, priority=100)
    app.connect("builder-inited", _without_theme_index)
    # Jupyter Book's configuration sets two values of extensions that this site does not load.
    for name, default in (("comments_config", {}), ("use_jupyterbook_latex", False)):
        if name not in app.config:
            app.add_config_value(name, default, "html")
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
