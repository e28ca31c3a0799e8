"""New reference outputs for the stored chapters, after showing what moved, and the predictions of a new key day."""

import errno
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis import paths
from analysis.book.publishing.predictions import lock_in
from analysis.book.publishing.runs import run_stale
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.book.running import manuscript, notebooks, outputs
from analysis.ledger import Ledger
from analysis.ledger.problems import require_known


def accept(
    jobs: int | None = None, show: Tell = silent, chapters: Sequence[str] = (), tell: Tell = silent
) -> list[str]:
    """Lock in the predictions of a key day that has none, run every chapter with its defaults and store its outputs.

    A chapter for which nothing changed since a cached run, of a build or of this, is not run again.

    Parameters
    ----------
    jobs
        Chapters run at a time; one a core if None.
    show
        Called, before a chapter is written, with a line for each number, title and row that moved, chapter by chapter.
    chapters
        The names of those to run, such as ``amazon``; all if none is named. Predictions are locked in only then.
    tell
        Called with a line for each chapter that ran, with how many are done and about how long the rest takes.

    Returns
    -------
    list of str
        The file names of the chapters whose outputs changed.

    Raises
    ------
    LedgerError, ManuscriptError, ChapterError
        The ledger or the book is unsound, or a chapter failed; no chapter has been written.
    ValueError
        A name is of no chapter; nothing has run.
    PermissionError
        A chapter cannot be written; nothing has run.
    """
    manuscript.check(paths.CHAPTERS, paths.TOC)
    sources = _chosen(chapters)
    for file in (*sources, paths.CHAPTERS):
        if not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, "cannot be written, so nothing was run", str(file))
    if not chapters:
        for line in lock_in(Ledger.load()):
            show(line)
    with tempfile.TemporaryDirectory() as folder:
        run_stale(Settings(jobs=jobs), Ledger.load(), Path(folder), tell, chapters=sources)
        stored = {source: outputs.text_only(notebooks.read(Path(folder) / source.name)) for source in sources}
    changed = []
    for source, notebook in stored.items():
        before, after = outputs.texts(notebooks.read(source)), outputs.texts(notebook)
        for line in outputs.differences(before, after):
            show(line)
        if before != after:
            changed.append(source.name)
    for source, notebook in stored.items():
        partial = source.with_suffix(".part")
        notebooks.write(notebook, partial)
        partial.replace(source)
    return changed


def _chosen(names: Sequence[str]) -> list[Path]:
    """The notebooks of these names, all of them if there is none."""
    known = {path.stem: path for path in notebooks.chapters(paths.CHAPTERS)}
    chosen = dict.fromkeys(Path(name).name.removesuffix(".ipynb") for name in names)
    for name in chosen:
        require_known("chapter", name, known)
    return [known[name] for name in chosen] or list(known.values())
