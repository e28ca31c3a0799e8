"""What the build knows of the report when the pages are rendered, and what of it each page has read."""

import json
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis.digests import digest

FILE = "report.json"
# Parts of which a page depends on the entries that it looks up, not on all of them.
SECTIONS = ("results", "owners", "sources", "told", "told_sources", "news", "row_names", "row_words")
OnRead = Callable[[dict[str, str], dict[str, str]], object]
_noted: dict[str, None] = {}


def take_notes() -> list[str]:
    """Return the names of what was read since the last call, as `digest_of` takes them."""
    names = list(_noted)
    _noted.clear()
    return names


class Section(Mapping[str, Any]):
    """A part of a report whose entries are noted as they are looked up, the whole when it is gone through."""

    def __init__(self, name: str, entries: Mapping[str, Any]) -> None:
        self.name, self.entries = name, entries

    def __getitem__(self, key: str) -> Any:
        _noted[f"{self.name}/{key}"] = None
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        _noted[self.name] = None
        return iter(self.entries)

    def __len__(self) -> int:
        _noted[self.name] = None
        return len(self.entries)

    def __or__(self, other: Mapping[str, Any]) -> Mapping[str, Any]:
        return ChainMap(other, self)  # type: ignore[arg-type]


class Report(Mapping[str, Any]):
    """The parts of a report by name; what is read of them is noted.

    Attributes
    ----------
    on_read
        Is called once all pages are read and none is written, with their titles in reading order and the addresses of
        shared files.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.on_read: OnRead | None = None
        self._digests: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        if name in SECTIONS and name in self.content:
            return Section(name, self.content[name])
        _noted[name] = None
        return self.content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)

    def digest_of(self, name: str) -> str:
        """Return the digest of what a name stands for: a part, or ``part/key`` for an entry of one."""
        if name not in self._digests:
            part, is_entry, key = name.partition("/")
            content = self.content.get(part)
            told = json.dumps((content or {}).get(key) if is_entry else content, sort_keys=True)
            self._digests[name] = digest(told)
        return self._digests[name]


@cache
def read_report(directory: str) -> Report:
    """Read what the build wrote beside the staged pages: the site, results by key, their pages, sources, versions."""
    return Report(json.loads((Path(directory) / FILE).read_text(encoding="utf-8")))
