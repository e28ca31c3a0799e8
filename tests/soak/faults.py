"""Commands killed at random moments, disks that are full or cannot be written, clocks that go back: what is
published stays whole.

A reader keeps reading the site all the while. Whatever it sees must be, byte for byte, a file of one of the complete
sites that were built undisturbed beforehand; the next run has to succeed with nothing cleaned by hand.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.running import notebooks
from tests.conftest import change, roundtrip, work_in

PARTS = ("analysis", "chapters", "data", "_config.yml", "_toc.yml", "references.bib", "requirements.lock")
AWS = {"deal": "openai-aws-compute"}
DAYS = "as_of,name,sentence\n2025-10-28,Azure,Azure is ordered.\n2025-11-03,AWS,AWS is ordered.\n"

Site = dict[str, str]  # digest of each file by name


@dataclass
class Count:
    """What was tried, how often a command was cut off at work, and what was lost."""

    what: str
    tried: int = 0
    cut: int = 0
    read: int = 0
    lost: list[str] = field(default_factory=list)

    def line(self) -> str:
        reads = f", {self.read} files read meanwhile" if self.read else ""
        return f"{self.what}: {self.tried} tried, {self.cut} cut off at work{reads}, {len(self.lost)} lost"


def seen(folder: Path) -> Site:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


@dataclass
class Project:
    """A copy of the project and two ledgers of a few rows that differ in one figure."""

    root: Path
    ledgers: tuple[Path, Path]

    @classmethod
    def make(cls, folder: Path, small: Path, is_short: bool = False) -> "Project":
        """``is_short``: a book of three chapters, for runs that have minutes."""
        root = folder / "project"
        root.mkdir()
        copy_project(root)
        if is_short:
            shorten(root, ("methods", "references"))
        ledgers = []
        for name, value in (("one", "38"), ("two", "39")):
            data = shutil.copytree(small, folder / name)
            change(data / "deals.csv", AWS, "high_usd_bn", value)
            (data / "vintages.csv").write_text(DAYS)
            ledgers.append(data)
        return cls(root, (ledgers[0], ledgers[1]))

    def start(self, *arguments: str, **how: object) -> subprocess.Popen[str]:
        how = {"env": os.environ | {"PYTHONPATH": str(self.root)}, "cwd": self.root} | how
        return subprocess.Popen(
            [sys.executable, "-m", "analysis.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **how,  # type: ignore[call-overload]
        )

    def run(self, *arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
        running = self.start(*arguments, **how)
        out, err = running.communicate(timeout=600)
        return subprocess.CompletedProcess(arguments, running.returncode, out, err)

    def must(self, *arguments: str) -> float:
        """Run to the end, as a command of its own; seconds it took."""
        began = time.monotonic()
        done = self.run(*arguments)
        if done.returncode:
            raise AssertionError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
        return time.monotonic() - began

    def build_here(self, *arguments: str) -> None:
        """Build to the end in this process, whose imports are there already; ``--data`` must be among the arguments, for
        the forks that run chapters know the package's own tables only."""
        with pytest.MonkeyPatch.context() as patch:
            work_in(patch, self.root)
            patch.setattr(paths, "CACHE", self.cache)
            done = roundtrip(*arguments)
        if done.returncode:
            raise AssertionError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")

    @property
    def cache(self) -> Path:
        return self.root / "_build" / ".cache"


def copy_project(root: Path) -> None:
    """Copy all that a build needs into an empty folder."""
    for part in PARTS:
        source = paths.ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / part)


LINK = re.compile(r"\[([^\]\n]+)\]\(([a-z_]+)(?:#[^)\n]*)?\)")
NUMBER = re.compile(r"\{num\}`(\w+)\.[^`]*`")


