"""What a company has to pay whether or not OpenAI pays: its leases and its debt, as last filed."""

from typing import NamedTuple

from analysis.numbers import formats
from analysis.numbers.facts import Facts

LEASES, DEBT = "leases_not_commenced", "total_debt"
LABELS = {
    LEASES: "Leases signed and not begun, for all customers",
    DEBT: "Debt, as last reported",
}


class Burden(NamedTuple):
    """An amount as last filed, US$ bn, and the month of it."""

    amount: float
    month: str


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
