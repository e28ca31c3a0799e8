"""A chapter runs when, and only when, something that its run rests on changed; cached runs are used again."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.publishing import runs
from analysis.book.publishing.build import load
from analysis.book.publishing.runs import run_stale
from analysis.book.publishing.settings import Settings
from analysis.book.publishing.stopwatch import DRAWING, STEPS
from analysis.book.running import environment, forks, imports, notebooks
from analysis.book.running.cache import CacheKey, ChapterCache, code_cells
from analysis.book.running.files import prune
from analysis.digests import digest_of_files
from analysis.ledger import Ledger, reading_log
from tests.conftest import add_row, change, key_days, roundtrip, work_in
from tests.ledgers import FROZEN


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three small chapters with a cache of its own."""
    folder = tmp_path / "chapters"
    folder.mkdir()
    begin = "as_of = None\ndata = None\nscenario = 'central'"
    load = "from analysis.ledger import Ledger\nledger = Ledger.load(data, as_of)"
    for name, cell in (
        ("deals", "len(ledger.deals)"),
        ("prices", "from analysis.models import compute\nlen(ledger.prices)"),
        ("history", "len(ledger.history['metrics'])"),
    ):
        cells = [
            nbformat.v4.new_markdown_cell(f"# {name}"),
            nbformat.v4.new_code_cell(begin, metadata={"tags": ["parameters"]}),
        ]
        cells += [nbformat.v4.new_code_cell(c) for c in (load, cell)]
        notebooks.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    monkeypatch.setattr(paths, "CHAPTERS", folder)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return folder


def reasons(tmp_path: Path, data: Path | None = None, **how) -> dict[str, str]:
    """Why each chapter ran or not."""
    ran = tmp_path / f"ran{time.monotonic_ns()}"
    ran.mkdir()
    settings, said = Settings(data=data, **how), []
    run_stale(settings, load(settings), ran, explain=said.append)
    assert len(list(ran.glob("*.ipynb"))) == len(said)
    return dict(line.split(": ", 1) for line in said)


def test_a_chapter_runs_when_and_only_when_what_it_used_changed(book: Path, copy: Path, tmp_path: Path):
    first = reasons(tmp_path, copy)
    assert set(first.values()) == {"runs, it has not run before"}
    assert all(r.startswith("kept") for r in reasons(tmp_path, copy).values())
    add_row(copy / "prices.csv", {"instance": "p5.48xlarge"}, as_of="2026-03-02", region="us-east-9")
    assert {k: r.split(",")[0] for k, r in reasons(tmp_path, copy).items()} == {
        "deals": "kept",
        "history": "kept",
        "prices": "runs",
    }
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-03-30", value="20.9")
    said = reasons(tmp_path, copy)
    assert said == {
        "deals": said["deals"],
        "prices": said["prices"],
        "history": "runs, what it reads changed: metrics/history",
    }
    assert said["deals"].startswith("kept") and said["prices"].startswith("kept")


def test_a_chapter_that_reads_some_rows_depends_on_no_others(book: Path, copy: Path, tmp_path: Path):
    """A new figure of a company leaves alone what reads another one, as known on the day or on earlier ones."""
    code = nbformat.v4.new_code_cell("print(ledger.part('metrics', 'entity', 'openai', 'oracle')['value'].sum())")
    then = nbformat.v4.new_code_cell("print(len(ledger.at('2025-12-17').part('metrics', 'entity', 'openai')))")
    for name, cell in (("own", code), ("then", then)):
        source = notebooks.read(book / "deals.ipynb")
        source.cells[-1] = cell
        notebooks.write(source, book / f"{name}.ipynb")
    reasons(tmp_path, copy)
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-03-30", value="20.9")
    said = reasons(tmp_path, copy)
    assert said["own"].startswith("kept") and said["then"].startswith("kept")
    add_row(copy / "metrics.csv", {"entity": "openai", "metric": "annualized_revenue_ads"}, as_of="2026-03-30")
    said = reasons(tmp_path, copy)
    assert said["own"] == "runs, what it reads changed: metrics[entity=openai]"
    assert said["then"] == "runs, what it reads changed: metrics[entity=openai]/history"


def test_a_chapter_that_reads_some_columns_depends_on_no_others(book: Path, copy: Path, tmp_path: Path):
    source = notebooks.read(book / "deals.ipynb")
    code = "print(ledger.tables.columns('metrics', ('source', 'second_source'))['source'].nunique())"
    source.cells[-1] = nbformat.v4.new_code_cell(code)
    notebooks.write(source, book / "own.ipynb")
    added = {"entity": "softbank", "metric": "ltv", "as_of": "2026-03-30"}
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-03-30", value="20.9")
    reasons(tmp_path, copy)
    change(copy / "metrics.csv", added, "value", "21.6")
    assert reasons(tmp_path, copy)["own"].startswith("kept")
    change(copy / "metrics.csv", added, "source", Ledger.load(copy).deals["source"].iloc[0])
    assert reasons(tmp_path, copy)["own"] == "runs, what it reads changed: metrics(source,second_source)"


