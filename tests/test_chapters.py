"""The chapters as files: thin, without typed facts, complete, the same on every run."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest
from IPython.lib.pretty import pretty

from analysis import paths
from analysis.book.pages.guess import slider_end
from analysis.book.publishing.accept import accept
from analysis.book.running import notebooks, outputs, parameters
from analysis.book.running.chapters import run_chapters
from analysis.figures import tables
from analysis.figures.browsing import Browsed, Column
from analysis.figures.figure import make_figure
from analysis.ledger import Ledger
from analysis.numbers import plaintext
from analysis.numbers.results import Result, Results
from tests import later
from tests.conftest import change, number_functions, read_rows, write_rows
from tests.ledgers import FROZEN, SMALL

CHAPTERS = notebooks.chapters(paths.CHAPTERS)
PAGES = [*CHAPTERS, *sorted(paths.CHAPTERS.glob("*.md"))]
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.With)
CLOCKS = re.compile(r"\b(open|requests|urllib|socket|time|datetime|random|Path|os|subprocess|exec|eval|read_csv)\b")
NAMES_WITH_DIGITS = {"FP8", "BF16", "MathML"}


def markdown(page: Path) -> list[str]:
    if page.suffix == ".md":
        return [page.read_text(encoding="utf-8")]
    return [c.source for c in nbformat.read(page, 4).cells if c.cell_type == "markdown"]


def stored() -> dict[str, list[str]]:
    """What the stored chapters state of each number, figure and table."""
    return outputs.statements(text for p in CHAPTERS for text in outputs.texts(notebooks.read(p)))


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
def test_no_figure_is_typed_into_prose(page: Path, live: Ledger):
    allowed = set(live.chips["chip"]) | set(live.entities["name"]) | NAMES_WITH_DIGITS
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
    keys += [k for line in re.findall(r"^:{3,}\{(?:cards|guess)\} +(.+)$", text, flags=re.M) for k in line.split()]
    assert [k for k in keys if k not in known] == []
    for key in re.findall(r"^:{3,}\{when\} +(?:not +)?(\S+)$", text, flags=re.M):
        assert known[key][0] in ("True", "False"), f"{key} is no condition"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_opens_with_its_answer_and_only_the_first_page_ends_with_what_would_change_it(path: Path):
    cells = nbformat.read(path, 4).cells
    texts = markdown(path)
    assert cells[0].cell_type == "markdown" and texts[0].startswith("# ")
    body = [line for line in texts[0].splitlines()[1:] if line and not line.startswith((":", "#", "*"))]
    assert len(body) >= 3, "three sentences, a line each"
    assert ("## What would change this" in texts[-1]) == (path.stem == "index")


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


@pytest.mark.parametrize(
    ("injected", "stored_as"),
    [
        ('# Parameters\ndata = "/elsewhere"\n', 'as_of = None\ndata = None\nscenario = "central"'),
        ('# Parameters\nas_of = "2026-03-31"\n', 'as_of = "2026-03-31"\ndata = None\nscenario = "central"'),
        ('# Parameters\nscenario = "slow"\n', 'as_of = None\ndata = None\nscenario = "slow"'),
    ],
)
@pytest.mark.parametrize("typed", ["as_of = None", "as_of=None", "as_of: str | None = None", "as_of = (\n    None\n)"])
def test_a_run_keeps_every_parameter_and_no_folder_of_tables(injected: str, stored_as: str, typed: str):
    cell = nbformat.v4.new_code_cell
    stored_as = stored_as.replace("as_of = None", typed)
    own = cell(f'{typed}\ndata = None\nscenario = "central"', metadata={"tags": ["parameters"]})
    book = nbformat.v4.new_notebook(cells=[own, cell(injected, metadata={"tags": [parameters.INJECTED]})])
    assert [c.source for c in notebooks.normalise(book).cells] == [stored_as]


def test_stored_outputs_are_text_that_a_person_can_review():
    books = [notebooks.read(p) for p in CHAPTERS]
    shown = [o for book in books for cell in book.cells for o in cell.get("outputs", [])]
    assert {mime for output in shown for mime in output["data"]} == {"text/plain"}
    written = json.dumps(shown, indent=1, ensure_ascii=False).encode()
    assert len(written) < 300_000, "all chapters together; sources are prose, and not counted"


def test_a_row_that_begins_like_the_one_above_is_told_with_a_ditto_mark():
    rows = [["the whole life", 1], ["the whole life", 2], ["later", 2], ["later", 3]]
    text = plaintext.block("fig-x", "Title", ["Words."], ["Counted", "Share"], rows)
    assert text.splitlines()[3:] == ["the whole life  1", '"  2', "later  2", '"  3']
    assert plaintext.without_dittos(text.splitlines())[3:] == [plaintext.line(*row) for row in rows]


def test_a_chart_a_table_and_a_number_as_text(ledger: Ledger):
    frame = pd.DataFrame({"Day": pd.to_datetime(["2026-01-31", None]), "US$ bn": [1234.5678, 0.00012345]})
    chart = make_figure(
        alt.Chart(frame).mark_bar(),
        id="fig-x",
        title="The title",
        subtitle="In US$ bn.",
        alt_text="The title. 2026-01-31: 1,235; First part; second part. The end.",
        table=frame,
        columns={"Day": "Day", "US$ bn": "US$ bn"},
        ledger=ledger,
        rows=[],
    )
    rows = ["Day  US$ bn", "2026-01-31  1235", "-  0.0001234"]
    chart_text = ["fig-x  The title", "In US$ bn.", "First part;", "second part.", "The end.", *rows]
    assert chart._repr_mimebundle_()["text/plain"].splitlines() == chart_text
    assert repr(tables.Table(frame, "x", "A caption")).splitlines() == ["table-x  A caption", *rows]
    cells = [str(n) for n in range(500)]
    long = Browsed("x", "A caption", cells, [Column("a", cells)], cells)
    assert repr(long).splitlines() == ["table-x  A caption: 500 rows", "a", "0", "1", "2"]
    numbers = Results(
        [
            Result("a.sum", "Sum", None, "usd_bn", low=15, high=50, as_of="2026-02-12"),
            Result("a.name", "Name", "two  words\nand a line", "text"),
        ]
    )
    assert pretty(numbers) == "a.sum  US$15–50bn  known 2026-02-12\na.name  two words and a line  undated"
    assert outputs.statements([pretty(numbers), repr(long)]) == {
        "a.sum": ["US$15–50bn", "known 2026-02-12"],
        "a.name": ["two words and a line", "undated"],
        "table-x": ["A caption: 500 rows", "a", "0", "1", "2"],
    }


FIGURE = "fig-x  Title\nWords.\nYear  US$ bn\n2025  1\n2026  2"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (FIGURE, FIGURE, []),
        ("a.b  20.6%  known 2026-02-12", "a.b  21.6%  known 2026-05-13", ["a.b: 20.6% -> 21.6%"]),
        ("a.b  1  known 2026-02-12", "a.b  1  undated", ["a.b: known 2026-02-12 -> undated"]),
        ("a.b  1  undated", "a.c  2  undated", ["a.b: 1 -> no longer there", "a.c: not there before -> 2"]),
        (FIGURE, FIGURE.replace("Title", "Other"), ["fig-x: Title -> Other"]),
        (FIGURE, FIGURE.replace("2026  2", "2026  3"), ["fig-x: 2026  2 -> 2026  3"]),
        (FIGURE, f"{FIGURE}\n2027  5", ["fig-x: added: 2027  5"]),
        (FIGURE, FIGURE.replace("2025  1\n", ""), ["fig-x: removed: 2025  1"]),
        (f"{FIGURE}\n2026  3", f'{FIGURE}\n"  4', ["fig-x: 2026  3 -> 2026  4"]),
        ("first\nline", "first\nother", ["first: line -> other"]),
    ],
)
def test_what_moved_is_named(old: str, new: str, told: list[str]):
    assert outputs.differences([old], [new]) == told


def test_nbval_names_what_moved_old_and_new(copy: Path, tmp_path: Path):
    """A chapter stored against one ledger and compared, with nbval's own options, against another."""
    book = notebooks.read(paths.CHAPTERS / "oracle_softbank.ipynb")
    shown = ("parameters", "import", "numbers.softbank(", "figures.fig_oracle_backlog(")
    code = [c for c in book.cells if c.cell_type == "code"]
    book.cells = [c for c in code if any(word in c.source or word in c.metadata.get("tags", []) for word in shown)]
    assert len(book.cells) == len(shown)
    book.cells[0].source = book.cells[0].source.replace("data = None", f"data = {str(copy)!r}")
    source, stored = tmp_path / "oracle_softbank.ipynb", tmp_path / "stored" / "oracle_softbank.ipynb"
    notebooks.write(book, source)
    stored.parent.mkdir()
    run_chapters([source], stored.parent, {})
    notebooks.write(outputs.text_only(notebooks.read(stored)), stored)
    shutil.copy(paths.CHAPTERS / "conftest.py", stored.parent)

    changed = {("softbank", "ltv", "2026-02-12"): "21.6", ("oracle", "rpo_openai", "2026-02-28"): "450"}
    for (entity, metric, day), value in changed.items():
        change(copy / "metrics.csv", {"entity": entity, "metric": metric, "as_of": day}, "value", value)
    options = ["-o", "addopts=", "-p", "no:cacheprovider", "--color=no", "--nbval"]
    command = [sys.executable, "-m", "pytest", *options, str(stored)]
    told = subprocess.run(command, cwd=stored.parent, capture_output=True, text=True, timeout=300).stdout
    assert "2 failed, 2 passed" in told
    assert "oracle_softbank.ltv: 20.6% -> 21.6%\n" in told
    before = "If the press is right, OpenAI is about 54% of Oracle's backlog of US$553bn"
    now = "Oracle's backlog is US$553bn; the press put OpenAI at 86% in November 2025"
    assert f"fig-oracle-backlog: {before} -> {now}\n" in told, "450 is not the price of the order"
    assert "fig-oracle-backlog: Nov 2025  523  300  -  - -> Nov 2025  523  450  -  -\n" in told


