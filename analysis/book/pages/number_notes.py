"""A note for each number, term and citation of a page: its pop-up on the screen, its footnote in print.

The notes are at the end of each page, so that they need no script, no second file and no network. The page's
script copies a note beside the number that is pointed at, focused or touched.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from analysis import templates
from analysis.book.pages.company_links import link_companies
from analysis.book.pages.fragments import by_rank, calculations, cited, grounds, ledger_links, number_id, underline
from analysis.book.pages.report import read_report
from analysis.book.pages.stories import row_html
from analysis.figures.tables import anchor
from analysis.numbers import formats
from analysis.numbers.story_rows import row_from
from analysis.numbers.words import RANK_COUNTS, ROLE_NAMES

MAX_TOLD = 5  # rows that a note tells in the ledger's own words
LONGEST_NOTE = 240  # characters of these words
OF_THE_LEDGER = ("ledger", "methods")  # pages on which a word for the role of a row is a term, and no plain English
MOST_NAMED = 2  # documents that a note names where many rows carry its number
MAX_UNBROKEN = 34  # characters of a number's text; a longer one, and one without a digit, may break over lines


def number_note(result: dict[str, Any], report: Mapping[str, Any], page: str, ledger_page: str) -> Markup:
    """What a number is, as phrasing content: value, calculation, range, period, basis, day, rows, their words, sources.

    Parameters
    ----------
    result
        The number.
    report
        What the build knows of the report: sources by key, names of rows.
    page
        Relative address of the page that computes it; empty for the page itself.
    ledger_page
        Relative address of the ledger.
    """
    low, high, unit = result["low"], result["high"], result["unit"]
    has_range = unit not in ("flag", "text", "date") and None not in (low, high) and low != high
    facts = [
        *grounds(result, report["sources"]),
        f"Known on {formats.day(result['as_of'])}." if result["as_of"] else "",
    ]
    names = report.get("row_names", {})
    sources = report["sources"]
    known = [key for key in result["sources"] if key in sources]
    return templates.render(
        "pages/number_note.html",
        label=result["label"],
        text=result["text"],
        range=[formats.amount(float(end), unit) for end in (low, high)] if has_range else None,
        is_open=result["is_open"],
        facts=[fact for fact in facts if fact],
        how=result["how"],
        calculations=calculations(result, names),
        told=_rows_told(result["rows"], report) if len(result["rows"]) <= MAX_TOLD else [],
        rows=len(result["rows"]),
        ranks=_ranks(known, sources),
        first=cited(by_rank(known, sources)[:MOST_NAMED], sources),
        target=f"{page}#num-{number_id(result['key'])}",
        ledger_page=ledger_page,
    )


def _ranks(keys: list[str], sources: dict[str, dict[str, str]]) -> str:
    """How many sources of each rank there are, the surest first: "9 primary documents, 12 first reports"."""
    counts = Counter(sources[key].get("rank", "") for key in keys)
    return ", ".join(formats.counted(counts[rank], *words) for rank, words in RANK_COUNTS.items() if counts[rank])


def _rows_told(rows: list[str], report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The few rows behind a number, each with its words and its sources."""
    links, words = ledger_links(rows, report.get("row_names", {})), report.get("row_words", {})
    told = [words.get(row, {"note": "", "sources": []}) for row in rows]
    return [
        link
        | {
            "note": textwrap.shorten(one["note"], LONGEST_NOTE, placeholder=" …").rstrip("."),
            "sources": cited([key for key in one["sources"] if key in report["sources"]], report["sources"]),
        }
        for link, one in zip(links, told, strict=True)
    ]


class Notes:
    """The notes of one page, numbered in the order in which they are first needed."""

    def __init__(self) -> None:
        self.texts: dict[str, Markup] = {}

    def number(self, name: str, text: Markup) -> int:
        """The number of a note, which is added if it is new."""
        self.texts.setdefault(name, text)
        return list(self.texts).index(name) + 1

    def link(self, name: str, text: str, target: str, note: Markup, kind: str, has_mark: bool) -> nodes.raw:
        """A link that carries a note.

        Parameters
        ----------
        name, note
            Of the note.
        text, target
            Of the link.
        kind
            Its class.
        has_mark
            Whether the note's number follows it in print.
        """
        number = self.number(name, note)
        html = templates.render(
            "pages/note_link.html",
            kind=kind if _is_unbroken(text) else f"{kind} rt-long",
            target=target,
            name=name,
            text=text,
            mark=number if has_mark else None,
        )
        return nodes.raw("", str(html), format="html")

    def section(self, numbers: str) -> nodes.raw:
        """All notes, for the end of the page, and in their fold the list of what the page computes."""
        html = templates.render("pages/notes.html", notes=self.texts, numbers=Markup(numbers))
        return nodes.raw("", str(html), format="html")


