"""The schema of the tables, read from ``data/datapackage.json`` (Frictionless Table Schema).

What Table Schema cannot say is in the same file as extra properties: ``appendOnly`` (rows are dated
and never edited), ``ordered`` (pairs of columns, the first not above the second), ``distinct`` (pairs of
columns that must differ), ``steady`` (columns that say the same in all rows of a key), ``listOf`` (a field
holding several keys of another table), ``together`` (columns that are filled together or not at all), ``lasting``
(columns that stay filled in the later rows of a key), ``locked`` (not even a listed correction changes a row, and rows
are added for later days only), ``minRows``, ``optional`` (of a table: a ledger may do without
the file; of a field: a file may do without the column, which is then empty).
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis import paths

CANCELLED = "cancelled"  # the status of a deal or a site that is given up
PAUSED = "paused"  # the status of a signed deal, or of a site, that is at rest
SIGNED_STATUSES = ("signed", "amended", PAUSED, "closed")  # of deals: those with a contract


@dataclass(frozen=True)
class Field:
    """A column and what its values may be."""

    name: str
    type: str
    unit: str
    required: bool
    enum: tuple[str, ...]
    pattern: str
    minimum: Any
    maximum: Any
    list_of: dict[str, str] | None
    description: str
    is_optional: bool = False


@dataclass(frozen=True)
class Reference:
    """A column whose values are keys of another table."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """A table and what its rows must keep to."""

    name: str
    title: str
    description: str
    file: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...]
    is_append_only: bool
    is_locked: bool
    ordered: tuple[tuple[str, str], ...]
    distinct: tuple[tuple[str, str], ...]
    steady: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    together: tuple[tuple[str, ...], ...]
    lasting: tuple[str, ...]
    min_rows: int
    is_optional: bool
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(f.name for f in self.fields))

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a thing, without the day it became known."""
        return tuple(c for c in self.primary_key if c != "as_of") if self.is_append_only else self.primary_key


def _field(raw: dict[str, Any]) -> Field:
    rules = raw.get("constraints", {})
    return Field(
        name=raw["name"],
        type=raw["type"],
        unit=raw.get("unit", ""),
        required=bool(rules.get("required", False)),
        enum=tuple(rules.get("enum", ())),
        pattern=rules.get("pattern", ""),
        minimum=rules.get("minimum"),
        maximum=rules.get("maximum"),
        list_of=raw.get("listOf"),
        description=raw.get("description", ""),
        is_optional=bool(raw.get("optional", False)),
    )


def _table(raw: dict[str, Any]) -> Table:
    schema = raw["schema"]
    references = [
        Reference(r["fields"][0], r["reference"]["resource"] or raw["name"], r["reference"]["fields"][0])
        for r in schema.get("foreignKeys", ())
    ]
    return Table(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        file=raw["path"],
        fields=tuple(_field(f) for f in schema["fields"]),
        primary_key=tuple(schema["primaryKey"]),
        references=tuple(references),
        is_append_only=bool(raw.get("appendOnly", False)),
        is_locked=bool(raw.get("locked", False)),
        ordered=tuple((a, b) for a, b in raw.get("ordered", ())),
        distinct=tuple((a, b) for a, b in raw.get("distinct", ())),
        steady=tuple((tuple(rule["key"]), tuple(rule["columns"])) for rule in raw.get("steady", ())),
        together=tuple(tuple(columns) for columns in raw.get("together", ())),
        lasting=tuple(raw.get("lasting", ())),
        min_rows=int(raw.get("minRows", 0)),
        is_optional=bool(raw.get("optional", False)),
    )


def read_schema(path: Path) -> dict[str, Table]:
    """Every table by name, in the order of the file.

    Raises
    ------
    FileNotFoundError
        when there is no such file.
    ValueError
        when it is not JSON or does not describe tables.
    """
    package = json.loads(path.read_text(encoding="utf-8"))
    try:
        return {raw["name"]: _table(raw) for raw in package["resources"]}
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} does not describe tables: {type(error).__name__}: {error}") from None


@cache
def tables() -> dict[str, Table]:
    """The tables of today's schema by name, in the order of the file; read once."""
    return read_schema(paths.SCHEMA)
