"""Papermill runs of the chapters, several at a time, each in a process of its own."""

import functools
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.book.running import forks
from analysis.book.running.imports import Modules, bytes_reached
from analysis.book.running.limits import CELL_TIMEOUT
from analysis.book.running.problems import uncoloured

if TYPE_CHECKING:
    from analysis.ledger.sound_ledgers import Checked

IN_CELL = re.compile(r"Cell In\[\d+\], line (\d+)")


class ChapterError(RuntimeError):
    """A chapter that did not run to its end; the message names the chapter, the cell and the error."""


@dataclass(frozen=True)
class Run:
    """A chapter that ran: where its executed notebook is, how long it took, what it read of the ledger."""

    chapter: str
    path: Path
    seconds: float
    reads: dict[str, str]


def execute(
    source: str,
    target: str,
    parameters: dict[str, Any],
    seconds: float = CELL_TIMEOUT,
    ledger: "Checked | None" = None,
    alive: Callable[[], object] = lambda: None,
) -> dict[str, str]:
    """Execute one notebook with papermill here and write it, normalised, to ``target``.

    ``alive`` is called before each cell; ``ledger`` has been checked already and is not checked again. Returns what was
    read of the ledger, with its digests. Raises ChapterError when a cell fails or takes longer than ``seconds``; the
    notebook up to there stays at ``target`` with the suffix ``.running.ipynb``.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from analysis.book.running import engine, notebooks, quick_writes
    from analysis.ledger import Ledger, reading_log, sound_ledgers

    if ledger:
        sound_ledgers.keep(ledger)
    path, out = Path(source), Path(target)
    raw = out.with_suffix(".running.ipynb")
    written = notebooks.read(path)
    notebooks.hand_over(written, raw)
    os.chdir(path.parent)
    reading_log.clear()
    try:
        with quick_writes.on_one_line():
            papermill.execute_notebook(
                str(raw),
                str(raw),
                parameters=parameters,
                engine_name=engine.NAME,
                language="python",
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                cell_seconds=seconds,
                on_cell=lambda index: alive(),
            )
    except PapermillExecutionError as error:
        place = _place(written, error.source, error.traceback)
        raise ChapterError(f"{path.name}, {place}: {error.ename}: {error.evalue}") from None
    except engine.CellTimeout as error:
        raise ChapterError(f"{path.name}: {error}") from None
    reads = reading_log.digests()
    book = notebooks.read(raw)
    _require_whole(book, written, path.name)
    book = notebooks.normalise(book)
    if notebooks.has_plain_charts(book):
        day = Ledger.load(parameters.get("data"), parameters.get("as_of")).as_of
        book = notebooks.complete_charts(book, path.stem, f"{day:%Y-%m-%d}")
    notebooks.hand_over(book, out)
    raw.unlink()
    return reads


def _require_whole(book: Any, written: Any, name: str) -> None:
    """Refuse a run that a cell ended early without an error of papermill's, which takes sys.exit() for success."""
    for cell in book.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            message = "SystemExit: ends the run, and the cells below it would be missing: remove it"
            raise ChapterError(f"{name}, {_place(written, cell.source, [])}: {message}")


def _place(written: Any, source: str, traceback: list[str]) -> str:
    """Where a cell failed: its number among all cells of the stored notebook, and the line if that is known."""
    number = next((n for n, cell in enumerate(written.cells, start=1) if cell.source == source), None)
    lines = IN_CELL.findall(uncoloured("\n".join(traceback)))
    return f"cell {number or '?'}" + (f", line {lines[0]}" if lines else "")


def run_chapters(
    sources: list[Path],
    directory: Path,
    parameters: dict[str, Any],
    jobs: int | None = None,
    tell: Callable[[Run], object] = lambda run: None,
    rank: Callable[[Path], Any] | None = None,
    ledger: "Checked | None" = None,
) -> list[Run]:
    """Execute notebooks into a directory, ``jobs`` at a time (default: one a core).

    ``tell`` is called with each finished run. Those that ``rank`` highest (default: those that reach most code), as
    expected to take longest, start first, so that the last ones to end are short. ``ledger`` is handed to each run.
    Raises ChapterError with the first failure.
    """
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(sources)))
    ordered = sorted(sources, key=rank or functools.partial(bytes_reached, modules=Modules()), reverse=True)
    tasks = [
        forks.Task(
            s.stem,
            execute,
            (str(s.resolve()), str((directory / s.name).resolve()), parameters, CELL_TIMEOUT, ledger),
        )
        for s in ordered
    ]
    runs = []
    for done in forks.run(tasks, jobs, directory / "chapters.log"):
        if isinstance(done.error, ChapterError):
            raise done.error
        if done.error is not None:
            raise ChapterError(f"{done.name}.ipynb: {type(done.error).__name__}: {done.error}")
        runs.append(Run(done.name, directory / f"{done.name}.ipynb", done.seconds, done.value))
        tell(runs[-1])
    return sorted(runs, key=lambda r: r.chapter)
