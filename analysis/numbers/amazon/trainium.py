"""Trainium: what its list price says against a rival's, and how many chips the contract feeds."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute
from analysis.numbers.amazon.deal import AWS
from analysis.numbers.facts import Facts, day, nan_if_unknown, value
from analysis.numbers.results import Results

OFFER, RIVAL = "Trainium2", "H100"


def comparable_offers(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the newest offers of Trainium2 and H100 of the same day and kind of price (one row each, or none)."""
    offers = compute.offers(ledger.prices, ledger.chips)
    ours = offers[(offers["chip"] == OFFER) & (offers["chips_per_instance"] > 1)]
    rival = offers[offers["chip"] == RIVAL]
    shared = ["as_of", "pricing"]
    newest = ours.merge(rival[shared], on=shared).sort_values("as_of", kind="stable")[shared].tail(1)
    found = [offer[offer[shared].eq(newest.squeeze()).all(axis=1)].head(len(newest)) for offer in (ours, rival)]
    return found[0], found[1]


def chip_price(ledger: Ledger, scenario: str = "central") -> Results:
    """List price of a peak PFLOP-hour, Trainium2 against H100, and the utilisation at which they cost the same."""
    f = Facts(ledger, "amazon", scenario)
    ours, rival = comparable_offers(ledger)
    low = f.last("amazon", "trainium_price_performance_advantage_low")
    high = f.last("amazon", "trainium_price_performance_advantage_high")
    claim = [value(end) for end in (low, high)]
    said = "Company statement; the method is not published."
    out = [
        f.result("has_pair", "Comparable prices for both chips are known", len(ours) > 0, "flag", ours, rival),
        f.result(
            "claim",
            "Price-performance advantage that Amazon claims",
            None,
            "pct",
            low,
            high,
            low=claim[0],
            high=claim[1],
            how=said,
        ),
        f.result("has_claim", "Amazon's claim is known", len(low) > 0, "flag", low),
        f.result("pair_day", "Day of the list prices compared", day(ours), "date", ours, rival),
    ]
    for name, words in (("fp8", "FP8"), ("bf16", "BF16")):
        cost, other = value(ours, name), value(rival, name)
        more = 100 * nan_if_unknown(compute.price_performance, cost, other)
        even = 100 * nan_if_unknown(compute.break_even_utilisation, cost, other)
        share = f"Utilisation of {OFFER}, as a share of {RIVAL}'s, at which both cost the same in {words}"
        less = "Rival's cost over the offer's, less one; capacity blocks, dense rates."
        over = "The offer's cost of peak over the rival's."
        out += [
            f.result(f"cost_{name}", f"Cost of a peak {words} PFLOP-hour on {OFFER}", cost, "usd", ours),
            f.result(f"rival_cost_{name}", f"Cost of a peak {words} PFLOP-hour on {RIVAL}", other, "usd", rival),
            f.result(
                f"advantage_{name}",
                f"Peak {words} per dollar on {OFFER}, more than on {RIVAL}",
                more,
                "pct",
                ours,
                rival,
                how=less,
            ),
            f.result(f"break_even_{name}", share, even, "pct", ours, rival, how=over),
        ]
    return Results(out)


def million_chips(gw: float, watts: float, overhead: float) -> float:
    """Return how many chips a site feeds (see `compute.chips_in`), in millions; NaN where it cannot be known."""
    return nan_if_unknown(compute.chips_in, gw, watts, overhead) / 1e6


def chips(ledger: Ledger, scenario: str = "central") -> Results:
    """How many Trainium chips the contract's capacity can feed."""
    f = Facts(ledger, "amazon", scenario)
    aws = f.standing(AWS)
    watts, overhead = f.choices["trainium_watts"], f.choices["power_overhead"]
    # The fewest chips are those that need the most power.
    fewest, central, most = (
        million_chips(value(aws, "gw"), w, o) for w, o in zip(reversed(watts), reversed(overhead), strict=True)
    )
    words = "Trainium chips that fit the contract's capacity"
    how = "Capacity over assumed power of a chip and overhead of a site; Amazon publishes neither."
    deployed = f.metric("amazon", "trainium_chips_deployed_for_anthropic").tail(1)
    return Results(
        [
            f.result("chips", words, central, "count_mn", aws, low=fewest, high=most, how=how),
            f.result("chips_anthropic", "Trainium chips deployed for Anthropic", value(deployed), "count_mn", deployed),
        ]
    )
