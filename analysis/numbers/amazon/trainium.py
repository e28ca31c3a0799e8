"""Trainium: what its list price says against a rival's, and how many chips the contract feeds."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute
from analysis.numbers.amazon.deal import AWS
from analysis.numbers.facts import Facts, day, nan_if_unknown, ratio, text, value
from analysis.numbers.results import Result, Results

OFFER, RIVAL = "Trainium2", "H100"
SHARED = ["as_of", "pricing"]  # what two offers must share to be compared
ORDERED = ("Trainium3", "Trainium4")  # the chips that OpenAI's contract names
RATES = ["fp8_dense_pflops", "hbm_tbps"]


def comparable_offers(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the offers of Trainium2 and H100 of the same days and kinds of price, row beside row, oldest first."""
    offers = compute.offers(ledger.history["prices"], ledger.chips).sort_values("as_of", kind="stable")
    ours = offers[(offers["chip"] == OFFER) & (offers["chips_per_instance"] > 1)].drop_duplicates(SHARED)
    rival = offers[offers["chip"] == RIVAL].drop_duplicates(SHARED)
    sides = [one.set_index(SHARED, drop=False).rename_axis([None, None]) for one in (ours, rival)]
    both = sides[0].index.intersection(sides[1].index, sort=False)
    return sides[0].loc[both].reset_index(drop=True), sides[1].loc[both].reset_index(drop=True)


def newer_rival(ledger: Ledger, ours: pd.DataFrame) -> pd.DataFrame:
    """Return the offer of a rival younger than the H100 with the cheapest peak FP8, of the day and kind of price of an
    offer of ours (one row or none): one row or none."""
    offers = compute.offers(ledger.prices, ledger.chips)
    year = offers["chip"].map(ledger.chips.set_index("chip")["year"])
    is_newer = (offers["vendor"] != "amazon") & (year > year[offers["chip"] == RIVAL].max())
    is_like = pd.Series(bool(len(ours)), index=offers.index)
    for column in SHARED if len(ours) else ():
        is_like &= offers[column] == ours[column].iloc[-1]
    return offers[is_newer & is_like].dropna(subset="fp8").sort_values("fp8", kind="stable").head(1)


def on_demand(ledger: Ledger, chip: str) -> pd.DataFrame:
    """Return AWS's newest offer of a chip without a reservation, with the columns of `compute.offers` (a row or none).

    Its day may be any: such a price stays on the list until it is changed.
    """
    offers = compute.offers(ledger.prices, ledger.chips)
    is_asked = (offers["provider"] == "amazon") & (offers["pricing"] == "on_demand") & (offers["chip"] == chip)
    return offers[is_asked].sort_values("as_of", kind="stable").tail(1)


def chip_price(ledger: Ledger, scenario: str = "central") -> Results:
    """List price of a peak PFLOP-hour, Trainium2 against H100, and the utilisation at which they cost the same."""
    f = Facts(ledger, "amazon", scenario)
    pairs = comparable_offers(ledger)
    ours, rival = (side.tail(1) for side in pairs)
    was_cheaper = pairs[1]["fp8"] < value(rival, "fp8")
    ours_then, rival_then = (side[was_cheaper].tail(1) for side in pairs)
    newer = newer_rival(ledger, ours)
    at_once = [on_demand(ledger, chip) for chip in (OFFER, RIVAL)]
    less = -100 * nan_if_unknown(compute.price_performance, *(value(rows, "fp8") for rows in at_once))
    low = f.last("amazon", "trainium_price_performance_advantage_low")
    high = f.last("amazon", "trainium_price_performance_advantage_high")
    claim = [value(end) for end in (low, high)]
    said = "Company statement; the method is not published."
    listed = ledger.prices[ledger.prices["chip"].isin(ORDERED)]
    is_listed = len(listed) > 0
    out = [
        f.result("has_ordered_price", "A chip that the contract names has a list price", is_listed, "flag", listed),
        f.result(
            "is_old_pair",
            "Comparable prices are known, none of a chip that the contract names",
            len(ours) > 0 and not is_listed,
            "flag",
            ours,
            listed,
        ),
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
        f.result("has_pair_before", f"The {RIVAL} was cheaper before", len(rival_then) > 0, "flag", rival_then, rival),
        f.result("pair_day_before", f"Last day on which the {RIVAL} was cheaper", day(ours_then), "date", ours_then),
        f.result("newer_rival", f"Cheapest rival younger than the {RIVAL}", text(newer, "chip"), "text", newer),
        f.result("newer_maker", "Who makes it", _maker(ledger, newer), "text", newer),
        f.result("has_newer_rival", "Such a rival has a price of the same day", len(newer) > 0, "flag", newer),
        _advantage(f, "advantage_before", ours_then, rival_then),
        _advantage(f, "advantage_newer", ours, newer),
        f.result(
            "is_ahead_of_newer",
            "Peak FP8 is cheaper on it than on that rival",
            value(ours, "fp8") < value(newer, "fp8"),
            "flag",
            ours,
            newer,
        ),
        f.result(
            "less_on_demand",
            f"Peak FP8 per dollar on {OFFER} without a reservation, less than on {RIVAL}",
            less,
            "pct",
            *at_once,
            how="One less the rival's cost over the offer's; on-demand list prices, dense rates.",
        ),
        f.result("is_dearer_on_demand", f"Without a reservation {OFFER} is dearer", less > 0, "flag", *at_once),
    ]
    cost, other = value(ours, "fp8"), value(rival, "fp8")
    more = 100 * nan_if_unknown(compute.price_performance, cost, other)
    how = "Rival's cost over the offer's, less one; capacity blocks, dense rates."
    out += [
        f.result("cost_fp8", f"Cost of a peak FP8 PFLOP-hour on {OFFER}", cost, "usd", ours),
        f.result("rival_cost_fp8", f"Cost of a peak FP8 PFLOP-hour on {RIVAL}", other, "usd", rival),
        f.result(
            "advantage_fp8", f"Peak FP8 per dollar on {OFFER}, more than on {RIVAL}", more, "pct", ours, rival, how=how
        ),
        _break_even(f, "break_even_fp8", ours, rival, RIVAL),
        _break_even(f, "break_even_newer", ours, newer, text(newer, "chip") or "a newer rival"),
    ]
    return Results(out)


