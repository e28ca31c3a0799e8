"""From the ledger to a finished site: check, run, collect, render, put in place.

Everything is made in a staging folder beside the site; the site itself is exchanged in one step at the
end, so that a failed or killed build leaves what was published as it was.
"""

import dataclasses
import functools
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.drawing import charts
from analysis.book.pages import downloads, finishing
from analysis.book.pages.render import BuildError, render
from analysis.book.publishing import exchange, seal
from analysis.book.publishing.background import Beside
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.book.running import forks, notebooks, stale
from analysis.book.running.chapters import Run, run_chapters
from analysis.ledger import Ledger, LedgerError, reading_log
from analysis.ledger.schema import tables
from analysis.numbers import formats, vintages

CACHE = paths.CACHE


@dataclass(frozen=True)
class Versions:
    """The key days that one site holds, which of them this is, and where the others stand seen from its top."""

    days: tuple[vintages.Vintage, ...]
    own: str

    def folder(self, day: str) -> str:
        """Address of the top of another version, seen from the top of this one."""
        newest = self.days[-1].day
        up = "" if self.own == newest else "../../"
        return up if day == newest else f"{up}at/{day}/"

    def as_told(self) -> list[dict[str, Any]]:
        """Newest first: day, words of the day, name, sentence, where, whether it is this one."""
        return [
            {
                "day": v.day,
                "words": formats.day(v.day),
                "name": v.name,
                "sentence": v.sentence,
                "folder": self.folder(v.day),
                "is_own": v.day == self.own,
            }
            for v in reversed(self.days)
        ]


@dataclass
class Built:
    """What a build made: the site, the ledger, the chapters that ran (not those that were kept), the results by key."""

    site: Path
    ledger: Ledger
    runs: list[Run]
    results: dict[str, dict[str, Any]]


def digest_of(ledger: Ledger) -> str:
    """Twelve digits that name the tables as known on the day."""
    hashed = hashlib.sha256()
    for name in tables():
        hashed.update(ledger[name].to_csv(index=False, float_format="%.15g", lineterminator="\n").encode())
    return hashed.hexdigest()[:12]


def load(settings: Settings) -> Ledger:
    """The ledger of a build. Raises LedgerError or ValueError when it cannot be built from."""
    ledger = Ledger.load(settings.data, settings.as_of)
    ledger.require_day()
    ledger.assumptions(settings.scenario)
    return ledger


def results_of(folder: Path) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """All results of the executed notebooks by key, and the page each comes from.

    Raises BuildError when two chapters claim a key or a chapter records under another's name.
    """
    found: dict[str, dict[str, Any]] = {}
    owners: dict[str, str] = {}
    for path in notebooks.chapters(folder):
        for result in notebooks.collect(notebooks.read(path)):
            key = result["key"]
            if key in owners:
                raise BuildError(f"{path.name}: the result {key} is recorded twice, first in {owners[key]}")
            if key.partition(".")[0] != path.stem:
                raise BuildError(f"{path.name}: the result {key} must be named {path.stem}.…")
            found[key], owners[key] = result, path.stem
    return dict(sorted(found.items())), owners


def cited_sources(ledger: Ledger) -> dict[str, dict[str, str]]:
    """The sources behind the rows known on the day, by key."""
    used = {
        s for name in ledger.tables if "source" in ledger[name] and name != "sources" for s in ledger[name]["source"]
    }
    rows = ledger.sources[ledger.sources["source"].isin(used)]
    text = rows.assign(published=rows["published"].dt.strftime("%Y-%m-%d").fillna(""))
    return {
        r["source"]: {k: r[k] for k in ("title", "publisher", "publisher_of_record", "published", "url")}
        for r in text.to_dict("records")
    }


