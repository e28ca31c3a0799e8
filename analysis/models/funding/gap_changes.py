"""What moved the gap between two sets of facts: each group of inputs by its Shapley value, so that the parts add up.

A group counts for the mean of what it moves over all orders in which the groups change (Shapley 1953).
"""

import dataclasses
import itertools
import math
from collections.abc import Callable

from analysis.models.funding.inputs import Choices, Inputs

# The inputs that the case of contracts computes with, by what they tell of.
GROUPS = {
    "orders": ("due",),
    "sales": ("start_revenue", "open_share", "plan", "plan_other"),
    "money": ("base_cash", "firm", "conditional"),
}
Model = tuple[Inputs, Choices]


def _mixed(before: Model, after: Model, moved: frozenset[str]) -> Model:
    """The model with some groups as after; the choices, which follow OpenAI's own plan, go with its sales."""
    fields = {name: getattr(after[0], name) for group in moved for name in GROUPS[group]}
    return dataclasses.replace(before[0], **fields), after[1] if "sales" in moved else before[1]


def parts(before: Model, after: Model, gap: Callable[[Inputs, Choices], float]) -> dict[str, float]:
    """Return by how much each of `GROUPS` moves the gap, US$ bn; together from that before to that after.

    Parameters
    ----------
    before, after : tuple of Inputs and Choices
        Two sets of facts on one day.
    gap : callable
        The gap of a model by contracts, US$ bn.

    Raises
    ------
    ValueError
        When the two do not begin in the same year.
    """
    if before[0].base_year != after[0].base_year:
        raise ValueError(f"models that begin after {before[0].base_year} and {after[0].base_year} cannot be mixed")
    every = [frozenset(s) for k in range(len(GROUPS) + 1) for s in itertools.combinations(GROUPS, k)]
    gaps = {moved: gap(*_mixed(before, after, moved)) for moved in every}
    weights = [1 / (len(GROUPS) * math.comb(len(GROUPS) - 1, k)) for k in range(len(GROUPS))]
    return {
        group: sum(weights[len(s)] * (gaps[s | {group}] - gaps[s]) for s in every if group not in s) for group in GROUPS
    }
