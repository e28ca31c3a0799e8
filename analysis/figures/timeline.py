"""Figures of the page on the order of events."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import labelled_bars, layered, tooltips
from analysis.figures.palette import FAINT, MUTED, scale
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers import timeline as numbers

MONEY = {"shares": "equity", "orders": "orders", "guarantees, warrants": "guarantees"}
MONEY_WORDS = dict(zip(("equity", "orders", "guarantees"), MONEY, strict=True))
SAID = ("paid", "paid in part", "ended", "amended")  # the rest is told by standing on the line
WORDS = {"day": "Known on", "name": "Who pays whom", "money_text": "Amount", "what": "What happened"}
STEP = 25  # pixels of an event
KINDS = {"named": "orders", "our sum": "other"}
KIND_WORDS = {"named": "named by OpenAI or the press", "our sum": "our sum of contracts"}


def _line(frame: pd.DataFrame) -> alt.LayerChart:
    """One row an event from the oldest down: its month, a dot by kind and amount, who pays whom and how much."""
    base = alt.Chart(round_values(frame[["place", "spot", "month", "words", "size", "money", *WORDS]]))
    place = alt.Scale(domain=[-0.7, len(frame) - 0.3], reverse=True, nice=False)
    y = alt.Y("place:Q", axis=None, scale=place)
    x = alt.X("spot:Q", axis=None, scale=alt.Scale(domain=[0, 10], nice=False))
    size = alt.Size("size:Q", scale=alt.Scale(domain=[0, 500], range=[25, 330]), legend=None)
    paint = alt.Color("money:N", title=None, scale=scale(MONEY, frame["money"]))
    line = base.mark_rule(color=FAINT, strokeWidth=2, tooltip=None).encode(
        x=x, y=alt.Y("min(place):Q", axis=None, scale=place), y2="max(place):Q"
    )
    dots = base.mark_point(opacity=1).encode(x=x, y=y, size=size, color=paint, tooltip=tooltips(frame, WORDS))
    months = base.mark_text(align="right", dx=-14, fontSize=11, color=MUTED, tooltip=None)
    texts = base.mark_text(align="left", dx=14, fontSize=11, tooltip=None)
    layers = [line, dots, months.encode(x=x, y=y, text="month:N"), texts.encode(x=x, y=y, text="words:N")]
    return layered(*layers, height=STEP * len(frame) + 10)


def fig_timeline_deals(ledger: Ledger, scenario: str = "central") -> Any:
    """Every large deal and amendment on one vertical line, by kind and amount."""
    found = numbers.events(ledger)
    if found.empty:
        why = "No large deal is known by this day."
        return empty_figure("fig-timeline-deals", "Deals and amendments in their order", ledger, why)
    months = found["as_of"].dt.strftime("%b %y")
    frame = found.assign(
        place=range(len(found)),
        spot=1.9,
        day=found["as_of"].dt.strftime("%Y-%m-%d"),
        month=months.where(months != months.shift(), ""),
        money=found["money"].map(MONEY_WORDS),
        words=[_words(r) for r in found.itertuples(index=False)],
    )
    years = found.groupby(found["as_of"].dt.to_period("M")).size()
    busiest = years.idxmax()
    title = (
        f"{formats.counted(int(years.max()), 'deal', 'deals')} began or changed in {busiest.strftime('%B %Y')} alone, "
        "more than in any other month"
        if years.eq(years.max()).sum() == 1 and years.max() > 1
        else "Deals and amendments in their order"
    )
    return make_figure(
        _line(frame),
        id="fig-timeline-deals",
        title=title,
        subtitle=(
            f"OpenAI's deals of US${numbers.LARGE:g}bn or more, and supply deals without a price, on the days on which"
            " they began or changed. Size: amount."
        ),
        alt_text=describe(title, (f"{r.day} {r.words}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "as_of": "Known on",
            "name": "Who pays whom",
            "money": "Kind",
            "what": "What happened",
            "money_text": "Amount",
        },
        ledger=ledger,
        rows=[found],
        note="A deal stands on the day on which it became public; later statements of the same amount are left out.",
    )


def _words(row: Any) -> str:
    is_claim = ", a claim" if row.role == "claim" else ""
    is_told = ", reported" if row.status == "reported" else ""
    ending = is_claim or is_told or (f", {row.what}" if row.what in SAID else "")
    amount = row.money_text.replace("US$", "").replace("bn", "")
    return f"{row.name}: {amount}{ending}"


def fig_timeline_claims(ledger: Ledger, scenario: str = "central") -> Any:
    """The sums that were named for OpenAI's computing, in their order, with what each counts."""
    found = numbers.climb_down(ledger)
    if found[found["kind"] == "named"].empty:
        why = "No sum for all of OpenAI's computing is known by this day."
        return empty_figure("fig-timeline-claims", "What was named for OpenAI's computing", ledger, why)
    known = {r.key: r for r in numbers.story(ledger, scenario)}
    most, plan = known["timeline.claimed"], known["timeline.planned"]
    title = (
        f"From {most.text} to {plan.text}: the largest number became the smaller plan"
        if known["timeline.has_fallen"].value
        else "What was named for OpenAI's computing, and what each number counts"
    )
    frame = found.assign(
        kind=found["kind"].map(KIND_WORDS),
        label=[formats.amount(v, "usd_bn") for v in found["value"]],
        day=found["as_of"],
    )
    return make_figure(
        labelled_bars(
            frame,
            {"name": "Named", "value": "US$ bn", "kind": "By"},
            kind="kind",
            colours={KIND_WORDS[k]: role for k, role in KINDS.items()},
            step=32,
        ),
        id="fig-timeline-claims",
        title=title,
        subtitle="US$ bn over several years, by the day on which each became known; what each counts stands beside it.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"day": "Known on", "name": "What is counted", "kind": "By", "value": "US$ bn"},
        ledger=ledger,
        rows=[found[found["kind"] == "named"]],
        note="The numbers count different things over different years, so a step between two of them is no saving.",
    )
