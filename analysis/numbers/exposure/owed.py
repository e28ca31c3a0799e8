"""What each creditor is owed, what that is to it, and what is known of whether it may be put off."""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models import exposure, obligations
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.calculations import labelled
from analysis.numbers.exposure.measured import CHANGED, GREW, SHRANK, backlog, revenue
from analysis.numbers.exposure.terms import NOT_PUBLISHED, PART, binding_gw, deferral, is_part_binding, stage
from analysis.numbers.facts import NAN, Facts, names, ratio, text, value
from analysis.numbers.results import Results

MOVED = {GREW: "grown", SHRANK: "shrunk", CHANGED: "changed"}
AS_STATED = "as it says itself"
AS_INFERRED = "if all of it is booked there, which the supplier does not say"

# The columns beside the amounts of each creditor in `exposures`, in any ledger: also where OpenAI owes nobody.
BESIDE = (
    "name",
    "discounted",
    "peak_year",
    "peak",
    "backlog_share",
    "backlog_words",
    "backlog_day",
    "is_stated",
    "since",
    "even",
    "revenue_share",
    "revenue_words",
    "may_defer",
    "stage",
)


def facts(ledger: Ledger, scenario: str = "central") -> Facts:
    """The facts of this chapter."""
    return Facts(ledger, "exposure", scenario)


def by_year(f: Facts, *, is_even: bool = False) -> pd.DataFrame:
    """What OpenAI has ordered by supplier and calendar year (see `obligations.by_year`): growing over each contract as
    we assume, or spread evenly."""
    ramp = 0.0 if is_even else f.choices["ramp"].central
    return obligations.by_year(quantities.outstanding(f), modelling.terms(f.choices), ramp)


