"""What of the ledger was read in this process: tables or parts of them, their history, the files themselves.

A build asks for it after a chapter has run, so that the chapter runs again when, and only when, something it
read has changed. A view made from another one (`Ledger.at`) counts as a reading of history.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pandas as pd

from analysis.digests import digest, digest_of_files

HISTORY = "/history"
NAME = re.compile(r"(?P<table>\w+)(\((?P<columns>[\w,]+)\)|\[(?P<column>\w+)=(?P<value>.*)\])?(?P<history>/history)?")
FILES = "files"


class Readable(Protocol):
    """What the log needs of a ledger; `view` imports this module, so it cannot name the class itself."""

    directory: Path
    history: "Watched"
    tables: "Watched"


_used: dict[str, None] = {}
_main: Readable | None = None
_directory: Path | None = None


def clear() -> None:
    """Forget what was read."""
    global _main, _directory
    _used.clear()
    _main = _directory = None


def register(ledger: Readable) -> bool:
    """Note that a ledger was loaded from its files.

    Returns
    -------
    Whether it is the first one: readings of any other count as readings of history, which holds more.
    """
    global _main
    if _main is None:
        _main = ledger
    return _main is ledger


def record(name: str) -> None:
    """Note that something was read, by its name as `content` takes it."""
    _used[name] = None


def used_files(directory: Path) -> None:
    """Note that the files of a ledger were read as such."""
    global _directory
    _directory = directory
    record(FILES)


class Watched(Mapping[str, pd.DataFrame]):
    """Tables by name, each made when it is first read; each reading is noted.

    ``suffix`` ends the name of what was read, but for ``timeless`` tables: without days, they are the same on each.
    """

    def __init__(
        self, makers: dict[str, Callable[[], pd.DataFrame]], suffix: str, timeless: Collection[str] = ()
    ) -> None:
        self.makers, self._suffix, self._timeless = makers, suffix, timeless
        self.made: dict[str, pd.DataFrame] = {}
        self.parts: dict[tuple[str, str, tuple[str, ...]], pd.DataFrame] = {}

    def suffix(self, name: str) -> str:
        """What ends the name under which a reading of a table is noted."""
        return "" if name in self._timeless else self._suffix

    def raw(self, name: str) -> pd.DataFrame:
        """The table, without noting that it was read."""
        if name not in self.made:
            self.made[name] = self.makers[name]()
        return self.made[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.makers:
            raise KeyError(name)
        record(name + self.suffix(name))
        return self.raw(name)

    def part(self, name: str, column: str, values: tuple[str, ...]) -> pd.DataFrame:
        """The rows that have one of some values in a column of text; only their reading is noted."""
        for value in values:
            record(f"{name}[{column}={value}]{self.suffix(name)}")
        part = name, column, values
        if part not in self.parts:
            rows = self.raw(name)
            self.parts[part] = rows[rows[column].isin(values)]
        return self.parts[part]

    def columns(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """Those of some columns that a table has; only their reading is noted."""
        record(f"{name}({','.join(columns)}){self.suffix(name)}")
        return _columns(self.raw(name), columns)

    def __contains__(self, name: object) -> bool:
        return name in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def _columns(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    return frame[[column for column in columns if column in frame]]


def digest_of_rows(frame: pd.DataFrame) -> str:
    """The digest of the content of a table."""
    return digest(frame.to_csv(index=False, float_format="%.15g", lineterminator="\n"))


def digest_of_ledger(directory: Path) -> str:
    """The digest of the files of a ledger, byte for byte."""
    return digest_of_files((p for p in directory.rglob("*") if p.is_file()), directory)


def content(ledger: Readable, name: str) -> str:
    """The digest of what ``name`` stands for in a ledger; empty for a table it does not have."""
    if name == FILES:
        return digest_of_ledger(ledger.directory)
    match = NAME.fullmatch(name)
    frames = ledger.history if match and match["history"] else ledger.tables
    if not match or match["table"] not in frames:
        return ""
    rows = frames.raw(match["table"])
    if match["columns"]:
        return digest_of_rows(_columns(rows, match["columns"].split(",")))
    return digest_of_rows(rows[rows[match["column"]] == match["value"]] if match["column"] else rows)


def digests() -> dict[str, str]:
    """What was read since `clear`, with the digest of each."""
    if _main is None:
        return {FILES: digest_of_ledger(_directory)} if _directory else {}
    return {name: content(_main, name) for name in sorted(_used)}
