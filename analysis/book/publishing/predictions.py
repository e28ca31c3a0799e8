"""The predictions of a key day, locked in the ledger once: never made anew, never for a day that has gone by."""

from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.digests import digest, digest_of_files
from analysis.ledger import Ledger
from analysis.ledger.schema import tables
from analysis.numbers.scorecard import predicting

CODE_DIGITS = 12


def code_version(data: Path) -> str:
    """Twelve hexadecimal digits that name the models and the choices that a ledger's directory makes for them."""
    package = paths.ROOT / "analysis"
    models = digest_of_files((package / "models").rglob("*.py"), package)
    return digest(models, (data / "assumptions.csv").read_bytes())[:CODE_DIGITS]


def lock_in(ledger: Ledger) -> list[str]:
    """Write what the models say on each key day after the last one that has predictions into the ledger's directory.

    Parameters
    ----------
    ledger
        As known on its newest day.

    Returns
    -------
    list of str
        A line for each day that was added.
    """
    locked = ledger.predictions["as_of"]
    days = ledger.vintages["as_of"].sort_values()
    days = days[(days >= ledger.first) & (days <= ledger.newest)]
    code = code_version(ledger.directory)
    made = [
        predicting.made_on(ledger.at(day.date()), is_newest=bool(day == ledger.newest), code=code)
        for day in (days[days > locked.max()] if len(locked) else days)
    ]
    made = [rows for rows in made if len(rows)]
    if made:
        table = tables()["predictions"]
        path = ledger.directory / table.file
        has_header = path.exists()
        with path.open("a", encoding="utf-8", newline="") as handle:
            frame = pd.concat(made)[list(table.columns)]
            frame.to_csv(handle, header=not has_header, index=False, lineterminator="\n")
    return [f"predictions of {rows['as_of'].iloc[0]}: {len(rows)} rows locked" for rows in made]
