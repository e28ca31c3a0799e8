"""What ledger rows tell of the results that rest on them: names, sources, day, periods and bases."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.models import deals
from analysis.numbers.row_keys import row_keys, table_of
from analysis.numbers.timespans import Period


@dataclass(frozen=True)
class Evidence:
    """What some rows of one table tell.

    Attributes
    ----------
    rows, sources
        ``table:key`` of each row, and the keys of their sources, in the order of the rows.
    known
        The newest day on which one of them became known; None for rows without a day.
    spans
        The periods of the first two rows of metrics.
    bases
        What metrics and deals rest on.
    """

    rows: tuple[str, ...]
    sources: tuple[str, ...]
    known: pd.Timestamp | None
    spans: frozenset[Period]
    bases: frozenset[str]


def evidence_of(frame: pd.DataFrame, period: Callable[[pd.DataFrame], Period]) -> Evidence:
    """Return what some rows of a table, at least one, tell; ``period`` gives that of the last of some metrics."""
    table = table_of(frame)
    spans: frozenset[Period] = frozenset()
    bases: frozenset[str] = frozenset()
    if table == "metrics":
        spans = frozenset(period(frame.iloc[[i]]) for i in range(min(len(frame), 2)))
        bases = frozenset(frame["basis"])
    elif table == "deals":
        bases = frozenset(deals.basis(frame))
    known = frame["as_of"].max() if "as_of" in frame else None
    return Evidence(tuple(row_keys(frame)), pages(frame), known, spans, bases)


def pages(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the pages that rows rest on: a second one where it tells a part of the row and confirms nothing."""
    named = frame["source"].tolist()
    if {"verified", "second_source"} <= {*frame.columns}:
        named += frame.loc[frame["verified"] == "single", "second_source"].tolist()
    return tuple(page for page in named if page)
