"""Figures of the cash: revenue and contracts, the gap, how likely it is, and what matters most."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, padded_scale
from analysis.figures.marks import bands, labelled_bars, layered, lines
from analysis.figures.palette import series as series_roles
from analysis.ledger import Ledger
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import cash

REVENUE_ROLES = {series.SIMULATED: "customers", series.DUE: "orders", series.PLAN: "second"}
UNKNOWN = "Revenue, forecasts or cash are not all known by this day."


def fig_sustainability_revenue(ledger: Ledger, scenario: str = "central") -> Any:
    """Revenue fan against the contracts that fall due, and OpenAI's own forecast."""
    frame = series.paths(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-revenue", "Revenue against contracts", ledger, UNKNOWN)
    title = series.revenue_finding(frame)
    unit = "US$ bn a year"
    words = {"year": "Year", "revenue_low": "5th percentile", "revenue_median": unit, "revenue_high": "95th percentile"}
    drawn = series.revenue_lines(frame)
    scale = padded_scale(pd.concat([frame["revenue_high"], drawn["value"]]), 0.1)
    fan = bands(
        frame,
        words,
        low="revenue_low",
        median="revenue_median",
        high="revenue_high",
        role="customers",
        y_scale=scale,
    )
    beside = lines(
        drawn,
        {"year": "Year", "line": "Line", "value": unit},
        line="line",
        colours=REVENUE_ROLES,
        legend_columns=3,
        y_scale=scale,
    )
    said = (
        f"{r.year}: revenue {r.revenue_median:.0f} ({r.revenue_low:.0f} to {r.revenue_high:.0f}), contracts {r.due:.0f}"
        for r in frame.itertuples()
    )
    return make_figure(
        layered(fan, beside, height=300),
        id="fig-sustainability-revenue",
        title=title,
        subtitle=(
            "Shade: 5th to 95th percentile of simulated revenue. Contracts with a price, spread over years; US$ bn a"
            " year."
        ),
        alt_text=describe(title, said),
        table=frame,
        columns={
            "year": "Year",
            "revenue_low": "Revenue, 5th percentile, US$ bn",
            "revenue_median": "Revenue, median, US$ bn",
            "revenue_high": "Revenue, 95th percentile, US$ bn",
            "plan": "OpenAI's forecast, US$ bn",
            "due": "Contracts falling due, US$ bn",
        },
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Contracts without a published price are missing, and existing contracts end: the line is a floor.",
    )


def fig_sustainability_gap(ledger: Ledger, scenario: str = "central") -> Any:
    """Funding gap fan by year."""
    frame = series.paths(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-gap", "The funding gap", ledger, UNKNOWN)
    title = series.gap_finding(frame)
    words = {
        "year": "Year",
        "gap_low": "5th percentile",
        "gap_median": "US$ bn, cumulative",
        "gap_high": "95th percentile",
    }
    said = (f"{r.year}: {r.gap_median:.0f}, from {r.gap_low:.0f} to {r.gap_high:.0f}" for r in frame.itertuples())
    return make_figure(
        bands(frame, words, low="gap_low", median="gap_median", high="gap_high", role="loss"),
        id="fig-sustainability-gap",
        title=title,
        subtitle=(
            "Deepest shortfall of cash up to each year beyond the equity already contracted: median, and 5th to 95th"
            " percentile of the paths."
        ),
        alt_text=describe(title, said),
        table=frame,
        columns={
            "year": "Year",
            "gap_low": "5th percentile, US$ bn",
            "gap_median": "Median, US$ bn",
            "gap_high": "95th percentile, US$ bn",
        },
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Not a forecast: no new money is assumed, and OpenAI would raise some.",
    )


def fig_sustainability_probability(ledger: Ledger, scenario: str = "central") -> Any:
    """Probability of a shortfall by year under each scenario."""
    found = series.shortfalls(ledger, scenario)
    if found is None:
        return empty_figure("fig-sustainability-probability", "Probability of a shortfall", ledger, UNKNOWN)
    frame = found.table
    ends = frame.groupby("scenario", sort=False).last()
    table = frame.pivot(index="year", columns="name", values="share")[list(ends["name"])].reset_index()
    return make_figure(
        lines(
            frame,
            {"year": "Year", "name": "Scenario", "share": "per cent of paths"},
            line="name",
            value="share",
            colours=series_roles(ends["name"]),
            y_scale=alt.Scale(domain=[0, 100]),
            legend_columns=2,
        ),
        id="fig-sustainability-probability",
        title=found.finding,
        subtitle=(
            "Share of paths on which cash has run out by the end of each year, without new money, per cent. Used: share"
            " of the contracts; growth: share of OpenAI's plan."
        ),
        alt_text=describe(found.finding, (f"{s}: {v:.0f}% by the last year" for s, v in ends["share"].items())),
        table=table,
        columns={"year": "Year"} | {name: f"{name}; % of paths" for name in ends["name"]},
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note=found.note,
    )


def fig_sustainability_sobol(ledger: Ledger, scenario: str = "central") -> Any:
    """What matters most: total Sobol indices."""
    frame = series.weights(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-sobol", "What matters most", ledger, UNKNOWN)
    title = f"The gap depends most on {frame['name'].iloc[0]}, then on {frame['name'].iloc[1]}"
    return make_figure(
        labelled_bars(
            frame,
            {"name": "Choice", "share": "per cent of the variance", "low": "At least", "high": "At most"},
            value="share",
            spread=("low", "high"),
        ),
        id="fig-sustainability-sobol",
        title=title,
        subtitle=(
            "Total Sobol index of each choice for the gap in the last year, per cent of its variance; lines: 95%"
            " interval."
        ),
        alt_text=describe(
            title, (f"{name}: {share:.0f}%" for name, share in zip(frame["name"], frame["share"], strict=True))
        ),
        table=frame,
        columns={
            "name": "Choice",
            "first": "First order, %",
            "first_error": "First order ±, %",
            "total": "Total, %",
            "total_error": "Total ±, %",
        },
        ledger=ledger,
        rows=cash.calibrated_on(ledger),
        note="Over the ranges of our choices, each equally likely. Totals count interactions more than once.",
    )
