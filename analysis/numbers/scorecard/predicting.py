"""What the models say on the ledger's day of figures that are not yet known: the rows of ``data/predictions.csv``."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import predictions, scoring
from analysis.numbers import modelling

DIGITS = 4  # significant, of a number in the file
NUMBERS = [*scoring.QUANTILES, "last_value", "plan"]


def made_on(ledger: Ledger, is_newest: bool, code: str) -> pd.DataFrame:
    """What is predicted on the ledger's day.

    Parameters
    ----------
    ledger
        As known on the day.
    is_newest
        Whether nothing later is known; a prediction is made then, everything else is a hindcast.
    code
        The version of the models and choices.

    Returns
    -------
    DataFrame
        All text, as it stands in the file, with the columns of the table in their order; no rows where the model cannot
        be calibrated.
    """
    made = modelling.model(ledger, "central")
    if made is None:
        return pd.DataFrame(columns=["as_of", *predictions.COLUMNS, "made", "code"])
    rows = predictions.predict(ledger.metrics, ledger.as_of, *made, modelling.PATHS, modelling.SEED)
    written = rows.assign(**{c: [_digits(v) for v in rows[c]] for c in NUMBERS})
    days = {c: rows[c].dt.strftime("%Y-%m-%d").fillna("") for c in ("start", "end")}
    written = written.assign(**days, made="then" if is_newest else "hindcast", code=code)
    written.insert(0, "as_of", f"{ledger.as_of:%Y-%m-%d}")
    return written.astype(str)


def _digits(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.{DIGITS}g}"
