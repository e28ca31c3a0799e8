"""Can revenue carry the commitments? A yearly model of OpenAI's cash.

cash[t] = cash[t-1] + revenue - compute - other costs - revenue share + equity already contracted

- Revenue follows OpenAI's own forecasts known on the day, of whose growth a share comes true, with
  autocorrelated lognormal surprises; past the last forecast growth fades.
- Compute is what the contracts oblige OpenAI to pay, times the share that is really used, but never less than
  what serving its customers takes: contracts end, customers do not.
- No new equity or debt is assumed: the gap is what would still have to be raised. It is the deepest shortfall
  of cash up to a year, never negative.
- Attainment, take-up, other costs, the revenue share, the conditional equity and the cost of serving are drawn
  for each path from triangles over their low, central and high.

Arrays are years first, float32, in blocks of fixed size with a seed each, so that the result does not depend
on how the work is split.
"""

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

BLOCK = 1 << 14
QUANTILES = (0.05, 0.5, 0.95)
DRAWN = ("attainment", "take_up", "other_share", "share_rate", "conditional", "compute_floor")
LINES = ("revenue", "compute", "other", "share", "cash", "gap")


@dataclass(frozen=True)
class Inputs:
    """What is known on the day. Amounts in US$ bn; arrays (Y,) for the years after ``base_year``.

    plan: forecast revenue; obligations: contract payments; firm, conditional: equity contracted and not yet paid.
    """

    base_year: int
    base_revenue: float
    base_cash: float
    plan: np.ndarray
    obligations: np.ndarray
    firm: np.ndarray
    conditional: np.ndarray

    def __post_init__(self) -> None:
        years = len(self.plan)
        for f in fields(self):
            value = np.asarray(getattr(self, f.name), float)
            if value.ndim and value.shape != (years,):
                raise ValueError(f"{f.name} has {value.shape} values for {years} years")
            if not np.isfinite(value).all():
                where = f" in {self.base_year + 1 + int(np.flatnonzero(~np.isfinite(value))[0])}" if value.ndim else ""
                raise ValueError(f"{f.name} is missing{where}")
        for name in ("plan", "obligations", "firm", "conditional"):
            low = np.flatnonzero(np.asarray(getattr(self, name)) < 0)
            if low.size:
                raise ValueError(f"{name} is negative in {self.base_year + 1 + int(low[0])}")
        if not self.base_revenue > 0 or not (np.asarray(self.plan) > 0).all():
            raise ValueError("revenue must be above 0 in every year")

    @property
    def years(self) -> np.ndarray:
        return np.arange(self.base_year + 1, self.base_year + 1 + len(self.plan))


@dataclass(frozen=True)
class Choices:
    """Our choices: (low, central, high) of what is drawn for each path, and the size and memory of surprises."""

    attainment: tuple[float, float, float]
    take_up: tuple[float, float, float]
    other_share: tuple[float, float, float]
    share_rate: tuple[float, float, float]
    conditional: tuple[float, float, float]
    compute_floor: tuple[float, float, float]
    sigma: float
    persistence: float

    def __post_init__(self) -> None:
        for name in DRAWN:
            low, central, high = getattr(self, name)
            if not 0 <= low <= central <= high:
                raise ValueError(f"{name}: low {low}, central {central}, high {high} must be in order and not negative")
        if not 0 <= self.persistence < 1 or not self.sigma >= 0:
            raise ValueError(f"sigma {self.sigma} must be 0 or more and persistence {self.persistence} in [0, 1)")
        if self.other_share[1] + self.share_rate[1] + self.compute_floor[1] > 1.5:
            raise ValueError(
                "other_share, share_rate and compute_floor: costs are more than one and a half times revenue"
            )

    def central(self) -> dict[str, float]:
        return {name: getattr(self, name)[1] for name in DRAWN}


