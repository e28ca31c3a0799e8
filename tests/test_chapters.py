"""The chapters as files: thin, without typed facts, complete, the same on every run."""

import ast
import importlib
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.running import notebooks
from analysis.ledger import Ledger
from analysis.numbers.results import Results
from tests.conftest import change

CHAPTERS = notebooks.chapters(paths.CHAPTERS)
PAGES = [*CHAPTERS, *sorted(paths.CHAPTERS.glob("*.md"))]
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.With)
CLOCKS = re.compile(r"\b(open|requests|urllib|socket|time|datetime|random|Path|os|subprocess|exec|eval|read_csv)\b")
MODULES = ("index", "microsoft", "amazon", "oracle_softbank", "circularity", "sustainability", "changes")
NAMES_WITH_DIGITS = {"FP8", "BF16", "MathML"}


def markdown(page: Path) -> list[str]:
    if page.suffix == ".md":
        return [page.read_text(encoding="utf-8")]
    return [c.source for c in nbformat.read(page, 4).cells if c.cell_type == "markdown"]


def stored() -> dict[str, dict]:
    return {r["key"]: r for p in CHAPTERS for r in notebooks.collect(notebooks.read(p))}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_is_thin(path: Path):
    cells = nbformat.read(path, 4).cells
    code = [c for c in cells if c.cell_type == "code"]
    tagged = [c for c in code if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0].source == 'as_of = None\ndata = None\nscenario = "central"'
    for cell in code:
        tree = ast.parse(cell.source)
        assert not [n for n in ast.walk(tree) if isinstance(n, FORBIDDEN)], cell.source
        assert len(cell.source.splitlines()) <= 9, "a few lines"
        assert not CLOCKS.search(cell.source), cell.source
        assert not re.search(
            r"\d{2,}|[\"'][^\"']*/[^\"']*[\"']", re.sub(r'"[a-z0-9-]+"', "", cell.source).replace(", 30)", "")
        ), "no figures or paths"


