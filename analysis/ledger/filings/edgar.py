"""EDGAR: which filings a company has, and their documents. The one module of the package that asks the network.

The SEC wants a name and an e-mail address with each request, and at most ten requests a second
(sec.gov/os/accessing-edgar-data). ``EDGAR_BASE_URL`` and ``EDGAR_DATA_URL`` name other servers, such as a mirror.
"""

import json
import os
import re
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Mapping
from datetime import date
from http.client import HTTPException
from typing import Any

from analysis.ledger.filings.errors import PullError
from analysis.ledger.filings.filing import PUBLIC, Filer, Filing

DATA = "https://data.sec.gov"
FORMS = ("10-K", "10-Q", "8-K")
COLUMNS = ("form", "filingDate", "reportDate", "accessionNumber", "primaryDocument", "isInlineXBRL")
INTERVAL = 0.12  # seconds from one request to the next
PATIENCE = 30  # seconds
GZIP = 31  # how zlib is told to expect a gzip header
MAX_SIZE = 96 << 20  # bytes; the largest annual reports have about 20 MiB
IDENTITY = re.compile(r"[^\s@]+ .*?[^\s@]+@[^\s@]+\.[^\s@]+")
NO_IDENTITY = (
    "The SEC wants a name and an e-mail address with each request: give --identity, or set EDGAR_IDENTITY, as in "
    "'Jane Doe jane@example.org'."
)


def _is_read(row: Mapping[str, Any]) -> bool:
    return row["form"] in FORMS and bool(int(row["isInlineXBRL"])) and bool(row["reportDate"])


def _filing(number: int, row: Mapping[str, Any]) -> Filing:
    form, accession, document = row["form"], row["accessionNumber"], row["primaryDocument"]
    if not re.fullmatch(r"\d{10}-\d\d-\d{6}", accession) or not re.fullmatch(r"[\w.-]+", document):
        raise ValueError(f"no filing is called {accession}, {document}")
    filed, period = date.fromisoformat(row["filingDate"]), date.fromisoformat(row["reportDate"])
    return Filing(number, form, filed, period, accession, document)


class Edgar:
    """A client of EDGAR.

    Parameters
    ----------
    identity : name and e-mail address of whoever asks

    Raises
    ------
    PullError
        without a name and an address, and for a server's address that is none.
    """

    def __init__(self, identity: str | None) -> None:
        if not identity or not IDENTITY.fullmatch(identity.strip()):
            raise PullError(NO_IDENTITY)
        self.identity = identity.strip()
        self.base = os.environ.get("EDGAR_BASE_URL", PUBLIC).rstrip("/")
        self.data = os.environ.get("EDGAR_DATA_URL", DATA).rstrip("/")
        for name in (self.base, self.data):
            if not name.startswith(("https://", "http://")):
                raise PullError(f"{name!r} is not the address of a server; EDGAR's is {PUBLIC}.")
        self._next = 0.0

    def _get(self, url: str) -> bytes:
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + INTERVAL
        headers = {"User-Agent": self.identity, "Accept-Encoding": "gzip"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=PATIENCE) as answer:
                content = answer.read(MAX_SIZE + 1)
                if answer.headers.get("Content-Encoding") == "gzip":
                    content = zlib.decompressobj(GZIP).decompress(content, MAX_SIZE + 1)
        except urllib.error.HTTPError as error:
            why = {
                403: "it wants a true name and e-mail address in --identity, and few requests",
                404: "there is no such document",
                429: "too many requests; wait ten minutes",
            }
            raise PullError(f"EDGAR answered {error.code} to {url}: {why.get(error.code, error.reason)}.") from None
        except (OSError, zlib.error, HTTPException) as error:
            raise PullError(f"{url} cannot be reached: {getattr(error, 'reason', error)}.") from None
        if len(content) > MAX_SIZE:
            raise PullError(f"{url} is longer than {MAX_SIZE >> 20} MiB.")
        return content

    def filer(self, number: int) -> Filer:
        """Return a company and its recent filings with inline XBRL.

        Raises
        ------
        PullError
            when EDGAR cannot be reached or answers something else.
        """
        url = f"{self.data}/submissions/CIK{number:010}.json"
        try:
            answer = json.loads(self._get(url))
            recent = answer["filings"]["recent"]
            rows = (dict(zip(COLUMNS, row)) for row in zip(*(recent[name] for name in COLUMNS), strict=True))
            filings = [_filing(number, row) for row in rows if _is_read(row)]
            filings.sort(key=lambda f: (f.filed, f.period), reverse=True)
            return Filer(str(answer["name"]), f"{int(answer['fiscalYearEnd']):04}", tuple(filings))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise PullError(f"{url} is not a list of filings ({type(error).__name__}: {error}).") from None

    def document(self, filing: Filing) -> bytes:
        """Return the main document of a filing.

        Raises
        ------
        PullError
            when EDGAR cannot be reached.
        """
        return self._get(self.base + filing.path)
