"""What the tests share: ledgers that never change, copies of them to change, one built site for all workers."""

import csv
import fcntl
import functools
import importlib
import inspect
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis import numbers, paths
from analysis.book.running import stale
from analysis.cli import app
from analysis.ledger import Ledger
from analysis.numbers import vintages
from analysis.numbers.results import Result, Results
from tests.ledgers import FROZEN, SMALL

PUBLIC, REPOSITORY = "https://example.org/round-trip/", "https://github.com/example/round-trip"
EXECUTABLE = [sys.executable, "-m", "analysis.cli"]
# `make test` looks at some pages or cases of each kind, `make soak` at all: each such choice names both.
IS_WHOLE = bool(os.environ.get("WHOLE_SUITE"))
# What takes longest comes first, so that no worker is left alone with it at the end.
LONGEST_FIRST = (
    "test_site",
    "test_faults",
    "test_figures",
    "test_access",
    "test_security",
    "test_book",
    "test_contributing",
    "test_benchmarks",
    "test_sweep",
    "test_serve",
    "test_chapters",
    "test_replay",
    "test_small_ledger",
    "test_time_travel",
    "test_running",
    "test_properties",
    "test_mutants",
    "test_append",
    "test_untold",
    "test_cache",
    "test_use",
    "test_hostile",
    "test_site_files",
    "test_contradicted",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: i for i, name in enumerate(LONGEST_FIRST)}
    # Each notebook takes as long as several of the other modules together.
    items.sort(key=lambda item: (rank.get(item.path.stem, len(rank)), item.path.suffix != ".ipynb"))


