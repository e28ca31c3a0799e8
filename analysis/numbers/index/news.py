"""What the first page says of its day: what moved last, and how large the ledger is."""

import pandas as pd

from analysis.ledger import Ledger, compare, without_confirmations
from analysis.numbers import references, vintages
from analysis.numbers.facts import Facts
from analysis.numbers.results import Results

SCOPES = ("openai", "chain")  # of deals: OpenAI's own, and those of its partners that its money or theirs runs on to


def recent_rows(ledger: Ledger, since: pd.Timestamp, is_around_openai: bool = False) -> pd.DataFrame:
    """Rows of deals after a day that say something new: a row that only confirms is left out.

    ``is_around_openai`` leaves out the deals of others that only serve to compare.
    """
    deals = ledger.history["deals"]
    moved = without_confirmations(compare(ledger.at(since.date()), ledger, ("deals",)))
    rows = deals[(deals["as_of"] > since) & deals["deal"].isin(moved["key"])]
    rows = rows[rows["scope"].isin(SCOPES)] if is_around_openai else rows
    return rows.sort_values(["as_of", "deal"], ascending=[False, True])


def news(ledger: Ledger, scenario: str = "central") -> Results:
    """How much moved in the last month."""
    f = Facts(ledger, "index", scenario)
    since = ledger.as_of - pd.Timedelta(days=30)
    recent = recent_rows(ledger, since, is_around_openai=True)
    key_day = vintages.known(ledger)[-1]
    is_key_day = bool((ledger.vintages["as_of"] == ledger.as_of).any())
    return Results(
        [
            f.result("is_key_day", "The report stands on a key day", is_key_day, "flag"),
            f.result("day_sentence", "What made the day of the report matter", key_day.sentence, "text"),
            f.result("as_of", "Report as of", f"{ledger.as_of:%Y-%m-%d}", "date"),
            f.result(
                "moved",
                "Statements about the money around OpenAI in the thirty days before the report that say something new",
                len(recent),
                "count",
                how="Rows of deals that are new or change an amount, a state, a day or a condition.",
            ),
            f.result("deals", "Deals in the ledger", len(ledger.deals), "count"),
            f.result("sources", "Pages on which the facts rest", len(references.cited(ledger)), "count"),
        ]
    )
