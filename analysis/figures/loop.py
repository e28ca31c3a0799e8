"""The two sides of OpenAI's partners: what each puts into it, and what OpenAI has ordered from each."""

import functools
import math

import pandas as pd

from analysis.figures.figure_sources import priced
from analysis.figures.marks.mirrored import LEFT, RIGHT
from analysis.figures.replay import replayed
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, modelling, parties, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, value

IN, OUT, CUSTOMERS = "put into OpenAI", "ordered by OpenAI", "paid by customers in a year"
ROLES = {IN: "equity", OUT: "orders", CUSTOMERS: "customers"}
PAYING = "Customers"
WORDS = {"name": "Party", "kind": "Kind", "text": "US$ bn"}
COLUMNS = ["name", "side", "kind", "firm", "most", "text", "label"]
NO_PRICE = "no price published"
UNPRICED = "no price"
MOST_BOTH, MOST_ONE_WAY = 4, 4


def short_amount(low: float, high: float, is_open: bool) -> str:
    """Return an amount in US$ bn without its unit, for the inside of a picture; a floor as ``300+``."""
    if is_open:
        return f"{formats.amount(low, 'usd_bn', has_unit=False)}+"
    return formats.quantity(None, "usd_bn", low, high, has_unit=False)


@functools.lru_cache(maxsize=8)
def places(ledger: Ledger) -> tuple[dict[str, str], ...]:
    """Return the parties drawn, as names by keys, in groups from above: firms on both sides, investors whose orders
    have no price, suppliers, other investors, customers."""
    found = parties.largest_parties(ledger, 99)
    both = found["is_both"]
    supplies = ~both & (found["sells_high"] > 0) & (found["invests_high"] == 0)
    investors = found[~both & (found["invests_high"] > 0)].nlargest(MOST_ONE_WAY, "invests_high")
    groups = (
        found[both].head(MOST_BOTH),
        investors[investors["is_unpriced_both"]],
        found[supplies].nlargest(MOST_ONE_WAY, "sells_high"),
        investors[~investors["is_unpriced_both"]],
    )
    made = [dict(zip(part["party"], part["name"], strict=True)) for part in groups]
    if len(quantities.run_rate(Facts(ledger, "index"))):
        made.append({PAYING: PAYING})
    return tuple(group for group in made if group)


def _keys(ledger: Ledger) -> list[str]:
    return [key for group in places(ledger) for key in group]


def drawn_deals(ledger: Ledger) -> pd.DataFrame:
    """Return the deals behind the lines: shares in OpenAI and orders from it with an amount, of the parties drawn."""
    rows = priced(counted.payments(ledger.deals, scope="openai"))
    sides, drawn = modelling.parties(ledger).grouped(rows), _keys(ledger)
    puts_in = sides["kind"].eq("equity") & sides["payer"].isin(drawn)
    sells = sides["kind"].isin(counted.SUPPLY_KINDS) & sides["payee"].isin(drawn)
    return rows[puts_in | sells]


def left_out(ledger: Ledger) -> list[str]:
    """Return the parties with an amount for which the picture has no room, each with what it puts in and sells."""
    drawn = set(_keys(ledger))
    sides = parties.sides_by_party(ledger)
    left = sides[~sides["party"].isin(drawn | {"openai"})]
    sums = zip(left["name"], left["invests_high"] + left["sells_high"], strict=True)
    return [f"{short_name(name)} {formats.amount(total, 'usd_bn')}" for name, total in sums if total > 0]


def _unpaid(ledger: Ledger) -> dict[str, float]:
    """What of its shares each party has not paid as far as is known, US$ bn, companies of a group as their group."""
    groups, found = modelling.parties(ledger).groups, dict[str, float]()
    for part in quantities.equity_to_come(Facts(ledger, "index")).itertuples(index=False):
        party = groups.get(part.payer, part.payer)
        found[party] = found.get(party, 0.0) + part.low
    return found


def bars(ledger: Ledger, order: tuple[dict[str, str], ...]) -> pd.DataFrame:
    """Return the bars of the parties of ``order`` (see `places`) that are known, as `marks.mirrored_bars` takes them.

    Solid is what is firm of an order, and what is known to be paid of shares; a party that puts in money, and takes
    orders without a price, has a dotted line.
    """
    found = parties.largest_parties(ledger, 99).set_index("party")
    customers = value(quantities.run_rate(Facts(ledger, "index")).tail(1))
    unpaid = _unpaid(ledger)
    rows: list[tuple[str, str, str, float, float, str, str]] = []
    for key, name in (pair for group in order for pair in group.items()):
        if key == PAYING and not math.isnan(customers):
            text = short_amount(customers, customers, False)
            rows.append((name, LEFT, CUSTOMERS, customers, customers, text, f"{text} a year"))
        if key not in found.index:
            continue
        party = found.loc[key]
        if party["invests_high"]:
            text = short_amount(party["invests_low"], party["invests_high"], bool(party["invests_open"]))
            paid = max(0.0, party["invests_low"] - unpaid.get(key, 0.0))
            told = (
                f"paid {formats.amount(paid, 'usd_bn', has_unit=False)} of {text}"
                if unpaid.get(key)
                else f"paid {text}"
            )
            rows.append((name, LEFT, IN, paid, party["invests_high"], text, told))
        if party["sells_high"]:
            text = short_amount(party["sells_low"], party["sells_high"], bool(party["sells_open"]))
            rows.append((name, RIGHT, OUT, party["sells_low"], party["sells_high"], text, text))
        elif party["is_unpriced_both"]:
            rows.append((name, RIGHT, OUT, 0.0, 0.0, NO_PRICE, UNPRICED))
    return pd.DataFrame(rows, columns=COLUMNS)


@functools.lru_cache(maxsize=2)
def by_day(ledger: Ledger) -> tuple[pd.DataFrame, list[str]]:
    """Return the `bars` of each day of the story with their days, and the days, as `replay.replayed` does."""
    order = places(ledger)
    (found,), days = replayed(ledger, lambda view: (bars(view, order),))
    return found, days
