"""Every error that a public docstring names is really raised, by the function that names it."""

import ast
import datetime as dt
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest

from analysis import paths, templates
from analysis.book.drawing import charts
from analysis.book.pages import addresses, render, sbom
from analysis.book.publishing import (
    accept,
    background,
    build,
    change_gate,
    diff,
    pdf,
    placement,
    runs,
    seal,
    serve,
    staging,
    untold,
)
from analysis.book.publishing.new_chapter import write_chapter
from analysis.book.publishing.settings import Settings
from analysis.book.running import chapters, engine, imports, manuscript, notebooks
from analysis.book.sweeps import cluster, sweep, variants
from analysis.figures import figure, palette
from analysis.ledger import Assumptions, Ledger, LedgerError, assumptions, compare, links, parse_day, sound_ledgers
from analysis.ledger.filings import addition, figures, inline, mapping, reports
from analysis.ledger.filings.edgar import Edgar
from analysis.ledger.filings.filing import Filing
from analysis.ledger.identities import arithmetic
from analysis.ledger.schema import read_schema
from analysis.models import (
    calibration,
    cash,
    circularity,
    clearing,
    compute,
    equity,
    exposure,
    flows,
    funding,
    leverage,
    obligations,
)
from analysis.models.circularity import matrices
from analysis.models.funding import gap_changes
from analysis.numbers import comparisons, modelling
from tests.conftest import change
from tests.edgar import FILINGS, IDENTITY
from tests.ledgers import FROZEN
from tests.test_funding import INPUTS, POINT
from tests.test_running import chapter

NAMED = re.compile(r"\b([A-Z]\w*(?:Error|Timeout)|NotSealed)\b")


class Place:
    """What the cases need: a sound ledger, taken for the project's own; an unsound one; a folder; a failing chapter."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, monkeypatch
        self.data = shutil.copytree(FROZEN, folder / "data")
        monkeypatch.setattr(paths, "DATA", self.data)
        self.bad = shutil.copytree(FROZEN, folder / "bad")
        change(self.bad / "chips.csv", {"chip": "H100"}, "tdp_w", "much")

    def failing(self) -> Path:
        """Write a chapter that fails and take its folder for the project's chapters."""
        source = self.folder / "chapters"
        source.mkdir(exist_ok=True)
        given = "as_of = None\ndata = None\nscenario = 'central'"
        path = chapter(source, "fails", "1 / 0", parameters=given)
        toc = self.folder / "_toc.yml"
        toc.write_text("root: fails\n")
        self.patch.setattr(paths, "TOC", toc)
        self.patch.setattr(paths, "CHAPTERS", source)
        self.patch.setattr(paths, "CACHE", self.folder / "cache")
        return path

    def conflict(self, name: str = "fails.ipynb") -> Path:
        """Leave a merge conflict in a file beside the failing chapter."""
        path = self.failing().with_name(name)
        path.write_text("a\n<<<<<<< HEAD\n")
        return path

    def ran(self) -> Path:
        (self.folder / "ran").mkdir(exist_ok=True)
        return self.folder / "ran"

    def settings(self, text: str) -> Path:
        path = self.folder / "some.yml"
        path.write_text(text)
        return path

    def results(self, name: str, *keys: str) -> Path:
        imported = "from analysis.numbers.results import Result, Results"
        cell = f"{imported}\nResults([Result(k, 'x', 1, 'count') for k in {list(keys)}])"
        source = chapter(self.folder, name, cell)
        chapters.run_chapters([source], self.ran(), {})
        return self.ran()


def _no_edgar(place: Place) -> Edgar:
    """A client of an EDGAR that does not answer."""
    place.patch.setenv("EDGAR_BASE_URL", "http://127.0.0.1:9")
    place.patch.setenv("EDGAR_DATA_URL", "http://127.0.0.1:9")
    return Edgar(IDENTITY)


def _with_filings(place: Place) -> Ledger:
    shutil.copy(FILINGS / "filings.csv", place.data)
    return Ledger.load(place.data)


def _port(place: Place) -> None:
    with (
        serve.serving(place.folder, serve.State()) as home,
        serve.serving(place.folder, serve.State(), int(home.rsplit(":", 1)[1].strip("/"))),
    ):
        pass


