"""Figures of the first page."""

from typing import Any

import altair as alt

from analysis.figures import loop
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import ranged_bars, steps
from analysis.figures.replay import NEVER, replayed, with_day
from analysis.ledger import Ledger
from analysis.numbers import formats, network, parties, quantities
from analysis.numbers import index as numbers
from analysis.numbers.facts import Facts

LINES = {"owes": "owed to suppliers", "gets": "promised by investors", "customers": "customers, a year"}
LINE_ROLES = {LINES["owes"]: "orders", LINES["gets"]: "equity", LINES["customers"]: "customers"}


def fig_index_loop(ledger: Ledger, scenario: str = "central") -> Any:
    """The loop: OpenAI in the middle, money in and orders out, customers' money among them."""
    found = parties.largest_parties(ledger, 9)
    if found.empty:
        return empty_figure("fig-index-loop", "The loop", ledger, "No payment is known by this day.")
    order = loop.places(ledger)
    (lines, labels), days = replayed(ledger, lambda view: loop.lines_and_labels(view, order))
    known = {r.key: r for r in numbers.circle(ledger, scenario)}
    share, both = known["index.to_both_share"], known["index.both_count"]
    title = (
        f"{formats.rounded(share.low, 0)} to {formats.rounded(share.high, 0)}% of what OpenAI owes goes to "
        f"{both.value} firms that also invest in it: {', '.join(found[found['is_both']]['name'])}"
        if share.low is not None and share.high is not None and both.value
        else "Who invests in OpenAI, and whom it pays"
    )
    f = Facts(ledger, "index", scenario)
    return make_figure(
        with_day(loop.draw(lines, labels), days),
        id="fig-index-loop",
        title=title,
        subtitle=(
            "US$ bn over the life of all deals; customers' money is that of one year. Width: amount. Pale: depends on"
            " conditions or a ceiling."
        ),
        alt_text=describe(
            title, (f"{r.name}: {r.text}" for r in labels[labels["until"] == NEVER].itertuples(index=False))
        ),
        table=parties.published_ends(found),
        columns={
            "name": "Party",
            "invests_low": "Invests at least, US$ bn",
            "invests_high": "Invests at most, US$ bn",
            "sells_low": "Is owed at least, US$ bn",
            "sells_high": "Is owed at most, US$ bn",
            "sells_undisclosed": "Deals without a price",
        },
        ledger=ledger,
        rows=[f.payments(scope="openai"), quantities.run_rate(f).tail(1)],
        note=_unpriced_note(ledger),
        height=460,
        narrow_height=340,
        replay=days,
    )


def _unpriced_note(ledger: Ledger) -> str:
    names = parties.unpriced_suppliers(ledger)
    which = f" ({formats.listed(names)})" if names else ""
    return f"Deals without a published price{which} are not drawn. {network.group_note(ledger, ('openai',))}".strip()


def fig_index_sides(ledger: Ledger, scenario: str = "central") -> Any:
    """Both sides of each party, as bars."""
    found = parties.largest_parties(ledger, 12)
    if found.empty:
        return empty_figure("fig-index-sides", "Two sides of each party", ledger, "No payment is known by this day.")
    sides = parties.sides_of(found)
    frame = sides.assign(
        side=sides["side"].map({"invests": loop.IN, "sells": loop.OUT}),
        label=[loop.short_amount(*r) for r in sides[["low", "high", "is_open"]].itertuples(index=False)],
    )
    is_left = frame["side"] == loop.IN
    drawn = frame.assign(
        low=frame["low"].where(~is_left, -frame["low"]), high=frame["high"].where(~is_left, -frame["high"])
    )
    both = found[found["is_both"]]
    invested, owed = both["invests_high"].sum(), both["sells_high"].sum()
    title = (
        f"Firms on both sides are owed {formats.rounded(owed / invested, 1)} times what they invest"
        if 0 < invested < owed
        else "What each party invests and what it is owed"
    )
    return make_figure(
        ranged_bars(
            drawn,
            {"name": "Party", "side": "Side", "label": "US$ bn", "low": "US$ bn"},
            kind="side",
            colours=loop.ROLES,
            axis=alt.Axis(labelExpr="format(abs(datum.value), ',')"),
            thickness=18,
            step=34,
        ),
        id="fig-index-sides",
        title=title,
        subtitle=(
            "US$ bn over the life of all deals. Pale: depends on conditions or a ceiling. Equity is paid once, orders"
            " over years."
        ),
        alt_text=describe(title, (f"{r.name} {r.side} {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Party", "side": "Side", "low": "Low, US$ bn", "high": "High, US$ bn"},
        ledger=ledger,
        rows=[Facts(ledger, "index", scenario).payments(scope="openai")],
    )


def fig_index_growth(ledger: Ledger, scenario: str = "central") -> Any:
    """What was known on each day: owed, invested, and customers' yearly money."""
    frame = numbers.growth(ledger)
    promises = frame[frame["line"] != "customers"]
    if promises["high"].sum() == 0:
        return empty_figure("fig-index-growth", "How it grew", ledger, "No payment is known by this day.")
    owed, got = (promises[promises["line"] == line] for line in ("owes", "gets"))
    start, end = owed["high"].iloc[[0, -1]]
    title = f"What OpenAI owes its suppliers rose to {formats.amount(end, 'usd_bn')}" + (
        f" from {formats.amount(start, 'usd_bn')} on {formats.day(owed['day'].iloc[0].date())}"
        if start
        else f"; before {promises.loc[promises['high'] > 0, 'day'].iloc[0]:%B %Y} no price was known"
    )
    table = frame.pivot_table(index="day", columns="line", values="high").reindex(columns=list(LINES)).ffill()
    shown = {k: words for k, words in LINES.items() if table[k].notna().any()}
    f = Facts(ledger, "index", scenario)
    return make_figure(
        steps(
            frame.assign(line=frame["line"].map(LINES)),
            {"day": "Known on", "line": "Money", "low": "At least, US$ bn", "high": "US$ bn"},
            line="line",
            colours=LINE_ROLES,
            low="low",
        ),
        id="fig-index-growth",
        title=title,
        subtitle=(
            "As known on each day, US$ bn. Commitments run over many years; customers' money is that of one year."
            " Shade: low to high."
        ),
        alt_text=describe(title, [f"Investors had promised {got['high'].iloc[-1]:g} at the end"]),
        table=table.drop_duplicates().reset_index(),
        columns={"day": "Day"} | {k: f"{words}, US$ bn" for k, words in shown.items()},
        ledger=ledger,
        rows=[f.payments(scope="openai"), numbers.rates_shown(ledger)],
    )
