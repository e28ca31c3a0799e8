"""Figures and tables of exposure: who is owed what and when, who needs it, who stands behind it, who holds shares."""

from typing import Any

import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.figure_sources import priced, unpriced
from analysis.figures.marks import dots, labelled_bars, ranged_bars, stacked_columns
from analysis.ledger import Ledger
from analysis.numbers import formats, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure import holders, owed, stakes
from analysis.numbers.exposure.accounts import published
from analysis.numbers.exposure.liabilities import suppliers
from analysis.numbers.exposure.measured import backlog, revenue
from analysis.numbers.series import exposure as series

NO_PRICE = "No contract with a published price is known by this day."
NO_ACCOUNTS = "The ledger holds no supplier's cash, cash flow and spending by this day."
MISSED_ROLES = {series.ANYWAY: "other", series.MORE: "loss"}


def _orders(ledger: Ledger, scenario: str) -> pd.DataFrame:
    return priced(quantities.outstanding(owed.facts(ledger, scenario)))


def _orders_and_accounts(ledger: Ledger, scenario: str) -> dict[str, list[pd.DataFrame]]:
    """The orders with a price, and the rows of the accounts of those who hold them."""
    f = owed.facts(ledger, scenario)
    books = {party: published(ledger, scenario, party) for party in suppliers(f)}
    accounts = {
        f"Accounts of {short_name(ledger.name(party))}": [r for r in book.rows if len(r)]
        for party, book in books.items()
        if book is not None
    }
    return {"OpenAI's orders": [_orders(ledger, scenario)]} | accounts


def fig_exposure_owed(ledger: Ledger, scenario: str = "central") -> Any:
    """What OpenAI has ordered from each supplier, and what part of the supplier's backlog that is."""
    table = series.creditors(ledger, scenario)
    drawn = table[table["high"] > 0] if len(table) else table
    if drawn.empty:
        return empty_figure("fig-exposure-owed", "What OpenAI has ordered, by supplier", ledger, NO_PRICE)
    title, days = series.creditors_finding(table), series.backlog_days(drawn)
    f = owed.facts(ledger, scenario)
    return make_figure(
        ranged_bars(
            drawn.rename(columns={"priced": "low"}),
            {
                "name": "Supplier",
                "low": "ordered, US$ bn",
                "high": "at most, US$ bn",
                "backlog_percent": "of backlog, %",
            },
            colours="orders",
            thickness=16,
            step=32,
        ),
        id="fig-exposure-owed",
        title=title,
        subtitle="Contracts with a published price, whole, US$ bn; hollow: conditional or up to."
        " In brackets: OpenAI's part of the backlog, as stated or if all of it is booked there.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in drawn.itertuples(index=False))),
        table=table,
        columns={
            "name": "Supplier",
            "priced": "Ordered, US$ bn",
            "conditional": "Conditional or up to, US$ bn more",
            "discounted": "In today's money, US$ bn",
            "peak_year": "Fullest year",
            "peak": "Due in it, US$ bn",
            "even": "Fullest year if spread evenly, US$ bn",
            "backlog_percent": "Of its backlog, %",
            "backlog_day": "Backlog of",
            "backlog_words": "How the backlog's part is known",
            "revenue_percent": "Fullest year over its revenue, %",
            "revenue_words": "Revenue of",
            "stage": "State",
            "unpriced": "Deals without a price",
            "unpriced_gw": "Their capacity, GW",
        },
        ledger=ledger,
        rows={
            "OpenAI's orders": [_orders(ledger, scenario)],
            "In the table only": [unpriced(quantities.outstanding_supply(f))],
            "Its part of backlogs": [r for party in table["party"] for r in backlog(f, party).rows],
            "Suppliers' revenue": [r for party in table["party"] for r in revenue(f, party).rows],
        },
        note="The table has suppliers without a published price, too." + (f" Backlogs of {days}." if days else ""),
    )


def fig_exposure_years(ledger: Ledger, scenario: str = "central") -> Any:
    """What falls due to whom in each year."""
    parts, whole = series.years(ledger, scenario)
    if parts.empty:
        return empty_figure("fig-exposure-years", "What falls due, by year", ledger, NO_PRICE)
    title = series.years_finding(parts, whole)
    drawn = series.heaviest_and_others(parts, whole)
    told = (f"{r.year} {r.part}: {r.value:.0f}" for r in parts.itertuples() if r.value >= 0.5)
    return make_figure(
        stacked_columns(
            drawn,
            {"year": "Year", "part": "Supplier", "value": "due in the year, US$ bn"},
            part="part",
            colours={p: "other" if p == series.OTHERS else "orders" for p in drawn["part"].unique()},
            x="year",
            totals=whole,
        ),
        id="fig-exposure-years",
        title=title,
        subtitle="Orders with a price at the high end, US$ bn a year, if payments grow as we assume.",
        alt_text=describe(title, told),
        table=parts,
        columns={
            "year": "Year",
            "part": "Supplier",
            "value": "Due, US$ bn",
            "conditional": "Of it conditional or up to, US$ bn",
        },
        ledger=ledger,
        rows=[_orders(ledger, scenario)],
        note=f"{series.even_note(whole)} No contract publishes its yearly payments, so their shape is ours; where no"
        " start or end is published, so is the term.",
    )


