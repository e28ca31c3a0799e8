"""The funding model, its calibration, its sensitivity indices, and the models of others."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.figures.explorer import Explorer
from analysis.ledger import Ledger
from analysis.ledger.assumptions import LEVELS
from analysis.models import (
    calibration,
    cash,
    funding,
    outside,
    plan,
)
from analysis.models.funding import draws, schedule
from analysis.numbers import modelling, sustainability
from analysis.numbers.sustainability import asymmetry, choices, crossings, orders, rationale, scenarios
from analysis.numbers.sustainability import cash as cash_numbers

YEARS = 4
NOT_TOLD = np.full(YEARS, np.nan)


def _due(firm: list[float], **classes: list[float]) -> np.ndarray:
    """What falls due under one timing: signed contracts, and the other classes by name."""
    rows = {"firm": firm} | classes
    return np.array([[rows.get(name, [0.0] * YEARS) for name in funding.CLASSES]])


INPUTS = funding.Inputs(
    base_year=2025,
    base_cash=5.0,
    start_revenue=10.0,
    open_share=1.0,
    plan=np.array([20.0, 40.0, 60.0, 80.0]),
    plan_burn=NOT_TOLD,
    plan_other=0.4,
    due=_due([30.0, 40.0, 50.0, 10.0]),
    central=0,
    firm=np.array([8.0, 0.0, 0.0, 0.0]),
    conditional=np.array([0.0, 6.0, 0.0, 0.0]),
    live_gw=np.nan,
    gw_path=np.array([0.25, 0.5, 0.75, 1.0]),
)
FIXED = {
    "attainment": 1.0,
    "take_up": 0.5,
    "option": 0.25,
    "other_share": 0.4,
    "conditional": 0.5,
    "compute_floor": 0.4,
    "chip_price": 20.0,
    "lease_price": 2.0,
    "overlap": 0.5,
    "renewal": 0.5,
    "gw": 5.0,
    "rent": 10.0,
    "flex": 0.5,
}
POINT = funding.Choices(**{name: (v, v, v) for name, v in FIXED.items()}, sigma=0.0, persistence=0.0)
WIDE = funding.Choices(
    attainment=(0.5, 0.85, 1.1),
    take_up=(0.25, 0.75, 1),
    option=(0.25, 0.57, 1),
    other_share=(0.3, 0.45, 0.6),
    conditional=(0, 0.5, 1),
    compute_floor=(0.25, 0.35, 0.5),
    chip_price=(15, 25, 35),
    lease_price=(1.5, 2.5, 4),
    overlap=(0.25, 0.5, 0.9),
    renewal=(0, 0.5, 1),
    gw=(4, 5, 8),
    rent=(9, 12, 17),
    flex=(0, 0.5, 1),
    sigma=0.2,
    persistence=0.3,
    correlation=0.5,
)
EVERYTHING = dataclasses.replace(
    INPUTS,
    plan_burn=np.array([5.0, 4.0, 3.0, np.nan]),
    due=_due([30.0, 40.0, 50.0, 10.0], option=[4.0, 4, 0, 0], chips=[1.0, 2, 2, 0], leases=[0.0, 1, 2, 3]),
    live_gw=1.0,
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
    lines = funding.simulate(INPUTS, POINT, paths=50, dtype=np.float64)
    path = funding.central_path(INPUTS, POINT)
    for name in funding.LINES:
        assert lines[name] == pytest.approx(np.repeat(path[name].to_numpy()[:, None], 50, axis=1), rel=1e-6)


def test_money_is_conserved_on_every_path():
    lines = funding.simulate(INPUTS, WIDE, paths=5000, dtype=np.float64)
    flow = lines["revenue"] - lines["compute"] - lines["other"]
    before = np.vstack([np.full(5000, INPUTS.base_cash), lines["cash"][:-1]])
    equity = lines["cash"] - before - flow
    assert (equity >= INPUTS.firm[:, None] - 1e-9).all()
    assert (equity <= (INPUTS.firm + INPUTS.conditional)[:, None] + 1e-9).all()
    assert (np.diff(lines["gap"], axis=0) >= 0).all() and (lines["gap"] >= 0).all()
    assert (lines["gap"] >= -lines["cash"] - 1e-9).all()


def test_paths_do_not_depend_on_the_number_of_workers_or_paths():
    one = funding.simulate(INPUTS, WIDE, paths=40_000, seed=5, workers=1)
    many = funding.simulate(INPUTS, WIDE, paths=40_000, seed=5, workers=7)
    fewer = funding.simulate(INPUTS, WIDE, paths=17_001, seed=5, workers=2)
    for name in funding.LINES:
        assert np.array_equal(one[name], many[name])
        assert np.array_equal(one[name][:, :17_001], fewer[name])
    assert not np.array_equal(one["cash"], funding.simulate(INPUTS, WIDE, paths=40_000, seed=6)["cash"])


def test_float32_is_unbiased():
    """The same draws in single and double precision: their difference is far below the standard error."""
    single, double = (funding.simulate(INPUTS, WIDE, paths=200_000, dtype=d) for d in (np.float32, np.float64))
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
    few, many = (funding.summarise(funding.simulate(INPUTS, WIDE, paths=n), INPUTS.years) for n in (2_000, 200_000))
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
        ({"due": _due([1.0, 2.0, -3.0, 4.0])}, "due is negative in 2028"),
        ({"firm": np.zeros(3)}, "firm has"),
        ({"start_revenue": 0.0}, "revenue must be above 0"),
        ({"base_cash": np.nan}, "base_cash is missing"),
        ({"due": np.zeros((1, 2, YEARS))}, "due has 2 classes"),
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
        ({"correlation": 1.5}, "correlation"),
        ({"other_share": (0.9, 0.9, 0.9), "compute_floor": (0.7, 0.7, 0.7)}, "one and a half times revenue"),
    ],
)
def test_contradictory_choices_are_named(changed, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(POINT, **changed)
    with pytest.raises(ValueError, match="paths"):
        funding.simulate(INPUTS, POINT, paths=0)


def test_what_moves_the_gap_is_told_in_dollars():
    """The gap is the cause: its median over the lowest fifth of 1 to 1,000 is 100, over the highest 900."""
    cause = np.random.default_rng(1).permutation(np.arange(1.0, 1001.0))
    table = funding.moved(cause, {"noise": np.random.default_rng(2).random(1000), "cause": cause})
    assert table["cause"].tolist() == ["cause", "noise"]
    assert table.loc[0, ["low", "high", "moves"]].tolist() == [100, 900, 800]
    assert table.loc[1, "moves"] < 3 * table.loc[1, "error"]
    levels = np.repeat([0.0, 1.0], 500)  # of equal values not the first are taken, which all had a small gap
    table = funding.moved(np.tile(np.arange(500.0), 2), {"nothing": levels})
    assert table.loc[0, "moves"] < 3 * table.loc[0, "error"]


def test_random_numbers_follow_the_formula_that_the_page_repeats():
    """Lowbias32 in plain integers: shifts 16, 15, 16 and two odd factors, kept to 32 bits."""

    def mixed(x: int) -> int:
        x ^= x >> 16
        x = x * 0x7FEB352D % 2**32
        x ^= x >> 15
        x = x * 0x846CA68B % 2**32
        return x ^ x >> 16

    paths = np.arange(100, 105, dtype=np.uint32)
    key = mixed(4 ^ mixed(20251217))
    wanted = [((mixed(i ^ key) >> 9) + 0.5) / 2**23 for i in range(100, 105)]
    assert draws.uniforms(paths, 3, 20251217, np.float64).tolist() == wanted
    assert draws.uniforms(paths, 3, 20251217).tolist() == wanted, "exact in single precision too"


def test_draws_have_the_distributions_that_they_claim():
    """Standard normals, uniform quantiles, and growth related to use and capacity as said and to nothing else."""
    n, years = 200_000, 7
    normals, quantiles = funding.draw(0, n, years, 1, 0.5, np.float64)
    assert set(quantiles) == set(funding.DRAWN) and normals.shape == (years, n)
    assert np.abs(normals.mean(axis=1)).max() < 4 / np.sqrt(n) and np.abs(normals.std(axis=1) - 1).max() < 0.01
    assert np.abs(np.corrcoef(normals) - np.eye(years)).max() < 5 / np.sqrt(n)
    quantiles = {n: (u + 0.5) / draws.QUANTILE_STEPS if u.dtype.kind == "u" else u for n, u in quantiles.items()}
    for u in quantiles.values():
        assert u.min() > 0 and u.max() < 1 and np.abs(np.quantile(u, [0.1, 0.5, 0.9]) - [0.1, 0.5, 0.9]).max() < 0.005
    scores = {name: ndtri(u) for name, u in quantiles.items()}
    growth = (normals.sum(axis=0) / np.sqrt(years) + scores["attainment"]) / np.sqrt(2)
    for name, score in scores.items():
        wanted = {"take_up": 0.5, "gw": 0.5, "attainment": np.sqrt(0.5)}.get(name, 0.0)
        assert np.corrcoef(growth, score)[0, 1] == pytest.approx(wanted, abs=0.01), name


def test_contracts_of_every_class_by_hand():
    """2027: half of 40; a quarter of 4; of 2 GW at 20 a quarter used, half of it paid elsewhere: 5; 1 GW leased at 2,
    half used: 1; and half of a half of renewals. 20 + 1 + 5 + 1 = 27."""
    path = funding.central_path(EVERYTHING, POINT)
    assert path["compute"].to_numpy() == pytest.approx([15 + 1 + 2.5, 27, 25 + 5 + 2, 32])
    due = _due([0.0] * 4, renewals=[0.0, 0, 8, 8])
    renewed = funding.central_path(dataclasses.replace(INPUTS, due=due), POINT, compute_floor=0.0)
    assert renewed["compute"].to_numpy() == pytest.approx([0, 0, 2, 2])


def test_capacity_times_rent_by_hand():
    """From 1 GW to 5 in a straight line at 10 a GW: 20, 30, 40, 50; serving customers costs 0.4 of revenue at least."""
    path = funding.central_path(EVERYTHING, POINT, "capacity")
    assert path["compute"].to_numpy() == pytest.approx([20, 30, 40, 50])
    assert funding.central_path(EVERYTHING, POINT, "capacity", rent=2.0)["compute"].iloc[-1] == pytest.approx(32)


def test_the_plan_is_reproduced_and_cut_when_revenue_fails():
    """Revenue 20, burn 5, other costs 0.4: computing is 20 x 0.6 + 5 = 17; then 28 and 39, and 48 in 2029, of
    which the plan says nothing: it burns no more. On the plan's revenue the burn is the plan's; at half the growth computing falls with the root."""
    path = funding.central_path(EVERYTHING, POINT, "plan")
    assert path["compute"].to_numpy() == pytest.approx([17, 28, 39, 48])
    earning = dataclasses.replace(EVERYTHING, plan_burn=np.array([5.0, 4.0, -6.0, np.nan]))
    assert funding.central_path(earning, POINT, "plan")["compute"].iloc[-1] == pytest.approx(80 * 30 / 60)
    burn = path["compute"] + path["other"] - path["revenue"]
    assert burn.to_numpy()[:3] == pytest.approx([5, 4, 3])
    slow = funding.central_path(EVERYTHING, POINT, "plan", attainment=0.5)
    assert slow["compute"].to_numpy()[0] == pytest.approx(17 * (10 * 2**0.5 / 20) ** 0.5)


def test_a_case_without_its_facts_is_refused():
    assert INPUTS.cases == ("contracts",) and EVERYTHING.cases == funding.CASES
    with pytest.raises(ValueError, match="'plan' cannot be computed on this day; known: contracts"):
        funding.simulate(INPUTS, POINT, "plan", 10)


def test_the_year_in_course_is_as_uncertain_as_what_is_left_of_it():
    """Three quarters of the year are known: revenue is the run rate's, and surprises are half as large."""
    begun = dataclasses.replace(INPUTS, start_revenue=22.0, open_share=0.25)
    lines = funding.simulate(begun, dataclasses.replace(POINT, sigma=0.2), paths=100_000, dtype=np.float64)
    first, second = np.log(lines["revenue"][0]), np.log(lines["revenue"][1])
    assert first.mean() == pytest.approx(np.log(22), abs=0.002) and first.std() == pytest.approx(0.1, abs=0.001)
    assert second.mean() == pytest.approx(np.log(40), abs=0.002), "then the plan again"


