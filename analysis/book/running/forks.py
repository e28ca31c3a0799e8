"""Tasks in processes forked from one that has imported everything already, several at a time.

A server process imports `PRELOAD` once and does nothing else; each task runs in a fork of it and ends with it,
so that no task sees anything of another. A task that hangs is killed, one that dies is reported, and when this
process goes away, however, the server and the tasks go with it.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType
from typing import Any

PRELOAD = ["analysis.book.publishing.preload"]
PR_SET_PDEATHSIG = 1
MEMORY = 8 << 30  # bytes that a task may take: one that asks for more fails, and the machine does not
SILENCE = 330.0  # seconds without a word after which a task is taken to hang


@dataclass(frozen=True)
class Task:
    """A function of the package (found by name in the fork), its arguments, and a name for messages."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its value, or an exception that says why there is none."""

    name: str
    value: Any
    error: Exception | None
    seconds: float


class Died(RuntimeError):
    """A task whose process ended without an answer."""


def _end_with_parent() -> None:
    """Have the system end this process when the one it was forked from ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _bound_memory() -> None:
    """Have the system refuse memory beyond `MEMORY` (Linux); what is already held counts."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _serve(task: Task, answer: connection.Connection, log: str | None) -> None:
    """Run one task in its own process and send what came of it."""
    _end_with_parent()
    _bound_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the starter's to handle
    if log:
        with open(log, "ab") as handle:
            os.dup2(handle.fileno(), 1)
            os.dup2(handle.fileno(), 2)
    try:
        value = task.function(*task.arguments, alive=lambda: answer.send(("alive", None)))
        answer.send(("done", value))
    except Exception as error:
        try:
            answer.send(("failed", error))
        except Exception:  # an error that cannot travel
            answer.send(("failed", RuntimeError(f"{type(error).__name__}: {error}")))
    finally:
        answer.close()


_server: ForkServerContext | None = None


def server() -> ForkServerContext:
    """The context whose processes are forks of the preloaded one; importing begins at the first task."""
    global _server
    if _server is None:
        _server = get_context("forkserver")
        _server.set_forkserver_preload(PRELOAD)
    return _server


def warm() -> None:
    """Have the server begin to import, so that it is ready when the first task comes."""
    from multiprocessing import forkserver

    server()
    forkserver.ensure_running()


_starting = threading.Lock()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the script that is run: each fork would otherwise run it again, with all that it imports, to find nothing it needs."""
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def run(
    tasks: Iterable[Task],
    jobs: int,
    log: Path | None = None,
    silence: float = SILENCE,
    over: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Run tasks, ``jobs`` at a time, and give their outcomes as they come. Leaves no process behind.

    Once ``over`` is set by another thread, the tasks that run are ended and no more begin.
    """
    context = server()
    waiting: list[Task] = list(tasks)[::-1]
    running: dict[Any, list[Any]] = {}
    try:
        while (waiting or running) and not (over and over.is_set()):
            while waiting and len(running) < jobs:
                task = waiting.pop()
                here, there = context.Pipe(duplex=False)
                process = context.Process(target=_serve, args=(task, there, str(log) if log else None), daemon=True)
                with _without_main():
                    process.start()
                there.close()
                now = time.monotonic()
                running[here] = [task, process, now, now]
            ready: list[Any] = list(connection.wait(list(running), timeout=0.2 if over else 1.0))
            for here in ready:
                task, process, began, _ = running[here]
                try:
                    word, value = here.recv()
                except (EOFError, ConnectionResetError):
                    process.join(5)
                    word, value = "failed", Died(f"its process ended without an answer (code {process.exitcode})")
                if word == "alive":
                    running[here][3] = time.monotonic()
                    continue
                del running[here]
                here.close()
                process.join(5)
                is_done = word == "done"
                yield Outcome(
                    task.name, value if is_done else None, None if is_done else value, time.monotonic() - began
                )
            for here, (task, process, began, heard) in list(running.items()):
                if time.monotonic() - heard > silence:
                    del running[here]
                    process.kill()
                    process.join()
                    here.close()
                    yield Outcome(task.name, None, Died(f"no sign of life for {silence:g} s"), time.monotonic() - began)
    finally:
        for here, (_, process, _, _) in running.items():
            process.kill()
            process.join()
            here.close()
