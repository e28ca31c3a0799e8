"""From the bytes of a file to a table of text, refusing what cannot be read for sure.

A row is one line: quotes open and close on it, so the number of a row is the number of its line, and a
quote that is never closed costs one line rather than the rest of the file. CRLF and a byte order mark are
simply read. All tests are vectorised over the bytes: a million rows take about a second.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.schema import Table

NEWLINE, RETURN, QUOTE, COMMA = b'\n\r",'
CLOSES = np.zeros(256, bool)
CLOSES[[NEWLINE, RETURN, QUOTE, COMMA]] = True
OPENS = np.zeros(256, bool)
OPENS[[NEWLINE, QUOTE, COMMA]] = True
LONGEST_LINE = 1_000_000


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _encoding_problems(data: bytes, file: str) -> list[Problem]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = data[error.start : error.start + 1].hex()
        row = _line_of(data, error.start)
        return [Problem(file, row, "-", f"byte 0x{bad} is not UTF-8; save the file as UTF-8")]
    if (at := data.find(b"\x00")) >= 0:
        return [Problem(file, _line_of(data, at), "-", "a NUL byte; the file is not text, save it as CSV in UTF-8")]
    return []


def _column_at(data: bytes, start: int, position: int, table: Table) -> str:
    index = data.count(b",", start, position)
    return table.columns[min(index, len(table.columns) - 1)]


def _quote_problems(data: bytes, table: Table) -> list[Problem]:
    """Quotes that open inside a field, are followed by text, or stay open at the end of their line."""
    raw = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(raw == QUOTE)
    if not quotes.size:
        return []
    ends = np.flatnonzero(raw == NEWLINE)
    line = np.searchsorted(ends, quotes)
    first = np.searchsorted(line, line)  # index of the first quote on the same line
    opening = (np.arange(quotes.size) - first) % 2 == 0
    before = raw[np.maximum(quotes - 1, 0)]
    after = raw[np.minimum(quotes + 1, raw.size - 1)]
    fine = np.where(opening, OPENS[before] | (quotes == 0), CLOSES[after] | (quotes == raw.size - 1))
    last = np.append(line[1:] != line[:-1], True)
    fine &= ~(last & opening)
    problems, seen = [], set()
    for i in np.flatnonzero(~fine)[:1000]:
        row = int(line[i]) + 1
        if row in seen:
            continue
        seen.add(row)
        start = int(ends[row - 2]) + 1 if row > 1 else 0
        column = _column_at(data, start, int(quotes[i]), table)
        what = "a quote is opened and never closed on this line" if opening[i] else "text after a closing quote"
        fix = 'put the whole field in quotes, write a quote inside it as "", and keep a row on one line'
        problems.append(Problem(table.file, row, column, f"{what}; {fix}"))
    return problems


def _line_problems(data: bytes, table: Table) -> list[Problem]:
    """Blank lines, bare carriage returns and lines too long to be a row."""
    problems = []
    if b"\r" in data and (at := data.replace(b"\r\n", b"  ").find(b"\r")) >= 0:
        message = "a carriage return inside a line; end lines with LF or CRLF"
        problems.append(Problem(table.file, _line_of(data, at), "-", message))
    raw = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(raw == NEWLINE), raw.size)
    lengths = np.diff(np.concatenate([[-1], ends])) - 1
    for i in np.flatnonzero(lengths > LONGEST_LINE)[:20]:
        message = f"a line of {lengths[i]} bytes; a row has at most {LONGEST_LINE}"
        problems.append(Problem(table.file, int(i) + 1, "-", message))
    blank = lengths == 0
    blank |= (lengths == 1) & (raw[np.minimum(ends - 1, raw.size - 1)] == RETURN)
    blank[-1] = False  # what follows the last newline
    for i in np.flatnonzero(blank)[:1000]:
        problems.append(Problem(table.file, int(i) + 1, "-", "an empty line; delete it"))
    return problems


def _header_problems(names: list[str], table: Table) -> list[Problem]:
    problems = []
    for name in sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(table.file, 1, name or "-", f"column {quoted(name)} stands twice; keep one"))
    for name in dict.fromkeys(names):
        if name not in table.columns:
            known = ", ".join(table.columns)
            message = f"unknown column {quoted(name)}; known columns are {known}"
            problems.append(Problem(table.file, 1, quoted(name)[1:-1] or "-", message))
    for field in table.fields:
        if field.name not in names:
            message = f"column {quoted(field.name)} is missing; add it to the header, empty where nothing is known"
            problems.append(Problem(table.file, 1, field.name, message))
    return problems


def _parse(data: bytes, names: list[str], table: Table) -> tuple[pa.Table, list[Problem]]:
    ragged: list[Problem] = []

    def refuse(row: pcsv.InvalidRow) -> str:
        short = row.actual_columns < row.expected_columns
        column = names[row.actual_columns] if short else names[-1]
        message = f"{row.actual_columns} fields where the header has {row.expected_columns}"
        fix = "add commas for empty fields" if short else "put a field with a comma in quotes"
        ragged.append(Problem(table.file, row.number or 1, column, f"{message}; {fix}"))
        return "skip"

    parsed = pcsv.read_csv(
        pa.py_buffer(data),
        read_options=pcsv.ReadOptions(use_threads=False, block_size=max(1 << 20, min(len(data), 1 << 26))),
        parse_options=pcsv.ParseOptions(invalid_row_handler=refuse, ignore_empty_lines=False),
        convert_options=pcsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    return parsed, ragged


def read(directory: Path, table: Table) -> tuple[pa.Table | None, list[Problem]]:
    """The table as text, one string column a field, and what kept it from being read.

    Returns None for the table when there are problems: rows cannot then be told apart for sure.
    """
    path = directory / table.file
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [Problem(table.file, 1, "-", "the file is missing; add it, with its header if it has no rows")]
    except OSError as error:
        return None, [Problem(table.file, 1, "-", f"the file cannot be read: {error.strerror}")]
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return None, [Problem(table.file, 1, "-", f"the file is empty; its first line is {','.join(table.columns)}")]
    if problems := _encoding_problems(data, table.file):
        return None, problems
    if problems := _line_problems(data, table) + _quote_problems(data, table):
        return None, problems
    header = data.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8")
    names = [name.strip('"') for name in header.split(",")]
    if problems := _header_problems(names, table):
        return None, problems
    if b"\n" not in data.rstrip(b"\r\n"):
        return pa.table({name: pa.array([], pa.string()) for name in table.columns}), []
    parsed, problems = _parse(data, names, table)
    if problems:
        return None, problems
    return parsed.select(list(table.columns)), []


def is_blank(column: pa.ChunkedArray) -> np.ndarray:
    return pc.equal(column, "").to_numpy(zero_copy_only=False)
