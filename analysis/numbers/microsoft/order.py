"""The Azure order as it was signed, and what became of it since."""

import pandas as pd

from analysis.ledger import latest
from analysis.models import deals, periods
from analysis.numbers.calculations import labelled
from analysis.numbers.facts import NAN, Facts, day, ratio, total, value
from analysis.numbers.results import Result

AZURE = "openai-azure-compute"


def signed(f: Facts) -> pd.DataFrame:
    """The first row that gives the Azure order a price (one row or none): what was agreed then, whatever came later."""
    history = f.ledger.history["deals"]
    return history[(history["deal"] == AZURE) & history["low_usd_bn"].notna()].head(1)


def has_end(rows: pd.DataFrame) -> bool:
    """Whether OpenAI's orders of Azure (rows of deals) all have an end."""
    return len(rows) > 0 and bool(rows["end"].notna().all())


def per_year(f: Facts, rows: pd.DataFrame) -> tuple[float, float, float]:
    """Return what the orders (rows of deals) come to in a year, spread evenly: least, middle and most, US$ bn.

    Over their own term, from the day on which the first was signed, if all have an end; over the assumed ones if not.
    """
    term, amount = f.choices["term_years.compute"], total(rows, "Azure contract").low or NAN
    lengths = (term.high, term.central, term.low)
    if has_end(rows):
        starts = rows["start"].fillna(signed(f)["as_of"].min())
        lengths = (max(map(periods.contract_years, starts, rows["end"])),) * 3
    least, middle, most = (ratio(amount, labelled(years, "years", "length of the contract")) for years in lengths)
    return least, middle, most


def since(f: Facts) -> list[Result]:
    """What was ordered at first, and since when OpenAI's orders of Azure have come to another sum, or to none."""
    first, rows = signed(f), f.payments(payer="openai", payee="microsoft", kind="compute")
    gone = f.deal(AZURE) if len(first) and not deals.total(rows).low else first.head(0)
    moved = changed(f) if gone.empty else None
    return [
        f.result("azure_ordered", "Azure ordered at first", value(first, "low_usd_bn"), "usd_bn", first),
        f.result("was_ordered", "An order of Azure with a price has been signed", len(first) > 0, "flag", first),
        f.result("is_order_changed", "It comes to another sum now", moved is not None, "flag", rows),
        f.result("order_changed_day", "Since", f"{moved:%Y-%m-%d}" if moved is not None else None, "date", rows),
        f.result("is_order_gone", "It no longer stands", len(gone) > 0, "flag", gone),
        f.result("order_gone_day", "It ended on", day(gone), "date", gone),
    ]


def changed(f: Facts) -> pd.Timestamp | None:
    """The day since which OpenAI's orders of Azure have come to what they do now; None while that is the first sum."""
    history = f.ledger.history["deals"]
    own = history[(history["payer"] == "openai") & (history["payee"] == "microsoft") & (history["kind"] == "compute")]
    days = own["as_of"].drop_duplicates().sort_values()
    sums = pd.Series([deals.total(deals.payments(latest(own, ["deal"], d))).low for d in days], days, dtype=float)
    priced = sums[sums > 0]
    moves = priced.index[priced.diff().fillna(0.0).ne(0)]
    return moves[-1] if len(moves) and priced.iloc[-1] != priced.iloc[0] else None
