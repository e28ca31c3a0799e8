"""Tasks of a build that go on while chapters run and pages are rendered: drawings in a thread, files in forks.

One thread draws for all: a process of its own would start the drawing engine again. Everything else goes to forks,
since neither Sphinx nor the picture library lets another thread of its process run.
"""

import importlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from analysis import paths
from analysis.book.drawing import charts
from analysis.book.pages import downloads
from analysis.book.pages.render import BuildError
from analysis.book.running import forks, manuscript
from analysis.book.running.chapters import ChapterError


def _import_renderers() -> None:
    """Import what rendering needs: the theme, Sphinx's own extensions and those of the configuration."""
    import furo  # noqa: F401
    import jupyter_book.sphinx  # noqa: F401
    from sphinx.application import builtin_extensions

    from analysis.book.pages import mime  # noqa: F401

    chosen = manuscript.read_yaml(paths.CONFIG)["sphinx"]["config"]["extensions"]
    for name in (*builtin_extensions, *chosen):
        importlib.import_module(name)


class BackgroundTasks:
    """The background tasks of one build. At the end of the block those not begun are dropped, forks are killed."""

    def __init__(self, cache: Path, jobs: int | None = None) -> None:
        self.cache = cache
        self.jobs = max(1, jobs or os.cpu_count() or 1)
        self._over = threading.Event()
        self._drawer, self._waiters = ThreadPoolExecutor(1, "drawing"), ThreadPoolExecutor(4, "waiting")
        self._drawings: list[tuple[str, Future[Any]]] = []
        self.seconds_drawing = 0.0

    def __enter__(self) -> "BackgroundTasks":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for pool in (self._drawer, self._waiters):
            pool.shutdown(wait=True, cancel_futures=True)

    def prepare(self) -> None:
        """Import and bundle what every site needs, while there is nothing to draw yet."""
        self._drawer.submit(_import_renderers)
        self._drawer.submit(downloads.vega, self.cache)

    def draw(self, chapter: str, specs: list[dict[str, Any]]) -> None:
        """Draw a chapter's figures into the cache."""
        self._drawings += [(chapter, self._drawer.submit(self._draw, spec)) for spec in specs]

    def _draw(self, spec: dict[str, Any]) -> None:
        began = time.monotonic()
        charts.draw(spec, self.cache / "svg")
        self.seconds_drawing += time.monotonic() - began

    def wait_for_drawings(self) -> None:
        """Return when all figures are drawn.

        Raises
        ------
        ChapterError : for the first figure that cannot be drawn.
        """
        for chapter, drawn in self._drawings:
            try:
                drawn.result()
            except ValueError as error:
                raise ChapterError(f"{chapter}.ipynb: {error}") from None
        self._drawings = []

    def fork(self, function: Callable[..., Any], each: Iterable[tuple[Any, ...]]) -> "Future[list[Any]]":
        """Call a function of the package in forks, once for each tuple of arguments, and return a future of the values.

        The values are in the order of the arguments. Waiting for them raises the error of the first call that failed, a
        BuildError for one whose process died or ran out of memory.
        """
        tasks = [forks.Task(f"{n}", function, arguments) for n, arguments in enumerate(each)]
        return self._waiters.submit(self._values, tasks)

    def _values(self, tasks: list[forks.Task]) -> list[Any]:
        values = {}
        for done in forks.run(tasks, self.jobs, over=self._over):
            if isinstance(done.error, forks.TaskDied | MemoryError):
                raise BuildError(f"files of the site could not be made: {done.error or 'not enough memory'}")
            if done.error is not None:
                raise done.error
            values[done.name] = done.value
        return [values[task.name] for task in tasks]
