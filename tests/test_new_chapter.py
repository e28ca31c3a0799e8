"""`roundtrip new chapter`: all of a chapter that works, or nothing and a sentence that says why.

That what it writes runs, is tested with the recipes of CONTRIBUTING.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.publishing.new_chapter import write_chapter
from analysis.book.running import manuscript
from tests.conftest import change, roundtrip

TOC = """\
root: index
parts:
  - caption: Firms
    chapters:
      - file: amazon  # the first
        sections:
          - file: shops
      - file: oracle_softbank
  - chapters:
      - file: about
"""
HOME = ("analysis/numbers/series", "analysis/numbers/marks", "analysis/figures", "chapters")


@pytest.fixture
def home(tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few files beside a copy of the ledger of March 2026."""
    for folder in HOME:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "chapters" / "about.md").write_text("# About\n")
    (tmp_path / "chapters" / "amazon.ipynb").write_text("{}")
    (tmp_path / "analysis" / "figures" / "layout.py").write_text("")
    for name, place in (("ROOT", ""), ("CHAPTERS", "chapters"), ("TOC", "_toc.yml"), ("DATA", "data")):
        monkeypatch.setattr(paths, name, tmp_path / place)
    return tmp_path


def files(folder: Path) -> dict[Path, bytes]:
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Softbank"], "'Softbank' cannot name a chapter: take small letters, digits and underscores"),
        (["soft-bank"], "cannot name a chapter"),
        (["2softbank"], "cannot name a chapter"),
        (["../softbank"], "cannot name a chapter"),
        (["softbank\n"], "'softbank\\n' cannot name a chapter"),
        (["import"], "cannot name a chapter"),
        (["amazon"], "the name amazon is taken: chapters/amazon.ipynb exists"),
        (["about"], "the name about is taken: chapters/about.md exists"),
        (["layout"], "the name layout is taken: analysis/figures/layout.py exists"),
        (["marks"], "the name marks is taken: analysis/numbers/marks exists"),
        (["softbnk"], "data/entities.csv has no company 'softbnk'; nearest is 'softbank'"),
        (["lenders", "--company", "softbnk"], "data/entities.csv has no company 'softbnk'; nearest is 'softbank'"),
        (["google"], "data/deals.csv has no payment to or from google at a published price"),
        (["softbank", "--after", "timeline"], "_toc.yml has no line '- file: timeline'"),
    ],
)
def test_what_cannot_be_a_chapter_is_refused_in_a_sentence(home: Path, arguments: list[str], message: str):
    before = files(home)
    done = roundtrip("new", "chapter", *arguments)
    assert done.returncode == 2 and message in done.stderr and done.stderr.endswith("\nNothing was written.\n")
    assert files(home) == before


@pytest.mark.parametrize("name", ["softbank.py", "softbank.ipynb", "_toc.yml"])
@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_file_that_cannot_be_written_leaves_nothing(
    home: Path, name: str, step: str, monkeypatch: pytest.MonkeyPatch
):
    """Neither while the files are written beside their places, nor while they are put there."""
    before, done = files(home), getattr(Path, step)

    def refuse(path: Path, *how: object, **more: object) -> object:
        if name in path.name:
            raise PermissionError(13, "Permission denied", str(path))
        return done(path, *how, **more)

    monkeypatch.setattr(Path, step, refuse)
    refused = roundtrip("new", "chapter", "softbank")
    assert refused.returncode == 1 and refused.stderr.endswith("Permission denied\nNothing was written.\n")
    assert files(home) == before


@pytest.mark.parametrize(
    ("after", "line_before", "margin"),
    [(None, "      - file: oracle_softbank", 6), ("amazon", "          - file: shops", 6), ("shops", "shops", 10)],
)
def test_the_chapter_stands_where_it_is_wanted(home: Path, after: str | None, line_before: str, margin: int):
    written = write_chapter("lenders", "softbank", after)
    lines = paths.TOC.read_text().splitlines()
    place = lines.index(f"{' ' * margin}- file: lenders")
    assert lines[place - 1].endswith(line_before)
    assert "\n".join(lines[:place] + lines[place + 1 :]) + "\n" == TOC, "all else is as it was"
    assert manuscript.contents(paths.TOC).count("lenders") == 1
    assert {file.name for file in written} == {"lenders.py", "lenders.ipynb", "_toc.yml"} and len(written) == 5


@pytest.mark.parametrize("name", ["a", "zz_long_name_of_a_chapter"])
def test_what_it_writes_passes_the_linter_whatever_the_name(home: Path, name: str):
    """The order of imports and the length of lines hang on the name."""
    settings = (Path(__file__).parents[1] / "pyproject.toml", 'lint.isort.known-first-party = ["analysis"]')
    modules = [file for file in write_chapter(name, "softbank") if file.suffix == ".py"]
    for what in (["check"], ["format", "--check"]):
        told = [part for setting in settings for part in ("--config", setting)]
        command = [sys.executable, "-m", "ruff", *what, "--no-cache", *told, *modules]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and len(modules) == 3, done.stdout + done.stderr


def test_a_companys_name_is_text_in_the_chapter(home: Path, copy: Path):
    change(copy / "entities.csv", {"entity": "softbank"}, "name", "A*B & <b>`C`</b> Group")
    write_chapter("softbank")
    cells = nbformat.read(home / "chapters" / "softbank.ipynb", 4).cells
    assert cells[0].source.startswith(r"# A\*B &amp; \&lt;b\&gt;\`C\`\&lt;/b\&gt;: who pays it")
