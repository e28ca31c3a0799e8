"""The loops themselves, and whether chance would make as many."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import circularity, nullmodel
from analysis.models.flows import matrix
from analysis.numbers.circularity.measures import facts, network_edges, payments
from analysis.numbers.facts import NAN
from analysis.numbers.results import Results

MOST_PARTIES = 5  # in a loop
DRAWS = 120  # networks of chance


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


def rings(ledger: Ledger, scenario: str = "central") -> Results:
    """The number of loops, the widest ones, and how many networks of chance are as circular."""
    f = facts(ledger, scenario)
    found, deals, table = loops(ledger, scenario), payments(f), network_edges(ledger, scenario)
    widest, longer = found.head(1), found[found["length"] > 2].head(1)
    null = (
        nullmodel.percentile(matrix(table, "amount")[0], draws=DRAWS)
        if len(table)
        else {"percentile": NAN, "distinct": 0.0, "accepted": 0.0}
    )
    (name, smallest), (long_name, long_smallest) = (
        rows[["names", "bottleneck"]].iloc[0] if len(rows) else (None, None) for rows in (widest, longer)
    )
    return Results(
        [
            f.result("loops", "Loops of two to five parties", len(found), "count", deals),
            f.result("top_loop", "Widest loop", name, "text", deals),
            f.result(
                "top_bottleneck",
                "Smallest payment in the widest loop",
                smallest,
                "usd_bn",
                deals,
                how="What can go round the loop at most.",
            ),
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
                "Random networks no more circular than this one",
                null["percentile"],
                "pct",
                deals,
                how="Same parties, same numbers of partners, same sums; amounts fitted anew.",
            ),
            f.result(
                "has_percentile",
                "There are enough distinct random networks for a percentile",
                not pd.isna(null["percentile"]),
                "flag",
                deals,
            ),
            f.result("distinct", "Distinct random networks sampled", int(null["distinct"]), "count", deals),
            f.result("accepted", "Accepted swaps per 1,000 attempts", round(null["accepted"]), "count", deals),
        ]
    )
