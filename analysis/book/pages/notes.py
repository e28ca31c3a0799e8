"""A note for each number, term and citation of a page: what its pop-up shows, and its footnote in print.

The notes stand at the end of each page, so that they need no script, no second file and no network; the
page's script copies one of them beside the number that is pointed at, focused or touched.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from analysis.book.pages.markup import escape, link
from analysis.book.pages.mime import known
from analysis.figures.tables import anchor
from analysis.numbers import formats

MOST = 5  # rows and sources in a note; the list of the section has them all
LONG = 34  # characters from which on a number's text may break over lines
UNITS = {
    "usd_bn": "billions of US dollars",
    "usd": "US dollars",
    "usd_mn": "millions of US dollars",
    "pct": "percent",
    "gw": "gigawatts",
    "x": "times",
    "bp": "basis points",
    "count_mn": "millions",
}


def _some(items: list[str], more: str) -> str:
    rest = len(items) - MOST
    return "; ".join(items[:MOST]) + (f' and <a href="{more}">{rest} more</a>' if rest > 0 else "")


def note(result: dict[str, Any], sources: dict[str, dict[str, str]], page: str, ledger: str) -> str:
    """What a number is, as phrasing content: value, range, unit, day, how, rows, sources, permanent link.

    ``page`` is the address of the page that computes it (empty: this one), ``ledger`` that of the ledger.
    """
    r, target = result, f"{page}#num-{result['key'].replace('.', '-')}"
    parts = [f"<b>{escape(r['label'])}: {escape(r['text'])}</b>"]
    ends = [r["low"], r["high"]]
    if r["unit"] not in ("flag", "text", "date") and None not in ends and ends[0] != ends[1]:
        low, high = (formats.amount(float(e), r["unit"]) for e in ends)
        parts.append(f"<span>Range: {escape(low)} to {escape(high)}{' or more' if r['is_open'] else ''}.</span>")
    facts = [
        f"Unit: {UNITS[r['unit']]}." if r["unit"] in UNITS else "",
        f"Known on {formats.day(r['as_of'])}." if r["as_of"] else "",
    ]
    if any(facts):
        parts.append(f"<span>{' '.join(f for f in facts if f)}</span>")
    if r["how"]:
        parts.append(f"<span>{escape(r['how'])}</span>")
    if r["rows"]:
        rows = [f'<a href="{ledger}#{escape(anchor(k))}">{escape(k.split(":", 1)[1])}</a>' for k in r["rows"]]
        parts.append(f'<span class="rt-rows">Ledger: {_some(rows, target)}.</span>')
    if r["sources"]:
        named = [sources[s] for s in r["sources"] if s in sources]
        cited = [f"{escape(s['publisher'])}, {link(s['url'], s['title'])}" for s in named]
        parts.append(f'<span class="rt-cited">Sources: {_some(cited, target)}.</span>')
    parts.append(f'<span class="rt-perma"><a href="{target}">Permanent link</a></span>')
    return " ".join(parts)


class Notes:
    """The notes of one page, numbered in the order in which they are first needed."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def number(self, name: str, text: str) -> int:
        self.texts.setdefault(name, text)
        return list(self.texts).index(name) + 1

    def section(self) -> str:
        count = len(self.texts)
        items = "".join(f'<li id="note-{name}">{text}</li>' for name, text in self.texts.items())
        words = "the number on this page comes" if count == 1 else f"the {count} numbers and terms on this page come"
        return f"<details class='rt-notes' id='notes'><summary>Notes: where {words} from</summary><ol>{items}</ol></details>"


def marked(name: str, text: str, target: str, notes: Notes, body: str, kind: str, with_mark: bool) -> nodes.raw:
    """The link that carries a note; the mark shows in print."""
    n = notes.number(name, body)
    mark = f'<sup class="rt-mark" aria-hidden="true">{n}</sup>' if with_mark else ""
    kind += " rt-long" if len(text) > LONG else ""
    link_ = f'<a class="{kind}" href="{escape(target)}" data-note="note-{name}" aria-describedby="note-{name}">{escape(text)}</a>'
    return nodes.raw("", link_ + mark, format="html")


