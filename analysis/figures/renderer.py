"""How a notebook shows a figure: registered with Altair once, by importing this module."""

from typing import Any

import altair as alt

from analysis.numbers import plaintext

MIME = "application/vnd.vegalite.v6+json"
MIME_IN_JUPYTER = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4.6 draws


def as_text(spec: dict[str, Any]) -> str:
    """What a notebook stores of a chart: id, title, words and data as lines; its alt text without the title before
    it."""
    meta = spec.get("usermeta", {}).get("roundtrip")
    if meta is None:
        return "A chart without a title"
    description = meta["alt"].removeprefix(meta["title"]).lstrip(". ")
    words = [meta["subtitle"], description, meta["note"]]
    return plaintext.block(meta["id"], meta["title"], words, meta["columns"], meta["rows"])


def _in_jupyter() -> bool:
    """Whether a kernel runs this code, and a front end shows what comes out."""
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def render(spec: dict[str, Any], **_: object) -> dict[str, object]:
    shown: dict[str, object] = {MIME: spec, "text/plain": as_text(spec)}
    return shown | {MIME_IN_JUPYTER: spec} if _in_jupyter() else shown


# Altair's own "mimetype" renderer writes a type that nbformat rejects.
alt.renderers.register("roundtrip", render)
alt.renderers.enable("roundtrip")
alt.data_transformers.enable("default", max_rows=20000)
