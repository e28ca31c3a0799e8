"""Start a kernel again when it does not answer, as a build does (see `analysis.book.run`)."""

from nbval import kernel

from analysis.book.run import START_ATTEMPTS, START_SECONDS

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
