"""Running chapters: each in a process of its own, kept until something it used changes, never an orphan."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.publishing import build as building
from analysis.book.publishing.background import Beside
from analysis.book.publishing.settings import Settings
from analysis.book.running import forks, notebooks, stale
from analysis.book.running.chapters import ChapterError, run_chapters
from analysis.ledger import Ledger, reading_log
from tests.conftest import EXECUTABLE, add_row, heed_interruptions, roundtrip


def chapter(folder: Path, name: str, *cells: str) -> Path:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebooks.write(book, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def texts(path: Path) -> str:
    return "".join(
        str(o.get("text") or o.get("data")) for c in notebooks.read(path).cells for o in c.get("outputs", [])
    )


def test_a_chapter_that_fails_is_named(tmp_path: Path):
    bad = chapter(tmp_path, "bad", "x = 1", "raise KeyError('gone')")
    (tmp_path / "ran").mkdir()
    with pytest.raises(ChapterError, match=r"bad.ipynb, cell \d+: KeyError: 'gone'"):
        run_chapters([bad], tmp_path / "ran", {})


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import os; os._exit(3)", r"died.ipynb: Died: its process ended without an answer \(code 3\)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", r"code -9"),
        ("import sys; sys.exit(5)", r"died.ipynb, cell \d+: SystemExit"),
    ],
)
def test_a_chapter_that_dies_is_named(tmp_path: Path, cell: str, message: str):
    (tmp_path / "ran").mkdir()
    with pytest.raises(ChapterError, match=message):
        run_chapters([chapter(tmp_path, "died", cell)], tmp_path / "ran", {})


def test_a_cell_that_hangs_is_stopped(tmp_path: Path):
    from analysis.book.running.chapters import execute

    slow = chapter(tmp_path, "slow", "import time\ntry:\n    time.sleep(60)\nexcept Exception:\n    pass")
    task = forks.Task("slow", execute, (str(slow), str(tmp_path / "out.ipynb"), {}, 0.5))
    began = time.monotonic()
    (done,) = forks.run([task], 1)
    assert "a cell took longer than 0.5 s" in str(done.error) and time.monotonic() - began < 30


def never(alive) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGALRM})
    time.sleep(60)


def test_a_task_without_a_sign_of_life_is_killed():
    (done,) = forks.run([forks.Task("never", never, ())], 1, silence=1.0)
    assert isinstance(done.error, forks.Died) and "no sign of life" in str(done.error)


def late(seconds: float, alive) -> float:
    time.sleep(seconds)
    return seconds


def broken(alive) -> None:
    raise ValueError("broken on purpose")


def dying(alive) -> None:
    os._exit(3)


def test_tasks_end_when_what_they_are_for_is_over():
    """The one that runs is ended, the next does not begin."""
    over = threading.Event()
    began = time.monotonic()
    threading.Timer(1.0, over.set).start()
    assert list(forks.run([forks.Task(n, late, (60.0,)) for n in "ab"], 1, over=over)) == []
    assert time.monotonic() - began < 30


def test_what_is_made_beside_a_build(tmp_path: Path):
    """Values in the order of the arguments, the error of what failed, nothing that outlives the block."""
    with Beside(tmp_path, 2) as beside:
        assert beside.fork(late, [(0.3,), (0.0,)]).result() == [0.3, 0.0]
        with pytest.raises(ValueError, match="broken on purpose"):
            beside.fork(broken, [()]).result()
        with pytest.raises(building.BuildError, match=r"files of the site could not be made: .* \(code 3\)"):
            beside.fork(dying, [()]).result()
    began = time.monotonic()
    with Beside(tmp_path, 1) as beside:
        unfinished = beside.fork(late, [(60.0,), (60.0,)])
        time.sleep(0.5)
    assert time.monotonic() - began < 30 and unfinished.done()


def test_chapters_see_nothing_of_each_other(tmp_path: Path):
    """One changes modules, the environment, pandas' options and the working folder; the next finds all as it was."""
    (tmp_path / "ran").mkdir()
    spoil = (
        "import os, sys, builtins, pandas as pd, numpy as np, analysis.numbers.formats\n"
        "builtins.leak = 1; os.environ['LEAK'] = '1'; sys.modules['leaked'] = os; pd.set_option('display.precision', 1)\n"
        "analysis.numbers.formats.UNKNOWN = 'leak'; np.random.seed(7); np.random.rand(); os.chdir('/')"
    )
    look = (
        "import os, sys, builtins, pandas as pd, analysis.numbers.formats\n"
        "print(hasattr(builtins, 'leak'), 'LEAK' in os.environ, 'leaked' in sys.modules, pd.get_option('display.precision'),"
        " analysis.numbers.formats.UNKNOWN, os.path.basename(os.getcwd()), 'x' in globals(), os.getpid())"
    )
    sources = [chapter(tmp_path, f"a{i}", "x = 1", spoil if i % 2 == 0 else look) for i in range(6)]
    run_chapters(sources, tmp_path / "ran", {}, jobs=1)
    seen = [texts(tmp_path / "ran" / f"a{i}.ipynb").split() for i in (1, 3, 5)]
    assert [s[:7] for s in seen] == [["False", "False", "False", "6", "not", "known", tmp_path.name]] * 3
    assert len({s[-1] for s in seen}) == 3, "each in a process of its own"


