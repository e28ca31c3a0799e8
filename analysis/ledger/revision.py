"""The ledger before a change, read by the schema that it had then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.ledger.problems import FIRST_ROW, Problem, quoted
from analysis.ledger.reading import read
from analysis.ledger.schema import Table, read_schema
from analysis.ledger.values import typed

MAX_UNREADABLE_CELLS = 20  # named in one column


@dataclass(frozen=True)
class Revision:
    """The tables of an earlier state.

    Attributes
    ----------
    name : what messages call it
    schema : its tables by name, as its own schema describes them
    frames : the tables that could be read, with the columns that their files had
    problems : what could not be read, and so cannot be compared
    """

    name: str
    schema: Mapping[str, Table]
    frames: dict[str, pd.DataFrame]
    problems: list[Problem]


def _lenient(table: Table) -> Table:
    """The table without rules about its values: those are for `check`, here they are only read."""
    fields = (
        replace(f, required=False, enum=(), pattern="", minimum=None, maximum=None, list_of=None) for f in table.fields
    )
    return replace(table, fields=tuple(fields))


def _unreadable_cells(text: pa.Table, frame: pd.DataFrame, table: Table, name: str) -> list[Problem]:
    problems = []
    for field in table.fields:
        if field.name not in text.column_names or field.type not in ("number", "integer", "date"):
            continue
        written = text.column(field.name).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(frame[field.name].isna() & (written != ""))[:MAX_UNREADABLE_CELLS]:
            line = int(row) + FIRST_ROW
            value = quoted(written[row])
            message = f"{value} was in line {line} of {name} and is no {field.type}; it cannot be compared"
            problems.append(Problem(table.file, line, field.name, message))
    return problems


def read_revision(directory: Path, name: str, schema: Mapping[str, Table]) -> Revision:
    """Read the tables of an earlier state.

    Parameters
    ----------
    directory : where they lie, with the ``datapackage.json`` of that state if it has one
    name : what messages call the state
    schema : the tables to expect where there is no such file

    Returns
    -------
    The revision. What cannot be read is among its problems: nothing is left out in silence.
    """
    own = directory / "datapackage.json"
    if own.is_file():
        try:
            schema = read_schema(own)
        except ValueError as error:
            problem = Problem(own.name, 1, "-", f"the schema of {name} cannot be read: {error}; compare with another")
            return Revision(name, {}, {}, [problem])
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in map(_lenient, schema.values()):
        text, found = read(directory, table)
        if text is None:
            first = found[0]
            message = f"the table of {name} cannot be read, so the change cannot be compared with it: {first.message}"
            problems.append(Problem(table.file, first.row, first.column, message))
            continue
        frame = typed(text, table)[0]
        problems += _unreadable_cells(text, frame, table, name)
        frames[table.name] = frame[[c for c in frame.columns if c in text.column_names]]
    return Revision(name, schema, frames, problems)
