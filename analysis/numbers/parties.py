"""OpenAI's parties and the two sides of each: what it puts in, and what is ordered from it."""

import functools
import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.models.deals import SUPPLY_KINDS
from analysis.numbers import modelling
from analysis.numbers.company_names import short_name

# The chapters of parties, by their keys and by their kinds in data/entities.csv; a chapter with the name of a company
# is that company's as well. What names nobody but OpenAI belongs to the chapter on its money; what no chapter claims, a
# party that is new to the ledger for one, to that on the loop.
CHAPTER_PARTIES = {
    "microsoft": ("microsoft",),
    "amazon": ("amazon", "anthropic", "perplexity"),
    "oracle_softbank": ("oracle", "softbank", "stargate", "stargate-partners", "stargate-sites", "mgx"),
    "chipmakers": ("nvidia", "amd", "broadcom", "cerebras", "coreweave"),
}
CHAPTER_KINDS = {
    "amazon": ("merchant",),
    "oracle_softbank": ("developer",),
    "chipmakers": ("chipmaker", "neocloud"),
}
OPENAI_CHAPTER, OTHER_CHAPTER, BACKERS_CHAPTER = "sustainability", "circularity", "exposure"
BACKING = ("guarantee", "debt")  # kinds of deals by which somebody stands behind OpenAI
# The counterparties of OpenAI's big agreements: each of their terms is weighty.
BIG_COUNTERPARTIES = frozenset({"microsoft", "amazon", "oracle", "softbank"})


def chapter_named(company: str) -> str:
    """Return the name that a chapter on one company has, from the company's key."""
    return re.sub(r"[.-]", "_", company)


def chapters_of(
    ledger: Ledger, parties: Collection[str], chapters: Collection[str], *, is_backing: bool = False
) -> list[str]:
    """Return the chapters to which a fact of some parties belongs, among those that the report has.

    What stands behind OpenAI belongs to the chapter on who would lose, too.
    """
    groups = modelling.parties(ledger).groups
    keys = {groups.get(party, party) for party in parties}
    kinds = ledger.entities.set_index("entity")["kind"]
    found = [
        chapter
        for chapter, own in CHAPTER_PARTIES.items()
        if keys.intersection(own) or any(kinds.get(key) in CHAPTER_KINDS.get(chapter, ()) for key in keys)
    ]
    found += [name for name in sorted(map(chapter_named, {*keys, *parties})) if name not in found]
    found += [BACKERS_CHAPTER] * is_backing
    found = [chapter for chapter in found if chapter in chapters]
    if not found:
        found = [OPENAI_CHAPTER if keys == {"openai"} else OTHER_CHAPTER]
    return [chapter for chapter in found if chapter in chapters]


def is_of_a_big_agreement(parties: Collection[str]) -> bool:
    """Return whether OpenAI and one of its largest counterparties are among the parties of a term."""
    return "openai" in parties and not BIG_COUNTERPARTIES.isdisjoint(parties)


def sides_by_party(ledger: Ledger) -> pd.DataFrame:
    """Parties that pay OpenAI as investors, are paid by it, or both.

    Returns one row a party: party, name, invests_low, invests_high, invests_open, sells_low, sells_high,
    sells_open, sells_undisclosed (deals without an amount), is_both, is_unpriced_both; US$ bn, largest first. A party
    is on both sides where both its equity and its orders have a price; where it has put in money and its orders have
    none, nobody can say how much goes back.
    """
    deals = modelling.parties(ledger).grouped(counted.payments(ledger.deals, scope="openai"))
    is_supply = deals["kind"].isin(SUPPLY_KINDS)
    invests = counted.sums_by_party(deals[(deals["payee"] == "openai") & (deals["kind"] == "equity")], "payer")
    sells = counted.sums_by_party(deals[(deals["payer"] == "openai") & is_supply], "payee")
    parties = np.array(sorted({*invests["party"], *sells["party"]}), dtype=object)

    def of_all(sums: dict[str, np.ndarray], column: str) -> np.ndarray:
        found = np.zeros(len(parties), sums[column].dtype)
        found[np.searchsorted(parties, sums["party"])] = sums[column]
        return found

    invested, sold = of_all(invests, "high"), of_all(sells, "high")
    is_two_sided = np.isin(parties, counted.two_sided(deals)) & (invested > 0)
    frame = pd.DataFrame(
        {
            "party": parties,
            "name": [ledger.name(p) for p in parties],
            "invests_low": of_all(invests, "low"),
            "invests_high": invested,
            "invests_open": of_all(invests, "is_open"),
            "sells_low": of_all(sells, "low"),
            "sells_high": sold,
            "sells_open": of_all(sells, "is_open"),
            "sells_undisclosed": of_all(sells, "undisclosed"),
            "is_both": is_two_sided & (sold > 0),
            "is_unpriced_both": is_two_sided & ~(sold > 0),
        }
    )
    return frame.take(np.argsort(-(invested + sold), kind="stable")).reset_index(drop=True)


