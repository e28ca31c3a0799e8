"""A supplier's own means and duties, as far as its published figures go.

- What its business brings in is the newest full year of operating cash flow, stated or made of free cash flow and
  capital spending of the same time, else its published quarters at a yearly rate. Interest is inside.
- What OpenAI paid it in that time, as published or else by our spreading, is taken out, less the running costs that
  go with it.
- It has to pay the capital spending it has guided and, from the year after, its leases that have not begun, spread
  over the fallback term of a lease. Debt is taken as renewed; its due dates are mostly not in the ledger.
- Without cash, cash flow or spending nothing is said of it.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import obligations, periods
from analysis.numbers import modelling, quantities
from analysis.numbers.facts import NAN, Facts, value

OLD_DAYS = 2 * 366  # a statement of unstarted leases that is older says little about today's


class Accounts(NamedTuple):
    """A supplier without OpenAI, US$ bn: what it holds, and by year what it gets and has to pay.

    ``flow``, ``capex`` and ``leases`` are arrays over the years of the horizon, the first from ``day`` on.
    """

    day: pd.Timestamp
    cash: float
    flow: np.ndarray
    capex: np.ndarray
    leases: np.ndarray
    due: np.ndarray
    rows: list[pd.DataFrame]


# The assumption behind each of `Choices`.
PARAMETERS = {
    "minimum": "stress_minimum_cash",
    "growth": "stress_flow_growth",
    "capex_after": "stress_capex_after",
    "running": "stress_running_cost",
    "resale": "stress_resale",
    "lease_years": "term_years.lease",
}


class Choices(NamedTuple):
    """The choices of the stress, one number each."""

    minimum: float
    growth: float
    capex_after: float
    running: float
    resale: float
    lease_years: float


def choices(f: Facts, **ends: str) -> Choices:
    """Return the stress's choices, in the middle, or at the end ("low", "high") that is named for one of them."""

    def chosen(field: str, parameter: str) -> float:
        return float(getattr(f.choices[parameter], ends.get(field, "central")))

    return Choices(*(chosen(field, PARAMETERS[field]) for field in Choices._fields))


def horizon(f: Facts) -> np.ndarray:
    """The years of the stress: from the day's own to the last of the funding model."""
    return np.arange(f.ledger.as_of.year, int(f.choices["last_year"].central) + 1)


