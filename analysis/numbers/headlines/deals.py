"""A row of a deal as a headline: what happened, and what was before."""

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, PAUSED, SIGNED_STATUSES
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.headlines.phrases import (
    BUYS,
    PHRASES,
    PRESS,
    is_pool,
    name_of,
    owned,
    past,
    possessive,
    sentence,
)
from analysis.numbers.ledger_words import REPAID, deal_amount, deal_moves, ending_of, status_words
from analysis.numbers.resales import ASSETS, resales
from analysis.numbers.words import DEAL_WORDS

CALLED, CLOSED_WORDS = "called and paid", ("paid", "closed")
CONDITIONAL = ("guarantee", "warrant")  # kinds that say so themselves
ON_CONDITION, TALKS = ", if conditions are met", "in talks"
CONFIRMED = "confirmed: "
RESOLD = "shares in {payee}", "shares from {payee}"  # of a holder, who sells those of another company
TO_A_VALUE = " for what its buildings lack to a guaranteed value"  # of a guarantee of a residual value
DEFAULT = re.compile(r"\bdefault\b|\binsolvency\b|\bfails? to pay\b", re.IGNORECASE)  # in the condition of a guarantee
GAP = "residual value"
CUSTOMER = re.compile(r"\b(?:customer|tenant)\b", re.IGNORECASE)
LAPSED = "; they had been called off"  # of talks that are held again
ROLES = {"claim": "; this is a plan and no contract", "total": ", counting all its parts"}
# What is said of a state that a deal has left.
STAGES = {
    "reported by the press": "it was only a press report",
    "announced": "it was only announced",
    CANCELLED: "it was called off",
    "signed and paused": "it was on hold",
}
Row = Mapping[str, Any]


def headline(ledger: Ledger, row: Row, before: Row | None = None) -> str:
    """Return what a row of a deal says as a sentence without its full stop, see `statement`."""
    return sentence(statement(ledger, row, before))


def statement(ledger: Ledger, row: Row, before: Row | None = None) -> str:
    """Return what a row of a deal says, for the inside of a sentence.

    Parameters
    ----------
    ledger
        Whose names of companies are used.
    row, before
        Its cells by column; those of the row of the same deal that was newest until then, None for the first.
    """
    if before is None:
        return _state(ledger, row)
    moves = {what: (was, now) for what, was, now in deal_moves(dict(before), dict(row))}
    if _stage(before) != _stage(row) or "who pays whom" in moves:
        is_again = before["status"] == CANCELLED and _stage(row) == TALKS
        return _state(ledger, row, is_again) + (LAPSED if is_again else _until_then(row, before, moves))
    if _is_part(row) and "amount" in moves:
        was, is_more = before["low_usd_bn"], row["low_usd_bn"] > before["low_usd_bn"]
        return _state(ledger, row) + (f", after {formats.amount(was, 'usd_bn')} before" if is_more else "")
    return _moved(ledger, row, before, moves) or CONFIRMED + _state(ledger, row)


def news(ledger: Ledger, row: Row, before: Row | None = None) -> str:
    """Return `statement` for one who reads it alone: a contract after talks, without capacity and condition."""
    if before is None or _stage(before) != TALKS or row["status"] not in SIGNED_STATUSES:
        return statement(ledger, row, before)
    was = deal_amount(before["low_usd_bn"], before["high_usd_bn"])
    over = re.sub("^up to", "as much as", was)
    return _state(ledger, {**row, "gw": math.nan, "condition": ""}) + (
        f", after talks over {over}" if over else ", after talks"
    )


def _stage(row: Row) -> str:
    """The state in words; an amendment of a signed deal is no other state."""
    words = status_words(row)
    return "signed" if row["status"] in ("signed", "amended") else words


def _is_part(row: Row) -> bool:
    return status_words(row).endswith(" in part")


def _does(ledger: Ledger, row: Row) -> str:
    phrases, amount = PHRASES[row["kind"]], deal_amount(row["low_usd_bn"], row["high_usd_bn"])
    payee = name_of(ledger, row["payee"])
    phrase = phrases.does if amount else phrases.bare
    if row["deal"] in ASSETS:
        buys = BUYS.does if amount else BUYS.bare
        return buys.format(amount=amount, payee=payee, asset=_asset(row, payee))
    if row["deal"] in resales(ledger):
        phrase = phrase.replace(*RESOLD)
    return phrase.format(amount=amount, payee=payee) + unless_paid(ledger, row)


