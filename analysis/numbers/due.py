"""What the ledger says is to come after its day: payments, first and last days of deals, promised levels, results.

- A deal counts by its newest row. Cancelled ones, talks and totals of other rows are left out.
- A payment for shares is due on its last day, a loan on that of its repayment, a headline plan on the last it names.
- A level is promised as in `models.promises`.
- Results are expected as many days after the end of a quarter as in the median of a company's earlier ones. That is an
  expectation of ours: the ledger knows no announced day.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import promises
from analysis.numbers import formats
from analysis.numbers.headlines import deals as headlines
from analysis.numbers.profiles.deals import OFF, TALKS, states
from analysis.numbers.profiles.rows import Statements, statements_of
from analysis.numbers.scorecard.promised import promised as promised_with_a_day

TOTAL = "total"
LEAST_QUARTERS = 3  # published, before the next is expected
QUARTER_DAYS = (80, 100)
WEEKS_OF_QUARTER = 13  # where a quarter does not end with a month
STALE_DAYS = 200  # after the last published quarter nothing is expected of a company


@dataclass(frozen=True)
class Due:
    """Something to come.

    Attributes
    ----------
    key
        Names it for good, whatever its day: ``deals:DEAL/end``.
    day
        On which it is due.
    title, words
        In a line, and what it rests on.
    known_on
        The day of the row that says so.
    sources
        Keys of its pages.
    deal
        Key of the deal; empty if it is none.
    is_expected
        Whether the day is an expectation of ours.
    """

    key: str
    day: dt.date
    title: str
    words: str
    known_on: dt.date
    sources: tuple[str, ...]
    deal: str = ""
    is_expected: bool = False


def due(ledger: Ledger) -> list[Due]:
    """Return everything that is due after the ledger's day, the nearest first."""
    found = [*_of_deals(ledger), *_of_levels(ledger), *_of_results(ledger)]
    return sorted(found, key=lambda item: (item.day, item.key))


def _of_deals(ledger: Ledger) -> list[Due]:
    statements, where = statements_of(ledger), states(ledger)
    found = []
    for row in ledger.deals.to_dict("records"):
        if where[row["deal"]] in (OFF, TALKS) or row["role"] == TOTAL:
            continue
        start, end = row["start"], row["end"]
        sides = [("end", end)] if start == end or pd.isna(start) else [("start", start), ("end", end)]
        for side, day in sides:
            if pd.notna(day) and day > ledger.as_of:
                found.append(_of_deal(statements, row, side, day))
    return found


def _of_deal(statements: Statements, row: dict[str, Any], side: str, day: pd.Timestamp) -> Due:
    condition = f" Condition: {row['condition']}." if row["condition"] else ""
    return Due(
        key=f"deals:{row['deal']}/{side}",
        day=day.date(),
        title=headlines.due(statements.ledger, row, side),
        words=f"{row['note']}{condition}".strip(),
        known_on=row["as_of"].date(),
        sources=(row["source"],),
        deal=row["deal"],
    )


def _of_levels(ledger: Ledger) -> list[Due]:
    promised = promised_with_a_day(ledger)
    is_open = promised["what"].eq("level") & promised["state"].eq(promises.OPEN)
    rows = ledger.history["metrics"]
    found = []
    for level in promised[is_open & (promised["promised_for"] > ledger.as_of)].itertuples(index=False):
        is_same = (rows["entity"] + "/" + rows["metric"]).eq(level.key) & rows["as_of"].eq(level.promised_on)
        said = rows[is_same & rows["end"].eq(level.promised_for)].iloc[0]
        found.append(
            Due(
                key=f"metrics:{level.key}/{level.promised_for:%Y-%m-%d}",
                day=level.promised_for.date(),
                title=f"Promised by this day: {level.name}, {level.amount}",
                words=said["note"],
                known_on=level.promised_on.date(),
                sources=(said["source"],),
            )
        )
    return found


def _of_results(ledger: Ledger) -> list[Due]:
    """The next results of each company that has published several quarters."""
    rows = ledger.history["metrics"]
    length = (rows["end"] - rows["start"]).dt.days
    published = rows[rows["basis"].eq("actual") & length.between(*QUARTER_DAYS)].sort_values("as_of", kind="stable")
    found = []
    for entity, quarters in published.drop_duplicates(["entity", "end"]).groupby("entity"):
        newest = quarters.loc[quarters["end"].idxmax()]
        if len(quarters) < LEAST_QUARTERS or (ledger.as_of - newest["end"]).days > STALE_DAYS:
            continue
        lag = pd.Timedelta(days=int((quarters["as_of"] - quarters["end"]).dt.days.median()))
        end = _next_quarter(newest["end"])
        while end + lag <= ledger.as_of:
            end = _next_quarter(end)
        name = ledger.name(entity)
        found.append(
            Due(
                key=f"results:{entity}/{end:%Y-%m-%d}",
                day=(end + lag).date(),
                title=f"{name} should publish its results for the quarter to {formats.day(end.date())} about this day",
                words=f"Our expectation, not an announced day: the ledger has {len(quarters)} quarters of {name}, "
                f"published a median of {lag.days} days after their end.",
                known_on=newest["as_of"].date(),
                sources=(newest["source"],),
                is_expected=True,
            )
        )
    return found


def _next_quarter(end: pd.Timestamp) -> pd.Timestamp:
    return end + pd.offsets.MonthEnd(3) if end.is_month_end else end + pd.Timedelta(weeks=WEEKS_OF_QUARTER)
