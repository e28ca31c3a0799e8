"""A table that readers search: six columns that people need, filters in sight, the rest of each row on demand.

The page holds the first rows, readable without a script; the site's script brings the others when they are wanted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import pandas as pd

from analysis import templates
from analysis.figures.tables import safe_address
from analysis.numbers import plaintext
from analysis.numbers.formats import cell_text

PLAIN = 12  # rows of a table that the page holds; the site's script loads the others when it is touched
STORED = 3  # rows of a table that its text holds
MOST_CHOICES = 16  # different values of a filter; one with more is left to the search

Part = tuple[str, str]  # a text and the address behind it, empty without one


@dataclass(frozen=True)
class Column:
    """A column in sight.

    Attributes
    ----------
    label
        For readers.
    cells
        Of each row: a text, or several texts with the address behind each.
    width
        Of the column beside the others.
    numbers
        What a column of numbers is sorted by; None for one of text.
    """

    label: str
    cells: Sequence[str | list[Part]]
    width: float = 1.0
    numbers: Sequence[float] | None = None

    def parts(self, row: int) -> list[Part]:
        """The texts of a cell, each with its address where that is one of the web or of the report."""
        cell = self.cells[row]
        return [(cell, "")] if isinstance(cell, str) else [(text, safe_address(url)) for text, url in cell]

    def text(self, row: int) -> str:
        """A cell as text."""
        return "".join(text for text, _ in self.parts(row))


@dataclass(frozen=True)
class Browsed:
    """A ledger table for readers: ``rest`` are label and texts that stand behind each row, the note first.

    ``facets`` are the filters: label, and the value of each row.
    """

    name: str
    caption: str
    ids: list[str]
    columns: list[Column]
    note: Sequence[str]
    rest: dict[str, list[str]] = field(default_factory=dict)
    facets: dict[str, list[str]] = field(default_factory=dict)

    def choices(self) -> list[dict[str, object]]:
        """The filters in sight: label, and the values to choose from."""
        found: list[dict[str, object]] = []
        for label, values in self.facets.items():
            different = sorted({v for v in values if v})
            if 1 < len(different) <= MOST_CHOICES:
                found.append({"label": label, "values": different})
        return found

    def _row(self, row: int) -> dict[str, object]:
        return {
            "id": self.ids[row],
            "cells": [
                {"parts": [(cell_text(t), url) for t, url in c.parts(row)], "is_numeric": c.numbers is not None}
                for c in self.columns
            ],
            "note": self.note[row],
            "rest": [(label, cell_text(values[row])) for label, values in self.rest.items() if values[row]],
        }

    def _repr_html_(self) -> str:
        table = templates.render(
            "figures/browsed.html",
            name=self.name,
            caption=self.caption,
            columns=[{"name": c.label, "is_numeric": c.numbers is not None} for c in self.columns],
            widths=" ".join(f"minmax(0, {c.width:g}fr)" for c in self.columns),
            choices=self.choices(),
            rows=[self._row(i) for i in range(min(PLAIN, len(self.ids)))],
            count=len(self.ids),
        )
        return str(table)

    def __repr__(self) -> str:
        """The number of rows and the first few, which are its newest facts."""
        rows = [[c.text(i) for c in self.columns] for i in range(min(STORED, len(self.ids)))]
        caption = f"{self.caption}: {len(self.ids)} rows"
        return plaintext.block(f"table-{self.name}", caption, columns=[c.label for c in self.columns], rows=rows)

    def as_data(self) -> dict[str, object]:
        """What the site's script reads: every row, with what stands behind it."""
        count = range(len(self.ids))
        rest = list(zip_longest(*self.rest.values(), fillvalue="")) if self.rest else [() for _ in count]
        return {
            "caption": self.caption,
            "columns": [{"label": c.label, "numeric": c.numbers is not None} for c in self.columns],
            "rows": [[_as_data(c.parts(i)) for c in self.columns] for i in count],
            "numbers": {str(i): _rounded(c.numbers) for i, c in enumerate(self.columns) if c.numbers is not None},
            "notes": list(self.note),
            "rest_labels": list(self.rest),
            "rest": [list(values) for values in rest],
            "facets": {str(choice["label"]): self.facets[str(choice["label"])] for choice in self.choices()},
            "ids": self.ids,
        }


def _as_data(parts: list[Part]) -> object:
    """A cell without addresses is its text."""
    return parts if any(url for _, url in parts) else "".join(text for text, _ in parts)


def _rounded(numbers: Sequence[float]) -> list[float | None]:
    return [None if pd.isna(n) else float(f"{n:.10g}") for n in numbers]


def texts(frame: pd.DataFrame, column: str, words: Callable[[object], str] = str) -> list[str]:
    """The cells of a column as text, empty where nothing is known."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(cell) or cell == "" else words(cell) for cell in frame[column].astype(object)]
