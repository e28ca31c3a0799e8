"""Shapley effects: published values, closed forms, an independent implementation, and what they must add up to."""

import numpy as np
import pytest

from analysis.models import funding
from analysis.models.funding import shapley
from tests.test_funding import EVERYTHING, INPUTS, WIDE


def independent(names: str, make):
    """Callables of `effects` for independent causes, each drawn by ``make``."""

    def given(known, other, kept):
        return {name: np.where(kept[name], known[name], other[name]) for name in names}

    return lambda n: {name: make(n) for name in names}, given


def test_effects_on_the_ishigami_function():
    """Ishigami and Homma 1990, a = 7, b = 0.1: 0.3139, 0.4424 and 0 of the first order, 0.2437 of the first and third
    together, which is split between the two."""
    rng = np.random.default_rng(2)
    fresh, given = independent("abc", lambda n: rng.uniform(-np.pi, np.pi, n))
    found, errors = shapley.effects(
        lambda x: np.sin(x["a"]) + 7 * np.sin(x["b"]) ** 2 + 0.1 * x["c"] ** 4 * np.sin(x["a"]),
        fresh,
        given,
        "abc",
        60_000,
        rng,
    )
    assert found == pytest.approx([0.3139 + 0.2437 / 2, 0.4424, 0.2437 / 2], abs=0.015)
    assert found.sum() == pytest.approx(1) and (errors < 0.01).all()
    assert shapley.effects(lambda x: 0 * x["a"], fresh, given, "abc", 50, rng)[0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.8])
def test_effects_of_two_normals_that_move_together(r: float):
    """Owen and Prieur 2017, of x + 2 y with correlation r: 1 - r^2/2 + 2r + 2 r^2 for x, over 5 + 4r."""
    rng, correlations = np.random.default_rng(3), np.array([[1, r], [r, 1]])

    def fresh(n):
        roots = rng.standard_normal((2, n))
        values = shapley.conditional_normals(np.zeros((2, n), bool), np.zeros((2, n)), roots, correlations)
        return {"x": values[0], "y": values[1], "roots": roots}

    def given(known, other, kept):
        fixed = np.array([kept["x"], kept["y"]])
        values = np.array([known["x"], known["y"]])
        made = shapley.conditional_normals(fixed, values, other["roots"], correlations)
        return {"x": made[0], "y": made[1]}

    found, errors = shapley.effects(lambda s: s["x"] + 2 * s["y"], fresh, given, "xy", 40_000, rng)
    expected = (1 - r**2 / 2 + 2 * r + 2 * r**2) / (5 + 4 * r)
    assert found[0] == pytest.approx(expected, abs=4 * errors[0])
    assert found.sum() == pytest.approx(1)


def test_effects_agree_with_an_independent_implementation():
    """SALib's Sobol indices of the model itself: of independent choices an effect is the index of the first order, half
    of each of the second, and a third of what is left."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    names = ("attainment", "other_share", "take_up")

    def gap(u) -> np.ndarray:
        values = {name: funding.triangle(np.asarray(u[name]), *getattr(WIDE, name)) for name in names}
        return funding.evaluate(INPUTS, WIDE, "contracts", values)["gap"][-1]

    problem = {"num_vars": 3, "names": list(names), "bounds": [[0.0, 1.0]] * 3}
    points = sample.sample(problem, 4096, calc_second_order=True, seed=1)
    theirs = analyse.analyze(problem, gap(dict(zip(names, points.T, strict=True))), seed=1)
    second = np.nan_to_num(theirs["S2"])
    second = second + second.T
    rest = 1 - theirs["S1"].sum() - second.sum() / 2
    rng = np.random.default_rng(5)
    fresh, given = independent(names, rng.random)
    found, errors = shapley.effects(gap, fresh, given, names, 40_000, rng)
    slack = 4 * errors + 2 * theirs["S1_conf"]
    assert (np.abs(found - (theirs["S1"] + second.sum(axis=1) / 2 + rest / 3)) < slack).all()


@pytest.mark.parametrize("case", funding.CASES)
def test_shares_of_the_gap_add_up_and_what_moves_nothing_has_none(case: str):
    choices = funding.Choices(**(vars(WIDE) | {"conditional": (0.5, 0.5, 0.5), "correlation": 0.5}))
    found = funding.shares_of_gap(EVERYTHING, choices, case, {}, 400)
    assert sum(share for share, _ in found.values()) == pytest.approx(1)
    assert found["conditional"] == (0, 0)
    assert {funding.SURPRISES, "attainment"} <= set(found)


def test_whatever_is_known_paths_keep_their_joint_distribution():
    """A score of growth made of known and drawn parts goes with the use of contracts as it does on the paths."""
    choices = funding.Choices(**(vars(WIDE) | {"correlation": 0.8}))
    paths, n = shapley.Paths(INPUTS, choices, "contracts", {}, 1), 60_000
    rng = np.random.default_rng(7)
    known, other = paths.fresh(n), paths.fresh(n)
    for sample in (known, paths.given(known, other, {name: rng.random(n) < 0.5 for name in paths.names})):
        years = sample[funding.SURPRISES]
        score = (years.sum(axis=0) / np.sqrt(len(years)) + sample["attainment"]) * np.sqrt(0.5)
        assert np.corrcoef(score, sample["take_up"])[0, 1] == pytest.approx(0.8, abs=0.01)
        assert np.corrcoef(years[0], years[1])[0, 1] == pytest.approx(0, abs=0.02)
        assert years.std(axis=1) == pytest.approx(np.ones(len(years)), abs=0.02)
        assert sample["take_up"].std() == pytest.approx(1, abs=0.02)