def test_every_combination_stands_once():
    """Seven choices of three levels and two timings; the first combination costs nothing, the last most."""
    two = np.concatenate([EVERYTHING.due, 2 * EVERYTHING.due])
    known = dataclasses.replace(EVERYTHING, due=two)
    levels = [("low", "a", "0"), ("high", "a", "0")]
    table = funding.combinations(known, WIDE, "contracts", levels)
    assert len(table) == 2 * 3**7 and not table.drop(columns="gap").duplicated().any()
    assert table["gap"].is_monotonic_increasing
    middle = table[(table.drop(columns=["gap", "term", "shape", "delay"]) == "central").all(axis=1)]
    central = funding.central_path(known, WIDE)["gap"].iloc[-1]
    assert middle[middle["term"] == "low"]["gap"].iloc[0] == pytest.approx(central)
    assert len(funding.combinations(EVERYTHING, WIDE, "capacity")) == 3**5
    assert len(funding.combinations(EVERYTHING, WIDE, "plan")) == 3**4


def _orders(*rows: dict[str, object]) -> pd.DataFrame:
    """Deals in which OpenAI orders something; unpriced, signed and without days unless said."""
    empty = {"start": pd.NaT, "end": pd.NaT, "low_usd_bn": np.nan, "high_usd_bn": np.nan, "gw": np.nan, "condition": ""}
    fixed = {"role": "payment", "scope": "openai", "payer": "openai", "status": "signed"}
    frame = pd.DataFrame([fixed | empty | {"deal": f"d{i}", "payee": f"p{i}"} | row for i, row in enumerate(rows)])
    days = {c: pd.to_datetime(frame[c]) for c in ("start", "end")}
    return frame.assign(**days, priced_as_of=pd.Timestamp("2025-07-01"))


