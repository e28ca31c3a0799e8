"""The sums that were named for OpenAI's computing, beside its priced contracts as they grew."""

import math
import re
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, Box, Label, around, at, beside, first_free, rules, texts
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.figure_sources import priced
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import GRID, MUTED, PAPER, colour_of
from analysis.ledger import Ledger
from analysis.numbers import quantities, vintages
from analysis.numbers.facts import Facts
from analysis.numbers.series import timeline as series

WORDS = {"day": "Known on", "told": "What is counted", "label": "Amount"}
HEIGHT, HEAD, FOOT = 330.0, 26.0, 24.0
LEFT, RIGHT = {"wide": 44.0, "narrow": 34.0}, 30.0
RADIUS = 5.0
NEAR = 20.0  # pixels within which one label does for two dots of one amount
YEARS = re.compile(r"(to )?\d{4}(–\d{4})?")
LEAST_RISE = 0.05  # of the height, from which a step bears the name of its cause


def _shorter(label: str, told: str) -> list[str]:
    """What may stand beside a dot, the longest first: with what it counts, with its years, the amount alone."""
    years = YEARS.search(told)
    return [f"{label}: {told}", *([f"{label}: {years[0]}"] if years else []), label]


class _Plot:
    """Where days and amounts stand in a drawing of one width, and the labels that have room."""

    def __init__(self, name: str, width: float, start: pd.Timestamp, end: pd.Timestamp, most: float):
        self.name, self.width, self.left = name, width, LEFT[name]
        self.start, self.end = start, max(end, start + pd.Timedelta(days=30))
        self.step = next(s for s in (100, 200, 500, 1000, 2000, 5000, 10**6) if most / s <= 4.5)
        self.top = max(math.ceil(most / self.step), 1) * self.step  # the highest line is above all that is drawn
        self.size = width, HEIGHT

    def x(self, day: pd.Timestamp) -> float:
        return self.left + (self.width - RIGHT - self.left) * ((day - self.start) / (self.end - self.start))

    def y(self, value: float) -> float:
        return HEAD + (HEIGHT - HEAD - FOOT) * (1 - value / self.top)

    def placed(self, frame: pd.DataFrame, day: str = "as_of") -> pd.DataFrame:
        """The frame with x and y of its days and values."""
        return frame.assign(x=[self.x(d) for d in frame[day]], y=[self.y(v) for v in frame["value"]])

    def frame(self) -> list[alt.Chart]:
        """The grid: amounts on the left, quarters or halves of years below."""
        ticks = pd.DataFrame({"value": [self.step * i for i in range(math.floor(self.top / self.step) + 1)]})
        ticks = ticks.assign(
            y=[self.y(v) for v in ticks["value"]], text=[f"{v:,}" for v in ticks["value"]], x=self.left
        )
        is_short = (self.end - self.start).days < 200
        frequency = "MS" if is_short else "QS" if self.name == "wide" else "2QS"
        days = pd.date_range(self.start, self.end, freq=frequency)
        words = [f"{d:%b %Y}" if i == 0 or d.month == 1 else f"{d:%b}" for i, d in enumerate(days)]
        below = pd.DataFrame({"x": [self.x(d) for d in days], "y": HEIGHT - 8.0, "text": words})
        return [
            rules(ticks.assign(x2=self.width), f"{self.name}_grid", self.size, color=GRID),
            texts(ticks.assign(x=self.left - 6), f"{self.name}_amounts", self.size, align="right", color=MUTED),
            texts(below, f"{self.name}_days", self.size, align="left", dx=-2, color=MUTED),
        ]

    def labels(self, named: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
        """The words beside points and steps, the largest and OpenAI's own first, or first those that else have no room:
        x, y, align, text, is_step."""
        made, bare = self._labels(named, contracts)
        if not bare:
            return made
        again, still_bare = self._labels(pd.concat([named.iloc[bare], named.drop(named.index[bare])]), contracts)
        return again if len(still_bare) < len(bare) else made

    def _labels(self, named: pd.DataFrame, contracts: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
        """The words in the order given, and which points have found no room for theirs."""
        points = [(r.x - RADIUS, r.x + RADIUS, r.y - RADIUS, r.y + RADIUS) for r in named.itertuples()]
        taken = [*points, *self._line(contracts)]
        made: list[tuple[float, float, str, str, bool]] = []

        def put(options: list[Label], text: str, own: Box | None = None, is_step: bool = False) -> bool:
            place = first_free(options, [b for b in taken if b != own], self.left, self.width)
            if place:
                made.append((place.x, place.y, place.align, text, is_step))
                taken.append(place.box)
            return place is not None

        for row in contracts.tail(1).itertuples():
            text = f"{row.label} in contracts with a price" if self.name == "wide" else f"{row.label} in contracts"
            put(around(row.x, row.y, RADIUS, text, has_leaders=False), text, is_step=True)
        for row in contracts[contracts["rise"] > LEAST_RISE * self.top].itertuples():
            put([beside(row.x, row.y, 3.0, row.cause)["left"]], row.cause, is_step=True)
        told: list[tuple[float, bool, float]] = []
        bare: list[int] = []
        for i, row in enumerate(named.itertuples()):
            if any((v, own) == (row.value, row.is_own) and abs(x - row.x) < NEAR for v, own, x in told):
                continue
            bare.append(i)
            for text in _shorter(row.label, row.told):
                sides = beside(row.x, row.y, RADIUS, text)
                options = [sides["right"], sides["left"], *around(row.x, row.y, RADIUS, text, has_leaders=False)]
                if put(options, text, points[i]):
                    told.append((row.value, row.is_own, row.x))
                    bare.pop()
                    break
        return pd.DataFrame(made, columns=["x", "y", "align", "text", "is_step"]), bare

    def _line(self, contracts: pd.DataFrame) -> list[Box]:
        """The boxes that the line of steps fills."""
        xs, ys = [*contracts["x"]], [*contracts["y"]]
        flat = [(a, b, y - 3, y + 3) for a, b, y in zip(xs, xs[1:], ys, strict=False)]
        upright = [(x - 3, x + 3, min(a, b) - 3, max(a, b) + 3) for x, a, b in zip(xs[1:], ys, ys[1:], strict=False)]
        return flat + upright


def _layers(plot: _Plot, named: pd.DataFrame, contracts: pd.DataFrame) -> list[Any]:
    named = plot.placed(named.sort_values(["is_own", "value", "as_of"], ascending=False, kind="stable"))
    contracts = plot.placed(contracts)
    made = plot.frame()
    if len(contracts):
        line = alt.Chart(round_values(contracts[["x", "y", *WORDS]]))
        stroke = line.mark_line(interpolate="step-after", strokeWidth=3, color=colour_of("orders"), tooltip=None)
        dots = line.mark_point(size=50, color=colour_of("orders")).encode(tooltip=tooltips(contracts, WORDS))
        made += [
            c.encode(**at(*plot.size)).properties(name=f"{plot.name}_{n}")
            for n, c in (("line", stroke), ("dots", dots))
        ]
    points = alt.Chart(round_values(named[["x", "y", "is_own", *WORDS]])).encode(**at(*plot.size))
    told = tooltips(named, WORDS)
    for test, kind, fill in (("datum.is_own", "own", MUTED), ("!datum.is_own", "press", PAPER)):
        mark = points.transform_filter(test).mark_point(size=4 * RADIUS**2, filled=False, stroke=MUTED, fill=fill)
        made.append(mark.encode(tooltip=told).properties(name=f"{plot.name}_{kind}"))
    labels = plot.labels(named, contracts)
    for (is_step, align), part in labels.groupby(["is_step", "align"]):
        look = {"color": colour_of("orders"), "fontWeight": "bold"} if is_step else {}
        name = f"{plot.name}_{'steps' if is_step else 'sums'}_{align}"
        made.append(texts(part, name, plot.size, align=align, baseline="middle", **look))
    return made


def fig_timeline_claims(ledger: Ledger, scenario: str = "central") -> Any:
    """The sums that were named for OpenAI's computing, with what each counts, over the growth of its contracts."""
    named = series.sums_told(ledger)
    if named.empty:
        why = "No sum for all of OpenAI's computing is known by this day."
        return empty_figure("fig-timeline-claims", "What was named for OpenAI's computing", ledger, why)
    contracts = series.contracts_told(ledger)
    title = series.sums_finding(ledger, scenario)
    most = float(max(named["value"].max(), contracts["value"].max() if len(contracts) else 0.0))
    ends = vintages.story_start(ledger), ledger.as_of
    layers = [
        layer
        for name, width in (("wide", WIDE), ("narrow", NARROW))
        for layer in _layers(_Plot(name, float(width), *ends, most), named, contracts)
    ]
    table = pd.concat([named, contracts]).sort_values("as_of", kind="stable")
    return make_figure(
        layered(*layers, height=HEIGHT),
        id="fig-timeline-claims",
        title=title,
        subtitle=(
            "US$ bn over several years, on the day on which each became known. Blue line: contracts with a price,"
            " without ceilings. Full dots: said by OpenAI. Hollow: press reports, forecasts, estimates."
        ),
        alt_text=describe(title, (f"{r.day}, {r.told}: {r.label}" for r in table.itertuples(index=False))),
        table=table,
        columns={"day": "Known on", "told": "What is counted", "value": "US$ bn", "is_floor": "More than"},
        ledger=ledger,
        rows={
            "Sums named": [named],
            "Contracts with a price": [priced(quantities.supply(Facts(ledger, "timeline", scenario)))],
        },
        note="Dots that count different things, or different years, cannot be set against each other.",
        narrow_height=round(HEIGHT),
    )