def shorten(root: Path, kept: tuple[str, ...]) -> None:
    """Leave some chapters, without what they say of others, and a first page that shows the deals."""
    for path in (root / "chapters").iterdir():
        if path.is_file() and path.suffix != ".py" and path.stem not in kept:
            path.unlink()
        elif path.suffix == ".ipynb":
            book = notebooks.read(path)
            for cell in (cell for cell in book.cells if cell.cell_type == "markdown"):
                text = LINK.sub(lambda m: m[0] if m[2] in kept else m[1], cell.source)
                text = NUMBER.sub(lambda m: m[0] if m[1] in kept else "as another chapter says", text)
                cell.source = notebooks.WHEN_BLOCK.sub(
                    lambda m: m[0] if m["key"].partition(".")[0] in kept else "", text
                )
            notebooks.write(book, path)
    (root / "chapters" / "about.md").write_text("# About\n")
    cells = [
        "as_of = None\ndata = None\nscenario = 'central'",
        "from analysis.ledger import Ledger\nledger = Ledger.load(data, as_of)",
        "ledger.deals",
    ]
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Short"), *map(nbformat.v4.new_code_cell, cells)]
    )
    book.cells[1].metadata["tags"] = ["parameters"]
    notebooks.write(book, root / "chapters" / "index.ipynb")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n" + "".join(f"  - file: {name}\n" for name in (*kept, "about"))
    )


