"""The loops themselves, and whether chance would make as many."""

import functools
import math

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity, nullmodel
from analysis.models.deals import bounds
from analysis.models.flows import matrix
from analysis.models.network import COUNTED
from analysis.numbers import modelling
from analysis.numbers.circularity.measures import LAB, NO_CIRCLE, counted, facts, network_edges, payments
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN
from analysis.numbers.results import Results

MOST_PARTIES = 5  # in a loop
MIDDLE = "Over the life of the deals, middles of ranges."
LEGS = "Each dollar once on its way there and once on its way back."
DRAWS, CHAINS = 2000, 200  # random networks, and the chains that draw them
NEARLY_ALL = 95.0  # per cent of random networks, with which all but the error of the draws must be below
# What chance would match against what is matched, and how many random networks match less, in words.
CLOSENESS = ((1.0, "no less"), (0.8, "hardly less"), (0.5, "less"), (0.0, "far less"))
RARITY = ((NEARLY_ALL, "rarely"), (80.0, "seldom"), (-math.inf, "often"))
LITTLE = 0.1  # of what is matched: as far above the median of random networks is little


def loops(ledger: Ledger, scenario: str = "central") -> pd.DataFrame:
    """Return the loops of up to `MOST_PARTIES` parties, by the smallest payment, largest first.

    Returns
    -------
    DataFrame
        Columns parties, length, bottleneck and total (US$ bn), see `models.circularity.loops`, and names (the loop in
        words, back to where it starts).
    """
    table = network_edges(ledger, scenario)
    if table.empty:
        return pd.DataFrame(columns=["parties", "length", "bottleneck", "total", "names"])
    W, parties = matrix(table, "amount")
    found = circularity.loops(W, MOST_PARTIES, parties)
    return found.assign(names=[" → ".join(ledger.name(p) for p in (*ring, ring[0])) for ring in found["parties"]])


def going_round(ledger: Ledger, scenario: str = "central") -> dict[tuple[str, str], float]:
    """What of the counted payments can go round, US$ bn by payer and payee: a maximum circulation.

    Its sum is unique, its parts need not be.
    """
    known = counted(ledger, scenario)
    C = circularity.maximum_circulation(known.flows(known.amounts(COUNTED)))
    return {(known.names[i], known.names[j]): float(C[i, j]) for i, j in zip(*C.nonzero(), strict=True)}


def _pair(loops: pd.DataFrame, edges: pd.DataFrame) -> tuple[str | None, float, float]:
    """The partner of the widest loop if that is OpenAI's with one partner, and what the two pay each other, US$ bn:
    the partner, then OpenAI. None and unknown amounts otherwise."""
    ring = loops["parties"].iloc[0] if len(loops) else ()
    if len(ring) != 2 or LAB not in ring:
        return None, NAN, NAN
    (partner,) = {*ring} - {LAB}
    paid = edges.set_index(["payer", "payee"])["amount"]
    return partner, float(paid[partner, LAB]), float(paid[LAB, partner])


def _ends(deals: pd.DataFrame, groups: pd.DataFrame, partner: str | None) -> tuple[float, float]:
    """The ends of what a partner pays OpenAI, US$ bn: deals, the same with companies as their groups, the partner."""
    ends = bounds(deals[(groups["payer"] == partner) & (groups["payee"] == LAB)]).sum()
    return (float(ends["low"]), float(ends["high"])) if partner else (NAN, NAN)


@functools.lru_cache(maxsize=2)
def chance(ledger: Ledger, scenario: str = "central") -> nullmodel.Placed:
    """Return where the network stands among networks with the same sums, kind by kind of money."""
    known = counted(ledger, scenario)
    return nullmodel.placed(known.by_kind(), known.lab, draws=DRAWS, chains=CHAINS)


