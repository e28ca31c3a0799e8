"""New reference outputs for the stored chapters, after showing what moved in them."""

import tempfile
from pathlib import Path

from analysis import paths
from analysis.book.publishing import diff
from analysis.book.publishing.settings import Tell, silent
from analysis.book.running import notebooks
from analysis.book.running.chapters import run_chapters
from analysis.ledger import Ledger


def accept(jobs: int | None = None, show: Tell = silent) -> list[str]:
    """Run every chapter with its defaults and store its outputs; returns the names of the chapters that were rewritten.

    ``show`` is called, before anything is written, with a line for each result that moved, largest move first.
    Raises LedgerError or ChapterError before anything is written.
    """
    Ledger.load()
    sources = notebooks.chapters(paths.CHAPTERS)
    with tempfile.TemporaryDirectory() as folder:
        run_chapters(sources, Path(folder), {}, jobs)
        books = {s: (notebooks.read(s), notebooks.read(Path(folder) / s.name)) for s in sources}
        old, new = ({r["key"]: r for pair in books.values() for r in notebooks.collect(pair[i])} for i in (0, 1))
        for m in diff.moved_results(old, new):
            show(f"{m.label}: {m.old} -> {m.new}{f' (x {m.factor:.3g})' if m.factor else ''}  [{m.key}]")
        changed = []
        for source, (before, after) in books.items():
            if str([c.get("outputs") for c in before.cells]) != str([c.get("outputs") for c in after.cells]):
                changed.append(source.name)
        for source, (_, after) in books.items():
            partial = source.with_suffix(".part")
            notebooks.write(after, partial)
            partial.replace(source)
    return changed
