"""What the first page says of its day: what moved last, and how large the ledger is."""

import pandas as pd

from analysis.ledger import Ledger, compare, without_confirmations
from analysis.numbers import vintages
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results


def recent_rows(ledger: Ledger, since: pd.Timestamp) -> pd.DataFrame:
    """Rows of deals after a day that say something new: a row that only confirms is left out."""
    deals = ledger.history["deals"]
    moved = without_confirmations(compare(ledger.at(since.date()), ledger))
    keys = moved.loc[moved["table"] == "deals", "key"]
    rows = deals[(deals["as_of"] > since) & deals["deal"].isin(keys)]
    return rows.sort_values(["as_of", "deal"], ascending=[False, True])


def news(ledger: Ledger, scenario: str = "central") -> Results:
    """How much moved in the last month."""
    f = Facts(ledger, "index", scenario)
    since = ledger.as_of - pd.Timedelta(days=30)
    recent = recent_rows(ledger, since)
    key_day = vintages.known(ledger)[-1]
    is_key_day = bool((ledger.vintages["as_of"] == ledger.as_of).any())
    return Results(
        [
            f.result("is_key_day", "The report stands on a key day", is_key_day, "flag"),
            f.result("day_name", "What the day of the report is called", key_day.name, "text"),
            f.result("day_sentence", "What made the day of the report matter", key_day.sentence, "text"),
            f.result("as_of", "Report as of", f"{ledger.as_of:%Y-%m-%d}", "date"),
            f.result(
                "moved",
                "Deals that changed in the thirty days before the report",
                len(recent),
                "count",
                how="Rows of deals that were added or changed.",
            ),
            f.result("deals", "Deals in the ledger", len(ledger.deals), "count"),
            f.result(
                "sources",
                "Sources behind the facts",
                int(
                    ledger.sources["source"]
                    .isin({s for rows in ledger.history.values() if "source" in rows for s in rows["source"]})
                    .sum()
                ),
                "count",
            ),
        ]
    )
