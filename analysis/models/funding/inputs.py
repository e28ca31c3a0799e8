"""What the funding model starts from: facts known on the day, and our choices."""

import dataclasses
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

CASES = ("contracts", "capacity", "plan")
# What falls due, in the order of `Inputs.due`: signed contracts with a price (US$ bn), other orders with a price
# (US$ bn), chips without a price (GW delivered), leases without a price (GW in use), and what ended contracts would
# cost if they went on (US$ bn).
CLASSES = ("firm", "option", "chips", "leases", "renewals")
AT_MOST_ONE = ("take_up", "other_share")  # choices whose ranges end at 1
SINGLE_VALUED = ("sigma",)  # choices without a range


@dataclass(frozen=True)
class Inputs:
    """What is known on the day. Y is the number of years, K that of the timings tried.

    Attributes
    ----------
    base_year : int
        The calendar year before the model's first.
    base_cash : float
        Cash at its end, US$ bn.
    start_revenue : float
        Revenue of the current year, from its newest run rate, US$ bn: of the base year, or of the first year.
    open_share : float
        Share of the first year that is still open on the day: 1 when it has not begun.
    plan : ndarray
        Revenue in OpenAI's own forecasts (Y,), US$ bn.
    plan_burn : ndarray
        Cash burn in them (Y,), US$ bn; NaN where they do not say.
    plan_other : float
        Costs besides computing in them, as a share of revenue.
    due : ndarray
        What falls due (K, len(CLASSES), Y) under each timing, in the units of `CLASSES`.
    central : int
        The timing that is ours.
    firm, conditional : ndarray
        Equity contracted and not yet paid, in each later year (Y,), US$ bn.
    live_gw : float
        Capacity in use at the end of the base year, GW; NaN where it is not known.
    gw_path : ndarray
        How far capacity has come from there to that of the target year (Y,): 0 to 1, and past 1 after it.
    """

    base_year: int
    base_cash: float
    start_revenue: float
    open_share: float
    plan: np.ndarray
    plan_burn: np.ndarray
    plan_other: float
    due: np.ndarray
    central: int
    firm: np.ndarray
    conditional: np.ndarray
    live_gw: float
    gw_path: np.ndarray

    def __post_init__(self) -> None:
        years = len(self.plan)
        for f in fields(self):
            value = np.asarray(getattr(self, f.name), float)
            if value.ndim and value.shape[-1] != years:
                raise ValueError(f"{f.name} has {value.shape} values for {years} years")
            if f.name not in ("plan_burn", "live_gw") and not np.isfinite(value).all():
                where = f" in {self.base_year + 1 + int(np.argwhere(~np.isfinite(value))[0][-1])}" if value.ndim else ""
                raise ValueError(f"{f.name} is missing{where}")
        for name in ("plan", "due", "firm", "conditional"):
            low = np.argwhere(np.asarray(getattr(self, name)) < 0)
            if len(low):
                raise ValueError(f"{name} is negative in {self.base_year + 1 + int(low[0][-1])}")
        if not self.start_revenue > 0 or not (np.asarray(self.plan) > 0).all():
            raise ValueError("revenue must be above 0 in every year")
        if self.due.shape[1] != len(CLASSES):
            raise ValueError(f"due has {self.due.shape[1]} classes; it needs {', '.join(CLASSES)}")

    @property
    def years(self) -> np.ndarray:
        """The calendar years of the model (Y,)."""
        return np.arange(self.base_year + 1, self.base_year + 1 + len(self.plan))

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that can be computed on what is known."""
        known = {"contracts": True, "capacity": np.isfinite(self.live_gw), "plan": np.isfinite(self.plan_burn).any()}
        return tuple(name for name in CASES if known[name])

    @property
    def growth(self) -> np.ndarray:
        """Planned growth since the current year (Y,), in logarithms; none in that year itself, if it is the first."""
        found = np.log(self.plan / self.start_revenue)
        return np.concatenate([[0.0], found[1:]]) if self.open_share < 1 else found


@dataclass(frozen=True)
class Choices:
    """Our choices. Each tuple is (low, central, high).

    Attributes
    ----------
    attainment : tuple
        Share of the planned growth that comes true, in logarithms.
    take_up, option : tuple
        Share used of signed contracts with a price, and of all other orders.
    other_share, compute_floor : tuple
        Costs besides computing, and the least that computing costs, as shares of revenue.
    conditional : tuple
        Share of the conditional equity really paid.
    chip_price, lease_price : tuple
        US$ bn per GW of chips, and per GW and year of a building, where no price is published.
    overlap : tuple
        Share of the chips without a price that is paid for inside other contracts.
    renewal : tuple
        What follows a contract that has ended, as a share of its last yearly payment.
    gw, rent : tuple
        Capacity in the target year, GW, and rent of a GW for a year, US$ bn.
    flex : tuple
        How far planned computing follows revenue that differs from the plan: 0 not at all, 1 in proportion.
    sigma, persistence : float
        Standard deviation of a year's surprise in the growth of revenue, and the share carried into the next year.
    correlation : float
        Of growth with the use of contracts and with capacity.
    """

    attainment: tuple[float, float, float]
    take_up: tuple[float, float, float]
    option: tuple[float, float, float]
    other_share: tuple[float, float, float]
    conditional: tuple[float, float, float]
    compute_floor: tuple[float, float, float]
    chip_price: tuple[float, float, float]
    lease_price: tuple[float, float, float]
    overlap: tuple[float, float, float]
    renewal: tuple[float, float, float]
    gw: tuple[float, float, float]
    rent: tuple[float, float, float]
    flex: tuple[float, float, float]
    sigma: float
    persistence: float
    correlation: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, central, high) in self.triangles.items():
            if not 0 <= low <= central <= high:
                raise ValueError(f"{name}: low {low}, central {central}, high {high} must be in order and not negative")
        if not 0 <= self.persistence < 1 or not self.sigma >= 0:
            raise ValueError(f"sigma {self.sigma} must be 0 or more and persistence {self.persistence} in [0, 1)")
        if not -1 <= self.correlation <= 1:
            raise ValueError(f"correlation {self.correlation} is outside -1 to 1")
        if self.other_share[1] + self.compute_floor[1] > 1.5:
            raise ValueError("other_share and compute_floor: costs are more than one and a half times revenue")

    @property
    def triangles(self) -> dict[str, tuple[float, float, float]]:
        """The (low, central, high) of each choice that is drawn."""
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), tuple)}

    def central(self) -> dict[str, float]:
        """The central value of each drawn choice."""
        return {name: ends[1] for name, ends in self.triangles.items()}


def shifted(choices: Choices, **middles: float) -> Choices:
    """Return choices whose ranges are moved as a whole, so that their middles are the given values.

    Parameters
    ----------
    choices
        Where the ranges stand.
    middles
        New middles in the units of `Choices`; of what is in `SINGLE_VALUED`, the value.

    Returns
    -------
    Choices
        Ranges are cut off at 0 and, for what is in `AT_MOST_ONE`, at 1.
    """
    found: dict[str, Any] = {name: value for name, value in middles.items() if name in SINGLE_VALUED}
    for name, middle in middles.items():
        if name in SINGLE_VALUED:
            continue
        low, central, high = getattr(choices, name)
        most = 1.0 if name in AT_MOST_ONE else float("inf")
        by = middle - central
        found[name] = (min(max(low + by, 0.0), most), middle, min(max(high + by, middle), most))
    return dataclasses.replace(choices, **found) if middles else choices


def planned(known: dict[int, float], base_year: int, base: float, fade: float, last: int) -> np.ndarray:
    """Forecast revenue of each year, geometric between the years known, growth fading past the last of them.

    Parameters
    ----------
    known : dict
        Forecast revenue by calendar year, US$ bn.
    base_year : int
        The calendar year before the first that is wanted.
    base : float
        Its revenue, US$ bn.
    fade : float
        The share of a year's growth, in logarithms, that the next year has past the last forecast.
    last : int
        The last calendar year wanted.

    Returns
    -------
    ndarray
        US$ bn, one number for each year after ``base_year`` up to ``last``.

    Raises
    ------
    ValueError
        When no year after the base year is known.
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