def test_what_took_longest_starts_first(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By the last run of each; where no run is known, what reaches more code of the package first."""
    started: list[str] = []
    run = forks.run
    monkeypatch.setattr(forks, "run", lambda tasks, *how: run([t for t in tasks if not started.append(t.name)], *how))
    reasons(tmp_path)
    assert started == ["prices", "deals", "history"], "prices imports a model, the others only the ledger"
    kept = ChapterCache(tmp_path / "cache" / "chapters")
    other = CacheKey("other", "other", "other", "other")
    for name, seconds in (("deals", 2.0), ("history", 30.0), ("prices", 4.0)):
        kept.keep(name, other, {}, {}, seconds)
    started.clear()
    reasons(tmp_path, as_of=key_days()[-2])
    assert started == ["history", "prices", "deals"]


def test_prose_is_not_run_code_is(book: Path, tmp_path: Path):
    reasons(tmp_path)
    source = notebooks.read(book / "deals.ipynb")
    source.cells[0].source = "# Another title"
    notebooks.write(source, book / "deals.ipynb")
    assert reasons(tmp_path)["deals"].startswith("kept")
    ran = tmp_path / "seen"
    ran.mkdir()
    run_stale(Settings(), load(Settings()), ran)
    shown = notebooks.read(ran / "deals.ipynb")
    assert shown.cells[0].source == "# Another title" and shown.cells[-1].outputs, "new prose, kept outputs"
    source.cells[-1].source = "len(ledger.deals) + 1"
    notebooks.write(source, book / "deals.ipynb")
    said = reasons(tmp_path)
    assert said["deals"] == "runs, its code changed" and said["history"].startswith("kept")


def test_only_what_a_chapter_reaches_of_the_package_counts(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = {p.stem: [c["source"] for c in code_cells(notebooks.read(p))] for p in book.glob("*.ipynb")}
    assert any(f.name == "compute.py" for f in imports.reached_files(source["prices"]))
    assert not any(f.name == "compute.py" for f in imports.reached_files(source["deals"]))
    assert any(f.name == "view.py" for f in imports.reached_files(source["deals"])), "imports of imports are followed"
    own = tmp_path / "copy"
    shutil.copytree(paths.ROOT / "analysis", own / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(paths, "ROOT", own)
    before = {n: digest_of_files(imports.reached_files(c), own) for n, c in source.items()}
    (own / "analysis" / "models" / "compute.py").open("a").write("\n# changed\n")
    after = {n: digest_of_files(imports.reached_files(c), own) for n, c in source.items()}
    assert {n for n in source if before[n] != after[n]} == {"prices"}


def test_another_day_scenario_or_package_runs_again(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    reasons(tmp_path)
    assert set(reasons(tmp_path, as_of=key_days()[-2]).values()) == {"runs, the day or scenario changed"}
    assert all(r.startswith("kept") for r in reasons(tmp_path, as_of=key_days()[-2]).values()), "both days stay kept"
    assert all(r.startswith("kept") for r in reasons(tmp_path).values())
    monkeypatch.setattr(runs, "environment_digest", lambda: "other")
    assert set(reasons(tmp_path).values()) == {"runs, the installed packages changed"}


def test_going_back_to_an_earlier_figure_runs_nothing(book: Path, copy: Path, tmp_path: Path):
    """Three states of one ledger under one key, whichever was built last; also a ledger of that day elsewhere."""
    prices = copy / "prices.csv"
    states = [prices.read_text(encoding="utf-8")]
    for region in ("us-east-8", "us-east-9"):
        add_row(prices, {"instance": "p5.48xlarge"}, as_of="2026-03-02", region=region)
        states.append(prices.read_text(encoding="utf-8"))
    ran = []
    for state in states:
        prices.write_text(state, encoding="utf-8")
        ran.append([name for name, why in reasons(tmp_path, copy).items() if why.startswith("runs")])
    assert ran == [["deals", "history", "prices"], ["prices"], ["prices"]]
    for state in (states[0], states[2], states[1]):
        prices.write_text(state, encoding="utf-8")
        assert set(reasons(tmp_path, copy).values()) == {"kept, nothing it uses changed"}
    assert set(reasons(tmp_path, FROZEN).values()) == {"kept, nothing it uses changed"}, "the ledger that was copied"


def test_what_was_built_before_does_not_show(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A chapter whose cells have new ids and new prose is, from its cached run, the same file as when it is run."""
    reasons(tmp_path)
    source = notebooks.read(book / "deals.ipynb")
    for number, cell in enumerate(source.cells):
        cell.id = f"cell-{number}"
    source.cells[0].source = "# Another title"
    notebooks.write(source, book / "deals.ipynb")
    made = []
    for cache in ("cache", "empty"):
        monkeypatch.setattr(paths, "CACHE", tmp_path / cache)
        folder = tmp_path / f"from-{cache}"
        folder.mkdir()
        assert len(run_stale(Settings(), load(Settings()), folder)) == (3 if cache == "empty" else 0)
        made.append((folder / "deals.ipynb").read_bytes())
    assert made[0] == made[1]


def test_the_installed_packages_count_not_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from importlib.metadata import version

    before = environment.installed_versions()
    for name in ("pandas", "scipy", "vl-convert-python"):
        assert before[name] == version(name)
    assert "roundtrip" not in before, "the package counts by its files"
    digest = environment.environment_digest.__wrapped__()
    (tmp_path / "nobody_needs-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert environment.environment_digest.__wrapped__() == digest, "what the lock does not name is no matter"
    (tmp_path / "pandas-99.0.dist-info").mkdir()
    assert environment.installed_versions() == before | {"pandas": "99.0"}
    assert environment.environment_digest.__wrapped__() != digest
    monkeypatch.setattr(paths, "LOCK", tmp_path / "none")
    assert environment.installed_versions()["nobody-needs"] == "1.0"


def test_the_cache_stays_below_its_size(tmp_path: Path):
    """The run that was not used for longest goes first."""
    key, book = CacheKey("c", "p", "d", "e"), {"cells": [{"cell_type": "markdown", "source": "x" * 1000}]}
    cache = ChapterCache(tmp_path, limit=3500)
    for state in ("one", "two"):
        cache.keep("deals", key, {"deals": state}, book, 1.0)
        time.sleep(0.01)
    assert cache.find("deals", key, lambda name: "one")[0] == book
    time.sleep(0.01)
    cache.keep("deals", key, {"deals": "three"}, book, 1.0)
    found = {s: cache.find("deals", key, lambda name, s=s: s)[0] is not None for s in ("one", "two", "three")}
    assert found == {"one": True, "two": False, "three": True}
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 3500
    prune(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []
    prune(tmp_path / "none", 0)


@pytest.mark.parametrize("damage", ["", "{", "half", "wrong", "null"])
def test_a_damaged_kept_run_is_made_anew(book: Path, tmp_path: Path, damage: str):
    reasons(tmp_path)
    (kept,) = (tmp_path / "cache" / "chapters").glob("deals-*.json")
    text = kept.read_text()
    wrong = text.replace('"outputs"', '"0utputs"')
    assert wrong != text
    kept.write_text({"half": text[: len(text) // 2], "wrong": wrong}.get(damage, damage))
    said = reasons(tmp_path)
    assert said["deals"] == "runs, its cached run is damaged" and said["prices"].startswith("kept")
    assert all(r.startswith("kept") for r in reasons(tmp_path).values())


def test_readings_are_noted():
    reading_log.clear()
    ledger = Ledger.load(FROZEN)
    assert reading_log.digests() == {}
    ledger.name("openai")
    assert set(reading_log.digests()) == {"entities"}
    assert len(ledger.at("2025-12-17").deals)
    assert set(reading_log.digests()) == {"entities", "deals/history"}
    assert len(Ledger.load(FROZEN).sites)
    assert "sites/history" in reading_log.digests(), "a second ledger counts as history, which holds more"
    assert len(ledger.at("2025-12-17")["assumptions"])
    found = reading_log.digests()
    assert found["assumptions"] == reading_log.content(ledger, "assumptions") != "", "it has no days"
    reading_log.clear()


def test_nothing_changed_is_decided_before_anything_is_loaded(
    three_rows: Path, short_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Through the command: the second build runs nothing and imports neither pandas nor Sphinx, though it removes
    what a killed build left; a touched site is built again."""
    work_in(monkeypatch, short_project)
    monkeypatch.setattr(paths, "CACHE", short_project / "_build" / ".cache")  # that of the command in the project
    out = tmp_path / "site"
    command = ["build", "--explain", "--data", str(three_rows), "--out", str(out)]
    done = roundtrip(*command)
    (times,) = [line for line in done.stdout.splitlines() if STEPS[0] in line]
    assert done.returncode == 0 and re.findall(r"[a-z][a-z ]+(?= \d)", times) == [*STEPS]
    spent = [float(number) for number in re.findall(r"\d+\.\d", times)]
    drawing = spent[1 + STEPS.index(DRAWING)]
    assert 0.5 * spent[0] < sum(spent[1:]) - drawing < spent[0] + 1, "the steps make up the build"
    left = tmp_path / ".site.build-dead"
    left.mkdir()
    again = [sys.executable, "-X", "importtime", "-m", "analysis.cli", *command]
    done = subprocess.run(again, check=True, capture_output=True, text=True, cwd=short_project)
    assert "nothing changed since the site was built" in done.stdout and not left.exists()
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"pandas", "sphinx", "numpy", "altair", "papermill"}, "decided by digests alone"
    (out / "index.html").write_text("spoiled")
    done = roundtrip(*command)
    assert "kept, nothing it uses changed" in done.stdout and "runs" not in done.stdout
    assert "Round Trip" in (out / "index.html").read_text(encoding="utf-8")
