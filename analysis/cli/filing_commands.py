"""The command that reads filings with the SEC; no other opens a connection to them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.book.running.terminal import counted_text, errors_reported, fail
from analysis.cli.options import Data

if TYPE_CHECKING:
    from analysis.ledger import Ledger
    from analysis.ledger.filings.proposals import Proposal
    from analysis.ledger.filings.reports import Report


def pull(
    filer: Annotated[str, typer.Argument(metavar="FILER", help="A company of filings.csv, such as microsoft.")],
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the rows go; new sources go beside it.")
    ] = None,
    append: Annotated[
        bool, typer.Option("--append", help="Put the rows into the ledger, if it then passes the checks.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Propose nothing; list where the ledger says something else.")
    ] = False,
    identity: Annotated[
        str | None,
        typer.Option(metavar="TEXT", envvar="EDGAR_IDENTITY", help="Your name and e-mail address, for the SEC."),
    ] = None,
) -> None:
    from analysis import paths
    from analysis.ledger import Ledger
    from analysis.ledger.filings.edgar import Edgar
    from analysis.ledger.filings.errors import PullError
    from analysis.ledger.filings.proposals import propose
    from analysis.ledger.filings.reports import reports

    with errors_reported("", PullError):
        if check and (append or out):
            raise ValueError("--check proposes no rows; leave out --append and --out.")
        ledger = Ledger.load(data)
        read = reports(ledger, filer, Edgar(identity))
    if check:
        _compare(ledger, filer, read)
        return
    proposal = propose(ledger, filer, read)
    with errors_reported("Nothing was written."):
        if append:
            _append(data or paths.DATA, proposal)
        else:
            _show(data or paths.DATA, proposal, out)
    for line in (*proposal.problems, f"{counted_text(proposal.known, 'figure')} of the filings known already"):
        print(line, file=sys.stderr)
    if proposal.problems:
        fail(f"no row for {counted_text(len(proposal.problems), 'figure')}")


def _show(directory: Path, proposal: "Proposal", out: Path | None) -> None:
    """Print proposed rows, or write them into a file with the new sources beside it."""
    from analysis.book.running.files import write_whole
    from analysis.ledger.filings.addition import columns_of, table_text
    from analysis.ledger.schema import tables

    metrics, sources = (
        table_text(columns_of(directory, tables()[name]), rows)
        for name, rows in (("metrics", proposal.metrics), ("sources", proposal.sources))
    )
    if out is None:
        print(metrics + f"\n{sources}" * bool(proposal.sources), end="")
        return
    write_whole(out, metrics)
    print(out)
    if proposal.sources:
        beside = out.with_name(f"{out.stem}-sources{out.suffix}")
        write_whole(beside, sources)
        print(beside)


def _append(directory: Path, proposal: "Proposal") -> None:
    """Put proposed rows into the tables of a ledger that passes the checks with them."""
    from analysis.book.running.files import write_whole
    from analysis.ledger.filings.addition import examine_addition, tables_with

    texts = tables_with(directory, proposal)
    doubts = examine_addition(directory, texts)
    for file, text in texts.items():
        write_whole(directory / file, text)
    print(f"{counted_text(len(proposal.metrics), 'row')} added to {directory / 'metrics.csv'}")
    for doubt in doubts:
        print(f"note: {doubt}", file=sys.stderr)


def _compare(ledger: "Ledger", filer: str, read: "Sequence[Report]") -> None:
    """List where a ledger and the filings say different things; a failure where they do."""
    from analysis.ledger.filings.comparison import compare_filings

    found = compare_filings(ledger, filer, read)
    print(*(f"read: {report.filing}" for report in read), sep="\n")
    print(*(f"note: {note}" for note in found.notes), sep="\n", end="\n" * bool(found.notes))
    print(*found.differences, sep="\n", end="\n" * bool(found.differences))
    print(f"{counted_text(found.agreeing, 'figure')} of the filings as in the ledger")
    if found.differences:
        fail(counted_text(len(found.differences), "difference"))


def add_to(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command(
        help="Rows for metrics.csv from a company's newest filings with the SEC, or what differs from them. "
        "Needs a network; no build does. Example: roundtrip pull microsoft --identity 'Jane Doe jane@example.org'"
    )(pull)
