"""What the page of references says."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.facts import Facts, ratio
from analysis.numbers.results import Results


def cited(ledger: Ledger) -> pd.DataFrame:
    """The rows of the sources on which the latest rows known on the day rest, and our choices; second sources too."""
    named = [ledger.tables.columns(name, ("source", "second_source")) for name in ledger.tables if name != "sources"]
    keys = {key for table in named for column in table for key in table[column]}
    return ledger.sources[ledger.sources["source"].isin(keys)]


def _primary_share(ledger: Ledger, money: pd.DataFrame) -> float:
    """Per cent of the money of deals whose source is a primary document; NaN where there is none."""
    size = money["high_usd_bn"].fillna(money["low_usd_bn"]).fillna(0.0)
    rank = money["source"].map(ledger.sources.set_index("source")["rank"])
    return 100 * ratio(size[rank == "primary"].sum(), size.sum())


def sources(ledger: Ledger, scenario: str = "central") -> Results:
    """How many sources the facts of the day rest on."""
    f = Facts(ledger, "references", scenario)
    rows, money = cited(ledger), f.payments(scope="openai")
    return Results(
        [
            f.result("as_of", "Report as of", f"{ledger.as_of:%Y-%m-%d}", "date"),
            f.result(
                "sources",
                "Sources",
                len(rows),
                "count",
                how="First and second sources of the latest rows known on the day, and of our choices.",
            ),
            f.result(
                "primary_share",
                "Part of the money ordered from suppliers or promised by investors that rests on primary documents",
                _primary_share(ledger, money),
                "pct",
                money,
                how="Deals with OpenAI that are counted, each at its high end or its floor, by the rank of its source.",
            ),
            f.result("without_link", "Sources without a public address", int((rows["url"] == "").sum()), "count"),
        ]
    )
