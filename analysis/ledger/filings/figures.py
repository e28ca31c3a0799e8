"""From the facts of a filing to figures of the ledger's periods: days, quarters, fiscal years.

- A cash flow statement mostly gives the fiscal year to date: the quarter is what it adds to the 10-Q before.
- An annual report gives the year, as filed, and no last quarter: that is the year less nine months.
- Companies whose fiscal year is the calendar year end their quarters on or near its quarters, and the ledger writes the
  calendar's days. Those in ``fiscal_years.csv`` keep the days of the filing.
"""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from analysis.ledger.filings.errors import FigureError, PullError
from analysis.ledger.filings.filing import Filing
from analysis.ledger.filings.inline import Fact
from analysis.ledger.filings.mapping import Entry, matching
from analysis.ledger.view import Ledger

DAYS_PER_MONTH = 30.44
NEAR = timedelta(days=7)  # by which 52 and 53 weeks miss the end of a month
ANNUAL, QUARTERLY = "10-K", "10-Q"
DURATIONS = {3: "quarter", 6: "six months", 9: "nine months", 12: "fiscal year"}

FactsOf = Callable[[Filing], Sequence[Fact]]


@dataclass(frozen=True)
class Figure:
    """A figure of a filing in the ledger's unit and period.

    Attributes
    ----------
    entry : what it is
    start, end : days of the ledger; ``start`` is None for a figure at one day
    value, precision : in the ledger's unit; the second is half of the last digit it was rounded to
    place : which figure of the document it is
    remark : how it was derived, or which fiscal period it is, as a sentence; mostly empty
    """

    entry: Entry
    start: date | None
    end: date
    value: Decimal
    precision: Decimal
    place: int
    remark: str = ""


def plain(value: Decimal) -> str:
    """A number as the ledger writes it: digits and a point, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def require_calendar(ledger: Ledger, entity: str, year_end: str) -> None:
    """Make sure that the ledger knows a company's fiscal year.

    Parameters
    ----------
    ledger : the ledger
    entity : the company
    year_end : month and day of the end of its year, as ``0630``, as the filer told the SEC

    Raises
    ------
    PullError
        when ``fiscal_years.csv`` says another month: then every period would be named wrongly.
    """
    known = dict(zip(ledger.fiscal_years["entity"], ledger.fiscal_years["month"], strict=True))
    month = int(known.get(entity, 12))
    filed = int(year_end[:2]) if int(year_end[2:]) > NEAR.days else (int(year_end[:2]) - 2) % 12 + 1
    if filed != month:
        where = f"month {month} in fiscal_years.csv" if entity in known else "in December (no row in fiscal_years.csv)"
        raise PullError(f"the fiscal year of {entity} ends {where}, but on {year_end[:2]}-{year_end[2:]} for the SEC")


def has_calendar_quarters(ledger: Ledger, entity: str) -> bool:
    """Return whether the ledger writes a company's quarters with the calendar's days."""
    return entity not in set(ledger.fiscal_years["entity"])


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _nearest_month_end(day: date) -> date:
    ends = (day.replace(day=1) - timedelta(days=1), _last_of_month(day))
    return next((end for end in ends if abs(end - day) <= NEAR), day)


def with_calendar_days(figure: Figure) -> Figure:
    """Return a figure with the month ends next to its days; the remark says so where they are others."""
    end = _nearest_month_end(figure.end)
    start = figure.start and _nearest_month_end(figure.start - timedelta(days=1)) + timedelta(days=1)
    if (start, end) == (figure.start, figure.end):
        return figure
    said = f"Period to {figure.end}, shown as the calendar's."
    return replace(figure, start=start, end=end, remark=f"{figure.remark} {said}".strip())


def months(fact: Fact) -> int:
    """Return the length of a fact's period in months, 0 for a day."""
    return 0 if fact.start is None else round(((fact.end - fact.start).days + 1) / DAYS_PER_MONTH)


def _best(facts: Sequence[Fact]) -> Fact:
    """The most precise of several facts of one period, which must agree with one another."""
    readable = [fact for fact in facts if not fact.value.is_nan()]
    if not readable:
        raise FigureError(f"{facts[0].concept} of {facts[0].end} is not written as a number")
    best = min(readable, key=lambda fact: fact.precision)
    for fact in readable:
        if abs(fact.value - best.value) > fact.precision + best.precision:
            raise FigureError(
                f"{fact.concept} of {fact.end} is filed as {plain(best.value)} and as {plain(fact.value)}"
            )
    return best