def _is_in_title(node: nodes.Node) -> bool:
    while node := node.parent:
        if isinstance(node, nodes.title):
            return True
    return False


def _terms(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Each glossary term in lower case with its id and its definition."""
    if "glossary" not in app.env.found_docs:
        return {}
    found = {}
    for item in app.env.get_doctree("glossary").findall(nodes.definition_list_item):
        definition = next(iter(item.findall(nodes.definition))).astext().strip()
        for term in item.findall(nodes.term):
            for word in term.astext().split(", "):
                found[word.lower()] = (glossary_id(term.astext()), definition)
    return found


def glossary_id(term: str) -> str:
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def _link_terms(doctree: nodes.document, terms: dict[str, tuple[str, str]], notes: Notes, address: str) -> None:
    """Link the first use of each glossary term in the running text of a page."""
    if not terms:
        return
    longest = sorted(terms, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(s?)(?![\w-])", re.I)
    used: set[str] = set()
    skip = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw, nodes.emphasis, nodes.caption)
    for text in list(doctree.findall(nodes.Text)):
        up, is_prose = text.parent, False
        while up is not None and not isinstance(up, skip):
            is_prose = is_prose or isinstance(up, nodes.paragraph)
            up = up.parent
        if up is not None or not is_prose:
            continue
        pieces: list[nodes.Node] = []
        last, words = 0, str(text)
        for match in pattern.finditer(words):
            name, definition = terms[match.group(1).lower()]
            if name in used:
                continue
            used.add(name)
            body = f"<b>{escape(match.group(1))}</b> <span>{escape(definition)}</span>"
            pieces += [
                nodes.Text(words[last : match.start()]),
                marked(name, match.group(0), f"{address}#{name}", notes, body, "rt-term", False),
            ]
            last = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(words[last:])])


def _link_numbers(doctree: nodes.document, app: Sphinx, docname: str, notes: Notes) -> None:
    report = known(str(app.srcdir))
    relative = app.builder.get_relative_uri
    ledger = relative(docname, "ledger")
    for reference in [r for r in doctree.findall(nodes.reference) if "rt_key" in r]:
        key = reference["rt_key"]
        owner = report["owners"][key]
        page = "" if owner == docname else relative(docname, owner)
        name, result = key.replace(".", "-"), report["results"][key]
        body = note(result, report["sources"], page, "" if docname == "ledger" else ledger)
        title = _is_in_title(reference)
        reference.replace_self(marked(name, reference.astext(), f"{page}#num-{name}", notes, body, "rt-num", not title))
    for holder in [n for n in doctree.findall(nodes.raw) if "rt_cards" in n]:
        for key in holder["rt_cards"]:
            owner = report["owners"][key]
            page = "" if owner == docname else relative(docname, owner)
            notes.number(key.replace(".", "-"), note(report["results"][key], report["sources"], page, ledger))


def _link_citations(doctree: nodes.document, notes: Notes) -> None:
    """The whole reference, which the bibliography's extension puts into the title, stands behind each citation."""
    for reference in list(doctree.findall(nodes.reference)):
        page, _, name = reference.get("refuri", "").partition("#")
        if reference.get("reftitle") and page.startswith("references"):
            body = f"<span>{escape(reference['reftitle'])}</span>"
            reference.replace_self(
                marked(f"cite-{name}", reference.astext(), reference["refuri"], notes, body, "rt-cite", True)
            )


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the numbers, terms and citations of a page into links with notes, and put the notes at its end."""
    notes = Notes()
    _link_numbers(doctree, app, docname, notes)
    if docname != "glossary":
        _link_terms(doctree, _terms(app), notes, app.builder.get_relative_uri(docname, "glossary"))
    _link_citations(doctree, notes)
    if notes.texts:
        sections = list(doctree.findall(nodes.section))
        (sections[0] if sections else doctree).append(nodes.raw("", notes.section(), format="html"))
