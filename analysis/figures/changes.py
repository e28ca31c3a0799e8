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
    "index.owes": "owed to suppliers, US$ bn",
    "index.gets": "promised by investors, US$ bn",
    "index.run_rate": "customers, a year, US$ bn",
    "index.to_both_share": "owed to own investors, %",
    "circularity.maximum": "can go round, %",
    "sustainability.gap": "still to be raised, US$ bn",
}
STEP = 76  # pixels of a row
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


def _dots(known: pd.DataFrame) -> alt.LayerChart:
    """One row a result, one column a key day; a dot by its share of the row's largest, its text below."""
    rows = [RESULTS[k] for k in RESULTS if k in set(known["key"])]
    columns = list(dict.fromkeys(known.sort_values("day")["when"]))
    axis = alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=11)
    x = alt.X("when:N", sort=columns, title=None, axis=axis)
    y = alt.Y("row:N", sort=rows, axis=None)
    base = alt.Chart(round_values(known[["row", "when", "share", "text", "short", "name"]])).encode(x=x, y=y)
    size = alt.Size("share:Q", scale=alt.Scale(domain=[0, 1], range=[0, 560]), legend=None)
    dots = base.mark_point(color=colour_of("first"), opacity=0.85).encode(size=size, tooltip=tooltips(known, WORDS))
    texts = [
        base.mark_text(dy=22, fontSize=11, color=MUTED, tooltip=None).encode(text=f"{field}:N").properties(name=name)
        for name, field in (("wide_words", "text"), ("narrow_words", "short"))
    ]
    heads = alt.Chart(pd.DataFrame({"row": rows, "when": columns[0]})).encode(x=x, y=y, text="row:N")
    names = heads.mark_text(align="left", dx=-34, dy=-24, fontWeight="bold", tooltip=None)
    return layered(dots, *texts, names, height=STEP * len(rows))


def fig_changes_timeline(ledger: Ledger, scenario: str = "central") -> Any:
    """The key results at each key day, one row each, from the lowest to the highest that each could be."""
    known = numbers.compared(ledger, scenario)
    if known["day"].nunique() < 2:
        why = "There is no earlier key day to compare with."
        return empty_figure("fig-changes-timeline", "Key results through time", ledger, why)
    known = _labelled(known)
    ends, last = numbers.growth(known), pd.Timestamp(known["day"].max())
    title = (
        f"Commitments grew from {formats.amount(ends[0]['high'], 'usd_bn')} to"
        f" {formats.amount(ends[1]['high'], 'usd_bn')} between {pd.Timestamp(ends[0]['day']):%B %Y} and {last:%B %Y}"
        if ends
        else "Key results through time"
    )
    table = known.assign(order=known["key"].map(list(RESULTS).index)).sort_values(["order", "day"], kind="stable")
    return make_figure(
        _dots(known),
        id="fig-changes-timeline",
        title=title,
        subtitle="Key results as known on each key day. Each dot: the middle of the range, sized by the row's largest.",
        alt_text=describe(title, (f"{row}: {', '.join(g['text'])}" for row, g in table.groupby("row", sort=False))),
        table=table,
        columns={"row": "Result", "day": "Day", "name": "Name", "middle": "Middle", "low": "Low", "high": "High"},
        ledger=ledger,
        rows=[Facts(ledger, "changes", scenario).payments(scope="openai")],
    )