def _lasting(facts: Sequence[Fact], end: date, *lengths: int) -> Fact:
    """The fact of the longest of some periods that ends on a day."""
    for length in sorted(lengths, reverse=True):
        found = [fact for fact in facts if fact.end == end and months(fact) == length]
        if found:
            return _best(found)
    wanted = "that day" if lengths == (0,) else " or ".join(DURATIONS[n] for n in lengths)
    filed = sorted({f"{fact.start or 'the day'} to {fact.end}" for fact in facts})[-4:]
    raise FigureError(f"{facts[0].concept} is not filed for {wanted} to {end}, but for {'; '.join(filed)}")


def _figure(entry: Entry, fact: Fact) -> Figure:
    precision = abs(fact.precision / entry.scale)
    return Figure(entry, fact.start, fact.end, fact.value / entry.scale, precision, fact.place)


def _added(entry: Entry, whole: Fact, filing: Filing, earlier: Sequence[Filing], facts_of: FactsOf) -> Figure:
    """What a period adds to that of the 10-Q before."""
    within = [f for f in earlier if f.form == QUARTERLY and whole.start and whole.start < f.period < filing.period]
    if not within:
        raise FigureError(f"{entry.concept} is filed for the year to date, and the 10-Q before is not in the list")
    before = max(within, key=lambda f: f.period)
    part = _lasting(matching(entry, facts_of(before)), before.period, 3, 6, 9)
    if part.start != whole.start or months(whole) - months(part) != 3:
        raise FigureError(
            f"{entry.concept} runs from {whole.start} in this filing and from {part.start} in that of {before.filed}"
        )
    a, b = _figure(entry, whole), _figure(entry, part)
    said = f"Derived: {DURATIONS[months(whole)]} {plain(a.value)} minus {DURATIONS[months(part)]} {plain(b.value)}."
    start = before.period + timedelta(days=1)
    return replace(a, start=start, value=a.value - b.value, precision=a.precision + b.precision, remark=said)


def _comparatives(entry: Entry, facts: Sequence[Fact]) -> list[Figure]:
    """A figure for each of some facts' periods."""
    periods = dict.fromkeys((fact.start, fact.end) for fact in facts)
    return [_figure(entry, _best([f for f in facts if (f.start, f.end) == period])) for period in periods]


def read(
    entry: Entry, filing: Filing, earlier: Sequence[Filing], facts_of: FactsOf
) -> tuple[list[Figure], list[Figure]]:
    """Read a metric from a filing.

    Parameters
    ----------
    entry : where it is filed
    filing : the filing
    earlier : filings of the company before it
    facts_of : the facts of a filing, fetched when needed

    Returns
    -------
    The figures of the filing's own period (for an annual report the year and its last quarter; none where the metric
    stands in annual reports only and this is none), and those of earlier periods, which it gives for comparison.

    Raises
    ------
    FigureError
        when the filing does not name the figure as expected, gives it for no such period, or gives two.
    """
    is_annual = filing.form == ANNUAL
    if not is_annual and entry.period in ("fiscal-year", "year-end"):
        return [], []
    facts = matching(entry, facts_of(filing))
    period = filing.period if filing.is_periodic else max(fact.end for fact in facts)
    if entry.period in ("instant", "year-end"):
        own = [_figure(entry, _lasting(facts, period, 0))]
    elif is_annual:
        year = _lasting(facts, period, 12)
        own = [_figure(entry, year)]
        if entry.period != "fiscal-year":
            own.append(_added(entry, year, filing, earlier, facts_of))
    elif entry.period == "quarter":
        own = [_figure(entry, _lasting(facts, period, 3))]
    else:
        whole = _lasting(facts, period, 3, 6, 9)
        is_first = months(whole) == 3
        own = [_figure(entry, whole) if is_first else _added(entry, whole, filing, earlier, facts_of)]
    return own, _comparatives(entry, [fact for fact in facts if fact.end < period and not fact.value.is_nan()])
