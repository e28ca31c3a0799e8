"""The ledger as known on a day."""

import datetime as dt
import functools
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import paths
from analysis.ledger import reading_log
from analysis.ledger.assumptions import Assumptions
from analysis.ledger.cells import framed
from analysis.ledger.known import FOREVER, History
from analysis.ledger.problems import quoted
from analysis.ledger.schema import tables
from analysis.ledger.sound_ledgers import sound_tables

Day = str | dt.date | None

SUBJECT = "openai"  # the firm that the report follows
NO_FACTS = pd.Timestamp("1900-01-01")  # the day of a ledger without dated rows
MOST_VIEWS = 32  # of other days that a ledger keeps


def parse_day(text: Day) -> pd.Timestamp:
    """A day from ``YYYY-MM-DD`` or a date.

    Raises
    ------
    ValueError
        for anything else.
    """
    if isinstance(text, dt.date):
        return pd.Timestamp(text).normalize()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text), re.ASCII):
        raise ValueError(f"as_of {quoted(text)} is not a day; write it as YYYY-MM-DD, for example 2025-12-17")
    try:
        return pd.Timestamp(dt.date.fromisoformat(str(text)))
    except ValueError:
        raise ValueError(f"as_of {quoted(text)} is not a day of the calendar") from None


class _Deals(History):
    """The rows of the deals; on each day with the days on which a deal was first heard of and first had an amount."""

    def _first(self, rows: np.ndarray) -> np.ndarray:
        """For each row the first day of its deal among some rows; `FOREVER` if none of them is of the deal."""
        days = np.full(len(self.codes), FOREVER)
        np.minimum.at(days, self.codes[rows], self.days[rows].view(np.int64))
        return days[self.codes].view(self.days.dtype)

    @functools.cached_property
    def _first_days(self) -> tuple[np.ndarray, np.ndarray]:
        priced = (self.frame["low_usd_bn"].notna() | self.frame["high_usd_bn"].notna()).to_numpy()
        return self._first(np.ones(len(priced), bool)), self._first(priced)

    def latest(self, day: pd.Timestamp) -> pd.DataFrame:
        is_latest = self.is_latest(day)
        view = self.frame[is_latest]
        first, priced = (days[is_latest] for days in self._first_days)
        priced = np.where(priced <= day.to_datetime64(), priced, first)
        own = {"first_as_of": first, "priced_as_of": priced}
        return framed(dict(view.items()) | own, view.index)


def _histories(frames: dict[str, pd.DataFrame]) -> dict[str, History]:
    """The dated tables among some."""
    dated = {n: list(t.key) for n, t in tables().items() if t.is_append_only and n in frames}
    return {n: (_Deals if n == "deals" else History)(frames[n], key) for n, key in dated.items()}


