"""What the figures of the scorecard draw, their names and titles."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import promises
from analysis.numbers import formats
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
TIMES = {1: "", 2: " (twice)"}


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
    kept = formats.spelled(int(sizes.get(KEPT, 0))) if KEPT in sizes else "none"
    first = f"{kept} of {formats.spelled(len(drawn))} promises kept so far".capitalize()
    rest = [f"{formats.spelled(int(sizes[group]))} {group}" for group in ORDER[1:] if group in sizes]
    return ", ".join([first, *rest])


def promise_names(drawn: pd.DataFrame) -> dict[str, str]:
    """Return by ``kind`` who promised what to whom, each name once."""
    counts = drawn.groupby("kind", sort=False)["name"].value_counts(sort=False)
    return {
        str(kind): "; ".join(f"{name}{TIMES.get(n, f' ({formats.spelled(n)} times)')}" for (_, name), n in part.items())
        for kind, part in counts.groupby(level=0, sort=False)
    }


def promise_rows(ledger: Ledger, drawn: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows behind the promises: all of the deals, and the levels that were named and told."""
    deals, metrics = ledger.history["deals"], ledger.history["metrics"]
    keys = metrics["entity"] + "/" + metrics["metric"]
    return [deals[deals["deal"].isin(drawn["key"])], metrics[keys.isin(drawn["key"]) & metrics["start"].isna()]]