def test_accept_shows_what_moved_and_stores_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = paths.CHAPTERS / "references.ipynb"
    whole, key = source.read_text(encoding="utf-8"), "references.sources"
    value = stored()[key][0]
    (tmp_path / source.name).write_text(whole.replace(f"{key}  {value}  ", f"{key}  9  "), encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: references\n")
    monkeypatch.setattr(paths, "CHAPTERS", tmp_path)
    monkeypatch.setattr(paths, "TOC", tmp_path / "_toc.yml")
    moved: list[str] = []
    assert accept(jobs=1, show=moved.append) == [source.name]
    assert moved == [f"{key}: 9 -> {value}"]
    assert (tmp_path / source.name).read_text(encoding="utf-8") == whole
    assert accept(jobs=1, show=moved.append) == [] and len(moved) == 1


def test_accept_runs_the_named_chapters_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    spoiled = {}
    for name in ("references", "methods"):
        source = paths.CHAPTERS / f"{name}.ipynb"
        spoiled[name] = re.sub(r"(known \d{4}-\d\d-)\d\d", r"\g<1>99", source.read_text(encoding="utf-8"), count=1)
        (tmp_path / source.name).write_text(spoiled[name], encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: references\nchapters:\n  - file: methods\n")
    monkeypatch.setattr(paths, "CHAPTERS", tmp_path)
    monkeypatch.setattr(paths, "TOC", tmp_path / "_toc.yml")
    with pytest.raises(ValueError, match="unknown chapter 'reference'; nearest is 'references'"):
        accept(jobs=1, chapters=["reference"])
    now = {name: (tmp_path / f"{name}.ipynb").read_text(encoding="utf-8") for name in spoiled}
    assert now == spoiled, "nothing is written"
    assert accept(jobs=1, chapters=["references"]) == ["references.ipynb"]
    assert (tmp_path / "methods.ipynb").read_text(encoding="utf-8") == spoiled["methods"]


def test_every_condition_has_been_seen_true_and_false(
    ledger: Ledger, live: Ledger, three: Ledger, copy: Path, tmp_path: Path
):
    """Each sentence under a condition is read by someone: some day, or some ledger, makes it true, another false."""
    text = "\n".join(t for p in PAGES for t in markdown(p))
    used = set(re.findall(r"^:{3,}\{when\} +(?:not +)?(\S+)$", text, flags=re.M))
    assert used, "there are conditions"
    # The project's own ledger on its newest day: what the chapters state, as nbval and the built site hold them to.
    stated = stored()
    seen: dict[str, set[bool]] = {k: {stated[k][0] == "True"} if k in stated else set() for k in used}
    # An Oracle that spends far beyond its means: the only condition that no day of the real ledger makes true.
    change(copy / "metrics.csv", {"entity": "oracle", "metric": "cash", "as_of": "2026-03-13"}, "value", "0.1")
    change(
        copy / "metrics.csv", {"entity": "oracle", "metric": "capex_guidance", "as_of": "2026-03-10"}, "value", "120"
    )
    # And an order that is paid in full: no row of the real ledger says so.
    change(copy / "deals.csv", {"deal": "openai-cerebras-compute", "as_of": "2026-01-14"}, "status", "closed")
    # And shares that Microsoft has signed for since its filing.
    shares = later.last_of(copy, "deals", deal="microsoft-openai-equity-2024")
    later.append(copy, "deals", [shares | {"deal": "microsoft-openai-equity-later", "part_of": ""}])
    # And a prediction that has been settled, below its middle.
    values = "2025-12-17,openai,annualized_revenue,,,2025-12-31,15,25,30,35,40,usd_bn,,,then,000000000000"
    header = read_rows(SMALL / "predictions.csv")[0]
    write_rows(copy / "predictions.csv", [header, values.split(",")])
    # Each function is computed of one ledger after the other until both ways of all its conditions were seen. The order
    # is the quickest found: one of few rows names them all, then come those that differ most; some are seldom needed.
    waiting: dict[Callable, set[str]] = {function: set() for function in number_functions()}
    first, *days = (ledger.at(d) for d in ("2024-01-01", "2025-09-30", "2025-12-17", "2026-02-27", "2025-01-31"))
    live_days = (live.at(d) for d in ("2025-12-17", "2026-03-31", "2026-06-15"))
    small = Ledger.load(SMALL)
    overtaken, turned, ended = (
        Ledger.load(alter(later.copy_of(tmp_path / alter.__name__)))
        for alter in (later.with_overtaken, later.with_turns, later.with_every_deal_cancelled)
    )
    views = [first, three, days[0], small, turned, *days[1:3], overtaken, ended, Ledger.load(copy), *live_days]
    views += [days[3], live, ledger]
    for view in views:  # one by one: what was computed of one is kept
        for function in [f for f, keys in waiting.items() if view is first or keys]:
            flags = {r.key: bool(r.value) for r in function(view, "central") if r.unit == "flag" and r.key in used}
            for key, value in flags.items():
                seen[key].add(value)
            waiting[function] = {k for k in waiting[function] | {*flags} if len(seen[k]) < 2}
    assert {k: values for k, values in seen.items() if values != {True, False}} == {}


def test_filled_notebooks_show_numbers():
    known = {
        r.key: r.as_dict()
        for r in (
            Result("a.sum", "Sum", 138, "usd_bn", low=100, high=150, as_of="2026-02-27"),
            Result("a.is_known", "Known", True, "flag"),
        )
    }
    prose = (
        "Owed {num}`a.sum`, at least {num}`a.sum:low` on {num}`a.sum:date`; {num}`a.gone`. See {doc}`Methods"
        " <methods>`.\n:::{when} a.is_known\nKnown {term}`RPO`.\n:::\n:::{when} not a.is_known\nUnknown.\n:::"
    )
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), nbformat.v4.new_code_cell("1")])
    filled = notebooks.filled(book, known)
    assert (
        filled.cells[0].source
        == "Owed US$138bn (US$100–150bn), at least US$100bn on 27 February 2026; [a.gone]. See Methods.\nKnown RPO.\n"
    )
    assert filled.cells[1] == book.cells[1] and book.cells[0].source == prose


