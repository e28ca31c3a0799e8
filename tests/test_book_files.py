"""What a person edits of the book can be wrong: the message says where, what was found, what to do."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import paths
from analysis.book.pages import extension
from analysis.book.pages.render import readable_log
from analysis.book.running import manuscript, markup, mentions
from analysis.book.running.problems import ManuscriptError
from tests.conftest import EXECUTABLE

Book = Callable[..., list[str]]


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more)


def code(source: str, id: str = "a", **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": id, "source": source, "metadata": metadata, "outputs": []}


def prose(source: str, id: str = "a") -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "source": source, "metadata": {}}


OURS = 'as_of = None\ndata = None\nscenario = "central"'


def given(source: str, id: str = "given", tag: str = "parameters") -> dict[str, Any]:
    return code(source, id, tags=[tag])


def chapter(*cells: dict[str, Any]) -> str:
    """A notebook whose first cell holds the parameters."""
    return notebook(given(OURS), *cells)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Check a book of some files, its contents naming index and more; return the problems' texts."""

    def check(files: dict[str, str | bytes], toc: str = "root: index\n") -> list[str]:
        folder = tmp_path / "chapters"
        for name, content in ({"index.md": "# First page\n"} | files).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "_toc.yml").write_text(toc)
        try:
            manuscript.check(folder, tmp_path / "_toc.yml")
        except ManuscriptError as error:
            return [str(problem) for problem in error.found]
        return []

    return check


ONE = "format: jb-book\nroot: index\nchapters:\n  - file: one\n"
SOUND = chapter(prose("# One\n\n:::{when} a.b\nAs {num}`one.x` says.\n:::\n"), code("x = 1", id="b"))


def test_a_sound_book_has_no_problem(book: Book) -> None:
    assert book({"one.ipynb": SOUND}, ONE) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "one.ipynb: is empty"),
        (SOUND[:90], "one.ipynb, line 1: is not JSON"),
        (SOUND.replace("{", "{\n<<<<<<< HEAD\n", 1), "one.ipynb, line 2: a merge conflict is left (<<<<<<<): take one"),
        (SOUND.encode("utf-8-sig"), "one.ipynb, line 1: begins with a byte order mark"),
        (SOUND.replace("As", "\xc4s").encode("latin-1"), "one.ipynb, line 1: byte 0xc4 is not UTF-8"),
        ("[]", "one.ipynb: is JSON but no notebook"),
        (notebook(nbformat=3), "is a notebook of format 3, the number 4 is needed: run jupyter nbconvert"),
        (notebook(nbformat="4"), 'is a notebook of format "4", the number 4 is needed: run jupyter nbconvert'),
        (notebook(metadata=""), "one.ipynb: is no whole notebook: it needs a list of cells, and metadata with names"),
        (
            notebook(metadata={"kernelspec": {"language": "R"}}),
            "one.ipynb: is a notebook for R, and chapters run in Py",
        ),
        ("version https://git-lfs.github.com/spec/v1\n", "one.ipynb: is a pointer of Git LFS to the notebook"),
        (
            notebook({"cell_type": "heading"}),
            "one.ipynb, cell 1: is no cell: one has a cell_type, code, markdown or raw",
        ),
        (notebook({"cell_type": "code"}), "one.ipynb, cell 1: has no source: a text or a list of lines is needed"),
        (chapter(prose("x") | {"source": [1]}), "one.ipynb, cell 2: has no source"),
        (
            chapter(code("1") | {"metadata": []}),
            "one.ipynb, cell 2: has no metadata, or tags that are no list of words",
        ),
        (chapter(code("1", tags="hide-input")), "one.ipynb, cell 2: has no metadata, or tags"),
        (chapter(code("1") | {"outputs": ["...0 outputs..."]}), "one.ipynb, cell 2: has no list of outputs: clear its"),
        (chapter(code("x = 1\x00")), "one.ipynb, cell 2, line 1: holds the character U+0000: delete it"),
        (chapter(prose("x\n\ud83d y")), "one.ipynb, cell 2, line 2: holds the character U+D83D: delete it"),
        (chapter(code("+".join(["1"] * 20_000))), "one.ipynb, cell 2: is nested too deeply for Python: break it up"),
        (chapter(code("x = 1\nreturn x")), "one.ipynb, cell 2, line 2: is not Python: 'return' outside function"),
        (chapter(code("x = (1,\ny = 2")), "one.ipynb, cell 2, line 1: is not Python: '(' was never closed"),
        (chapter(code("x = 1\n!ls")), "one.ipynb, cell 2, line 2: '!ls' is a command of IPython"),
        (chapter(code("%pwd")), "'%pwd' is a command of IPython"),
        (chapter(code("%matplotlib inline")), "'%matplotlib inline' is a command of IPython"),
        (chapter(code("%%bash\nls")), "'%%bash' is a command of IPython"),
        (chapter(code("ledger?")), "'ledger?' is a command of IPython"),
        (chapter(code("1 / 0", tags=["raises-exception"])), "one.ipynb, cell 2: has the tag raises-exception"),
        (chapter(code("1"), prose("x")), "one.ipynb, cell 3: has the id a of an earlier cell"),
        (notebook(prose("x\n![a](attachment:b.png)")), "cell 1, line 2: the pasted picture b.png would be lost"),
        (notebook(prose("![a](b.png)")), "one.ipynb, cell 1, line 1: there is no picture b.png"),
        (notebook(prose("![a](https://example.org/b.png)")), "is on another site: save it in"),
        (notebook(prose(":::{when} a.b\nx\n")), "one.ipynb, cell 1, line 1: the directive {when} is never closed"),
    ],
)
def test_a_notebook_that_cannot_be_used_is_named(book: Book, content: str | bytes, said: str) -> None:
    (problem,) = book({"one.ipynb": content}, ONE)
    assert said in problem


