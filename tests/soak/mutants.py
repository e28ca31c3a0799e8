"""Ledgers with something wrong or odd in them, each refused with its place or read with its right meaning.

A mutant is a small sound ledger with one thing changed. What must become of it stands beside the change, never
in what the package answers: ``refused`` (a problem at this file, line and column), ``same`` (read, and equal to the
ledger it was made from) or ``told`` (either a problem with a place, or read exactly as another reader, the standard
library's csv with exact decimals, reads it). An exception, a problem without a place, or another meaning is an escape.
"""

import csv
import datetime as dt
import gzip
import io
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from analysis.ledger.checks import examine
from analysis.ledger.schema import Field, Table, tables
from tests.ledgers import SMALL

Files = dict[str, bytes]
WORD = "told"


@dataclass(frozen=True)
class Mutant:
    """A changed ledger: the kind of change, the files that differ (None: gone), and what must become of it."""

    kind: str
    files: dict[str, bytes | None]
    fate: str  # refused, same, told
    file: str = ""
    row: int = 0  # 0: any
    columns: tuple[str, ...] = ()  # empty: any
    seed: int = 0


# The ledger they are made from


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def as_csv(rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue().encode("utf-8")


def small_ledger(directory: Path = SMALL) -> Files:
    """A sound ledger with a case of everything."""
    return {table.file: (directory / table.file).read_bytes() for table in tables().values()}


# Changes


BAD_NUMBERS = (
    "1,138",
    "$138",
    "138bn",
    "1e2",
    "1E+2",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "--1",
    "1.",
    ".5",
    "+5",
    "1_000",
    "0x10",
    "5%",
    "1 000",
    "1\u00a0000",
    "1\u202f000",
    "\u22125",
    "1'000",
    "None",
    "null",
    "n/a",
    "#N/A",
    "-",
    "?",
    "1/2",
    "TRUE",
    "\uff11\uff10",
    "\u0661\u0662",
    "\u00bd",
    "00138",
    "007",
    "1" * 16,
    "1." + "3" * 16,
    "1,5",
    "1;5",
    "=1+1",
    "O.5",
    "l38",
    "138\u200b",
    "(138)",
    "138-",
    "~138",
    ">138",
    "10-50",
    "1:30",
    "\u221e",
    "1e400",
    "1.2.3",
)
BAD_DAYS = (
    "2026-02-30",
    "2026-2-3",
    "27/02/2026",
    "02/27/2026",
    "27.02.2026",
    "2026-02-27T00:00",
    "2026-02-27 00:00:00",
    "20260227",
    "Feb 2026",
    "2026",
    "2026-02",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "1899-12-31",
    "2200-01-01",
    "9999-12-31",
    "46080",
    "45000.5",
    "today",
    "\uff12\uff10\uff12\uff16-02-27",
    "2026\u201102\u201127",
    "2026/02/27",
    "2026-W09-5",
    "2026-058",
    "-2026-02-27",
    "+2026-02-27",
    "NaT",
    "1970-01-01Z",
    "2026-02-27\u200e",
)
HIDDEN = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2060",
    "\u2061",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\ufeff",
    "\u00ad",
    "\u061c",
    "\u180e",
    "\u034f",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
    "\ufe0f",
    "\ufff9",
    "\U000e0041",
    "\U000e0100",
    "\ue000",
    "\x01",
    "\x07",
    "\x08",
    "\x0b",
    "\x0c",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\x9b",
    "\u2028",
    "\u2029",
    "\t",
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "${7*7}",
    "`id`",
    "$(id)",
    "%s%s%n",
    "{num}`index.owes`",
    "{when} index.x",
    "javascript:alert(1)",
    "'; DROP TABLE deals; --",
    "\\x3cscript\\x3e",
    "&lt;b&gt;",
    "[a](javascript:alert(1))",
    "<!-- -->",
    "]]>",
    "</style>",
    "__import__('os').system('id')",
    "../../etc/passwd",
    "<a href='data:text/html,x'>",
    "$x^2$",
    "\\(x\\)",
    "::: {raw} html",
    "`code`{=html}",
    "a" * 4999,
    "日本語",
    "عربي",
    "e\u0301galit\u00e9".replace("e\u0301", "\u00e9"),
    "🎲",
    "“typographic”",
    'a, b, "c"',
    'x\\"y',
    "-5% on the year",
    "+19% on the year",
)
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-SUM(A1:A9)",
    '+HYPERLINK("x")',
    "=cmd|'/c calc'!A1",
)
MISREAD = ("AÃ©ro", "â€œquotedâ€", "Â£5", "caf\ufffd", "donâ€™t")
BAD_KEYS = (
    "Openai",
    "open ai",
    "open/ai",
    "../openai",
    "-openai",
    ".openai",
    "\u043epenai",
    "openai ",
    "open\u200bai",
    "a\\b",
    "a:b",
    "'openai'",
    "%2e%2e",
    "",
)
BAD_LINKS = (
    "javascript:alert(1)",
    "ftp://example.org/x",
    "//example.org",
    "data:text/html,x",
    "http://a b",
    "www.example.org",
    "HTTPS//x",
    "file:///etc/passwd",
)


