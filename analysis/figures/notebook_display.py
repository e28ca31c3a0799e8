"""How a notebook shows a figure: registered with Altair once, by importing this module."""

from typing import Any

import altair as alt

from analysis import mime_types
from analysis.figures import chart_checks
from analysis.numbers import plaintext


def as_text(spec: dict[str, Any]) -> str:
    """What a notebook stores of a chart: id, title, words and data as lines.

    Its alt text stands without the title before it, and without the clauses ``name: …`` that say of a row what the
    row's own line says.
    """
    meta = spec.get("usermeta", {}).get("roundtrip")
    if meta is None:
        return "A chart without a title"
    names = _names(meta["rows"])
    clauses = plaintext.clauses(meta["alt"].removeprefix(meta["title"]).lstrip(". "))
    words = [meta["subtitle"], *(c for c in clauses if c.partition(":")[0] not in names), meta["note"]]
    return plaintext.block(meta["id"], meta["title"], words, meta["columns"], meta["rows"])


def _names(rows: list[list[Any]]) -> set[str]:
    """What a clause may call a row: one of its cells, or the first two."""
    texts = [[plaintext.cell(value) for value in row] for row in rows]
    return {text for row in texts for text in (*row, " ".join(row[:2]))}


def _in_jupyter() -> bool:
    """Whether a kernel runs this code, and a front end shows what comes out."""
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def render(spec: dict[str, Any], **_: object) -> dict[str, object]:
    shown: dict[str, object] = {mime_types.CHART: spec, "text/plain": as_text(spec)}
    return shown | {mime_types.CHART_IN_JUPYTER: spec} if _in_jupyter() else shown


chart_checks.enable()
# Altair's own "mimetype" renderer writes a type that nbformat rejects.
alt.renderers.register("roundtrip", render)
alt.renderers.enable("roundtrip")