def test_what_falls_due_by_hand():
    """A contract of 100 over 2026 and 2027 (730 days): half a year. A year late: over 2027 and 2028. Its last year,
    50, could go on. Chips of 4 GW over four years from July 2025; 2 GW leased from 2026 on, filled over two years."""
    rows = _orders(
        {"kind": "compute", "low_usd_bn": 100.0, "high_usd_bn": 100.0, "start": "2026-01-01", "end": "2027-12-31"},
        {"kind": "chips", "gw": 4.0, "status": "announced", "start": "2026-01-01", "end": "2029-12-31"},
        {"kind": "lease", "gw": 2.0, "start": "2026-01-01", "end": "2045-12-31"},
        {"kind": "compute", "low_usd_bn": 9.0, "high_usd_bn": 9.0, "status": "reported", "condition": "talks"},
        {"kind": "compute"},
    )
    orders = schedule.contracts(rows)
    assert orders["class"].tolist() == ["firm", "chips", "leases"], (
        "talks, and what has neither price nor size, are out"
    )
    tried = [schedule.Timing("central", 0.0, 0.0), schedule.Timing("central", 0.0, 1.0)]
    terms = {"central": {"compute": 2, "chips": 4, "lease": 10}}
    found = schedule.due(orders, pd.Timestamp("2025-12-31"), np.arange(2026, 2030), terms, {"central": 2.0}, tried)
    now, late = found
    assert now[0] == pytest.approx([50, 50, 0, 0]) and late[0] == pytest.approx([0, 50, 50, 0], abs=0.2)
    assert now[2] == pytest.approx([1, 1, 1, 1], abs=0.01)
    assert now[3] == pytest.approx([0.5, 1.5, 2, 2], abs=0.01), "filled a quarter in the middle of the first year"
    assert now[4] == pytest.approx([0, 0, 50, 50], rel=0.01) and late[4] == pytest.approx([0, 0, 0, 50], abs=0.2)


