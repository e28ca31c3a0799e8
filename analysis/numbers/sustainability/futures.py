"""Twenty futures that stand for all that the model runs, counting signed and announced orders."""

import functools

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import modelling
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import LEAD, LEAST, calibrated_on

SHOWN = 20


@functools.lru_cache(maxsize=16)
def futures(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the shortfall of the last year in equally likely futures, the best first.

    Each of the `SHOWN` stands for as many of the model's paths: it is the median of these, in the order of what is
    missing.

    Returns
    -------
    DataFrame
        Columns place (from 1) and value (US$ bn, 0 where it is less than `LEAST`); empty when the model cannot be
        calibrated.
    """
    made = modelling.model(ledger, scenario)
    if made is None or LEAD not in made[0].cases:
        return pd.DataFrame({"place": pd.Series(dtype=int), "value": pd.Series(dtype=float)})
    gap = funding.simulate(*made, LEAD, modelling.PATHS, modelling.SEED)["gap"][-1]
    middles = (np.arange(SHOWN) + 0.5) / SHOWN
    table = pd.DataFrame({"place": range(1, SHOWN + 1), "value": funding.quantiles(gap, (*middles,))})
    return table.assign(value=table["value"].where(table["value"] >= LEAST, 0.0))


def short(table: pd.DataFrame) -> int:
    """Return in how many of some `futures` money is short."""
    return int((table["value"] > 0).sum())


def twenty(ledger: Ledger, scenario: str = "central") -> Results:
    """In how many of twenty futures money is short, in words."""
    f, table = Facts(ledger, "sustainability", scenario), futures(ledger, scenario)
    count = f"{short(table)} of {len(table)}" if len(table) else None
    return Results(
        [
            f.result(
                "futures_short",
                f"Of {SHOWN} futures of our model, those in which cash runs out, by signed and announced orders",
                count,
                "text",
                *calibrated_on(ledger),
                how="Each stands for a twentieth of the paths and is the median of these.",
            )
        ]
    )