def unless_paid(ledger: Ledger, row: Row) -> str:
    """Whose default a guarantee is against, by its condition: ", should OpenAI not pay"; empty where it names none."""
    condition = str(row.get("condition") or "")
    if row["kind"] != "guarantee" or not DEFAULT.search(condition):
        return ""
    others = [key for key in ledger.entities["entity"] if key not in (row["payer"], row["payee"])]
    names = [name for key in others if re.search(rf"\b{re.escape(name := name_of(ledger, key))}\b", condition)]
    whose = max(names, key=len, default="the customer" if CUSTOMER.search(condition) else "")
    value = TO_A_VALUE * (GAP in condition.lower())
    return f"{value}, should {whose} not pay" if whose else value


def _asset(row: Row, payee: str) -> str:
    """A plant or a business as its owner's: "Foxconn's former car plant in Ohio"."""
    return ASSETS[row["deal"]][0].replace("its", possessive(payee), 1)


def _thing(ledger: Ledger, row: Row) -> str:
    if row["deal"] in ASSETS:
        payee = name_of(ledger, row["payee"])
        return owned(ledger, row["payer"], BUYS.thing.format(asset=_asset(row, payee)))
    thing = PHRASES[row["kind"]].thing
    thing = thing.replace(*RESOLD) if row["deal"] in resales(ledger) else thing
    return owned(ledger, row["payer"], thing.format(payee=name_of(ledger, row["payee"])))


def _state(ledger: Ledger, row: Row, is_again: bool = False) -> str:
    """What has been done, or is to be, by the state of the deal; talks may be held again."""
    payer, payee = (name_of(ledger, row[side]) for side in ("payer", "payee"))
    does, is_ = _does(ledger, row), _is(ledger, row["payer"])
    words, status = status_words(row), row["status"]
    may = ON_CONDITION if row["role"] == "contingent" and row["kind"] not in CONDITIONAL else ""
    role, aside = ROLES.get(row["role"], ""), _aside(row)
    amount = deal_amount(row["low_usd_bn"], row["high_usd_bn"])
    if status == CANCELLED:
        return f"{_thing(ledger, row)}{f' ({amount})' if amount else ''} was called off"
    if status == PAUSED:
        return f"{_thing(ledger, row)}{f' ({amount})' if amount else ''} is on hold"
    if words == CALLED:
        whose = "their" if is_pool(ledger, row["payer"]) else "its"
        return f"{payer} paid {f'{amount} ' if amount else ''}on {whose} guarantee for {payee}"
    if words == REPAID:
        return f"{payee} repaid {possessive(payer)} loan{f' of {amount}' if amount else ''}"
    if ending_of(row):
        return f"nothing more is due under {_thing(ledger, row)}"
    if _is_part(row):
        low, high = (formats.amount(row[end], "usd_bn") for end in ("low_usd_bn", "high_usd_bn"))
        kind = DEAL_WORDS[row["kind"]]
        return f"{payer} {kind.verbs[1]} {payee} {low} of up to {high} {kind.purpose}{role}"
    if words in CLOSED_WORDS:
        return f"{payer} {past(does)}{aside}{role}"
    if words == TALKS:
        return f"{payer} {is_} in talks{' again' if is_again else ''} to {does}{aside}{PRESS}"
    if status == counted.REPORTED:
        return f"{payer} {is_} to {does}{aside}{may}{PRESS}{role}"
    if status in SIGNED_STATUSES:
        return f"{payer} agreed to {does}{aside}{may}{role}"
    if row["kind"] == "guarantee":  # what is only announced binds nobody
        return f"as announced, {payer} may {does}{aside}{role}"
    return f"as announced, {payer} {is_} to {does}{aside}{may}{role}"


