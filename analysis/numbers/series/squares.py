"""Sums as squares: how much one of them is, and how many each part gets."""

import math

STEPS = (1.0, 2.0, 5.0, 10.0)
MOST = 170  # squares in a picture


def unit(total: float, most: int = MOST) -> float:
    """Return what one square stands for, a round number, so that at most about ``most`` of them make a total above
    0."""
    rough = total / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def count(amount: float, each: float) -> int:
    """Return how many squares an amount gets: to the nearest, at least one where there is anything, none for NaN."""
    if not amount > 0:
        return 0
    return max(1, math.floor(amount / each + 0.5))