class Ledger:
    """Point-in-time tables, one attribute each: ``ledger.deals``, ``ledger.metrics``, …

    Deals have two columns besides those of their file: ``first_as_of``, the day on which the deal was first heard of,
    and ``priced_as_of``, the day of its first amount (the same where it has none).

    Attributes
    ----------
    as_of : the day the tables are read as of (that of the newest fact if none was given)
    first, newest : the first and the last day on which a fact became known
    history : the dated tables with every row known by ``as_of``
    tables : all tables, the dated ones with the latest row of each key
    directory : where the files lie
    """

    def __init__(
        self,
        frames: dict[str, pd.DataFrame],
        as_of: Day = None,
        directory: Path = paths.DATA,
        is_main: bool = False,
        histories: dict[str, History] | None = None,
    ):
        self.directory = directory
        self._dated = dated = histories if histories is not None else _histories(frames)
        days = [day for history in dated.values() for day in history.span]
        self.first, self.newest = min(days, default=NO_FACTS), max(days, default=NO_FACTS)
        limit = None if as_of is None else parse_day(as_of)
        self.as_of: pd.Timestamp = self.newest if limit is None else limit
        is_main = is_main and reading_log.register(self)
        known: dict[str, Callable[[], pd.DataFrame]] = {n: partial(h.known, self.as_of) for n, h in dated.items()}
        self.history = reading_log.Watched(known, reading_log.HISTORY)
        views: dict[str, Callable[[], pd.DataFrame]] = {
            n: partial(dated[n].latest, self.as_of) if n in dated else partial(self._undated, frame)
            for n, frame in frames.items()
        }
        self.tables = reading_log.Watched(views, "" if is_main else reading_log.HISTORY, frames.keys() - dated.keys())
        self._names: dict[str, str] = {}
        self._assumptions: dict[str, Assumptions] = {}
        self._frames = frames
        self._views: dict[pd.Timestamp, Ledger] = {}

    def _undated(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["as_of"] <= self.as_of] if "as_of" in frame else frame

    @classmethod
    def load(cls, directory: Path | str | None = None, as_of: Day = None) -> "Ledger":
        """Read and check a ledger.

        Parameters
        ----------
        directory : where its tables lie (None: the project's own)
        as_of : the day to read it as of (None: that of the newest fact)

        Raises
        ------
        LedgerError
            with every problem, when the tables are not sound.
        ValueError
            for a bad day.
        """
        if as_of is not None:
            parse_day(as_of)
        place = Path(directory) if directory is not None else paths.DATA
        return cls(sound_tables(place), as_of, place, is_main=True)

    def at(self, as_of: Day, is_kept: bool = True) -> "Ledger":
        """The same ledger as known on another day; of a later day it knows no more than of its own.

        The newest views are kept, and with them what is computed of each: many results replay the same days. One that
        nobody will ask for again (``is_kept`` is False) drives out none of them.
        """
        day = parse_day(as_of)
        if day == self.as_of:
            return self
        if self.as_of < min(day, self.newest):
            known = {n: (self.history if n in self.history else self.tables).raw(n) for n in self.tables}
            return Ledger(known, day, self.directory)
        if day in self._views:
            return self._views[day]
        view = Ledger(self._frames, day, self.directory, histories=self._dated)
        view._assumptions, view._views = self._assumptions, self._views  # the same on every day
        if is_kept:
            if len(self._views) == MOST_VIEWS:
                self._views.pop(next(iter(self._views)))
            self._views[day] = view
        return view

    def has_rows_of(self, other: "Ledger") -> bool:
        """Whether both are views of one ledger: rows of the same place in a table are then the same."""
        return self._frames is other._frames

    def require_day(self) -> None:
        """Make sure that the ledger can tell about its day.

        Raises
        ------
        ValueError
            when the day lies before the first fact, before the first deal of the firm that the report follows, or
            after the newest fact.
        """
        span = f"the ledger knows {self.first:%Y-%m-%d} to {self.newest:%Y-%m-%d}"
        if self.as_of < self.first:
            raise ValueError(f"as_of {self.as_of:%Y-%m-%d} is before the first fact; {span}")
        deals = self.history.raw("deals")
        if self.as_of < self.newest and not (deals["payer"].eq(SUBJECT) | deals["payee"].eq(SUBJECT)).any():
            raise ValueError(f"as_of {self.as_of:%Y-%m-%d} is before the first deal of {SUBJECT}: take a later day")
        if self.as_of > self.newest:
            raise ValueError(
                f"as_of {self.as_of:%Y-%m-%d} is after the newest fact; {span}: take a day in it or add rows"
            )

    def rows(self) -> int:
        """The number of rows of all tables as known on the day."""
        return sum(len(self.tables.raw(name)) for name in self.tables)

    def assumptions(self, scenario: str = "central") -> Assumptions:
        frame = self.tables["assumptions"]
        if scenario not in self._assumptions:
            self._assumptions[scenario] = Assumptions(frame, scenario)
        return self._assumptions[scenario]

    def name(self, entity: str) -> str:
        """The party's name for readers; the key itself where the ledger has none."""
        known = self.entities
        if not self._names:
            self._names = dict(zip(known["entity"], known["name"], strict=True))
        return str(self._names.get(entity, entity))

    def part(self, table: str, column: str, *values: str) -> pd.DataFrame:
        """The rows of a table that have one of some values in a column of text.

        A chapter that reads a part depends on that part only, and does not run again when other rows change.
        """
        return self.tables.part(table, column, values)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __getattr__(self, table: str) -> pd.DataFrame:
        try:
            return self.__dict__["tables"][table]
        except KeyError:
            raise AttributeError(f"the ledger has no table {table!r}") from None
