"""AWS and Amazon as businesses: revenue, backlog and whose orders it holds, capital spending, cash, duties."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import leverage
from analysis.numbers import quantities
from analysis.numbers.amazon.deal import AWS, EQUITY
from analysis.numbers.calculations import labelled
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results

ANTHROPIC_ORDERS = "anthropic-aws-compute"


def as_signed_by(ledger: Ledger, deal: str, end: pd.Timestamp) -> pd.DataFrame:
    """Return a deal as known on a day (one row or none), as a balance of that day can contain it."""
    rows = ledger.history["deals"]
    return rows[(rows["deal"] == deal) & (rows["as_of"] <= end)].sort_values("as_of", kind="stable").tail(1)


def aws(ledger: Ledger, scenario: str = "central") -> Results:
    """AWS as a business, and what Amazon spends and owes."""
    f = Facts(ledger, "amazon", scenario)
    quarters = f.quarters("amazon", "aws_revenue")
    last, year = quarters.tail(4), leverage.trailing_four_quarters(quarters)
    rpo, capex, contract = f.last("amazon", "aws_rpo"), f.last("amazon", "capex_guidance"), f.standing(AWS)
    share = 100 * ratio(
        quantities.contract_per_year(contract), labelled(year, "usd_bn", "AWS revenue of the last four quarters")
    )
    keys = (AWS, ANTHROPIC_ORDERS)
    is_held = [len(rpo) > 0 and len(f.standing(key)) > 0 for key in keys]
    held = [
        as_signed_by(ledger, k, rpo["end"].iloc[-1]) if h else rpo.head(0) for k, h in zip(keys, is_held, strict=True)
    ]
    is_same = [
        value(rows, "low_usd_bn") == value(f.standing(k), "low_usd_bn") for k, rows in zip(keys, held, strict=True)
    ]
    has = [len(rows) > 0 for rows in held]
    parts = [100 * ratio(value(rows, "low_usd_bn"), value(rpo)) for rows in held]
    statements = f.metric("amazon", "aws_rpo")
    ends = statements["end"]
    earlier = statements[ends == rpo["end"].iloc[-1] - pd.DateOffset(years=1)] if len(rpo) else statements.head(0)
    cash, gains = f.last("amazon", "free_cash_flow"), f.last("amazon", "carrying_value_openai")
    paid = as_signed_by(ledger, EQUITY, gains["end"].max())
    is_paid = f"{'less than' if value(gains) < value(paid, 'low_usd_bn') else 'what'} it had paid by then"
    ago = f.metric("amazon", "free_cash_flow")
    ago = ago[ago["end"] == cash["end"].iloc[-1] - pd.DateOffset(years=1)] if len(cash) else ago.head(0)
    leases, duties = f.last("amazon", "leases_not_commenced"), f.last("amazon", "total_commitments")
    promised = f.last("amazon", "trainium_revenue_commitments")
    over = "The contract as known on the day of the backlog, over the backlog; what was used is not taken off."
    return Results(
        [
            f.result("aws_revenue", "AWS revenue of the last four quarters", year, "usd_bn", last),
            f.result(
                "aws_share", "Average year of the AWS contract as a share of AWS revenue", share, "pct", contract, last
            ),
            f.result("aws_rpo", "AWS backlog", value(rpo), "usd_bn", rpo),
            f.result("aws_rpo_day", "AWS backlog as of", day(rpo, "end"), "date", rpo),
            f.result("aws_rpo_before", "AWS backlog a year earlier", value(earlier), "usd_bn", earlier),
            f.result(
                "rpo_share",
                "OpenAI's part of the AWS backlog, if all is in it",
                parts[0],
                "pct",
                held[0],
                rpo,
                how=over,
            ),
            f.result(
                "has_rpo_share", "OpenAI's contract is in the AWS backlog", has[0] and is_same[0], "flag", held[0]
            ),
            f.result(
                "has_rpo_share_before",
                "OpenAI's contract was in the AWS backlog before it was changed",
                has[0] and not is_same[0],
                "flag",
                held[0],
            ),
            f.result(
                "rpo_share_anthropic",
                "Anthropic's orders, at least, over the AWS backlog",
                parts[1],
                "pct",
                held[1],
                rpo,
                how=over,
            ),
            f.result("has_both_in_rpo", "Both labs are in the AWS backlog", all(has) and all(is_same), "flag", *held),
            f.result(
                "has_both_in_rpo_before",
                "Both labs were in the AWS backlog before an order was changed",
                all(has) and not all(is_same),
                "flag",
                *held,
            ),
            f.result(
                "trainium_promised",
                "Customers' commitments to Trainium, more than",
                value(promised),
                "usd_bn",
                promised,
            ),
            f.result("trainium_day", "Those commitments as of", day(promised, "end"), "date", promised),
            f.result("capex_guidance", "Amazon's capital spending, as guided", value(capex), "usd_bn", capex),
            f.result(
                "capex_year", "Year of Amazon's guided capital spending", quantities.calendar_year(capex), "year", capex
            ),
            f.result("has_capex", "A guidance for Amazon's capital spending is known", len(capex) > 0, "flag", capex),
            f.result("free_cash", "Amazon's free cash flow of twelve months", value(cash), "usd_bn", cash),
            f.result("free_cash_day", "Twelve months of free cash flow to", day(cash, "end"), "date", cash),
            f.result("is_cash_negative", "Amazon's free cash flow is below zero", value(cash) < 0, "flag", cash),
            f.result("leases", "Amazon's leases not yet begun", value(leases), "usd_bn", leases),
            f.result("commitments", "All of Amazon's contractual commitments", value(duties), "usd_bn", duties),
            f.result("has_commitments", "Amazon's commitments are known", len(duties) > 0, "flag", duties),
            f.result("openai_value", "Carrying value of Amazon's stake in OpenAI", value(gains), "usd_bn", gains),
            f.result("has_openai_value", "Amazon carries shares of OpenAI", value(gains) > 0, "flag", gains),
            f.result("openai_value_day", "Day of that value", day(gains, "end"), "date", gains),
            f.result("openai_value_is", "What that value is", is_paid, "text", gains, paid),
        ]
    )
