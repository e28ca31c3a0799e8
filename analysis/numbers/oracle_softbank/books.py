"""What Oracle and SoftBank owe, spend and borrow, and how long each promise runs."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import deals, leverage, periods
from analysis.numbers import comparisons, quantities
from analysis.numbers.facts import Facts, day, nan_if_unknown, text, value
from analysis.numbers.results import Results


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "oracle_softbank", scenario)


def signing_day(f: Facts, deal: str) -> pd.Timestamp:
    """The day on which a deal was first known to be signed; NaT when it is not."""
    history = f.ledger.history["deals"]
    return deals.signed(history[history["deal"] == deal])["as_of"].min()


def openai_share_of_backlog(f: Facts) -> tuple[float, pd.DataFrame, pd.DataFrame]:
    """OpenAI's part of Oracle's backlog at the newest balance sheet for which the press names it.

    Returns
    -------
    float
        0 to 1; NaN when it is not known.
    DataFrame, DataFrame
        The row of the part and that of the whole (one or none each, US$ bn).
    """
    part = f.last("oracle", "rpo_openai")
    whole = f.metric("oracle", "rpo")
    whole = whole[whole["end"].isin(part["end"])].tail(1)
    return nan_if_unknown(leverage.customer_share, value(part), value(whole)), part, whole


def oracle(ledger: Ledger, scenario: str = "central") -> Results:
    """Backlog, spending, debt and leases of Oracle."""
    f = _facts(ledger, scenario)
    rpo = f.last("oracle", "rpo")
    share, part, at = openai_share_of_backlog(f)
    contract = f.deal("openai-oracle-compute")
    last_quarter = f.quarters("oracle", "revenue").tail(1)
    fcf = quantities.latest_full_year(f.metric("oracle", "free_cash_flow", basis="actual"))
    flow, ocf = quantities.operating_cash_flow(f, "oracle")
    capex = f.last("oracle", "capex_guidance")
    cover = comparisons.ratio(f.quantity(capex), flow, named=True)
    debt, first_debt = f.last("oracle", "total_debt"), f.metric("oracle", "total_debt").head(1)
    leases = f.metric("oracle", "leases_not_commenced")
    now, before = leases.tail(1), leases.iloc[-2:-1]
    loans = f.deal("oracle-linked-construction-loans-rated")
    cds = f.last("oracle", "cds_5y")
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
                how="Press figure for the contract over the backlog of the same day; Oracle names no share.",
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
            f.result("debt", "Oracle's debt without leases", value(debt), "usd_bn", debt),
            f.result("debt_day", "Oracle's debt as of", day(debt, "end"), "date", debt),
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
            f.result("has_loans_rated", "Loans on Oracle's leases have been rated", len(loans) > 0, "flag", loans),
            f.amount(
                "loans_rated",
                "Construction loans rated on Oracle's leases",
                loans,
                "Overlaps single loans in the ledger.",
            ),
            f.result("cds", "Cost of insuring Oracle's debt", value(cds), "bp", cds),
            f.result("cds_day", "Cost of insuring Oracle's debt as of", day(cds, "end"), "date", cds),
        ]
    )


def terms(ledger: Ledger, scenario: str = "central") -> Results:
    """Contract, lease and loan: how long each runs."""
    f = _facts(ledger, scenario)
    lease, jupiter = f.term("oracle-lease-terms"), f.term("jupiter-lease-term")
    bridge = f.deal("softbank-bridge-2026")
    due = bridge["end"].max()
    months = 12 * periods.contract_years(signing_day(f, "softbank-bridge-2026"), due)
    prepay = f.term("oracle-customer-prepayment")
    return Results(
        [
            f.result("lease_terms", "Oracle's lease terms", text(lease, "after"), "text", lease),
            f.result("has_lease_terms", "Oracle's lease terms are known", len(lease) > 0, "flag", lease),
            f.result("jupiter_lease", "Lease of the New Mexico site", text(jupiter, "after"), "text", jupiter),
            f.amount("bridge", "SoftBank's bridge loan of 2026", bridge),
            f.result(
                "has_bridge",
                "SoftBank's bridge loan of 2026 is signed",
                len(bridge) > 0 and bridge["status"].iloc[0] == "signed",
                "flag",
                bridge,
            ),
            f.result("bridge_end", "SoftBank's bridge loan of 2026 due on", day(bridge, "end"), "date", bridge),
            f.result(
                "bridge_months",
                "Months to maturity of SoftBank's bridge loan of 2026",
                None if pd.isna(months) else round(months),
                "months",
                bridge,
            ),
            f.result(
                "has_prepayment", "Oracle asks new customers to bring money or chips", len(prepay) > 0, "flag", prepay
            ),
        ]
    )


def softbank(ledger: Ledger, scenario: str = "central") -> Results:
    """Where SoftBank's money comes from, and what it does to its balance."""
    f = _facts(ledger, scenario)
    equity = f.payments(payer="softbank", payee="openai", kind="equity")
    paid = equity[equity["status"] == "closed"]
    invested = f.last("softbank", "invested_in_openai", basis="actual")
    ltvs = f.metric("softbank", "ltv")
    ltv, ltv_before = ltvs.tail(1), ltvs.iloc[-2:-1]
    gain = f.last("softbank", "gain_on_openai_cumulative")
    last_gain = f.quarters("softbank", "gain_on_openai").tail(1)
    debt = f.payments(payee="softbank", kind="debt")
    sales = f.payments(payer="market-investors", payee="softbank", kind="equity")
    rating = f.term("rating-sp-softbank")
    landlord = f.deal("openai-sbenergy-equity")
    stake = f.last("softbank", "stake_pct_of_openai")
    signed = f.payments(payer="softbank", payee="openai", kind="equity", with_reported=False)
    unpaid = signed[signed["status"] != "closed"]
    return Results(
        [
            f.amount("softbank_total", "SoftBank's equity for OpenAI, all rounds", signed),
            f.amount("softbank_paid", "SoftBank's equity for OpenAI: paid", paid),
            f.amount("softbank_unpaid", "SoftBank's equity for OpenAI: still to be paid", unpaid),
            f.result("has_unpaid", "Part of SoftBank's equity is still to be paid", len(unpaid) > 0, "flag", signed),
            f.result("softbank_stake", "SoftBank's stake in OpenAI, as last stated", value(stake), "pct", stake),
            f.result("softbank_stake_day", "SoftBank's stake in OpenAI as of", day(stake, "end"), "date", stake),
            f.result(
                "softbank_invested",
                "SoftBank's investment paid in, by its own count",
                value(invested),
                "usd_bn",
                invested,
            ),
            f.result("ltv", "SoftBank's loan-to-value", value(ltv), "pct", ltv),
            f.result("ltv_day", "SoftBank's loan-to-value as of", day(ltv, "end"), "date", ltv),
            f.result(
                "ltv_before", "SoftBank's loan-to-value one statement earlier", value(ltv_before), "pct", ltv_before
            ),
            f.result(
                "is_ltv_up",
                "SoftBank's loan-to-value has risen",
                bool(value(ltv) > value(ltv_before)),
                "flag",
                ltvs.tail(2),
            ),
            f.result("gain", "SoftBank's cumulative gains on OpenAI", value(gain), "usd_bn", gain),
            f.result("has_gain", "SoftBank's cumulative gains are published", len(gain) > 0, "flag", gain),
            f.result(
                "last_gain", "SoftBank's gain on OpenAI in the last quarter", value(last_gain), "usd_bn", last_gain
            ),
            f.amount(
                "borrowed",
                "Gross borrowing by SoftBank",
                debt,
                "New loans repay old ones: a flow, not debt outstanding.",
            ),
            f.amount("sold", "Shares sold by SoftBank", sales),
            f.result("rating", "Standard and Poor's rating of SoftBank", text(rating, "after"), "text", rating),
            f.result("has_rating", "SoftBank's rating outlook has changed", len(rating) > 0, "flag", rating),
            f.amount("landlord", "OpenAI's stake in its landlord SB Energy", landlord),
            f.result("has_landlord", "OpenAI owns part of its landlord SB Energy", len(landlord) > 0, "flag", landlord),
        ]
    )