def test_a_cell_without_a_sound_id_gets_that_of_its_place(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(notebook({k: v for k, v in code("1").items() if k != "id"}, prose("x"), prose("x", "b c")))
    assert [cell["id"] for cell in manuscript.read_notebook(path)["cells"]] == ["cell-1", "a", "cell-3"]


def test_what_other_programs_leave_in_a_notebook_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(notebook(prose("a\r\nb") | {"outputs": []}, prose("c\rd", "e"), nbformat_minor=None))
    read = manuscript.read_notebook(path)
    assert [cell["source"] for cell in read["cells"]] == ["a\nb", "c\nd"]
    nbformat.validate(read)


@pytest.mark.parametrize(
    ("files", "toc", "said"),
    [
        ({}, ONE, "_toc.yml, line 4: there is no chapter or page one in chapters"),
        ({"two.ipynb": SOUND}, ONE.replace("one", "too"), "no chapter or page too in chapters; nearest is two"),
        ({"one.ipynb": SOUND}, f"{ONE}  - file: one\n", "_toc.yml, line 4: the page one is listed 2 times"),
        ({"one.ipynb": SOUND}, "root: index\n", "one.ipynb: is not in _toc.yml: add a line '- file: one'"),
        (
            {"My-New.ipynb": SOUND},
            "root: index\n",
            "My-New.ipynb: is not named like a chapter (a-z, 0-9, _): rename it, to my_new",
        ),
        ({"sub/one.ipynb": SOUND}, "root: index\n", "one.ipynb: stands in a folder of its own: move it to chapters/"),
        ({}, "root: index\nparts: [\n", "_toc.yml, line 3: is not YAML"),
        ({}, "parts: []\n", "_toc.yml: names no first page"),
        ({"one.ipynb": SOUND, "one.md": "# A\n"}, ONE, "one.md: has the name of one.ipynb, and a page is one file"),
        ({"one.ipynb": SOUND}, ONE.replace("file:", "fille:"), "Jupyter Book reads it: entry does not contain one of"),
        (
            {"one.ipynb": SOUND},
            ONE.replace("- file: one", "- one"),
            "reads it: entry not a mapping type @ '/chapters/0'",
        ),
        ({"one.ipynb": SOUND}, ONE.replace("jb-book", "jb-books"), "'format' key value not recognised: 'jb-books'"),
        ({"one.ipynb": SOUND}, f"{ONE}    title: 2026\n", "'title' must be <class 'str'>"),
        ({"one.md": "# A\n```{code-cell} python\n1\n```\n"}, ONE, "one.md, line 2: code belongs in a notebook"),
    ],
)
def test_contents_and_files_agree(book: Book, files: dict[str, str], toc: str, said: str) -> None:
    assert any(said in problem for problem in book(files, toc))


def test_every_problem_is_told_at_once(book: Book) -> None:
    found = book({"one.ipynb": chapter(code("!ls"), prose("{nmu}`x`", id="b")), "two.md": ":::{when} x\n"}, ONE)
    assert [text.partition(":")[0].rpartition("/")[2] for text in found] == [
        "one.ipynb, cell 2, line 1",
        "one.ipynb, cell 3, line 1",
        "two.md",
        "two.md, line 1",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a {num}`x.y`, {day}`2025-01-01`\n\n:::{cards} a b\n:::\n", []),
        ("`{num}` is a role\n\n````\n:::{when} x\n````\n", []),
        (":::{when} a\nx\n", [(1, "the directive {when} is never closed: add a line :::")]),
        (
            "::::{story} k\n:::{row} 2\nx\n:::{row} 3\ny\n:::\n::::\n",
            [(2, "the directive {row} is not closed by ::: before line 4")],
        ),
        ("::::{story} k\n:::{row} 2\nx\n::::\n", [(2, "the directive {row} is not closed by ::: before line 4")]),
        ("x\n:::\n", [(2, "::: closes no directive that is open here")]),
        (":::{whem} a\n:::\n", [(1, "there is no directive {whem}; nearest is {when}")]),
        ("```\nx\n", [(1, "the block of code is never closed: add a line ```")]),
        ("a\nb {num}`x and\n\nc `d`\n", [(2, "the role {num} is not closed by a backtick in its paragraph")]),
        ("{num}`x and {num}`y`\n", [(1, "the role {num} is not closed by a backtick in its paragraph")]),
        (":::{when} a\nb {nmu}`x` c {num}`y`\n:::\n", [(2, "there is no role {nmu}; nearest is {num}")]),
        ("{sub}`a{x}`\n", []),
        ("{num} x\n", [(1, "the role {num} lacks its text in backticks, as in {num}`…`")]),
        ("{nmu}`x`\n", [(1, "there is no role {nmu}; nearest is {num}")]),
        ("{num}``\n", [(1, "the role {num} is empty")]),
    ],
)
def test_markup_is_whole_and_known(text: str, found: list[tuple[int, str]]) -> None:
    assert list(markup.faults(text)) == found


