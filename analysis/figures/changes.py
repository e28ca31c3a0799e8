"""Figures of the page on changes."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import layered, tooltips
from analysis.figures.palette import MUTED, colour_of
from analysis.ledger import Ledger
from analysis.numbers import changes as numbers
from analysis.numbers import formats
from analysis.numbers.facts import Facts

RESULTS = {
    "index.owes": "ordered from suppliers, US$ bn",
    "index.gets": "promised by investors, US$ bn",
    "index.run_rate": "customers, a year, US$ bn",
    "index.to_both_share": "ordered from its own investors, %",
    "circularity.maximum": "can be part of a circle, %",
    "sustainability.gap": "still to be raised by our model, US$ bn",
}
STEP = 84  # pixels of a row
WORDS = {"name": "Key day", "row": "Result", "text": "As known then"}


def _labelled(known: pd.DataFrame) -> pd.DataFrame:
    """The results with their row, their column and their text, long for a wide page and short for a phone."""
    days = pd.to_datetime(known["day"])
    one_a_month = days.dt.to_period("M").nunique() == days.nunique()
    ends = known[["value", "unit", "low", "high", "is_open"]].itertuples(index=False)
    texts = [formats.quantity(v, u, a, b, o, has_unit=u != "usd_bn") for v, u, a, b, o in ends]
    return known.assign(
        row=known["key"].map(RESULTS),
        text=[t.replace(" or more", "+") for t in texts],
        short=[formats.rounded(v, 0) for v in known["middle"]],
        when=days.dt.strftime("%b %y" if one_a_month else "%d %b %y"),
    )


def _sparklines(known: pd.DataFrame) -> alt.LayerChart:
    """One row a result: its line through the key days, each point with its value, the name above."""
    rows = [RESULTS[k] for k in RESULTS if k in set(known["key"])]
    columns = list(dict.fromkeys(known.sort_values("day")["when"]))
    low, high = (known.groupby("row")["middle"].transform(end) for end in ("min", "max"))
    part = ((known["middle"] - low.where(low < 0, 0)) / (high - low.where(low < 0, 0)).where(high > 0, 1)).fillna(0)
    drawn = known.assign(place=known["row"].map(rows.index) + 0.72 - 0.3 * part)
    axis = alt.Axis(
        orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=11, labelExpr="split(datum.label, ' ')"
    )
    x = alt.X("when:N", sort=columns, title=None, axis=axis)
    place = alt.Scale(domain=[0, len(rows)], reverse=True, nice=False)
    y = alt.Y("place:Q", axis=None, scale=place)
    shown = drawn[["row", "when", "place", "text", "short", "name"]]
    base = alt.Chart(round_values(shown)).encode(x=x, y=y)
    stroke = base.mark_line(strokeWidth=2, color=colour_of("first"), tooltip=None).encode(detail=alt.Detail("row:N"))
    points = base.mark_point(color=colour_of("first"), size=45).encode(tooltip=tooltips(shown, WORDS))
    texts = base.mark_text(dy=15, fontSize=11, color=MUTED, tooltip=None).encode(text=alt.Text("short:N"))
    heads = alt.Chart(pd.DataFrame({"row": rows, "place": [i + 0.18 for i in range(len(rows))], "when": columns[0]}))
    names = heads.encode(x=x, y=y, text=alt.Text("row:N")).mark_text(
        align="left", dx=-14, fontWeight="bold", tooltip=None
    )
    return layered(stroke, points, texts, names, height=STEP * len(rows))


def fig_changes_timeline(ledger: Ledger, scenario: str = "central") -> Any:
    """The key results at each key day, one row each, from the lowest to the highest that each could be."""
    known = numbers.compared(ledger, scenario)
    if known["day"].nunique() < 2:
        why = "There is no earlier key day to compare with."
        return empty_figure("fig-changes-timeline", "Key results through time", ledger, why)
    known = _labelled(known)
    ends, last = numbers.growth(known), pd.Timestamp(known["day"].max())
    title = "Key results through time"
    if ends:
        moved = "grew" if ends[0]["high"] <= ends[1]["high"] else "fell"
        first_sum, last_sum = (formats.amount(end["high"], "usd_bn") for end in ends)
        title = f"Commitments {moved} from {first_sum} to {last_sum}"
        title += f" between {pd.Timestamp(ends[0]['day']):%B %Y} and {last:%B %Y}"
    table = known.assign(order=known["key"].map(list(RESULTS).index)).sort_values(["order", "day"], kind="stable")
    return make_figure(
        _sparklines(known),
        id="fig-changes-timeline",
        title=title,
        subtitle="As known on each key day. Each row has its own scale from zero; a point is the middle of a range.",
        alt_text=describe(title, (f"{row}: {', '.join(g['text'])}" for row, g in table.groupby("row", sort=False))),
        table=table,
        columns={"row": "Result", "day": "Day", "name": "Name", "middle": "Middle", "low": "Low", "high": "High"},
        ledger=ledger,
        rows=[Facts(ledger, "changes", scenario).payments(scope="openai")],
    )
