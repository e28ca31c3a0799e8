"""Inline XBRL: the figures of a filing with their dimensions, periods and units.

The standard library parses it: edgartools needs a newer certifi than requirements.lock has and fifteen packages that it
has not, and reads the extracted instance, in which no sentence stands.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html.entities import name2codepoint

from analysis.ledger.filings.errors import PullError

IX = "{http://www.xbrl.org/2013/inlineXBRL}"
XBRLI = "{http://www.xbrl.org/2003/instance}"
XBRLDI = "{http://xbrl.org/2006/xbrldi}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*);")
ZERO_FORMATS = ("fixed-zero", "zerodash", "numdash")
COMMA_FORMATS = ("num-comma-decimal", "numcommadecimal", "numcomma", "num-comma-decimal-apos")
UNREADABLE = Decimal("NaN")
NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+")
# Says only that a segment's figure is that of the segment; some filers add it and some do not.
SEGMENT_AXIS = "us-gaap:StatementBusinessSegmentsAxis"
OPERATING_SEGMENT = ("srt:ConsolidationItemsAxis", "us-gaap:OperatingSegmentsMember")

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A figure as it was filed.

    Attributes
    ----------
    concept : its name, as ``us-gaap:Revenues``
    dimensions : pairs of axis and member, sorted; a typed member is its text
    start, end : first and last day of its period; ``start`` is None for a figure at one day
    unit : such as ``USD``, ``shares``, ``pure``
    value : in that unit, whole (not in thousands or millions); NaN where the text cannot be read as a number
    precision : half of the last digit it was rounded to
    place : which of the document's elements it is
    """

    concept: str
    dimensions: Dimensions
    start: date | None
    end: date
    unit: str
    value: Decimal
    precision: Decimal
    place: int


@dataclass(frozen=True)
class _Context:
    dimensions: Dimensions
    start: date | None
    end: date


def parse(content: bytes) -> ET.Element:
    """Parse a filing's document.

    Raises
    ------
    PullError
        when it is not well-formed, or declares entities of its own.
    """
    if b"<!ENTITY" in content:
        raise PullError("the document declares entities of its own, which no filing does")

    def number(name: re.Match[bytes]) -> bytes:
        point = name2codepoint.get(name[1].decode())
        return b"&#%d;" % point if point else name[0]

    try:
        return ET.fromstring(ENTITY.sub(number, content))
    except ET.ParseError as error:
        raise PullError(f"the document is not inline XBRL: {error}") from None


def _day(element: ET.Element | None) -> date | None:
    return None if element is None else date.fromisoformat((element.text or "").strip()[:10])


def _members(context: ET.Element) -> Dimensions:
    pairs = {(m.get("dimension", ""), (m.text or "").strip()) for m in context.iter(f"{XBRLDI}explicitMember")}
    pairs |= {(m.get("dimension", ""), "".join(m.itertext()).strip()) for m in context.iter(f"{XBRLDI}typedMember")}
    if any(axis == SEGMENT_AXIS for axis, _ in pairs):
        pairs.discard(OPERATING_SEGMENT)
    return tuple(sorted(pairs))


def _contexts(root: ET.Element) -> dict[str, _Context]:
    found = {}
    for context in root.iter(f"{XBRLI}context"):
        start = _day(context.find(f"{XBRLI}period/{XBRLI}startDate"))
        end = _day(context.find(f"{XBRLI}period/{XBRLI}endDate")) or _day(context.find(f"{XBRLI}period/{XBRLI}instant"))
        if end is not None:
            found[context.get("id", "")] = _Context(_members(context), start, end)
    return found


def _units(root: ET.Element) -> dict[str, str]:
    found = {}
    for unit in root.iter(f"{XBRLI}unit"):
        measures = [(m.text or "").strip().rpartition(":")[2] for m in unit.iter(f"{XBRLI}measure")]
        found[unit.get("id", "")] = "/".join(measures)
    return found


def _text(element: ET.Element) -> str:
    """The text of a figure, without what is marked as not belonging to it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag != f"{IX}exclude":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _value(element: ET.Element) -> Decimal:
    form = element.get("format", "").rpartition(":")[2]
    if element.get(NIL) == "true":
        return UNREADABLE
    if form in ZERO_FORMATS:
        return Decimal(0)
    text = re.sub(r"\s", "", _text(element))
    text = text.replace(".", "").replace(",", ".") if form in COMMA_FORMATS else text.replace(",", "")
    if not NUMBER.fullmatch(text):
        return UNREADABLE
    value = Decimal(text).scaleb(int(element.get("scale") or 0))
    return -value if element.get("sign") == "-" else value


def _precision(element: ET.Element) -> Decimal:
    decimals = element.get("decimals", "INF")
    return Decimal(0) if decimals == "INF" else Decimal(5).scaleb(-int(decimals) - 1)


def facts(root: ET.Element) -> list[Fact]:
    """Return the figures of a document, in its order.

    Parameters
    ----------
    root : its parsed text

    Raises
    ------
    PullError
        when it has no figures at all: then it is a document without inline XBRL.
    """
    contexts, units = _contexts(root), _units(root)
    found = []
    for place, element in enumerate(root.iter(f"{IX}nonFraction")):
        context = contexts.get(element.get("contextRef", ""))
        if context is None:
            continue
        name, unit = element.get("name", ""), units.get(element.get("unitRef", ""), "")
        value, precision = _value(element), _precision(element)
        found.append(Fact(name, context.dimensions, context.start, context.end, unit, value, precision, place))
    if not contexts:
        raise PullError("the document has no inline XBRL")
    return found
