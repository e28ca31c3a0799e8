"""Compare the text of the chapters' outputs, name what moved, and start a kernel again when it does not answer."""

from nbval import kernel
from nbval.plugin import IPyNbFile

from analysis.book.running import outputs

# Two kernels that start at the same moment can pick the same free port, and one of them then dies or never
# answers: seen about once in a hundred starts. It is started again.
START_SECONDS = 30
START_ATTEMPTS = 4

_start = kernel.start_new_kernel


def _start_patiently(startup_timeout=START_SECONDS, **how):
    for attempt in range(START_ATTEMPTS):
        try:
            return _start(startup_timeout=START_SECONDS, **how)
        except RuntimeError:
            if attempt == START_ATTEMPTS - 1:
                raise
    return None


kernel.start_new_kernel = _start_patiently


def pytest_collectstart(collector):
    """Leave out of nbval's comparison what a run shows and no chapter stores."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += outputs.RICH


def pytest_assertrepr_compare(left, right):
    """Say which number, title or row moved, where nbval would print both texts whole."""
    return outputs.differences([left], [right]) if isinstance(left, str) and isinstance(right, str) else None
