"""What the figures of the scorecard draw, their names and titles."""

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


def first_and_last(found: pd.DataFrame) -> pd.DataFrame:
    """The first and the last statement about each figure in each case."""
    key = [*predicted.FIGURE, "case"]
    is_end = ~found.duplicated(key) | ~found.duplicated(key, keep="last")
    return found[is_end].reset_index(drop=True)


def newest_figures(found: pd.DataFrame) -> pd.DataFrame:
    """Settled statements about the `MOST` figures that are the newest."""
    figures = found.drop_duplicates(predicted.FIGURE).sort_values("end", kind="stable").tail(MOST)
    return found.merge(figures[predicted.FIGURE], on=predicted.FIGURE)


def promise_squares(ledger: Ledger) -> pd.DataFrame:
    """Every promise with a day, with ``group`` (one of `ORDER`) and ``kind`` (the same with its number), by group."""
    found = promised.promised(ledger)
    groups = found["state"].map(STATES)
    sizes = groups.value_counts()
    found = found.assign(group=groups, kind=[f"{sizes[g]} {g}" for g in groups], place=groups.map(ORDER.index))
    return found.sort_values(["place", "promised_for", "name"], kind="stable", ignore_index=True)


def promises_finding(drawn: pd.DataFrame) -> str:
    """Return in a sentence what became of the promises (see `promise_squares`)."""
    sizes = drawn["group"].value_counts()
    kept, total = int(sizes.get(KEPT, 0)), len(drawn)
    count = f"{formats.spelled(kept)} of {formats.spelled(total)} promise{'s' * (total > 1)} kept so far".capitalize()
    first = count if kept else "No promise kept so far"
    rest = [f"{formats.spelled(int(sizes[group]))} {group}" for group in ORDER[1:] if group in sizes]
    return ", ".join([first, *rest])


def promise_names(drawn: pd.DataFrame) -> dict[str, str]:
    """Return by ``kind`` who promised what, each name once, with the amounts."""
    money = [r.amount if r.what == "level" else deal_amount(r.low, r.high) for r in drawn.itertuples(index=False)]
    amounts = drawn.assign(size=money).groupby(["kind", "name"], sort=False)["size"].agg(", ".join)
    return {
        str(kind): "; ".join(f"{name} ({size})" for (_, name), size in part.items())
        for kind, part in amounts.groupby(level=0, sort=False)
    }


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
