"""Figures of the chapter on circularity."""

from typing import Any

import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.figure_sources import by_money
from analysis.figures.marks import dots, layered, marked_days, ranged_bars, steps
from analysis.figures.marks.references import reference_line
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.circularity import MEASURES
from analysis.numbers import formats, modelling
from analysis.numbers.circularity import measures, partners
from analysis.numbers.facts import Facts
from analysis.numbers.series import circularity as series
from analysis.numbers.series import vendors

LINE_ROLES = {series.AGREED: "first", series.REPORTED: "other"}
VENDOR_ROLES = {vendors.OLD: "debt", vendors.NEW: "guarantees", vendors.UNDATED: "other"}
BUILDER_ROLES = {series.OUTLOOK: "first", series.TOGETHER: "second", series.ESTIMATE: "other", series.OWN: "third"}


def _shares() -> dict[str, str]:
    """The columns of the measures in a table, by key."""
    return {key: m.column for key, m in MEASURES.items()}


def fig_circularity_vintages(ledger: Ledger, scenario: str = "central") -> Any:
    """What those OpenAI pays match of its bill, as known in each week, with and without press reports and talks."""
    table, frame = series.days(ledger, scenario)
    if frame["high"].max() == 0:
        why = "No loop is known by this day."
        return empty_figure("fig-circularity-vintages", "How much of OpenAI's priced orders are matched", ledger, why)
    title, jumps = series.days_finding(table), series.jumps(ledger, scenario)
    words = {"day": "Known on", "line": "Counted", "high": "per cent"}
    drawn = steps(frame, words, line="line", colours=LINE_ROLES, height=260)
    if len(jumps):
        drawn += marked_days(jumps, words | {"event": "What moved it"}, day="day", value="high")
    told = [f"{r.known:%-d %B %Y}: {r.event}, to {r.high:.0f}%" for r in jumps.itertuples()]
    return make_figure(
        drawn,
        id="fig-circularity-vintages",
        title=title,
        subtitle="Per cent of priced orders, as known in each week: a step is a new deal, or a price made public.",
        alt_text=describe(title, told or ["It never moved by a point"]),
        table=table,
        columns={"day": "Week to"}
        | _shares()
        | {
            "with_reported": "With press reports and talks, %",
        },
        ledger=ledger,
        rows=by_money(measures.with_amount(ledger, scenario)),
        note="A loop counts for nothing while one of its legs has no published price.",
    )


def _partners_rows(f: Facts, drawn: pd.DataFrame) -> dict[str, list[pd.DataFrame]]:
    """The priced deals between the labs and the partners that are drawn, and those of which only the table tells."""
    rows = pd.concat([f.payments(scope=scope) for scope in ("openai", "comparator")])
    rows = rows[rows["kind"].isin((*counted.FUNDING_KINDS, *counted.SUPPLY_KINDS))]
    sides = modelling.parties(f.ledger).grouped(rows)
    is_drawn = sides["payer"].isin(drawn["partner"]) | sides["payee"].isin(drawn["partner"])
    is_drawn &= ~counted.is_unpriced(rows)
    is_own = sides["payer"].eq(partners.LAB) | sides["payee"].eq(partners.LAB)
    return by_money(rows[is_drawn]) | {"In the table only": [rows[~is_drawn & is_own]]}


def fig_circularity_partners(ledger: Ledger, scenario: str = "central") -> Any:
    """Orders for each dollar put in, partner by partner."""
    both, everyone = series.trips(ledger, scenario)
    if both.empty:
        why = "No partner has a price on both sides by this day."
        return empty_figure("fig-circularity-partners", "Partner by partner", ledger, why)
    title, f = series.trips_finding(both), measures.facts(ledger, scenario)
    drawn = ranged_bars(
        both,
        {"name": "Partner", "low": "Ordered for a dollar, at least, US$", "high": "At most, US$"},
        colours="orders",
        step=38,
    )
    return make_figure(
        drawn,
        id="fig-circularity-partners",
        title=title,
        subtitle="Orders, US$, for each dollar that a partner puts in, whenever due. Hollow: up to.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in both.itertuples(index=False))),
        table=everyone,
        columns={
            "name": "Partner",
            "put_in": "Into OpenAI at most, US$ bn",
            "put_in_low": "At least, US$ bn",
            "paid_back": "Orders held, US$ bn",
            "orders_per_dollar": "Orders per dollar at the high ends, US$",
            "orders_per_dollar_today": "Discounted, US$",
            "unpriced": "Deals without a price",
            "is_two_sided": "On both sides",
        },
        ledger=ledger,
        rows=_partners_rows(f, both),
        note="Partners with a price on both sides only; the table has all of OpenAI's.",
    )


