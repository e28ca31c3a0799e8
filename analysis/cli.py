"""The command ``roundtrip``.

Exit codes: 0 done; 1 the ledger has problems or a chapter failed; 2 the command was used wrongly; 130 interrupted.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from analysis.book.publishing.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Round Trip: build the report, check its ledger, keep its reference outputs.",
)
DATA = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Directory of the tables (default: data/).")]


def _fail(message: str, code: int = 1) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


def _tell() -> tuple[Console, bool]:
    console = Console(stderr=True, highlight=False)
    return console, console.is_terminal


def _is_done(settings: "Settings") -> bool:
    try:
        return settings.is_done()
    except OSError:  # what cannot be read is told by the build itself
        return False


@app.command(help="Build the site. Example: roundtrip build --as-of 2025-12-17 --out /tmp/then")
def build(
    data: DATA = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Report as known on YYYY-MM-DD.")] = None,
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Scenario of data/assumptions.csv.")] = "central",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the site goes.")] = None,
    jobs: Annotated[int | None, typer.Option(metavar="N", min=1, help="Chapters run at a time.")] = None,
    vintages: Annotated[
        bool, typer.Option("--vintages", help="Also as known on each key day (data/vintages.csv), in one site.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each chapter ran or did not.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run the chapters on a Dask cluster, tcp://host:port.")
    ] = None,
) -> None:
    from analysis import paths
    from analysis.book.publishing.settings import Settings

    settings = Settings(data, as_of, scenario, out or paths.SITE, jobs, vintages=vintages, scheduler=scheduler)
    reason = print if explain else lambda line: None
    if _is_done(settings):
        from analysis.book.publishing import exchange

        exchange.tidy(settings.out)
        reason("no chapter ran: nothing changed since the site was built")
        print(f"{settings.out / 'index.html'}")
        return

    from analysis.book.running import forks

    forks.warm()  # its imports and ours go side by side
    from analysis.book.publishing.build import BuildError, LedgerError
    from analysis.book.publishing.build import build as make
    from analysis.book.running.chapters import ChapterError
    from analysis.book.sweeps.sweep import SweepError

    console, is_terminal = _tell()
    try:
        if is_terminal:
            with console.status("building"):
                built = make(settings, console.print, reason)
        else:
            built = make(settings, lambda line: print(line, file=sys.stderr, flush=True), reason)
    except LedgerError as error:
        print(error, file=sys.stderr)
        _fail(f"{len(error.problems)} problems in the ledger; nothing was built and the site is as it was")
    except ValueError as error:
        _fail(f"{error}\nNothing was built and the site is as it was.", 2)
    except (ChapterError, BuildError, SweepError) as error:
        _fail(f"{error}\nThe build stopped and the site is as it was.")
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}\nNothing was published and the site is as it was.")
    else:
        print(f"{built.site / 'index.html'}")


@app.command(
    help="What changed between two days or directories. Example: roundtrip diff 2025-12-17 2026-02-27 --format html --out diff.html"
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A day (YYYY-MM-DD) or a directory of tables.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Scenario of data/assumptions.csv.")] = "central",
    form: Annotated[str, typer.Option("--format", metavar="text|json|html", help="How it is told.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where it goes (default: the terminal).")
    ] = None,
) -> None:
    from analysis.book.publishing import diff as differ
    from analysis.book.running.chapters import ChapterError
    from analysis.book.running.files import write_whole
    from analysis.ledger import LedgerError

    if form not in differ.FORMATS:
        _fail(f"unknown format {form!r}; known: {', '.join(differ.FORMATS)}", 2)
    try:
        text = differ.FORMATS[form](
            differ.diff(old, new, scenario, lambda line: print(line, file=sys.stderr, flush=True))
        )
        if out is None:
            print(text)
        else:
            write_whole(out, text)
            print(out)
    except LedgerError as error:
        _fail(f"{error}\n{len(error.problems)} problems in the ledger; nothing was compared")
    except ValueError as error:
        _fail(str(error), 2)
    except ChapterError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}")


@app.command(
    help="Run chapters over days, scenarios and choices into one table. Example: roundtrip sweep --chapter sustainability --as-of 2025-12-17,2026-03-31 --scenario central,slow --set take_up=0.5,0.75,1 --out results.parquet"
)
def sweep(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="The table; its summary page and finished runs stand beside it."),
    ],
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATES", help="Days, with commas (default: the newest).")
    ] = "",
    scenario: Annotated[str, typer.Option(metavar="NAMES", help="Scenarios, with commas (default: central).")] = "",
    chapter: Annotated[str, typer.Option(metavar="NAMES", help="Chapters, with commas (default: all).")] = "",
    choices: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=V1,V2", help="Values of one choice of data/assumptions.csv; may be repeated."
        ),
    ] = None,
    data: DATA = None,
    jobs: Annotated[int | None, typer.Option(metavar="N", min=1, help="Runs at a time (default: one a core).")] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://host:port.")] = None,
) -> None:
    from rich.progress import Progress

    from analysis.book.sweeps import sweep as sweeping
    from analysis.ledger import LedgerError

    def parts(text: str) -> list[str]:
        return list(dict.fromkeys(p.strip() for p in text.split(",") if p.strip()))

    console, is_terminal = _tell()
    try:
        chosen: dict[str, list[float]] = {}
        for text in choices or []:
            name, sign, values = text.partition("=")
            try:
                chosen[name.strip()] = [float(v) for v in parts(values)]
            except ValueError:
                sign = ""
            if not sign or not chosen.get(name.strip()):
                raise ValueError(f"--set {text!r} sets nothing; write name=number,number")
        variants = sweeping.plan(data, parts(chapter), parts(as_of), parts(scenario), chosen)
        with Progress(console=console, disable=not is_terminal) as progress:
            bar = progress.add_task("runs", total=len(variants))

            def tell(done: sweeping.Done) -> None:
                progress.advance(bar)
                if done.results is None or not is_terminal:
                    print(f"{done.variant.words()}: {done.error or 'done'}", file=sys.stderr, flush=True)

            made = sweeping.sweep(variants, out, data, jobs, scheduler, tell)
    except LedgerError as error:
        _fail(f"{error}\n{len(error.problems)} problems in the ledger; nothing ran")
    except ValueError as error:
        _fail(f"{error}\nNothing ran.", 2)
    except sweeping.SweepError as error:
        _fail(f"{error}\nWhat was finished is kept; the same command goes on from there.")
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}")
    else:
        print(
            f"{len(variants) - len(made.failed)} of {len(variants)} runs ({made.kept} kept from before), {len(made.table)} results: {out}, {out.with_suffix('.html')}"
        )
        if made.failed:
            _fail(f"{len(made.failed)} runs failed; their notebooks are in {out.with_name(out.name + '.failed')}")


@app.command(
    help="Serve the site on loopback, building again and refreshing the page at each change. Example: roundtrip serve --data mine"
)
def serve(
    data: DATA = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Report as known on YYYY-MM-DD.")] = None,
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Scenario of data/assumptions.csv.")] = "central",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the site goes.")] = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port on loopback.")] = 8000,
) -> None:
    from analysis import paths
    from analysis.book.publishing.serve import watch

    site = out or paths.SITE
    given = [("--data", data), ("--as-of", as_of), ("--scenario", scenario), ("--out", site)]
    arguments = [str(part) for name, value in given if value is not None for part in (name, value)]
    try:
        watch(arguments, site, data, port, lambda line: print(line, flush=True))
    except OSError as error:
        _fail(f"port {port} on loopback: {error.strerror or error}; choose another with --port")
    except RuntimeError as error:
        _fail(str(error))


@app.command(
    help="The digest of a built site, computed from its files; exit code 1 when its pages name another. Example: roundtrip digest --site _build/html"
)
def digest(
    site: Annotated[
        Path | None, typer.Option("--site", metavar="DIR", help="The built site (default: _build/html).")
    ] = None,
) -> None:
    from analysis import paths
    from analysis.book.publishing import seal

    folder = site or paths.SITE
    try:
        named = seal.told(folder)
    except ValueError as error:
        _fail(str(error))
    else:
        found = seal.digest(folder)
        print(found)
        if found != named:
            _fail(f"the pages name {named}: a file was added, changed or lost since the site was built")


@app.command(help="Print a built site into one PDF. Example: roundtrip pdf --site _build/html --out report.pdf")
def pdf(
    site: Annotated[
        Path | None, typer.Option("--site", metavar="DIR", help="The built site (default: _build/html).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the PDF goes (default: _build/round-trip.pdf).")
    ] = None,
) -> None:
    from analysis import paths
    from analysis.book.publishing.pdf import PdfError, write

    try:
        print(write(site or paths.SITE, out or paths.BUILD / "round-trip.pdf"))
    except (PdfError, ValueError) as error:
        _fail(f"{error}\nNo PDF was written.")
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}\nNo PDF was written.")


@app.command(
    help="Every problem of a ledger, as file:row:column: message; with --against also of the change. Example: roundtrip check --data mine/ --against origin/main"
)
def check(
    data: DATA = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="REF", help="A revision or a directory that the tables may only add rows to, plausibly."),
    ] = None,
    factor: Annotated[
        float,
        typer.Option(
            metavar="X",
            min=1.0,
            help="How many times what it was a key result may become without 'reviewed' in a note.",
        ),
    ] = 1.5,
) -> None:
    from analysis.ledger import check as find

    try:
        if against is None:
            problems = find(data)
        else:
            from analysis.book.publishing.guard import guard

            problems = guard(against, data, factor)
    except ValueError as error:
        _fail(str(error), 2)
    else:
        for problem in problems:
            print(problem)
        if problems:
            _fail(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}")
        print("no problems" if against is None else f"no problems, and nothing that {against} held was changed")


@app.command(help="Re-run the chapters in place: their new reference outputs, after showing what moved.")
def accept(
    jobs: Annotated[int | None, typer.Option(metavar="N", min=1, help="Chapters run at a time.")] = None,
) -> None:
    from analysis.book.publishing.accept import accept as keep
    from analysis.book.publishing.build import LedgerError
    from analysis.book.running.chapters import ChapterError

    try:
        changed = keep(jobs, lambda line: print(line, flush=True))
    except LedgerError as error:
        _fail(f"{error}\nNothing was changed.")
    except ChapterError as error:
        _fail(f"{error}\nNothing was changed.")
    else:
        print("\n".join(f"{name}: outputs changed" for name in changed) or "nothing moved")


def main() -> None:
    """Entry point: says what an interruption left behind; exit code 130 then."""
    try:
        app()
    except (KeyboardInterrupt, SystemExit) as stopped:
        code = 130 if isinstance(stopped, KeyboardInterrupt) else stopped.code
        if code == 130:
            print("interrupted; the published site is as it was, and finished runs are kept", file=sys.stderr)
        sys.exit(code)


if __name__ == "__main__":
    main()
