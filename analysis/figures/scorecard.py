"""Figures and tables of the chapter on what was said and what came."""

from typing import Any

import altair as alt
import pandas as pd

from analysis.figures.figure import describe, empty_figure, make_figure, round_values
from analysis.figures.marks import dots, grouped_bars, layered, tooltips
from analysis.figures.marks.common import name_channel
from analysis.figures.palette import INK, colour_of
from analysis.figures.tables import Table
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.scorecard import predicted, promised
from analysis.numbers.sustainability.cash import CASE_NAMES

VERDICTS = {predicted.INSIDE: "live", predicted.WIDE: "planned", predicted.OUTSIDE: "disputed"}
RIVALS = dict(zip(predicted.ERRORS.values(), ("first", "second", "third"), strict=True))
STEP = 26
NOTHING = "Nothing that the models said has been settled by this day."


def _first_and_last(found: pd.DataFrame) -> pd.DataFrame:
    """The first and the last statement about each figure in each case."""
    key = [*predicted.FIGURE, "case"]
    is_end = ~found.duplicated(key) | ~found.duplicated(key, keep="last")
    return found[is_end].reset_index(drop=True)


def _ranges(frame: pd.DataFrame, words: dict[str, str], came: float, came_words: str) -> alt.LayerChart:
    """One row a statement: nine tenths of paths as a line, the inner half thick, the middle as a dot, what came.

    ``frame`` has name, low, half_low, value, half_high, high, verdict and label; what came is one line for all rows.
    """
    ends = [*frame["low"], *frame["high"], came]
    room = 0.05 * (max(ends) - min(ends) or 1.0)
    scale = alt.Scale(domain=[min(ends) - room, max(ends) + 5 * room], nice=False)
    chart = dots(
        frame,
        words,
        kind="verdict",
        colours=VERDICTS,
        spread=("low", "high"),
        label_at="high",
        scale=scale,
        step=STEP,
    )
    base = alt.Chart(round_values(frame[list(dict.fromkeys(["name", "half_low", "half_high", *words]))])).encode(
        y=name_channel(frame, "name")
    )
    half = base.mark_rule(strokeWidth=5, opacity=0.55, color=colour_of("capacity")).encode(
        x=alt.X("half_low:Q", scale=scale), x2="half_high:Q", tooltip=tooltips(frame, words)
    )
    line = alt.Chart(pd.DataFrame({"came": [came], "words": [came_words]})).encode(x=alt.X("came:Q", scale=scale))
    rule = line.mark_rule(color=INK, strokeWidth=1.5, strokeDash=[4, 3], tooltip=None)
    return layered(half, chart, rule, height=chart.height)


def fig_scorecard_sales(ledger: Ledger, scenario: str = "central") -> Any:
    """What was said of OpenAI's revenue and run rate, in per cent of what came."""
    found = predicted.settled(ledger)
    found = _first_and_last(found[found["metric"].isin(predicted.SALES) & (found["outcome"] > 0)])
    if found.empty:
        return empty_figure("fig-scorecard-sales", "What was said of OpenAI's revenue", ledger, NOTHING)
    frame = _shares(found)
    known = predicted.scores(ledger, scenario).by_name()
    above, of = known["sales_above"].value, known["sales"].value
    title = (
        f"We said too little: in {above} of {of} statements OpenAI earned more than our middle"
        if known["is_too_low"].value
        else f"In {of - above} of {of} statements OpenAI earned no more than our middle"
    )
    return make_figure(
        _ranges(
            frame,
            {
                "name": "Figure, and when it was said",
                "value": "per cent of what came",
                "said": "We said",
                "came": "What came",
                "verdict": "What came lay",
            },
            100.0,
            "what came",
        ),
        id="fig-scorecard-sales",
        title=title,
        subtitle=(
            "First and last statement about each figure, in brackets the month whose facts it rests on; per cent of"
            " what came. Line: nine tenths of our paths; thick: the inner half; mark: the middle."
        ),
        alt_text=describe(title, (f"{r.name}: {r.said}, came {r.came}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "figure": "Figure",
            "as_of": "Facts of",
            "p5": "5%, US$ bn",
            "p25": "25%, US$ bn",
            "p50": "Middle, US$ bn",
            "p75": "75%, US$ bn",
            "p95": "95%, US$ bn",
            "outcome": "What came, US$ bn",
            "verdict": "It lay",
        },
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, found)],
        note=_reservation(found),
    )


def _shares(found: pd.DataFrame) -> pd.DataFrame:
    """Statements as `_ranges` draws them, in per cent of what came."""
    ends = {"low": "p5", "half_low": "p25", "value": "p50", "half_high": "p75", "high": "p95"}
    return _told(found).assign(
        **{name: 100 * found[column] / found["outcome"] for name, column in ends.items()},
        label=[_signed(100 * (r.p50 / r.outcome - 1)) for r in found.itertuples(index=False)],
    )


