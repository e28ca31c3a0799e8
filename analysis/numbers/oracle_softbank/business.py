"""What Oracle earns on the business that OpenAI brings, how much of it that may become, and what the market said."""

from analysis.ledger import Ledger
from analysis.numbers import quantities
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results


def business(ledger: Ledger, scenario: str = "central") -> Results:
    """Margin and interest of the newest quarter, OpenAI's part of revenue, the share's move, what a dollar builds."""
    f = Facts(ledger, "oracle_softbank", scenario)
    margin, interest = f.last("oracle", "ai_capacity_gross_margin"), f.last("oracle", "interest_expense")
    part, move = f.last("oracle", "openai_share_of_revenue"), f.last("oracle", "share_price_move")
    free = quantities.latest_full_year(f.metric("oracle", "free_cash_flow", basis="actual"))
    spent = f.same_period("oracle", "capex", free)
    return Results(
        [
            f.result(
                "ai_margin", "Gross margin on the AI capacity that Oracle delivered", value(margin), "pct", margin
            ),
            f.result("ai_margin_quarter", "Quarter of that margin", f.period(margin).words or None, "text", margin),
            f.result("interest", "Oracle's interest expense of a quarter", value(interest), "usd_bn", interest),
            f.result(
                "interest_quarter", "Quarter of that interest", f.period(interest).words or None, "text", interest
            ),
            f.result(
                "openai_of_revenue",
                "OpenAI's part of Oracle's revenue, as a rating agency expected",
                value(part),
                "pct",
                part,
                is_open=len(part) > 0,
            ),
            f.result("openai_of_revenue_year", "Fiscal year of that part", f.period(part).words or None, "text", part),
            f.result("share_fall", "Fall of Oracle's share in a day", -value(move), "pct", move),
            f.result("share_day", "Day of that fall", day(move, "end"), "date", move),
            f.result(
                "spent_per_dollar",
                "Oracle's capital spending for each dollar of operating cash flow",
                ratio(value(spent), value(free) + value(spent)),
                "usd",
                spent,
                free,
                how="Of the year of its newest free cash flow: cash from the business is that flow plus the spending.",
            ),
            f.result("is_cash_short", "Oracle spent more than its business brought in", value(free) < 0, "flag", free),
        ]
    )
