"""The words in which a figure of a filing stands: its sentence, or the label of its line in a table."""

import re
import unicodedata
import xml.etree.ElementTree as ET

from analysis.ledger.filings.inline import IX

MAX_WORDS = 25  # of a source that a note may hold
FEWEST_WORDS = 5  # of a sentence: shorter text is a cell of a table
BLOCKS = ("p", "div", "li")
MARK = "\x00"
QUOTES = str.maketrans("", "", '"“”„«»‹›「」')
END = re.compile(r"(?<=[.!?])(?<!\bInc\.)(?<!\bCorp\.)(?<!\bU\.S\.)(?<!\bNo\.)\s+(?=[A-Z(])")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _clean(text: str) -> str:
    kept = "".join(c for c in text if c == MARK or c.isspace() or unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", " ".join(kept.split())).translate(QUOTES)


def _marked_text(block: ET.Element, target: ET.Element) -> str:
    """The text of a block with a mark before one of its elements."""
    parts: list[str] = []

    def walk(element: ET.Element) -> None:
        if element is target:
            parts.append(MARK)
        parts.append(element.text or "")
        for child in element:
            walk(child)
            parts.append(child.tail or "")

    walk(block)
    return _clean("".join(parts))


def _around_mark(sentence: str) -> str:
    words = sentence.split()
    at = next((i for i, word in enumerate(words) if MARK in word), 0)
    first = max(0, min(at - MAX_WORDS // 2, len(words) - MAX_WORDS))
    kept = " ".join(words[first : first + MAX_WORDS]).replace(MARK, "").rstrip(".")
    return "... " * (first > 0) + kept + ("." if first + MAX_WORDS >= len(words) else " ...")


def _label(row: ET.Element) -> str:
    texts = (_clean("".join(cell.itertext())) for cell in row if _local(cell) in ("td", "th"))
    return next((text.rstrip(":.") for text in texts if re.search(r"[A-Za-z]", text)), "")


def words(root: ET.Element, place: int) -> str:
    """Return what a note says of a figure: the words around it, at most 25 of them, or its line in a table.

    Parameters
    ----------
    root : the document
    place : which of its figures, counted from 0

    Returns
    -------
    The text, empty for a figure that stands nowhere in sight.
    """
    parents = {child: parent for parent in root.iter() for child in parent}
    figure = next(e for i, e in enumerate(root.iter(f"{IX}nonFraction")) if i == place)
    element = figure
    while element in parents:
        element = parents[element]
        if _local(element) == "hidden":
            return ""
        if _local(element) == "tr":
            label = _label(element)
            return f"Line of the filing: {label}." if label else ""
        if _local(element) in BLOCKS and len((text := _marked_text(element, figure)).split()) >= FEWEST_WORDS:
            sentence = next(part for part in END.split(text) if MARK in part)
            return f"Words: {_around_mark(sentence)}"
    return ""
