"""Published models re-run from their own inputs.

Each rule takes one published output and computes it from the inputs the same publisher gave. What differs by
more than 1%, and by more than its own rounding, is listed with the reason; a model without enough inputs is
listed as such. Nothing is tuned: a figure that cannot be reproduced is a finding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

CLOSE = 0.01  # share by which a reproduced output may differ, unless the published one is rounded more coarsely

Pick = Callable[..., float]


@dataclass(frozen=True)
class Rule:
    """How one published output follows from the inputs of the same model.

    Attributes
    ----------
    model, output, period
        The published figure; no period means the only one.
    how : str
        The rule in words.
    compute : callable
        Takes a function that picks inputs by quantity and period, and returns the output in its published unit.
    why : str
        What a difference means.
    """

    model: str
    output: str
    period: str | None
    how: str
    compute: Callable[[Pick], float]
    why: str = ""


RULES = (
    Rule(
        "hsbc-2025-11",
        "openai_revenue",
        "2030",
        "share x consumer market + share x enterprise market",
        lambda p: (
            (
                p("openai_share_consumer", "2030") * p("consumer_ai_market_revenue")
                + p("openai_share_enterprise") * p("enterprise_ai_market_revenue")
            )
            / 100
        ),
    ),
    Rule(
        "hsbc-2025-11",
        "funding_gap",
        "2030",
        "free cash flow, read as negative, less other funding; cash of mid-2025 is not among the published inputs",
        lambda p: p("cumulative_free_cash_flow") - p("other_funding_nvidia_amd_and_facilities"),
        "The sign of the free cash flow is unclear in the pages that relay it. Read as negative, and with about 17.5 "
        "of cash taken off, it comes within a twentieth of the gap; read as positive it does not.",
    ),
    Rule(
        "hsbc-2025-11",
        "revenue_gain_from_500m_more_users",
        "2030",
        "average revenue per user of 2030 x 500 million",
        lambda p: p("openai_revenue", "2030") / p("regular_users", "2030") * 500,
    ),
    Rule(
        "jpmorgan-2025-11",
        "revenue_needed",
        "per year",
        "a month's price x 12 x iPhone users",
        lambda p: p("per_iphone_user") * 12 * p("iphone_users") / 1000,
        "The number of users is the press's, not the bank's; the published price needs 1.56 billion.",
    ),
    Rule(
        "citi-2025-10",
        "openai_related_capex",
        "to 2030",
        "committed capacity x cost per GW",
        lambda p: p("openai_committed_capacity_nvidia_amd_broadcom") * p("cost_per_gw"),
    ),
    Rule(
        "citi-2025-10",
        "cost_of_altman_target",
        "2033",
        "target capacity x cost per GW",
        lambda p: p("altman_target_capacity") * p("cost_per_gw"),
    ),
    Rule(
        "mckinsey-2025-04",
        "data_centre_capex_all",
        "2025-2030",
        "for AI + for the rest",
        lambda p: p("data_centre_capex_ai") + p("data_centre_capex_non_ai"),
    ),
    Rule(
        "mckinsey-2025-04",
        "ai_capex_low",
        "2025-2030",
        "low capacity x cost per GW of the base case",
        lambda p: p("incremental_ai_capacity_low") * p("data_centre_capex_ai") / p("incremental_ai_capacity_base"),
        "The cost per GW rises as capacity falls; the published scenarios do not say why.",
    ),
    Rule(
        "mckinsey-2025-04",
        "ai_capex_high",
        "2025-2030",
        "high capacity x cost per GW of the base case",
        lambda p: p("incremental_ai_capacity_high") * p("data_centre_capex_ai") / p("incremental_ai_capacity_base"),
        "The cost per GW falls as capacity rises; the published scenarios do not say why.",
    ),
    Rule(
        "goldman-2025-10",
        "total_cash_outlay",
        "2026",
        "operating cost + NVIDIA-backed sites + Stargate",
        lambda p: p("openai_operating_infrastructure_cost") + p("nvidia_backed_data_centres") + p("stargate"),
    ),
    Rule(
        "goldman-2025-10",
        "funding_gap",
        "2026",
        "outlay less the sources that are visible",
        lambda p: (
            p("total_cash_outlay")
            - p("openai_internal_revenue_used")
            - p("nvidia_equity_financing")
            - p("external_equity_or_debt")
        ),
        "The visible sources leave a larger gap: a part of the sources was not in the pages that relay the note.",
    ),
    Rule(
        "barclays-gw-2025-09",
        "compute_spend_per_gw_low",
        None,
        "low share x low cost",
        lambda p: p("compute_and_networking_share_low") * p("cost_per_gw_low") / 100,
    ),
    Rule(
        "barclays-gw-2025-09",
        "compute_spend_per_gw_high",
        None,
        "high share x high cost",
        lambda p: p("compute_and_networking_share_high") * p("cost_per_gw_high") / 100,
    ),
    Rule(
        "barclays-gw-2025-09",
        "planned_spend",
        "2025-2030",
        "planned capacity x low cost",
        lambda p: p("planned_capacity") * p("cost_per_gw_low"),
    ),
    Rule(
        "barclays-us-pipeline-2025-10",
        "stargate_locked_spend",
        "2025-10",
        "locked capacity x full cost",
        lambda p: p("stargate_locked_capacity") * p("full_project_cost_per_mw"),
    ),
    Rule(
        "barclays-us-pipeline-2025-10",
        "us_pipeline_spend",
        "2025-2030",
        "pipeline x full cost",
        lambda p: p("us_pipeline_capacity") * p("full_project_cost_per_mw"),
        "Both are stated as more than; the difference is rounding.",
    ),
    Rule(
        "morgan-stanley-2025-07",
        "financing_gap",
        "2025-2028",
        "spending less cash flow of the large clouds",
        lambda p: p("global_data_centre_spend") - p("hyperscaler_cash_flow"),
    ),
    Rule(
        "ft-debt-2025-11",
        "total",
        "2025-11",
        "three groups of loans",
        lambda p: p("softbank_oracle_coreweave_loans") + p("blue_owl_crusoe_and_others") + p("oracle_vantage_in_talks"),
    ),
    Rule(
        "newstreet-2025-09",
        "paid_in_cash",
        None,
        "purchase less investment over purchase",
        lambda p: 100 * (p("gpu_purchase_per_step") - p("nvidia_investment_step")) / p("gpu_purchase_per_step"),
    ),
    Rule(
        "nesov-gw-2025-10",
        "cost_per_gw_year_low",
        "per year",
        "chips over 5 years + building over 12.5 + running",
        lambda p: (
            p("compute_capex_per_gw_low") / p("compute_lifetime")
            + p("infrastructure_capex_per_gw_low") / p("infrastructure_lifetime")
            + p("opex_per_gw_low")
        ),
    ),
    Rule(
        "nesov-gw-2025-10",
        "cost_per_gw_year_high",
        "per year",
        "chips over 5 years + building over 12.5 + running",
        lambda p: (
            p("compute_capex_per_gw_high") / p("compute_lifetime")
            + p("infrastructure_capex_per_gw_high") / p("infrastructure_lifetime")
            + p("opex_per_gw_high")
        ),
    ),
)


def _verdict(published: float, ours: float) -> str:
    rounding = 0.5 * 10.0 ** -len(f"{published:.10g}".partition(".")[2])
    if np.isnan(ours):
        return "not enough inputs"
    is_close = abs(ours - published) <= max(CLOSE * abs(published), rounding)
    return "reproduced" if is_close else "not reproduced"


def _row(stated: pd.Series, how: str, ours: float, verdict: str, why: str) -> dict[str, object]:
    published = float(stated["value"])
    return {
        "model": stated["model"],
        "publisher": stated["publisher"],
        "output": stated["quantity"],
        "period": stated["period"],
        "how": how,
        "published": published,
        "ours": ours,
        "difference": ours / published - 1 if published else np.nan,
        "unit": stated["unit"],
        "verdict": verdict,
        "why": why,
        "as_of": stated["as_of"],
        "source": stated["source"],
    }


COLUMNS = (
    *("model", "publisher", "output", "period", "how", "published", "ours", "difference"),
    *("unit", "verdict", "why", "as_of", "source"),
)


def rerun(models: pd.DataFrame) -> pd.DataFrame:
    """Every rule whose inputs are known, and every model without a rule.

    Parameters
    ----------
    models : DataFrame
        The table outside_models as known on a day.

    Returns
    -------
    DataFrame
        Columns model, publisher, output, period, how, published, ours, difference (share of the published), unit,
        verdict (reproduced, not reproduced, not enough inputs), why, as_of, source; one row a rule, then one a model
        without enough inputs.
    """
    rows = []
    for rule in RULES:
        own = models[models["model"] == rule.model]
        stated = own[(own["quantity"] == rule.output) & ((own["period"] == rule.period) if rule.period else True)]
        if stated.empty:
            continue

        def pick(quantity: str, period: str | None = None, own: pd.DataFrame = own) -> float:
            found = own[(own["quantity"] == quantity) & ((own["period"] == period) if period else True)]
            return float(found["value"].iloc[-1]) if len(found) else np.nan

        row, ours = stated.iloc[-1], rule.compute(pick)
        verdict = _verdict(float(row["value"]), ours)
        rows.append(_row(row, rule.how, ours, verdict, "" if verdict == "reproduced" else rule.why))
    with_rule = {row["model"] for row in rows}
    for model, own in models.groupby("model", sort=True):
        if model not in with_rule:
            outputs = own[own["direction"] == "output"]
            first = (outputs if len(outputs) else own).iloc[0]
            rows.append(_row(first, "", np.nan, "not enough inputs", "Its inputs are not public."))
    return pd.DataFrame(rows, columns=[*COLUMNS])
