"""Tasks in processes forked from one that has imported everything already, several at a time.

A server process imports `PRELOAD` once and does nothing else; each task runs in a fork of it and ends with it, so that
no task sees anything of another. A task that hangs is killed, one that dies is reported, and when this process ends,
however it ends, the server and the tasks end with it.

Pebble's process pool was tried in its place. It has no heartbeat: its limit counts from the start of a task, so a
chapter of twenty cells that may take five minutes each could hang for more than an hour and a half.
"""

import contextlib
import ctypes
import gc
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from analysis.book.running.limits import HEARTBEAT_TIMEOUT, MEMORY_LIMIT

PRELOAD = ["analysis.book.publishing.fork_preload"]
PR_SET_PDEATHSIG = 1
# New objects in a task until it is searched for garbage. A task ends before it has as many, and with it all that it
# made; searching it, as Python does by default, takes a twentieth of its time.
COLLECT_AFTER = 3_000_000


@dataclass(frozen=True)
class Task:
    """A function of the package (found by name in the fork), its arguments, and a name for messages.

    The function is given ``alive`` as well, which it calls to show that it makes progress.
    """

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its value, or the exception that explains why there is none."""

    name: str
    value: Any
    error: Exception | None
    seconds: float


class TaskDied(RuntimeError):
    """A task whose process ended without an answer."""


def end_with_parent() -> None:
    """Have the system kill this process when the one that it was forked from ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory() -> None:
    """Have the system refuse this process more than `MEMORY_LIMIT`: a task fails, not the machine (Linux)."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        soft = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _perform(task: Task, answer: connection.Connection, log: str | None) -> None:
    """Perform a task in its own process and send its value or its error."""
    end_with_parent()
    _limit_memory()
    gc.set_threshold(COLLECT_AFTER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started the tasks handles an interruption
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
        except Exception:  # it cannot be pickled
            answer.send(("failed", RuntimeError(f"{type(error).__name__}: {error}")))
    finally:
        answer.close()


_server: ForkServerContext | None = None


def server() -> ForkServerContext:
    """Return the context whose processes are forks of `warm_imports`; importing begins with the first task."""
    global _server
    if _server is None:
        _server = get_context("forkserver")
        _server.set_forkserver_preload(PRELOAD)
    return _server


def pipe() -> tuple[connection.Connection, connection.Connection]:
    """Return two ends: what is sent into the second arrives at the first, which may be an argument of a task."""
    return server().Pipe(duplex=False)


def warm() -> None:
    """Have the server begin to import, so that it is ready when the first task comes."""
    from multiprocessing import forkserver

    server()
    forkserver.ensure_running()


_starting = threading.Lock()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the script that runs: each fork would otherwise run it again, with its imports, and use nothing of it."""
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Running:
    """A task under way."""

    def __init__(self, task: Task, log: Path | None) -> None:
        self.task = task
        self.answer, there = pipe()
        self.process: ForkServerProcess = server().Process(
            target=_perform, args=(task, there, str(log) if log else None), daemon=True
        )
        with _without_main():
            self.process.start()
        there.close()
        self.began = self.heard = time.monotonic()

    def receive(self) -> Outcome | None:
        """Read a message of the task; return its outcome, or None after a heartbeat."""
        try:
            word, value = self.answer.recv()
        except (EOFError, ConnectionResetError):
            self.process.join(5)
            code = self.process.exitcode
            word, value = "failed", TaskDied(f"its process ended without an answer (code {code})")
        if word == "alive":
            self.heard = time.monotonic()
            return None
        self.answer.close()
        self.process.join(5)
        return self._outcome(value, None) if word == "done" else self._outcome(None, value)

    def kill(self, seconds: float = 0.0) -> Outcome:
        """End the task; return the outcome of one that gave no heartbeat for some seconds."""
        self.process.kill()
        self.process.join()
        self.answer.close()
        return self._outcome(None, TaskDied(f"no heartbeat for {seconds:g} s"))

    def _outcome(self, value: Any, error: Exception | None) -> Outcome:
        return Outcome(self.task.name, value, error, time.monotonic() - self.began)


def run(
    tasks: Iterable[Task],
    jobs: int,
    log: Path | None = None,
    heartbeat_timeout: float = HEARTBEAT_TIMEOUT,
    over: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Perform tasks in processes of their own and give their outcomes as they come. Leaves no process behind.

    Parameters
    ----------
    jobs : how many run at a time.
    log : a file for what the tasks print.
    heartbeat_timeout : seconds without a heartbeat after which a task is killed.
    over : once another thread sets it, the running tasks are killed and no more begin.
    """
    waiting = list(tasks)[::-1]
    running: list[_Running] = []
    try:
        while (waiting or running) and not (over and over.is_set()):
            while waiting and len(running) < jobs:
                running.append(_Running(waiting.pop(), log))
            ready = connection.wait([r.answer for r in running], timeout=0.2 if over else 1.0)
            for one in list(running):
                outcome = None
                if one.answer in ready:
                    outcome = one.receive()
                elif time.monotonic() - one.heard > heartbeat_timeout:
                    outcome = one.kill(heartbeat_timeout)
                if outcome:
                    running.remove(one)
                    yield outcome
    finally:
        for one in running:
            one.kill()
