"""What it costs that our model lets only a part of OpenAI's planned growth come true.

The statements on sales are made again with today's code, on the facts of their days: as we make them, and with all of
the planned growth, everything else being the same.
"""

import dataclasses
import functools

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding, predictions, scoring
from analysis.numbers import modelling
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.scorecard import predicted

KEYS = ["as_of", "case", *scoring.KEY]
WHOLE = (1.0, 1.0, 1.0)  # of the planned growth comes true


def _stated(ledger: Ledger, known: funding.Inputs, chosen: funding.Choices) -> pd.DataFrame:
    """What the model says of sales on the ledger's day. They are the same by each way of counting, so one is drawn."""
    alone = dataclasses.replace(known, live_gw=np.nan, plan_burn=np.full(len(known.plan), np.nan))
    rows = predictions.predict(ledger.metrics, ledger.as_of, alone, chosen, modelling.PATHS, modelling.SEED)
    return rows[rows["metric"].isin(predicted.SALES)].assign(as_of=ledger.as_of)


@functools.lru_cache(maxsize=16)
def again(ledger: Ledger) -> pd.DataFrame:
    """The settled statements on sales made again, as we make them and with all of the planned growth.

    Returns
    -------
    DataFrame
        The columns of `predicted.settled`, with error, place and is_held (in the range for nine in ten) of the
        statement made again, and the same with the suffix _full where all of the planned growth comes true; without
        those that today's code does not make.
    """
    found = predicted.settled(ledger)
    sales = found[found["metric"].isin(predicted.SALES)].drop(columns=["error", "place"])
    parts: dict[str, list[pd.DataFrame]] = {"": [], "_full": []}
    for day in sales["as_of"].unique():
        view = ledger.at(pd.Timestamp(day))
        made = modelling.model(view, "central")
        if made is not None:
            whole = dataclasses.replace(made[1], attainment=WHOLE)
            for suffix, chosen in zip(parts, (made[1], whole), strict=True):
                parts[suffix].append(_stated(view, made[0], chosen)[[*KEYS, *scoring.QUANTILES]])
    for suffix, days in parts.items():
        if not days:
            return sales.head(0).assign(**{f"{c}{s}": [] for c in ("error", "place", "is_held") for s in parts})
        named = pd.concat(days, ignore_index=True).rename(columns={q: f"{q}{suffix}_again" for q in scoring.QUANTILES})
        sales = sales.merge(named, on=KEYS)
        said = sales[[f"{q}{suffix}_again" for q in scoring.QUANTILES]].to_numpy(float)
        came = sales["outcome"].to_numpy(float)
        sales[f"error{suffix}"] = 100 * scoring.crps(said, came) / np.where(came == 0, np.nan, np.abs(came))
        sales[f"place{suffix}"] = scoring.places(said, came)
        sales[f"is_held{suffix}"] = scoring.is_within(said, came, 90)
    return sales


def distrust(ledger: Ledger, scenario: str = "central") -> Results:
    """How our ranges and our error on sales would be with all of OpenAI's planned growth, beside its plan's."""
    f, found = Facts(ledger, "scorecard", scenario), again(ledger)
    rows = predicted.outcome_rows(ledger, found)
    number, held, full = len(found), int(found["is_held"].sum()), int(found["is_held_full"].sum())
    names = ["error", "error_full", "error_plan"]
    whole = found.dropna(subset=names)
    means = (
        whole.groupby(predicted.FIGURE, dropna=False)[names].mean().mean() if len(whole) else dict.fromkeys(names, NAN)
    )
    how = "Statements made again with today's code on the facts of their days; each figure counts once."
    return Results(
        [
            f.result("sales_held", "Statements on revenue whose range for nine in ten held", held, "count", rows),
            f.result("sales_again", "Statements on revenue made again", number, "count", rows),
            f.result("full_held", "Those that would have held with all of the planned growth", full, "count", rows),
            f.result("full_helps", "More would have held", full > held, "flag", rows),
            f.result("error_sales", "Our mean error on revenue", means["error"], "pct", rows, how=how),
            f.result(
                "error_full", "Our mean error on it with all planned growth", means["error_full"], "pct", rows, how=how
            ),
            f.result(
                "full_beats_plan",
                "With all planned growth our error on revenue is below the plan's, and as it is above",
                bool(means["error_full"] < means["error_plan"] < means["error"]),
                "flag",
                rows,
            ),
        ]
    )
