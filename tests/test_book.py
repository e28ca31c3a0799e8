"""Building: on two days, on a ledger of three rows, with one more row, and when things go wrong."""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis import paths
from analysis.book.pages import extension, incremental
from analysis.book.publishing import build as building
from analysis.book.publishing import placement
from analysis.book.publishing.build import Settings, build
from analysis.book.running import notebooks, outputs
from analysis.ledger import Ledger
from analysis.numbers import amazon, index
from tests.conftest import EXECUTABLE, change, numbers_of, read_rows, roundtrip, work_in, write_rows
from tests.ledgers import FROZEN


def results(site: Path) -> dict[str, dict]:
    return {r["key"]: r for r in json.loads((site / "results.json").read_text(encoding="utf-8"))["results"]}


def test_every_day_answers_the_same_questions(site: Path, site_then: Path, live: Ledger):
    now, then = results(site), results(site_then)
    assert set(now) == set(then)
    for site_, day in ((now, f"{live.newest:%Y-%m-%d}"), (then, "2025-12-17")):
        late = [r["key"] for r in site_.values() if r["as_of"] > day]
        assert late == [], "nothing that became known later"


@pytest.mark.parametrize("path", notebooks.chapters(paths.CHAPTERS), ids=lambda p: p.stem)
def test_a_chapter_says_what_is_stored_of_it(site: Path, path: Path):
    """In the process that runs it for the site; what a kernel makes of it is compared by nbval, see chapters/conftest."""
    stored, ran = (outputs.texts(notebooks.read(p)) for p in (path, site / "notebooks" / path.name))
    assert outputs.differences(stored, ran) == []
    assert stored == ran


def test_the_key_results_of_the_frozen_ledger(ledger: Ledger):
    """Amazon 50 and 138, and all that OpenAI receives, 182.6: added up by hand, see ``test_view``."""
    said = {r.key: r for r in (*amazon.deal(ledger), *index.totals(ledger))}
    assert (said["amazon.equity_high"].value, said["amazon.aws_total"].value) == (50, 138)
    assert said["index.gets"].high == 182.6


def test_the_report_of_the_founding_day(site_then: Path):
    then = results(site_then)
    assert (then["amazon.equity_high"]["value"], then["amazon.aws_total"]["value"]) == (10, 38)
    assert then["amazon.is_talk"]["value"] is True and then["amazon.is_signed"]["value"] is False
    text = (site_then / "index.html").read_text(encoding="utf-8") + (site_then / "amazon.html").read_text(
        encoding="utf-8"
    )
    for later in ("US$122bn", "US$852bn", "US$138bn", "Frontier", "US$24bn"):
        assert later not in text, later


def test_every_result_names_its_sources(site: Path):
    for r in results(site).values():
        assert bool(r["rows"]) == bool(r["sources"]), r["key"]
        if r["unit"] in ("usd_bn", "gw", "pct") and r["text"] != "not known" and not r["key"].startswith("methods."):
            assert r["sources"], f"{r['key']} has a value and no source"
            assert r["as_of"], r["key"]


SIGNS = {"÷": "/", "×": "*", "−": "-", "US$": "", ",": ""}


def test_every_calculation_shown_gives_its_number(site: Path):
    """What a note writes, read as a sum by hand, is what it says, but for the rounding of what is written."""
    read = 0
    for r in results(site).values():
        for told in r["calculations"]:
            words = " ".join(f"{t['operator']} {t['text']}{t['close']}" for t in told["terms"])
            if re.search(r"–|more|up to", words + told["text"]):
                continue
            plain = [re.sub(r"bn|GW|years|months|million|×$", "", text) for text in (words, told["text"])]
            plain = [re.sub(r"([\d.]+)%", r"(\1/100)", text) for text in plain]
            for sign, code in SIGNS.items():
                plain = [text.replace(sign, code) for text in plain]
            ours, said = (eval(text) for text in plain)
            assert ours == pytest.approx(said, rel=0.03), (r["key"], words)
            read += 1
    assert read > 40


def test_the_search_reads_numbers_without_the_marks_of_their_notes(site: Path):
    script = (site / "_data" / "sections.js").read_text(encoding="utf-8")
    sections = json.loads(script.partition('["all"] = ')[2].rstrip().rstrip(";"))
    said = results(site)["index.to_both"]["text"]
    (answer,) = [s["text"] for s in sections if s["page"] == "index" and s["id"] == "what-we-found"]
    assert re.search(rf"{re.escape(said)}(?!\d)", answer), "as in the sentence"
    assert not any("computed on this page" in s["text"] or "How it was computed" in s["text"] for s in sections)
    assert [s["page"] for s in sections if not s["isProse"]] == ["references"]


