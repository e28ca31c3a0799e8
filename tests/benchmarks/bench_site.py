"""Cold build of the site. Peer: stock ``jupyter-book build`` with its cache on the same chapters in the same run."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from analysis import paths
from analysis.book import build as building
from analysis.book.build import Settings, build
from analysis.ledger import Ledger


def stock(folder: Path, site: Path) -> tuple[Path, list[str]]:
    """A stock book of the same chapters: Jupyter Book runs them itself and renders with its own theme and extensions."""
    book = folder / "book"
    shutil.copytree(paths.CHAPTERS, book, ignore=shutil.ignore_patterns("conftest.py", "__pycache__"))
    settings = building.Settings(out=site)
    ledger = Ledger.load()
    ran = folder / "ran"
    ran.mkdir()
    for path in paths.CHAPTERS.glob("*.ipynb"):
        shutil.copy(path, ran / path.name)
    stage = folder / "stage"
    stage.mkdir()
    building._stage(ran, stage, settings, ledger)  # only for the results that roles in the prose need
    shutil.copy(stage / "report.json", book / "report.json")
    config = {
        "title": "Stock",
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "cache", "timeout": 300},
        "sphinx": {"extra_extensions": ["analysis.book.extension"]},
    }
    (book / "_config.yml").write_text(yaml.safe_dump(config))
    shutil.copy(paths.TOC, book / "_toc.yml")
    return book, [str(Path(sys.executable).with_name("jupyter-book")), "build", str(book), "--path-output", str(folder / "out")]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = building.CACHE
        building.CACHE = folder / "cache"
        began = time.perf_counter()
        build(Settings(out=folder / "site"))
        ours = time.perf_counter() - began
        building.CACHE = kept
        _, command = stock(folder, folder / "site")
        environment = os.environ | {"PYTHONPATH": str(paths.ROOT)}
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        peer = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"the stock build failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, text=True, env=environment)
        again = time.perf_counter() - began
        print(
            f"cold build of {len(list(paths.CHAPTERS.glob('*.ipynb')))} notebooks: ours {ours:.1f} s, stock {peer:.1f} s, ratio {ours / peer:.2f} (target 0.35)"
        )
        print(f"stock again, nothing changed: {again:.1f} s (it keeps old numbers when only the data changed)")


if __name__ == "__main__":
    main()
