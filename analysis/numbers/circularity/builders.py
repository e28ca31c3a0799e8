"""What the largest companies that build data centres mean to spend, and how much of it OpenAI pays for.

Judgements:

- A company's outlook for a calendar or fiscal year counts until that year is over; of several years the last.
- The sum adds years that do not all begin on the same day: Oracle's begins in June.
- OpenAI's part is all its computing of a year, wherever it is bought: a part of what the companies then earn, not of
  what they spend.
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases, periods
from analysis.numbers import formats
from analysis.numbers.calculations import labelled
from analysis.numbers.circularity.measures import LAB, facts
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN, Facts, ratio, value
from analysis.numbers.results import Results

BUILDERS = ("microsoft", "google", "amazon", "meta", "oracle")
ENDS = ("capex_guidance", "capex_guidance_low", "capex_guidance_high")
POOL = "clouds-4"
SMALL = 10  # per cent: a part below it is a small one


def outlook(f: Facts, party: str) -> pd.DataFrame:
    """The rows of a company's outlook for a year's capital spending: none, one, or one for each end of a range."""
    rows = periods.years(pd.concat([f.metric(party, metric) for metric in ENDS]))
    rows = rows[(rows["basis"] == "guidance") & (rows["end"] >= f.ledger.as_of)]
    newest = rows[rows["end"] == rows["end"].max()]
    return newest.drop_duplicates("metric", keep="last")


def outlooks(f: Facts) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return what each company means to spend in a year, the most first, and the rows behind it.

    Returns
    -------
    DataFrame
        party (key), name, low and high (US$ bn), period (words), start and as_of (the newer of both ends).
    list of DataFrame
        Rows of metrics.
    """
    found = {party: rows for party in BUILDERS if len(rows := outlook(f, party))}
    frame = pd.DataFrame(
        [
            (
                party,
                short_name(f.ledger.name(party)),
                float(rows["value"].min()),
                float(rows["value"].max()),
                f.period(rows).words,
                rows["start"].iloc[0],
                rows["as_of"].max(),
            )
            for party, rows in found.items()
        ],
        columns=["party", "name", "low", "high", "period", "start", "as_of"],
    )
    return frame.sort_values(["high", "party"], ascending=[False, True], ignore_index=True), list(found.values())


def computing(f: Facts, companies: pd.DataFrame) -> pd.DataFrame:
    """What OpenAI's computing costs in the year of most outlooks (one row or none), as known or expected."""
    rows = f.metric(LAB, "compute_spend")
    if companies.empty:
        return rows.head(0)
    year = companies["start"].dt.year.mode().iloc[-1]
    rows = periods.calendar_years(rows[rows["by"] == ""])
    return bases.best(rows[rows["start"].dt.year == year]).tail(1)


def free_cash(f: Facts) -> tuple[list[str], list[str], list[pd.DataFrame]]:
    """Return who pays for the spending out of the business and who does not, by the newest accounts, and their rows."""
    paid: list[str] = []
    short: list[str] = []
    used = []
    for party in BUILDERS:
        left = f.happened(party, "free_cash_flow").tail(1)
        if len(left):
            (paid if value(left) >= 0 else short).append(short_name(f.ledger.name(party)))
            used.append(left)
    return paid, short, used


def clouds(ledger: Ledger, scenario: str = "central") -> Results:
    """What the largest builders mean to spend beside what OpenAI's computing costs, and what they count on."""
    f = facts(ledger, scenario)
    companies, rows = outlooks(f)
    ours = computing(f, companies)
    low, high = companies["low"].sum(), companies["high"].sum()
    paid, short, accounts = free_cash(f)
    backlog, part = f.last(POOL, "backlog_total"), f.last(POOL, "openai_anthropic_share_of_backlog")
    expected = f.metric("hyperscalers-5", "capex", basis="estimate")
    has_sum = len(companies) > 1
    share = 100 * ratio(
        value(ours), labelled((low + high) / 2, "usd_bn", "middle of the builders' outlooks") if has_sum else NAN
    )
    return Results(
        [
            f.result("has_clouds", "Several builders' outlooks are known", has_sum, "flag", *rows),
            f.result(
                "clouds_names", "Builders with an outlook", formats.listed(list(companies["name"])) or None, "text"
            ),
            f.result(
                "clouds_guided",
                "What these builders mean to spend in a year",
                None,
                "usd_bn",
                *rows,
                low=low if has_sum else None,
                high=high if has_sum else None,
                how="Sum of their newest outlooks; the years do not all begin on the same day.",
            ),
            f.result("has_clouds_openai", "OpenAI's computing of that year is known", len(ours) > 0, "flag", ours),
            f.result("clouds_openai", "OpenAI's computing in that year", value(ours), "usd_bn", ours),
            f.result(
                "clouds_year",
                "Year of that computing",
                float(ours["start"].iloc[0].year) if len(ours) else None,
                "year",
                ours,
            ),
            f.result(
                "clouds_share",
                "OpenAI's computing over what the builders mean to spend",
                share,
                "pct",
                ours,
                *rows,
                how="Over the middle of the sum. It is a part of what they earn, not of what they spend.",
            ),
            f.result("is_clouds_small", "That is a small part", share < SMALL, "flag", ours, *rows),
            f.result("has_clouds_paid", "A builder has cash left after its spending", bool(paid), "flag", *accounts),
            f.result(
                "clouds_paid",
                "Builders with cash left after their spending",
                formats.listed(paid) or None,
                "text",
                *accounts,
            ),
            f.result("has_clouds_short", "A builder spends more than it brings in", bool(short), "flag", *accounts),
            f.result(
                "clouds_short",
                "Builders that spend more than they bring in",
                formats.listed(short) or None,
                "text",
                *accounts,
            ),
            f.result("clouds_backlog", "Backlog of four clouds", value(backlog), "usd_bn", backlog),
            f.result("clouds_backlog_labs", "Part of OpenAI and Anthropic in it", value(part), "pct", part),
            f.result(
                "clouds_expected",
                "Spending of the five largest, as forecast for the last year told",
                value(expected),
                "usd_bn",
                expected.tail(1),
            ),
        ]
    )