def test_a_copy_can_be_changed_down_to_its_texts_and_is_written_as_jupyter_does():
    shown = nbformat.v4.new_output("display_data", {"text/html": "<b>\n</b>", "application/json": {"a": [1, 2]}})
    code = nbformat.v4.new_code_cell("x = 1\nx", outputs=[nbformat.v4.new_output("stream", text="1\n2\n"), shown])
    prose = nbformat.v4.new_markdown_cell("Zwölf\n", attachments={"a.svg": {"image/svg+xml": "<svg>\n</svg>"}})
    book = nbformat.v4.new_notebook(cells=[prose, code])
    before = nbformat.v4.writes(book)
    assert notebooks.text_of(book) == before + "\n"
    changed = notebooks.copied(book)
    changed.cells[0].source, changed.cells[1].outputs[0].text = "other", "other"
    changed.cells[0].attachments["a.svg"]["image/svg+xml"] = "other"
    changed.cells[1].outputs[1].data["text/html"] = "other"
    assert nbformat.v4.writes(changed).count("other") == 4 and nbformat.v4.writes(book) == before


def test_decide_keeps_one_branch():
    known = {"a.x": {"value": True}, "a.y": {"value": False}}
    source = "Before\n:::{when} a.x\nyes\n:::\n:::{when} not a.x\nno\n:::\n:::{when} a.y\nmaybe\n:::\nAfter\n"
    assert notebooks.decide(source, known).split() == ["Before", "yes", "After"]


