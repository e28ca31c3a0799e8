"""How circular the payments are: by every way to count, by year, and as it was known on each day."""

import functools

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import network
from analysis.models.circularity import MEASURES, Measure
from analysis.numbers import modelling, vintages
from analysis.numbers.facts import Facts
from analysis.numbers.results import Result, Results

YEARS = range(-1, 8)  # calendar years of the chapter, from the day's own


def facts(ledger: Ledger, scenario: str) -> Facts:
    """Return the facts of this chapter."""
    return Facts(ledger, "circularity", scenario)


def payments(f: Facts) -> pd.DataFrame:
    """Return the deals that the measures count: OpenAI's own and those of its partners."""
    rows = f.payments()
    return rows[rows["scope"].isin(network.SCOPES)]


def _counting_inputs(ledger: Ledger, scenario: str) -> tuple[network.Parties, dict[str, float], float]:
    """Who counts as whom, and the scenario's fallback terms and ramp."""
    choose = ledger.assumptions(scenario)
    return modelling.parties(ledger), modelling.terms(choose), choose["ramp"].central


@functools.lru_cache(maxsize=2)
def network_edges(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the payments between parties as counted: payer, payee, amount (US$ bn)."""
    return network.edges(ledger.deals, network.COUNTED, *_counting_inputs(ledger, scenario), ledger.as_of.year)


@functools.lru_cache(maxsize=2)
def sensitivity(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return the measures under every way to count, as `models.network.sensitivity` does."""
    return network.sensitivity(ledger.deals, *_counting_inputs(ledger, scenario), ledger.as_of.year)


@functools.lru_cache(maxsize=2)
def by_year(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the measures of each calendar year's payments.

    Returns
    -------
    DataFrame
        One row a year of `YEARS`: year, and the columns of `models.network.measures`.
    """
    parties, terms, ramp = _counting_inputs(ledger, scenario)
    spread = network.spread(ledger.deals, network.COUNTED, parties, terms, ramp)
    years = [ledger.as_of.year + y for y in YEARS]
    return pd.DataFrame(
        [{"year": year} | network.measures(network.summed(spread[spread["year"] == year], parties)) for year in years]
    )


def by_day(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the measures as known on each day of the story on which they changed, and on the last one.

    Returns
    -------
    DataFrame
        One row a day, oldest first: day, and the columns of `models.network.measures`.
    """
    history = ledger.history["deals"]
    spreading = _counting_inputs(ledger, scenario)
    around = history.loc[history["scope"].isin(network.SCOPES), "as_of"]
    days = sorted({*around[around >= vintages.story_start(ledger)], ledger.as_of})
    rows, before = [], None
    for day in days:
        view = latest(history, ["deal"], day)
        edges = network.edges(view, network.COUNTED, *spreading, day.year)
        if before is None or day == days[-1] or not edges.equals(before):
            rows.append({"day": day} | network.measures(edges))
        before = edges
    return pd.DataFrame(rows)


def bounds(ledger: Ledger, scenario: str = "central") -> Results:
    """Each of `MEASURES` as counted and its range over the ways to count, and what goes with them."""
    f = facts(ledger, scenario)
    table, years, deals = sensitivity(ledger, scenario), by_year(ledger, scenario), payments(f)
    counted, near, later = (table.loc[key] for key in (network.COUNTED.key, "near", "later"))
    whole_life = table.loc[[*network.WHOLE_LIFE]]
    peak = years.loc[years["maximum"].idxmax()]

    def share(key: str, measure: Measure) -> Result:
        low, high = (100 * end for end in whole_life[key].agg(["min", "max"]))
        how = f"{measure.meaning} Low and high over the ways to count that take the whole life of the deals."
        return f.result(key, measure.label, 100 * counted[key], "pct", deals, low=low, high=high, how=how)

    return Results(
        [
            *(share(key, measure) for key, measure in MEASURES.items()),
            f.result(
                "money",
                "Money between the parties",
                counted["total"],
                "usd_bn",
                deals,
                how="Sum of the payments between named parties over the life of the deals, high ends.",
            ),
            f.result(
                "outside",
                "Outside money needed to make all the payments",
                counted["outside"],
                "usd_bn",
                deals,
                low=whole_life["outside"].min(),
                high=whole_life["outside"].max(),
                how="Sum over parties of what they pay less what they get, where that is positive.",
            ),
            f.result(
                "near",
                "Share that can go round this year and next",
                100 * near["maximum"],
                "pct",
                deals,
                how="Only payments that fall in these two calendar years by our spreading.",
            ),
            f.result(
                "later",
                "Share that can go round in the three years after this and next",
                100 * later["maximum"],
                "pct",
                deals,
                how="Only payments that fall in these three calendar years by our spreading.",
            ),
            f.result(
                "largest",
                "Largest share that can go round in any way of counting",
                100 * table["maximum"].max(),
                "pct",
                deals,
            ),
            f.result(
                "is_front_loaded",
                "The money that can go round is mostly in the first years",
                bool(near["maximum"] > 2 * later["maximum"]),
                "flag",
                deals,
            ),
            f.result(
                "peak_year",
                "Year in which the largest share can go round",
                float(peak["year"]) if peak["maximum"] > 0 else None,
                "year",
                deals,
            ),
        ]
    )