def roundtrip(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command, in this process: its imports are there already. What it does not catch is raised."""
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def heed_interruptions() -> None:
    """Restore SIGINT's handler in a child before it runs: a shell starts background jobs with the signal ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def _same_inputs() -> Iterator[None]:
    """Hold the suite to leaving all that a site is made of as it was: else every chapter would run again after it."""
    before = stale.inputs(None, {})
    yield
    assert stale.inputs(None, {}) == before, "chapters, data, package or configuration changed while the tests ran"


@pytest.fixture(scope="session")
def live() -> Ledger:
    """The project's own ledger, which grows: tests hold it to laws and state none of its facts."""
    return Ledger.load()


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The ledger of 31 March 2026, which never changes: what follows from it may be stated."""
    return Ledger.load(FROZEN)


@pytest.fixture(scope="session")
def view(ledger: Ledger, live: Ledger) -> Callable[[str | None], Ledger]:
    """``ledger`` as known on a day, or ``live`` (None); the same object each time so that its results are cached."""
    own = f"{ledger.as_of:%Y-%m-%d}"
    return functools.cache(lambda day: live if day is None else ledger if day == own else ledger.at(day))


@functools.cache
def key_days() -> list[str]:
    """Key days of the project's own ledger, oldest first; the last is its newest day."""
    return [v.day for v in vintages.known(Ledger.load())]


def _is_function(member: object) -> bool:
    """Whether it is a function, also one whose values are kept."""
    return inspect.isfunction(member) or isinstance(member, type(functools.cache(repr)))


@functools.cache
def number_functions() -> list[Callable[[Ledger, str], Results]]:
    """The functions that compute what the chapters say, of all modules of the package."""
    found = []
    for module in pkgutil.walk_packages(numbers.__path__, f"{numbers.__name__}."):
        own = [m for _, m in inspect.getmembers(importlib.import_module(module.name), _is_function)]
        for function in own:
            signature = inspect.signature(function)
            takes = [*signature.parameters] == ["ledger", "scenario"] and signature.return_annotation is Results
            if takes and function.__module__ == module.name and not function.__name__.startswith("_"):
                found.append(function)
    return found


def numbers_of(ledger: Ledger, scenario: str = "central") -> dict[str, Result]:
    """Every result of the chapters by its key, without running them."""
    return {r.key: r for function in number_functions() for r in function(ledger, scenario)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of ``ledger``'s tables that a test may change."""
    return Path(shutil.copytree(FROZEN, tmp_path / "data"))


@pytest.fixture
def live_copy(tmp_path: Path) -> Path:
    """A copy of the project's own tables, for tests that compare with what is stored of them in the chapters."""
    ignored = shutil.ignore_patterns("datapackage.json")
    return Path(shutil.copytree(paths.DATA, tmp_path / "live", ignore=ignored))


def shell_id(sentence: str) -> str:
    """An id of a test that can be typed in a shell."""
    return re.sub(r"\W+", "-", sentence, flags=re.ASCII).strip("-")[:50]


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def change(path: Path, where: dict[str, str], column: str, value: str) -> int:
    """Set a column in the one row that matches; returns the line of the row, the header being 1."""
    rows = read_rows(path)
    place = {name: i for i, name in enumerate(rows[0])}
    hits = [n for n, r in enumerate(rows[1:], 2) if all(r[place[k]] == v for k, v in where.items())]
    assert len(hits) == 1, f"{where} matches lines {hits}"
    rows[hits[0] - 1][place[column]] = value
    write_rows(path, rows)
    return hits[0]


def add_row(path: Path, like: dict[str, str], **new: str) -> int:
    """Add a copy of the last row that matches below it, with new values; returns its line."""
    rows = read_rows(path)
    place = {n: i for i, n in enumerate(rows[0])}
    at = max(i for i, r in enumerate(rows) if all(r[place[k]] == v for k, v in like.items()))
    row = rows[at].copy()
    for column, text in new.items():
        row[place[column]] = text
    write_rows(path, [*rows[: at + 1], row, *rows[at + 1 :]])
    return at + 2


def write_three_rows(target: Path) -> Path:
    """A ledger of three deals: everything else holds only what they refer to, or nothing."""
    shutil.copytree(FROZEN, target)
    keep = {
        ("openai-aws-compute", "2025-11-03"),
        ("amazon-openai-equity", "2025-12-16"),
        ("openai-azure-compute", "2025-10-28"),
    }
    deals = read_rows(target / "deals.csv")
    kept = [r for r in deals[1:] if (r[0], r[1]) in keep]
    assert len(kept) == 3
    part, source, low = deals[0].index("part_of"), deals[0].index("source"), deals[0].index("payer")
    for row in kept:
        row[part] = ""
    write_rows(target / "deals.csv", [deals[0], *kept])
    used = {r[source] for r in kept}
    parties = {p for r in kept for p in r[low : low + 2]}
    for name, wanted in (("sources", used), ("entities", parties)):
        rows = read_rows(target / f"{name}.csv")
        write_rows(target / f"{name}.csv", [rows[0], *(r for r in rows[1:] if r[0] in wanted)])
    for name in ("metrics", "terms", "sites", "chips", "prices", "outside_models", "checks", "groups"):
        write_rows(target / f"{name}.csv", read_rows(target / f"{name}.csv")[:1])
    # Over those of a project it is copied to, which has predictions of parties that this ledger does not name.
    write_rows(target / "fiscal_years.csv", [["entity", "month", "note"]])
    write_rows(target / "filings.csv", read_rows(SMALL / "filings.csv")[:1])
    write_rows(target / "predictions.csv", read_rows(SMALL / "predictions.csv")[:1])
    rows = read_rows(target / "assumptions.csv")
    write_rows(target / "assumptions.csv", [rows[0], *([*r[:-1], ""] for r in rows[1:])])
    return target


def shared(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder made once, whichever worker comes first; nobody changes it."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


def shared_site(tmp_path_factory: pytest.TempPathFactory, name: str, **settings) -> Path:
    """A site built once, whichever worker comes first."""
    from analysis.book.publishing.build import Settings, build

    return shared(tmp_path_factory, f"site-{name}", lambda out: build(Settings(out=out, **settings)))


def shared_project(tmp_path_factory: pytest.TempPathFactory, *chapters: str) -> Path:
    """A copy of the project whose book has a first page and some chapters."""
    from tests.soak.faults import copy_project, shorten

    def make(root: Path) -> None:
        root.mkdir()
        copy_project(root)
        shorten(root, chapters)

    return shared(tmp_path_factory, "project-" + "-".join(chapters), make)


@pytest.fixture(scope="session")
def three_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory, "three", write_three_rows)


@pytest.fixture(scope="session")
def three(three_rows: Path) -> Ledger:
    """That ledger, loaded once so that what is computed of it is kept from test to test."""
    return Ledger.load(three_rows)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the project's own ledger, as it would be published."""
    return shared_site(tmp_path_factory, "newest")


@pytest.fixture(scope="session")
def site_then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger as known on an earlier day, for a site and a repository whose public addresses are known."""
    from analysis.book.pages.addresses import Addresses

    addresses = Addresses(PUBLIC, REPOSITORY)
    return shared_site(tmp_path_factory, "then", data=FROZEN, as_of="2025-12-17", addresses=addresses)


@pytest.fixture(scope="session")
def site_hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of hostile and extreme text, of empty tables and of thousands of rows."""
    from tests.hostile import write_hostile

    data = shared(tmp_path_factory, "hostile", write_hostile)
    return shared_site(tmp_path_factory, "hostile", data=data)


@pytest.fixture(scope="session")
def site_small(tmp_path_factory: pytest.TempPathFactory, three_rows: Path) -> Path:
    """A ledger of three deals: empty tables, charts of one point, years without data."""
    return shared_site(tmp_path_factory, "small", data=three_rows)


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger and facts of later days that no chapter was written for."""
    from tests.later import copy_of, with_facts_nobody_wrote_for

    return shared(tmp_path_factory, "later", lambda folder: with_facts_nobody_wrote_for(copy_of(folder)))


@pytest.fixture
def site_later(tmp_path_factory: pytest.TempPathFactory, later: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The chapters that those facts belong to, or that tell them. A test that takes this works in their project."""
    work_in(monkeypatch, shared_project(tmp_path_factory, "microsoft", "oracle_softbank", "circularity", "exposure"))
    return shared_site(tmp_path_factory, "later", data=later)


@pytest.fixture(scope="session")
def short_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one chapter: enough for what no chapter has a part in."""
    return shared_project(tmp_path_factory, "amazon")


@pytest.fixture(scope="session")
def site_short(tmp_path_factory: pytest.TempPathFactory, three_rows: Path, short_project: Path) -> Path:
    """A ledger of three deals in a report of one chapter. What it ran and drew is kept in that project."""
    with pytest.MonkeyPatch.context() as patch:
        work_in(patch, short_project)
        patch.setattr(paths, "CACHE", short_project / "_build" / ".cache")
        return shared_site(tmp_path_factory, "short", data=three_rows)


def work_in(patch: pytest.MonkeyPatch, project: Path) -> None:
    """Have the package find everything but what it builds and keeps in a copy of the project."""
    places = {name: path for name, path in vars(paths).items() if isinstance(path, Path)}
    for name, path in places.items():
        if path.is_relative_to(paths.BUILD):
            continue
        patch.setattr(paths, name, project / path.relative_to(places["ROOT"]))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory):
    """A scheduler on loopback and two workers that do not know the project: another folder, no path to the package."""
    folder = tmp_path_factory.mktemp("cluster")
    runner = str(Path(sys.executable).with_name("dask"))
    elsewhere = {
        "cwd": folder,
        "env": os.environ | {"PYTHONPATH": ""},
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    address_file = folder / "scheduler.json"
    scheduler = [
        runner,
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(address_file),
    ]
    started = [subprocess.Popen(scheduler, **elsewhere)]
    deadline = time.monotonic() + 60
    while not (address_file.exists() and address_file.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.1)
    address = json.loads(address_file.read_text())["address"]
    worker = [
        runner,
        "worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
        "--local-directory",
        str(folder / "dask"),
    ]
    workers = [subprocess.Popen([*worker, "--name", f"w{i}"], **elsewhere) for i in range(2)]
    yield address, workers
    for process in [*workers, *started]:
        process.kill()
        process.wait()
