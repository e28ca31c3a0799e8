"""Figures of the page on the order of events."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import labelled_bars, layered, tooltips
from analysis.figures.palette import FAINT, MUTED, scale
from analysis.ledger import Ledger
from analysis.numbers import formats, named_sums, quantities
from analysis.numbers import timeline as numbers
from analysis.numbers.facts import Facts

MONEY = {"shares": "equity", "orders": "orders", "guarantees, warrants": "guarantees", "plans, no contracts": "other"}
MONEY_WORDS = dict(zip(("equity", "orders", "guarantees", numbers.PLANS), MONEY, strict=True))
CHANGES_TOLD = ("closed", "ended", "amended")  # the other changes need no word beside their dot
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
    size = alt.Size("size:Q", scale=alt.Scale(domain=[0, 1400], range=[25, 480]), legend=None)
    paint = alt.Color("money:N", title=None, scale=scale(MONEY, frame["money"]))
    line = base.mark_rule(color=FAINT, strokeWidth=2, tooltip=None).encode(
        x=x, y=alt.Y("min(place):Q", axis=None, scale=place), y2=alt.Y2("max(place):Q")
    )
    dots = base.mark_point(opacity=1).encode(x=x, y=y, size=size, color=paint, tooltip=tooltips(frame, WORDS))
    months = base.mark_text(align="right", dx=-14, fontSize=11, color=MUTED, tooltip=None)
    texts = base.mark_text(align="left", dx=14, fontSize=11, tooltip=None)
    layers = [
        line,
        dots,
        months.encode(x=x, y=y, text=alt.Text("month:N")),
        texts.encode(x=x, y=y, text=alt.Text("words:N")),
    ]
    return layered(*layers, height=STEP * len(frame) + 10)


def fig_timeline_deals(ledger: Ledger, scenario: str = "central") -> Any:
    """Every large deal and amendment on one vertical line, by kind and amount, with the plan that they serve."""
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
    title = _finding(found)
    return make_figure(
        _line(frame),
        id="fig-timeline-deals",
        title=title,
        subtitle=(
            f"OpenAI's deals of US${numbers.LARGE:g}bn or more, and supply deals without a price, on the days on which"
            " they began or changed, US$ bn. Size: amount."
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
        note=(
            "A deal stands on the day on which it became public. Instalments of one round are one deal; later"
            " statements with the same amount, or again without one, are left out."
        ),
    )


def _finding(found: pd.DataFrame) -> str:
    """The finding of the line: the month with the most deals, if there is one, or else how many they are."""
    deals = found.groupby(found["as_of"].dt.to_period("M"))["deal"].nunique()
    month, most = deals.idxmax(), int(deals.max())
    if most > 1 and deals.eq(most).sum() == 1:
        count = formats.spelled(most).capitalize()
        return f"{count} deals and plans began or changed in {month.strftime('%B %Y')}, more than in any other month"
    number = formats.counted(found["deal"].nunique(), "large deal or plan", "large deals and plans")
    return f"{number}, begun or changed on {formats.counted(len(found), 'occasion', 'occasions')}"


def _words(row: Any) -> str:
    amount = row.money_text.replace("US$", "").replace("bn", "")
    if row.what == "smaller number":
        return f"{row.name}: {amount}, after {formats.amount(row.before, 'usd_bn', has_unit=False)}"
    if row.what == "closed in part":
        return f"{row.name}: {amount} closed"
    is_told = row.status == "reported" and row.role != "claim"
    return f"{row.name}: {amount}" + (", reported" if is_told else f", {row.what}" if row.what in CHANGES_TOLD else "")


def fig_timeline_claims(ledger: Ledger, scenario: str = "central") -> Any:
    """The sums that were named for OpenAI's computing, in their order, with what each counts."""
    found = named_sums.climb_down(ledger)
    if found[found["kind"] == "named"].empty:
        why = "No sum for all of OpenAI's computing is known by this day."
        return empty_figure("fig-timeline-claims", "What was named for OpenAI's computing", ledger, why)
    known = {r.key: r for r in numbers.story(ledger, scenario)}
    most, plan, then, now = (known[f"timeline.{n}"].text for n in ("claimed", "planned", "contracts_then", "contracts"))
    title = (
        f"OpenAI named {most}, then the narrower {plan}; its priced contracts went from {then} to {now}"
        if known["timeline.has_fallen"].value
        else "What was named for OpenAI's computing, and what each number counts"
    )
    frame = found.assign(
        kind=found["kind"].map(KIND_WORDS),
        label=[
            f"{'more than ' if is_floor else ''}{formats.amount(v, 'usd_bn')}"
            for v, is_floor in zip(found["value"], found["is_floor"], strict=True)
        ],
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
        subtitle="US$ bn over several years, by the day on which each became known; with what each counts.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"day": "Known on", "name": "What is counted", "kind": "By", "value": "US$ bn"},
        ledger=ledger,
        rows=[found[found["kind"] == "named"], quantities.supply(Facts(ledger, "timeline", scenario))],
        note=(
            "Numbers that count different things, or different years, cannot be set against each other."
            " The contracts are those known on the day, ceilings included."
        ),
    )
