"""Amazon's money in OpenAI and OpenAI's spending at AWS, year by year, and where the second passes the first."""

from typing import NamedTuple

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import amazon as numbers
from analysis.numbers import formats
from analysis.numbers.amazon import AWS, EQUITY
from analysis.numbers.facts import Facts

FLOWS = {EQUITY: "From Amazon", AWS: "Back to Amazon"}


class Crossing(NamedTuple):
    """Where what OpenAI has spent passes what Amazon has put in.

    ``at`` (a point between two year ends) and ``amount`` (US$ bn) are those of our central choices, ``low`` and
    ``high`` the year ends of all of them; ``label`` is the year by whose end it has happened, ``words`` the others.
    """

    at: float
    amount: float
    low: float
    high: float
    label: str
    words: str


def in_and_out(ledger: Ledger, scenario: str) -> pd.DataFrame:
    """Return both sides added up by the end of each year: side (words), year, central, low and high (US$ bn), and name
    (side with its last sum)."""
    wide = numbers.paid_in_and_back(Facts(ledger, "amazon", scenario))
    sides = {"put": FLOWS[EQUITY], "spent": FLOWS[AWS]}
    parts = [
        pd.DataFrame(
            {
                "side": words,
                "year": wide["year"],
                "central": wide[k],
                "low": wide[f"{k}_low"],
                "high": wide[f"{k}_high"],
            }
        )
        for k, words in sides.items()
    ]
    frame = pd.concat(parts, ignore_index=True).dropna(subset="central", ignore_index=True)
    ends = frame.groupby("side")["high"].transform("last").map(lambda v: formats.amount(v, "usd_bn"))
    floors = frame.groupby("side")["low"].transform("last").map(lambda v: formats.amount(v, "usd_bn"))
    return frame.assign(name=frame["side"] + ": " + ends.where(ends == floors, "up to " + ends))


def in_and_out_finding(ledger: Ledger, scenario: str) -> str:
    """Return in a sentence when what OpenAI spends at AWS passes what Amazon has put in."""
    f = Facts(ledger, "amazon", scenario)
    equity, aws = (deals.total(deals.payments(f.deal(key))) for key in (EQUITY, AWS))
    orders = formats.amount(aws.high, "usd_bn")
    if not equity.high:
        return f"OpenAI is to spend {orders} at AWS; Amazon has agreed to no investment"
    found = numbers.payback(ledger, scenario).by_name()
    firm, whole = (found[f"payback_{part}"].value for part in ("firm", "whole"))
    if firm is None or whole is None:
        return f"OpenAI's {orders} at AWS never pass what Amazon puts in"
    least, most = (formats.amount(v, "usd_bn") for v in (equity.low, equity.high))
    passes = f"If OpenAI pays in full, its spending at AWS passes Amazon's {least} in {firm:.0f}"
    return passes if equity.low == equity.high else f"{passes}, all {most} in {whole:.0f}"


def crossing(ledger: Ledger, scenario: str) -> Crossing | None:
    """Return where OpenAI's spending passes all that Amazon has put in or promised; None where it never does."""
    frame = numbers.paid_in_and_back(Facts(ledger, "amazon", scenario)).set_index("year")
    found = numbers.payback(ledger, scenario).by_name()
    year, spread = found["payback_whole"].value, found["payback_year"]
    if year is None or year - 1 not in frame.index or spread.low is None or spread.high is None:
        return None
    amount = frame["put_high"][year]
    before, after = frame["spent"][year - 1], frame["spent"][year]
    at = year - 1 + min(max((amount - before) / (after - before), 0.0), 1.0)
    words = f"or from {spread.low:.0f} to {spread.high:.0f}" if spread.low < spread.high else ""
    return Crossing(at, amount, spread.low, spread.high, f"{year:.0f}", words)
