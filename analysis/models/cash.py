"""Cash at the end of a year from the last published cash: what came in and went out between the two days.

- The published cash may lie before the end of the year, or after it; then time runs back.
- Each part of the firm equity has one day of payment. What was closed by a row of the ledger was paid on that row's
  first day, else its last, else the day it became known; what a later row of the deal adds to it, on that row's last
  day. What is not closed is paid on its first day, else on its last; where both had passed when it became known, it
  was paid in parts of which nobody says how large they were, and counts on the last.
- Firm equity without a day, not closed, is paid a year after its amount became known, as some rounds are: until then
  nobody has said that it has been paid.
- Of a year's burn the part that is published for its first months is taken as published, any other by its days.

Law: whatever the day of the published cash, each dollar of firm equity is in that cash, or comes between its day and
the end of the year, or in a later year: one of the three.
"""

from typing import Any

import pandas as pd

from analysis.models import bases, periods
from analysis.models.deals import bounds

CLOSED = "closed"
UNTOLD = pd.DateOffset(years=1)  # from the day that an amount is known to its payment, where no day is told
COLUMNS = ["deal", "day", "amount", "is_closed"]
DAYS = ["deal", "start", "end", "as_of"]  # what a row tells of when something is paid


def yearly(metrics: pd.DataFrame, metric: str) -> pd.Series:
    """What counts for each calendar year of one of OpenAI's metrics.

    Parameters
    ----------
    metrics : DataFrame
        A point-in-time view of the ledger's table.
    metric : str
        The metric, in US$ bn.

    Returns
    -------
    Series
        US$ bn, index the calendar year (int), rising.
    """
    rows = metrics[(metrics["entity"] == "openai") & (metrics["metric"] == metric) & (metrics["by"] == "")]
    counted = bases.best(periods.calendar_years(rows)).drop_duplicates("start", keep="last")
    return pd.Series(counted["value"].to_numpy(), index=counted["start"].dt.year.to_numpy()).sort_index()


def payments_of(equity: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Firm equity by day of payment.

    Parameters
    ----------
    equity : DataFrame
        Rows chosen with `models.deals.payments`, one a deal, with the column priced_as_of.
    history : DataFrame
        All rows of these deals known on the day, those that were replaced too.

    Returns
    -------
    DataFrame
        Columns deal, day, amount (US$ bn) and is_closed (whether a row says that this part is paid); the amounts of a
        deal add up to its firm amount.
    """
    found: list[tuple[str, pd.Timestamp, float, bool]] = []
    firm = bounds(equity)["low"]
    closed = history[(history["status"].to_numpy() == CLOSED) & history["deal"].isin(set(equity["deal"])).to_numpy()]
    closings: dict[str, list[dict[str, Any]]] = {}
    for closing in _records(closed.iloc[closed["as_of"].to_numpy().argsort(kind="stable")], "low_usd_bn"):
        closings.setdefault(closing["deal"], []).append(closing)
    for row, amount in zip(_records(equity, "priced_as_of"), firm, strict=True):
        paid = 0.0
        for closing in closings.get(row["deal"], []):
            low = closing["low_usd_bn"]
            more = min(0.0 if pd.isna(low) else float(low), amount) - paid
            if more > 0:
                days = ("start", "end", "as_of") if paid == 0 else ("end", "as_of")
                found.append((row["deal"], _first_day(closing, days), more, True))
                paid += more
        if amount > paid:
            is_in_parts = pd.notna(row["start"]) and pd.notna(row["end"]) and row["end"] <= row["as_of"]
            day = _first_day(row, ("end", "start") if paid or is_in_parts else ("start", "end"))
            day = row["priced_as_of"] + UNTOLD if pd.isna(day) else day
            found.append((row["deal"], day, float(amount) - paid, False))
    types = (object, "datetime64[ns]", float, bool)
    parts = zip(*found, strict=True) if found else ((),) * len(types)
    return pd.DataFrame({c: pd.Series(list(p), dtype=t) for c, p, t in zip(COLUMNS, parts, types, strict=True)})


def _records(rows: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """One column and `DAYS` of each row."""
    columns = [column, *DAYS]
    return [dict(zip(columns, row, strict=True)) for row in zip(*(rows[c].tolist() for c in columns), strict=True)]


def to_come(paid: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The parts of the firm equity (see `payments_of`) that are still to be paid on a day.

    A part whose day has passed counts as paid although no row says so; one that falls on the day itself only if a row
    does.
    """
    days, at = paid["day"].to_numpy(), day.to_datetime64()
    return paid[(days > at) | (days == at) & ~paid["is_closed"].to_numpy(bool)]


def _first_day(row: dict[str, Any], columns: tuple[str, ...]) -> pd.Timestamp:
    """The first of some days of a row that is known; NaT when none is."""
    return next((row[c] for c in columns if pd.notna(row[c])), pd.NaT)


def raised_between(paid: pd.DataFrame, day: pd.Timestamp, until: pd.Timestamp) -> float:
    """Firm equity paid after a day up to another, US$ bn; below 0, what to take back, when the other lies before it.

    ``paid`` as `payments_of` returns it.
    """
    first, last = sorted((day, until))
    amount = float(paid.loc[(paid["day"] > first) & (paid["day"] <= last), "amount"].sum())
    return amount if day <= until else -amount


def later(paid: pd.DataFrame, year: int) -> pd.Series:
    """Firm equity paid after a year, US$ bn by calendar year."""
    sums = paid["amount"].groupby(paid["day"].dt.year).sum()
    return sums[sums.index > year]


def burned_between(metrics: pd.DataFrame, day: pd.Timestamp, until: pd.Timestamp) -> float:
    """OpenAI's cash burn after a day up to another, US$ bn; below 0 when the other lies before it.

    A year of which nothing is known counts nothing.
    """
    first, last = sorted((day, until))
    amount = _burned_to(metrics, last) - _burned_to(metrics, first)
    for year in range(first.year, last.year):
        amount += yearly(metrics, "cash_burn").get(year, 0.0)
    return float(amount if day <= until else -amount)


def _burned_to(metrics: pd.DataFrame, day: pd.Timestamp) -> float:
    """Burn of the day's year up to the day: as published, else the year's by days."""
    begin, end = pd.Timestamp(day.year, 1, 1), pd.Timestamp(day.year, 12, 31)
    rows = metrics[(metrics["entity"] == "openai") & (metrics["metric"] == "cash_burn") & (metrics["by"] == "")]
    told = bases.best(rows[(rows["start"] == begin) & (rows["end"] == day)])
    if len(told):
        return float(told["value"].iloc[-1])
    return float(yearly(metrics, "cash_burn").get(day.year, 0.0)) * (day - begin).days / (end - begin).days


def at_the_end_of(year: int, metrics: pd.DataFrame, paid: pd.DataFrame) -> float:
    """OpenAI's cash at the end of a year, US$ bn.

    Parameters
    ----------
    year : int
        The calendar year.
    metrics : DataFrame
        A point-in-time view of the ledger's table.
    paid : DataFrame
        As `payments_of` returns it.

    Raises
    ------
    ValueError
        When no cash is known.
    """
    rows = metrics[(metrics["entity"] == "openai") & (metrics["metric"] == "cash")]
    known = bases.best(rows[~rows["basis"].isin(bases.FORECASTS)]).tail(1)
    if known.empty:
        raise ValueError(f"no cash of OpenAI is known for {year}")
    day, end = known["end"].iloc[0], pd.Timestamp(year, 12, 31)
    moved = raised_between(paid, day, end) - burned_between(metrics, day, end)
    return float(known["value"].iloc[0]) + moved