def test_a_result_that_no_chapter_records_is_named_in_every_branch(tmp_path: Path) -> None:
    text = "::::{story} k\n:::{row} 2020-01-01\n{num}`one.y` {num}`one.x:much` {num}`one.x:low`\n:::\n::::\n"
    (tmp_path / "one.ipynb").write_text(notebook(prose(text)))
    (tmp_path / "two.md").write_text(":::{when} not one.z\n:::\n\n:::{cards} one.x one.w\n:::\n")
    assert [str(problem) for problem in mentions.unknown(tmp_path, tmp_path, ["one.x"])] == [
        "chapters/two.md, line 1: no result has the key one.z; nearest is one.x",
        "chapters/two.md, line 4: no result has the key one.w; nearest is one.x",
        "chapters/one.ipynb, cell 1, line 3: no result has the key one.y; nearest is one.x",
        "chapters/one.ipynb, cell 1, line 3: a result has no part much; known are value, low, high, date, bare, about, month",
    ]


def test_each_role_and_directive_of_ours_is_known_to_the_check() -> None:
    registered = Recorder()
    extension.setup(registered)  # type: ignore[arg-type]
    assert registered.names["add_role"] <= {*markup.ROLES}
    assert registered.names["add_directive"] <= {*markup.DIRECTIVES}


