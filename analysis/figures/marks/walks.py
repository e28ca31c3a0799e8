"""Who pays whom: boxes in a grid, an arrow for each payment, and below them the steps in sentences.

A reader follows the money by the parameter `STOP`: at 0 all is bright, at n the n-th payment alone. An arrow is whole
where a price is published, dashed where none is. Lengths are pixels of the drawing; y grows downwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, broken_lines, text_width
from analysis.figures.figure import round_values, with_parameter
from analysis.figures.marks.common import colour, tooltips
from analysis.figures.marks.round_trips import ARROW, STOP
from analysis.figures.palette import INK, MUTED, PANEL, PAPER

FONT, LINE, DIM = 12.0, 15.0, 0.16
ROOM, OVER, GAP = 14.0, 66.0, 18.0  # from an arrow to its words, above a row that an arrow passes over, below the grid
BADGE = 8.5  # radius of a step's number on its arrow
SMALL = 11.0  # font of the words in a box
STRETCH = 1.2  # a wide page draws the view wider than it is laid out, by at least as much
Spot = tuple[int, int]  # column and row
Path = list[tuple[float, float]]


@dataclass(frozen=True)
class _Grid:
    """The measures of a view: its width, its boxes, the arrows from row to row, and how many steps are side by side."""

    name: str
    width: float
    box: float
    high: float
    arrow: float
    beside: int

    def lines(self, text: str) -> list[str]:
        """Return the words below a name as lines of a box."""
        return broken_lines(text, self.box - 6, SMALL)


GRIDS = (_Grid("wide", float(WIDE), 128.0, 0.0, 68.0, 2), _Grid("narrow", float(NARROW), 104.0, 0.0, 62.0, 1))


def walk(
    frame: pd.DataFrame,
    words: Mapping[str, str],
    *,
    boxes: Mapping[str, str],
    places: Mapping[str, tuple[Spot, Spot]],
    colours: Mapping[str, str],
) -> tuple[alt.LayerChart, float, float]:
    """Draw the payments of a walk.

    Parameters
    ----------
    frame
        One row a payment, in the order of the walk: ``payer`` and ``payee`` (keys of ``boxes``), ``label`` (its price),
        ``what`` (for which), ``told`` (its sentence), ``money`` (colour), ``is_priced``, and the columns of ``words``.
    words
        Readers' words for the columns that an arrow answers with when touched.
    boxes
        Words below each party's name, "" for none.
    places
        The column and the row of each party, on a wide page and on a phone.
    colours
        The role of each kind of money.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone, with the parameter `STOP`.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    steps = frame.reset_index(drop=True).assign(n=range(1, len(frame) + 1))
    drawn: list[alt.Chart] = []
    heights = []
    for number, empty in enumerate(GRIDS):
        most = max(len(empty.lines(text)) for text in boxes.values())
        grid = replace(empty, high=LINE * (1 + most) + 14)
        spots = {name: both[number] for name, both in places.items() if name in {*steps["payer"], *steps["payee"]}}
        layers, height = _layers(steps, words, boxes, spots, colours, grid)
        drawn += [chart.properties(name=f"{grid.name}_walk_{n}") for n, chart in enumerate(layers)]
        heights.append(height)
    return cast(alt.LayerChart, with_parameter(alt.layer(*drawn), STOP, 0)), heights[0], heights[1]


def _fading() -> Any:
    """Full where a reader's stop is the row's own, or no stop is chosen."""
    return alt.condition(f"{STOP} == 0 || {STOP} == datum.n", alt.value(1), alt.value(DIM))


def _layers(
    steps: pd.DataFrame,
    words: Mapping[str, str],
    boxes: Mapping[str, str],
    spots: dict[str, Spot],
    colours: Mapping[str, str],
    grid: _Grid,
) -> tuple[list[alt.Chart], float]:
    last = max(column for column, _ in spots.values())
    rows = sorted({row for _, row in spots.values()})
    is_over = any(_is_over(spots[s.payer], spots[s.payee]) for s in steps.itertuples())
    top = (OVER if is_over else 2.0) + grid.high / 2
    wide = (grid.width - grid.box - 2) / max(1, last)
    middle = {
        name: (1 + grid.box / 2 + column * wide, top + rows.index(row) * (grid.high + grid.arrow))
        for name, (column, row) in spots.items()
    }
    floor = max(y for _, y in middle.values()) + grid.high / 2 + GAP
    told, height = _told(steps, grid, floor)
    size = (grid.width, height)
    paths = [_path(spots[s.payer], spots[s.payee], middle[s.payer], middle[s.payee], grid) for s in steps.itertuples()]
    paint = colour(pd.DataFrame({"money": list(colours)}), "money", colours, is_direct=True)
    made = [*_arrows(steps, paths, words, paint, size), *_boxes(steps, middle, boxes, grid, size)]
    return [*made, *_prices(steps, paths, paint, grid, size), *_steps(told, size)], height


