"""Commands that look at a ledger: is it sound, and is all of it told?"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from analysis.book.running.terminal import counted_text, errors_reported, fail, print_progress, waiting_lines
from analysis.cli.options import AsOf, Data


def check(
    data: Data = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REF", help="Git ref or directory to compare with: only plausible added rows are allowed."
        ),
    ] = None,
    factor: Annotated[
        float,
        typer.Option(metavar="X", min=1.0, help="Largest move of a key result without 'reviewed' in a note (times)."),
    ] = 1.5,
    links: Annotated[
        Path | None,
        typer.Option(
            "--links", metavar="FILE", help="Answers of the sources' addresses (CSV or JSON lines): which are dead?"
        ),
    ] = None,
) -> None:
    with errors_reported():
        if against is None:
            from analysis.ledger import check as find_problems

            problems = find_problems(data)
        else:
            from analysis.book.publishing.change_gate import guard

            verdict = guard(against, data, factor)
            problems = verdict.problems
            print(*verdict.lawful, sep="\n", end="\n" * bool(verdict.lawful))
        if problems:
            print(*problems, sep="\n")
            fail(counted_text(len(problems), "problem"))
        _list_waiting(data)
        if links is not None:
            _check_links(data, links)
        other = "else " if against and verdict.lawful else ""
        print(f"no problems, and nothing {other}that {against} held was changed" if against else "no problems")


def _check_links(data: Path | None, file: Path) -> None:
    """Say which addresses of sources are dead or moved; a failure where a payment rests on a dead one."""
    from analysis.ledger import Ledger
    from analysis.ledger import links as asked

    ledger = Ledger.load(data)
    try:
        answers = asked.read_answers(file)
    except asked.LinksError as error:
        print(*error.problems, sep="\n")
        fail(f"{counted_text(len(error.problems), 'problem')} in the list of answers")
    found = asked.links(ledger, answers)
    problems = [link for link in found if link.is_problem]
    notes = [link for link in found if link.state != asked.ALIVE and not link.is_problem]
    counts = Counter(link.state for link in found)
    for link in notes:
        print(f"note: {link}")
    for url in asked.strangers(ledger, answers):
        print(f"note: {file.name}: no source has the address {url}")
    print("addresses:", ", ".join(f"{counts[state]} {state}" for state in asked.STATES if counts[state]) or "none")
    if problems:
        print(*problems, sep="\n")
        fail(counted_text(len(problems), "problem"))


def _list_waiting(data: Path | None) -> None:
    """List what waits for an editor in the chapters: notes, not problems of the ledger."""
    from analysis import paths
    from analysis.book.running.chapter_stories import stories_of, waiting
    from analysis.ledger import Ledger

    for line in waiting_lines(waiting(stories_of(paths.CHAPTERS), Ledger.load(data))):
        print(f"note: {line}")


def untold(
    data: Data = None,
    as_of: AsOf = None,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="Form of the list.")] = "text",
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="Facts that the text names.")] = 100,
) -> None:
    from analysis.book.pages.render import BuildError
    from analysis.book.publishing import untold as telling
    from analysis.book.publishing.settings import Settings
    from analysis.book.running.chapters import ChapterError
    from analysis.ledger.problems import require_known

    with errors_reported("Nothing was listed.", ChapterError, BuildError):
        require_known("format", form, telling.FORMATS)
        print(telling.FORMATS[form](telling.untold(Settings(data, as_of), print_progress), most))


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(
        help="Every problem of a ledger, as file:row:column: message; with --against also of the change. "
        "Example: roundtrip check --data mine/ --against origin/main"
    )(check)
    app.command(
        help="Facts that no sentence or figure tells, largest first, and sentences that wait for an editor. "
        "Example: roundtrip untold --as-of 2026-03-31"
    )(untold)
