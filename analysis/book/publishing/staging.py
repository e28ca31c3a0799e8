"""What Sphinx reads of a report: executed chapters with their figures drawn, results, scripts and styles."""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis import paths
from analysis.book.drawing import charts
from analysis.book.pages import downloads, paragraphs
from analysis.book.pages.render import DATA_MARK, BuildError
from analysis.book.publishing.settings import Settings
from analysis.book.running import chapter_stories, mentions, notebooks, telling
from analysis.book.running.files import files_below
from analysis.book.running.problems import ManuscriptError
from analysis.ledger import Ledger
from analysis.ledger.schema import tables
from analysis.numbers import formats, references
from analysis.numbers.ledger_facts import last_key_day
from analysis.numbers.profiles.names import names_in_prose, row_names, row_words

DESCRIPTION = "Who funds OpenAI, who sells to it, and what goes round: every number dated and sourced."

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")

# Rooms of numbers that have no chapter of their own: any chapter may show their results, and one of them does.
ROOMS = ("exposure",)


def ledger_digest(ledger: Ledger) -> str:
    """Return twelve hexadecimal digits that name the tables as known on the day."""
    hashed = hashlib.sha256()
    for name in tables():
        hashed.update(ledger[name].to_csv(index=False, float_format="%.15g", lineterminator="\n").encode())
    return hashed.hexdigest()[:12]


def results_of(executed: Mapping[str, NotebookNode]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return all results of the executed chapters by key, and the page that each comes from.

    Raises
    ------
    BuildError : when two chapters claim a key, or a chapter records a result under a name that is neither its own
        nor that of a room of numbers without a chapter.
    """
    found: dict[str, dict[str, Any]] = {}
    owners: dict[str, str] = {}
    for name, book in executed.items():
        for result in notebooks.collect(book):
            key = result["key"]
            if key in owners:
                raise BuildError(f"{name}.ipynb: the result {key} is recorded twice, first in {owners[key]}")
            if key.partition(".")[0] not in (name, *ROOMS):
                raise BuildError(f"{name}.ipynb: the result {key} must be named {name}.…")
            found[key], owners[key] = result, name
    return dict(sorted(found.items())), owners


def cited_sources(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Return the sources behind the rows known on the day, by key."""
    return _sources(ledger, {*references.cited(ledger)["source"]})


def _sources(ledger: Ledger, keys: set[str]) -> dict[str, dict[str, str]]:
    """Return what a page shows of some sources, by key."""
    rows = ledger.sources[ledger.sources["source"].isin(keys)]
    text = rows.assign(published=rows["published"].dt.strftime("%Y-%m-%d").fillna(""))
    columns = [c for c in ("title", "publisher", "publisher_of_record", "published", "url", "rank") if c in text]
    return {r["source"]: {k: r[k] for k in columns} for r in text.to_dict("records")}


def _copy_assets(target: Path) -> None:
    """Copy pages, configuration, templates, styles and scripts to where Sphinx reads them."""
    for page in paths.CHAPTERS.glob("*.md"):
        shutil.copy(page, target / page.name)
    for picture in files_below(paths.CHAPTERS):
        if picture.suffix.lower() in PICTURES:
            place = target / picture.relative_to(paths.CHAPTERS)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, place)
    shutil.copy(paths.TOC, target / "_toc.yml")
    shutil.copy(paths.CONFIG, target / "_config.yml")
    shutil.copy(paths.BIBLIOGRAPHY, target / paths.BIBLIOGRAPHY.name)
    for name in ("static", "templates", "site"):
        shutil.copytree(paths.ASSETS / name, target / f"_{name}")
    shutil.copytree(paths.ASSETS / "site" / "_extra", target / "_extra")


