"""Commands that write new files of the book for somebody to go on with."""

from typing import Annotated

import typer

from analysis.book.running.terminal import errors_reported

new = typer.Typer(no_args_is_help=True, help="Begin something new. Example: roundtrip new chapter google")


@new.command(
    help="A chapter on a company of the ledger, with a number and a figure that already work. "
    "Example: roundtrip new chapter google"
)
def chapter(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and underscores.")],
    company: Annotated[
        str | None, typer.Option(metavar="KEY", help="Its company in entities.csv (default: the one of that name).")
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="PAGE", help="The page it follows (default: the last chapter on companies).")
    ] = None,
) -> None:
    from analysis.book.publishing.new_chapter import write_chapter
    from analysis.book.running.manuscript import name_of

    with errors_reported("Nothing was written."):
        for file in write_chapter(name, company, after):
            print(name_of(file))
    print("Next: roundtrip accept, then roundtrip build.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.add_typer(new, name="new")
