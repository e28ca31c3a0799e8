"""The places of marks and words in lanes over time: which row a thread takes, and where each label stands.

A thread is what belongs together and is joined by a line, such as a deal and its amendments. Threads of a lane share a
row where neither their marks nor their labels meet. A lane has `MOST_ROWS` rows; the smallest of what is left share
one more, without labels. Lengths are pixels of the drawing; y grows downwards.
"""

import math
from dataclasses import dataclass, field

from analysis.figures.canvas import Box, Label, around, beside, first_free, meet

MOST_ROWS = 5
GATHERED_RADIUS = 3.0


@dataclass
class Mark:
    """One mark of a thread: ``x``, ``radius``, the words beside it, and ``key``, by which its drawer knows it.

    ``y`` and the place of the label (``label_x``, ``label_y``, its ``align``, whether a line leads to it) are filled
    in by `arrange`; a label without room is "".
    """

    key: int
    x: float
    radius: float
    label: str
    y: float = math.nan
    label_x: float = math.nan
    label_y: float = math.nan
    align: str = "left"
    has_leader: bool = False


@dataclass
class Thread:
    """Marks from left to right, and how much the thread weighs when room is short."""

    marks: list[Mark]
    weight: float
    is_joined: bool = True


@dataclass
class Lane:
    """A lane with its threads and the least height; `arrange` fills in its ends and the threads it gathers."""

    name: str
    threads: list[Thread]
    least: float = 0.0
    top: float = math.nan
    bottom: float = math.nan
    gathered: list[Thread] = field(default_factory=list)


def _candidates(mark: Mark, place: str) -> list[Label]:
    """Places for a mark's label, the best first; ``place`` is "only", "first", "middle" or "last" of its thread."""
    sides, near = beside(mark.x, 0.0, mark.radius, mark.label), around(mark.x, 0.0, mark.radius, mark.label)
    return {
        "only": [sides["right"], *near[:3], sides["left"], *near[3:]],
        "first": [sides["left"], *near],
        "middle": near,
        "last": [sides["right"], *near],
    }[place]


def _place_of(i: int, thread: Thread) -> str:
    if len(thread.marks) == 1 or not thread.is_joined:
        return "only"
    return "first" if i == 0 else "last" if i == len(thread.marks) - 1 else "middle"


@dataclass
class _Row:
    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def take(self, thread: Thread, left: float, right: float, may_drop: bool) -> bool:
        """Place a thread in the row if it has room; labels without room are dropped if they may be."""
        own = [(m.x - m.radius - 1, m.x + m.radius + 1, -m.radius - 1, m.radius + 1) for m in thread.marks]
        if thread.is_joined and len(own) > 1:
            own.append((thread.marks[0].x, thread.marks[-1].x, -2.0, 2.0))
        if any(meet(a, b) for a in own for b in self.boxes):
            return False
        placed: dict[int, Label] = {}
        count = len(thread.marks)
        for i in sorted(range(count), key=lambda i: (i not in (0, count - 1), i)):  # the ends matter most
            taken = [*self.boxes, *own[:i], *own[i + 1 :], *(label.box for label in placed.values())]
            taken += [label.leader for label in placed.values() if label.leader]
            options = _candidates(thread.marks[i], _place_of(i, thread))
            if best := first_free(options, taken, left, right):
                placed[i] = best
            elif not may_drop:
                return False
        for i, mark in enumerate(thread.marks):
            label = placed.get(i)
            mark.label = mark.label if label else ""
            if label:
                mark.label_x, mark.label_y, mark.align, mark.has_leader = (
                    label.x,
                    label.y,
                    label.align,
                    bool(label.leader),
                )
        self.boxes += [*own, *(label.box for label in placed.values())]
        self.boxes += [label.leader for label in placed.values() if label.leader]
        self.marks += thread.marks
        return True


def _rows(threads: list[Thread], left: float, right: float) -> list[_Row]:
    rows: list[_Row] = []
    for thread in sorted(threads, key=lambda t: (t.marks[0].x, -t.weight)):
        if not any(row.take(thread, left, right, may_drop=False) for row in rows):
            fresh = _Row()
            fresh.take(thread, left, right, may_drop=True)
            rows.append(fresh)
    return rows


def _copy(threads: list[Thread]) -> list[Thread]:
    return [Thread([Mark(m.key, m.x, m.radius, m.label) for m in t.marks], t.weight, t.is_joined) for t in threads]


def arrange(lanes: list[Lane], left: float, right: float, padding: float = 7.0) -> float:
    """Place the marks and labels of lanes between ``left`` and ``right``, one lane below the other.

    Returns
    -------
    float
        The height of all lanes. The lanes, their threads and marks are filled in.
    """
    top = 0.0
    for lane in lanes:
        kept = sorted(lane.threads, key=lambda t: -t.weight)
        while len(rows := _rows(placed := _copy(kept), left, right)) > MOST_ROWS:
            lane.gathered.append(kept.pop())
        lane.threads, lane.top, y = placed, top, top + padding
        for row in rows:
            rise, fall = (max(0.0, -min(b[2] for b in row.boxes)), max(b[3] for b in row.boxes))
            y += rise
            for mark in row.marks:
                mark.y, mark.label_y = y, mark.label_y + y
            y += fall + 3
        if lane.gathered:
            y += GATHERED_RADIUS
            for thread in lane.gathered:
                for mark in thread.marks:
                    mark.y, mark.radius, mark.label = y, GATHERED_RADIUS, ""
            y += GATHERED_RADIUS + 3
        lane.bottom = top = max(y + padding, lane.top + lane.least)
    return top