def test_an_order_that_is_paid_in_full_falls_due_no_more_and_is_not_renewed():
    """Paid years early, it counted to its old end, or was renewed each year at all that it had ever cost."""
    paid = {"kind": "compute", "low_usd_bn": 20.0, "high_usd_bn": 20.0, "status": "closed", "as_of": "2026-10-15"}
    terms, years = {"central": {"compute": 2}}, np.arange(2026, 2030)
    for days in ({"start": "2026-01-01", "end": "2028-12-31"}, {"start": "2026-01-01"}, {"start": "2027-01-01"}):
        rows = _orders(paid | days).assign(as_of=pd.Timestamp("2026-10-15"))
        tried = [schedule.Timing("central", 0.0, 0.0)]
        (found,) = schedule.due(
            schedule.contracts(rows), pd.Timestamp("2026-11-01"), years, terms, {"central": 2.0}, tried
        )
        assert found[0] == pytest.approx([20, 0, 0, 0]) and found[4].sum() == 0


def test_timings_stand_as_often_as_they_are_likely():
    tried = schedule.timings((0.0, 0.5, 1.0), (0.0, 0.5, 1.0))
    assert len(tried) == 64 and sum(t.term == "central" for t in tried) == 32
    assert sum(t.slip == 0.5 for t in tried) == 32 and sum(t.shape == schedule.S_CURVE for t in tried) == 16
    assert schedule.ours((0.0, 0.5, 1.0), (0.0, 0.5, 1.0)) in tried
    fixed = schedule.timings((0.1, 0.1, 0.1), (0.0, 0.5, 1.0))
    assert {t.shape for t in fixed} == {0.1}, "a scenario that sets the ramp has no other shape"


def _metrics(*rows: tuple[str, str, str, str, float, str]) -> pd.DataFrame:
    """OpenAI's metrics: name, first and last day, day known, value, basis."""
    names = ["metric", "start", "end", "as_of", "value", "basis"]
    frame = pd.DataFrame(rows, columns=names).assign(entity="openai", by="")
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in ("start", "end", "as_of")})


def test_the_year_in_course_by_hand():
    """Without growth, 10 earned by June and a rate of 36 in June: 10 + 36 x 184/365.25. A later statement of the whole
    year counts more; an older one does not."""
    known = [
        ("revenue", "2026-01-01", "2026-03-31", "2026-05-01", 4.0, "reported"),
        ("revenue", "2026-04-01", "2026-06-30", "2026-08-01", 6.0, "reported"),
        ("revenue", "2026-01-01", "2026-12-31", "2026-02-01", 30.0, "projection"),
        ("annualized_revenue", "", "2026-06-30", "2026-07-10", 36.0, "reported"),
    ]
    day = pd.Timestamp("2026-08-31")
    found = calibration.run_rate_revenue(_metrics(*known), day, 0.0)
    assert found == (pytest.approx(10 + 36 * 184 / 365.25), pytest.approx(184 / 365))
    half_known = calibration.run_rate_revenue(_metrics(*known[:1], known[3]), day, 0.0)[0]
    assert half_known == pytest.approx(4 + 36 * 275 / 365.25), "the rate stands in for the quarter that is not known"
    growing = calibration.run_rate_revenue(_metrics(*known), day, np.log(2.0))[0]
    assert growing == pytest.approx(10 + 36 * (2 ** (184 / 365.25) - 1) / np.log(2.0))
    newer = ("revenue", "2026-01-01", "2026-12-31", "2026-08-15", 33.0, "projection")
    assert np.isnan(calibration.run_rate_revenue(_metrics(*known, newer), day, 0.0)).all()
    old = ("annualized_revenue", "", "2025-03-31", "2025-04-10", 36.0, "reported")
    assert np.isnan(calibration.run_rate_revenue(_metrics(old), day, 0.0)).all()