def test_what_the_engine_stores_is_what_a_kernel_stores(tmp_path: Path):
    """The same cells through papermill's own engine, with a kernel, and through ours."""
    import papermill

    source = chapter(
        tmp_path,
        "both",
        "import pandas as pd\nprint('one'); print('two')",
        "import sys\nprint('err', file=sys.stderr)\n'value'",
        "from IPython.display import display\ndisplay(pd.DataFrame({'a': [1.5, None]}))\n3.14",
        "import altair as alt\nfrom analysis.figures import theme\nalt.Chart(pd.DataFrame({'x': [1]})).mark_point().encode(x='x:Q')",
        "x = 5;",
    )
    (tmp_path / "ran").mkdir()
    run_chapters([source], tmp_path / "ran", {})
    papermill.execute_notebook(str(source), str(tmp_path / "kernel.ipynb"), kernel_name="python3", progress_bar=False)
    kernel = notebooks.normalise(notebooks.read(tmp_path / "kernel.ipynb"))
    ours = notebooks.read(tmp_path / "ran" / "both.ipynb")
    assert [c.get("outputs") for c in ours.cells] == [c.get("outputs") for c in kernel.cells]


# What is stale


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
    monkeypatch.setattr(building, "CACHE", tmp_path / "cache")
    return folder


def reasons(tmp_path: Path, data: Path | None = None, **how) -> dict[str, str]:
    """Why each chapter ran or not."""
    ran = tmp_path / f"ran{time.monotonic_ns()}"
    ran.mkdir()
    settings, said = Settings(data=data, **how), []
    building.run_stale(settings, building.load(settings), ran, explain=said.append)
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
    """Rows of one company, as known on the day and on earlier ones; a new figure of another company leaves both alone."""
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


