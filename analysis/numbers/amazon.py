"""What the chapter on Amazon says."""

import operator

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import compute, leverage
from analysis.models import deals as counted
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, text, value
from analysis.numbers.results import Results

OFFER, RIVAL = "Trainium2", "H100"


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "amazon", scenario)


def _ratio(a: float, b: float) -> float:
    return nan_if_unknown(operator.truediv, a, b)


def deal(ledger: Ledger, scenario: str = "central") -> Results:
    """What each side promised, and orders for each dollar."""
    f = _facts(ledger, scenario)
    equity, aws = f.deal("amazon-openai-equity"), f.deal("openai-aws-compute")
    history = ledger.history["deals"]
    first_aws = history[(history["deal"] == "openai-aws-compute") & history["low_usd_bn"].notna()].head(1)
    first_equity = history[history["deal"] == "amazon-openai-equity"].head(1)
    sums = counted.total(equity)
    firm, most = (sums.low, sums.high) if len(equity) else (NAN, NAN)
    total = value(aws, "low_usd_bn")
    is_signed = len(counted.signed(equity)) > 0
    years, per_year = quantities.contract_years(aws), quantities.contract_per_year(aws)
    rights = f.term("frontier-distribution")
    return Results(
        [
            f.amount(
                "equity",
                "Amazon's money for OpenAI",
                equity,
                "Low: the firm part. High: with the part that depends on conditions.",
            ),
            f.result("equity_firm", "Of it firm", firm, "usd_bn", equity),
            f.result("equity_high", "At most", most, "usd_bn", equity),
            f.result(
                "equity_conditional", "Of it on conditions", most - firm, "usd_bn", equity, how="At most less firm."
            ),
            f.result(
                "equity_first", "First reported as about", value(first_equity, "low_usd_bn"), "usd_bn", first_equity
            ),
            f.result("equity_first_day", "First reported on", day(first_equity), "date", first_equity),
            f.result("equity_day", "Last stated on", day(equity), "date", equity),
            f.result("equity_lapse", "The conditional part lapses on", day(equity, "end"), "date", equity),
            f.result("is_signed", "The investment is signed", is_signed, "flag", equity),
            f.result(
                "is_talk", "The investment is only talked about", len(equity) > 0 and not is_signed, "flag", equity
            ),
            f.result("has_no_equity", "No investment is known", len(equity) == 0, "flag", equity),
            f.amount("aws_total", "AWS contract", aws),
            f.result(
                "aws_first", "AWS contract when first signed", value(first_aws, "low_usd_bn"), "usd_bn", first_aws
            ),
            f.result("aws_first_day", "First signed on", day(first_aws), "date", first_aws),
            f.result("aws_added", "Added since", total - value(first_aws, "low_usd_bn"), "usd_bn", aws, first_aws),
            f.result(
                "is_expanded",
                "The AWS contract has been expanded",
                bool(total > value(first_aws, "low_usd_bn")),
                "flag",
                aws,
            ),
            f.result("aws_end", "AWS contract ends on", day(aws, "end"), "date", aws),
            f.result(
                "aws_years", "Length of the contract", years, "years", aws, how="Days from start to end over a year."
            ),
            f.result(
                "aws_per_year",
                "AWS spending a year, on average",
                per_year,
                "usd_bn",
                aws,
                how="Contract over its length.",
            ),
            f.result(
                "orders_per_dollar",
                "AWS orders for each dollar put in",
                None,
                "usd",
                aws,
                equity,
                low=_ratio(total, most),
                high=_ratio(total, firm),
                how="Contract over all of the equity (low) and over the firm part (high).",
            ),
            f.result("aws_gw", "Trainium capacity in the contract", value(aws, "gw"), "gw", aws),
            f.result(
                "has_trainium",
                "The contract names Trainium",
                len(f.term("openai-trainium-use")) > 0,
                "flag",
                f.term("openai-trainium-use"),
            ),
            f.result("may_sell_frontier", "AWS may sell the agent platform", len(rights) > 0, "flag", rights),
            f.result(
                "sales_right",
                "What Microsoft keeps",
                text(f.term("api-exclusivity"), "after"),
                "text",
                f.term("api-exclusivity"),
            ),
        ]
    )


def newest_block_offers(ledger: Ledger) -> pd.DataFrame:
    """The newest capacity-block offer of each instance, with its cost of peak rates."""
    offers = compute.offers(ledger.prices, ledger.chips)
    blocks = offers[offers["pricing"] == "capacity_block"].sort_values("as_of", kind="stable")
    return blocks.drop_duplicates("instance", keep="last")