class Recorder:
    """Takes what an extension says to Sphinx."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.config: dict[str, object] = {}

    def __getattr__(self, method: str) -> Callable[..., None]:
        return lambda name, *rest, **more: self.names.setdefault(method, set()).add(str(name))


def test_a_module_that_is_not_python_is_named_and_nothing_else_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(paths.ROOT / "analysis", folder / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data", "chapters"):
        (folder / name).symlink_to(paths.ROOT / name)
    for path in (paths.CONFIG, paths.TOC, paths.LOCK, paths.BIBLIOGRAPHY):
        shutil.copy(path, folder)
    with (folder / "analysis" / "numbers" / "facts.py").open("a") as handle:
        handle.write("\ndef f(:\n")
    lines = len((folder / "analysis" / "numbers" / "facts.py").read_text().splitlines())
    done = subprocess.run(
        [*EXECUTABLE, "build", "--out", str(tmp_path / "site")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"analysis/numbers/facts.py, line {lines}: is not Python: invalid syntax\n"


ADD, LINES = "add one above", 'with as_of = None; data = None; scenario = "central"'
BEFORE = "before a build sets as_of, data, scenario: move the line to a cell below"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [code("x = 1")],
            [f": has no cell with the tag parameters, so a build could not set its day: {ADD} cell 1 {LINES}"],
        ),
        (
            [given(OURS), given(OURS, "b")],
            [", cell 2: has the tag parameters like cell 1: only one cell of a chapter holds its parameters"],
        ),
        (
            [prose("x") | {"metadata": {"tags": ["parameters"]}}, code("1", "b")],
            [f", cell 1: has the tag parameters but is no code: {ADD} cell 2 {LINES}"],
        ),
        (
            [code("x = 1"), given(OURS)],
            [", cell 2: has the tag parameters, but the code above it would run before the day is set: move it up"],
        ),
        ([given(f"{OURS}\nshare = 2 * 3")], [f", cell 1, line 4: share is computed, {BEFORE}"]),
        ([given(OURS.replace("None", "date.today()", 1))], [f", cell 1, line 1: as_of is computed, {BEFORE}"]),
        (
            [given(f"import datetime\n{OURS}")],
            [", cell 1, line 1: 'import datetime' is no parameter (name = value): move the line to a cell below"],
        ),
        (
            [given("as_of = data = None\nscenario = 'central'")],
            [
                ", cell 1: lacks as_of, which a build sets: add a line as_of = None",
                ", cell 1: lacks data, which a build sets: add a line data = None",
                ", cell 1, line 1: 'as_of = data = None' is no parameter (name = value): move the line to a cell below",
            ],
        ),
        (
            [given(OURS.replace("None", "'2025-12-17'", 1))],
            [', cell 1, line 1: as_of is "2025-12-17", which each build would keep: write as_of = None'],
        ),
        (
            [given(OURS), given("as_of = '2025-12-17'", "b", "injected-parameters")],
            [", cell 2: has the tag injected-parameters: a run with other values left it, so delete the cell"],
        ),
        (
            [given(OURS), code("x = 1\nas_of = x")],
            [", cell 2, line 2: sets as_of again, which a build has set: choose another name"],
        ),
        (
            [given(OURS), code("from vega_datasets import data")],
            [", cell 2, line 1: sets data again, which a build has set: choose another name"],
        ),
        ([given(f'"""Choices."""\n{OURS}  # of three\nshare: float = -0.5'), code("[data for data in (1,)]")], []),
    ],
)
def test_what_a_build_could_not_set_is_named(book: Book, cells: list[dict[str, Any]], said: list[str]) -> None:
    """Papermill says nothing: it runs the chapter with the values that it had."""
    assert book({"one.ipynb": notebook(*cells)}, ONE) == [f"one.ipynb{problem}" for problem in said]


def test_a_group_of_settings_is_a_group(tmp_path: Path, book: Book) -> None:
    """A list in its place ended in a traceback of Jupyter Book."""
    (tmp_path / "_config.yml").write_text("title: A book\nsphinx: [one, two]\nhtml:\n")
    assert book({}) == ["_config.yml, line 2: sphinx is a group of settings: names with values are expected"]


def test_a_bibliography_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    log = (
        "\nExtension error (sphinxcontrib.bibtex):\nHandler <function builder_inited_cite at 0x7f> for event "
        "'builder-inited' threw an exception (exception: syntax error in line 67: premature end of file)\n"
    )
    assert readable_log(log, tmp_path) == "references.bib, line 67: premature end of file"


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (
            "index.ipynb:1: WARNING: toctree contains reference to document 'two' that doesn't have a title: no link will",
            "chapters/two: WARNING: has no title: begin it with a line # and its words",
        ),
        (
            "two.md:1: WARNING: Document headings start at H2, not H1 [myst.header]",
            "chapters/two.md, line 1: WARNING: begins with a heading of level 2: a title has one #",
        ),
        (
            "two.ipynb:20003: WARNING: Non-consecutive header level increase; H1 to H3 [myst.header]",
            "chapters/two.ipynb, cell 2, line 3: WARNING: a heading of level 3 follows one of level 1: leave out none",
        ),
    ],
)
def test_a_heading_that_is_amiss_is_named_as_its_author_knows_it(tmp_path: Path, log: str, told: str) -> None:
    assert readable_log(log, tmp_path) == told