def _is_unbroken(text: str) -> bool:
    """Whether a link stays on one line: numbers do, words and long lists may break."""
    return len(text) <= MAX_UNBROKEN and any(character.isdigit() for character in text)


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
    """The id of a term on the glossary page."""
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
            target = f"{address}#{name}"
            values = {"term": match.group(1), "text": definition, "target": target, "place": "In the glossary"}
            note = templates.render("pages/text_note.html", **values)
            link = notes.link(name, match.group(0), target, note, "rt-term", has_mark=False)
            pieces += [nodes.Text(words[last : match.start()]), link]
            last = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(words[last:])])


def _link_numbers(doctree: nodes.document, app: Sphinx, docname: str, notes: Notes) -> None:
    """Turn the numbers of a page, and the days of rows, into links with notes, and note its key numbers."""
    report = read_report(str(app.srcdir))
    relative = app.builder.get_relative_uri
    ledger_page = relative(docname, "ledger")
    for reference in [r for r in doctree.findall(nodes.reference) if "rt_key" in r or "rt_row" in r]:
        if "rt_row" in reference:
            _link_day(reference, report, ledger_page, notes)
            continue
        key = reference["rt_key"]
        page = _page_of(report["owners"][key], docname, app)
        name = number_id(key)
        here = "" if docname == "ledger" else ledger_page
        note = number_note(report["results"][key], report, page, here)
        has_mark = not _is_in_title(reference)
        kind = f"rt-num {underline(report['results'][key], report['sources'])}".rstrip()
        link = notes.link(name, reference.astext(), f"{page}#num-{name}", note, kind, has_mark)
        reference.replace_self(link)
    for holder in [n for n in doctree.findall(nodes.raw) if "rt_cards" in n]:
        for key in holder["rt_cards"]:
            page = _page_of(report["owners"][key], docname, app)
            note = number_note(report["results"][key], report, page, ledger_page)
            notes.number(number_id(key), note)


def _link_day(reference: nodes.reference, report: Mapping[str, Any], ledger_page: str, notes: Notes) -> None:
    """Turn the day of a row into a link to the ledger, with a note of what the row says."""
    row = row_from(reference["rt_row"])
    name = anchor(row.rows[0])
    note = Markup(row_html("pages/row_note.html", row, report, ledger_page))  # escaped by a template
    has_mark = not _is_in_title(reference)
    reference.replace_self(
        notes.link(name, reference.astext(), f"{ledger_page}#{name}", note, "rt-num rt-quiet", has_mark)
    )


def _page_of(owner: str, docname: str, app: Sphinx) -> str:
    return "" if owner == docname else app.builder.get_relative_uri(docname, owner)


def _link_citations(doctree: nodes.document, notes: Notes) -> None:
    """Put the whole reference, which the bibliography's extension leaves in the link's title, into a note."""
    for reference in list(doctree.findall(nodes.reference)):
        page, _, name = reference.get("refuri", "").partition("#")
        if reference.get("reftitle") and page.startswith("references"):
            text, target = reference.astext(), reference["refuri"]
            values = {"term": "", "text": reference["reftitle"], "target": target, "place": "In the references"}
            note = templates.render("pages/text_note.html", **values)
            reference.replace_self(notes.link(f"cite-{name}", text, target, note, "rt-cite", has_mark=True))


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the numbers, terms and citations of a page into links with notes, and put the notes at its end."""
    notes = Notes()
    _link_numbers(doctree, app, docname, notes)
    if docname != "glossary":
        terms = _terms(app)
        if docname not in OF_THE_LEDGER:
            terms = {word: told for word, told in terms.items() if word not in ROLE_NAMES}
        _link_terms(doctree, terms, notes, app.builder.get_relative_uri(docname, "glossary"))
    _link_citations(doctree, notes)
    report = read_report(str(app.srcdir))
    if docname in report.get("notebooks", ()):
        link_companies(doctree, report.get("companies", {}), "")
    if notes.texts:
        lists = [node for node in doctree.findall(nodes.raw) if "rt_all_numbers" in node]
        for node in lists:
            node.parent.remove(node)
        sections = list(doctree.findall(nodes.section))
        (sections[0] if sections else doctree).append(notes.section("".join(n.astext() for n in lists)))
