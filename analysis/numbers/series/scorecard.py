"""What the figures of the scorecard draw, their names and titles."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import promises
from analysis.numbers import formats
from analysis.numbers.ledger_words import deal_amount
from analysis.numbers.scorecard import predicted, promised

MOST = 5  # figures on sales that are drawn, the newest
KEPT, CHANGED, UNTOLD, WAITING = "kept", "late or changed", "due and not told of", "still open"
STATES = {
    promises.KEPT: KEPT,
    promises.LATE: CHANGED,
    promises.TOLD_LATER: CHANGED,
    promises.CUT: CHANGED,
    promises.DROPPED: CHANGED,
    promises.MISSED: CHANGED,
    promises.SMALLER: CHANGED,
    promises.UNTOLD: UNTOLD,
    promises.OPEN: WAITING,
}
ORDER = (KEPT, CHANGED, UNTOLD, WAITING)
PAYMENTS, TARGETS = "payments for shares", "plans and targets"
SINGULAR = {PAYMENTS: "payment for shares", TARGETS: "plan or target"}


def first_and_last(found: pd.DataFrame) -> pd.DataFrame:
    """The first and the last statement about each figure in each case."""
    key = [*predicted.FIGURE, "case"]
    is_end = ~found.duplicated(key) | ~found.duplicated(key, keep="last")
    return found[is_end].reset_index(drop=True)


def newest_figures(found: pd.DataFrame) -> pd.DataFrame:
    """Settled statements about the `MOST` figures that are the newest."""
    figures = found.drop_duplicates(predicted.FIGURE).sort_values("end", kind="stable").tail(MOST)
    return found.merge(figures[predicted.FIGURE], on=predicted.FIGURE)


def promise_list(ledger: Ledger) -> pd.DataFrame:
    """Every promise with a day, with ``group`` (one of `ORDER`), ``part`` (payments or targets), ``kind`` (both with
    their number) and ``line`` (who promised what for when); by part and group."""
    found = promised.promised(ledger)
    groups, is_money = found["state"].map(STATES), found["what"] == "money"
    parts = is_money.map({True: PAYMENTS, False: TARGETS})
    places = 10 * (~is_money) + groups.map(ORDER.index)
    sizes = places.map(places.value_counts())
    kinds = [_kind(n, part, group) for n, part, group in zip(sizes, parts, groups, strict=True)]
    found = found.assign(group=groups, part=parts, kind=kinds, place=places)
    found = found.assign(line=[_line(r) for r in found.itertuples(index=False)])
    return found.sort_values(["place", "promised_for", "name"], kind="stable", ignore_index=True)


def _kind(number: int, part: str, group: str) -> str:
    return f"{number} {part if number > 1 else SINGULAR[part]} {group}"


def _line(promise: Any) -> str:
    amount = promise.amount if promise.what == "level" else deal_amount(promise.low, promise.high)
    return ", ".join([promise.name, *filter(None, [amount]), f"by {promise.promised_for:%b %Y}"])


def promises_finding(drawn: pd.DataFrame) -> str:
    """Return in a sentence what became of the promises (see `promise_list`), payments apart from targets."""
    found = []
    for part, verb in ((PAYMENTS, "in time"), (TARGETS, "met")):
        over = drawn.loc[(drawn["part"] == part) & (drawn["group"] != WAITING), "group"]
        kept = formats.spelled(int((over == KEPT).sum()))
        count = f"{kept} of {formats.spelled(len(over))} {verb}" if len(over) else "none settled yet"
        found.append(f"{part}: {count}")
    return "; ".join(found).capitalize()


def promise_rows(ledger: Ledger, drawn: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows that made the promises and those that tell what became of them."""
    deals, metrics = ledger.history["deals"], ledger.history["metrics"]
    days = (
        drawn.melt("key", ["promised_on", "told_on"], value_name="as_of").dropna()[["key", "as_of"]].drop_duplicates()
    )
    keys = {"deals": deals["deal"], "metrics": metrics["entity"] + "/" + metrics["metric"]}
    pairs = pd.MultiIndex.from_frame(days)
    return [
        table[pd.MultiIndex.from_arrays([keys[name], table["as_of"]]).isin(pairs)]
        for name, table in (("deals", deals), ("metrics", metrics))
    ]
