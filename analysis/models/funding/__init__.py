"""Can revenue carry the commitments? A yearly model of OpenAI's cash.

cash[t] = cash[t-1] + revenue - compute - other costs - revenue share + equity already contracted

- Revenue follows OpenAI's own forecasts known on the day, of whose growth a share comes true, with
  autocorrelated lognormal surprises; past the last forecast growth fades.
- Compute is what the contracts oblige OpenAI to pay, times the share that is really used, but never less than
  what serving its customers takes: contracts end, customers do not.
- No new equity or debt is assumed: the gap is what would still have to be raised. It is the deepest shortfall
  of cash up to a year, never negative.
- Attainment, take-up, other costs, the revenue share, the conditional equity and the cost of serving are drawn
  for each path from triangles over their low, central and high.

Arrays are years first, float32, in blocks of fixed size with a seed each, so that the result does not depend
on how the work is split.
"""

from analysis.models.funding.exploration import explore
from analysis.models.funding.inputs import DRAWN, Choices, Inputs, planned, rented
from analysis.models.funding.sensitivity import gap_of, sobol
from analysis.models.funding.simulation import (
    LINES,
    central_path,
    present_gap,
    quantiles,
    rent_gap,
    simulate,
    summarise,
    triangle,
    walk,
)

__all__ = [
    "DRAWN",
    "LINES",
    "Choices",
    "Inputs",
    "central_path",
    "explore",
    "gap_of",
    "planned",
    "present_gap",
    "quantiles",
    "rent_gap",
    "rented",
    "simulate",
    "sobol",
    "summarise",
    "triangle",
    "walk",
]
