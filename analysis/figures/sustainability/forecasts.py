"""Figures of forecasts: how OpenAI's own changed, and whether those of others can be rebuilt."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dots, lines
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import forecasts

VERDICT_ROLES = {series.REPRODUCED: "live", series.NOT_REPRODUCED: "disputed"}


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
        subtitle=(
            "Cash burn by year in OpenAI's own forecasts as they leaked, US$ bn; below zero it would generate cash."
        ),
        alt_text=describe(title, (f"{r.vintage} {r.year}: {r.value:g}" for r in frame.itertuples())),
        table=frame.pivot(index="year", columns="vintage", values="value").reset_index(),
        columns={"year": "Year"} | {name: f"{name}, US$ bn" for name in names},
        ledger=ledger,
        rows=[metrics[metrics["metric"].str.startswith("cash_burn")]],
        note=note,
    )


def fig_sustainability_outside(ledger: Ledger, scenario: str = "central") -> Any:
    """Published figures and what their own inputs give."""
    frame = series.published_figures(ledger)
    known = frame.dropna(subset="off")
    failing = known[known["verdict"] != series.REPRODUCED]
    drawn = failing if len(failing) else known
    if known.empty:
        why = "No published model is in the ledger by this day."
        return empty_figure("fig-sustainability-outside", "Models of others", ledger, why)
    good = int((frame["verdict"] == series.REPRODUCED).sum())
    title = f"{good} of {len(frame)} published figures can be rebuilt from their own published inputs"
    failed = [
        f"{r.name_} {r.label}"
        for r in frame.rename(columns={"name": "name_"}).itertuples()
        if r.verdict != series.REPRODUCED
    ]
    return make_figure(
        dots(
            drawn,
            {"name": "Figure", "off": "difference, per cent", "verdict": "Verdict"},
            value="off",
            kind="verdict" if failing.empty else None,
            colours=VERDICT_ROLES if failing.empty else "disputed",
            size=90,
            step=28,
        ),
        id="fig-sustainability-outside",
        title=title,
        subtitle=(
            "Those that cannot, re-run from the inputs their publishers gave; difference in per cent of the published"
            " figure."
            if len(failing)
            else "Re-run from the inputs their publishers gave; difference in per cent of the published figure."
        ),
        alt_text=f"{title}. Not reproduced: {'; '.join(failed) or 'none'}.",
        table=frame.sort_index(),
        columns={
            "publisher": "Publisher",
            "figure": "Figure",
            "how": "How",
            "published": "Published",
            "ours": "Ours",
            "unit": "Unit",
            "verdict": "Verdict",
            "why": "Why they differ",
        },
        ledger=ledger,
        rows=[ledger.outside_models],
    )
