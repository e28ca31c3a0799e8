"""Rows of the ledger for what filings say and it does not hold yet.

- ``as_of`` is the day of the filing, the source its main document.
- A figure that the ledger holds already, as far as both are rounded, is no news.
- An earlier figure that the filing now gives differently was restated, or its definition has changed: then the new one
  cannot be put beside it without a look, and no row is proposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.ledger.filings.figures import ANNUAL, plain
from analysis.ledger.filings.filing import Filing
from analysis.ledger.filings.holdings import BASIS, Holdings, period
from analysis.ledger.filings.reports import Reading, Report
from analysis.ledger.view import Ledger

Row = dict[str, str]


@dataclass
class Proposal:
    """Rows proposed for ``metrics.csv`` and ``sources.csv``, what stands against others, how many are no news."""

    metrics: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    known: int = 0


def _source(filing: Filing, key: str, name: str) -> Row:
    if not filing.is_periodic:
        about = f" of {filing.filed:%-d %b %Y}"
    elif filing.form == ANNUAL:
        about = f" for the fiscal year to {filing.period:%-d %b %Y}"
    else:
        about = f" for the quarter ended {filing.period:%-d %b %Y}"
    return {
        "source": key,
        "title": f"{name} Form {filing.form}{about} (accession {filing.accession})",
        "publisher": "SEC EDGAR",
        "publisher_of_record": name,
        "published": f"{filing.filed}",
        "url": filing.url,
        "kind": "filing",
        "rank": "primary",
    }


def _metric(reading: Reading, filing: Filing, source: str) -> Row:
    figure, entry = reading.figure, reading.figure.entry
    return {
        "entity": entry.entity,
        "metric": entry.metric,
        "start": f"{figure.start or ''}",
        "end": f"{figure.end}",
        "as_of": f"{filing.filed}",
        "value": plain(figure.value),
        "unit": entry.unit,
        "basis": BASIS,
        "verified": "primary",
        "source": source,
        "note": f"{figure.remark} {reading.words}".strip(),
    }


def _against(reading: Reading, filing: Filing, held: Holdings) -> str:
    """Why no row is proposed for a figure that the ledger does not hold; empty where nothing stands against it."""
    for other in reading.others:
        row = held.of(other)
        if row and row.as_of <= filing.filed and not row.agrees(other):
            return (
                f"{filing}: {period(other)} is {plain(other.value)} there and {plain(row.value)} in metrics.csv:"
                f"{row.line}: restated, or its definition has changed; no row is proposed for {reading.figure.end}"
            )
    row = held.of(reading.figure)
    if row and row.as_of >= filing.filed:
        said = f"{filing}: {period(reading.figure)} is {plain(reading.figure.value)} there"
        return f"{said}, but metrics.csv:{row.line} says {plain(row.value)} since {row.as_of}; no row is proposed"
    return ""


def propose(ledger: Ledger, entity: str, reports: Sequence[Report]) -> Proposal:
    """Propose rows for what filings say.

    Parameters
    ----------
    ledger : what is known
    entity : the company
    reports : its filings as read

    Returns
    -------
    The rows, in the order of the reports, with what keeps other figures from becoming rows.
    """
    held, proposal = Holdings(ledger, entity), Proposal()
    for report in reports:
        proposal.problems += report.problems
        source = held.source_of(report.filing)
        key = source or f"{entity}-{report.filing.form.lower().replace('-', '')}-{report.filing.period}"
        if not source and held.has_source(key):
            key = f"{key}-{report.filing.accession}"
        count = len(proposal.metrics)
        for reading in report.readings:
            row = held.of(reading.figure)
            if row and row.agrees(reading.figure):
                proposal.known += 1
            elif against := _against(reading, report.filing, held):
                proposal.problems.append(against)
            else:
                proposal.metrics.append(_metric(reading, report.filing, key))
        if not source and len(proposal.metrics) > count:
            proposal.sources.append(_source(report.filing, key, ledger.name(entity)))
    return proposal
