"""HTML for every room, from the Jinja2 templates of this folder: what they are given is always escaped.

A template lies in the folder of the room that uses it; those of ``chapter`` are what a new chapter begins with. Only
``Markup``, which `render` returns, is put in as it is.
"""

import re
from functools import cache

import jinja2
from markupsafe import Markup, escape

from analysis import paths

RANGE = re.compile(r"\S*\d–\d\S*")
APOSTROPHE = re.compile(r"(?<=\w)'")


def curly(text: str) -> str:
    """The text with the apostrophes of print, as the prose beside it has them."""
    return APOSTROPHE.sub("’", text)


def unbroken(text: str) -> Markup:
    """The text, escaped, with each range of numbers kept on one line and the apostrophes of print."""
    text = curly(text)
    pieces, last = [], 0
    for found in RANGE.finditer(text):
        pieces += [escape(text[last : found.start()]), render("unbroken.html", text=found[0])]
        last = found.end()
    return Markup("").join([*pieces, escape(text[last:])])


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"curly": curly, "unbroken": unbroken}
    return made


def render(template: str, /, **values: object) -> Markup:
    """Fill in a template.

    Parameters
    ----------
    template
        Path below ``analysis/templates``, such as ``figures/table.html``.
    **values
        What the template uses. Text is escaped; ``Markup`` is not.

    Returns
    -------
    Markup
        The HTML, which another template takes as it is.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is not given.
    """
    return Markup(_environment().get_template(template).render(values))