def _stage(
    ran: Path, stage: Path, settings: Settings, ledger: Ledger, versions: Versions | None = None
) -> dict[str, Any]:
    """Lay out what Sphinx reads: pages, results, scripts and styles. Returns what is known of them."""
    found, owners = results_of(ran)
    figures = {}
    for path in notebooks.chapters(ran):
        book = notebooks.read(path)
        figures[path.stem] = [charts.figure(spec, CACHE / "svg") for spec in notebooks.figures(book)]
        notebooks.write(notebooks.with_figures(book, figures[path.stem]), stage / path.name)
    for page in paths.CHAPTERS.glob("*.md"):
        shutil.copy(page, stage / page.name)
    shutil.copy(paths.TOC, stage / "_toc.yml")
    shutil.copy(paths.CONFIG, stage / "_config.yml")
    shutil.copy(paths.BIBLIOGRAPHY, stage / paths.BIBLIOGRAPHY.name)
    shutil.copytree(paths.ASSETS / "static", stage / "_static")
    shutil.copytree(paths.ASSETS / "templates", stage / "_templates")
    shutil.copytree(paths.ASSETS / "site", stage / "_site")
    shutil.copytree(paths.ASSETS / "site" / "_extra", stage / "_extra")
    extra = stage / "_site"
    (extra / "_interactive" / "vega.js").write_text(downloads.vega(CACHE), encoding="utf-8")
    site = {
        "as_of": f"{ledger.as_of:%Y-%m-%d}",
        "as_of_words": formats.day(ledger.as_of.date()),
        "newest": f"{ledger.newest:%Y-%m-%d}",
        "scenario": settings.scenario,
        "digest": digest_of(ledger),
        "commit": settings.commit,
        "description": "Who funds OpenAI, who sells to it, and what goes round: every number dated and sourced.",
    }
    report = {
        "site": site,
        "results": found,
        "owners": owners,
        "sources": cited_sources(ledger),
        "notebooks": sorted(figures),
        "versions": versions.as_told() if versions else None,
        "addresses": dataclasses.asdict(settings.addresses),
    }
    (stage / "report.json").write_text(json.dumps(report, sort_keys=True, ensure_ascii=False), encoding="utf-8")
    public = {
        "as_of": site["as_of"],
        "scenario": settings.scenario,
        "digest": site["digest"],
        "commit": settings.commit,
        "results": list(found.values()),
    }
    text = json.dumps(public, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (extra / "results.json").write_text(text, encoding="utf-8")
    return report | {"figures": figures}


def run_stale(
    settings: Settings,
    ledger: Ledger,
    ran: Path,
    tell: Tell = silent,
    explain: Tell = silent,
    beside: Beside | None = None,
) -> list[Run]:
    """Put the executed chapters into a folder: those that nothing has changed for from their kept runs, the others run.

    What those that run show is drawn ``beside``. Returns the runs that were made. Raises ChapterError with the first failure.
    """
    sources = notebooks.chapters(paths.CHAPTERS)
    kept, parameters = stale.Runs(CACHE / "chapters"), settings.parameters()
    day, locked = f"{ledger.as_of:%Y-%m-%d}", stale.lock()
    content = functools.cache(lambda name: reading_log.content(ledger, name))
    grounds = {s.stem: stale.ground(s, parameters, day, locked) for s in sources}
    waiting = []
    for source in sources:
        found, why = kept.find(source.stem, grounds[source.stem], content)
        explain(f"{source.stem}: {'kept' if found else 'runs'}, {why}")
        if found is None:
            waiting.append(source)
        else:
            merged = stale.with_prose(found, json.loads(source.read_text(encoding="utf-8")))
            notebooks.write(notebooks.normalise(notebooks.from_json(merged)), ran / source.name)
    if not waiting:
        return []

    def keep(run: Run) -> None:
        book = notebooks.read(run.path)
        kept.keep(run.chapter, grounds[run.chapter], run.reads, book, run.seconds)
        tell(f"{run.chapter}: ran in {run.seconds:.1f} s")
        if beside:
            beside.draw(run.chapter, notebooks.figures(book))

    if beside:
        beside.get_ready()
    if settings.scheduler:
        from analysis.book.sweeps.cluster import chapters_remotely

        runs = []
        for run in chapters_remotely(waiting, ran, parameters, settings.data, settings.scheduler):
            keep(run)
            runs.append(run)
    else:
        runs = run_chapters(waiting, ran, parameters, settings.jobs, keep, lambda source: kept.seconds(source.stem))
    if beside:
        beside.wait_for_drawings()
    return sorted(runs, key=lambda r: r.chapter)


def _make(
    settings: Settings, ledger: Ledger, work: Path, site: Path, versions: Versions | None, tell: Tell, explain: Tell
) -> tuple[list[Run], dict[str, dict[str, Any]]]:
    """One whole site in a folder of its own; ``work`` is an empty folder for what is made on the way."""
    ran, stage = work / "ran", work / "stage"
    ran.mkdir(parents=True)
    stage.mkdir()
    as_known = f"as known on {formats.day(ledger.as_of.date())}"
    with Beside(CACHE, settings.jobs) as beside:
        of_ledger = beside.fork(downloads.of_ledger, [(settings.data, f"{ledger.as_of:%Y-%m-%d}", site, CACHE)])
        runs = run_stale(settings, ledger, ran, tell, explain, beside)
        report = _stage(ran, stage, settings, ledger, versions)
        tell(f"{len(report['results'])} results collected; rendering")
        of_figures = beside.fork(
            downloads.of_chapter,
            [(ran / f"{name}.ipynb", site, CACHE, as_known, report["results"]) for name in report["notebooks"]],
        )
        render(stage, site, ledger, settings.addresses)
        told = finishing.told(site)
        of_pages = beside.fork(
            finishing.page_card,
            [
                (site / "_cards" / f"{name}.png", title, told["words"].get(name, ""), as_known, CACHE / "png")
                for name, title in told["titles"].items()
            ],
        )
        of_figures.result()
        finishing.finish(site, report | told, of_ledger.result()[0], settings.addresses)
        of_pages.result()
    return runs, report["results"]


ONLY_AT_THE_TOP = ("sitemap.xml", "robots.txt", "_headers", "404.html", ".nojekyll")


def _earlier(
    settings: Settings,
    ledger: Ledger,
    days: tuple[vintages.Vintage, ...],
    work: Path,
    site: Path,
    tell: Tell,
    explain: Tell,
) -> list[Run]:
    """The report as known on each earlier key day, in folders of the site. A version that nothing has changed for is
    taken over from the site as it was published, file by file without copying where the disk can."""
    runs: list[Run] = []
    for vintage in days[:-1]:
        place, old = Path("at") / vintage.day, settings.out / "at" / vintage.day
        then = dataclasses.replace(settings, as_of=vintage.day)
        view = ledger.at(vintage.day)
        key = then.inputs_as_known(digest_of(view), [v.day for v in days])
        (site / "at").mkdir(exist_ok=True)
        if stale.is_current(CACHE, old, key):
            explain(f"{vintage.day}: taken over, nothing changed")
            shutil.copytree(old, site / place, copy_function=exchange.link)
        else:
            tell(f"as known on {vintage.day}: {vintage.name}")
            said = lambda line, day=vintage.day: explain(f"{day} {line}")  # noqa: E731
            made, _ = _make(
                then,
                Ledger.load(settings.data, vintage.day),
                work / vintage.day,
                work / f"site-{vintage.day}",
                Versions(days, vintage.day),
                tell,
                said,
            )
            runs += made
            (work / f"site-{vintage.day}").rename(site / place)
            for name in ONLY_AT_THE_TOP:
                (site / place / name).unlink(missing_ok=True)
            seal.seal(site / place)
            exchange.share(site, site / place)
        stale.remember(CACHE, old, key, site / place)
    return runs


def build(settings: Settings, tell: Tell = silent, explain: Tell = silent) -> Built:
    """Build the site of one ledger, day and scenario; with ``settings.vintages`` also as known on each earlier key day.

    ``tell`` is called with a line for each step, ``explain`` with the reason why a chapter runs or not. Raises
    LedgerError, ValueError, ChapterError or BuildError; the published site is then as it was.
    """
    forks.warm()
    key = settings.inputs()
    ledger = load(settings)
    days = tuple(vintages.known(ledger)) if settings.vintages else ()
    exchange.require_writable(settings.out)
    tell(f"ledger checked: {ledger.rows()} rows known on {ledger.as_of:%Y-%m-%d}")
    with exchange.folder_beside(settings.out) as work:
        site = work / "site"
        versions = Versions(days, days[-1].day) if days else None
        runs, results = _make(settings, ledger, work / "newest", site, versions, tell, explain)
        if days:
            runs += _earlier(settings, ledger, days, work, site, tell, explain)
        tell(f"site {seal.seal(site)}")
        exchange.exchange(site, settings.out)
    stale.remember(CACHE, settings.out, key)
    return Built(settings.out, ledger, runs, results)


__all__ = ["BuildError", "Built", "LedgerError", "Settings", "build", "digest_of", "load", "results_of"]
