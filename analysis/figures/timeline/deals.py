"""Every large deal in its order: lanes over time on a wide page, a list with the months as heads on a phone."""

import itertools
import math
import textwrap
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, rules, texts
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import FAINT, GRID, MUTED, PAPER, scale
from analysis.figures.swimlanes import Lane, Mark, Thread, arrange
from analysis.ledger import Ledger
from analysis.numbers import timeline as numbers
from analysis.numbers import vintages
from analysis.numbers.series import timeline as series
from analysis.numbers.words import MONEY_WORDS

LEGEND = {money: MONEY_WORDS[money].name for money in ("equity", "orders")}
LEGEND |= {"guarantees": "guarantees, warrants", numbers.PLANS: "plans, no contracts"}
ROLES = {words: "other" if money == numbers.PLANS else money for money, words in LEGEND.items()}
WORDS = {"day": "Known on", "name": "Who pays whom", "money_text": "Amount", "what": "What happened"}
LEFT, RIGHT = 96, WIDE - 26  # where time begins and ends
HEAD = 22  # pixels above the lanes, for the names of the quarters
LANE_NAME = 15  # characters in a line of a lane's name
LARGEST, SMALLEST, UNPRICED = 22.0, 3.2, 5.0  # radii
MERGED = 8.0  # pixels under which two marks of a deal are drawn as the later one
UNPRICED_WEIGHT = 10.0  # US$ bn that a deal without a price counts as when a lane is full
PALE = 0.38
NARROW_LARGEST = 22.0
NARROW_TEXT, NARROW_LINE, NARROW_STEP = 52.0, 44, 20.0  # on a phone: where words begin, signs in a line, a row
MOST_ON_PHONE = 26  # events, the largest; those of the month that the title names stand there besides
SUBTITLE = (
    f"OpenAI's deals of US${numbers.LARGE:g}bn or more, orders without a price, and plans, US$ bn. Area: amount."
    " Pale: a ceiling, a condition, talks or a press report. Ring: no published price. Cross: ended."
)
NOTE = (
    "A deal stands on the day on which it became public or changed. Instalments of one round are one deal; statements"
    " that change no amount are left out."
)


def _radius(size: float, most: float, largest: float) -> float:
    return max(SMALLEST, largest * math.sqrt(size / most)) if size else UNPRICED


def _marks(frame: pd.DataFrame, paint: alt.Color, name: str, size: tuple[float, float]) -> list[alt.Chart]:
    """The marks at x and y: a pale area for the amount, a full one for what is firm, a ring, or a cross."""
    drawn = frame.assign(
        area=[4 * r * r for r in frame["radius"]],
        core=[
            4 * (r * math.sqrt(min(f / s, 1.0))) ** 2 if s and f else 0.0
            for r, s, f in zip(frame["radius"], frame["size"], frame["firm"], strict=True)
        ],
        look=[
            "cross" if off else "ring" if not s else "disc"
            for off, s in zip(frame["is_off"], frame["size"], strict=True)
        ],
    )
    used = ["x", "y", "area", "core", "look", "money", *WORDS]
    base, told, place = alt.Chart(round_values(drawn[used])), tooltips(drawn, WORDS), at(*size)

    def part(test: str, area: str | None, kind: str, **mark: Any) -> alt.Chart:
        points = base.transform_filter(test).mark_point(**mark)
        areas = {"size": alt.Size(f"{area}:Q", scale=None, legend=None)} if area else {}
        return points.encode(**place, **areas, color=paint, tooltip=told).properties(name=f"{name}_{kind}")

    return [
        part("datum.look == 'disc'", "area", "pale", opacity=PALE),
        part("datum.look == 'disc' && datum.core > 0", "core", "firm", opacity=1),
        part("datum.look == 'ring'", "area", "rings", opacity=1, filled=False, fill=PAPER, strokeWidth=2),
        part("datum.look == 'cross'", None, "crosses", opacity=1, filled=False, strokeWidth=2, size=90,
             shape="M-0.5,-0.5L0.5,0.5M0.5,-0.5L-0.5,0.5"),
    ]  # fmt: skip


