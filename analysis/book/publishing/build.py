"""From the ledger to a finished site: check, run, collect, render, put in place.

Everything is made in a folder beside the site, which is put in its place in one step at the end: a build that fails or
is killed leaves what was published as it was.
"""

import dataclasses
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.pages import downloads, site_files, social
from analysis.book.pages.render import BuildError, render
from analysis.book.pages.versions import FOLDER, Versions, write_lasting_addresses
from analysis.book.publishing import placement, seal
from analysis.book.publishing.background import BackgroundTasks
from analysis.book.publishing.runs import run_stale
from analysis.book.publishing.settings import Settings, Tell, silent
from analysis.book.publishing.staging import figure_notes, ledger_digest, stage
from analysis.book.publishing.stopwatch import CHAPTERS, CHECK, DOWNLOADS, DRAWING, EXCHANGE, PAGES, Stopwatch
from analysis.book.running import forks, manuscript, notebooks, stale
from analysis.book.running.chapters import Run
from analysis.book.running.files import prune
from analysis.book.running.pace import Pace
from analysis.ledger import Ledger, LedgerError, sound_ledgers
from analysis.numbers import formats, vintages

# Files at the top of a site that its earlier versions do not repeat.
ONLY_AT_THE_TOP = ("sitemap.xml", "robots.txt", "_headers", "404.html", ".nojekyll")
# What the pages of companies and deals need to know of a report.
PROFILED = ("site", "told_rows", "versions", "notebooks", "sources", "told_sources")
# Bytes of kept drawings, pictures, records of sites and pages; cached runs have a limit of their own.
CACHE_LIMITS = {"svg": 128 << 20, "png": 256 << 20, "sites": 8 << 20, "pages": 256 << 20}


@dataclass
class Built:
    """A finished build: the site, its ledger, the chapters that ran (not those that were kept), the results by key."""

    site: Path
    ledger: Ledger
    runs: list[Run]
    results: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Build:
    """One build under way: what was asked for, the key days of the site (none without versions), where lines go, its
    times."""

    settings: Settings
    days: tuple[vintages.Vintage, ...]
    tell: Tell
    explain: Tell
    watch: Stopwatch

    def make(self, ledger: Ledger, work: Path, site: Path) -> tuple[list[Run], dict[str, dict[str, Any]]]:
        """Make the site of one day, with intermediate files in ``work``. Return the runs and the results."""
        settings, day = self.settings, f"{ledger.as_of:%Y-%m-%d}"
        executed, staged = work / "ran", work / "stage"
        executed.mkdir(parents=True)
        staged.mkdir()
        as_known = f"as known on {formats.day(ledger.as_of.date())}"
        versions = Versions(self.days, day).listing(ledger) if self.days else None
        with BackgroundTasks(paths.CACHE, settings.jobs) as background:
            known = sound_ledgers.kept(ledger.directory)
            of_tables = (known, settings.data, day, site, paths.CACHE, settings.addresses)
            of_ledger = background.fork(downloads.write_ledger_files, [of_tables])
            with self.watch.of(CHAPTERS):
                runs = run_stale(settings, ledger, executed, self.tell, self.explain, background)
            # These need nothing of what the chapters say together, which is found out meanwhile.
            ran = sorted(notebooks.chapters(executed), key=lambda path: -path.stat().st_size)
            parts = [(ran[i :: background.jobs], site, paths.CACHE, as_known) for i in range(background.jobs)]
            of_figures = background.fork(downloads.write_figure_files, parts)
            rendered_there, rendered_here = forks.pipe()
            arguments = (known, settings.data, day, settings.scenario, site, settings.addresses, rendered_there)
            of_profiles = background.fork(site_files.write_profiles, [arguments])

            with self.watch.of(PAGES):
                report = stage(executed, staged, settings, ledger, versions)
            for note in figure_notes(report["figures"]):
                self.tell(note)
            self.tell(f"{len(report['results'])} results collected; rendering")
            shared = executed, site, report["results"], report["told"], report["news"]
            of_notebooks = background.fork(downloads.write_notebooks, [shared])
            told = {name: report[name] for name in PROFILED if name in report}
            with self.watch.of(PAGES):
                own = settings.addresses, report["site"]["digest"]
                index = render(staged, site, ledger, *own, lambda *found: rendered_here.send((told, *found)))
            of_pages = background.fork(
                social.write_page_card,
                [
                    (site / social.CARDS / f"{name}.png", title, index["words"][name], as_known, paths.CACHE / "png")
                    for name, title in index["titles"].items()
                    if settings.addresses.site  # no page can name its picture without
                ],
            )
            with self.watch.of(DOWNLOADS):
                of_figures.result()
                of_notebooks.result()
                changes = of_ledger.result()[0]
                pages = site_files.write_site_files(site, report | index, ledger, changes, settings.addresses)
                pages += of_profiles.result()[0]
                site_files.write_sitemap(site, pages, day, settings.addresses)
                of_pages.result()
            self.watch.seconds[DRAWING] += background.seconds_drawing
        return runs, report["results"]

    def make_earlier(self, ledger: Ledger, vintage: vintages.Vintage, work: Path, site: Path) -> list[Run]:
        """Put the report as known on an earlier key day into its folder of the site, and return the runs it took.

        A version for which nothing changed is taken over from the published site, as links where the disk can.
        """
        day = vintage.day
        place, published = site / FOLDER / day, self.settings.out / FOLDER / day
        then = dataclasses.replace(self.settings, as_of=day)
        key = then.inputs_as_known(ledger_digest(ledger.at(day)), [v.day for v in self.days])
        place.parent.mkdir(exist_ok=True)
        runs: list[Run] = []
        if stale.is_current(paths.CACHE, published, key):
            self.explain(f"{day}: taken over, nothing changed")
            shutil.copytree(published, place, copy_function=placement.link_or_copy)
        else:
            self.tell(f"as known on {day}: {vintage.name}")
            earlier = dataclasses.replace(self, settings=then, explain=lambda line: self.explain(f"{day} {line}"))
            alone = work / f"site-{day}"
            runs, _ = earlier.make(Ledger.load(self.settings.data, day), work / day, alone)
            alone.rename(place)
            for name in ONLY_AT_THE_TOP:
                (place / name).unlink(missing_ok=True)
            seal.seal(place)
            placement.share_files(site, place)
        stale.remember(paths.CACHE, published, key, place)
        return runs