def planned(known: dict[int, float], base_year: int, base: float, fade: float, last: int) -> np.ndarray:
    """Forecast revenue of each year after ``base_year``: geometric between the years known, fading growth past the last.

    Raises ValueError when no year after the base year is known.
    """
    points = {base_year: base} | {y: v for y, v in known.items() if base_year < y <= last}
    if len(points) < 2:
        raise ValueError(f"no revenue forecast after {base_year} is known")
    at = sorted(points)
    years = np.arange(base_year, last + 1)
    log = np.interp(years, at, np.log([points[y] for y in at]))
    growth = log[at[-1] - base_year] - log[at[-1] - base_year - 1]
    for y in range(at[-1] + 1, last + 1):
        growth *= fade
        log[y - base_year] = log[y - base_year - 1] + growth
    return np.exp(log[1:])


def _triangle(u: np.ndarray, low: float, central: float, high: float) -> np.ndarray:
    """Uniform numbers turned into a triangular distribution, in place of their own type."""
    if high == low:
        return np.full_like(u, central)
    cut = (central - low) / (high - low)
    rising = low + np.sqrt(u * ((high - low) * (central - low)))
    falling = high - np.sqrt((1 - u) * ((high - low) * (high - central)))
    return np.where(u < cut, rising, falling).astype(u.dtype)


def walk(
    inputs: Inputs, shocks: np.ndarray, drawn: Mapping[str, np.ndarray | float], out: dict[str, np.ndarray]
) -> None:
    """Fill ``out`` (lines by name, each (Y, n)) for given surprises in growth (Y, n) and drawn choices (n,).

    The formula of the model, and the only place it stands in Python; the page `explore` has it once more in
    its script, and a browser test holds the two together.
    """
    kind = shocks.dtype.type
    growth = np.cumsum(np.log(inputs.plan / np.concatenate([[inputs.base_revenue], inputs.plan[:-1]])))
    level = np.zeros(shocks.shape[1], kind)
    cash = np.full(shocks.shape[1], inputs.base_cash, kind)
    gap = np.zeros(shocks.shape[1], kind)
    keep = 1 - drawn["other_share"] - drawn["share_rate"]
    for t in range(len(inputs.plan)):
        level += shocks[t]
        revenue = out["revenue"][t]
        np.multiply(drawn["attainment"], kind(growth[t]), out=revenue)
        revenue += level
        np.exp(revenue, out=revenue)
        revenue *= kind(inputs.base_revenue)
        np.multiply(drawn["take_up"], kind(inputs.obligations[t]), out=out["compute"][t])
        np.multiply(revenue, drawn["compute_floor"], out=out["other"][t])
        np.maximum(out["compute"][t], out["other"][t], out=out["compute"][t])
        np.multiply(revenue, drawn["other_share"], out=out["other"][t])
        np.multiply(revenue, drawn["share_rate"], out=out["share"][t])
        cash += revenue * keep
        cash -= out["compute"][t]
        cash += drawn["conditional"] * kind(inputs.conditional[t])
        cash += kind(inputs.firm[t])
        out["cash"][t] = cash
        np.maximum(gap, -cash, out=gap)
        out["gap"][t] = gap