class _Picture:
    """The wide picture of events: where each mark, label and lane stands."""

    def __init__(self, found: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp):
        self.start, self.end = start, max(end, start + pd.Timedelta(days=30))
        self.most = float(max(found["size"].max(), 1.0))
        self.found = found
        self.lanes = [self._lane(name) for name in series.lane_names(found)]
        self.height = HEAD + arrange(self.lanes, LEFT - 6, WIDE)

    def x(self, day: pd.Timestamp) -> float:
        """Where a day is, in pixels."""
        return LEFT + (RIGHT - LEFT) * ((day - self.start) / (self.end - self.start))

    def _lane(self, name: str) -> Lane:
        rows = self.found[self.found["lane"] == name]
        threads = [self._thread(part) for _, part in rows.groupby("deal", sort=False)]
        lines = len(textwrap.wrap(name, LANE_NAME))
        return Lane(name, threads, least=13.0 * (lines + 2))

    def _thread(self, rows: pd.DataFrame) -> Thread:
        marks: list[Mark] = []
        for row in rows.itertuples():
            mark = Mark(row.Index, self.x(row.as_of), _radius(row.size, self.most, LARGEST), row.label)
            if marks and mark.x - marks[-1].x < MERGED:
                if len(marks) == 1:
                    mark.label = series.first_label(row)
                marks.pop()
            marks.append(mark)
        return Thread(marks, float(rows["size"].max()) or UNPRICED_WEIGHT, is_joined=rows["role"].iloc[0] != "claim")

    def marks(self) -> pd.DataFrame:
        """The events that are drawn, with x, y and radius."""
        rows = []
        for lane in self.lanes:
            for thread in [*lane.gathered, *lane.threads]:
                rows += [(m.key, m.x, m.y + HEAD, m.radius) for m in thread.marks]
        at = pd.DataFrame(rows, columns=["key", "x", "y", "radius"]).set_index("key")
        drawn = self.found.loc[at.index].join(at)
        return drawn.sort_values("size", ascending=False, kind="stable")

    def labels(self) -> pd.DataFrame:
        """The words beside marks: x, y, align, text."""
        rows = [
            (m.label_x, m.label_y + HEAD, m.align, m.label)
            for lane in self.lanes for thread in lane.threads for m in thread.marks if m.label
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["x", "y", "align", "text"])

    def joins(self) -> pd.DataFrame:
        """The lines from mark to mark of one deal: x, x2, y, money."""
        rows = [
            (a.x + a.radius, b.x - b.radius, a.y + HEAD, self.found.at[a.key, "money"])
            for lane in self.lanes for thread in lane.threads if thread.is_joined
            for a, b in itertools.pairwise(thread.marks) if b.x - b.radius > a.x + a.radius
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["x", "x2", "y", "money"])

    def leaders(self) -> pd.DataFrame:
        """The lines from marks to labels that stand farther off: x, y, y2."""
        rows = [
            (m.x, m.y - m.radius + HEAD, m.label_y + FONT * 0.6 + HEAD)
            for lane in self.lanes for thread in lane.threads for m in thread.marks if m.label and m.has_leader
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["x", "y", "y2"])

    def names(self) -> pd.DataFrame:
        """The names of the lanes at their left, and how many deals each gathers below: x, y, text, more."""
        rows = []
        for lane in self.lanes:
            text = "\n".join(textwrap.wrap(lane.name, LANE_NAME))
            count = len(lane.gathered)
            more = f"and {count} smaller" if count else ""
            rows.append((0.0, lane.top + HEAD + 15, text, more, lane.top + HEAD + 15 + 13 * (text.count("\n") + 1)))
        return pd.DataFrame(rows, columns=["x", "y", "text", "more", "more_y"])

    def quarters(self) -> pd.DataFrame:
        """The beginnings of quarters, or of months where the picture is short: x, text (with the year at its first)."""
        is_short = (self.end - self.start).days < 200
        starts = pd.date_range(self.start, self.end, freq="MS" if is_short else "QS")
        text = [f"{d:%b %Y}" if i == 0 or d.month == 1 else f"{d:%b}" for i, d in enumerate(starts)]
        return pd.DataFrame({"x": [self.x(d) for d in starts], "text": text})


def _wide(picture: _Picture, paint: alt.Color) -> list[alt.Chart]:
    size = float(WIDE), picture.height
    quarters, names, labels, joins = picture.quarters(), picture.names(), picture.labels(), picture.joins()
    ends = pd.DataFrame({"x": 0.0, "x2": float(WIDE), "y": [lane.top + HEAD for lane in picture.lanes]})
    made = [
        rules(quarters.assign(y=HEAD - 4.0, y2=picture.height), "wide_quarters", size, color=GRID),
        rules(ends, "wide_ends", size, color=GRID),
        texts(quarters.assign(y=8.0), "wide_quarter_names", size, color=MUTED, align="left", dx=-2),
        texts(names, "wide_names", size, align="left", fontWeight="bold", lineBreak="\n", lineHeight=13),
    ]
    more = names[names["more"] != ""].drop(columns="y").rename(columns={"more_y": "y"})
    if len(more):
        made.append(texts(more, "wide_more", size, "more", align="left", color=MUTED))
    if len(joins):
        made.append(rules(joins, "wide_joins", size, strokeWidth=2.5, opacity=PALE).encode(color=paint))
    if len(leaders := picture.leaders()):
        made.append(rules(leaders, "wide_leaders", size, color=FAINT))
    made += _marks(picture.marks(), paint, "wide", size)
    made += [
        texts(part, f"wide_labels_{align}", size, align=align, baseline="middle")
        for align, part in labels.groupby("align")
    ]
    return made


