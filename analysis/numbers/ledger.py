"""What the pages on the ledger and the methods say."""

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers.facts import Facts
from analysis.results import Results


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
    return Results([f.result("as_of", "The ledger is read as of", f"{ledger.as_of:%Y-%m-%d}", "date"), *rows])


def gaps(ledger: Ledger, scenario: str = "central") -> Results:
    """What the counted deals leave open."""
    f = Facts(ledger, "methods", scenario)
    rows = counted.payments(ledger.deals)
    total = len(rows) or 1
    no_amount = (rows["low_usd_bn"].isna() & rows["high_usd_bn"].isna()).sum()
    shares = [
        ("start", "start", rows["start"].isna().sum()),
        ("end", "end", rows["end"].isna().sum()),
        ("amount", "amount", no_amount),
    ]
    return Results(
        [
            f.result("counted", "Deals counted", len(rows), "count", how="Role payment, not cancelled."),
            *(
                f.result(
                    f"share_without_{key}",
                    f"Share of them without {words}",
                    100 * int(n) / total,
                    "pct",
                    how=f"{int(n)} of {len(rows)}.",
                )
                for key, words, n in shares
            ),
        ]
    )
