"""The measures of the circle through time, and the pairs that published scores name."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analysis.figures import circularity as figures
from analysis.figures.palette import colour_of
from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES, Measure
from analysis.models.network import COUNTED, measures
from analysis.numbers.circularity import loop_scores, vendor_finance
from analysis.numbers.circularity.measures import bounds, by_day, network_edges, sensitivity
from analysis.numbers.series import circularity as series
from tests.ledgers import FROZEN


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


def test_a_measure_added_to_the_table_shows_in_results_series_and_figures(monkeypatch: pytest.MonkeyPatch):
    """One entry is all that a new measure takes. Here: the part of the money that one pair pays each other."""

    def share(flows: np.ndarray, names: Sequence[str]) -> float:
        return float(np.minimum(flows, flows.T).sum() / flows.sum())

    new = Measure("comes straight back", "Share that comes straight back", "Both ways.", "fourth", share)
    monkeypatch.setitem(MEASURES, "straight", new)
    own = Ledger.load(FROZEN)
    found = bounds(own).by_name()["straight"]
    edges = network_edges(own, "central").set_index(["payer", "payee"])["amount"]
    back = sum(min(amount, edges.get((b, a), 0.0)) for (a, b), amount in edges.items())
    assert found.value == pytest.approx(100 * back / edges.sum()) and found.value > 0
    assert found.low <= found.value <= found.high
    assert found.label == new.label and found.how.startswith("Both ways. ")
    table, long = series.days(own, "central")
    assert table["straight"].iloc[-1] == pytest.approx(found.value) and set(long["measure"]) > {"comes straight back"}
    assert "straight" in series.years(own, "central") and "straight" in series.ways(own, "central")[0]
    for figure in (figures.fig_circularity_vintages, figures.fig_circularity_sensitivity):
        spec = figure(own).to_dict()
        told = spec["usermeta"]["roundtrip"]
        assert "Four measures" in told["subtitle"] and "Comes straight back, %" in str(told["columns"])
        assert colour_of("fourth") in str(spec) and "comes straight back" in str(spec)
    years = figures.fig_circularity_years(own).to_dict()["usermeta"]["roundtrip"]
    assert "Comes straight back, %" in str(years["columns"])
