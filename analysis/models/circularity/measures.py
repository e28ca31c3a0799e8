"""The measures of circularity: one entry each, which the results, the series and the figures of the chapter read.

To add a measure, add an entry to `MEASURES`; nothing else knows how many there are or what they are called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.ledger.view import SUBJECT
from analysis.models.circularity.finn_index import finn_cycling_index, outside_money_needed
from analysis.models.circularity.forwarding import balanced_flow_forwarding
from analysis.models.circularity.matrices import Matrix
from analysis.models.circularity.max_circulation import circulation_index, maximum_circulation, most_returning

RELATIVE_LEAK = 1e-9  # of all payments: the outside money that each party gets which only passes on what it gets


@dataclass(frozen=True)
class Measure:
    """One way to say how much of the money goes round.

    Attributes
    ----------
    words : str
        What a legend calls it, in lower case but for names.
    label : str
        What a reader calls its result.
    meaning : str
        How it is computed, in a sentence.
    role : str
        Its colour: a role of `figures.palette`.
    share : callable
        The measure of a flow matrix W (n, n), US$ bn, and the names of its n parties: a share in [0, 1].
    """

    words: str
    label: str
    meaning: str
    role: str
    share: Callable[[Matrix, Sequence[str]], float]

    @property
    def column(self) -> str:
        """The head of its column in a reader's table of shares in per cent."""
        return f"{self.words[0].upper()}{self.words[1:]}, %"


def _returning(flows: Matrix, names: Sequence[str]) -> float:
    if SUBJECT not in names:
        return 0.0
    lab = list(names).index(SUBJECT)
    paid = float(flows[lab].sum())
    return most_returning(flows, lab) / paid if paid else 0.0


def _maximum(flows: Matrix, names: Sequence[str]) -> float:
    return circulation_index(maximum_circulation(flows, names), flows)


def _forwarding(flows: Matrix, names: Sequence[str]) -> float:
    return circulation_index(balanced_flow_forwarding(flows, names), flows)


def _finn(flows: Matrix, names: Sequence[str]) -> float:
    """Finn's index with the outside money that the payments need.

    A party that only passes on what it gets would never let money go: suppliers and staff outside are paid too.
    """
    inflow, _ = outside_money_needed(flows)
    leak = np.maximum(flows.sum(axis=0) - flows.sum(axis=1), 0.0)
    closed = (leak == 0) & (inflow == 0)
    return finn_cycling_index(flows, inflow + np.where(closed, RELATIVE_LEAK * flows.sum(), 0.0), names)


# By the key of the result, which prose names; in the order in which they are told. The first is the headline.
MEASURES = {
    "returns_share": Measure(
        words="matched by those OpenAI pays",
        label="Part of OpenAI's priced orders matched by those it pays",
        meaning="The maximum flow from OpenAI back to itself, in any order in time, over all that it is to pay.",
        role="first",
        share=_returning,
    ),
    "maximum": Measure(
        words="can be part of a circle",
        label="Part of the payments between all firms that can be part of a circle",
        meaning="Maximum circulation over all payments between the parties: each leg of each loop counts.",
        role="fourth",
        share=_maximum,
    ),
    "forwarding": Measure(
        words="goes round in proportion",
        label="Share that goes round if each passes on in proportion",
        meaning="Balanced flow forwarding.",
        role="second",
        share=_forwarding,
    ),
    "finn": Measure(
        words="Finn's cycling index",
        label="Finn's cycling index",
        meaning="After adding the outside money that the payments need.",
        role="third",
        share=_finn,
    ),
}
