"""Picking facts out of a point-in-time ledger and turning them into results with their sources.

A fact that is not known on the day is NaN here and "not known" to the reader; nothing raises for it, so
that a chapter can be replayed on any day and on a ledger of a few rows.
"""

import dataclasses
import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.assumptions import Assumptions
from analysis.models import bases, deals, periods
from analysis.numbers import formats
from analysis.numbers.calculations import Calculated, Calculation, from_row, labelled, shown, sum_of
from analysis.numbers.comparisons import Quantity
from analysis.numbers.evidence import Evidence, evidence_of
from analysis.numbers.results import Result
from analysis.numbers.timespans import DECEMBER, Period, year_ends

NAN = float("nan")


def nan_if_unknown(function: Callable[..., float], *values: float | None) -> float:
    """The function's value, or NaN where it cannot be known.

    Parameters
    ----------
    function
        Of as many numbers as there are values.
    values
        Its arguments; NaN or None stands for what is not known.

    Returns
    -------
    float
        NaN when an argument is not known, when the function refuses its arguments with a ValueError or divides by
        zero, and when the value is infinite.
    """
    if any(v is None or math.isnan(v) for v in values):
        return NAN
    try:
        # numpy's own floats divide by zero in silence
        known = (v if isinstance(v, Calculated) else float(v) for v in values if v is not None)
        found = function(*known)
    except (ValueError, ZeroDivisionError):
        return NAN
    return found if math.isfinite(found) else NAN


def ratio(part: float | None, whole: float | None) -> float:
    """``part`` over ``whole``, NaN where either is not known or the whole is 0."""
    return nan_if_unknown(lambda a, b: Calculated(a) / b if type(a) is float else a / b, part, whole)


def total(rows: pd.DataFrame, words: str) -> deals.Amount:
    """The sum of deals, its ends with words that say what they are, for the calculations that they enter."""
    sums = deals.total(rows)
    is_one = sums.low == sums.high
    low, high = (
        labelled(number, "usd_bn", words if is_one else f"{words}, {end} end")
        for end, number in (("low", sums.low), ("high", sums.high))
    )
    return dataclasses.replace(sums, low=low, high=high)


