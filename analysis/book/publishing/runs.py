"""The executed chapters of a build: those that are not stale from their cached runs, the others run."""

import functools
from collections.abc import Sequence
from pathlib import Path

from analysis import paths
from analysis.book.publishing.background import BackgroundTasks
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.book.running import imports, manuscript, notebooks
from analysis.book.running.cache import ChapterCache, cache_key, with_kept_outputs
from analysis.book.running.chapters import Run, run_chapters
from analysis.book.running.environment import environment_digest
from analysis.book.running.pace import Pace
from analysis.ledger import Ledger, reading_log, sound_ledgers


def run_stale(
    settings: Settings,
    ledger: Ledger,
    target: Path,
    tell: Tell = silent,
    explain: Tell = silent,
    background: BackgroundTasks | None = None,
    chapters: Sequence[Path] = (),
) -> list[Run]:
    """Put the executed chapters into a folder, and run no chapter for which nothing changed since a cached run.

    Parameters
    ----------
    target : an existing folder for the executed notebooks.
    tell : is called with a line for each chapter that ran, with how many are done and about how long the rest takes.
    explain : is called with a line for each chapter that says why it runs or is kept.
    background : draws the figures of each chapter that ran while others still run.
    chapters : the notebooks; those of the project if there are none.

    Returns
    -------
    The runs that were made, in the order of the chapters.

    Raises
    ------
    ChapterError : with the first chapter that fails.
    """
    sources = chapters or notebooks.chapters(paths.CHAPTERS)
    cache, parameters = ChapterCache(paths.CACHE / "chapters"), settings.parameters()
    day, environment = f"{ledger.as_of:%Y-%m-%d}", environment_digest()
    content = functools.cache(lambda name: reading_log.content(ledger, name))
    modules = imports.Modules(paths.CACHE / "imports.json")
    keys = {s.stem: cache_key(s, parameters, day, environment, modules) for s in sources}
    modules.keep()
    waiting = []
    for source in sources:
        kept, why = cache.find(source.stem, keys[source.stem], content)
        explain(f"{source.stem}: {'kept' if kept else 'runs'}, {why}")
        if kept is None:
            waiting.append(source)
        else:
            book = with_kept_outputs(manuscript.read_notebook(source), kept)
            notebooks.hand_over(notebooks.normalise(book), target / source.name)
    if not waiting:
        return []

    pace = Pace({source.stem: cache.seconds(source.stem) for source in waiting}, "chapters")

    def finished(run: Run) -> None:
        book = notebooks.read(run.path)
        cache.keep(run.chapter, keys[run.chapter], run.reads, book, run.seconds)
        tell(f"{run.chapter}: ran in {run.seconds:.1f} s ({pace.after(run.chapter)})")
        if background:
            background.draw(run.chapter, notebooks.figures(book))

    if background:
        background.prepare()
    if settings.scheduler:
        from analysis.book.sweeps.cluster import run_chapters_remotely

        runs = []
        for run in run_chapters_remotely(waiting, target, parameters, settings.data, settings.scheduler):
            finished(run)
            runs.append(run)
    else:
        runs = run_chapters(
            waiting,
            target,
            parameters,
            settings.jobs,
            finished,
            lambda source: (cache.seconds(source.stem), imports.bytes_reached(source, modules)),
            sound_ledgers.kept(ledger.directory),
        )
    if background:
        background.wait_for_drawings()
    return sorted(runs, key=lambda r: r.chapter)
