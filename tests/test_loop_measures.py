"""The measures of the circle through time, and the pairs that published scores name."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis.figures import circularity as figures
from analysis.ledger import Ledger
from analysis.models.circularity import MEASURES, Measure
from analysis.models.network import COUNTED, measures
from analysis.numbers.circularity.measures import bounds, by_week, network_edges, sensitivity
from analysis.numbers.series import circularity as series
from tests.ledgers import FROZEN


def test_the_measures_by_week_are_those_of_the_ledger_on_each_day(ledger: Ledger):
    table = by_week(ledger, "central")
    assert table["day"].is_monotonic_increasing and table["day"].iloc[-1] == ledger.as_of
    for row in table.iloc[[0, len(table) // 2, -1]].itertuples():
        expected = measures(network_edges(ledger.at(row.day.date()), "central"))
        assert [row.total, row.maximum, row.finn] == pytest.approx([expected[k] for k in ("total", "maximum", "finn")])


def test_the_last_day_is_the_counted_way_of_the_sensitivity_table(ledger: Ledger):
    table = by_week(ledger, "central")
    last, counted = table.iloc[-1], sensitivity(ledger, "central").loc[COUNTED.key]
    assert last["maximum"] == pytest.approx(counted["maximum"])
    assert (table["low"] <= table["maximum"] + 1e-9).all() and (table["maximum"] <= table["high"] + 1e-9).all()
    assert last["outside"] == pytest.approx(counted["outside"])


def test_a_measure_added_to_the_table_shows_in_results_series_and_tables(monkeypatch: pytest.MonkeyPatch):
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
    assert found.label == new.label and found.how == "Both ways."
    table, long = series.days(own, "central")
    assert table["straight"].iloc[-1] == pytest.approx(found.value) and len(long) == 2 * len(table)
    assert "straight" in series.years(own, "central")[0]
    for figure in (figures.fig_circularity_vintages, figures.fig_circularity_years):
        told = figure(own).to_dict()["usermeta"]["roundtrip"]
        assert "Comes straight back, %" in str(told["columns"])