def due(ledger: Ledger, row: Row, side: str) -> str:
    """Return what happens on the first (``start``) or the last day (``end``) of a deal, as a sentence without its full
    stop."""
    payer, payee = (name_of(ledger, row[party]) for party in ("payer", "payee"))
    amount = deal_amount(row["low_usd_bn"], row["high_usd_bn"])
    does, hedge = _does(ledger, row), PRESS if row["status"] == counted.REPORTED else ""
    if row["role"] == "claim":
        said = f"planned {'to begin' if side == 'start' else 'by this day'}: {payer} to {does}"
    elif side == "end" and row["kind"] == "debt":
        said = f"{payee} {_is(ledger, row['payee'])} to repay {payer} {amount or 'a loan'}"
    elif side == "end" and row["kind"] == "equity" and row["status"] != counted.CLOSED:
        may = ON_CONDITION if row["role"] == "contingent" else ""
        said = f"{payer} {_is(ledger, row['payer'])} to pay {payee} {f'{amount} ' if amount else ''}for shares{may}"
    else:
        said = f"{_thing(ledger, row)}{f' ({amount})' if amount else ''} {'begins' if side == 'start' else 'ends'}"
    return sentence(said + hedge)


def _is(ledger: Ledger, party: str) -> str:
    return "are" if is_pool(ledger, party) else "is"


def _aside(row: Row) -> str:
    """The capacity, and that no price is known."""
    is_unpriced = pd.isna(row["low_usd_bn"]) and pd.isna(row["high_usd_bn"])
    told = [f"{row['gw']:g} GW" if pd.notna(row["gw"]) else "", "no price published" if is_unpriced else ""]
    return f" ({'; '.join(filter(None, told))})" if any(told) and row["status"] != CANCELLED else ""


def _until_then(row: Row, before: Row, moves: Mapping[str, tuple[str, str]]) -> str:
    """What the deal was before it came into its state."""
    stage, was = _stage(before), moves["amount"][0] if "amount" in moves else ""
    if _is_part(before) and _stage(row) in CLOSED_WORDS:
        first = formats.amount(before["low_usd_bn"], "usd_bn")
        return f"; {first} had been paid, and the rest hung on conditions"
    if stage == "signed" and _stage(row) in (*CLOSED_WORDS, "paid in part"):
        return f"; {was} had been agreed" if was and not _is_part(row) else ""
    told = [STAGES.get(stage, f"it was {stage}")]
    if was and CANCELLED not in (row["status"], before["status"]):
        capacity = moves.get("capacity", ("", ""))[0]  # another capacity, another thing: no fall of the amount alone
        told.append(f"({was} for {capacity})" if capacity else f"({was})")
    return f"; until then {' '.join(told)}"


def _size(row: Row) -> float:
    ends = [float(row[end]) for end in ("high_usd_bn", "low_usd_bn") if pd.notna(row[end])]
    return ends[0] if ends else math.nan


def _moved(ledger: Ledger, row: Row, before: Row, moves: Mapping[str, tuple[str, str]]) -> str:
    """What of a deal in the same state is another than before; empty for nothing."""
    told = [*_repriced(row, before, moves), *_resized(moves)]
    for edge, verb in (("start", "begins"), ("end", "ends")):
        was, now = moves.get(edge, ("", ""))
        if now:
            told.append(f"{verb} on {now}" + (f", not on {was}" if was else ""))
    if not told:
        told = _reworded(row, moves)
    hedge = PRESS if row["status"] == counted.REPORTED else ""
    return f"{_thing(ledger, row)} {'; it '.join(told)}{hedge}" if told else ""


def _reworded(row: Row, moves: Mapping[str, tuple[str, str]]) -> list[str]:
    """What has changed beside the amount, the capacity and a new day."""
    told = [f"has no stated {edge} any more" for edge in ("start", "end") if edge in moves]
    if "condition" in moves:
        was, now = moves["condition"]
        kind = "another condition" if was else "a condition now"
        told.append(f"has {kind}: {now}" if now else "has no stated condition any more")
    if not told and "status" in moves:
        told.append("was amended" if row["status"] == "amended" else "stands as signed")
    return told


def _repriced(row: Row, before: Row, moves: Mapping[str, tuple[str, str]]) -> list[str]:
    if "amount" not in moves:
        return []
    was, now = moves["amount"]
    if not (was and now):
        return [f"has a published price now, {now}" if now else f"has no published price any more; it had {was}"]
    verb = "rose" if _size(row) > _size(before) else "fell" if _size(row) < _size(before) else "changed"
    was, now = (re.sub("^up to", "at most", amount) for amount in (was, now))
    return [f"{verb} to {now} from {was}"]


def _resized(moves: Mapping[str, tuple[str, str]]) -> list[str]:
    if "capacity" not in moves:
        return []
    was, now = moves["capacity"]
    return [(f"is for {now}" + (f", not {was}" if was else "")) if now else "has no stated capacity any more"]
