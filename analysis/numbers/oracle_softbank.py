"""What the chapter on Oracle and SoftBank says."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models import leverage
from analysis.models.sites import is_for
from analysis.numbers import quantities
from analysis.numbers.facts import NAN, Facts, day, nan_if_unknown, text, value
from analysis.numbers.results import Results


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "oracle_softbank", scenario)


def headlines(ledger: Ledger, scenario: str = "central") -> Results:
    """The big round numbers, none of which is part of another sum."""
    f = _facts(ledger, scenario)
    programme, sites, contract = (
        f.deal("stargate-us-program"),
        f.deal("stargate-us-sites"),
        f.deal("openai-oracle-compute"),
    )
    plan = f.deal("openai-compute-plan")
    total, gw = value(contract, "low_usd_bn"), value(contract, "gw")
    first_site = ledger.history["deals"].query("deal == 'stargate-us-sites'").head(1)
    structure = f.term("stargate-structure")
    years = quantities.contract_years(contract)
    return Results(
        [
            f.amount("programme", "Stargate pledge", programme, "Intended investment, not a contract."),
            f.result("programme_gw", "Capacity it is to buy", value(programme, "gw"), "gw", programme),
            f.amount("sites_plan", "Investment planned for the US sites", sites, "A planned investment, not a contract."),
            f.result("sites_first", "When first announced, more than", value(first_site, "low_usd_bn"), "usd_bn", first_site),
            f.result("sites_first_day", "First announced on", day(first_site), "date", first_site),
            f.result("sites_gw", "Capacity planned for the US sites", value(sites, "gw"), "gw", sites),
            f.result("has_sites", "The US sites have been announced", len(sites) > 0, "flag", sites),
            f.amount("contract", "Oracle contract", contract),
            f.result("contract_gw", "Capacity of the Oracle contract", gw, "gw", contract),
            f.result("contract_years", "Length of the Oracle contract", years, "years", contract, how="Days from start to end over a year."),
            f.result("contract_start", "Payments start in", quantities.calendar_year(contract, "start"), "year", contract),
            f.result("contract_per_year", "Oracle contract a year, on average", quantities.contract_per_year(contract), "usd_bn", contract),
            f.result("contract_per_gw", "Oracle contract per gigawatt", nan_if_unknown(lambda a, g: a / g, total, gw), "usd_bn", contract, how="Contract over its capacity: service for its term, not the cost of building."),
            f.amount("plan", "OpenAI's compute plan, as last stated", plan, "A headline plan that overlaps every contract."),
            f.result("is_unstaffed", "The venture is reported never to have been staffed", len(structure) > 0, "flag", structure),
            f.result("unstaffed_day", "Reported on", day(structure), "date", structure),
        ]
    )  # fmt: skip


def _openai_sites(ledger: Ledger) -> pd.DataFrame:
    sites = ledger.sites
    return sites[is_for(sites, "openai")]


def sites(ledger: Ledger, scenario: str = "central") -> Results:
    """Announced against live capacity."""
    f = _facts(ledger, scenario)
    ours = _openai_sites(ledger)
    ours = ours[ours["status"] != "cancelled"]
    live = f.last("openai", "compute_capacity", basis="actual")
    plan = f.metric("openai", "compute_capacity_commitments").sort_values("as_of").tail(1)
    states = ours["status"].value_counts()
    planned = ours["planned_gw"].sum(min_count=1)
    revenue = quantities.run_rate(f, "actual")
    same = revenue[revenue["end"] == live["end"].iloc[0]].tail(1) if len(live) else revenue.head(0)
    return Results(
        [
            f.result("sites", "Sites named for OpenAI", len(ours) or None, "count", ours),
            f.result("sites_live", "Sites with at least a part in service", int(states.get("live", 0)), "count", ours),
            f.result("sites_building", "Sites under construction", int(states.get("under construction", 0)), "count", ours),
            f.result("sites_planned", "Sites still on paper", int(states.get("planned", 0)), "count", ours),
            f.result("planned_gw", "Capacity of the sites named for OpenAI, where published", float(planned), "gw", ours, how="Sum of the sites that publish a figure."),
            f.result("sites_silent", "Sites without a published capacity", int(ours["planned_gw"].isna().sum()), "count", ours),
            f.result("live_gw", "Compute OpenAI says it had", value(live), "gw", live, how="All clouds together; company figure."),
            f.result("live_day", "At the end of", day(live, "end"), "date", live),
            f.result("has_live", "OpenAI has published its live capacity", len(live) > 0, "flag", live),
            f.result("plan_gw", "Capacity OpenAI speaks of", value(plan), "gw", plan),
            f.result("revenue_per_gw", "Annualised revenue for each live gigawatt", nan_if_unknown(lambda r, g: r / g, value(same), value(live)), "usd_bn", same, live),
        ]
    )  # fmt: skip


def oracle(ledger: Ledger, scenario: str = "central") -> Results:
    """Backlog, spending, debt and leases of Oracle."""
    f = _facts(ledger, scenario)
    rpo, part = f.last("oracle", "rpo"), f.last("oracle", "rpo_openai")
    contract = f.deal("openai-oracle-compute")
    at = f.metric("oracle", "rpo", end=part["end"].iloc[0]) if len(part) else rpo.head(0)
    revenue = f.quarters("oracle", "revenue")
    last_quarter = revenue.tail(1)
    trailing = f.metric("oracle", "free_cash_flow", basis="actual")
    trailing = quantities.last_year(trailing)
    ocf = f.metric("oracle", "operating_cash_flow", basis="actual").tail(1)
    capex = f.last("oracle", "capex_guidance")
    debt, first_debt = f.last("oracle", "total_debt"), f.metric("oracle", "total_debt").head(1)
    leases = f.metric("oracle", "leases_not_commenced")
    loans = f.deal("oracle-linked-construction-loans-rated")
    cds = f.metric("oracle", "cds_5y")
    share = nan_if_unknown(leverage.customer_share, value(part), value(at))
    return Results(
        [
            f.result("rpo", "Oracle's backlog", value(rpo), "usd_bn", rpo),
            f.result("rpo_day", "At the end of", day(rpo, "end"), "date", rpo),
            f.result("rpo_share", "Share of OpenAI in the backlog", 100 * share, "pct", part, at, contract, how="Press figure for the contract over the backlog of the same day; Oracle names no share."),
            f.result("has_rpo_share", "A share of OpenAI in the backlog is reported", not pd.isna(share), "flag", part),
            f.result("rpo_years", "Backlog in years of revenue", nan_if_unknown(leverage.backlog_years, value(rpo), 4 * value(last_quarter)), "x", rpo, last_quarter, how="Backlog over four times the last quarter's revenue."),
            f.result("capex_guidance", "Capital spending guided for the fiscal year", value(capex), "usd_bn", capex),
            f.result("capex_fiscal", "Fiscal year ending", day(capex, "end"), "date", capex),
            f.result("ocf", "Operating cash flow of the last four quarters", value(ocf), "usd_bn", ocf),
            f.result("capex_cover", "Guided spending over that cash flow", nan_if_unknown(leverage.capex_cover, value(capex), value(ocf)), "x", capex, ocf),
            f.result("fcf", "Free cash flow of the last four quarters", value(trailing), "usd_bn", trailing),
            f.result("fcf_day", "To", day(trailing, "end"), "date", trailing),
            f.result("debt", "Oracle's debt without leases", value(debt), "usd_bn", debt),
            f.result("debt_day", "At the end of", day(debt, "end"), "date", debt),
            f.result("debt_change", "More than at the first balance sheet here", value(debt) - value(first_debt), "usd_bn", debt, first_debt),
            f.result("leases", "Leases Oracle has signed that have not begun", value(leases.tail(1)), "usd_bn", leases.tail(1)),
            f.result("leases_day", "At the end of", day(leases.tail(1), "end"), "date", leases.tail(1)),
            f.result("leases_before", "One statement earlier", value(leases.iloc[-2:-1]), "usd_bn", leases.iloc[-2:-1]),
            f.result("has_loans_rated", "Loans on Oracle's leases have been rated", len(loans) > 0, "flag", loans),
            f.amount("loans_rated", "Construction loans rated on Oracle's leases", loans, "Overlaps single loans in the ledger."),
            f.result("cds", "Cost of insuring Oracle's debt", value(cds.tail(1)), "bp", cds.tail(1)),
            f.result("cds_day", "On", day(cds.tail(1), "end"), "date", cds.tail(1)),
        ]
    )  # fmt: skip


def terms(ledger: Ledger, scenario: str = "central") -> Results:
    """Contract, lease and loan: how long each runs."""
    f = _facts(ledger, scenario)
    lease, jupiter = f.term("oracle-lease-terms"), f.term("jupiter-lease-term")
    bridge = f.deal("softbank-bridge-2026")
    months = nan_if_unknown(
        lambda d: d / 30.44,
        float((bridge["end"] - bridge["as_of"]).dt.days.iloc[0])
        if len(bridge) and pd.notna(bridge["end"].iloc[0])
        else NAN,
    )
    prepay = f.term("oracle-customer-prepayment")
    return Results(
        [
            f.result("lease_terms", "Oracle's lease terms", text(lease, "after"), "text", lease),
            f.result("has_lease_terms", "Oracle's lease terms are known", len(lease) > 0, "flag", lease),
            f.result("jupiter_lease", "Lease of the New Mexico site", text(jupiter, "after"), "text", jupiter),
            f.amount("bridge", "SoftBank's bridge loan of 2026", bridge),
            f.result("has_bridge", "The bridge loan of 2026 is signed", len(bridge) > 0 and bridge["status"].iloc[0] == "signed", "flag", bridge),
            f.result("bridge_end", "It falls due on", day(bridge, "end"), "date", bridge),
            f.result("bridge_months", "That is after", None if pd.isna(months) else round(months), "months", bridge),
            f.result("has_prepayment", "Oracle asks new customers to bring money or chips", len(prepay) > 0, "flag", prepay),
        ]
    )  # fmt: skip


def softbank(ledger: Ledger, scenario: str = "central") -> Results:
    """Where SoftBank's money comes from, and what it does to its balance."""
    f = _facts(ledger, scenario)
    paid = f.payments(payer="softbank", payee="openai", kind="equity")
    done = paid[paid["status"] == "closed"]
    invested = f.metric("softbank", "invested_in_openai", basis="actual").tail(1)
    ltv = f.metric("softbank", "ltv")
    gain = f.metric("softbank", "gain_on_openai_cumulative").tail(1)
    last_gain = f.quarters("softbank", "gain_on_openai").tail(1)
    debt = f.payments(payee="softbank", kind="debt")
    sales = f.payments(payer="market-investors", payee="softbank", kind="equity")
    rating = f.term("rating-sp-softbank")
    landlord = f.deal("openai-sbenergy-equity")
    stake = f.metric("softbank", "stake_pct_of_openai").tail(1)
    signed = f.payments(payer="softbank", payee="openai", kind="equity", with_reported=False)
    return Results(
        [
            f.amount("softbank_total", "SoftBank's equity for OpenAI, all rounds", signed),
            f.amount("softbank_paid", "Of it paid", done),
            f.amount("softbank_unpaid", "Of it still to be paid", signed[signed["status"] != "closed"]),
            f.result("has_unpaid", "A part is still to be paid", bool((signed["status"] != "closed").any()), "flag", signed),
            f.result("softbank_stake", "SoftBank's stake, as last stated", value(stake), "pct", stake),
            f.result("softbank_stake_day", "At", day(stake, "end"), "date", stake),
            f.result("softbank_invested", "Paid in, as SoftBank counts", value(invested), "usd_bn", invested),
            f.result("ltv", "SoftBank's loan-to-value", value(ltv.tail(1)), "pct", ltv.tail(1)),
            f.result("ltv_day", "At the end of", day(ltv.tail(1), "end"), "date", ltv.tail(1)),
            f.result("ltv_before", "A quarter earlier", value(ltv.iloc[-2:-1]), "pct", ltv.iloc[-2:-1]),
            f.result("is_ltv_up", "Loan-to-value has risen", bool(value(ltv.tail(1)) > value(ltv.iloc[-2:-1])), "flag", ltv.tail(2)),
            f.result("gain", "Gains on OpenAI booked so far", value(gain), "usd_bn", gain),
            f.result("has_gain", "Cumulative gains are published", len(gain) > 0, "flag", gain),
            f.result("last_gain", "Gain on OpenAI in the last quarter", value(last_gain), "usd_bn", last_gain),
            f.amount("borrowed", "Borrowed by SoftBank since 2025, gross", debt, "New loans repay old ones: a flow, not debt outstanding."),
            f.amount("sold", "Shares sold", sales),
            f.result("rating", "Standard and Poor's rating", text(rating, "after"), "text", rating),
            f.result("has_rating", "The rating outlook has changed", len(rating) > 0, "flag", rating),
            f.amount("landlord", "OpenAI's stake in its landlord SB Energy", landlord),
            f.result("has_landlord", "OpenAI owns a part of its landlord", len(landlord) > 0, "flag", landlord),
        ]
    )  # fmt: skip


