"""Quarters on an axis: one of which nothing is known takes its place, so that a year is as wide as four."""

import pandas as pd

GAP = "–"  # the label of such a quarter
MONTH = "%b %Y"


def with_gaps(totals: pd.DataFrame) -> pd.DataFrame:
    """Return totals by quarter with a row for each quarter between them.

    Parameters
    ----------
    totals
        One row a quarter, oldest first, at least one: quarter (``Jun 2025``, its last month), value, label.

    Returns
    -------
    DataFrame
        The same columns; value 0 and `GAP` for the label of a quarter that was not there.
    """
    ends = pd.to_datetime(totals["quarter"], format=MONTH) + pd.offsets.MonthEnd(0)
    every = pd.DataFrame({"quarter": pd.date_range(ends.min(), ends.max(), freq="QE").strftime(MONTH)})
    return every.merge(totals, on="quarter", how="left").fillna({"value": 0.0, "label": GAP})
