"""Every problem of a ledger at once, as ``file:row:column: what is wrong, the value, what would be right``.

The form of a file is checked by `reading`, each value by `values` and a table by `rules`, all by what the schema says;
what no schema can say is in `totals`, `cross_table_checks` and `identities`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import paths
from analysis.ledger import cross_table_checks, declared, identities, reading_log, rules, totals
from analysis.ledger.assumptions import CENTRAL
from analysis.ledger.problems import FIRST_ROW, Problem, nearest, problems_at, quoted
from analysis.ledger.reading import read
from analysis.ledger.schema import Table, tables
from analysis.ledger.values import typed


def _scenarios(table: Table, assumptions: pd.DataFrame) -> list[Problem]:
    """A scenario changes what the central one holds; a misspelt parameter would change nothing without a word."""
    known = set(assumptions.loc[assumptions["scenario"] == CENTRAL, "parameter"])
    bad = np.flatnonzero(~assumptions["parameter"].isin(known))

    def message(i: int) -> str:
        name = assumptions["parameter"][i]
        return f"{quoted(name)} is not in the scenario {CENTRAL}{nearest(name, known)}; add it there or correct it"

    return problems_at(table.file, bad, "parameter", message)


def _read_tables(directory: Path) -> tuple[rules.Frames, list[Problem]]:
    """The tables that could be read, typed, and what was wrong with files and single values."""
    frames = rules.Frames()
    problems: list[Problem] = []
    for table in tables().values():
        text, found = read(directory, table)
        problems += found
        if text is None:
            continue
        frames[table.name], frames.texts[table.name], found = typed(text, table)
        problems += found
        if len(frames[table.name]) < table.min_rows:
            message = f"the table has no rows; it needs at least {table.min_rows}"
            problems.append(Problem(table.file, FIRST_ROW, table.columns[0], message))
    return frames, problems


def examine(directory: Path | str | None = None) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read and check a ledger.

    Parameters
    ----------
    directory : where its tables lie (None: the project's own)

    Returns
    -------
    The tables by name, those that could be read, and every problem found, sorted by file and row.
    """
    directory = Path(directory) if directory is not None else paths.DATA
    if not directory.is_dir():
        return {}, [Problem(str(directory), 1, "-", "is not a directory; name the one that holds the tables")]
    frames, problems = _read_tables(directory)
    schema = tables()
    if directory.resolve() != paths.SCHEMA.parent.resolve():
        problems += declared.find(directory, schema)
    for name in frames:
        problems += rules.find(schema[name], frames)
    if "assumptions" in frames:
        problems += _scenarios(schema["assumptions"], frames["assumptions"])
    if "deals" in frames:
        problems += totals.parents(schema["deals"], frames)
        if not problems:  # a total is compared only when amounts and days could be read
            problems += totals.totals(schema["deals"], frames)
    if not problems:
        problems += cross_table_checks.find(schema, frames)
    if "checks" in frames:
        problems += identities.find(schema["checks"], frames["checks"])
    return dict(frames), sorted(set(problems))


def check(directory: Path | str | None = None) -> list[Problem]:
    """Find every problem of a ledger, whatever is in its files.

    Parameters
    ----------
    directory : where its tables lie (None: the project's own)

    Returns
    -------
    The problems, sorted by file and row; empty when there is none.
    """
    reading_log.used_files(Path(directory) if directory is not None else paths.DATA)
    return examine(directory)[1]
