"""How Altair holds a chart to the schema of Vega-Lite, and takes its rows: the same answers, with less work.

Of several schemas of which one must fit, jsonschema looks for all that is wrong with each before it tries the next,
also where the next one fits; and it looks up each reference through a registry, though the schema has none to others.
Altair turns a table into rows anew for each layer that draws it.
"""

import functools
import weakref
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi
from altair.vegalite.data import default_data_transformer
from jsonschema import validators  # type: ignore[import-untyped]

MAX_ROWS = 20_000
DEFINITIONS = "#/definitions/"
TYPES: dict[str, Any] = {"string": str, "object": dict, "array": list, "boolean": bool, "number": (int, float)}
_rows: dict[int, Any] = {}  # of tables by their identity


STOCK = validators.Draft7Validator.VALIDATORS


def _parts(schema: Any) -> Iterator[int]:
    """The identity of each schema inside one."""
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inside:
        yield from _parts(part)
    yield id(schema)


@functools.cache
def _of_vega_lite() -> frozenset[int]:
    """The identities of all schemas of Vega-Lite: other libraries hold to other schemas with the same validator."""
    return frozenset(_parts(alt.Root._schema))


@functools.cache
def _definition(reference: str) -> Any:
    """What a reference of the schema stands for, through any chain of them."""
    schema = alt.Root._schema["definitions"][reference.rpartition(DEFINITIONS)[2]]
    return _definition(schema["$ref"]) if "$ref" in schema else schema


def is_other(instance: Any, branch: dict[str, Any]) -> bool:
    """Whether something is at first sight not what a schema describes: by its type, its value or its keys."""
    schema = _definition(branch["$ref"]) if "$ref" in branch else branch
    kind = schema.get("type")
    if isinstance(kind, str) and not isinstance(instance, TYPES.get(kind, object)):
        return True
    if isinstance(instance, str):
        return "enum" in schema and instance not in schema["enum"]
    if not isinstance(instance, dict) or kind != "object":
        return False
    is_closed = schema.get("additionalProperties") is False
    return not all(key in instance for key in schema.get("required", ())) or (
        is_closed and not instance.keys() <= schema.get("properties", {}).keys()
    )


def _any_of(validator: Any, branches: list[Any], instance: Any, schema: Any) -> Iterator[Exception]:
    """What is wrong where one of several schemas must fit, as jsonschema tells it; nothing once one fits."""
    is_own = id(schema) in _of_vega_lite()
    if all((is_own and is_other(instance, b)) or next(validator.descend(instance, b), None) for b in branches):
        yield from STOCK["anyOf"](validator, branches, instance, schema)


def _reference(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Exception]:
    if id(schema) in _of_vega_lite():
        yield from validator.descend(instance, _definition(reference))
    else:
        yield from STOCK["$ref"](validator, reference, instance, schema)


def _as_rows(data: Any = None, **_: object) -> Any:
    """The rows of a table, made once for all that draw it: nobody changes a table that is drawn."""
    if not isinstance(data, pd.DataFrame):
        return default_data_transformer(data, max_rows=MAX_ROWS)
    place = id(data)
    if place not in _rows:
        _rows[place] = default_data_transformer(data, max_rows=MAX_ROWS)
        weakref.finalize(data, _rows.pop, place, None)
    return _rows[place]


def enable() -> None:
    """Have Altair check charts, and take their rows, as this module does.

    A whole chart is held to the schema when it is turned into a specification. Altair would do so with each of its
    parts too, as it is made, and again with every part around that.
    """
    schemapi.disable_debug_mode()
    own = {"anyOf": _any_of, "$ref": _reference}
    validators.validates("draft7 by the first that fits")(validators.extend(validators.Draft7Validator, own))
    alt.data_transformers.register("roundtrip", _as_rows)
    alt.data_transformers.enable("roundtrip")
