"""A filing, as the SEC lists it."""

from dataclasses import dataclass
from datetime import date

PUBLIC = "https://www.sec.gov"


@dataclass(frozen=True)
class Filing:
    """A filing of a company.

    Attributes
    ----------
    filer : the company's Central Index Key
    form : 10-K, 10-Q or 8-K
    filed : the day it became public
    period : the last day of its period; of an 8-K the day of the event
    accession : its number, as ``0001018724-26-000026``
    document : the name of its main document
    """

    filer: int
    form: str
    filed: date
    period: date
    accession: str
    document: str

    @property
    def is_periodic(self) -> bool:
        return self.form != "8-K"

    @property
    def path(self) -> str:
        """Where its main document stands below the address of EDGAR."""
        return f"/Archives/edgar/data/{self.filer}/{self.accession.replace('-', '')}/{self.document}"

    @property
    def url(self) -> str:
        """The address for readers, wherever it was fetched from."""
        return PUBLIC + self.path

    def __str__(self) -> str:
        return f"{self.form} of {self.filed} ({self.accession})"


@dataclass(frozen=True)
class Filer:
    """A company as the SEC knows it: the end of its fiscal year as ``0630``, and its filings, newest first."""

    name: str
    year_end: str
    filings: tuple[Filing, ...]
