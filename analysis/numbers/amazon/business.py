"""AWS and Amazon as businesses: revenue, backlog and whose orders it holds, capital spending, cash, duties."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import leverage
from analysis.numbers import formats, quantities
from analysis.numbers.amazon.deal import AWS, EQUITY
from analysis.numbers.calculations import labelled
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results

ANTHROPIC_ORDERS = "anthropic-aws-compute"
LABS = ("OpenAI", "Anthropic")  # whose orders these are, in the order of the keys below


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
        as_signed_by(ledger, k, rpo["end"].iloc[-1]) if h else f.standing(k).head(0)
        for k, h in zip(keys, is_held, strict=True)
    ]
    is_same = [
        value(rows, "low_usd_bn") == value(f.standing(k), "low_usd_bn") for k, rows in zip(keys, held, strict=True)
    ]
    has = [len(rows) > 0 for rows in held]
    labs = [name for name, h in zip(LABS, has, strict=True) if h]
    is_changed = any(h and not same for h, same in zip(has, is_same, strict=True))
    cash, gains = f.last("amazon", "free_cash_flow"), f.last("amazon", "carrying_value_openai")
    paid = as_signed_by(ledger, EQUITY, gains["end"].max())
    is_paid = f"{'less than' if value(gains) < value(paid, 'low_usd_bn') else 'what'} it had paid by then"
    duties = f.last("amazon", "total_commitments")
    promised = f.last("amazon", "trainium_revenue_commitments")
    return Results(
        [
            f.result("aws_revenue", "AWS revenue of the last four quarters", year, "usd_bn", last),
            f.result(
                "aws_share", "Average year of the AWS contract as a share of AWS revenue", share, "pct", contract, last
            ),
            f.result("aws_rpo", "AWS backlog", value(rpo), "usd_bn", rpo),
            f.result("aws_rpo_day", "AWS backlog as of", day(rpo, "end"), "date", rpo),
            f.amount(
                "labs_signed",
                "Orders of OpenAI and Anthropic at AWS, signed by the day of the backlog",
                pd.concat(held),
                "What was used since is not taken off.",
            ),
            f.result("has_labs", "One of the two had signed by then", len(labs) > 0, "flag", *held),
            f.result("labs_names", "Which of them had", formats.listed(labs) or None, "text", *held),
            f.result("is_labs_changed", "One of these orders has been changed since", is_changed, "flag", *held),
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
            f.result("commitments", "All of Amazon's contractual commitments", value(duties), "usd_bn", duties),
            f.result("has_commitments", "Amazon's commitments are known", len(duties) > 0, "flag", duties),
            f.result("openai_value", "Carrying value of Amazon's stake in OpenAI", value(gains), "usd_bn", gains),
            f.result("has_openai_value", "Amazon carries shares of OpenAI", value(gains) > 0, "flag", gains),
            f.result("openai_value_day", "Day of that value", day(gains, "end"), "date", gains),
            f.result("openai_value_is", "What that value is", is_paid, "text", gains, paid),
        ]
    )
