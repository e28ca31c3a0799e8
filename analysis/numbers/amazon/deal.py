"""The deal between Amazon and OpenAI, and AWS as a business."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, leverage
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, ratio, text, value
from analysis.numbers.results import Results

EQUITY, AWS = "amazon-openai-equity", "openai-aws-compute"


def deal(ledger: Ledger, scenario: str = "central") -> Results:
    """What each side promised, and orders for each dollar."""
    f = Facts(ledger, "amazon", scenario)
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


def aws(ledger: Ledger, scenario: str = "central") -> Results:
    """AWS as a business: revenue, backlog, capital spending."""
    f = Facts(ledger, "amazon", scenario)
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
