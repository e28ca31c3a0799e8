"""What a statement rests on, and which of several statements of the same period counts.

- What happened is told by a filing (actual) before the press (reported) before somebody's estimate; among equals the
  newest counts. A forecast counts for a period only until anybody says what happened in it.
- A forecast is what one author says on one day. The years of two forecasts are never added.
"""

import re

import numpy as np
import pandas as pd

from analysis.models import periods

REPORTED = "reported"
BASES = ("actual", REPORTED, "estimate", "guidance", "projection")  # what counts first stands first
HAPPENED = ("actual", REPORTED)
FORECASTS = ("guidance", "projection")
OWN_KINDS = ("filing", "press-release", "earnings")  # of sources: a filing or the company itself
WHOLE_FORECAST = 3  # years from which a statement is a forecast of several years and no single figure
# How the note of a row says that its value is a floor, at the start of a sentence.
FLOOR = re.compile(r"(?:^|\. )(?:Guided )?(?:over|more than|above|at least)\b", re.IGNORECASE)
AGREED, ANNOUNCED, TALKS = "agreed", "announced", "talks"  # what an amount of a deal rests on
KINDS = dict.fromkeys((*HAPPENED, AGREED, ANNOUNCED), "fact") | dict.fromkeys(FORECASTS, "forecast")


def order(basis: str) -> int:
    """Return the place of a basis, the surest first, one without a name last."""
    names = [AGREED, ANNOUNCED, *BASES, TALKS]
    return names.index(basis) if basis in names else len(names)


def kind_of(basis: str) -> str:
    """Return what a basis amounts to: "fact", "forecast", or the word itself: "estimate", "talks"."""
    return KINDS.get(basis, basis)


def best(rows: pd.DataFrame) -> pd.DataFrame:
    """One statement a period, the one that counts.

    Parameters
    ----------
    rows : DataFrame
        Statements of one metric of one entity, with the columns start, end, as_of, basis.

    Returns
    -------
    DataFrame
        The rows kept, oldest period first; of those that end on the same day the longest first.
    """
    rank = np.array([-BASES.index(basis) if basis in BASES else -len(BASES) for basis in rows["basis"]])
    start, end, told = (periods.day_numbers(rows[column]) for column in ("start", "end", "as_of"))
    chosen = {(end[i], start[i]): i for i in np.lexsort((told, rank))}
    return rows.iloc[[chosen[period] for period in sorted(chosen)]]


def forecast(rows: pd.DataFrame, years: int = WHOLE_FORECAST) -> pd.DataFrame:
    """The newest forecast that tells several periods.

    Parameters
    ----------
    rows : DataFrame
        Statements of one metric of one entity, each of a period of the same length, with the columns end, as_of,
        basis, by.
    years : int
        How many periods it tells at least.

    Returns
    -------
    DataFrame
        Rows of one author and one day, oldest period first; none where no statement tells as many.
    """
    ahead = rows[rows["basis"].isin(FORECASTS)]
    sizes = ahead.groupby(["as_of", "by"]).size()
    whole = sizes[sizes >= years].index
    if not len(whole):
        return ahead.head(0)
    day, author = max(whole)
    return ahead[(ahead["as_of"] == day) & (ahead["by"] == author)].sort_values("end", kind="stable")


def is_floor(notes: pd.Series) -> pd.Series:
    """Whether each statement names a floor ("Over 25", "Guided over $30bn."), by the notes of its row."""
    return notes.str.contains(FLOOR).astype(bool)
