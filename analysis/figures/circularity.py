"""Figures of the chapter on circularity."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dumbbells, grouped_bars, labelled_bars, labelled_columns, steps
from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES
from analysis.numbers import formats
from analysis.numbers.circularity import loop_scores, measures, promises
from analysis.numbers.series import circularity as series

SIDE_ROLES = {series.INTO: "equity", series.BACK: "orders"}
LENGTH_ROLES = {series.TWO: "first", series.MORE: "fourth"}
STATE_ROLES = {promises.PAYS: "orders", promises.RECEIVES: "equity"}
VENDOR_ROLES = {series.PROMISED: "other", series.PAID: "first"}
SCORE_ROLES = {series.PUBLISHED: "other", series.OURS: "first"}


def _roles() -> dict[str, str]:
    """The colour of each measure by its words."""
    return {m.words: m.role for m in MEASURES.values()}


def _shares() -> dict[str, str]:
    """The columns of the measures in a table, by key."""
    return {key: m.column for key, m in MEASURES.items()}


def _all_columns() -> dict[str, str]:
    """The columns of `models.network.measures` in a table."""
    return {"total": "Payments, US$ bn"} | _shares() | {"outside": "Outside money, US$ bn"}


def _how_many() -> str:
    """How many measures there are, as a sentence begins."""
    return f"{formats.spelled(len(MEASURES)).capitalize()} measures"


def fig_circularity_years(ledger: Ledger, scenario: str = "central") -> Any:
    """Share of each year's payments that can go round."""
    frame = series.years(ledger, scenario)
    if frame.empty:
        why = "No payment between the parties is known by this day."
        return empty_figure("fig-circularity-years", "How circular each year is", ledger, why)
    title = series.years_finding(frame, ledger.as_of.year)
    return make_figure(
        labelled_columns(
            frame,
            {"year": "Year", "maximum": "per cent of the year's payments", "total": "Payments, US$ bn"},
            value="maximum",
            label="label",
        ),
        id="fig-circularity-years",
        title=title,
        subtitle="Maximum circulation of each calendar year's payments between the parties, per cent of them.",
        alt_text=describe(title, (f"{r.year}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"year": "Year"} | _all_columns(),
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note="Equity is paid once and early, orders over years: what falls into which year rests on our spreading.",
    )


def fig_circularity_vintages(ledger: Ledger, scenario: str = "central") -> Any:
    """The measures as they stood on each day on which the network changed."""
    table, frame = series.days(ledger, scenario)
    if frame["share"].max() == 0:
        why = "No loop is known by this day."
        return empty_figure("fig-circularity-vintages", "How circular it was known to be", ledger, why)
    title = series.days_finding(table)
    said = "; ".join(f"{m.words} {table[key].iloc[-1]:.0f}%" for key, m in MEASURES.items())
    return make_figure(
        steps(
            frame,
            {"day": "Known on", "measure": "Measure", "share": "per cent"},
            line="measure",
            colours=_roles(),
            high="share",
            height=260,
        ),
        id="fig-circularity-vintages",
        title=title,
        subtitle=f"{_how_many()} of the payments between the parties, as known on each day, per cent.",
        alt_text=describe(title, [f"On the last day: {said}"]),
        table=table,
        columns={"day": "Day"} | _shares(),
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
    )


def fig_circularity_partners(ledger: Ledger, scenario: str = "central") -> Any:
    """Round trip by partner: money in against orders back."""
    table, frame = series.trips(ledger, scenario)
    if table.empty:
        why = "No deal is known by this day."
        return empty_figure("fig-circularity-partners", "Round trip by partner", ledger, why)
    title = series.trips_finding(table)
    return make_figure(
        grouped_bars(
            frame,
            {"name": "Partner", "side": "Side", "value": "US$ bn"},
            group="side",
            colours=SIDE_ROLES,
            thickness=12,
        ),
        id="fig-circularity-partners",
        title=title,
        subtitle="Equity a partner puts in and orders it is to get back, US$ bn over the life of the deals, high ends.",
        alt_text=describe(
            title, (f"{r.name}: in {r.put_in:.4g}, back {r.paid_back:.4g}" for r in table.itertuples(index=False))
        ),
        table=table,
        columns={
            "name": "Partner",
            "put_in": "Into OpenAI, US$ bn",
            "paid_back": "Orders back, US$ bn",
            "returned_pct": "Share returned, %",
            "orders_per_dollar": "Orders per dollar, US$",
            "orders_per_dollar_today": "Discounted, US$",
            "unpriced": "Deals without a price",
        },
        ledger=ledger,
        rows=[measures.facts(ledger, scenario).payments(scope="openai")],
        note="Where the table counts deals without a price, no bar means no published price, not zero.",
    )


def fig_circularity_loops(ledger: Ledger, scenario: str = "central") -> Any:
    """The widest loops by their smallest payment."""
    frame = series.loops(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-circularity-loops", "The loops", ledger, "No loop is known by this day.")
    title = series.loops_finding(frame)
    return make_figure(
        labelled_bars(
            frame,
            {"loop": "Loop", "value": "US$ bn", "total": "All payments, US$ bn"},
            name="loop",
            kind="kind",
            colours=LENGTH_ROLES,
        ),
        id="fig-circularity-loops",
        title=title,
        subtitle=(
            "Loops of two to five parties by their smallest payment, which limits what can go round; US$ bn over the"
            " life of the deals."
        ),
        alt_text=describe(title, (f"{r.loop}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={
            "loop": "Loop",
            "length": "Parties",
            "value": "Smallest payment, US$ bn",
            "total": "All payments, US$ bn",
        },
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
        note="Loops share payments, so they do not add up.",
    )


def fig_circularity_states(ledger: Ledger, scenario: str = "central") -> Any:
    """Claimed, announced, signed and paid, kept apart."""
    frame, note = series.states(ledger)
    if frame.empty:
        why = "No deal is known by this day."
        return empty_figure("fig-circularity-states", "Claimed, announced, signed, paid", ledger, why)
    f, title = measures.facts(ledger, scenario), series.states_finding(ledger, scenario)
    return make_figure(
        labelled_bars(
            frame,
            {"side": "Side", "state": "State", "amount": "US$ bn"},
            value="amount",
            kind="side",
            colours=STATE_ROLES,
        ),
        id="fig-circularity-states",
        title=title,
        subtitle=(
            "The same promises by how far they have got, US$ bn. What suppliers have been paid so far is not published."
        ),
        alt_text=describe(
            title, (f"{name}: {label}" for name, label in zip(frame["name"], frame["label"], strict=True))
        ),
        table=frame,
        columns={"side": "Side", "state": "State", "amount": "US$ bn"},
        ledger=ledger,
        rows=[f.payments(scope="openai"), f.deal(promises.PLAN)],
        note=note,
    )


def fig_circularity_vendors(ledger: Ledger, scenario: str = "central") -> Any:
    """Vendor finance then and now by the same ratios."""
    frame, rows = series.vendors(ledger, scenario)
    if frame.empty:
        why = "No vendor finance is in the ledger by this day."
        return empty_figure("fig-circularity-vendors", "Vendor finance then and now", ledger, why)
    title = series.vendors_finding(ledger, scenario)
    return make_figure(
        labelled_bars(
            frame,
            {"name": "Vendor", "state": "State", "value": "per cent of revenue"},
            kind="state",
            colours=VENDOR_ROLES,
            step=40,
        ),
        id="fig-circularity-vendors",
        title=title,
        subtitle=(
            "Vendor finance as a share of the vendor's revenue, per cent: what was promised, and what had been paid."
        ),
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Vendor", "state": "State", "value": "% of revenue"},
        ledger=ledger,
        rows=rows,
        note=(
            "Not the same instrument: Lucent lent, NVIDIA buys shares, some of firms that are not customers. The"
            " claim counts a letter of intent, which is not a contract."
        ),
    )


def fig_circularity_sensitivity(ledger: Ledger, scenario: str = "central") -> Any:
    """The measures under every way to count."""
    table, frame = series.ways(ledger, scenario)
    if table["total"].max() == 0:
        why = "No payment between the parties is known by this day."
        return empty_figure("fig-circularity-sensitivity", "Every way to count", ledger, why)
    title = series.ways_finding(table)
    said = (f"{name}: {share:.0f}% can go round" for name, share in zip(table["name"], table["maximum"], strict=True))
    return make_figure(
        dumbbells(
            frame,
            {"name": "Way to count", "measure": "Measure", "share": "per cent"},
            kind="measure",
            value="share",
            colours=_roles(),
            large=MEASURES["maximum"].words,
        ),
        id="fig-circularity-sensitivity",
        title=title,
        subtitle=f"{_how_many()} under each way to count, per cent of the payments between the parties.",
        alt_text=describe(title, said),
        table=table,
        columns={"name": "Way to count"} | _all_columns(),
        ledger=ledger,
        rows=[measures.payments(measures.facts(ledger, scenario))],
    )


def fig_circularity_rival(ledger: Ledger, scenario: str = "central") -> Any:
    """A published loop score beside the money of the same pairs."""
    table, frame = series.pairs(ledger, scenario)
    if table.empty:
        why = "No rival score is published by this day."
        return empty_figure("fig-circularity-rival", "Another score of the same loops", ledger, why)
    title = series.pairs_finding(table)
    return make_figure(
        grouped_bars(
            frame,
            {"pair": "Pair", "who": "Score", "share": "per cent"},
            name="pair",
            group="who",
            value="share",
            colours=SCORE_ROLES,
            thickness=16,
        ),
        id="fig-circularity-rival",
        title=title,
        subtitle="Loop score as published, and twice the smaller of the two payments over both, per cent.",
        alt_text=describe(
            title, (f"{r.pair}: published {r.theirs:.0f}%, by money {r.ours:.0f}%" for r in table.itertuples())
        ),
        table=table,
        columns={
            "pair": "Pair",
            "theirs": "Published score, %",
            "ours": "By money, %",
            "there": "One way, US$ bn",
            "back": "The other, US$ bn",
        },
        ledger=ledger,
        rows=[loop_scores.published(ledger), measures.payments(measures.facts(ledger, scenario))],
        note=(
            "The published score weights ties by hand and almost ignores the amounts; its weights are not"
            " published, so it cannot be computed on our flows."
        ),
    )
