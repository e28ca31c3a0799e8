"""Squares whose areas are sums: what is paid is filled, what is only promised an outline, what was said before a ghost.

Lengths are pixels of the drawing; y grows downwards. All squares of a drawing have one scale.
"""

import math
from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.palette import FAINT, MUTED

LARGEST = {"wide": 230.0, "narrow": 116.0}  # pixels: the side of the largest square
COLUMN = {"wide": 128.0, "narrow": 82.0}  # and the least room for the words below one
GAP, LINE, FONT, HEAD, PAUSE, EDGE = 14.0, 15.0, 12.0, 24.0, 16.0, 2.0
FILLS = {"full": 1.0, "pale": 0.32, "outline": 0.07}
LOOKS: dict[str, dict[str, Any]] = {
    "full": {},
    "pale": {"strokeWidth": 1.5},
    "outline": {"strokeWidth": 1.5, "strokeDash": [5, 3]},
}
GHOST: dict[str, Any] = {"strokeWidth": 1.2, "strokeDash": [1.5, 3], "strokeCap": "round"}


def areas(
    frame: pd.DataFrame, words: Mapping[str, str], *, colours: Mapping[str, str]
) -> tuple[alt.LayerChart, float, float]:
    """Draw a square for each row, in lines under a head, each on the line's floor.

    Parameters
    ----------
    frame
        One row a square: ``head`` (of its line), ``name`` and ``note`` (below it), ``label`` (its sum in words, of one
        or more lines), ``value`` (its area), ``look`` (of `LOOKS`), ``before`` (the area of a larger one that was
        spoken of before, NaN if none), ``before_label``, and the columns of ``words``.
    words
        Readers' words for the columns that a square answers with when touched.
    colours
        The role of each head.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    drawn, heights = [], []
    for width in LARGEST:
        placed, said, height = _places(frame.reset_index(drop=True), width)
        size = (float(WIDE if width == "wide" else NARROW), height)
        drawn += [*_boxes(placed, words, colours, width, size), *_words(said, width, size)]
        heights.append(height)
    return cast(alt.LayerChart, alt.layer(*drawn)), heights[0], heights[1]


def _lines(frame: pd.DataFrame, width: str, unit: float) -> list[list[tuple[int, float]]]:
    """The rows of each line of squares, each with the room it takes: as many as the page is wide, by their heads."""
    page, found = WIDE if width == "wide" else NARROW, []
    for _, group in frame.groupby("head", sort=False):
        line: list[tuple[int, float]] = []
        for i, row in group.iterrows():
            room = max(COLUMN[width], unit * math.sqrt(_largest(row)))
            if line and sum(r + GAP for _, r in line) + room > page:
                found.append(line)
                line = []
            line.append((cast(int, i), room))
        found.append(line)
    return found


def _largest(row: pd.Series) -> float:
    return float(row["value"] if pd.isna(row["before"]) else max(row["value"], row["before"]))


def _places(frame: pd.DataFrame, width: str) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The squares with their corners in pixels, all words with their places and what they are, and the height of
    all."""
    unit = LARGEST[width] / math.sqrt(max(_largest(row) for _, row in frame.iterrows()))
    y, boxes, said, head = 0.0, [], [], None
    for line in _lines(frame, width, unit):
        rows = frame.loc[[i for i, _ in line]]
        if rows["head"].iloc[0] != head:
            head = rows["head"].iloc[0]
            said.append({"part": "heads", "x": 0.0, "y": y, "text": head})
            y += HEAD
        floor, x, below = y + max(max(_tops(row, unit)) for _, row in rows.iterrows()), EDGE, 0.0
        for i, room in line:
            row = frame.loc[i]
            boxes.append({"row": i} | _box(x, floor, unit * math.sqrt(row["value"]), row["before"], unit))
            said += _said(row, x, floor, unit)
            names, notes = _wrapped(row["name"], room, is_bold=True), _wrapped(row["note"], room)
            said.append({"part": "states", "x": x, "y": floor + 7, "text": "\n".join(names)})
            said.append({"part": "notes", "x": x, "y": floor + 7 + LINE * len(names), "text": "\n".join(notes)})
            x, below = x + room + GAP, max(below, LINE * (len(names) + len(notes)))
        y = floor + 7 + below + PAUSE
    placed = pd.DataFrame(boxes).join(frame, on="row").drop(columns="row")
    return placed, pd.DataFrame(said), y


