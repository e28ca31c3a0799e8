"""Serve the site on loopback while it is being worked on: build again at each change and refresh the open page.

Each build is a process of its own, so that a changed package is imported again. Errors are shown in the page, and the
last good site stays.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import watchfiles

from analysis import paths, templates
from analysis.book.publishing.settings import Tell, silent

WAKE_UP = 300  # milliseconds after which the watch looks whether it should stop
CLIENT_TIMEOUT = 10.0  # seconds for which a client may keep a connection without sending anything
NEWS_TIMEOUT = 8.0  # seconds after which a page that waits for news is told that there are none
MAX_CONNECTIONS = 64  # at a time


class ServeError(RuntimeError):
    """There is no site to serve."""


class State:
    """Which build is shown, and the error of a later one that failed."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.built, self.ended, self.error = 0, 0, ""  # sites put in place; builds that ended, failed ones too

    def as_dict(self) -> dict[str, Any]:
        return {"built": str(self.built), "mark": self.mark(), "error": self.error}

    def mark(self) -> str:
        """What a page sends back to say which state it shows."""
        return str(self.ended)

    def set(self, error: str) -> None:
        """Record the end of a build: its error, or an empty text for a new site."""
        with self.changed:
            self.ended += 1
            self.built, self.error = (self.built, error) if error else (self.built + 1, "")
            self.changed.notify_all()

    def wait(self, known: str) -> dict[str, Any]:
        """The state as soon as it differs from what a page knows, or after `NEWS_TIMEOUT`."""
        with self.changed:
            self.changed.wait_for(lambda: self.mark() != known, NEWS_TIMEOUT)
            return self.as_dict()


def watch_inputs(data: Path | None, stop: threading.Event) -> Iterator[set[str]]:
    """Watch the files that a build reads.

    Parameters
    ----------
    data
        Directory of the tables; None is the project's own.
    stop
        Ends the iteration.

    Yields
    ------
    set of str
        Names of the files that changed since the last set; empty while none did.
    """
    names: set[str] = set()
    while not stop.is_set():
        folders = [paths.CHAPTERS, paths.ROOT / "analysis", data or paths.DATA]
        files = [p for p in (paths.CONFIG, paths.TOC, paths.BIBLIOGRAPHY) if p.exists()]
        watch = watchfiles.watch(*folders, *files, stop_event=stop, yield_on_timeout=True, rust_timeout=WAKE_UP)
        for changes in watch:
            changed = {Path(path) for _, path in changes}
            names |= {path.name for path in changed}
            if changed.intersection(files):
                break  # an editor may have put a new file in its place, which has to be watched again
            yield names
            names = set()


def _handler(site: Path, state: State, slots: threading.Semaphore) -> type[SimpleHTTPRequestHandler]:
    script = (paths.TEMPLATES / "publishing" / "live.js").read_bytes()
    live = templates.render("publishing/live.html")

    class Handler(SimpleHTTPRequestHandler):
        timeout = CLIENT_TIMEOUT

        def __init__(self, *arguments: Any, **how: Any) -> None:
            super().__init__(*arguments, directory=str(site), **how)

        def handle(self) -> None:
            if not slots.acquire(timeout=1):
                return
            try:
                super().handle()
            except OSError:  # a client that disconnected
                pass
            finally:
                slots.release()

        def log_message(self, *_: Any) -> None:
            pass

        def _send(self, body: bytes, kind: str, code: int = 200) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_GET(self) -> None:
            name, _, query = self.path.partition("?")
            if name == "/_live":
                (known,) = parse_qs(query).get("known", [""])[:1]
                return self._send(json.dumps(state.wait(known)).encode(), "application/json")
            if name == "/_live.js":
                return self._send(script, "text/javascript; charset=utf-8")
            path = Path(self.translate_path(self.path))
            if path.is_dir() and not urlsplit(self.path).path.endswith("/"):
                return super().do_GET()  # leads to the address with a slash, below which the page's links hold
            path = path / "index.html" if path.is_dir() else path
            if path.suffix == ".html":
                is_there = path.is_file()
                page = (path if is_there else site / "404.html").read_text(encoding="utf-8")
                body = page.replace("</body>", f"{live}</body>").encode()
                return self._send(body, "text/html; charset=utf-8", 200 if is_there else 404)
            return super().do_GET()

        def end_headers(self) -> None:
            self.send_header("X-Content-Type-Options", "nosniff")
            super().end_headers()

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = MAX_CONNECTIONS

    def handle_error(self, *_: Any) -> None:
        """Ignore client errors."""


@contextlib.contextmanager
def serving(site: Path, state: State, port: int = 0) -> Iterator[str]:
    """Serve a site on loopback while the block runs.

    Yields
    ------
    str
        Address of the served site.

    Raises
    ------
    OSError
        If the port is taken.
    """
    try:
        server = Server(("127.0.0.1", port), _handler(site, state, threading.Semaphore(MAX_CONNECTIONS)))
    except OSError as error:
        reason = f"port {port} on loopback: {error.strerror or error}; choose another with --port"
        raise OSError(error.errno, reason) from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def rebuild(command: list[str], state: State) -> bool:
    """Build once in a process of its own; whether it succeeded."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    state.set("" if done.returncode == 0 else done.stderr.strip() or f"the build ended with code {done.returncode}")
    return done.returncode == 0


def serve_and_rebuild(
    arguments: list[str],
    site: Path,
    data: Path | None,
    port: int,
    tell: Tell = silent,
    stop: threading.Event | None = None,
) -> None:
    """Build, serve, and build again at each change, until stopped or interrupted.

    Parameters
    ----------
    arguments
        Those of ``roundtrip build``.
    site
        Where they put the site.
    data
        Directory of the tables; None is the project's own.
    port
        On loopback; 0 takes a free one.
    tell
        Called with the address, then with a line for each build.
    stop
        Set it to end.

    Raises
    ------
    OSError
        If the port is taken.
    ServeError
        If there is no site to show because the first build failed.
    """
    state, stop = State(), stop or threading.Event()
    command = [sys.executable, "-m", "analysis.cli", "build", *arguments]
    changes = watch_inputs(data, stop)
    next(changes, None)  # from now on: what changes during the first build counts
    if not rebuild(command, state) and not (site / "index.html").exists():
        raise ServeError(state.error)
    with serving(site, state, port) as address:
        tell(f"{address} (Ctrl-C ends it)")
        if state.error:
            tell(state.error)
        for names in filter(None, changes):
            began = time.monotonic()
            is_good = rebuild(command, state)
            outcome = "built" if is_good else "failed"
            tell(f"{', '.join(sorted(names)[:3])}: {outcome} in {time.monotonic() - began:.1f} s")
            if not is_good:
                tell(state.error)
