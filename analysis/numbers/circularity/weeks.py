"""How circular the payments were known to be, week by week, and which deals moved it."""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import network
from analysis.models.circularity import returning_shares
from analysis.numbers import vintages
from analysis.numbers.circularity.measures import counting, pair_of_names

REPORTED = replace(network.COUNTED, status="reported")  # press reports count, talks among them
JUMP, MOST_JUMPS = 0.01, 4  # a share; the weeks that are told
EVENTS = {"closed": "paid", "cancelled": "ended"}  # by status, where it is not the word


@functools.lru_cache(maxsize=2)
def by_week(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the measures as known at the end of each week of the story in which a deal changed, and on the last day.

    Returns
    -------
    DataFrame
        One row a week, oldest first: day (a Sunday, or the last day), the columns of `models.network.measures`,
        with_reported (what can come back to OpenAI when press reports and talks count, a share of what it is to pay).
    """
    history = ledger.history["deals"]
    around = history.loc[history["scope"].isin(network.SCOPES), "as_of"]
    around = around[around >= vintages.story_start(ledger)]
    sundays = around + pd.to_timedelta(6 - around.dt.dayofweek, unit="D")
    days = sorted({*(day for day in sundays if day < ledger.as_of), ledger.as_of})
    rows, flows = [], []
    for day in days:
        known = counting(ledger, scenario, latest(history, ["deal"], day))
        rows.append({"day": day} | network.measures(known.edges()))
        flows.append((known.flows(known.amounts(REPORTED)), known.lab))
    return pd.DataFrame(rows).assign(with_reported=_shares(flows))


@functools.lru_cache(maxsize=8)
def jumps(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the weeks in which the share moved most, and the deal that moved it.

    Of the deals that changed in the week it is the one without whose change the share would have moved least.

    Returns
    -------
    DataFrame
        One row a week, at most `MOST_JUMPS`, oldest first: day (the end of the week), returns_share, known (the
        day on which the deal's change became known), event (the deal and what became of it, in words).
    """
    table = by_week(ledger, scenario)
    moved = table["returns_share"].diff()
    weeks = moved[moved.abs() >= JUMP].abs().nlargest(MOST_JUMPS).index.sort_values()
    days = table["day"]
    found = [_mover(ledger, scenario, days[k - 1], days[k], moved[k] > 0) for k in weeks]
    words = [f"{pair_of_names(ledger, r)}: {EVENTS.get(r['status'].iloc[0], r['status'].iloc[0])}" for r in found]
    known = pd.to_datetime([r["as_of"].iloc[0] for r in found])
    return table.loc[weeks, ["day", "returns_share"]].assign(known=known, event=words)


def _mover(ledger: Ledger, scenario: str, before: pd.Timestamp, day: pd.Timestamp, is_rise: bool) -> pd.DataFrame:
    """The deal of which a change known after one day, and by another, moved the share most: its newest row."""
    history = ledger.history["deals"]
    is_new = (history["as_of"] > before) & (history["as_of"] <= day)
    changed = history.loc[is_new, "deal"].unique()
    unchanged = [latest(history[~(is_new & (history["deal"] == d))], ["deal"], day) for d in changed]
    known = [counting(ledger, scenario, deals) for deals in unchanged]
    without = _shares([(one.flows(one.amounts(network.COUNTED)), one.lab) for one in known])
    deal = changed[without.argmin() if is_rise else without.argmax()]
    return latest(history[history["deal"] == deal], ["deal"], day)


def _shares(networks: list[tuple[np.ndarray, int]]) -> np.ndarray:
    """The part of what OpenAI pays that can come back to it, in networks of any sizes, each with OpenAI's place."""
    largest = max(len(W) for W, _ in networks)
    flows = [np.pad(W, (0, largest - len(W))) for W, _ in networks]
    return returning_shares(np.array(flows), np.array([lab for _, lab in networks]))
