"""A chart that a chapter shows without `make_figure`: given what the site needs of every figure, as far as it can."""

from typing import Any

from analysis.figures.figure import WIDTH, config

MOST_ROWS = 500  # of its data that the page lists
MANY_VIEWS = ("hconcat", "vconcat", "concat", "facet", "repeat")
UNTITLED = "A chart without a title"
TITLE_PARTS = ("text", "subtitle")


def is_plain(spec: dict[str, Any]) -> bool:
    """Return whether a specification lacks what `figures.figure.make_figure` adds."""
    return "roundtrip" not in spec.get("usermeta", {})


def _title(spec: dict[str, Any]) -> tuple[str, str]:
    """The title and the subtitle of a specification, each empty where it has none."""
    title = spec.get("title") or ""
    parts = title if isinstance(title, dict) else {"text": title}
    text, subtitle = (" ".join(v) if isinstance(v, list) else str(v or "") for v in map(parts.get, TITLE_PARTS))
    return text, subtitle


def _rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The first table that a specification holds."""
    inline = spec.get("data", {}).get("values")
    found = inline if isinstance(inline, list) else next(iter(spec.get("datasets", {}).values()), [])
    return [row for row in found[:MOST_ROWS] if isinstance(row, dict)]


def missing(spec: dict[str, Any]) -> list[str]:
    """Return what a plain chart lacks, in words."""
    lacks = [] if _title(spec)[0] else ["a title"]
    return [*lacks, *([] if spec.get("description") else ["words for those who cannot see it"]), "sources"]


def completed(spec: dict[str, Any], id: str, as_of: str) -> dict[str, Any]:
    """Return a plain chart with an id, a title, words, its data and the report's look.

    Parameters
    ----------
    spec
        A specification of Vega-Lite, as Altair writes it; it is not changed.
    id
        In kebab-case, its own in the whole report.
    as_of
        Day of the report, YYYY-MM-DD; empty for the newest.
    """
    title, subtitle = _title(spec)
    title = title or UNTITLED
    rows = _rows(spec)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    meta = {
        "id": id,
        "title": title,
        "subtitle": subtitle,
        "alt": f"{title}. {spec.get('description') or 'Its data are in the table below it.'}",
        "note": "This chart names no sources.",
        "sources": [],
        "known_on": None,
        "facts": [],
        "as_of": as_of,
        "columns": [c.replace("_", " ") for c in columns],
        "rows": [[row.get(c) for c in columns] for row in rows],
        "lacks": missing(spec),
    }
    own = spec.get("config", {})
    look = {k: v | own.get(k, {}) if isinstance(v, dict) else own.get(k, v) for k, v in config().items()}
    size = {} if any(k in spec for k in MANY_VIEWS) else {"width": WIDTH}
    return spec | size | {"config": look, "usermeta": spec.get("usermeta", {}) | {"roundtrip": meta}}