def rings(ledger: Ledger, scenario: str = "central") -> Results:
    """The number of loops, the widest ones, and in how many random networks as much comes back."""
    f = facts(ledger, scenario)
    found, deals, null = loops(ledger, scenario), payments(f), chance(ledger, scenario)
    widest, longer = found.head(1), found[found["length"] > 2].head(1)
    (_, smallest), (long_name, long_smallest) = (
        rows[["names", "bottleneck"]].iloc[0] if len(rows) else (None, None) for rows in (widest, longer)
    )
    is_known = not pd.isna(null.percentile) and null.index > NO_CIRCLE
    partner, given, owed = _pair(found, network_edges(ledger, scenario))
    groups = modelling.parties(ledger).grouped(deals)
    least, most = _ends(deals, groups, partner)
    own = deals[groups["payer"].isin([LAB, partner]) & groups["payee"].isin([LAB, partner])] if partner else deals
    return Results(
        [
            f.result("loops", "Loops of two to five parties", len(found), "count", deals),
            f.result(
                "top_bottleneck",
                "Smallest payment in the widest loop",
                smallest,
                "usd_bn",
                deals,
                how="What can go round the loop at most.",
            ),
            f.result("is_pair", "The widest loop is OpenAI's with one partner", partner is not None, "flag", deals),
            f.result(
                "is_pair_scene",
                "The partner of the widest loop buys shares and sells computing",
                partner is not None and set(own["kind"]) <= {"equity", "compute"},
                "flag",
                own,
            ),
            f.result(
                "pair_name",
                "Partner in the widest loop",
                short_name(ledger.name(partner)) if partner else None,
                "text",
                own,
            ),
            f.result(
                "pair_in", "What that partner pays OpenAI", given, "usd_bn", own, low=least, high=most, how=MIDDLE
            ),
            f.result("is_pair_range", "What that partner pays is a range", least < most, "flag", own),
            f.result("pair_out", "What OpenAI pays that partner", owed, "usd_bn", own, how=MIDDLE),
            f.result("pair_round", "Of that, what can go round", 2 * min(given, owed), "usd_bn", own, how=LEGS),
            f.result("pair_short", "What OpenAI pays that partner beyond that", owed - given, "usd_bn", own),
            f.result("is_pair_short", "OpenAI pays that partner more than it gets", owed > given, "flag", deals),
            f.result("long_loop", "Widest loop of three or more", long_name, "text", deals),
            f.result(
                "long_bottleneck",
                "Smallest payment in the widest loop of three or more",
                long_smallest,
                "usd_bn",
                deals,
            ),
            f.result("has_long", "There is a loop of three or more", len(longer) > 0, "flag", deals),
            f.result(
                "percentile",
                "Random networks in which less is matched than here",
                null.percentile if is_known else None,
                "pct",
                deals,
                low=max(null.percentile - 2 * null.error, 0.0) if is_known else None,
                high=min(null.percentile + 2 * null.error, 100.0) if is_known else None,
                how=(
                    "Each party pays and gets as much of each kind of money as here; only who pays whom is drawn. "
                    "Range: twice the standard error of the draws."
                ),
            ),
            f.result(
                "chance_middle",
                "Part that is matched in the median random network",
                100 * null.median if is_known else None,
                "pct",
                deals,
            ),
            f.result(
                "chance_words",
                "How that compares with the part that is matched here, in words",
                by_chance(null.index, null.median, null.percentile - 2 * null.error) if is_known else None,
                "text",
                deals,
            ),
            f.result(
                "chance_range",
                "Part that is matched in 95% of random networks",
                None,
                "pct",
                deals,
                low=100 * null.low if is_known else None,
                high=100 * null.high if is_known else None,
            ),
            f.result(
                "has_percentile", "There is a circle, and the same sums allow other networks", is_known, "flag", deals
            ),
            f.result(
                "is_by_sums",
                "Most of what is matched would be with other partners, too",
                is_known and null.median > null.index / 2,
                "flag",
                deals,
            ),
            f.result(
                "is_just_above_chance",
                "More is matched than in nearly all random networks, but by little",
                is_known
                and null.percentile - 2 * null.error > NEARLY_ALL
                and 0 < null.index - null.median < LITTLE * null.index,
                "flag",
                deals,
            ),
            f.result("draws", "Random networks drawn", null.draws, "count", deals),
        ]
    )


def by_chance(here: float, median: float, percentile: float) -> str:
    """Return in words whether much is matched, against what chance would match.

    Parameters
    ----------
    here, median : float
        Part that is matched, of 1: in the ledger's network and in the median random one.
    percentile : float
        Part of random networks in which less is matched, in per cent.
    """
    part = median / here if here > 0 else math.inf
    size = next(words for least, words in CLOSENESS if part >= least)
    often = next(words for least, words in RARITY if percentile >= least)
    link = "yet" if percentile >= RARITY[1][0] and part >= CLOSENESS[2][0] else "and"
    return f"{size}, {link} chance {often} gives as much"
