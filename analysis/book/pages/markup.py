"""Pieces of the page that are not prose: figures, number tables, source lists. All text is escaped."""

import html
import json
import re
from typing import Any

from docutils import nodes

from analysis.figures.tables import anchor
from analysis.numbers import formats


def escape(value: object) -> str:
    return html.escape("" if value is None else str(value), quote=True)


def words(node: nodes.Node) -> str:
    """The text of a piece of a page, without the markup of what has been rendered already."""
    texts = []
    for leaf in node.findall(nodes.Text):
        text = str(leaf)
        if isinstance(leaf.parent, nodes.raw):
            text = html.unescape(re.sub(r"<sup.*?</sup>|<[^>]*>", "", text))
        texts.append(text)
    return re.sub(r"\s+", " ", "".join(texts)).strip()


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


def figure(drawn: dict[str, Any], number: int, sources: dict[str, Any], root: str, is_alone: bool = False) -> str:
    """A figure: number, finding, drawing, data, sources, downloads, ways to share it.

    Parameters: what `drawing.figure` gives; its number on the page; the sources by key; the way from the page
    to the top of the site; whether it is the whole page, so that its finding is the page's heading.
    """
    meta, (wide, narrow) = drawn["meta"], drawn["drawings"]
    name, files = meta["id"], f"{root}_figures"
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
    tag = "h1" if is_alone else "p"
    own = "" if is_alone else f'<a class="rt-count" href="#{name}">Figure {number}</a> '
    downloads = " ".join(
        f'<a href="{files}/{name}.{kind}" download>{kind.upper()}</a>' for kind in ("csv", "svg", "png")
    )
    zoom = " data-zoom" if drawn["zoom"] else ""
    return f"""<figure class="rt-figure" id="{name}">
<figcaption class="rt-head"><{tag} class="rt-title">{own}{escape(meta["title"])}</{tag}>
<p class="rt-sub">{escape(meta["subtitle"])}</p></figcaption>
{_replay(meta)}<div class="rt-chart" role="img" aria-label="{escape(meta["alt"])}" data-figure="{name}" data-files="{files}"{zoom}><div class="rt-wide">{wide}</div><div class="rt-narrow">{narrow}</div></div>
<div class="rt-foot">{note}<p class="rt-known">{known} Report as of {formats.day(meta["as_of"])}.
<span class="rt-take-away">{downloads}</span></p>
<details class="rt-more"><summary>Data behind the figure</summary>{data}</details>
{listed}
<details class="rt-more rt-share"><summary>Share or embed</summary><p><a href="{root}figures/{name}.html">A page for this figure alone</a></p>
<p>Embed: <code class="rt-embed rt-take" data-page="{root}figures/{name}.html" data-title="{escape(meta["title"])}">{escape(f'<iframe src="figures/{name}.html">')}</code></p></details></div></figure>"""


def _replay(meta: dict[str, Any]) -> str:
    """The slider of a figure that knows earlier days; shown by the page's script."""
    days = meta.get("replay")
    if not days or len(days) < 2:
        return ""
    steps = [{"key": day, "words": formats.day(day)} for day in days]
    name = meta["id"]
    return (
        f"<div class='rt-replay' data-figure='{name}' data-days='{escape(json.dumps(steps))}' hidden>"
        f"<button type='button'>Play</button><label for='replay-{name}'>As known on</label>"
        f"<input type='range' id='replay-{name}' min='0' step='1'><output for='replay-{name}'></output></div>\n"
    )


def numbers(results: list[dict[str, Any]], sources: dict[str, dict[str, str]], ledger_page: str) -> str:
    """The numbers a piece of prose rests on, folded: value, range, day, how, rows and sources."""
    items = []
    for r in results:
        name = r["key"].replace(".", "-")
        how = f"<p>{escape(r['how'])}</p>" if r["how"] else ""
        rows = ", ".join(
            f'<a href="{ledger_page}#{escape(anchor(k))}">{escape(k.split(":", 1)[1])}</a>' for k in r["rows"][:40]
        )
        more = f" and {len(r['rows']) - 40} more" if len(r["rows"]) > 40 else ""
        facts = f"<p>Ledger rows: {rows}{more}</p>" if rows else ""
        known = f" <span class='rt-day'>known on {formats.day(r['as_of'])}</span>" if r["as_of"] else ""
        value = "yes" if r["value"] is True else "no" if r["value"] is False else r["text"]
        listed = source_list(r["sources"][:40], sources) if r["sources"] else ""
        items.append(
            f"<dt id='num-{escape(name)}'>{escape(r['label'])}: <strong>{escape(value)}</strong>{known}"
            f" <code>{escape(r['key'])}</code> <a class='headerlink' href='#num-{escape(name)}' aria-label='Permanent link'>#</a></dt><dd>{how}{facts}{listed}</dd>"
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
            f'<li><a href="{escape(target)}" data-note="note-{r["key"].replace(".", "-")}"><span class="rt-value">{escape(r["text"])}</span>'
            f'<span class="rt-label">{escape(r["label"])}</span><span class="rt-day">{known}</span></a></li>'
        )
    return f"<ul class='rt-cards'>{''.join(items)}</ul>"