def _box(x: float, floor: float, side: float, before: float, unit: float) -> dict[str, float]:
    """The corners of a square on the floor, and of the ghost around it."""
    ghost = unit * math.sqrt(before) if before == before else math.nan
    return {"x": x, "x2": x + side, "y": floor - side, "y2": floor, "ghost_x": x + ghost, "ghost_y": floor - ghost}


def _is_inside(label: str, side: float) -> bool:
    """Whether the lines of a label find room in a square."""
    lines = label.split("\n")
    return side > max(text_width(line, FONT) for line in lines) * 1.08 + 10 and side > LINE * len(lines) + 10


def _tops(row: pd.Series, unit: float) -> tuple[float, float, float, float]:
    """How far above the floor four things reach: the square, its label, the ghost around it, and the words on that."""
    side, ghost = unit * math.sqrt(row["value"]), unit * math.sqrt(_largest(row))
    label = side + (0.0 if _is_inside(row["label"], side) else LINE * _count(row["label"]) + 1)
    if not row["before_label"]:
        return side, label, side, label
    words = LINE * _count(row["before_label"])
    has_room = ghost - label > words + 10
    return side, label, ghost, ghost - 6 if has_room else max(ghost + 1, label + 3) + words


def _count(label: str) -> int:
    return label.count("\n") + 1


def _said(row: pd.Series, x: float, floor: float, unit: float) -> list[dict[str, Any]]:
    """The label in a square, or on top of it where it has no room, and that of the ghost in it or on top of it."""
    side, label, _, words = _tops(row, unit)
    is_inside = label == side
    part = "full_labels" if is_inside and row["look"] == "full" else "labels"
    place = (
        {"x": x + 6, "y": floor - side + 6}
        if is_inside
        else {"x": x + (6 if row["before_label"] else 0), "y": floor - label}
    )
    found = [{"part": part, "text": row["label"]} | place]
    if row["before_label"]:
        found.append({"part": "ghosts", "x": x + 6, "y": floor - words, "text": row["before_label"]})
    return found


def _wrapped(text: str, room: float, is_bold: bool = False) -> list[str]:
    """The lines of a text that are at most so many pixels wide, a longer word on a line of its own."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        is_fit = text_width(longer, FONT) * (1.06 if is_bold else 1.0) <= room
        lines = [*lines[:-1], longer] if is_fit or not lines[-1] else [*lines, word]
    return lines


def _boxes(
    placed: pd.DataFrame, words: Mapping[str, str], colours: Mapping[str, str], width: str, size: tuple[float, float]
) -> list[alt.Chart]:
    paint = colour(placed, "head", colours, is_direct=True)
    used = list(dict.fromkeys(["x", "x2", "y", "y2", "head", *words]))
    ends, made = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}, []
    ghosts = placed[placed["ghost_y"].notna()].drop(columns=["x2", "y"])
    ghosts = ghosts.rename(columns={"ghost_x": "x2", "ghost_y": "y"})[["x", "x2", "y", "y2"]]
    if len(ghosts):
        mark = alt.Chart(round_values(ghosts)).mark_rect(fill=None, stroke=FAINT, tooltip=None, **GHOST)
        made.append(mark.encode(**at(*size), **ends).properties(name=f"{width}_before"))
    for look, more in LOOKS.items():
        part = placed[placed["look"] == look]
        if len(part):
            mark = alt.Chart(round_values(part[used])).mark_rect(fillOpacity=FILLS[look], opacity=1, **more)
            edge: dict[str, Any] = (
                {"stroke": alt.Stroke("head:N", title=None, scale=paint["scale"], legend=None)} if more else {}
            )
            mark = mark.encode(**at(*size), **ends, **edge, color=paint, tooltip=tooltips(placed, words))
            made.append(mark.properties(name=f"{width}_{look}"))
    return made


def _words(said: pd.DataFrame, width: str, size: tuple[float, float]) -> list[alt.Chart]:
    marks: dict[str, dict[str, Any]] = {
        "heads": {"fontWeight": "bold", "fontSize": 13},
        "labels": {"fontWeight": "bold"},
        "full_labels": {"fontWeight": "bold", "color": "white"},
        "ghosts": {"color": MUTED},
        "states": {"fontWeight": "bold"},
        "notes": {"color": MUTED},
    }
    shared: dict[str, Any] = {"align": "left", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE}
    return [
        texts(said[said["part"] == part], f"{width}_{part}", size, **{"fontSize": FONT} | shared | more)
        for part, more in marks.items()
        if (said["part"] == part).any()
    ]
