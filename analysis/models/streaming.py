"""The funding model over as many paths as one likes, in constant memory: counted, not kept.

Each part of the paths is counted into bins that the first block sets, line by line and year by year. Counts are
whole numbers and add up the same in any order, so the result does not depend on who counted which part. A
quantile is known to the width of its bin, which the summary tells; shares and their errors are exact.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models import funding

BINS = 8192
COUNTED = ("revenue", "cash", "gap")


@dataclass(frozen=True)
class Bins:
    """Equal bins of each line and year: arrays (lines, Y) of the lowest edge and of the width, US$ bn."""

    low: np.ndarray
    width: np.ndarray


@dataclass(frozen=True)
class Counts:
    """Paths in each bin (lines, Y, BINS + 2; the first and last hold what lies outside), paths with a gap (Y,), all paths."""

    binned: np.ndarray
    short: np.ndarray
    paths: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.binned + other.binned, self.short + other.short, self.paths + other.paths)


def bins(inputs: funding.Inputs, choices: funding.Choices, seed: int = 0) -> Bins:
    """Bins that reach as far again beyond the first block as it is wide, on both sides; gaps begin at 0."""
    lines = funding.simulate(inputs, choices, funding.BLOCK, seed)
    ends = np.array([[(lines[n][t].min(), lines[n][t].max()) for t in range(len(inputs.plan))] for n in COUNTED], float)
    span = np.maximum(ends[..., 1] - ends[..., 0], 1e-6)
    low = ends[..., 0] - span
    low[COUNTED.index("gap")] = 0.0
    return Bins(low, (ends[..., 1] + span - low) / BINS)


def count(inputs: funding.Inputs, choices: funding.Choices, where: Bins, first: int, blocks: int, seed: int = 0) -> Counts:
    """The paths of ``blocks`` blocks from number ``first`` on, counted. Memory: one block, whatever their number.

    The blocks are those of `funding.simulate`: block k holds its paths k * BLOCK to (k + 1) * BLOCK.
    """
    years = len(inputs.plan)
    binned = np.zeros((len(COUNTED), years, BINS + 2), np.int64)
    short = np.zeros(years, np.int64)
    out = {name: np.empty((years, funding.BLOCK), np.float32) for name in funding.LINES}
    for block in range(first, first + blocks):
        shocks, drawn = funding._draw(inputs, choices, seed, block, np.float32)
        funding.walk(inputs, shocks, drawn, out)
        short += np.count_nonzero(out["gap"] > 0, axis=1)
        for i, name in enumerate(COUNTED):
            place = np.floor((out[name] - where.low[i][:, None]) / where.width[i][:, None]).clip(-1, BINS).astype(np.int32) + 1
            for t in range(years):
                binned[i, t] += np.bincount(place[t], minlength=BINS + 2)
    return Counts(binned, short, blocks * funding.BLOCK)


def _quantile(row: np.ndarray, low: float, width: float, q: float, paths: int) -> float:
    """The lower order statistic, to the middle of its bin; the edge where it lies outside all bins."""
    at = int(np.searchsorted(np.cumsum(row), int(np.floor(q * (paths - 1))) + 1))
    return low + width * (min(max(at - 1, 0), BINS - 1) + 0.5) if 0 < at < BINS + 1 else low + (width * BINS if at else 0.0)


def summary(counts: Counts, where: Bins, years: np.ndarray) -> pd.DataFrame:
    """As `funding.summarise`, with ``resolution``, the widest bin of the year (US$ bn): how far a quantile may be off."""
    table = pd.DataFrame({"year": years})
    for i, name in enumerate(COUNTED):
        for label, q in zip(("low", "median", "high"), funding.QUANTILES, strict=True):
            found = [_quantile(counts.binned[i, t], where.low[i, t], where.width[i, t], q, counts.paths) for t in range(len(years))]
            table[f"{name}_{label}"] = found
    for label, q in zip(("low", "median", "high"), funding.QUANTILES, strict=True):
        # Paths without a gap have a gap of nothing, not of half a bin.
        without = counts.paths - counts.short > np.floor(q * (counts.paths - 1))
        table.loc[without, f"gap_{label}"] = 0.0
    share = counts.short / counts.paths
    return table.assign(probability=share, error=np.sqrt(share * (1 - share) / counts.paths), resolution=where.width.max(axis=0))
