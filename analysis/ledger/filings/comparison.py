"""Where the ledger and the newest filings say different things: values, and days."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.ledger.filings.figures import Figure, plain
from analysis.ledger.filings.filing import Filing
from analysis.ledger.filings.holdings import Holding, Holdings, period
from analysis.ledger.filings.reports import Report
from analysis.ledger.view import Ledger


@dataclass
class Comparison:
    """What differs, what is worth knowing though it differs for a reason, and how many figures agree."""

    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    agreeing: int = 0


def _compare_value(figure: Figure, row: Holding, filing: Filing, found: Comparison) -> None:
    if row.agrees(figure):
        found.agreeing += 1
        return
    said = f"metrics.csv:{row.line}:value: {period(figure)} is {plain(row.value)}"
    found.differences.append(f"{said}, and {plain(figure.value)} in the {filing}")


def _compare_day(figure: Figure, row: Holding, is_source: bool, filing: Filing, found: Comparison) -> None:
    said = f"metrics.csv:{row.line}:as_of: {period(figure)} is known since {row.as_of}"
    if row.as_of > filing.filed or (is_source and row.as_of < filing.filed):
        why = ", which is its source" * is_source
        found.differences.append(f"{said}, and the {filing.form} was filed on {filing.filed}{why}")
    elif row.as_of < filing.filed:
        found.notes.append(f"{said} from {row.source}, before the {filing.form} of {filing.filed}")


def compare_filings(ledger: Ledger, entity: str, reports: Sequence[Report]) -> Comparison:
    """Hold the ledger against filings.

    Parameters
    ----------
    ledger : what is known
    entity : the company
    reports : its filings as read

    Returns
    -------
    What differs: a value, as far as both are rounded; a day after that of the filing, or before it though the row names
    the filing as its source. A day before the filing from another source is a note: results come out first.
    """
    held, found = Holdings(ledger, entity), Comparison()
    for report in reports:
        found.differences += report.problems
        earlier = {(o.entry.metric, o.start, o.end): o for reading in report.readings for o in reading.others}
        for figure in [*(reading.figure for reading in report.readings), *earlier.values()]:
            row = held.of(figure)
            is_own = (figure.entry.metric, figure.start, figure.end) not in earlier
            if row is None:
                if is_own:
                    found.notes.append(
                        f"{period(figure)} is not in the ledger: {plain(figure.value)} ({report.filing})"
                    )
                continue
            _compare_value(figure, row, report.filing, found)
            if is_own:
                _compare_day(figure, row, held.rests_on(row, report.filing), report.filing, found)
    return found
