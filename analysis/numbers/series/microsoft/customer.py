"""What OpenAI sells in a year beside what it buys from Microsoft in the same months, in pictures."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers import microsoft as numbers
from analysis.numbers.facts import Facts, value

SOLD, BOUGHT = "OpenAI's own sales", "what it bought from Microsoft"
TELLERS = {"paid": "as OpenAI's accounts have it", "billed": "as Microsoft booked it"}


def sold_and_bought(ledger: Ledger) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return OpenAI's sales and what Microsoft had of it, year by year of each account, and the rows behind.

    Returns
    -------
    DataFrame
        year (its months and who tells it), side (`SOLD` or `BOUGHT`), value (US$ bn), label; the older year first.
    list of DataFrame
        The rows of the ledger it rests on.
    """
    f = Facts(ledger, "microsoft")
    told, used = [], []
    for key, bill in numbers.bills(f).items():
        sales, rows = numbers.sales_in(f, bill)
        if sales > 0:
            ends = bill["start"].iloc[-1], bill["end"].iloc[-1]
            year = f"{_months(*ends)}, {TELLERS[key]}"
            told += [(ends[1], year, SOLD, sales), (ends[1], year, BOUGHT, value(bill))]
            used += [bill, rows]
    frame = pd.DataFrame(told, columns=["end", "year", "side", "value"]).sort_values("end", kind="stable")
    labels = [formats.quantity(v, "usd_bn") for v in frame["value"]]
    return frame.drop(columns="end").assign(label=labels).reset_index(drop=True), used


def _months(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """A year as its number, or by the months at its ends."""
    return f"{end:%Y}" if start.dayofyear == 1 else f"{start:%B %Y} to {end:%B %Y}"


def sold_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence what OpenAI sold to all its customers, and what Microsoft recorded, or it paid Microsoft."""
    newest = frame.tail(2).set_index("side")
    sold, bought = (newest.loc[side, "label"] for side in (SOLD, BOUGHT))
    is_recorded = frame["year"].iloc[-1].endswith(TELLERS["billed"])
    told = f"Microsoft recorded {bought} from it" if is_recorded else f"it paid Microsoft {bought}"
    return f"OpenAI's sales were {sold} in a year; {told}"
