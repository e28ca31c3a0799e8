"""Which figure of a filing a metric of the ledger is: the rows of ``filings.csv``, and the facts that they name."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.ledger.filings.errors import FigureError
from analysis.ledger.filings.inline import Dimensions, Fact
from analysis.ledger.problems import require_known
from analysis.ledger.view import Ledger

ANY = "*"  # a member that moves, such as the first day after the period


@dataclass(frozen=True)
class Entry:
    """A row of ``filings.csv``: where the figure of a metric is filed.

    Attributes
    ----------
    entity, metric, unit : as in ``metrics.csv``
    filer : the company's Central Index Key
    concept, dimensions, filed_unit : as filed
    period : instant, year-end, quarter, year-to-date or fiscal-year
    scale : what a filed figure is divided by for the ledger's unit; negative where the ledger turns the sign
    """

    entity: str
    filer: int
    metric: str
    concept: str
    dimensions: Dimensions
    period: str
    filed_unit: str
    unit: str
    scale: Decimal


def entries(ledger: Ledger, entity: str) -> list[Entry]:
    """Return the figures that are looked for in a company's filings, in the order of the file.

    Raises
    ------
    ValueError
        for a company of which ``filings.csv`` knows nothing.
    """
    table = ledger.filings
    if table.empty:
        raise ValueError("filings.csv has no rows: it says which figures of whose filings are read")
    require_known("filer", entity, list(dict.fromkeys(table["entity"])))
    return [
        Entry(
            entity,
            int(row["filer"]),
            row["metric"],
            row["concept"],
            tuple(sorted(zip(row["axis"].split(), row["member"].split(), strict=True))),
            row["period"],
            row["filed_unit"],
            row["unit"],
            Decimal(f"{row['scale']:.15g}"),
        )
        for row in table[table["entity"] == entity].to_dict("records")
    ]


def _fits(wanted: Dimensions, filed: Dimensions) -> bool:
    """Whether dimensions are those wanted; extension members differ in case between filings of one company."""
    return len(wanted) == len(filed) and all(
        (a == axis and member in (ANY, m)) or (a == axis and m.casefold() == member.casefold())
        for (axis, member), (a, m) in zip(wanted, filed, strict=True)
    )


def _shown(dimensions: Dimensions) -> str:
    return ", ".join(f"{axis} = {member}" for axis, member in dimensions) or "no dimension"


def matching(entry: Entry, facts: Sequence[Fact]) -> list[Fact]:
    """Return the figures of a filing that a metric names, of every period.

    Parameters
    ----------
    entry : what is looked for
    facts : the figures of the filing

    Raises
    ------
    FigureError
        when the concept, its axis or its member is not in the filing (the figure without dimension is never taken in
        its place), or when it is filed in another unit.
    """
    named = [fact for fact in facts if fact.concept == entry.concept]
    if not named:
        close = difflib.get_close_matches(entry.concept, {f.concept for f in facts}, n=1, cutoff=0.8)
        hint = f"; nearest is {close[0]}" if close else ""
        raise FigureError(f"the filing names no {entry.concept}{hint}: its name may have changed")
    found = [fact for fact in named if _fits(entry.dimensions, fact.dimensions)]
    if not found:
        filed = "; ".join(sorted({_shown(fact.dimensions) for fact in named})[:6])
        raise FigureError(f"{entry.concept} is not filed with {_shown(entry.dimensions)}, but with {filed}")
    units = sorted({fact.unit for fact in found} - {entry.filed_unit})
    if units:
        raise FigureError(f"{entry.concept} is filed in {', '.join(units)}, not in {entry.filed_unit}")
    return found
