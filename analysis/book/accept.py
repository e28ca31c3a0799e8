"""New reference outputs for the stored chapters, and what moved in them."""

import tempfile
from pathlib import Path

from analysis import paths
from analysis.book import notebooks
from analysis.book.run import run_chapters
from analysis.ledger import Ledger


def moved(old: list[dict], new: list[dict]) -> list[str]:
    """A line for each result that was added, removed or changed its text."""
    was, now = ({r["key"]: r["text"] for r in results} for results in (old, new))
    lines = [f"{key}: {was.get(key, 'new')} -> {now.get(key, 'gone')}" for key in sorted({*was, *now})]
    return [line for key, line in zip(sorted({*was, *now}), lines, strict=True) if was.get(key) != now.get(key)]


def accept(jobs: int | None = None) -> list[str]:
    """Run every chapter with its defaults and store its outputs; returns what moved, a line each.

    Raises LedgerError or ChapterError before anything is written.
    """
    Ledger.load()
    sources = notebooks.chapters(paths.CHAPTERS)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        run_chapters(sources, Path(folder), {}, jobs)
        for source in sources:
            old, new = notebooks.read(source), notebooks.read(Path(folder) / source.name)
            lines += moved(notebooks.collect(old), notebooks.collect(new))
            before, after = (str([c.get("outputs") for c in n.cells]) for n in (old, new))
            if before != after:
                lines.append(f"{source.name}: outputs changed")
            partial = source.with_suffix(".part")
            notebooks.write(new, partial)
            partial.replace(source)
    return lines
