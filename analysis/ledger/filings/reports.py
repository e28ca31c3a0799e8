"""What the newest filings of a company say of the metrics that ``filings.csv`` lists."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.ledger.filings.edgar import Edgar
from analysis.ledger.filings.errors import FigureError, PullError
from analysis.ledger.filings.figures import Figure, has_calendar_quarters, read, require_calendar, with_calendar_days
from analysis.ledger.filings.filing import Filing
from analysis.ledger.filings.inline import Fact, facts, parse
from analysis.ledger.filings.mapping import Entry, entries
from analysis.ledger.filings.sentences import words
from analysis.ledger.view import Ledger


@dataclass(frozen=True)
class Reading:
    """A figure of a filing's own period, with the figures of earlier periods and the words in which it stands."""

    figure: Figure
    others: tuple[Figure, ...]
    words: str


@dataclass(frozen=True)
class Report:
    """A filing as read: its figures, and why others have none."""

    filing: Filing
    readings: tuple[Reading, ...]
    problems: tuple[str, ...]


def _newest(filings: Sequence[Filing]) -> list[Filing]:
    """The newest annual or quarterly report, and before it the newest 8-K where that was filed on a later day."""
    periodic = [f for f in filings if f.is_periodic]
    if not periodic:
        raise PullError("EDGAR lists no 10-K or 10-Q with inline XBRL.")
    return [*(f for f in filings[:1] if f.filed > periodic[0].filed), periodic[0]]


class _Reader:
    """Fetches documents once and reads metrics from them."""

    def __init__(self, edgar: Edgar, filings: Sequence[Filing], is_calendar: bool) -> None:
        self.filings, self.is_calendar = filings, is_calendar
        self.root = functools.cache(lambda filing: parse(edgar.document(filing)))
        self.facts = functools.cache(lambda filing: facts(self.root(filing)))

    def _figures(self, entry: Entry, filing: Filing) -> list[Reading]:
        own, others = read(entry, filing, self.filings, self._facts_of)
        if self.is_calendar:
            own, others = ([with_calendar_days(figure) for figure in part] for part in (own, others))
        return [Reading(figure, tuple(others), words(self.root(filing), figure.place)) for figure in own]

    def _facts_of(self, filing: Filing) -> Sequence[Fact]:
        return self.facts(filing)

    def report(self, filing: Filing, wanted: Sequence[Entry]) -> Report:
        readings: list[Reading] = []
        problems: list[str] = []
        named = {fact.concept for fact in self.facts(filing)}
        for entry in wanted:
            if not filing.is_periodic and entry.concept not in named:
                continue  # an 8-K mostly tags its cover only
            try:
                readings += self._figures(entry, filing)
            except FigureError as error:
                problems.append(f"{filing}: {entry.entity} {entry.metric}: {error}")
        return Report(filing, tuple(readings), tuple(problems))


def reports(ledger: Ledger, entity: str, edgar: Edgar) -> list[Report]:
    """Read the newest filings of a company.

    Parameters
    ----------
    ledger : says what is looked for and how the company's quarters are written
    entity : the company's key
    edgar : where the filings are

    Returns
    -------
    One report for each filing, the newest first.

    Raises
    ------
    ValueError
        for a company of which ``filings.csv`` knows nothing.
    PullError
        when a filing cannot be had or read, and when its fiscal year is not the ledger's.
    """
    wanted = entries(ledger, entity)
    filer = edgar.filer(wanted[0].filer)
    require_calendar(ledger, entity, filer.year_end)
    reader = _Reader(edgar, filer.filings, has_calendar_quarters(ledger, entity))
    return [reader.report(filing, wanted) for filing in _newest(filer.filings)]
