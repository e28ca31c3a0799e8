"""Forecasts: how OpenAI's own changed, and whether those of others can be rebuilt."""

from typing import Any

import pandas as pd

from analysis.figures.closed_tables import ClosedTable
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import lines
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import forecasts


def fig_sustainability_burn(ledger: Ledger, scenario: str = "central") -> Any:
    """OpenAI's own burn forecasts by vintage."""
    frame = forecasts.burns(ledger)
    if frame.empty:
        why = "No forecast of the burn has leaked by this day."
        return empty_figure("fig-sustainability-burn", "Forecast burn", ledger, why)
    title, note = series.burn_finding(frame), series.burn_note(ledger, frame)
    frame = series.burn_lines(frame)
    names = list(dict.fromkeys(frame["vintage"]))
    roles = series_roles(reversed(names))  # the newest in the first colour
    years = frame.sort_values("year", kind="stable")
    metrics = ledger.part("metrics", "entity", "openai")
    return make_figure(
        lines(
            years,
            {"vintage": "Forecast", "year": "Year", "value": "US$ bn burned"},
            line="vintage",
            colours={name: roles[name] for name in names},
            height=280,
        ),
        id="fig-sustainability-burn",
        title=title,
        subtitle="Cash burn by year in OpenAI's own forecasts, US$ bn; below zero it would generate cash.",
        alt_text=describe(title, (f"{r.vintage} {r.year}: {r.value:g}" for r in frame.itertuples())),
        table=frame.pivot(index="year", columns="vintage", values="value").reset_index(),
        columns={"year": "Year"} | {name: f"{name}, US$ bn" for name in names},
        ledger=ledger,
        rows=[metrics[metrics["metric"].str.startswith("cash_burn")]],
        note=note,
    )


def table_outside(ledger: Ledger) -> ClosedTable:
    """Published figures, what their own inputs give, and why the two differ."""
    found = series.published_figures(ledger)
    words = {
        "publisher": "Publisher",
        "figure": "Figure",
        "published": "Published",
        "ours": "From its inputs",
        "unit": "Unit",
        "label": "Off by",
        "verdict": "Verdict",
        "why": "Why they differ",
    }
    amounts = {c: ["" if pd.isna(v) else f"{v:,.6g}" for v in found[c].astype(float)] for c in ("published", "ours")}
    frame = found.assign(**amounts)[list(words)].rename(columns=words)
    good = int((found["verdict"] == series.REPRODUCED).sum())
    caption = f"{good} of {len(found)} published figures can be rebuilt from their own published inputs"
    return ClosedTable(frame.astype(object), "outside", caption if len(found) else "No model of others is known yet")