def draw_figures(
    executed: Mapping[str, NotebookNode], target: Path, with_news: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Write the executed chapters, which are changed, with each figure drawn, and return the figures of each.

    Those ``with_news`` end with what else became known of their parties, unless they show it elsewhere.

    Raises
    ------
    BuildError : when two figures have one id, which names their page and files, or a cell shows what no page can.
    """
    figures: dict[str, list[dict[str, Any]]] = {}
    owners: dict[str, str] = {}
    for name, book in executed.items():
        notebooks.with_plain_prints(book)
        for number, cell in enumerate(book.cells, start=1):
            if what := notebooks.unshowable(cell):
                raise BuildError(f"{name}.ipynb, cell {number}: shows {what}, which no page can: show text or a figure")
            for id in notebooks.figure_ids(cell):
                place = f"{name}.ipynb, cell {number}"
                if id in owners:
                    raise BuildError(f"{place}: the figure {id} is shown already in {owners[id]}; give one another id")
                owners[id] = place
        figures[name] = [charts.draw_figure(spec, paths.CACHE / "svg") for spec in notebooks.figures(book)]
        if name in with_news and not notebooks.has_news(book):
            book.cells.append(notebooks.news_cell())
        for cell in book.cells:
            if cell.cell_type == "markdown":
                cell.source = paragraphs.mark(cell.source)
        notebooks.hand_over(notebooks.with_figures(book, figures[name]), target / f"{name}.ipynb")
    return figures


def figure_notes(figures: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return what the figures of the chapters lack, a line each."""
    notes = []
    for chapter, drawn in figures.items():
        for meta in (figure["meta"] for figure in drawn):
            figure = f"note: {chapter}.ipynb: the figure {meta['id']}"
            if meta.get("lacks"):
                lacks = ", ".join(meta["lacks"])
                notes.append(f"{figure} lacks {lacks}: see make_figure in analysis/figures/figure.py")
            signs = charts.undrawable_signs(json.dumps([meta["title"], meta["rows"]], ensure_ascii=False))
            if signs:
                notes.append(f"{figure} has signs that its PNG shows as boxes, for want of a font: {signs}")
    return notes


def stage(
    executed: Path, target: Path, settings: Settings, ledger: Ledger, versions: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Lay out what Sphinx reads in an empty folder.

    Parameters
    ----------
    executed : folder of the executed chapters.
    target : the empty folder.
    versions : the key days that the site holds, newest first; None for a site of one day.

    Returns
    -------
    What ``report.json`` holds, which is what the pages know of the report, and the ``figures`` of each chapter.
    """
    chapters = notebooks.read_all(executed)
    results, owners = results_of(chapters)
    strangers = mentions.unknown(executed, paths.CHAPTERS, results)
    if strangers:
        raise ManuscriptError(strangers)
    _copy_assets(target)
    written = list(chapter_stories.stories_of(paths.CHAPTERS))
    told = chapter_stories.told(written, ledger)
    executed_report = telling.Report(chapters, ledger, results, told)
    told_rows = telling.rows_told(executed_report)
    news = telling.untold_news(executed_report, told_rows)
    figures = draw_figures(chapters, target, news)
    (target / "_site" / "_interactive" / "vega.js").write_text(downloads.vega(paths.CACHE), encoding="utf-8")
    site = {
        "as_of": f"{ledger.as_of:%Y-%m-%d}",
        "as_of_words": formats.day(ledger.as_of.date()),
        "first": f"{ledger.first:%Y-%m-%d}",
        "newest": f"{ledger.newest:%Y-%m-%d}",
        "scenario": settings.scenario,
        "digest": ledger_digest(ledger),
        "commit": settings.commit,
        "description": DESCRIPTION,
    }
    cited = {s for rows in told.values() for row in rows for s in row.sources}
    cited |= {s for facts in news.values() for fact in facts for s in fact.sources}
    cited |= {s for result in results.values() for s in result["sources"]}
    cited |= {s for drawn in figures.values() for figure in drawn for s in figure["meta"]["sources"]}
    report = {
        "site": site,
        "results": results,
        "owners": owners,
        "sources": cited_sources(ledger),
        "told": {key: [dataclasses.asdict(row) for row in rows] for key, rows in told.items()},
        "told_sources": _sources(ledger, cited),
        "news": {name: [fact.as_dict() for fact in facts] for name, facts in news.items()},
        "news_since": last_key_day(ledger),
        "notebooks": sorted(figures),
        "companies": names_in_prose(ledger),
        "row_names": row_names(ledger),
        "row_words": row_words(ledger, (row for result in results.values() for row in result["rows"])),
        "versions": versions,
        "addresses": dataclasses.asdict(settings.addresses),
    }
    staged = report | {"site": site | {"digest": DATA_MARK}}
    (target / "report.json").write_text(json.dumps(staged, sort_keys=True, ensure_ascii=False), encoding="utf-8")
    waiting = [str(item) for item in chapter_stories.waiting(written, ledger)]
    rows = {name: [fact.row for fact in facts] for name, facts in news.items()}
    downloads.write_results(target / "_site", site, list(results.values()), waiting, rows)
    told_rows = {name: rows for name, rows in told_rows.items() if name not in telling.LISTINGS}
    return report | {"figures": figures, "told_rows": told_rows}
