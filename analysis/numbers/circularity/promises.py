"""How far promises have got: claimed, announced, signed, firm and paid."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import quantities
from analysis.numbers.circularity.measures import facts
from analysis.numbers.facts import ratio
from analysis.numbers.results import Results

PLAN = "openai-compute-plan"
PAYS, RECEIVES = "OpenAI pays", "OpenAI receives"


def states(ledger: Ledger) -> pd.DataFrame:
    """Return the states of promises kept apart, each within the one before but for the claim.

    Claimed: the headline plan. Announced: all counted deals. Signed: without press reports and announcements. Firm:
    the part of it that no condition can take away. Paid: equity closed by the day, at its firm amount; for compute no
    payment is published.

    Returns
    -------
    DataFrame
        Columns side, state, amount (US$ bn; 0 where nothing is known).
    """
    f = facts(ledger, "central")  # sums of deals, which no choice changes
    plan = f.deal(PLAN)
    owes, gets = quantities.owed(f), quantities.equity_promised(f)
    paid = gets[(gets["status"] == "closed") & ~(gets["start"] > ledger.as_of)]
    owed, owed_signed, got, got_signed = (
        counted.total(rows) for rows in (owes, counted.signed(owes), gets, counted.signed(gets))
    )
    rows = [
        (PAYS, "claimed", counted.total(plan[plan["status"] != "cancelled"]).high),
        (PAYS, "announced", owed.high),
        (PAYS, "signed", owed_signed.high),
        (RECEIVES, "announced", got.high),
        (RECEIVES, "signed", got_signed.high),
        (RECEIVES, "firm", got_signed.low),
        (RECEIVES, "paid", counted.total(paid).low),
    ]
    return pd.DataFrame(rows, columns=["side", "state", "amount"])


def progress(ledger: Ledger, scenario: str = "central") -> Results:
    """What is claimed, what is signed, and how much of it has been paid."""
    f = facts(ledger, scenario)
    amounts = states(ledger).set_index(["side", "state"])["amount"]
    claimed, signed, paid = (amounts[key] for key in ((PAYS, "claimed"), (RECEIVES, "signed"), (RECEIVES, "paid")))
    gets = quantities.equity_promised(f)
    return Results(
        [
            f.result("claimed", "Compute plan, as last claimed", claimed or None, "usd_bn", f.deal(PLAN)),
            f.result("equity_signed", "Equity signed, at most", signed, "usd_bn", gets),
            f.result(
                "equity_paid",
                "Equity paid to date",
                paid,
                "usd_bn",
                gets,
                how="Deals closed and due by the day, firm amounts.",
            ),
            f.result("paid_share", "Share of the signed equity that is paid", 100 * ratio(paid, signed), "pct", gets),
        ]
    )