def _is_over(start: Spot, end: Spot) -> bool:
    """Whether a payment passes over the row of both parties, others being between them."""
    return start[1] == end[1] and abs(start[0] - end[0]) > 1


def _path(start: Spot, end: Spot, a: tuple[float, float], b: tuple[float, float], grid: _Grid) -> Path:
    """The corners of an arrow: straight to a neighbour, over the row to one further off, else round one corner."""
    half, high = grid.box / 2, grid.high / 2
    if _is_over(start, end):
        above = a[1] - grid.high / 2 - OVER + 30
        return [(a[0], a[1] - high), (a[0], above), (b[0], above), (b[0], b[1] - high - 2)]
    if start[1] == end[1]:
        way = 1 if end[0] > start[0] else -1
        return [(a[0] + way * half, a[1]), (b[0] - way * (half + 2), b[1])]
    down = 1 if end[1] > start[1] else -1
    if start[0] == end[0]:
        return [(a[0], a[1] + down * high), (b[0], b[1] - down * (high + 2))]
    way = 1 if end[0] > start[0] else -1
    return [(a[0], a[1] + down * high), (a[0], b[1]), (b[0] - way * (half + 2), b[1])]


def _arrows(
    steps: pd.DataFrame,
    paths: list[Path],
    words: Mapping[str, str],
    paint: alt.Color,
    size: tuple[float, float],
) -> list[alt.Chart]:
    points = pd.DataFrame(
        [{"row": i, "at": n, "x": x, "y": y} for i, path in enumerate(paths) for n, (x, y) in enumerate(path)]
    ).join(steps[list(dict.fromkeys(["n", "money", "is_priced", *words]))], on="row")
    made = []
    for is_priced, dash in ((True, [1, 0]), (False, [4, 4])):
        some = points[points["is_priced"] == is_priced]
        if len(some):
            line = alt.Chart(round_values(some)).mark_line(strokeWidth=3.5, strokeJoin="round", strokeDash=dash)
            line = line.encode(**at(*size), color=paint, detail="row:N", order="at:Q", opacity=_fading())
            made.append(line.encode(tooltip=tooltips(some, words)))
    turns = {(1, 0): 90, (-1, 0): -90, (0, -1): 0, (0, 1): 180}
    heads = []
    for i, path in enumerate(paths):
        (x, y), (x2, y2) = path[-2:]
        way = (round((x2 - x) / max(abs(x2 - x), 1)), round((y2 - y) / max(abs(y2 - y), 1)))
        heads.append({"x": x2 - 5 * way[0], "y": y2 - 5 * way[1], "angle": turns[way], "row": i})
    signs = pd.DataFrame(heads).join(steps[["n", "money"]], on="row")
    angle = alt.Angle("angle:Q", scale=alt.Scale(domain=[-180, 180], range=[-180, 180]))
    head = alt.Chart(round_values(signs)).mark_point(shape=ARROW, size=150, strokeWidth=0, filled=True, tooltip=None)
    return [*made, head.encode(**at(*size), color=paint, angle=angle, opacity=_fading())]


def _badges(spots: pd.DataFrame, paint: alt.Color, size: tuple[float, float]) -> list[alt.Chart]:
    """The number of each step on its arrow."""
    disc = alt.Chart(round_values(spots)).mark_point(
        shape="circle", size=4 * BADGE**2, filled=True, stroke=PAPER, strokeWidth=2, tooltip=None
    )
    number = _said(
        spots.assign(y=spots["y"] + 0.5),
        size,
        _fading(),
        fontWeight="bold",
        fontSize=SMALL,
        color=PAPER,
        baseline="middle",
    )
    return [disc.encode(**at(*size), color=paint, opacity=_fading()), number]


