"""A static host on loopback as readers meet one: gzip, and the headers of the site's own `_headers` file."""

import contextlib
import gzip
import threading
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TEXT = (".html", ".css", ".js", ".svg", ".json", ".csv", ".xml")


def headers_of(site: Path) -> list[tuple[str, str, str]]:
    """Pattern, name and value of each line of the site's `_headers`."""
    found, pattern = [], ""
    file = site / "_headers"
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        if line.startswith("/"):
            pattern = line.strip()
        elif line.strip() and not line.startswith("#"):
            name, _, value = line.strip().partition(": ")
            found.append((pattern, name, value))
    return found


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site while the block runs; gives its address."""
    rules = headers_of(site)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, directory=str(site), **kwargs)

        def log_message(self, *_):
            pass

        def do_GET(self):
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                return super().do_GET()
            body = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            if "gzip" in self.headers.get("Accept-Encoding", "") and path.suffix in TEXT:
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
            for pattern, name, value in rules:
                if fnmatch(self.path.partition("?")[0], pattern):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
