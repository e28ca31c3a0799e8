"""Sums of deals, and their amounts spread over years."""

import numpy as np
import pandas as pd
import pytest

from analysis.models import deals as counted
from analysis.models import (
    flows,
    obligations,
)
from tests.test_models import TERMS, deal

DAY = pd.Timestamp


def several() -> pd.DataFrame:
    rows = [
        deal(deal="a", payer="p", low_usd_bn=1.0, high_usd_bn=2.0),
        deal(deal="b", payer="p", low_usd_bn=3.0, high_usd_bn=np.nan),
        deal(deal="c", payer="q", low_usd_bn=np.nan, high_usd_bn=9.0),
        deal(deal="d", payer="q", low_usd_bn=np.nan, high_usd_bn=np.nan),
        deal(deal="e", payer="o", low_usd_bn=0.0, high_usd_bn=9.0),
    ]
    return pd.concat(rows, ignore_index=True)


def test_sums_by_party_are_sorted_largest_first():
    found = counted.by_party(several(), "payer")
    assert [*found.columns] == ["payer", "low", "high", "is_open", "undisclosed", "deals"]
    assert found.to_numpy().tolist() == [["o", 0, 9, False, 0, 1], ["q", 0, 9, False, 1, 2], ["p", 4, 5, True, 0, 2]]
    assert counted.total(several()) == counted.Amount(4.0, 23.0, True, 1, 5)
    tie = counted.by_party(
        several().assign(low_usd_bn=[1.0, 2.0, 0.0, 0.0, 0.5], high_usd_bn=[4.5, 4.5, 9.0, 0.0, 9.0]), "payer"
    )
    assert tie["payer"].tolist() == ["p", "o", "q"], "of equal highs the larger low first"


def test_a_part_is_as_firm_as_the_complete_total_of_its_pair():
    """Microsoft's cheques of 2019 to 2023 were announced or told by the press; its 10-Q signs for all 13 of them."""
    rows = pd.concat(
        [
            deal(deal="sum", role="total", parts="complete"),
            deal(deal="announced", status="announced", part_of="sum"),
            deal(deal="told", status="reported", part_of="sum"),
            deal(deal="of another", status="reported", part_of="sum", payer="c"),
            deal(deal="open", role="total", parts="partial"),
            deal(deal="in part", status="reported", part_of="open"),
            deal(deal="over", role="total", parts="complete", status="cancelled"),
            deal(deal="left", status="announced", part_of="over"),
            deal(deal="alone", status="closed"),
        ],
        ignore_index=True,
    )
    firm = dict(zip(rows["deal"], counted.firmness(rows), strict=True))
    assert firm["announced"] == firm["told"] == firm["alone"] == firm["sum"] == 0
    assert firm["of another"] == firm["in part"] == 2 and firm["left"] == 1


def test_missing_dates_are_filled_from_the_first_mention_and_the_term():
    """Compute runs seven years here (2,557 days), a guarantee three (1,096); equity is paid on its day."""
    rows = pd.concat(
        [
            deal(),
            deal(kind="guarantee"),
            deal(kind="equity"),
            deal(end=DAY("2025-01-31")),
            deal(start=DAY("2026-01-01"), end=DAY("2026-12-31")),
        ],
        ignore_index=True,
    )
    found = obligations.dated(rows, TERMS)
    assert found["start"].tolist() == [DAY("2025-06-30")] * 3 + [DAY("2025-01-31"), DAY("2026-01-01")]
    assert found["end"].tolist() == [
        DAY("2032-06-29"),
        DAY("2028-06-29"),
        DAY("2025-06-30"),
        DAY("2025-01-31"),
        DAY("2026-12-31"),
    ]
    assert found["is_assumed_start"].tolist() == [True, True, True, True, False]
    assert found["is_assumed_end"].tolist() == [True, True, True, False, False]
    assert obligations.dated(deal(kind="x"), {})["end"].tolist() == [DAY("2025-06-30")]


def test_the_share_of_a_year_that_rests_on_assumed_dates():
    rows = pd.concat(
        [
            deal(deal="x", low_usd_bn=3.0, high_usd_bn=3.0, start=DAY("2026-01-01"), end=DAY("2026-12-31")),
            deal(deal="y", kind="equity", first_as_of=DAY("2026-05-05")),
        ],
        ignore_index=True,
    )
    spread = obligations.by_year(rows, TERMS)
    assert [*spread.columns] == ["deal", "payer", "payee", "kind", "year", "low", "high", "is_assumed"]
    assert spread.to_numpy().tolist() == [
        ["x", "a", "b", "compute", 2026, 3, 3, False],
        ["y", "a", "b", "equity", 2026, 1, 1, True],
    ]
    assert obligations.assumed_share(spread).to_dict() == {2026: 0.25}
    assert obligations.assumed_share(spread.assign(year=[2026, 2027])).to_dict() == {2026: 0.0, 2027: 1.0}
    assert obligations.assumed_share(spread.assign(high=0.0)).to_dict() == {2026: 0.0}
    crossed = pd.Series([DAY("2026-01-01")] * 2, index=[7, 8])
    with pytest.raises(ValueError, match=r"^end before start in row 8$"):
        obligations.shares(crossed, pd.Series([DAY("2026-01-01"), DAY("2025-01-01")], index=[7, 8]))


def test_a_flat_contract_pays_equal_years():
    """Seven years' money in seven equal parts."""
    years = flows.flows(deal(low_usd_bn=7.0, high_usd_bn=14.0, start=DAY("2026-01-01"), end=DAY("2032-12-31")), TERMS)
    assert list(years["year"]) == [*range(2026, 2033)] and set(years["deals"]) == {1}
    assert years["low"].to_numpy() == pytest.approx(np.full(7, 1.0), rel=2e-3)  # leap years are a day longer
    assert years["high"].to_numpy() == pytest.approx(np.full(7, 2.0), rel=2e-3)
