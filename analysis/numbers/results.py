"""A number of the report, with everything a reader may ask of it.

A chapter computes results and shows them; the build collects them from the executed notebooks into
``results.json`` before anything is rendered, and prose takes them from there by key.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import mime_types, templates
from analysis.numbers import formats, plaintext
from analysis.numbers.calculations import Calculation
from analysis.numbers.timespans import Period

SIGNIFICANT = 9


def stable(value: object) -> object:
    """A float rounded so that no platform can change a stored digit; NaN becomes None."""
    if isinstance(value, bool) or not isinstance(value, float | int):
        return None if value is None or value is pd.NaT else value
    if math.isnan(value) or math.isinf(value):
        return None
    if isinstance(value, int):
        return value
    if value == 0:
        return 0.0
    rounded = round(float(value), SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def middle(value: Any, low: Any, high: Any) -> Any:
    """One number for a result, so that results can be compared: its value, or else the middle of its range.

    Of a range with one known end it is that end, which is all that is said of it: an unknown end has no middle.

    Parameters
    ----------
    value, low, high : float or array, optional
        In the result's own unit; None or NaN where not known.

    Returns
    -------
    float or ndarray
        In the same unit and of the same shape; NaN where nothing is known.
    """
    value, low, high = (np.asarray(given, float) for given in (value, low, high))
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    return np.where(np.isnan(value), (low + high) / 2, value)[()]


@dataclass(frozen=True)
class Result:
    """One number, date, name or truth value.

    ``key`` is ``chapter.name``. ``value`` may be None while ``low`` and ``high`` stand for a range.
    ``unit``: usd_bn, usd, pct, gw, x, years, year, count, count_mn, date, text, flag. ``as_of`` is the day the
    newest fact behind it became known, ``rows`` the ledger rows (``table:key``), ``sources`` their sources.
    ``period`` is the one that it speaks of, None where it speaks of none or of several. ``basis`` is what it rests on
    (`models.bases`), several with commas: "actual", "reported, projection". ``calculations`` are the sums and ratios
    that made the value or the ends of its range.
    """

    key: str
    label: str
    value: Any
    unit: str
    low: float | None = None
    high: float | None = None
    is_open: bool = False
    as_of: str = ""
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    how: str = ""
    period: Period | None = None
    basis: str = ""
    calculations: tuple[Calculation, ...] = ()

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            object.__setattr__(self, name, stable(getattr(self, name)))

    @property
    def text(self) -> str:
        """As it stands in a sentence."""
        return formats.quantity(self.value, self.unit, self.low, self.high, self.is_open)

    def as_dict(self) -> dict[str, object]:
        """Return it as plain data, with its text, and with the words of its period."""
        period = dataclasses.asdict(self.period) | {"words": self.period.words} if self.period else None
        lists = {"rows": list(self.rows), "sources": list(self.sources)}
        return dataclasses.asdict(self) | lists | {"period": period, "text": self.text}


class Results(list[Result]):
    """Results that show themselves in a notebook as a table and travel with it as data."""

    def by_name(self) -> dict[str, Result]:
        """Return the results of one chapter by their names, which are their keys without the chapter."""
        return {r.key.partition(".")[2]: r for r in self}

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            mime_types.RESULTS: {"results": [r.as_dict() for r in self]},
            "text/html": str(templates.render("numbers/results.html", results=self)),
        }

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print a line for each result; IPython would otherwise print the list that this is."""
        printer.text(
            "\n".join(plaintext.line(r.key, r.text, f"known {r.as_of}" if r.as_of else "undated") for r in self)
        )
