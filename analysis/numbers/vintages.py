"""The key days of the ledger: each with a name and a sentence, in ``data/vintages.csv``.

A build of vintages makes the report as known on each of them; the chapter on changes follows its numbers
through them. The ledger's own day is always the last one.
"""

from dataclasses import dataclass

from analysis.ledger import Ledger
from analysis.numbers import formats


@dataclass(frozen=True)
class Vintage:
    """A day (YYYY-MM-DD) with what it is called and what made it matter."""

    day: str
    name: str
    sentence: str


def known(ledger: Ledger) -> list[Vintage]:
    """The key days that a ledger can tell about, oldest first, up to and including its own day."""
    rows = ledger.vintages
    rows = rows[(rows["as_of"] >= ledger.first) & (rows["as_of"] <= ledger.as_of)].sort_values("as_of")
    days = [Vintage(f"{r.as_of:%Y-%m-%d}", r.name, r.sentence) for r in rows.itertuples(index=False)]
    last = f"{ledger.as_of:%Y-%m-%d}"
    if not days or days[-1].day != last:
        days.append(Vintage(last, formats.day(ledger.as_of.date()), "What was known on the day of this report."))
    return days
