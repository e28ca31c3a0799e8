"""What can come back to OpenAI under every combination of the choices, and with each row left out.

No choice is better than another, so the range over all combinations is the range of the answer. The share
that the report states is the one chosen in advance (`network.COUNTED`).

Judgements:

- Every combination counts the whole life of the deals. A few years taken by themselves ask another question: shares are
  paid at once and orders over years, so the first years match much and the later ones next to nothing.
- Whether money counts that came before the bill is a choice like the others, and the one that moves most.
"""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.models.circularity import returning_in_time, returning_shares
from analysis.models.network import AMOUNTS, COUNTED, STATUSES, Counting, Variant

IN_TIME = "in_time"  # the choice whether money counts only if it comes in the year of a bill or after it
# Every choice and what it may be; the first is no better than the others.
CHOICES: dict[str, tuple[Any, ...]] = {
    IN_TIME: (False, True),
    "amounts": AMOUNTS,
    "status": STATUSES,
    "chips": (False, True),
    "letters": (False, True),
    "chain": (True, False),
    "pools": (False, True),
}
CHOSEN = {c: getattr(COUNTED, c, False) for c in CHOICES}


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
    rows = [dict(zip(choices, combination, strict=True)) for combination in itertools.product(*choices.values())]
    ways = [replace(COUNTED, **{k: v for k, v in chosen.items() if k != IN_TIME}) for chosen in rows]
    anyhow = _returning(counting, [counting.flows(counting.amounts(way)) for way in ways])
    in_time = _in_time(counting, ways)
    returns = [late if chosen[IN_TIME] else any_ for chosen, any_, late in zip(rows, anyhow, in_time, strict=True)]
    return pd.DataFrame(rows).assign(chosen=[chosen == CHOSEN for chosen in rows], returns=returns)


def _in_time(counting: Counting, ways: list[Variant]) -> list[float]:
    """The part of what OpenAI pays that can come back to it in the year of a bill or later, by each way to count."""
    found: dict[bytes, float] = {}  # many ways count the same payments
    shares: dict[Variant, float] = {}
    for way in dict.fromkeys(ways):
        flows = counting.calendar(way)
        key, owed = flows.tobytes(), float(flows[:, counting.lab].sum()) if counting.lab >= 0 else 0.0
        if key not in found:
            found[key] = returning_in_time(flows, counting.lab) / owed if owed else 0.0
        shares[way] = found[key]
    return [shares[way] for way in ways]


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
