"""What a staged book holds: its pages in reading order with their titles, and the files that they share."""

import hashlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from analysis.book.pages import fragments

LOADED = ("vega.js", "table-core.js")  # loaded on demand by the page's script


def is_staged(app: Sphinx) -> bool:
    """Whether the site's own files are beside the chapters; a stock book that only uses the roles has none."""
    return (Path(app.srcdir) / "_site").is_dir()


def asset(app: Sphinx, path: str) -> str:
    """Address of one of the site's own files, from its top; it changes with the file, so that browsers may keep it."""
    folder = "_static" if path.startswith("_static/") else f"_site/{path.partition('/')[0]}"
    data = (Path(app.srcdir) / folder / path.partition("/")[2]).read_bytes()
    return f"{path}?v={hashlib.sha256(data).hexdigest()[:10]}"


def loaded(app: Sphinx) -> str:
    """A digest of the files that the page's script loads when touched."""
    return hashlib.sha256("".join(asset(app, f"_interactive/{f}") for f in LOADED).encode()).hexdigest()[:10]


def assets(app: Sphinx) -> dict[str, str]:
    """The addresses of the files that the pages share, by what they are to the templates."""
    return {
        "serif": asset(app, "_static/serif.css"),
        "styles": asset(app, "_static/roundtrip.css"),
        "script": asset(app, "_interactive/roundtrip.js"),
        "favicon": "_static/favicon.svg",
        "loaded": loaded(app),
    }


def first_words(doctree: nodes.document) -> str:
    """The first paragraph of a page, for search engines and previews."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = fragments.plain_text(paragraph)
        if len(text) > 60:
            return text if len(text) <= 300 else text[:297].rsplit(" ", 1)[0] + "…"
    return ""


def reading_order(app: Sphinx) -> list[str]:
    order, waiting = [], [str(app.config.root_doc)]
    while waiting:
        name = waiting.pop(0)
        order.append(name)
        waiting = [c for c in app.env.toctree_includes.get(name, []) if c not in order] + waiting
    return order


def titles(app: Sphinx) -> dict[str, str]:
    """The title of each page, in reading order."""
    order = {name: i for i, name in enumerate(reading_order(app))}
    return {
        name: app.env.titles[name].astext() for name in sorted(app.env.found_docs, key=lambda n: (order.get(n, 0), n))
    }