def _watch_port(place: Place) -> None:
    (place.folder / "index.html").write_text("a site")
    place.patch.setattr(serve, "rebuild", lambda command, state: True)
    with serve.serving(place.folder, serve.State()) as home:
        serve.serve_and_rebuild([], place.folder, None, int(home.rsplit(":", 1)[1].strip("/")), stop=threading.Event())


def _hang() -> None:
    shell = engine.Shell.instance()
    try:
        engine.run_cell(shell, "import time; time.sleep(30)", 0.2)
    finally:
        engine.Shell.clear_instance()


def _remote(place: Place) -> None:
    place.patch.setattr(cluster, "answers", lambda *a, **k: iter([("x", {"error": "a.ipynb, cell 1: KeyError: 'x'"})]))
    list(cluster.run_chapters_remotely([place.failing()], place.ran(), {}, None, "tcp://127.0.0.1:9"))


def _undrawable(place: Place) -> None:
    with background.BackgroundTasks(place.folder) as made:
        made.draw(
            "x",
            [
                {
                    "usermeta": {"roundtrip": {"id": "fig-x"}},
                    "mark": "no such mark",
                    "config": {"axis": {}, "legend": {}},
                }
            ],
        )
        made.wait_for_drawings()


def _unrendered(place: Place, ledger: Ledger) -> None:
    report = {"results": {}, "notebooks": [], "figures": {}, "told": {}, "news": [], "site": {"digest": ""}}

    def stage(ran: Path, staged: Path, *rest: object) -> dict[str, object]:
        (staged / "report.json").write_text(json.dumps(report))
        return report

    place.patch.setattr(build, "run_stale", lambda *a, **k: [])
    place.patch.setattr(build, "stage", stage)
    place.patch.setattr("jupyter_book.sphinx.build_sphinx", lambda *a, **k: 1)
    build.build(Settings(out=place.folder / "site"))


def _no_scheduler(place: Place) -> None:
    place.patch.setattr(cluster, "CONNECT_TIMEOUT", 1)
    with cluster.connected("tcp://127.0.0.1:9"):
        pass


def _sweep_nowhere(place: Place) -> None:
    (place.folder / "file").write_text("x")
    sweep.sweep([], place.folder / "file" / "r.parquet")


def _sweep_no_scheduler(place: Place) -> None:
    place.patch.setattr(cluster, "CONNECT_TIMEOUT", 1)
    variant = variants.Variant("methods", "2026-03-31", "central", (), "k")
    sweep.sweep([variant], place.folder / "r.parquet", scheduler="tcp://127.0.0.1:9")


def _pdf_without_pages(place: Place) -> None:
    pdf.combine(place.folder, addresses.Addresses())


TALKED, HAPPENED = (comparisons.Quantity(1.0, "usd_bn", basis=basis) for basis in ("talks", "actual"))
EQUITY = pd.DataFrame({"payer": ["a"], "payee": ["b"], "high": [-1.0]})
ONE = pd.Series(pd.to_datetime(["2026-01-01"]))
FILING = Filing(1, "10-Q", dt.date(2026, 7, 31), dt.date(2026, 6, 30), "0000000001-26-000001", "a.htm")

