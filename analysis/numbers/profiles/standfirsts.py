"""How the page of a deal opens: how firm it is, who pays whom what for what, over which time, at what it was first put.

Verbs stand in the past or behind "would", which agree with one payer and with several.
"""

import re
from typing import Any

import pandas as pd

from analysis.ledger.schema import CANCELLED, SIGNED_STATUSES
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.headlines.deals import unless_paid
from analysis.numbers.profiles.deals import OFF, TALKS, Deal
from analysis.numbers.profiles.headings import as_held, purpose_of
from analysis.numbers.profiles.rows import Statements
from analysis.numbers.words import DEAL_WORDS, PAYS

# How firm a deal is, by where it stands, by its role and by its status; whichever is found first.
FIRMNESS = {
    TALKS: "In talks: {payer} would {do}.",
    OFF: "Cancelled: {payer} would have {done}.",
    "contingent": "Only on a condition: {payer} would {do}.",
    "claim": "A plan and no contract: {payer} would {do}.",
    "closed": "{payer} {did}.",
    "announced": "Announced, not known to be signed: {payer} would {do}.",
    "reported": "By press reports, {payer} agreed to {do}.",
}
IN_SIGNED = "It is known only as announced; the total that it is part of is signed."
AGREED, PAID_IN_PART = "{payer} agreed to {do}.", "{payer} agreed to {do}, and a part is paid."
PAID_OF_ROUND = "{payer} agreed to {do}, and {paid} of it is reported as paid."
ENDED = "Ended: {payer} agreed to {do}."  # a deal that once stood, and not only as talks or an announcement
BINDING = re.compile(r"\bGW\b.*\b(?:binding|committed|firm)\b", re.IGNORECASE)  # a condition on a part of the capacity
SAID_BY_VERB = ("debt", "donation")  # kinds of which the verb says what the money is for


def _frame(known: Deal, row: dict[str, Any], paid: float) -> str:
    """The sentence for how firm a deal is, without who does what; ``paid`` is what its parts came to, US$ bn."""
    found = next((FIRMNESS[word] for word in (known.state, row["role"], row["status"]) if word in FIRMNESS), AGREED)
    if known.state == OFF and _stood(known):
        return ENDED
    if found == FIRMNESS["closed"] and 0 < round(paid, 3) < row["high_usd_bn"]:
        return PAID_OF_ROUND
    if found == FIRMNESS["closed"] and row["low_usd_bn"] != row["high_usd_bn"]:
        return PAID_IN_PART if pd.notna(row["high_usd_bn"]) else AGREED
    return found


def _stood(known: Deal) -> bool:
    """Whether a deal was signed, or told as agreed, before it was cancelled."""
    before = [step.statement.cells for step in known.steps if step.statement.cells["status"] != CANCELLED][-1:]
    return any(c["status"] in (*SIGNED_STATUSES, "reported") for c in before) and not any(
        counted.in_talks(pd.DataFrame(before))
    )


def _is_in_signed(statements: Statements, row: dict[str, Any]) -> bool:
    """Whether a deal is part of a total that is signed or paid."""
    whole = statements.by_deal.get(str(row["part_of"] or ""), [])[-1:]
    return any(s.cells["status"] in SIGNED_STATUSES for s in whole)


def _object(row: dict[str, Any], payee: str, amount: str) -> str:
    """Whom a payer pays, how much and for what: "Amazon US$138bn for computing"."""
    kind, purpose = row["kind"], purpose_of(row)
    if kind == "warrant" and not amount:
        return f"{payee} warrants"
    amount = amount or "a sum that is not published"
    if kind == "guarantee":
        return f"{payee} {amount} under a guarantee"
    is_said = kind in SAID_BY_VERB and purpose == DEAL_WORDS[kind].purpose
    return f"{payee} {amount}" if is_said else f"{payee} {amount} {purpose}"


def _verbs(row: dict[str, Any], amount: str) -> tuple[str, str, str]:
    """What the payer does; nobody is said to lend what may be raised by shares, or to pay for the warrants it gives."""
    kind = row["kind"]
    if kind == "guarantee":  # it protects the payee, and is against the default of a third
        return PAYS
    is_gift = purpose_of(row) == DEAL_WORDS[kind].plan or (kind == "warrant" and not amount)
    return DEAL_WORDS["donation" if is_gift else kind].verbs


def standfirst(statements: Statements, known: Deal) -> str:
    """A deal in sentences.

    Parameters
    ----------
    statements
        Of the ledger.
    known
        The deal, see `deals.deal`.
    """
    row, facts = known.newest.cells, dict(known.facts)
    payer, payee = (statements.ledger.name(party) for party in (known.payer, known.payee))
    whom = as_held(statements, row, _object(row, payee, known.amount)) + unless_paid(statements.ledger, row)
    do, did, done = (f"{verb} {whom}" for verb in _verbs(row, known.amount))
    paid = counted.paid_of(statements.ledger.deals, row["deal"]) if row["status"] == counted.CLOSED else 0.0
    frame = _frame(known, row, paid)
    is_part = frame == FIRMNESS["announced"] and _is_in_signed(statements, row)
    frame = AGREED if is_part else frame
    told = [frame.format(payer=payer, do=do, did=did, done=done, paid=formats.amount(paid, "usd_bn"))]
    told += [IN_SIGNED] if is_part else []
    if frame == FIRMNESS["contingent"] and "Condition" in facts:
        told.append(f"The condition: {facts['Condition'].rstrip('.')}.")
    would = known.state in (TALKS, OFF) or row["role"] == "claim"
    covers = "was to cover" if known.state == OFF else "would cover" if would else "covers"
    if "Capacity" in facts:
        capacity, condition = facts["Capacity"], facts.get("Condition", "").rstrip(".")
        is_partly = bool(BINDING.search(condition))
        told.append(f"It {covers} up to {capacity}: {condition}." if is_partly else f"It {covers} {capacity}.")
    if known.state != OFF and pd.notna(row["start"]) and pd.notna(row["end"]):
        what = "Payments run" if row["kind"] in counted.FUNDING_KINDS else "It would run" if would else "It runs"
        is_day = row["start"] == row["end"]
        told.append(f"The day of payment: {facts['Runs']}." if is_day else f"{what} from {facts['Runs']}.")
    amounts = [(step.amount, step.statement.day_words) for step in known.steps if step.amount]
    if amounts and amounts[0][0] != known.amount:
        told.append(f"On {amounts[0][1]} it was first put at {amounts[0][0]}.")
    return " ".join(told)
