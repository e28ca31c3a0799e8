"""Figures of the cash: every combination, where it goes, the gap by year, how likely it is, and what moves it."""

from typing import Any

import altair as alt

from analysis.figures.figure import describe, empty_figure, make_figure, padded_scale
from analysis.figures.marks import dumbbells, grouped_bars, lines
from analysis.figures.palette import series as series_roles
from analysis.figures.tables import Table
from analysis.ledger import Ledger
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import cash, choices

CASE_ROLES = dict(zip(cash.CASE_NAMES.values(), ("orders", "second", "third"), strict=True))
UNKNOWN = "Revenue, forecasts or cash are not all known by this day."


def fig_sustainability_specifications(ledger: Ledger, scenario: str = "central") -> Any:
    """The gap under every combination of choices, the smallest first, for each case."""
    frame = series.combined(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-specifications", "Every combination of choices", ledger, UNKNOWN)
    title = series.combined_finding(ledger, scenario)
    count = len(choices.combinations(ledger, scenario))
    at = frame[frame["share"].isin([10.0, 50.0, 90.0])]
    return make_figure(
        lines(
            frame,
            {"name": "Case", "share": "Per cent of combinations", "gap": "gap in the last year, US$ bn"},
            line="name",
            x="share",
            value="gap",
            colours=CASE_ROLES,
            x_title="per cent of combinations, the smallest gap first",
            x_scale=alt.Scale(domain=[0, 100]),
            y_scale=padded_scale(frame["gap"], 0.08),
            has_points=False,
            legend_columns=3,
            height=300,
        ),
        id="fig-sustainability-specifications",
        title=title,
        subtitle=(
            f"What would still have to be raised under each of {count:,} combinations of low, middle and high choices,"
            " without surprises, US$ bn."
        ),
        alt_text=describe(title, (f"{r.name_} at {r.share:.0f}%: {r.gap:.0f}" for r in _named(at))),
        table=frame.pivot(index="share", columns="name", values="gap").reset_index(),
        columns={"share": "Combinations, %"} | {name: f"{name}, US$ bn" for name in dict.fromkeys(frame["name"])},
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Combinations are not equally likely: the ends of all choices at once are not a forecast.",
    )


def _named(frame: Any) -> Any:
    """The rows of a frame with a column called name, which tuples cannot have."""
    return frame.rename(columns={"name": "name_"}).itertuples()


def fig_sustainability_bridge(ledger: Ledger, scenario: str = "central") -> Any:
    """From the cash at the start to what is left where it is lowest, in each case."""
    frame = series.bridges(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-bridge", "Where the cash goes", ledger, UNKNOWN)
    title = series.bridge_finding(frame)
    names = list(dict.fromkeys(frame["name"]))
    lowest = "cash is lowest" if len(names) == 1 else "the cases together have least cash"
    return make_figure(
        grouped_bars(
            frame,
            {"title": "Line", "name": "Case", "value": "US$ bn, summed over the years"},
            name="title",
            group="name",
            colours=CASE_ROLES,
            scale=_both_ways(frame["value"]),
        ),
        id="fig-sustainability-bridge",
        title=title,
        subtitle=f"Sums up to {frame['year'].iloc[0]}, when {lowest}; central choices, no surprises, US$ bn.",
        alt_text=describe(title, (f"{r.name_}, {r.title}: {r.label}" for r in _named(frame))),
        table=frame.pivot(index="title", columns="name", values="value")
        .reindex(list(dict.fromkeys(frame["title"])))
        .reset_index(),
        columns={"title": "Line"} | {name: f"{name}, US$ bn" for name in names},
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="The lines of a case add up to what is left. Below zero: paid, or missing.",
    )


def _both_ways(values: Any) -> alt.Scale:
    """A scale from below the least to above the largest value, with room for labels at both ends."""
    room = 0.22 * (max(values.max(), 0) - min(values.min(), 0))
    return alt.Scale(domain=[min(values.min(), 0) - room, max(values.max(), 0) + room], nice=False)


def fig_sustainability_gap(ledger: Ledger, scenario: str = "central") -> Any:
    """The median gap by year in each case."""
    frame = series.gaps(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-gap", "The funding gap", ledger, UNKNOWN)
    title = series.gap_finding(frame)
    wide = frame.pivot(index="year", columns="name")[["gap_low", "gap_median", "gap_high"]]
    wide.columns = [f"{column}:{name}" for column, name in wide.columns]
    words = {"gap_low": "5th percentile", "gap_median": "median", "gap_high": "95th percentile"}
    names = list(dict.fromkeys(frame["name"]))
    return make_figure(
        lines(
            frame.rename(columns={"gap_median": "value"}),
            {
                "name": "Case",
                "year": "Year",
                "value": "still to be raised, US$ bn",
                "gap_low": "5th percentile",
                "gap_high": "95th percentile",
            },
            line="name",
            colours=CASE_ROLES,
            legend_columns=3,
        ),
        id="fig-sustainability-gap",
        title=title,
        subtitle=(
            "Deepest shortfall of cash up to each year beyond the equity already contracted, median of the paths, US$"
            " bn."
        ),
        alt_text=describe(
            title,
            (f"{r.name_} {r.year}: {r.gap_median:.0f} ({r.gap_low:.0f} to {r.gap_high:.0f})" for r in _named(frame)),
        ),
        table=wide.reset_index(),
        columns={"year": "Year"}
        | {f"{c}:{name}": f"{name}, {word}, US$ bn" for name in names for c, word in words.items()},
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Not a forecast: no new money is assumed, and OpenAI would raise some.",
    )


def fig_sustainability_scenarios(ledger: Ledger, scenario: str = "central") -> Any:
    """What would still have to be raised if one choice is another, by scenario and case."""
    frame = series.alternatives(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-scenarios", "What would have to happen", ledger, UNKNOWN)
    title = series.alternatives_finding(frame)
    return make_figure(
        grouped_bars(
            frame,
            {
                "title": "If",
                "name": "Case",
                "gap_median": "still to be raised, US$ bn",
                "share": "paths without cash, %",
            },
            name="title",
            group="name",
            value="gap_median",
            colours=CASE_ROLES,
        ),
        id="fig-sustainability-scenarios",
        title=title,
        subtitle="What would still have to be raised by the last year, median of the paths, US$ bn.",
        alt_text=describe(title, (f"{r.title}, {r.name_}: {r.label}" for r in _named(frame))),
        table=frame[["title", "name", "gap_median", "gap_low", "gap_high", "share"]],
        columns={
            "title": "If",
            "name": "Case",
            "gap_median": "Median gap, US$ bn",
            "gap_low": "5th percentile, US$ bn",
            "gap_high": "95th percentile, US$ bn",
            "share": "Paths without cash, %",
        },
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Each scenario changes one thing and leaves everything else in our middle.",
    )


def fig_sustainability_tornado(ledger: Ledger, scenario: str = "central") -> Any:
    """What moves the gap by contracts, in dollars."""
    frame = series.moves(ledger, scenario)
    if frame.empty:
        return empty_figure(
            "fig-sustainability-tornado",
            "What moves the gap",
            ledger,
            "No single choice is known to move it on this day.",
        )
    title = series.moves_finding(frame)
    table = choices.tornado(ledger, scenario)
    return make_figure(
        dumbbells(
            frame,
            {"name": "Choice", "end": "Where it is in its", "gap": "median gap by contracts, US$ bn"},
            kind="end",
            value="gap",
            colours=series_roles([series.LOWEST, series.HIGHEST]),
        ),
        id="fig-sustainability-tornado",
        title=title,
        subtitle=(
            "Median gap by contracts on the fifth of the paths where a choice is lowest and where it is highest, all"
            " others as they come; US$ bn."
        ),
        alt_text=describe(
            title, (f"{r.name_}: {r.low:.0f} where lowest, {r.high:.0f} where highest" for r in _named(table))
        ),
        table=table.assign(share=100 * table["share"], share_error=100 * table["share_error"]),
        columns={
            "name": "Choice",
            "low": "Where lowest, US$ bn",
            "high": "Where highest, US$ bn",
            "error": "Standard error, US$ bn",
            "share": "Share of variance, %",
            "share_error": "Standard error, %",
        },
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Choices that move the gap by less than twice the standard error are in the table only.",
    )


def table_choices(ledger: Ledger, scenario: str = "central") -> Table:
    """Return each choice, what it rests on and what it moves."""
    words = {
        "name": "Choice",
        "low": "Low",
        "central": "Middle",
        "high": "High",
        "rests": "Rests on",
        "moves": "US$ bn: median gap where it is lowest, then highest",
        "alone": "US$ bn: gap at low, then high, no surprises",
        "case": "By",
    }
    frame = series.explained(ledger, scenario)[list(words)].rename(columns=words)
    return Table(frame.astype(object), "choices", "Our choices, the one that moves the gap most first", is_closed=True)
