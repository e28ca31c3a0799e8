"""Every combination of our choices, without surprises: what the gap is under each."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.ledger.assumptions import LEVELS
from analysis.models.funding.inputs import Choices, Inputs
from analysis.models.funding.simulation import LINES, computing, walk

# The choices that are varied together, by what they mean; each level sets all of them.
VARIED: dict[str, dict[str, tuple[str, ...]]] = {
    "contracts": {
        "growth": ("attainment",),
        "other costs": ("other_share",),
        "conditional equity": ("conditional",),
        "use of contracts": ("take_up", "option"),
        "price of unpriced chips and leases": ("chip_price", "lease_price"),
        "overlap with other contracts": ("overlap",),
        "renewals": ("renewal",),
    },
    "capacity": {
        "growth": ("attainment",),
        "other costs": ("other_share",),
        "conditional equity": ("conditional",),
        "capacity": ("gw",),
        "rent": ("rent",),
    },
    "plan": {
        "growth": ("attainment",),
        "other costs": ("other_share",),
        "conditional equity": ("conditional",),
        "computing cut when growth fails": ("flex",),
    },
}


def evaluate(
    inputs: Inputs,
    choices: Choices,
    case: str,
    drawn: Mapping[str, np.ndarray | float],
    timing: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """The lines of the model without surprises at given choices.

    Parameters
    ----------
    inputs, choices
        What is known on the day, and our choices.
    case : str
        One of `inputs.cases`.
    drawn : mapping
        Values of choices, one number or (n,); those missing are central.
    timing : ndarray, optional
        The timing of each (n,), the central one if none is given.

    Returns
    -------
    dict
        Arrays (Y, n), US$ bn, by the names in `LINES`.
    """
    n = max([np.size(v) for v in drawn.values()] + [1 if timing is None else len(timing)])
    full = {
        name: np.broadcast_to(np.asarray(drawn.get(name, central), float), (n,))
        for name, central in choices.central().items()
    }
    timing = np.full(n, inputs.central) if timing is None else timing
    out = {name: np.empty((len(inputs.plan), n)) for name in LINES}
    walk(inputs, case, np.zeros((len(inputs.plan), n)), full, computing(inputs, case, full, timing), out)
    return out


def central_path(inputs: Inputs, choices: Choices, case: str = "contracts", **changed: float) -> pd.DataFrame:
    """The path without surprises at the central choices.

    Parameters
    ----------
    inputs, choices, case
        As for `evaluate`.
    changed : float
        Values of choices that replace the central ones.

    Returns
    -------
    DataFrame
        year and the lines named in `LINES` (US$ bn).
    """
    out = evaluate(inputs, choices, case, changed)
    return pd.DataFrame({"year": inputs.years} | {name: values[:, 0] for name, values in out.items()})


def combinations(
    inputs: Inputs, choices: Choices, case: str, timings: Sequence[tuple[str, str, str]] | None = None
) -> pd.DataFrame:
    """The gap of the last year under every combination of low, central and high.

    Parameters
    ----------
    inputs, choices, case
        As for `evaluate`.
    timings : sequence, optional
        The levels (in words) of term, shape and delay of each timing of ``inputs.due``; repeated ones count once. They
        are varied for contracts only.

    Returns
    -------
    DataFrame
        One row a combination, the smallest gap first: a column for each choice of `VARIED` (its level), term, shape and
        delay for contracts, gap (US$ bn).
    """
    varied = VARIED[case]
    times = (
        {level: k for k, level in reversed([*enumerate(timings)])}
        if case == "contracts" and timings is not None
        else {}
    )
    grid = [range(3)] * len(varied) + [range(max(1, len(times)))]
    index = np.array([*itertools.product(*grid)])
    drawn = {
        name: np.array(getattr(choices, name))[index[:, k]] for k, names in enumerate(varied.values()) for name in names
    }
    places = np.array([*times.values()]) if times else np.array([inputs.central])
    out = evaluate(inputs, choices, case, drawn, places[index[:, -1]])
    table = pd.DataFrame({name: np.array(LEVELS)[index[:, k]] for k, name in enumerate(varied)})
    if times:
        words = np.array([*times], dtype=object)[index[:, -1]]
        table = table.assign(**dict(zip(("term", "shape", "delay"), words.T, strict=True)))
    return table.assign(gap=out["gap"][-1]).sort_values("gap", kind="stable", ignore_index=True)
