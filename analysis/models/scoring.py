"""How well predictions came true: what settled them, how far off they were, and beside which rivals.

- A prediction is settled by the first later row that says what happened in its period: a filing or the company's own
  figure (actual); until there is one, what the press saw of the accounts (reported). Estimates settle nothing.
- A prediction is five quantiles. Its error is the continuous ranked probability score (CRPS) in the unit of the
  quantity: twice the mean pinball loss over the five, which for a single number is its absolute error.
- Two rivals need no model: the last value known on the day, and a published plan with a lognormal spread of a fifth.
"""

from typing import Any

import numpy as np
import pandas as pd
import scoringrules
from scipy.special import ndtri

from analysis.models import bases

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
QUANTILES = ["p5", "p25", "p50", "p75", "p95"]
ENDS = {50: (1, 3), 90: (0, 4)}  # of the interval that should hold so many per cent of outcomes, among the quantiles
PLAN_SPREAD = 0.2
KEY = ["entity", "metric", "start", "end"]


def crps(quantiles: Any, outcomes: Any) -> np.ndarray:
    """The continuous ranked probability score of predictions.

    Parameters
    ----------
    quantiles : array
        Quantiles at `LEVELS` (n, 5), in any unit.
    outcomes : array
        What happened (n,), in the same unit.

    Returns
    -------
    ndarray
        Errors (n,) in the same unit, 0 for a prediction that is certain and right; NaN where a part is not known.

    References
    ----------
    Gneiting and Raftery 2007, "Strictly proper scoring rules, prediction, and estimation".
    """
    given, known = np.asarray(quantiles, float), np.asarray(outcomes, float)
    found: np.ndarray = scoringrules.crps_quantile(known, given, np.array(LEVELS), backend="numpy")
    return found


def is_within(quantiles: Any, outcomes: Any, per_cent: int) -> np.ndarray:
    """Whether each outcome lies in the middle interval of its prediction, both ends included.

    Parameters
    ----------
    quantiles, outcomes : array
        As for `crps`.
    per_cent : int
        50 or 90: the share of outcomes that the interval should hold.
    """
    given, known = np.asarray(quantiles, float), np.asarray(outcomes, float)
    low, high = ENDS[per_cent]
    held: np.ndarray = (given[..., low] <= known) & (known <= given[..., high])
    return held


def places(quantiles: Any, outcomes: Any) -> np.ndarray:
    """In which part of its prediction each outcome fell: 0 below the lowest quantile, 5 above the highest.

    An outcome on a quantile counts to the part above it. This is the probability integral transform as far as five
    quantiles tell it; the parts should hold 5, 20, 25, 25, 20 and 5 per cent of independent outcomes.
    """
    given, known = np.asarray(quantiles, float), np.asarray(outcomes, float)
    found: np.ndarray = (given <= known[..., None]).sum(axis=-1)
    return found


def certain(values: Any) -> np.ndarray:
    """A single number as a prediction: its five quantiles (n, 5) are the number."""
    return np.repeat(np.asarray(values, float)[:, None], len(LEVELS), axis=1)


def around(values: Any, spread: float = PLAN_SPREAD) -> np.ndarray:
    """A plan as a prediction (n, 5): lognormal around it, with a standard deviation in logarithms.

    NaN where the plan is not above 0, where no such distribution exists.
    """
    plan = np.asarray(values, float)
    found: np.ndarray = np.where(plan > 0, plan, np.nan)[:, None] * np.exp(spread * ndtri(LEVELS))
    return found


def outcomes(predictions: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """What settled each prediction.

    Parameters
    ----------
    predictions : DataFrame
        Columns as_of, entity, metric, start, end.
    told : DataFrame
        Rows of metrics known on the day of the scoring, also those that were replaced since.

    Returns
    -------
    DataFrame
        In the order of the predictions, with their index: outcome (NaN while nothing has settled it), settled (the day
        it became known), basis ("actual" or "reported") and row (the index of the row that told it, -1 for none).
    """
    happened = told[told["basis"].isin(bases.HAPPENED) & (told["by"] == "")]
    rows = happened[[*KEY, "as_of", "value", "basis"]].rename(columns={"as_of": "settled", "value": "outcome"})
    pairs = predictions[[*KEY, "as_of"]].reset_index(names="place").merge(rows.reset_index(names="row"), on=KEY)
    pairs = pairs[pairs["settled"] > pairs["as_of"]].assign(rank=lambda p: p["basis"].map(bases.order))
    first = pairs.sort_values(["rank", "settled"], kind="stable").drop_duplicates("place").set_index("place")
    found = first[["outcome", "settled", "basis", "row"]].reindex(predictions.index)
    return found.assign(basis=found["basis"].fillna(""), row=found["row"].fillna(-1).astype(int))
