"""The funding model, its calibration, its sensitivity indices, and the models of others."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.models import (
    calibration,
    cash,
    funding,
    outside,
)
from analysis.numbers import modelling

YEARS = 4
INPUTS = funding.Inputs(
    base_year=2025,
    base_revenue=10.0,
    base_cash=5.0,
    plan=np.array([20.0, 40.0, 60.0, 80.0]),
    obligations=np.array([30.0, 40.0, 50.0, 10.0]),
    firm=np.array([8.0, 0.0, 0.0, 0.0]),
    conditional=np.array([0.0, 6.0, 0.0, 0.0]),
)
POINT = funding.Choices(
    (1, 1, 1), (0.5, 0.5, 0.5), (0.3, 0.3, 0.3), (0.1, 0.1, 0.1), (0.5, 0.5, 0.5), (0.4, 0.4, 0.4), 0.0, 0.0
)
WIDE = funding.Choices(
    (0.5, 0.85, 1.1), (0.25, 0.75, 1), (0.3, 0.45, 0.6), (0.08, 0.15, 0.2), (0, 0.5, 1), (0.25, 0.35, 0.5), 0.2, 0.3
)


def test_the_central_path_by_hand():
    """Without surprises revenue is the plan. 2026: 5 + 20 x 0.6 - max(15, 8) + 8 = 10; 2027: 10 + 24 - 20 + 3 = 17;
    2028: 17 + 36 - 25 = 28; 2029: 28 + 48 - max(5, 32) = 44. No gap."""
    path = funding.central_path(INPUTS, POINT)
    assert path["cash"].to_numpy() == pytest.approx([10, 17, 28, 44])
    assert path["compute"].to_numpy() == pytest.approx([15, 20, 25, 32])
    assert (path["gap"] == 0).all()


def test_the_gap_is_the_deepest_shortfall_so_far():
    """All contracts used: 5 + 12 - 30 + 8 = -5; -5 + 24 - 40 + 3 = -18; -18 + 36 - 50 = -32; -32 + 48 - 32 = -16."""
    path = funding.central_path(INPUTS, POINT, take_up=1.0)
    assert path["cash"].to_numpy() == pytest.approx([-5, -18, -32, -16])
    assert path["gap"].to_numpy() == pytest.approx([5, 18, 32, 32])


def test_simulation_without_surprise_is_the_central_path():
    lines = funding.simulate(INPUTS, POINT, 50, dtype=np.float64)
    path = funding.central_path(INPUTS, POINT)
    for name in funding.LINES:
        assert lines[name] == pytest.approx(np.repeat(path[name].to_numpy()[:, None], 50, axis=1), rel=1e-6)


def test_money_is_conserved_on_every_path():
    lines = funding.simulate(INPUTS, WIDE, 5000, dtype=np.float64)
    flow = lines["revenue"] - lines["compute"] - lines["other"] - lines["share"]
    before = np.vstack([np.full(5000, INPUTS.base_cash), lines["cash"][:-1]])
    equity = lines["cash"] - before - flow
    assert (equity >= INPUTS.firm[:, None] - 1e-9).all()
    assert (equity <= (INPUTS.firm + INPUTS.conditional)[:, None] + 1e-9).all()
    assert (np.diff(lines["gap"], axis=0) >= 0).all() and (lines["gap"] >= 0).all()
    assert (lines["gap"] >= -lines["cash"] - 1e-9).all()


def test_paths_do_not_depend_on_the_number_of_workers_or_paths():
    one = funding.simulate(INPUTS, WIDE, 40_000, seed=5, workers=1)
    many = funding.simulate(INPUTS, WIDE, 40_000, seed=5, workers=7)
    fewer = funding.simulate(INPUTS, WIDE, 17_001, seed=5, workers=2)
    for name in funding.LINES:
        assert np.array_equal(one[name], many[name])
        assert np.array_equal(one[name][:, :17_001], fewer[name])
    assert not np.array_equal(one["cash"], funding.simulate(INPUTS, WIDE, 40_000, seed=6)["cash"])


def test_float32_is_unbiased():
    """The same draws in single and double precision: their difference is far below the standard error."""
    single, double = (funding.simulate(INPUTS, WIDE, 200_000, dtype=d) for d in (np.float32, np.float64))
    for name in ("revenue", "cash", "gap"):
        a, b = single[name].astype(float), double[name]
        error = b.std(axis=1) / np.sqrt(b.shape[1])
        assert (np.abs(a.mean(axis=1) - b.mean(axis=1)) < 0.02 * error + 1e-6).all()
    short = [(x["gap"] > 0).mean(axis=1) for x in (single, double)]
    assert np.abs(short[0] - short[1]).max() < 1e-4


def test_quantiles_are_exact():
    rng = np.random.default_rng(1)
    for values in (
        rng.standard_normal(10_001),
        np.zeros(1000),
        np.concatenate([np.zeros(900), rng.random(100)]),
        np.array([-1.5]),
    ):
        sample = values.astype(np.float32)
        assert funding.quantiles(sample, (0.0, 0.05, 0.5, 0.95, 1.0)) == [
            float(v) for v in np.quantile(sample, (0.0, 0.05, 0.5, 0.95, 1.0), method="lower")
        ]


def test_the_error_shrinks_with_the_square_root_of_paths():
    few, many = (funding.summarise(funding.simulate(INPUTS, WIDE, n), INPUTS.years) for n in (2_000, 200_000))
    assert (few["error"] / many["error"]).iloc[-1] == pytest.approx(10, rel=0.1)
    assert abs(few["probability"].iloc[-1] - many["probability"].iloc[-1]) < 4 * few["error"].iloc[-1]
    assert (many["gap_low"] <= many["gap_median"]).all() and (many["gap_median"] <= many["gap_high"]).all()


def test_triangular_draws_have_the_mean_of_the_corners():
    u = (np.arange(100_000) + 0.5) / 100_000
    drawn = funding.triangle(u, 0.25, 0.75, 1.0)
    assert drawn.mean() == pytest.approx(2 / 3, abs=1e-4) and drawn.min() >= 0.25 and drawn.max() <= 1.0
    assert funding.triangle(u, 0.5, 0.5, 0.5).tolist() == [0.5] * len(u)


def test_planned_revenue_by_hand():
    """10 in 2025 and 40 in 2027: 20 between. Then growth of a factor 2 fades by half: 40 x 2^0.5, x 2^0.25."""
    plan = funding.planned({2027: 40.0}, 2025, 10.0, 0.5, 2029)
    assert plan == pytest.approx([20, 40, 40 * 2**0.5, 40 * 2**0.75])
    with pytest.raises(ValueError, match="no revenue forecast after 2025"):
        funding.planned({2025: 10.0}, 2025, 10.0, 0.5, 2029)


def test_discounting_the_gap_by_hand():
    gap = np.array([[0.0], [11.0], [11.0], [24.31]])
    assert funding.present_gap(gap, 0.1) == pytest.approx([11 / 1.21 + 13.31 / 1.4641])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"plan": np.array([20.0, np.nan, 60.0, 80.0])}, "plan is missing in 2027"),
        ({"obligations": np.array([1.0, 2.0, -3.0, 4.0])}, "obligations is negative in 2028"),
        ({"firm": np.zeros(3)}, "firm has"),
        ({"base_revenue": 0.0}, "revenue must be above 0"),
        ({"base_cash": np.nan}, "base_cash is missing"),
    ],
)
def test_bad_inputs_are_named(changed, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(INPUTS, **changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"take_up": (0.8, 0.5, 1.0)}, "take_up"),
        ({"other_share": (-0.1, 0.2, 0.3)}, "other_share"),
        ({"persistence": 1.0}, "persistence"),
        ({"sigma": -1.0}, "sigma"),
        ({"other_share": (0.9, 0.9, 0.9), "compute_floor": (0.6, 0.6, 0.6)}, "one and a half times revenue"),
    ],
)
def test_contradictory_choices_are_named(changed, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(POINT, **changed)
    with pytest.raises(ValueError, match="paths"):
        funding.simulate(INPUTS, POINT, 0)


def test_sobol_on_the_ishigami_function():
    """Ishigami and Homma 1990, a = 7, b = 0.1: first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437."""

    def ishigami(x: np.ndarray) -> np.ndarray:
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    table = funding.sobol(ishigami, dict.fromkeys(("a", "b", "c"), (-np.pi, np.pi)), samples=4096).set_index(
        "parameter"
    )
    assert table["first"].loc[["a", "b", "c"]].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert table["total"].loc[["a", "b", "c"]].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    three = {"a": (-np.pi, np.pi), "b": (-np.pi, np.pi), "c": (-np.pi, np.pi)}
    fixed = funding.sobol(ishigami, three | {"c": (0.0, 0.0)}, samples=4096).set_index("parameter")
    # Without the third parameter the function is sin(a) + 7 sin(b)^2: variances 1/2 and 49/8.
    assert fixed.loc["c", ["first", "total"]].tolist() == [0, 0]
    assert fixed.loc["b", "first"] == pytest.approx((49 / 8) / (1 / 2 + 49 / 8), abs=0.02)
    with pytest.raises(ValueError, match="low"):
        funding.sobol(ishigami, {"a": (0, 1), "b": (2, 1)})
    with pytest.raises(ValueError, match="at least two"):
        funding.sobol(ishigami, {"a": (0, 1)})


def _calibrated(view: Ledger, **changed) -> funding.Inputs:
    choose = view.assumptions()
    tables = {"metrics": view.metrics, "deals": view.deals, "as_of": view.as_of} | changed
    return calibration.calibrate(**tables, term_years=modelling.terms(choose), ramp=0.5, fade=0.5, last_year=2033)


def test_calibration_knows_only_the_day(ledger: Ledger):
    """Newest day: 13.1 reported for 2025 and forecasts 30, 62, 100, 280. Founding day: 13 forecast and 30, 100, 200.

    After the cash of June SoftBank paid 22.5 on 26 December, and on the 30th the co-investors' 11 was told as closed.
    """
    now, then = _calibrated(ledger), _calibrated(ledger.at("2025-12-17"))
    assert (now.base_year, now.base_revenue) == (2025, 13.1) and (then.base_year, then.base_revenue) == (2025, 13.0)
    assert now.plan[[0, 1, 2, 4]] == pytest.approx([30, 62, 100, 280]) and then.plan[[0, 2, 4]] == pytest.approx(
        [30, 100, 200]
    )
    assert now.base_cash == pytest.approx(17.5 + 22.5 + 11 - (8 - 2.5)) and then.base_cash == pytest.approx(
        17.5 + 22.5 - (9 - 2.5)
    )
    assert now.firm.sum() == pytest.approx(15 + 30 + 30 + 12) and now.conditional.sum() == pytest.approx(35)


def _equity(*closings: tuple[str, str, str, float], status: str = "signed") -> pd.DataFrame:
    """Firm equity by first day, last day (either may be empty), the day its amount was known, and US$ bn."""
    start, end, priced, amount = zip(*closings, strict=True)
    days = {"start": pd.to_datetime(start), "end": pd.to_datetime(end), "priced_as_of": pd.to_datetime(priced)}
    parties = {"deal": [f"closing-{i}" for i in range(len(closings))], "payer": "a", "payee": "openai"}
    told = {"status": status, "as_of": days["priced_as_of"], "low_usd_bn": amount, "high_usd_bn": amount}
    return pd.DataFrame({**parties, "kind": "equity", **days, **told})


def _raised_and_later(equity: pd.DataFrame, day: str = "2025-06-30", year: int = 2025) -> tuple[float, float]:
    """What comes between a day and the end of a year, and what in later years."""
    paid = cash.payments_of(equity, equity)
    raised = cash.raised_between(paid, pd.Timestamp(day), pd.Timestamp(year, 12, 31))
    return raised, float(cash.later(paid, year).sum())


@pytest.mark.parametrize(
    ("start", "end", "priced", "raised", "later"),
    [
        ("2025-06-30", "2025-06-30", "2025-03-31", 0, 0),
        ("2025-07-01", "2025-07-01", "2025-03-31", 8, 0),
        ("", "2025-12-31", "2025-03-31", 8, 0),
        ("", "2025-12-31", "2024-12-01", 8, 0),
        ("", "2026-03-31", "2025-10-01", 0, 8),
        ("2025-09-01", "2026-03-31", "2025-08-01", 8, 0),
        ("2026-01-01", "", "2025-10-01", 0, 8),
        ("2025-04-30", "2025-12-30", "2025-03-31", 0, 0),
        ("", "", "2025-12-16", 0, 8),
        ("", "", "2019-07-22", 0, 0),
    ],
)
def test_no_dollar_of_equity_is_counted_twice_or_lost(start: str, end: str, priced: str, raised: float, later: float):
    """Eight dollars are in the cash of June, in the rest of the year, or in later years: one of the three.

    A closing on the balance day is in its cash; a round paid on both sides of it counts as in, the cautious side.
    """
    assert _raised_and_later(_equity((start, end, priced, 8.0))) == (raised, later)


def test_a_round_closed_without_a_day_was_paid_when_that_became_known():
    assert _raised_and_later(_equity(("", "", "2025-08-01", 8.3), status="closed")) == (8.3, 0)
    assert _raised_and_later(_equity(("", "", "2025-05-01", 2.5), status="closed")) == (0, 0)


def test_the_history_of_a_deal_tells_its_parts():
    """Fifteen of fifty are in the cash of March; the rest came by July. So 35 are raised, not 50 and not nothing."""
    first = _equity(("2026-03-31", "2028-12-31", "2026-03-31", 15.0), status="closed")
    whole = _equity(("2026-03-31", "2026-07-31", "2026-03-31", 50.0), status="closed")
    whole["as_of"] = pd.Timestamp("2026-07-31")
    paid = cash.payments_of(whole, pd.concat([first, whole]))
    assert paid["amount"].tolist() == [15, 35]
    assert cash.raised_between(paid, pd.Timestamp("2026-03-31"), pd.Timestamp("2026-12-31")) == 35
    assert cash.later(paid, 2026).sum() == 0


def test_a_closing_moved_across_the_balance_day_changes_no_total():
    """Cash of 10 with the closing of 5 in it, or cash of 5 and the closing still to come."""
    known = ("2025-05-01", "2025-05-01", "2025-03-31", 2.0), ("2026-02-01", "2026-02-01", "2025-12-01", 30.0)
    before = _raised_and_later(_equity(*known, ("2025-06-29", "2025-06-29", "2025-03-31", 5.0)))
    after = _raised_and_later(_equity(*known, ("2025-07-02", "2025-07-02", "2025-03-31", 5.0)))
    assert 10 + sum(before) == 5 + sum(after) == 40


@pytest.mark.parametrize("day", ["2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30", "2027-02-28"])
def test_the_day_of_the_published_cash_changes_no_total(day: str):
    """A company that starts with 20, burns 3.65 a year of 365 days and closes four rounds: its cash of any day gives
    the same money at the end of 2025, also when that day lies after it."""
    days = ["2025-03-01", "2025-08-01", "2026-02-01", "2026-12-31"]
    equity = _equity(*[(d, d, "2025-01-01", 10.0 * (i + 1)) for i, d in enumerate(days)])
    at, first = pd.Timestamp(day), pd.Timestamp("2025-01-01")
    received = sum(10.0 * (i + 1) for i, d in enumerate(days) if pd.Timestamp(d) <= at)
    published = 20 + received - 0.01 * ((at - first).days + 1)
    year = {"entity": "openai", "metric": "cash_burn", "by": "", "value": 3.65, "basis": "actual"}
    years = [
        year | {"start": pd.Timestamp(y, 1, 1), "end": pd.Timestamp(y, 12, 31), "as_of": pd.Timestamp(y + 1, 1, 1)}
        for y in (2025, 2026, 2027)
    ]
    balance = year | {"metric": "cash", "start": pd.NaT, "end": at, "as_of": at, "value": published}
    metrics = pd.DataFrame([*years, balance])
    paid = cash.payments_of(equity, equity)
    assert cash.at_the_end_of(2025, metrics, paid) == pytest.approx(20 + 10 + 20 - 3.65, abs=0.02)
    assert cash.later(paid, 2025).sum() == 70


def test_a_row_from_the_future_is_refused(ledger: Ledger):
    with pytest.raises(ValueError, match=r"metrics: \w+ is known only on 20\d\d-\d\d-\d\d, after 2025-12-17"):
        _calibrated(ledger.at("2025-12-17"), metrics=ledger.metrics)
    with pytest.raises(ValueError, match="no revenue of OpenAI"):
        _calibrated(ledger, metrics=ledger.metrics[ledger.metrics["metric"] != "revenue"])
    with pytest.raises(ValueError, match="no cash of OpenAI"):
        _calibrated(ledger, metrics=ledger.metrics[ledger.metrics["metric"] != "cash"])


def test_a_scenario_with_a_missing_or_crossed_parameter_is_refused(ledger: Ledger):
    from analysis.ledger import Assumptions

    rows = ledger["assumptions"]
    with pytest.raises(KeyError, match="take_up"):
        modelling.choices(Assumptions(rows[rows["parameter"] != "take_up"]))
    wrong = rows.assign(low=rows["low"].where(rows["parameter"] != "take_up", 2.0))
    with pytest.raises(ValueError, match="take_up"):
        modelling.choices(Assumptions(wrong))


def test_published_models_by_hand(ledger: Ledger):
    """0.56 x 129 + 0.37 x 386; 34.72 x 12 x 1.5; 26 x 50; 35 + 60 + 19; less 17 + 10 + 9; 30/5 + 10/12.5 + 2."""
    table = outside.rerun(ledger.outside_models).set_index(["model", "output"])
    by_hand = {
        ("hsbc-2025-11", "openai_revenue"): (215.06, "reproduced"),
        ("jpmorgan-2025-11", "revenue_needed"): (624.96, "not reproduced"),
        ("citi-2025-10", "openai_related_capex"): (1300, "reproduced"),
        ("goldman-2025-10", "total_cash_outlay"): (114, "reproduced"),
        ("goldman-2025-10", "funding_gap"): (78, "not reproduced"),
        ("nesov-gw-2025-10", "cost_per_gw_year_low"): (8.8, "reproduced"),
        ("mckinsey-2025-04", "data_centre_capex_all"): (6700, "reproduced"),
        ("morgan-stanley-2025-07", "financing_gap"): (1500, "reproduced"),
        ("newstreet-2025-09", "paid_in_cash"): (100 * 25 / 35, "reproduced"),
    }
    for key, (value, verdict) in by_hand.items():
        assert table.loc[key, "ours"] == pytest.approx(value) and table.loc[key, "verdict"] == verdict, key
    missing = table[(table["verdict"] == "not reproduced") & (table["why"] == "")]
    assert missing.empty, "a difference is explained"
    assert set(ledger.outside_models["model"]) == {m for m, _ in table.index}, "no model is passed over"


@pytest.mark.parametrize("row", [*Ledger.load().checks.itertuples(index=False)], ids=lambda r: r.check)
def test_published_identities(row):
    from analysis.ledger.identities import arithmetic

    assert arithmetic(row.formula) == pytest.approx(row.published, abs=row.tolerance + 1e-9)


def test_more_used_contracts_never_shrink_the_gap(ledger: Ledger):
    known, chosen = modelling.inputs(ledger, ledger.assumptions()), modelling.choices(ledger.assumptions())
    gaps = [funding.central_path(known, chosen, take_up=t)["gap"].iloc[-1] for t in np.linspace(0, 1, 11)]
    assert (np.diff(gaps) >= -1e-9).all()
    growth = [funding.central_path(known, chosen, attainment=a)["gap"].iloc[-1] for a in np.linspace(0.2, 1.4, 7)]
    assert (np.diff(growth) <= 1e-9).all(), "more growth never widens it"


def test_the_explored_gap_without_surprises_is_the_central_path():
    """Without surprises the page shows the central path; all contracts used, the gap is 5, 18, 32, 32 (see above)."""
    calm = np.zeros((4, 5))
    found = funding.explore(INPUTS, POINT, calm, {"take_up": 1.0}, 0.0)
    for line in ("low", "median", "high"):
        assert found[line] == pytest.approx([5, 18, 32, 32])
    assert (found["probability"], found["present"]) == (1.0, pytest.approx(32))
    halved = funding.explore(INPUTS, POINT, calm, {"take_up": 1.0}, 1.0)
    assert halved["present"] == pytest.approx(5 / 2 + 13 / 4 + 14 / 8)
    by_capacity = funding.explore(INPUTS, POINT, calm, {}, 0.0, np.array([3.0, 4.0, 5.0, 1.0]), 10.0)
    assert by_capacity["high"] == pytest.approx([5, 18, 32, 32]) and set(by_capacity) == {
        "low",
        "median",
        "high",
        "probability",
        "present",
    }
    assert funding.rent_gap(INPUTS, POINT, np.array([3.0, 4.0, 5.0, 1.0]), 10.0) == pytest.approx(32)
    assert funding.explore(INPUTS, POINT, calm, {}, 0.0)["probability"] == 0.0


def test_explored_surprises_carry_into_the_next_year():
    """Each path by itself: its surprises times sigma, the one before carried on by the persistence."""
    normals = np.random.default_rng(3).normal(size=(4, 101))
    found = funding.explore(INPUTS, WIDE, normals, {}, 0.1)
    shocks, carried = np.empty_like(normals), np.zeros(101)
    for t in range(4):
        carried = WIDE.persistence * carried + WIDE.sigma * normals[t]
        shocks[t] = carried
    out = {name: np.empty((4, 101)) for name in funding.LINES}
    funding.walk(INPUTS, shocks, {k: np.full(101, v) for k, v in WIDE.central().items()}, out)
    ranked = np.sort(out["gap"], axis=1)
    for line, k in (("low", 5), ("median", 50), ("high", 95)):
        assert found[line] == pytest.approx(ranked[:, k])
    assert found["probability"] == np.count_nonzero(out["gap"][-1]) / 101 and 0 < found["probability"] < 1
    assert found["present"] == pytest.approx(np.sort(funding.present_gap(out["gap"], 0.1))[50])


def test_the_gap_as_a_function_agrees_with_the_central_path():
    """At the central choices it is the central path's; the surprise is spread over the years as the docstring says."""
    function = funding.gap_of(INPUTS, WIDE)
    centre = [WIDE.central()[n] for n in funding.DRAWN]
    out = {name: np.empty((4, 1)) for name in funding.LINES}
    step = -2 * WIDE.sigma / 2 / (1 - WIDE.persistence)
    funding.walk(INPUTS, np.full((4, 1), step), {k: np.array([v]) for k, v in WIDE.central().items()}, out)
    found = function(np.array([[*centre, 0.0], [*centre, -2.0]]))
    assert found == pytest.approx([funding.central_path(INPUTS, WIDE)["gap"].iloc[-1], out["gap"][-1, 0]])
    assert found[1] > found[0]


def test_sobol_indices_are_sorted_by_their_total():
    ranges = {"weak": (0.0, 1.0), "fixed": (2.0, 2.0), "strong": (0.0, 1.0)}
    table = funding.sobol(lambda x: x[:, 0] + 3 * x[:, 2] + x[:, 1], ranges, samples=512)
    assert [*table.columns] == ["parameter", "first", "first_error", "total", "total_error"]
    assert table["parameter"].tolist() == ["strong", "weak", "fixed"] and table.index.tolist() == [0, 1, 2]
    assert table["first"].to_numpy() == pytest.approx([0.9, 0.1, 0], abs=0.02), "variances 9 and 1"
    assert (table["total_error"].iloc[:2] > 0).all() and table.iloc[2, 1:].tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match=r"^b: low 2 must be below high 1$"):
        funding.sobol(lambda x: x[:, 0], {"a": (0, 1), "b": (2, 1)})
    with pytest.raises(ValueError, match=r"^Sobol indices need at least two parameters$"):
        funding.sobol(lambda x: x[:, 0], {"a": (0, 1), "b": (1, 1)})
