"""What a built site must not say: one quantity with two values, a count that is not that of what follows, a party in a
figure's title that the figure does not draw. Each function returns the contradictions that it finds, in words."""

import functools
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
COUNT = {word: k for k, word in enumerate(WORDS, 2)}
NUMBER_WORD = re.compile(rf"\b({'|'.join(WORDS)})\b", re.I)
LISTED = re.compile(rf"\b({'|'.join(WORDS)})(?:\s+[\w’'-]+){{1,3}}\s*\(([^()]*)\)", re.I)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
AFTER = r"\b(?:to|from|by|at|with|than|for|on|and|brought)\s+"  # before a party that is no subject of the sentence
LAB = "OpenAI"


@functools.lru_cache(maxsize=1)
def pages(site: Path) -> dict[str, Tag]:
    """The article of each page, by the page's name; read once for all tests of a site, and changed by none."""
    found = {p.stem: BeautifulSoup(p.read_text(encoding="utf-8"), "html.parser") for p in sorted(site.glob("*.html"))}
    return {name: page.find("article") or page for name, page in found.items()}


def results(site: Path) -> list[dict[str, Any]]:
    """Every result of the site."""
    return list(json.loads((site / "results.json").read_text(encoding="utf-8"))["results"])


def _numbers(text: str) -> list[tuple[float, float]]:
    """Each number of a text, with half of the last digit that it shows."""
    found = []
    for token in NUMBER.findall(text):
        plain = token.replace(",", "")
        found.append((float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2])))
    return found


def _is_shown(number: float, half: float, value: float) -> bool:
    """Whether a value may be written as a number: rounded to its digits, or to two digits (a floor always down)."""
    two_digits = 0.99 * 10.0 ** (len(str(int(abs(value)))) - 2) if abs(value) >= 10 else 0.0
    return abs(abs(value) - number) <= max(half, two_digits) * (1 + 1e-9)


def two_values(articles: dict[str, Tag], known: list[dict[str, Any]]) -> Iterator[str]:
    """Numbers on pages that are not those of their result, and results of one label and unit with two values."""
    by_key = {r["key"]: r for r in known}
    for page, article in articles.items():
        for link in article.select("a[data-note]"):
            key = str(link["data-note"]).removeprefix("note-").replace("-", ".", 1)
            result = by_key.get(key)
            if result is None:
                continue
            text = (link.find(class_="rt-value") or link).get_text()
            values = [result[part] for part in ("value", "low", "high") if isinstance(result[part], int | float)]
            values += [number for number, _ in _numbers(result["text"])]
            for number, half in _numbers(text):
                if not any(_is_shown(number, half, value) for value in values):
                    yield f"{page}: {key} is {text}, and {result['text']} in the results"
    shown = defaultdict(dict)
    for r in known:
        if r["unit"] not in ("flag", "text"):
            shown[r["label"].lower(), r["unit"], str(r["period"])][r["text"]] = r["key"]
    for (label, _, _), texts in shown.items():
        if len(texts) > 1:
            yield f"{label}: {', '.join(f'{text} ({key})' for text, key in texts.items())}"


def _items(text: str) -> int:
    """How many things a list in words names."""
    return len([part for part in re.split(r",\s+(?:and\s+)?|\s+and\s+", text.strip()) if part])


def wrong_counts(articles: dict[str, Tag], known: list[dict[str, Any]]) -> Iterator[str]:
    """Counts in headings, before lists and before names in brackets that are not those of what follows, and numbers of
    names."""
    for page, article in articles.items():
        for heading in article.find_all(["h2", "h3"]):
            first = heading.get_text(" ", strip=True).split(" ")[0].lower()
            points = [t for t in heading.find_next_siblings() if t.name in ("p", "section") and t.find("strong")]
            points = [t for t in points if t.get_text(strip=True).startswith(t.find("strong").get_text(strip=True))]
            if first in COUNT and len(points) != COUNT[first]:
                yield f"{page}: {heading.get_text()!r} is followed by {len(points)}"
        for paragraph in article.find_all("p"):
            if paragraph.find_parent(["figure", "li", "table"]) is not None:
                continue
            text, after = paragraph.get_text(" ", strip=True), paragraph.find_next_sibling()
            last = re.split(r"(?<=[.!?])\s", text)[-1]
            if text.endswith(":") and after is not None and after.name in ("ul", "ol", "dl"):
                told, number = NUMBER_WORD.findall(last), len(after.find_all(["li", "dt"], recursive=False))
                if told and COUNT[told[-1].lower()] != number:
                    yield f"{page}: {last!r} is followed by {number}"
            for word, names in LISTED.findall(text):
                if _items(names) != COUNT[word.lower()]:
                    yield f"{page}: {word} things are said to be {names!r}"
    by_key = {r["key"]: r for r in known}
    for key, result in by_key.items():
        names = by_key.get(f"{key}_names")
        if result["unit"] != "count" or names is None or names["unit"] != "text" or not names["value"]:
            continue
        if _items(names["text"]) != result["value"]:
            yield f"{key} is {result['value']}, of {names['text']}"


def undrawn_parties(articles: dict[str, Tag], names: Collection[str]) -> Iterator[str]:
    """Figures whose title says what goes to, from or with a party that they do not draw.

    The subject of a title need not be drawn, nor OpenAI, of which all is.
    """
    for page, article in articles.items():
        for figure in article.select("figure.rt-figure"):
            title, drawing = figure.find(class_="rt-title"), figure.find("svg")
            if title is None or drawing is None:
                continue
            said = title.get_text(" ", strip=True)
            drawn = re.sub(r"\s+", "", drawing.get_text())
            told = [n for n in names if n != LAB and re.search(rf"(?<!\w){re.escape(n)}(?!\w)", said)]
            told = [n for n in told if not any(n != m and n in m for m in told)]
            objects = [n for n in told if re.search(AFTER + re.escape(n) + r"(?!\w)", said)]
            for name in objects:
                if re.sub(r"\s+", "", name) not in drawn:
                    yield f"{page}: {figure.get('id')} names {name} and does not draw it: {said}"
