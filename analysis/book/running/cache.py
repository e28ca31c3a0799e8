"""Cached runs of chapters, keyed by everything that a run depends on.

A run rests on the chapter's code cells, the modules of the package that it reaches, its parameters, the installed
packages, and what it read of the ledger. It is used again when all of these are the same, also when they were others in
between: several runs of a chapter are kept. Its prose may have changed, since prose is rendered and not run. Damaged
files are ignored. This module imports neither pandas nor Sphinx.
"""

import contextlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.running import imports, manuscript
from analysis.book.running.files import files_below, keep_whole, mark_used, prune
from analysis.digests import digest, digest_of_files

FORMAT = 3  # of a cached run; one of another format is not read
SIZE_LIMIT = 128 << 20  # bytes of all cached runs together
# Modules that run a chapter without being imported by it.
RUNNERS = "import analysis.book.running.chapters, analysis.book.running.engine"


@dataclass(frozen=True)
class CacheKey:
    """What a run rests on before it reads a table, each part as a digest."""

    code: str
    package: str
    parameters: str
    environment: str

    def digest(self) -> str:
        """Return one digest of all parts."""
        return digest(*asdict(self).values())


REASONS = {
    "code": "its code changed",
    "package": "the package changed",
    "parameters": "the day or scenario changed",
    "environment": "the installed packages changed",
}


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the code cells of a notebook in order."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def cache_key(
    chapter: Path,
    parameters: dict[str, Any],
    day: str,
    environment: str,
    modules: imports.Modules | None = None,
) -> CacheKey:
    """Return the key of a chapter's run.

    Parameters
    ----------
    chapter : the notebook.
    parameters : of the build; where its tables lie does not count, since what is read of them is known by digest.
    day : the day that the ledger is read as of, YYYY-MM-DD.
    environment : see `environment_digest`.
    modules : see `imports.reached_files`.
    """
    cells = code_cells(manuscript.read_notebook(chapter))
    sources = [c["source"] for c in cells]
    tags = json.dumps([c["metadata"].get("tags", []) for c in cells])
    html = (path for room in ("numbers", "figures") for path in files_below(paths.TEMPLATES / room))
    files = [*imports.reached_files([*sources, RUNNERS], modules), *html, paths.SCHEMA]
    chosen = json.dumps({k: v for k, v in parameters.items() if k != "data"}, sort_keys=True)
    return CacheKey(digest(*sources, tags), digest_of_files(files, paths.ROOT), digest(chosen, day), environment)


class ChapterCache:
    """The cached runs of chapters in a folder, of at most ``limit`` bytes together.

    A file holds a line that describes the run and a line with the executed notebook. Its name is the chapter, the
    digest of its `CacheKey`, and the digest of what it read.
    """

    def __init__(self, folder: Path, limit: int = SIZE_LIMIT) -> None:
        self.folder, self.limit = folder, limit

    def find(self, chapter: str, key: CacheKey, content: Callable[[str], str]) -> tuple[dict[str, Any] | None, str]:
        """Return the notebook of a cached run that still holds, or None; and why, in words.

        ``content`` gives the present digest of something that a cached run says it read.
        """
        why = ""
        for path in self._latest_first(f"{chapter}-{key.digest()}-*.json"):
            kept = self._described(path)
            moved = [name for name, was in kept["reads"].items() if content(name) != was] if kept else []
            if kept and moved:
                why = why or f"what it reads changed: {', '.join(moved)}"
                continue
            notebook = self._notebook(path, kept) if kept else None
            if notebook is not None:
                mark_used(path)
                return notebook, "nothing it uses changed"
            why = "its cached run is damaged"
            with contextlib.suppress(OSError):
                path.unlink()
        return None, why or self._what_changed(chapter, key)

    def keep(
        self, chapter: str, key: CacheKey, reads: dict[str, str], notebook: dict[str, Any], seconds: float
    ) -> None:
        """Keep a run that took some seconds; ``reads`` holds the digest of each thing that it read."""
        body = json.dumps(notebook, sort_keys=True, ensure_ascii=False)
        described = {
            "format": FORMAT,
            "body": digest(body),
            "reads": reads,
            "key": asdict(key),
            "seconds": round(seconds, 1),
        }
        read = digest(json.dumps(reads, sort_keys=True))
        path = self.folder / f"{chapter}-{key.digest()}-{read}.json"
        keep_whole(path, f"{json.dumps(described, sort_keys=True)}\n{body}")
        prune(self.folder, self.limit)

    def seconds(self, chapter: str) -> float:
        """Return how long the latest cached run of a chapter took; infinity if it has never run."""
        last = self._last(chapter)
        return float(last["seconds"]) if last else math.inf

    def _latest_first(self, pattern: str) -> list[Path]:
        with contextlib.suppress(OSError):
            return sorted(self.folder.glob(pattern), key=lambda p: p.stat().st_mtime_ns, reverse=True)
        return []

    def _described(self, path: Path) -> dict[str, Any] | None:
        """Return what a cached run says of itself; None if it cannot be read."""
        try:
            with path.open(encoding="utf-8") as handle:
                known = json.loads(handle.readline())
            return dict(known) if known["format"] == FORMAT else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _notebook(self, path: Path, described: dict[str, Any]) -> dict[str, Any] | None:
        """Return the executed notebook of a cached run; None if it is not whole."""
        try:
            body = path.read_text(encoding="utf-8").partition("\n")[2]
            return dict(json.loads(body)) if described["body"] == digest(body) else None
        except (OSError, ValueError, TypeError):
            return None

    def _last(self, chapter: str) -> dict[str, Any] | None:
        """Return the description of the chapter's latest cached run, whatever it rests on."""
        described = (self._described(p) for p in self._latest_first(f"{chapter}-*.json"))
        return next((d for d in described if d), None)

    def _what_changed(self, chapter: str, key: CacheKey) -> str:
        last = self._last(chapter)
        if last is None:
            return "it has not run before"
        changed = [words for name, words in REASONS.items() if last["key"].get(name) != getattr(key, name)]
        return ", ".join(changed) or "it has not run like this before"


def with_kept_outputs(chapter: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """Return a chapter as it is written now, with the code cells of a cached run of it and their outputs.

    The cells keep the ids that they have now, so that a page does not show what was built before.
    """
    done = iter(code_cells(kept))
    cells = []
    for cell in chapter["cells"]:
        if cell["cell_type"] == "code":
            cell = next(done) | {k: v for k, v in cell.items() if k == "id"}
        cells.append(cell)
    return kept | {"cells": cells}
