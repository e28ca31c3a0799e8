"""Where the parts of a round trip stand (see `round_trips`): heights of ribbons, and rings that do not cross.

Lengths are pixels of the drawing; y grows downwards. Widths of ribbons are true: a unit of the sum is `UNIT`
pixels, less where the rings would find no room.
"""

import math
import textwrap
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, text_width

UNIT = 2.4
LEAST_LEFT = 80.0  # what the narrowest view leaves for rings on the left of the middle party
BELOW, GAP = 6.0, 12.0  # below the words on those who are paid, and what parts them
RING_GAP, RADIUS = 6.0, 26.0  # between two rings, and of the innermost one's corners
HEADROOM = 60.0  # from the innermost ring's upper run to the middle party, for a line of words
STEPS = 16  # pieces of a bend
LINE, FONT = 14.0, 12.0


@dataclass(frozen=True)
class Places:
    """Where things stand from left to right: the width, the middle party's edges, and the bars of those it pays."""

    name: str
    width: float
    left: float
    right: float
    paid: float


class Lit(NamedTuple):
    """What is bright at a stop of a walk through the picture: rows whose ribbons, and whose rings, are, and whether
    what comes from outside is."""

    paid: Collection[int] = ()
    rings: Collection[int] = ()
    is_outside: bool = False


VIEWS = (Places("wide", float(WIDE), 178, 262, 432), Places("narrow", float(NARROW), 82, 134, 178))


class Placed:
    """The heights at which ribbons leave, arrive and come round in a view."""

    def __init__(self, frame: pd.DataFrame, kinds: list[str], view: Places, walk: Sequence[Lit] = ()):
        self.frame, self.kinds, self.view, self.walk = frame, kinds, view, walk
        self.rings = frame.index[frame["back"] > 0].tolist()
        room = LEAST_LEFT - RING_GAP * (len(self.rings) + 1)
        self.unit = min(UNIT, room / frame["back"].sum()) if self.rings else UNIT
        thick = [self.unit * frame["back"][i] for i in self.rings]
        self.room = sum(thick) + RING_GAP * len(thick)  # of the rings' upper runs
        top = 4 + self.room + (HEADROOM if thick else 0)
        length = int((view.width - self.room - view.paid - 16) / text_width("n", FONT))  # beside the rings
        self.names = [textwrap.wrap(name, max(6, length)) or [name] for name in frame["name"]]
        heights = [LINE * (len(lines) + 1) + BELOW for lines in self.names]
        slots = [
            max(height + self.unit * row.back, self.unit * row.whole)
            for height, row in zip(heights, frame.itertuples(index=False), strict=True)
        ]
        column = sum(slots) + GAP * (len(slots) - 1)
        whole = self.unit * frame["whole"].sum()
        self.height = top + max(column, whole) + 6
        self.middle_top = top + max(0.0, (column - whole) / 2) * 0.5
        self.middle_bottom = self.middle_top + whole
        self.paid_top = [top + max(0.0, whole - column) / 2 + sum(slots[:i]) + GAP * i for i in range(len(slots))]

    def stops(self, is_lit: Callable[[Lit], bool]) -> str:
        """Return the stops of the walk at which something is bright, each between blanks."""
        return " ".join(["", "0", *(str(n) for n, lit in enumerate(self.walk, 1) if is_lit(lit)), ""])

    def paid_stops(self, row: int) -> str:
        return self.stops(lambda lit: row in lit.paid)

    def ring_stops(self, row: int) -> str:
        return self.stops(lambda lit: row in lit.rings)

    def ribbons(self) -> pd.DataFrame:
        """Return the flows from the middle party: row, kind, from which height to which, and their thickness."""
        y, found = self.middle_top, []
        for i, row in self.frame.iterrows():
            end = self.paid_top[i]
            for kind, part in zip(self.kinds, (row["back"], row["whole"] - row["back"]), strict=False):
                if part > 0:
                    found.append({"row": i, "kind": kind, "start": y, "end": end, "thick": self.unit * part})
                    found[-1]["stops"] = self.paid_stops(i)
                    y, end = y + self.unit * part, end + self.unit * part
        return pd.DataFrame(found)

    def ring(self, row: int) -> tuple[list[tuple[float, float]], float]:
        """Return the points of a ring, from the one who is paid round above to the middle party, and its thickness."""
        view, thick = self.view, [self.unit * self.frame["back"][i] for i in self.rings]
        n = self.rings.index(row)
        outside = sum(thick[n + 1 :]) + RING_GAP * (len(thick) - 1 - n) + thick[n] / 2 + 2
        up, over, down = view.width - outside, outside + 2, outside
        leaving = self.paid_top[row] + thick[n] / 2
        arriving = self.middle_top + sum(thick[:n]) + thick[n] / 2
        radius = min(RADIUS + sum(thick[:n]) + RING_GAP * n, (leaving - over) / 2, (arriving - over) / 2)
        corners = [
            (up - radius, leaving - radius, 90, 0),
            (up - radius, over + radius, 0, -90),
            (down + radius, over + radius, -90, -180),
            (down + radius, arriving - radius, 180, 90),
        ]
        points = [(view.paid, leaving)]
        for x, y, start, stop in corners:
            angles = (math.radians(start + (stop - start) * k / STEPS) for k in range(STEPS + 1))
            points += [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
        return [*points, (view.left, arriving)], thick[n]
