"""Networks with the same sums: the sums are kept, small cases follow their enumeration, a percentile has an error."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models import markov_diagnostics, nullmodel
from analysis.numbers.circularity.loops import by_chance


def typed(seed: int) -> list[np.ndarray]:
    """Payments of two kinds between six parties, of unequal sizes."""
    rng = np.random.default_rng(seed)
    found = []
    for density in (0.4, 0.3):
        W = rng.lognormal(2, 1.5, (6, 6)) * (rng.random((6, 6)) < density)
        np.fill_diagonal(W, 0)
        found.append(W)
    return [W for W in found if W.any()]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_every_draw_has_the_sums_of_the_network_kind_by_kind(seed):
    flows = typed(seed)
    draws = nullmodel.Ensemble(flows, 0.1, seed, chains=5).draw(4, 10.0)
    for kind, W in enumerate(flows):
        drawn = draws[:, kind]
        assert (drawn >= 0).all() and (np.diagonal(drawn, axis1=2, axis2=3) == 0).all()
        assert np.abs(drawn.sum(axis=2) - W.sum(axis=0)).max() <= 1e-9
        assert np.abs(drawn.sum(axis=3) - W.sum(axis=1)).max() <= 1e-9


def supports_by_enumeration(odds: float) -> dict[int, float]:
    """The chance of each number of payments when three pay 2, 3 and 4, and two get 4.5 each.

    The first payee gets a and b of the first two payers and 4.5 - a - b of the third: 0 <= a <= 2, 0 <= b <= 3 and
    0.5 <= a + b <= 4.5, a polygon of six corners. Inside it there are six payments, on an edge five, in a corner four.
    """
    corners = [(0.5, 0), (2, 0), (2, 2.5), (1.5, 3), (0, 3), (0, 0.5)]
    sides = list(itertools.pairwise([*corners, corners[0]]))
    area = abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides)) / 2
    length = sum(max(abs(x1 - x2), abs(y1 - y2)) for (x1, y1), (x2, y2) in sides)  # in steps of a move
    weights = {6: odds**6 * area, 5: odds**5 * length, 4: odds**4 * len(corners)}
    whole = sum(weights.values())
    return {k: w / whole for k, w in weights.items()}


@pytest.mark.parametrize("odds", [0.5, 2.0])
def test_a_small_case_follows_its_enumeration(odds: float):
    W = np.zeros((5, 5))
    W[:3, 3:] = [[0.5, 1.5], [0, 3], [4, 0]]
    expected = supports_by_enumeration(odds)
    draws = nullmodel.Ensemble([W], odds, 3, chains=800).draw(10, 12.0)[:, 0]
    payments = (draws > nullmodel.NONE).sum(axis=(2, 3))
    assert set(np.unique(payments)) == set(expected)
    for number, chance in expected.items():
        found, error = float((payments == number).mean()), np.sqrt(chance * (1 - chance) / payments.size)
        assert found == pytest.approx(chance, abs=5 * error), number
    inside = draws[payments == 6][:, 0, 3]
    # Of the polygon's 5.75, 0.5 times 3 less the corner of 0.125 lie where a is below 0.5.
    below = (0.5 * 3 - 0.125) / 5.75
    assert float((inside < 0.5).mean()) == pytest.approx(below, abs=5 * np.sqrt(below * (1 - below) / len(inside)))


def test_hexagons_reach_what_rectangles_cannot():
    """Three parties that pay one another in a ring: any rectangle would need one to pay itself."""
    W = np.array([[0, 3.0, 1], [1, 0, 3], [3, 1, 0]])
    draws = nullmodel.Ensemble([W], 1.0, 1, chains=50).draw(4, 20.0)[:, 0]
    assert np.ptp(draws[..., 0, 1]) > 1 and np.abs(draws.sum(axis=3) - 4).max() < 1e-9


def test_sums_that_allow_one_network_have_no_percentile():
    ring = np.roll(np.eye(3), 1, axis=1)
    for flows in ([], [np.array([[0, 1.0], [0, 0]])], [np.array([[0, 1.0, 2], [0, 0, 0], [0, 0, 0]])]):
        assert np.isnan(nullmodel.placed(flows, 0, draws=8, chains=4).percentile)
    assert nullmodel.placed([np.array([[0, 1.0], [0, 0]]), np.array([[0, 0], [1.0, 0]])], 0).index == pytest.approx(1)
    assert nullmodel.placed([ring], 0, draws=40, chains=10).index == pytest.approx(1)


def test_a_network_drawn_from_the_ensemble_stands_anywhere_in_it():
    """Percentiles of networks that are themselves drawn are spread out, not heaped at an end."""
    flows = typed(3)
    drawn = nullmodel.Ensemble(flows, 0.05, 8, chains=12).draw(1, 40.0)[0]
    found = [nullmodel.placed([*drawn[:, k]], 0, draws=120, chains=30, seed=k).percentile for k in range(12)]
    assert 20 < np.mean(found) < 80 and min(found) < 40 and max(found) > 60


def test_the_percentile_is_reproducible_and_says_how_sure_it_is():
    one, two = (nullmodel.placed(typed(5), 0, draws=200, chains=50, seed=4) for _ in range(2))
    assert one == two and 0 <= one.percentile <= 100
    assert one.draws == 200 and one.r_hat < 1.2 and one.lag < 0.3
    share = one.percentile / 100
    assert one.error >= 100 * np.sqrt(max(share * (1 - share), 0) / 200) * 0.7
    assert one.low <= one.median <= one.high


def test_the_first_page_says_in_words_whether_much_is_matched():
    """'8.3% matches; 98.8% of draws match less' left it open whether 9 of a hundred is much."""
    assert by_chance(0.091, 0.083, 98.8) == "hardly less, yet chance rarely gives as much"
    assert by_chance(0.09, 0.02, 99.9) == "far less, and chance rarely gives as much"
    assert by_chance(0.09, 0.06, 85.0) == "less, yet chance seldom gives as much"
    assert by_chance(0.09, 0.1, 30.0) == "no less, and chance often gives as much"


def test_chains_that_disagree_are_told_by_r_hat():
    """Gelman and Rubin: of chains at 0 and 1 that never move the ratio is infinite, of one law it is near 1."""
    rng = np.random.default_rng(0)
    assert markov_diagnostics.split_r_hat(np.array([[0.0] * 8, [1.0] * 8])) == np.inf
    assert markov_diagnostics.split_r_hat(rng.random((6, 400))) == pytest.approx(1, abs=0.01)
    assert markov_diagnostics.split_r_hat(rng.random((2, 200)) + np.array([[0.0], [1.0]])) > 1.5
    assert markov_diagnostics.split_r_hat(np.ones((3, 8))) == 1
    assert (
        markov_diagnostics.lag_one(np.ones((2, 8))) == 0
        and markov_diagnostics.lag_one(np.tile([0.0, 1.0], (2, 10))) < -0.9
    )
