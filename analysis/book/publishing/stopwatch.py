"""How long the steps of a build take."""

import contextlib
import time
from collections.abc import Iterator

CHECK, CHAPTERS, DRAWING, PAGES, DOWNLOADS, EXCHANGE = STEPS = (
    "checking the ledger",
    "running chapters",
    "drawing",
    "rendering pages",
    "waiting for downloads",
    "putting in place",
)


class Stopwatch:
    """Seconds of each of `STEPS`, summed over the versions of a site; drawing goes on beside the other steps."""

    def __init__(self) -> None:
        self.began, self.seconds = time.monotonic(), dict.fromkeys(STEPS, 0.0)

    @contextlib.contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Count the time of a block to a step, also when it raises."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] += time.monotonic() - began

    def line(self) -> str:
        """Return what took the time, as ``12.3 s: checking the ledger 0.4, …``."""
        steps = (f"{step} {seconds:.1f}" for step, seconds in self.seconds.items())
        return f"{time.monotonic() - self.began:.1f} s: {', '.join(steps)} (drawing goes on beside the others)"