def _advantage(f: Facts, name: str, ours: pd.DataFrame, rival: pd.DataFrame) -> Result:
    """Return how much more peak FP8 a dollar buys on our offer than on a rival's (one row or none each)."""
    more = 100 * nan_if_unknown(compute.price_performance, value(ours, "fp8"), value(rival, "fp8"))
    chip = text(rival, "chip") or "a rival"
    words = f"Peak FP8 per dollar on {OFFER}, more than on {chip} {'then' if name.endswith('before') else 'now'}"
    return f.result(name, words, more, "pct", ours, rival, how="Rival's cost over the offer's, less one; dense rates.")


def _maker(ledger: Ledger, offer: pd.DataFrame) -> str | None:
    """The name of the maker of an offered chip (one row or none)."""
    vendor = text(offer, "vendor")
    return ledger.name(vendor) if vendor else None


def _break_even(f: Facts, name: str, ours: pd.DataFrame, rival: pd.DataFrame, chip: str) -> Result:
    """Return at which part of a rival's utilisation our offer costs as much as it (one row or none each)."""
    even = 100 * nan_if_unknown(compute.break_even_utilisation, value(ours, "fp8"), value(rival, "fp8"))
    words = f"Utilisation of {OFFER}, as a share of {chip}'s, at which both cost the same in FP8"
    return f.result(name, words, even, "pct", ours, rival, how="The offer's cost of peak over the rival's.")


def million_chips(gw: float, watts: float, overhead: float) -> float:
    """Return how many chips a site feeds (see `compute.chips_in`), in millions; NaN where it cannot be known."""
    return nan_if_unknown(compute.chips_in, gw, watts, overhead) / 1e6


def fastest(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return Amazon's newest chip and the fastest of its rivals, of those with published rates (one row or none)."""
    rated = ledger.chips.dropna(subset=RATES)
    is_own = rated["vendor"] == "amazon"
    own = rated[is_own].sort_values(["year", "chip"], na_position="first").tail(1)
    return own, rated[~is_own].sort_values(RATES[0], ascending=False, kind="stable").head(1)


def chips(ledger: Ledger, scenario: str = "central") -> Results:
    """How many Trainium chips the contract's capacity can feed, and how fast the newest is beside a rival."""
    f = Facts(ledger, "amazon", scenario)
    own, rival = fastest(ledger)
    peak, bandwidth = (100 * ratio(value(own, rate), value(rival, rate)) for rate in RATES)
    over = "Published dense FP8 peak and memory bandwidth of one chip over those of the other."
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
            f.result("has_rates", "Rates of Amazon's chips and of rivals are known", peak > 0, "flag", own, rival),
            f.result("newest_chip", "Amazon's newest chip with published rates", text(own, "chip"), "text", own),
            f.result("fastest_rival", "Fastest rival with published rates", text(rival, "chip"), "text", rival),
            f.result("peak_share", "Peak FP8 of that chip over the rival's", peak, "pct", own, rival, how=over),
            f.result("bandwidth_share", "Its bandwidth over the rival's", bandwidth, "pct", own, rival, how=over),
        ]
    )
