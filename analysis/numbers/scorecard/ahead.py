"""What our models say of figures that nobody has told yet."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.facts import NAN, Facts, day, value
from analysis.numbers.results import Result, Results
from analysis.numbers.scorecard.predicted import statements
from analysis.numbers.sustainability.cash import calibrated_on


def ahead(ledger: Ledger, scenario: str = "central") -> Results:
    """What the newest statements say of the figures that will settle them first."""
    f = Facts(ledger, "scorecard", scenario)
    every = statements(ledger)
    newest = every[(every["as_of"] == every["as_of"].max()) & every["outcome"].isna()] if len(every) else every
    years = newest[(newest["metric"] == "revenue") & ((newest["end"] - newest["start"]).dt.days > 360)]
    rates = newest[newest["metric"] == "annualized_revenue"]
    made = str(newest["made"].iloc[0]) if len(newest) else ""
    first = rates.sort_values("end", kind="stable").head(1)
    told = f.metric("openai", "annualized_revenue", basis="guidance")
    told = told[told["end"].isin(first["end"])].tail(1)
    is_below = len(told) > 0 and bool(first["p50"].iloc[0] < told["value"].iloc[0])
    basis = calibrated_on(ledger.at(newest["as_of"].iloc[0])) if len(newest) else []

    def said(name: str, label: str, frame: pd.DataFrame) -> list[Result]:
        first = frame.sort_values("end", kind="stable").head(1)
        row = first.iloc[0] if len(first) else None
        ends = {"low": row["p5"], "high": row["p95"]} if row is not None else {}
        return [
            f.result(name, label, row["p50"] if row is not None else NAN, "usd_bn", *basis, **ends),
            f.result(f"{name}_day", f"{label}: until", day(first, "end"), "date"),
            f.result(f"has_{name}", f"{label}: said", row is not None, "flag"),
        ]

    return Results(
        [
            f.result("newest_day", "The newest statements rest on the facts of", day(newest), "date"),
            f.result("newest_is_then", "They were made then", made == "then", "flag"),
            *said("next_revenue", "Revenue of the next year to be told", years),
            *said("next_rate", "Run rate at the next month's end", rates),
            f.result("next_rate_told", "OpenAI's own word for that rate", value(told), "usd_bn", told),
            f.result("is_rate_below", "The model's median is below OpenAI's own word", is_below, "flag", told, *basis),
        ]
    )
