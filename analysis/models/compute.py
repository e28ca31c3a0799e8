"""Price and performance of accelerators.

- Dense rates only; peak is not delivered performance, so what is compared is the utilisation at which
  two offers cost the same.
- Like with like: the same kind of price, the newest one in the same month, the same number format.
- Chips in a site = power / (rated power x overhead of hosts, network and cooling).
"""

import pandas as pd

FORMATS = {"bf16": "bf16_dense_pflops", "fp8": "fp8_dense_pflops"}


def offers(prices: pd.DataFrame, chips: pd.DataFrame) -> pd.DataFrame:
    """Cost of peak rates of each offer.

    Parameters
    ----------
    prices, chips : DataFrame
        Point-in-time views of the ledger's tables.

    Returns
    -------
    DataFrame
        The prices, in their order, with vendor, usd_per_chip_hour (US$), bf16 and fp8 (US$ per dense
        PFLOP-hour, NaN where the rate is not published) and tbps (US$ per TB/s-hour).
    """
    rates = chips.set_index("chip")
    merged = prices.join(rates[["vendor", *FORMATS.values(), "hbm_tbps", "tdp_w", "hbm_gb"]], on="chip")
    per_chip = merged["usd_per_hour"] / merged["chips_per_instance"]
    return merged.assign(
        usd_per_chip_hour=per_chip,
        tbps=per_chip / merged["hbm_tbps"],
        **{name: per_chip / merged[column] for name, column in FORMATS.items()},
    )


def break_even_utilisation(cost: float, rival_cost: float) -> float:
    """Share of the rival's utilisation at which both deliver a PFLOP-hour for the same money.

    Below 1 the offer may be used that much less well and still cost no more.

    Parameters
    ----------
    cost, rival_cost : float
        US$ per peak PFLOP-hour of the offer and of its rival.

    Raises
    ------
    ValueError
        For a cost of 0 or less.
    """
    if not (cost > 0 and rival_cost > 0):
        raise ValueError(f"costs must be above 0, not {cost} and {rival_cost}")
    return cost / rival_cost


def price_performance(cost: float, rival_cost: float) -> float:
    """More peak rate per dollar than the rival, as a share (0.17: a sixth more).

    Parameters
    ----------
    cost, rival_cost : float
        US$ per peak PFLOP-hour of the offer and of its rival, above 0.
    """
    return rival_cost / cost - 1


def chips_in(gw: float, watts: float, overhead: float) -> float:
    """Number of chips that a site can power.

    Parameters
    ----------
    gw : float
        Power of the site, GW.
    watts : float
        Rated power of a chip, W.
    overhead : float
        Power of a site over the rated power of its chips, at least 1.

    Raises
    ------
    ValueError
        For a power of 0 or less or an overhead below 1.
    """
    if not watts > 0:
        raise ValueError(f"watts {watts} must be above 0")
    if not overhead >= 1:
        raise ValueError(f"overhead {overhead} must be 1 or more")
    return gw * 1e9 / (watts * overhead)