def left_over(mark: str) -> list[int]:
    """Processes that still carry a mark in their environment (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found


@contextlib.contextmanager
def cut_off(project: Project, count: Count, seconds: float, random_: random.Random, *arguments: str) -> Iterator[bool]:
    """Start a command and kill it at a random moment; gives whether it was still at work."""
    mark = f"mark-{time.monotonic_ns()}"
    running = project.start(*arguments, env=os.environ | {"PYTHONPATH": str(project.root), "ROUNDTRIP_MARK": mark})
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(random_.uniform(0.05, seconds))
    was_at_work = running.poll() is None
    # Half of the time the command alone is killed: what it started must end by itself.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL) if random_.random() < 0.5 else running.kill()
    running.communicate()
    deadline = time.monotonic() + 20
    while (orphans := left_over(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if orphans:
        count.lost.append(f"{' '.join(arguments)}: processes {orphans} outlived it")
    count.tried += 1
    count.cut += was_at_work
    yield was_at_work


def _until(count: Count, cut: int) -> Iterator[int]:
    """Count turns until enough commands were cut off at work (one that had ended does not count), with a limit."""
    for turn in range(20 + 4 * cut):
        if count.cut >= cut:
            return
        yield turn


class Reader:
    """A client that keeps reading files of a site and holds each against the complete sites."""

    def __init__(self, site: Path, whole: list[Site], count: Count) -> None:
        self.site, self.whole, self.count = site, whole, count
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        names = sorted(set.intersection(*({*site} for site in self.whole)))
        random_ = random.Random(0)
        while not self.stop.wait(0.001):
            name = random_.choice(names)
            try:
                found = hashlib.sha256((self.site / name).read_bytes()).hexdigest()
            except OSError as error:
                self.count.lost.append(f"{name}: {error.strerror}")
                continue
            self.count.read += 1
            if found not in [site[name] for site in self.whole]:
                self.count.lost.append(f"{name} was read half old, half new")

    def __enter__(self) -> "Reader":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def kill_builds(project: Project, folder: Path, times: int, seed: int, vintages: bool = False) -> Count:
    """Builds of two ledgers in turn into one site, killed at random moments."""
    what = "builds of vintages" if vintages else "builds"
    count, random_, more = Count(f"killed {what}"), random.Random(seed), ["--vintages"] if vintages else []
    site = folder / f"site-{'vintages' if vintages else 'newest'}"
    builds = [["build", "--data", str(data), "--out", str(site), *more] for data in project.ledgers]
    project.build_here(*builds[0])
    whole = [seen(site)]
    seconds = project.must(*builds[1])
    whole.append(seen(site))
    assert whole[0] != whole[1]
    with Reader(site, whole, count):
        for turn in _until(count, times):
            # Without cached runs there is always something to build, and the command is at work in all of its steps.
            shutil.rmtree(project.cache / "chapters", ignore_errors=True)
            other = int(seen(site) == whole[0])
            with cut_off(project, count, seconds * 1.1, random_, *builds[other]):
                if seen(site) not in whole:
                    count.lost.append(f"after kill {turn} the site is neither the old nor the new one")
            if turn % 5 == 4:
                project.must(*builds[other])
                if seen(site) != whole[other]:
                    count.lost.append(f"after kill {turn} the next build made another site")
    project.build_here(*builds[0])
    if left := [p.name for p in site.parent.glob(f".{site.name}.build-*")]:
        count.lost.append(f"left behind: {left}")
    return count


def kill_sweeps(project: Project, folder: Path, times: int, seed: int) -> Count:
    """One sweep, killed and started again until it is done, over and over."""
    count, random_ = Count("killed sweeps"), random.Random(seed)
    out = folder / "results.parquet"
    sweep = [
        "sweep",
        "--chapter",
        "methods,references",
        "--as-of",
        "2025-10-28,2025-11-03",
        "--data",
        str(project.ledgers[0]),
        "--out",
        str(out),
    ]
    seconds = project.must(*sweep)
    whole = out.read_bytes()
    for turn in _until(count, times):
        if out.exists() and turn % 3 == 0:
            out.unlink()
            shutil.rmtree(out.with_name(f"{out.name}.runs"))
        with cut_off(project, count, seconds, random_, *sweep):
            if out.exists() and out.read_bytes() != whole:
                count.lost.append(f"after kill {turn} the table is not whole")
        if turn % 5 == 4:
            project.must(*sweep)
            if out.read_bytes() != whole:
                count.lost.append(f"after kill {turn} the table is another one")
    return count


def kill_accepts(project: Project, folder: Path, times: int, seed: int) -> Count:
    """`accept` in a project whose ledger has changed, killed: each chapter is the old or the new one, whole."""
    count, random_ = Count("killed accepts"), random.Random(seed)
    chapters = project.root / "chapters"
    old = seen(chapters)
    kept = shutil.copytree(chapters, folder / "old-chapters")
    shutil.copytree(project.ledgers[1], project.root / "data", dirs_exist_ok=True)
    (project.root / "data" / "quotes.csv").unlink(missing_ok=True)  # of sources that this ledger lacks
    seconds = project.must("accept")
    new = seen(chapters)
    assert old != new
    for turn in _until(count, times):
        if turn % 3 == 0:
            for path in kept.glob("*.ipynb"):
                shutil.copy(path, chapters / path.name)
        shutil.rmtree(project.cache / "chapters", ignore_errors=True)
        with cut_off(project, count, seconds * 1.1, random_, "accept"):
            found = {n: d for n, d in seen(chapters).items() if n in new}
            if found.keys() != new.keys() or any(d not in (old[n], new[n]) for n, d in found.items()):
                count.lost.append(f"after kill {turn} a chapter is neither the old nor the new one")
    project.must("accept")
    if seen(chapters) != new:
        count.lost.append("the last run made other chapters, or left something beside them")
    shutil.copytree(paths.DATA, project.root / "data", dirs_exist_ok=True)
    return count


# Disks, clocks, networks


@contextlib.contextmanager
def small_disk(folder: Path, size: str, is_writable: bool = True) -> Iterator[Callable[[], None]]:
    """Mount a disk of a size at a folder (Linux, as root), and give a function that makes it read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True, capture_output=True
    )
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, capture_output=True)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def can_mount() -> bool:
    with tempfile.TemporaryDirectory() as name:
        try:
            with small_disk(Path(name) / "disk", "64k"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


def _refused(count: Count, done: subprocess.CompletedProcess[str], site: Path, before: Site, what: str) -> None:
    count.tried += 1
    if done.returncode == 0 or "Traceback" in done.stderr or not done.stderr.strip():
        count.lost.append(f"{what}: exit code {done.returncode}, {done.stderr[-300:]}")
    if seen(site) != before:
        count.lost.append(f"{what}: the site is not as it was")


def disks(project: Project, folder: Path) -> Count:
    """A disk that is full after a few megabytes or at the very end, an output and a cache that cannot be written."""
    count = Count("full and read-only disks")
    one, two = (str(d) for d in project.ledgers)
    reference = folder / "reference"
    project.must("build", "--data", one, "--out", str(reference))
    used = sum(p.stat().st_size for p in reference.rglob("*") if p.is_file()) >> 10
    for spare in (40, 400, 2000, used):
        disk = folder / f"disk-{spare}"
        with small_disk(disk, f"{used * 5 // 4 + 1000 + spare}k"):
            site = disk / "site"
            shutil.copytree(reference, site)
            before = seen(site)
            _refused(count, project.run("build", "--data", two, "--out", str(site)), site, before, f"{spare} KiB left")
            if left := [p.name for p in disk.glob(".site.build-*")]:
                count.lost.append(f"{spare} KiB left: {left} fills the disk")
    disk = folder / "read-only"
    with small_disk(disk, "200m") as lock:
        site = disk / "site"
        shutil.copytree(reference, site)
        before = seen(site)
        lock()
        _refused(count, project.run("build", "--data", two, "--out", str(site)), site, before, "read-only output")
    cache = project.cache
    shutil.rmtree(cache, ignore_errors=True)
    site = folder / "site-without-cache"
    shutil.copytree(reference, site)
    for size, is_writable in (("64k", True), ("1m", False)):
        with small_disk(cache, size) as lock:
            if not is_writable:
                lock()
            done = project.run("build", "--data", two, "--out", str(site))
            count.tried += 1
            if done.returncode or seen(site) == before:
                count.lost.append(f"cache of {size}: exit code {done.returncode}, {done.stderr[-300:]}")
        shutil.rmtree(site)
        shutil.copytree(reference, site)
    return count


def clocks_and_networks(project: Project, folder: Path) -> Count:
    """Files of the cache from the future, a clock that goes back, no network at all."""
    count = Count("clocks and networks")
    data = str(project.ledgers[1])
    site = folder / "site-clock"
    project.must("build", "--data", data, "--out", str(site))
    right = seen(site)
    ahead = time.time() + 400 * 86400
    for path in [*(project.root / "_build").rglob("*"), *project.ledgers[1].iterdir(), *site.rglob("*")]:
        os.utime(path, (ahead, ahead))
    ways: list[tuple[str, list[str]]] = [("files from the future", [])]
    if shutil.which("faketime"):
        ways.append(("a clock set back", ["faketime", "2001-01-01 00:00:00"]))
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode == 0:
        ways.append(("no network", ["unshare", "-n"]))
    for what, before in ways:
        shutil.rmtree(project.cache / "chapters", ignore_errors=True)
        other = folder / f"site-{what.replace(' ', '-')}"
        command = [*before, sys.executable, "-m", "analysis.cli", "build", "--data", data, "--out", str(other)]
        done = subprocess.run(
            command,
            env=os.environ | {"PYTHONPATH": str(project.root)},
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
        )
        count.tried += 1
        if done.returncode or seen(other) != right:
            count.lost.append(f"{what}: exit code {done.returncode}, {done.stderr[-300:]}")
    return count


def together(project: Project, folder: Path, times: int) -> Count:
    """Two builds of the same site at once, of two ledgers: both end, and the site is one of the two."""
    count = Count("two builds at once")
    site = folder / "site-together"
    whole = []
    for data in project.ledgers:
        project.must("build", "--data", str(data), "--out", str(site))
        whole.append(seen(site))
    with Reader(site, whole, count):
        for _ in range(times):
            shutil.rmtree(project.cache / "sites", ignore_errors=True)
            running = [project.start("build", "--data", str(data), "--out", str(site)) for data in project.ledgers]
            told = [r.communicate(timeout=600)[1] for r in running]
            count.tried += 1
            if any(r.returncode for r in running):
                count.lost.append(f"one failed: {told}")
            if seen(site) not in whole:
                count.lost.append("the site is neither the one nor the other")
    return count


def main(times: int = 100, seed: int = 1, small: Path | None = None) -> list[Count]:
    """All of it, ``times`` kills of commands at work in sum; prints each count as it is known."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        project = Project.make(folder, small or three_rows(folder))
        counts = []

        def told(count: Count) -> None:
            counts.append(count)
            print(count.line(), flush=True)
            for line in count.lost[:10]:
                print(f"  {line}", flush=True)

        told(kill_builds(project, folder, times * 4 // 10, seed))
        told(kill_builds(project, folder, times // 5, seed + 1, vintages=True))
        told(kill_sweeps(project, folder, times // 5, seed + 2))
        told(kill_accepts(project, folder, times // 5, seed + 3))
        told(together(project, folder, max(1, times // 20)))
        told(clocks_and_networks(project, folder))
        if can_mount():
            told(disks(project, folder))
        else:
            print("full and read-only disks: not tried, no disk can be mounted here", flush=True)
        return counts


def three_rows(folder: Path) -> Path:
    from tests.conftest import write_three_rows

    return write_three_rows(folder / "small")


if __name__ == "__main__":
    print(json.dumps([c.line() for c in main(int(sys.argv[1]))], indent=1))
