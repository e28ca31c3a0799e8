"""The period that a number speaks of, and its words: "the quarter to 31 March 2026", "fiscal 2027", "31 August 2026".

Words come from the dates. Companies' quarters and years have 13 or 14 and 52 or 53 weeks, so a length is told in
whole months. A fiscal year has the name of the year in which it ends (`fiscal_years` of the ledger says who has one).
"""

import functools
from dataclasses import dataclass

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import periods
from analysis.numbers import formats

DAYS_PER_MONTH = periods.DAYS_PER_YEAR / 12
LENGTHS = {3: "quarter", 6: "half year", 9: "nine months", 12: "twelve months"}
SLACK = 10  # days by which a month's end may be missed: fiscal years end on a weekday
WHOLE = 0.34  # of a month by which a length may miss a whole number: a quarter has up to 14 weeks
DECEMBER = 12


@dataclass(frozen=True)
class Period:
    """A span of time, both days included; a balance stands on one day and has no start.

    Attributes
    ----------
    start, end : str
        YYYY-MM-DD, empty where not known.
    is_cumulative : bool
        Whether the number is a sum since the beginning, as it stood at the end.
    year_end : int
        The month in which the company's year ends.
    """

    start: str = ""
    end: str = ""
    is_cumulative: bool = False
    year_end: int = DECEMBER

    @classmethod
    def of(
        cls, start: pd.Timestamp, end: pd.Timestamp, is_cumulative: bool = False, year_end: int = DECEMBER
    ) -> "Period":
        """Return the period between two days, either of which may be NaT."""
        first, last = ("" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in (start, end))
        return cls(first, last, is_cumulative, year_end)

    @property
    def is_day(self) -> bool:
        """Whether it is a balance on a day."""
        return bool(self.end) and not self.start

    @property
    def months(self) -> int:
        """Its length in whole months; 0 for a day, for what is no whole months, and where a day is not known."""
        if not (self.start and self.end):
            return 0
        length = ((pd.Timestamp(self.end) - pd.Timestamp(self.start)).days + 1) / DAYS_PER_MONTH
        return round(length) if abs(length - round(length)) < WHOLE else 0

    @property
    def words(self) -> str:
        """The period in a sentence, empty where it is not known."""
        if not self.end:
            return f"the time from {formats.day(self.start)}" if self.start else ""
        last = formats.day(self.end)
        if self.is_day or self.is_cumulative:
            return last
        if self.months == DECEMBER:
            return self._year() or f"the twelve months to {last}"
        if self.months == 1:
            return f"{pd.Timestamp(self.end):%B %Y}"
        half = self._half() if self.months == DECEMBER // 2 else ""
        if half or self.months in LENGTHS:
            return half or f"the {LENGTHS[self.months]} to {last}"
        first = pd.Timestamp(self.start)
        if self.months and self.months % DECEMBER == 0 and self._ends_year(DECEMBER):
            return f"{first.year} to {self.end[:4]}"
        return f"{formats.day(self.start)} to {last}"

    def holds(self, day: str) -> bool:
        """Return whether a day lies within it."""
        return self.start <= day <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Return whether two spans share a day; a balance shares none."""
        are_spans = all((self.start, self.end, other.start, other.end))
        return are_spans and self.start <= other.end and other.start <= self.end

    def _month_of_end(self) -> tuple[int, int]:
        """Year and month that it ends with, a last day early in a month counting for the month before."""
        day = pd.Timestamp(self.end) - pd.Timedelta(days=SLACK)
        return day.year, day.month

    def _ends_year(self, month: int) -> bool:
        return self._month_of_end()[1] == month

    def _year(self) -> str:
        year, month = self._month_of_end()
        if month == DECEMBER:
            return str(year)
        return f"fiscal {year}" if month == self.year_end else ""

    def _half(self) -> str:
        year, month = self._month_of_end()
        into = (month - self.year_end) % DECEMBER
        if into not in (0, DECEMBER // 2):
            return ""
        name = str(year) if self.year_end == DECEMBER else f"fiscal {year + (month > self.year_end)}"
        return f"the {'second' if into == 0 else 'first'} half of {name}"


@functools.lru_cache(maxsize=4)
def year_ends(ledger: Ledger) -> dict[str, int]:
    """The month in which the year of each company ends that does not end it in December, by entity."""
    table = ledger.fiscal_years
    return dict(zip(table["entity"], table["month"].astype(int), strict=True))