def typed_digits(text: str, allowed: set[str]) -> list[str]:
    """Digits in prose outside roles, link targets, code and names."""
    text = re.sub(r"```.*?```", " ", text, flags=re.S)
    text = re.sub(r"\{[a-z]+\}`[^`]*`", " ", text)
    text = re.sub(r"^:{3,}.*$", " ", text, flags=re.M)
    text = re.sub(r"`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    for name in sorted(allowed, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return re.findall(r"\S*\d\S*", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_figure_is_typed_into_prose(page: Path, ledger: Ledger):
    allowed = set(ledger.chips["chip"]) | set(ledger.entities["name"]) | NAMES_WITH_DIGITS
    found = [d for text in markdown(page) for d in typed_digits(text, allowed)]
    assert found == []


def test_the_digit_test_can_fail():
    allowed = {"H100"}
    assert typed_digits("It paid $38bn in 2025.", allowed) == ["$38bn", "2025."]
    assert typed_digits("An H100 costs {num}`a.b` ([x](y2.html)) in FP 8", allowed) == ["8"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_key_in_prose_has_a_result(page: Path):
    known = stored()
    text = "\n".join(markdown(page))
    keys = [k.partition(":")[0] for k in re.findall(r"\{num\}`([^`]+)`", text)]
    keys += re.findall(r"^:{3,}\{when\} +(?:not +)?(\S+)$", text, flags=re.M)
    keys += [k for line in re.findall(r"^:{3,}\{cards\} +(.+)$", text, flags=re.M) for k in line.split()]
    assert [k for k in keys if k not in known] == []
    for key in re.findall(r"^:{3,}\{when\} +(?:not +)?(\S+)$", text, flags=re.M):
        assert known[key]["unit"] == "flag", f"{key} is no condition"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_opens_with_its_answer_and_ends_with_what_would_change_it(path: Path):
    cells = nbformat.read(path, 4).cells
    texts = markdown(path)
    assert cells[0].cell_type == "markdown" and texts[0].startswith("# ")
    body = [line for line in texts[0].splitlines()[1:] if line and not line.startswith((":", "#", "*"))]
    assert len(body) >= 3, "three sentences, a line each"
    assert "## What would change this" in texts[-1]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_stored_outputs_hold_no_noise(path: Path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1)), "stored as run from top to bottom"
    assert not any(o["output_type"] in ("error", "stream") for c in code for o in c["outputs"])
    assert "papermill" not in text and "/home/" not in text and not re.search(r"\bat 0x[0-9a-f]{6}", text)
    again = notebooks.normalise(notebooks.read(path))
    assert json.dumps(again, sort_keys=True) == json.dumps(notebooks.read(path), sort_keys=True)


def test_every_condition_has_been_seen_true_and_false(ledger: Ledger, three_rows: Path, copy: Path):
    """Each sentence under a condition is read by someone: some day, or some ledger, makes it true, another false."""
    text = "\n".join(t for p in PAGES for t in markdown(p))
    used = set(re.findall(r"^:{3,}\{when\} +(?:not +)?(\S+)$", text, flags=re.M))
    assert used, "there are conditions"
    seen: dict[str, set[bool]] = {k: set() for k in used}
    # An Oracle that spends far beyond its means: the only condition that no day of the real ledger makes true.
    change(copy / "metrics.csv", {"entity": "oracle", "metric": "cash", "as_of": "2026-03-13"}, "value", "0.1")
    change(
        copy / "metrics.csv", {"entity": "oracle", "metric": "capex_guidance", "as_of": "2026-03-10"}, "value", "120"
    )
    views = [ledger.at(d) for d in ("2024-01-01", "2025-01-31", "2025-09-30", "2025-12-17", "2026-02-27")]
    modules = [importlib.import_module(f"analysis.numbers.{m}") for m in MODULES]
    waiting: dict[
        Callable, set[str]
    ] = {  # each function with those of its conditions that have not been seen both ways
        function: used
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and [*inspect.signature(function).parameters] == ["ledger", "scenario"]
        and inspect.signature(function).return_annotation is Results
    }
    for view in [
        *views,
        ledger,
        Ledger.load(three_rows),
        Ledger.load(copy),
    ]:  # day by day: what was computed of one is kept
        for function in [f for f, keys in waiting.items() if keys]:
            flags = {r.key: bool(r.value) for r in function(view, "central") if r.unit == "flag" and r.key in used}
            for key, value in flags.items():
                seen[key].add(value)
            waiting[function] = {k for k in flags if len(seen[k]) < 2}
    assert {k: values for k, values in seen.items() if values != {True, False}} == {}


def test_filled_notebooks_show_numbers(ledger: Ledger):
    known = stored()
    book = notebooks.filled(notebooks.read(paths.CHAPTERS / "amazon.ipynb"), known)
    text = "\n".join(c.source for c in book.cells if c.cell_type == "markdown")
    assert "{num}" not in text and "{when}" not in text
    assert known["amazon.aws_total"]["text"] == "US$138bn" and "US$138bn" in text


def test_decide_keeps_one_branch():
    known = {"a.x": {"value": True}, "a.y": {"value": False}}
    source = "Before\n:::{when} a.x\nyes\n:::\n:::{when} not a.x\nno\n:::\n:::{when} a.y\nmaybe\n:::\nAfter\n"
    assert notebooks.decide(source, known).split() == ["Before", "yes", "After"]


def test_the_list_of_what_is_not_known_counts_what_the_files_leave_empty(ledger: Ledger):
    from analysis.numbers.ledger import unknown
    from tests.conftest import read_rows

    told = unknown(ledger).set_index("what")
    assert (told["missing"] <= told["of"]).all() and told.loc["The amount of a payment", "missing"] > 0
    header, *rows = read_rows(paths.DATA / "chips.csv")
    without = {r[0] for r in rows if not r[header.index("tdp_w")]}
    assert set(told.loc["The power of a chip", "which"].split("; ")) == without
    header, *rows = read_rows(paths.DATA / "sources.csv")
    assert told.loc["An address of the source", "missing"] == sum(not r[header.index("url")] for r in rows)
