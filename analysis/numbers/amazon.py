"""What the chapter on Amazon says."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute, deals, leverage
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, ratio, text, value
from analysis.numbers.results import Results

EQUITY, AWS = "amazon-openai-equity", "openai-aws-compute"
OFFER, RIVAL = "Trainium2", "H100"


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "amazon", scenario)


def deal(ledger: Ledger, scenario: str = "central") -> Results:
    """What each side promised, and orders for each dollar."""
    f = _facts(ledger, scenario)
    equity, aws = f.deal(EQUITY), f.deal(AWS)
    history = ledger.history["deals"]
    first_aws = history[(history["deal"] == AWS) & history["low_usd_bn"].notna()].head(1)
    first_equity = history[history["deal"] == EQUITY].head(1)
    sums = deals.total(equity)
    firm, most = (sums.low, sums.high) if len(equity) else (NAN, NAN)
    total, first = value(aws, "low_usd_bn"), value(first_aws, "low_usd_bn")
    is_signed = len(deals.signed(equity)) > 0
    years, per_year = quantities.contract_years(aws), quantities.contract_per_year(aws)
    trainium, rights, sales = f.term("openai-trainium-use"), f.term("frontier-distribution"), f.term("api-exclusivity")
    ends = "Low: the firm part. High: with the part that depends on conditions."
    fewest, highest = ratio(total, most), ratio(total, firm)
    over = "Contract over all of the equity (low) and over the firm part (high)."
    average = "Contract over its length."
    length = "Days from start to end over a year."
    told = value(first_equity, "low_usd_bn")
    return Results(
        [
            f.amount("equity", "Amazon's investment in OpenAI", equity, ends),
            f.result("equity_firm", "Firm part of Amazon's investment", firm, "usd_bn", equity),
            f.result("equity_high", "Amazon's investment, at most", most, "usd_bn", equity),
            f.result(
                "equity_conditional",
                "Conditional part of Amazon's investment",
                most - firm,
                "usd_bn",
                equity,
                how="At most less firm.",
            ),
            f.result("equity_first", "Amazon's investment as first reported", told, "usd_bn", first_equity),
            f.result(
                "equity_first_day", "Amazon's investment first reported on", day(first_equity), "date", first_equity
            ),
            f.result("equity_day", "Amazon's investment last stated on", day(equity), "date", equity),
            f.result(
                "equity_lapse", "Conditional part of Amazon's investment lapses on", day(equity, "end"), "date", equity
            ),
            f.result("is_signed", "Amazon's investment is signed", is_signed, "flag", equity),
            f.result(
                "is_talk", "Amazon's investment is still in talks", len(equity) > 0 and not is_signed, "flag", equity
            ),
            f.result("has_no_equity", "No investment by Amazon is known", len(equity) == 0, "flag", equity),
            f.amount("aws_total", "AWS contract", aws),
            f.result("aws_first", "AWS contract when first signed", first, "usd_bn", first_aws),
            f.result("aws_first_day", "AWS contract first signed on", day(first_aws), "date", first_aws),
            f.result(
                "aws_added",
                "Added to the AWS contract since it was first signed",
                total - first,
                "usd_bn",
                aws,
                first_aws,
            ),
            f.result("is_expanded", "The AWS contract has been expanded", total > first, "flag", aws),
            f.result("aws_end", "AWS contract ends on", day(aws, "end"), "date", aws),
            f.result("aws_years", "Length of the AWS contract", years, "years", aws, how=length),
            f.result("aws_per_year", "AWS spending a year, on average", per_year, "usd_bn", aws, how=average),
            f.result(
                "orders_per_dollar",
                "AWS orders for each dollar put in",
                None,
                "usd",
                aws,
                equity,
                low=fewest,
                high=highest,
                how=over,
            ),
            f.result("aws_gw", "Trainium capacity in the AWS contract", value(aws, "gw"), "gw", aws),
            f.result("has_trainium", "The AWS contract names Trainium", len(trainium) > 0, "flag", trainium),
            f.result("may_sell_frontier", "AWS may sell the agent platform", len(rights) > 0, "flag", rights),
            f.result("sales_right", "Sales right that Microsoft keeps", text(sales, "after"), "text", sales),
        ]
    )


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
    f = _facts(ledger, scenario)
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
    f = _facts(ledger, scenario)
    aws = f.deal(AWS)
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


def commerce(ledger: Ledger, scenario: str = "central") -> Results:
    """What shops pay, and the sales that would pay for the contract."""
    f = _facts(ledger, scenario)
    aws, fee, choice = f.deal(AWS), f.last("openai", "instant_checkout_take_rate"), f.choices["merchant_fee"]
    per_year = quantities.contract_per_year(aws)
    needed, least, most = (ratio(per_year, rate) for rate in (value(fee) / 100, choice.high, choice.low))
    average = "Average year of the AWS contract over the fee; the range is that of the assumed fees."
    live = f.last("openai", "instant_checkout_merchants_live_shopify")
    merchants = ledger.entities.loc[ledger.entities["kind"] == "merchant", "entity"]
    shops = f.payments(kind="commercial", payee="openai")
    shops = shops[shops["payer"].isin(merchants)]
    walmart, blocked, checkout = f.deal("openai-walmart-checkout"), f.term("amazon-robots"), f.term("instant-checkout")
    has_left = len(walmart) > 0 and walmart["status"].iloc[0] == "cancelled"
    steps = ledger.history["terms"].query("term == 'instant-checkout'")
    is_scaled_back = len(steps) > 1
    scaled_back = checkout if is_scaled_back else checkout.head(0)
    promised, drawn = _lucent(f)
    share = 100 * ratio(value(drawn), value(promised))
    return Results(
        [
            f.result("fee", "Checkout fee on sales, as reported", value(fee), "pct", fee),
            f.result("has_fee", "The checkout fee is known", len(fee) > 0, "flag", fee),
            f.result(
                "sales_needed",
                "Sales a year whose fees would pay for one year of AWS",
                needed,
                "usd_bn",
                aws,
                fee,
                low=least,
                high=most,
                how=average,
            ),
            f.result("checkout_day", "Checkout in the chat began on", day(steps.head(1)), "date", checkout),
            f.result("is_scaled_back", "Checkout in the chat has been scaled back", is_scaled_back, "flag", checkout),
            f.result("scaled_back_day", "Checkout in the chat scaled back on", day(scaled_back), "date", checkout),
            f.result("merchants", "Shopify merchants live in the chat, as last stated", value(live), "count", live),
            f.result(
                "shops", "Shop partners whose payments have no published amount", len(shops) or None, "count", shops
            ),
            f.result("has_shops", "Shops sell in the chat", len(shops) > 0, "flag", shops),
            f.result("walmart_left", "Walmart has left checkout in the chat", bool(has_left), "flag", walmart),
            f.result(
                "lucent_drawn",
                "Share of Lucent's commitments to customers that had been drawn",
                share,
                "pct",
                drawn,
                promised,
            ),
            f.result("lucent_day", "Lucent's commitments and drawings as of", day(drawn, "end"), "date", drawn),
            f.result("has_lucent", "Lucent's commitments are in the ledger", len(drawn) > 0, "flag", drawn),
            f.result("is_blocked", "Amazon blocks OpenAI's shopping crawlers", len(blocked) > 0, "flag", blocked),
        ]
    )


def _lucent(f: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What Lucent had promised its customers and what they had drawn, on the first day for which both are known."""
    promised, drawn = (f.metric("lucent", f"vendor_financing_{what}") for what in ("commitments", "drawn"))
    first = promised[promised["end"].isin(drawn["end"])].head(1)
    return first, drawn[drawn["end"].isin(first["end"])].tail(1)


