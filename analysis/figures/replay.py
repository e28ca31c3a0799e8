"""Figures with a slider: one chart holds what was drawn on each earlier day, and shows one day at a time.

A row of such a chart carries ``since`` and ``until``; the parameter ``day`` (an ISO day, the newest at first)
chooses among them, and a reader's slider moves it.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

import altair as alt
import pandas as pd

from analysis.figures.figure import rounded_rows, with_parameter
from analysis.ledger import Ledger
from analysis.numbers.vintages import story_start

NEVER = "9999"


def days_of(ledger: Ledger, scopes: tuple[str, ...]) -> list[pd.Timestamp]:
    """The days from `story_start` on which a payment of the scopes or OpenAI's run rate became known, and the last
    day."""
    deals, metrics = ledger.history["deals"], ledger.history.part("metrics", "entity", ("openai",))
    paid = deals.loc[(deals["role"] == "payment") & deals["scope"].isin(scopes), "as_of"]
    sold = metrics.loc[metrics["metric"] == "annualized_revenue", "as_of"]
    start = story_start(ledger)
    return sorted({d for d in (*paid, *sold) if d >= start} | {ledger.as_of})


def replayed(
    ledger: Ledger, make: Callable[[Ledger], tuple[pd.DataFrame, ...]], scopes: tuple[str, ...] = ("openai",)
) -> tuple[list[pd.DataFrame], list[str]]:
    """What ``make`` draws from each day's view, as rows with the days from (``since``) and before (``until``) which
    they hold.

    Returns one frame for each that ``make`` gives, and the ISO days on which any of them changed and the newest day,
    oldest first.
    """
    days = days_of(ledger, scopes)
    return held((f"{day:%Y-%m-%d}", make(ledger.at(day.date(), is_kept=False))) for day in days)


def held(drawn: Iterable[tuple[str, tuple[pd.DataFrame, ...]]]) -> tuple[list[pd.DataFrame], list[str]]:
    """What is drawn on some ISO days, oldest first, as rows with the days between which they hold; see `replayed`."""
    kept: list[dict[tuple[Any, ...], str]] = []
    closed: list[list[tuple[Any, ...]]] = []
    columns: list[list[str]] = []
    changed: list[str] = []
    key = ""
    for key, frames in drawn:
        if not columns:
            columns = [list(f.columns) for f in frames]
            kept, closed = [{} for _ in frames], [[] for _ in frames]
        moved = False
        for frame, open_, done in zip(frames, kept, closed, strict=True):
            now = dict.fromkeys(rounded_rows(frame))
            gone = [r for r in open_ if r not in now]
            done += [(*r, open_.pop(r), key) for r in gone]
            new = [r for r in now if r not in open_]
            open_.update(dict.fromkeys(new, key))
            moved = moved or bool(gone or new)
        if moved or not changed:
            changed.append(key)
    if key and changed[-1] != key:
        changed.append(key)
    out = []
    for names, open_, done in zip(columns, kept, closed, strict=True):
        rows = [*done, *((*r, since, NEVER) for r, since in open_.items())]
        out.append(pd.DataFrame(rows, columns=[*names, "since", "until"]))
    return out, changed


def on_day(chart: alt.Chart) -> alt.Chart:
    """The rows of the day that the reader has chosen."""
    return chart.transform_filter("datum.since <= day && day < datum.until")


def with_day(chart: Any, days: list[str]) -> alt.LayerChart:
    return cast(alt.LayerChart, with_parameter(chart, "day", days[-1]))
