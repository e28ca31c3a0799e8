"""How much of what is missing is missing for signed, priced orders, and what brings the rest."""

import dataclasses
import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import funding
from analysis.models.funding import schedule
from analysis.numbers import formats, modelling
from analysis.numbers.exposure.terms import binding_gw
from analysis.numbers.facts import NAN, Facts
from analysis.numbers.results import Results
from analysis.numbers.sustainability.cash import LEAST, calibrated_on, missing

SIGNED, CHIPS = "firm", "chips"
# What is counted beside signed contracts with a price, in words.
BESIDE = {
    "option": "orders that are not signed",
    CHIPS: "chips without a price",
    "leases": "buildings without a price",
    "renewals": "the renewal of contracts that end",
}


def without(inputs: funding.Inputs, *classes: str) -> funding.Inputs:
    """Return the model in which nothing of some classes of `funding.CLASSES` falls due."""
    due = inputs.due.copy()
    due[:, [funding.CLASSES.index(name) for name in classes]] = 0.0
    return dataclasses.replace(inputs, due=due)


def spared(inputs: funding.Inputs, choices: funding.Choices) -> pd.Series:
    """Return by how much the median gap falls where a class of `BESIDE` is left out, US$ bn; the largest fall first."""
    whole = modelling.ending(inputs, choices, "contracts")[0]
    falls = {name: whole - modelling.ending(without(inputs, name), choices, "contracts")[0] for name in BESIDE}
    return pd.Series(falls).sort_values(ascending=False, kind="stable")


def only(gigawatts: float) -> str:
    """How much of some orders is binding, in words with its verb."""
    return f"only {formats.amount(gigawatts, 'gw')} is" if gigawatts else "none is"


@functools.lru_cache(maxsize=16)
def signed_only(ledger: Ledger, scenario: str = "central") -> tuple[float, float]:
    """Return the median gap if OpenAI pays only what it has signed at a price, US$ bn, and the share of the paths on
    which cash runs out (0 to 1); NaN when the model cannot be calibrated."""
    made = modelling.model(ledger, scenario)
    return modelling.ending(without(made[0], *BESIDE), made[1], "contracts") if made else (NAN, NAN)


@functools.lru_cache(maxsize=16)
def signed_only_bad(ledger: Ledger, scenario: str = "central") -> float:
    """Return the 95th percentile of the gap if OpenAI pays only what it has signed at a price, US$ bn, on the paths of
    `signed_only`; NaN when the model cannot be calibrated."""
    made = modelling.model(ledger, scenario)
    if made is None:
        return NAN
    paths = funding.simulate(without(made[0], *BESIDE), made[1], "contracts", modelling.PATHS, modelling.SEED)
    return float(funding.quantiles(paths["gap"][-1], (0.95,))[0])


def ordered(ledger: Ledger, scenario: str = "central") -> Results:
    """What is missing by signed contracts with a price alone, what brings most of the rest, and how far that binds."""
    f, used = Facts(ledger, "sustainability", scenario), calibrated_on(ledger)
    made = modelling.model(ledger, scenario)
    gap, bad = signed_only(ledger, scenario)[0], signed_only_bad(ledger, scenario)
    is_less = made is not None and modelling.ending(*made, "contracts")[0] - gap >= LEAST
    falls = spared(*made) if made else pd.Series(dtype=float)
    lead = str(falls.index[0]) if len(falls) and falls.iloc[0] >= LEAST else None
    orders = schedule.contracts(ledger.deals)
    chips = orders[orders["class"] == CHIPS]
    size, bound = float(chips["gw"].sum()), binding_gw(f, chips)
    return Results(
        [
            f.result(
                "signed_gap",
                "Missing in the median future if it pays only its signed, priced orders",
                missing(gap),
                "text",
                *used,
                how="Median, without orders that have no price or no signature, and without renewals.",
            ),
            f.result(
                "signed_gap_bad",
                "Missing in a bad future if it pays only its signed, priced orders; one in twenty is worse",
                missing(bad),
                "text",
                *used,
                how="The 95th percentile of our futures, without what the median of these orders leaves out.",
            ),
            f.result("has_signed_gap_bad", "Even then something is missing", bool(bad >= LEAST), "flag", *used),
            f.result("has_signed_gap", "It is less than by signed and announced orders", is_less, "flag", *used),
            f.result(
                "beside_lead",
                "What beside signed, priced orders widens the shortfall by signed and announced orders most",
                BESIDE[lead] if lead else None,
                "text",
                *used,
                how="The median falls most where it is left out.",
            ),
            f.result("has_beside_lead", "Something beside them widens it", lead is not None, "flag", *used),
            f.result("chips_gw", "Size of all orders of chips without a price", size, "gw", chips),
            f.result("chips_bound", "Of them binding", only(bound), "text", chips),
            f.result(
                "are_chips_loose",
                "What widens it most is chips, of which less than half bind",
                lead == CHIPS and bound < size / 2,
                "flag",
                chips,
                *used,
            ),
        ]
    )
