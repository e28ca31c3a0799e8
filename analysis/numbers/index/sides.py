"""What the first page says of firms on both sides: how much of the money can come back to who put it in."""

import functools
import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN, Facts, names, ratio, total
from analysis.numbers.parties import largest_parties, sides_by_party
from analysis.numbers.results import Result, Results


def _returns(ledger: Ledger) -> pd.DataFrame:
    """For every dollar that a party has put into OpenAI or promised it, what OpenAI has ordered from it.

    Returns
    -------
    DataFrame
        One row a party that puts in money: the columns of `parties.largest_parties` with owed_low and owed_high (US$
        of orders for each dollar put in; low over high and high over low, NaN where the orders have no price and 0
        where there are none); by what is put in, largest first.
    """
    found = largest_parties(ledger, 99)
    found = found[found["invests_high"] > 0].sort_values("invests_high", ascending=False, kind="stable")
    firm = found["invests_low"].where(found["invests_low"] > 0, found["invests_high"])
    is_known = ~found["is_unpriced_both"]
    return found.assign(
        owed_low=(found["sells_low"] / found["invests_high"]).where(is_known),
        owed_high=(found["sells_high"] / firm).where(is_known),
    ).reset_index(drop=True)


def _dollars(low: float, high: float) -> str:
    """Orders for a dollar as a sentence writes them, without cents from ten dollars up."""
    return (
        formats.about(None, "usd", low, high, is_open=False) if low >= 10 else formats.quantity(None, "usd", low, high)
    )


def _ordered_from(ledger: Ledger, owes: pd.DataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    """The orders from firms on both sides."""
    payees = modelling.parties(ledger).grouped(owes)["payee"]
    return owes[payees.isin(sides.loc[sides["is_both"], "party"])]


def _sums(to_both: pd.DataFrame, owes: pd.DataFrame) -> tuple[counted.Amount, counted.Amount]:
    """The sums of the orders from firms on both sides and of all."""
    return total(to_both, "orders with firms that also invest"), total(owes, "all orders with a price")


def to_both_share(ledger: Ledger, scenario: str = "central") -> Result:
    """The part of the orders with a price that goes to firms on both sides."""
    f = Facts(ledger, "index", scenario)
    owes = quantities.supply(f)
    part, whole = _sums(_ordered_from(ledger, owes, sides_by_party(ledger)), owes)
    return f.result(
        "to_both_share",
        "Investors' part of the orders with a price",
        None,
        "pct",
        owes,
        low=100 * ratio(part.low, whole.high),
        high=100 * ratio(part.high, whole.low),
        how="Orders from firms on both sides over all orders; the range takes low against high.",
    )


@functools.lru_cache(maxsize=16)
def circle(ledger: Ledger, scenario: str = "central") -> Results:
    """The part of the money that has the same firm on both sides."""
    f = Facts(ledger, "index", scenario)
    sides = sides_by_party(ledger)
    both = sides[sides["is_both"]]
    owes, gets = quantities.supply(f), quantities.equity_promised(f)
    grouped = modelling.parties(ledger).grouped
    to_both = _ordered_from(ledger, owes, sides)
    from_both = gets[grouped(gets)["payer"].isin(both["party"])]
    part, whole = _sums(to_both, owes)
    inside, all_in = total(from_both, "equity from firms that also sell"), total(gets, "all equity")
    share_in = [100 * ratio(inside.low, all_in.low), 100 * ratio(inside.high, all_in.high)]
    suppliers = counted.by_party(grouped(owes), "payee")
    largest = suppliers.loc[suppliers["high"] > 0, "payee"].head(2)
    top = owes[grouped(owes)["payee"].isin(largest)]
    top_sum = total(top, "orders from the two largest suppliers")
    top_names = formats.listed([short_name(ledger.name(p)) for p in largest])
    shares = [100 * ratio(end, of) for end, of in ((top_sum.low, whole.low or NAN), (top_sum.high, whole.high))]
    known_shares = [share for share in shares if not math.isnan(share)]
    unpriced = sides[sides["is_unpriced_both"]]
    return Results(
        [
            f.result(
                "unpriced_names",
                "Investors whose orders from OpenAI have no published price",
                names(unpriced),
                "text",
                owes,
                gets,
            ),
            f.result("has_unpriced", "An investor's orders have no published price", len(unpriced) > 0, "flag", owes),
            f.amount(
                "from_unpriced",
                "Put in or promised by investors whose orders have no published price",
                gets[grouped(gets)["payer"].isin(unpriced["party"])],
            ),
            f.result("has_both", "A firm is on both sides", len(both) > 0, "flag", owes, gets),
            f.amount("to_both", "Orders with firms that also invest in OpenAI", to_both),
            to_both_share(ledger, scenario),
            f.amount("from_both", "Invested by firms that also sell to OpenAI", from_both),
            f.result(
                "is_mostly_others",
                "Most of those orders would have to be paid with other money",
                bool(100 * ratio(inside.high, part.low) < 50),
                "flag",
                to_both,
                from_both,
            ),
            f.result(
                "both_cover",
                "Share of those orders that the same firms' equity could pay for",
                None,
                "pct",
                to_both,
                from_both,
                low=100 * ratio(inside.low, part.high),
                high=100 * ratio(inside.high, part.low),
                how="Equity of firms on both sides over their orders: low over high, high over low.",
            ),
            f.result(
                "from_both_share",
                "Share of the equity that comes from its own suppliers",
                None,
                "pct",
                gets,
                low=min(share_in),
                high=max(share_in),
                how="Equity of firms on both sides over all equity, low and high.",
            ),
            f.result(
                "both_firms",
                "Firms on both sides, one or several",
                "firms that also invest in it" if len(both) > 1 else "a firm that also invests in it",
                "text",
                owes,
                gets,
            ),
            f.result("both_count", "Firms on both sides", len(both) or None, "count", owes, gets),
            f.result(
                "both_names",
                "Firms on both sides: names",
                formats.listed(list(both["name"])) or None,
                "text",
                owes,
                gets,
            ),
            f.amount("top_two", "Ordered from the two largest suppliers", top),
            f.result("top_two_names", "Two largest suppliers: names", top_names or None, "text", top),
            f.result(
                "is_top_two_most",
                "Two suppliers have most of the orders with a price",
                len(largest) == 2 and min(known_shares, default=0) > 50,
                "flag",
                top,
            ),
            f.result(
                "top_two_share",
                "The two largest suppliers' part of the orders with a price",
                None,
                "pct",
                owes,
                low=min(known_shares, default=NAN),
                high=max(known_shares, default=NAN),
                how="Their orders over all orders, low ends and high ends.",
            ),
        ]
    )
