"""What the columns of a figure's CSV mean, in a file beside it."""

import json
import re
from pathlib import Path
from typing import Any

from analysis.book.pages.addresses import Addresses
from analysis.book.pages.exports.jsonld import LICENCE
from analysis.book.pages.fragments import all_sources

SUFFIX = ".metadata.json"
# The unit at the end of a column's name, or the whole name: "Guidance, US$ bn", "% of revenue".
UNIT = re.compile(r"(?:^|, )((?:US\$|%|GW\b|MW\b|W\b|[PT]B/s|[PT]FLOPS|PFLOP)[^,]*)$")


def unit_of(column: str) -> str:
    """The unit that a column's name ends with; empty if it has none."""
    match = UNIT.search(column)
    return match[1] if match else ""


def describe(
    drawn: dict[str, Any], chapter: str, number: int, report: dict[str, Any], addresses: Addresses
) -> dict[str, Any]:
    """Return the title, columns with their units and types, sources, day and licence of a figure's data.

    Parameters
    ----------
    drawn
        What `charts.draw_figure` returns.
    chapter, number
        Where it stands.
    report
        What the build knows of the report.
    addresses
        Public addresses.
    """
    meta, site, sources = drawn["meta"], report["site"], all_sources(report)
    page = f"figures/{meta['id']}.html"
    columns = [
        {"name": name, "unit": unit_of(name), "type": _type_of([row[i] for row in meta["rows"]])}
        for i, name in enumerate(meta["columns"])
    ]
    return {
        "id": meta["id"],
        "title": meta["title"],
        "subtitle": meta["subtitle"],
        "note": meta["note"],
        "description": meta["alt"],
        "chapter": chapter,
        "number": number,
        "data": f"{meta['id']}.csv",
        "page": addresses.page(page) or f"../{page}",
        "columns": columns,
        "rows": len(meta["rows"]),
        "as_of": meta["as_of"],
        "known_on": meta["known_on"],
        "scenario": site["scenario"],
        "version": site["digest"],
        "sources": [{"key": key} | sources.get(key, {}) for key in meta["sources"]],
        "license": {"name": "CC-BY-4.0", "path": LICENCE},
        "attribution": "Round Trip contributors",
    }


def _type_of(cells: list[object]) -> str:
    """The type of a column in the words of a table schema."""
    known = [c for c in cells if c is not None]
    if known and all(isinstance(c, bool) for c in known):
        return "boolean"
    if known and all(isinstance(c, int) and not isinstance(c, bool) for c in known):
        return "integer"
    if known and all(isinstance(c, int | float) and not isinstance(c, bool) for c in known):
        return "number"
    return "string"


def write(target: Path, report: dict[str, Any], addresses: Addresses) -> None:
    """Write the file of each figure of the report beside its CSV."""
    for chapter, figures in report["figures"].items():
        for number, drawn in enumerate(figures, 1):
            described = describe(drawn, chapter, number, report, addresses)
            text = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
            (target / "_figures" / f"{described['id']}{SUFFIX}").write_text(text, encoding="utf-8")