# What raises what: the function as its docstring is found, the error, and a call that must raise it.
CASES: dict[tuple[str, str], Callable[[Place, Ledger], object]] = {
    ("book.publishing.accept.accept", "ChapterError"): lambda p, ledger: (p.failing(), accept.accept()),
    ("book.publishing.accept.accept", "LedgerError"): lambda p, ledger: (
        p.patch.setattr(paths, "DATA", p.bad),
        accept.accept(),
    ),
    ("book.publishing.accept.accept", "ManuscriptError"): lambda p, ledger: (p.conflict(), accept.accept()),
    ("book.publishing.accept.accept", "ValueError"): lambda p, ledger: accept.accept(chapters=["amazn"]),
    ("book.publishing.accept.accept", "PermissionError"): lambda p, ledger: (
        p.failing(),
        p.patch.setattr(os, "access", lambda *a: False),
        accept.accept(),
    ),
    ("book.publishing.new_chapter.write_chapter", "ValueError"): lambda p, ledger: write_chapter("Soft-Bank"),
    ("book.publishing.new_chapter.write_chapter", "LedgerError"): lambda p, ledger: (
        p.patch.setattr(paths, "DATA", p.bad),
        write_chapter("softbank"),
    ),
    ("book.publishing.new_chapter.write_chapter", "ManuscriptError"): lambda p, ledger: (
        p.patch.setattr(paths, "TOC", p.conflict()),
        write_chapter("softbank"),
    ),
    ("book.publishing.new_chapter.write_chapter", "OSError"): lambda p, ledger: (
        p.patch.setattr(paths, "ROOT", p.folder / "nowhere"),
        write_chapter("softbank"),
    ),
    ("book.publishing.build.build", "ManuscriptError"): lambda p, ledger: (
        p.conflict(),
        p.patch.setattr(Settings, "inputs", lambda s: ""),
        build.build(Settings(out=p.folder / "site")),
    ),
    ("book.pages.addresses.Addresses.configured", "ManuscriptError"): lambda p, ledger: addresses.Addresses.configured(
        p.conflict("_config.yml")
    ),
    ("book.pages.addresses.Addresses.configured", "ValueError"): lambda p, ledger: addresses.Addresses.configured(
        p.settings("repository: {url: nowhere}")
    ),
    ("book.running.imports.reached_files", "ManuscriptError"): lambda p, ledger: (
        p.patch.setattr(imports, "_file_of", lambda name: p.settings("def f(:")),
        imports.reached_files(["import analysis.paths"]),
    ),
    ("book.running.manuscript.check", "ManuscriptError"): lambda p, ledger: manuscript.check(
        p.conflict().parent, paths.TOC
    ),
    ("book.running.manuscript.contents", "ManuscriptError"): lambda p, ledger: manuscript.contents(
        p.settings("parts: []")
    ),
    ("book.running.manuscript.read_notebook", "ManuscriptError"): lambda p, ledger: manuscript.read_notebook(
        p.settings("[]")
    ),
    ("book.running.manuscript.read_text", "ManuscriptError"): lambda p, ledger: manuscript.read_text(p.folder / "none"),
    ("book.running.manuscript.read_yaml", "ManuscriptError"): lambda p, ledger: manuscript.read_yaml(
        p.settings("a: [")
    ),
    ("book.running.notebooks.read", "ManuscriptError"): lambda p, ledger: notebooks.read(p.conflict()),
    ("book.sweeps.variants.plan", "ManuscriptError"): lambda p, ledger: (
        p.conflict(),
        variants.plan(None, [], [], [], {}),
    ),
    ("book.publishing.background.BackgroundTasks.wait_for_drawings", "ChapterError"): lambda p, ledger: _undrawable(p),
    ("book.publishing.build.load", "LedgerError"): lambda p, ledger: build.load(Settings(data=p.bad)),
    ("book.publishing.build.load", "ValueError"): lambda p, ledger: build.load(Settings(as_of="1997-01-01")),
    ("book.publishing.staging.draw_figures", "BuildError"): lambda p, ledger: (
        p.patch.setattr("analysis.book.running.notebooks.figure_ids", lambda cell: ["fig-x"] * 2),
        p.results("one", "one.a"),
        staging.draw_figures(notebooks.read_all(p.folder / "ran"), p.folder, ()),
    ),
    ("book.publishing.staging.results_of", "BuildError"): lambda p, ledger: staging.results_of(
        notebooks.read_all(p.results("one", "one.a", "one.a"))
    ),
    ("book.publishing.runs.run_stale", "ChapterError"): lambda p, ledger: (
        p.failing(),
        runs.run_stale(Settings(), ledger, p.ran()),
    ),
    ("book.publishing.build.build", "BuildError"): _unrendered,
    ("book.pages.render.render", "BuildError"): lambda p, ledger: (
        p.patch.setattr("jupyter_book.sphinx.build_sphinx", lambda *a, **k: 1),
        (p.folder / "report.json").write_text('{"site": {}}'),
        render.render(p.folder, p.folder / "site", ledger, addresses.Addresses()),
    ),
    ("book.publishing.build.build", "ChapterError"): lambda p, ledger: (
        p.failing(),
        p.patch.setattr(Settings, "inputs", lambda s: ""),
        build.build(Settings(out=p.folder / "site")),
    ),
    ("book.publishing.build.build", "LedgerError"): lambda p, ledger: build.build(
        Settings(data=p.bad, out=p.folder / "site")
    ),
    ("book.publishing.build.build", "ValueError"): lambda p, ledger: build.build(
        Settings(scenario="nobody", out=p.folder / "site")
    ),
    ("book.sweeps.cluster.work", "RuntimeError"): lambda p, ledger: (
        p.patch.setattr(sys, "executable", "/bin/true"),
        cluster.work(_empty_zip(), "none", "x", {}, False),
    ),
    ("book.sweeps.cluster.connected", "SweepError"): lambda p, ledger: _no_scheduler(p),
    ("book.sweeps.cluster.answers", "SweepError"): lambda p, ledger: (
        p.patch.setattr(cluster, "CONNECT_TIMEOUT", 1),
        list(cluster.answers({}, None, "tcp://127.0.0.1:9", False)),
    ),
    ("book.sweeps.cluster.run_chapters_remotely", "ChapterError"): lambda p, ledger: _remote(p),
    ("book.publishing.diff.reading_for", "BuildError"): lambda p, ledger: (
        p.patch.setattr(staging, "results_of", _raise(build.BuildError)),
        p.patch.setattr(runs, "run_stale", lambda *a, **k: []),
        diff.reading_for(Settings(), ledger),
    ),
    ("book.publishing.diff.reading_for", "ChapterError"): lambda p, ledger: (
        p.failing(),
        diff.reading_for(Settings(), ledger),
    ),
    ("book.publishing.diff.diff", "ChapterError"): lambda p, ledger: (
        p.failing(),
        diff.diff("2025-12-17", "2026-02-27"),
    ),
    ("book.publishing.diff.diff", "LedgerError"): lambda p, ledger: diff.diff(str(p.bad), "2026-02-27"),
    ("book.publishing.diff.diff", "ValueError"): lambda p, ledger: diff.diff("yesterday", "2026-02-27"),
    ("book.publishing.untold.untold", "BuildError"): lambda p, ledger: (
        p.patch.setattr(untold, "results_of", _raise(build.BuildError)),
        p.patch.setattr(untold, "run_stale", lambda *a, **k: []),
        untold.untold(Settings()),
    ),
    ("book.publishing.untold.untold", "ChapterError"): lambda p, ledger: (p.failing(), untold.untold(Settings())),
    ("book.publishing.untold.untold", "LedgerError"): lambda p, ledger: untold.untold(Settings(p.bad)),
    ("book.publishing.untold.untold", "ValueError"): lambda p, ledger: untold.untold(Settings(None, "1899-12-31")),
    ("ledger.filings.inline.parse", "PullError"): lambda p, ledger: inline.parse(b"<p>"),
    ("ledger.filings.inline.facts", "PullError"): lambda p, ledger: inline.facts(inline.parse(b"<html/>")),
    ("ledger.filings.edgar.Edgar", "PullError"): lambda p, ledger: Edgar("nobody"),
    ("ledger.filings.edgar.Edgar.filer", "PullError"): lambda p, ledger: _no_edgar(p).filer(1),
    ("ledger.filings.edgar.Edgar.document", "PullError"): lambda p, ledger: _no_edgar(p).document(FILING),
    ("ledger.filings.mapping.entries", "ValueError"): lambda p, ledger: mapping.entries(_with_filings(p), "openai"),
    ("ledger.filings.mapping.matching", "FigureError"): lambda p, ledger: mapping.matching(
        mapping.entries(_with_filings(p), "amazon")[0], []
    ),
    ("ledger.filings.figures.require_calendar", "PullError"): lambda p, ledger: figures.require_calendar(
        ledger, "oracle", "0531"
    ),
    ("ledger.filings.figures.read", "FigureError"): lambda p, ledger: figures.read(
        mapping.entries(_with_filings(p), "amazon")[0], FILING, [], lambda filing: []
    ),
    ("ledger.filings.reports.reports", "PullError"): lambda p, ledger: reports.reports(
        _with_filings(p), "amazon", _no_edgar(p)
    ),
    ("ledger.filings.reports.reports", "ValueError"): lambda p, ledger: reports.reports(ledger, "amazon", _no_edgar(p)),
    ("ledger.filings.addition.examine_addition", "LedgerError"): lambda p, ledger: addition.examine_addition(
        p.data, {"chips.csv": "no table"}
    ),
    ("ledger.sound_ledgers.sound_tables", "LedgerError"): lambda p, ledger: sound_ledgers.sound_tables(p.bad),
    ("ledger.links.read_answers", "LinksError"): lambda p, ledger: links.read_answers(p.bad / "chips.csv"),
    ("book.drawing.charts.to_svg", "ValueError"): lambda p, ledger: charts.to_svg({"mark": "no such mark"}, "x"),
    ("book.running.engine.run_cell", "CellTimeout"): lambda p, ledger: _hang(),
    ("book.publishing.change_gate.revision_of", "ValueError"): lambda p, ledger: change_gate.revision_of(
        "no-such-revision", None
    ),
    ("book.publishing.change_gate.guard", "ValueError"): lambda p, ledger: change_gate.guard("no-such-revision"),
    ("book.publishing.pdf.combine", "PdfError"): lambda p, ledger: _pdf_without_pages(p),
    ("book.publishing.pdf.write", "PdfError"): lambda p, ledger: pdf.write(p.folder, p.folder / "x.pdf"),
    ("book.publishing.placement.require_writable", "OSError"): lambda p, ledger: placement.require_writable(p.data),
    ("book.running.chapters.execute", "ChapterError"): lambda p, ledger: chapters.execute(
        str(p.failing()), str(p.ran() / "x.ipynb"), {}
    ),
    ("book.running.chapters.run_chapters", "ChapterError"): lambda p, ledger: chapters.run_chapters(
        [p.failing()], p.ran(), {}
    ),
    ("book.pages.sbom.packages", "ValueError"): lambda p, ledger: sbom.packages("pandas>=2"),
    ("book.publishing.seal.read_digest", "NotSealed"): lambda p, ledger: seal.read_digest(p.folder),
    ("book.publishing.serve.serving", "OSError"): lambda p, ledger: _port(p),
    ("book.publishing.serve.serve_and_rebuild", "OSError"): lambda p, ledger: _watch_port(p),
    ("book.publishing.serve.serve_and_rebuild", "ServeError"): lambda p, ledger: serve.serve_and_rebuild(
        ["--data", str(p.bad), "--out", str(p.folder / "s")], p.folder / "s", p.bad, 0
    ),
    ("book.pages.addresses.Addresses.__post_init__", "ValueError"): lambda p, ledger: addresses.Addresses(
        "javascript:alert(1)"
    ),
    ("book.sweeps.variants.parse_choices", "ValueError"): lambda p, ledger: variants.parse_choices(["take_up=all"]),
    ("book.sweeps.variants.plan", "ValueError"): lambda p, ledger: variants.plan(None, ["amazn"], [], [], {}),
    ("book.sweeps.sweep.sweep", "OSError"): lambda p, ledger: _sweep_nowhere(p),
    ("book.sweeps.sweep.sweep", "SweepError"): lambda p, ledger: _sweep_no_scheduler(p),
    ("ledger.assumptions.parse_scenario", "ValueError"): lambda p, ledger: assumptions.parse_scenario("slow;ramp"),
    ("ledger.assumptions.Assumptions", "KeyError"): lambda p, ledger: ledger.assumptions()["no_such"],
    ("ledger.assumptions.Assumptions", "ValueError"): lambda p, ledger: Assumptions(
        ledger.tables["assumptions"], "no_such"
    ),
    ("ledger.identities.arithmetic", "ValueError"): lambda p, ledger: arithmetic("1 if 1 else 2"),
    ("ledger.compare.compare", "LedgerError"): lambda p, ledger: compare(ledger, p.bad),
    ("ledger.schema.read_schema", "FileNotFoundError"): lambda p, ledger: read_schema(p.folder / "none.json"),
    ("ledger.schema.read_schema", "ValueError"): lambda p, ledger: read_schema(p.data / "deals.csv"),
    ("ledger.view.parse_day", "ValueError"): lambda p, ledger: parse_day("2025-02-30"),
    ("ledger.view.Ledger.load", "LedgerError"): lambda p, ledger: Ledger.load(p.bad),
    ("ledger.view.Ledger.load", "ValueError"): lambda p, ledger: Ledger.load(as_of="today"),
    ("ledger.view.Ledger.require_day", "ValueError"): lambda p, ledger: ledger.at("1990-01-01").require_day(),
    ("models.calibration.calibrate", "ValueError"): lambda p, ledger: calibration.calibrate(
        ledger.metrics.iloc[:0],
        ledger.deals,
        ledger.as_of,
        {},
        0.5,
        2033,
        ramp=(0, 0.5, 1),
        slip=(0, 0.5, 1),
        lease_build=(3, 5, 8),
        target_year=2030,
        other_share=0.3,
    ),
    ("models.funding.gap_changes.parts", "ValueError"): lambda p, ledger: gap_changes.parts(
        *(modelling.model(view, "central") for view in (ledger, ledger.at("2026-07-01"))), lambda *model: 0.0
    ),
    ("models.cash.at_the_end_of", "ValueError"): lambda p, ledger: cash.at_the_end_of(
        2025, ledger.metrics.iloc[:0], ledger.deals
    ),
    ("numbers.comparisons.ratio", "UnlikeError"): lambda p, ledger: comparisons.ratio(TALKED, HAPPENED),
    ("numbers.comparisons.total", "UnlikeError"): lambda p, ledger: comparisons.total([TALKED, HAPPENED]),
    ("numbers.comparisons.total", "ValueError"): lambda p, ledger: comparisons.total([]),
    ("models.circularity.max_circulation.maximum_circulation", "ValueError"): lambda p, ledger: (
        circularity.maximum_circulation(-np.ones((2, 2)))
    ),
    ("models.circularity.matrices.edges_of", "ValueError"): lambda p, ledger: matrices.edges_of(np.ones((2, 3))),
    ("models.circularity.finn_index.finn_cycling_index", "ValueError"): lambda p, ledger: (
        circularity.finn_cycling_index(np.ones((2, 2)), np.zeros(3))
    ),
    ("models.circularity.single_loops.round_trip", "ValueError"): lambda p, ledger: circularity.round_trip(
        EQUITY, "openai"
    ),
    ("models.clearing.clearing_vector", "ValueError"): lambda p, ledger: clearing.clearing_vector(
        np.zeros((2, 2)), np.array([1.0, np.nan])
    ),
    ("models.clearing.stress", "ValueError"): lambda p, ledger: clearing.stress(np.zeros((2, 2)), np.zeros(2), 0, 1.5),
    ("models.clearing.over_years", "ValueError"): lambda p, ledger: clearing.over_years(
        np.zeros((1, 2, 2)), np.zeros((1, 2)), np.zeros(2), np.zeros(2), 0, -0.5
    ),
    ("models.clearing.debt_rank", "ValueError"): lambda p, ledger: clearing.debt_rank(
        np.zeros((2, 2)), np.full(2, 3.0)
    ),
    ("models.exposure.discount_factors", "ValueError"): lambda p, ledger: exposure.discount_factors(
        pd.Series([2030]), ledger.as_of, -1.0
    ),
    ("models.exposure.marked_down", "ValueError"): lambda p, ledger: exposure.marked_down(10.0, 2.0),
    ("models.exposure.loan_to_value_after", "ValueError"): lambda p, ledger: exposure.loan_to_value_after(
        20.0, 1.0, 1.0
    ),
    ("models.exposure.fall_to_reach", "ValueError"): lambda p, ledger: exposure.fall_to_reach(20.0, 25.0, 0.0),
    ("models.compute.break_even_utilisation", "ValueError"): lambda p, ledger: compute.break_even_utilisation(0, 1),
    ("models.compute.chips_in", "ValueError"): lambda p, ledger: compute.chips_in(1, 0, 1.2),
    ("models.equity.stake_after", "ValueError"): lambda p, ledger: equity.stake_after(0.2, 10, 5),
    ("models.equity.implied_net_result", "ValueError"): lambda p, ledger: equity.implied_net_result(1, 0),
    ("figures.figure.make_figure", "ValueError"): lambda p, ledger: figure.make_figure(
        alt.Chart(),
        id="x",
        title="A",
        subtitle="",
        alt_text="B",
        table=ledger.deals,
        columns={},
        ledger=ledger,
        rows=[],
    ),
    ("figures.palette.colour_of", "ValueError"): lambda p, ledger: palette.colour_of("mauve"),
    ("models.equity.multiple", "ValueError"): lambda p, ledger: equity.multiple(1, 0),
    ("models.flows.matrix", "ValueError"): lambda p, ledger: flows.matrix(EQUITY),
    ("models.funding.inputs.planned", "ValueError"): lambda p, ledger: funding.planned({}, 2025, 10.0, 0.5, 2033),
    ("models.funding.simulation.simulate", "ValueError"): lambda p, ledger: funding.simulate(INPUTS, POINT, paths=0),
    ("models.leverage.backlog_years", "ValueError"): lambda p, ledger: leverage.backlog_years(1, 0),
    ("models.leverage.customer_share", "ValueError"): lambda p, ledger: leverage.customer_share(2, 1),
    ("models.leverage.capex_cover", "ValueError"): lambda p, ledger: leverage.capex_cover(1, 0),
    ("models.obligations.cumulative", "ValueError"): lambda p, ledger: obligations.cumulative(np.zeros(1), 2.0),
    ("models.obligations.shares", "ValueError"): lambda p, ledger: obligations.shares(ONE, ONE - pd.Timedelta(days=1)),
    ("templates.__init__.render", "UndefinedError"): lambda p, ledger: templates.render("numbers/results.html"),
    ("numbers.modelling.choices", "KeyError"): lambda p, ledger: modelling.choices(
        Assumptions(ledger.tables["assumptions"].query("parameter != 'take_up'"), "central")
    ),
    ("numbers.modelling.choices", "ValueError"): lambda p, ledger: modelling.choices(
        ledger.assumptions("central;take_up=-1")
    ),
}