def load(settings: Settings) -> Ledger:
    """Return the ledger of a build.

    Raises
    ------
    LedgerError : when the tables have problems.
    ValueError : when the day or the scenario cannot be built.
    """
    ledger = Ledger.load(settings.data, settings.as_of)
    ledger.require_day()
    ledger.assumptions(settings.scenario)
    return ledger


def build(settings: Settings, tell: Tell = silent, explain: Tell = silent) -> Built:
    """Build the site of one ledger, day and scenario; with ``settings.vintages`` also as known on each earlier key day.

    ``tell`` is called with a line for each step, ``explain`` with the reason why a chapter runs or not and, at
    the end, with what took the time. Whatever is raised, the published site is as it was.

    Raises
    ------
    LedgerError : when the tables have problems.
    ValueError : when the day or the scenario cannot be built.
    ManuscriptError : when a chapter or page, the table of contents or a module cannot be read as it is.
    ChapterError : when a chapter does not run to its end.
    BuildError : when a page cannot be made.
    """
    forks.warm()
    watch = Stopwatch()
    with watch.of(CHECK):
        manuscript.check(paths.CHAPTERS, paths.TOC)
        key = settings.inputs()
        ledger = load(settings)
    days = tuple(vintages.known(ledger)) if settings.vintages else ()
    placement.require_writable(settings.out)
    tell(f"ledger checked: {ledger.rows()} rows known on {ledger.as_of:%Y-%m-%d}")
    with placement.working_folder(settings.out) as work:
        site, making = work / "site", Build(settings, days, tell, explain, watch)
        runs, results = making.make(ledger, work / "newest", site)
        pace = Pace(dict.fromkeys((vintage.day for vintage in days[:-1]), 1.0), "earlier days")
        for vintage in days[:-1]:
            runs += making.make_earlier(ledger, vintage, work, site)
            tell(f"{vintage.day}: {pace.after(vintage.day)}")
        if days:
            write_lasting_addresses(site, Versions(days, days[-1].day).listing(ledger)[0])
        with watch.of(EXCHANGE):
            tell(f"site {seal.seal(site)}")
            placement.put_in_place(site, settings.out)
    with watch.of(EXCHANGE):
        stale.remember(paths.CACHE, settings.out, key)
        for name, limit in CACHE_LIMITS.items():
            prune(paths.CACHE / name, limit)
    explain(watch.line())
    return Built(settings.out, ledger, runs, results)


__all__ = ["BuildError", "Built", "LedgerError", "Settings", "build", "load"]
