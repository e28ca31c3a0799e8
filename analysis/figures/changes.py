"""Figures of the page on changes."""

import textwrap
from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.canvas import NARROW, WIDE, at, rules, texts
from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.figure_sources import by_money, priced
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import FAINT, GRID, MUTED, PAPER, colour_of
from analysis.ledger import Ledger
from analysis.numbers import changes as numbers
from analysis.numbers import formats, quantities
from analysis.numbers.facts import Facts
from analysis.numbers.sustainability import cash

RESULTS = {
    "index.owes": "OpenAI's bill, US$ bn",
    "index.gets": "promised by investors, US$ bn",
    "index.run_rate": "annualised sales, US$ bn",
    "index.to_both_share": "ordered from its own investors, %",
    "circularity.returns_share": "matched by those OpenAI pays, %",
    "sustainability.gap": "short by signed and announced orders, median, US$ bn",
}
WORDS = {"name": "Key day", "row": "Result", "text": "As known then"}
LINE = 13.0  # pixels of a line of words
TOP, NAME_ROOM, CURVE = 34.0, 36.0, 44.0  # pixels of the days, of a result's name and value, and of its line
WORDS_AT, WORDS_LENGTH = {"wide": 418.0, "narrow": 0.0}, {"wide": 33, "narrow": 52}  # the moves: where, characters
LEAST_COLUMN = 25.0  # pixels of a day's name


def _labelled(known: pd.DataFrame) -> pd.DataFrame:
    """The results with their row, their column and their text, long for tooltips and short for the picture."""
    days = pd.to_datetime(known["day"])
    one_a_month = days.dt.to_period("M").nunique() == days.nunique()
    ends = known[["value", "unit", "low", "high", "is_open"]].itertuples(index=False)
    texts_ = [formats.quantity(v, u, a, b, o, has_unit=u != "usd_bn") for v, u, a, b, o in ends]
    return known.assign(
        row=known["key"].map(RESULTS),
        text=[t.replace(" or more", "+") for t in texts_],
        short=[formats.rounded(v, 0) for v in known["middle"]],
        when=days.dt.strftime("%b\n%y" if one_a_month else "%-d %b\n%y"),
    )


def _placed(known: pd.DataFrame, width: float, height: float) -> pd.DataFrame:
    """The results with x and y, and y_low and y_high of their ranges."""
    days = list(dict.fromkeys(known.sort_values("day")["day"]))
    step = width / len(days)
    rows = [RESULTS[k] for k in RESULTS if k in set(known["key"])]
    top = known[["middle", "high"]].max(axis=1).groupby(known["row"]).transform("max")
    low = known[["middle", "low"]].min(axis=1).groupby(known["row"]).transform("min").clip(upper=0.0)
    unit = CURVE / (top - low).where(top > low, 1.0)
    base = known["row"].map(rows.index) * height + TOP + NAME_ROOM + CURVE
    ends = {"y": known["middle"], "y_low": known["low"].fillna(known["middle"]),
            "y_high": known["high"].fillna(known["middle"])}  # fmt: skip
    x = [step * (days.index(d) + 0.5) for d in known["day"]]
    return known.assign(x=x, base=base, **{name: base - unit * (end - low) for name, end in ends.items()})


