"""Cells and keys of typed tables as text, the same however the rows were read."""

import numpy as np
import pandas as pd

JOINT = "\x1f"  # between the columns of a key; no field may hold a control character


def as_text(values: pd.Series) -> np.ndarray:
    """Cells as text, empty where nothing is known."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("").to_numpy(object)
    if pd.api.types.is_numeric_dtype(values):
        return values.map("{:.15g}".format, na_action="ignore").fillna("").to_numpy(object)
    return values.to_numpy(object)


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
    return (a != b) & ~(pd.isna(a) & pd.isna(b))
