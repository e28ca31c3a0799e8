"""Anthropic: the same investor, the same chip, the same shape."""

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import singles
from analysis.numbers.facts import Facts, day, ratio, total, value
from analysis.numbers.results import Results

GOOGLE = "anthropic-google-cloud"
PUBLISHED = {
    "anthropic_price": ("anthropic", "valuation_post_money", "Price of Anthropic in its newest round"),
    "anthropic_compute": ("anthropic", "compute_spend", "Anthropic's spending on computing, as forecast"),
}


def control(ledger: Ledger, scenario: str = "central") -> Results:
    """Anthropic: the same investor, the same chip, the same shape."""
    f = Facts(ledger, "amazon", scenario)
    put = f.standing("amazon-anthropic-equity")
    carried, gain = f.last("amazon", "carrying_value_anthropic"), f.last("amazon", "gain_on_anthropic")
    earned = f.same_period("amazon", "operating_income", gain)
    orders, facility = f.standing("anthropic-aws-compute"), f.standing("amazon-anthropic-facility")
    is_paid = bool((put["status"] == "closed").any())
    site = f.ledger.sites[f.ledger.sites["site"] == "aws-new-carlisle"]
    spend = f.last("anthropic", "compute_spend")
    burn = f.metric("anthropic", "cash_burn", basis="projection").tail(1)
    times = ratio(value(carried), total(put, "Amazon's investment in Anthropic").high)
    return Results(
        [
            f.amount("anthropic_equity", "Amazon's investment in Anthropic", put),
            f.result(
                "anthropic_value", "Carrying value of Amazon's stake in Anthropic", value(carried), "usd_bn", carried
            ),
            f.result(
                "anthropic_value_day",
                "Carrying value of Amazon's stake in Anthropic as of",
                day(carried, "end"),
                "date",
                carried,
            ),
            f.result(
                "anthropic_multiple",
                "Carrying value of the Anthropic stake over money put in",
                times,
                "x",
                put,
                carried,
            ),
            f.result("anthropic_gain_quarter", "Quarter of that gain, to", day(gain, "end"), "date", gain),
            f.result("operating_income", "All of Amazon's operating income in it", value(earned), "usd_bn", earned),
            f.result("has_gain", "The newest gain has operating income beside it", len(earned) > 0, "flag", earned),
            f.result("has_carrying", "The stake in Anthropic has a carrying value", len(carried) > 0, "flag", carried),
            f.amount("anthropic_orders", "What Anthropic has ordered from AWS", orders),
            f.amount("google_orders", "Anthropic's orders at Google, as reported", f.standing(GOOGLE)),
            f.result(
                "has_anthropic_orders",
                "Anthropic's orders have a price",
                deals.total(orders).low > 0,
                "flag",
                orders,
            ),
            f.result(
                "is_anthropic_paused",
                "Anthropic's order at AWS is paused",
                bool(orders["status"].eq("paused").any()),
                "flag",
                orders,
            ),
            f.result("anthropic_gw", "Capacity in Anthropic's orders at AWS", value(orders, "gw"), "gw", orders),
            f.result(
                "anthropic_facility",
                "Left of Amazon's facility for Anthropic",
                value(facility, "high_usd_bn"),
                "usd_bn",
                facility,
            ),
            *singles.published(f, PUBLISHED),
            f.result(
                "anthropic_compute_end",
                "Year to whose end that forecast of computing runs",
                float(spend["end"].iloc[-1].year) if len(spend) else None,
                "year",
                spend,
            ),
            f.result("anthropic_generated", "Cash that Anthropic forecast to generate", -value(burn), "usd_bn", burn),
            f.result("rainier", "Cost of the campus in Indiana", value(site, "investment_usd_bn"), "usd_bn", site),
            f.result("rainier_gw", "Capacity of the campus in Indiana", value(site, "planned_gw"), "gw", site),
            f.result("has_anthropic", "Amazon has invested in Anthropic", len(put) > 0, "flag", put),
            f.result("is_anthropic_paid", "All that Amazon agreed to put in is paid", is_paid, "flag", put),
        ]
    )