def cost(ledger: Ledger, scenario: str = "central") -> Results:
    """What a gigawatt costs, by source."""
    f = _facts(ledger, scenario)
    rows = f.ledger.part("metrics", "metric", "cost_per_gw", "cost_per_gw_high")
    theirs = f.ledger.outside_models
    theirs = theirs[
        theirs["quantity"].isin(["cost_per_gw", "cost_per_gw_high", "cost_per_gw_low", "capital_cost_per_gw"])
    ]
    values = pd.concat([rows["value"], theirs["value"]])
    contract = f.deal("openai-oracle-compute")
    paid = nan_if_unknown(lambda a, g: a / g, value(contract, "low_usd_bn"), value(contract, "gw"))
    return Results(
        [
            f.result("cost_per_gw", "Published costs of a gigawatt", None, "usd_bn", rows, theirs, low=values.min(), high=values.max(), how="Lowest and highest published figure; their scopes differ."),
            f.result("left_per_gw", "What the contract leaves of a gigawatt's price after building it", None, "usd_bn", contract, rows, theirs, low=paid - values.max(), high=paid - values.min(), how="Contract per gigawatt less the highest and the lowest published cost."),
            f.result("cost_sources", "Figures", len(values) or None, "count", rows, theirs),
        ]
    )  # fmt: skip
