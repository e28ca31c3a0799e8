"""Forecasts of others that the ledger holds, and what came of them.

- A forecast is a row of metrics that is a guidance or a projection, or a published model's output that names a company,
  a metric and a calendar year (``openai_revenue``, 2025). Of one author on one day the figure counts once.
- A guidance for "capex_guidance" speaks of the metric "capex"; one with a low and a high end of their middle.
- Amazon guides to spending net of proceeds and incentives, which the ledger keeps as ``capex_net``.
- It is settled like a prediction (`models.scoring.outcomes`); its error is that of a single number, told in per cent.
- One that names a floor ("more than 30") holds when at least as much came, and is then off by nothing.
"""

import re

import numpy as np
import pandas as pd

from analysis.models import bases, scoring

GUIDANCE = re.compile(r"_guidance(?:_(?:low|high))?$")
MEASURED = {("amazon", "capex"): "capex_net"}
YEAR = re.compile(r"20\d\d")
COLUMNS = ["as_of", "entity", "metric", "start", "end", "value", "unit", "basis", "author", "source", "is_floor"]


def told(metrics: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Every forecast in the ledger.

    Parameters
    ----------
    metrics, models : DataFrame
        All rows of metrics and outside_models known on the day, those that were replaced too.

    Returns
    -------
    DataFrame
        `COLUMNS`: the day it became known, whose figure, the metric by which it is settled, its period, the value and
        unit, the basis, the author ("" where the company or the press speaks), its source and whether it is a floor;
        by day.
    """
    ahead = metrics[metrics["basis"].isin(bases.FORECASTS) & metrics["end"].notna()]
    names = ahead["metric"].str.replace(GUIDANCE, "", regex=True)
    measured = [MEASURED.get(pair, pair[1]) for pair in zip(ahead["entity"], names, strict=True)]
    named = pd.Series(measured, index=ahead.index, dtype=object)
    frame = ahead.assign(metric=named, author=ahead["by"], is_floor=bases.is_floor(ahead["note"]))[COLUMNS]
    parts = [part for part in (frame, _of_models(models, metrics)) if len(part)]
    if not parts:
        return frame.reset_index(drop=True)
    frame = pd.concat(parts, ignore_index=True)
    key = [c for c in COLUMNS if c not in ("value", "source", "is_floor")]
    middle = frame.groupby(key, dropna=False, sort=False).agg(
        value=("value", "mean"), source=("source", "first"), is_floor=("is_floor", "any")
    )
    return middle.reset_index()[COLUMNS].sort_values("as_of", kind="stable", ignore_index=True)


def _of_models(models: pd.DataFrame, metrics: pd.DataFrame) -> pd.DataFrame:
    """Outputs of published models that say a company's metric for a calendar year."""
    known = set(zip(metrics["entity"], metrics["metric"], strict=True))
    found = []
    for row in models[models["direction"] == "output"].itertuples(index=False):
        entity, _, metric = row.quantity.partition("_")
        if (entity, metric) in known and YEAR.fullmatch(row.period):
            year = int(row.period)
            span = (pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31))
            told = (row.value, row.unit, "projection", row.publisher, row.source, False)
            found.append((row.as_of, entity, metric, *span, *told))
    return pd.DataFrame(found, columns=COLUMNS)


def settled(metrics: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """The forecasts that have been settled, with outcome, settled, row and off (per cent above what happened).

    ``off`` is NaN where what happened is 0, in per cent of its size where it is below 0, and 0 for a floor that held.
    """
    frame = told(metrics, models)
    found = frame.join(scoring.outcomes(frame, metrics)[["outcome", "settled", "row"]])
    found = found[found["outcome"].notna()].reset_index(drop=True)
    size = found["outcome"].abs().replace(0, np.nan)
    off = 100 * (found["value"] - found["outcome"]) / size
    has_held = found["is_floor"] & (found["outcome"] >= found["value"])
    return found.assign(off=off.mask(has_held, 0.0))
