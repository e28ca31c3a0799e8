"""Ledgers found sound: the same bytes are checked once in a process, and not again in those that are forked for it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.digests import digest, digest_of_files
from analysis.ledger.checks import examine
from analysis.ledger.problems import LedgerError
from analysis.ledger.schema import tables

MOST_KEPT = 4
LARGEST_KEPT = 16 << 20  # bytes of the files of a ledger


@dataclass(frozen=True)
class Checked:
    """The tables of a ledger without a problem, and the digest of the files that they were read from."""

    content: str
    frames: dict[str, pd.DataFrame]


_kept: dict[str, Checked] = {}


def _content(directory: Path) -> str:
    """Return the digest of the files of a ledger, of its place and of the schema; empty where it is not to be kept."""
    named = [directory / name for name in (*(table.file for table in tables().values()), paths.SCHEMA.name)]
    try:
        files = [path for path in named if path.exists()]
        if not all(path.is_file() for path in files) or sum(path.stat().st_size for path in files) > LARGEST_KEPT:
            return ""
        return digest(str(directory.resolve()), paths.SCHEMA.read_bytes(), digest_of_files(files, directory))
    except OSError:
        return ""  # the check says what cannot be read


def keep(checked: Checked) -> None:
    """Keep a ledger for this process, as the newest of at most `MOST_KEPT`."""
    _kept.pop(checked.content, None)
    _kept[checked.content] = checked
    for oldest in list(_kept)[:-MOST_KEPT]:
        del _kept[oldest]


def kept(directory: Path) -> Checked | None:
    """Return the ledger in a directory if it has been checked as it now is."""
    return _kept.get(_content(directory))


def sound_tables(directory: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a ledger by name.

    Raises
    ------
    LedgerError
        with every problem, when they are not sound.
    """
    content = _content(directory)
    if content in _kept:
        keep(_kept[content])
        return dict(_kept[content].frames)
    frames, problems = examine(directory)
    if problems:
        raise LedgerError(problems)
    if content and content == _content(directory):  # nobody wrote while they were read
        keep(Checked(content, frames))
    return dict(frames)
