"""Numbers, figures and tables as lines of text: what a notebook stores of them, for people to review.

A number is one line, ``key  value  known day``. A figure or a table is a block of lines: its name and title, its
words, its column names, its rows. Two spaces separate cells, so that a line can be taken apart again.
"""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

SIGNIFICANT = 4  # digits of a figure's data: more than a chart shows, fewer than differ between two machines
GAP = "  "
EMPTY = "-"


def cell(value: object) -> str:
    """One value without line breaks or double spaces; a day as YYYY-MM-DD, a float with four significant digits."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return EMPTY
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{float(f'{value:.{SIGNIFICANT}g}') + 0.0:.10g}"
    return " ".join(str(value).split()) or EMPTY


def line(*values: object) -> str:
    """Values as one line."""
    return GAP.join(map(cell, values))


def clauses(text: str) -> list[str]:
    """A paragraph cut after each full stop and semicolon, so that one changed clause is one changed line."""
    return re.split(r"(?<=[.;]) ", " ".join(text.split())) if text else []


def block(
    name: str,
    title: str,
    words: Iterable[str] = (),
    columns: Sequence[object] = (),
    rows: Iterable[Sequence[object]] = (),
) -> str:
    """A figure or table as lines.

    Parameters
    ----------
    name
        Its id, which opens the first line.
    title
        Its title or caption.
    words
        Paragraphs about it; each clause gets a line.
    columns, rows
        Its data, one line for the column names and one for each row.

    Returns
    -------
    str
        The lines, without a newline at the end.
    """
    table = [columns, *rows] if columns else rows
    said = [clause for paragraph in words for clause in clauses(paragraph)]
    return "\n".join([line(name, title), *said, *(line(*row) for row in table)])
