"""What OpenAI has, earns and owes by its own latest figures, and who tells them."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import calibration, periods
from analysis.numbers import formats, quantities, singles
from analysis.numbers.facts import NAN, Facts, day, ratio, text, value
from analysis.numbers.results import Results

TOLD = {
    "raised": ("openai", "equity_raised_cumulative", "Money that OpenAI had raised, at least"),
    "told_per_gw": ("openai", "revenue_per_gw", "Sales of a year for each gigawatt, as OpenAI's finance chief has it"),
}
TOLD_BY = {"actual": "by its own accounts", "reported": "according to press reports", "estimate": "by an estimate"}


def cash_to_come(f: Facts) -> tuple[float, pd.DataFrame]:
    """Return the firm equity in the model's cash at the start that is paid only after the day, US$ bn, and its rows.

    It is the dated part of `quantities.equity_to_come` up to the end of the base year.
    """
    to_come = quantities.equity_to_come(f)
    due = to_come[to_come["day"] <= pd.Timestamp(calibration.base_year(f.ledger.as_of), 12, 31)]
    equity = quantities.equity_promised(f)
    return float(due["low"].sum()), equity[equity["deal"].isin(due["deal"])]


def turned(growth: float) -> str:
    """Return in words what growth (per cent) did: "rose by 17.5%"."""
    moved = formats.amount(abs(growth), "pct")
    return f"rose by {moved}" if growth > 0 else f"fell by {moved}" if growth < 0 else "were unchanged"


def position(ledger: Ledger, scenario: str = "central") -> Results:
    """What OpenAI has, earns and owes by its own latest figures."""
    f = Facts(ledger, "sustainability", scenario)
    cash, rate = f.last("openai", "cash"), quantities.run_rate(f).tail(1)
    owed = f.last("openai", "purchase_commitments")
    said = f.last("openai", "annualized_revenue", basis="guidance")
    quarters = f.quarters("openai", "revenue")
    pair = quarters.tail(2) if len(quarters) > 1 else quarters.head(0)
    losses = f.quarters("openai", "operating_loss")
    lost = losses[losses["end"].isin(quarters["end"].tail(1))]
    told_by = quarters["basis"].tail(1)
    is_same = len(lost) > 0 and {*lost["basis"]} == {*told_by}
    ended = value(lost)
    went = f"{'made' if ended < 0 else 'lost'} {formats.amount(abs(ended), 'usd_bn')}" if len(lost) else None
    newest = f.happened("openai", "operating_loss").tail(1)
    loses = "lost money until its newest figures" if value(newest) < 0 else "loses money"
    to_come, equity = cash_to_come(f)
    azure = f.metric("openai", "inference_spend_azure")
    azure_year = periods.years(azure).tail(1)
    azure_newest = azure[azure["end"] == azure["end"].max()].sort_values("start", kind="stable").head(1)
    growth = 100 * (pair["value"].iloc[1] / pair["value"].iloc[0] - 1) if len(pair) else NAN
    turn = turned(growth) if pd.notna(growth) else None
    is_next = len(pair) > 0 and bool(pair["end"].iloc[0] + pd.Timedelta(days=1) == pair["start"].iloc[1])
    costs = 1 + ratio(value(lost), value(quarters))
    is_alike = len({*pair["basis"]}) == 1
    return Results(
        [
            *singles.published(f, TOLD),
            *singles.amounts(f, {"staff_sale": ("openai-secondary-2025-10", "Shares that OpenAI's staff sold")}),
            f.result("published_cash", "OpenAI's cash, the newest that we found", value(cash), "usd_bn", cash),
            f.result("published_cash_day", "Day of that cash", day(cash, "end"), "date", cash),
            f.result("cash_by", "Who tells of that cash", TOLD_BY.get(text(cash, "basis") or ""), "text", cash),
            f.result("run_rate", "OpenAI's annualised revenue, latest", value(rate), "usd_bn", rate),
            f.result(
                "quarter_revenue", "OpenAI's revenue in its last known quarter", value(quarters), "usd_bn", quarters
            ),
            f.result("said_rate", "Pace of revenue that OpenAI has named", value(said), "usd_bn", said),
            f.result("quarter_turn", "What revenue did from the quarter before", turn, "text", pair),
            f.result(
                "is_growth_alike",
                "That quarter and the one before it are known from who tells alike",
                is_next and is_alike,
                "flag",
                pair,
            ),
            f.result(
                "is_growth_mixed",
                "That quarter and the one before it are known from others",
                is_next and not is_alike,
                "flag",
                pair,
            ),
            f.result("quarter_before", "OpenAI's revenue in the quarter before", value(pair.head(1)), "usd_bn", pair),
            f.result(
                "quarter_before_by",
                "Who tells the quarter before",
                TOLD_BY.get(text(pair.head(1), "basis") or ""),
                "text",
                pair.head(1),
            ),
            f.result("quarter_end", "End of that quarter", day(quarters, "end"), "date", quarters.tail(1)),
            f.result("quarter_loss", "OpenAI's operating loss in that quarter", value(lost), "usd_bn", lost),
            f.result(
                "quarter_costs",
                "Costs of that quarter over its revenue",
                _times(costs),
                "text",
                lost,
                quarters.tail(1),
                how="Revenue and operating loss over revenue.",
            ),
            f.result("loses", "What OpenAI's operations do by their newest result", loses, "text", newest),
            f.result("quarter_result", "What its operations did", went, "text", lost),
            f.result(
                "has_quarter_loss",
                "The operating loss of that quarter is known from who tells the revenue",
                is_same,
                "flag",
                lost,
            ),
            f.result("quarter_by", "Who tells the quarter", TOLD_BY.get("".join(told_by)), "text", quarters.tail(1)),
            f.result(
                "cash_to_come",
                "Equity counted in the cash at the start that has still to be paid",
                to_come,
                "usd_bn",
                equity,
                how="Firm equity that falls due between the day and the end of the base year.",
            ),
            f.result(
                "azure_inference",
                "Running OpenAI's models on Azure, a full year",
                value(azure_year),
                "usd_bn",
                azure_year,
            ),
            f.result(
                "azure_inference_newest",
                "Running OpenAI's models on Azure, newest",
                value(azure_newest),
                "usd_bn",
                azure_newest,
            ),
            f.result("has_cash_to_come", "Some of that cash has still to be paid", to_come > 0, "flag", equity),
            f.result("has_quarters", "Two quarters of revenue are known", len(pair) > 0, "flag", pair),
            f.result(
                "purchase_commitments",
                "What OpenAI has bound itself to buy, by its accounts",
                value(owed),
                "usd_bn",
                owed,
            ),
        ]
    )


def _times(ratio_: float) -> str | None:
    """A ratio as a sentence has it before what it is of: ``2.8 times``, ``97% of``; None where it is not known."""
    if pd.isna(ratio_):
        return None
    return f"{formats.rounded(ratio_, 1)} times" if ratio_ >= 1 else f"{formats.amount(100 * ratio_, 'pct')} of"