def test_a_word_for_the_role_of_a_row_is_plain_english_in_a_chapter(site: Path):
    """ "Payments" in an ordinary sentence was underlined as a term of the glossary."""
    linked = {page.stem for page in site.glob("*.html") if "glossary.html#term-payment" in page.read_text("utf-8")}
    assert {"ledger"} <= linked <= {"ledger", "methods"}


def test_three_rows_make_a_report(site_small: Path):
    found = results(site_small)
    assert found["amazon.aws_total"]["value"] == 38
    assert found["microsoft.azure_total"]["value"] == 250
    assert found["index.owes"]["low"] == 288
    assert found["microsoft.rpo"]["text"] == "not known"


def test_one_more_row_changes_what_it_should(ledger: Ledger, copy: Path):
    """A new statement of SoftBank's loan-to-value, and nothing but what rests on it."""
    rows = read_rows(copy / "metrics.csv")
    place = {n: i for i, n in enumerate(rows[0])}
    old = next(r for r in rows if r[place["metric"]] == "ltv" and r[place["as_of"]] == "2026-02-12")
    new = old.copy()
    for column, text in (("start", ""), ("end", "2026-03-31"), ("as_of", "2026-03-31"), ("value", "25.5")):
        new[place[column]] = text
    write_rows(copy / "metrics.csv", [*rows, new])
    before, found = numbers_of(ledger), numbers_of(Ledger.load(copy))
    assert set(before) == set(found)
    moved = {k for k in found if found[k].text != before[k].text}
    assert moved == {
        "oracle_softbank.ltv",
        "oracle_softbank.ltv_day",
        "oracle_softbank.ltv_before",
        "oracle_softbank.ltv_before_day",
        "exposure.ltv",
        "exposure.ltv_now",
        "exposure.ltv_half",
        "exposure.ltv_quarter",
        "exposure.has_ltv_stress",
        "ledger.metrics",
        "changes.added",
    }
    assert found["oracle_softbank.ltv"].text == "25.5%" and found["oracle_softbank.ltv_before"].text == "20.6%"


