"""Numbers, figures and tables as lines of text: what a notebook stores of them, for people to review.

A number is one line, ``key  value  known day``. A figure or a table is a block of lines: its name and title, its
words, its column names, its rows. Two spaces separate cells, so that a line can be taken apart again; a row that
begins like the one above it begins with a ditto mark.
"""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

SIGNIFICANT = 4  # digits of a figure's data: more than a chart shows, fewer than differ between two machines
GAP = "  "
EMPTY = "-"
DITTO = '"'


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
    table = [[cell(value) for value in row] for row in ([columns, *rows] if columns else rows)]
    said = [clause for paragraph in words for clause in clauses(paragraph)]
    return "\n".join([line(name, title), *said, *map(GAP.join, _with_dittos(table))])


def _with_dittos(table: list[list[str]]) -> list[list[str]]:
    """The rows, those of several cells with a mark for a first cell that stands above."""
    above = [[""], *table]
    return [
        [DITTO, *row[1:]] if len(row) > 1 and row[0] == before[0] and len(row[0]) > len(DITTO) else row
        for before, row in zip(above, table, strict=False)
    ]


def without_dittos(lines: Iterable[str]) -> list[str]:
    """The lines of a block with each ditto mark replaced by what stands above it."""
    found: list[str] = []
    for text in lines:
        first, gap, rest = text.partition(GAP)
        above = found[-1].partition(GAP)[0] if found else first
        found.append(f"{above}{gap}{rest}" if first == DITTO and gap else text)
    return found
