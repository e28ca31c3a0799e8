"""What the page on the order of events says: each deal on its day, and what the largest number counts."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import formats, named_sums, quantities, vintages
from analysis.numbers.facts import NAN, Facts, day, ratio, value
from analysis.numbers.named_sums import PLAN
from analysis.numbers.network import short_name
from analysis.numbers.results import Results

LARGE = 5.0  # US$ bn from which a deal is told
ROLES_TOLD = ("payment", "contingent", "claim")
KINDS_TOLD = (*counted.SUPPLY_KINDS, "equity", "warrant", "guarantee")
# Instalments and co-investors of one round are one deal when they share these.
SHARED = ["payer", "payee", "kind", "role", "part_of"]
PLANS = "plans"  # the money of a claim


def events(ledger: Ledger) -> pd.DataFrame:
    """Every deal of OpenAI's that is large or has no price, on each day on which its status or its amount changed.

    The instalments of one investor in one round are one deal, so a row that splits an amount is no event.

    Returns
    -------
    DataFrame
        as_of, deal, what ("first known", "signed", "amended", "closed", "closed in part", "cut", "smaller number",
        "ended"), status, role,
        money (the kind of money), money_text (the amount as readers see it), name (who pays whom), low and size (US$
        bn, 0 without a price), before (``size`` of the event before, NaN for the first), source; from
        `vintages.story_start`, by day.
    """
    rows = ledger.history["deals"]
    rows = rows[(rows["scope"] == "openai") & rows["role"].isin(ROLES_TOLD) & rows["kind"].isin(KINDS_TOLD)]
    # Guesses at who pays what of a claim are no deals; letters of intent that the companies announced are.
    is_guess = (rows["role"] == "claim") & (rows["status"] == counted.REPORTED)
    rows = rows[~is_guess | (rows["deal"] == PLAN)].sort_values(["as_of", "deal"], kind="stable")
    ends = counted.bounds(rows)
    rows = rows.assign(low=ends["low"], size=ends["high"])
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
            "is_off": bool(is_off.all()),
            "status": new["status"].iloc[-1],
        }
        if what := _what(now, before):
            row = new.iloc[-1]
            what = "smaller number" if what == "cut" and row["role"] == "claim" else what
            is_open = bool((standing["high_usd_bn"].isna() & standing["low_usd_bn"].notna()).any())
            yield now | {
                "deal": rows["whole"].iloc[0],
                "kind": row["kind"],
                "role": row["role"],
                "what": what,
                "money": PLANS if row["role"] == "claim" else counted.money_of(row["kind"]),
                "money_text": _amount(now, what, is_open),
                "name": _who(ledger, row),
                "before": before["size"],
                "source": row["source"],
            }
        before = now


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
    if now["status"] in ("amended", "signed") and (moved or turned):
        return str(now["status"])
    if not moved:
        return ""
    return "first known" if is_first else "cut" if now["size"] < before["size"] else "restated"


def _who(ledger: Ledger, row: pd.Series) -> str:
    payer, payee = (short_name(ledger.name(p)) for p in (row["payer"], row["payee"]))
    if row["deal"] == PLAN:
        return f"OpenAI's whole plan{', as the press adds it up' if row['status'] == counted.REPORTED else ''}"
    return payee if row["role"] == "claim" else f"{payer} to {payee}"


def _amount(now: dict[str, Any], what: str, is_open: bool) -> str:
    if now["size"] == 0:
        return "no price"
    if what == "closed in part":
        part = formats.amount(now["closed"], "usd_bn", has_unit=False)
        return f"{part} of {formats.amount(now['size'], 'usd_bn')}"
    return formats.quantity(None, "usd_bn", now["low"], now["low"] if is_open else now["size"], is_open)


def story(ledger: Ledger, scenario: str = "central") -> Results:
    """How many deals the line shows, and which numbers were named for OpenAI's computing."""
    f = Facts(ledger, "timeline", scenario)
    line = events(ledger)
    named = named_sums.climb_down(ledger)
    top, (first, now) = named_sums.largest(named), named_sums.spending_plans(f, named)
    is_new = len(now) > 0 and value(now) != value(first)
    is_cut = is_new and value(now) < value(first) and now["end"].iloc[0] == first["end"].iloc[0]
    bound = named[named["metric"] == "purchase_commitments"].tail(1)
    has_press = len(bound) > 0 and bound["basis"].iloc[0] == bases.REPORTED
    deals = f.payments(scope="openai")
    supply = quantities.supply(f)
    dated = named[(named["metric"] == "compute_commitments_total") & named["end"].notna()]
    dated = dated[dated["value"] == value(top)].tail(1)
    claim_years = float(dated["end"].iloc[0].year - dated["as_of"].iloc[0].year) if len(dated) else NAN
    plan_years = float(now["end"].iloc[0].year - now["start"].iloc[0].year + 1) if len(now) else NAN
    claimed_a_year, planned_a_year = ratio(value(dated), claim_years), ratio(value(now), plan_years)
    fell = 100 * (1 - value(now) / value(top)) if len(now) and len(top) else NAN
    then = named_sums.contracts_on(ledger, top["as_of"].iloc[0]) if len(top) else None
    met = named_sums.contracts_on(ledger, bound["end"].iloc[0]) if len(bound) else None
    return Results(
        [
            f.result("events", "Occasions on which one of them began or changed", len(line) or None, "count", deals),
            f.result("deals", "Large deals and plans on the line", line["deal"].nunique() or None, "count", deals),
            f.result("since", "The line begins", f"{vintages.story_start(ledger):%Y-%m-%d}", "date"),
            f.result(
                "claimed",
                "Largest plan named for OpenAI's computing",
                value(top),
                "usd_bn",
                top,
            ),
            f.result("claimed_day", "The most was named on", day(top), "date", top),
            f.result("planned", "What OpenAI now says it will spend on computing", value(now), "usd_bn", now),
            f.result("first_planned", "The first plan of its spending on computing", value(first), "usd_bn", first),
            f.result("first_planned_last", "Last year of it", quantities.calendar_year(first), "year", first),
            f.result("first_planned_day", "It is known since", day(first), "date", first),
            f.result("has_newer_plan", "Another plan has been named since", is_new, "flag", first, now),
            f.result("is_plan_cut", "It is smaller and ends on the same day", is_cut, "flag", first, now),
            f.result("planned_last", "Last year of that plan", quantities.calendar_year(now), "year", now),
            f.result("planned_day", "That plan is known since", day(now), "date", now),
            f.result("has_fallen", "The plan is smaller than the largest claim", bool(fell > 0), "flag", top, now),
            f.result("fell", "The plan is below the largest claim by", fell if fell > 0 else None, "pct", top, now),
            f.result(
                "claimed_last",
                "Last year of the most ever named",
                float(dated["end"].iloc[0].year) if len(dated) else None,
                "year",
                dated,
            ),
            f.result(
                "claimed_per_year",
                "Most ever named, a year",
                claimed_a_year,
                "usd_bn",
                dated,
                how="Spread evenly over the years after the one in which it was named.",
            ),
            f.result(
                "planned_per_year",
                "That plan, a year",
                planned_a_year,
                "usd_bn",
                now,
                how="Spread evenly over its years.",
            ),
            f.result(
                "has_per_year",
                "The plan and the largest claim have years, and the plan is smaller in each",
                bool(planned_a_year < claimed_a_year),
                "flag",
                dated,
                now,
            ),
            f.result(
                "is_unlike",
                "They have, and no two plans of the same years are known",
                bool(planned_a_year < claimed_a_year) and not is_cut,
                "flag",
                dated,
                now,
            ),
            f.result("bound", "Purchases that OpenAI is bound to", value(bound), "usd_bn", bound),
            f.result("is_bound_reported", "Only the press tells it", has_press, "flag", bound),
            f.result("has_bound", "OpenAI's accounts name what it is bound to", len(bound) > 0, "flag", bound),
            f.amount("contracts", "Contracts for computing with a price", supply),
            f.result(
                "contracts_then",
                "Contracts with a price on the day of the largest claim",
                None,
                "usd_bn",
                supply,
                low=then.low if then else None,
                high=then.high if then else None,
                is_open=bool(then and then.is_open),
                how="As known on that day.",
            ),
            f.result("bound_day", "OpenAI was bound to these purchases on", day(bound, "end"), "date", bound),
            f.result(
                "contracts_bound",
                "Contracts with a price on that day",
                None,
                "usd_bn",
                supply,
                low=met.low if met else None,
                high=met.high if met else None,
                is_open=bool(met and met.is_open),
                how="As known on that day.",
            ),
            f.result(
                "is_bound_below",
                "OpenAI is bound to less than the contracts with a price come to",
                bool(met and value(bound) < met.low),
                "flag",
                bound,
                supply,
            ),
            f.result("has_claim", "A sum for all of OpenAI's computing has been named", len(top) > 0, "flag", top),
        ]
    )