class Maker:
    """Makes mutants of one ledger; every draw comes from the seed."""

    def __init__(self, base: Files) -> None:
        self.base = base
        self.rows = {t.name: rows_of(base[t.file]) for t in tables().values()}
        self.kinds: dict[str, Callable[[random.Random], Mutant | None]] = {
            name.removeprefix("make_"): getattr(self, name) for name in sorted(dir(self)) if name.startswith("make_")
        }

    def mutants(self, count: int, seed: int = 1) -> Iterator[Mutant]:
        """``count`` mutants, each kind in turn."""
        names = list(self.kinds)
        made = number = 0
        while made < count:
            number += 1
            name = names[number % len(names)]
            found = self.kinds[name](random.Random(f"{seed}/{number}"))
            if found is not None:
                made += 1
                yield Mutant(name, found.files, found.fate, found.file, found.row, found.columns, number)

    # choosing

    def _table(self, random_: random.Random, is_fit: Callable[[Table], bool] = lambda t: True) -> Table:
        return random_.choice([t for t in tables().values() if is_fit(t) and len(self.rows[t.name]) > 2])

    def _cell(
        self, random_: random.Random, is_fit: Callable[[Field], bool], filled: bool = False
    ) -> tuple[Table, int, Field]:
        """A table, the line of a row and a field that fits."""
        places = []
        for table in tables().values():
            for place, field in enumerate(table.fields):
                if is_fit(field):
                    places += [
                        (table, i + 1, field)
                        for i, r in enumerate(self.rows[table.name])
                        if i and (r[place] or not filled)
                    ]
        return random_.choice(places)

    def _with(self, table: Table, row: int, changes: dict[str, str]) -> dict[str, bytes | None]:
        rows = [list(r) for r in self.rows[table.name]]
        for column, text in changes.items():
            rows[row - 1][table.columns.index(column)] = text
        return {table.file: as_csv(rows)}

    def _refuse(
        self, random_: random.Random, is_fit: Callable[[Field], bool], texts: tuple[str, ...], filled: bool = False
    ) -> Mutant:
        table, row, field = self._cell(random_, is_fit, filled)
        return Mutant(
            "", self._with(table, row, {field.name: random_.choice(texts)}), "refused", table.file, row, (field.name,)
        )

    def _set(self, random_: random.Random, is_fit: Callable[[Field], bool], texts: tuple[str, ...]) -> Mutant:
        table, row, field = self._cell(random_, is_fit)
        return Mutant("", self._with(table, row, {field.name: random_.choice(texts)}), WORD, table.file)

    def _lines(self, table: Table) -> list[bytes]:
        return self.base[table.file].split(b"\n")

    # values

    def make_number_written_badly(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.type in ("number", "integer"), BAD_NUMBERS)

    def make_whole_number_with_a_point(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.type == "integer", ("1.5", "1.0", "2026.5"))

    def make_number_out_of_bounds(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(
            random_, lambda f: f.type in ("number", "integer") and (f.minimum is not None or f.maximum is not None)
        )
        beyond = [b + s for b, s in ((field.minimum, -1), (field.maximum, 1)) if b is not None]
        return Mutant(
            "",
            self._with(table, row, {field.name: f"{random_.choice(beyond):.0f}"}),
            "refused",
            table.file,
            row,
            (field.name,),
        )

    def make_number_scaled(self, random_: random.Random) -> Mutant | None:
        """A slip of the unit or the point: still a number, so it is read as written or found by another rule."""
        table, row, field = self._cell(random_, lambda f: f.type == "number", filled=True)
        value = Decimal(self.rows[table.name][row - 1][table.columns.index(field.name)])
        text = f"{value * random_.choice((Decimal('0.1'), Decimal('0.001'), 10, 100, 1000)):f}"
        return Mutant("", self._with(table, row, {field.name: text}), WORD, table.file)

    def make_number_signed(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(random_, lambda f: f.type == "number", filled=True)
        text = self.rows[table.name][row - 1][table.columns.index(field.name)]
        return Mutant(
            "", self._with(table, row, {field.name: text[1:] if text[0] == "-" else f"-{text}"}), WORD, table.file
        )

    def make_number_random(self, random_: random.Random) -> Mutant:
        return self._set(
            random_,
            lambda f: f.type in ("number", "integer"),
            (f"{random_.uniform(-99, 999):.{random_.randrange(15)}f}",),
        )

    def make_day_written_badly(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.type == "date", BAD_DAYS)

    def make_day_moved(self, random_: random.Random) -> Mutant:
        day = dt.date(1998, 1, 1) + dt.timedelta(days=random_.randrange(15000))
        return self._set(random_, lambda f: f.type == "date", (day.isoformat(),))

    def make_day_in_a_number(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.type in ("number", "integer"), ("2026-02-27", "27 Feb", "Q3"))

    def make_number_in_a_day(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.type == "date", ("138", "0", "-1", "1.5"))

    def make_needed_value_gone(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.required, ("",))

    def make_other_value_gone(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(random_, lambda f: not f.required, filled=True)
        return Mutant("", self._with(table, row, {field.name: ""}), WORD, table.file)

    def make_word_not_in_the_list(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(random_, lambda f: bool(f.enum))
        word = random_.choice(field.enum)
        wrong = random_.choice(
            (
                word.title(),
                word.upper(),
                f"{word} ",
                f" {word}",
                word[:-1],
                word + "s",
                word.replace("e", "\u0435", 1) + "\u200b",
                "other",
            )
        )
        return Mutant("", self._with(table, row, {field.name: wrong}), "refused", table.file, row, (field.name,))

    def make_another_word_of_the_list(self, random_: random.Random) -> Mutant:
        """Units, roles, status, kinds: another word that exists, read as written or refused by another rule."""
        table, row, field = self._cell(random_, lambda f: bool(f.enum))
        return Mutant("", self._with(table, row, {field.name: random_.choice(field.enum)}), WORD, table.file)

    def make_unit_changed_for_one_row(self, random_: random.Random) -> Mutant | None:
        table = tables()["metrics"]
        place, unit = table.columns.index("metric"), table.columns.index("unit")
        rows = self.rows["metrics"]
        again = [i for i, r in enumerate(rows) if i and any(q[place] == r[place] for q in rows[1:i])]
        if not again:
            return None
        at = random_.choice(again)
        other = random_.choice([u for u in table.fields[unit].enum if u != rows[at][unit]])
        return Mutant("", self._with(table, at + 1, {"unit": other}), "refused", table.file, at + 1, ("unit",))

    def make_key_written_badly(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.required and f.pattern.startswith("^[a-z0-9][a-z0-9"), BAD_KEYS)

    def make_source_without_a_link(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, lambda f: f.name == "url", BAD_LINKS)

    def make_formula_that_is_code(self, random_: random.Random) -> Mutant:
        return self._refuse(
            random_,
            lambda f: f.name == "formula",
            ("__import__('os')", "1 if 1 else 2", "2**99", "a+1", "1/0", "(1", "1;2", "9" * 600, ""),
        )

    # text

    @staticmethod
    def _is_free(field: Field) -> bool:
        return field.type == "string" and not field.enum and not field.pattern and not field.list_of

    def make_text_with_a_hidden_sign(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(random_, lambda f: f.type == "string", filled=True)
        text = self.rows[table.name][row - 1][table.columns.index(field.name)]
        at = random_.randrange(len(text) + 1)
        spoiled = text[:at] + random_.choice(HIDDEN) + text[at:]
        return Mutant("", self._with(table, row, {field.name: spoiled}), "refused", table.file, row, (field.name,))

    def make_text_with_a_space_at_an_end(self, random_: random.Random) -> Mutant:
        table, row, field = self._cell(random_, self._is_free, filled=True)
        text, space = (
            self.rows[table.name][row - 1][table.columns.index(field.name)],
            random_.choice((" ", "\u00a0", "\u2003", "\u3000")),
        )
        return Mutant(
            "",
            self._with(table, row, {field.name: random_.choice((text + space, space + text))}),
            "refused",
            table.file,
            row,
            (field.name,),
        )

    def make_text_that_a_spreadsheet_would_run(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, self._is_free, FORMULAS)

    def make_text_misread_once(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, self._is_free, MISREAD)

    def make_text_built_of_parts(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, self._is_free, ("cafe\u0301", "A\u030angstro\u0308m", "\u1112\u1161\u11ab"))

    def make_text_too_long(self, random_: random.Random) -> Mutant:
        return self._refuse(random_, self._is_free, ("a" * 5001, "word " * 2000 + "end", "x" * 900_000))

    def make_text_with_markup(self, random_: random.Random) -> Mutant:
        return self._set(random_, self._is_free, MARKUP)

    # keys and references

    def make_row_twice(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        rows = self.rows[table.name]
        return Mutant("", {table.file: as_csv([*rows, random_.choice(rows[1:])])}, "refused", table.file, len(rows) + 1)

    def make_key_twice_with_other_values(self, random_: random.Random) -> Mutant:
        table = self._table(
            random_,
            lambda t: any(not f.required and not f.enum and f.type == "string" and f.name == "note" for f in t.fields),
        )
        rows = self.rows[table.name]
        again = list(random_.choice(rows[1:]))
        again[table.columns.index("note")] = "the same key with another note"
        return Mutant("", {table.file: as_csv([*rows, again])}, "refused", table.file, len(rows) + 1)

    def make_reference_to_nothing(self, random_: random.Random) -> Mutant:
        table = self._table(random_, lambda t: bool(t.references))
        ref = random_.choice(table.references)
        row = random_.randrange(2, len(self.rows[table.name]) + 1)
        return Mutant(
            "", self._with(table, row, {ref.column: "nobody-at-all"}), "refused", table.file, row, (ref.column,)
        )

    def make_list_with_nothing_in_it(self, random_: random.Random) -> Mutant:
        return self._refuse(
            random_,
            lambda f: bool(f.list_of),
            ("nobody", "openai;nobody", "openai;", ";openai", "openai;;oracle", "openai,oracle", "openai; oracle"),
        )

    def make_registry_row_gone(self, random_: random.Random) -> Mutant:
        """A party or a source that others refer to."""
        name = random_.choice(("entities", "sources"))
        rows = self.rows[name]
        at = random_.randrange(1, len(rows))
        return Mutant("", {tables()[name].file: as_csv(rows[:at] + rows[at + 1 :])}, "refused")

    def make_row_gone(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        rows = self.rows[table.name]
        at = random_.randrange(1, len(rows))
        return Mutant("", {table.file: as_csv(rows[:at] + rows[at + 1 :])}, WORD, table.file)

    def make_deal_inside_itself(self, random_: random.Random) -> Mutant | None:
        table = tables()["deals"]
        deal, above, role = (table.columns.index(c) for c in ("deal", "part_of", "role"))
        rows = [list(r) for r in self.rows["deals"]]
        inside = [r for r in rows[1:] if r[above] and r[role] in ("total", "claim")]
        if not inside:
            return None
        child = random_.choice(inside)
        for row in rows[1:]:
            if row[deal] == child[above]:
                row[above] = child[deal]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 0, ("part_of",))

    def make_part_of_a_payment(self, random_: random.Random) -> Mutant:
        table = tables()["deals"]
        deal, role = table.columns.index("deal"), table.columns.index("role")
        rows = self.rows["deals"]
        above = random_.choice([r[deal] for r in rows[1:] if r[role] == "payment"])
        row = random_.choice([i + 1 for i, r in enumerate(rows) if i and r[deal] != above])
        return Mutant("", self._with(table, row, {"part_of": above}), "refused", table.file, row, ("part_of",))

    def make_payer_paying_itself(self, random_: random.Random) -> Mutant:
        table = tables()["deals"]
        row = random_.randrange(2, len(self.rows["deals"]) + 1)
        payer = self.rows["deals"][row - 1][table.columns.index("payer")]
        return Mutant("", self._with(table, row, {"payee": payer}), "refused", table.file, row, ("payee",))

    def make_deal_that_changes_sides(self, random_: random.Random) -> Mutant | None:
        table = tables()["deals"]
        deal = table.columns.index("deal")
        rows = self.rows["deals"]
        again = [i for i, r in enumerate(rows) if i and any(q[deal] == r[deal] for q in rows[1:i])]
        if not again:
            return None
        at, column = random_.choice(again), random_.choice(("payer", "payee"))
        others = {r[table.columns.index(c)] for r in rows[1:] for c in ("payer", "payee")} - {
            rows[at][table.columns.index(c)] for c in ("payer", "payee")
        }
        return Mutant(
            "",
            self._with(table, at + 1, {column: random_.choice(sorted(others))}),
            "refused",
            table.file,
            at + 1,
            (column,),
        )

    def make_parameter_nobody_knows(self, random_: random.Random) -> Mutant:
        table = tables()["assumptions"]
        row = list(random_.choice(self.rows["assumptions"][1:]))
        row[0], row[1] = "slow", "take_upp"
        rows = [*self.rows["assumptions"], row]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, len(rows), ("parameter",))

    def make_ends_swapped(self, random_: random.Random) -> Mutant | None:
        table = self._table(random_, lambda t: bool(t.ordered))
        low, high = random_.choice(table.ordered)
        a, b = table.columns.index(low), table.columns.index(high)
        fit = [i + 1 for i, r in enumerate(self.rows[table.name]) if i and r[a] and r[b] and r[a] != r[b]]
        if not fit:
            return None
        row = random_.choice(fit)
        values = self.rows[table.name][row - 1]
        return Mutant("", self._with(table, row, {low: values[b], high: values[a]}), "refused", table.file, row, (low,))

    def make_new_above_old(self, random_: random.Random) -> Mutant | None:
        table = self._table(random_, lambda t: t.is_append_only)
        keys, day = [table.columns.index(c) for c in table.key], table.columns.index("as_of")
        rows = [list(r) for r in self.rows[table.name]]
        pairs = [
            (i, j)
            for i in range(1, len(rows))
            for j in range(i + 1, len(rows))
            if all(rows[i][k] == rows[j][k] for k in keys) and rows[i][day] != rows[j][day]
        ]
        if not pairs:
            return None
        i, j = random_.choice(pairs)
        rows[i], rows[j] = rows[j], rows[i]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 0, ("as_of",))

    def make_published_identity_broken(self, random_: random.Random) -> Mutant:
        table = tables()["checks"]
        row = random_.randrange(2, len(self.rows["checks"]) + 1)
        values = self.rows["checks"][row - 1]
        far = (
            Decimal(values[table.columns.index("published")])
            + Decimal(values[table.columns.index("tolerance")]) * 3
            + 1
        )
        return Mutant("", self._with(table, row, {"published": f"{far:f}"}), "refused", table.file, row, ("published",))

    # columns

    def make_column_gone(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        at = random_.choice([i for i, field in enumerate(table.fields) if not field.is_optional])
        rows = [r[:at] + r[at + 1 :] for r in self.rows[table.name]]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 1, (table.columns[at],))

    def make_column_more(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        name = random_.choice(
            ("extra", "", "Note", " note", "low_usd_mn", "__class__", "<b>", "a" * 300, "=1+1", "note\u200b")
        )
        rows = [[*r, name if i == 0 else ""] for i, r in enumerate(self.rows[table.name])]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 1)

    def make_column_twice(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        at = random_.randrange(len(table.columns))
        rows = [[*r, r[at]] for r in self.rows[table.name]]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 1, (table.columns[at],))

    def make_column_renamed(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        at = random_.randrange(len(table.columns))
        name = table.columns[at]
        rows = [list(r) for r in self.rows[table.name]]
        wrong = [name.upper(), name.title(), name + " ", name.replace("_", "-") + "x", name[:-1]]
        rows[0][at] = random_.choice(
            [*wrong, "\ufeff" + name] if at else wrong
        )  # before the first name it is a byte order mark
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, 1)

    def make_columns_in_another_order(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        order = random_.sample(range(len(table.columns)), len(table.columns))
        return Mutant("", {table.file: as_csv([[r[i] for i in order] for r in self.rows[table.name]])}, "same")

    def make_header_gone(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: as_csv(self.rows[table.name][1:])}, "refused", table.file, 1)

    def make_names_of_two_columns_swapped(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        one, two = random_.sample(range(len(table.columns)), 2)
        rows = [list(r) for r in self.rows[table.name]]
        rows[0][one], rows[0][two] = rows[0][two], rows[0][one]
        return Mutant("", {table.file: as_csv(rows)}, WORD, table.file)

    def make_field_more_or_less(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        rows = [list(r) for r in self.rows[table.name]]
        at = random_.randrange(1, len(rows))
        if random_.random() < 0.5:
            rows[at].insert(random_.randrange(len(rows[at]) + 1), random_.choice(("", "x", "5")))
        else:
            del rows[at][random_.randrange(len(rows[at]))]
        return Mutant("", {table.file: as_csv(rows)}, "refused", table.file, at + 1)

    def make_fields_shifted(self, random_: random.Random) -> Mutant:
        """One field lost and one gained in the same row: as many as before, in the wrong places."""
        table = self._table(random_)
        rows = [list(r) for r in self.rows[table.name]]
        row = random_.choice(rows[1:])
        row.insert(random_.randrange(len(row)), row.pop(random_.randrange(len(row))))
        return Mutant("", {table.file: as_csv(rows)}, WORD, table.file)

    # files

    def make_line_ends_of_another_system(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: self.base[table.file].replace(b"\n", b"\r\n")}, "same")

    def make_byte_order_mark(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: b"\xef\xbb\xbf" + self.base[table.file]}, "same")

    def make_every_field_quoted(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant(
            "", {table.file: as_csv(self.rows[table.name], csv.QUOTE_ALL, random_.choice(("\n", "\r\n")))}, "same"
        )

    def make_no_newline_at_the_end(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: self.base[table.file].rstrip(b"\n")}, "same")

    def make_old_line_ends(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: self.base[table.file].replace(b"\n", b"\r")}, "refused", table.file)

    def make_another_encoding(self, random_: random.Random) -> Mutant:
        table = self._table(random_, lambda t: any(map(self._is_free, t.fields)))
        row = random_.randrange(2, len(self.rows[table.name]) + 1)
        free = [f.name for f in table.fields if self._is_free(f)]
        text = self._with(table, row, {random_.choice(free): random_.choice(("Zürich", "naïve", "£5", "café – bar"))})[
            table.file
        ]
        assert text is not None
        for coding in random_.sample(("cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "cp437", "mac-roman"), 7):
            try:
                return Mutant("", {table.file: text.decode("utf-8").encode(coding)}, "refused", table.file)
            except UnicodeEncodeError:
                continue
        raise AssertionError("utf-16 holds every text")

    def make_byte_that_is_no_text(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        data = self.base[table.file]
        at = random_.choice([i for i, byte in enumerate(data) if byte < 0x80])
        bad = random_.choice(
            (
                b"\x00",
                b"\xff",
                b"\xfe",
                b"\xc3",
                b"\xe2\x82",
                b"\xed\xa0\x80",
                b"\xc0\xaf",
                b"\xf5\x80\x80\x80",
                b"\x80",
            )
        )
        return Mutant(
            "", {table.file: data[:at] + bad + data[at:]}, "refused", table.file, data.count(b"\n", 0, at) + 1
        )

    def make_another_delimiter(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        text = io.StringIO()
        csv.writer(text, delimiter=random_.choice(";\t|"), lineterminator="\n").writerows(self.rows[table.name])
        return Mutant("", {table.file: text.getvalue().encode()}, "refused", table.file, 1)

    def make_quote_left_open(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        lines = self._lines(table)
        fit = [i for i, line in enumerate(lines) if i and line and b'"' not in line]
        at = random_.choice(fit)
        cells = lines[at].split(b",")
        place = random_.randrange(len(cells))
        cells[place] = random_.choice((b'"' + cells[place], cells[place] + b'"', b'"', b'x"y'))
        if cells[place] in (b'"', b'""'):  # two quotes are an empty field
            cells[place] = b'"open'
        lines[at] = b",".join(cells)
        return Mutant("", {table.file: b"\n".join(lines)}, "refused", table.file, at + 1)

    def make_line_break_in_a_field(self, random_: random.Random) -> Mutant:
        table = self._table(random_, lambda t: any(map(self._is_free, t.fields)))
        row = random_.randrange(2, len(self.rows[table.name]) + 1)
        free = [f.name for f in table.fields if self._is_free(f)]
        return Mutant(
            "",
            self._with(table, row, {random_.choice(free): random_.choice(("a\nb", "a\r\nb", "\n"))}),
            "refused",
            table.file,
            row,
        )

    def make_empty_line(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        lines = self._lines(table)
        at = random_.randrange(1, len(lines) - 1)
        lines.insert(at, random_.choice((b"", b"\r")))
        return Mutant("", {table.file: b"\n".join(lines)}, "refused", table.file, at + 1)

    def make_file_of_another_kind(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        data = self.base[table.file]
        odd = (
            b"",
            b"\n",
            b" ",
            b"\xef\xbb\xbf",
            b"\x00" * 64,
            b",",
            b'"',
            b"PK\x03\x04",
            gzip.compress(data, mtime=0),
            b"<html></html>",
            b"{}",
            data[:7],
            b"," * 500_000,
            b"x" * 1_500_000,
        )
        return Mutant("", {table.file: random_.choice(odd)}, "refused", table.file)

    def make_file_gone(self, random_: random.Random) -> Mutant:
        table = self._table(random_, lambda t: not t.is_optional)
        return Mutant("", {table.file: None}, "refused", table.file, 1)

    def make_table_without_rows(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        return Mutant("", {table.file: as_csv(self.rows[table.name][:1])}, WORD)

    def make_file_cut_short(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        data = self.base[table.file]
        return Mutant("", {table.file: data[: random_.randrange(len(data))]}, WORD)

    def make_bytes_changed_at_random(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        data = bytearray(self.base[table.file])
        for _ in range(random_.choice((1, 1, 1, 2, 5, 40))):
            at = random_.randrange(len(data))
            what = random_.randrange(4)
            if not data:
                break
            at %= len(data)
            if what == 0:
                data[at] = random_.randrange(256)
            elif what == 1:
                data.insert(at, random_.choice(b'",\n\r;0123456789-.eE \x00\xc3'))
            elif what == 2:
                del data[at]
            else:
                data[at:at] = data[at : at + random_.randrange(1, 60)]
        return Mutant("", {table.file: bytes(data)}, WORD)

    def make_cells_swapped(self, random_: random.Random) -> Mutant:
        table = self._table(random_)
        rows = [list(r) for r in self.rows[table.name]]
        one, two = random_.randrange(1, len(rows)), random_.randrange(1, len(rows))
        at = random_.randrange(len(table.columns))
        rows[one][at], rows[two][at] = rows[two][at], rows[one][at]
        return Mutant("", {table.file: as_csv(rows)}, WORD)

    def make_two_things_at_once(self, random_: random.Random) -> Mutant | None:
        names = [n for n in self.kinds if n != "two_things_at_once"]
        one, two = (self.kinds[n](random_) for n in random_.sample(names, 2))
        if one is None or two is None or {*one.files} & {*two.files}:
            return None
        fate = "refused" if "refused" in (one.fate, two.fate) else WORD
        return Mutant("", one.files | two.files, fate)


# What became of them


def plainly(data: bytes, table: Table) -> list[dict[str, object]]:
    """The rows of a file as another reader reads them. Raises ValueError for what has no meaning in the schema."""
    rows = rows_of(data.removeprefix(b"\xef\xbb\xbf"))
    found = []
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            raise ValueError(f"{len(row)} fields")
        texts = dict(zip(rows[0], row, strict=True))
        values: dict[str, object] = {}
        for field in table.fields:
            text = texts[field.name]
            try:
                if field.type in ("number", "integer"):
                    values[field.name] = Decimal(text) if text else None
                elif field.type == "date":
                    values[field.name] = dt.date.fromisoformat(text) if text else None
                else:
                    values[field.name] = text
            except InvalidOperation:
                raise ValueError(text) from None
        found.append(values)
    return found


def as_plain(frame: pd.DataFrame, table: Table) -> list[dict[str, object]]:
    """A table of the package in the same form."""
    rows = []
    for record in frame.to_dict("records"):
        row: dict[str, object] = {}
        for field in table.fields:
            value = record[field.name]
            if field.type == "string":
                row[field.name] = value
            elif pd.isna(value):
                row[field.name] = None
            else:
                row[field.name] = Decimal(repr(float(value))) if field.type in ("number", "integer") else value.date()
        rows.append(row)
    return rows


def equal(one: list[dict[str, object]], other: list[dict[str, object]]) -> bool:
    """Rows with the same values; numbers to the fifteen digits that a double holds."""

    def close(a: object, b: object) -> bool:
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            return a == b or abs(a - b) <= abs(a) * Decimal("1e-15")
        return a == b

    return len(one) == len(other) and all(close(a[c], b[c]) for a, b in zip(one, other, strict=True) for c in a)


class Court:
    """Judges mutants of one ledger, in a folder of its own."""

    def __init__(self, base: Files) -> None:
        self.base = base
        self.folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        for name, data in base.items():
            (self.folder / name).write_bytes(data)
        frames, problems = examine(self.folder)
        assert problems == [], [str(p) for p in problems[:5]]
        self.right = {n: as_plain(f, tables()[n]) for n, f in frames.items()}

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def judge(self, mutant: Mutant) -> tuple[str, str]:
        """``refused`` or ``read`` and nothing more, or ``escaped`` and why."""
        try:
            for name, data in mutant.files.items():
                path = self.folder / name
                path.unlink() if data is None else path.write_bytes(data)
            try:
                frames, problems = examine(self.folder)
            except Exception as error:
                return "escaped", f"{type(error).__name__}: {error}"
            return self._weigh(mutant, frames, problems)
        finally:
            for name in mutant.files:
                (self.folder / name).write_bytes(self.base[name])

    def _weigh(self, mutant: Mutant, frames: dict[str, pd.DataFrame], problems: list) -> tuple[str, str]:
        files = {t.file: t for t in tables().values()}
        for p in problems:
            names = {*files[p.file].columns} if p.file in files else set()
            if p.file not in files or p.row < 1 or not p.column or len(p.message) < 10 or "\n" in str(p):
                return "escaped", f"a problem without a place or a sentence: {p!r}"
            if p.row > 1 and p.column not in names | {"-"}:
                return "escaped", f"a problem in a column that is not there: {p!r}"
        told = f"{len(problems)} problems, first {problems[0]}" if problems else "read"
        if mutant.fate == "refused":
            fit = [p for p in problems if p.file == mutant.file or not mutant.file]
            fit = [p for p in fit if p.row == mutant.row or not mutant.row]
            fit = [p for p in fit if p.column in mutant.columns or not mutant.columns]
            where = f"{mutant.file}:{mutant.row}:{'/'.join(mutant.columns)}"
            return ("refused", "") if fit else ("escaped", f"not refused at {where}: {told}")
        if mutant.fate == "same":
            if problems:
                return "escaped", f"refused though it says the same: {told}"
            is_same = all(equal(as_plain(frames[n], tables()[n]), rows) for n, rows in self.right.items())
            return ("read", "") if is_same else ("escaped", "read as something else")
        if problems:
            return "refused", ""
        for name, data in mutant.files.items():
            table = files[name]
            try:
                right = plainly(data or b"", table)
            except (ValueError, KeyError, csv.Error) as error:
                return "escaped", f"read though another reader cannot: {type(error).__name__} {error}"
            if not equal(as_plain(frames[table.name], table), right):
                return "escaped", "read as something else than another reader reads"
        return "read", ""


def run(
    count: int, seed: int = 1, share: tuple[int, int] = (0, 1), base: Files | None = None
) -> dict[str, dict[str, int | list[str]]]:
    """Judge ``count`` mutants (of which this process takes every n-th) and count by kind what became of them."""
    base = base or small_ledger()
    court, counts = Court(base), {}
    try:
        for number, mutant in enumerate(Maker(base).mutants(count, seed)):
            if number % share[1] != share[0]:
                continue
            verdict, why = court.judge(mutant)
            line = counts.setdefault(mutant.kind, {"refused": 0, "read": 0, "escaped": []})
            if verdict == "escaped":
                line["escaped"].append(f"{mutant.kind} (seed {seed}/{mutant.seed}): {why}")
            else:
                line[verdict] += 1
    finally:
        court.close()
    return counts


if __name__ == "__main__":
    import sys

    print(json.dumps(run(int(sys.argv[1])), indent=1))
