"""What passes between the two: bills for computing, the revenue share and its cap."""

from analysis.ledger import Ledger
from analysis.models import deals, periods
from analysis.numbers import comparisons, quantities
from analysis.numbers.facts import NAN, Facts, day, ratio, value
from analysis.numbers.microsoft import agreement
from analysis.numbers.microsoft import order as orders
from analysis.numbers.results import Results
from analysis.numbers.timespans import DECEMBER

CAP = "openai-microsoft-revenue-share-cap"  # the deal of which a metric tells the size


def billing(ledger: Ledger, scenario: str = "central") -> Results:
    """What Microsoft takes in from OpenAI, beside what OpenAI paid and what it has ordered."""
    f = Facts(ledger, "microsoft", scenario)
    years = f.happened("microsoft", "revenue_from_openai", months=DECEMBER)
    billed = years.tail(1)
    every = f.metric("microsoft", "revenue_from_openai")
    early = every[~every.index.isin(periods.years(every).index)].head(1)
    unpaid = f.last("microsoft", "receivable_from_openai")
    paid = f.happened("openai", "payments_to_microsoft", months=DECEMBER).tail(1)
    research, cost = (f.same_period("openai", f"payments_to_microsoft_{m}", paid) for m in ("rd", "cost_of_revenue"))
    spent, target = f.last("microsoft", "spend_on_openai_cumulative"), f.last("microsoft", "expected_return_openai")
    inference = f.happened("openai", "inference_spend_azure")
    leaked, newest = quantities.latest_full_year(inference), inference.tail(1)
    order = f.payments(payer="openai", payee="microsoft", kind="compute")
    contract = deals.total(order).low or NAN
    before = years[years["end"] <= unpaid["end"].max()].tail(1)
    waiting = comparisons.ratio(f.quantity(unpaid, "receivable"), f.quantity(before, "bill"), named=True)
    return Results(
        [
            f.result("billed", "Microsoft's revenue from OpenAI in a year", value(billed), "usd_bn", billed),
            f.result("has_bill", "Microsoft states its revenue from OpenAI", len(billed) > 0, "flag", billed),
            f.result(
                "billed_year", "Year of Microsoft's revenue from OpenAI", f.period(billed).words or None, "text", billed
            ),
            f.result("unpaid", "Bills that OpenAI owed Microsoft", value(unpaid), "usd_bn", unpaid),
            f.result(
                "is_unpaid_of_bill",
                "They were owed at the end of the year of that revenue",
                0 < value(unpaid) < value(billed) and bool(unpaid["end"].max() == billed["end"].max()),
                "flag",
                unpaid,
                billed,
            ),
            f.result("unpaid_day", "Bills unpaid as of", day(unpaid, "end"), "date", unpaid),
            f.result(
                "unpaid_months",
                "Unpaid bills in months of revenue",
                DECEMBER * waiting.value,
                "months",
                unpaid,
                before,
                how="Receivable over the revenue of the year, times twelve. " + waiting.words,
            ),
            f.result(
                "years_at_pace",
                "Years that the Azure contract lasts at the pace of a year's revenue, at least",
                ratio(contract, value(billed)),
                "years",
                order,
                billed,
                how="Contract over the revenue of a year, which holds the revenue share and older orders, too.",
            ),
            f.result(
                "bill_over_funded",
                "A year's revenue over all that Microsoft is known to have paid in",
                ratio(value(billed), agreement.paid(f)),
                "x",
                billed,
                f.last("microsoft", "invested_in_openai"),
                *agreement.promised(f)[1],
                how="Over the funded part of the filed commitment and the 2024 round: shares only, no data centres.",
            ),
            f.result(
                "is_below_average",
                "That revenue is below what the Azure order comes to in a year, spread evenly",
                value(billed) < orders.per_year(f, order)[0] and not order["start"].min() > billed["end"].max(),
                "flag",
                order,
                billed,
            ),
            f.result("paid", "What OpenAI paid Microsoft in a year", value(paid), "usd_bn", paid),
            f.result("paid_year", "Year of OpenAI's payments to Microsoft", f.period(paid).words or None, "text", paid),
            f.result("paid_research", "Part of it booked as research", value(research), "usd_bn", research),
            f.result("paid_cost", "Part of it booked as cost of revenue", value(cost), "usd_bn", cost),
            f.result("inference", "Leaked: inference on Azure in a year", value(leaked), "usd_bn", leaked),
            f.result(
                "inference_year", "Year of the leaked inference", quantities.calendar_year(leaked), "year", leaked
            ),
            f.result("inference_newest", "Leaked: inference on Azure since", value(newest), "usd_bn", newest),
            f.result(
                "inference_span", "Newest leaked inference: period", f.period(newest).words or None, "text", newest
            ),
            f.result("earned_early", "Microsoft's early revenue from OpenAI", value(early), "usd_bn", early),
            f.result("earned_early_until", "Early revenue until", day(early, "end"), "date", early),
            f.result("spent", "What Microsoft has spent on OpenAI", value(spent), "usd_bn", spent),
            f.result("target", "Return that Microsoft aimed at", value(target), "usd_bn", target),
        ]
    )


def revenue_share(ledger: Ledger, scenario: str = "central") -> Results:
    """Leaked payments of the revenue share, turned into a revenue."""
    f = Facts(ledger, "microsoft", scenario)
    paid = f.happened("openai", "revenue_share_paid_to_microsoft")
    year = quantities.latest_full_year(paid)
    rate = f.last("openai", "revenue_share_pct", by="to-microsoft")
    cap, limit = f.last("openai", "revenue_share_cap_total"), f.standing(CAP)
    uncapped, saved = f.last("openai", "revenue_share_uncapped_total"), f.last("openai", "revenue_share_saving")
    ahead = f.metric("openai", "revenue_share_paid_to_microsoft", basis="projection").tail(1)
    return Results(
        [
            f.result("share_paid", "Revenue share paid in the last full year leaked", value(year), "usd_bn", year),
            f.result(
                "share_year", "Last full year of revenue share leaked", quantities.calendar_year(year), "year", year
            ),
            f.result("share_rate", "Rate of the revenue share, as reported", value(rate), "pct", rate),
            f.result("cap", "Cap of the revenue share, as reported", value(cap), "usd_bn", cap, limit),
            f.result(
                "cap_revenue",
                "Revenue of OpenAI at which the cap binds",
                ratio(value(cap), value(rate) / 100),
                "usd_bn",
                cap,
                rate,
                how="Cap over rate; whether earlier payments count is not known.",
            ),
            f.result("uncapped", "Revenue share without a cap", value(uncapped), "usd_bn", uncapped),
            f.result("saved", "What the cap saves OpenAI", value(saved), "usd_bn", saved),
            f.result("share_ahead", "Revenue share projected for a year", value(ahead), "usd_bn", ahead),
            f.result("share_ahead_year", "Year of it", quantities.calendar_year(ahead), "year", ahead),
        ]
    )
