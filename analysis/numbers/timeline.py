"""What the page on the order of events says: each deal on its day, and what became of the largest number of all."""

from typing import Any

import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import deals as counted
from analysis.numbers import formats, quantities, vintages
from analysis.numbers.facts import NAN, Facts, day, value
from analysis.numbers.network import short_name
from analysis.numbers.results import Results

LARGE = 5.0  # US$ bn from which a deal is told
ROLES_TOLD = ("payment", "contingent", "claim")
KINDS_TOLD = (*counted.SUPPLY_KINDS, "equity", "warrant", "guarantee")
# Sums of several years that were named for OpenAI's computing, and what each counts.
COUNTED = {
    "compute_commitments_total": "all computing",
    "compute_spend": "spending",
    "purchase_commitments": "binding purchases",
}
SAID = {"projection": "forecast", "guidance": "told by OpenAI", "reported": "told by the press", "estimate": "estimate"}
CONTRACTS = "priced contracts"


def events(ledger: Ledger) -> pd.DataFrame:
    """Every deal of OpenAI's that is large or has no price, on each day on which its status or its amount changed.

    Returns
    -------
    DataFrame
        The rows of ``ledger.history["deals"]`` that say something new, from `vintages.story_start`, by day, with
        ``what`` ("first told", "signed", "amended", "paid", "paid in part", "ended"), ``money`` (the kind of money),
        ``money_text`` (the amount as readers see it), ``name`` (who pays whom) and ``size`` (US$ bn, 0 without a
        price).
    """
    rows = ledger.history["deals"]
    rows = rows[(rows["scope"] == "openai") & rows["role"].isin(ROLES_TOLD) & rows["kind"].isin(KINDS_TOLD)]
    # Sums for all of OpenAI's computing are no deals (see `climb_down`), nor are guesses at who pays what of a claim.
    is_claim = rows["role"] == "claim"
    rows = rows[~(is_claim & (rows["kind"].isin(counted.SUPPLY_KINDS) | (rows["status"] == counted.REPORTED)))]
    rows = rows.sort_values(["as_of", "deal"], kind="stable")
    ends = counted.bounds(rows)
    rows = rows.assign(size=ends["high"], floor=ends["low"])
    large = rows.groupby("deal")["size"].transform("max")
    rows = rows[(large >= LARGE) | ((large == 0) & rows["kind"].isin(("warrant", *counted.SUPPLY_KINDS)))]
    before = rows.groupby("deal")[["status", "size", "floor"]].shift()
    is_first = before["status"].isna()
    same = (before["size"] == rows["size"]) & (before["floor"] == rows["floor"])
    is_new = is_first | ~same | (rows["status"].isin(("closed", "cancelled")) & (before["status"] != rows["status"]))
    is_new |= (rows["status"] == "signed") & before["status"].isin(("reported", "announced"))
    is_new |= rows["status"] == "amended"
    what = rows["status"].map({"closed": "paid", "cancelled": "ended", "amended": "amended", "signed": "signed"})
    what = what.where(~(is_first & what.isna()), "first told").fillna("told anew")
    what = what.mask((what == "paid") & (rows["floor"] < rows["size"]), "paid in part")
    is_kept = is_new & (rows["as_of"] >= vintages.story_start(ledger))
    found = rows.assign(
        what=what,
        money=rows["kind"].map(counted.money_of),
        money_text=[_amount(r) for r in rows.itertuples(index=False)],
        name=[_who(ledger, r) for r in rows.itertuples(index=False)],
    )
    return found[is_kept].reset_index(drop=True)


def _who(ledger: Ledger, row: Any) -> str:
    payer, payee = (short_name(ledger.name(p)) for p in (row.payer, row.payee))
    return payee if row.role == "claim" else f"{payer} to {payee}"


def _amount(row: Any) -> str:
    if row.size == 0:
        return "no price"
    is_open = pd.isna(row.high_usd_bn)
    low = 0.0 if pd.isna(row.low_usd_bn) else row.low_usd_bn
    return formats.quantity(None, "usd_bn", low, row.low_usd_bn if is_open else row.high_usd_bn, is_open)