def _draw(
    inputs: Inputs, choices: Choices, seed: int, block: int, dtype: type
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Surprises (Y, BLOCK) and drawn choices (BLOCK,) of one block, the same whoever draws it."""
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block,))))
    shocks: np.ndarray = rng.standard_normal((len(inputs.plan), BLOCK), np.float32).astype(dtype, copy=False)
    uniform: np.ndarray = rng.random((len(DRAWN), BLOCK), np.float32).astype(dtype, copy=False)
    shocks *= dtype(choices.sigma)
    for t in range(1, len(shocks)):
        shocks[t] += dtype(choices.persistence) * shocks[t - 1]
    return shocks, {name: _triangle(u, *getattr(choices, name)) for name, u in zip(DRAWN, uniform, strict=True)}


def simulate(
    inputs: Inputs,
    choices: Choices,
    paths: int = 100_000,
    seed: int = 0,
    dtype: type = np.float32,
    workers: int | None = None,
) -> dict[str, np.ndarray]:
    """Every line of every path: arrays (Y, paths), US$ bn, by the names in ``LINES``.

    The same for any number of workers; the first paths are the same for any number of paths.
    Raises ValueError for fewer than one path.
    """
    if paths < 1:
        raise ValueError(f"paths {paths} must be 1 or more")
    out: dict[str, np.ndarray] = {name: np.empty((len(inputs.plan), paths), dtype) for name in LINES}

    def run(block: int) -> None:
        shocks, drawn = _draw(inputs, choices, seed, block, dtype)
        start = block * BLOCK
        stop = min(start + BLOCK, paths)
        m = stop - start
        part = {name: values[:, start:stop] for name, values in out.items()}
        walk(inputs, shocks[:, :m], {k: v[:m] for k, v in drawn.items()}, part)

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        list(pool.map(run, range(-(-paths // BLOCK))))
    return out


def _quantiles(values: np.ndarray, wanted: tuple[float, ...], scratch: np.ndarray | None = None) -> list[float]:
    """Exact order statistics (the lower one), ``wanted`` in rising order: one partition each, of what is left above.

    One element at a time because numpy's fast path takes a single one; in a scratch array of the same kind and
    size, because fetching fresh memory costs more than the partition; and without the many copies of the least
    value (paths without a gap), on which that fast path is slow.
    """
    scratch = np.empty_like(values) if scratch is None else scratch
    least = values.min()
    is_above = values > least
    start = len(values) - int(np.count_nonzero(is_above))
    rest = np.compress(is_above, values, out=scratch[: len(values) - start])
    found = []
    for q in wanted:
        rank = int(np.floor(q * (len(values) - 1))) - start
        if rank < 0:
            found.append(float(least))
            continue
        rest.partition(rank)
        found.append(float(rest[rank]))
        rest, start = rest[rank:], start + rank
    return found


def summarise(
    lines: dict[str, np.ndarray], years: np.ndarray, names: tuple[str, ...] = ("revenue", "cash", "gap")
) -> pd.DataFrame:
    """Low, median and high (5, 50, 95%) of lines by year, the probability of a shortfall up to it and its standard error.

    Returns year, and for each line line_low, line_median, line_high (US$ bn); probability, error (shares).
    """
    jobs = [(name, t) for name in names for t in range(len(years))]
    own = threading.local()

    def quantiles(job: tuple[str, int]) -> list[float]:
        values = lines[job[0]][job[1]]
        if not hasattr(own, "scratch"):
            own.scratch = np.empty_like(values)
        return _quantiles(values, QUANTILES, own.scratch)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(quantiles, jobs))
    table = pd.DataFrame({"year": years})
    for name in names:
        part = np.array([f for (n, _), f in zip(jobs, found, strict=True) if n == name])
        for k, label in enumerate(("low", "median", "high")):
            table[f"{name}_{label}"] = part[:, k]
    n = lines["gap"].shape[1]
    short = np.array([np.count_nonzero(lines["gap"][t] > 0) for t in range(len(years))]) / n
    return table.assign(probability=short, error=np.sqrt(short * (1 - short) / n))


def central_path(inputs: Inputs, choices: Choices, **changed: float) -> pd.DataFrame:
    """The path without surprises at the central choices, some of them changed: year and every line."""
    drawn = {k: np.array([v]) for k, v in (choices.central() | changed).items()}
    out = {name: np.empty((len(inputs.plan), 1)) for name in LINES}
    walk(inputs, np.zeros((len(inputs.plan), 1)), drawn, out)
    return pd.DataFrame({"year": inputs.years} | {name: values[:, 0] for name, values in out.items()})


def rent_gap(inputs: Inputs, choices: Choices, gw: np.ndarray, rent: float) -> float:
    """The gap (US$ bn) when compute is capacity (Y,) in GW times a rent per GW-year instead of the contracts."""
    rented = Inputs(
        **{f.name: getattr(inputs, f.name) for f in fields(inputs)} | {"obligations": np.asarray(gw, float) * rent}
    )
    return float(central_path(rented, choices, take_up=1.0)["gap"].iloc[-1])


def sobol(
    function: Callable[[np.ndarray], np.ndarray],
    ranges: dict[str, tuple[float, float]],
    samples: int = 1024,
    seed: int = 0,
) -> pd.DataFrame:
    """First-order and total Sobol indices of a function of independent uniform parameters (Saltelli; SALib).

    Parameters: function from (N, D) to (N,); low and high by name; base samples, a power of 2.
    Returns parameter, first, first_error, total, total_error, largest total first; a parameter whose ends are equal
    is fixed and has indices of 0. Raises ValueError for fewer than two free parameters or a low above its high.
    """
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    for name, (low, high) in ranges.items():
        if not low <= high:
            raise ValueError(f"{name}: low {low} must be below high {high}")
    free = [name for name, (low, high) in ranges.items() if low < high]
    if len(free) < 2:
        raise ValueError("Sobol indices need at least two parameters")
    problem = {"num_vars": len(free), "names": free, "bounds": [list(ranges[n]) for n in free]}
    # The library takes a seed of 0 for none.
    points = sample.sample(problem, samples, calc_second_order=False, seed=seed + 1)
    whole = np.empty((len(points), len(ranges)))
    for k, (name, (low, _)) in enumerate(ranges.items()):
        whole[:, k] = points[:, free.index(name)] if name in free else low
    found = analyse.analyze(problem, function(whole), calc_second_order=False, seed=seed + 1)
    table = pd.DataFrame(
        {
            "parameter": free,
            "first": found["S1"],
            "first_error": found["S1_conf"],
            "total": found["ST"],
            "total_error": found["ST_conf"],
        }
    )
    fixed = pd.DataFrame({"parameter": [n for n in ranges if n not in free]} | dict.fromkeys(table.columns[1:], 0.0))
    table = pd.concat([table, fixed], ignore_index=True) if len(fixed) else table
    return table.sort_values("total", ascending=False, ignore_index=True)


def gap_of(inputs: Inputs, choices: Choices) -> Callable[[np.ndarray], np.ndarray]:
    """The gap in the last year as a function of (N, 7): the drawn choices in order and one surprise for all growth.

    For `sobol`: the surprise is in standard deviations of the sum of all years' surprises.
    """
    steps = np.ones(len(inputs.plan)) * choices.sigma / np.sqrt(len(inputs.plan)) / (1 - choices.persistence)

    def function(points: np.ndarray) -> np.ndarray:
        drawn = {name: points[:, k].copy() for k, name in enumerate(DRAWN)}
        out = {name: np.empty((len(inputs.plan), len(points))) for name in LINES}
        walk(inputs, steps[:, None] * points[None, :, len(DRAWN)], drawn, out)
        return out["gap"][-1]

    return function


def present_gap(gap: np.ndarray, rate: float) -> np.ndarray:
    """The gap as money of the base year: what must be raised in each year, discounted (n,), from gaps (Y, n) in US$ bn."""
    raised = np.diff(gap, axis=0, prepend=np.zeros((1, gap.shape[1])))
    return (raised / (1 + rate) ** np.arange(1, len(gap) + 1)[:, None]).sum(axis=0)


def explore(
    inputs: Inputs,
    choices: Choices,
    normals: np.ndarray,
    drawn: dict[str, float],
    rate: float,
    gw: np.ndarray | None = None,
    rent: float = 0.0,
) -> dict[str, object]:
    """What the page `explore` computes: the gap on common random paths at chosen values.

    Parameters: standard normals (Y, n); values of what is otherwise drawn (those missing are central); discount
    rate; capacity (Y,) in GW and rent (US$ bn per GW-year) to pay by capacity instead of by contract.
    Returns low, median, high (Y,) of the gap, probability (share of paths short by the last year) and present (the
    median gap as money of the base year).
    """
    if gw is not None:
        inputs = Inputs(
            **{f.name: getattr(inputs, f.name) for f in fields(inputs)} | {"obligations": np.asarray(gw, float) * rent}
        )
        drawn = drawn | {"take_up": 1.0}
    shocks = np.array(normals, float) * choices.sigma
    for t in range(1, len(shocks)):
        shocks[t] += choices.persistence * shocks[t - 1]
    n = shocks.shape[1]
    out = {name: np.empty(shocks.shape) for name in LINES}
    walk(inputs, shocks, {k: np.full(n, v) for k, v in (choices.central() | drawn).items()}, out)
    low, median, high = np.quantile(out["gap"], QUANTILES, axis=1, method="lower")
    return {
        "low": low,
        "median": median,
        "high": high,
        "probability": float((out["gap"][-1] > 0).mean()),
        "present": float(np.quantile(present_gap(out["gap"], rate), 0.5, method="lower")),
    }
