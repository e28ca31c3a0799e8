"""The deal between Amazon and OpenAI.

- Talks about one sum are told as the least: the press wrote "about 10 or more" of the first.
- Orders for each dollar are told only of money that is agreed.
"""

from analysis.ledger import Ledger
from analysis.models import deals
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, ratio, total, value
from analysis.numbers.results import Results

EQUITY, AWS = "amazon-openai-equity", "openai-aws-compute"


def deal(ledger: Ledger, scenario: str = "central") -> Results:
    """What each side promised, and orders for each dollar."""
    f = Facts(ledger, "amazon", scenario)
    equity, aws = f.deal(EQUITY), f.standing(AWS)
    history = ledger.history["deals"]
    first_aws = history[(history["deal"] == AWS) & history["low_usd_bn"].notna()].head(1)
    first_equity = history[history["deal"] == EQUITY].head(1)
    sums = total(equity, "Amazon's investment in OpenAI")
    firm, most = (sums.low, sums.high) if len(equity) else (NAN, NAN)
    signed_for, first = value(aws, "low_usd_bn"), value(first_aws, "low_usd_bn")
    is_signed, is_talk = len(deals.signed(equity)) > 0, bool(deals.in_talks(equity).any())
    words = "Investment in OpenAI that Amazon is reported to discuss" if is_talk else "Amazon's investment in OpenAI"
    words += ", at least" if is_talk and firm == most else ""
    years, per_year = quantities.contract_years(aws), quantities.contract_per_year(aws)
    ends = "Low: the firm part. High: with the part that depends on conditions."
    fewest, highest = (ratio(signed_for, most), ratio(signed_for, firm)) if is_signed else (NAN, NAN)
    over = "Contract over all of the equity (low) and over the firm part (high)."
    average = "Contract over its length."
    length = "Days from start to end over a year."
    told = value(first_equity, "low_usd_bn")
    agreed = deals.signed(history[history["deal"] == EQUITY]).head(1)
    once = deals.total(agreed)
    return Results(
        [
            f.amount("equity", words, equity, ends),
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
            f.result(
                "equity_once_firm",
                "Firm part of Amazon's investment when it was signed",
                once.low if len(agreed) else NAN,
                "usd_bn",
                agreed,
            ),
            f.result(
                "equity_once_conditional",
                "Conditional part of Amazon's investment when it was signed",
                once.high - once.low if len(agreed) else NAN,
                "usd_bn",
                agreed,
                how="At most less firm, as signed.",
            ),
            f.result("equity_first", "Amazon's investment as first reported", told, "usd_bn", first_equity),
            f.result(
                "equity_lapse", "Conditional part of Amazon's investment lapses on", day(equity, "end"), "date", equity
            ),
            f.result("is_signed", "Amazon's investment is signed", is_signed, "flag", equity),
            f.result("is_talk", "Amazon's investment is still in talks", is_talk, "flag", equity),
            f.result(
                "is_conditional",
                "Part of Amazon's money depends on conditions",
                is_signed and firm < most,
                "flag",
                equity,
            ),
            f.amount("aws_total", "AWS contract", aws),
            f.result("aws_first", "AWS contract when first signed", first, "usd_bn", first_aws),
            f.result("aws_first_day", "AWS contract first signed on", day(first_aws), "date", first_aws),
            f.result(
                "aws_added",
                "Added to the AWS contract since it was first signed",
                signed_for - first,
                "usd_bn",
                aws,
                first_aws,
            ),
            f.result(
                "is_priced",
                "The AWS contract has a price and an end",
                len(f.standing(AWS)) > 0 and per_year > 0,
                "flag",
                aws,
            ),
            f.result("aws_end", "AWS contract ends on", day(aws, "end"), "date", aws),
            f.result("aws_years", "Length of the AWS contract", years, "years", aws, how=length),
            f.result("aws_per_year", "AWS spending a year, on average", per_year, "usd_bn", aws, how=average),
            f.result(
                "orders_per_dollar",
                "AWS orders for each dollar put in",
                fewest if fewest == highest else None,
                "usd",
                aws,
                equity,
                low=fewest,
                high=highest,
                how=over,
            ),
            f.result("aws_gw", "Trainium capacity in the AWS contract", value(aws, "gw"), "gw", aws),
        ]
    )
