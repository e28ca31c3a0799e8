"""What Oracle owes, spends and borrows."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, leverage, periods
from analysis.numbers import comparisons, formats, quantities, singles
from analysis.numbers.exposure.measured import told_part
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, value
from analysis.numbers.results import Result, Results


def signing_day(f: Facts, deal: str) -> pd.Timestamp:
    """The day on which a deal was first known to be signed; NaT when it is not."""
    history = f.ledger.history["deals"]
    return deals.signed(history[history["deal"] == deal])["as_of"].min()


def openai_share_of_backlog(f: Facts) -> tuple[float, pd.DataFrame, pd.DataFrame]:
    """OpenAI's part of Oracle's backlog as the press names it, see `measured.told_part`.

    Returns
    -------
    float
        0 to 1; NaN when it is not known.
    DataFrame, DataFrame
        The row of the part and that of the whole (one or none each, US$ bn).
    """
    part, whole = told_part(f, "oracle")
    return nan_if_unknown(leverage.customer_share, value(part), value(whole)), part, whole


def newer_flow(f: Facts) -> tuple[pd.DataFrame, float]:
    """Oracle's free cash flow since its newest whole year, the longest span first, and how many months it spans.

    Returns
    -------
    DataFrame
        A row of metrics, or none where nothing newer is published.
    float
        Months; NaN without a row.
    """
    told = f.metric("oracle", "free_cash_flow", basis="actual")
    whole = quantities.latest_full_year(told)
    newer = told[told["end"] > whole["end"].max()] if len(whole) else told.head(0)
    newer = newer[newer["end"] == newer["end"].max()].sort_values("start").head(1)
    days = (newer["end"] - newer["start"]).dt.days
    return newer, round(days.iloc[0] / periods.DAYS_PER_YEAR * 12) if len(newer) else NAN


def _own_money(f: Facts) -> list[Result]:
    """The part of Oracle's backlog for which its customers bring chips or money, beside the backlog of the same day."""
    own = f.last("oracle", "rpo_customer_funded_equipment")
    whole = f.same_period("oracle", "rpo", own)
    share, words = comparisons.ratio(f.quantity(own), f.quantity(whole)), "for which customers bring chips or pay ahead"
    return [
        f.result("own_money", f"Backlog {words}", value(own), "usd_bn", own),
        f.result("own_money_share", f"Share of Oracle's backlog {words}", 100 * share.value, "pct", own, whole),
        f.result("own_money_day", f"Backlog {words}, as of", day(own, "end"), "date", own),
        f.result(
            "has_own_money", "Oracle has published the backlog that brings its own money", len(own) > 0, "flag", own
        ),
    ]


