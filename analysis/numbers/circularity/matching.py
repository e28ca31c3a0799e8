"""The matched money: what of it has been paid in already, and what comes back to OpenAI only after it has paid."""

import numpy as np

from analysis.ledger import Ledger
from analysis.models import network
from analysis.models.circularity import most_returning, returning_in_time
from analysis.numbers import formats, modelling, quantities
from analysis.numbers.calculations import labelled
from analysis.numbers.circularity.measures import (
    HEADLINE,
    as_counted,
    counted,
    facts,
    returned,
    sensitivity,
    with_amount,
)
from analysis.numbers.facts import NAN, Facts, ratio
from analysis.numbers.results import Results

REPORTED = "reported"  # the way that counts press reports and talks, too
DOLLARS = 100  # the bill of which a reader is told the matched dollars
# The words for a part, by what it is at least of the whole.
PARTS = ((0.95, "nearly all"), (0.5, "most"), (0.05, "less than half"), (0.0, "next to nothing"))


def paid_in(ledger: Ledger, scenario: str) -> float:
    """Return what is matched by money that has been paid to OpenAI, US$ bn: what is still to come matches nothing."""
    known = counted(ledger, scenario)
    W = known.flows(known.amounts(network.COUNTED))
    if known.lab < 0 or not W.any():
        return NAN
    groups = modelling.parties(ledger).groups
    for part in quantities.equity_to_come(Facts(ledger, "circularity", scenario)).itertuples():
        payer = groups.get(str(part.payer), str(part.payer))
        if payer in known.names:
            W[known.names.index(payer), known.lab] -= (part.low + part.high) / 2
    return most_returning(np.maximum(W, 0.0), known.lab)


def part_words(share: float) -> str | None:
    """Return a part (0 to 1) in words, None where it is not known."""
    return next((words for least, words in PARTS if share >= least), None)


def _of_hundred_in_words(returns: float, owed: float) -> str:
    sums = f"{formats.amount(returns, 'usd_bn')} that are matched ÷ {formats.amount(owed, 'usd_bn')} to be paid"
    return f"US${DOLLARS} × {sums}, to the whole dollar."


def matched(ledger: Ledger, scenario: str = "central") -> Results:
    """What of the matched money has been paid in, and what comes back to OpenAI only after it has paid."""
    f, deals = facts(ledger, scenario), as_counted(ledger, scenario)
    returns, owed = returned(ledger, scenario)
    paid, known = paid_in(ledger, scenario), counted(ledger, scenario)
    told = sensitivity(ledger, scenario)[HEADLINE]
    more = told[REPORTED] > told[network.COUNTED.key]
    later = returning_in_time(known.calendar(), known.lab) if owed > 0 else NAN
    how = "Shares that are not reported as paid match nothing; of what depends on conditions half is to come."
    of_hundred = round(float(DOLLARS * ratio(returns, owed))) if owed > 0 else NAN
    whole = _of_hundred_in_words(returns, owed) if owed > 0 else ""
    order = "The same, where money counts only if it is paid to OpenAI in the year in which OpenAI pays, or after it."
    return Results(
        [
            f.result(
                "of_hundred", "Matched of every US$100 of OpenAI's priced orders", of_hundred, "usd", deals, how=whole
            ),
            f.result("not_of_hundred", "The rest of US$100", DOLLARS - of_hundred, "usd", deals, how=whole),
            f.result(
                "with_reported",
                "Part that is matched if press reports and talks count, too",
                100 * told[REPORTED],
                "pct",
                with_amount(ledger, scenario),
            ),
            f.result("has_reported", "Press reports and talks add to what is matched", bool(more), "flag", deals),
            f.result("paid_in", "Matched by money that has been paid in", paid, "usd_bn", deals, how=how),
            f.result("to_be_paid_in", "Matched by money still to be paid in", returns - paid, "usd_bn", deals, how=how),
            f.result("paid_in_part", "Of what is matched, paid in", part_words(ratio(paid, returns)), "text", deals),
            f.result("returns_later", "Paid to OpenAI only after OpenAI has paid", later, "usd_bn", deals, how=order),
            f.result(
                "returns_later_share",
                "Part of what OpenAI has agreed to pay that is matched by money paid in the same year or later",
                100
                * ratio(
                    labelled(later, "usd_bn", "what is paid to OpenAI after it has paid"),
                    labelled(owed, "usd_bn", "what OpenAI has agreed to pay"),
                ),
                "pct",
                deals,
                how=order,
            ),
            f.result(
                "is_paid_first",
                "Most of what is matched was paid to OpenAI before OpenAI pays",
                bool(returns > 0 and later < returns / 2),
                "flag",
                deals,
            ),
        ]
    )
