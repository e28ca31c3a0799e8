"""Runs of chapters on a Dask cluster: the workers get code and data through Dask and need no shared disk.

The package, the chapters and the tables travel once, as one archive. Each worker unpacks it and starts a helper
process (`remote`), from which every run is forked as it would be here. If a worker dies, Dask gives its runs to
another. `versions` and `work` are sent by value, so they import what they need themselves.
"""

import contextlib
import io
import json
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.running.chapters import ChapterError, Run
from analysis.book.running.files import files_below
from analysis.book.sweeps.variants import FinishedRun, SweepError, Variant
from analysis.digests import digest

PACKAGES = ("altair", "networkx", "numpy", "pandas", "papermill", "pyarrow", "scipy")
CONNECT_TIMEOUT = 10  # seconds for a scheduler to answer, and for its first worker
RETRIES = 5  # of a run whose worker died


def bundle(data: Path | None) -> bytes:
    """Pack the package, the chapters and the tables into one archive, the same bytes every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(path: Path, name: str) -> None:
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)

        for path in sorted(files_below(paths.ROOT / "analysis")):
            add(path, path.relative_to(paths.ROOT).as_posix())
        for path in sorted(paths.CHAPTERS.glob("*.ipynb")):
            add(path, f"chapters/{path.name}")
        tables = data or paths.DATA
        for path in sorted(files_below(tables)):
            if path.relative_to(tables).as_posix() != paths.SCHEMA.name:
                add(path, f"data/{path.relative_to(tables).as_posix()}")
        add(paths.SCHEMA, f"data/{paths.SCHEMA.name}")  # the package's, whatever tables are given
        add(paths.LOCK, paths.LOCK.name)
    return packed.getvalue()


def versions(names: tuple[str, ...]) -> dict[str, str]:
    """Versions of Python and of packages in this process; empty for a package that is missing."""
    import importlib.metadata
    import platform

    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return found


def work(packed: bytes, digest: str, chapter: str, parameters: dict[str, Any], is_whole: bool) -> dict[str, Any]:
    """Run one chapter in the helper process of this worker (see `remote`).

    Parameters
    ----------
    packed, digest
        The archive of `bundle` and its digest.
    chapter, parameters
        Name of the chapter and values for its parameters cell.
    is_whole
        Whether to return the executed notebook instead of its results.

    Returns
    -------
    dict
        See `variants.run_variant`.

    Raises
    ------
    RuntimeError
        If the helper dies, so that Dask tries again.
    """
    import io
    import json
    import os
    import pathlib
    import subprocess
    import sys
    import tempfile
    import threading
    import zipfile

    kept = sys.modules.setdefault("_roundtrip_helpers", type(sys)("_roundtrip_helpers"))
    lock = kept.__dict__.setdefault("lock", threading.Lock())
    name = f"{digest}-{threading.get_ident()}"
    with lock:
        folders, helpers = kept.__dict__.setdefault("folders", {}), kept.__dict__.setdefault("helpers", {})
        if digest not in folders:
            holder = tempfile.TemporaryDirectory(prefix="roundtrip-")
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(holder.name)
            folders[digest] = holder
        folder = folders[digest].name
        helper = helpers.get(name)
        if helper is None or helper.poll() is not None:
            helper = helpers[name] = subprocess.Popen(
                [sys.executable, "-m", "analysis.book.sweeps.remote"],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": folder},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
    source = str(pathlib.Path(folder) / "chapters" / f"{chapter}.ipynb")
    if "data" in parameters:  # the tables that were asked for travelled, too
        parameters = parameters | {"data": str(pathlib.Path(folder) / "data")}
    try:
        helper.stdin.write(json.dumps({"source": source, "parameters": parameters, "is_whole": is_whole}) + "\n")
        helper.stdin.flush()
        line = helper.stdout.readline()
    except OSError as error:
        raise RuntimeError(f"the helper process of this worker stopped: {error}") from error
    if not line:
        raise RuntimeError("the helper process of this worker stopped")
    return json.loads(line)


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """Connect to the scheduler at an address (``tcp://host:port``).

    Yields
    ------
    distributed.Client
        Its workers all have the versions of this process.

    Raises
    ------
    SweepError
        If no scheduler answers, none of its workers shows up, or one has other versions.
    """
    try:
        import cloudpickle
        from distributed import Client
    except ImportError:
        raise SweepError("a scheduler needs Dask: python -m pip install 'roundtrip[cluster]'") from None
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT)
    except (OSError, TimeoutError, ValueError) as error:
        raise SweepError(f"no scheduler answers at {address}: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except TimeoutError:
            raise SweepError(f"the scheduler at {address} has no worker after {CONNECT_TIMEOUT} s") from None
        here = versions(PACKAGES)
        for worker, there in client.run(versions, PACKAGES).items():
            other = [f"{n} {there.get(n) or 'missing'} (here {v})" for n, v in here.items() if there.get(n) != v]
            if other:
                raise SweepError(f"the worker {worker} has {', '.join(other)}; results could differ")
        yield client


def answers(
    runs: dict[str, tuple[str, dict[str, Any]]], data: Path | None, address: str, is_whole: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run chapters on a cluster and yield the key and the answer of each as it ends.

    Parameters
    ----------
    runs
        Chapter and parameters of each run, by a key of its own.
    data
        Directory of the tables; None is the project's own.
    address
        Of the scheduler, ``tcp://host:port``.
    is_whole
        Whether the answer is the executed notebook instead of its results (see `variants.run_variant`).

    Raises
    ------
    SweepError
        If the cluster cannot be used (see `connected`).
    """
    with connected(address) as client:
        from distributed import as_completed

        packed = bundle(data)
        archive_digest = digest(packed)
        shared = client.scatter(packed, broadcast=True, hash=True)
        futures = {
            client.submit(
                work,
                shared,
                archive_digest,
                chapter,
                parameters,
                is_whole,
                key=f"roundtrip-{is_whole}-{key}",
                pure=False,
                retries=RETRIES,
            ): key
            for key, (chapter, parameters) in runs.items()
        }
        for future in as_completed(list(futures)):
            if future.status == "finished":
                yield futures[future], future.result()
            else:
                error = future.exception()
                yield futures[future], {"error": f"{type(error).__name__}: {error}"}


def run_remotely(variants: list[Variant], data: Path | None, address: str) -> Iterator[FinishedRun]:
    """Run the variants of a sweep on the cluster of a scheduler (``tcp://host:port``)."""
    by_key = {v.key: v for v in variants}
    runs = {v.key: (v.chapter, v.parameters()) for v in variants}
    for key, answer in answers(runs, data, address, is_whole=False):
        yield FinishedRun.from_answer(by_key[key], answer)


def run_chapters_remotely(
    sources: list[Path], directory: Path, parameters: dict[str, Any], data: Path | None, address: str
) -> Iterator[Run]:
    """Execute notebooks on a cluster into a directory here, as `chapters.run_chapters` does on this machine.

    Parameters
    ----------
    sources
        The notebooks.
    directory
        Where the executed notebooks go.
    parameters
        Values for their parameters cells.
    data
        Directory of the tables; None is the project's own.
    address
        Of the scheduler, ``tcp://host:port``.

    Yields
    ------
    Run
        Each chapter as it ends.

    Raises
    ------
    ChapterError
        With the first failure.
    """
    began = time.monotonic()
    content = digest(bundle(data), json.dumps(parameters, sort_keys=True))
    runs = {f"{s.stem}-{content}": (s.stem, parameters) for s in sources}
    for key, answer in answers(runs, data, address, is_whole=True):
        chapter = key.removesuffix(f"-{content}")
        if "error" in answer:
            raise ChapterError(answer["error"])
        path = directory / f"{chapter}.ipynb"
        path.write_text(answer["notebook"], encoding="utf-8")
        yield Run(chapter, path, time.monotonic() - began, answer["reads"])
