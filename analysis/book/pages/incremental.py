"""Sphinx made to go on from an earlier build (see `kept_pages`), and to tell the titles before it writes pages."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.book.pages import contents, kept_pages
from analysis.book.pages.report import read_report, take_notes


def _forget_notes(app: Sphinx, docname: str, source: list[str]) -> None:
    take_notes()


def _keep_notes(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page has read of the report, and how it begins."""
    if contents.is_staged(app):
        notes, page = kept_pages.notes_of(app.env), app.env.docname
        notes.read[page], notes.begins[page] = take_notes(), contents.first_words(doctree)


def _go_on(app: Sphinx) -> None:
    """Let the environment of an earlier build say itself what is to be written, see `kept_pages`."""
    if kept_pages.plan_of(Path(app.srcdir)):
        app.builder.get_outdated_docs = list  # type: ignore[method-assign]


def _also_written(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write besides those that were read again."""
    notes, order, shared = kept_pages.notes_of(env), contents.reading_order(app), kept_pages.shared_names(env)
    has_other_names = shared != notes.shared
    notes.shared, before = shared, notes.invite(order)
    plan = kept_pages.plan_of(Path(app.srcdir))
    if plan is None:
        return []
    if has_other_names:
        return sorted(env.found_docs)
    # One always: Sphinx makes neither the search page nor the styles when it writes none.
    return sorted({*plan["written"], *before}) or [str(app.config.root_doc)]


def _tell_titles(app: Sphinx, env: BuildEnvironment) -> None:
    """Have the files made that need no more of the pages than their titles."""
    if contents.is_staged(app) and (on_read := read_report(str(app.srcdir)).on_read):
        on_read(contents.titles(app), contents.assets(app))


def _keep_environment(app: Sphinx, exception: Exception | None) -> None:
    if not exception and contents.is_staged(app):
        kept_pages.write_environment(app.env, Path(app.doctreedir))


def connect(app: Sphinx) -> None:
    """Connect to the events of Sphinx; after what else is done with a page that is read."""
    app.connect("builder-inited", _go_on)
    app.connect("source-read", _forget_notes)
    app.connect("doctree-read", _keep_notes, priority=900)
    app.connect("env-updated", _also_written)
    app.connect("env-updated", _tell_titles)
    app.connect("build-finished", _keep_environment)
