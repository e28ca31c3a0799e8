"""What a reader is told of the note of a row: what happened, without what the note says about keeping the ledger.

A note is the ledger's own: beside the news it says how a day was chosen, which rows it must not be added to, and the
words of the text. The page on the ledger has it whole.
"""

import re
from collections.abc import Collection

SENTENCE = re.compile(r"(?<=[.;?!])\s+(?=[A-Z\"“'(]|low =|high =|gw |as_of)")
# How a sentence begins, or what stands in it, that speaks of the ledger and not of the deal.
BEGINNINGS = (
    r"start\b|end\b|term \d|row\b|month\b|day\b|derived|words:|counted in|low =|later documents|from this day the row|"
    r"the amounts? (?:rests?|are)\b|price from|pages?\b|the release is dated|cumulative of"
)
MENTIONS = (
    r"day not seen|month inferred|day approximate|month-end used|month only|do not add|tally date|year only|as_of|"
    r"kept as a point|keep it out|the ledger|low bound|other pages|another page|no conflict|misprint|secondary pages|"
    r"derived|\bgw [=c]|single-sourced|is the press's|date is|a row of its own|rows of their own|no rows?\b|"
    r"\b[a-z]+(?:-[a-z0-9]+){2,}\b"  # a key
)
OF_LEDGER = re.compile(f"^(?:{BEGINNINGS})|{MENTIONS}", re.IGNORECASE)


def sentences(note: str) -> list[str]:
    """The sentences of a note that tell of the deal."""
    return [s for s in SENTENCE.split(note.strip()) if s and not OF_LEDGER.search(s)]


def news_of(note: str, known: Collection[str] = ()) -> str:
    """The sentences of a note that tell of the deal, without those known already; empty where none does."""
    told = [s for s in sentences(note) if s not in known]
    text = " ".join(told).rstrip(";, ")
    if not text:
        return ""
    first = text if text[:2] != text[:2].lower() else f"{text[:1].upper()}{text[1:]}"
    return first if first[-1] in '.?!”"' else f"{first}."
