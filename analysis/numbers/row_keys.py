"""The name of a row, ``table:key``, as the page on the ledger anchors it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.ledger.schema import tables

# A column that only one table has; prices stand above chips because their rows name a chip, too, and predictions above
# metrics.
TABLE_BY_COLUMN = {
    "p50": "predictions",
    "deal": "deals",
    "metric": "metrics",
    "term": "terms",
    "quote": "quotes",
    "site": "sites",
    "instance": "prices",
    "quantity": "outside_models",
    "parameter": "assumptions",
    "chip": "chips",
}


def table_of(frame: pd.DataFrame) -> str:
    """The table whose rows these are, told by a column that no other table has."""
    return next(table for column, table in TABLE_BY_COLUMN.items() if column in frame.columns)


def row_keys(frame: pd.DataFrame) -> list[str]:
    """``table:key`` of each row, as the ledger page anchors it."""
    name = table_of(frame)
    parts = [_parts(frame[column]) for column in tables()[name].primary_key]
    return [f"{name}:{'/'.join(p for p in row if p)}" for row in zip(*parts, strict=True)]


def keys_of(frames: Iterable[pd.DataFrame]) -> list[str]:
    """``table:key`` of the ledger rows among some frames, once each; frames that are no rows of a table have none."""
    schema = tables()
    found: dict[str, None] = {}
    for frame in frames:
        name = next((table for column, table in TABLE_BY_COLUMN.items() if column in frame.columns), "")
        if len(frame) and name and set(schema[name].primary_key) <= set(frame.columns):
            found |= dict.fromkeys(row_keys(frame))
    return list(found)


def _parts(column: pd.Series) -> list[str]:
    """The cells of a column of a key as text, empty where nothing is known."""
    if column.dtype.kind == "M":
        return ["" if day == "NaT" else str(day) for day in np.datetime_as_string(column.to_numpy(), unit="D")]
    return ["" if pd.isna(cell) else str(cell) for cell in column]
