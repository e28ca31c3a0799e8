"""The sums that were named for OpenAI's computing, and the contracts known on the same days."""

import functools
import re
from typing import Any

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import bases, periods
from analysis.models import deals as counted
from analysis.numbers import vintages
from analysis.numbers.facts import Facts
from analysis.numbers.words import BASIS_WORDS

PLAN = "openai-compute-plan"  # the claim that holds all others: what OpenAI means to spend on computing
# Sums of several years that were named for OpenAI's computing, and what each counts.
COUNTED = {
    "compute_commitments_total": "all computing",
    "compute_spend": "spending",
    "purchase_commitments": "binding",
}
CONTRACTS = "priced contracts"
TO_INVESTORS = re.compile(r"\btold (?:to )?(?:its )?investors\b", re.IGNORECASE)  # in a note: the press passed it on
FIRST_UNTOLD = re.compile(r"\bstart year not stated\b", re.IGNORECASE)  # in the note of a metric


@functools.lru_cache(maxsize=16)
def climb_down(ledger: Ledger) -> pd.DataFrame:
    """The sums of several years that were named for OpenAI's computing, and the contracts known on the same days.

    Returns
    -------
    DataFrame
        as_of, name (the day and what was counted), kind ("named", "our sum"), value (US$ bn), is_floor, metric; by day.
        A number that a deal of the same day has from the company itself is its own word, not the press's; one that it
        told investors is the press's. The sum
        of the priced contracts (high ends) stands on the day of the largest number, on that for which OpenAI's accounts
        give one, and on the ledger's, each as known on that day.
    """
    f = Facts(ledger, "timeline")
    parts = [ledger.history.part("metrics", "entity", ("openai",)).query("metric == @m") for m in COUNTED]
    rows = pd.concat(parts)
    years = (rows["end"] - rows["start"]).dt.days / periods.DAYS_PER_YEAR
    is_long = rows["metric"].ne("compute_spend") | (years > 3)
    rows = rows[is_long & (rows["unit"] == "usd_bn") & (rows["as_of"] >= vintages.story_start(ledger))]
    rows = rows.sort_values(["as_of", "value"], kind="stable").drop_duplicates(["as_of", "metric", "value"])
    plans = ledger.history["deals"].query("deal == @PLAN and status != @counted.REPORTED")
    own = {*zip(plans["as_of"], plans["high_usd_bn"], strict=True)}
    named = rows.assign(
        kind="named",
        is_floor=bases.is_floor(rows["note"]),
        name=[
            ", ".join(filter(None, [f"{r.as_of:%-d %b %y}: {COUNTED[r.metric]}{_years(r)}", said]))
            for r in rows.itertuples(index=False)
            for said in [BASIS_WORDS.get(_basis(r, own), "")]
        ],
    )
    newer = announced_since(f, named)
    is_told = [((named["as_of"] == r.as_of) & (named["value"] == r.value)).any() for r in newer.itertuples()]
    newer = newer[~pd.Series(is_told, index=newer.index, dtype=bool)]
    spans = [
        f"{r.as_of:%-d %b %y}: spending{_years(r)}, {BASIS_WORDS['reported' if is_relayed(r.note) else 'guidance']}"
        for r in newer.itertuples()
    ]
    newer = newer.assign(metric="", kind="named", name=spans, is_floor=False)
    columns = ["as_of", "kind", "value", "is_floor", "metric", "source", "name"]
    named = pd.concat([named, newer[columns]]).drop_duplicates("name")
    bound = named.loc[named["metric"] == "purchase_commitments", "end"]
    days = [*largest(named)["as_of"], *bound.tail(1), ledger.as_of]
    sums = [(day_, contracts_on(ledger, day_).high) for day_ in dict.fromkeys(days) if pd.notna(day_)]
    ours = [
        {"as_of": day_, "kind": "our sum", "value": total, "is_floor": False, "metric": "", "source": ""}
        | {"name": f"{day_:%-d %b %y}: {CONTRACTS}"}
        for day_, total in sums
        if total
    ]
    found = pd.concat([named, pd.DataFrame(ours)], ignore_index=True) if ours else named
    return found.sort_values("as_of", kind="stable", ignore_index=True)


def counts(ledger: Ledger) -> dict[tuple[pd.Timestamp, float], str]:
    """What each sum that was named for OpenAI's computing counts, by its day and its amount in US$ bn; who said it, if
    not OpenAI."""
    named = climb_down(ledger).query("kind == 'named'")
    told = zip(named["as_of"], named["value"], named["name"], strict=True)
    own = f", {BASIS_WORDS['guidance']}"
    return {(day_, value): name.split(": ", 1)[1].removesuffix(own) for day_, value, name in told}


def largest(named: pd.DataFrame) -> pd.DataFrame:
    """The row of `climb_down` with the largest sum that was named for all of OpenAI's computing."""
    return named[named["metric"] == "compute_commitments_total"].nlargest(1, "value", keep="first")


def contracts_on(ledger: Ledger, day_: pd.Timestamp) -> counted.Amount:
    """OpenAI's contracts for computing that had a price, as known on a day."""
    view = latest(ledger.history["deals"], ["deal"], day_)
    return counted.total(counted.payments(view, payer="openai", scope="openai", kind=counted.SUPPLY_KINDS))


def is_relayed(note: str) -> bool:
    """Return whether a row's note says that OpenAI told investors alone, so that only the press passes it on."""
    return bool(TO_INVESTORS.search(note))


def _basis(row: Any, own: set[tuple[pd.Timestamp, float]]) -> str:
    """What a named sum rests on; ``own`` holds the days and amounts (US$ bn) of sums that OpenAI announced itself."""
    if is_relayed(row.note):
        return bases.REPORTED if row.basis == "guidance" else str(row.basis)
    return "guidance" if (row.as_of, row.value) in own and row.basis == bases.REPORTED else str(row.basis)


def _years(row: Any) -> str:
    if pd.isna(row.end):
        return ""
    if getattr(row, "metric", "") == "purchase_commitments":
        return f" on {row.end:%-d %b %y}"
    is_first_told = pd.notna(row.start) and not FIRST_UNTOLD.search(getattr(row, "note", ""))
    return f" {row.start.year}–{row.end.year}" if is_first_told else f" to {row.end.year}"


def announced_since(f: Facts, named: pd.DataFrame) -> pd.DataFrame:
    """OpenAI's plan for its computing, if the deals tell a newer one than the metrics (one row or none)."""
    plan = f.standing(PLAN).rename(columns={"high_usd_bn": "value"})
    told = named.loc[(named["metric"] == "compute_spend") & (named["basis"] == "guidance"), "as_of"]
    return plan[plan["as_of"] > told.max()] if len(told) else plan.head(0)


def spending_plans(f: Facts, named: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first and the newest sum that OpenAI said it would spend on computing, in either table (one row or none)."""
    plans = named[(named["metric"] == "compute_spend") & (named["basis"] == "guidance")] if len(named) else named
    newer = announced_since(f, named) if len(named) else named
    return plans.head(1), newer if len(newer) else plans.tail(1)
