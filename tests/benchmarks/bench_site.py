"""Builds of the site: cold, with one figure changed, with nothing changed; and how cost grows with chapters.

Peer: stock ``jupyter-book build`` on the same chapters in the same run. Its cache looks at code only and keeps old
numbers when data change, so with a changed figure it has to run everything again.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from analysis import paths
from analysis.book.publishing.settings import Settings
from analysis.book.publishing.staging import stage
from analysis.book.running import notebooks
from analysis.book.running.chapters import run_chapters
from analysis.ledger import Ledger
from tests.conftest import change, read_rows
from tests.ledgers import SMALL
from tests.soak.faults import copy_project, shorten


def timed(command: list[str], **how) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **how)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - began


def stock(folder: Path, project: Path) -> list[str]:
    """The command that builds a stock book of the project's chapters.

    Jupyter Book runs them itself and renders with its own theme and extensions. It draws no figure and makes neither
    pictures nor downloads; ours does all of it in the time that is compared.
    """
    chapters, book = project / "chapters", folder / "book"
    shutil.copytree(chapters, book, ignore=shutil.ignore_patterns("conftest.py", "__pycache__"))
    ran, staged = folder / "ran", folder / "stage"
    ran.mkdir()
    staged.mkdir()
    data = project / "data"
    run_chapters(notebooks.chapters(chapters), ran, {"data": str(data)})
    # Only for the results that roles in the prose need.
    stage(ran, staged, Settings(data, out=folder / "none"), Ledger.load(data))
    shutil.copy(staged / "report.json", book / "report.json")
    config = {
        "title": "Stock",
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "cache", "timeout": 300},
        "sphinx": {"extra_extensions": ["analysis.book.pages.extension"]},
    }
    (book / "_config.yml").write_text(yaml.safe_dump(config))
    shutil.copy(project / "_toc.yml", book / "_toc.yml")
    return [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        str(book),
        "--path-output",
        str(folder / "out"),
    ]


def growth(folder: Path, sizes: tuple[int, ...], calls: int) -> None:
    """Print the time for many copies of one chapter, run by us, and for a few of them in a loop of papermill calls."""
    import papermill

    small = paths.CHAPTERS / "references.ipynb"
    found = {}
    for n in sizes:
        source, ran = folder / f"source{n}", folder / f"ran{n}"
        source.mkdir()
        ran.mkdir()
        for i in range(n):
            shutil.copy(small, source / f"chapter_{i}.ipynb")
        began = time.perf_counter()
        run_chapters(sorted(source.glob("*.ipynb")), ran, {})
        found[n] = time.perf_counter() - began
    began = time.perf_counter()
    for i in range(calls):
        papermill.execute_notebook(
            str(small), str(folder / f"peer{i}.ipynb"), progress_bar=False, cwd=str(small.parent)
        )
    peer = time.perf_counter() - began
    ours = sizes[-1] / found[sizes[-1]]
    print("chapters run: " + ", ".join(f"{n} in {s:.1f} s ({60 * n / s:.0f} a minute)" for n, s in found.items()))
    print(f"a loop of papermill calls: {calls} in {peer:.1f} s ({60 * calls / peer:.0f} a minute)")
    print(f"ours {ours / (calls / peer):.1f} times as many (target 10)")


def ours(project: Path) -> list[float]:
    """Seconds of each build of `BUILDS`."""
    shutil.rmtree(project / "_build", ignore_errors=True)
    metrics = project / "data" / "metrics.csv"
    before = metrics.read_bytes()
    (day,) = (r[4] for r in read_rows(metrics) if (r[0], r[1], r[3]) == ("softbank", "ltv", "2025-12-31"))
    command = [sys.executable, "-m", "analysis.cli", "build"]
    here = {"cwd": project, "env": os.environ | {"PYTHONPATH": str(project)}}
    cold, nothing = timed(command, **here), timed(command, **here)
    change(metrics, {"entity": "softbank", "metric": "ltv", "as_of": day}, "value", "21.6")
    changed = timed(command, **here)
    metrics.write_bytes(before)
    return [cold, nothing, changed, timed(command, **here)]


BUILDS = {  # what a build has to do, and the share of a stock build's time that it may take
    "cold": 0.35,
    "nothing changed": None,
    "one figure changed": 0.12,
    "back to the figure before": None,
}


def main(is_short: bool = False) -> None:
    """Print the times of our builds beside those of the peer; ``is_short``: a book of two chapters on the small ledger, built once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        project.mkdir()
        copy_project(project)
        if is_short:
            shorten(project, ("references",))
            shutil.copytree(SMALL, project / "data", dirs_exist_ok=True)
            (project / "data" / "quotes.csv").unlink(missing_ok=True)  # of sources that the small ledger lacks
        growth(folder, (1, 2) if is_short else (5, 20, 80), 1 if is_short else 5)
        peer = stock(folder, project)
        there = {"env": os.environ | {"PYTHONPATH": str(paths.ROOT)}}
        # In turns, so that a machine that slows down on the way slows both.
        rounds = [ours(project)]
        cold_peers = [timed(peer, **there)]
        again_peer = cold_peers[0] if is_short else timed(peer, **there)
        if not is_short:
            rounds.append(ours(project))
            shutil.rmtree(folder / "out")
            cold_peers.append(timed(peer, **there))
            rounds.append(ours(project))
        cold_peer = sum(cold_peers) / len(cold_peers)
        for (what, target), times in zip(BUILDS.items(), zip(*rounds, strict=True), strict=True):
            line = f"{what}: ours {', '.join(f'{t:.1f}' for t in times)} s"
            if target is None:
                print(f"{line}; stock {again_peer:.1f} s, and it keeps old numbers when only data change")
            else:
                share = sum(times) / len(times) / cold_peer
                peers = ", ".join(f"{t:.1f}" for t in cold_peers)
                print(f"{line}; stock {peers} s; ours {share:.2f} of it on average (target {target})")
        print(f"{len(notebooks.chapters(project / 'chapters'))} notebooks")


if __name__ == "__main__":
    main()
