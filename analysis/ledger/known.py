"""The newest row of each key as known on a day."""

import functools

import numpy as np
import pandas as pd

from analysis.ledger.cells import codes

FOREVER = np.int64(np.iinfo(np.int64).max)


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


class History:
    """The rows of a dated table, for reading it as known on many days: each costs a comparison, where `latest` sorts.

    Parameters
    ----------
    frame : rows with a datetime64 column ``as_of``
    key : the columns of the key
    """

    def __init__(self, frame: pd.DataFrame, key: list[str]) -> None:
        self.frame, self.key = frame, key
        self.days = frame["as_of"].to_numpy()

    @functools.cached_property
    def codes(self) -> np.ndarray:
        """A number for each row, the same for rows of the same key."""
        return codes(self.frame, self.key)

    @functools.cached_property
    def _until(self) -> np.ndarray:
        """The day from which each row is no longer the newest of its key."""
        key, order = self.codes, self.days.argsort(kind="stable")
        order = order[key[order].argsort(kind="stable")]
        is_followed = key[order[1:]] == key[order[:-1]]
        until = np.full(len(order), FOREVER).view(self.days.dtype)
        until[order[:-1][is_followed]] = self.days[order[1:][is_followed]]
        until[np.isnat(until)] = FOREVER.view(self.days.dtype)
        return until

    @functools.cached_property
    def span(self) -> tuple[pd.Timestamp, ...]:
        """The first and the last day; empty where there are no rows."""
        days = self.frame["as_of"].dropna()
        return (days.min(), days.max()) if len(days) else ()

    def known(self, day: pd.Timestamp) -> pd.DataFrame:
        """The rows that became known by a day, with their index."""
        is_known = self.days <= day.to_datetime64()
        return self.frame if is_known.all() else self.frame[is_known]

    def latest(self, day: pd.Timestamp) -> pd.DataFrame:
        """What `latest` gives of the rows on a day."""
        return self.frame[self.is_latest(day)]

    def is_latest(self, day: pd.Timestamp) -> np.ndarray:
        """Whether each row is among `latest` on a day."""
        at = day.to_datetime64()
        return (self.days <= at) & (self._until > at)