def _told(found: pd.DataFrame) -> pd.DataFrame:
    """Statements with their names and what was said in words."""
    return found.assign(
        figure=found["name"].map(_capital),
        name=[f"{_capital(r.name)} ({r.as_of:%b %y})" for r in found.itertuples(index=False)],
        said=[formats.quantity(r.p50, r.unit, r.p5, r.p95) for r in found.itertuples(index=False)],
        came=[formats.amount(r.outcome, r.unit) for r in found.itertuples(index=False)],
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _signed(per_cent: float) -> str:
    text = f"{formats.rounded(per_cent, 0)}%"
    return f"+{text}" if per_cent > 0 and text != "0%" else text


def _reservation(found: pd.DataFrame) -> str:
    if (found["made"] == "then").all():
        return ""
    return "Hindcasts: computed later with today's code, on the facts of the day named and no others."


def fig_scorecard_burn(ledger: Ledger, scenario: str = "central") -> Any:
    """What each way of counting computing said of the cash that OpenAI burned."""
    found = predicted.settled(ledger)
    found = found[found["metric"] == predicted.BURN]
    found = _first_and_last(found[found["end"] == found["end"].max()])
    if found.empty:
        return empty_figure("fig-scorecard-burn", "What was said of the cash that OpenAI burns", ledger, NOTHING)
    known = predicted.scores(ledger, scenario).by_name()
    came = float(found["outcome"].iloc[0])
    order = found["case"].map({case: i for i, case in enumerate(CASE_NAMES)})
    found = found.assign(order=order).sort_values(["order", "as_of"], kind="stable", ignore_index=True)
    frame = _told(found).assign(
        name=[f"{_capital(CASE_NAMES[r.case])} ({r.as_of:%b %y})" for r in found.itertuples(index=False)],
        low=found["p5"],
        half_low=found["p25"],
        value=found["p50"],
        half_high=found["p75"],
        high=found["p95"],
        label=[formats.plain(v, "usd_bn") for v in found["p50"]],
    )
    amount, period = formats.amount(came, "usd_bn"), known["burn_period"].text
    title = (
        f"OpenAI burned {amount} in {period}, less than the middle of each of our last statements"
        if known["burn_is_less"].value
        else f"OpenAI burned {amount} in {period}"
    )
    return make_figure(
        _ranges(
            frame,
            {
                "name": "Way of counting, and when it was said",
                "value": "US$ bn burned",
                "said": "It said",
                "came": "What came",
                "verdict": "What came lay",
            },
            came,
            "what came",
        ),
        id="fig-scorecard-burn",
        title=title,
        subtitle=(
            "First and last statement of each way of counting computing, US$ bn; dashed: what came. Line: nine tenths"
            " of our paths; thick: the inner half; mark: the middle."
        ),
        alt_text=describe(title, (f"{r.name}: {r.said}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Way of counting, and when it was said",
            "p5": "5%, US$ bn",
            "p25": "25%, US$ bn",
            "p50": "Middle, US$ bn",
            "p75": "75%, US$ bn",
            "p95": "95%, US$ bn",
            "outcome": "What came, US$ bn",
        },
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, found)],
        note="A year's burn is spread evenly over its quarters here; a firm that grows burns less of it in the first.",
    )


def fig_scorecard_rivals(ledger: Ledger, scenario: str = "central") -> Any:
    """The mean error of each figure, ours and that of two rivals without a model."""
    found = predicted.by_figure(predicted.settled(ledger))
    found = found.assign(name=found["name"].map(_capital))
    if found.empty:
        return empty_figure("fig-scorecard-rivals", "Our errors and those of two rivals", ledger, NOTHING)
    known = predicted.scores(ledger, scenario).by_name()
    ours, last, plan = (formats.rounded(known[name].value, 0) for name in predicted.ERRORS)
    order = "smaller" if known["beats_plan"].value else "larger"
    title = (
        f"Our mean error is {ours}%, {order} than that of OpenAI's own plan, {plan}%; the last value misses by {last}%"
    )
    long = found.melt(["name", "number"], [*predicted.ERRORS], "rival", "value")
    frame = long.assign(
        rival=long["rival"].map(predicted.ERRORS), label=[f"{formats.rounded(v, 0)}%" for v in long["value"]]
    )
    places = {name: i for i, name in enumerate(found["name"])}
    drawn = frame.assign(place=frame["name"].map(places)).sort_values("place", kind="stable")
    return make_figure(
        grouped_bars(
            drawn,
            {"name": "Figure", "rival": "Who", "value": "error, per cent of what came"},
            group="rival",
            colours=RIVALS,
        ),
        id="fig-scorecard-rivals",
        title=title,
        subtitle="Mean error of all statements about a figure (CRPS), per cent of what came; a smaller bar is better.",
        alt_text=describe(title, (f"{r.name}, {r.rival}: {r.label}" for r in drawn.itertuples(index=False))),
        table=found,
        columns={"name": "Figure", "number": "Statements"} | {c: f"{w}, %" for c, w in predicted.ERRORS.items()},
        ledger=ledger,
        rows=[predicted.outcome_rows(ledger, predicted.settled(ledger))],
        note=(
            "A few figures of one company, which move together: too few to rank anybody for good. The plan tells years;"
            " its quarters and run rates are ours, by even growth."
        ),
    )


