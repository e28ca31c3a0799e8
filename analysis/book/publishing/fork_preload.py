"""The first import of the process that runs are forked from: all of `warm_imports`.

A module of the package that is not Python stops that import. The command, which imports the same modules, says which.
"""

import contextlib

with contextlib.suppress(SyntaxError):
    from analysis.book.publishing import warm_imports  # noqa: F401
