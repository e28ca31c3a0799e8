"""How circular the payments are, as counted and by every other way to count."""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import network, share_specifications
from analysis.models.circularity import MEASURES, most_returning
from analysis.numbers import modelling
from analysis.numbers.calculations import labelled
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN, Facts, ratio
from analysis.numbers.results import Result, Results
from analysis.numbers.words import DEAL_WORDS

LAB = "openai"
NO_CIRCLE = 0.005  # a share: less than this is no circle
HEADLINE = "returns_share"  # the measure that the report leads with
CHIP_PRICE = "chip_price_per_gw"


def facts(ledger: Ledger, scenario: str) -> Facts:
    """Return the facts of this chapter."""
    return Facts(ledger, "circularity", scenario)


def payments(f: Facts) -> pd.DataFrame:
    """Return the deals that the measures count: OpenAI's own and those of its partners."""
    rows = f.payments()
    return rows[rows["scope"].isin(network.SCOPES)]


def with_amount(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the deals that add an amount to the measures by at least one way to count."""
    known = counted(ledger, scenario)
    adds = np.any([known.amounts(way) > 0 for way in network.VARIANTS], axis=0)
    return ledger.deals[ledger.deals["deal"].isin(known.rows.loc[adds, "deal"])]


def as_counted(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the deals that add an amount to the measures as counted; all that may where none does."""
    known = counted(ledger, scenario)
    rows = known.rows.loc[known.amounts(network.COUNTED) > 0, "deal"]
    return ledger.deals[ledger.deals["deal"].isin(rows)] if len(rows) else payments(facts(ledger, scenario))


def counting(ledger: Ledger, scenario: str, deals: pd.DataFrame | None = None) -> network.Counting:
    """Return deals, those of the ledger's own day if none are given, ready to be counted."""
    choose = ledger.assumptions(scenario)
    price = choose[CHIP_PRICE].central if CHIP_PRICE in choose else None
    return network.Counting(
        ledger.deals if deals is None else deals,
        modelling.parties(ledger),
        modelling.terms(choose),
        choose["ramp"].central,
        ledger.as_of.year,
        price,
    )


@functools.lru_cache(maxsize=32)
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
def without_each(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return what each deal moves, as `share_specifications.jackknife` does."""
    return share_specifications.jackknife(counted(ledger, scenario))


def _share(f: Facts, key: str, share: float, deals: pd.DataFrame) -> Result:
    measure = MEASURES[key]
    return f.result(key, measure.label, 100 * share, "pct", deals, how=measure.meaning)


def returns_share(ledger: Ledger, scenario: str = "central") -> Result:
    """The measure that the report leads with."""
    returns, owed = returned(ledger, scenario)
    share = ratio(
        labelled(returns, "usd_bn", "what is matched by those it pays"),
        labelled(owed, "usd_bn", "what OpenAI has agreed to pay"),
    )
    return _share(facts(ledger, scenario), HEADLINE, share, as_counted(ledger, scenario))


def shares(ledger: Ledger, scenario: str = "central") -> list[Result]:
    """Each of `MEASURES` as counted."""
    f, deals = facts(ledger, scenario), as_counted(ledger, scenario)
    told = network.measures(network_edges(ledger, scenario))
    headline = returns_share(ledger, scenario)
    return [headline if key == HEADLINE else _share(f, key, told[key], deals) for key in MEASURES]


def returned(ledger: Ledger, scenario: str) -> tuple[float, float]:
    """Return what those OpenAI pays match at most, each dollar counted once, and all that it is to pay (US$ bn)."""
    known = counted(ledger, scenario)
    W = known.flows(known.amounts(network.COUNTED))
    return (most_returning(W, known.lab), float(W[known.lab].sum())) if known.lab >= 0 and W.any() else (NAN, NAN)


def bounds(ledger: Ledger, scenario: str = "central") -> Results:
    """Each of `MEASURES` as counted and its range over the ways to count, and what goes with them."""
    f = facts(ledger, scenario)
    table, deals, known = sensitivity(ledger, scenario), as_counted(ledger, scenario), counted(ledger, scenario)
    told = table.loc[network.COUNTED.key]
    W = known.flows(known.amounts(network.COUNTED))
    returns, owed = returned(ledger, scenario)
    needs = max(owed - float(W[:, known.lab].sum()), 0.0) if known.lab >= 0 else NAN
    unnamed = _from_pools(known)
    moved, has_circle = without_each(ledger, scenario), bool(told[HEADLINE] > NO_CIRCLE)
    moved = moved.nlargest(1, "moves")
    top, left = moved[["moves", "without"]].iloc[0] if len(moved) else (NAN, NAN)
    top_deal = f.deal(str(moved["deal"].iloc[0])) if len(moved) else deals.head(0)

    def of_period(name: str, label: str) -> Result:
        how = "Payments of these calendar years taken together, by our spreading."
        return f.result(name, label, 100 * table.loc[name, HEADLINE], "pct", deals, how=how)

    return Results(
        [
            *shares(ledger, scenario),
            f.result(
                "feasible_share",
                "Part of what could go round whoever paid whom",
                100
                * ratio(
                    labelled(100 * told["maximum"], "pct", "part of the money that can go round"),
                    labelled(100 * told["feasible"], "pct", "part that could if anybody paid anybody"),
                ),
                "pct",
                deals,
                how="Maximum circulation over the sum, over parties, of the smaller of what each pays and gets.",
            ),
            f.result(
                "returns",
                "Matched by money from those OpenAI pays",
                returns,
                "usd_bn",
                deals,
                how="The maximum flow from OpenAI back to itself, each dollar counted once.",
            ),
            f.result("owed", "What OpenAI has agreed to pay the parties, as counted", owed, "usd_bn", deals),
            f.result(
                "weight_deal",
                "Deal on which the matched part rests most",
                pair_of_names(ledger, top_deal) if len(top_deal) else None,
                "text",
                deals,
            ),
            f.result("without_top", "Part that would be matched without that deal", 100 * left, "pct", deals),
            f.result(
                "rests_on_one",
                "More than half of what is matched rests on one deal",
                bool(has_circle and top > told[HEADLINE] / 2),
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
                "What OpenAI has agreed to pay the named firms beyond what they give it",
                needs,
                "usd_bn",
                deals,
                how="What OpenAI pays the named firms less what they pay it, as counted.",
            ),
            f.result(
                "unnamed",
                "Of that, promised or paid by unnamed investors and lenders",
                unnamed,
                "usd_bn",
                payments(f),
                how="Counted like the payments between the named firms.",
            ),
            f.result(
                "has_unnamed_and_circle",
                "Some money is matched, and unnamed investors have promised OpenAI more",
                has_circle and unnamed > 0,
                "flag",
                deals,
            ),
            of_period("near", "Part of what OpenAI has agreed to pay this year and next that is matched then"),
            of_period("later", "The same of what it is to pay in the three years after"),
            f.result(
                "is_front_loaded",
                "What is matched is mostly of the first years",
                bool(table.loc["near", HEADLINE] > 2 * table.loc["later", HEADLINE]),
                "flag",
                deals,
            ),
            f.result("has_circle", "Some of OpenAI's priced orders are matched", has_circle, "flag", deals),
        ]
    )


def _from_pools(known: network.Counting) -> float:
    """What unnamed investors and lenders have promised OpenAI or paid it, US$ bn, as counted."""
    with_pools, named = (known.edges(replace(network.COUNTED, pools=pools)) for pools in (True, False))
    all_in, from_named = (float(edges.loc[edges["payee"] == LAB, "amount"].sum()) for edges in (with_pools, named))
    return max(all_in - from_named, 0.0)


def pair_of_names(ledger: Ledger, deal: pd.DataFrame) -> str:
    """Return a deal (one row) in words: who pays whom for what."""
    row = deal.iloc[0]
    payer, payee = (short_name(ledger.name(row[side])) for side in ("payer", "payee"))
    return f"{payer}'s {DEAL_WORDS[row['kind']].name} {'in' if row['kind'] == 'equity' else 'with'} {payee}"
