"""The models with a scenario's choices filled in, as the chapters and figures use them."""

from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.ledger import Assumptions, Ledger
from analysis.models import calibration, funding, obligations
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS, payments
from analysis.models.network import Parties

KINDS_WITH_TERM = ("compute", "chips", "lease", "equity", "debt", "other")
PATHS = 50_000
CAPACITY_YEAR = 2030  # the year that the choice gw_2030 speaks of


def terms(choose: Assumptions, which: str = "central") -> dict[str, float]:
    """Fallback terms by kind of deal.

    Parameters
    ----------
    choose : Assumptions
        The choices of a scenario.
    which : str
        "low", "central" or "high".

    Returns
    -------
    dict
        Years by kind.
    """
    return {k: getattr(choose[f"term_years.{k}"], which) for k in KINDS_WITH_TERM}


def choices(choose: Assumptions) -> funding.Choices:
    """The funding model's choices under a scenario.

    Raises
    ------
    KeyError
        For a missing parameter.
    ValueError
        For parameters that contradict each other.
    """
    return funding.Choices(
        attainment=choose["revenue_attainment"],
        take_up=choose["take_up"],
        other_share=choose["other_cost_share"],
        share_rate=choose["revenue_share_rate"],
        conditional=choose["conditional_paid"],
        compute_floor=choose["compute_floor"],
        sigma=choose["shock_sigma"].central,
        persistence=choose["shock_persistence"].central,
    )


def inputs(ledger: Ledger, choose: Assumptions) -> funding.Inputs | None:
    """The funding model's inputs as known on the day, None when they are not all known."""
    try:
        return calibration.calibrate(
            ledger.part("metrics", "entity", "openai"),
            ledger.deals,
            ledger.as_of,
            terms(choose),
            choose["ramp"].central,
            choose["growth_fade"].central,
            int(choose["last_year"].central),
            ledger.history["deals"],
        )
    except ValueError:
        return None


@lru_cache(maxsize=16)
def simulated(ledger: Ledger, scenario: str) -> tuple[funding.Inputs, funding.Choices, pd.DataFrame] | None:
    """Inputs, choices and the summary of the paths of a scenario; None when the inputs are not known."""
    choose = ledger.assumptions(scenario)
    known = inputs(ledger, choose)
    if known is None:
        return None
    chosen = choices(choose)
    return known, chosen, funding.summarise(funding.simulate(known, chosen, PATHS), known.years)


def parties(ledger: Ledger) -> Parties:
    """Who counts as whom, and who stands outside the circle."""
    return Parties.known(ledger.entities, ledger.groups)


def lab_payments(ledger: Ledger, choose: Assumptions, lab: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A lab's counted deals, companies counted as their groups.

    Returns
    -------
    deals : DataFrame
        Rows of the ledger's table.
    years : DataFrame
        The same spread over calendar years; see `obligations.by_year`.
    """
    rows = parties(ledger).grouped(payments(ledger.deals))
    rows = rows[(rows["payer"] == lab) | (rows["payee"] == lab)]
    return rows, obligations.by_year(rows, terms(choose), choose["ramp"].central)


def partners(deals: pd.DataFrame, known: Parties, lab: str) -> list[str]:
    """The named companies that fund a lab or supply it, in alphabetical order.

    Parameters
    ----------
    deals : DataFrame
        The lab's counted deals, as `lab_payments` returns them.
    known : Parties
        Who stands outside the circle.
    lab : str
        The lab.
    """
    rows = known.inside(deals)
    funders = rows.loc[(rows["payee"] == lab) & rows["kind"].isin(FUNDING_KINDS), "payer"]
    suppliers = rows.loc[(rows["payer"] == lab) & rows["kind"].isin(SUPPLY_KINDS), "payee"]
    return sorted({*funders, *suppliers})


def capacity(live_gw: float, years: np.ndarray, target_gw: float) -> np.ndarray:
    """Capacity in use by year: a straight line from what is live before the first year to the target, and on.

    Parameters
    ----------
    live_gw : float
        Capacity in use before the first year, GW.
    years : ndarray
        Calendar years (Y,).
    target_gw : float
        Capacity in use in `CAPACITY_YEAR`, GW.

    Returns
    -------
    ndarray
        (Y,), GW.
    """
    first = int(years[0]) - 1
    step = (target_gw - live_gw) / (CAPACITY_YEAR - first)
    return live_gw + step * (years - first)
