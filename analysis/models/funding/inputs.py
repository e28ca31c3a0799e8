"""What the funding model starts from: facts known on the day, and our choices."""

from dataclasses import dataclass, fields, replace

import numpy as np

DRAWN = ("attainment", "take_up", "other_share", "share_rate", "conditional", "compute_floor")


@dataclass(frozen=True)
class Inputs:
    """What is known on the day.

    Attributes
    ----------
    base_year : int
        The calendar year before the model's first.
    base_revenue, base_cash : float
        Revenue of that year and cash at its end, US$ bn.
    plan, obligations : ndarray
        Forecast revenue and contract payments of each later year (Y,), US$ bn.
    firm, conditional : ndarray
        Equity contracted and not yet paid, in each later year (Y,), US$ bn.
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
        """The calendar years of the model (Y,)."""
        return np.arange(self.base_year + 1, self.base_year + 1 + len(self.plan))


@dataclass(frozen=True)
class Choices:
    """Our choices.

    Attributes
    ----------
    attainment : tuple
        Share of the planned growth that comes true, in logarithms. This and the next five are (low, central, high).
    take_up : tuple
        Share of the contracts really used.
    other_share, share_rate, compute_floor : tuple
        Other costs, partners' revenue share and the cost of serving customers, as shares of revenue.
    conditional : tuple
        Share of the conditional equity really paid.
    sigma, persistence : float
        Standard deviation of a year's surprise in the growth of revenue, and the share carried into the next year.
    """

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
        """The central value of each drawn choice."""
        return {name: getattr(self, name)[1] for name in DRAWN}


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


def rented(inputs: Inputs, gw: np.ndarray, rent: float) -> Inputs:
    """Inputs that pay for computing by capacity instead of by contract.

    Parameters
    ----------
    inputs : Inputs
        What is known on the day.
    gw : ndarray
        Capacity in use in each year (Y,), GW.
    rent : float
        US$ bn per GW-year.
    """
    return replace(inputs, obligations=np.asarray(gw, float) * rent)
