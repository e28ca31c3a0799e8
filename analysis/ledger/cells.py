"""Cells and keys of typed tables as text, the same however the rows were read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

MAX_ROWS_COPIED = 100_000
JOINT = "\x1f"  # between the columns of a key; no field may hold a control character

NOTHING_CODED: Mapping[str, "Coded"] = MappingProxyType({})


def as_text(values: pd.Series) -> np.ndarray:
    """Cells as text, empty where nothing is known."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return _each(values, lambda day: f"{day:%Y-%m-%d}")
    if pd.api.types.is_numeric_dtype(values):
        return _each(values, "{:.15g}".format)
    return values.to_numpy(object)


def _each(values: pd.Series, write: Callable[[Any], str]) -> np.ndarray:
    """Write each different value once; an empty cell is the last of them."""
    place, different = pd.factorize(values)
    return np.array([*map(write, different), ""], object)[place]


def framed(columns: Mapping[str, Any], index: pd.Index | None = None) -> pd.DataFrame:
    """Columns as a table: a small one with its columns of a type in one block, which makes a choice of its rows three
    times as fast; a large one as they are, since a copy takes longer and doubles the memory."""
    rows = len(next(iter(columns.values()), ()))
    return pd.DataFrame(columns, index=index, copy=rows <= MAX_ROWS_COPIED)


def keys(frame: pd.DataFrame, columns: tuple[str, ...], joint: str = JOINT) -> pd.Index:
    """One text for each row that names it.

    Parameters
    ----------
    frame : the table
    columns : the columns of the key
    joint : what separates the columns

    Returns
    -------
    An index of as many texts as the table has rows.
    """
    parts = [as_text(frame[c]) for c in columns]
    names = parts[0] if len(parts) == 1 else [joint.join(row) for row in zip(*parts, strict=True)]
    return pd.Index(names, dtype=object)


@dataclass(frozen=True)
class Coded:
    """A column of text of which each different value is held once.

    Attributes
    ----------
    values : the different values
    codes : the place of each row's value among them
    """

    values: pa.StringArray
    codes: np.ndarray

    def is_in(self, *texts: str) -> np.ndarray:
        """Whether each row holds one of some texts."""
        return pc.is_in(self.values, value_set=pa.array(texts)).to_numpy(zero_copy_only=False)[self.codes]

    def places_in(self, other: "Coded") -> np.ndarray:
        """The place of each row's text among another column's values; -1 where it is empty or not among them."""
        place = pc.index_in(self.values, value_set=other.values).fill_null(-1).to_numpy()
        return np.where(pc.equal(self.values, "").to_numpy(zero_copy_only=False), -1, place)[self.codes]


def coded(column: pa.ChunkedArray) -> Coded:
    """Code a column of strings, which may be coded in chunks."""
    chunks = (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).unify_dictionaries().chunks
    if not chunks:
        return Coded(pa.array([], pa.string()), np.array([], np.int32))
    return Coded(chunks[0].dictionary, np.concatenate([chunk.indices.to_numpy() for chunk in chunks]))


def codes(frame: pd.DataFrame, columns: Sequence[str], texts: Mapping[str, Coded] = NOTHING_CODED) -> np.ndarray:
    """A number for each row, the same for rows of the same key.

    Parameters
    ----------
    frame : the table
    columns : the columns of the key; cells that are empty in both rows are the same
    texts : those of its columns that are coded
    """
    found = np.zeros(len(frame), np.int64)
    for place, column in enumerate(columns):
        if column in texts:
            part, different = texts[column].codes.astype(np.int64), len(texts[column].values)
        else:
            part, values = pd.factorize(frame[column], use_na_sentinel=False)
            different = len(values)
        found = part if place == 0 else pd.factorize(found * (different + 1) + part)[0]
    return found


def first_rows(codes: np.ndarray) -> np.ndarray:
    """The first row of each code, for codes that count from 0; any row for those that none has."""
    first = np.zeros(codes.max(initial=-1) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # the last one written stays
    return first


def positions(wanted: pd.Index, names: pd.Index) -> np.ndarray:
    """Where each wanted name stands first among names, -1 where it does not."""
    first = ~names.duplicated()
    found = names[first].get_indexer(wanted)
    return np.where(found >= 0, np.flatnonzero(first)[found], -1) if len(names) else found


def differ(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Where two columns of one length differ; an empty cell equals an empty cell.

    Columns of different types, as they are when a schema has changed, are compared as text.
    """
    if old.dtype.kind != new.dtype.kind:
        return as_text(old) != as_text(new)
    a, b = old.to_numpy(), new.to_numpy()
    moved = np.asarray(a != b, bool)
    moved[moved] = ~(pd.isna(a[moved]) & pd.isna(b[moved]))
    return moved
