"""What a gigawatt costs."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger, latest
from analysis.models import deals
from analysis.numbers.calculations import labelled
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results
from analysis.numbers.row_keys import row_keys

# Sites whose published cost leaves the chips to Oracle.
SHELLS = ("abilene", "shackelford", "port-washington", "saline")
COST_METRICS = ("cost_per_gw", "cost_per_gw_low", "cost_per_gw_high")
COST_QUANTITIES = ("cost_per_gw", "cost_per_gw_low", "cost_per_gw_high", "capital_cost_per_gw")
END_OF_RANGE = {"cost_per_gw_low": ", low", "cost_per_gw_high": ", high"}


def costs_per_gw(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published costs of building a gigawatt, US$ bn: rows of metrics, and rows of outside models."""
    models = ledger.outside_models
    return ledger.part("metrics", "metric", *COST_METRICS), models[models["quantity"].isin(COST_QUANTITIES)]


def shells(ledger: Ledger) -> pd.DataFrame:
    """The rows of sites that publish their capacity and a cost that leaves the chips out.

    A ceiling of what may be lent or spent, such as a facility of "up to 10", is no cost.
    """
    rows = ledger.sites[ledger.sites["site"].isin(SHELLS)]
    is_ceiling = rows["note"].str.contains("up to", regex=False)
    return rows[(rows["planned_gw"] > 0) & rows["investment_usd_bn"].notna() & ~is_ceiling]


def contract_per_gw(contract: pd.DataFrame) -> float:
    """Amount of a contract (one row or none) per gigawatt, US$ bn; NaN where either is not known."""
    return ratio(value(contract, "low_usd_bn"), value(contract, "gw"))


def contract_at(f: Facts, estimate: pd.DataFrame) -> pd.DataFrame:
    """OpenAI's contract with Oracle (one row or none) as it was known when an estimate (one row or none) was made."""
    history = f.ledger.history["deals"]
    known = history[history["deal"] == "openai-oracle-compute"]
    return latest(known, ["deal"], estimate["as_of"].iloc[0]) if len(estimate) else known.head(0)


def has_chips_of_today(rows: pd.DataFrame) -> pd.Series:
    """Whether published costs of a gigawatt (rows of metrics or of outside models) count chips that are sold now.

    - A projection speaks of sites to come, with chips that are not sold yet.
    - A figure per gigawatt of the whole facility's power spreads the same machines over more gigawatts.
    """
    is_facility = rows["note"].str.contains("facility power")
    is_to_come = rows["basis"] == "projection" if "basis" in rows else False
    return ~(is_facility | is_to_come)


def speaker(ledger: Ledger, key: str) -> str:
    """Return who said a figure: NVIDIA CEO for ``nvidia-ceo`` if the key begins with a firm of the ledger."""
    first, _, rest = key.partition("-")
    name = ledger.name(first)
    words = rest.replace("-", " ").replace("ceo", "CEO")
    return f"{name if name != first else first.capitalize()} {words}".strip()


def _quoted(ledger: Ledger, source: str) -> str:
    """Who stands behind a figure without a named speaker: a firm of the ledger itself, or whoever quotes it."""
    publisher = ledger.sources.set_index("source")["publisher_of_record"].get(source) or source
    firms = {name.casefold(): name for name in ledger.entities["name"]}
    return firms.get(publisher.casefold(), f"Quoted by {publisher}")


def published(ledger: Ledger) -> pd.DataFrame:
    """Return the published costs of a gigawatt, each once.

    A bank's figure that is both a metric and part of a published model counts once, and so does a figure that one
    speaker repeats.

    Returns
    -------
    DataFrame
        Columns who (with the end of a range), value (US$ bn), scope (the note), is_today (see `has_chips_of_today`),
        is_to_come (chips that are not sold yet) and row (its key in the ledger).
    """
    metrics, models = costs_per_gw(ledger)
    said = [
        speaker(ledger, by) if by else _quoted(ledger, source)
        for by, source in zip(metrics["by"], metrics["source"], strict=True)
    ]
    ends = [END_OF_RANGE.get(q, "") for q in [*metrics["metric"], *models["quantity"]]]
    is_today = pd.concat([has_chips_of_today(part) for part in (metrics, models)])
    frame = pd.DataFrame(
        {
            "who": [f"{who}{end}" for who, end in zip([*said, *models["publisher"]], ends, strict=True)],
            "value": [*metrics["value"], *models["value"]],
            "scope": [*metrics["note"], *models["note"]],
            "is_today": is_today.to_numpy(bool),
            "is_to_come": [*(metrics["basis"] == "projection"), *[False] * len(models)],
            "row": [*row_keys(metrics), *row_keys(models)],
        }
    )
    relayed = [any(other.startswith(f"{who} (") for other in frame["who"]) for who in frame["who"]]
    return frame[~np.array(relayed, dtype=bool)].drop_duplicates(["who", "value"]).reset_index(drop=True)


def cost(ledger: Ledger, scenario: str = "central") -> Results:
    """What a gigawatt costs, by source."""
    f = Facts(ledger, "oracle_softbank", scenario)
    rows, theirs = (part[has_chips_of_today(part)] for part in costs_per_gw(ledger))
    values = published(ledger).query("is_today")["value"]
    sites = shells(ledger)
    bare = sites["investment_usd_bn"] / sites["planned_gw"]
    contract, needed = f.standing("openai-oracle-compute"), f.last("oracle", "required_capex_openai_contract")
    paid, is_floor = contract_per_gw(contract), bool(deals.is_open_ended(contract).any())
    is_priced = bool(len(values) > 0 and paid > 0)
    then = contract_at(f, needed)
    stands = len(needed) * len(then) * len(contract) > 0
    is_same = stands and all(value(then, c) == value(contract, c) for c in ("low_usd_bn", "gw"))
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
                low=paid - labelled(values.max(), "usd_bn", "highest published cost of a gigawatt"),
                high=paid - labelled(values.min(), "usd_bn", "lowest published cost of a gigawatt"),
                is_open=is_floor,
                how="Contract per gigawatt less the highest and the lowest published cost.",
            ),
            f.result(
                "is_left",
                "The Oracle contract's price a gigawatt is above every published cost of building one",
                is_priced and bool(paid >= values.max()),
                "flag",
                contract,
            ),
            f.result(
                "is_costlier",
                "A published cost of building a gigawatt is above the Oracle contract's price for one",
                is_priced and bool(paid < values.max()),
                "flag",
                contract,
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
                is_priced,
                "flag",
                contract,
            ),
            f.result(
                "has_needed",
                "The machines for the Oracle contract are estimated",
                is_same,
                "flag",
                needed,
                contract,
            ),
            f.result(
                "has_needed_before",
                "The machines for the Oracle contract were estimated before it was changed",
                stands and not is_same,
                "flag",
                needed,
                contract,
            ),
            f.result("needed_day", "That estimate is of", day(needed), "date", needed),
            f.result("needed", "Machines needed for the Oracle contract, by TD Cowen", value(needed), "usd_bn", needed),
            f.result(
                "needed_per_gw",
                "Machines for each gigawatt of the Oracle contract, by TD Cowen",
                ratio(value(needed), value(then, "gw")),
                "usd_bn",
                needed,
                then,
                how="The estimate over the capacity of the contract as known when it was made.",
            ),
        ]
    )