def climb_down(ledger: Ledger) -> pd.DataFrame:
    """The sums of several years that were named for OpenAI's computing, and the contracts known on the same days.

    Returns
    -------
    DataFrame
        as_of, name (the day and what was counted), kind ("named", "our sum"), value (US$ bn), metric; the sum of
        the priced contracts (high ends) stands once, as known on the ledger's day. By day.
    """
    f = Facts(ledger, "timeline")
    parts = [ledger.history.part("metrics", "entity", ("openai",)).query("metric == @m") for m in COUNTED]
    rows = pd.concat(parts)
    years = (rows["end"] - rows["start"]).dt.days / 365.25
    is_long = rows["metric"].ne("compute_spend") | (years > 3)
    rows = rows[is_long & (rows["unit"] == "usd_bn") & (rows["as_of"] >= vintages.story_start(ledger))]
    rows = rows.sort_values(["as_of", "value"], kind="stable").drop_duplicates(["as_of", "metric", "value"])
    named = rows.assign(
        kind="named",
        name=[
            f"{r.as_of:%-d %b %y}: {COUNTED[r.metric]}{_years(r)}, {SAID.get(r.basis, r.basis)}"
            for r in rows.itertuples(index=False)
        ],
    )
    newer = _announced_since(f, named)
    spans = [f"{r.as_of:%-d %b %y}: spending{_years(r)}, {SAID['guidance']}" for r in newer.itertuples()]
    newer = newer.assign(metric="", kind="named", name=spans)
    named = pd.concat([named, newer[["as_of", "kind", "value", "metric", "source", "name"]]])
    total = counted.total(quantities.supply(f))
    if not total.high:
        return named
    ours = {"as_of": ledger.as_of, "kind": "our sum", "value": total.high, "metric": "", "source": "", "name": ""}
    ours["name"] = f"{ledger.as_of:%-d %b %y}: {CONTRACTS}"
    return pd.concat([named.drop_duplicates("name"), pd.DataFrame([ours])], ignore_index=True)


def _years(row: Any) -> str:
    if pd.isna(row.end) or getattr(row, "metric", "") == "purchase_commitments":
        return ""
    first = "" if pd.isna(row.start) else f"{row.start.year}–"
    return f" {first}{row.end.year}" if first else f" to {row.end.year}"


def _announced_since(f: Facts, named: pd.DataFrame) -> pd.DataFrame:
    """OpenAI's plan for its computing, if the deals tell a newer one than the metrics (one row or none)."""
    plan = f.standing("openai-compute-plan").rename(columns={"high_usd_bn": "value"})
    told = named.loc[(named["metric"] == "compute_spend") & (named["basis"] == "guidance"), "as_of"]
    return plan[plan["as_of"] > told.max()] if len(told) else plan.head(0)


def story(ledger: Ledger, scenario: str = "central") -> Results:
    """How many deals the line shows, and how the largest number that was named for OpenAI's computing shrank."""
    f = Facts(ledger, "timeline", scenario)
    line = events(ledger)
    named = climb_down(ledger)
    claims = named[named["metric"] == "compute_commitments_total"]
    plans = named[named["metric"] == "compute_spend"]
    top = claims.nlargest(1, "value", keep="first")
    now = plans[plans["basis"] == "guidance"].tail(1) if len(plans) else plans
    if len(announced := _announced_since(f, named)):
        now = announced
    bound = named[named["metric"] == "purchase_commitments"].tail(1)
    deals = f.payments(scope="openai")
    supply = quantities.supply(f)
    fell = 100 * (1 - value(now) / value(top)) if len(now) and len(top) else NAN
    view = latest(ledger.history["deals"], ["deal"], top["as_of"].iloc[0]) if len(top) else supply.head(0)
    then = counted.total(counted.payments(view, payer="openai", scope="openai", kind=counted.SUPPLY_KINDS))
    return Results(
        [
            f.result("events", "Occasions on which a large deal began or changed", len(line) or None, "count", deals),
            f.result("deals", "Large deals on the line", line["deal"].nunique() or None, "count", deals),
            f.result("claimed", "Most that was ever named for OpenAI's computing", value(top), "usd_bn", top),
            f.result("claimed_day", "The most was named on", day(top), "date", top),
            f.result("planned", "What OpenAI now says it will spend on computing", value(now), "usd_bn", now),
            f.result("planned_last", "Last year of that plan", quantities.calendar_year(now), "year", now),
            f.result("planned_day", "That plan is known since", day(now), "date", now),
            f.result("has_fallen", "The plan is smaller than the largest claim", bool(fell > 0), "flag", top, now),
            f.result("fell", "The plan is below the largest claim by", fell if fell > 0 else None, "pct", top, now),
            f.result("bound", "Purchases that OpenAI is bound to", value(bound), "usd_bn", bound),
            f.result("has_bound", "OpenAI's accounts name what it is bound to", len(bound) > 0, "flag", bound),
            f.amount("contracts", "Contracts for computing with a price", supply),
            f.result(
                "contracts_then",
                "Contracts with a price on the day of the largest claim",
                then.high or None,
                "usd_bn",
                view,
                how="High ends, as known on that day.",
            ),
            f.result("has_claim", "A sum for all of OpenAI's computing has been named", len(top) > 0, "flag", top),
        ]
    )
