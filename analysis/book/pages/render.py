"""Render the staged book with Sphinx and Jupyter Book's configuration, and remove what the site does not use."""

import contextlib
import dataclasses
import gc
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.pages import repairs, site_files
from analysis.book.pages.addresses import Addresses
from analysis.book.pages.kept_pages import DOCTREES, KeptPages
from analysis.book.pages.report import OnRead, read_report
from analysis.book.running import stale
from analysis.book.running.problems import uncoloured
from analysis.book.running.quick_writes import on_one_line
from analysis.digests import digest
from analysis.ledger import Ledger
from analysis.numbers import formats

LINES_A_CELL = 10_000  # MyST-NB numbers the lines of a notebook so
PLACE = re.compile(r"^(?P<file>[\w.-]+\.(?:ipynb|md)):(?P<number>\d*):")
# What Sphinx and MyST say of headings, and what to do.
HEADINGS = (
    (
        re.compile(r"^.*WARNING: toctree contains reference to document '(\w+)' that doesn't have a title: .*$", re.M),
        rf"{paths.CHAPTERS.name}/\1: WARNING: has no title: begin it with a line # and its words",
    ),
    (
        re.compile(r"Document headings start at H(\d), not H1 \[.*\]"),
        r"begins with a heading of level \1: a title has one #",
    ),
    (
        re.compile(r"Non-consecutive header level increase; H(\d) to H(\d) \[.*\]"),
        r"a heading of level \2 follows one of level \1: leave out none",
    ),
)
# What the bibliography's extension says of a file that it cannot read.
BIBLIOGRAPHY = re.compile(
    r"Extension error \(sphinxcontrib\.bibtex\):\s+Handler .*?"
    r"syntax error in line (\d+): ([^\n]*?)\)(?=\n|$)"
)
# Stands for the digest of the tables until a page is finished, so that not each change of the tables changes each page.
DATA_MARK = "digest-of-the-tables"
# The theme's files that no page asks for; the report has a search of its own.
UNUSED_SCRIPTS = ("doctools", "documentation_options", "language_data", "searchtools", "sphinx_highlight")
UNUSED = ("debug.css", "skeleton.css", "basic.css", "file.png", "minus.png", "plus.png", "styles/furo-extensions.css")


class BuildError(RuntimeError):
    """A build that could not be finished; the published site is as it was."""


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Switch garbage collection off: searching the pages' trees again and again takes a fifth of the rendering.

    An extension searches all objects for one that Sphinx has just made; those from before are kept out of its way.
    """
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def readable_log(text: str, stage: Path) -> str:
    """Return Sphinx's log without colours, its places named as the author knows them: file, cell, line."""
    text = uncoloured(text).replace(f"{stage.resolve()}/", "").replace(f"{stage}/", "")
    text = BIBLIOGRAPHY.sub(r"references.bib, line \1: \2", text)
    for said, ours in HEADINGS:
        text = said.sub(ours, text)
    lines = dict.fromkeys(PLACE.sub(_author_place, line) for line in text.strip().splitlines())
    return "\n".join(lines)


def _author_place(match: re.Match[str]) -> str:
    is_notebook = match["file"].endswith(".ipynb")
    cell, line = divmod(int(match["number"] or 0), LINES_A_CELL) if is_notebook else (0, int(match["number"] or 0))
    places = [f"{paths.CHAPTERS.name}/{match['file']}", cell and f"cell {cell}", line and f"line {line}"]
    return ", ".join(str(p) for p in places if p) + ":"


def render(
    stage: Path, target: Path, ledger: Ledger, addresses: Addresses, data: str = "", on_read: OnRead | None = None
) -> dict[str, Any]:
    """Render the staged book; a warning is an error.

    Parameters
    ----------
    stage
        Folder of the staged book.
    target
        Folder of the site.
    ledger
        As known on the day of the report, which is the only date that the pages show.
    addresses
        Public addresses.
    data
        The digest of the tables, which takes the place of `DATA_MARK`.
    on_read
        See `report.Report`.

    Returns
    -------
    dict
        What rendering found out, see `site_files.read_page_index`.

    Raises
    ------
    BuildError
        With Sphinx's log, if a page cannot be rendered.
    """
    os.environ["SOURCE_DATE_EPOCH"] = str(int(ledger.as_of.timestamp()))
    read_report.cache_clear()
    report = read_report(str(stage))
    report.on_read = on_read
    told = json.dumps([report["site"], dataclasses.asdict(addresses)], sort_keys=True)
    kept = KeptPages(paths.CACHE / "pages", digest(stale.inputs(None, {}, with_data=False), told))
    unchanged = kept.restore(stage, report)
    text = io.StringIO()
    quiet = contextlib.redirect_stdout(text), contextlib.redirect_stderr(text)
    with _without_collection(), on_one_line(), quiet[0], quiet[1]:
        from jupyter_book.sphinx import build_sphinx

        code = build_sphinx(
            str(stage),
            str(target),
            path_config=str(stage / "_config.yml"),
            noconfig=True,
            confoverrides={
                "latex_individualpages": False,
                "html_theme_options": {"announcement": f"As known on {formats.day(ledger.as_of.date())}"},
                "html_baseurl": addresses.site,
                "html_last_updated_fmt": None,
                "nitpicky": True,
            },
            doctreedir=str(stage / DOCTREES),
            freshenv=not unchanged,
            warningiserror=True,
            keep_going=True,
            quiet=True,
        )
    if code != 0:
        raise BuildError(f"the pages could not be rendered:\n{readable_log(text.getvalue(), stage) or code}")
    unused = (*UNUSED, *(f"{name}.js" for name in UNUSED_SCRIPTS))
    for leftover in (".buildinfo", "objects.inv", "searchindex.js", *(f"_static/{name}" for name in unused)):
        (target / leftover).unlink(missing_ok=True)
    for path in [*(target / "_static").glob("mystnb.*"), *target.rglob("*.map")]:
        path.unlink()
    (target / ".nojekyll").touch()
    made = {path.stem: repairs.repair_page(path.read_text(encoding="utf-8")) for path in target.glob("*.html")}
    pages, index = unchanged | made, site_files.read_page_index(target)
    kept.keep(stage, report, pages, index)
    for name, page in pages.items():
        (target / f"{name}.html").write_text(page.replace(DATA_MARK, data), encoding="utf-8")
    return index
