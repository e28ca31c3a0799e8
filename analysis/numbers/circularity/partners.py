"""Round trips: what each partner puts into a lab, and what it is to get back in orders."""

import functools
import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity
from analysis.models import deals as counted
from analysis.models.deals import FUNDING_KINDS, SUPPLY_KINDS
from analysis.numbers import formats, modelling
from analysis.numbers.calculations import labelled
from analysis.numbers.circularity.measures import facts
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN, Facts, ratio
from analysis.numbers.results import Result, Results

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
    "put_in_low",
    "paid_back_low",
    "unpriced",
    "is_floor",
    "is_ceiling",
    "is_two_sided",
]
AMOUNTS = COLUMNS[2:-4]
TWO_DIGITS = 10  # dollars: from here on cents say nothing
ENDS = ["put_in_low", "put_in", "paid_back_low", "paid_back"]


@functools.lru_cache(maxsize=8)
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
        Columns partner, name, those of `models.circularity.round_trip` (US$ bn, high ends), put_in_low and
        paid_back_low (US$ bn), unpriced (deals on either side without an amount), is_floor (an order is of at least
        its amount), is_ceiling (the partner has also put in an amount that is not published) and is_two_sided (see
        `models.deals.two_sided`).
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
        in_all, back = counted.total(put), counted.total(orders)
        rows.append(
            {"partner": partner, "name": ledger.name(partner)}
            | trip
            | {
                "put_in_low": in_all.low,
                "paid_back_low": back.low,
                "is_floor": back.is_open,
                "unpriced": in_all.undisclosed + back.undisclosed,
                "is_ceiling": _has_hidden(ledger, partner, lab),
                "is_two_sided": partner in both,
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(AMOUNTS, float))  # also without a row
    largest_first = (table["put_in"] + table["paid_back"]).sort_values(ascending=False, kind="stable").index
    return table.loc[largest_first].reset_index(drop=True)


def _has_hidden(ledger: Ledger, partner: str, lab: str) -> bool:
    """Whether a partner has put money into a lab, also as part of a round, of which no amount is published."""
    rows = modelling.parties(ledger).grouped(counted.signed(ledger.deals))
    mine = (rows["payer"] == partner) & (rows["payee"] == lab) & rows["kind"].isin(FUNDING_KINDS)
    return bool(counted.is_unpriced(rows[mine]).any())


def facilities(ledger: Ledger, names_: pd.Series) -> pd.DataFrame:
    """Signed money for Anthropic that some partners give on conditions, beside what they have put in or promised."""
    rows = counted.signed(ledger.deals)
    is_theirs = rows["payer"].isin(names_) & (rows["payee"] == CONTROL) & rows["kind"].isin(FUNDING_KINDS)
    return rows[is_theirs & (rows["role"] == "contingent")]


def orders_for_a_dollar(
    put_low: float, put_high: float, back_low: float, back_high: float, *, is_floor: bool = False
) -> tuple[float, float]:
    """Return the least and the most orders for each dollar put in, US$; NaN for a most that has no end.

    All in US$ bn. What was promised "up to" an amount may be nothing, and an order may be of at least its amount
    (``is_floor``): then only the least is known.
    """
    back = [labelled(end, "usd_bn", "orders from the partners") for end in (back_low, back_high)]
    put = [labelled(end, "usd_bn", "what they put in or promised") for end in (put_high, put_low)]
    return ratio(back[0], put[0] or NAN), NAN if is_floor else ratio(back[1], put[1] or NAN)


def ratio_in_words(low: float, high: float, *, is_ceiling: bool) -> str:
    """Return orders for each dollar put in as readers see them: "US$2.8–9.2", "US$6 or more", "at most US$18"."""
    least, most = ("" if math.isnan(v) else formats.rounded(v, 0 if v >= TWO_DIGITS else 1) for v in (low, high))
    if is_ceiling:
        return f"at most US${most or least}"
    if math.isnan(high):
        return f"US${least} or more"
    return f"US${least}" if math.isclose(low, high) else f"US${least}–{most}"


def both_ways(partners: pd.DataFrame) -> pd.DataFrame:
    """Return the two-sided partners, of those of `partners`."""
    return partners[partners["is_two_sided"].astype(bool)]


def priced(partners: pd.DataFrame) -> pd.DataFrame:
    """Return the two-sided partners with an amount on both sides, of those of `partners`."""
    both = both_ways(partners)
    return both[(both["put_in"] > 0) & (both["paid_back"] > 0)]


def trip_in_words(trip: Mapping[Hashable, Any]) -> str:
    """Return the orders for each dollar put in of a row of `partners` as readers see them."""
    ends = orders_for_a_dollar(*(trip[c] for c in ENDS), is_floor=bool(trip["is_floor"]))
    return ratio_in_words(*ends, is_ceiling=bool(trip["is_ceiling"]))


def dollars_ordered(trip: Mapping[Hashable, Any]) -> tuple[float, float]:
    """Return the dollars ordered for a dollar put in, of a row of `partners`: at least, and at most.

    Where more was put in than is published, all of them are only a most; where no most is known, it is the least.
    """
    low, high = orders_for_a_dollar(*(trip[c] for c in ENDS), is_floor=bool(trip["is_floor"]))
    most = low if math.isnan(high) else high
    return (0.0 if trip["is_ceiling"] else low), most


def ratios(partners: pd.DataFrame) -> str | None:
    """Return the orders for each dollar put in of the partners of `priced`, largest first, in words."""
    found = priced(partners).sort_values("orders_per_dollar", ascending=False)
    words = [f"{trip_in_words(r)} at {short_name(r['name'])}" for r in found.to_dict("records")]
    return formats.listed(words) or None


def trips(ledger: Ledger, scenario: str = "central") -> Results:
    """Round trips of OpenAI's partners, and of Anthropic's by the same function."""
    f = facts(ledger, scenario)
    known, control = partners(ledger, scenario), partners(ledger, scenario, CONTROL)
    both, both_priced, control_priced = both_ways(known), priced(known), priced(control)
    unpriced = both[~both["partner"].isin(both_priced["partner"])]
    one_way = known[~known["is_two_sided"].astype(bool) & (known["paid_back"] > 0)]
    sums = both_priced.sum(numeric_only=True)
    deals, control_deals = f.payments(scope="openai"), f.payments(scope="comparator")
    facility = facilities(ledger, control_priced["partner"])
    plain, control_plain = (
        orders_for_a_dollar(*rows.sum(numeric_only=True).reindex(ENDS), is_floor=bool(rows["is_floor"].any()))
        for rows in (both_priced, control_priced)
    )

    def names(rows: pd.DataFrame) -> str | None:
        return formats.listed(list(map(short_name, rows["name"]))) or None

    return Results(
        [
            f.result("has_two_sided", "There is a two-sided partner", len(both) > 0, "flag", deals, how=TWO_SIDED),
            f.result("has_one_way", "There is a supplier that puts nothing in", len(one_way) > 0, "flag", deals),
            f.result(
                "has_priced", "A two-sided partner has a price on both sides", len(both_priced) > 0, "flag", deals
            ),
            f.result("unpriced_names", "Two-sided partners whose orders have no price", names(unpriced), "text", deals),
            f.result("has_unpriced", "A two-sided partner's orders have no price", len(unpriced) > 0, "flag", deals),
            f.result(
                "both_in",
                "Put in or promised by two-sided partners with a price on both sides",
                None,
                "usd_bn",
                deals,
                low=sums["put_in_low"] if len(both_priced) else None,
                high=sums["put_in"] if len(both_priced) else None,
            ),
            f.result(
                "both_back",
                "Orders held by two-sided partners with a price on both sides",
                sums["paid_back"] if len(both_priced) else None,
                "usd_bn",
                deals,
            ),
            _dollars(f, "orders_plain", "Orders for each dollar put in or promised", plain, deals),
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
                "control_orders",
                "Orders for each dollar put in or promised at Anthropic",
                ratio_in_words(*control_plain, is_ceiling=False) if len(control_priced) else None,
                "text",
                control_deals,
            ),
            f.amount("control_facility", "What these may still put into Anthropic on conditions", facility),
            f.result("has_control_facility", "They may put in more", len(facility) > 0, "flag", facility),
            f.result(
                "has_control_told",
                "Some of Anthropic's orders there are known from press reports alone",
                bool((_orders_of(control_deals, control_priced)["status"] == counted.REPORTED).any()),
                "flag",
                control_deals,
            ),
            f.result(
                "is_ceiling",
                "A two-sided partner has also put in an amount that is not published",
                bool(both_priced["is_ceiling"].any()),
                "flag",
                deals,
            ),
            f.result(
                "ceiling_names",
                "Two-sided partners that have also put in an amount that is not published",
                names(both_priced[both_priced["is_ceiling"].astype(bool)]),
                "text",
                deals,
            ),
        ]
    )


def _orders_of(deals: pd.DataFrame, partners: pd.DataFrame) -> pd.DataFrame:
    """The orders that Anthropic has placed with partners, of those of `partners`: rows of deals."""
    is_order = (deals["payer"] == CONTROL) & deals["kind"].isin(SUPPLY_KINDS)
    return deals[is_order & deals["payee"].isin(partners["partner"])]


def _dollars(f: Facts, name: str, label: str, ends: tuple[float, float], deals: pd.DataFrame) -> Result:
    """A result of `orders_for_a_dollar`: a range, or a floor where the most has no end."""
    low, high = ends
    how = "Orders over what is put in or promised: the least of the one over the most of the other, and the reverse."
    if math.isnan(high):
        return f.result(name, label, low, "usd", deals, is_open=not math.isnan(low), how=how)
    return f.result(name, label, None, "usd", deals, low=low, high=high, how=how)
