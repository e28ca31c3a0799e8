"""Lanes of rights over time: each spell with its own words, inside or below it; dashed where no term tells."""

from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.canvas import FONT, NARROW, WIDE, at, rules, text_width, texts
from analysis.figures.figure import round_values
from analysis.figures.marks.common import tooltips
from analysis.figures.palette import FAINT, INK, MUTED, PAPER, scale

HEAD, BAR, LINE, PAUSE, FOOT = 20.0, 20.0, 15.0, 12.0, 18.0  # pixels: a name, a spell, a line of words, between lanes
INSET = 6.0
STRONG = 0.9  # opacity from which words inside a spell are light
WORDS = {"right": "Right", "label": "State", "start": "Since", "words": "In words"}
INSIDE, BESIDE = -1, -2
UNTOLD = "no term says"
# How strongly each state is drawn: the more a right keeps others out, the stronger.
STRENGTHS = {"exclusive": 1.0, "disputed": 1.0, "distributor": 1.0, "first_refusal": 0.55, "held": 0.3}
OPEN = 0.45
ROLES = {"disputed": "disputed", "open": "other", "ended": "other"}


def _role(state: str, holder: str) -> str:
    """The role of a spell's colour: that of its holder, where one holds the right."""
    return ROLES.get(state) or ("amazon" if holder == "amazon" else "orders")


def lanes(spells: pd.DataFrame) -> tuple[alt.LayerChart, float, float]:
    """Draw the spells of `numbers.series.microsoft.rights_spells`, one lane a right.

    Returns
    -------
    LayerChart
        Layers for a wide page and for a phone.
    float
        Height in pixels on a wide page.
    float
        Height on a phone.
    """
    spells = spells.assign(
        strength=spells["state"].map(STRENGTHS).fillna(OPEN),
        role=[_role(*pair) for pair in zip(spells["state"], spells["holder"], strict=True)],
    )
    layers: list[alt.Chart] = []
    heights: list[float] = []
    for name, width in (("wide", float(WIDE)), ("narrow", float(NARROW))):
        made, height = _layers(spells, name, width)
        layers, heights = [*layers, *made], [*heights, height]
    return cast(alt.LayerChart, alt.layer(*layers)), heights[0], heights[1]


def placed(spells: pd.DataFrame, width: float) -> tuple[pd.DataFrame, float]:
    """Return spells with x, x2, y, y2 in pixels, tier and is_left (where their words stand, see `_tiers`), and their
    height."""
    first = pd.Timestamp(spells["start"].min().year, 1, 1)
    unit = width / (spells["end"].max() - first).days
    found, y = [], 0.0
    for _, lane in spells.groupby("right", sort=False):
        top = y + HEAD
        part = lane.assign(
            x=(lane["start"] - first).dt.days * unit, x2=(lane["end"] - first).dt.days * unit, y=top, y2=top + BAR
        )
        tiers, is_left = _tiers(part, width)
        part = part.assign(tier=tiers, is_left=is_left)
        found.append(part)
        y = top + BAR + LINE * max(0, 1 + part["tier"].max()) + PAUSE
    return pd.concat(found), y


def _tiers(lane: pd.DataFrame, width: float) -> tuple[list[int], bool]:
    """In which line below each spell of a lane its words stand; `INSIDE` it, or `BESIDE` the name for the newest; and
    whether they run to the left of their lines, since to the right some would leave the picture.

    Found from the end to which words run, so that the line that leads down to words meets no others.
    """
    words = lane["label"].map(text_width)
    tiers = pd.Series(INSIDE, lane.index).where(lane["x2"] - lane["x"] > words + 2 * INSET, 0)
    tiers.iloc[-1] = BESIDE
    below = tiers.index[tiers == 0]
    left, right = lane["x"] - words - INSET, lane["x"] + words + INSET
    is_left = bool((right[below] > width).any() and (left[below] >= 0).all())
    lowest, free = -1, 0.0 if is_left else width
    for i in below if is_left else below[::-1]:
        has_room = left[i] > free if is_left else right[i] < free
        lowest = max(lowest, 0) if has_room else lowest + 1
        tiers[i], free = lowest, lane.loc[i, "x"]
    return tiers.tolist(), is_left


def _blanks(spells: pd.DataFrame) -> pd.DataFrame:
    """The first spell of each right of which nothing is known when the first of all begins."""
    first = spells.groupby("right", sort=False).first().reset_index()
    return first[first["start"] > first["start"].min()]


