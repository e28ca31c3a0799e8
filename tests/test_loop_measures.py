"""The measures of the circle through time, and the pairs that published scores name."""

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.models.network import COUNTED, measures
from analysis.numbers.circularity import loop_scores, vendor_finance
from analysis.numbers.circularity.measures import by_day, network_edges, sensitivity


def test_the_measures_by_day_are_those_of_the_ledger_on_each_day(ledger: Ledger):
    table = by_day(ledger, "central")
    assert table["day"].is_monotonic_increasing and table["day"].iloc[-1] == ledger.as_of
    for row in table.iloc[[0, len(table) // 2, -1]].itertuples():
        expected = measures(network_edges(ledger.at(row.day.date()), "central"))
        assert [row.total, row.maximum, row.finn] == pytest.approx([expected[k] for k in ("total", "maximum", "finn")])


def test_the_last_day_is_the_counted_way_of_the_sensitivity_table(ledger: Ledger):
    last, counted = by_day(ledger, "central").iloc[-1], sensitivity(ledger, "central").loc[COUNTED.key]
    assert last["maximum"] == pytest.approx(counted["maximum"])
    assert last["outside"] == pytest.approx(counted["outside"])


@pytest.mark.parametrize(
    ("quantity", "pair"),
    [
        ("loop_score_microsoft_openai", ("microsoft", "openai")),
        ("loop_score_a_b_openai", ("a_b", "openai")),
        ("loop_score_openai_nobody", None),
        ("loop_score_openai", None),
    ],
)
def test_a_score_names_two_entities_of_the_ledger(quantity: str, pair: tuple[str, str] | None):
    assert loop_scores.pair_of(quantity, {"microsoft", "openai", "a_b"}) == pair


def test_vendor_finance_is_taken_at_its_peak():
    years = pd.to_datetime(["1999-09-30", "2000-09-30", "2001-09-30"])
    promised = pd.DataFrame({"end": years, "value": [5.0, 8.0, 6.0]})
    drawn = pd.DataFrame({"end": years[[1, 2]], "value": [2.0, 3.0]})
    top = vendor_finance.peak(promised)
    assert top["value"].tolist() == [8.0] and vendor_finance.at_end_of(drawn, top)["value"].tolist() == [2.0]
    assert vendor_finance.at_end_of(drawn, vendor_finance.peak(promised.head(0))).empty