def _empty_zip() -> bytes:
    import io
    import zipfile

    held = io.BytesIO()
    zipfile.ZipFile(held, "w").close()
    return held.getvalue()


def _raise(kind: type[Exception]) -> Callable[..., object]:
    def raising(*_args: object, **_how: object) -> object:
        raise kind("no")

    return raising


def documented() -> set[tuple[str, str]]:
    """Each public function or class whose docstring names errors, and the errors."""
    found = set()

    def walk(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.ClassDef) or (
                child.name.startswith("_") and child.name != "__post_init__"
            ):
                continue
            full = f"{name}.{child.name}"
            told = ast.get_docstring(child) or ""
            if (at := told.find("Raises")) >= 0:
                found.update((full, error) for error in NAMED.findall(told[at:]))
            walk(child, full)

    for path in sorted((paths.ROOT / "analysis").rglob("*.py")):
        module = ".".join(path.relative_to(paths.ROOT / "analysis").with_suffix("").parts)
        walk(ast.parse(path.read_text(encoding="utf-8")), module)
    return found


def test_each_documented_error_has_its_case():
    assert documented() == set(CASES)


@pytest.mark.parametrize(("where", "error"), sorted(CASES), ids=lambda v: v)
def test_a_documented_error_is_raised(
    where: str, error: str, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    before = Path.cwd()
    try:
        with pytest.raises(BaseException) as caught:
            CASES[where, error](Place(tmp_path, monkeypatch), ledger)
    finally:
        os.chdir(before)
    names = {k.__name__ for k in type(caught.value).__mro__}
    assert error in names, f"{type(caught.value).__name__}: {caught.value}"
    assert str(caught.value).strip(), "it says something"
    if error == "ValueError":
        assert not isinstance(caught.value, LedgerError), "a ledger's problems are an error of their own"
