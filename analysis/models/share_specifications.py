"""What can come back to OpenAI under every combination of the choices, and with each row left out.

No choice is better than another, so the range over all combinations is the range of the answer. The share
that the report states is the one chosen in advance (`network.COUNTED`).
"""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.models.circularity import returning_shares
from analysis.models.network import AMOUNTS, COUNTED, STATUSES, Counting

PERIODS: dict[str, tuple[int | None, int | None]] = {"life": (None, None), "near": (0, 1), "later": (2, 4)}
# Every choice and what it may be; the first is no better than the others.
CHOICES: dict[str, tuple[Any, ...]] = {
    "period": tuple(PERIODS),
    "amounts": AMOUNTS,
    "status": STATUSES,
    "chips": (False, True),
    "letters": (False, True),
    "chain": (True, False),
    "pools": (False, True),
}
CHOSEN = {c: getattr(COUNTED, c, "life") for c in CHOICES}


def every_way(counting: Counting) -> pd.DataFrame:
    """The part of what OpenAI pays that can come back to it, under every combination of `CHOICES`.

    Parameters
    ----------
    counting : Counting
        The deals of a day.

    Returns
    -------
    DataFrame
        One row a combination: a column for each choice, returns (a share), chosen (whether it is the one that is told).
    """
    choices = CHOICES if counting.has_chip_price else CHOICES | {"chips": (False,)}
    rows, flows = [], []
    for combination in itertools.product(*choices.values()):
        chosen = dict(zip(choices, combination, strict=True))
        first, last = PERIODS[chosen["period"]]
        taken = {k: v for k, v in chosen.items() if k != "period"}
        flows.append(counting.flows(counting.amounts(replace(COUNTED, first_year=first, last_year=last, **taken))))
        rows.append(chosen | {"chosen": chosen == CHOSEN})
    return pd.DataFrame(rows).assign(returns=_returning(counting, flows))


def _returning(counting: Counting, flows: list[np.ndarray]) -> np.ndarray:
    """The part of what OpenAI pays that can come back to it, in several networks of the counted parties."""
    return returning_shares(np.array(flows), np.full(len(flows), counting.lab))


def jackknife(counting: Counting) -> pd.DataFrame:
    """What each deal moves: the part of what OpenAI pays that can come back to it without the deal.

    Parameters
    ----------
    counting : Counting
        The deals of a day.

    Returns
    -------
    DataFrame
        One row a deal that counts: deal, amount (US$ bn), without (a share) and moves (with it less without it), the
        largest move first.
    """
    amounts = counting.amounts(COUNTED)
    rows = np.flatnonzero(amounts)
    flows = [counting.flows(amounts)] + [
        counting.flows(np.where(np.arange(len(amounts)) == k, 0, amounts)) for k in rows
    ]
    shares = _returning(counting, flows)
    table = pd.DataFrame(
        {"deal": counting.rows["deal"].to_numpy()[rows], "amount": amounts[rows], "without": shares[1:]}
    )
    table["moves"] = shares[0] - table["without"]
    return table.iloc[np.argsort(-table["moves"].abs(), kind="stable")].reset_index(drop=True)
