"""Published models re-run from their own inputs."""

import numpy as np
import pandas as pd
import pytest

from analysis.models import (
    outside,
)

DAY = pd.Timestamp


def published(
    model: str, quantity: str, period: str, value: float, direction: str = "input", day: str = "2025-10-01"
) -> dict:
    return {
        "model": model,
        "publisher": model.title(),
        "quantity": quantity,
        "period": period,
        "value": value,
        "unit": "usd_bn",
        "direction": direction,
        "as_of": DAY(day),
        "source": f"{model}-s",
    }


def test_rerun_lists_every_rule_and_every_model_without_inputs():
    """26 x 50 is the published 1,300; 34.72 x 12 x 1,500 / 1,000 is 624.96, not 650; hsbc states no inputs."""
    citi, phones, hsbc = "citi-2025-10", "jpmorgan-2025-11", "hsbc-2025-11"
    rows = [
        published("zeta", "growth", "2030", 7.0),
        published("zeta", "profit", "2031", 8.0, "output"),
        published("alpha", "price", "2029", 5.0),
        published(citi, "openai_related_capex", "to 2030", 1000.0, "output", "2025-09-01"),
        published(citi, "openai_related_capex", "to 2030", 1300.0, "output"),
        published(citi, "openai_committed_capacity_nvidia_amd_broadcom", "", 20.0),
        published(citi, "openai_committed_capacity_nvidia_amd_broadcom", "", 26.0),
        published(citi, "cost_per_gw", "", 50.0),
        published(phones, "revenue_needed", "per year", 650.0, "output"),
        published(phones, "revenue_needed", "per month", 1.0, "output"),
        published(phones, "per_iphone_user", "", 34.72),
        published(phones, "iphone_users", "", 1500.0),
        published(hsbc, "funding_gap", "2030", 207.0, "output"),
    ]
    why = {r.model + r.output: r.why for r in outside.RULES}
    how = {r.model + r.output: r.how for r in outside.RULES}
    found = outside.rerun(pd.DataFrame(rows))
    nothing = np.nan
    expected = [
        (
            hsbc,
            "funding_gap",
            "2030",
            how[hsbc + "funding_gap"],
            207.0,
            nothing,
            nothing,
            "not enough inputs",
            why[hsbc + "funding_gap"],
        ),
        (
            phones,
            "revenue_needed",
            "per year",
            how[phones + "revenue_needed"],
            650.0,
            624.96,
            624.96 / 650 - 1,
            "not reproduced",
            why[phones + "revenue_needed"],
        ),
        (
            citi,
            "openai_related_capex",
            "to 2030",
            how[citi + "openai_related_capex"],
            1300.0,
            1300.0,
            0.0,
            "reproduced",
            "",
        ),
        ("alpha", "price", "2029", "", 5.0, nothing, nothing, "not enough inputs", "Its inputs are not public."),
        ("zeta", "profit", "2031", "", 8.0, nothing, nothing, "not enough inputs", "Its inputs are not public."),
    ]
    assert why[phones + "revenue_needed"] and [*found.columns] == [
        "model",
        "publisher",
        "output",
        "period",
        "how",
        "published",
        "ours",
        "difference",
        "unit",
        "verdict",
        "why",
        "as_of",
        "source",
    ]
    for row, (model, output, period, way, stated, ours, difference, verdict, reason) in zip(
        found.itertuples(), expected, strict=True
    ):
        assert (row.model, row.output, row.period, row.how, row.verdict, row.why) == (
            model,
            output,
            period,
            way,
            verdict,
            reason,
        )
        assert [row.published, row.ours, row.difference] == pytest.approx([stated, ours, difference], nan_ok=True)
        assert (row.publisher, row.unit, row.as_of, row.source) == (
            model.title(),
            "usd_bn",
            DAY("2025-10-01"),
            f"{model}-s",
        )


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (619.0, "reproduced"),
        (618.0, "not reproduced"),
        (631.0, "reproduced"),
        (632.0, "not reproduced"),
        (0.0, "not reproduced"),
    ],
)
def test_one_per_cent_off_still_counts_as_reproduced(stated: float, verdict: str):
    """624.96 against what is published: within 1% of it or not."""
    phones = "jpmorgan-2025-11"
    rows = [
        published(phones, "revenue_needed", "per year", stated, "output"),
        published(phones, "per_iphone_user", "", 34.72),
        published(phones, "iphone_users", "", 1500.0),
    ]
    (row,) = outside.rerun(pd.DataFrame(rows)).itertuples()
    assert row.verdict == verdict and (
        np.isnan(row.difference) if stated == 0 else row.difference == pytest.approx(624.96 / stated - 1)
    )


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [(0.1, "reproduced"), (0.2, "not reproduced"), (0.14, "reproduced"), (0.15, "not reproduced")],
)
def test_a_published_figure_may_be_off_by_half_of_its_last_digit(stated: float, verdict: str):
    """0.2 / 5 + 1.25 / 12.5 + 0 = 0.14: a published 0.1 may be 0.05 to 0.15, a published 0.15 only 0.145 to 0.155."""
    name = "nesov-gw-2025-10"
    inputs = {
        "compute_capex_per_gw_low": 0.2,
        "compute_lifetime": 5.0,
        "infrastructure_capex_per_gw_low": 1.25,
        "infrastructure_lifetime": 12.5,
        "opex_per_gw_low": 0.0,
    }
    rows = [
        published(name, "cost_per_gw_year_low", "per year", stated, "output"),
        *(published(name, k, "", v) for k, v in inputs.items()),
    ]
    (row,) = outside.rerun(pd.DataFrame(rows)).itertuples()
    assert row.verdict == verdict and row.ours == pytest.approx(0.14)
