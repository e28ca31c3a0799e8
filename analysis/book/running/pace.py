"""How much of some long work is done, and about how long the rest takes at the pace so far."""

import math
import time
from collections.abc import Callable, Mapping

MINUTE = 60  # seconds
IN_MINUTES = 90  # seconds from which the time left is told in minutes
STEP = 5  # seconds to which it is rounded up before


def time_left_words(seconds: float) -> str:
    """Return ``about 40 s left`` or ``about 3 min left``: never less than the estimate by more than half a minute."""
    if seconds >= IN_MINUTES:
        return f"about {round(seconds / MINUTE)} min left"
    return f"about {max(1, math.ceil(seconds / STEP)) * STEP} s left"


class Pace:
    """Pieces of work of which each is done once; time counts from when this is made.

    Parameters
    ----------
    expected : how long each piece is expected to take, by name, in any unit; where one is unknown (infinite or 0),
        all count the same.
    noun : what a piece is, in the plural.
    clock : gives the time in seconds.
    """

    def __init__(self, expected: Mapping[str, float], noun: str, clock: Callable[[], float] = time.monotonic) -> None:
        is_known = all(0 < weight < math.inf for weight in expected.values())
        self.waiting = dict(expected) if is_known else dict.fromkeys(expected, 1.0)
        self.count, self.all = len(expected), sum(self.waiting.values())
        self.noun, self.clock, self.began = noun, clock, clock()

    def after(self, name: str) -> str:
        """Note that a piece is done. Return ``3 of 16 chapters, about 40 s left``; without the time for the last."""
        self.waiting.pop(name, None)
        left = sum(self.waiting.values())
        told = f"{self.count - len(self.waiting)} of {self.count} {self.noun}"
        if not self.waiting:
            return told
        return f"{told}, {time_left_words((self.clock() - self.began) * left / (self.all - left))}"
