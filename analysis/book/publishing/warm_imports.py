"""What every run needs, imported once before runs are forked (see `forks`). Nothing here may start a thread."""

import gc
import importlib
import pkgutil

import altair
import IPython.core.completer
import IPython.core.magics
import IPython.core.oinspect  # noqa: F401
import narwhals._pandas_like.dataframe  # noqa: F401
import nbformat.v4
import networkx  # noqa: F401
import numpy  # noqa: F401
import pandas
import pandas.io.formats.csvs
import papermill.execute  # noqa: F401
import PIL.PngImagePlugin  # noqa: F401
import pyarrow.compute
import pyarrow.csv
import pyarrow.pandas_compat  # noqa: F401
import scipy.optimize
import scipy.sparse  # noqa: F401
import scoringrules  # noqa: F401

from analysis import figures, numbers
from analysis.book.drawing.renderer import renderer
from analysis.book.pages import downloads, social  # noqa: F401
from analysis.book.running import chapters, engine, notebooks  # noqa: F401

# What chapters import of the package, and it of others.
for room in (figures, numbers):
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        importlib.import_module(module.name)

# What these libraries make at their first use and keep: fonts, compiled schemas of notebooks and of charts.
renderer()
nbformat.validate(nbformat.v4.new_notebook())
altair.Chart(pandas.DataFrame({"x": [0.0]})).mark_point().encode(x="x:Q").to_dict()
# None of this is ever freed: forks need neither search it for garbage nor copy the pages that a search would
# write to.
gc.collect()
gc.freeze()
