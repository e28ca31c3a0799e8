"""Doors that stay shut: shells, evaluation, paths that lead elsewhere, workflows with more rights than they need."""

import ast
import re
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths, templates
from analysis.book.publishing import placement
from analysis.numbers.results import Result
from tests.conftest import EXECUTABLE, change, read_rows, roundtrip, write_rows
from tests.hostile import ROWS

PACKAGE = sorted((paths.ROOT / "analysis").rglob("*.py"))
WORKFLOWS = sorted((paths.ROOT / ".github" / "workflows").glob("*.yml"))
FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "system",
    "popen",
    "getoutput",
    "getstatusoutput",
    "loads_pickle",
    "read_pickle",
    "unpackb",
}


def calls(source: str) -> list[tuple[str, ast.Call]]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
            found.append((f"{owner}.{name}" if owner else name, node))
    return found


def faults(source: str) -> list[str]:
    """Calls that would run text, use a shell or read what can run code."""
    found = []
    # What is compiled and thrown away is only looked at for errors.
    unused = {(n.lineno, n.col_offset) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Expr)}
    for name, node in calls(source):
        last = name.rsplit(".", 1)[-1]
        if (
            last in FORBIDDEN
            and name != "re.compile"
            and not (name == "compile" and (node.lineno, node.col_offset) in unused)
        ):
            found.append(name)
        if name in ("yaml.load", "pickle.load", "pickle.loads"):
            found.append(name)
        if any(
            k.arg == "shell" and not (isinstance(k.value, ast.Constant) and k.value.value is False)
            for k in node.keywords
        ):
            found.append(f"{name}(shell=…)")
        if last == "extractall" and name.startswith("archive") and not node.keywords and "zipfile" not in source:
            found.append(f"{name} without a filter")
    return found


@pytest.mark.parametrize("path", PACKAGE, ids=lambda p: p.relative_to(paths.ROOT).as_posix())
def test_nothing_runs_text_or_a_shell(path: Path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_the_search_for_doors_finds_them():
    assert faults("x = compile('1', '', 'exec')") and not faults("compile('1', '', 'exec')")
    assert faults("eval('1')") and faults("import os; os.system('x')") and faults("subprocess.run('x', shell=True)")
    assert faults("import yaml; yaml.load(x)") and faults("pd.read_pickle('x')") and faults("archive.extractall('x')")
    assert faults("subprocess.run(['x'], shell=False); re.compile('x'); yaml.safe_load(x)") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data", "../../../../etc"],
        ["--data", "/etc/passwd"],
        ["--data", "/dev"],
        ["--data", "/proc/self"],
        ["--out", "/etc"],
        ["--out", "/etc/passwd/site"],
        ["--out", "/proc/self/site"],
        ["--out", "a\x00b"],
        ["--data", "a\x00b"],
    ],
    ids=lambda a: repr(" ".join(a)),
)
def test_a_path_that_leads_elsewhere_is_refused(arguments: list[str]):
    if any("\x00" in a for a in arguments):
        with pytest.raises(ValueError, match="null"):
            subprocess.run([*EXECUTABLE, "build", *arguments], check=False)
        return
    done = roundtrip("build", *arguments)
    assert done.returncode in (1, 2) and done.stderr.strip(), done.stderr
    assert "as it was" in done.stderr


def test_an_output_that_is_no_site_is_never_replaced(tmp_path: Path):
    for name in ("results.json", "index.html"):
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / "thesis.txt").write_text("years of work")
        publish_me = tmp_path / "mine"
        if name == "index.html":
            (publish_me / name).write_text("a page of my own")
        with pytest.raises(OSError, match="holds something other than a built report"):
            placement.require_writable(publish_me)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match="holds something other than a built report"):
        placement.require_writable(link)


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "..", "a/b", "a\\b", "/etc/passwd", "CON:", "a b", "-rf", ".hidden"]
)
@pytest.mark.parametrize(
    ("table", "column"), [("deals", "deal"), ("entities", "entity"), ("sites", "site"), ("terms", "term")]
)
def test_a_key_that_is_a_path_is_refused(copy: Path, table: str, column: str, key: str):
    from analysis.ledger import check

    rows = read_rows(copy / f"{table}.csv")
    rows[-1][rows[0].index(column)] = key
    write_rows(copy / f"{table}.csv", rows)
    assert any(p.file == f"{table}.csv" and p.row == len(rows) and p.column == column for p in check(copy))


