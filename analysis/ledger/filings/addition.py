"""Proposed rows put into the text of their tables, which must then pass the checks of the ledger."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from analysis.ledger.checks import examine
from analysis.ledger.filings.proposals import Proposal, Row
from analysis.ledger.guard import pair_tables, review
from analysis.ledger.problems import LedgerError, Problem
from analysis.ledger.revision import read_revision
from analysis.ledger.schema import Table, tables


def table_text(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Return rows as CSV below a header; a column that a row does not have is empty."""
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def columns_of(directory: Path, table: Table) -> list[str]:
    """Return the columns of a table in their order in its file."""
    with (directory / table.file).open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _inserted(text: str, table: Table, rows: Sequence[Row]) -> str:
    """A table with rows, each below those of its key; a new key goes where the order of the keys has it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix(newline).split(newline)
    columns = next(csv.reader([lines[0].removeprefix("\ufeff")]))
    parsed = [dict(zip(columns, next(csv.reader([line])), strict=True)) for line in lines[1:]]
    keys = [tuple(row.get(name, "") for name in table.key) for row in parsed]
    for row in rows:
        key = tuple(row.get(name, "") for name in table.key)
        same = [i for i, known in enumerate(keys) if known == key]
        before = same or [i for i, known in enumerate(keys) if known <= key]
        at = before[-1] + 1 if before else 0
        keys.insert(at, key)
        lines.insert(at + 1, table_text(columns, [row]).split("\n")[1])
    return newline.join([*lines, ""])


def tables_with(directory: Path, proposal: Proposal) -> dict[str, str]:
    """Return the text of the tables that a proposal changes, by file; sources, which metrics refer to, come first."""
    wanted = {"sources": proposal.sources, "metrics": proposal.metrics}
    return {
        (file := tables()[name].file): _inserted((directory / file).read_bytes().decode("utf-8"), tables()[name], rows)
        for name, rows in wanted.items()
        if rows
    }


@contextmanager
def _copy(directory: Path, texts: Mapping[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder)
        for table in tables().values():
            if (directory / table.file).is_file():
                shutil.copy(directory / table.file, changed / table.file)
        for file, text in texts.items():
            (changed / file).write_bytes(text.encode())
        yield changed


def examine_addition(directory: Path, texts: Mapping[str, str]) -> list[Problem]:
    """Check a ledger with changed tables, which stand nowhere yet.

    Parameters
    ----------
    directory : the ledger
    texts : the changed tables, by file

    Returns
    -------
    What ``roundtrip check --against`` will want looked at twice, such as a jump of a figure.

    Raises
    ------
    LedgerError
        with every problem, when the ledger would not pass the checks.
    """
    with _copy(directory, texts) as changed:
        frames, problems = examine(changed)
        if problems:
            raise LedgerError(problems)
        before = read_revision(directory, "the ledger before", tables())
        return review(before, frames, pair_tables(before, frames))
