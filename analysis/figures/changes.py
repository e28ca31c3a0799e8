"""Figures of the page on changes."""

import altair as alt
import pandas as pd

from analysis.figures.figure import empty_figure, make_figure, round_values
from analysis.figures.palette import MUTED, colour_of
from analysis.ledger import Ledger
from analysis.numbers import changes as numbers
from analysis.numbers import formats
from analysis.numbers.facts import Facts

SHORT = {
    "index.owes": "owed to suppliers, US$ bn",
    "index.gets": "promised by investors, US$ bn",
    "index.run_rate": "customers, a year, US$ bn",
    "index.to_both_share": "owed to own investors, %",
    "circularity.maximum": "can go round, %",
    "sustainability.gap": "still to be raised, US$ bn",
}


def fig_changes_timeline(ledger: Ledger, scenario: str = "central") -> alt.TopLevelMixin:
    """The key results at each key day, one row each, from the lowest to the highest that each could be."""
    lines = numbers.timeline(ledger, scenario)
    lines = lines.assign(middle=lines["value"].fillna((lines["low"] + lines["high"]) / 2))
    known = lines[lines["middle"].notna()]
    if known["day"].nunique() < 2:
        return empty_figure(
            "fig-changes-timeline", "Key results through time", ledger, "There is no earlier key day to compare with."
        )
    top = known.groupby("key")[["high", "middle"]].max().max(axis=1)
    known = known.assign(
        row=known["key"].map(SHORT),
        share=known["middle"] / known["key"].map(top).where(lambda t: t > 0),
        text=[t.replace("US$", "").replace("bn", "").replace(" or more", "+") for t in known["text"]],
        short=[formats.rounded(v, 0) for v in known["middle"]],
        when=[f"{pd.Timestamp(d):%b %y}" for d in known["day"]],
    )
    order = [SHORT[k] for k in SHORT if k in set(known["key"])]
    columns = list(dict.fromkeys(known.sort_values("day")["when"]))
    x = alt.X(
        "when:N",
        sort=columns,
        title=None,
        axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=11),
    )
    y = alt.Y("row:N", sort=order, axis=None)
    base = alt.Chart(round_values(known[["row", "when", "share", "text", "short", "name"]])).encode(x=x, y=y)
    dots = base.mark_point(color=colour_of("orders"), filled=True, opacity=0.85).encode(
        size=alt.Size("share:Q", scale=alt.Scale(domain=[0, 1], range=[0, 560]), legend=None),
        tooltip=["name:N", "row:N", "text:N"],
    )
    texts = [
        base.mark_text(dy=22, fontSize=font, color=MUTED).encode(text=f"{field}:N").properties(name=f"{size}_words")
        for size, field, font in (("wide", "text", 11), ("narrow", "short", 11))
    ]
    heads = pd.DataFrame({"row": order, "when": columns[0]})
    names = alt.Chart(heads).mark_text(align="left", dx=-34, dy=-24, fontWeight="bold").encode(x=x, y=y, text="row:N")
    days = sorted(known["day"].unique())
    owes = known[(known["key"] == "index.owes") & (known["high"] > 0)].sort_values("day")
    title = (
        f"Commitments grew from {formats.amount(owes['high'].iloc[0], 'usd_bn')} to {formats.amount(owes['high'].iloc[-1], 'usd_bn')} between {pd.Timestamp(owes['day'].iloc[0]):%B %Y} and {pd.Timestamp(days[-1]):%B %Y}"
        if len(owes) > 1 and owes["high"].iloc[-1] > owes["high"].iloc[0]
        else "Key results through time"
    )
    wide = known.pivot_table(index=["day", "name"], columns="key", values="text", aggfunc="first").reindex(
        columns=[k for k in SHORT if k in set(known["key"])]
    )
    return make_figure(
        alt.layer(dots, *texts, names),
        id="fig-changes-timeline",
        title=title,
        subtitle="Key results as known on each key day. Each dot: the middle of the range, sized by the row's largest.",
        alt_text=title
        + ". "
        + "; ".join(
            f"{SHORT[k]}: {', '.join(g.sort_values('day')['text'])}" for k, g in known.groupby("key", sort=False)
        )
        + ".",
        table=wide.fillna("").reset_index().rename(columns={"day": "Day", "name": "Name"} | SHORT),
        ledger=ledger,
        rows=[Facts(ledger, "changes").payments(scope="openai")],
        height=76 * len(order),
    )