class Facts:
    """The ledger as one chapter asks it."""

    def __init__(self, ledger: Ledger, chapter: str, scenario: str = "central"):
        self.ledger = ledger
        self.chapter = chapter
        self.scenario = scenario
        self._evidence: dict[int, tuple[pd.DataFrame, Evidence]] = {}

    @functools.cached_property
    def choices(self) -> Assumptions:
        """The choices of the scenario."""
        return self.ledger.assumptions(self.scenario)

    def deal(self, key: str) -> pd.DataFrame:
        """The deal's row (one or none), cancelled or not."""
        known = self.ledger.deals
        return known[known["deal"] == key]

    def standing(self, key: str) -> pd.DataFrame:
        """The deal's row (one or none), none when it has been cancelled: what may be told as if it were so."""
        rows = self.deal(key)
        return deals.standing(rows)

    def payments(self, **chosen: Any) -> pd.DataFrame:
        """The deals that count; the arguments are those of `models.deals.payments`."""
        return deals.payments(self.ledger.deals, **chosen)

    def metric(self, entity: str, metric: str, **where: Any) -> pd.DataFrame:
        """All periods of a metric, oldest first; ``where`` narrows by start, end, basis or by."""
        rows = self.ledger.part("metrics", "entity", entity)
        keep = (rows["metric"] == metric).to_numpy()
        for column, value in where.items():
            keep &= (rows[column] == (pd.Timestamp(value) if column in ("start", "end") else value)).to_numpy()
        places = np.flatnonzero(keep)
        order = np.lexsort([periods.day_numbers(rows[column])[places] for column in ("as_of", "end")])
        return rows.iloc[places[order]]

    def last(self, entity: str, metric: str, **where: Any) -> pd.DataFrame:
        """What counts for the newest period of a metric (one row or none).

        Of several statements about it the one that counts is chosen by `models.bases`. A forecast counts only for a
        metric of which nothing else is known, as a guidance, or when its basis is asked for.
        """
        rows = self.metric(entity, metric, **where)
        known = rows[~rows["basis"].isin(bases.FORECASTS)]
        return bases.best(known if len(known) else rows).tail(1)

    def happened(self, entity: str, metric: str, months: int | None = None) -> pd.DataFrame:
        """What the ledger says happened, oldest first: one row a period, filings before the press; no estimates.

        Parameters
        ----------
        entity, metric
            The metric's key.
        months : int, optional
            The length of the periods to keep: 3 quarters, 12 years; all if none is given.
        """
        rows = self.metric(entity, metric)
        kept = bases.best(rows[rows["basis"].isin(bases.HAPPENED)])
        if months is None:
            return kept
        ends = zip(kept["start"], kept["end"], strict=True)
        is_as_long = [Period.of(start, end).months == months for start, end in ends]
        return kept[pd.Series(is_as_long, index=kept.index, dtype=bool)]  # a bare empty list would drop the columns

    def forecast(self, entity: str, metric: str) -> pd.DataFrame:
        """The newest forecast of several years of a metric, oldest year first; none where there is none.

        It is the entity's own, for which no other author is named, as told on one day, also where somebody has since
        said otherwise of one of its years.
        """
        rows = self.ledger.history.part("metrics", "entity", (entity,))
        return bases.forecast(periods.years(rows[(rows["metric"] == metric) & (rows["by"] == "")]))

    def same_period(self, entity: str, metric: str, row: pd.DataFrame) -> pd.DataFrame:
        """What counts for a metric in the period of another row (one or none): one row, or none."""
        rows = self.metric(entity, metric)
        if row.empty:
            return rows.head(0)
        same = [rows[c].eq(row[c].iloc[-1]) | (rows[c].isna() & pd.isna(row[c].iloc[-1])) for c in ("start", "end")]
        return bases.best(rows[same[0] & same[1]]).tail(1)

    def period(self, rows: pd.DataFrame) -> Period:
        """The period of the last row of a metric; an empty one where there is no row."""
        if not len(rows):
            return Period()
        row = rows.iloc[-1]
        is_cumulative = str(row["metric"]).endswith("_cumulative")
        return Period.of(row["start"], row["end"], is_cumulative, year_ends(self.ledger).get(row["entity"], DECEMBER))

    def quantity(self, rows: pd.DataFrame, label: str = "") -> Quantity:
        """The last row of a metric as a quantity that knows its period and its basis; NaN where there is no row.

        The amount of a deal, which has no period, takes its low end.
        """
        if not len(rows):
            return Quantity(NAN, "", label=label)
        row = rows.iloc[-1]
        known = f"{row['as_of']:%Y-%m-%d}"
        if "deal" in rows:
            return Quantity(value(rows, "low_usd_bn"), "usd_bn", Period(), str(deals.basis(rows).iloc[-1]), "", known)
        return Quantity(value(rows), row["unit"], self.period(rows), row["basis"], row["by"], known, label)

    def _behind(self, rows: pd.DataFrame) -> Evidence:
        """What some rows, at least one, tell; many results rest on the same rows."""
        kept, evidence = self._evidence.get(id(rows), (None, None))
        if kept is not rows or evidence is None:
            evidence = evidence_of(rows, self.period)
            self._evidence[id(rows)] = rows, evidence
        return evidence

    def quarters(self, entity: str, metric: str, **where: Any) -> pd.DataFrame:
        """The quarters of a metric, oldest first, what counts for each."""
        return bases.best(periods.quarters(self.metric(entity, metric, **where)))

    def term(self, key: str) -> pd.DataFrame:
        """The right's or rule's row (one or none)."""
        rows = self.ledger.terms
        return rows[rows["term"] == key]

    def result(
        self,
        name: str,
        label: str,
        value: object,
        unit: str,
        *frames: pd.DataFrame,
        low: float | None = None,
        high: float | None = None,
        is_open: bool = False,
        how: str = "",
        period: Period | None = None,
        basis: str | None = None,
        calculations: Sequence[Calculation] = (),
    ) -> Result:
        """A result of this chapter.

        Parameters
        ----------
        name, label
            Its key within the chapter, and its words for readers.
        value : object
            A number in the unit, a day, a text or a truth value; None or NaN where it is not known.
        unit : str
            One of the units of `Result`.
        frames : DataFrame
            The ledger rows behind it; they give its sources and the day it became known.
        low, high : float, optional
            Ends of its range, in the unit.
        is_open : bool
            Whether the high end is a floor.
        how : str
            How it is computed, for readers.
        period, basis : optional
            What it speaks of and rests on; told by the rows behind it where not given.
        calculations : optional
            How it was computed; told by the numbers themselves where not given.
        """
        used = [self._behind(f) for f in frames if len(f)]
        known = max((e.known for e in used if e.known is not None), default=self.ledger.as_of)
        spans = {span for e in used for span in e.spans}
        told = ", ".join(sorted({b for e in used for b in e.bases}, key=bases.order))
        return Result(
            f"{self.chapter}.{name}",
            label,
            value,
            unit,
            low,
            high,
            is_open,
            f"{known:%Y-%m-%d}",
            tuple(dict.fromkeys(row for e in used for row in e.rows)),
            tuple(dict.fromkeys(source for e in used for source in e.sources)),
            how,
            period or (spans.pop() if len(spans) == 1 else None),
            told if basis is None else basis,
            tuple(calculations or shown(value, low, high, unit)),
        )

    def amount(self, name: str, label: str, rows: pd.DataFrame, how: str = "") -> Result:
        """The sum of deals as a result in US$ bn: a value when low and high agree, a range when not.

        Nothing known gives no value; a part without an amount is said in ``how``.
        """
        sums = deals.total(rows)
        is_known = sums.deals > sums.undisclosed
        if sums.undisclosed and is_known:
            how = f"{how}{' ' if how else ''}{sums.undisclosed} deals without a published amount are not in it."
        is_single = is_known and sums.low == sums.high
        text = formats.quantity(None, "usd_bn", sums.low, sums.high, sums.is_open)
        return self.result(
            name,
            label,
            sums.low if is_single else None,
            "usd_bn",
            rows,
            low=sums.low if is_known else None,
            high=sums.high if is_known else None,
            is_open=is_known and sums.is_open,
            how=how or "Sum of the deals' published amounts.",
            calculations=sum_of(rows, text) if is_known else (),
        )


def value(rows: pd.DataFrame, column: str = "value") -> float:
    """Return the number in the last row, NaN when there is none."""
    return from_row(rows, column) if len(rows) else NAN


def text(rows: pd.DataFrame, column: str) -> str | None:
    """Return the text in the last row, None when there is none or it is empty."""
    return (str(rows[column].iloc[-1]) or None) if len(rows) else None


def names(rows: pd.DataFrame) -> str | None:
    """Return the names of all rows as a sentence lists them, None when there is none."""
    return formats.listed(list(rows["name"])) or None


def day(rows: pd.DataFrame, column: str = "as_of") -> str | None:
    """Return the day in the last row as YYYY-MM-DD, None when there is none."""
    return f"{rows[column].iloc[-1]:%Y-%m-%d}" if len(rows) and pd.notna(rows[column].iloc[-1]) else None