def test_a_plan_is_one_forecast_and_tells_its_other_costs():
    """Revenue 20, 40 and 60, burn 5, 4 and -2, computing 75 to 90: other costs are 37 to 52 of 120. A forecast of two
    years of a later day is no plan, and its years are not mixed in."""
    revenue = [(2025, 10.0), (2026, 20.0), (2027, 40.0), (2028, 60.0)]
    burn = [(2026, 5.0), (2027, 4.0), (2028, -2.0)]
    rows = [("revenue", f"{y}-01-01", f"{y}-12-31", "2025-11-01", v, "projection") for y, v in revenue]
    rows += [("cash_burn", f"{y}-01-01", f"{y}-12-31", "2025-11-02", v, "projection") for y, v in burn]
    rows += [("cash_burn", f"{y}-01-01", f"{y}-12-31", "2026-05-01", 9.0, "projection") for y in (2026, 2027)]
    rows += [("compute_spend", "2026-01-01", "2028-12-31", "2025-11-05", v, "projection") for v in (90.0, 75.0)]
    rows += [("compute_spend", "2025-01-01", "2028-12-31", "2025-11-05", 500.0, "projection")]
    table = _metrics(*rows)
    found = plan.newest(table, table[table["metric"] == "revenue"])
    assert found is not None and found.burn.to_dict() == dict(burn) and found.computing == [75.0, 90.0]
    assert found.other_shares() == pytest.approx([(120 + 7 - 75) / 120, (120 + 7 - 90) / 120])
    assert found.other == pytest.approx((52 + 37) / 240)
    assert (
        plan.burn_by_year(found, np.array([2027, 2030])).tolist()[0] == 4 and plan.burn_by_year(None, np.arange(2)).size
    )
    total = ("cash_burn", "2026-01-01", "2029-12-31", "2025-11-02", 10.0, "projection")
    longer = _metrics(*rows, total)
    extended = plan.newest(longer, longer[longer["metric"] == "revenue"])
    assert extended is not None and extended.burn[2029] == 3, "the sum less the years that are told"
    assert plan.newest(table[table["metric"] != "cash_burn"], table[table["metric"] == "revenue"]) is None


def test_the_plan_of_february_2026_by_hand(ledger: Ledger):
    """Revenue 30, 62, 100, 167 (between 100 and 280) and 280; burn 25, 57, 85, 51 and -39; computing 600 to 665."""
    found = modelling.own_plan(ledger, ledger.assumptions())
    total = 30 + 62 + 100 + (100 * 280) ** 0.5 + 280
    assert found is not None and found.revenue.sum() == pytest.approx(total) and found.burn.sum() == 179
    assert found.other_shares() == pytest.approx([(total + 179 - 600) / total, (total + 179 - 665) / total])
    burn = sustainability.plan.reproduced(ledger)
    assert burn.to_numpy() == pytest.approx([25, 57, 85, 51, -39]), (
        "the model gives the plan's burn on the plan's lines"
    )


def _calibrated(view: Ledger, **changed) -> funding.Inputs:
    choose = view.assumptions()
    tables = {"metrics": view.metrics, "deals": view.deals, "as_of": view.as_of} | changed
    return calibration.calibrate(
        **tables,
        terms={level: modelling.terms(choose, level) for level in LEVELS},
        fade=0.5,
        last_year=2033,
        ramp=choose["ramp"],
        slip=choose["start_slip"],
        lease_build=choose["lease_build_years"],
        target_year=2030,
        other_share=0.3,
    )


def test_calibration_knows_only_the_day(ledger: Ledger):
    """Newest day: forecasts 30, 62, 100, 280. Founding day: 13 forecast for the current year, and 30, 100, 200.

    On the newest day the run rate is 24 and grows from 30 to 62 in a year; a quarter of the year is over.

    After the cash of June SoftBank paid 22.5 on 26 December, and on the 30th the co-investors' 11 was told as closed.
    """
    now, then = _calibrated(ledger), _calibrated(ledger.at("2025-12-17"))
    assert (now.base_year, then.base_year) == (2025, 2025) and then.start_revenue == 13.0 and then.open_share == 1
    g = np.log(62 / 30)
    rate = 24 * (np.exp(g * 275 / 365.25) - np.exp(-g * 90 / 365.25)) / g
    assert (now.start_revenue, now.open_share) == (pytest.approx(rate), pytest.approx(275 / 365))
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


