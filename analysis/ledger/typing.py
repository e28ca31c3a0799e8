"""From text to numbers and days, with every value that is neither reported."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.schema import Field, Table

NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"
WHOLE = r"^-?(0|[1-9][0-9]{0,14})$"
INVISIBLE = "[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
MOST = 200  # problems named in one column; the rest are counted


def _number_fix(text: str) -> str:
    plain = re.sub(r"[,\s_'$%]", "", text)
    if re.fullmatch(NUMBER, plain) and plain != text:
        return f"write it as {plain}"
    return "write digits with an optional point, no thousands separator, sign +, exponent or unit"


def _rows(mask: np.ndarray) -> list[int]:
    return [int(i) + 2 for i in np.flatnonzero(mask)]


def _report(table: Table, field: Field, mask: np.ndarray, column: pa.ChunkedArray, say) -> list[Problem]:
    rows = _rows(mask)
    problems = [Problem(table.file, r, field.name, say(column[r - 2].as_py())) for r in rows[:MOST]]
    if len(rows) > MOST:
        more = f"and {len(rows) - MOST} more rows like it below"
        problems.append(Problem(table.file, rows[MOST], field.name, more))
    return problems


def _mask(array) -> np.ndarray:
    return np.asarray(array.to_numpy(zero_copy_only=False), bool)


def _numbers(column, blank, table: Table, field: Field) -> tuple[np.ndarray, list[Problem]]:
    shape, kind = (WHOLE, "a whole number") if field.type == "integer" else (NUMBER, "a number")
    bad = ~_mask(pc.match_substring_regex(column, shape)) & ~blank
    problems = _report(table, field, bad, column, lambda v: f"{quoted(v)} is not {kind}; {_number_fix(v)}")
    safe = pc.if_else(pa.array(bad | blank), None, column)
    values = pc.cast(safe, pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    unit = f" {field.unit}" if field.unit else ""
    with np.errstate(invalid="ignore"):
        if field.minimum is not None:
            say = f"is below the smallest allowed, {field.minimum}{unit}"
            problems += _report(table, field, values < field.minimum, column, lambda v: f"{quoted(v)} {say}")
        if field.maximum is not None:
            say = f"is above the largest allowed, {field.maximum}{unit}"
            problems += _report(table, field, values > field.maximum, column, lambda v: f"{quoted(v)} {say}")
    return values, problems


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _days(column, blank, table: Table, field: Field) -> tuple[np.ndarray, list[Problem]]:
    coded = column.combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    parsed = [_day(t) for t in texts]
    low, high = dt.date.fromisoformat(field.minimum), dt.date.fromisoformat(field.maximum)
    code = coded.indices.to_numpy(zero_copy_only=False)
    is_bad = np.array([p is None for p in parsed], bool)
    is_far = np.array([p is not None and not low <= p <= high for p in parsed], bool)
    days = np.array([np.datetime64(p) if p else np.datetime64("NaT") for p in parsed], "datetime64[s]")
    if not len(texts):
        return np.array([], "datetime64[s]"), []
    say = "is not a day; write it as YYYY-MM-DD"
    problems = _report(table, field, is_bad[code] & ~blank, column, lambda v: f"{quoted(v)} {say}")
    span = f"is outside {field.minimum} to {field.maximum}"
    problems += _report(table, field, is_far[code], column, lambda v: f"{quoted(v)} {span}")
    return days[code], problems


def _texts(column, blank, table: Table, field: Field) -> list[Problem]:
    problems = []
    if field.enum:
        bad = ~_mask(pc.is_in(column, value_set=pa.array(field.enum))) & ~blank
        allowed = ", ".join(field.enum)
        problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} is not one of {allowed}")
    elif field.pattern:
        bad = ~_mask(pc.match_substring_regex(column, field.pattern)) & ~blank
        problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} does not match {field.pattern}")
    else:
        bad = _mask(pc.match_substring_regex(column, r"^\s|\s$"))
        problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} has a space at an end; remove it")
    hidden = _mask(pc.match_substring_regex(column, INVISIBLE))
    say = "holds an invisible or control character; delete it"
    return problems + _report(table, field, hidden, column, lambda v: f"{quoted(v)} {say}")


def typed(text: pa.Table, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """The table with float64 numbers (NaN: empty), datetime64 days (NaT: empty) and str text ("": empty)."""
    columns: dict[str, object] = {}
    problems: list[Problem] = []
    for field in table.fields:
        column = text.column(field.name)
        blank = _mask(pc.equal(column, ""))
        if field.required:
            say = f"is empty; it needs a value ({field.description.rstrip('.')})"
            problems += _report(table, field, blank, column, lambda _, say=say: say)
        if field.type in ("number", "integer"):
            columns[field.name], found = _numbers(column, blank, table, field)
        elif field.type == "date":
            columns[field.name], found = _days(column, blank, table, field)
        else:
            columns[field.name], found = column.to_pandas(), _texts(column, blank, table, field)
        problems += found
    return pd.DataFrame(columns, copy=False), problems
