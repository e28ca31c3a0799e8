"""Quantities that several chapters speak of, each defined once.

Every function takes the facts of a chapter and returns rows of the ledger, so that a result keeps its sources.
"""

import dataclasses

import numpy as np
import pandas as pd

from analysis.models import bases, cash, deals, equity, periods
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS
from analysis.numbers.calculations import labelled
from analysis.numbers.comparisons import Quantity
from analysis.numbers.facts import NAN, Facts, nan_if_unknown, value

MICROSOFT_COMMITMENT = "microsoft-openai-equity-total"  # the filed sum of its promises of 2019 to 2023
ROUND_2026 = "openai-round-2026"


def run_rate(f: Facts, basis: str | None = None) -> pd.DataFrame:
    """Statements of OpenAI's annualised revenue, the last month or quarter times what makes a year.

    Parameters
    ----------
    f : Facts
        The facts of a chapter.
    basis : str, optional
        The basis to keep; every one but forecasts if none is given.

    Returns
    -------
    DataFrame
        Rows of metrics, oldest first: the last one is the run rate of the day, US$ bn a year.
    """
    rows = f.metric("openai", "annualized_revenue")
    return rows[~rows["basis"].isin(bases.FORECASTS) if basis is None else rows["basis"] == basis]


def owed(f: Facts) -> pd.DataFrame:
    """The deals in which OpenAI has agreed to pay its suppliers; shares it buys and loans it gives are no orders."""
    rows = f.payments(payer="openai", scope="openai")
    return rows[~rows["kind"].isin(FUNDING_KINDS)]


def supply(f: Facts) -> pd.DataFrame:
    """The deals in which OpenAI has agreed to pay for computing: compute, chips, leases."""
    return f.payments(payer="openai", scope="openai", kind=SUPPLY_KINDS)


def outstanding(f: Facts) -> pd.DataFrame:
    """The deals of `owed` that are not paid in full: what a supplier can still miss."""
    return deals.outstanding(owed(f))


def outstanding_supply(f: Facts) -> pd.DataFrame:
    """The deals of `supply` that are not paid in full."""
    return deals.outstanding(supply(f))


def equity_promised(f: Facts) -> pd.DataFrame:
    """The deals in which someone has agreed to buy shares of OpenAI."""
    return f.payments(payee="openai", scope="openai", kind="equity")


def equity_to_come(f: Facts) -> pd.DataFrame:
    """The equity promised to OpenAI that is still to be paid on the day, part by part.

    - What the deals say: each firm part whose day of payment lies ahead (see `models.cash`), and the conditional part
      of a deal, which adds to the high end alone.
    - What a filing says: Microsoft's commitment less what it has funded, unless all its deals are closed. By the
      deals alone they are all paid, so nothing is counted twice.

    Returns
    -------
    DataFrame
        deal, payer, day (NaT where none is known), low and high (US$ bn).
    """
    rows = equity_promised(f)
    ends = deals.bounds(rows)
    conditional = (ends["high"] - ends["low"]).to_numpy()
    firm = cash.to_come(cash.payments_of(rows, f.ledger.history["deals"]), f.ledger.as_of)
    parts = [(deal, day, low, low) for deal, day, low in zip(firm["deal"], firm["day"], firm["amount"], strict=True)]
    parts += [(deal, pd.NaT, 0.0, high) for deal, high in zip(rows["deal"], conditional, strict=True)]
    commitment = f.standing(MICROSOFT_COMMITMENT)
    is_all_paid = rows.loc[rows["part_of"] == MICROSOFT_COMMITMENT, "status"].eq("closed").all()
    if len(commitment) and not is_all_paid and len(funded := f.last("microsoft", "invested_in_openai", basis="actual")):
        left = max(0.0, value(commitment, "low_usd_bn") - value(funded))
        parts.append((MICROSOFT_COMMITMENT, pd.NaT, left, left))
    kept = [part for part in parts if part[-1] > 0]
    payers = dict(zip(f.ledger.deals["deal"], f.ledger.deals["payer"], strict=True))
    return pd.DataFrame(
        {
            "deal": pd.Series([part[0] for part in kept], dtype=object),
            "day": pd.Series([part[1] for part in kept], dtype="datetime64[ns]"),
            "low": np.array([part[2] for part in kept], float),
            "high": np.array([part[3] for part in kept], float),
            "payer": pd.Series([payers[part[0]] for part in kept], dtype=object),
        }
    )


def latest_full_year(statements: pd.DataFrame) -> pd.DataFrame:
    """The last statement about a full year (one row or none), of statements in the order of `Facts.metric`."""
    return periods.years(statements).tail(1)


