"""The figure of what others forecast, and the tables of statements and promises."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.figures.closed_tables import ClosedTable
from analysis.figures.figure import describe, empty_figure, make_figure
from analysis.figures.marks import checklist, dots
from analysis.figures.scorecard.names import capital, signed, told
from analysis.figures.tables import Table
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.scorecard import predicted, promised, unsettled, words
from analysis.numbers.series import scorecard as series

NEAR, FAR = f"within {promised.CLOSE}%", "farther off"
DISTANCE_ROLES = {NEAR: "other", FAR: "first"}


PROMISE_ROLES = {series.KEPT: "live", series.CHANGED: "disputed", series.UNTOLD: "paused", series.WAITING: "other"}
PROMISE_WORDS = {"name": "Promise", "amount": "Amount", "promised_for": "For", "state": "State"}


def fig_scorecard_others(ledger: Ledger, scenario: str = "central") -> Any:
    """How far off the forecasts of others were."""
    found = promised.others(ledger).sort_values("distance", kind="stable", ignore_index=True)
    found = found[found["distance"].notna()].reset_index(drop=True)
    if found.empty:
        why = "No forecast that the ledger holds has been settled by this day."
        return empty_figure("fig-scorecard-others", "Forecasts of others", ledger, why)
    known = promised.forecasts_of_others(ledger, scenario).by_name()
    title = "The one forecast of others that is settled"
    if len(found) > 1:
        close = f"{formats.spelled(known['others_close'].value).capitalize()} of {formats.spelled(len(found))}"
        title = f"{close} forecasts of others came within {promised.CLOSE}% of what happened"
    key = ["entity", "metric", "start", "end"]
    by_day = found.sort_values("as_of", kind="stable")
    is_end = ~by_day.duplicated(key) | ~by_day.duplicated(key, keep="last")
    has_held = found["is_floor"] & (found["off"] == 0)
    distances = found["distance"].map(signed)
    frame = found.assign(
        value=found["distance"],
        label=distances.mask(has_held, distances + " (floor)"),
        off_by=np.where(found["distance"].abs() <= promised.CLOSE, NEAR, FAR),
    )
    drawn = frame[is_end.reindex(frame.index)].reset_index(drop=True)
    return make_figure(
        dots(
            drawn,
            {"name": "Forecast", "value": "per cent off what happened", "label": "Off by"},
            kind="off_by",
            colours=DISTANCE_ROLES,
            step=24,
        ),
        id="fig-scorecard-others",
        title=title,
        subtitle=(
            "Per cent off what happened: companies' guidance, leaked plans and analysts, the first and the last about"
            " each figure, with its day."
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
        note="Floor: at least so much was named, and at least so much came." if has_held.any() else "",
    )


def table_statements(ledger: Ledger) -> ClosedTable:
    """Every statement that has been settled."""
    found = told(predicted.settled(ledger))
    is_own = predicted.is_own(ledger, found)
    frame = pd.DataFrame(
        {
            "Figure": found["figure"],
            "Way of counting": found["case"].map(words.WAYS).fillna(""),
            "Facts of": found["as_of"].dt.strftime("%Y-%m-%d"),
            "Made": found["made"],
            "The model gave": found["said"],
            "Outcome": found["came"],
            "It lay": found["verdict"],
            "Told": found["settled"].dt.strftime("%Y-%m-%d"),
            "By": is_own.map({True: "company or filing", False: "press"}),
        }
    )
    return ClosedTable(frame.astype(object), "statements", "Every statement that is settled")


def table_ahead(ledger: Ledger) -> Table:
    """The newest statement about each metric that falls due first, by the count that leads, and who told the last."""
    found = unsettled(ledger)
    found = found.assign(is_other=found["case"] != "contracts").sort_values(["is_other", "end"], kind="stable")
    found = found.drop_duplicates("metric").sort_values("end", kind="stable")
    settled = predicted.settled(ledger).sort_values("settled", kind="stable")
    tellers = predicted.is_own(ledger, settled).map({True: "company or filing", False: "press"})
    last = tellers.groupby(settled["metric"]).last()
    frame = pd.DataFrame(
        {
            "Figure": found["name"].map(capital),
            "Way of counting": found["case"].map(words.WAYS).fillna(""),
            "Due": found["end"].dt.strftime("%Y-%m-%d"),
            "The model gives": [formats.quantity(r.p50, r.unit, r.p5, r.p95) for r in found.itertuples(index=False)],
            "Last reported by": found["metric"].map(last).fillna("not yet reported"),
        }
    )
    caption = "What the model says next of OpenAI, with nine futures in ten in brackets"
    return Table(frame.astype(object), "ahead", caption, is_closed=frame.empty)


def table_days(ledger: Ledger) -> Table:
    """How the statements of each key day did, beside the two rivals."""
    found = predicted.by_day(predicted.settled(ledger))
    errors = {name: [f"{formats.rounded(v, 0)}%" for v in found[name]] for name in predicted.ERRORS}
    frame = pd.DataFrame(
        {
            "Facts of": found["as_of"].dt.strftime("%Y-%m-%d"),
            "Settled": found["number"],
            "In the inner half": found["half"],
            "In our range": found["most"],
            "Our mean error": errors["error"],
            "Last value's": errors["error_last"],
            "Plan's": errors["error_plan"],
        }
    )
    return Table(frame.astype(object), "days", "How the statements of each day did", is_closed=True)


def fig_scorecard_promises(ledger: Ledger, scenario: str = "central") -> Any:
    """What became of every promise with a day, payments apart from plans and targets."""
    drawn = series.promise_list(ledger)
    if drawn.empty:
        return empty_figure("fig-scorecard-promises", "Promises with a day", ledger, "No promise is known by this day.")
    title = series.promises_finding(drawn)
    listed = drawn.assign(head=drawn["kind"], kind=drawn["group"])
    chart, height, narrow_height = checklist(listed, PROMISE_WORDS, colours=PROMISE_ROLES, hollow=[series.WAITING])
    return make_figure(
        chart,
        id="fig-scorecard-promises",
        title=title,
        subtitle="Each was promised with a day and an amount. What is still open does not count in the title.",
        alt_text=describe(title, (f"{r.kind}: {r.line}" for r in drawn.itertuples(index=False))),
        table=drawn,
        columns=PROMISE_WORDS | {"promised_on": "Amount named", "came": "Came"},
        ledger=ledger,
        rows=series.promise_rows(ledger, drawn),
        height=round(height),
        narrow_height=round(narrow_height),
    )


def table_promises(ledger: Ledger) -> Table:
    """Every promise with a day, and what became of it."""
    found = promised.promised(ledger)
    days = {
        title: found[column].dt.strftime("%Y-%m-%d").fillna("")
        for column, title in (("promised_on", "Amount named"), ("promised_for", "For"), ("came", "Came"))
    }
    frame = pd.DataFrame({"Promise": found["name"], "Amount": found["amount"], **days, "State": found["state"]})
    return Table(frame.astype(object), "promises", "Promises with a day", is_closed=True)
