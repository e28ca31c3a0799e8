"""Promises with a day, and what became of them, told by rows of the ledger alone.

- Money: the first row of a deal that binds or announces shares, or a headline plan, for a day that still lies ahead
  promises that day (its last day of payment, else its first). It counts from the first row that tells its amount.
  Talks and letters that bind nobody promise nothing. Loans are left out: their last day is that of repayment.
- A headline plan of which a later row names less for another last day is told as such and not as cut: the two may
  count different things. For the same last day it is cut. Each last day that a plan names is a promise of its own.
- It is kept when a later row says that all of it is paid by that day, late when after it or not yet, cut when a later
  row states less than its least, dropped when the deal is cancelled, and open until its day.
- A level ("guidance" for one day): kept by the first later row that tells at least as much, for a day up to the
  promised one, told later if only for a later day, missed when the figure of the day or a later one is lower, and not
  told when its day has passed without a figure. A sum of commitments is no level; it stands among the deals.
"""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.ledger.schema import CANCELLED, SIGNED_STATUSES
from analysis.models import bases

KEPT, LATE, CUT, DROPPED, OPEN = "kept", "late", "cut", "dropped", "open"
SMALLER = "a smaller number named later"
TOLD_LATER, MISSED, UNTOLD = "told later", "missed", "not told"
BINDING = ("announced", *(status for status in SIGNED_STATUSES if status != "closed"))
NON_BINDING = re.compile(r"\bnon-binding\b", re.IGNORECASE)  # in the condition of a deal
COLUMNS = ["key", "promised_on", "promised_for", "low", "high", "unit", "state", "told_on", "came"]
DAYS = ["promised_on", "promised_for", "told_on", "came"]


def of_money(history: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Promised payments of shares and headline plans.

    Parameters
    ----------
    history : DataFrame
        All rows of deals known on the day, those that were replaced too.
    day : Timestamp
        The day.

    Returns
    -------
    DataFrame
        `COLUMNS`: the deal; when it was promised and for which day; the amount (US$ bn, ends NaN where not told); the
        state; when the row that says so became known (NaT while open) and, for what is paid, the day of payment. By
        promised day.
    """
    is_money = (history["kind"] == "equity") & (history["role"] == "payment") | (history["role"] == "claim")
    rows = history[is_money].sort_values("as_of", kind="stable")
    due = rows["end"].fillna(rows["start"])
    binds = rows["status"].isin(BINDING) & ~rows["condition"].fillna("").str.contains(NON_BINDING)
    first = rows[binds].groupby(["deal", "low_usd_bn", "high_usd_bn"], dropna=False)["as_of"].transform("min")
    made = rows.assign(due=due, first=first)[binds & (due > rows["as_of"])]
    is_again = made.duplicated("deal") & (made["role"] != "claim") | made.duplicated(["deal", "due"])
    made = made[~is_again]
    found = []
    for promise in made.itertuples(index=False):
        later = rows[(rows["deal"] == promise.deal) & (rows["as_of"] > promise.as_of)]
        state, told_on, came = _outcome(later, promise.due, promise.low_usd_bn, day)
        less = later[later["high_usd_bn"] < promise.low_usd_bn]
        is_unlike = promise.role == "claim" and not (due[less.index] == promise.due).any()
        state = SMALLER if state == CUT and is_unlike else state
        ends = (promise.low_usd_bn, promise.high_usd_bn)
        found.append((promise.deal, promise.first, promise.due, *ends, "usd_bn", state, told_on, came))
    return _by_day(found)


def _outcome(
    later: pd.DataFrame, due: pd.Timestamp, least: float, day: pd.Timestamp
) -> tuple[str, pd.Timestamp, pd.Timestamp]:
    paid = later[(later["status"] == "closed") & (later["low_usd_bn"] == later["high_usd_bn"])].head(1)
    if len(paid):
        row = paid.iloc[0]
        came = next(d for d in (row["end"], row["start"], row["as_of"]) if pd.notna(d))
        return KEPT if came <= due else LATE, row["as_of"], came
    if not len(later):
        return OPEN if due >= day else LATE, pd.NaT, pd.NaT
    row = later.iloc[-1]
    if row["status"] == CANCELLED:
        return DROPPED, row["as_of"], pd.NaT
    less = later[later["high_usd_bn"] < least].head(1)
    if len(less):
        return CUT, less["as_of"].iloc[0], pd.NaT
    return OPEN if due >= day else LATE, pd.NaT, pd.NaT


def of_levels(history: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Levels that a company said it would reach by a day; see `of_money`.

    ``history`` holds all rows of metrics known on the day. The key is entity/metric; low is the level, high the one
    that was told (NaN for none), in the metric's unit; came the day that it was told for.
    """
    is_level = history["start"].isna() & ~history["metric"].str.contains("commitments")
    alone = history[is_level & (history["by"] == "")]
    made = alone[(alone["basis"] == "guidance") & (alone["end"] > alone["as_of"])].sort_values("as_of", kind="stable")
    made = made.drop_duplicates(["entity", "metric", "end"])
    happened = alone[alone["basis"].isin(bases.HAPPENED)].sort_values(["end", "as_of"], kind="stable")
    found = []
    for promise in made.itertuples(index=False):
        same = (happened["entity"] == promise.entity) & (happened["metric"] == promise.metric)
        later = happened[same & (happened["as_of"] > promise.as_of)]
        reached = later[later["value"] >= promise.value].head(1)
        after = later[later["end"] >= promise.end].head(1)
        row = reached if len(reached) else after
        if len(reached):
            state = KEPT if reached["end"].iloc[0] <= promise.end else TOLD_LATER
        elif len(after):
            state = MISSED
        else:
            state = OPEN if promise.end >= day else UNTOLD
        told = (
            (row["value"].iloc[0], row["as_of"].iloc[0], row["end"].iloc[0])
            if len(row)
            else (float("nan"), pd.NaT, pd.NaT)
        )
        key = f"{promise.entity}/{promise.metric}"
        found.append((key, promise.as_of, promise.end, promise.value, told[0], promise.unit, state, *told[1:]))
    return _by_day(found)


def _by_day(found: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=COLUMNS)
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in DAYS})
    return frame.sort_values(["promised_for", "key"], kind="stable", ignore_index=True)
