"""The models with a scenario's choices filled in, as the chapters and figures use them."""

from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.ledger import Assumptions, Ledger
from analysis.models import calibration, funding, obligations
from analysis.models import deals as counted
from analysis.models.network import GROUPS

KINDS = ("compute", "chips", "lease", "equity", "debt", "other")
PATHS = 50_000
PARTNERS = ("microsoft", "amazon", "nvidia", "amd", "oracle", "softbank", "coreweave", "cerebras")


def terms(choose: Assumptions, which: str = "central") -> dict[str, float]:
    """Fallback terms in years by kind of deal."""
    return {k: getattr(choose[f"term_years.{k}"], which) for k in KINDS}


def choices(choose: Assumptions) -> funding.Choices:
    """The funding model's choices under a scenario. Raises KeyError for a missing parameter, ValueError for contradictions."""
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
    made = choices(choose)
    return known, made, funding.summarise(funding.simulate(known, made, PATHS), known.years)


def lab_payments(ledger: Ledger, choose: Assumptions, lab: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A lab's counted deals, companies counted as their groups, and the same spread over years (see `obligations`)."""
    rows = counted.payments(ledger.deals)
    rows = rows.assign(payer=rows["payer"].replace(GROUPS), payee=rows["payee"].replace(GROUPS))
    rows = rows[(rows["payer"] == lab) | (rows["payee"] == lab)]
    return rows, obligations.by_year(rows, terms(choose), choose["ramp"].central)


def revenue_per_gw(ledger: Ledger) -> pd.DataFrame:
    """OpenAI's annualised revenue over its live capacity at each date on which both are known: end, revenue, gw, per_gw."""
    rows = ledger.part("metrics", "entity", "openai")
    gw = rows[rows["metric"] == "compute_capacity"].set_index("end")["value"]
    revenue = (
        rows[(rows["metric"] == "annualized_revenue") & (rows["basis"] == "actual")]
        .drop_duplicates("end", keep="last")
        .set_index("end")["value"]
    )
    both = pd.DataFrame({"revenue": revenue, "gw": gw}).dropna().sort_index()
    return both.assign(per_gw=both["revenue"] / both["gw"]).reset_index()


def capacity(choose: Assumptions, live_gw: float, years: np.ndarray, gw_2030: float) -> np.ndarray:
    """Capacity in use by year (GW): a straight line from what is live before the first year to 2030, and on."""
    first = int(years[0]) - 1
    step = (gw_2030 - live_gw) / (2030 - first)
    return live_gw + step * (years - first)
