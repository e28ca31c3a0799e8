"""Anthropic: the same investor, the same chip, the same shape."""

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results


def control(ledger: Ledger, scenario: str = "central") -> Results:
    """Anthropic: the same investor, the same chip, the same shape."""
    f = Facts(ledger, "amazon", scenario)
    put = f.deal("amazon-anthropic-equity")
    carried, gain = f.last("amazon", "carrying_value_anthropic"), f.last("amazon", "gain_on_anthropic")
    times = ratio(value(carried), deals.total(put).high)
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
            f.result("anthropic_gain", "Latest quarterly gain on Anthropic", value(gain), "usd_bn", gain),
            f.result("has_anthropic", "Amazon has invested in Anthropic", len(put) > 0, "flag", put),
        ]
    )
