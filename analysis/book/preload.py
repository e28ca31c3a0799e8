"""What every run needs, imported once before runs are forked (see `forks`). Nothing here may start a thread."""

import altair  # noqa: F401
import numpy  # noqa: F401
import pandas  # noqa: F401
import papermill  # noqa: F401
import pyarrow.compute
import pyarrow.csv  # noqa: F401
import scipy.optimize
import scipy.sparse  # noqa: F401

import analysis.book.engine
import analysis.book.run
import analysis.explorer
import analysis.figures.amazon
import analysis.figures.changes
import analysis.figures.circularity
import analysis.figures.index
import analysis.figures.microsoft
import analysis.figures.network
import analysis.figures.oracle_softbank
import analysis.figures.sustainability
import analysis.ledger
import analysis.numbers.ledger
import analysis.numbers.modelling
import analysis.numbers.references
import analysis.tables  # noqa: F401