def has_blanks(spells: pd.DataFrame) -> bool:
    """Return whether some right is drawn dashed before its first spell, since no term tells of that time."""
    return len(_blanks(spells)) > 0


def _untold(drawn_at: pd.DataFrame, name: str, size: tuple[float, float]) -> list[alt.Chart]:
    """What is drawn dashed, from the first spell of all to the first of its right, with words where it has room."""
    blank = _blanks(drawn_at).assign(x2=lambda b: b["x"], x=drawn_at["x"].min(), text=UNTOLD)
    if blank.empty:
        return []
    box = alt.Chart(round_values(blank[["x", "x2", "y", "y2"]])).mark_rect(
        color=PAPER, stroke=FAINT, strokeDash=[4, 3], tooltip=None
    )
    made = [box.encode(**at(*size), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")).properties(name=f"{name}_untold")]
    roomy = blank[blank["x2"] - blank["x"] > text_width(UNTOLD) + 2 * INSET]
    if len(roomy):
        told = roomy.assign(x=roomy["x"] + INSET, y=roomy["y"] + BAR / 2)
        made.append(texts(told, f"{name}_untold_words", size, color=MUTED, align="left", baseline="middle"))
    return made


def _years(spells: pd.DataFrame, width: float) -> pd.DataFrame:
    first, last = spells["start"].min().year, spells["end"].max()
    start = pd.Timestamp(first, 1, 1)
    years = pd.DataFrame({"day": pd.date_range(start, last, freq="YS")})
    return years.assign(
        x=(years["day"] - start).dt.days * width / (last - start).days, text=[f"{d:%Y}" for d in years["day"]]
    )


def _layers(spells: pd.DataFrame, name: str, width: float) -> tuple[list[alt.Chart], float]:
    drawn_at, bottom = placed(spells, width)
    size = width, bottom + FOOT
    years = _years(spells, width)
    years = years[years["x"] + text_width("2000") < width]
    heads = drawn_at.groupby("right", sort=False).first().reset_index()
    newest = drawn_at.groupby("right", sort=False).last().reset_index()
    inside, below = drawn_at[drawn_at["tier"] == INSIDE], drawn_at[drawn_at["tier"] >= 0]
    base = alt.Chart(round_values(drawn_at[["x", "x2", "y", "y2", "role", "strength", *WORDS]]))
    paint = alt.Color("role:N", scale=scale({r: r for r in drawn_at["role"]}, drawn_at["role"]), legend=None)
    ends = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    opacity = alt.Opacity("strength:Q", scale=None)
    words: dict[str, Any] = {"align": "left", "baseline": "middle"}
    drawn = [
        rules(years.assign(y=HEAD - 4, y2=bottom), f"{name}_years", size, color=FAINT, opacity=0.35),
        *_untold(drawn_at, name, size),
        base.mark_rect(stroke=PAPER, strokeWidth=1.5)
        .encode(**at(*size), **ends, color=paint, opacity=opacity, tooltip=tooltips(drawn_at, WORDS))
        .properties(name=f"{name}_spells"),
        texts(heads.assign(x=0.0, y=heads["y"] - HEAD / 2), f"{name}_heads", size, "right", fontWeight="bold",
              fontSize=FONT + 1, **words),
        texts(newest.assign(x=width, y=newest["y"] - HEAD / 2, text="now: " + newest["label"]), f"{name}_now", size,
              color=MUTED, baseline="middle", align="right"),
        texts(years.assign(y=bottom + FOOT / 2), f"{name}_feet", size, color=MUTED, **words),
    ]  # fmt: skip
    for tone, part in ((PAPER, inside[inside["strength"] >= STRONG]), (INK, inside[inside["strength"] < STRONG])):
        if len(part):
            told = part.assign(x=part["x"] + INSET, y=part["y"] + BAR / 2)
            drawn.append(texts(told, f"{name}_inside_{tone == INK:d}", size, "label", color=tone, **words))
    if len(below):
        foot = below["y2"] + LINE * (below["tier"] + 0.5) + 1
        stems = below.assign(y=below["y2"], y2=foot + 3, x=below["x"] + 1)[["x", "y", "y2"]]
        drawn.append(rules(stems, f"{name}_stems", size, color=FAINT))
        for is_left, told in below.assign(y=foot).groupby("is_left"):
            told = told.assign(x=told["x"] + (-INSET if is_left else INSET))
            side: dict[str, Any] = words | {"align": "right" if is_left else "left"}
            drawn.append(texts(told, f"{name}_below_{is_left:d}", size, "label", color=INK, **side))
    return drawn, size[1]
