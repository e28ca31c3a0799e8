"""Figures of what our models said and what came."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import dots, grouped_bars, layered
from analysis.figures.marks.dots import DOT_RADIUS
from analysis.figures.marks.references import reference_line
from analysis.figures.scorecard.names import capital, signed, told
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.scorecard import erring, predicted, words
from analysis.numbers.series import scorecard as series

RIVALS = dict(zip(predicted.ERRORS.values(), ("first", "second", "third"), strict=True))
PLACES = {"came": "came", "expected": "should come"}  # columns of `predicted.places`, in words
STEP = 26
KEY = "What our model expected (dot), and its range for nine futures in ten (line), "
NOTHING = "Nothing that the models said has been settled by this day."

QUANTILES = {  # columns of a statement's table
    "p5": "5%, US$ bn",
    "p25": "25%, US$ bn",
    "p50": "Middle, US$ bn",
    "p75": "75%, US$ bn",
    "p95": "95%, US$ bn",
    "outcome": "Outcome, US$ bn",
}


def _ranges(frame: pd.DataFrame, words: dict[str, str], came: float) -> alt.LayerChart:
    """One row a statement: nine tenths of paths as a line, the middle as a dot, and what came as one line for all.

    ``frame`` has name, low, value, high and label.
    """
    ends = [*frame["low"], *frame["high"], came]
    room = 0.05 * (max(ends) - min(ends) or 1.0)
    scale = alt.Scale(domain=[min(ends) - room, max(ends) + 5 * room], nice=False)
    chart = dots(frame, words, spread=("low", "high"), label_at="high", scale=scale, step=STEP)
    rule, pieces, named = reference_line(frame, came, "actual", half=DOT_RADIUS)
    return layered(rule, pieces, chart, named, height=chart.height)


def fig_scorecard_sales(ledger: Ledger, scenario: str = "central") -> Any:
    """What our model gave for OpenAI's revenue and run rate, in per cent of what came."""
    found = predicted.settled(ledger)
    found = found[found["metric"].isin(predicted.SALES) & (found["outcome"] > 0)]
    figures = formats.counted(len(found.drop_duplicates(predicted.FIGURE)), "figure", "figures")
    found = series.newest_figures(found)
    found = series.first_and_last(found)
    if found.empty:
        return empty_figure("fig-scorecard-sales", "What was said of OpenAI's sales", ledger, NOTHING)
    frame = _shares(found)
    known = predicted.scores(ledger, scenario).by_name()
    above, of = known["sales_above"].value, known["sales"].value
    title = (
        f"OpenAI sold more than our model expected in {above} of {of} statements about {figures}"
        if known["is_too_low"].value
        else f"OpenAI sold no more than our model expected in {of - above} of {of} statements"
    )
    return make_figure(
        _ranges(
            frame,
            {
                "name": "Figure, and when it was said",
                "value": "per cent of the outcome",
                "said": "The model gave",
                "came": "Outcome",
                "verdict": "The outcome lay",
            },
            100.0,
        ),
        id="fig-scorecard-sales",
        title=title,
        subtitle=KEY + "in per cent of the actual figure. The first and the last statement about each figure.",
        alt_text=describe(title, (f"{r.name}: {r.said}, came {r.came}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "figure": "Figure",
            "as_of": "Facts of",
            **QUANTILES,
            "verdict": "It lay",
        },
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, found)],
        note=_reservation(ledger, found),
    )


def _shares(found: pd.DataFrame) -> pd.DataFrame:
    """Statements as `_ranges` draws them, in per cent of what came."""
    ends = {"low": "p5", "value": "p50", "high": "p95"}
    names = [
        f"{capital(words.sales_name(r.metric, r.start, r.end))}, forecast made {r.as_of:%b %Y}"
        for r in found.itertuples(index=False)
    ]
    return told(found).assign(
        name=names,
        **{name: 100 * found[column] / found["outcome"] for name, column in ends.items()},
        label=[signed(100 * (r.p50 / r.outcome - 1)) for r in found.itertuples(index=False)],
    )


def _reservation(ledger: Ledger, found: pd.DataFrame) -> str:
    """What to keep in mind of some settled statements: who tells what came, and which are hindcasts."""
    settled = found.drop_duplicates(predicted.FIGURE)
    press = int((~predicted.is_own(ledger, settled)).sum())
    figures = formats.counted(len(settled), "figure", "figures")
    notes = [f"The outcome is known from press reports alone for {press} of {figures}."] if press else []
    if not (found["made"] == "then").all():
        notes.append("Hindcasts: computed later with today's code.")
    return " ".join(notes)