@pytest.mark.parametrize("case", funding.CASES)
def test_more_growth_never_widens_the_gap_and_more_cost_never_shrinks_it(ledger: Ledger, case: str):
    made = modelling.model(ledger, "central")
    assert made is not None
    for name, values, sign in (
        ("attainment", np.linspace(0.2, 1.4, 7), -1),
        ("take_up", np.linspace(0, 1, 7), 1),
        ("other_share", np.linspace(0, 0.6, 7), 1),
        ("rent", np.linspace(5, 20, 7), 1),
    ):
        if (case, name) != ("plan", "attainment"):  # where computing is cut in proportion both move together
            gaps = funding.evaluate(*made, case, {name: values})["gap"][-1]
            assert (sign * np.diff(gaps) >= -1e-9).all(), name


def test_the_scenarios_read_the_right_way_up(live: Ledger):
    """More of the planned growth never makes a shortfall likelier, in any case."""
    for case in modelling.model(live, "central")[0].cases:
        gaps = [modelling.simulated(live, name, case).iloc[-1] for name in ("slow", "central", "fast")]
        assert gaps[0]["gap_median"] >= gaps[1]["gap_median"] >= gaps[2]["gap_median"]
        assert gaps[0]["probability"] >= gaps[1]["probability"] >= gaps[2]["probability"]


@pytest.mark.parametrize("case", funding.CASES)
def test_explore_opens_on_the_numbers_of_the_chapter(ledger: Ledger, case: str):
    """To the shown digit, with the same paths: gap, both ends, the share of paths, and the gap discounted."""
    found = Explorer(ledger).compute(case)
    results = sustainability.gap(ledger).by_name()
    suffix = "" if case == "contracts" else f"_{case}"
    gap, present, probability = (results[f"{name}{suffix}"] for name in ("gap", "present", "probability"))
    assert [round(found[name][-1]) for name in ("low", "median", "high")] == [gap.low, gap.value, gap.high]
    assert round(found["present"]) == present.value
    assert 100 * found["probability"] == pytest.approx(probability.value, abs=0.5)


def test_moving_a_choice_moves_its_whole_range():
    assert funding.shifted(WIDE) is WIDE
    found = funding.shifted(WIDE, attainment=1.0, take_up=0.9, other_share=0.1)
    assert found.attainment == pytest.approx((0.65, 1.0, 1.25))
    assert found.take_up == pytest.approx((0.4, 0.9, 1.0)), "a share stays a share"
    assert found.other_share == pytest.approx((0.0, 0.1, 0.25))


def test_the_bridge_adds_up(ledger: Ledger):
    table = cash_numbers.bridge(ledger)
    assert set(table["case"]) == set(funding.CASES)
    for _, lines in table.groupby("case"):
        values = lines.set_index("line")["value"]
        assert values.drop("cash").sum() == pytest.approx(values["cash"])


def test_each_cause_of_a_case_is_in_the_tornado(ledger: Ledger):
    """And the ends of the first lie on both sides of the median that the chapter shows."""
    table = choices.tornado(ledger)
    median = modelling.simulated(ledger, "central")["gap_median"].iloc[-1]
    lead = table.iloc[0]
    assert min(lead["low"], lead["high"]) <= median <= max(lead["low"], lead["high"])
    assert set(table["cause"]) == set(choices.CAUSES["contracts"]) and table["name"].notna().all()


def test_every_choice_has_a_source_or_is_called_a_guess(live: Ledger):
    """And what it moves is told in dollars: each cause of each case stands in the table once."""
    table = rationale.explained(live)
    assert set(table["cause"]) == set().union(*(choices.CAUSES[c] for c in modelling.model(live, "central")[0].cases))
    assert table["cause"].is_unique and table[["low_gap", "high_gap"]].notna().all(axis=None)
    silent = table[~table["is_guess"] & (table["source"] == "")]
    assert silent.empty, silent["cause"].tolist()


def test_no_choice_is_silent_on_what_it_rests_on(live: Ledger):
    """Each of the central choices, of any model, names a source or is called a guess."""
    table = live["assumptions"]
    central = table[(table["scenario"] == "central") & (table["source"] == "")]
    silent = central[~central["rationale"].str.contains(rationale.GUESS, case=False)]
    assert silent.empty, silent["parameter"].tolist()


