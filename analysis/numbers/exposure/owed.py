"""What each creditor is owed, what that is to it, and what is known of whether it may be put off."""

import functools
from typing import NamedTuple

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import deals as counted
from analysis.models import exposure, obligations, periods
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.exposure.terms import NOT_PUBLISHED, PART, deferral, is_part_binding, stage
from analysis.numbers.facts import NAN, Facts, names, ratio, text, value
from analysis.numbers.results import Results

BACKLOGS = ("rpo", "aws_rpo", "revenue_backlog")
REVENUES = ("revenue", "aws_revenue")


class Base(NamedTuple):
    """A figure that an amount is measured by: US$ bn or a share of 1, what it is in words, its rows and its day."""

    value: float
    words: str
    rows: list[pd.DataFrame]
    day: str = ""  # the month of it, in short


# The columns beside the amounts of each creditor in `exposures`, in any ledger: also where OpenAI owes nobody.
BESIDE = (
    "name",
    "discounted",
    "peak_year",
    "peak",
    "backlog_share",
    "backlog_words",
    "backlog_day",
    "revenue_share",
    "revenue_words",
    "may_defer",
    "stage",
)


def facts(ledger: Ledger, scenario: str = "central") -> Facts:
    """The facts of this chapter."""
    return Facts(ledger, "exposure", scenario)


def by_year(f: Facts) -> pd.DataFrame:
    """What OpenAI owes by creditor and calendar year (see `obligations.by_year`)."""
    return obligations.by_year(quantities.owed(f), modelling.terms(f.choices), f.choices["ramp"].central)


def _month(row: pd.DataFrame) -> str:
    return f"{row['end'].iloc[-1]:%B %Y}"


def _short_month(row: pd.DataFrame) -> str:
    return f"{row['end'].iloc[-1]:%b %Y}"


def _segment(metric: str) -> str:
    return " (AWS)" if metric.startswith("aws_") else ""


def backlog(f: Facts, party: str) -> Base:
    """Return OpenAI's part of a supplier's backlog, 0 to 1.

    As last stated, or estimated where it never was; else what OpenAI owed by the end of the backlog's quarter over
    that backlog, so that no contract is set against a backlog older than itself. A contract that had started by then
    counts as it was known when the backlog was published.
    """
    stated = f.last(party, "openai_share_of_rpo", basis="actual")
    stated = stated if len(stated) else f.last(party, "openai_share_of_rpo")
    if len(stated):
        how = "stated" if stated["basis"].iloc[0] == "actual" else "estimated from growth without OpenAI"
        return Base(value(stated) / 100, f"{how}, {_month(stated)}", [stated], _short_month(stated))
    part = f.last(party, "rpo_openai")
    whole = f.metric(party, "rpo")
    whole = whole[whole["end"].isin(part["end"])].tail(1)
    if len(part) and len(whole):
        words = f"contract as reported over backlog, {_month(part)}"
        return Base(ratio(value(part), value(whole)), words, [part, whole], _short_month(part))
    rows = pd.concat([f.last(party, metric) for metric in BACKLOGS]).dropna(subset=["end"])
    if rows.empty:
        return Base(NAN, NOT_PUBLISHED, [])
    newest = rows.sort_values("end", kind="stable").tail(1)
    end, deals = newest["end"].iloc[0], f.ledger.history["deals"]
    then = latest(deals[(deals["as_of"] <= end) | (deals["start"] <= end)], ["deal"], newest["as_of"].iloc[0])
    owed = counted.payments(then, payer="openai", payee=party, scope="openai", kind=counted.SUPPLY_KINDS)
    total = counted.total(owed)
    share = ratio(total.high or NAN, value(newest))
    if not share <= 1:
        return Base(NAN, f"contract newer than the backlog of {_month(newest)}", [newest])
    kind = "at least, " if total.is_open else "at most, " if total.low < total.high else ""
    words = f"{kind}contract over backlog{_segment(newest['metric'].iloc[0])}, {_month(newest)}"
    return Base(share, words, [newest, owed], _short_month(newest))


def revenue(f: Facts, party: str) -> Base:
    """Return a supplier's revenue of a year: its newest year, four quarters, or quarter times four, by its end."""
    found = []
    for metric in REVENUES:
        rows = f.metric(party, metric, basis="actual")
        year, quarters = periods.years(rows).tail(1), f.quarters(party, metric, basis="actual").tail(4)
        name = _segment(metric)
        if len(year):
            found.append((year["end"].iloc[0], 2, Base(value(year), f"year to {_month(year)}{name}", [year])))
        if len(quarters):
            end, words = quarters["end"].iloc[-1], f"to {_month(quarters)}{name}"
            four = float(quarters["value"].sum()) if len(quarters) == 4 else NAN
            base = (
                Base(four, f"four quarters {words}", [quarters])
                if four == four and (end - quarters["start"].iloc[0]).days < periods.YEAR_DAYS[1]
                else Base(4 * value(quarters), f"quarter {words}, times four", [quarters.tail(1)])
            )
            found.append((end, 1 if "four quarters" in base.words else 0, base))
        if found:
            break
    return max(found, key=lambda f_: f_[:2])[2] if found else Base(NAN, NOT_PUBLISHED, [])