def test_an_edited_figure_fails_nbval_where_it_is_used_and_only_there(tmp_path: Path, live: Ledger):
    """The notebook regression test names the chapters that rest on a figure: here one of SoftBank's balance."""
    for name in ("analysis", "data", "chapters"):
        shutil.copytree(paths.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    newest = live.part("metrics", "entity", "softbank").query("metric == 'ltv'").sort_values(["end", "as_of"]).iloc[-1]
    where = {"entity": "softbank", "metric": "ltv", "as_of": f"{newest['as_of']:%Y-%m-%d}"}
    old, new = f"{newest['value']:.1f}", f"{newest['value'] + 1:.1f}"
    change(tmp_path / "data" / "metrics.csv", where, "value", new)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            *(f"chapters/{c}.ipynb" for c in ("oracle_softbank", "microsoft")),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    failed = {
        line.split("::")[0].removeprefix("FAILED ") for line in done.stdout.splitlines() if line.startswith("FAILED")
    }
    assert failed == {"chapters/oracle_softbank.ipynb"}, done.stdout[-3000:]
    assert f"oracle_softbank.ltv: {old}% -> {new}%" in done.stdout, "the number is named, old and new"


def test_a_failed_build_leaves_the_site(tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "site"
    out.mkdir()
    (out / "results.json").write_text("{}")
    (out / "index.html").write_text("as it was")

    def fail(*_args, **_kwargs):
        raise building.BuildError("no pages today")

    monkeypatch.setattr(building, "run_stale", lambda *a, **k: [])
    monkeypatch.setattr(
        building,
        "stage",
        lambda *a, **k: {"results": {}, "notebooks": [], "figures": {}, "told": {}, "news": [], "site": {"digest": ""}},
    )
    monkeypatch.setattr(building, "render", fail)
    with pytest.raises(building.BuildError, match="no pages today"):
        build(Settings(data=copy, out=out))
    assert (out / "index.html").read_text() == "as it was"
    assert list(tmp_path.glob(".site.build-*")) == []


def test_a_killed_build_leaves_the_site_and_the_next_one_cleans_up(tmp_path: Path, three_rows: Path):
    out = tmp_path / "site"
    out.mkdir()
    (out / "results.json").write_text("{}")
    (out / "index.html").write_text("as it was")
    command = [*EXECUTABLE, "build", "--data", str(three_rows), "--out", str(out)]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob(".site.build-*/newest/ran/*.ipynb")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert (out / "index.html").read_text() == "as it was"
    assert len(list(tmp_path.glob(".site.build-*"))) == 1
    with placement.working_folder(out) as work:
        assert list(tmp_path.glob(".site.build-*")) == [work]


def test_exchange_puts_whole_folders_in_place(tmp_path: Path):
    new, out = tmp_path / "new", tmp_path / "out"
    new.mkdir()
    (new / "page").write_text("new")
    placement.put_in_place(new, out)
    assert (out / "page").read_text() == "new"
    new.mkdir()
    (new / "page").write_text("newer")
    placement.put_in_place(new, out)
    assert (out / "page").read_text() == "newer"


def test_exchange_without_help_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(placement, "_swap", lambda *_: False)
    test_exchange_puts_whole_folders_in_place(tmp_path)


def test_an_output_that_is_something_else_is_kept(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(OSError, match="holds something other than a built report"):
        placement.require_writable(tmp_path / "mine")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="not a folder"):
        placement.require_writable(tmp_path / "file")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--data", str(FROZEN), "--as-of", "1997-01-01"], 2, "the ledger knows 1998-10-31 to 2026-03-31"),
        (["--as-of", "1899-12-31"], 2, "is before the first fact"),
        (["--as-of", "2099-01-01"], 2, "is after the newest fact"),
        (["--as-of", "yesterday"], 2, "is not a day; write it as YYYY-MM-DD"),
        (["--as-of", "2025-02-30"], 2, "is not a day of the calendar"),
        (["--scenario", "centrl"], 2, "unknown scenario 'centrl'; nearest is 'central'; known are "),
        (["--data", "/nowhere"], 1, "is not a directory"),
        (["--out", "/proc/nowhere/site"], 1, "not writable"),
        (["--jobs", "0"], 2, "--jobs"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(arguments: list[str], code: int, message: str):
    done = roundtrip("build", *arguments)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.replace("│", " ").split())


def test_help_has_examples():
    done = subprocess.run([*EXECUTABLE, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for name in ("build", "check", "accept"):
        assert name in done.stdout
        assert "Example" in roundtrip(name, "--help").stdout or name == "accept"


def test_downloads(site: Path):
    with zipfile.ZipFile(site / "data" / "ledger.zip") as archive:
        names = set(archive.namelist())
        assert {"datapackage.json", "deals.csv", "sources.csv"} <= names
        assert archive.read("deals.csv") == (paths.DATA / "deals.csv").read_bytes()
    book = notebooks.read(site / "notebooks" / "amazon.ipynb")
    told = results(site)["amazon.aws_total"]["text"]
    assert told in "".join(c.source for c in book.cells if c.cell_type == "markdown")
    figure = (site / "_figures" / "fig-amazon-price.csv").read_text(encoding="utf-8").splitlines()
    assert figure[0].startswith("Chip,Instance") and len(figure) > 3
    svg = (site / "_figures" / "fig-amazon-price.svg").read_text(encoding="utf-8")
    assert "var(--rt" not in svg, "a drawing that stands alone needs no style sheet"


def test_two_builds_give_the_same_bytes(
    three_rows: Path, short_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One that goes on from another figure, and one from elsewhere, one chapter after the other, where nothing can be
    kept because a file stands in the way.

    `make reproduce` compares the whole report, `make soak` tries a full disk.
    """
    work_in(monkeypatch, short_project)
    first, other, data = (
        tmp_path / "site",
        tmp_path / "elsewhere" / "site",
        shutil.copytree(three_rows, tmp_path / "data"),
    )
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    build(Settings(data=three_rows, out=first))
    change(data / "deals.csv", {"deal": "openai-aws-compute"}, "high_usd_bn", "38.5")
    read: list[str] = []
    monkeypatch.setattr(
        incremental,
        "_keep_notes",
        lambda app, tree, keep=incremental._keep_notes: (read.append(app.env.docname), keep(app, tree)),
    )
    build(Settings(data=data, out=first))
    assert "amazon" in read and "about" not in read, "only what changed is read again"
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(paths, "CACHE", tmp_path / "file" / "cache")
    build(Settings(data=data, out=other, jobs=1))
    one, two = ({p.relative_to(s): p.read_bytes() for p in s.rglob("*") if p.is_file()} for s in (first, other))
    assert set(one) == set(two)
    assert [str(p) for p in one if one[p] != two[p]] == []


def test_a_stock_book_may_use_our_roles(tmp_path: Path):
    """Where the files of the site do not stand beside the chapters, pages are the theme's own."""
    app, context = SimpleNamespace(srcdir=tmp_path, outdir=tmp_path), {"body": "<p>as it was</p>"}
    extension._page_context(app, "index", "page.html", context, None)
    extension._write_page_index(app, None)
    assert context == {"body": "<p>as it was</p>"} and list(tmp_path.iterdir()) == []


def test_the_package_registers_its_renderer():
    assert importlib.util.find_spec("analysis.book.pages.mime")
    from importlib.metadata import entry_points

    assert "roundtrip" in {e.name for e in entry_points(group="myst_nb.mime_renderers")}
