"""The key days of the ledger: each with a name and a sentence, in ``data/vintages.csv``.

A build of vintages makes the report as known on each of them; the chapter on changes follows its numbers
through them. The ledger's own day is always the last one.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats


@dataclass(frozen=True)
class Vintage:
    """A key day.

    Attributes
    ----------
    day : str
        YYYY-MM-DD.
    name, sentence : str
        What it is called, and what made it matter.
    """

    day: str
    name: str
    sentence: str


def story_start(ledger: Ledger) -> pd.Timestamp:
    """The first day of the year of the first key day: charts over time begin here.

    Before it the ledger holds little. Without a key day by then, the year of its first fact counts.
    """
    days = ledger.vintages["as_of"]
    return pd.Timestamp(days.min() if len(days) else ledger.first).to_period("Y").start_time


def known(ledger: Ledger) -> list[Vintage]:
    """The key days that a ledger can tell about, oldest first, up to and including its own day.

    A ledger whose day is no key day ends with one that is called after the date.
    """
    rows = ledger.vintages
    rows = rows[(rows["as_of"] >= ledger.first) & (rows["as_of"] <= ledger.as_of)].sort_values("as_of")
    days = [Vintage(f"{r.as_of:%Y-%m-%d}", r.name, r.sentence) for r in rows.itertuples(index=False)]
    last = f"{ledger.as_of:%Y-%m-%d}"
    if not days or days[-1].day != last:
        days.append(Vintage(last, formats.day(ledger.as_of.date()), "What was known on the day of this report."))
    return days
