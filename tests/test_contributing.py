"""CONTRIBUTING tells the truth: its recipes, applied to a copy of the project as they stand on the page."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.running import notebooks, outputs
from tests.conftest import read_rows, roundtrip, work_in, write_rows
from tests.edgar import mirror
from tests.ledgers import SMALL
from tests.soak.faults import shorten

PAGE = paths.ROOT / "CONTRIBUTING.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
# `make test` on the page: here what looks at chapters, figures and stored outputs; `make recipes` runs all tests.
SHORT = ["tests/test_chapters.py", "tests/test_figures.py", "chapters/google.ipynb", "-k", "google"]


def blocks() -> list[tuple[str, str, str]]:
    """Return language, file and text of each block of the page."""
    return [(m[1], m[2] or "", m[3]) for m in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]


def copy_of_the_project(target: Path) -> Path:
    """Copy what git tracks or would track, with a repository around it."""
    listed = ["git", "-C", str(paths.ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (paths.ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.ROOT / name, target / name)
    subprocess.run(["git", "init", "-q", str(target)], check=True)
    return target


def add_cells(path: Path, text: str) -> None:
    """Put the parts between the rules, text or code, into a notebook as cells above its closing one."""
    book = nbformat.read(path, 4)
    parts = text.strip().split("\n---\n")
    kinds = [nbformat.v4.new_markdown_cell if part.startswith("#") else nbformat.v4.new_code_cell for part in parts]
    book.cells[-1:-1] = [
        kind(part, id=f"added-{n}", metadata={"tags": ["hide-input"]} if kind is nbformat.v4.new_code_cell else {})
        for n, (kind, part) in enumerate(zip(kinds, parts, strict=True))
    ]
    nbformat.write(book, path)


def apply(project: Path, language: str, file: str, text: str) -> None:
    """Apply one block of the page to a copy of the project."""
    path = project / file
    if language == "notebook":
        add_cells(path, text)
        return
    with path.open("a", encoding="utf-8") as handle:
        handle.write(f"\n\n{text}" if language == "python" else text)


def run(project: Path, line: str, whole: bool, filings: dict[str, str]) -> None:
    """Run one line of a shell block: what makes use of nothing that the page adds to the package in this process, the
    rest with this Python in place of the one that make would set up."""
    if line == "make check" or line.startswith("roundtrip "):
        with pytest.MonkeyPatch.context() as patch:
            work_in(patch, project)
            for name, text in filings.items():
                patch.setenv(name, text)
            done = roundtrip(*line.split()[1:])
        assert done.returncode == 0, f"{line}\n{done.stdout[-8000:]}\n{done.stderr[-2000:]}"
        return
    commands = {
        "make accept": ["-m", "analysis.cli", "accept"],
        # As Jupyter Book's own command does it: it has `roundtrip build` make the pages.
        "make site": ["-c", "from jupyter_book.cli.main import main; main()", "build", "."],
        "make test": ["-m", "pytest", *([] if whole else ["-n", "0", *SHORT])],
    }
    environment = os.environ | {"PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, *commands[line]], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout[-8000:]}\n{done.stderr[-2000:]}"


def with_few_rows(data: Path) -> None:
    """Leave a project the small ledger, and what its own says of the company that the page adds a chapter on."""
    own = {name: read_rows(data / f"{name}.csv") for name in ("entities", "deals", "metrics")}
    shutil.copytree(SMALL, data, ignore=shutil.ignore_patterns("expected.csv", "*.md"), dirs_exist_ok=True)
    for name, (header, *rows) in own.items():
        kept = []
        for row in (dict(zip(header, r, strict=True)) for r in rows):
            if row.get("entity") == "google" or ("google" in row.values() and row.get("role") == "payment"):
                kept.append([*(row | {"source": "filing-a", "second_source": ""} if "source" in row else row).values()])
        write_rows(data / f"{name}.csv", [*read_rows(data / f"{name}.csv"), *kept])


def without_other_figures(path: Path) -> None:
    """Leave of the chapter on the circle the picture of the network, which the page's new deals change."""
    book = notebooks.read(path)
    book.cells = [c for c in book.cells if not (c.cell_type == "code" and c.source.startswith("figures."))]
    notebooks.write(book, path)


def test_the_recipes_of_contributing_work_as_written(tmp_path: Path):
    project, is_whole = copy_of_the_project(tmp_path), bool(os.environ.get("WHOLE_SUITE"))
    if not is_whole:
        with_few_rows(project / "data")
        shorten(project, ("circularity",))
        without_other_figures(project / "chapters" / "circularity.ipynb")
    assert {b[0] for b in blocks()} == {"csv", "python", "notebook", "bash"}
    with mirror() as edgar:
        for language, file, text in blocks():
            if language == "bash":
                for line in text.strip().splitlines():
                    run(project, line, is_whole, edgar.environment)
            else:
                apply(project, language, file, text)
    metrics = (project / "data" / "metrics.csv").read_text(encoding="utf-8")
    assert "example-cloud,rpo_openai,,2026-06-30,2026-07-30,2.4,usd_bn,actual,,primary," in metrics
    stored = (project / "chapters" / "google.ipynb").read_text(encoding="utf-8")
    assert "google.capex  US$" in stored and "fig-google-capex  Google plans to spend up to" in stored
    page = (project / "_build" / "html" / "google.html").read_text(encoding="utf-8")
    assert all(f'id="fig-google-{topic}"' in page for topic in ("payments", "capex"))
    network = outputs.statements(outputs.texts(notebooks.read(project / "chapters" / "circularity.ipynb")))
    assert any(row.startswith("Example Capital  OpenAI") for row in network["fig-circularity-network"])


@pytest.mark.parametrize(
    "place", re.findall(r"`((?:analysis|data|chapters)/[\w./]*)`", PAGE.read_text(encoding="utf-8"))
)
def test_the_places_that_contributing_names_exist(place: str):
    assert (paths.ROOT / place).exists()
