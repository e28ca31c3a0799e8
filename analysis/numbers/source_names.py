"""What readers are told of who published a source: its origin and, where another's page is read, whose page that is.

- A page of the origin itself, or of the register to which it files, needs no second name.
- Where the origin is not known, or only as "press", the host of the page stands for it.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

REGISTERS = ("sec.gov",)  # to which companies themselves file
UNNAMED = re.compile(r"(?:not stated|multiple|press|unknown)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z0-9]+")
RELAY = "relay"


def host_of(url: str) -> str:
    """The host of a web address without www; empty for any other."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""


def _is_its_own(origin: str, host: str) -> bool:
    """Whether a host is that of the origin, by a word of its name or its initials, or the register of filings."""
    words = WORD.findall(origin.casefold())
    labels = host.split(".")
    initials = "".join(word[0] for word in words)
    by_name = any(word in host.replace("-", "") for word in words if len(word) > 2 and word != "the")
    is_filed = any(host == register or host.endswith(f".{register}") for register in REGISTERS)
    return by_name or is_filed or initials in labels


def named(source: Mapping[str, Any]) -> str:
    """Return who published a source, in words: ``Reuters``, or ``Financial Times, via pulse.bot``.

    Parameters
    ----------
    source
        Its publisher, publisher_of_record (the origin; may be empty), url and rank (may be missing).
    """
    publisher, url = str(source["publisher"] or ""), str(source["url"] or "")
    origin, host = str(source["publisher_of_record"] or "") or publisher, host_of(url)
    if not origin or UNNAMED.match(origin):
        return host or publisher or origin
    if not host:
        return origin if publisher in (origin, "") else f"{origin}, via {publisher}"
    is_copy = publisher != origin or source.get("rank") == RELAY
    return f"{origin}, via {host}" if is_copy and not _is_its_own(origin, host) else origin


def names_by_key(sources: pd.DataFrame) -> dict[str, str]:
    """Return `named` of each source of a ledger by its key."""
    return {row["source"]: named(row) for row in sources.to_dict("records")}
