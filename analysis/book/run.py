"""Papermill runs of the chapters, several at a time."""

import os
import re
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from analysis.book import notebooks

TIMEOUT = 300  # seconds a cell may take
# Two kernels that start at the same moment can pick the same free port, and one of them then dies or never
# answers: seen about once in a hundred starts. It is started again.
START_SECONDS = 30
START_ATTEMPTS = 4
STILLBORN = re.compile("didn't respond|before replying")


class ChapterError(RuntimeError):
    """A chapter that did not run to its end; the message names the chapter, the cell and the error."""


@dataclass(frozen=True)
class Run:
    chapter: str
    path: Path
    seconds: float


def _log_to(path: Path) -> None:
    """Send what this worker and its kernels write to standard error into a file."""
    os.environ.update(PYDEVD_DISABLE_FILE_VALIDATION="1", JUPYTER_PLATFORM_DIRS="1")
    with path.open("ab") as log:
        os.dup2(log.fileno(), 2)


def run_chapter(source: Path, target: Path, parameters: dict[str, Any]) -> Run:
    """Execute one notebook with papermill and write it, normalised, to ``target``.

    Raises ChapterError when a cell fails or hangs.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    began = time.monotonic()
    raw = target.with_suffix(".running.ipynb")
    try:
        for attempt in range(START_ATTEMPTS):
            try:
                papermill.execute_notebook(
                    str(source),
                    str(raw),
                    parameters=parameters,
                    progress_bar=False,
                    kernel_name="python3",
                    start_timeout=START_SECONDS,
                    execution_timeout=TIMEOUT,
                    cwd=str(source.parent),
                    request_save_on_cell_execute=False,
                )
                break
            except RuntimeError as error:
                if not STILLBORN.search(str(error)) or attempt == START_ATTEMPTS - 1:
                    raise
    except PapermillExecutionError as error:
        where = f"{source.name}, cell {error.cell_index}"
        raise ChapterError(f"{where}: {error.ename}: {error.evalue}") from None
    except Exception as error:  # a dead or hanging kernel has many names
        raise ChapterError(f"{source.name}: {type(error).__name__}: {error}") from None
    notebooks.write(notebooks.normalise(notebooks.read(raw)), target)
    raw.unlink()
    return Run(source.stem, target, time.monotonic() - began)


def run_chapters(
    sources: list[Path], directory: Path, parameters: dict[str, Any], jobs: int | None = None, tell=lambda run: None
) -> list[Run]:
    """Execute notebooks into a directory, ``jobs`` at a time (default: one a core).

    ``tell`` is called with each finished run. Raises ChapterError with the first failure.
    """
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(sources)))
    runs = []
    log = (directory / "kernels.log",)
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_log_to, initargs=log) as pool:
        waiting = [pool.submit(run_chapter, s, directory / s.name, parameters) for s in sources]
        try:
            for done in as_completed(waiting):
                runs.append(done.result())
                tell(runs[-1])
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return sorted(runs, key=lambda r: r.chapter)
