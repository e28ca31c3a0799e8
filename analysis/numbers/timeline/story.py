"""What the page on the order of events says: how many deals there are, and what the largest number counts."""

import functools

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import bases
from analysis.models import deals as counted
from analysis.numbers import named_sums, quantities, vintages
from analysis.numbers.calculations import labelled
from analysis.numbers.facts import NAN, Facts, day, ratio, value
from analysis.numbers.results import Results
from analysis.numbers.timeline.events import events
from analysis.numbers.timeline.lead import lead
from analysis.numbers.timeline.quarters import peaks


def _teller(plan: pd.DataFrame) -> str | None:
    """By whom a plan of OpenAI (one row or none) is known, in words."""
    if plan.empty:
        return None
    return "by press reports" if named_sums.is_relayed(plan["note"].iloc[0]) else "by its own word"


@functools.lru_cache(maxsize=8)
def story(ledger: Ledger, scenario: str = "central") -> Results:
    """How many deals the line shows, and which numbers were named for OpenAI's computing."""
    f = Facts(ledger, "timeline", scenario)
    line = events(ledger)
    last = line.drop_duplicates("deal", keep="last") if len(line) else line
    said = last[(last["status"] == counted.REPORTED) & (last["role"] != "claim")] if len(line) else last
    unpriced = last[last["size"] == 0] if len(line) else last
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
    claimed_a_year, planned_a_year = (
        ratio(value(rows), labelled(years, "years", "years of the plan"))
        for rows, years in ((dated, claim_years), (now, plan_years))
    )
    fell = 100 * (1 - value(now) / value(top)) if len(now) and len(top) else NAN
    then = named_sums.contracts_on(ledger, top["as_of"].iloc[0]) if len(top) else None
    met = named_sums.contracts_on(ledger, bound["end"].iloc[0]) if len(bound) else None
    return Results(
        [
            f.result("events", "Occasions on which one of them began or changed", len(line) or None, "count", deals),
            f.result("deals", "Large deals and plans on the line", line["deal"].nunique() or None, "count", deals),
            f.result("unpriced", "Of them without a published price", len(unpriced), "count", deals),
            f.result("said_only", "Of them told by the press alone", len(said), "count", deals),
            f.result("has_said_only", "Some are told by the press alone", len(said) > 0, "flag", deals),
            *peaks(f, ledger),
            *lead(f, ledger),
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
            f.result("first_planned_by", "Who tells of it", _teller(first), "text", first),
            f.result("planned_by", "Who tells of that plan", _teller(now), "text", now),
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
