"""From the bytes of a file to a table of text, refusing what cannot be read with certainty.

A row is one line: quotes open and close on it, so the number of a row is the number of its line, and a
quote that is never closed costs one line rather than the rest of the file. CRLF and a byte order mark are
simply read. Bytes are looked at in blocks of whole lines, vectorised, so that neither a large file nor a
hostile one takes more than a few times its size.
"""

import csv
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.schema import Table

NEWLINE, RETURN, QUOTE, COMMA = b'\n\r",'
CLOSES = np.zeros(256, bool)
CLOSES[[NEWLINE, RETURN, QUOTE, COMMA]] = True
OPENS = np.zeros(256, bool)
OPENS[[NEWLINE, QUOTE, COMMA]] = True
IN_A_LINE = re.compile(rb"[^\r\n]")
CODED = pa.dictionary(pa.int32(), pa.string())  # a million rows hold few different values
MAX_LINE_LENGTH = 1_000_000  # bytes
MAX_FILE_SIZE = 512 << 20
MAX_ROWS = 2_000_000
BLOCK = 8 << 20
MAX_LONG_LINES = 20  # named in one file
MAX_FORM_PROBLEMS = 1000  # named in one file


def _blocks(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of lines of each block of whole lines. A line is never longer than a block."""
    start = 0
    while start < len(data):
        end = len(data) if len(data) - start <= BLOCK else data.rfind(b"\n", start, start + BLOCK) + 1
        yield start, end, data.count(b"\n", start, end)
        start = end


def _long_lines(data: bytes, file: str) -> list[Problem]:
    """Lines too long to be a row, found without looking at each line of a file that has none."""
    problems: list[Problem] = []
    start = 0
    while len(data) - start > MAX_LINE_LENGTH and len(problems) < MAX_LONG_LINES:
        end = data.rfind(b"\n", start, start + MAX_LINE_LENGTH + 1)
        if end < 0:
            end = data.find(b"\n", start + MAX_LINE_LENGTH)
            end = end if end >= 0 else len(data)
            message = f"a line of {end - start} bytes; a row has at most {MAX_LINE_LENGTH}"
            problems.append(Problem(file, data.count(b"\n", 0, start) + 1, "-", message))
        start = end + 1
    return problems


def _byte_problems(block: bytes, row: int, file: str) -> list[Problem]:
    """Bytes that are not text, and carriage returns inside a line."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        at = row + block.count(b"\n", 0, error.start)
        return [Problem(file, at, "-", f"byte 0x{block[error.start]:02x} is not UTF-8; save the file as UTF-8")]
    if (at := block.find(b"\x00")) >= 0:
        return [
            Problem(
                file, row + block.count(b"\n", 0, at), "-", "a NUL byte; the file is not text, save it as CSV in UTF-8"
            )
        ]
    if b"\r" in block and (at := block.replace(b"\r\n", b"  ").find(b"\r")) >= 0:
        place = row + block.count(b"\n", 0, at)
        return [Problem(file, place, "-", "a carriage return inside a line; end lines with LF or CRLF")]
    return []


def _form_problems(block: bytes, row: int, table: Table) -> list[Problem]:
    """Empty lines, and quotes that open inside a field, are followed by text, or stay open at the end of their line."""
    raw = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(raw == NEWLINE)
    starts = np.concatenate([[0], ends + 1])
    lengths = np.append(ends, raw.size) - starts
    blank = lengths == 0
    blank |= (lengths == 1) & (raw[np.minimum(starts, raw.size - 1)] == RETURN)
    blank[-1] = False  # what follows the last newline
    problems = [
        Problem(table.file, row + int(i), "-", "an empty line; delete it")
        for i in np.flatnonzero(blank)[:MAX_FORM_PROBLEMS]
    ]
    quotes = np.flatnonzero(raw == QUOTE)
    if not quotes.size:
        return problems
    line = np.searchsorted(ends, quotes)
    first = np.searchsorted(line, line)  # index of the first quote on the same line
    opening = (np.arange(quotes.size) - first) % 2 == 0
    before = raw[np.maximum(quotes - 1, 0)]
    after = raw[np.minimum(quotes + 1, raw.size - 1)]
    fine = np.where(opening, OPENS[before] | (quotes == 0), CLOSES[after] | (quotes == raw.size - 1))
    fine &= ~(np.append(line[1:] != line[:-1], True) & opening)
    seen = set()
    for i in np.flatnonzero(~fine)[:MAX_FORM_PROBLEMS]:
        number = int(line[i])
        if number in seen:
            continue
        seen.add(number)
        commas = block.count(b",", int(starts[number]), int(quotes[i]))
        column = table.columns[min(commas, len(table.columns) - 1)]
        what = "a quote is opened and never closed on this line" if opening[i] else "text after a closing quote"
        fix = 'put the whole field in quotes, write a quote inside it as "", and keep a row on one line'
        problems.append(Problem(table.file, row + number, column, f"{what}; {fix}"))
    return problems


def _header(data: bytes) -> list[str]:
    """The names in the first line; the line itself as one name when it cannot be split."""
    end = data.find(b"\n")
    line = data[: end if end >= 0 else None].rstrip(b"\r").decode("utf-8")
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a field longer than any name
        return [line]


def _has_rows(data: bytes) -> bool:
    """Whether anything but empty lines follows the header."""
    end = data.find(b"\n")
    return end >= 0 and IN_A_LINE.search(data, end) is not None


def _header_problems(names: list[str], table: Table) -> list[Problem]:
    problems: list[Problem] = []
    required = sum(not f.is_optional for f in table.fields)
    if len(names) == 1 and (sign := next((c for c in ";\t|" if names[0].count(c) >= required - 1), "")):
        return [Problem(table.file, 1, "-", f"its columns are separated by {quoted(sign)}; separate them by commas")]
    if len(names) > 3 * len(table.columns):
        return [
            Problem(
                table.file, 1, "-", f"the header has {len(names)} columns; known columns are {', '.join(table.columns)}"
            )
        ]
    for name in sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(table.file, 1, name or "-", f"column {quoted(name)} appears twice; keep one"))
    for name in dict.fromkeys(names):
        if name not in table.columns:
            known = ", ".join(table.columns)
            message = f"unknown column {quoted(name)}; known columns are {known}"
            problems.append(Problem(table.file, 1, quoted(name)[1:-1] or "-", message))
    for field in table.fields:
        if field.name not in names and not field.is_optional:
            message = f"column {quoted(field.name)} is missing; add it to the header, empty where nothing is known"
            problems.append(Problem(table.file, 1, field.name, message))
    return problems


