"""Can revenue carry the commitments? A yearly model of OpenAI's cash.

cash[t] = cash[t-1] + revenue - computing - other costs + equity already contracted

- Revenue starts from the newest run rate and follows OpenAI's own forecasts known on the day, of whose growth a share
  comes true, with autocorrelated lognormal surprises; past the last forecast growth fades.
- Computing is what one of three cases says: the contracts, each with its use, timing, price and renewal; capacity times
  rent; or OpenAI's own plan. Contracts and capacity never cost less than what serving its customers takes.
- Other costs are a share of revenue, partners' revenue share included: that is what OpenAI's plan leaves for them.
- No new equity or debt is assumed: the gap is what would still have to be raised. It is the deepest shortfall
  of cash up to a year, never negative.
- One joint distribution: paths and variance shares come from the same draws, and so does what each choice moves by
  itself, held at an end on every path.

Arrays are years first, float32, in blocks, each path with its own random numbers, so that the result does not depend
on how the work is split.
"""

from analysis.models.funding.draws import DRAWN, draw, triangle
from analysis.models.funding.gap_specifications import central_path, combinations, evaluate
from analysis.models.funding.inputs import AT_MOST_ONE, CASES, CLASSES, SINGLE_VALUED, Choices, Inputs, planned, shifted
from analysis.models.funding.sensitivity import held, moved
from analysis.models.funding.shapley import SURPRISES, shares_of_gap
from analysis.models.funding.simulation import LINES, plan_compute, simulate
from analysis.models.funding.summary import present_gap, quantiles, summarise

__all__ = [
    "AT_MOST_ONE",
    "CASES",
    "CLASSES",
    "DRAWN",
    "LINES",
    "SINGLE_VALUED",
    "SURPRISES",
    "Choices",
    "Inputs",
    "central_path",
    "combinations",
    "draw",
    "evaluate",
    "held",
    "moved",
    "plan_compute",
    "planned",
    "present_gap",
    "quantiles",
    "shares_of_gap",
    "shifted",
    "simulate",
    "summarise",
    "triangle",
]
