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
    out = np.zeros((len(tried), len(CLASSES), len(years)))
    if rows.empty:
        return out
    edges = np.array([f"{y}-01-01" for y in [*years, years[-1] + 1]], "datetime64[D]").astype("int64")
    amount = bounds(rows)["high"].to_numpy()[:, None]
    size = np.where(rows["class"].isin(["chips", "leases"]), rows["gw"].fillna(0.0), amount[:, 0])[:, None]
    places = {name: np.flatnonzero(rows["class"] == name) for name in CLASSES}
    dated = {term: obligations.dated(rows, terms[term]) for term in dict.fromkeys(timing.term for timing in tried)}
    renewed = np.flatnonzero((rows["class"] == "firm") & (rows["status"] != CLOSED))
    known: dict[Timing, np.ndarray] = {}
    for k, timing in enumerate(tried):
        if timing not in known:
            full = dated[timing.term]
            waits = (full["is_assumed_start"] | (full["start"] > as_of)).to_numpy()
            late = np.where(waits, round(timing.slip * periods.DAYS_PER_YEAR), 0)[:, None]
            start = full["start"].to_numpy().astype("datetime64[D]").astype("int64")[:, None] + late
            end = full["end"].to_numpy().astype("datetime64[D]").astype("int64")[:, None] + 1 + late
            shape = "s-curve" if timing.shape == S_CURVE else "ramp"
            ramp = 0.0 if timing.shape == S_CURVE else float(timing.shape)

            def paid(u: np.ndarray, ramp: float = ramp, shape: str = shape) -> np.ndarray:
                return obligations.cumulative(u, ramp, shape)

            length = (end - start) / periods.DAYS_PER_YEAR
            spread = np.diff(paid((edges - start) / (end - start)), axis=1) * size
            last = (1 - paid(1 - np.minimum(1 / length, 1.0))) * size / np.minimum(length, 1.0)
            after = np.diff(np.maximum(edges - end, 0), axis=1) / periods.DAYS_PER_YEAR
            ends = np.minimum((edges - start), end - start) / periods.DAYS_PER_YEAR
            use = np.diff(_filled(ends, np.array(build[timing.term])), axis=1) * size
            by_class = [spread[places[name]].sum(axis=0) for name in ("firm", "option", "chips")]
            by_class.append(use[places["leases"]].sum(axis=0))
            by_class.append((last * after)[renewed].sum(axis=0))
            known[timing] = np.array(by_class)
        out[k] = known[timing]
    return out