def oracle(ledger: Ledger, scenario: str = "central") -> Results:
    """Backlog, spending, debt and leases of Oracle."""
    f = Facts(ledger, "oracle_softbank", scenario)
    rpo = f.last("oracle", "rpo")
    share, part, at = openai_share_of_backlog(f)
    contract = f.deal("openai-oracle-compute")
    last_quarter = f.quarters("oracle", "revenue").tail(1)
    fcf = quantities.latest_full_year(f.metric("oracle", "free_cash_flow", basis="actual"))
    since, months = newer_flow(f)
    flow, ocf = quantities.operating_cash_flow(f, "oracle")
    capex = f.last("oracle", "capex_guidance")
    cover = comparisons.ratio(f.quantity(capex), flow, named=True)
    debt, first_debt = f.last("oracle", "total_debt"), f.metric("oracle", "total_debt").head(1)
    leases = f.metric("oracle", "leases_not_commenced")
    now, before = leases.tail(1), leases.iloc[-2:-1]
    is_debt_old, is_lease_old = (len(r) > 0 and bool(r["end"].iloc[0] < rpo["end"].max()) for r in (debt, now))
    cds, cds_first = f.last("oracle", "cds_5y"), f.metric("oracle", "cds_5y").head(1)
    cds_change = f.last("oracle", "cds_5y_change")
    capex_spent, revenue = (f.happened("oracle", metric, 12).tail(1) for metric in ("capex", "revenue"))
    same_spent = f.same_period("oracle", "capex", fcf)
    target = f.metric("oracle", "revenue", basis="guidance").tail(1)
    return Results(
        [
            f.result("rpo", "Oracle's backlog", value(rpo), "usd_bn", rpo),
            f.result("rpo_day", "Oracle's backlog as of", day(rpo, "end"), "date", rpo),
            f.result(
                "rpo_share",
                "OpenAI's share of Oracle's backlog",
                100 * share,
                "pct",
                part,
                at,
                contract,
                how="Press figure for the contract over that backlog; Oracle names no share.",
            ),
            f.result(
                "has_rpo_share", "OpenAI's share of Oracle's backlog is reported", not pd.isna(share), "flag", part
            ),
            f.result(
                "rpo_years",
                "Oracle's backlog in years of revenue",
                nan_if_unknown(leverage.backlog_years, value(rpo), 4 * value(last_quarter)),
                "x",
                rpo,
                last_quarter,
                how="Backlog over four times the last quarter's revenue.",
            ),
            f.result(
                "capex_guidance", "Oracle's guided capital spending for the fiscal year", value(capex), "usd_bn", capex
            ),
            f.result(
                "capex_fiscal", "Oracle's guided capital spending: fiscal year end", day(capex, "end"), "date", capex
            ),
            f.result("ocf", "Oracle's operating cash flow, last four quarters", flow.value, "usd_bn", *ocf),
            f.result(
                "capex_cover",
                "Oracle's guided spending over its operating cash flow",
                cover.value,
                "x",
                capex,
                *ocf,
                how=f"{cover.words[:1].upper()}{cover.words[1:]}." if cover.words else "",
            ),
            f.result("fcf", "Oracle's free cash flow, last four quarters", value(fcf), "usd_bn", fcf),
            f.result("fcf_day", "Oracle's free cash flow: period end", day(fcf, "end"), "date", fcf),
            f.result("fcf_since", "Oracle's free cash flow since then", value(since), "usd_bn", since),
            f.result(
                "fcf_since_day", "Oracle's free cash flow since then: period end", day(since, "end"), "date", since
            ),
            f.result(
                "fcf_since_months",
                "Oracle's free cash flow since then: months",
                formats.spelled(int(months)) if len(since) else None,
                "text",
                since,
            ),
            f.result(
                "has_fcf_since",
                "Oracle's free cash flow is known for a newer part of a year",
                len(since) > 0,
                "flag",
                since,
            ),
            f.result("debt", "Oracle's debt without leases", value(debt), "usd_bn", debt),
            f.result(
                "debt_change",
                "Increase in Oracle's debt since the first balance sheet in the ledger",
                value(debt) - value(first_debt),
                "usd_bn",
                debt,
                first_debt,
            ),
            f.result("leases", "Leases Oracle has signed but not begun", value(now), "usd_bn", now),
            f.result("leases_day", "Oracle's leases not begun, as of", day(now, "end"), "date", now),
            f.result(
                "leases_before", "Oracle's leases not begun, one statement earlier", value(before), "usd_bn", before
            ),
            *singles.amounts(f, {"atm": ("oracle-atm-2026", "Shares that Oracle may sell bit by bit")}),
            f.result("cds", "Cost of insuring Oracle's debt", value(cds), "bp", cds),
            f.result("cds_day", "Cost of insuring Oracle's debt as of", day(cds, "end"), "date", cds),
            f.result(
                "cds_first", "Cost of insuring Oracle's debt, first in the ledger", value(cds_first), "bp", cds_first
            ),
            f.result(
                "cds_first_day",
                "Cost of insuring Oracle's debt first known as of",
                day(cds_first, "end"),
                "date",
                cds_first,
            ),
            f.result(
                "cds_fall", "One-day fall of the cost of insuring Oracle's debt", -value(cds_change), "pct", cds_change
            ),
            f.result(
                "is_cds_old",
                "The newest cost of insuring Oracle's debt is more than a quarter old",
                len(cds) > 0 and (ledger.as_of - cds["end"].iloc[0]).days > 92,
                "flag",
                cds,
            ),
            f.result("has_cds", "The cost of insuring Oracle's debt is known", len(cds) > 0, "flag", cds),
            f.result("has_rpo", "Oracle's backlog is known", len(rpo) > 0, "flag", rpo),
            f.result(
                "is_rpo_unsplit",
                "No part of Oracle's backlog is known to be OpenAI's",
                bool(len(rpo) > 0 and pd.isna(share)),
                "flag",
                rpo,
            ),
            f.result(
                "has_only_free_cash",
                "Of Oracle's newest year only free cash flow is known",
                bool(len(fcf) > 0 and same_spent.empty),
                "flag",
                fcf,
            ),
            f.result(
                "has_debt_without_jump",
                "Oracle's debt is known and its leases have not more than doubled",
                bool(len(debt) > 0 and not value(now) > 2 * value(before)),
                "flag",
                debt,
                leases.tail(2),
            ),
            f.result("has_leases_fallen", "They were more before", value(now) < value(before), "flag", leases.tail(2)),
            f.result("has_leases", "Oracle's leases not begun are known", len(now) > 0, "flag", now),
            f.result(
                "is_lease_heavy",
                "Oracle's leases not begun exceed its debt",
                bool(value(now) > value(debt)),
                "flag",
                now,
                debt,
            ),
            f.result(
                "leases_before_day",
                "Oracle's leases not begun, one statement earlier, as of",
                day(before, "end"),
                "date",
                before,
            ),
            f.result("rpo_share_day", "OpenAI's share of Oracle's backlog as of", day(at, "end"), "date", part, at),
            f.result(
                "has_leases_jump",
                "Oracle's leases not begun have more than doubled",
                bool(value(now) > 2 * value(before)),
                "flag",
                leases.tail(2),
            ),
            f.result(
                "is_debt_old",
                "Oracle's debt is known only from before its newest results",
                is_debt_old and is_lease_old,
                "flag",
                debt,
                now,
                rpo,
            ),
            f.result(
                "is_only_debt_old",
                "Oracle's debt is known only from before its newest results, its leases are not",
                is_debt_old and not is_lease_old,
                "flag",
                debt,
                now,
                rpo,
            ),
            *_own_money(f),
            f.result("capex", "Oracle's capital spending of the last year", value(capex_spent), "usd_bn", capex_spent),
            f.result("revenue", "Oracle's revenue of the last year", value(revenue), "usd_bn", revenue),
            f.result("revenue_guidance", "Oracle's target for revenue", value(target), "usd_bn", target),
            f.result(
                "has_full_year",
                "Oracle's spending and free cash flow of one year are known",
                len(same_spent) > 0,
                "flag",
                same_spent,
                fcf,
            ),
            f.result(
                "rest_of_capex",
                "Capital spending of the year of Oracle's free cash flow",
                value(same_spent),
                "usd_bn",
                same_spent,
            ),
            f.amount(
                "plan_2026", "Oracle's plan to raise money in calendar 2026", f.deal("oracle-financing-plan-cy2026")
            ),
            f.amount("bond_2026", "Oracle's bonds of February 2026", f.deal("oracle-bond-2026-02")),
            f.amount("bond_2025", "Oracle's bonds of September 2025", f.deal("oracle-bond-2025-09")),
            f.amount(
                "convertible", "Oracle's convertible preferred shares", f.deal("oracle-mandatory-convertible-2026")
            ),
            f.amount(
                "plan_2027", "Money Oracle is reported to raise in fiscal 2027", f.deal("oracle-financing-plan-fy2027")
            ),
        ]
    )
