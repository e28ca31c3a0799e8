"""What Altair is told to do with less work: the same verdict on a chart, and the same rows, as its own way gives."""

import copy
from typing import Any

import altair as alt
import pandas as pd
import pytest
import referencing
import referencing.jsonschema
from altair.vegalite.data import default_data_transformer
from jsonschema import validators

from analysis.figures import chart_checks, notebook_display  # noqa: F401  registers the checks

ROOT = alt.Root._schema
CHART = (
    alt.layer(
        alt.Chart(pd.DataFrame({"x": [1.0, 2.0], "who": ["a", "b"]}))
        .mark_line(strokeDash=[2, 4])
        .encode(x="x:Q", color=alt.Color("who:N", legend=None, scale=alt.Scale(domain=["a"], range=["red"]))),
        alt.Chart(pd.DataFrame({"x": [1.0]})).mark_text(dy=3).encode(x=alt.X("x:Q", axis=None), text=alt.value("w")),
    )
    .properties(width=300, title="One")
    .to_dict()
)
# Where a chart is spoiled, and with what.
SPOILED: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    ((), None),
    (("width",), "wide"),
    (("layer", 0, "mark"), {"type": "lines"}),
    (("layer", 0, "mark", "strokeDash"), "dashed"),
    (("layer", 0, "encoding", "x", "type"), "number"),
    (("layer", 0, "encoding", "color", "scale", "domain"), {"a": 1}),
    (("layer", 0, "encoding", "z"), {"field": "x"}),
    (("layer", 1, "encoding", "text"), {"value": True}),
    (("layer", 1, "encoding", "x", "axis"), {"grids": True}),
    (("layer", 1, "mark", "dy"), None),
    (("title",), 3),
    (("layer",), {}),
    (("nothing",), 1),
)


def _errors(validator: Any, spec: Any) -> list[str]:
    """What a kind of validator says of a specification, with the parts of which none fits."""
    resource = referencing.jsonschema.DRAFT7.create_resource(ROOT)
    registry = referencing.Registry().with_resource("urn:vega-lite-schema", resource)
    schema = {"$ref": "urn:vega-lite-schema#/definitions/LayerSpec"}
    found = validator(schema, registry=registry).iter_errors(spec)
    return [f"{list(e.path)} {e.message} {len(e.context or ())}" for e in found]


@pytest.mark.parametrize(("place", "value"), SPOILED, ids=[".".join(map(str, place)) for place, _ in SPOILED])
def test_a_chart_is_told_what_is_wrong_as_jsonschema_tells_it(place: tuple[str | int, ...], value: Any):
    own = validators.validator_for({"$schema": "http://json-schema.org/draft-07/schema#"})
    assert own is not validators.Draft7Validator, "the one that charts are held to"
    spec = copy.deepcopy({k: v for k, v in CHART.items() if k in ("layer", "width", "title")})
    inside: Any = spec
    for step in place[:-1]:
        inside = inside[step]
    if place:
        inside[place[-1]] = value
    found = _errors(own, spec)
    assert found == _errors(validators.Draft7Validator, spec)
    assert bool(found) == bool(place)


def test_other_schemas_are_their_own():
    """The schema of schemas refers to itself, and another one may have a definition of a name of Vega-Lite's."""
    own = validators.validator_for({"$schema": "http://json-schema.org/draft-07/schema#"})
    own.check_schema({"type": "object", "anyOf": [{"type": "string"}]})
    other = {"definitions": {"LayerSpec": {"type": "string"}}, "anyOf": [{"$ref": "#/definitions/LayerSpec"}]}
    assert own(other).is_valid("a layer") and not own(other).is_valid({"layer": []})


def test_rows_of_a_table_are_made_once_and_are_those_that_altair_makes():
    table = pd.DataFrame({"day": pd.to_datetime(["2026-01-02", None]), "x": [1.5, float("nan")], "n": ["a", None]})
    rows = chart_checks._as_rows(table)
    assert rows == default_data_transformer(table) and chart_checks._as_rows(table) is rows
    assert chart_checks._as_rows(table.copy()) is not rows
    place = id(table)
    del table
    assert place not in chart_checks._rows, "none is kept longer than its table"


def test_too_many_rows_are_refused():
    with pytest.raises(alt.MaxRowsError):
        chart_checks._as_rows(pd.DataFrame({"x": range(chart_checks.MAX_ROWS + 1)}))
