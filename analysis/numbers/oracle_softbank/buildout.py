"""What is to be built, what stands, and what a gigawatt costs."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.models.sites import is_for
from analysis.numbers import quantities
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results

COST_METRICS = ("cost_per_gw", "cost_per_gw_high")
COST_QUANTITIES = ("cost_per_gw", "cost_per_gw_low", "cost_per_gw_high", "capital_cost_per_gw")


def _facts(ledger: Ledger, scenario: str) -> Facts:
    return Facts(ledger, "oracle_softbank", scenario)


def openai_sites(sites: pd.DataFrame) -> pd.DataFrame:
    """The rows of sites named for OpenAI that are not cancelled."""
    return sites[is_for(sites, "openai") & (sites["status"] != "cancelled")]


def costs_per_gw(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published costs of building a gigawatt, US$ bn: rows of metrics, and rows of outside models."""
    models = ledger.outside_models
    return ledger.part("metrics", "metric", *COST_METRICS), models[models["quantity"].isin(COST_QUANTITIES)]


def contract_per_gw(contract: pd.DataFrame) -> float:
    """Amount of a contract (one row or none) per gigawatt, US$ bn; NaN where either is not known."""
    return ratio(value(contract, "low_usd_bn"), value(contract, "gw"))


def headlines(ledger: Ledger, scenario: str = "central") -> Results:
    """The big round numbers, none of which is part of another sum."""
    f = _facts(ledger, scenario)
    programme, plan = f.deal("stargate-us-program"), f.deal("openai-compute-plan")
    sites, contract = f.deal("stargate-us-sites"), f.deal("openai-oracle-compute")
    history = ledger.history["deals"]
    first = history[history["deal"] == "stargate-us-sites"].sort_values("as_of", kind="stable").head(1)
    structure = f.term("stargate-structure")
    years = quantities.contract_years(contract)
    return Results(
        [
            f.amount("programme", "Stargate pledge", programme, "Intended investment, not a contract."),
            f.result("programme_gw", "Capacity the Stargate pledge is to buy", value(programme, "gw"), "gw", programme),
            f.amount(
                "sites_plan", "Investment planned for the US sites", sites, "A planned investment, not a contract."
            ),
            f.result(
                "sites_first",
                "Investment in the US sites when first announced, at least",
                value(first, "low_usd_bn"),
                "usd_bn",
                first,
            ),
            f.result("sites_first_day", "US sites first announced on", day(first), "date", first),
            f.result("sites_gw", "Capacity planned for the US sites", value(sites, "gw"), "gw", sites),
            f.result("has_sites", "The US sites have been announced", len(sites) > 0, "flag", sites),
            f.amount("contract", "Oracle contract", contract),
            f.result("contract_gw", "Capacity of the Oracle contract", value(contract, "gw"), "gw", contract),
            f.result(
                "contract_years",
                "Length of the Oracle contract",
                years,
                "years",
                contract,
                how="Days from start to end over a year.",
            ),
            f.result(
                "contract_start",
                "Payments of the Oracle contract start in",
                quantities.calendar_year(contract, "start"),
                "year",
                contract,
            ),
            f.result(
                "contract_per_year",
                "Oracle contract a year, on average",
                quantities.contract_per_year(contract),
                "usd_bn",
                contract,
            ),
            f.result(
                "contract_per_gw",
                "Oracle contract per gigawatt",
                contract_per_gw(contract),
                "usd_bn",
                contract,
                how="Contract over its capacity: service for its term, not the cost of building.",
            ),
            f.amount(
                "plan", "OpenAI's compute plan, as last stated", plan, "A headline plan that overlaps every contract."
            ),
            f.result(
                "is_unstaffed",
                "The Stargate venture is reported never to have been staffed",
                len(structure) > 0,
                "flag",
                structure,
            ),
            f.result("unstaffed_day", "Stargate venture reported unstaffed on", day(structure), "date", structure),
        ]
    )


def sites(ledger: Ledger, scenario: str = "central") -> Results:
    """Announced against live capacity."""
    f = _facts(ledger, scenario)
    ours = openai_sites(ledger.sites)
    live = f.last("openai", "compute_capacity", basis="actual")
    plan = f.metric("openai", "compute_capacity_commitments").sort_values("as_of").tail(1)
    states = ours["status"].value_counts()
    planned = ours["planned_gw"].sum(min_count=1)
    revenue = quantities.run_rate(f, "actual")
    same = revenue[revenue["end"] == live["end"].iloc[0]].tail(1) if len(live) else revenue.head(0)
    return Results(
        [
            f.result("sites", "Sites named for OpenAI", len(ours) or None, "count", ours),
            f.result("sites_live", "Sites at least partly in service", int(states.get("live", 0)), "count", ours),
            f.result(
                "sites_building", "Sites under construction", int(states.get("under construction", 0)), "count", ours
            ),
            f.result("sites_planned", "Sites still on paper", int(states.get("planned", 0)), "count", ours),
            f.result(
                "planned_gw",
                "Capacity of the sites named for OpenAI, where published",
                float(planned),
                "gw",
                ours,
                how="Sum of the sites that publish a figure.",
            ),
            f.result(
                "sites_silent",
                "Sites without a published capacity",
                int(ours["planned_gw"].isna().sum()),
                "count",
                ours,
            ),
            f.result(
                "live_gw",
                "OpenAI's compute capacity, as last stated",
                value(live),
                "gw",
                live,
                how="All clouds together; company figure.",
            ),
            f.result("live_day", "OpenAI's compute capacity as of", day(live, "end"), "date", live),
            f.result("has_live", "OpenAI has published its live capacity", len(live) > 0, "flag", live),
            f.result("plan_gw", "Compute capacity OpenAI has committed to, as last stated", value(plan), "gw", plan),
            f.result(
                "revenue_per_gw",
                "Annualised revenue for each live gigawatt",
                ratio(value(same), value(live)),
                "usd_bn",
                same,
                live,
            ),
        ]
    )


def cost(ledger: Ledger, scenario: str = "central") -> Results:
    """What a gigawatt costs, by source."""
    f = _facts(ledger, scenario)
    rows, theirs = costs_per_gw(ledger)
    values = pd.concat([rows["value"], theirs["value"]])
    contract = f.deal("openai-oracle-compute")
    paid = contract_per_gw(contract)
    return Results(
        [
            f.result(
                "cost_per_gw",
                "Published costs of a gigawatt",
                None,
                "usd_bn",
                rows,
                theirs,
                low=values.min(),
                high=values.max(),
                how="Lowest and highest published figure; their scopes differ.",
            ),
            f.result(
                "left_per_gw",
                "Oracle contract per gigawatt less the cost of building it",
                None,
                "usd_bn",
                contract,
                rows,
                theirs,
                low=paid - values.max(),
                high=paid - values.min(),
                how="Contract per gigawatt less the highest and the lowest published cost.",
            ),
            f.result(
                "cost_sources",
                "Published costs of a gigawatt: number of figures",
                len(values) or None,
                "count",
                rows,
                theirs,
            ),
        ]
    )
