"""Parts of a page that are not prose: folded numbers, key numbers, lists of sources."""

import html
import re
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from markupsafe import Markup

from analysis import templates
from analysis.book.running import notebooks
from analysis.figures.tables import anchor
from analysis.numbers import formats
from analysis.numbers.profiles.addresses import deal_page
from analysis.numbers.source_names import named
from analysis.numbers.words import AT_SECOND_HAND, BASIS_GROUNDS, RANK_NAMES, RANK_WORDS

MAX_LARGE = 8  # signs of the longest key number of a strip in large type
# An amount, a share or a count, with the words and units around its digits.
NUMERAL = re.compile(
    r"(?P<words>(?:[a-z]+ )*)(?P<currency>(?:US\$)?)(?P<digits>[−-]?\d[\d.,]*(?:–\d[\d.,]*)?[%×]?)"
    r"(?P<unit>(?:bn|m| GW| years| million)?)(?: (?P<rest>or more|\(.*\)))?"
)
WORDED = ("text", "date", "year")  # units of results that read as words: their underline is fainter
ROUNDED = ("usd_bn", "pct", "gw", "x")  # units of key numbers that lose their decimals
LEAST_SHARED = 8  # rows and sources of a number that it need not list again
MAX_LISTED = 40  # rows and sources of a number that its section lists


def plain_text(node: nodes.Node) -> str:
    """The text of a part of a page, without the markup of what has been rendered already."""
    texts = []
    for leaf in node.findall(nodes.Text):
        text = str(leaf)
        if isinstance(leaf.parent, nodes.raw):
            text = html.unescape(re.sub(r"<sup.*?</sup>|<[^>]*>", "", text))
        texts.append(text)
    return re.sub(r"\s+", " ", "".join(texts)).strip()


def web_address(url: str) -> str:
    """The address if it is a web address, otherwise empty: data must not put other kinds of links into a page."""
    return url if url.startswith(("https://", "http://")) else ""


def number_id(key: str) -> str:
    """The id of a result in pages and notes."""
    return key.replace(".", "-")