def test_what_took_longest_starts_first(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By the last run of each; where no run is known, what reaches more code of the package first."""
    started: list[str] = []
    run = forks.run
    monkeypatch.setattr(forks, "run", lambda tasks, *how: run([t for t in tasks if not started.append(t.name)], *how))
    reasons(tmp_path)
    assert started == ["prices", "deals", "history"], "prices imports a model, the others only the ledger"
    kept = stale.Runs(tmp_path / "cache" / "chapters")
    at = stale.Ground("other", "other", "other", "other")
    for name, seconds in (("deals", 2.0), ("history", 30.0), ("prices", 4.0)):
        kept.keep(name, at, {}, {}, seconds)
    started.clear()
    reasons(tmp_path, as_of="2025-12-17")
    assert started == ["history", "prices", "deals"]


def test_prose_is_not_run_code_is(book: Path, tmp_path: Path):
    reasons(tmp_path)
    source = notebooks.read(book / "deals.ipynb")
    source.cells[0].source = "# Another title"
    notebooks.write(source, book / "deals.ipynb")
    assert reasons(tmp_path)["deals"].startswith("kept")
    ran = tmp_path / "seen"
    ran.mkdir()
    building.run_stale(Settings(), building.load(Settings()), ran)
    shown = notebooks.read(ran / "deals.ipynb")
    assert shown.cells[0].source == "# Another title" and shown.cells[-1].outputs, "new prose, kept outputs"
    source.cells[-1].source = "len(ledger.deals) + 1"
    notebooks.write(source, book / "deals.ipynb")
    said = reasons(tmp_path)
    assert said["deals"] == "runs, its code changed" and said["history"].startswith("kept")


def test_only_what_a_chapter_reaches_of_the_package_counts(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = {p.stem: stale.code_cells(json.loads(p.read_text())) for p in book.glob("*.ipynb")}
    assert any(f.name == "compute.py" for f in stale.reached(source["prices"]))
    assert not any(f.name == "compute.py" for f in stale.reached(source["deals"]))
    assert any(f.name == "view.py" for f in stale.reached(source["deals"])), "imports of imports are followed"
    own = tmp_path / "copy"
    shutil.copytree(paths.ROOT / "analysis", own / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(paths, "ROOT", own)
    before = {n: stale.digest_of_files(stale.reached(c), own) for n, c in source.items()}
    (own / "analysis" / "models" / "compute.py").open("a").write("\n# changed\n")
    after = {n: stale.digest_of_files(stale.reached(c), own) for n, c in source.items()}
    assert {n for n in source if before[n] != after[n]} == {"prices"}


def test_another_day_scenario_or_lock_runs_again(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    reasons(tmp_path)
    assert set(reasons(tmp_path, as_of="2025-12-17").values()) == {"runs, the day or scenario changed"}
    assert all(r.startswith("kept") for r in reasons(tmp_path, as_of="2025-12-17").values()), "both days stay kept"
    assert all(r.startswith("kept") for r in reasons(tmp_path).values())
    monkeypatch.setattr(stale, "lock", lambda: "other")
    assert all(r.startswith("runs") and r.endswith("the dependencies changed") for r in reasons(tmp_path).values())


@pytest.mark.parametrize("damage", ["", "{", "half", "wrong", "null"])
def test_a_damaged_kept_run_is_made_anew(book: Path, tmp_path: Path, damage: str):
    reasons(tmp_path)
    (kept,) = (tmp_path / "cache" / "chapters").glob("deals-*.json")
    text = kept.read_text()
    kept.write_text({"half": text[: len(text) // 2], "wrong": text.replace("137", "731")}.get(damage, damage))
    said = reasons(tmp_path)
    assert said["deals"] == "runs, its kept run is damaged" and said["prices"].startswith("kept")
    assert all(r.startswith("kept") for r in reasons(tmp_path).values())


def test_readings_are_noted():
    reading_log.clear()
    ledger = Ledger.load()
    assert reading_log.digests() == {}
    ledger.name("openai")
    assert set(reading_log.digests()) == {"entities"}
    assert len(ledger.at("2025-12-17").deals)
    assert set(reading_log.digests()) == {"entities", "deals/history"}
    assert len(Ledger.load().sites)
    assert "sites/history" in reading_log.digests(), "a second ledger counts as history, which holds more"
    reading_log.clear()


def test_nothing_changed_is_decided_before_anything_is_loaded(three_rows: Path, tmp_path: Path):
    """Through the command: the second build runs nothing; it imports neither pandas nor Sphinx; a touched site is built again."""
    out = tmp_path / "site"
    command = ["build", "--explain", "--data", str(three_rows), "--out", str(out)]
    assert roundtrip(*command).returncode == 0
    again = [sys.executable, "-X", "importtime", "-m", "analysis.cli", *command]
    done = subprocess.run(again, check=True, capture_output=True, text=True)
    assert "nothing changed since the site was built" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"pandas", "sphinx", "numpy", "altair", "papermill"}, "decided by digests alone"
    (out / "index.html").write_text("spoiled")
    done = roundtrip(*command)
    assert "kept, nothing it uses changed" in done.stdout and "runs" not in done.stdout
    assert "round trip" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_process(tmp_path: Path, sent: signal.Signals):
    mark = f"mark-{time.monotonic_ns()}"
    command = [
        *EXECUTABLE,
        "build",
        "--as-of",
        f"2025-11-0{3 if sent == signal.SIGINT else 4}",
        "--out",
        str(tmp_path / "site"),
    ]
    running = subprocess.Popen(
        command,
        env=os.environ | {"MARK": mark},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_interruptions,
    )

    def ours() -> list[int]:
        found = []
        for p in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark.encode() in p.read_bytes():
                    found.append(int(p.parent.name))
            except OSError:
                continue
        return found

    deadline = time.monotonic() + 60
    while len(ours()) < 4 and time.monotonic() < deadline:  # the build, the server, its tracker, a chapter
        time.sleep(0.05)
    assert len(ours()) >= 4
    running.send_signal(sent)
    running.wait(30)
    deadline = time.monotonic() + 20
    while ours() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ours() == []
    if sent == signal.SIGINT:
        assert running.returncode == 130 and b"interrupted; the published site is as it was" in running.stderr.read()