def test_the_list_of_what_is_not_known_counts_what_the_files_leave_empty(ledger: Ledger):
    from analysis.numbers.ledger import unknown
    from tests.conftest import read_rows

    told = unknown(ledger).set_index("what")
    assert (told["missing"] <= told["of"]).all() and told.loc["The amount of a payment", "missing"] > 0
    header, *rows = read_rows(FROZEN / "chips.csv")
    without = {r[0] for r in rows if not r[header.index("tdp_w")]}
    assert set(told.loc["The power of a chip", "which"].split("; ")) == without
    header, *rows = read_rows(FROZEN / "sources.csv")
    assert told.loc["An address of the source", "missing"] == sum(not r[header.index("url")] for r in rows)


@pytest.mark.parametrize(
    ("high", "unit", "end"),
    [(8.9, "pct", 100), (130, "pct", 500), (41.1, "usd_bn", 100), (18.3, "x", 50), (1.9, "x", 5), (0.3, "gw", 1)],
)
def test_a_guess_has_room_on_both_sides_of_its_answer(high: float, unit: str, end: float):
    assert slider_end(high, unit) == pytest.approx(end)


@pytest.mark.parametrize("path", [p for p in CHAPTERS if '"beside"' in p.read_text()], ids=lambda p: p.stem)
def test_the_first_picture_follows_the_lead(path):
    """On a phone the picture of Oracle's page waited behind a screen and a half of text."""
    cells = notebooks.read(path).cells
    place = next(i for i, cell in enumerate(cells) if "beside" in cell.metadata.get("tags", []))
    before = [cell.source for cell in cells[:place] if cell.cell_type == "markdown"]
    depth = 0
    for line in before[0].strip().splitlines()[2:]:
        depth += (1 if "{" in line else -1) if line.startswith(":::") else 0
        assert line or depth, "a second paragraph before the picture"
    assert len(before) == 1