def cited(keys: list[str], sources: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Sources as the templates take them: who published it and whose page that is, rank, title, address, day."""
    found = []
    for key in keys:
        source = sources.get(key)
        if source is None:
            found.append(
                {
                    "key": key,
                    "publisher": "",
                    "rank": "",
                    "rank_words": "",
                    "title": key,
                    "url": "",
                    "day": "",
                }
            )
            continue
        found.append(
            {
                "key": key,
                "publisher": named(source),
                "rank": source.get("rank", ""),
                "rank_words": RANK_NAMES.get(source.get("rank", ""), ""),
                "title": source["title"],
                "url": web_address(source["url"]),
                "day": formats.day(source["published"]) if source["published"] else "",
            }
        )
    return found


def by_rank(keys: list[str], sources: dict[str, dict[str, str]]) -> list[str]:
    """The sources, primary documents first and pages that relay others last, otherwise in their order."""
    order = [*RANK_NAMES, ""]
    return sorted(keys, key=lambda key: order.index(sources.get(key, {}).get("rank", "")))


def underline(result: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> str:
    """Return the class of a number that reads as a word, or that no primary document has told, else nothing."""
    if result["unit"] in WORDED:
        return "rt-quiet"
    ranks = {sources[key]["rank"] for key in result["sources"] if key in sources}
    return "rt-press" if ranks and "primary" not in ranks else ""


def all_sources(report: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Every source that a page may name, by key: of the newest rows, and of the earlier ones that something tells."""
    return report["sources"] | report.get("told_sources", {})


def ledger_links(rows: list[str], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of the ledger (``table:key``) as the templates take them.

    Parameters
    ----------
    rows
        The rows.
    names
        What each row is about, in words; the key stands for one without.

    Returns
    -------
    list of dict
        ``name``, ``anchor`` (its id) and ``page``, that of a deal seen from the top of the site, empty for the page on
        the ledger.
    """
    return [
        {
            "anchor": anchor(row),
            "name": names.get(row, row.partition(":")[2]),
            "page": deal_page(row.partition(":")[2].rpartition("/")[0]) if row in names and row[:6] == "deals:" else "",
        }
        for row in rows
    ]


def calculations(result: dict[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How a result was computed as the templates take it: its ``terms``, each with what it is, and its ``text``."""
    ends = {"low": "Low end", "high": "High end"}
    return [
        {
            "end": ends.get(told["end"], ""),
            "text": told["text"],
            "terms": [term | {"words": term["words"] or names.get(term["row"], "")} for term in told["terms"]],
        }
        for told in result.get("calculations", ())
    ]


def grounds(result: dict[str, Any], sources: dict[str, dict[str, str]]) -> list[str]:
    """The period that a result speaks of and what it rests on, in sentences; a firm's figures at whose hand."""
    period = (result.get("period") or {}).get("words", "")
    bases = [BASIS_GROUNDS.get(basis, basis) for basis in filter(None, (result.get("basis") or "").split(", "))]
    is_second_hand = not any(sources[key].get("rank") == "primary" for key in result["sources"] if key in sources)
    if is_second_hand:
        bases = [AT_SECOND_HAND.get(words, words) for words in bases]
    told = (f"Period: {period}." if period else "", f"Rests on {formats.listed(bases)}." if bases else "")
    return [sentence for sentence in told if sentence]


def source_list(sources: dict[str, dict[str, str]]) -> Markup:
    """Every source with its key, folded by rank, primary texts first, in each by publisher of record."""
    order = sorted(
        sources, key=lambda key: ((sources[key]["publisher_of_record"] or sources[key]["publisher"]).casefold(), key)
    )
    ranks = [(words, [k for k in order if sources[k].get("rank", "relay") == r]) for r, words in RANK_WORDS.items()]
    groups = [{"name": words, "sources": cited(keys, sources)} for words, keys in ranks if keys]
    return templates.render("pages/sources.html", groups=groups, count=len(order))


def numbers(
    results: list[dict[str, Any]], sources: dict[str, dict[str, str]], ledger_page: str, names: Mapping[str, str]
) -> Markup:
    """The numbers behind a page, folded: value, day, how each was computed, rows and sources.

    Rows and sources that many numbers share, such as those of a model, are listed with the first of these only: they
    made most of a page, which a browser reads in full before it shows the first chart.
    """
    first = {(*r["rows"], *r["sources"]): r for r in reversed(results)}
    listed = [
        {
            "id": number_id(r["key"]),
            "key": r["key"],
            "label": r["label"],
            "text": {True: "yes", False: "no"}[r["value"]] if isinstance(r["value"], bool) else r["text"],
            "day": formats.day(r["as_of"]) if r["as_of"] else "",
            "how": r["how"],
            "calculations": calculations(r, names),
            "grounds": grounds(r, sources),
            "rows": ledger_links(r["rows"][:MAX_LISTED], names),
            "more_rows": max(0, len(r["rows"]) - MAX_LISTED),
            "sources": cited(by_rank(r["sources"], sources)[:MAX_LISTED], sources),
            "like": _like(r, first[(*r["rows"], *r["sources"])]),
        }
        for r in results
    ]
    return templates.render("pages/numbers.html", numbers=listed, ledger_page=ledger_page)


def _like(result: dict[str, Any], first: dict[str, Any]) -> dict[str, str] | None:
    """The number that lists the rows and sources of a result in its place, or None where it lists its own."""
    if result is first or len(result["rows"]) + len(result["sources"]) < LEAST_SHARED:
        return None
    return {"id": number_id(first["key"]), "label": first["label"]}


def key_numbers(
    results: list[dict[str, Any]], pages: dict[str, str], sources: Mapping[str, Mapping[str, str]]
) -> Markup:
    """Key numbers for the first screen, as round as in the text; each links to how it was computed.

    Parameters
    ----------
    results
        The results to show.
    pages
        Relative address of the page that computes each, by key.
    sources
        The sources of the report, by key.
    """
    texts = [notebooks.part_of(r, "about") if r["unit"] in ROUNDED else r["text"] for r in results]
    shown = [
        {
            "id": number_id(r["key"]),
            "url": f"{pages[r['key']]}#num-{number_id(r['key'])}",
            "parts": _numeral_parts(text),
            "label": r["label"],
            "kind": underline(r, sources),
        }
        for r, text in zip(results, texts, strict=True)
    ]
    return templates.render("pages/key_numbers.html", numbers=shown, size=_strip_size(texts))


def _numeral_parts(text: str) -> dict[str, str] | str:
    """A key number as its words, currency, digits, unit and rest; a text as it is."""
    found = NUMERAL.fullmatch(text)
    return found.groupdict() if found else text


def _strip_size(texts: list[str]) -> str:
    """The class of a strip of key numbers, which all have the size that the longest of them has room for."""
    found = [(text, NUMERAL.fullmatch(text)) for text in texts]
    longest = max((len("".join(m.group("currency", "digits", "unit")) if m else text) for text, m in found), default=0)
    if longest <= MAX_LARGE:
        return ""
    return " rt-long-numerals" if all(m or len(text) <= MAX_LARGE for text, m in found) else " rt-worded"