def same_account(f: Facts, metric: str, row: pd.DataFrame) -> pd.DataFrame:
    """A line of OpenAI's account beside another (one row or none): as told by that row's day, if it was told by then.

    A line that was restated later would stand beside lines that were not.
    """
    line = f.same_period("openai", metric, row)
    if line.empty:
        return line
    rows = f.ledger.history.part("metrics", "entity", ("openai",))
    same = [rows[c].eq(line[c].iloc[0]) | (rows[c].isna() & line[c].isna().iloc[0]) for c in ("start", "end")]
    told = rows[same[0] & same[1] & rows["metric"].eq(metric) & (rows["as_of"] <= row["as_of"].iloc[0])]
    return bases.best(told) if len(told) else line


def operating_cash_flow(f: Facts, party: str) -> tuple[Quantity, list[pd.DataFrame]]:
    """Return a company's operating cash flow of the newest year, and the rows behind it.

    As published, or free cash flow and capital spending of one year where these are newer.
    """
    told = latest_full_year(f.happened(party, "operating_cash_flow"))
    free = latest_full_year(f.happened(party, "free_cash_flow"))
    spent = f.same_period(party, "capex", free)
    is_newer = len(free) > 0 and len(spent) > 0 and (told.empty or free["end"].iloc[0] > told["end"].iloc[0])
    if not is_newer:
        return f.quantity(told), [told]
    whole = f.quantity(free)
    return dataclasses.replace(whole, value=whole.value + value(spent)), [free, spent]


def calendar_year(rows: pd.DataFrame, column: str = "end") -> float | None:
    """The calendar year of a day in the last row, None when there is none."""
    return float(rows[column].iloc[-1].year) if len(rows) and pd.notna(rows[column].iloc[-1]) else None


def contract_years(deal: pd.DataFrame) -> float:
    """Length of a contract (one row or none) in years, NaN where a day of it is not known."""
    if not len(deal):
        return NAN
    years = periods.contract_years(deal["start"].iloc[0], deal["end"].iloc[0])
    return labelled(years, "years", "length of the contract")


def contract_per_year(deal: pd.DataFrame) -> float:
    """Average payment of a contract (one row or none) in a year, US$ bn, NaN where a day or the amount is not known."""
    return nan_if_unknown(lambda amount, years: amount / years, value(deal, "low_usd_bn"), contract_years(deal))


def revenue_per_gw(f: Facts) -> pd.DataFrame:
    """OpenAI's annualised revenue over its compute capacity, on each day for which it has published both.

    Returns
    -------
    DataFrame
        Columns end (day), revenue (US$ bn a year), gw and per_gw (US$ bn a year per GW), oldest first.
    """
    gw = f.metric("openai", "compute_capacity").drop_duplicates("end", keep="last").set_index("end")["value"]
    revenue = run_rate(f, "actual").drop_duplicates("end", keep="last").set_index("end")["value"]
    both = pd.DataFrame({"revenue": revenue, "gw": gw}).dropna().sort_index()
    both = both[both["gw"] > 0]
    return both.assign(per_gw=both["revenue"] / both["gw"]).rename_axis("end").reset_index()


def restructuring_day(f: Facts) -> pd.Timestamp:
    """The day on which OpenAI became a public benefit corporation; NaT when it had not by then."""
    rows = f.ledger.history["terms"]
    return rows.loc[rows["term"] == "openai-structure", "as_of"].min()


def closing_of_2026(f: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The row that closed the round of 2026, or its first while none has, and the price before it (a row or none each).

    Later rows of the round, and prices of later rounds, change neither.
    """
    rows = f.ledger.history["deals"].query("deal == @ROUND_2026")
    closed = rows[rows["status"] == "closed"].head(1)
    row = closed if len(closed) else rows.head(1)
    prices = f.metric("openai", "valuation_pre_money", basis="actual")
    return row, prices[prices["end"] <= row["as_of"].max()].tail(1)


def stake_after_round(f: Facts) -> dict[str, float]:
    """Microsoft's stake after the round of 2026.

    Returns
    -------
    dict
        low and high, per cent: without and with the most that Microsoft can have put in. post: the round's post-money
        valuation, US$ bn. unnamed: the most that Microsoft can have put in, US$ bn. NaN where not known.
    """
    stakes, round_ = f.metric("microsoft", "stake_pct_of_openai"), f.standing(ROUND_2026)
    closed, priced = closing_of_2026(f)
    now = value(stakes[stakes["end"] < closed["as_of"].max()]) / 100  # what the round diluted, not what it left
    pre = value(priced)
    post = pre + value(round_, "low_usd_bn")
    others, retail = f.standing("others-openai-equity-2026"), f.standing("retail-openai-equity-2026")
    unnamed = value(others, "low_usd_bn") - value(retail, "low_usd_bn") if len(others) and len(retail) else 0.0
    without = nan_if_unknown(equity.stake_after, now, pre, post)
    with_most = nan_if_unknown(equity.stake_after, now, pre, post, unnamed)
    return {"low": without * 100, "high": with_most * 100, "post": post, "unnamed": unnamed}
