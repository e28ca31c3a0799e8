"""From text to numbers and days, with every value that is neither reported."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.ledger.cells import Coded, coded, framed
from analysis.ledger.problems import Problem, problems_at, quoted
from analysis.ledger.schema import Field, Table

NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"
WHOLE = r"^-?(0|[1-9][0-9]{0,14})$"
# Controls, formats (zero width, direction), private use, line separators, blank fillers, variation selectors
INVISIBLE = (
    r"[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}"
    r"\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{3164}\x{ffa0}"
    r"\x{fe00}-\x{fe0f}\x{e0100}-\x{e01ef}]"
)
MISREAD = r"\x{fffd}|[\x{c2}\x{c3}][\x{80}-\x{bf}]|\x{e2}\x{20ac}"  # UTF-8 that was read as something else and saved
FORMULA = r"^[=@]|^[+-].*([|!]|[A-Za-z]\()"  # what a spreadsheet would run when it opens a download
MAX_TEXT_LENGTH = 5000


def _number_fix(text: str) -> str:
    """Say how a number is written that has the separators, signs or units of another custom."""
    bare = re.sub(r"[\s_'’$€£%]", "", text)
    if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", bare):
        return f"the comma is ambiguous: write {bare.replace(',', '')} or {bare.replace(',', '.')}"
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d+", bare):  # a comma before the decimals
        plain = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}", bare):
        plain = bare.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?|[^,]*", bare):
        plain = bare.replace(",", "")
    else:
        plain = bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare
    if re.fullmatch(NUMBER, plain) and plain != text:
        return f"write it as {plain}"
    return "write digits with an optional point, no thousands separator, sign +, exponent or unit"


def _report(table: Table, field: Field, mask: np.ndarray, column: Coded, say: Callable[[str], str]) -> list[Problem]:
    """A problem for each row whose value is among those of the mask."""
    rows = np.flatnonzero(mask[column.codes]) if mask.any() else np.array([], int)
    return problems_at(table.file, rows, field.name, lambda i: say(column.values[column.codes[i]].as_py()))


def _mask(array: Any) -> np.ndarray:
    return np.asarray(array.to_numpy(zero_copy_only=False), bool)


def _numbers(column: Coded, blank: np.ndarray, table: Table, field: Field) -> tuple[np.ndarray, list[Problem]]:
    shape, kind = (WHOLE, "a whole number") if field.type == "integer" else (NUMBER, "a number")
    bad = ~_mask(pc.match_substring_regex(column.values, shape)) & ~blank
    problems = _report(table, field, bad, column, lambda v: f"{quoted(v)} is not {kind}; {_number_fix(v)}")
    safe = pc.if_else(pa.array(bad | blank), None, column.values)
    values = pc.cast(safe, pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    unit = f" {field.unit}" if field.unit else ""
    with np.errstate(invalid="ignore"):
        if field.minimum is not None:
            say = f"is below the smallest allowed, {field.minimum}{unit}"
            problems += _report(table, field, values < field.minimum, column, lambda v: f"{quoted(v)} {say}")
        if field.maximum is not None:
            say = f"is above the largest allowed, {field.maximum}{unit}"
            problems += _report(table, field, values > field.maximum, column, lambda v: f"{quoted(v)} {say}")
    return values[column.codes], problems


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _days(column: Coded, blank: np.ndarray, table: Table, field: Field) -> tuple[np.ndarray, list[Problem]]:
    parsed = [_day(t) for t in column.values.to_pylist()]
    low, high = (dt.date.fromisoformat(d) if d else None for d in (field.minimum, field.maximum))
    is_bad = np.array([p is None for p in parsed], bool) & ~blank
    is_far = np.array([p is not None and not (low or p) <= p <= (high or p) for p in parsed], bool)
    days = np.array([np.datetime64(p) if p else np.datetime64("NaT") for p in parsed], "datetime64[s]")
    say = "is not a day; write it as YYYY-MM-DD"
    problems = _report(table, field, is_bad, column, lambda v: f"{quoted(v)} {say}")
    span = f"is outside {field.minimum} to {field.maximum}"
    problems += _report(table, field, is_far, column, lambda v: f"{quoted(v)} {span}")
    return days[column.codes], problems


FREE_TEXT = (
    (r"^[\s\p{Z}]|[\s\p{Z}]$", "has a space at an end; remove it"),
    (
        MISREAD,
        "looks like UTF-8 that was read as another encoding; write the character itself and save the file as UTF-8",
    ),
    (FORMULA, "begins like a spreadsheet formula; begin with a word"),
)


def _texts(column: Coded, blank: np.ndarray, table: Table, field: Field) -> list[Problem]:
    problems = []
    if field.enum:
        bad = ~_mask(pc.is_in(column.values, value_set=pa.array(field.enum))) & ~blank
        allowed = ", ".join(field.enum)
        problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} is not one of {allowed}")
    elif field.pattern:
        bad = ~_mask(pc.match_substring_regex(column.values, field.pattern)) & ~blank
        problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} does not match {field.pattern}")
    else:
        for shape, say in FREE_TEXT:
            bad = _mask(pc.match_substring_regex(column.values, shape))
            problems += _report(table, field, bad, column, lambda v: f"{quoted(v)} {say}")
        long = pc.utf8_length(column.values).to_numpy(zero_copy_only=False) > MAX_TEXT_LENGTH
        say = f"characters; a text has at most {MAX_TEXT_LENGTH}"
        problems += _report(table, field, long, column, lambda v: f"{len(v)} {say}")
    composed = _mask(pc.equal(pc.utf8_normalize(column.values, "NFC"), column.values))
    say = "holds characters composed of several; write it in Unicode normal form C, in which equal texts are equal"
    problems += _report(table, field, ~composed, column, lambda v: f"{quoted(v)} {say}")
    hidden = _mask(pc.match_substring_regex(column.values, INVISIBLE))
    say = "holds an invisible or control character; delete it"
    return problems + _report(table, field, hidden, column, lambda v: f"{quoted(v)} {say}")


def typed(text: pa.Table, table: Table) -> tuple[pd.DataFrame, dict[str, Coded], list[Problem]]:
    """Give the columns of a table their types.

    Parameters
    ----------
    text : the table as strings, coded or not; a column that its file does without is empty
    table : its schema

    Returns
    -------
    The table with float64 numbers (NaN: empty), datetime64 days (NaT: empty) and str text ("": empty), its columns of
    text as coded, and a problem for each value that is not what its column holds.
    """
    columns: dict[str, object] = {}
    texts: dict[str, Coded] = {}
    problems: list[Problem] = []
    empty = pa.chunked_array([pa.repeat("", text.num_rows)])  # of a column that the file does without
    for field in table.fields:
        column = coded(text.column(field.name) if field.name in text.column_names else empty)
        blank = _mask(pc.equal(column.values, ""))
        if field.required:
            say = f"is empty; it needs a value ({field.description.rstrip('.')})"
            problems += _report(table, field, blank, column, lambda _: say)
        if field.type in ("number", "integer"):
            columns[field.name], found = _numbers(column, blank, table, field)
        elif field.type == "date":
            columns[field.name], found = _days(column, blank, table, field)
        else:
            found = _texts(column, blank, table, field)
            texts[field.name] = column
            columns[field.name] = column.values.to_numpy(zero_copy_only=False)[column.codes]
        problems += found
    return framed(columns), texts, problems
