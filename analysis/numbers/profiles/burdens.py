"""What a company has to pay whether or not OpenAI pays: its leases and its debt, as last filed."""

from typing import NamedTuple

import pandas as pd

from analysis.numbers import formats
from analysis.numbers.facts import Facts

LEASES, DEBT = "leases_not_commenced", "total_debt"
LABELS = {
    LEASES: "Leases signed and not begun, for all customers",
    DEBT: "Debt, as last reported",
}


GAP = "residual value"  # in the condition of a guarantee
GAP_WORDS = "the gap between what buildings are then worth and a guaranteed value"


def is_gap(guarantees: pd.DataFrame) -> bool:
    """Whether some guarantees all pay only what buildings lack to a guaranteed value, by their conditions."""
    return len(guarantees) > 0 and bool(guarantees["condition"].fillna("").str.contains(GAP, case=False).all())


class Burden(NamedTuple):
    """An amount as last filed, US$ bn, and the month of it."""

    amount: float
    month: str


def modelled(amount: float) -> str:
    """What a model makes of an order, without decimals; empty for nothing."""
    return formats.about(amount, "usd_bn", is_open=False) if amount else ""


def burden(facts: Facts, company: str, metric: str) -> Burden | None:
    """Return what a company last filed of a metric, one of `LABELS`; None where it filed none."""
    newest = facts.last(company, metric, basis="actual")
    if newest.empty:
        return None
    return Burden(float(newest["value"].iloc[-1]), f"{newest['end'].iloc[-1]:%B %Y}")


def told(facts: Facts, company: str) -> list[tuple[str, str]]:
    """Return the label and the words of each that a company has filed."""
    found = ((label, burden(facts, company, metric)) for metric, label in LABELS.items())
    return [(label, f"{formats.amount(b.amount, 'usd_bn')} ({b.month})") for label, b in found if b]
