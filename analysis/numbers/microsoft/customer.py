"""Whether OpenAI's own customers can pay what it buys from Microsoft: its sales in the months of a bill."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import periods
from analysis.numbers.facts import NAN, Facts, value
from analysis.numbers.results import Results
from analysis.numbers.timespans import DECEMBER

LABELS = {"paid": "its payments to Microsoft", "billed": "Microsoft's revenue from it"}


def bills(f: Facts) -> dict[str, pd.DataFrame]:
    """The newest year of each account of what OpenAI buys from Microsoft (one row or none), OpenAI's own first."""
    return {
        "paid": f.happened("openai", "payments_to_microsoft", months=DECEMBER).tail(1),
        "billed": f.happened("microsoft", "revenue_from_openai", months=DECEMBER).tail(1),
    }


def sales_in(f: Facts, bill: pd.DataFrame) -> tuple[float, pd.DataFrame]:
    """Return OpenAI's sales in the period of a bill (US$ bn), and the rows that give them; see `periods.bridge`."""
    sales = f.happened("openai", "revenue")
    if bill.empty:
        return NAN, sales.head(0)
    return periods.bridge(sales, bill["start"].iloc[-1], bill["end"].iloc[-1])


def customer(ledger: Ledger, scenario: str = "central") -> Results:
    """OpenAI's sales beside what it buys from Microsoft in the same months."""
    f = Facts(ledger, "microsoft", scenario)
    results = []
    for key, bill in bills(f).items():
        sales, rows = sales_in(f, bill)
        how = "Statements of OpenAI's revenue laid end to end; of a year its first half taken off leaves the second."
        is_more = value(bill) > sales
        period = f.period(bill)
        results += [
            f.result(
                f"sales_{key}",
                "OpenAI's sales in the year of " + LABELS[key],
                sales,
                "usd_bn",
                rows,
                how=how if len(rows) > 1 else "",
                period=period if len(rows) else None,
            ),
            f.result(
                f"is_{key}_over_sales", f"OpenAI sold less in that year than {LABELS[key]}", is_more, "flag", bill, rows
            ),
        ]
    return Results(results)
