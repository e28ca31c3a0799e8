"""Lengths of time: which periods are quarters and years, and how long a contract runs.

- Companies' quarters and years have 13 or 14 and 52 or 53 weeks, so both are told by a range of days.
- A year of a contract has 365.25 days.
"""

import numpy as np
import pandas as pd

DAYS_PER_YEAR = 365.25
QUARTER_DAYS = (80, 100)
YEAR_DAYS = (360, 370)


def _length(periods: pd.DataFrame) -> pd.Series:
    return (periods["end"] - periods["start"]).dt.days


def day_numbers(days: pd.Series) -> np.ndarray:
    """Days as numbers to sort by; a missing one comes before all others."""
    return days.to_numpy("datetime64[s]").astype(np.int64)


def quarters(periods: pd.DataFrame) -> pd.DataFrame:
    """Rows whose period is a quarter.

    Parameters
    ----------
    periods : DataFrame
        Columns start and end (first and last day, NaT where there is none).

    Returns
    -------
    DataFrame
        The rows kept, in the order given.
    """
    return periods[_length(periods).between(*QUARTER_DAYS)]


def years(periods: pd.DataFrame) -> pd.DataFrame:
    """Rows whose period is a year, calendar or fiscal; see `quarters`."""
    return periods[_length(periods).between(*YEAR_DAYS)]


def calendar_years(periods: pd.DataFrame) -> pd.DataFrame:
    """Rows whose period is a calendar year; see `quarters`."""
    whole = years(periods)
    return whole[whole["start"].dt.month == 1]


def bridge(statements: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, pd.DataFrame]:
    """Return what statements of a flow come to from one day to another, and those used, by the fewest of them.

    Statements are laid end to end; one that is gone through backwards is taken off, as the first half of a year is to
    leave the second.

    Parameters
    ----------
    statements : DataFrame
        Columns start and end (first and last day) and value (any unit), each period once.
    start, end : Timestamp
        The first and the last day wanted.

    Returns
    -------
    float
        The sum, in the unit of value; NaN where they do not reach.
    DataFrame
        The rows used, in the order given; none where they do not reach.
    """
    known = statements.dropna(subset=["start", "end", "value"])
    steps = [(row.Index, row.start, row.end + pd.Timedelta(days=1), row.value) for row in known.itertuples()]
    goal = end + pd.Timedelta(days=1)
    reached: dict[pd.Timestamp, tuple[float, frozenset[int]]] = {start: (0.0, frozenset())}
    frontier = [start]
    while frontier and goal not in reached:
        following = []
        for at in frontier:
            so_far, used = reached[at]
            for i, first, after, value in steps:
                to, signed = (after, value) if first == at else (first, -value) if after == at else (at, 0.0)
                if to not in reached:
                    reached[to] = so_far + signed, used | {i}
                    following.append(to)
        frontier = following
    found, used = reached.get(goal, (float("nan"), frozenset()))
    return float(found), statements[statements.index.isin(used)]


def contract_years(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Length of a contract in years, both days included; NaN when either day is not known."""
    return float((end - start).days + 1) / DAYS_PER_YEAR if pd.notna(start) and pd.notna(end) else float("nan")
