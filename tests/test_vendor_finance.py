"""Vendor finance of then and now: the same rule for both, on rows made here."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.numbers.facts import Facts
from analysis.numbers.vendor_finance import vendor_finance, year_of_revenue

DAY = pd.Timestamp
METRIC = ["entity", "metric", "start", "end", "as_of", "value", "basis"]
DEAL = ["deal", "payer", "kind", "status", "as_of", "high_usd_bn"]
STARTS = {"a": "2026-04-02", "b": "2026-04-03"}  # of deals; of others none is published


def facts(metrics: list[tuple[Any, ...]], deals: list[tuple[Any, ...]] = ()) -> Facts:
    rows = pd.DataFrame(metrics, columns=METRIC).astype({"value": float})
    for column in ("start", "end", "as_of"):
        rows[column] = pd.to_datetime(rows[column])
    table = pd.DataFrame(deals, columns=DEAL).astype({"high_usd_bn": float})
    table = table.assign(role="contingent", payee="customer", condition="")
    table["as_of"] = pd.to_datetime(table["as_of"])
    table["start"], table["end"] = pd.to_datetime(table["deal"].map(STARTS)), pd.NaT
    kinds = [("oracle", "cloud"), *((p, "chipmaker") for p in sorted(set(table["payer"]) - {"oracle"}))]
    entities = pd.DataFrame(kinds, columns=["entity", "kind"])
    ledger = SimpleNamespace(
        as_of=table["as_of"].max(),
        deals=table,
        entities=entities,
        part=lambda name, column, *keys: rows[rows[column].isin(keys)],
    )
    return Facts(ledger, "circularity")  # type: ignore[arg-type]


LUCENT = [
    ("lucent", "vendor_financing_commitments", None, "2000-09-30", "2000-12-28", 8.1, "actual"),
    ("lucent", "vendor_financing_commitments", None, "2001-09-30", "2001-12-28", 5.3, "actual"),
    ("lucent", "vendor_financing_drawn", None, "2000-09-30", "2000-12-28", 2.0, "actual"),
    ("lucent", "vendor_financing_drawn", None, "2001-09-30", "2001-12-28", 3.0, "actual"),
    ("lucent", "revenue", "1998-10-01", "1999-09-30", "1999-12-01", 38.0, "actual"),
]
OF_2000 = ("lucent", "revenue", "1999-10-01", "2000-09-30", "2000-12-21", 33.6, "actual")


def test_lucent_is_taken_at_its_peak_over_the_revenue_of_that_year():
    """8.1 of 33.6 is 24.1 per cent, 2.0 of it 5.95."""
    (found,) = vendor_finance(facts([*LUCENT, OF_2000]))
    assert (found.vendor, found.day) == ("lucent", DAY("2000-09-30"))
    assert found.committed_share == pytest.approx(8.1 / 33.6) and found.drawn_share == pytest.approx(2.0 / 33.6)


def test_revenue_of_another_year_is_no_revenue():
    """With fiscal 1999 alone the share of September 2000 is not known (the report once divided by it)."""
    (found,) = vendor_finance(facts(LUCENT))
    assert found.committed == 8.1 and np.isnan(found.committed_share)


def test_revenue_is_of_four_quarters_where_they_are_newer_and_of_the_year_where_they_are_not():
    quarters = [
        ("chips", "revenue", "2025-04-01", "2025-06-30", "2025-08-01", 10.0, "actual"),
        ("chips", "revenue", "2025-07-01", "2025-09-30", "2025-11-01", 20.0, "actual"),
        ("chips", "revenue", "2025-10-01", "2025-12-31", "2026-02-01", 30.0, "actual"),
        ("chips", "revenue", "2025-01-01", "2025-12-31", "2026-02-01", 65.0, "actual"),
        ("chips", "revenue", "2026-01-01", "2026-03-31", "2026-05-01", 40.0, "actual"),
        ("chips", "revenue", "2026-04-01", "2026-06-30", "2026-05-01", 500.0, "guidance"),
    ]
    known = facts(quarters)
    assert year_of_revenue(known, "chips", DAY("2026-08-01"))[0] == 100
    assert year_of_revenue(known, "chips", DAY("2026-03-01"))[0] == 65
    assert np.isnan(year_of_revenue(known, "chips", DAY("2025-11-01"))[0])
    assert np.isnan(year_of_revenue(known, "nobody", DAY("2026-08-01"))[0])


def test_options_are_planned_and_cancelled_guarantees_are_none():
    deals = [
        ("a", "chips", "guarantee", "signed", "2026-02-01", 5.0),
        ("b", "chips", "guarantee", "amended", "2026-03-01", 2.0),
        ("c", "chips", "guarantee", "announced", "2026-04-01", 9.0),
        ("d", "chips", "guarantee", "cancelled", "2026-04-02", 50.0),
        ("e", "chips", "guarantee", "reported", "2026-04-01", 70.0),
        ("f", "chips", "equity", "signed", "2026-04-01", 70.0),
        ("g", "lender", "guarantee", "signed", "2026-04-01", None),
        ("h", "big", "guarantee", "signed", "2026-04-01", 8.0),
        ("i", "oracle", "guarantee", "signed", "2026-04-01", 60.0),
    ]
    found = {v.vendor: v for v in vendor_finance(facts([], deals))}
    assert [*found] == ["big", "chips", "lender"], "largest first, unknown last; a cloud is no vendor"
    assert (found["chips"].committed, found["chips"].planned) == (7, 9)
    assert np.isnan(found["lender"].committed) and np.isnan(found["big"].committed_share)
    assert (found["chips"].begun, found["big"].begun) == (5, 8), "b begins the day after"
    assert np.isnan(found["lender"].begun)