def _listed(found: pd.DataFrame, most: float) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The list of a phone: its largest events with x, y, radius and text, its heads with y and text, and its height."""
    rows, heads, y = [], [], 0.0
    largest = found.nlargest(MOST_ON_PHONE, "size", keep="last").index
    kept = found[found.index.isin(largest) | (found["as_of"].dt.to_period("M") == series.busiest_month(found))]
    for month, part in kept.groupby(kept["as_of"].dt.to_period("M")):
        heads.append((0.0, y + 14, month.strftime("%B %Y")))
        y += 24
        for row in part.itertuples():
            lines = textwrap.wrap(series.words(row), NARROW_LINE)
            radius = _radius(row.size, most, NARROW_LARGEST)
            high = max(NARROW_STEP, 13.0 * len(lines) + 7, 2 * radius + 3)
            rows.append((row.Index, NARROW_LARGEST + 2, y + high / 2, radius, "\n".join(lines)))
            y += high
    if gone := len(found) - len(kept):
        heads.append((NARROW_TEXT, y + 12, f"and {gone} smaller or without a price: in the data below"))
        y += NARROW_STEP
    at = pd.DataFrame(rows, columns=["key", "x", "y", "radius", "text"]).set_index("key")
    return found.loc[at.index].join(at), pd.DataFrame(heads, columns=["x", "y", "text"]), y


def _narrow(found: pd.DataFrame, most: float, paint: alt.Color) -> tuple[list[alt.Chart], float]:
    listed, heads, height = _listed(found, most)
    size = float(NARROW), height
    is_head = heads["x"] == 0
    lines = heads[is_head].assign(x2=float(NARROW), y=heads["y"] + 9)
    made = [
        rules(lines, "narrow_rules", size, color=FAINT),
        texts(heads[is_head], "narrow_months", size, align="left", fontWeight="bold"),
        *_marks(listed, paint, "narrow", size),
    ]
    for breaks, part in listed.assign(x=NARROW_TEXT).groupby(listed["text"].str.count("\n")):
        mark = {"align": "left", "baseline": "middle", "lineBreak": "\n", "lineHeight": 13, "dy": -6.5 * breaks}
        made.append(texts(part, f"narrow_texts_{breaks}", size, **mark))
    if (~is_head).any():
        made.append(texts(heads[~is_head], "narrow_more", size, align="left", color=MUTED))
    return made, height


def fig_timeline_deals(ledger: Ledger, scenario: str = "central") -> Any:
    """Every large deal and amendment in lanes over time, by kind and amount, with the plans above them."""
    found = series.marked_events(ledger)
    if found.empty:
        why = "No large deal is known by this day."
        return empty_figure("fig-timeline-deals", "Deals and amendments in their order", ledger, why)
    found = found.assign(day=found["as_of"].dt.strftime("%Y-%m-%d"), money=found["money"].map(LEGEND))
    picture = _Picture(found, vintages.story_start(ledger), ledger.as_of)
    paint = alt.Color("money:N", title=None, scale=scale(ROLES, found["money"]))
    key = alt.Chart(pd.DataFrame({"money": [m for m in ROLES if m in set(found["money"])]}))
    legend = key.mark_point(opacity=0, tooltip=None).encode(x=alt.value(0), y=alt.value(0), color=paint)
    narrow, narrow_height = _narrow(found, picture.most, paint)
    title = series.finding(found)
    return make_figure(
        layered(legend, *_wide(picture, paint), *narrow, height=round(picture.height)),
        id="fig-timeline-deals",
        title=title,
        subtitle=SUBTITLE,
        alt_text=describe(title, (f"{r.day} {series.words(r)}" for r in found.itertuples(index=False))),
        table=found,
        columns={
            "as_of": "Known on",
            "name": "Who pays whom",
            "money": "Kind",
            "what": "What happened",
            "money_text": "Amount",
        },
        ledger=ledger,
        rows=[found],
        note=NOTE,
        narrow_height=round(narrow_height),
    )