def _boxes(
    steps: pd.DataFrame,
    middle: dict[str, tuple[float, float]],
    boxes: Mapping[str, str],
    grid: _Grid,
    size: tuple[float, float],
) -> list[alt.Chart]:
    """The parties, bright while they pay or are paid."""
    placed: list[dict[str, Any]] = []
    names, below = [], []
    for name, (x, y) in middle.items():
        own = steps.loc[steps["payer"].eq(name) | steps["payee"].eq(name), "n"]
        stops = {"stops": " ".join(["", "0", *map(str, own), ""])}
        placed.append({"x": x - grid.box / 2, "x2": x + grid.box / 2, "y": y - grid.high / 2, "y2": y + grid.high / 2})
        placed[-1] |= stops
        lines = grid.lines(boxes.get(name, ""))
        start = y - LINE * (1 + len(lines)) / 2
        names.append({"x": x, "y": start, "text": name} | stops)
        if lines:
            below.append({"x": x, "y": start + LINE, "text": "\n".join(lines)} | stops)
    seen = alt.condition(f"indexof(datum.stops, ' ' + {STOP} + ' ') >= 0", alt.value(1), alt.value(2 * DIM))
    ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    box = alt.Chart(round_values(pd.DataFrame(placed))).mark_rect(
        fill=PANEL, stroke=INK, strokeWidth=1, cornerRadius=4, tooltip=None
    )
    made = [box.encode(**at(*size), **ends, opacity=seen)]
    for rows, style in ((names, {"fontWeight": "bold", "fontSize": 13}), (below, {"fontSize": SMALL, "color": MUTED})):
        if rows:
            made.append(_said(pd.DataFrame(rows), size, seen, align="center", **style))
    return made


def _said(frame: pd.DataFrame, size: tuple[float, float], opacity: Any, **mark: Any) -> alt.Chart:
    """Texts that fade, with x, y, text and what their opacity asks for."""
    shared: dict[str, Any] = {
        "baseline": "top",
        "lineBreak": "\n",
        "lineHeight": LINE,
        "tooltip": None,
        "fontSize": FONT,
    }
    base = alt.Chart(round_values(frame)).mark_text(**shared | mark)
    return base.encode(**at(*size), text=alt.Text("text:N"), opacity=opacity)


def _prices(
    steps: pd.DataFrame, paths: list[Path], paint: alt.Color, grid: _Grid, size: tuple[float, float]
) -> list[alt.Chart]:
    """The number of each arrow on it, and its price and purpose: above and below a level run, beside an upright one."""
    badges, prices, whats = [], [], []
    for path, step in zip(paths, steps.itertuples(), strict=True):
        (x, y), (x2, y2) = max(pairwise(path), key=lambda run: (abs(run[0][0] - run[1][0]), abs(run[0][1] - run[1][1])))
        spot: dict[str, Any] = {"x": (x + x2) / 2, "y": (y + y2) / 2, "n": step.n, "money": step.money}
        badges.append(spot | {"text": str(step.n)})
        if abs(x2 - x) > abs(y2 - y):
            lines = broken_lines(str(step.label), abs(x2 - x) - 6, FONT)
            prices.append(spot | {"y": y - 13 - LINE * len(lines), "text": "\n".join(lines), "align": "center"})
            whats.append(spot | {"y": y + 13, "text": step.what, "align": "center"})
            continue
        long = max(text_width(str(text), FONT) for text in (step.label, step.what))
        is_right = x + ROOM + long <= grid.width
        beside = {"x": x + ROOM if is_right else x - ROOM, "align": "left" if is_right else "right"}
        prices.append(spot | beside | {"y": spot["y"] - LINE, "text": step.label})
        whats.append(spot | beside | {"text": step.what})
    drawn = _badges(pd.DataFrame(badges), paint, size)
    for rows, style in ((prices, {"fontWeight": "bold"}), (whats, {"color": MUTED})):
        for align, some in pd.DataFrame(rows).groupby("align", sort=False):
            drawn.append(_said(some, size, _fading(), align=align, stroke=PAPER, strokeWidth=3, **style))
            drawn.append(_said(some, size, _fading(), align=align, **style))
    return drawn


def _told(steps: pd.DataFrame, grid: _Grid, floor: float) -> tuple[pd.DataFrame, float]:
    """The sentences of the steps with their places, and the height of all."""
    wide = (grid.width - 16 * (grid.beside - 1)) / grid.beside
    room = (wide - 18) * (STRETCH if grid.name == "wide" else 1.0)
    found, y = [], floor
    for first in range(0, len(steps), grid.beside):
        tall = 0.0
        for place, step in enumerate(steps.iloc[first : first + grid.beside].itertuples()):
            lines = broken_lines(str(step.told), room, FONT)
            found.append({"n": step.n, "x": place * (wide + 16), "y": y, "text": "\n".join(lines)})
            tall = max(tall, LINE * len(lines))
        y += tall + 9
    return pd.DataFrame(found), y


def _steps(told: pd.DataFrame, size: tuple[float, float]) -> list[alt.Chart]:
    """The sentences of the walk, each with its number."""
    numbers = told.assign(text=told["n"].astype(str) + ".")
    words = told.assign(x=told["x"] + 18)
    return [
        _said(numbers, size, _fading(), align="left", fontWeight="bold"),
        _said(words, size, _fading(), align="left"),
    ]
