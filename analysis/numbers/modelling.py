"""The models with a scenario's choices filled in, as the chapters and figures use them."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.ledger import Assumptions, Ledger
from analysis.ledger.assumptions import LEVELS
from analysis.models import calibration, cash, funding, obligations, periods, plan
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS, payments
from analysis.models.network import Parties

KINDS_WITH_TERM = ("compute", "chips", "lease", "equity", "debt", "other")
PATHS = 1 << 15  # the page `explore` draws as many
SEED = 20251217
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


def choices(choose: Assumptions, plan_other: Sequence[float] = ()) -> funding.Choices:
    """The funding model's choices under a scenario.

    Parameters
    ----------
    choose : Assumptions
        The choices of a scenario.
    plan_other : sequence of float
        Other costs as a share of revenue that OpenAI's own plan leaves, where it is known: they take the place of the
        low end and the middle of ours, unless a scenario sets them.

    Raises
    ------
    KeyError
        For a missing parameter.
    ValueError
        For parameters that contradict each other.
    """
    other = choose["other_cost_share"]
    if plan_other and other.low < other.high:
        low, middle = min(plan_other), (min(plan_other) + max(plan_other)) / 2
        other = type(other)(low, middle, max(other.high, max(plan_other)))
    return funding.Choices(
        attainment=choose["revenue_attainment"],
        take_up=choose["take_up"],
        option=choose["take_up.option"],
        other_share=other,
        conditional=choose["conditional_paid"],
        compute_floor=choose["compute_floor"],
        chip_price=choose["chip_price_per_gw"],
        lease_price=choose["lease_per_gw_year"],
        overlap=choose["chip_overlap"],
        renewal=choose["renewal"],
        gw=choose["gw_2030"],
        rent=choose["rent_per_gw_year"],
        flex=choose["plan_flex"],
        sigma=choose["shock_sigma"].central,
        persistence=choose["shock_persistence"].central,
        correlation=choose["growth_use_correlation"].central,
    )


def own_plan(ledger: Ledger, choose: Assumptions) -> plan.Plan | None:
    """OpenAI's newest own plan as known on the day, None without one."""
    rows = every_metric(ledger)
    told = periods.calendar_years(rows[(rows["metric"] == "revenue") & (rows["by"] == "")])
    return plan.newest(rows, told, choose["growth_fade"].central)


def every_metric(ledger: Ledger) -> pd.DataFrame:
    """Every row of OpenAI's metrics known on the day, also those that a later statement replaced."""
    return ledger.history.part("metrics", "entity", ("openai",))


def inputs(ledger: Ledger, choose: Assumptions, found: plan.Plan | None) -> funding.Inputs | None:
    """The funding model's inputs as known on the day, None when they are not all known; ``found`` is `own_plan`."""
    try:
        return calibration.calibrate(
            ledger.part("metrics", "entity", "openai"),
            ledger.deals,
            ledger.as_of,
            {level: terms(choose, level) for level in LEVELS},
            choose["growth_fade"].central,
            int(choose["last_year"].central),
            ramp=choose["ramp"],
            slip=choose["start_slip"],
            lease_build=choose["lease_build_years"],
            target_year=CAPACITY_YEAR,
            other_share=choose["other_cost_share"].central,
            own_plan=found,
            deals_history=ledger.history["deals"],
        )
    except ValueError:
        return None


def growth_in_course(ledger: Ledger, known: funding.Inputs) -> float:
    """Planned growth of OpenAI's sales over the current year's end, in logarithms: by it the newest run rate grows."""
    told = float(cash.yearly(ledger.part("metrics", "entity", "openai"), "revenue")[known.base_year])
    sales, ahead = [told, *known.plan], ledger.as_of.year - known.base_year
    return float(np.log(sales[ahead + 1] / sales[ahead]))


@lru_cache(maxsize=32)
def model(ledger: Ledger, scenario: str) -> tuple[funding.Inputs, funding.Choices] | None:
    """Inputs and choices of a scenario, None when the inputs are not known."""
    choose = ledger.assumptions(scenario)
    found = own_plan(ledger, choose)
    known = inputs(ledger, choose, found)
    return (known, choices(choose, found.other_shares() if found else ())) if known is not None else None


@lru_cache(maxsize=64)
def simulated(ledger: Ledger, scenario: str, case: str = "contracts") -> pd.DataFrame | None:
    """The summary of a scenario's paths in a case, with present (the median gap of the last year as money of the base
    year); None where the case cannot be computed."""
    made = model(ledger, scenario)
    if made is None or case not in made[0].cases:
        return None
    lines = funding.simulate(*made, case, PATHS, SEED)
    rate = ledger.assumptions(scenario)["discount_rate"].central
    present = funding.quantiles(funding.present_gap(lines["gap"], rate), (0.5,))[0]
    return funding.summarise(lines, made[0].years, ("gap",)).assign(present=present)


def ending(known: funding.Inputs, chosen: funding.Choices, case: str) -> tuple[float, float]:
    """The median gap of the last year, US$ bn, and the share of the paths on which cash runs out, on the chapter's
    paths."""
    gap = funding.simulate(known, chosen, case, PATHS, SEED)["gap"][-1]
    return funding.quantiles(gap, (0.5,))[0], float((gap > 0).mean())


@lru_cache(maxsize=16)
def parties(ledger: Ledger) -> Parties:
    """Who counts as whom, and who is outside the circle."""
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
        Who is outside the circle.
    lab : str
        The lab.
    """
    rows = known.inside(deals)
    funders = rows.loc[(rows["payee"] == lab) & rows["kind"].isin(FUNDING_KINDS), "payer"]
    suppliers = rows.loc[(rows["payer"] == lab) & rows["kind"].isin(SUPPLY_KINDS), "payee"]
    return sorted({*funders, *suppliers})