def fig_scorecard_others(ledger: Ledger, scenario: str = "central") -> Any:
    """How far off the forecasts of others were."""
    found = promised.others(ledger).sort_values("off", kind="stable", ignore_index=True)
    found = found[found["off"].notna()].reset_index(drop=True)
    if found.empty:
        why = "No forecast that the ledger holds has been settled by this day."
        return empty_figure("fig-scorecard-others", "Forecasts of others", ledger, why)
    known = promised.forecasts_of_others(ledger, scenario).by_name()
    close = f"{known['others_close'].value} of {len(found)}"
    title = f"{close} forecasts of others came within {promised.CLOSE}% of what happened"
    if known["spends_more"].value:
        title += "; all on capital spending were too low"
    key = ["entity", "metric", "start", "end"]
    by_day = found.sort_values("as_of", kind="stable")
    is_end = ~by_day.duplicated(key) | ~by_day.duplicated(key, keep="last")
    frame = found.assign(value=found["off"], label=found["off"].map(_signed))
    drawn = frame[is_end.reindex(frame.index)].reset_index(drop=True)
    ends = [frame["value"].min(), frame["value"].max(), 0.0]
    room = 0.2 * (max(ends) - min(ends)) or 1.0
    return make_figure(
        dots(
            drawn,
            {"name": "Forecast", "value": "per cent off what happened", "label": "Off by"},
            colours="first",
            scale=alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False),
            step=24,
        ),
        id="fig-scorecard-others",
        title=title,
        subtitle=(
            "Guidance of companies, plans that leaked and forecasts of analysts: the first and the last about each"
            " figure, in brackets its day; the table has all. Per cent off what happened."
        ),
        alt_text=describe(title, (f"{r.name}: {r.label}" for r in frame.itertuples(index=False))),
        table=frame,
        columns={
            "name": "Forecast",
            "kind": "Kind",
            "value": "Off, per cent",
            "as_of": "Told on",
            "settled": "Settled on",
        },
        ledger=ledger,
        rows=[ledger.history["metrics"].loc[sorted(set(found["row"]))]],
    )


def table_statements(ledger: Ledger) -> Table:
    """Every statement that has been settled."""
    found = _told(predicted.settled(ledger))
    frame = pd.DataFrame(
        {
            "Figure": found["figure"],
            "Way of counting": found["case"].map(CASE_NAMES).fillna(""),
            "Facts of": found["as_of"].dt.strftime("%Y-%m-%d"),
            "Made": found["made"],
            "We said": found["said"],
            "What came": found["came"],
            "It lay": found["verdict"],
            "Told": found["settled"].dt.strftime("%Y-%m-%d"),
            "By": found["basis"].map({"actual": "company or filing", "reported": "press"}),
        }
    )
    return Table(frame.astype(object), "statements", "Every statement that is settled")


def table_places(ledger: Ledger) -> Table:
    """Where outcomes fell in our ranges, beside where they should."""
    found = predicted.places(predicted.settled(ledger))
    should = [f"{formats.rounded(v, 0)}%" for v in found["expected"]]
    frame = pd.DataFrame({"What came lay": found["part"], "Should": should, "Did": found["number"]})
    return Table(
        frame.astype(object), "places", "Where outcomes fell in our ranges: share that should, number that did"
    )


def table_promises(ledger: Ledger) -> Table:
    """Every promise with a day, and what became of it."""
    found = promised.promised(ledger)
    days = {
        title: found[column].dt.strftime("%Y-%m-%d").fillna("")
        for column, title in (("promised_on", "Promised on"), ("promised_for", "For"), ("came", "Came"))
    }
    frame = pd.DataFrame({"Promise": found["name"], "Amount": found["amount"], **days, "State": found["state"]})
    return Table(frame.astype(object), "promises", "Promises with a day")
