"""What falls due in each year, under each timing that is tried.

A timing is the length of contracts whose end is not published, the shape of their payments and how late they start.
K timings represent a distribution: each has as many paths of a block, so that one listed twice is twice as likely.

Judgements:

- Signed contracts for computing and leases with a price are firm; chips and what is only announced is an option.
  Talks are neither.
- A contract that has not begun, or whose start is not published, starts late and ends as much later.
- A lease without a price is filled evenly over some years.
- A contract that ends could be renewed at what its last year cost; not so one that was paid in full, of which nothing
  is due after the day on which that was told.
"""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.models import obligations, periods
from analysis.models.deals import CLOSED, SUPPLY_KINDS, bounds, is_unpriced, payments
from analysis.models.funding.inputs import CLASSES

TERM_LEVELS = ("low", "central", "central", "high")  # the middle is twice as likely as an end
PART_VALUES = len(TERM_LEVELS)  # equally likely ones of the term; the shape and the delay have as many
S_CURVE = "s-curve"


class Timing(NamedTuple):
    """A timing: the level of the terms (low, central, high), the shape (a ramp or `S_CURVE`), and the delay in
    years."""

    term: str
    shape: float | str
    slip: float


def timings(ramp: tuple[float, float, float], slip: tuple[float, float, float]) -> list[Timing]:
    """Return every timing, as often as it is likely.

    Parameters
    ----------
    ramp, slip : tuple
        Low, central and high: how much payments grow over a contract, and the delay in years.
    """
    shapes: list[float | str] = [*ramp, S_CURVE if ramp[0] < ramp[2] else ramp[1]]
    delays = [slip[0], slip[1], slip[1], slip[2]]
    return [Timing(*parts) for parts in itertools.product(TERM_LEVELS, shapes, delays)]


def ours(ramp: tuple[float, float, float], slip: tuple[float, float, float]) -> Timing:
    """Return the central timing."""
    return Timing("central", ramp[1], slip[1])


def contracts(deals: pd.DataFrame) -> pd.DataFrame:
    """Return what OpenAI has ordered and not only talked about, with its class of `CLASSES`; without what has neither a
    price nor a capacity."""
    rows = payments(deals, payer="openai", scope="openai", kind=SUPPLY_KINDS, with_reported=False)
    unpriced, is_chips = is_unpriced(rows), rows["kind"] == "chips"
    is_option = is_chips | (rows["status"] == "announced")
    priced = pd.Series(np.where(is_option, "option", "firm"), rows.index)
    by_gw = pd.Series(np.where(is_chips, "chips", "leases"), rows.index)
    found = rows.assign(**{"class": priced.where(~unpriced, by_gw)})
    return _paid_by_then(found[~unpriced | (rows["gw"].notna() & rows["kind"].isin(["chips", "lease"]))])


def _paid_by_then(rows: pd.DataFrame) -> pd.DataFrame:
    """Orders of which those that are paid in full end, at the latest, on the day on which that was told."""
    paid = rows["status"] == CLOSED
    if not paid.any():
        return rows
    end = rows["end"].fillna(rows["as_of"]).clip(upper=rows["as_of"])
    start = rows["start"].clip(upper=end)
    return rows.assign(start=rows["start"].mask(paid, start), end=rows["end"].mask(paid, end))


def _filled(x: np.ndarray, build: np.ndarray) -> np.ndarray:
    """Years of full use up to ``x`` years after a lease begins that is filled evenly over ``build`` years."""
    x = np.maximum(x, 0.0)
    return np.where(x < build, x**2 / (2 * build), x - build / 2)


def _dates(timing: Timing) -> tuple[str, float]:
    """What the days of contracts depend on."""
    return timing.term, timing.slip


def _days(dated: pd.DataFrame, as_of: pd.Timestamp, slip: float) -> tuple[np.ndarray, np.ndarray]:
    """The day on which each contract begins and the one after its end, as numbers; late where it has not begun."""
    waits = (dated["is_assumed_start"] | (dated["start"] > as_of)).to_numpy()
    late = np.where(waits, round(slip * periods.DAYS_PER_YEAR), 0)
    start, end = (dated[name].to_numpy().astype("datetime64[D]").astype("int64") for name in ("start", "end"))
    return (start + late)[:, None], (end + 1 + late)[:, None]


def _paid(u: np.ndarray, shape: float | str) -> np.ndarray:
    """The share of a contract paid by a point of its term, under the shape of a timing."""
    return obligations.cumulative(u, shape=S_CURVE) if isinstance(shape, str) else obligations.cumulative(u, shape)


def due(
    rows: pd.DataFrame,
    as_of: pd.Timestamp,
    years: np.ndarray,
    terms: dict[str, dict[str, float]],
    build: dict[str, float],
    tried: list[Timing],
) -> np.ndarray:
    """Return what falls due in each year under each timing.

    Parameters
    ----------
    rows : DataFrame
        As `contracts` returns them.
    as_of : Timestamp
        The day.
    years : ndarray
        Calendar years (Y,).
    terms : dict
        Fallback terms in years by kind, for each level of `TERM_LEVELS`.
    build : dict
        Years over which a lease is filled, for each level.
    tried : list of Timing
        The timings.

    Returns
    -------
    ndarray
        (len(tried), len(CLASSES), Y), in the units of `CLASSES`.
    """
    if rows.empty:
        return np.zeros((len(tried), len(CLASSES), len(years)))
    edges = np.array([f"{y}-01-01" for y in [*years, years[-1] + 1]], "datetime64[D]").astype("int64")
    amount = bounds(rows)["high"].to_numpy()[:, None]
    size = np.where(rows["class"].isin(["chips", "leases"]), rows["gw"].fillna(0.0), amount[:, 0])[:, None]
    places = {name: np.flatnonzero(rows["class"] == name) for name in CLASSES}
    renewed = np.flatnonzero((rows["class"] == "firm") & (rows["status"] != CLOSED))
    dated = {term: obligations.dated(rows, terms[term]) for term in dict.fromkeys(timing.term for timing in tried)}
    known: dict[Timing, np.ndarray] = {}
    for (term, slip), timings_ in itertools.groupby(sorted(set(tried), key=_dates), _dates):
        start, end = _days(dated[term], as_of, slip)
        elapsed, length = edges - start, (end - start) / periods.DAYS_PER_YEAR
        after = np.diff(np.maximum(edges - end, 0), axis=1) / periods.DAYS_PER_YEAR
        ends = np.minimum(elapsed, end - start) / periods.DAYS_PER_YEAR
        use = np.diff(_filled(ends, np.array(build[term])), axis=1) * size
        for timing in timings_:
            spread = np.diff(_paid(elapsed / (end - start), timing.shape), axis=1) * size
            last = (1 - _paid(1 - np.minimum(1 / length, 1.0), timing.shape)) * size / np.minimum(length, 1.0)
            by_class = [spread[places[name]].sum(axis=0) for name in ("firm", "option", "chips")]
            by_class.append(use[places["leases"]].sum(axis=0))
            by_class.append((last * after)[renewed].sum(axis=0))
            known[timing] = np.array(by_class)
    return np.array([known[timing] for timing in tried])
