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
from analysis.book.publishing import build as building
from analysis.book.publishing.settings import Settings
from analysis.book.running.chapters import run_chapters
from analysis.ledger import Ledger
from tests.conftest import change

PROJECT = ("analysis", "chapters", "data", "_config.yml", "_toc.yml", "references.bib", "requirements.lock")


def timed(command: list[str], **how) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **how)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - began


def stock(folder: Path) -> list[str]:
    """A stock book of the same chapters: Jupyter Book runs them itself and renders with its own theme and extensions.

    It draws no figure, makes no picture and no file to take away; ours does all of it in the time that is compared.
    """
    book = folder / "book"
    shutil.copytree(paths.CHAPTERS, book, ignore=shutil.ignore_patterns("conftest.py", "__pycache__"))
    ran, stage = folder / "ran", folder / "stage"
    ran.mkdir()
    stage.mkdir()
    for path in paths.CHAPTERS.glob("*.ipynb"):
        shutil.copy(path, ran / path.name)
    building._stage(
        ran, stage, Settings(out=folder / "none"), Ledger.load()
    )  # only for the results that roles in the prose need
    shutil.copy(stage / "report.json", book / "report.json")
    config = {
        "title": "Stock",
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "cache", "timeout": 300},
        "sphinx": {"extra_extensions": ["analysis.book.pages.extension"]},
    }
    (book / "_config.yml").write_text(yaml.safe_dump(config))
    shutil.copy(paths.TOC, book / "_toc.yml")
    return [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        str(book),
        "--path-output",
        str(folder / "out"),
    ]


def growth(folder: Path) -> None:
    """Many copies of one chapter, run by us; five of them by a loop of papermill calls."""
    import papermill

    small = paths.CHAPTERS / "references.ipynb"
    found = {}
    for n in (5, 20, 80):
        source, ran = folder / f"source{n}", folder / f"ran{n}"
        source.mkdir()
        ran.mkdir()
        for i in range(n):
            shutil.copy(small, source / f"chapter_{i}.ipynb")
        began = time.perf_counter()
        run_chapters(sorted(source.glob("*.ipynb")), ran, {})
        found[n] = time.perf_counter() - began
    began = time.perf_counter()
    for i in range(5):
        papermill.execute_notebook(
            str(small), str(folder / f"peer{i}.ipynb"), progress_bar=False, cwd=str(small.parent)
        )
    peer = time.perf_counter() - began
    print("chapters run: " + ", ".join(f"{n} in {s:.1f} s ({60 * n / s:.0f} a minute)" for n, s in found.items()))
    print(
        f"a loop of papermill calls: 5 in {peer:.1f} s ({300 / peer:.0f} a minute); ours {80 / found[80] / (5 / peer):.1f} times as many (target 4)"
    )


def ours(project: Path) -> tuple[float, float, float]:
    """Seconds of a cold build, of one with nothing changed, of one with a figure changed."""
    shutil.rmtree(project / "_build", ignore_errors=True)
    shutil.copy(paths.DATA / "metrics.csv", project / "data" / "metrics.csv")
    command = [sys.executable, "-m", "analysis.cli", "build"]
    here = {"cwd": project, "env": os.environ | {"PYTHONPATH": str(project)}}
    cold, nothing = timed(command, **here), timed(command, **here)
    change(
        project / "data" / "metrics.csv",
        {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"},
        "value",
        "21.6",
    )
    return cold, nothing, timed(command, **here)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = folder / "project"
        project.mkdir()
        for part in PROJECT:
            copy = shutil.copytree if (paths.ROOT / part).is_dir() else shutil.copy
            copy(paths.ROOT / part, project / part)
        growth(folder)
        peer = stock(folder)
        there = {"env": os.environ | {"PYTHONPATH": str(paths.ROOT)}}
        # In turns, so that a machine that slows down on the way slows both.
        first = ours(project)
        cold_peer, again_peer = timed(peer, **there), timed(peer, **there)
        second = ours(project)
        shutil.rmtree(folder / "out")
        one_peer = timed(peer, **there)
        third = ours(project)
        rounds = list(zip(first, second, third, strict=True))
        peers = (cold_peer + one_peer) / 2  # both are whole runs: it keeps old numbers unless all is run anew
        count = len(list(paths.CHAPTERS.glob("*.ipynb")))
        for what, times, target in zip(
            ("cold", "nothing changed", "one figure changed"), rounds, (0.35, None, 0.2), strict=True
        ):
            told = f"{what}: ours {', '.join(f'{t:.1f}' for t in times)} s"
            if target is None:
                print(f"{told} (target 1); stock {again_peer:.1f} s, and it keeps old numbers when only data change")
            else:
                share = sum(times) / len(times) / peers
                print(
                    f"{told}; stock {cold_peer:.1f}, {one_peer:.1f} s; ours {share:.2f} of it on average (target {target})"
                )
        print(f"{count} notebooks")


if __name__ == "__main__":
    main()
