"""Running chapters: each in a process of its own, kept until something it used changes, never an orphan."""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest

from analysis import mime_types
from analysis.book.publishing.background import BackgroundTasks
from analysis.book.publishing.build import BuildError
from analysis.book.running import forks, nodes, notebooks
from analysis.book.running.chapters import ChapterError, run_chapters
from analysis.book.running.pace import Pace
from analysis.ledger import Ledger
from tests.conftest import EXECUTABLE, heed_interruptions
from tests.ledgers import FROZEN


def chapter(folder: Path, name: str, *cells: str, parameters: str = "") -> Path:
    begin = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})] if parameters else []
    book = nbformat.v4.new_notebook(cells=[*begin, *map(nbformat.v4.new_code_cell, cells)])
    notebooks.write(book, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


@pytest.mark.parametrize("end", ["import sys\nsys.exit()", "raise SystemExit(0)", "exit()"])
def test_a_cell_does_not_end_a_chapter_early(tmp_path: Path, end: str):
    """Papermill takes it for success, and what stood below would be missing from the page."""
    (tmp_path / "ran").mkdir()
    with pytest.raises(ChapterError, match=r"ends\.ipynb, cell 1.*SystemExit: .*end"):
        run_chapters([chapter(tmp_path, "ends", end, "x = 1")], tmp_path / "ran", {})


def texts(path: Path) -> str:
    return "".join(
        str(o.get("text") or o.get("data")) for c in notebooks.read(path).cells for o in c.get("outputs", [])
    )


def test_a_chapter_that_fails_is_named(tmp_path: Path):
    bad = chapter(tmp_path, "bad", "x = 1", "raise KeyError('gone')")
    (tmp_path / "ran").mkdir()
    with pytest.raises(ChapterError, match=r"bad.ipynb, cell 2, line 1: KeyError: 'gone'"):
        run_chapters([bad], tmp_path / "ran", {})


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import os; os._exit(3)", r"died.ipynb: TaskDied: its process ended without an answer \(code 3\)"),
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


def test_a_task_without_a_heartbeat_is_killed():
    (done,) = forks.run([forks.Task("never", never, ())], 1, heartbeat_timeout=1.0)
    assert isinstance(done.error, forks.TaskDied) and "no heartbeat" in str(done.error)


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
    with BackgroundTasks(tmp_path, 2) as beside:
        assert beside.fork(late, [(0.3,), (0.0,)]).result() == [0.3, 0.0]
        with pytest.raises(ValueError, match="broken on purpose"):
            beside.fork(broken, [()]).result()
        with pytest.raises(BuildError, match=r"files of the site could not be made: .* \(code 3\)"):
            beside.fork(dying, [()]).result()
    began = time.monotonic()
    with BackgroundTasks(tmp_path, 1) as beside:
        unfinished = beside.fork(late, [(60.0,), (60.0,)])
        time.sleep(0.5)
    assert time.monotonic() - began < 30 and unfinished.done()


def test_chapters_see_nothing_of_each_other(tmp_path: Path):
    """One changes modules, the environment, pandas' options and the working folder; the next finds all as it was."""
    (tmp_path / "ran").mkdir()
    spoil = (
        "import os, sys, builtins, pandas as pd, numpy as np, analysis.numbers.formats\nbuiltins.leak = 1;"
        " os.environ['LEAK'] = '1'; sys.modules['leaked'] = os; pd.set_option('display.precision',"
        " 1)\nanalysis.numbers.formats.UNKNOWN = 'leak'; np.random.seed(7); np.random.rand(); os.chdir('/')"
    )
    look = (
        "import os, sys, builtins, pandas as pd, analysis.numbers.formats\nprint(hasattr(builtins, 'leak'), 'LEAK' in"
        " os.environ, 'leaked' in sys.modules, pd.get_option('display.precision'), analysis.numbers.formats.UNKNOWN,"
        " os.path.basename(os.getcwd()), 'x' in globals(), os.getpid())"
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
        "import altair as alt\nfrom analysis.figures import notebook_display\nalt.Chart(pd.DataFrame({'x':"
        " [1]})).mark_point().encode(x='x:Q')",
        "x = 5;",
    )
    (tmp_path / "ran").mkdir()
    run_chapters([source], tmp_path / "ran", {})
    papermill.execute_notebook(str(source), str(tmp_path / "kernel.ipynb"), kernel_name="python3", progress_bar=False)
    kernel = notebooks.normalise(notebooks.read(tmp_path / "kernel.ipynb"))
    ours = notebooks.read(tmp_path / "ran" / "both.ipynb")
    chart = kernel.cells[-2].outputs[0].data
    assert chart.pop(mime_types.CHART_IN_JUPYTER) == chart[mime_types.CHART], "what JupyterLab can draw"
    kernel = notebooks.complete_charts(kernel, "both", f"{Ledger.load().as_of:%Y-%m-%d}")
    assert [c.get("outputs") for c in ours.cells] == [c.get("outputs") for c in kernel.cells]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_process(tmp_path: Path, sent: signal.Signals):
    mark = f"mark-{time.monotonic_ns()}"
    command = [
        *EXECUTABLE,
        "build",
        "--data",
        str(FROZEN),
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


def test_the_time_left_follows_the_pace_so_far():
    now = iter([0.0, 10.0, 12.0, 200.0])
    pace = Pace({"long": 30.0, "short": 10.0, "middle": 20.0}, "chapters", lambda: next(now))
    assert pace.after("short") == "1 of 3 chapters, about 50 s left", "a sixth took 10 s"
    assert pace.after("long") == "2 of 3 chapters, about 10 s left", "two thirds took 12 s"
    assert pace.after("middle") == "3 of 3 chapters"
    now = iter([0.0, 100.0])
    pace = Pace({"known": 1.0, "new": math.inf, "other": 5.0}, "chapters", lambda: next(now))
    assert pace.after("known") == "1 of 3 chapters, about 3 min left", "where one is unknown all count the same"


def test_a_notebook_is_made_of_nodes_down_to_its_outputs():
    """What nbformat makes of it, but for the data of charts, which nobody asks by attribute."""
    chart = {"layer": [{"mark": "bar"}]}
    shown = {"output_type": "display_data", "metadata": {}, "data": {"application/json": chart}}
    cell = {"cell_type": "code", "source": "1", "metadata": {"tags": ["x"]}, "outputs": [shown]}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": [cell]}
    made = nodes.of(book)
    assert made == nbformat.from_dict(book)
    assert made.metadata.kernelspec.name == "python3" and made.cells[0].metadata.tags == ["x"]
    assert made.cells[0].outputs[0].data["application/json"] is chart