def _of_same_time(rows: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Two metrics of the same periods: start, end, value, beside; oldest first."""
    keys = ["start", "end"]
    pair = [r[[*keys, "value"]].dropna().drop_duplicates(keys, keep="last") for r in (rows, other)]
    return pair[0].merge(pair[1].rename(columns={"value": "beside"}), on=keys).sort_values("end", kind="stable")


def yearly_flow(f: Facts, party: str) -> tuple[float, pd.Timestamp, pd.Timestamp, list[pd.DataFrame]]:
    """Return what a company's business brings in within a year.

    Returns
    -------
    float
        US$ bn, NaN when it is not known.
    Timestamp, Timestamp
        First and last day of the time it was taken from.
    list of DataFrame
        The rows behind it.
    """
    stated = periods.years(f.metric(party, "operating_cash_flow", basis="actual"))
    free = f.metric(party, "free_cash_flow", basis="actual")
    spent = pd.concat([f.metric(party, m, basis="actual") for m in ("capex", "capex_cash")])
    both = _of_same_time(free, spent)
    whole, parts = periods.years(both), periods.quarters(both).tail(4)
    found = [(r.end, r.start, r.value, [stated.tail(1)]) for r in stated.tail(1).itertuples()]
    found += [(r.end, r.start, r.value + r.beside, [free, spent]) for r in whole.tail(1).itertuples()]
    if len(parts) and not len(whole):
        rate = 4 * float((parts["value"] + parts["beside"]).mean())
        found.append((parts["end"].iloc[-1], parts["start"].iloc[0], rate, [free, spent]))
    if not found:
        return NAN, pd.NaT, pd.NaT, []
    end, start, amount, rows = max(found, key=lambda found_: found_[0])
    used = [r[r["end"].between(start, end) & (r["start"] >= start)] for r in rows]
    return float(amount), start, end, used


def _part_of_years(years: np.ndarray, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """The part of each calendar year that lies within two days, both included."""
    first = np.array([f"{y}-01-01" for y in years], "datetime64[D]").astype(int)
    after = np.array([f"{y + 1}-01-01" for y in years], "datetime64[D]").astype(int)
    low, high = (int(np.datetime64(d.date(), "D").astype(int)) for d in (start, end))
    inside = np.minimum(after, high + 1) - np.maximum(first, low)
    return np.asarray(np.clip(inside / (after - first), 0.0, 1.0))


def paid_within(f: Facts, party: str, start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, pd.DataFrame]:
    """What OpenAI paid a company within a year: as published, else by our spreading of its contracts (US$ bn)."""
    stated = f.metric(party, "revenue_from_openai", basis="actual")
    stated = periods.years(stated)
    if len(stated):
        return value(stated), stated.tail(1)
    rows = quantities.supply(f)
    rows = rows[rows["payee"] == party]
    years = np.arange(start.year, end.year + 1)
    due = _of(_spread(f.ledger, f.scenario), party).reindex(years, fill_value=0.0).to_numpy()
    return float(due @ _part_of_years(years, start, end)), rows


@lru_cache(maxsize=32)
def _spread(ledger: Ledger, scenario: str, *, is_outstanding: bool = False) -> pd.DataFrame:
    """What falls due under contracts for computing, all or those not paid in full, US$ bn at the high end: rows the
    years, columns the suppliers."""
    f = Facts(ledger, "exposure", scenario)
    orders = quantities.outstanding_supply(f) if is_outstanding else quantities.supply(f)
    spread = obligations.by_year(orders, modelling.terms(f.choices), f.choices["ramp"].central)
    return spread.pivot_table(index="year", columns="payee", values="high", aggfunc="sum", fill_value=0.0)


def _of(table: pd.DataFrame, party: str) -> pd.Series:
    return table[party] if party in table else pd.Series(dtype=float)


def due_by_year(f: Facts, party: str) -> pd.Series:
    """What falls due to a supplier under contracts for computing that are not paid in full: US$ bn, at the high end,
    index the calendar year."""
    return _of(_spread(f.ledger, f.scenario, is_outstanding=True), party)


def guided_capex(f: Facts, party: str) -> pd.DataFrame:
    """Full years of guided capital spending, oldest first: start, end, value (US$ bn; the middle of a range).

    What was spent in such a year replaces the guidance once it is published.
    """
    rows = periods.years(f.metric(party, "capex_guidance"))
    if len(rows):
        rows = rows.drop_duplicates(["start", "end"], keep="last")
        spent = periods.years(f.metric(party, "capex", basis="actual"))
        spent = spent[spent["start"].isin(rows["start"]) & spent["end"].isin(rows["end"])]
        both = pd.concat([rows, spent]).drop_duplicates(["start", "end"], keep="last")
        return both.sort_values("end", kind="stable")
    low, high = (periods.years(f.metric(party, f"capex_guidance_{end}")) for end in ("low", "high"))
    both = pd.concat([low, high])
    if both.empty:
        return both
    newest = both.sort_values("as_of", kind="stable").drop_duplicates(["metric", "start", "end"], keep="last")
    middle = newest.groupby(["start", "end"], as_index=False)["value"].mean()
    return newest.drop(columns="value").drop_duplicates(["start", "end"]).merge(middle, on=["start", "end"])


def spending(
    f: Facts, party: str, years: np.ndarray, day: pd.Timestamp
) -> tuple[np.ndarray, np.ndarray, list[pd.DataFrame]] | None:
    """Capital spending by year from a day on: as guided, before that as last; after that a part of the guidance.

    Without guidance the year of the day goes on as last, and a part of that follows.

    Returns
    -------
    ndarray, ndarray
        US$ bn by year: what is taken in full, and what only a part of is spent.
    list of DataFrame
        The rows behind it; None in place of all when nothing is known.
    """
    guided = guided_capex(f, party)
    actual = f.metric(party, "capex", basis="actual")
    last, quarter = periods.years(actual).tail(1), periods.quarters(actual).tail(1)
    rate = value(last)
    if len(quarter) and (last.empty or quarter["end"].iloc[-1] > last["end"].iloc[-1]):
        last, rate = quarter, 4 * value(quarter)
    if guided.empty and last.empty:
        return None
    left = _part_of_years(years, day, pd.Timestamp(int(years[-1]), 12, 31))
    if guided.empty:
        first = np.where(years == years[0], left, 0.0)
        return first * rate, (left - first) * rate, [last]
    amounts, covered = np.zeros(len(years)), np.zeros(len(years))
    for r in guided[guided["end"] >= day].itertuples():
        inside = _part_of_years(years, max(r.start, day), r.end)
        amounts += inside * r.value
        covered += inside
    newest = guided.sort_values("end", kind="stable").tail(1)
    until = newest["end"].iloc[0]
    before = _part_of_years(years, day, until) if until >= day else np.zeros(len(years))
    known = value(newest) if np.isnan(rate) else rate
    full = amounts + np.clip(before - covered, 0.0, None) * known
    return full, np.clip(left - before, 0.0, None) * value(newest), [guided, last]


class Published(NamedTuple):
    """What is published of a supplier, by calendar year from the day after its balance sheet, US$ bn."""

    day: pd.Timestamp
    years: np.ndarray
    left: np.ndarray
    cash: float
    rate: float
    ahead: np.ndarray
    paid: float
    guided: np.ndarray
    after: np.ndarray
    leases: float
    due: np.ndarray
    rows: list[pd.DataFrame]


@lru_cache(maxsize=64)
def published(ledger: Ledger, scenario: str, party: str) -> Published | None:
    """Return what is published of a supplier, None when cash, cash flow or spending is not."""
    f = Facts(ledger, "exposure", scenario)
    cash = f.last(party, "cash").dropna(subset=["end"])
    rate, start, end, behind = yearly_flow(f, party)
    if cash.empty or np.isnan(rate):
        return None
    day = cash["end"].iloc[0] + pd.Timedelta(days=1)
    years = np.arange(day.year, max(horizon(f)[-1], day.year) + 1)
    spent = spending(f, party, years, day)
    if spent is None:
        return None
    paid, paid_rows = paid_within(f, party, start, end)
    leases = f.last(party, "leases_not_commenced")
    leases = leases[(ledger.as_of - leases["end"]).dt.days <= OLD_DAYS]
    left = _part_of_years(years, day, pd.Timestamp(int(years[-1]), 12, 31))
    ahead = np.maximum(years + 0.5 - (end.year + end.dayofyear / 366 - 0.5), 0.0)
    due = due_by_year(f, party).reindex(years, fill_value=0.0).to_numpy()
    rows = [cash, *behind, paid_rows, *spent[2], leases]
    rent = value(leases) if len(leases) else 0.0
    return Published(day, years, left, value(cash), rate, ahead, paid, spent[0], spent[1], rent, due * left, rows)


def accounts(f: Facts, party: str, chosen: Choices) -> Accounts | None:
    """Return a supplier's means and duties under the choices, None when too little of it is published."""
    p = published(f.ledger, f.scenario, party)
    if p is None:
        return None
    own = max(p.rate - (1 - chosen.running) * p.paid, 0.0) * (1 + chosen.growth) ** p.ahead * p.left
    capex = p.guided + chosen.capex_after * p.after
    leases = np.where(p.years > p.day.year, p.leases / chosen.lease_years, 0.0)
    by_year = np.stack([own, capex, leases, p.due])
    skipped = int(horizon(f)[0] - p.years[0])  # what lies before the horizon belongs to its first year
    if skipped > 0:
        by_year = np.concatenate([by_year[:, : skipped + 1].sum(axis=1, keepdims=True), by_year[:, skipped + 1 :]], 1)
    return Accounts(p.day, p.cash, by_year[0], by_year[1], by_year[2], by_year[3], p.rows)