def aws(ledger: Ledger, scenario: str = "central") -> Results:
    """AWS as a business: revenue, backlog, capital spending."""
    f = _facts(ledger, scenario)
    quarters = f.quarters("amazon", "aws_revenue")
    last, year = quarters.tail(4), leverage.trailing_four_quarters(quarters)
    rpo, capex, contract = f.last("amazon", "aws_rpo"), f.last("amazon", "capex_guidance"), f.deal(AWS)
    share = 100 * ratio(quantities.contract_per_year(contract), year)
    capex_year = quantities.calendar_year(capex)
    return Results(
        [
            f.result("aws_revenue", "AWS revenue of the last four quarters", year, "usd_bn", last),
            f.result(
                "aws_share", "Average year of the AWS contract as a share of AWS revenue", share, "pct", contract, last
            ),
            f.result("aws_rpo", "AWS backlog", value(rpo), "usd_bn", rpo),
            f.result("aws_rpo_day", "AWS backlog as of", day(rpo, "end"), "date", rpo),
            f.result("capex_guidance", "Amazon's capital spending, as guided", value(capex), "usd_bn", capex),
            f.result("capex_year", "Year of Amazon's guided capital spending", capex_year, "year", capex),
        ]
    )


def control(ledger: Ledger, scenario: str = "central") -> Results:
    """Anthropic: the same investor, the same chip, the same shape."""
    f = _facts(ledger, scenario)
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
