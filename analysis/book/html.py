"""Pieces of the page that are not prose: figures, number tables, source lists. All text is escaped."""

import html
from typing import Any

from analysis import formats
from analysis.tables import anchor


def escape(value: object) -> str:
    return html.escape("" if value is None else str(value), quote=True)


def link(url: str, text: str) -> str:
    """A link to a page outside, or the bare text when there is no web address."""
    if not url.startswith(("https://", "http://")):
        return escape(text)
    return f'<a class="rt-out" href="{escape(url)}" rel="noopener">{escape(text)}</a>'


def source(key: str, sources: dict[str, dict[str, str]]) -> str:
    """One source as a line: publisher, linked title, date."""
    known = sources.get(key)
    if known is None:
        return escape(key)
    day = f", {formats.day(known['published'])}" if known["published"] else ""
    relayed = known["publisher_of_record"]
    of = f" (relaying {escape(relayed)})" if relayed and relayed != known["publisher"] else ""
    return f"{escape(known['publisher'])}{of}: {link(known['url'], known['title'])}{day}"


def source_list(keys: list[str], sources: dict[str, dict[str, str]]) -> str:
    items = "".join(f"<li>{source(k, sources)}</li>" for k in keys)
    return f"<ul class='rt-sources'>{items}</ul>"


def cell(value: object) -> str:
    """A table cell as a reader wants it; empty where nothing is known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        digits = 0 if value == round(value) else 2 if abs(value) >= 1 else 4
        is_year = isinstance(value, int) and 1900 <= value <= 2100
        return str(value) if is_year else formats.rounded(value, digits)
    return escape(value)


def table(columns: list[str], rows: list[list[Any]], caption: str) -> str:
    """A plain data table with a caption for screen readers; numbers are set right."""
    head = "".join(f"<th scope='col'>{escape(c)}</th>" for c in columns)
    body = []
    for row in rows:
        cells = [f"<td class='rt-r'>{cell(v)}</td>" if _is_number(v) else f"<td>{cell(v)}</td>" for v in row]
        body.append(f"<tr>{''.join(cells)}</tr>")
    label = f"<caption class='rt-hidden'>{escape(caption)}</caption>"
    inner = f"<table class='rt-data'>{label}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f"<div class='rt-scroll' tabindex='0' role='region' aria-label='{escape(caption)}'>{inner}</div>"


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def figure(meta: dict[str, Any], number: int, drawings: tuple[str, str], sources: dict[str, Any], files: str) -> str:
    """A figure: number, finding, drawing, data, sources, downloads.

    Parameters: what `figures.theme.finish` put into the chart; its number on the page; the wide and the
    narrow drawing; the sources by key; the address of the folder of downloads relative to the page.
    """
    name = meta["id"]
    wide, narrow = drawings
    known = f"Known on {formats.day(meta['known_on'])}." if meta["known_on"] else ""
    note = f"<p class='rt-note'>{escape(meta['note'])}</p>" if meta["note"] else ""
    data = table(meta["columns"], meta["rows"], f"Data of figure {number}: {meta['title']}")
    count = len(meta["sources"])
    listed = (
        f"<details class='rt-more'><summary>{count} source{'s' if count != 1 else ''}</summary>"
        f"{source_list(meta['sources'], sources)}</details>"
        if count
        else ""
    )
    return f"""<figure class="rt-figure" id="{name}">
<figcaption class="rt-head"><p class="rt-title"><a class="rt-count" href="#{name}">Figure {number}</a> {escape(meta["title"])}</p>
<p class="rt-sub">{escape(meta["subtitle"])}</p></figcaption>
<div class="rt-chart" role="img" aria-label="{escape(meta["alt"])}" data-figure="{name}" data-files="{files}"><div class="rt-wide">{wide}</div><div class="rt-narrow">{narrow}</div></div>
<div class="rt-foot">{note}<p class="rt-known">{known} Report as of {formats.day(meta["as_of"])}.
<a href="{files}/{name}.csv" download>CSV</a> <a href="{files}/{name}.svg" download>SVG</a></p>
<details class="rt-more"><summary>Data behind the figure</summary>{data}</details>
{listed}</div></figure>"""


def numbers(results: list[dict[str, Any]], sources: dict[str, dict[str, str]], ledger_page: str) -> str:
    """The numbers a piece of prose rests on, folded: value, range, day, how, rows and sources."""
    items = []
    for r in results:
        name = r["key"].replace(".", "-")
        how = f"<p>{escape(r['how'])}</p>" if r["how"] else ""
        rows = ", ".join(f'<a href="{ledger_page}#{escape(anchor(k))}">{escape(k.split(":", 1)[1])}</a>' for k in r["rows"][:40])
        more = f" and {len(r['rows']) - 40} more" if len(r["rows"]) > 40 else ""
        facts = f"<p>Ledger rows: {rows}{more}</p>" if rows else ""
        known = f" <span class='rt-day'>known on {formats.day(r['as_of'])}</span>" if r["as_of"] else ""
        value = "yes" if r["value"] is True else "no" if r["value"] is False else r["text"]
        listed = source_list(r["sources"][:40], sources) if r["sources"] else ""
        items.append(
            f"<dt id='num-{escape(name)}'>{escape(r['label'])}: <strong>{escape(value)}</strong>{known}"
            f" <code>{escape(r['key'])}</code></dt><dd>{how}{facts}{listed}</dd>"
        )
    count = len(results)
    return (
        f"<details class='rt-numbers'><summary>{count} number{'s' if count != 1 else ''} behind this section: "
        f"how each was computed, and its sources</summary><dl>{''.join(items)}</dl></details>"
    )


def cards(results: list[dict[str, Any]], pages: dict[str, str]) -> str:
    """Key numbers for the first screen; each links to how it was computed."""
    items = []
    for r in results:
        target = f"{pages[r['key']]}#num-{r['key'].replace('.', '-')}"
        known = f"known on {formats.day(r['as_of'])}" if r["as_of"] else ""
        items.append(
            f'<li><a href="{escape(target)}"><span class="rt-value">{escape(r["text"])}</span>'
            f'<span class="rt-label">{escape(r["label"])}</span><span class="rt-day">{known}</span></a></li>'
        )
    return f"<ul class='rt-cards'>{''.join(items)}</ul>"
