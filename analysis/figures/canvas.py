"""Drawing at pixels: channels without axes, texts, and labels beside points that meet nothing else.

Lengths are pixels of the drawing; y grows downwards.
"""

import textwrap
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import WIDTH, round_values

PADDING = 12  # of a drawing, left and right together
WIDE, NARROW = WIDTH - PADDING, 318  # what a drawing leaves for the plot on a wide page and on a phone
FONT = 11.0
GAP = 4.0
# Widths of characters in shares of a font size, wider than most fonts draw them.
CHARACTER_WIDTHS = {0.3: "fijlrtI.,:;'|!()[] ", 0.86: "mwMW%@—…"}
UPPER_WIDTH, LOWER_WIDTH, FULL_WIDTH = 0.72, 0.565, 1.05
Box = tuple[float, float, float, float]  # left, right, top, bottom


def at(width: float, height: float, x: str = "x", y: str = "y") -> dict[str, Any]:
    """Return the channels by which the columns ``x`` and ``y`` are pixels of a plot of the given size."""
    wide, high = alt.Scale(domain=[0, width], nice=False), alt.Scale(domain=[0, height], reverse=True, nice=False)
    return {"x": alt.X(f"{x}:Q", scale=wide, axis=None), "y": alt.Y(f"{y}:Q", scale=high, axis=None)}


def texts(frame: pd.DataFrame, name: str, size: tuple[float, float], text: str = "text", **mark: Any) -> alt.Chart:
    """Return the texts of a frame with x and y, as a view of this name in a plot of this size."""
    base = alt.Chart(round_values(frame[["x", "y", text]])).mark_text(tooltip=None, **{"fontSize": FONT} | mark)
    return base.encode(**at(*size), text=alt.Text(f"{text}:N")).properties(name=name)


def rules(frame: pd.DataFrame, name: str, size: tuple[float, float], **mark: Any) -> alt.Chart:
    """Return straight lines from x and y to ``x2`` or ``y2``, whichever the frame has."""
    base = alt.Chart(round_values(frame)).mark_rule(tooltip=None, **mark)
    ends = {"x2": alt.X2("x2:Q")} if "x2" in frame else {"y2": alt.Y2("y2:Q")}
    return base.encode(**at(*size), **ends).properties(name=name)


def text_width(text: str, size: float = FONT) -> float:
    """Return the width of a text, at least as large as that of the fonts of the report."""
    return size * sum(_width(c) for c in text)


def _width(character: str) -> float:
    if ord(character) > 0x2E80:
        return FULL_WIDTH
    known = next((w for w, characters in CHARACTER_WIDTHS.items() if character in characters), None)
    return known or (UPPER_WIDTH if character.isupper() else LOWER_WIDTH)


def broken_lines(text: str, room: float, size: float = FONT) -> list[str]:
    """Return a text broken into lines that are at most ``room`` pixels wide, words that are longer broken too."""
    length = max(4, int(room / (0.4 * size)))
    lines = textwrap.wrap(text, length)
    while length > 4 and any(text_width(line, size) > room for line in lines):
        length -= 1
        lines = textwrap.wrap(text, length)
    return lines


def meet(a: Box, b: Box) -> bool:
    """Return whether two boxes overlap."""
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


@dataclass
class Label:
    """A place for words: their box, where they are anchored, and the box of a line to their mark."""

    box: Box
    x: float
    y: float
    align: str
    leader: Box | None = None

    def meets(self, others: list[Box]) -> bool:
        """Return whether the words or the line to them lie on one of the boxes."""
        own = [self.box, *([self.leader] if self.leader else [])]
        return any(meet(a, b) for a in own for b in others)


def beside(x: float, y: float, radius: float, text: str) -> dict[str, Label]:
    """Return the places to the right and to the left of a mark."""
    width, half = text_width(text), FONT * 0.6
    right, left = x + radius + GAP, x - radius - GAP
    return {
        "right": Label((right, right + width, y - half, y + half), right, y, "left"),
        "left": Label((left - width, left, y - half, y + half), left, y, "right"),
    }


def around(x: float, y: float, radius: float, text: str, has_leaders: bool = True) -> list[Label]:
    """Return the places above and below a mark, then those higher up that a line leads to."""
    width, half, edge = text_width(text), FONT * 0.6, radius + 1
    made = []
    for lift in (-edge - half, edge + half, *([-edge - 3.3 * half] if has_leaders else [])):
        leader = (x - 1, x + 1, y + lift + half, y - edge) if lift < -edge - half else None
        made += [
            Label((start, start + width, y + lift - half, y + lift + half), anchor, y + lift, align, leader)
            for align, anchor, start in (
                ("center", x, x - width / 2),
                ("left", x - radius, x - radius),
                ("right", x + radius, x + radius - width),
            )
        ]
    return made


def first_free(options: list[Label], taken: list[Box], left: float, right: float) -> Label | None:
    """Return the first place between ``left`` and ``right`` that meets nothing, if there is one."""
    inside = (o for o in options if o.box[0] >= left and o.box[1] <= right)
    return next((o for o in inside if not o.meets(taken)), None)
