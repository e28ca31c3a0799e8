"""Figures of what goes missing if OpenAI pays less, and who could bear it."""

from typing import Any

import pandas as pd

from analysis.figures.exposure.shared import NO_ACCOUNTS, NO_PRICE, orders_and_accounts
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dots, layered, nested_bars, stacked_columns
from analysis.figures.marks.dots import DOT_RADIUS
from analysis.figures.marks.references import reference_line
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.exposure import owed
from analysis.numbers.exposure.accounts import published
from analysis.numbers.exposure.liabilities import suppliers
from analysis.numbers.series import exposure as series
from analysis.numbers.series import half_pay

BEYOND = "above 100%, full pay is not enough"
MISSED_ROLES = {series.ANYWAY: "other", series.MORE: "loss"}
FALL_ROLES = {half_pay.MISSING: "orders", half_pay.PASSED: "loss"}


def fig_exposure_reverse(ledger: Ledger, scenario: str = "central") -> Any:
    """The share of OpenAI's payments that each supplier needs to meet its own."""
    table = series.needed(ledger, scenario)
    if table.empty:
        return empty_figure("fig-exposure-reverse", "Who needs OpenAI's payments", ledger, NO_ACCOUNTS)
    title = series.needed_finding(table)
    last = int(owed.facts(ledger, scenario).choices["last_year"].central)
    needy = table[table["high"] > 0]
    drawn = needy if len(needy) else table
    moved = dots(
        drawn,
        {
            "name": "Supplier",
            "value": "share of its contracts that OpenAI must pay, %",
            "low": "lowest over the choices, %",
            "high": "highest over the choices, %",
            "strict": "if nobody lends it anything",
        },
        spread=("low", "high"),
        label_at="high",
        colours="loss",
        step=44,
        is_bare=True,
    )
    full = reference_line(drawn, 100, BEYOND, half=DOT_RADIUS) if drawn["high"].max() > 100 else []
    return make_figure(
        layered(moved, *full, height=moved.height),
        id="fig-exposure-reverse",
        title=title,
        subtitle=f"Share needed to be even by {last} if lenders bridge the years between, %; line: one choice at a time"
        " at its ends.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in table.itertuples())),
        table=table,
        columns={
            "name": "Supplier",
            "value": "Needed, %",
            "low": "Lowest, %",
            "high": "Highest, %",
            "widest": "What moves it most",
            "strict": "Needed if nobody lends",
            "borrow_full": "Lacks at worst if paid in full, US$ bn",
            "borrow_half": "Lacks at worst if paid half, US$ bn",
        },
        ledger=ledger,
        rows=orders_and_accounts(ledger, scenario),
        note=_reverse_note(ledger, scenario, table),
    )


def _reverse_note(ledger: Ledger, scenario: str, table: pd.DataFrame) -> str:
    f = owed.facts(ledger, scenario)
    missing = [ledger.name(p) for p in suppliers(f) if published(ledger, scenario, p) is None]
    told = "Counted: spare cash, other cash flow, planned spending, leases." + series.needed_by_two(ledger, scenario)
    free = table.loc[table["high"] <= 0, "name"] if (table["high"] > 0).any() else []
    told += f" Not drawn, in no need under any single choice: {formats.listed(list(free))}." if len(free) else ""
    return told + (f" Accounts incomplete: {formats.listed(missing)}." if missing else "")


def fig_exposure_half(ledger: Ledger, scenario: str = "central") -> Any:
    """What each supplier loses if OpenAI pays half, and what of it lands on its creditors."""
    table = half_pay.borne(ledger, scenario)
    if table.empty:
        return empty_figure("fig-exposure-half", "If OpenAI pays half", ledger, NO_PRICE)
    title, last = half_pay.borne_finding(table), int(owed.facts(ledger, scenario).choices["last_year"].central)
    drawn = half_pay.parts(table)
    return make_figure(
        nested_bars(
            drawn,
            {"name": "Supplier", "part": "What", "value": "US$ bn"},
            part="part",
            colours={part: role for part, role in FALL_ROLES.items() if part in set(drawn["part"])},
        ),
        id="fig-exposure-half",
        title=title,
        subtitle=f"Half of what falls due to {last}, US$ bn; on our middle assumptions, if nobody lends anything new.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in table.itertuples(index=False))),
        table=table,
        columns={
            "name": "Supplier",
            "missing": "Missing, US$ bn",
            "own": "Of it borne by itself, US$ bn",
            "passed": "Of it passed on, US$ bn",
            "anyway": "Lacking though OpenAI pays in full, US$ bn",
        },
        ledger=ledger,
        rows=orders_and_accounts(ledger, scenario),
        note="Orders count at their high ends, if they fall due by then; so twice the sum is not that of all orders."
        f" {half_pay.anyway_note(table)}".rstrip(),
    )


def fig_exposure_stress(ledger: Ledger, scenario: str = "central") -> Any:
    """What suppliers and those behind them do not receive, year by year, as OpenAI pays less."""
    table = series.missed(ledger, scenario)
    if table.empty:
        return empty_figure("fig-exposure-stress", "If OpenAI pays less, year by year", ledger, NO_PRICE)
    title = series.missed_finding(table)
    sums = table.groupby("pays", sort=False)["value"].sum()
    parts, whole = series.missed_parts(table)
    return make_figure(
        stacked_columns(
            parts,
            {"year": "Year", "part": "What", "value": "missing in the year, US$ bn"},
            part="part",
            colours=MISSED_ROLES,
            x="year",
            totals=whole,
            beside="nothing",
        ),
        id="fig-exposure-stress",
        title=title,
        subtitle="What suppliers do not get, passing on what they cannot pay, if nobody lends; US$ bn a year."
        " Black line: if OpenAI pays nothing.",
        alt_text=describe(title, (f"OpenAI {pays}: {v:.0f} in all years" for pays, v in sums.items())),
        table=table[table["share"].isin([0.0, 0.5, 1.0])],  # those that are drawn, and in full
        columns={"year": "Year", "pays": "OpenAI", "value": "Missing, US$ bn"},
        ledger=ledger,
        rows=orders_and_accounts(ledger, scenario),
        note="Suppliers with incomplete accounts pass nothing on." + _anyway(table),
    )


def _anyway(table: pd.DataFrame) -> str:
    """A sentence on what is missed though OpenAI pays in full, empty where nothing is."""
    if table.loc[table["share"] == 1.0, "value"].sum() < 1:
        return ""
    return " What is missing though OpenAI pays in full is spending beyond a supplier's own means."
