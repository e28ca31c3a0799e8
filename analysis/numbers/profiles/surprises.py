"""What a reader would tell a friend of a company: one sentence that its rows make true, or none.

- The first of `TELLERS` that holds is told; they go from money that goes round to plain size.
- A ratio needs both amounts; it is told from `LEAST` on, or it surprises nobody. Amounts without a price count nothing.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from analysis.ledger import Ledger
from analysis.models import bases, periods
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.company_names import short_name
from analysis.numbers.exposure.backers import signed_for_openai
from analysis.numbers.facts import Facts, value
from analysis.numbers.profiles import burdens
from analysis.numbers.profiles.money import Flow, Money

LAB = "openai"
LEAST = 1.5
LEAST_YEARS = 4  # of sales that are ordered


class Known(NamedTuple):
    """What a teller asks: the facts, the counted money, the company's key and its short name."""

    facts: Facts
    money: Money
    company: str
    name: str

    def short(self, company: str) -> str:
        """The short name of another."""
        return short_name(self.facts.ledger.name(company))


def surprise(ledger: Ledger, money: Money, company: str, scenario: str = "central") -> str:
    """Return the sentence, with its full stop; empty where nothing surprises.

    Parameters
    ----------
    ledger, money
        The facts, and the counted money.
    company
        Its key.
    scenario
        Of the facts.
    """
    known = Known(Facts(ledger, "exposure", scenario), money, company, short_name(ledger.name(company)))
    return next((said for tell in TELLERS if (said := tell(known))), "")


def _low(flows: list[Flow]) -> float:
    return sum(f.low for f in flows)


def _from(flows: list[Flow], party: str, side: str) -> list[Flow]:
    return [f for f in flows if getattr(f, side) == party]


def _dollars(ratio: float, is_floor: bool) -> str:
    """A ratio of two amounts as dollars for a dollar, rounded down where it is a floor: ``more than US$2.70``."""
    digits = 2 if ratio < 10 else 0
    told = math.floor(ratio * 10**digits) / 10**digits if is_floor else ratio
    return f"{'more than ' * is_floor}US${formats.rounded(told, digits)}"


def _ordered_over_sales(known: Known) -> str:
    """A lab: its orders for each dollar of its sales."""
    orders = known.money.out(known.company, "orders")
    rows = known.facts.metric(known.company, "annualized_revenue")
    pace = value(rows[~rows["basis"].isin(bases.FORECASTS)].tail(1))
    if not pace > 0 or _low(orders) < LEAST * pace:
        return ""
    is_floor = _low(orders) < sum(f.high for f in orders) or any(f.is_open for f in orders)
    per_dollar = _dollars(_low(orders) / pace, is_floor)
    return f"For each dollar that it sells in a year, at its last known pace, {known.name} has ordered {per_dollar}."


def _ordered_over_put(known: Known) -> str:
    """A supplier that is an investor, too: its orders from OpenAI for each dollar of shares."""
    orders = _from(known.money.into(known.company, "orders"), LAB, "payer")
    put = sum(f.high for f in _from(known.money.out(known.company, "equity"), LAB, "payee"))
    if not put or _low(orders) < LEAST * put:
        return ""
    per_dollar = _dollars(_low(orders) / put, any(f.is_open for f in orders))
    lab = known.short(LAB)
    put_in = f"For each dollar that it has paid or promised for {lab}'s shares"
    return f"{put_in}, {known.name} holds {per_dollar} of {lab}'s orders."


def _would_pay(known: Known) -> str:
    """A guarantor that is an investor, too: what it would pay in OpenAI's place beside its shares."""
    rows = signed_for_openai(known.facts)
    cap = float(rows.loc[rows["payer"] == known.company, "high_usd_bn"].sum())
    put = sum(f.high for f in _from(known.money.out(known.company, "equity"), LAB, "payee"))
    if not put or cap < LEAST * put:
        return ""
    lab, times = known.short(LAB), formats.amount(cap / put, "x")
    amount = formats.amount(cap, "usd_bn")
    if burdens.is_gap(rows[rows["payer"] == known.company]):
        pays = (
            f"{known.name} has guaranteed what buildings will be worth: if {lab} stops paying and they are worth less"
        )
        return (
            f"{pays}, it pays the difference, up to {amount}, {times} what it has paid or promised for {lab}'s shares."
        )
    return (
        f"{known.name} has signed to pay up to {amount} in {lab}'s place if {lab} does not: {times} what it has paid "
        "or promised for its shares."
    )


