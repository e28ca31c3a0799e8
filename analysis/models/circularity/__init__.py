"""How much of the money goes round.

A flow matrix ``W`` is (n, n), numpy or scipy sparse, ``W[i, j] >= 0`` the money (US$ bn) paid by i to j.
Two bounds say more than one score: the largest part that *can* go round (`maximum_circulation`) and the part
that does when each party passes money on in proportion (`balanced_flow_forwarding`). Sources: Homs-Dones,
MacKay, Sansom, Zhou 2025, Circular Directional Flow Decomposition (arXiv 2506.12546); Finn 1976, 1980;
Allesina and Ulanowicz 2004. A self-loop is circular by itself.
"""

from analysis.models.circularity.finn_index import finn_cycling_index, outside_money_needed
from analysis.models.circularity.forwarding import balanced_flow_forwarding
from analysis.models.circularity.max_circulation import (
    circulation_index,
    feasible_maximum,
    maximum_circulation,
    most_returning,
    returning,
    returning_in_time,
    returning_shares,
)
from analysis.models.circularity.measures import MEASURES, Measure
from analysis.models.circularity.single_loops import loops, round_trip

__all__ = [
    "MEASURES",
    "Measure",
    "balanced_flow_forwarding",
    "circulation_index",
    "feasible_maximum",
    "finn_cycling_index",
    "loops",
    "maximum_circulation",
    "most_returning",
    "outside_money_needed",
    "returning",
    "returning_in_time",
    "returning_shares",
    "round_trip",
]
