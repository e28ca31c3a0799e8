"""Round trips: what each partner puts into a lab, and what it is to get back in orders."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity
from analysis.models import deals as counted
from analysis.models.deals import FUNDING_KINDS
from analysis.numbers import modelling
from analysis.numbers.circularity.measures import facts
from analysis.numbers.facts import ratio
from analysis.numbers.results import Results

LAB, CONTROL = "openai", "anthropic"
COLUMNS = [
    "partner",
    "name",
    "put_in",
    "paid_back",
    "returned",
    "orders_per_dollar",
    "put_in_today",
    "paid_back_today",
    "returned_today",
    "orders_per_dollar_today",
    "unpriced",
]
AMOUNTS = COLUMNS[2:-1]


def partners(ledger: Ledger, scenario: str = "central", lab: str = LAB) -> pd.DataFrame:
    """Return the round trip of each partner, largest first.

    Parameters
    ----------
    ledger : Ledger
        The ledger as known on a day.
    scenario : str
        The scenario of our choices.
    lab : str
        Whose partners.

    Returns
    -------
    DataFrame
        Columns partner, name, those of `models.circularity.round_trip` (US$ bn, high ends) and unpriced (deals on
        either side without an amount).
    """
    choose = ledger.assumptions(scenario)
    rate = choose["discount_rate"].central
    deals, years = modelling.lab_payments(ledger, choose, lab)
    rows = []
    for partner in modelling.partners(deals, modelling.parties(ledger), lab):
        put = deals[(deals["payer"] == partner) & deals["kind"].isin(FUNDING_KINDS)]
        orders = deals[deals["payee"] == partner]
        if put.empty and orders.empty:
            continue
        trip = circularity.round_trip(years, partner, lab, rate, base_year=ledger.as_of.year)
        unpriced = counted.total(put).undisclosed + counted.total(orders).undisclosed
        rows.append({"partner": partner, "name": ledger.name(partner)} | trip | {"unpriced": unpriced})
    table = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(AMOUNTS, float))  # also without a row
    largest_first = (table["put_in"] + table["paid_back"]).sort_values(ascending=False, kind="stable").index
    return table.loc[largest_first].reset_index(drop=True)


def both_ways(partners: pd.DataFrame) -> pd.DataFrame:
    """Return the partners with money both ways, of those of `partners`."""
    return partners[(partners["put_in"] > 0) & (partners["paid_back"] > 0)]


def trips(ledger: Ledger, scenario: str = "central") -> Results:
    """Round trips of OpenAI's partners, and of Anthropic's by the same function."""
    f = facts(ledger, scenario)
    known = partners(ledger, scenario)
    both, control = both_ways(known), both_ways(partners(ledger, scenario, CONTROL))
    one_way = known[(known["put_in"] == 0) & (known["paid_back"] > 0)]
    sums, control_sums = both.sum(numeric_only=True), control.sum(numeric_only=True)
    deals, control_deals = f.payments(scope="openai"), f.payments(scope="comparator")
    return Results(
        [
            f.result("both_ways", "Partners with money both ways", len(both), "count", deals),
            f.result(
                "both_ways_names",
                "Partners with money both ways: names",
                ", ".join(both["name"]) or None,
                "text",
                deals,
            ),
            f.result(
                "both_in",
                "Put in by partners with money both ways",
                sums["put_in"] if len(both) else None,
                "usd_bn",
                deals,
                how="High ends, by year and added up.",
            ),
            f.result(
                "both_back",
                "Orders due to partners with money both ways",
                sums["paid_back"] if len(both) else None,
                "usd_bn",
                deals,
            ),
            f.result(
                "orders_plain",
                "Orders for each dollar put in, undiscounted",
                ratio(sums["paid_back"], sums["put_in"]),
                "usd",
                deals,
            ),
            f.result(
                "orders_today",
                "Orders for each dollar put in, discounted",
                ratio(sums["paid_back_today"], sums["put_in_today"]),
                "usd",
                deals,
                how="Money of later years counts less, at our discount rate.",
            ),
            f.result(
                "one_way_names", "Suppliers that put nothing in", ", ".join(one_way["name"]) or None, "text", deals
            ),
            f.result(
                "has_control",
                "Anthropic has a partner with money both ways",
                len(control) > 0,
                "flag",
                control_deals,
            ),
            f.result(
                "control_names",
                "Anthropic's partners with money both ways",
                ", ".join(control["name"]) or None,
                "text",
                control_deals,
            ),
            f.result(
                "control_orders",
                "Orders for each dollar put in at Anthropic",
                ratio(control_sums["paid_back"], control_sums["put_in"]),
                "usd",
                control_deals,
            ),
        ]
    )
