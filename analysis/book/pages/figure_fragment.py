"""A figure in a page: its number, finding, drawings, data, sources, downloads and ways to share it."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.pages.fragments import all_sources, by_rank, cited
from analysis.book.pages.versions import embeds
from analysis.numbers import formats

MOST_ROWS = 8  # of the data that a figure's own page shows unfolded


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _columns(meta: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """The columns of a figure's table, each with its name."""
    return [(name, [row[i] for row in meta["rows"]]) for i, name in enumerate(meta["columns"])]


def _is_all_numbers(column: list[Any]) -> bool:
    """Whether a column holds numbers, and nothing else but what is not known."""
    known = [value for value in column if value is not None]
    return bool(known) and all(_is_number(value) for value in known)


def _cell_text(value: Any) -> str:
    """A table cell as a reader wants it; empty where nothing is known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not _is_number(value):
        return formats.cell_text(str(value))
    digits = 0 if value == round(value) else 2 if abs(value) >= 1 else 4
    is_year = isinstance(value, int) and 1900 <= value <= 2100
    return str(value) if is_year else formats.rounded(value, digits)


def figure_html(
    drawn: dict[str, Any],
    number: int,
    report: Mapping[str, Any],
    root: str,
    is_alone: bool = False,
    same_as: tuple[int, str] | None = None,
) -> Markup:
    """A figure with its number, finding, drawings, data, sources, downloads and ways to share it.

    Parameters
    ----------
    drawn
        What `charts.draw_figure` returns.
    number
        Of the figure on its page.
    report
        What the build knows of the report.
    root
        Relative address of the top of the site, seen from the page.
    is_alone
        Whether the figure is the whole page, so that its finding is the page's heading.
    same_as
        Number and id of an earlier figure of the page whose sources are the same, and are not repeated.
    """
    meta, (wide, narrow) = drawn["meta"], drawn["drawings"]
    return templates.render(
        "pages/figure.html",
        id=meta["id"],
        number=number,
        is_alone=is_alone,
        root=root,
        title=meta["title"],
        subtitle=meta["subtitle"],
        alt=meta["alt"],
        note=meta["note"],
        known_on=formats.day(meta["known_on"]) if meta["known_on"] else "",
        as_of=formats.day(meta["as_of"]),
        slider=meta.get("slider"),
        slider_json=json.dumps(meta.get("slider"), ensure_ascii=False),
        can_zoom=drawn["zoom"],
        wide=Markup(wide),  # the renderer, which made the drawings, escapes their text
        narrow=Markup(narrow),
        caption=f"Data of figure {number}: {meta['title']}",
        columns=[{"name": name, "is_number": _is_all_numbers(column)} for name, column in _columns(meta)],
        rows=[[{"text": _cell_text(v), "is_number": _is_number(v)} for v in row] for row in meta["rows"]],
        most_rows=MOST_ROWS,
        source_count=len(meta["sources"]),
        source_groups=_source_groups(meta, all_sources(report)),
        same_as=same_as,
        embeds=embeds(report.get("versions"), f"figures/{meta['id']}.html"),
    )


def _source_groups(meta: dict[str, Any], sources: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The sources of a figure as the template takes them, by what they give where it has groups of them."""
    groups = meta.get("source_groups") or ([("", meta["sources"])] if meta["sources"] else [])
    return [{"name": name, "sources": cited(by_rank(keys, sources), sources)} for name, keys in groups]
