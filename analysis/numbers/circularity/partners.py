"""Round trips: what each partner puts into a lab, and what it is to get back in orders."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity
from analysis.models import deals as counted
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS
from analysis.numbers import formats, modelling
from analysis.numbers.circularity.measures import facts
from analysis.numbers.facts import ratio
from analysis.numbers.network import short_name
from analysis.numbers.results import Results

LAB, CONTROL = "openai", "anthropic"
TWO_SIDED = "Firms that put in equity or debt and hold orders for compute, chips or leases, with a price or without."
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
    "is_two_sided",
]
AMOUNTS = COLUMNS[2:-2]


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
        Columns partner, name, those of `models.circularity.round_trip` (US$ bn, high ends), unpriced (deals on either
        side without an amount) and is_two_sided (see `models.deals.two_sided`).
    """
    choose = ledger.assumptions(scenario)
    rate = choose["discount_rate"].central
    deals, years = modelling.lab_payments(ledger, choose, lab)
    rows, both = [], counted.two_sided(deals, lab)
    for partner in modelling.partners(deals, modelling.parties(ledger), lab):
        put = deals[(deals["payer"] == partner) & deals["kind"].isin(FUNDING_KINDS)]
        orders = deals[(deals["payee"] == partner) & deals["kind"].isin(SUPPLY_KINDS)]
        if put.empty and orders.empty:
            continue
        trip = circularity.round_trip(years, partner, lab, rate, base_year=ledger.as_of.year)
        unpriced = counted.total(put).undisclosed + counted.total(orders).undisclosed
        rows.append(
            {"partner": partner, "name": ledger.name(partner)}
            | trip
            | {"unpriced": unpriced, "is_two_sided": partner in both}
        )
    table = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(AMOUNTS, float))  # also without a row
    largest_first = (table["put_in"] + table["paid_back"]).sort_values(ascending=False, kind="stable").index
    return table.loc[largest_first].reset_index(drop=True)


def both_ways(partners: pd.DataFrame) -> pd.DataFrame:
    """Return the two-sided partners, of those of `partners`."""
    return partners[partners["is_two_sided"].astype(bool)]


def priced(partners: pd.DataFrame) -> pd.DataFrame:
    """Return the two-sided partners with an amount on both sides, of those of `partners`."""
    both = both_ways(partners)
    return both[(both["put_in"] > 0) & (both["paid_back"] > 0)]


def ratios(partners: pd.DataFrame) -> str | None:
    """Return the orders for each dollar put in of the partners of `priced`, largest first, in words."""
    found = priced(partners).sort_values("orders_per_dollar", ascending=False)
    words = [
        f"{formats.amount(r.orders_per_dollar, 'usd')} at {short_name(r.name)}" for r in found.itertuples(index=False)
    ]
    return formats.listed(words) or None


def trips(ledger: Ledger, scenario: str = "central") -> Results:
    """Round trips of OpenAI's partners, and of Anthropic's by the same function."""
    f = facts(ledger, scenario)
    known, control = partners(ledger, scenario), partners(ledger, scenario, CONTROL)
    both, both_priced, control_priced = both_ways(known), priced(known), priced(control)
    unpriced = both[~both["partner"].isin(both_priced["partner"])]
    one_way = known[~known["is_two_sided"].astype(bool) & (known["paid_back"] > 0)]
    sums, control_sums = both_priced.sum(numeric_only=True), control_priced.sum(numeric_only=True)
    deals, control_deals = f.payments(scope="openai"), f.payments(scope="comparator")
    plain, control_plain = (ratio(s["paid_back"], s["put_in"]) for s in (sums, control_sums))

    def names(rows: pd.DataFrame) -> str | None:
        return formats.listed(list(map(short_name, rows["name"]))) or None

    return Results(
        [
            f.result("both_ways", "Two-sided partners", len(both), "count", deals, how=TWO_SIDED),
            f.result("both_ways_names", "Two-sided partners: names", names(both), "text", deals),
            f.result("has_two_sided", "There is a two-sided partner", len(both) > 0, "flag", deals),
            f.result("has_one_way", "There is a supplier that puts nothing in", len(one_way) > 0, "flag", deals),
            f.result("both_priced", "Two-sided partners with a price on both sides", len(both_priced), "count", deals),
            f.result(
                "both_priced_names",
                "Two-sided partners with a price on both sides: names",
                names(both_priced),
                "text",
                deals,
            ),
            f.result(
                "has_priced", "A two-sided partner has a price on both sides", len(both_priced) > 0, "flag", deals
            ),
            f.result("unpriced_names", "Two-sided partners whose orders have no price", names(unpriced), "text", deals),
            f.result("has_unpriced", "A two-sided partner's orders have no price", len(unpriced) > 0, "flag", deals),
            f.result(
                "both_in",
                "Put in by two-sided partners with a price on both sides",
                sums["put_in"] if len(both_priced) else None,
                "usd_bn",
                deals,
                how="High ends.",
            ),
            f.result(
                "both_back",
                "Orders held by two-sided partners with a price on both sides",
                sums["paid_back"] if len(both_priced) else None,
                "usd_bn",
                deals,
            ),
            f.result("orders_plain", "Orders for each dollar put in, undiscounted", plain, "usd", deals),
            f.result(
                "orders_today",
                "Orders for each dollar put in, discounted",
                ratio(sums["paid_back_today"], sums["put_in_today"]),
                "usd",
                deals,
                how="Money of later years counts less, at our discount rate.",
            ),
            f.result("orders_each", "Orders for each dollar put in, partner by partner", ratios(known), "text", deals),
            f.result("one_way_names", "Suppliers that put nothing in", names(one_way), "text", deals),
            f.result(
                "has_control",
                "Anthropic has a two-sided partner with a price on both sides",
                len(control_priced) > 0,
                "flag",
                control_deals,
            ),
            f.result("control_names", "Anthropic's two-sided partners", names(control_priced), "text", control_deals),
            f.result(
                "control_orders", "Orders for each dollar put in at Anthropic", control_plain, "usd", control_deals
            ),
            f.result(
                "control_each",
                "Orders for each dollar put in at Anthropic, by partner",
                ratios(control),
                "text",
                control_deals,
            ),
            f.result(
                "is_like_control",
                "Orders for each dollar at Anthropic are within a half of those at OpenAI",
                bool(plain / 1.5 <= control_plain <= plain * 1.5),
                "flag",
                deals,
                control_deals,
            ),
        ]
    )