def pair(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Offers of Trainium2 and H100 of the same day and kind of price (one row each, or none)."""
    offers = compute.offers(ledger.prices, ledger.chips)
    ours = offers[(offers["chip"] == OFFER) & (offers["chips_per_instance"] > 1)]
    rival = offers[offers["chip"] == RIVAL]
    both = ours.merge(rival[["as_of", "pricing"]], on=["as_of", "pricing"])
    if both.empty:
        return ours.head(0), rival.head(0)
    when, pricing = both.sort_values("as_of")[["as_of", "pricing"]].iloc[-1]
    at = [x[(x["as_of"] == when) & (x["pricing"] == pricing)].head(1) for x in (ours, rival)]
    return at[0], at[1]


def chip_price(ledger: Ledger, scenario: str = "central") -> Results:
    """List price of a peak PFLOP-hour, Trainium2 against H100, and the utilisation at which they cost the same."""
    f = _facts(ledger, scenario)
    ours, rival = pair(ledger)
    low = f.last("amazon", "trainium_price_performance_advantage_low")
    high = f.last("amazon", "trainium_price_performance_advantage_high")
    out = [
        f.result("has_pair", "Like prices of both chips are known", len(ours) > 0, "flag", ours, rival),
        f.result(
            "claim", "Better price-performance, as Amazon claims", None, "pct", low, high, low=value(low), high=value(high),
            how="Company statement; the method is not published.",
        ),
        f.result("has_claim", "Amazon's claim is known", len(low) > 0, "flag", low),
        f.result("pair_day", "List prices of", day(ours), "date", ours, rival),
    ]  # fmt: skip
    for name, words in (("fp8", "FP8"), ("bf16", "BF16")):
        cost, other = value(ours, name), value(rival, name)
        out += [
            f.result(f"cost_{name}", f"{OFFER}: a peak {words} PFLOP-hour", cost, "usd", ours),
            f.result(f"rival_cost_{name}", f"{RIVAL}: a peak {words} PFLOP-hour", other, "usd", rival),
            f.result(
                f"advantage_{name}",
                f"More peak {words} for a dollar than {RIVAL}",
                100 * nan_if_unknown(compute.price_performance, cost, other),
                "pct",
                ours,
                rival,
                how="Rival's cost over the offer's, less one; capacity blocks, dense rates.",
            ),
            f.result(
                f"break_even_{name}",
                f"Utilisation of {OFFER}, as a share of {RIVAL}'s, at which both cost the same in {words}",
                100 * nan_if_unknown(compute.break_even_utilisation, cost, other),
                "pct",
                ours,
                rival,
                how="The offer's cost of peak over the rival's.",
            ),
        ]
    return Results(out)


def chips(ledger: Ledger, scenario: str = "central") -> Results:
    """How many Trainium chips the contract's capacity can feed."""
    f = _facts(ledger, scenario)
    aws = f.deal("openai-aws-compute")
    gw, watts, over = value(aws, "gw"), f.choose["trainium_watts"], f.choose["power_overhead"]
    count = [
        nan_if_unknown(compute.chips_in, gw, w, o) / 1e6
        for w, o in ((watts.high, over.high), (watts.central, over.central), (watts.low, over.low))
    ]
    deployed = f.metric("amazon", "trainium_chips_deployed_for_anthropic").tail(1)
    return Results(
        [
            f.result(
                "chips", "Trainium chips that fit the contract's capacity", count[1], "count_mn", aws, low=count[0], high=count[2],
                how="Capacity over assumed power of a chip and overhead of a site; Amazon publishes neither.",
            ),
            f.result("chips_anthropic", "Trainium chips for Anthropic", value(deployed), "count_mn", deployed),
        ]
    )  # fmt: skip


def commerce(ledger: Ledger, scenario: str = "central") -> Results:
    """What shops pay, and the sales that would pay for the contract."""
    f = _facts(ledger, scenario)
    fee = f.last("openai", "instant_checkout_take_rate")
    aws = f.deal("openai-aws-compute")
    choice = f.choose["merchant_fee"]
    rate = value(fee) / 100 if len(fee) else NAN
    per_year = quantities.contract_per_year(aws)
    merchants = f.last("openai", "instant_checkout_merchants_live_shopify")
    checkout = f.term("instant-checkout")
    shops = f.payments(kind="commercial", payee="openai")
    merchants_known = ledger.entities.loc[ledger.entities["kind"] == "merchant", "entity"]
    shops = shops[shops["payer"].isin(merchants_known)]
    walmart = f.deal("openai-walmart-checkout")
    blocked = f.term("amazon-robots")
    promised = f.metric("lucent", "vendor_financing_commitments", end="2000-09-30")
    drawn = f.metric("lucent", "vendor_financing_drawn", end="2000-09-30")
    statements = ledger.history["terms"].query("term == 'instant-checkout'")
    scaled = len(statements) > 1
    return Results(
        [
            f.result("fee", "Fee on sales, as reported", value(fee), "pct", fee),
            f.result("has_fee", "The fee is known", len(fee) > 0, "flag", fee),
            f.result(
                "sales_needed", "Sales a year whose fees would pay for one year of AWS", nan_if_unknown(lambda p, r: p / r, per_year, rate), "usd_bn", aws, fee,
                low=nan_if_unknown(lambda p, r: p / r, per_year, choice.high), high=nan_if_unknown(lambda p, r: p / r, per_year, choice.low),
                how="Average year of the AWS contract over the fee; the range is that of the assumed fees.",
            ),
            f.result("checkout_day", "Checkout in the chat since", day(statements.head(1)), "date", checkout),
            f.result("is_scaled_back", "Checkout in the chat has been scaled back", scaled, "flag", checkout),
            f.result("scaled_back_day", "Scaled back on", day(checkout) if scaled else None, "date", checkout),
            f.result("merchants", "Shopify merchants live then", value(merchants), "count", merchants),
            f.result("shops", "Shop partners whose payments have no published amount", len(shops) or None, "count", shops),
            f.result("has_shops", "Shops sell in the chat", len(shops) > 0, "flag", shops),
            f.result("walmart_left", "Walmart has left", bool(len(walmart) and walmart["status"].iloc[0] == "cancelled"), "flag", walmart),
            f.result("lucent_drawn", "Share of Lucent's promises to customers that they had drawn", 100 * _ratio(value(drawn), value(promised)), "pct", drawn, promised),
            f.result("lucent_day", "On", day(drawn, "end"), "date", drawn),
            f.result("has_lucent", "Lucent's promises are in the ledger", len(drawn) > 0, "flag", drawn),
            f.result("is_blocked", "Amazon blocks OpenAI's shopping crawlers", len(blocked) > 0, "flag", blocked),
        ]
    )  # fmt: skip


def aws(ledger: Ledger, scenario: str = "central") -> Results:
    """AWS as a business: revenue, backlog, capital spending."""
    f = _facts(ledger, scenario)
    quarters = f.quarters("amazon", "aws_revenue")
    year = leverage.trailing_four_quarters(quarters)
    rpo, capex = f.last("amazon", "aws_rpo"), f.last("amazon", "capex_guidance")
    contract = f.deal("openai-aws-compute")
    per_year = quantities.contract_per_year(contract)
    return Results(
        [
            f.result("aws_revenue", "AWS revenue of the last four quarters", year, "usd_bn", quarters.tail(4)),
            f.result(
                "aws_share",
                "An average year of the contract, of that revenue",
                100 * _ratio(per_year, year),
                "pct",
                contract,
                quarters.tail(4),
            ),
            f.result("aws_rpo", "AWS backlog", value(rpo), "usd_bn", rpo),
            f.result("aws_rpo_day", "At the end of", day(rpo, "end"), "date", rpo),
            f.result("capex_guidance", "Amazon's capital spending, as guided", value(capex), "usd_bn", capex),
            f.result("capex_year", "For the year", quantities.calendar_year(capex), "year", capex),
        ]
    )


def control(ledger: Ledger, scenario: str = "central") -> Results:
    """Anthropic: the same investor, the same chip, the same shape."""
    f = _facts(ledger, scenario)
    put = f.deal("amazon-anthropic-equity")
    carried, gain = f.last("amazon", "carrying_value_anthropic"), f.last("amazon", "gain_on_anthropic")
    invested = counted.total(put)
    return Results(
        [
            f.amount("anthropic_equity", "Amazon's money for Anthropic", put),
            f.result("anthropic_value", "What Amazon carries it at", value(carried), "usd_bn", carried),
            f.result("anthropic_value_day", "At the end of", day(carried, "end"), "date", carried),
            f.result(
                "anthropic_multiple",
                "Value over money put in",
                _ratio(value(carried), invested.high if len(put) else NAN),
                "x",
                put,
                carried,
            ),
            f.result("anthropic_gain", "Gain on it booked in the last quarter with one", value(gain), "usd_bn", gain),
            f.result("has_anthropic", "Amazon has invested in Anthropic", len(put) > 0, "flag", put),
        ]
    )
