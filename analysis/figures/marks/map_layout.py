"""Where things stand on a map of the continental United States: the projection, circles side by side, their words.

Lengths are pixels of the drawing; y grows downwards.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.figures.canvas import Box, meet, text_width

# Albers' equal-area conic projection as usual for the United States; degrees.
PARALLELS, CENTRE = (29.5, 45.5), (-96.0, 37.5)
UNITS = 2000  # of the outlines in `us_states`, a radius of the earth
WEST, EAST, NORTH, SOUTH = -0.3695, 0.3535, -0.245, 0.2045  # edges of the continental states, radii from the centre
APART = 3.0  # between two circles
LINE, SPACE = 14.0, 4.0  # of words, and from a circle to its words
REACHES = (0.0, 10.0, 22.0, 36.0, 54.0, 74.0)  # from a circle to its words where nearer ones have no room
SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


def albers(lon: pd.Series, lat: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Project places on the sphere.

    Parameters
    ----------
    lon, lat
        Degrees east and north; NaN stays NaN.

    Returns
    -------
    Series, Series
        Radii of the earth to the right of `CENTRE`, and below it.

    Source: Snyder, "Map projections: a working manual" (US Geological Survey, 1987), equations 14-1 to 14-6.
    """
    first, second = np.radians(PARALLELS)
    cone = (np.sin(first) + np.sin(second)) / 2
    constant = np.cos(first) ** 2 + 2 * cone * np.sin(first)
    turn = cone * np.radians(lon - CENTRE[0])
    radius = np.sqrt(constant - 2 * cone * np.sin(np.radians(lat))) / cone
    middle = np.sqrt(constant - 2 * cone * np.sin(np.radians(CENTRE[1]))) / cone
    return radius * np.sin(turn), radius * np.cos(turn) - middle


def is_on_map(lon: pd.Series, lat: pd.Series) -> pd.Series:
    """Whether places lie within the edges of the map; those without coordinates do not."""
    x, y = albers(lon, lat)
    return x.between(WEST, EAST) & y.between(NORTH, SOUTH)


def apart(x: np.ndarray, y: np.ndarray, radius: np.ndarray, rounds: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Move circles that overlap apart, each pair along the line between them, the smaller one further.

    Parameters
    ----------
    x, y, radius
        Shape (n,); pixels.

    Returns
    -------
    ndarray, ndarray
        The new places, shape (n,).
    """
    spots, size = np.column_stack([x, y]).astype(float), radius**2
    for _ in range(rounds):
        is_clear = True
        for a, b in itertools.combinations(range(len(spots)), 2):
            between = spots[b] - spots[a]
            distance = float(np.hypot(*between))
            missing = radius[a] + radius[b] + APART - distance
            if missing > 0.01:
                is_clear = False
                way = between / distance if distance > 0 else np.array([1.0, 0.0])
                share = size[b] / (size[a] + size[b])
                spots[a] -= way * missing * share
                spots[b] += way * missing * (1 - share)
        if is_clear:
            break
    return spots[:, 0], spots[:, 1]


def beside(
    x: np.ndarray, y: np.ndarray, radius: float, others: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Move small marks to the nearest places on which no circle, and none of the marks before, stands.

    Parameters
    ----------
    x, y
        Shape (n,); pixels.
    radius
        Of a mark.
    others
        x, y and radius of the circles, shape (m,).

    Returns
    -------
    ndarray, ndarray
        The new places, shape (n,).
    """
    left, top, room = (list(part) for part in others)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    made = []
    for own_x, own_y in zip(x, y, strict=True):
        tried = [(own_x, own_y)]
        tried += [(own_x + r * np.cos(a), own_y + r * np.sin(a)) for r in range(3, 90, 3) for a in angles]
        reach = np.array(room) + radius
        free = (spot for spot in tried if not len(reach) or (np.hypot(spot[0] - left, spot[1] - top) >= reach).all())
        spot = next(free, tried[0])
        made.append(spot)
        left, top, room = [*left, spot[0]], [*top, spot[1]], [*room, radius]
    return np.array([a for a, _ in made]), np.array([b for _, b in made])


@dataclass(frozen=True)
class Words:
    """Where the words of a circle stand: the anchor of their first line, and the ends of a line to it, if any."""

    box: Box
    x: float
    y: float
    align: str
    leader: tuple[float, float, float, float] | None


def _places(x: float, y: float, radius: float, width: float, height: float) -> Iterator[Words]:
    """The places around a circle, the nearest first."""
    for reach, (right, down) in itertools.product(REACHES, SIDES):
        slant = 0.75 if right and down else 1.0
        far = (radius + SPACE + reach) * slant
        at_x, at_y = x + right * far, y + down * far
        left = at_x - width * (1 - right) / 2
        top = at_y - height / 2 if not down else at_y - height if down < 0 else at_y
        align = {1: "left", 0: "center", -1: "right"}[right]
        edge = radius * slant
        leader = (x + right * edge, y + down * edge, at_x - right * 2, at_y - down * 2) if reach else None
        yield Words((left, left + width, top, top + height), at_x, top, align, leader)


def _crosses(leader: tuple[float, float, float, float], boxes: list[Box]) -> bool:
    x, y, x2, y2 = leader
    points = [(x + (x2 - x) * t, y + (y2 - y) * t) for t in (0.15, 0.4, 0.65, 0.9)]
    return any(meet((a - 1, a + 1, b - 1, b + 1), box) for a, b in points for box in boxes)


def place_words(
    spots: pd.DataFrame, lines: list[list[str]], size: float, width: float, height: float, taken: list[Box]
) -> list[Words | None]:
    """Find room for the words of each circle, the largest circle first.

    Parameters
    ----------
    spots
        One row a circle: ``x``, ``y``, ``r`` (pixels).
    lines
        The lines of words of each.
    size
        Of the font.
    width, height
        Of the drawing.
    taken
        Boxes in which there is no room.

    Returns
    -------
    list of Words
        None where there is no room.
    """
    circles = [(s.x - s.r, s.x + s.r, s.y - s.r, s.y + s.r) for s in spots.itertuples()]
    taken = list(taken)
    found: list[Words | None] = [None] * len(spots)
    for i in spots["r"].reset_index(drop=True).sort_values(ascending=False, kind="stable").index:
        spot = spots.iloc[i]
        wide, high = max((text_width(line, size) for line in lines[i]), default=0.0), LINE * len(lines[i])
        others = [box for n, box in enumerate(circles) if n != i] + taken
        for place in _places(spot["x"], spot["y"], spot["r"], wide, high):
            left, right, top, bottom = place.box
            is_inside = left >= 0 and right <= width and top >= 0 and bottom <= height
            if is_inside and not any(meet(place.box, box) for box in others):
                if place.leader and _crosses(place.leader, others):
                    continue
                found[i] = place
                taken.append(place.box)
                break
    return found
