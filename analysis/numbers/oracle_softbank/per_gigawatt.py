"""What a gigawatt costs."""

import pandas as pd

from analysis.ledger import Ledger
from analysis.numbers.facts import Facts, ratio, value
from analysis.numbers.results import Results

# Sites whose published cost leaves the chips to Oracle.
SHELLS = ("abilene", "shackelford", "port-washington", "saline")
COST_METRICS = ("cost_per_gw", "cost_per_gw_low", "cost_per_gw_high")
COST_QUANTITIES = ("cost_per_gw", "cost_per_gw_low", "cost_per_gw_high", "capital_cost_per_gw")


def costs_per_gw(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published costs of building a gigawatt, US$ bn: rows of metrics, and rows of outside models."""
    models = ledger.outside_models
    return ledger.part("metrics", "metric", *COST_METRICS), models[models["quantity"].isin(COST_QUANTITIES)]


def shells(ledger: Ledger) -> pd.DataFrame:
    """The rows of sites that publish their capacity and a cost that leaves the chips out."""
    rows = ledger.sites[ledger.sites["site"].isin(SHELLS)]
    return rows[(rows["planned_gw"] > 0) & rows["investment_usd_bn"].notna()]


def contract_per_gw(contract: pd.DataFrame) -> float:
    """Amount of a contract (one row or none) per gigawatt, US$ bn; NaN where either is not known."""
    return ratio(value(contract, "low_usd_bn"), value(contract, "gw"))


def has_chips_of_today(rows: pd.DataFrame) -> pd.Series:
    """Whether published costs of a gigawatt (rows of metrics or of outside models) count chips that are sold now.

    - A projection speaks of sites to come, with chips that are not sold yet.
    - A figure per gigawatt of the whole facility's power spreads the same machines over more gigawatts.
    """
    is_facility = rows["note"].str.contains("facility power")
    is_to_come = rows["basis"] == "projection" if "basis" in rows else False
    return ~(is_facility | is_to_come)


def cost(ledger: Ledger, scenario: str = "central") -> Results:
    """What a gigawatt costs, by source."""
    f = Facts(ledger, "oracle_softbank", scenario)
    rows, theirs = (part[has_chips_of_today(part)] for part in costs_per_gw(ledger))
    values = pd.concat([rows["value"], theirs["value"]])
    sites = shells(ledger)
    bare = sites["investment_usd_bn"] / sites["planned_gw"]
    contract, needed = f.standing("openai-oracle-compute"), f.last("oracle", "required_capex_openai_contract")
    paid = contract_per_gw(contract)
    return Results(
        [
            f.result(
                "cost_per_gw",
                "Published costs of a gigawatt, chips included",
                None,
                "usd_bn",
                rows,
                theirs,
                low=values.min(),
                high=values.max(),
                how="Lowest and highest published figure for machines sold now, per gigawatt that computes.",
            ),
            f.result(
                "shell_per_gw",
                "Cost of a gigawatt at single sites, without chips",
                None,
                "usd_bn",
                sites,
                low=bare.min(),
                high=bare.max(),
                how="Published cost of a site over its capacity, lowest and highest.",
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
                "Published costs of a gigawatt, chips included: number of figures",
                len(values) or None,
                "count",
                rows,
                theirs,
            ),
            f.result("has_costs", "Published costs of a gigawatt are known", len(values) > 0, "flag", rows, theirs),
            f.result(
                "has_price_per_gw",
                "The Oracle contract's price a gigawatt and the cost of building one are known",
                bool(len(values) > 0 and paid > 0),
                "flag",
                contract,
            ),
            f.result(
                "has_needed",
                "The machines for the Oracle contract are estimated",
                len(needed) * len(contract) > 0,
                "flag",
                needed,
            ),
            f.result("needed", "Machines needed for the Oracle contract, by TD Cowen", value(needed), "usd_bn", needed),
            f.result(
                "needed_per_gw",
                "Machines for each gigawatt of the Oracle contract, by TD Cowen",
                ratio(value(needed), value(contract, "gw")),
                "usd_bn",
                needed,
                contract,
            ),
        ]
    )