@functools.lru_cache(maxsize=16)
def exposures(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of exposures: one row a supplier, the largest first.

    Returns
    -------
    DataFrame
        The columns of `exposure.by_creditor`, name, high (priced and conditional), discounted (of high), peak_year
        (text) and peak (the fullest year, US$ bn), even (the fullest year when each contract is spread evenly, US$ bn),
        backlog_share and revenue_share (of 1: all of it over the backlog, the fullest year over a year's revenue),
        backlog_words, backlog_day (month), is_stated and since (see `Base`), revenue_words, may_defer and stage
        (words).
    """
    f = facts(ledger, scenario)
    owed, spread = quantities.outstanding(f), by_year(f)
    table = exposure.by_creditor(owed)
    factor = exposure.discount_factors(spread["year"], ledger.as_of, f.choices["discount_rate"].central)
    discounted = (spread["high"] * factor).groupby(spread["payee"]).sum()
    yearly = spread.pivot_table(index="payee", columns="year", values="high", aggfunc="sum").fillna(0.0)
    even = by_year(f, is_even=True).groupby(["payee", "year"])["high"].sum().groupby("payee").max()
    rows = []
    for party in table["party"]:
        has_years = party in yearly.index and yearly.loc[party].max() > 0
        peak = float(yearly.loc[party].max()) if has_years else NAN
        part, base = backlog(f, party), revenue(f, party)
        rows.append(
            {
                "name": ledger.name(party),
                "discounted": float(discounted.get(party, 0.0)),
                "peak_year": str(yearly.loc[party].idxmax()) if has_years else "",
                "peak": peak,
                "backlog_share": part.value if has_years else NAN,
                "backlog_words": part.words,
                "backlog_day": part.day if has_years else "",
                "is_stated": part.is_stated,
                "since": part.since,
                "even": float(even.get(party, NAN)) if has_years else NAN,
                "revenue_share": ratio(peak, base.value),
                "revenue_words": base.words,
                "may_defer": deferral(f, party)[0],
                "stage": stage(owed[owed["payee"] == party]) + (PART if is_part_binding(f, party) else ""),
            }
        )
    beside = pd.DataFrame(rows, table.index, list(BESIDE))
    return table.assign(high=table["priced"] + table["conditional"]).join(beside)


def _part_of_all(order: float, others: float, end: str) -> float:
    """An order as a part of all that is ordered, per cent, the others at one end ("low" or "high") of theirs."""
    rest = labelled(others, "usd_bn", f"all other orders at their {end} ends")
    own = labelled(order, "usd_bn", "its order")
    return 100 * ratio(own, own + rest)


def _times_revenue(small: pd.DataFrame, column: str, words: str) -> float:
    """Payments of a year (a column, US$ bn) to the first of some suppliers, over its revenue."""
    peak, share = (value(small.head(1), c) for c in ("peak", "revenue_share"))
    base = f"its revenue in the {small['revenue_words'].iloc[0]}" if len(small) else ""
    return ratio(labelled(value(small.head(1), column), "usd_bn", words), labelled(ratio(peak, share), "usd_bn", base))


def _shares_of_revenue(f: Facts) -> pd.DataFrame:
    """The shares of OpenAI's revenue that somebody is to get, unless all that a cap allows has been paid."""
    rows = f.ledger.part("deals", "kind", "revenue-share")
    over = rows[(rows["payer"] == "openai") & (rows["status"] == counted.CLOSED)]
    shares = f.payments(payer="openai", scope="openai", kind="revenue-share")
    return shares[~shares["payee"].isin(over["payee"])]


def largest(ledger: Ledger, scenario: str = "central") -> Results:
    """Who holds the largest order, and whose backlog depends most on OpenAI."""
    f = facts(ledger, scenario)
    table, owed = exposures(ledger, scenario), quantities.outstanding(f)
    priced = table[table["high"] > 0]
    everything = quantities.owed(f)
    settled = everything[everything["status"].eq(counted.CLOSED) & ~counted.is_unpriced(everything)]
    total = counted.total(owed)
    top = priced.head(1)
    rest = priced[priced["backlog_share"].notna()].sort_values("backlog_share", ascending=False, kind="stable")
    dependent = rest.head(1)
    moved = dependent["since"].iloc[0] if len(dependent) else ""
    small = priced[priced["revenue_share"] > 1].sort_values("revenue_share", ascending=False, kind="stable")
    silent = table[table["may_defer"] == NOT_PUBLISHED]
    day = text(dependent, "backlog_day")
    theirs = [backlog(f, p).rows for p in dependent["party"]] if len(dependent) else []
    of_revenue = [revenue(f, p).rows for p in small["party"].head(1)]
    orders = quantities.outstanding_supply(f)
    orders = orders[counted.is_unpriced(orders)]
    unpriced = table[table["party"].isin(orders["payee"])]
    size, sure = float(orders["gw"].fillna(0.0).sum()), binding_gw(f, orders)
    shared = _shares_of_revenue(f)
    return Results(
        [
            f.amount("owed", "OpenAI's priced orders", owed),
            f.amount("settled", "Orders that are paid in full", settled),
            f.result("has_settled", "Orders with a price are paid in full", len(settled) > 0, "flag", settled),
            f.result(
                "discounted",
                "The same in today's money",
                float(table["discounted"].sum()) if len(priced) else NAN,
                "usd_bn",
                owed,
                how=f"At the high end, discounted at {formats.rounded(100 * f.choices['discount_rate'].central, 0)}%.",
            ),
            f.result("has_exposure", "OpenAI has ordered at a published price", len(priced) > 0, "flag", owed),
            f.result("first", "Supplier with the largest order", text(top, "name"), "text", owed),
            f.result(
                "first_owed",
                "Largest order",
                value(top, "high"),
                "usd_bn",
                owed,
                is_open=bool(top["is_open"].any()),
            ),
            f.result(
                "first_share",
                "Largest supplier's part of all that is ordered",
                None,
                "pct",
                owed,
                low=_part_of_all(value(top, "priced"), total.high - value(top, "high"), "high"),
                high=_part_of_all(value(top, "high"), total.low - value(top, "priced"), "low"),
                how="Its low end over the others' high ends, and the reverse.",
            ),
            f.result(
                "dependent",
                "Supplier with the largest part of its backlog from OpenAI",
                text(dependent, "name"),
                "text",
                *(r for rows in theirs for r in rows),
            ),
            f.result(
                "dependent_share",
                "OpenAI's part of its backlog",
                100 * value(dependent, "backlog_share"),
                "pct",
                *(r for rows in theirs for r in rows),
                how=f"{dependent['backlog_words'].iloc[0]}." if len(dependent) else "",
            ),
            f.result(
                "dependent_day",
                "Day of that backlog",
                f"{pd.to_datetime(day, format='%b %Y'):%B %Y}" if day else None,
                "text",
                *(r for rows in theirs for r in rows),
            ),
            f.result(
                "dependent_basis",
                "How that part is known",
                (AS_STATED if dependent["is_stated"].any() else AS_INFERRED) if len(dependent) else None,
                "text",
                *(r for rows in theirs for r in rows),
            ),
            f.result(
                "has_dependent", "OpenAI's part of a backlog is known", len(dependent) > 0 and not moved, "flag", owed
            ),
            f.result("has_moved_dependent", "Its orders have changed since that backlog", bool(moved), "flag", owed),
            f.result("dependent_moved", "What its orders have done since that backlog", MOVED.get(moved), "text", owed),
            f.result(
                "outgrown",
                "Supplier whose fullest year from OpenAI exceeds its revenue most",
                text(small.head(1), "name"),
                "text",
                owed,
                *(r for rows in of_revenue for r in rows),
            ),
            f.result(
                "outgrown_times",
                "OpenAI's fullest year over its revenue",
                _times_revenue(small, "peak", "payments of the fullest year"),
                "x",
                owed,
                *(r for rows in of_revenue for r in rows),
                how=f"Over the {small['revenue_words'].iloc[0]}." if len(small) else "",
            ),
            f.result(
                "outgrown_base",
                "Its revenue is that of the",
                small["revenue_words"].iloc[0] if len(small) else None,
                "text",
                *(r for rows in of_revenue for r in rows),
            ),
            f.result("outgrown_year", "That year", text(small.head(1), "peak_year"), "text", owed),
            f.result("has_outgrown", "A year of OpenAI exceeds a supplier's revenue", len(small) > 0, "flag", owed),
            f.result("unpriced_gw", "Capacity ordered without a published price", size or None, "gw", orders),
            f.result("unpriced_signed", "Capacity ordered without a price that is binding", sure, "gw", orders),
            f.result("unpriced_names", "Suppliers of orders without a price", names(unpriced), "text", orders),
            f.result("has_unpriced_gw", "The size of orders without a price is known", size > 0, "flag", orders),
            f.result("has_shared", "Someone has a share of OpenAI's revenue", len(shared) > 0, "flag", shared),
            f.result(
                "shared_names",
                "Those with a share of OpenAI's revenue",
                names(table[table["party"].isin(shared["payee"])]),
                "text",
                shared,
            ),
            f.result("silent", "Suppliers of whose terms of delay nothing is known", len(silent), "count", owed),
            f.result("silent_names", "Suppliers of whose terms of delay nothing is known", names(silent), "text", owed),
        ]
    )
