"""Figures of the first page."""

from typing import Any

import pandas as pd

from analysis.figures import loop
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.figure_sources import by_money, priced
from analysis.figures.marks import mirrored_bars, responses, steps
from analysis.figures.marks.responses import AT
from analysis.figures.replay import NEVER, with_day
from analysis.figures.sliders import Slider, Stop, day_slider
from analysis.ledger import Ledger
from analysis.numbers import formats, parties, quantities
from analysis.numbers import index as numbers
from analysis.numbers.company_names import group_note
from analysis.numbers.facts import Facts
from analysis.numbers.sustainability import growth
from analysis.numbers.sustainability.cash import inputs_told

LINES = {"owes": "ordered from suppliers", "gets": "promised by investors", "customers": "customers, a year"}
LINE_ROLES = {LINES["owes"]: "orders", LINES["gets"]: "equity", LINES["customers"]: "customers"}

UNKNOWN = "Revenue, forecasts or cash are not all known by this day."
GAPS = {
    "gap_low": "Less is missing in one future of twenty, US$ bn",
    "gap_median": "Missing in the median future, US$ bn",
    "gap_high": "More is missing in one future of twenty, US$ bn",
    "closed": "Futures in which nothing is missing, %",
}
ENDS, PROMISES = ["low", "high"], ["owes", "gets"]  # of a sum; the lines that have both


def fig_index_loop(ledger: Ledger, scenario: str = "central") -> Any:
    """Each partner's two sides: what it puts into OpenAI and what OpenAI has ordered from it; customers' money, too."""
    found = parties.largest_parties(ledger, 99)
    if found.empty:
        return empty_figure("fig-index-loop", "The loop", ledger, "No payment is known by this day.")
    bars, days = loop.by_day(ledger)
    chart, height, narrow_height = mirrored_bars(
        bars,
        loop.WORDS,
        rows=[list(group.values()) for group in loop.places(ledger)],
        heads=("puts into OpenAI", "OpenAI has ordered from it"),
        colours=loop.ROLES,
    )
    known = {r.key: r for r in numbers.circle(ledger, scenario)}
    share, names = known["index.to_both_share"], known["index.both_names"].value
    verbs = "invests in OpenAI and holds" if known["index.both_count"].value == 1 else "invest in OpenAI and hold"
    title = (
        f"{names} {verbs} {formats.about(share.value, 'pct', share.low, share.high, is_open=False)} "
        "of its priced orders"
        if share.low is not None and names
        else "Who invests in OpenAI, and from whom it orders"
    )
    f = Facts(ledger, "index", scenario)
    return make_figure(
        with_day(chart, days),
        id="fig-index-loop",
        title=title,
        subtitle=(
            "US$ bn over the life of all deals; customers' money is a year's. Pale: not known to be paid, or a ceiling."
        ),
        alt_text=describe(
            title, (f"{r.name}: {r.kind} {r.label}" for r in bars[bars["until"] == NEVER].itertuples(index=False))
        ),
        table=parties.published_ends(found),
        columns={
            "name": "Party",
            "invests_low": "Invests at least, US$ bn",
            "invests_high": "Invests at most, US$ bn",
            "sells_low": "Orders at least, US$ bn",
            "sells_high": "Orders at most, US$ bn",
            "sells_undisclosed": "Deals without a price",
        },
        ledger=ledger,
        rows=by_money(loop.drawn_deals(ledger)) | {"Customers": [quantities.run_rate(f).tail(1)]},
        note=_unpriced_note(ledger),
        height=height,
        narrow_height=narrow_height,
        slider=day_slider(days),
    )


def _unpriced_note(ledger: Ledger) -> str:
    names, small = parties.unpriced_suppliers(ledger), loop.left_out(ledger)
    which = f" ({formats.listed(names)})" if names else ""
    told = [f"Orders without a published price{which} are dotted if their holder invests as well, else not drawn."]
    told += [f"Left out for want of room: {formats.listed(small)}."] if small else []
    return " ".join([*told, group_note(ledger, ("openai",))]).strip()


def fig_index_growth(ledger: Ledger, scenario: str = "central") -> Any:
    """What was known on each day: ordered, invested, and customers' yearly money."""
    frame = numbers.growth(ledger)
    frame = frame.assign(told=frame["low"])  # what is firm; the most that was announced is the shade
    promises = frame[frame["line"] != "customers"]
    if promises["high"].sum() == 0:
        return empty_figure("fig-index-growth", "How it grew", ledger, "No payment is known by this day.")
    got = promises[promises["line"] == "gets"]
    title = numbers.growth_finding(frame)
    ends = [frame.pivot_table(index="day", columns="line", values=end).reindex(columns=list(LINES)) for end in ENDS]
    table = ends[0].join(ends[1][PROMISES].add_suffix("_most")).ffill()
    shown = {k: words for k, words in LINES.items() if table[k].notna().any()}
    most = {f"{k}_most": f"{LINES[k]} at most, US$ bn" for k in PROMISES if k in shown}
    f = Facts(ledger, "index", scenario)
    return make_figure(
        steps(
            frame.assign(line=frame["line"].map(LINES)),
            {"day": "Known on", "line": "Money", "told": "US$ bn", "high": "At most announced, US$ bn"},
            line="line",
            colours=LINE_ROLES,
            high="told",
            low="low",
            top="high",
        ),
        id="fig-index-growth",
        title=title,
        subtitle=(
            "As known on each day, US$ bn over the life of the deals; customers' money in a year. Shade: from what is"
            " firm to the most announced."
        ),
        alt_text=describe(title, [f"Investors had promised {formats.amount_text(*got[ENDS].iloc[-1])} at the end"]),
        table=table.drop_duplicates().reset_index(),
        columns={"day": "Day"} | {k: f"{words}, US$ bn" for k, words in shown.items()} | most,
        ledger=ledger,
        rows=by_money(pd.concat([quantities.supply(f), quantities.equity_promised(f)]).pipe(priced))
        | {"Customers": [numbers.rates_shown(ledger)]},
    )


def fig_index_closing(ledger: Ledger, scenario: str = "central") -> Any:
    """What would be missing, by how much of the growth that OpenAI plans comes true."""
    frame = growth.response(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-index-closing", "What would close the shortfall", ledger, UNKNOWN)
    title = growth.response_finding(ledger, scenario)
    words = {"growth": "Part of the growth that OpenAI plans that comes true, %", **GAPS}
    ends, ours = frame.iloc[[0, -1]], float(growth.named(ledger, scenario)["growth"].iloc[0])
    stops = [Stop(*told) for told in growth.readings(frame)]
    return make_figure(
        responses(
            frame,
            words,
            x="growth",
            low="gap_low",
            value="gap_median",
            high="gap_high",
            points=growth.named(ledger, scenario),
            mark=(100.0, "OpenAI's\nown plan"),
            at=ours,
            role="loss",
        ),
        id="fig-index-closing",
        title=title,
        subtitle="What OpenAI would still have to raise, counting signed and announced orders, US$ bn. Line: the median"
        " future; shade: nine of ten.",
        alt_text=describe(title, (f"{r.growth:.0f}%: {r.gap_median:.0f} US$ bn" for r in ends.itertuples())),
        table=frame,
        columns=words,
        ledger=ledger,
        rows=inputs_told(ledger),
        note="At each value growth still varies around it; held exactly at the plan, less is missing.",
        slider=Slider(AT, "If OpenAI's growth comes to", stops, [stop.value for stop in stops].index(ours), pace=350),
    )
