"""What the pages on the ledger and the methods say."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import deals as counted
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results


def extent(ledger: Ledger, scenario: str = "central") -> Results:
    """How much the ledger holds on the day."""
    f = Facts(ledger, "ledger", scenario)
    known = [
        ("deals", "Deals known"),
        ("metrics", "Company figures known"),
        ("sites", "Data centres known"),
        ("terms", "Rights and rules known"),
    ]
    rows = [f.result(name, label, len(ledger[name]), "count", how="Latest rows by key.") for name, label in known]
    return Results([f.result("as_of", "Ledger as of", f"{ledger.as_of:%Y-%m-%d}", "date"), *rows])


def gaps(ledger: Ledger, scenario: str = "central") -> Results:
    """What the counted deals leave open."""
    f = Facts(ledger, "methods", scenario)
    rows = counted.payments(ledger.deals)
    total = len(rows) or 1
    no_amount = counted.is_unpriced(rows).sum()
    shares = [
        ("start", "a start", rows["start"].isna().sum()),
        ("end", "an end", rows["end"].isna().sum()),
        ("amount", "an amount", no_amount),
    ]
    return Results(
        [
            f.result("counted", "Deals counted", len(rows), "count", how="Role payment, not cancelled."),
            *(
                f.result(
                    f"share_without_{key}",
                    f"Share of counted deals without {words}",
                    100 * int(n) / total,
                    "pct",
                    how=f"{int(n)} of {len(rows)}.",
                )
                for key, words, n in shares
            ),
        ]
    )


def unknown(ledger: Ledger) -> pd.DataFrame:
    """What has not been published, kind by kind.

    Returns
    -------
    DataFrame
        Columns what, missing and of (numbers of rows) and which (keys of the missing ones, "; " between them).
    """
    paid = counted.payments(ledger.deals)
    low, high = paid["low_usd_bn"].isna(), paid["high_usd_bn"].isna()
    chips, sites, metrics = ledger.chips, ledger.sites, ledger.metrics
    planned = sites[sites["status"] != CANCELLED]
    one_page = pd.concat([frame["verified"] for frame in (ledger.deals, metrics, sites, ledger.terms)])
    links = ledger.sources
    rows = [
        ("The amount of a payment", paid, counted.is_unpriced(paid), "deal"),
        ('Its least: only "up to" was said', paid, low & ~high, "deal"),
        ('Its most: only "more than" was said', paid, counted.is_open_ended(paid), "deal"),
        ("The day it begins", paid, paid["start"].isna(), ""),
        ("The day it ends", paid, paid["end"].isna(), ""),
        ("The power that a data centre plans", planned, planned["planned_gw"].isna(), "site"),
        ("The power that is live in it", planned, planned["live_gw"].isna(), ""),
        ("The power of a chip", chips, chips["tdp_w"].isna(), "chip"),
        ("A second page that says the same", one_page.to_frame(), one_page == "single", ""),
        ("An address of the source", links, links["url"] == "", ""),
    ]
    table = [
        (what, int(is_missing.sum()), len(frame), "; ".join(frame.loc[is_missing, key]) if key else "")
        for what, frame, is_missing, key in rows
    ]
    return pd.DataFrame(table, columns=["what", "missing", "of", "which"])
