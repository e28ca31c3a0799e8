"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Directory of the tables (default: data/).")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Report as known on YYYY-MM-DD.")]
Scenario = Annotated[str, typer.Option(metavar="NAME", help="Scenario of data/assumptions.csv.")]