def _small_multiples(known: pd.DataFrame, moves: dict[str, str], name: str, width: float) -> tuple[list[Any], float]:
    """One row a result: its range and its line through the key days, each value, and what moved it most in words."""
    told = {k: "\n".join(textwrap.wrap(t, WORDS_LENGTH[name])) for k, t in moves.items()}
    is_wide = name == "wide"
    lines = max((t.count("\n") + 1 for t in told.values()), default=1)
    below = 14.0 if is_wide else 12.0 + LINE * lines + 10
    height = max(NAME_ROOM + CURVE + below, TOP + LINE * lines if is_wide else 0.0)
    drawn = _placed(known, WORDS_AT[name] - 22 if is_wide else width, height)
    size = width, TOP + height * drawn["row"].nunique()
    columns = ["x", "y", "y_low", "y_high", "row", "short", "is_most", *[w for w in WORDS if w != "row"]]
    base = alt.Chart(round_values(drawn[columns]))
    blue, each = colour_of("first"), alt.Detail("row:N")
    band = base.mark_area(opacity=0.18, color=blue, tooltip=None)
    stroke = base.mark_line(strokeWidth=2, color=blue, tooltip=None)
    points = base.mark_point(size=42, color=blue, fill=PAPER, filled=False, strokeWidth=2)
    most = base.transform_filter("datum.is_most").mark_point(size=70, color=blue)
    answer = tooltips(drawn, WORDS)
    heads = drawn.drop_duplicates("row").assign(x=0.0)
    days = drawn.drop_duplicates("day").sort_values("day")
    column = float(days["x"].diff().min()) if len(days) > 1 else LEAST_COLUMN
    days = days.iloc[:: max(1, round(LEAST_COLUMN / column + 0.49))]
    made: list[Any] = [
        texts(days.assign(y=8.0), f"{name}_days", size, "when", color=MUTED, lineBreak="\n", lineHeight=LINE),
        rules(heads.assign(y=heads["base"], x2=float(drawn["x"].max()) + 12)[["x", "x2", "y"]], f"{name}_bases", size,
              color=GRID),
        band.encode(**at(*size, y="y_low"), y2=alt.Y2("y_high:Q"), detail=each).properties(name=f"{name}_ranges"),
        stroke.encode(**at(*size), detail=each).properties(name=f"{name}_lines"),
        points.encode(**at(*size), tooltip=answer).properties(name=f"{name}_points"),
        most.encode(**at(*size), tooltip=answer).properties(name=f"{name}_most"),
        texts(heads.assign(y=heads["base"] - CURVE - NAME_ROOM + 10), f"{name}_names", size, "row", align="left",
              fontWeight="bold"),
    ]  # fmt: skip
    for is_most, part in drawn.groupby("is_most"):
        look = {"fontWeight": "bold"} if is_most else {"color": MUTED}
        made.append(texts(part.assign(y=part["y"] - 11), f"{name}_values_{is_most}", size, "short", **look))
    spoken = heads[heads["key"].isin(list(told))]
    if len(spoken):
        y = spoken["base"] - CURVE if is_wide else spoken["base"] + 16
        words = spoken.assign(x=WORDS_AT[name], y=y, words=spoken["key"].map(told))
        mark = {"align": "left", "lineBreak": "\n", "lineHeight": LINE, "color": MUTED}
        made.append(texts(words, f"{name}_moves", size, "words", **mark))
        if is_wide:
            edge = words.assign(x=WORDS_AT[name] - 10, y=words["base"] - CURVE - 10, y2=words["base"])
            made.append(rules(edge[["x", "y", "y2"]], f"{name}_edges", size, color=FAINT))
    return made, size[1]


def _title(known: pd.DataFrame) -> str:
    ends, last = numbers.growth(known), pd.Timestamp(known["day"].max())
    if not ends:
        return "Key results through time"
    moved = "grew" if ends[0]["high"] <= ends[1]["high"] else "fell"
    first_sum, last_sum = (
        formats.about(e["value"], "usd_bn", e["low"], e["high"], is_open=bool(e["is_open"])) for e in ends
    )
    first = pd.Timestamp(ends[0]["day"])
    return f"OpenAI's bill {moved} from {first_sum} in {first:%b %Y} to {last_sum} in {last:%b %Y}"


def _sources(ledger: Ledger, scenario: str) -> dict[str, list[pd.DataFrame]]:
    """The rows behind the newest sums, and those that the model of the shortfall computes with besides."""
    f = Facts(ledger, "changes", scenario)
    deals = pd.concat([quantities.supply(f), quantities.equity_promised(f)])
    inputs = [frame for frames in cash.inputs_told(ledger).values() for frame in frames]
    return by_money(priced(deals)) | {"Customers": [quantities.run_rate(f).tail(1)], "Our model": inputs}


def fig_changes_timeline(ledger: Ledger, scenario: str = "central") -> Any:
    """The key results at each key day, one row each, with their ranges and what moved each most."""
    known = numbers.compared(ledger, scenario)
    if known["day"].nunique() < 2:
        why = "There is no earlier key day to compare with."
        return empty_figure("fig-changes-timeline", "Key results through time", ledger, why)
    known = _labelled(known)
    moves = numbers.largest_moves(ledger, scenario)
    told = {m.key: m.words for m in moves}
    days = {(m.key, m.day) for m in moves}
    known = known.assign(is_most=[key in days for key in zip(known["key"], known["day"], strict=True)])
    wide, height = _small_multiples(known, told, "wide", float(WIDE))
    narrow, narrow_height = _small_multiples(known, told, "narrow", float(NARROW))
    title = _title(known)
    table = known.assign(order=known["key"].map(list(RESULTS).index)).sort_values(["order", "day"], kind="stable")
    words = (
        f"{row}: {', '.join(g['text'])}" + (f"; {told[key]}" if key in told else "")
        for (key, row), g in table.groupby(["key", "row"], sort=False)
    )
    return make_figure(
        layered(*wide, *narrow, height=round(height)),
        id="fig-changes-timeline",
        title=title,
        subtitle="As known on each key day, each row on its own scale. Shade: range. Full dot: after the largest step.",
        alt_text=describe(title, words),
        table=table,
        columns={
            "row": "Result",
            "day": "Day",
            "name": "Name",
            "middle": "Middle, or low end",
            "low": "Low",
            "high": "High",
        },
        ledger=ledger,
        rows=_sources(ledger, scenario),
        note="Of a range the middle is told, or its low end where on some day it has no upper one. A range that becomes"
        " a price moves the middle, and what is matched, without a new promise.",
        narrow_height=round(narrow_height),
    )
