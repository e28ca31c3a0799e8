"""Figures of the cash: where it goes, the gap by year, and what would change it."""

from typing import Any

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dots, fans, waterfalls
from analysis.figures.tables import Table
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.series import sustainability as series
from analysis.numbers.sustainability import cash

CASE_ROLES = dict(zip(cash.CASE_NAMES.values(), ("orders", "second", "third"), strict=True))
BRIDGE_ROLES = {series.HAS: "customers", series.PAYS: "orders", series.LEFT: "other", series.MISSING: "loss"}
UNKNOWN = "Revenue, forecasts or cash are not all known by this day."


def fig_sustainability_bridge(ledger: Ledger, scenario: str = "central") -> Any:
    """From the cash at the start to what is left where it is lowest, in each case."""
    frame = series.bridges(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-bridge", "Where the cash goes", ledger, UNKNOWN)
    title = series.bridge_finding(frame)
    count = frame["case"].nunique()
    panels = f"by {formats.spelled(count)} ways to count computing" if count > 1 else frame["name"].iloc[0]
    drawn, height, narrow_height = waterfalls(
        frame,
        {"title": "Line", "name": "Computing counted", "kind": "What OpenAI", "value": "US$ bn, summed over the years"},
        line="title",
        kind="kind",
        colours=BRIDGE_ROLES,
    )
    return make_figure(
        drawn,
        id="fig-sustainability-bridge",
        title=title,
        subtitle=f"Sums up to the end of {frame['year'].iloc[0]}, with our middle choices and steady sales, US$ bn,"
        f" {panels}.",
        alt_text=describe(title, (f"{r.title}, {r.name}: {r.label}" for r in frame.itertuples())),
        table=frame,
        columns={"name": "Computing counted", "title": "Line", "value": "US$ bn"},
        ledger=ledger,
        rows=cash.inputs_told(ledger),
        note="Swings of sales are left out; they make the shortfall larger.",
        height=round(height),
        narrow_height=round(narrow_height),
    )


def fig_sustainability_gap(ledger: Ledger, scenario: str = "central") -> Any:
    """The median gap by year in each case."""
    frame = series.gaps(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-gap", "The shortfall", ledger, UNKNOWN)
    title = series.gap_finding(frame)
    wide = frame.pivot(index="year", columns="name")[["gap_low", "gap_median", "gap_high"]]
    wide.columns = [f"{column}:{name}" for column, name in wide.columns]
    words = {"gap_low": "5th percentile", "gap_median": "median", "gap_high": "95th percentile"}
    names = list(dict.fromkeys(frame["name"]))
    drawn, height = fans(
        frame,
        {
            "name": "Counted by",
            "year": "Up to the end of",
            "gap_median": "Still to be raised, median, US$ bn",
            "gap_low": "5 futures of 100 below",
            "gap_high": "5 futures of 100 above",
        },
        low="gap_low",
        value="gap_median",
        high="gap_high",
        colours=CASE_ROLES,
    )
    return make_figure(
        drawn,
        id="fig-sustainability-gap",
        title=title,
        subtitle=(
            "How much would be missing by each year if no new money came, by how computing is counted, US$ bn."
            " Line: half of our futures are worse; shade: nine of ten."
        ),
        alt_text=describe(
            title,
            (
                f"{r.name} {r.year}: {r.gap_median:.0f} ({r.gap_low:.0f} to {r.gap_high:.0f})"
                for r in frame.itertuples()
            ),
        ),
        table=wide.reset_index(),
        columns={"year": "Year"}
        | {f"{c}:{name}": f"{name}, {word}, US$ bn" for name in names for c, word in words.items()},
        ledger=ledger,
        rows=cash.inputs_told(ledger),
        note="Not a forecast: no new money is assumed, and OpenAI would raise some.",
        height=round(height),
        narrow_height=round(height),
    )


def fig_sustainability_scenarios(ledger: Ledger, scenario: str = "central") -> Any:
    """What would still have to be raised, by signed and announced orders, if one choice is another."""
    frame = series.alternatives(ledger, scenario)
    if frame.empty:
        return empty_figure("fig-sustainability-scenarios", "What would have to happen", ledger, UNKNOWN)
    title = series.alternatives_finding(frame)
    return make_figure(
        dots(
            frame,
            {"title": "If", "gap_median": "Missing, US$ bn", "share": "Futures without cash, %"},
            name="title",
            value="gap_median",
            colours="loss",
        ),
        id="fig-sustainability-scenarios",
        title=title,
        subtitle=f"Median shortfall by {frame['year'].iloc[0]}, US$ bn, counting signed and announced orders.",
        alt_text=describe(title, (f"{r.title}: {r.label}" for r in frame.itertuples())),
        table=frame[["title", "gap_median", "gap_low", "gap_high", "share"]],
        columns={
            "title": "If",
            "gap_median": "Median shortfall, US$ bn",
            "gap_low": "5th percentile, US$ bn",
            "gap_high": "95th percentile, US$ bn",
            "share": "Futures without cash, %",
        },
        ledger=ledger,
        rows=cash.inputs_told(ledger),
        note="Each bar fixes one thing in all futures; all else varies as it does in ours.",
    )


def table_counts(ledger: Ledger, scenario: str = "central") -> Table:
    """Return the ways of counting: what each supposes, what is then missing, and how often cash runs out."""
    words = {
        "name": "Counted",
        "supposes": "What it supposes",
        "median": "US$ bn, median",
        "bad": "US$ bn, one in twenty worse",
        "runs_out": "Cash runs out in",
    }
    frame = series.counts(ledger, scenario)[list(words)].rename(columns=words)
    count = f"{formats.spelled(len(frame)).capitalize()} way{'' if len(frame) == 1 else 's'}"
    caption = f"{count} to count what is missing" if len(frame) else "What is missing cannot be counted on this day"
    return Table(frame.astype(object), "counts", caption)


def table_choices(ledger: Ledger, scenario: str = "central") -> Table:
    """Return each choice, what it rests on and what it moves."""
    words = {
        "name": "Choice",
        "low": "Low",
        "central": "Middle",
        "high": "High",
        "rests": "Rests on",
        "moves": "US$ bn: median shortfall where it is low, then high, all else as it comes",
        "alone": "US$ bn: shortfall at low, then high, steady sales",
        "case": "By",
    }
    frame = series.explained(ledger, scenario)[list(words)].rename(columns=words)
    return Table(frame.astype(object), "choices", "Our choices, by how far each moves the shortfall", is_closed=True)
