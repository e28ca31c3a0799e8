"""What a ledger given with --data says of itself: its ``datapackage.json``, checked against the schema and its files.

Such a ledger holds tables, never rules: what its description declares (resources, columns, their types and units)
must be what the report reads, and what its files hold. Where it is not, the ledger is refused with what to fix: a
description that was ignored could say "millions" of what is read as billions.
"""

import json
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.ledger.problems import Problem, quoted
from analysis.ledger.reading import header
from analysis.ledger.schema import Table

FILE = "datapackage.json"
MAX_SIZE = 4 << 20  # bytes
SPELT_ALIKE = {"int": "integer", "float": "number", "str": "string"}


def find(directory: Path, schema: Mapping[str, Table]) -> list[Problem]:
    """Find what keeps a ledger's own description from being true of it; nothing where it has none.

    Parameters
    ----------
    directory : where its tables lie
    schema : the tables that the report reads

    Returns
    -------
    The problems, in the order of the description.
    """
    path = directory / FILE
    try:
        at = path.stat()
        if not stat.S_ISREG(at.st_mode) or at.st_size > MAX_SIZE:
            return [_problem("", "", f"is not a file of at most {MAX_SIZE >> 20} MiB; correct it or delete it")]
        text = path.read_text(encoding="utf-8")
        package = json.loads(text)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [_problem("", "", f"the file cannot be read: {error.strerror}")]
    except (ValueError, RecursionError) as error:
        return [_problem("", "", f"is not JSON in UTF-8 ({quoted(error)}); correct it or delete it")]
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not all(isinstance(r, dict) for r in resources):
        return [_problem("", "", "does not describe tables: it needs a list of resources; correct it or delete it")]
    return [*_of_tables(text, resources, schema), *_of_columns(text, resources, schema, directory)]


def _problem(text: str, name: str, message: str) -> Problem:
    """A problem on the first line that names something in quotes; on the first line of the file where none does."""
    place = text.find(json.dumps(name)) if name else -1
    return Problem(FILE, text.count("\n", 0, place) + 1 if place >= 0 else 1, name or "-", message)


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name", ""))


def _of_tables(text: str, resources: list[dict[str, Any]], schema: Mapping[str, Table]) -> Iterator[Problem]:
    names = [_name(resource) for resource in resources]
    for name in dict.fromkeys(names):
        if name not in schema:
            known = ", ".join(schema)
            yield _problem(text, name, f"declares the resource {quoted(name)}; the report reads {known}")
        elif names.count(name) > 1:
            yield _problem(text, name, f"declares the resource {quoted(name)} twice; keep one")
    for table in schema.values():
        if table.name not in names and not table.is_optional:
            message = f"does not declare the resource {quoted(table.name)}; add it, or delete {FILE}"
            yield _problem("", "", message)


def _of_columns(
    text: str, resources: list[dict[str, Any]], schema: Mapping[str, Table], directory: Path
) -> Iterator[Problem]:
    for resource in resources:
        table = schema.get(_name(resource))
        if table is None:
            continue
        if resource.get("path") != table.file:
            message = (
                f"declares the file {quoted(resource.get('path'))} for {table.name}; the report reads {table.file}"
            )
            yield _problem(text, table.name, message)
            continue
        declared = resource.get("schema")
        fields = declared.get("fields") if isinstance(declared, dict) else None
        if not isinstance(fields, list) or not all(isinstance(f, dict) and "name" in f for f in fields):
            yield _problem(text, table.name, f"declares no columns for {table.name}; list them in schema.fields")
            continue
        yield from _of_fields(text, {str(f["name"]): f for f in fields}, table, header(directory, table))


def _of_fields(
    text: str, fields: Mapping[str, Mapping[str, Any]], table: Table, in_file: list[str] | None
) -> Iterator[Problem]:
    own = {field.name: field for field in table.fields}
    for name, declared in fields.items():
        if name not in own:
            known = ", ".join(own)
            yield _problem(text, name, f"declares the column {quoted(name)} of {table.name}; known columns are {known}")
            continue
        type_ = str(declared.get("type", own[name].type))
        if SPELT_ALIKE.get(type_, type_) != own[name].type:
            message = f"declares {table.name}.{name} as {quoted(type_)}; the report reads it as {own[name].type}"
            yield _problem(text, name, message)
        unit = declared.get("unit", own[name].unit)
        if unit != own[name].unit:
            message = f"declares {table.name}.{name} in {quoted(unit)}; the report reads it in {quoted(own[name].unit)}"
            yield _problem(text, name, message)
        if in_file is not None and name not in in_file:
            message = f"column {quoted(name)} is missing, which {FILE} declares; add it, empty where nothing is known"
            yield Problem(table.file, 1, name, message)
    for name in in_file or ():
        if name in own and name not in fields:
            yield _problem(
                text, table.name, f"does not declare the column {quoted(name)} that {table.file} has; add it"
            )
