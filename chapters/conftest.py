"""Compare the text of the chapters' outputs, name what moved, and start a kernel again when it does not answer."""

import os

from nbval import kernel
from nbval.plugin import IPyNbFile

from analysis.book.running import outputs

# Two kernels that start at the same moment can pick the same free port, and one of them then dies or never
# answers: seen about once in a hundred starts. It is started again.
START_SECONDS = 30
START_ATTEMPTS = 4

# In `make test` a kernel runs a chapter of figures and numbers, one of tables and the one that readers move; the others
# are held to what is stored as the site runs them (`tests/test_book.py`). `make soak` and CI run all in a kernel.
IN_A_KERNEL = ("explore", "ledger", "oracle_softbank")
IS_WHOLE = bool(os.environ.get("WHOLE_SUITE") or os.environ.get("CI"))

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


def pytest_ignore_collect(collection_path):
    """Leave out chapters that no kernel runs here; one that is named on the command line is run all the same."""
    is_other = collection_path.suffix == ".ipynb" and collection_path.stem not in IN_A_KERNEL
    return True if is_other and not IS_WHOLE else None


def pytest_collectstart(collector):
    """Leave out of nbval's comparison what a run shows and no chapter stores."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += outputs.RICH


def pytest_assertrepr_compare(left, right):
    """Say which number, title or row moved, where nbval would print both texts whole."""
    return outputs.differences([left], [right]) if isinstance(left, str) and isinstance(right, str) else None
