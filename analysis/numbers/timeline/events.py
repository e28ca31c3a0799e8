"""Which deals the timeline tells, and on which days each began or changed.

Judgements:

- Told are OpenAI's own deals of `LARGE` or more, orders and warrants without a published price, and plans.
- Guesses at who pays what of a plan are no deals; letters of intent that the companies announced are.
- The instalments and the co-investors of one round are one deal.
"""

import functools
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, PAUSED
from analysis.models import deals as counted
from analysis.numbers import formats, modelling, vintages
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import NAN
from analysis.numbers.named_sums import PLAN

LARGE = 5.0  # US$ bn from which a deal is told
ROLES_TOLD = ("payment", "contingent", "claim")
KINDS_TOLD = (*counted.SUPPLY_KINDS, "equity", "warrant", "guarantee")
# Instalments and co-investors of one round are one deal when they share these.
SHARED = ["payer", "payee", "kind", "role", "part_of"]
PLANS = "plans"  # the money of a claim
OPENAI = "openai"
LETTER = "letter of intent"  # as a condition says it
IN_PART = {"closed in part": "closed", "paused in part": "paused"}  # what happened, and the amount to which


@functools.lru_cache(maxsize=4)
def events(ledger: Ledger) -> pd.DataFrame:
    """Every deal of OpenAI's that is large or has no price, on each day on which its status or its amount changed.

    Returns
    -------
    DataFrame
        as_of, deal, what ("first known", "signed", "amended", "paused", "paused in part", "closed", "closed in part",
        "cut", "smaller number", "ended"), status, role, kind,
        money (the kind of money), money_text (the amount as readers see it), name (who pays whom), party (the other
        side, or its group), side (its own name), on_behalf (whom a guarantee is for, or ""), is_letter, is_talks, low
        and size (US$ bn, 0 without a price), part (US$ bn: what of it is paid or paused where that is not all, else
        NaN), closed (US$ bn), is_open (``size`` is a floor), is_off, before (``size`` of the event before, NaN for
        the first), source; from `vintages.story_start`, by day.
    """
    rows = ledger.history["deals"]
    rows = rows[(rows["scope"] == "openai") & rows["role"].isin(ROLES_TOLD) & rows["kind"].isin(KINDS_TOLD)]
    is_guess = (rows["role"] == "claim") & (rows["status"] == counted.REPORTED)
    rows = rows[~is_guess | (rows["deal"] == PLAN)].sort_values(["as_of", "deal"], kind="stable")
    ends = counted.bounds(rows)
    rows = rows.assign(low=ends["low"], size=ends["high"], is_talks=counted.in_talks(rows))
    first = rows[rows["part_of"].ne("")].groupby(SHARED)["deal"].transform("first")
    rows = rows.assign(whole=first.reindex(rows.index).fillna(rows["deal"]))
    found = pd.DataFrame([e for _, part in rows.groupby("whole", sort=False) for e in _changes(ledger, part)])
    if found.empty:
        return found
    large = found.groupby("deal")["size"].transform("max")
    unpriced = (large == 0) & found["kind"].isin(("warrant", *counted.SUPPLY_KINDS))
    found = found[((large >= LARGE) | unpriced) & (found["as_of"] >= vintages.story_start(ledger))]
    return found.sort_values(["as_of", "deal"], kind="stable", ignore_index=True)


def _changes(ledger: Ledger, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What is new of one deal on each day: ``rows`` are those of its instalments, by day."""
    before: dict[str, Any] = {"size": NAN}
    for day_, new in rows.groupby("as_of"):
        known = rows[rows["as_of"] <= day_].drop_duplicates("deal", keep="last")
        is_off = known["status"] == CANCELLED
        standing = known if is_off.all() else known[~is_off]
        now = {
            "as_of": day_,
            "low": standing["low"].sum(),
            "size": standing["size"].sum(),
            "closed": standing.loc[standing["status"] == "closed", "low"].sum(),
            "paused": standing.loc[standing["status"] == PAUSED, "size"].sum(),
            "is_off": bool(is_off.all()),
            "is_open": bool((standing["high_usd_bn"].isna() & standing["low_usd_bn"].notna()).any()),
            "status": new["status"].iloc[-1],
        }
        if what := _what(now, before):
            row = new.iloc[-1]
            what = "smaller number" if what == "cut" and row["role"] == "claim" else what
            yield now | {
                "deal": rows["whole"].iloc[0],
                "kind": row["kind"],
                "role": row["role"],
                "what": what,
                "money": PLANS if row["role"] == "claim" else counted.money_of(row["kind"]),
                "money_text": _amount(now, what),
                "part": now[IN_PART[what]] if what in IN_PART else NAN,
                "name": _who(ledger, row),
                "is_letter": bool(rows["condition"].str.contains(LETTER).any()),
                "is_talks": bool(row["is_talks"]),
                "before": before["size"],
                "source": row["source"],
                **_sides(ledger, row),
            }
        before = now


def _sides(ledger: Ledger, row: pd.Series) -> dict[str, str]:
    """Who is on the other side of a deal from OpenAI, and whom a promise between two others is for."""
    other = row["payee"] if row["payer"] == OPENAI else row["payer"]
    is_for_other = OPENAI not in (row["payer"], row["payee"]) and row["role"] != "claim"
    return {
        "party": modelling.parties(ledger).groups.get(other, other),
        "side": short_name(ledger.name(other)),
        "on_behalf": short_name(ledger.name(row["payee"])) if is_for_other else "",
    }


def _what(now: dict[str, Any], before: dict[str, Any]) -> str:
    """What happened to a deal between two days; empty if nothing did that a reader would miss."""
    is_first = "status" not in before
    turned = is_first or now["status"] != before["status"]
    moved = is_first or (now["low"], now["size"]) != (before["low"], before["size"])
    if now["is_off"]:
        return "" if before.get("is_off") else "ended"
    closed = now["closed"] - before.get("closed", 0.0)
    if closed > 0 and now["closed"] == now["size"]:
        return "closed"
    if closed >= LARGE:
        return "closed in part"
    if now["status"] == PAUSED and 0 < now["paused"] < now["size"]:
        return "paused in part"
    if now["status"] in ("amended", "signed", PAUSED) and (moved or turned):
        return str(now["status"])
    if not moved:
        return ""
    return "first known" if is_first else "cut" if now["size"] < before["size"] else "restated"


def _who(ledger: Ledger, row: pd.Series) -> str:
    payer, payee = (short_name(ledger.name(p)) for p in (row["payer"], row["payee"]))
    if row["deal"] == PLAN:
        return f"OpenAI's whole plan{', as the press adds it up' if row['status'] == counted.REPORTED else ''}"
    return payee if row["role"] == "claim" else f"{payer} to {payee}"


def _amount(now: dict[str, Any], what: str) -> str:
    if now["size"] == 0:
        return "no price"
    if what in IN_PART:
        part = formats.amount(now[IN_PART[what]], "usd_bn", has_unit=False)
        return f"{part} of {formats.amount(now['size'], 'usd_bn')}"
    return formats.quantity(None, "usd_bn", now["low"], now["low"] if now["is_open"] else now["size"], now["is_open"])