def fig_circularity_vendors(ledger: Ledger, scenario: str = "central") -> Any:
    """Vendor finance then and now over revenue of the same year."""
    frame, rows = vendors.vendors(ledger, scenario)
    if frame.empty:
        why = "No vendor finance with revenue of the same year is in the ledger by this day."
        return empty_figure("fig-circularity-vendors", "Vendor finance then and now", ledger, why)
    title = vendors.vendors_finding(ledger, scenario)
    return make_figure(
        ranged_bars(
            vendors.vendor_bars(ledger, scenario),
            {"name": "Vendor", "kind": "What", "low": "in force, % of a year's revenue", "high": "at most, %"},
            kind="kind",
            colours=VENDOR_ROLES,
        ),
        id="fig-circularity-vendors",
        title=title,
        subtitle=(
            "Loans and guarantees for customers, per cent of a year's revenue. Solid: in force. Hollow: the most"
            " that is promised beyond."
        ),
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.drop_duplicates("name").itertuples())),
        table=frame,
        columns={
            "name": "Vendor",
            "state": "State",
            "amount": "US$ bn",
            "revenue": "Revenue, US$ bn",
            "value": "% of revenue",
        },
        ledger=ledger,
        rows=rows,
        note=vendors.vendors_note(ledger, scenario),
    )


def fig_circularity_sensitivity(ledger: Ledger, scenario: str = "central") -> Any:
    """How far each choice of how to count moves the matched part, alone and together."""
    frame = series.ways(ledger, scenario)
    if frame["high"].max() == 0:
        why = "No way of counting finds money that matches any of OpenAI's priced orders by this day."
        return empty_figure("fig-circularity-sensitivity", "Every way to count", ledger, why)
    title, told = series.ways_finding(ledger, scenario), frame["told"].iloc[0]
    return make_figure(
        _beside(frame, told, f"our count: {formats.rounded(told, 0)}%"),
        id="fig-circularity-sensitivity",
        title=title,
        subtitle="Per cent of priced orders that are matched, with one choice changed; last, all of them together.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={"name": "Counted", "value": "Matched, %", "low": "Least, %", "high": "Most, %"},
        ledger=ledger,
        rows=by_money(measures.with_amount(ledger, scenario)),
        note="What moves it by less than half a point is left out. Shuffled: the median of random networks.",
    )


def _beside(frame: pd.DataFrame, told: float, words: str) -> Any:
    """Dots joined to the share as counted, a line, their labels in one column right of all."""
    drawn = frame.assign(edge=frame["high"].max())
    moved = dots(
        drawn,
        {"name": "Counted", "value": "per cent matched", "low": "Least, %", "high": "Most, %"},
        spread=("low", "high"),
        label_at="edge",
        colours="first",
        step=34,
    )
    return layered(moved, *reference_line(drawn, told, words, half=6), height=moved.height)


def fig_circularity_without(ledger: Ledger, scenario: str = "central") -> Any:
    """What would be matched of OpenAI's bill if one deal did not exist."""
    frame = series.without(ledger, scenario)
    if frame.empty:
        why = "No deal moves the matched part of OpenAI's priced orders by this day."
        return empty_figure("fig-circularity-without", "Without one deal", ledger, why)
    told = series.days(ledger, scenario)[0][measures.HEADLINE].iloc[-1]
    title, drawn = series.without_finding(frame, told), frame.sort_values("value", kind="stable", ignore_index=True)
    drawn = drawn.assign(low=drawn["value"].clip(upper=told), high=drawn["value"].clip(lower=told))
    return make_figure(
        _beside(drawn, told, f"with every deal: {formats.rounded(told, 0)}%"),
        id="fig-circularity-without",
        title=title,
        subtitle="Per cent of priced orders that would be matched (dot) without each of the deals that move it most.",
        alt_text=describe(title, (f"Without {r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Without",
            "amount": "Deal, middle of its range, US$ bn",
            "value": "Part matched, %",
        },
        ledger=ledger,
        rows=[ledger.deals[ledger.deals["deal"].isin(frame["deal"])]],
    )


def fig_circularity_clouds(ledger: Ledger, scenario: str = "central") -> Any:
    """What the largest builders of data centres mean to spend in a year, and OpenAI's computing beside it."""
    frame, rows = series.clouds(ledger, scenario)
    if frame.empty:
        why = "No outlook for capital spending is known by this day."
        return empty_figure("fig-circularity-clouds", "What the largest builders mean to spend", ledger, why)
    title = series.clouds_finding(frame)
    return make_figure(
        ranged_bars(
            frame,
            {"name": "Who and when", "kind": "Kind", "low": "US$ bn", "high": "at most, US$ bn", "as_of": "Known on"},
            kind="kind",
            colours=BUILDER_ROLES,
            thickness=16,
            step=32,
        ),
        id="fig-circularity-clouds",
        title=title,
        subtitle="Capital spending of a year, US$ bn; hollow: up to. Not all of it is for data centres.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Who and when",
            "kind": "Kind",
            "low": "US$ bn",
            "high": "At most, US$ bn",
            "as_of": "Known on",
        },
        ledger=ledger,
        rows=rows,
        note="Estimates differ in whom they count. OpenAI's computing is what clouds earn, not what they spend.",
    )
