"""EDGAR on loopback, with the filings of ``tests/filings``: it wants an e-mail address and packs, as the SEC does."""

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FILINGS = Path(__file__).resolve().parent / "filings"
IDENTITY = "Jane Doe jane@example.org"


@dataclass
class Mirror:
    """A server: its address, the environment that points the command to it, and when each path was asked for."""

    address: str
    asked: list[tuple[float, str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {"EDGAR_BASE_URL": self.address, "EDGAR_DATA_URL": self.address, "EDGAR_IDENTITY": IDENTITY}


class _Handler(SimpleHTTPRequestHandler):
    mirror: Mirror

    def do_GET(self) -> None:
        self.mirror.asked.append((time.monotonic(), self.path))
        if "@" not in self.headers.get("User-Agent", ""):
            self.send_error(403)
        elif self.path.endswith(".htm") and (file := Path(self.translate_path(self.path))).is_file():
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(gzip.compress(file.read_bytes()))
        else:
            super().do_GET()

    def log_message(self, *args: object) -> None:
        """Say nothing: what was asked is in the mirror."""


@contextlib.contextmanager
def mirror(folder: Path = FILINGS) -> Iterator[Mirror]:
    """Serve a folder of filings as EDGAR does."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        handler.mirror = Mirror(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield handler.mirror
        finally:
            server.shutdown()
