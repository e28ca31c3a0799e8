"""A layered layout: the places of boxes in their rows, the curves between them, and the places of their labels.

Boxes of a row are ordered by the places of those they pay or are paid by, and are spaced evenly. A curve takes
the bend that crosses the fewest other boxes. All depends on the places and pairs only, so that a picture of an
earlier day has the same places.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

HALF_WIDTH, HALF_HEIGHT = 0.5, 0.155  # of a box
LEFT, RIGHT = -2.75, 2.6
ROW_Y = (4.0, 3.05, 2.15, 1.1, 0.0)  # of the rows from above
BENDS = (0.12, -0.12, 0.2, -0.2, 0.3, -0.3, 0.42, -0.42, 0.55, -0.55)
LABEL_PLACES = (0.4, 0.5, 0.32, 0.6, 0.25, 0.68)  # along a curve
Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Positions of the boxes by name."""

    boxes: dict[str, Point]

    def control(self, payer: str, payee: str, rank: int = 0) -> Point:
        """Return the control point of the quadratic curve from one box to another.

        ``rank`` counts the curves between the same two boxes, so that each gets its own. A curve keeps to the right of
        its direction where it can, so that money both ways bows apart.
        """
        start, end = np.array(self.boxes[payer]), np.array(self.boxes[payee])
        across = np.array([end[1] - start[1], start[0] - end[0]])
        others = np.array([xy for name, xy in self.boxes.items() if name not in (payer, payee)]).reshape(-1, 2)
        tried = []
        for i, bend in enumerate(BENDS):
            control = (start + end) / 2 + across * (bend + 0.14 * rank)
            points = curve(start, control, end)
            inside = np.abs(points[:, None, :] - others[None]) < (HALF_WIDTH + 0.03, HALF_HEIGHT + 0.03)
            outside = ((points < (LEFT - 0.2, ROW_Y[-1] - 0.3)) | (points > (RIGHT + 0.2, ROW_Y[0] + 0.3))).any(axis=1)
            tried.append((inside.all(axis=2).sum() + 2 * outside.sum(), i, control))
        best = min(tried, key=lambda t: t[:2])[2]
        return float(best[0]), float(best[1])


def curve(start: np.ndarray, control: np.ndarray, end: np.ndarray, steps: int = 24) -> np.ndarray:
    """Return points of a quadratic curve, (steps - 1, 2), without its ends."""
    t = np.linspace(0, 1, steps + 1)[1:-1, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end


def layered(rows: dict[str, int], pairs: pd.DataFrame) -> Layout:
    """Return the layout of boxes in rows.

    Parameters
    ----------
    rows
        The row of each box, 0 above.
    pairs
        The curves: payer, payee (names of boxes), high (their weight).
    """
    order = {row: sorted(n for n in rows if rows[n] == row) for row in set(rows.values())}
    x = {name: place for names in order.values() for name, place in zip(names, _even(len(names)), strict=True)}
    both = pd.concat([pairs[["payer", "payee", "high"]], pairs.rename(columns={"payer": "payee", "payee": "payer"})])
    neighbours = {name: list(zip(p["payee"], 1 + p["high"], strict=True)) for name, p in both.groupby("payer")}
    for _ in range(8):
        for row in sorted(order):
            order[row].sort(key=lambda name: (_barycentre(name, neighbours, x, rows), name))
            x |= dict(zip(order[row], _even(len(order[row])), strict=True))
    return Layout({name: (x[name], ROW_Y[rows[name]]) for row in sorted(order) for name in order[row]})


def _even(count: int) -> list[float]:
    """Places at even distances; one alone stands left of the middle, so that curves can pass it on its right."""
    if count == 1:
        return [-0.75]
    if count == 2:
        return [LEFT + (RIGHT - LEFT) * share for share in (0.4, 0.85)]
    step = (RIGHT - LEFT) / count
    return [LEFT + step * (i + 0.5) for i in range(count)]


def _barycentre(
    name: str, neighbours: dict[str, list[tuple[str, float]]], x: dict[str, float], rows: dict[str, int]
) -> float:
    """The mean place of the boxes that a box is tied to, by the square root of the money, nearer rows first."""
    ties = [
        (x[n], weight**0.5 / (1 + abs(rows[n] - rows[name]))) for n, weight in neighbours.get(name, []) if n in rows
    ]
    total = sum(w for _, w in ties)
    return sum(at * w for at, w in ties) / total if total else 0.0


def label_places(curves: list[tuple[Point, Point, Point]], boxes: dict[str, Point]) -> list[float]:
    """Return how far along each curve its label stands, so that labels meet neither boxes nor one another."""
    taken: list[np.ndarray] = []
    found = []
    centres = np.array(list(boxes.values())).reshape(-1, 2)
    for start, control, end in curves:
        options = []
        for i, t in enumerate(LABEL_PLACES):
            point = (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(control) + t**2 * np.array(end)
            hits = (np.abs(point - centres) < (HALF_WIDTH + 0.15, HALF_HEIGHT + 0.08)).all(axis=1).sum()
            near = sum(bool((np.abs(point - other) < (0.42, 0.17)).all()) for other in taken)
            options.append((hits + near, i, t, point))
        _, _, best, point = min(options, key=lambda o: o[:2])
        taken.append(point)
        found.append(best)
    return found
