"""How circular the payments are: by every way to count, by year, and as it was known on each day."""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import network, specifications
from analysis.models.circularity import MEASURES, Measure, most_returning, time_respecting
from analysis.numbers import modelling, vintages
from analysis.numbers.facts import NAN, Facts, ratio
from analysis.numbers.network import short_name
from analysis.numbers.results import Result, Results

LAB = "openai"
LITTLE = 0.005  # a share: less than this is no circle
CHIP_PRICE = "chip_price_per_gw"
KIND_WORDS = {"equity": "shares", "debt": "loan", "compute": "order", "chips": "order", "lease": "lease"}
BAND = tuple(
    replace(network.COUNTED, amounts=amounts, status=status, chain=chain)
    for amounts in network.AMOUNTS
    for status in network.STATUSES
    for chain in (True, False)
)
REPORTED = replace(network.COUNTED, status="reported")  # press reports count, talks among them
YEARS = range(-1, 8)  # calendar years of the chapter, from the day's own


def facts(ledger: Ledger, scenario: str) -> Facts:
    """Return the facts of this chapter."""
    return Facts(ledger, "circularity", scenario)


def payments(f: Facts) -> pd.DataFrame:
    """Return the deals that the measures count: OpenAI's own and those of its partners."""
    rows = f.payments()
    return rows[rows["scope"].isin(network.SCOPES)]


def counting(ledger: Ledger, scenario: str, day: pd.Timestamp | None = None) -> network.Counting:
    """Return the deals as known on a day, the ledger's own if none is given, ready to be counted."""
    choose = ledger.assumptions(scenario)
    price = choose[CHIP_PRICE].central if CHIP_PRICE in choose else None
    deals = ledger.deals if day is None else latest(ledger.history["deals"], ["deal"], day)
    year = (ledger.as_of if day is None else day).year
    return network.Counting(
        deals, modelling.parties(ledger), modelling.terms(choose), choose["ramp"].central, year, price
    )


@functools.lru_cache(maxsize=2)
def counted(ledger: Ledger, scenario: str) -> network.Counting:
    """Return `counting` of the ledger's own day."""
    return counting(ledger, scenario)


