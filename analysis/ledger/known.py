"""The newest row of each key as known on a day."""

import numpy as np
import pandas as pd


def latest(frame: pd.DataFrame, key: list[str], as_of: pd.Timestamp | None = None) -> pd.DataFrame:
    """The newest row of each key with ``as_of`` on or before a day.

    Parameters
    ----------
    frame : rows with a datetime64 column ``as_of``
    key : the columns of the key
    as_of : the day (None: no limit)

    Returns
    -------
    The rows in the order of the table, with their index, so that a row can be found again in its file.
    """
    known = frame if as_of is None else frame[frame["as_of"] <= as_of]
    in_order = known["as_of"].to_numpy().argsort(kind="stable")
    newest = ~known[key].iloc[in_order].duplicated(keep="last").to_numpy()
    return known.iloc[np.sort(in_order[newest])]
