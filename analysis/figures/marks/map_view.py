"""Where all stands on a map of one width: its circles, the words beside them, and the list below.

Lengths are pixels of the drawing; y grows downwards.
"""

import textwrap
from typing import Any

import numpy as np
import pandas as pd

from analysis.figures.canvas import NARROW, Box, broken_lines
from analysis.figures.marks.map_layout import (
    EAST,
    LINE,
    NORTH,
    SOUTH,
    WEST,
    Words,
    albers,
    apart,
    beside,
    is_on_map,
    place_words,
)

WIDTHS = {"wide": 828.0, "narrow": float(NARROW)}  # of the plot as the page draws it
MAPS = {"wide": 760.0, "narrow": float(NARROW)}  # of the map in it
LARGEST = {"wide": 37.0, "narrow": 20.0}  # radius of the largest circle
LEAST = {"wide": 3.8, "narrow": 3.3}  # of one whose size is not known
FONT, NUMBER = 12.0, 10.5  # of words, and of a number in a circle
LIST_LEFT, LIST_TOP = 680.0, 0.6  # on a wide page: off the coast of Georgia, in pixels and in heights of the map
KEY_ROW, KEY_LINES = 19.0, 4
CROSS_ROOM = 7.0  # radius around a cross


class MapView:
    """Where all stands in a drawing of one width; ``most`` is the quantity of the largest circle of all days."""

    def __init__(self, frame: pd.DataFrame, name: str, elsewhere: str, most: float):
        self.name, self.width = name, WIDTHS[name]
        self.scale = (MAPS[name] - 4) / (EAST - WEST)
        self.bottom = (SOUTH - NORTH) * self.scale + 6
        unit = LARGEST[name] / np.sqrt(most) if most > 0 else 0.0
        radius = np.maximum(unit * np.sqrt(frame["whole"].to_numpy(float)), LEAST[name])
        self.spots = frame.assign(r=radius, inner=unit * np.sqrt(frame["part"]), row=frame.index)
        self.spots["silent"] = frame["whole"] <= 0
        x, y = albers(frame["lon"].astype(float), frame["lat"].astype(float))
        on_map = is_on_map(frame["lon"].astype(float), frame["lat"].astype(float))
        here = self.spots[on_map].assign(x=self.left(x[on_map]), y=self.top(y[on_map]))
        self.here, self.there = self._clear(here).reset_index(drop=True), self.spots[~on_map].reset_index(drop=True)
        self.elsewhere = elsewhere if len(self.there) else ""
        self.places = self._places()
        self._list()

    def _clear(self, here: pd.DataFrame) -> pd.DataFrame:
        """The circles moved apart, and crosses to places that none covers."""
        is_lost = here["look"] == "lost"
        circles, crosses = here[~is_lost], here[is_lost]
        x, y, room = (circles[c].to_numpy(float) for c in ("x", "y", "r"))
        x, y = apart(x, y, room)
        x, y = np.clip(x, room, self.width - room), np.clip(y, room, self.bottom - room)
        at_x, at_y = beside(crosses["x"].to_numpy(float), crosses["y"].to_numpy(float), CROSS_ROOM, (x, y, room))
        return pd.concat([circles.assign(x=x, y=y), crosses.assign(x=at_x, y=at_y, r=CROSS_ROOM)]).loc[here.index]

    def _places(self) -> list[Words | None]:
        """The places of the words on the map: names, or numbers on a phone."""
        lines = [[*r.name_lines, *r.said_lines] for r in self.wrapped(self.here, 24).itertuples()]
        if self.name == "narrow":
            lines = [[str(n)] for n in range(1, len(lines) + 1)]
        taken: list[Box] = []
        if self.name == "wide":
            taken = [(0.0, 200.0, self.bottom - KEY_LINES * KEY_ROW, self.bottom)]
            taken += [(LIST_LEFT, self.width, LIST_TOP * self.bottom - 6, self.bottom)] if len(self.there) else []
        return place_words(self.here, lines, FONT, self.width, self.bottom, taken)

    def left(self, x: Any) -> Any:
        return 2 + (x - WEST) * self.scale

    def top(self, y: Any) -> Any:
        return 3 + (y - NORTH) * self.scale

    @staticmethod
    def wrapped(frame: pd.DataFrame, length: int) -> pd.DataFrame:
        return frame.assign(
            name_lines=[textwrap.wrap(str(t), length) or [""] for t in frame["name"]],
            said_lines=[textwrap.wrap(str(t), length + 7) for t in frame["said"]],
        )

    def _list(self) -> None:
        """Set the places of the list, in the ocean or below a small map: its circles and words, and the height."""
        is_below = self.name == "narrow"
        left, y = (0.0, self.bottom + 3 * KEY_ROW + 6) if is_below else (LIST_LEFT, LIST_TOP * self.bottom)
        self.key_y = self.bottom + 12 if is_below else self.bottom - (KEY_LINES - 0.6) * KEY_ROW
        missing = self.here[[is_below or place is None for place in self.places]]
        blocks = [("", missing)] if len(missing) else []
        blocks += [(self.elsewhere, self.there)] if len(self.there) else []
        listed: list[dict[str, Any]] = []
        self.heads: list[dict[str, Any]] = []
        for head, rows in blocks:
            if head:
                lines = broken_lines(head, self.width - left, FONT)
                self.heads.append({"x": left, "y": y, "text": "\n".join(lines)})
                y += LINE * len(lines) + 5
            reach = float(rows["r"].max()) if head else 9.0
            for row in rows.itertuples():
                words = broken_lines(str(row.told), self.width - left - 2 * reach - 6, FONT)
                listed.append({"row": row.row, "x": left + reach, "y": y, "words": "\n".join(words)})
                listed[-1] |= {"text_x": left + 2 * reach + 6, "lines": len(words), "is_circle": bool(head)}
                y += max(LINE * len(words), 2 * row.r + 2 if head else 0) + 6
            y += 4
        self.listed = pd.DataFrame(listed)
        self.height = max(y, self.bottom)