@functools.lru_cache(maxsize=32)
def largest_parties(ledger: Ledger, most: int) -> pd.DataFrame:
    """The largest parties of `sides_by_party` with a priced deal, by the names that a picture has room for."""
    sides = sides_by_party(ledger)
    sides = sides[(sides["invests_high"] + sides["sells_high"] > 0.2) & (sides["party"] != "openai")]
    pools = set(ledger.entities.loc[ledger.entities["kind"] == "pool", "entity"])
    is_pool = sides["party"].isin(pools)
    names = sides["name"].map(short_name)
    # Unnamed investors are those other than the named ones; several such pools keep their own names.
    return sides.assign(name=names.mask(is_pool & (is_pool.sum() == 1), "Other investors")).head(most)


def published_ends(parties: pd.DataFrame) -> pd.DataFrame:
    """The parties with empty ends where none is published: neither end of an unpriced side, no high end of an open
    one."""
    found = parties.copy()
    for side in ("invests", "sells"):
        is_priced = parties[f"{side}_high"] > 0
        found[f"{side}_low"] = parties[f"{side}_low"].where(is_priced)
        found[f"{side}_high"] = parties[f"{side}_high"].where(is_priced & ~parties[f"{side}_open"])
    return found


def unpriced_suppliers(ledger: Ledger) -> list[str]:
    """Names of the firms that OpenAI pays in a deal without a published amount, in alphabetical order."""
    owes = counted.payments(ledger.deals, payer="openai", scope="openai", kind=SUPPLY_KINDS)
    unpriced = owes[counted.is_unpriced(owes)]
    return sorted({short_name(ledger.name(p)) for p in unpriced["payee"].replace(modelling.parties(ledger).groups)})


# Sums of a chapter's parties that none of its sentences needs: a closed table at its end tells them. Keys as in
# stories; a metric without period, basis and author stands for all of them.
OTHER_PIECES = {
    "circularity": (
        "metrics:hyperscalers-5/capex_ai",
        "metrics:nvidia/vendor_financing_commitments",
        "deals:xai-series-e",
    ),
    "chipmakers": (
        "metrics:nvidia/additional_commitments_total",
        "metrics:nvidia/ecosystem_commitments_cumulative",
        "metrics:nvidia/ecosystem_commitments_added",
        "metrics:nvidia/equity_commitments_ytd",
        "metrics:nvidia/marketable_equity_securities",
        "metrics:nvidia/revenue_per_gw_blackwell",
    ),
    "oracle_softbank": (
        "deals:softbank-france-datacentres",
        "sites:france-softbank",
        "metrics:sb-energy/ipo_valuation_target",
        "deals:softbank-portsmouth-datacentre",
        "deals:softbank-portsmouth-power",
        "deals:softbank-arm-margin-loan",
        "deals:oracle-atm-2026",
        "deals:stargate-oracle-equity",
        "deals:stargate-mgx-equity",
        "metrics:stargate/funds_raised",
    ),
}
