"""What the gap is when computing is rented by capacity instead of bought by contract."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.numbers import modelling, quantities
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import missing

# What models of others call the rent of a gigawatt-year, or a rent that gives it by their capacity.
STATED_RENTS = ("annual_data_centre_rent_at_full_capacity", "cost_per_gw_year_low", "cost_per_gw_year_high")


def live_capacity(f: Facts) -> pd.DataFrame:
    """Return the newest statement of OpenAI's capacity in use, GW (one row or none)."""
    return f.last("openai", "compute_capacity", basis="actual")


def models_with_rent(ledger: Ledger) -> pd.DataFrame:
    """Return the rows of those models of others that state a rent."""
    rows = ledger.outside_models
    return rows[rows["model"].isin(rows.loc[rows["quantity"].isin(STATED_RENTS), "model"])]


def gap_at(ledger: Ledger, scenario: str, target_gw: float, rent: float) -> float:
    """Return the gap of the last year, US$ bn, when computing is capacity times rent; NaN where it is not known.

    Parameters
    ----------
    ledger : Ledger
        The ledger as known on the day.
    scenario : str
        The scenario of the other choices.
    target_gw : float
        Capacity in use in `modelling.CAPACITY_YEAR`, GW.
    rent : float
        Rent of a gigawatt for a year, US$ bn.
    """
    made = modelling.model(ledger, scenario)
    if made is None or "capacity" not in made[0].cases:
        return NAN
    return float(funding.central_path(*made, "capacity", gw=target_gw, rent=rent)["gap"].iloc[-1])


def rent(ledger: Ledger, scenario: str = "central") -> Results:
    """How far one number moves the gap."""
    f = Facts(ledger, "sustainability", scenario)
    rate, target = f.choices["rent_per_gw_year"], f.choices["gw_2030"].central
    at_low, at_high = (gap_at(ledger, scenario, target, r) for r in (rate.low, rate.high))
    live, theirs = live_capacity(f), models_with_rent(ledger)
    flips = bool(round(at_low) == 0 < round(at_high)) if not pd.isna(at_low) else False
    per_gw = quantities.revenue_per_gw(f)["per_gw"]
    return Results(
        [
            f.result("rent_low", "Low rent of a gigawatt-year", rate.low, "usd_bn", theirs),
            f.result("rent_high", "High rent of a gigawatt-year", rate.high, "usd_bn", theirs),
            f.result("gap_rent_low", "Shortfall at the low rent", missing(at_low), "text", live, theirs),
            f.result("gap_rent_high", "Shortfall at the high rent", missing(at_high), "text", live, theirs),
            f.result(
                "has_rent",
                "Live capacity is known, so that the shortfall by rent can be computed",
                not pd.isna(at_low),
                "flag",
                live,
            ),
            f.result("rent_flips", "The rent alone decides whether there is a shortfall", flips, "flag", live, theirs),
            f.result(
                "rent_moves", "It does not, but moves the shortfall", at_high > 0 and not flips, "flag", live, theirs
            ),
            f.result(
                "per_gw",
                "Revenue for each live gigawatt, over the years known",
                None if len(per_gw) else NAN,
                "usd_bn",
                live,
                low=per_gw.min() if len(per_gw) else None,
                high=per_gw.max() if len(per_gw) else None,
                how="Annualised revenue over live capacity.",
            ),
        ]
    )