def _text_problems(data: bytes, table: Table) -> list[Problem]:
    """What keeps the file from being a table: bytes first, since without text there are no lines; then the header."""
    if problems := _long_lines(data, table.file):
        return problems
    blocks = list(_blocks(data))
    rows = sum(lines for _, _, lines in blocks)
    if rows > MAX_ROWS:
        return [
            Problem(table.file, MAX_ROWS + 1, "-", f"the file has {rows} lines; a table has at most {MAX_ROWS} rows")
        ]
    form: list[Problem] = []
    row = 1
    for start, end, lines in blocks:
        block = data[start:end]
        if problems := _byte_problems(block, row, table.file):
            return problems
        if len(form) < MAX_FORM_PROBLEMS:
            form += _form_problems(block, row, table)
        row += lines
    return _header_problems(_header(data), table) or form


def _parse(data: bytes, names: list[str], table: Table) -> tuple[pa.Table | None, list[Problem]]:
    ragged: list[Problem] = []

    def refuse(row: pcsv.InvalidRow) -> str:
        if len(ragged) >= MAX_FORM_PROBLEMS:
            return "error"
        short = row.actual_columns < row.expected_columns
        column = names[row.actual_columns] if short else names[-1]
        message = f"{row.actual_columns} fields where the header has {row.expected_columns}"
        fix = "add commas for empty fields" if short else "put a field with a comma in quotes"
        ragged.append(Problem(table.file, row.number or 1, column, f"{message}; {fix}"))
        return "skip"

    try:
        parsed = pcsv.read_csv(
            pa.py_buffer(data),
            read_options=pcsv.ReadOptions(use_threads=False, block_size=BLOCK),
            parse_options=pcsv.ParseOptions(invalid_row_handler=refuse, ignore_empty_lines=False),
            convert_options=pcsv.ConvertOptions(column_types=dict.fromkeys(names, CODED), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        if ragged:
            return None, ragged
        return None, [Problem(table.file, 1, "-", f"the file cannot be read as CSV: {error}")]
    return parsed, ragged


def header(directory: Path, table: Table) -> list[str] | None:
    """The names in the first line of a table's file; None where it cannot be read, which `read` tells."""
    try:
        with (directory / table.file).open("rb") as handle:
            return _header(handle.readline(MAX_LINE_LENGTH).removeprefix(b"\xef\xbb\xbf"))
    except (OSError, UnicodeDecodeError):
        return None


def read(directory: Path, table: Table) -> tuple[pa.Table | None, list[Problem]]:
    """Read the file of a table as text.

    Returns
    -------
    The table with one column of strings for each column of the file, and what kept it from being read. The table is
    None when there are problems: rows cannot then be told apart for sure.
    """
    path = directory / table.file
    try:
        at = path.stat()
        if not stat.S_ISREG(at.st_mode):
            return None, [Problem(table.file, 1, "-", "is not a file; put the table here")]
        if at.st_size > MAX_FILE_SIZE:
            message = f"the file holds {at.st_size >> 20} MiB; a table has at most {MAX_FILE_SIZE >> 20}"
            return None, [Problem(table.file, 1, "-", message)]
        data = path.read_bytes()
    except FileNotFoundError:
        if table.is_optional and not path.is_symlink():
            return pa.table({name: pa.array([], pa.string()) for name in table.columns}), []
        return None, [Problem(table.file, 1, "-", "the file is missing; add it, with its header if it has no rows")]
    except OSError as error:
        return None, [Problem(table.file, 1, "-", f"the file cannot be read: {error.strerror}")]
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data or data.isspace():
        return None, [Problem(table.file, 1, "-", f"the file is empty; its first line is {','.join(table.columns)}")]
    if problems := _text_problems(data, table):
        return None, problems
    names = _header(data)
    if not _has_rows(data):
        return pa.table({name: pa.array([], pa.string()) for name in names}), []
    parsed, problems = _parse(data, names, table)
    return (None, problems) if parsed is None or problems else (parsed, [])
