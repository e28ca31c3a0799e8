"""From the staged book to pages: Sphinx with Jupyter Book's configuration, then what the theme leaves is tidied."""

import contextlib
import gc
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.book.pages.addresses import Addresses
from analysis.ledger import Ledger
from analysis.numbers import formats

UNUSED = ("debug.css", "skeleton.css", "basic.css", "file.png", "minus.png", "plus.png", "styles/furo-extensions.css")
NAMES = {
    "announcement-content": "Day of the report",
    "sidebar-drawer": "Contents of the report",
    "toc-drawer": "Contents of this page",
}


class BuildError(RuntimeError):
    """A build that could not be finished; the published site is as it was."""


def _with_names(page: str) -> str:
    """The theme's landmarks with names that tell them apart, its headings with a level."""
    for kind, name in NAMES.items():
        page = page.replace(f'<aside class="{kind}', f'<aside aria-label="{name}" class="{kind}', 1)
    page = re.sub(
        r'(<a href="#" class="back-to-top.*?</a>)', r'<nav aria-label="To the top">\1</nav>', page, count=1, flags=re.S
    )
    return page.replace('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">')


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Rendering makes many trees with cycles and a few MB a page; searching them again and again takes a fifth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def render(stage: Path, target: Path, ledger: Ledger, addresses: Addresses) -> None:
    """Jupyter Book's configuration, rendered by Sphinx; a warning is an error. Raises BuildError with the log."""
    from analysis.book.pages import mime

    os.environ["SOURCE_DATE_EPOCH"] = str(int(ledger.as_of.timestamp()))
    mime.known.cache_clear()
    text = io.StringIO()
    with _without_collection(), contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
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
            doctreedir=str(stage / ".doctrees"),
            freshenv=True,
            warningiserror=True,
            keep_going=True,
            quiet=True,
        )
    if code != 0:
        raise BuildError(f"the pages could not be rendered:\n{text.getvalue().strip() or code}")
    for leftover in (".buildinfo", "objects.inv", *(f"_static/{name}" for name in UNUSED)):
        (target / leftover).unlink(missing_ok=True)
    for path in [*(target / "_static").glob("mystnb.*"), *target.rglob("*.map")]:
        path.unlink()
    for page in target.glob("*.html"):
        page.write_text(_with_names(page.read_text(encoding="utf-8")), encoding="utf-8")
    (target / ".nojekyll").touch()
