"""The rows of a table by what they are about, gathered once: each headline asks for those that came before its row."""

import functools
import weakref
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]
Gathered = dict[tuple[Any, ...], list[dict[str, Any]]]
_gathered: dict[tuple[int, tuple[str, ...]], Gathered] = {}


def rows_of(table: pd.DataFrame, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table that have some values, each by column, in the table's order.

    Parameters
    ----------
    table
        Rows of the ledger, which nobody changes in place. What is gathered of it is kept as long as it is.
    about
        The values by column; a missing one is that of no row.
    """
    columns = tuple(about)
    place = id(table), columns
    if place not in _gathered:
        _gathered[place] = _by_value(table, columns)
        weakref.finalize(table, functools.partial(_gathered.pop, place, None))
    return _gathered[place].get(tuple(about.values()), [])


def _by_value(table: pd.DataFrame, columns: tuple[str, ...]) -> Gathered:
    found: Gathered = defaultdict(list)
    for row in table.to_dict("records"):
        values = tuple(row[column] for column in columns)
        if not any(pd.isna(value) for value in values):
            found[values].append({str(column): value for column, value in row.items()})
    return dict(found)


def is_same(one: object, other: object) -> bool:
    """Whether two cells hold the same: of two that are empty, too."""
    return bool(pd.isna(other)) if pd.isna(one) else bool(one == other)