def test_a_choice_alone_is_the_path_without_surprises(ledger: Ledger):
    """At both ends of one choice, those that share its quantile with it; timings by their place in the list."""
    made = modelling.model(ledger, "central")
    assert made is not None
    inputs, chosen = made
    low, high = (
        funding.central_path(inputs, chosen, take_up=chosen.take_up[k], option=chosen.option[k])["gap"].iloc[-1]
        for k in (0, 2)
    )
    assert rationale.alone(ledger, "central", "contracts", "take_up") == (low, high)
    early, late = rationale.alone(ledger, "central", "contracts", "delay")
    assert early > late, "what falls due later costs less by the last year"
    assert np.isnan(rationale.alone(ledger, "central", "plan", choices.SURPRISES)).all()


@pytest.mark.parametrize("case", funding.CASES)
def test_a_choice_that_flips_the_answer_has_a_gap_at_one_end_only(ledger: Ledger, case: str):
    turned = rationale.flips(ledger, "central", case)
    for cause in choices.CAUSES[case]:
        ends = rationale.alone(ledger, "central", case, cause)
        is_flip = cause != choices.SURPRISES and min(ends) < 0.5 <= max(ends)
        assert (choices.CAUSE_NAMES[cause] in turned) == is_flip, cause


def test_a_choice_that_rests_on_a_later_page_says_so(live: Ledger):
    """On a page of December the share of other costs rested on a plan that leaked in February, and did not say it."""
    sources = live["sources"].set_index("source")["published"]
    for day in ("2025-12-17", "2026-03-31"):
        view = live.at(day)
        later = rationale.published_later(view)
        assert later and all(pd.Timestamp(sources[key]) > view.as_of for key in later)
        assert (pd.to_datetime(sources.drop(list(later)), errors="coerce").dropna() <= view.as_of).all()
    assert not rationale.published_later(live) & set(live["assumptions"]["source"])


def _median(inputs: funding.Inputs, chosen: funding.Choices) -> float:
    gap = funding.simulate(inputs, chosen, "contracts", modelling.PATHS, modelling.SEED)["gap"][-1]
    return float(np.quantile(gap, 0.5, method="lower"))


def test_what_lifts_the_median_above_the_middle_adds_up_to_it():
    """Lopsided ranges alone, swings alone, or a timing alone get all of the lift; together they share it."""
    short = dataclasses.replace(INPUTS, due=_due([60.0, 80.0, 100.0, 40.0]))
    middle = max(0.0, -float(funding.central_path(short, POINT)["cash"].min()))
    lopsided = dataclasses.replace(POINT, take_up=(0.45, 0.5, 1.0))
    alone = asymmetry.added(short, lopsided, "contracts")
    assert alone["middle"] == pytest.approx(middle) and middle > 0
    assert alone["ranges"] == pytest.approx(_median(short, lopsided) - middle) and alone["ranges"] > 5
    assert alone["swings"] == alone["timing"] == 0
    early = dataclasses.replace(short, due=np.concatenate([short.due, 1.5 * short.due, 1.5 * short.due]))
    later = asymmetry.added(early, POINT, "contracts")
    assert later["timing"] == pytest.approx(_median(early, POINT) - middle) and later["timing"] > 5
    assert later["ranges"] == later["swings"] == 0
    swinging = dataclasses.replace(lopsided, sigma=0.3)
    both = asymmetry.added(early, swinging, "contracts")
    assert sum(both.values()) == pytest.approx(_median(early, swinging), rel=1e-5)
    assert all(abs(both[part]) > 0.1 for part in asymmetry.PARTS)


def test_an_even_range_keeps_its_middle_and_widens_nowhere():
    found = asymmetry.even(WIDE)
    for name, (low, middle, high) in found.triangles.items():
        first, centre, last = getattr(WIDE, name)
        assert (
            middle == centre and middle - low == pytest.approx(high - middle) and first <= low and high <= last + 1e-9
        )
        assert low == pytest.approx(first) or high == pytest.approx(last), name


def test_timings_that_cost_more_are_counted_as_often_as_they_are_likely():
    short = dataclasses.replace(INPUTS, due=_due([60.0, 80.0, 100.0, 40.0]))
    tried = dataclasses.replace(short, due=np.concatenate([k * short.due for k in (1.0, 1.5, 1.5, 0.5)]))
    assert asymmetry.costlier_timings(tried, POINT) == 0.5


def test_what_is_signed_at_a_price_is_counted_without_the_rest(ledger: Ledger):
    """In a model of five classes the first is left; of the chips ordered by March 2026 one gigawatt binds."""
    full = dataclasses.replace(EVERYTHING, due=EVERYTHING.due + 1.0)
    signed = funding.central_path(orders.without(full, *orders.BESIDE), POINT)
    alone = dataclasses.replace(EVERYTHING, due=_due([31.0, 41.0, 51.0, 11.0]))
    pd.testing.assert_frame_equal(signed, funding.central_path(alone, POINT))
    # Sales so small, without a floor under computing, that each dollar is missing.
    short = dataclasses.replace(full, base_cash=-50.0, start_revenue=1.0, plan=np.ones(YEARS))
    falls = orders.spared(short, dataclasses.replace(POINT, compute_floor=(0.0, 0.0, 0.0)))
    worth = {"chips": 0.25 * 20 * 0.5 * 9, "leases": 0.5 * 2 * 10, "option": 0.25 * 12, "renewals": 0.5 * 0.5 * 4}
    assert list(falls.index) == list(worth) and falls.to_dict() == pytest.approx(worth, abs=1e-3)
    known = sustainability.ordered(ledger).by_name()
    assert known["chips_gw"].value == 10 + 5 + 6 and known["chips_bound"].value == "only 1 GW is"
    assert orders.only(0) == "none is"