def _pays_customers(known: Known) -> str:
    """A seller that gives its customers rights to its own shares."""
    deals = known.facts.ledger.deals
    rights = deals[(deals["payer"] == known.company) & (deals["kind"] == "warrant")]
    rights = counted.signed(rights)
    buyers = [f.payer for f in known.money.into(known.company, "orders")]
    given = [known.short(b) for b in dict.fromkeys(buyers) if b in set(rights["payee"])]
    if not given:
        return ""
    who = formats.listed(sorted(given))
    return f"{known.name} gives customers that buy from it rights to its own shares: {who}."


def _customer_and_owner(known: Known) -> str:
    """A seller that one customer owns a part of."""
    buyers = {f.payer for f in known.money.into(known.company, "orders")}
    owners = [f.payer for f in known.money.into(known.company, "equity") if f.payer in buyers]
    if known.company == LAB or len(owners) != 1:
        return ""
    kinds = {k for f in _from(known.money.into(known.company, "orders"), owners[0], "payer") for k in f.kinds}
    what = "tenant" if kinds == {"lease"} else "customer"
    return f"{known.short(owners[0])} is {known.name}'s {what} and has signed for a part of its shares."


def _guarantees_over_orders(known: Known) -> str:
    """A seller that stands behind more than it has orders for."""
    rows = known.facts.ledger.deals
    rows = counted.signed(counted.guarantees(rows, known.facts.ledger.as_of))
    cap = float(rows.loc[rows["payer"] == known.company, "high_usd_bn"].sum())
    orders = known.money.into(known.company, "orders")
    sold = sum(f.high for f in orders)
    if not sold or cap <= sold or any(f.is_open for f in orders):
        return ""
    amounts = formats.amount(cap, "usd_bn"), formats.amount(sold, "usd_bn")
    told = f"{known.name} stands behind others with up to {amounts[0]}"
    return f"{told}, more than the {amounts[1]} of its orders with a known price."


def _leases_over_debt(known: Known) -> str:
    """A cloud that has signed for more rent to come than it owes."""
    if not _from(known.money.into(known.company, "orders"), LAB, "payer"):
        return ""
    leases, debt = (burdens.burden(known.facts, known.company, m) for m in (burdens.LEASES, burdens.DEBT))
    if not leases or not debt or leases.amount < LEAST * debt.amount:
        return ""
    amount, times = formats.amount(leases.amount, "usd_bn"), formats.amount(leases.amount / debt.amount, "x")
    told = f"By {leases.month} {known.name} had signed for {amount} of leases that had not begun"
    return f"{told}: {times} its last known debt."


def _borrows_over_put(known: Known) -> str:
    """An investor that has borrowed more than it has promised OpenAI."""
    put = sum(f.high for f in _from(known.money.out(known.company, "equity"), LAB, "payee"))
    lent = _low(known.money.into(known.company, "debt"))
    if not put or lent <= put:
        return ""
    later = sum(f.lined_up for f in known.money.into(known.company, "debt"))
    amounts = [formats.about(v, "usd_bn", is_open=False) for v in (put, lent - later, later)]
    told = f"{known.name} has promised {known.short(LAB)} {amounts[0]} for shares, and borrowed at least {amounts[1]}"
    return f"{told} and lined up {amounts[2]} more." if later else f"{told}."


def _years_of_sales(known: Known) -> str:
    """A seller whose customers have ordered more than it sells in some years."""
    backlog = known.facts.last(known.company, "rpo")
    quarter = known.facts.quarters(known.company, "revenue", basis="actual").tail(1)
    year = 4 * value(quarter)
    if not year > 0 or not value(backlog) >= LEAST_YEARS * year:
        return ""
    day = backlog["end"].iloc[-1]
    if abs((day - quarter["end"].iloc[-1]).days) > periods.DAYS_PER_YEAR / 4 + 1:
        return ""
    years = formats.spelled(math.floor(value(backlog) / year))
    told = f"By {day:%B %Y} customers had ordered from {known.name} what it sells in more than {years} years"
    return f"{told}, at the pace of its last quarter."


TELLERS: tuple[Callable[[Known], str], ...] = (
    _ordered_over_sales,
    _ordered_over_put,
    _would_pay,
    _pays_customers,
    _customer_and_owner,
    _guarantees_over_orders,
    _leases_over_debt,
    _borrows_over_put,
    _years_of_sales,
)
