"""The site on loopback while it is being worked on: built again when something changes, and the open page refreshed.

Each build is a process of its own, so that a changed package is read anew. What goes wrong is shown in the page,
and the last good site stays.
"""

import contextlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.publishing.settings import Tell, silent
from analysis.book.running.files import files_below

PAUSE = 0.4  # seconds between two looks at the files
PATIENCE = 10.0  # seconds for which a client may keep a connection without a word
WAIT = 8.0  # seconds after which a page that waits for news is told that there are none
MOST = 64  # connections at a time
SCRIPT = """
(function () {
  "use strict";
  const box = document.createElement("pre");
  box.setAttribute("role", "alert");
  box.style.cssText = "position:fixed;left:0;right:0;bottom:0;max-height:45vh;overflow:auto;margin:0;padding:1rem;z-index:99;background:#7a1020;color:#fff;font:13px/1.4 monospace;white-space:pre-wrap";
  let known;
  async function ask() {
    try {
      const answer = await (await fetch("/_live?known=" + encodeURIComponent(known ?? ""), { cache: "no-store" })).json();
      if (known !== undefined && answer.built !== known.split(" ")[0]) return location.reload();
      known = answer.built + " " + answer.error.length;
      if (answer.error) { box.textContent = answer.error; document.body.append(box); } else box.remove();
    } catch { await new Promise(function (done) { setTimeout(done, 1000); }); }
    ask();
  }
  ask();
})();
"""


class State:
    """Which build is shown, and what went wrong since."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.built, self.error = 0, ""

    def told(self) -> dict[str, Any]:
        return {"built": str(self.built), "error": self.error}

    def mark(self) -> str:
        return f"{self.built} {len(self.error)}"

    def set(self, error: str) -> None:
        with self.changed:
            self.built, self.error = (self.built, error) if error else (self.built + 1, "")
            self.changed.notify_all()

    def wait(self, known: str) -> dict[str, Any]:
        """News, or the same again after a while."""
        with self.changed:
            self.changed.wait_for(lambda: self.mark() != known, WAIT)
            return self.told()


def watched(data: Path | None) -> dict[str, tuple[int, int]]:
    """Size and time of every file that a build reads."""
    folders = [paths.CHAPTERS, paths.ROOT / "analysis", data or paths.DATA]
    files = [f for folder in folders for f in files_below(folder)]
    files += [p for p in (paths.CONFIG, paths.TOC, paths.BIBLIOGRAPHY) if p.exists()]
    found = {}
    for path in files:
        with contextlib.suppress(OSError):
            at = path.stat()
            found[str(path)] = (at.st_size, at.st_mtime_ns)
    return found


def _handler(site: Path, state: State, slots: threading.Semaphore) -> type[SimpleHTTPRequestHandler]:
    class Handler(SimpleHTTPRequestHandler):
        timeout = PATIENCE

        def __init__(self, *arguments: Any, **how: Any) -> None:
            super().__init__(*arguments, directory=str(site), **how)

        def handle(self) -> None:
            if not slots.acquire(timeout=1):
                return
            try:
                super().handle()
            except OSError:  # a client that went away
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
                known = re.search(r"known=([\d%+ ]*)", query)
                return self._send(
                    json.dumps(state.wait(known.group(1).replace("%20", " ") if known else "")).encode(),
                    "application/json",
                )
            if name == "/_live.js":
                return self._send(SCRIPT.encode(), "text/javascript; charset=utf-8")
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            if path.suffix == ".html":
                is_there = path.is_file()
                page = (path if is_there else site / "404.html").read_text(encoding="utf-8")
                body = page.replace("</body>", '<script src="/_live.js"></script></body>').encode()
                return self._send(body, "text/html; charset=utf-8", 200 if is_there else 404)
            return super().do_GET()

        def end_headers(self) -> None:
            self.send_header("X-Content-Type-Options", "nosniff")
            super().end_headers()

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = MOST

    def handle_error(self, *_: Any) -> None:
        """A client that misbehaves is its own affair."""


@contextlib.contextmanager
def serving(site: Path, state: State, port: int = 0) -> Iterator[str]:
    """Serve a site on loopback while the block runs; gives its address. Raises OSError when the port is taken."""
    server = Server(("127.0.0.1", port), _handler(site, state, threading.Semaphore(MOST)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def rebuild(command: list[str], state: State) -> bool:
    """Build once in a process of its own; whether it went well."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    state.set("" if done.returncode == 0 else done.stderr.strip() or f"the build ended with code {done.returncode}")
    return done.returncode == 0


def watch(
    arguments: list[str],
    site: Path,
    data: Path | None,
    port: int,
    tell: Tell = silent,
    stop: threading.Event | None = None,
) -> None:
    """Build, serve, and build again at each change, until stopped or interrupted.

    ``arguments`` are those of ``roundtrip build``. Raises OSError when the port is taken, RuntimeError when there
    is no site to show because the first build failed.
    """
    state, stop = State(), stop or threading.Event()
    command = [sys.executable, "-m", "analysis.cli", "build", *arguments]
    before = watched(data)
    if not rebuild(command, state) and not (site / "index.html").exists():
        raise RuntimeError(state.error)
    with serving(site, state, port) as address:
        tell(f"{address} (Ctrl-C ends it)")
        if state.error:
            tell(state.error)
        while not stop.wait(PAUSE):
            now = watched(data)
            if now == before:
                continue
            moved = [Path(p).name for p in {*now, *before} if now.get(p) != before.get(p)]
            time.sleep(0.1)  # an editor may still be writing
            before, began = watched(data), time.monotonic()
            is_good = rebuild(command, state)
            tell(
                f"{', '.join(sorted(moved)[:3])}: {'built' if is_good else 'failed'} in {time.monotonic() - began:.1f} s"
            )
            if not is_good:
                tell(state.error)