def test_a_plan_that_comes_true_is_short_by_what_it_burns_beyond_cash_and_equity():
    burning = dataclasses.replace(EVERYTHING, plan_burn=np.array([25.0, 14.0, 13.0, np.nan]))
    assert scenarios.met_in_full(burning, WIDE) == pytest.approx(25 + 14 + 13 - 5 - 8 - 0.5 * 6)
    assert scenarios.met_in_full(EVERYTHING, WIDE) == 0, "it has and is promised more than it burns"


def test_growth_as_planned_is_the_plan(live: Ledger):
    made = modelling.model(live, "fast")
    assert made is not None
    lines = funding.simulate(made[0], dataclasses.replace(made[1], sigma=0.0), "contracts", paths=100)
    assert lines["revenue"][1:] == pytest.approx(np.repeat(made[0].plan[1:, None], 100, axis=1), rel=1e-4)


def test_gigawatts_follow_sales_only_in_part():
    """On the fifth of the paths with the slowest sales most of the gigawatts of the fastest fifth are still rented."""
    normals, quantiles = draws.draw(0, 1 << 14, 7, 0, WIDE.correlation)
    sales = np.argsort(normals.sum(axis=0) / np.sqrt(7) + ndtri(quantiles["attainment"]))
    gigawatts = draws.triangle(quantiles["gw"], 10, 12, 20)[sales]
    slow, fast = gigawatts[: len(sales) // 5].mean(), gigawatts[-len(sales) // 5 :].mean()
    assert 0.5 * fast < slow < fast


@pytest.mark.parametrize("case", funding.CASES)
def test_what_a_choice_moves_by_itself_lies_within_its_ends(ledger: Ledger, case: str):
    """With its very ends in place of its range it moves the median the same way and further; one without use, not."""
    made = modelling.model(ledger, "central")
    assert made is not None
    table = choices.moves(ledger, "central", case).set_index("cause")
    for cause in {"take_up", "gw", "attainment"} & {*table.index}:
        fields = [cause, *(name for name, shared in draws.SHARED_QUANTILES.items() if shared == cause)]
        ends = [
            modelling.ending(
                made[0], dataclasses.replace(made[1], **{n: (getattr(made[1], n)[k],) * 3 for n in fields}), case
            )[0]
            for k in (0, 2)
        ]
        low, high = table.loc[cause, ["low", "high"]]
        assert (ends[1] - ends[0]) * (high - low) > 0 and min(ends) <= min(low, high) <= max(low, high) <= max(ends)
    idle = dataclasses.replace(made[0], conditional=np.zeros_like(made[0].conditional))
    held = funding.held(idle, made[1], case, {}, modelling.SEED).set_index("cause")
    assert held.loc["conditional", "moves"] == 0 < held["moves"].max()


def test_the_more_sales_swing_the_more_luck_decides(ledger: Ledger):
    """What unlucky sales leave missing beyond lucky ones grows with the swings, use of the contracts being the same."""
    tables = [choices.moves(ledger, "central", "contracts", sigma).set_index("cause") for sigma in (0.0, 0.1, 0.3)]
    spread = [table.loc[choices.SURPRISES, "low"] - table.loc[choices.SURPRISES, "high"] for table in tables]
    assert spread == sorted(spread) and spread[-1] > max(0.0, spread[0]) + 50


def test_sales_exceed_computing_from_the_year_that_is_told(ledger: Ledger):
    made = modelling.model(ledger, "central")
    assert made is not None
    for case, year in crossings.crossings(ledger).items():
        path = funding.central_path(*made, case).set_index("year")[["revenue", "compute"]].cumsum()
        ahead = path["revenue"] > path["compute"]
        assert ahead.loc[year:].all() and not ahead.loc[year - 1]


def test_the_range_that_leans_most_to_the_costly_side_is_named():
    short = dataclasses.replace(INPUTS, due=_due([60.0, 80.0, 100.0, 40.0]))
    assert asymmetry.widest(short, POINT, "contracts") is None
    both_ways = dataclasses.replace(POINT, other_share=(0.1, 0.4, 0.7), take_up=(0.45, 0.5, 0.8))
    assert asymmetry.widest(short, both_ways, "contracts") == "take_up"
