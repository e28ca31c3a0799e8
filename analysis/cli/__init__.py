"""The command ``roundtrip``.

Exit codes: 0 done; 1 the ledger has problems or a chapter failed; 2 the command was used wrongly; 130 interrupted.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from analysis import paths
from analysis.book.running.terminal import counted_text, errors_reported, fail, print_progress, waiting_lines
from analysis.cli import filing_commands, ledger_commands, new_commands
from analysis.cli.options import AsOf, Data, Scenario

if TYPE_CHECKING:
    from analysis.book.publishing.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Round Trip: build the report, check its ledger, keep its reference outputs.",
)
SiteOut = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the site goes.")]
BuiltSite = Annotated[Path | None, typer.Option("--site", metavar="DIR", help="The built site (default: _build/html).")]
Jobs = Annotated[int | None, typer.Option(metavar="N", min=1, help="Chapters run at a time (default: one a core).")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Run the chapters on a Dask cluster, tcp://host:port.")
]


def _is_done(settings: "Settings") -> bool:
    try:
        return settings.is_done()
    except OSError:
        return False  # the build reports what it cannot read


def _report_waiting(site: Path, is_strict: bool) -> None:
    """Say which sentences of a site wait for an editor, in any of its versions; a failure if asked to be strict."""
    from analysis.book.publishing.seal import read_waiting

    for line in waiting_lines(found := read_waiting(site)):
        print(line, file=sys.stderr)
    if found and is_strict:
        raise typer.Exit(1)


@app.command(help="Build the site. Example: roundtrip build --as-of 2025-12-17 --out /tmp/then")
def build(
    data: Data = None,
    as_of: AsOf = None,
    scenario: Scenario = "central",
    out: SiteOut = None,
    jobs: Jobs = None,
    vintages: Annotated[
        bool, typer.Option("--vintages", help="Also as known on each key day (data/vintages.csv), in one site.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each chapter ran, and what took the time.")
    ] = False,
    scheduler: Scheduler = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 when a sentence waits for an editor.")] = False,
) -> None:
    from analysis.book.publishing.settings import Settings

    state = "Nothing was published and the site is as it was."
    with errors_reported(state):
        settings = Settings(data, as_of, scenario, out or paths.SITE, jobs, vintages=vintages, scheduler=scheduler)
    explain_line = print if explain else lambda line: None
    if _is_done(settings):
        from analysis.book.publishing import placement

        placement.remove_leftovers(settings.out)
        explain_line("no chapter ran: nothing changed since the site was built")
        print(settings.out / "index.html")
        _report_waiting(settings.out, strict)
        return

    from analysis.book.running import forks

    forks.warm()  # the fork server's imports and ours go side by side
    from analysis.book.publishing.build import BuildError
    from analysis.book.publishing.build import build as build_site
    from analysis.book.running.chapters import ChapterError
    from analysis.book.sweeps.variants import SweepError

    console = Console(stderr=True, highlight=False)
    with errors_reported(state, ChapterError, BuildError, SweepError):
        if console.is_terminal:
            with console.status("building"):
                built = build_site(settings, console.print, explain_line)
        else:
            built = build_site(settings, print_progress, explain_line)
        print(built.site / "index.html")
    _report_waiting(built.site, strict)


@app.command(
    help="What changed between two days or directories. "
    "Example: roundtrip diff 2025-12-17 2026-02-27 --format html --out diff.html"
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A day (YYYY-MM-DD) or a directory of tables.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    scenario: Scenario = "central",
    form: Annotated[str, typer.Option("--format", metavar="text|json|html", help="Form of the comparison.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where it goes (default: the terminal).")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also a page with every changed figure before and after."),
    ] = None,
) -> None:
    from analysis.book.pages.render import BuildError
    from analysis.book.publishing import diff as differ
    from analysis.book.running.chapters import ChapterError
    from analysis.book.running.files import write_whole
    from analysis.ledger.problems import require_known

    with errors_reported("Nothing was compared.", ChapterError, BuildError):
        require_known("format", form, differ.FORMATS)
        found = differ.diff(old, new, scenario, print_progress)
        if page is not None:
            write_whole(page, differ.as_html(found))
        text = differ.FORMATS[form](found)
        if out is not None:
            write_whole(out, text)
        print(text if out is None else out)


@app.command(
    help="Run chapters over days, scenarios and choices into one table. "
    "Example: roundtrip sweep --chapter sustainability --as-of 2025-12-17,2026-03-31 --scenario central,slow "
    "--set take_up=0.5,0.75,1 --out results.parquet"
)
def sweep(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="The table; its summary page and finished runs are put beside it."),
    ],
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATES", help="Comma-separated days (default: newest).")
    ] = "",
    scenario: Annotated[str, typer.Option(metavar="NAMES", help="Comma-separated scenarios (default: central).")] = "",
    chapter: Annotated[str, typer.Option(metavar="NAMES", help="Comma-separated chapters (default: all).")] = "",
    choices: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=V1,V2", help="Values of a choice of data/assumptions.csv; may be repeated."
        ),
    ] = None,
    data: Data = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
) -> None:
    from rich.progress import Progress

    from analysis.book.running.pace import Pace
    from analysis.book.sweeps import sweep as sweeping
    from analysis.book.sweeps.variants import FinishedRun, SweepError, Variant, parse_choices, plan, split_list

    console = Console(stderr=True, highlight=False)
    with errors_reported("Nothing ran."):
        chapters, days, scenarios = (split_list(text) for text in (chapter, as_of, scenario))
        variants = plan(data, chapters, days, scenarios, parse_choices(choices or []))
    with (
        errors_reported("Finished runs are kept; the same command continues from there.", SweepError),
        Progress(console=console, disable=not console.is_terminal) as progress,
    ):
        bar = progress.add_task("runs", total=len(variants))
        pace = Pace({}, "runs")

        def begin(waiting: list[Variant]) -> None:
            nonlocal pace
            progress.update(bar, total=len(waiting))
            pace = Pace({variant.key: 1.0 for variant in waiting}, "runs")

        def report(run: FinishedRun) -> None:
            progress.advance(bar)
            told = f"{run.variant.label()}: {run.error or 'done'} ({pace.after(run.variant.key)})"
            if run.error or not console.is_terminal:
                print_progress(told)

        made = sweeping.sweep(variants, out, data, jobs, scheduler, report, begin)
    print(
        f"{len(variants) - len(made.failed)} of {len(variants)} runs ({made.kept} kept from before), "
        f"{len(made.table)} results: {out}, {out.with_suffix('.html')}"
    )
    if made.failed:
        failures = out.with_name(f"{out.name}.failed")
        fail(f"{counted_text(len(made.failed), 'run')} failed; failed notebooks are in {failures}")


@app.command(
    help="Serve the site on loopback; build again and refresh the page at each change. Example: roundtrip serve"
)
def serve(
    data: Data = None,
    as_of: AsOf = None,
    scenario: Scenario = "central",
    out: SiteOut = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port on loopback.")] = 8000,
) -> None:
    from analysis.book.publishing.serve import ServeError, serve_and_rebuild

    site = out or paths.SITE
    given = [("--data", data), ("--as-of", as_of), ("--scenario", scenario), ("--out", site)]
    arguments = [str(part) for name, value in given if value is not None for part in (name, value)]
    with errors_reported("", ServeError):
        serve_and_rebuild(arguments, site, data, port, lambda line: print(line, flush=True))


@app.command(
    help="The digest of a built site, computed from its files; exit code 1 when its pages name another. "
    "Example: roundtrip digest --site _build/html"
)
def digest(site: BuiltSite = None) -> None:
    from analysis.book.publishing import seal

    folder = site or paths.SITE
    with errors_reported("", seal.NotSealed):
        named, computed = seal.read_digest(folder), seal.compute_digest(folder)
        print(computed)
        if computed != named:
            fail(f"the pages name {named}: a file was added, changed or lost since the site was built")


@app.command(help="Print a built site into one PDF. Example: roundtrip pdf --site _build/html --out report.pdf")
def pdf(
    site: BuiltSite = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the PDF goes (default: _build/round-trip.pdf).")
    ] = None,
) -> None:
    from analysis.book.publishing.pdf import PdfError, write

    with errors_reported("No PDF was written.", PdfError):
        print(write(site or paths.SITE, out or paths.BUILD / "round-trip.pdf"))


ledger_commands.add_to(app)
filing_commands.add_to(app)
new_commands.add_to(app)


@app.command(
    help="Re-run the chapters in place: their new reference outputs, after showing what moved. "
    "Example: roundtrip accept amazon"
)
def accept(
    chapters: Annotated[
        list[str] | None, typer.Argument(metavar="[CHAPTER]...", help="Names of the chapters to run (default: all).")
    ] = None,
    jobs: Jobs = None,
) -> None:
    from analysis.book.running import forks

    forks.warm()  # the fork server's imports and ours go side by side
    from analysis.book.publishing.accept import accept as accept_outputs
    from analysis.book.running.chapters import ChapterError

    with errors_reported("Nothing was changed.", ChapterError):
        changed = accept_outputs(jobs, lambda line: print(line, flush=True), chapters or (), print_progress)
        print("\n".join(f"{name}: outputs changed" for name in changed) or "nothing moved")


def main() -> None:
    """Entry point: after an interruption, say what it left behind and exit with code 130."""
    if not paths.CONFIG.is_file():
        print(f"there is no report in {paths.ROOT}: install Round Trip from its checkout with pip install -e .")
        sys.exit(1)
    try:
        app()
    except SyntaxError as error:
        file = Path(error.filename or "")
        if not file.is_relative_to(paths.ROOT):
            raise
        print(f"{file.relative_to(paths.ROOT)}, line {error.lineno}: is not Python: {error.msg}", file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, SystemExit) as stopped:
        code = 130 if isinstance(stopped, KeyboardInterrupt) else stopped.code
        if code == 130:
            print("interrupted; the published site is as it was, and finished runs are kept", file=sys.stderr)
        sys.exit(code)
