"""What the page of references says."""

from analysis.ledger import Ledger
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results


def sources(ledger: Ledger, scenario: str = "central") -> Results:
    """How many sources the facts of the day rest on."""
    f = Facts(ledger, "references", scenario)
    used = {
        s for frame in ledger.tables.values() if "source" in frame and "url" not in frame for s in frame["source"] if s
    }
    rows = ledger.sources[ledger.sources["source"].isin(used)]
    return Results(
        [
            f.result("as_of", "Report as of", f"{ledger.as_of:%Y-%m-%d}", "date"),
            f.result(
                "sources",
                "Sources",
                len(rows),
                "count",
                how="Sources of the latest rows known on the day, and of our choices.",
            ),
            f.result("without_link", "Sources without a public address", int((rows["url"] == "").sum()), "count"),
        ]
    )