def test_a_schema_in_the_data_is_not_obeyed(copy: Path):
    """A ledger brings tables, never rules or code: a schema of its own is held against ours, scripts are left alone."""
    from analysis.ledger import check

    (copy / "conftest.py").write_text("raise SystemExit('ran')")
    (copy / "sitecustomize.py").write_text("raise SystemExit('ran')")
    assert check(copy) == []
    own = paths.SCHEMA.read_text(encoding="utf-8")
    lax = re.sub(r'"(pattern|enum|required|minimum|maximum|optional)"', r'"no_\1"', own)
    assert lax != own
    (copy / "datapackage.json").write_text('{"resources": []}')
    assert "does not declare the resource 'deals'" in "".join(map(str, check(copy)))
    (copy / "datapackage.json").write_text(own)
    before = [p for p in check(copy) if p.file != "datapackage.json" and "declares" not in p.message]
    (copy / "datapackage.json").write_text(lax)
    change(copy / "deals.csv", {"deal": "openai-aws-compute", "as_of": "2026-02-27"}, "low_usd_bn", "x")
    change(copy / "deals.csv", {"deal": "openai-amd-chips", "as_of": "2025-10-06"}, "status", "Signed!")
    found = [p for p in check(copy) if p.file == "deals.csv" and p.row > 1]
    assert before == [] and {p.column for p in found} >= {"low_usd_bn", "status"}


def test_downloads_hold_no_path_and_no_formula(site_hostile: Path):
    with zipfile.ZipFile(site_hostile / "data" / "ledger.zip") as archive:
        assert all(re.fullmatch(r"[a-z_]+\.(csv|json)", n) for n in archive.namelist())
        assert all(i.external_attr >> 16 == 0o644 for i in archive.infolist()), "plain files, no links"
    names = [*(site_hostile / "data").glob("*.csv"), *(site_hostile / "_figures").glob("*.csv")]
    risky = [
        f"{p.name}: {cell[:40]}"
        for p in names
        for row in read_rows(p)
        for cell in row
        if re.match(r"[=@\t\r]|[+-].*([|!]|[A-Za-z]\()", cell)
    ]
    assert names and risky == []
    frame = pd.read_parquet(site_hostile / "data" / "deals.parquet")
    assert len(frame) > ROWS and frame["note"].map(type).eq(str).all()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_a_workflow_has_the_rights_it_names_and_runs_what_was_reviewed(path: Path):
    text = path.read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    assert set((told["permissions"] or {}).values()) <= {"read"}, "rights to write belong to the job that needs them"
    for job in told["jobs"].values():
        assert job["timeout-minutes"] if "steps" in job and len(job["steps"]) > 1 else True
        for step in job["steps"]:
            if uses := step.get("uses"):
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses), f"{uses} is not pinned to a commit"
                if uses.startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False
            assert "${{ github.event" not in step.get("run", ""), (
                "what others write is passed as a variable, not as text of a script"
            )
    assert "pull_request_target" not in text


def test_the_lock_pins_hashes_and_names_no_registry():
    lock = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = [line for line in lock.splitlines() if "==" in line and not line.startswith(" ")]
    assert len(pinned) > 100 and "://" not in lock and "index-url" not in lock
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in b for b in blocks if not b.startswith("#"))


# Modules in which markup may stand outside templates, and why.
MARKUP_OUTSIDE_TEMPLATES = {
    "book/drawing/cards.py": "reads and frames the SVG that the drawing engine made",
    "book/drawing/charts.py": "reads the SVG that the drawing engine made",
    "book/drawing/renderer.py": "sets the fonts of the drawing engine, and starts it with an empty SVG",
    "book/pages/addresses.py": "finds the script in the theme's template",
    "book/pages/fragments.py": "removes markup from rendered text",
    "book/pages/repairs.py": "corrects HTML that the theme and other extensions made",
    "book/pages/search_index.py": "finds titles and lists in the HTML of rendered parts",
    "book/running/telling.py": "finds the rows of a table that a chapter shows",
}
TAG = re.compile(r"(?<!\?P)<(h[1-6]|[a-z]+)(?=[\s>/.\[]|$)")


def written_markup(source: str) -> list[tuple[int, str]]:
    """Lines and texts of a module's strings that hold a tag; docstrings are prose."""
    tree = ast.parse(source)
    with_docstring = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, with_docstring) and ast.get_docstring(n)}
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [(n.lineno, n.value) for n in strings if id(n) not in prose and TAG.search(n.value)]


def test_html_comes_from_escaped_templates_only():
    found = {}
    for path in sorted((paths.ROOT / "analysis").rglob("*.py")):
        if lines := written_markup(path.read_text(encoding="utf-8")):
            found[path.relative_to(paths.ROOT / "analysis").as_posix()] = lines
    assert {name: lines for name, lines in found.items() if name not in MARKUP_OUTSIDE_TEMPLATES} == {}
    assert set(found) == set(MARKUP_OUTSIDE_TEMPLATES), "an exception that is no longer needed goes"


def test_markup_in_a_string_is_noticed():
    assert written_markup("x = f'<td>{value}</td>'\ny = '<b' + z") == [(1, "<td>"), (2, "<b")]
    assert written_markup('"""About <b>."""\ndef f():\n    """Of <b>."""\n    return 1 < 2') == []


def test_templates_escape_what_they_are_given():
    attack = "<script>alert(1)</script>\" onload='x'"
    result = Result("a.b", attack, None, "text", as_of="", how=attack)
    made = templates.render("numbers/results.html", results=[result])
    assert "<script>" not in made and BeautifulSoup(made, "html.parser").td is not None
    cells = [cell.get_text() for cell in BeautifulSoup(made, "html.parser").tbody.find_all(["th", "td"])]
    assert cells[0] == cells[3] == attack
