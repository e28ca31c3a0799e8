"""The served site: an edit refreshes the open page; an error shows, and the last good page stays."""

import contextlib
import http.client
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from analysis.book.publishing import serve
from tests.conftest import change


@pytest.fixture
def working(three_rows: Path, tmp_path: Path, short_project: Path, site_short: Path, monkeypatch: pytest.MonkeyPatch):
    """A ledger to edit, and the address of its served site, a short one that was built elsewhere before."""
    monkeypatch.chdir(short_project)  # whose package each build of the site then is
    monkeypatch.setenv("PYTHONPATH", str(short_project))
    copy = shutil.copytree(three_rows, tmp_path / "data")
    out, said, stop = tmp_path / "site", [], threading.Event()
    arguments = ["--data", str(copy), "--out", str(out)]
    thread = threading.Thread(
        target=serve.serve_and_rebuild, args=(arguments, out, copy, 0, said.append, stop), daemon=True
    )
    thread.start()
    deadline = time.monotonic() + 300
    while not said and time.monotonic() < deadline:
        time.sleep(0.1)
    assert said, "it is served"
    yield said[0].split()[0], copy
    stop.set()
    thread.join(30)


def test_an_edit_refreshes_the_page_and_an_error_keeps_it(visit, working):
    address, data = working
    v = visit(served=address)
    page = v.open("amazon.html")
    expect(page.locator("body")).to_contain_text("US$38bn")
    where = {"deal": "openai-aws-compute"}
    change(data / "deals.csv", where, "high_usd_bn", "39")
    expect(page.locator("body")).to_contain_text("US$38–39bn", timeout=180000)
    change(data / "deals.csv", where, "high_usd_bn", "much")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("'much' is not a number", timeout=180000)
    expect(page.locator("body")).to_contain_text("US$38–39bn")
    change(data / "deals.csv", where, "high_usd_bn", "39")
    expect(alert).to_have_count(0, timeout=180000)


@pytest.fixture
def served_site(site: Path):
    with serve.serving(site, serve.State()) as address:
        yield address


def test_slow_rude_and_many_clients_leave_it_running(served_site: str, monkeypatch: pytest.MonkeyPatch):
    host, port = served_site.removeprefix("http://").strip("/").split(":")
    monkeypatch.setattr(serve, "CLIENT_TIMEOUT", 1.0)
    slow = [socket.create_connection((host, int(port))) for _ in range(20)]
    for s in slow[:10]:
        s.sendall(b"GET /index.html HTTP/1.1\r\nX: ")
    for rude in (
        b"\x00" * 5000,
        b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection((host, int(port))) as s:
            s.sendall(rude)
            s.settimeout(5)
            answer = b""
            with contextlib.suppress(OSError):
                answer = s.recv(65536)
            assert b"root:" not in answer
    answers = []

    def ask() -> None:
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", "/index.html")
        answers.append(connection.getresponse().status)

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert answers == [200] * 100
    for s in slow:
        s.close()


def test_a_missing_page_is_told(served_site: str):
    host, port = served_site.removeprefix("http://").strip("/").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", "/nothing.html")
    answer = connection.getresponse()
    assert answer.status == 404 and b"Page not found" in answer.read()
