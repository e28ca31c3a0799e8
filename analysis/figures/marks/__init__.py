"""The marks of which figures are made, one function each: a table in readers' words in, layers of Altair out.

Every function takes a frame and ``words``, which names each column that readers meet: ``{"name": "Supplier", "value":
"US$ bn"}``. Axes and tooltips are made from it, so a column without words cannot be drawn and no field name is shown.
Colours are roles of `figures.palette`: one for all, or one for each value of the column ``kind``.

Which mark to take:

- Sums to compare: `labelled_bars`, `grouped_bars`; with a range `ranged_bars`; a part within a whole `nested_bars`.
- Two sides of each party: `mirrored_bars` for what it brings and takes, `exchanges` where talk, signed and paid differ.
- Parts of a whole: `stacks` for blocks with words beside them, `waffles` for a hundred cells a name, `coins` for sums
  as equal parts in lanes, `areas` for a few sums of very unlike size, `checklist` where each part is a named thing.
- Money on its way, as ribbons of true width: `round_trip` through one party and partly back, `returns` for a sum that
  comes back inside a larger one, `ribbons` between two lists of parties.
- Over time: `lines`, `steps`, `bands` for a median with its range, `fans` for several of these side by side,
  `crossings` where one sum passes another, `labelled_columns`, `stacked_columns` and `signed_columns` for years,
  `waterfalls` from one level to the next, `promises` for contracts as blocks of years.
- What a model answers: `futures` for single draws, `responses` as one choice moves.
- Rows of dots: `dots`, `dumbbells` for before and after, `spans` for ranges, `grid` for who stands in which relation.
- Places: `us_map`; a chain of who pays whom, step by step: `walk`.
"""

from analysis.figures.marks.areas import areas
from analysis.figures.marks.bars import grouped_bars, labelled_bars, nested_bars, ranged_bars
from analysis.figures.marks.checklist import checklist
from analysis.figures.marks.coins import coins
from analysis.figures.marks.columns import labelled_columns, signed_columns, stacked_columns
from analysis.figures.marks.common import layered, name_axis, tooltips, value_labels
from analysis.figures.marks.crossings import crossings
from analysis.figures.marks.dots import dots, dumbbells, marked_days, spans
from analysis.figures.marks.exchanges import exchanges
from analysis.figures.marks.fans import fans
from analysis.figures.marks.futures import futures
from analysis.figures.marks.grid import grid
from analysis.figures.marks.lines import bands, lines, steps
from analysis.figures.marks.maps import us_map
from analysis.figures.marks.mirrored import mirrored_bars
from analysis.figures.marks.promises import After, promises
from analysis.figures.marks.responses import responses
from analysis.figures.marks.returns import returns
from analysis.figures.marks.ribbons import ribbons
from analysis.figures.marks.round_trips import round_trip
from analysis.figures.marks.stacks import stacks
from analysis.figures.marks.waffles import waffles
from analysis.figures.marks.walks import walk
from analysis.figures.marks.waterfalls import waterfalls

__all__ = [
    "After",
    "areas",
    "bands",
    "checklist",
    "coins",
    "crossings",
    "dots",
    "dumbbells",
    "exchanges",
    "fans",
    "futures",
    "grid",
    "grouped_bars",
    "labelled_bars",
    "labelled_columns",
    "layered",
    "lines",
    "marked_days",
    "mirrored_bars",
    "name_axis",
    "nested_bars",
    "promises",
    "ranged_bars",
    "responses",
    "returns",
    "ribbons",
    "round_trip",
    "signed_columns",
    "spans",
    "stacked_columns",
    "stacks",
    "steps",
    "tooltips",
    "us_map",
    "value_labels",
    "waffles",
    "walk",
    "waterfalls",
]
