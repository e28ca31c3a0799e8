"""Short runs of what ``make soak`` does a hundred times: killed commands, two at once; and cells that take too much."""

import fcntl
import sys
from pathlib import Path

import pytest

from analysis.book.publishing import placement
from analysis.book.running.chapters import ChapterError, run_chapters
from tests.soak import faults
from tests.test_running import chapter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and exchanges folders in one step")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, three_rows: Path) -> faults.Project:
    return faults.Project.make(tmp_path_factory.mktemp("faults"), three_rows, is_short=True)


def test_killed_builds_lose_nothing(project: faults.Project, tmp_path: Path):
    count = faults.kill_builds(project, tmp_path, 2, seed=6)
    assert count.lost == [] and count.cut == 2 and count.read > 100, count.line()


def test_killed_sweeps_and_accepts_lose_nothing(project: faults.Project, tmp_path: Path):
    for kill in (faults.kill_sweeps, faults.kill_accepts):
        count = kill(project, tmp_path, 1, 5)
        assert count.lost == [] and count.cut == 1, count.line()


def test_the_reader_sees_what_is_not_whole(tmp_path: Path):
    (tmp_path / "a").write_text("old")
    whole = [faults.seen(tmp_path)]
    count = faults.Count("x")
    with faults.Reader(tmp_path, whole, count) as reader:
        while not count.read:
            pass
        assert count.lost == []
        (tmp_path / "a").write_text("half")
        while not count.lost:
            pass
        assert reader.thread.is_alive() and "half old, half new" in count.lost[0]


@pytest.mark.parametrize(
    "cell",
    [
        "x = bytearray(9 << 30)",
        "import numpy as np\nheld = [np.empty(1 << 27) for _ in range(12)]",
        "import numpy as np\nnp.ones(2 << 30)",
    ],
    ids=["at once", "bit by bit", "an array"],
)
def test_a_cell_that_eats_memory_is_refused_it(tmp_path: Path, cell: str):
    (tmp_path / "ran").mkdir()
    with pytest.raises(ChapterError, match=r"eats.ipynb, cell \d+, line \d+: \w*MemoryError"):
        run_chapters([chapter(tmp_path, "eats", cell)], tmp_path / "ran", {})


def test_the_leftovers_of_a_killed_build_go_unless_another_is_at_work(tmp_path: Path):
    left = tmp_path / ".site.build-dead"
    left.mkdir()
    with (tmp_path / ".site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        placement.remove_leftovers(tmp_path / "site")
        assert left.exists()
    placement.remove_leftovers(tmp_path / "site")
    assert not left.exists()
