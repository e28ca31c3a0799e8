"""Figures of the futures: how much is missing in twenty of them, and what decides between them."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import futures, spans
from analysis.ledger import Ledger
from analysis.numbers import modelling
from analysis.numbers.series.sustainability import futures as series
from analysis.numbers.sustainability import cash

UNKNOWN = "Revenue, forecasts or cash are not all known by this day."


def fig_sustainability_futures(ledger: Ledger, scenario: str = "central") -> Any:
    """Twenty futures from the best to the worst, and how much is missing in each."""
    frame = series.futures(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-futures", "How short OpenAI would be", ledger, UNKNOWN)
    title = series.futures_finding(frame)
    drawn, height, narrow_height = futures(
        frame,
        {"rank": "Future", "value": "Missing, US$ bn"},
        heads=series.heads(frame),
        named=series.depths(ledger, scenario),
    )
    return make_figure(
        drawn,
        id="fig-sustainability-futures",
        title=title,
        subtitle=f"How much OpenAI lacks by {frame['year'].iloc[0]}, from the best future to the worst, counting"
        " signed and announced orders.",
        alt_text=describe(title, (f"Future {r.place}: {r.label}" for r in frame.itertuples())),
        table=frame[["place", "value"]],
        columns={"place": "Future, from the best", "value": "Missing, US$ bn"},
        ledger=ledger,
        rows=cash.inputs_told(ledger),
        note=f"Each dot stands for a twentieth of the {modelling.PATHS:,} futures that our model runs.",
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_sustainability_levers(ledger: Ledger, scenario: str = "central") -> Any:
    """How far luck and each of our choices move the shortfall, the largest first."""
    frame = series.levers(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-levers", "What decides how much is missing", ledger, UNKNOWN)
    title = series.levers_finding(frame)
    return make_figure(
        spans(
            frame,
            {"name": "What is lucky or not", "low": "At best, US$ bn", "high": "At worst, US$ bn"},
            colours="loss",
        ),
        id="fig-sustainability-levers",
        title=title,
        subtitle=f"Median shortfall by {frame['year'].iloc[0]} in the fifth of the futures where each goes best, and"
        " where it goes worst, US$ bn, by signed and announced orders.",
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame[["name", "low", "high"]],
        columns={"name": "What moves it", "low": "At best, US$ bn", "high": "At worst, US$ bn"},
        ledger=ledger,
        rows=cash.inputs_told(ledger),
        note="One at a time; all else varies as it does in our futures.",
    )