@functools.lru_cache(maxsize=2)
def network_edges(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the payments between parties as counted: payer, payee, amount (US$ bn)."""
    return counted(ledger, scenario).edges()


@functools.lru_cache(maxsize=2)
def sensitivity(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the measures with one choice changed at a time, as `models.network.sensitivity` does."""
    return network.sensitivity(counted(ledger, scenario))


@functools.lru_cache(maxsize=2)
def every_way(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the share that can go round under every combination of choices (`specifications.every_way`)."""
    return specifications.every_way(counted(ledger, scenario))


@functools.lru_cache(maxsize=2)
def by_year(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the measures of each calendar year's payments.

    Returns
    -------
    DataFrame
        One row a year of `YEARS`: year, and the columns of `models.network.measures`.
    """
    known, years = counted(ledger, scenario), [ledger.as_of.year + y for y in YEARS]
    return pd.DataFrame([{"year": year} | network.measures(known.edges(years=range(year, year + 1))) for year in years])


@functools.lru_cache(maxsize=2)
def by_week(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the measures as known at the end of each week of the story in which a deal changed, and on the last day.

    Returns
    -------
    DataFrame
        One row a week, oldest first: day (a Sunday, or the last day), the columns of `models.network.measures`,
        with_reported (the maximum when press reports and talks count), low and high (over amounts, firmness and scope;
        shares).
    """
    history = ledger.history["deals"]
    around = history.loc[history["scope"].isin(network.SCOPES), "as_of"]
    around = around[around >= vintages.story_start(ledger)]
    sundays = around + pd.to_timedelta(6 - around.dt.dayofweek, unit="D")
    days = sorted({*(day for day in sundays if day < ledger.as_of), ledger.as_of})
    rows, flows = [], []
    for day in days:
        known = counting(ledger, scenario, day)
        rows.append({"day": day} | network.measures(known.edges()))
        flows.append([known.flows(known.amounts(way)) for way in BAND])
    largest = max(len(W) for ways in flows for W in ways)
    padded = [np.pad(W, (0, largest - len(W))) for ways in flows for W in ways]
    shares = specifications.shares_of(np.array(padded)).reshape(len(days), len(BAND))
    reported = shares[:, [way == REPORTED for way in BAND].index(True)]
    return pd.DataFrame(rows).assign(with_reported=reported, low=shares.min(axis=1), high=shares.max(axis=1))


def bounds(ledger: Ledger, scenario: str = "central") -> Results:
    """Each of `MEASURES` as counted and its range over the ways to count, and what goes with them."""
    f = facts(ledger, scenario)
    table, years, deals = sensitivity(ledger, scenario), by_year(ledger, scenario), payments(f)
    ways, known = every_way(ledger, scenario), counted(ledger, scenario)
    told = table.loc[network.COUNTED.key]
    life, near = (ways[ways["period"] == period] for period in ("life", "near"))
    peak = years.loc[years["maximum"].idxmax()]
    W = known.flows(known.amounts(network.COUNTED))
    lab = known.names.index(LAB) if LAB in known.names else None
    returns, owed = (most_returning(W, lab), float(W[lab].sum())) if lab is not None and W.any() else (NAN, NAN)
    calendar = known.calendar()
    in_time = time_respecting(calendar) / calendar.sum() if calendar.any() else 0.0
    moved, has_circle = specifications.jackknife(known), bool(told["maximum"] > LITTLE)
    top, second = (moved["moves"].iloc[k] if len(moved) > k else NAN for k in range(2))

    def share(key: str, measure: Measure) -> Result:
        return f.result(key, measure.label, 100 * told[key], "pct", deals, how=measure.meaning)

    def spread(name: str, label: str, rows: pd.DataFrame) -> Result:
        low, high = (100 * end for end in rows["maximum"].agg(["min", "max"]))
        return f.result(
            name, label, None, "pct", deals, low=low, high=high, how=f"Over {len(rows)} combinations of choices."
        )

    def of_period(name: str, label: str) -> Result:
        how = "Payments of these calendar years taken together, by our spreading."
        return f.result(name, label, 100 * table.loc[name, "maximum"], "pct", deals, how=how)

    def deal_name(k: int) -> str | None:
        rows = f.deal(str(moved["deal"].iloc[k])) if len(moved) > k else deals.head(0)
        return pair_of_names(ledger, rows) if len(rows) else None

    return Results(
        [
            *(share(key, measure) for key, measure in MEASURES.items()),
            f.result(
                "feasible_share",
                "Part of what could go round whoever paid whom",
                100 * ratio(told["maximum"], told["feasible"]),
                "pct",
                deals,
                how="Maximum circulation over the sum, over parties, of the smaller of what each pays and gets.",
            ),
            f.result(
                "returns",
                "Money that can come back to OpenAI, each dollar counted once",
                returns,
                "usd_bn",
                deals,
                how="The maximum flow from OpenAI back to itself.",
            ),
            f.result(
                "returns_share",
                "Part of what OpenAI owes that can come back to it",
                100 * ratio(returns, owed),
                "pct",
                deals,
                how="Each dollar counted once.",
            ),
            f.result("owed", "What OpenAI owes the parties, as counted", owed, "usd_bn", deals),
            f.result(
                "in_time",
                "Share that can go round when money comes back only after it has gone",
                100 * in_time,
                "pct",
                deals,
                how="Maximum circulation on the network of parties and years.",
            ),
            f.result(
                "is_in_time",
                "Nothing is lost by asking that money comes back only after it has gone",
                bool(has_circle and in_time > told["maximum"] - 0.005),
                "flag",
                deals,
            ),
            f.result("combinations", "Combinations of choices", len(ways), "count", deals),
            f.result(
                "middle_half",
                "Share that can go round in the middle half of all combinations",
                None,
                "pct",
                deals,
                low=100 * ways["maximum"].quantile(0.25),
                high=100 * ways["maximum"].quantile(0.75),
            ),
            spread("maximum_range", "Share that can go round, over all ways to count", ways),
            spread("whole_life", "Share that can go round over the whole life of the deals", life),
            spread("near_range", "Share that can go round this year and next, over all ways to count", near),
            f.result("weight_deal", "Deal on which the share rests most", deal_name(0), "text", deals),
            f.result(
                "weight",
                "What the share loses without that deal, points",
                100 * top,
                "pct",
                deals,
                how="Points of per cent.",
            ),
            f.result("second_deal", "Deal on which the share rests next", deal_name(1), "text", deals),
            f.result("second_weight", "What the share loses without that one", 100 * second, "pct", deals),
            f.result(
                "rests_on_one",
                "Half of the share rests on one deal",
                bool(has_circle and top > told["maximum"] / 2),
                "flag",
                deals,
            ),
            f.result(
                "rests_on_several",
                "No deal carries half of the share",
                bool(has_circle and top <= told["maximum"] / 2),
                "flag",
                deals,
            ),
            f.result(
                "money",
                "Money between the parties",
                told["total"],
                "usd_bn",
                deals,
                how="Announced, signed or paid, over the life of the deals, middles of ranges.",
            ),
            f.result(
                "outside",
                "Outside money needed to make all the payments",
                told["outside"],
                "usd_bn",
                deals,
                how="Sum over parties of what they pay less what they get, where that is positive.",
            ),
            of_period("near", "Share that can go round this year and next"),
            of_period("later", "Share that can go round in the three years after this and next"),
            f.result(
                "largest",
                "Largest share that can go round in any combination",
                100 * ways["maximum"].max(),
                "pct",
                deals,
            ),
            f.result(
                "is_front_loaded",
                "The money that can go round is mostly in the first years",
                bool(table.loc["near", "maximum"] > 2 * table.loc["later", "maximum"]),
                "flag",
                deals,
            ),
            f.result("has_circle", "Some money can go round", has_circle, "flag", deals),
            f.result(
                "peak_year",
                "Year in which the largest share can go round",
                float(peak["year"]) if peak["maximum"] > 0 else None,
                "year",
                deals,
            ),
        ]
    )


def pair_of_names(ledger: Ledger, deal: pd.DataFrame) -> str:
    """Return a deal (one row) in words: who pays whom for what."""
    row = deal.iloc[0]
    payer, payee = (short_name(ledger.name(row[side])) for side in ("payer", "payee"))
    return f"{payer}'s {KIND_WORDS.get(row['kind'], row['kind'])} {'in' if row['kind'] == 'equity' else 'with'} {payee}"