@functools.lru_cache(maxsize=16)
def exposures(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the table of exposures: one row a creditor, the largest first.

    Returns
    -------
    DataFrame
        The columns of `exposure.by_creditor`, name, high (priced and conditional), discounted (of high), peak_year
        (text) and peak (the fullest year, US$ bn), backlog_share and revenue_share (of 1: all of it over the backlog,
        the fullest year over a year's revenue), backlog_words, backlog_day (month), revenue_words, may_defer and stage
        (words).
    """
    f = facts(ledger, scenario)
    owed, spread = quantities.owed(f), by_year(f)
    table = exposure.by_creditor(owed)
    factor = exposure.discount_factors(spread["year"], ledger.as_of, f.choices["discount_rate"].central)
    discounted = (spread["high"] * factor).groupby(spread["payee"]).sum()
    yearly = spread.pivot_table(index="payee", columns="year", values="high", aggfunc="sum").fillna(0.0)
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
                "revenue_share": ratio(peak, base.value),
                "revenue_words": base.words,
                "may_defer": deferral(f, party)[0],
                "stage": stage(owed[owed["payee"] == party]) + (PART if is_part_binding(f, party) else ""),
            }
        )
    beside = pd.DataFrame(rows, table.index, list(BESIDE))
    return table.assign(high=table["priced"] + table["conditional"]).join(beside)


def largest(ledger: Ledger, scenario: str = "central") -> Results:
    """Who is owed most, and whose backlog depends most on OpenAI."""
    f = facts(ledger, scenario)
    table, owed = exposures(ledger, scenario), quantities.owed(f)
    priced = table[table["high"] > 0]
    total = counted.total(owed)
    top = priced.head(1)
    rest = priced[priced["backlog_share"].notna()].sort_values("backlog_share", ascending=False, kind="stable")
    dependent = rest.head(1)
    small = priced[priced["revenue_share"] > 1].sort_values("revenue_share", ascending=False, kind="stable")
    silent = priced[priced["may_defer"] == NOT_PUBLISHED]
    theirs = [backlog(f, p).rows for p in dependent["party"]] if len(dependent) else []
    of_revenue = [revenue(f, p).rows for p in small["party"].head(1)]
    orders = owed[counted.is_unpriced(owed)]
    unpriced = table[table["party"].isin(orders["payee"])]
    size, sure = (float(rows["gw"].fillna(0.0).sum()) for rows in (orders, counted.signed(orders)))
    return Results(
        [
            f.amount("owed", "OpenAI owes, over all creditors", owed),
            f.result(
                "discounted",
                "The same in today's money",
                float(table["discounted"].sum()) if len(priced) else NAN,
                "usd_bn",
                owed,
                how=f"At the high end, discounted at {formats.rounded(100 * f.choices['discount_rate'].central, 0)}%.",
            ),
            f.result("creditors", "Creditors with a published price", len(priced) or None, "count", owed),
            f.result("has_exposure", "OpenAI owes a published amount", len(priced) > 0, "flag", owed),
            f.result("first", "Largest creditor", text(top, "name"), "text", owed),
            f.result(
                "first_owed",
                "Owed to the largest creditor",
                value(top, "high"),
                "usd_bn",
                owed,
                is_open=bool(top["is_open"].any()),
            ),
            f.result(
                "first_share",
                "Largest creditor's part of all that is owed",
                100 * ratio(value(top, "high"), total.high or NAN),
                "pct",
                owed,
            ),
            f.result(
                "dependent",
                "Creditor with the largest part of its backlog from OpenAI",
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
                (dependent["backlog_day"].iloc[0] or None) if len(dependent) else None,
                "text",
                *(r for rows in theirs for r in rows),
            ),
            f.result("has_dependent", "OpenAI's part of a backlog is known", len(dependent) > 0, "flag", owed),
            f.result(
                "outgrown",
                "Creditor whose fullest year from OpenAI exceeds its revenue most",
                text(small.head(1), "name"),
                "text",
                owed,
                *(r for rows in of_revenue for r in rows),
            ),
            f.result(
                "outgrown_times",
                "OpenAI's fullest year over its revenue",
                value(small.head(1), "revenue_share"),
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
            f.result("has_outgrown", "A year of OpenAI exceeds a creditor's revenue", len(small) > 0, "flag", owed),
            f.result("unpriced_gw", "Capacity ordered without a published price", size or None, "gw", orders),
            f.result("unpriced_signed", "Capacity under a signed contract without a price", sure, "gw", orders),
            f.result("unpriced_deals", "Agreements without a published price", len(orders) or None, "count", orders),
            f.result("unpriced_names", "Creditors of agreements without a price", names(unpriced), "text", orders),
            f.result("has_unpriced_gw", "The size of orders without a price is known", size > 0, "flag", orders),
            f.result("silent", "Priced creditors of whose terms of delay nothing is known", len(silent), "count", owed),
            f.result("silent_names", "Creditors of whose terms of delay nothing is known", names(silent), "text", owed),
            f.result("is_silent", "For some creditors no term of delay is known", len(silent) > 0, "flag", owed),
        ]
    )
