"""What the ledger already holds of a figure that a filing gives."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from analysis.ledger.filings.figures import Figure, plain
from analysis.ledger.filings.filing import Filing
from analysis.ledger.problems import FIRST_ROW
from analysis.ledger.view import Ledger

BASIS = "actual"


@dataclass(frozen=True)
class Holding:
    """The newest row of the ledger for a figure: its line in ``metrics.csv``, its value, day and source."""

    line: int
    value: Decimal
    as_of: date
    source: str

    def agrees(self, figure: Figure) -> bool:
        """Whether a figure says the same, as far as both are rounded."""
        shown = -int(self.value.as_tuple().exponent)
        return abs(self.value - figure.value) <= Decimal(5).scaleb(-shown - 1) + figure.precision


class Holdings:
    """The figures of a company as the ledger holds them.

    Parameters
    ----------
    ledger : the ledger, as known today
    entity : the company
    """

    def __init__(self, ledger: Ledger, entity: str) -> None:
        rows = ledger.history["metrics"]
        rows = rows[(rows["entity"] == entity) & (rows["basis"] == BASIS) & (rows["by"] == "")]
        self._rows = rows.sort_values("as_of", kind="stable")
        self._urls = dict(zip(ledger.sources["source"], ledger.sources["url"], strict=True))

    def of(self, figure: Figure) -> Holding | None:
        """Return the newest row of a figure's metric and period; None where there is none."""
        rows = self._rows[self._rows["metric"] == figure.entry.metric]
        for column, day in (("start", figure.start), ("end", figure.end)):
            rows = rows[rows[column].isna() if day is None else rows[column] == pd.Timestamp(day)]
        if rows.empty:
            return None
        row = rows.iloc[-1]
        value = Decimal(plain(Decimal(f"{row['value']:.15g}")))
        return Holding(int(rows.index[-1]) + FIRST_ROW, value, row["as_of"].date(), row["source"])

    def rests_on(self, holding: Holding, filing: Filing) -> bool:
        """Return whether a row names a document of a filing as its source."""
        return filing.accession.replace("-", "") in self._urls.get(holding.source, "")

    def source_of(self, filing: Filing) -> str | None:
        """Return the key of a filing's main document among the sources."""
        return next((key for key, url in self._urls.items() if url.endswith(filing.path)), None)

    def has_source(self, key: str) -> bool:
        return key in self._urls


def period(figure: Figure) -> str:
    """A figure's metric and days for a message."""
    days = f"{figure.end}" if figure.start is None else f"{figure.start} to {figure.end}"
    return f"{figure.entry.entity} {figure.entry.metric} {days}"