def fig_exposure_reverse(ledger: Ledger, scenario: str = "central") -> Any:
    """The share of OpenAI's payments that each supplier needs to meet its own."""
    table = series.needed(ledger, scenario)
    if table.empty:
        return empty_figure("fig-exposure-reverse", "Who needs OpenAI's payments", ledger, NO_ACCOUNTS)
    title = series.needed_finding(table)
    last = int(owed.facts(ledger, scenario).choices["last_year"].central)
    return make_figure(
        dots(
            table,
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
            step=40,
        ),
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
        rows=_orders_and_accounts(ledger, scenario),
        note=_reverse_note(ledger, scenario),
    )


def _reverse_note(ledger: Ledger, scenario: str) -> str:
    f = owed.facts(ledger, scenario)
    missing = [ledger.name(p) for p in suppliers(f) if published(ledger, scenario, p) is None]
    told = "Counted: spare cash, other cash flow, planned spending, leases." + series.needed_by_two(ledger, scenario)
    return told + (f" Accounts incomplete: {formats.listed(missing)}." if missing else "")


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
            {"year": "Year", "part": "What", "value": "lost in the year, US$ bn"},
            part="part",
            colours=MISSED_ROLES,
            x="year",
            totals=whole,
            beside="nothing",
        ),
        id="fig-exposure-stress",
        title=title,
        subtitle="Lost by suppliers, who pass on what they cannot pay, if nobody lends; US$ bn a year."
        " Black line: if OpenAI pays nothing.",
        alt_text=describe(title, (f"OpenAI {pays}: {v:.0f} in all years" for pays, v in sums.items())),
        table=table,
        columns={"year": "Year", "pays": "OpenAI", "value": "Lost, US$ bn"},
        ledger=ledger,
        rows=_orders_and_accounts(ledger, scenario),
        note="Suppliers with incomplete accounts pass nothing on." + _anyway(table),
    )


def _anyway(table: pd.DataFrame) -> str:
    """A sentence on what is missed though OpenAI pays in full, empty where nothing is."""
    if table.loc[table["share"] == 1.0, "value"].sum() < 1:
        return ""
    return " What is lost though OpenAI pays in full is spending beyond a supplier's own means."


def fig_exposure_holders(ledger: Ledger, scenario: str = "central") -> Any:
    """What the holders of OpenAI's shares lose when their price falls."""
    table = series.losses(ledger, scenario)
    if table.empty:
        why = "No holder's stake and no valuation of OpenAI are both known by this day."
        return empty_figure("fig-exposure-holders", "If OpenAI's shares fall", ledger, why)
    title = series.losses_finding(table)
    f = owed.facts(ledger, scenario)
    last = stakes.rounds(f)[-1]
    price = formats.amount(last.post["value"].iloc[-1], "usd_bn")
    later = " A stake stated since may leave out shares of that round that were paid for later."
    kept = " How many shares were new at that value is not known: each holder is taken to have kept its part."
    return make_figure(
        labelled_bars(
            table,
            {"name": "Holder", "loss_50": "loss on paper, US$ bn", "stake": "stake, %", "basis": "How it is known"},
            value="loss_50",
            colours="loss",
        ),
        id="fig-exposure-holders",
        title=title,
        subtitle=f"Loss on paper at half of OpenAI's last known value of {price}, US$ bn.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in table.itertuples())),
        table=table,
        columns={
            "name": "Holder",
            "stake": "Stake, %",
            "worth": "Worth at the last known value, US$ bn",
            "loss_25": "Loss at 25% less, US$ bn",
            "loss_50": "Loss at 50% less, US$ bn",
            "loss_75": "Loss at 75% less, US$ bn",
            "basis": "How it is known",
        },
        ledger=ledger,
        rows=[last.post, *(r for p in table["party"] for r in stakes.rows_behind(f, p))],
        note="Any other fall costs in proportion. Staff and unnamed investors are left out."
        + (" Stakes stated before the last round are diluted by it." if len(last.pre) else "")
        + (later if len(last.pre) and (table["basis"] == "stated stake").any() else "")
        + (kept if holders.is_undiluted(ledger, scenario) else ""),
    )