def fig_scorecard_burn(ledger: Ledger, scenario: str = "central") -> Any:
    """What each way of counting computing said of the cash that OpenAI burned."""
    found = predicted.settled(ledger)
    found = found[found["metric"] == predicted.BURN]
    found = series.first_and_last(found[found["end"] == found["end"].max()])
    if found.empty:
        return empty_figure("fig-scorecard-burn", "What was said of the cash that OpenAI burns", ledger, NOTHING)
    known = predicted.scores(ledger, scenario).by_name()
    came = float(found["outcome"].iloc[0])
    order = found["case"].map({case: i for i, case in enumerate(words.WAYS)})
    found = found.assign(order=order).sort_values(["order", "as_of"], kind="stable", ignore_index=True)
    frame = told(found).assign(
        name=[f"{capital(words.WAYS[r.case])}, forecast made {r.as_of:%b %Y}" for r in found.itertuples(index=False)],
        low=found["p5"],
        value=found["p50"],
        high=found["p95"],
        label=[formats.plain(v, "usd_bn") for v in found["p50"]],
    )
    title = erring.burn_finding(found, str(words.burned(came)), str(known["burn_period"].text))
    return make_figure(
        _ranges(
            frame,
            {
                "name": "Way of counting, and when it was said",
                "value": "US$ bn burned",
                "said": "The model gave",
                "came": "Outcome",
                "verdict": "The outcome lay",
            },
            came,
        ),
        id="fig-scorecard-burn",
        title=title,
        subtitle=KEY + "in US$ bn. The first and the last statement by each way of counting computing.",
        alt_text=describe(title, (f"{r.name}: {r.said}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Way of counting, and when it was said",
            **QUANTILES,
        },
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, found)],
        note=f"Outcome {known['burn_by'].text}. A year's burn is spread evenly over its quarters; a growing firm burns"
        " less of it in the first.",
    )


def fig_scorecard_rivals(ledger: Ledger, scenario: str = "central") -> Any:
    """The mean error of each figure, ours and that of two rivals without a model."""
    found = predicted.by_figure(predicted.settled(ledger))
    found = found.assign(name=found["name"].map(capital))
    if found.empty:
        return empty_figure("fig-scorecard-rivals", "Our errors and those of two rivals", ledger, NOTHING)
    known = predicted.scores(ledger, scenario).by_name()
    ours, plan = (formats.amount(known[name].value, "pct") for name in ("error", "error_plan"))
    title = f"Our model and OpenAI's own plan erred about as much: {ours} and {plan} on average"
    if known["plan_beats"].value:
        title = f"OpenAI's own plan erred less than our model: {plan} on average, against {ours}"
    if known["beats_plan"].value:
        title = f"Our model erred less than OpenAI's own plan: {ours} on average, against {plan}"
    long = found.melt(["name", "number"], [*predicted.ERRORS], "rival", "value")
    frame = long.assign(
        rival=long["rival"].map(predicted.ERRORS), label=[f"{formats.rounded(v, 0)}%" for v in long["value"]]
    )
    places = {name: i for i, name in enumerate(found["name"])}
    drawn = frame.assign(place=frame["name"].map(places)).sort_values("place", kind="stable")
    return make_figure(
        grouped_bars(
            drawn,
            {"name": "Figure", "rival": "Who", "value": "error, per cent of the outcome"},
            group="rival",
            colours=RIVALS,
        ),
        id="fig-scorecard-rivals",
        title=title,
        subtitle="Mean error of all statements about a figure (CRPS), per cent of the outcome; smaller is better.",
        alt_text=describe(title, (f"{r.name}, {r.rival}: {r.label}" for r in drawn.itertuples(index=False))),
        table=found,
        columns={"name": "Figure", "number": "Statements"} | {c: f"{w}, %" for c, w in predicted.ERRORS.items()},
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, predicted.settled(ledger))],
        note=(
            "A few figures of one company, which move together: too few to rank anybody for good. The plan tells years;"
            " quarters and run rates spread it by even growth."
        ),
    )


def fig_scorecard_places(ledger: Ledger, scenario: str = "central") -> Any:
    """Where in our ranges the outcomes fell, beside where they should (the probability integral transform)."""
    settled = predicted.settled(ledger)
    found = predicted.places(settled)
    if settled.empty:
        return empty_figure("fig-scorecard-places", "Where outcomes fell in our ranges", ledger, NOTHING)
    above, outside = found["number"][3:].sum(), found["number"].iloc[[0, -1]].sum()
    title = f"{above} of {len(settled)} outcomes came above our median, and {outside} outside our range"
    long = found.rename(columns=PLACES).melt(["part", "number"], [*PLACES.values()], "which", "value")
    frame = long.assign(name=long["part"].map(capital), label=[f"{formats.rounded(v, 0)}%" for v in long["value"]])
    return make_figure(
        grouped_bars(
            frame,
            {
                "name": "The outcome lay",
                "which": "Outcomes",
                "value": "per cent of outcomes",
                "number": "Number",
            },
            group="which",
            colours=dict(zip(PLACES.values(), ("first", "other"), strict=True)),
        ),
        id="fig-scorecard-places",
        title=title,
        subtitle="Where outcomes fell in our ranges, and where they would in honest ones; per cent of outcomes.",
        alt_text=describe(title, (f"{r.part}: {r.came:.0f}%, should be {r.expected:.0f}%" for r in found.itertuples())),
        table=found,
        columns={"part": "The outcome lay", "number": "Outcomes", "came": "They were, %", "expected": "Should be, %"},
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, settled)],
        note="Outcomes that depend on each other, as these do, would stray from the second bar even in honest ranges.",
    )
