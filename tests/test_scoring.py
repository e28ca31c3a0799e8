"""Predictions and their scores: laws, arithmetic by hand, published quantiles, and a table that is written once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.book.publishing.predictions import lock_in
from analysis.figures.scorecard import fig_scorecard_burn
from analysis.ledger import Ledger, check
from analysis.models import calibration, forecasts, funding, predictions, promises, scoring
from analysis.numbers import modelling
from analysis.numbers.scorecard import ahead, predicted, predicting, promised
from analysis.numbers.scorecard.ahead import implied_rate, unsettled
from analysis.numbers.scorecard.consequence import mean_miss, scaled
from analysis.numbers.scorecard.coverage import held_by_figure, is_one_sided
from analysis.numbers.scorecard.distrust import KEYS, again
from analysis.numbers.scorecard.erring import burn_finding, how_often, is_clear
from analysis.numbers.series import scorecard as series
from tests.conftest import add_row, read_rows, write_rows
from tests.ledgers import FROZEN

# Quantiles of the standard normal distribution as tables print them.
NORMAL = np.array([[-1.6449, -0.6745, 0.0, 0.6745, 1.6449]])
GRID = (np.arange(1000) + 0.5) / 1000
UNIFORM = np.tile(scoring.LEVELS, (1000, 1))


# Scores


def test_the_error_of_a_single_number_is_its_distance():
    values, happened = np.array([3.0, -2.0, 7.5]), np.array([5.0, -2.0, 0.0])
    assert scoring.crps(scoring.certain(values), happened) == pytest.approx(np.abs(values - happened))


def test_the_error_by_hand():
    """0.05 x 10 + 0.25 x 5 + 0.5 x 2 + 0.25 x 2 + 0.05 x 10 = 3.75, twice its fifth is 1.5."""
    assert scoring.crps([[10, 15, 18, 22, 30]], [20]) == pytest.approx([1.5])


def test_the_error_of_a_normal_distribution_at_its_middle():
    """2/5 x (2 x 0.05 x 1.6449 + 2 x 0.25 x 0.6745), by the quantiles of printed tables."""
    assert scoring.crps(NORMAL, [0.0]) == pytest.approx([0.4 * (0.1 * 1.6449 + 0.5 * 0.6745)])


def test_with_many_quantiles_the_error_is_the_published_one(monkeypatch: pytest.MonkeyPatch):
    """(sqrt 2 - 1) / sqrt pi for a standard normal distribution at 0 (Gneiting and Raftery 2007)."""
    monkeypatch.setattr(scoring, "LEVELS", tuple(GRID))
    assert scoring.around([1.0], 1.0).shape == (1, 1000)
    normal = np.log(scoring.around([1.0], 1.0))
    assert scoring.crps(normal, [0.0]) == pytest.approx([(np.sqrt(2) - 1) / np.sqrt(np.pi)], rel=1e-4)


def test_the_error_follows_the_unit_and_no_origin():
    happened = np.array([0.3])
    base = scoring.crps(NORMAL, happened)
    assert scoring.crps(NORMAL * 1000, happened * 1000) == pytest.approx(base * 1000)
    assert scoring.crps(NORMAL + 7, happened + 7) == pytest.approx(base)
    assert scoring.crps(-NORMAL[:, ::-1], -happened) == pytest.approx(base)


def test_the_order_of_predictions_changes_no_score():
    given, happened = np.sort(np.random.default_rng(1).normal(size=(20, 5))), np.linspace(-2, 2, 20)
    turned = np.random.default_rng(2).permutation(20)
    assert scoring.crps(given[turned], happened[turned]) == pytest.approx(scoring.crps(given, happened)[turned])


@pytest.mark.parametrize(("shift", "width"), [(0.1, 1), (-0.1, 1), (0, 0.5), (0, 2)])
def test_honest_quantiles_have_the_smallest_error(shift: float, width: float):
    """The score is proper: who knows the distribution gains nothing by saying something else."""
    other = 0.5 + shift + width * (UNIFORM - 0.5)
    assert scoring.crps(UNIFORM, GRID).mean() < scoring.crps(other, GRID).mean()


def test_an_unknown_part_has_no_error():
    assert np.isnan(scoring.crps(scoring.certain([np.nan, 1.0]), [1.0, np.nan])).all()


def test_intervals_hold_what_they_promise():
    assert scoring.is_within(UNIFORM, GRID, 50).mean() == pytest.approx(0.5)
    assert scoring.is_within(UNIFORM, GRID, 90).mean() == pytest.approx(0.9)
    assert scoring.is_within([[1, 2, 3, 4, 5]] * 4, [1, 2, 4, 5.1], 50).tolist() == [False, True, True, False]
    assert scoring.is_within([[1, 2, 3, 4, 5]] * 2, [1, 5.1], 90).tolist() == [True, False]


def test_places_of_outcomes_follow_the_levels():
    counts = np.bincount(scoring.places(UNIFORM, GRID), minlength=6)
    assert counts.tolist() == [50, 200, 250, 250, 200, 50]
    assert scoring.places([[1, 2, 3, 4, 5]] * 3, [0.9, 3, 5]).tolist() == [0, 3, 5]


def test_a_plan_is_spread_by_a_fifth():
    (spread,) = scoring.around([30.0])
    assert spread[2] == pytest.approx(30)
    assert np.log(spread / 30) == pytest.approx(0.2 * NORMAL[0], abs=1e-4)
    assert np.isnan(scoring.around([0.0, -5.0])).all()


# What settles a prediction


def told(*rows: tuple[str, float, str, str]) -> pd.DataFrame:
    """Rows about one metric and period: the day, the value, the basis, by whom."""
    frame = pd.DataFrame(rows, columns=["as_of", "value", "basis", "by"])
    days = {"start": pd.Timestamp("2026-01-01"), "end": pd.Timestamp("2026-03-31")}
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]), entity="openai", metric="revenue", **days)


PREDICTED = told(("2026-02-01", 0.0, "", ""))


@pytest.mark.parametrize(
    ("rows", "outcome", "basis"),
    [
        ([("2026-05-01", 5.7, "reported", "")], 5.7, "reported"),
        ([("2026-05-01", 5.7, "reported", ""), ("2026-06-01", 5.9, "reported", "")], 5.7, "reported"),
        ([("2026-05-01", 5.7, "reported", ""), ("2026-08-01", 5.8, "actual", "")], 5.8, "actual"),
        ([("2026-08-01", 5.8, "actual", ""), ("2026-09-01", 6.0, "actual", "")], 5.8, "actual"),
        ([("2026-02-01", 5.7, "actual", "")], np.nan, ""),
        ([("2026-05-01", 5.7, "estimate", ""), ("2026-05-01", 6.0, "projection", "")], np.nan, ""),
        ([("2026-05-01", 5.7, "reported", "one-method")], np.nan, ""),
        ([], np.nan, ""),
    ],
    ids=["press", "first of two", "a filing replaces the press", "no restatement", "known then", "views", "by", "none"],
)
def test_the_first_later_row_that_says_what_happened_settles_it(rows: list, outcome: float, basis: str):
    found = scoring.outcomes(PREDICTED, told(*rows))
    assert found["outcome"].tolist() == pytest.approx([outcome], nan_ok=True)
    assert found["basis"].tolist() == [basis]


def test_outcomes_keep_the_order_of_the_predictions():
    two = pd.concat([PREDICTED, PREDICTED.assign(metric="cash"), PREDICTED], ignore_index=True)
    found = scoring.outcomes(two, told(("2026-05-01", 5.7, "reported", "")))
    assert found["outcome"].tolist() == pytest.approx([5.7, np.nan, 5.7], nan_ok=True)
    assert found["row"].tolist() == [0, -1, 0]


# What the model says


@pytest.fixture(scope="module")
def said(ledger: Ledger) -> pd.DataFrame:
    made = modelling.model(ledger, "central")
    return predictions.predict(ledger.metrics, ledger.as_of, *made, 2048, 1)


def test_the_quarters_of_a_path_make_its_year():
    revenue = np.array([10.0, 30.0, 45.0])  # shrinks, grows, stays
    quarters = [predictions._grown(revenue, 30.0, k / 4, (k + 1) / 4) for k in range(4)]
    assert sum(quarters) == pytest.approx(revenue)
    assert predictions._grown(np.array([30.0]), 30.0, 0, 0.25) == pytest.approx([7.5])


def test_the_run_rate_is_what_a_moment_earns():
    revenue, moment = np.array([10.0, 30.0, 45.0]), 1e-6
    earned = predictions._grown(revenue, 30.0, 0.4, 0.4 + moment)
    assert predictions._rate(revenue, 30.0, 0.4) == pytest.approx(earned / moment, rel=1e-5)


def test_predictions_are_in_order_and_of_what_is_not_known(said: pd.DataFrame, ledger: Ledger):
    assert (said[scoring.QUANTILES].diff(axis=1).iloc[:, 1:] >= 0).all().all()
    assert not said.duplicated([*scoring.KEY, "case"]).any()
    known = scoring.outcomes(said.assign(as_of=ledger.first), ledger.metrics)
    assert known["outcome"].isna().all()
    days = said.loc[said["metric"] == "annualized_revenue", "end"]
    assert (days > ledger.as_of).all() and days.dt.is_month_end.all()


def test_what_burns_is_spread_by_days(said: pd.DataFrame):
    burn = said[(said["metric"] == "cash_burn") & (said["case"] == "plan")].set_index("end")
    year = burn[burn["start"].dt.month.eq(1) & (burn.index.month == 12)].iloc[0]
    quarters = burn[burn["start"] != year["start"]]
    first = burn[(burn["start"] == year["start"]) & (burn.index.month == 3)]
    for column in (*scoring.QUANTILES, "plan"):
        assert quarters[column].sum() + first[column].sum() == pytest.approx(year[column])


def test_the_case_that_follows_the_plan_burns_about_what_it_says(said: pd.DataFrame):
    burn = said[(said["metric"] == "cash_burn") & (said["case"] == "plan")]
    assert burn["p50"].to_numpy() == pytest.approx(burn["plan"].to_numpy(), rel=0.1)


# A table that is written once


def test_a_key_day_is_locked_once(copy: Path):
    days = read_rows(copy / "vintages.csv")
    write_rows(copy / "vintages.csv", [days[0], *days[-2:]])
    assert len(lock_in(Ledger.load(copy))) > 0
    first = (copy / "predictions.csv").read_bytes()
    made = {r[0]: r[-2] for r in read_rows(copy / "predictions.csv")[1:]}
    newest = f"{Ledger.load(copy).newest:%Y-%m-%d}"
    assert check(copy) == []
    assert {day for day, kind in made.items() if kind == "then"} == {newest} & {*made}
    assert lock_in(Ledger.load(copy)) == []
    assert (copy / "predictions.csv").read_bytes() == first


def test_a_new_key_day_leaves_the_others_as_they_are(copy: Path):
    days = read_rows(copy / "vintages.csv")
    write_rows(copy / "vintages.csv", days[:-1])
    lock_in(Ledger.load(copy))
    before = (copy / "predictions.csv").read_bytes()
    write_rows(copy / "vintages.csv", days)
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-05-30", value="20.9", note="")
    (line,) = lock_in(Ledger.load(copy))
    after = (copy / "predictions.csv").read_bytes()
    assert after.startswith(before) and days[-1][0] in line
    assert {r[-2] for r in read_rows(copy / "predictions.csv")[1:] if r[0] == days[-1][0]} == {"hindcast"}


def test_a_ledger_without_a_model_has_no_predictions(three_rows: Path):
    assert lock_in(Ledger.load(three_rows)) == []
    assert (three_rows / "predictions.csv").read_text().count("\n") == 1
    assert "predictions.csv" not in {p.name for p in FROZEN.iterdir()}


# Promises and forecasts of others


def deal(deal: str, day: str, status: str, low: float, high: float, end: str, **other: str) -> dict:
    row = {"deal": deal, "as_of": day, "status": status, "low_usd_bn": low, "high_usd_bn": high, "end": end}
    return {"kind": "equity", "role": "payment", "start": None, "condition": ""} | row | other


def state_of(*rows: dict, day: str = "2026-09-01") -> list[str]:
    frame = pd.DataFrame(rows)
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in ("as_of", "start", "end")})
    return promises.of_money(frame, pd.Timestamp(day))["state"].tolist()


SIGNED = deal("a", "2026-01-01", "signed", 10, 10, "2026-06-30")


@pytest.mark.parametrize(
    ("later", "state"),
    [
        ([deal("a", "2026-07-15", "closed", 10, 10, "2026-06-30")], "kept"),
        ([deal("a", "2026-07-15", "closed", 10, 10, "2026-07-02")], "late"),
        ([deal("a", "2026-07-15", "closed", 5, 10, "2026-12-31")], "late"),
        ([deal("a", "2026-03-01", "cancelled", 10, 10, "")], "dropped"),
        ([deal("a", "2026-03-01", "amended", 4, 6, "2026-12-31")], "cut"),
        ([], "late"),
    ],
    ids=["told later, paid in time", "paid late", "paid in part", "cancelled", "less than its least", "nothing told"],
)
def test_what_becomes_of_a_promised_payment(later: list[dict], state: str):
    assert state_of(SIGNED, *later) == [state]


def test_a_letter_that_binds_nobody_promises_nothing():
    """An analyst's 70 for letters of intent with two makers of memory stood among the promises."""
    assert state_of(SIGNED | {"condition": "non-binding letters of intent"}) == []


def test_a_promise_counts_from_the_day_its_amount_was_told():
    """A plan of 1,400 told on 28 October, with its end on 6 November, was dated by the end."""
    first = deal("a", "2025-10-28", "announced", 1400, 1400, None, kind="compute", role="claim")
    rows = pd.DataFrame([first, first | {"as_of": "2025-11-06", "end": "2033-12-31"}])
    rows = rows.assign(**{c: pd.to_datetime(rows[c]) for c in ("as_of", "start", "end")})
    (promised,) = promises.of_money(rows, pd.Timestamp("2025-12-01")).to_dict("records")
    assert promised["promised_on"] == pd.Timestamp("2025-10-28")
    assert (promised["promised_for"], promised["state"]) == (pd.Timestamp("2033-12-31"), "open")


def test_a_promise_is_open_until_its_day():
    assert state_of(SIGNED, day="2026-06-30") == ["open"]


@pytest.mark.parametrize(
    "row",
    [
        SIGNED | {"status": "reported"},
        SIGNED | {"status": "closed"},
        SIGNED | {"kind": "debt"},
        SIGNED | {"role": "total"},
        SIGNED | {"end": "2025-12-31"},
        SIGNED | {"end": None},
    ],
    ids=["talks", "paid when first told", "a loan's end is its repayment", "a total", "a day gone by", "no day"],
)
def test_what_promises_no_payment(row: dict):
    assert state_of(row) == []


def level(day: str, end: str, value: float, basis: str) -> dict:
    row = {"entity": "a", "metric": "gigawatts", "unit": "gw", "by": "", "start": None}
    return row | {"as_of": day, "end": end, "value": value, "basis": basis}


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([level("2026-07-10", "2026-06-30", 2.1, "actual")], "kept"),
        ([level("2026-07-10", "2026-06-30", 1.9, "actual")], "missed"),
        ([level("2026-08-10", "2026-07-31", 2.0, "reported")], "told later"),
        ([level("2026-07-10", "2026-03-31", 1.0, "actual")], "not told"),
        ([level("2026-07-10", "2026-06-30", 2.1, "estimate")], "not told"),
    ],
    ids=["reached", "not reached", "first told for a later day", "only told for before", "an estimate"],
)
def test_what_becomes_of_a_promised_level(rows: list[dict], state: str):
    frame = pd.DataFrame([level("2026-01-01", "2026-06-30", 2.0, "guidance"), *rows])
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in ("as_of", "start", "end")})
    assert promises.of_levels(frame, pd.Timestamp("2026-09-01"))["state"].tolist() == [state]


def test_a_guidance_of_two_ends_is_its_middle_and_settled_by_its_metric():
    ends = {"start": "2026-01-01", "end": "2026-12-31", "entity": "a", "unit": "usd_bn", "by": "", "source": "s"}
    ends |= {"note": ""}
    rows = [
        ends | {"metric": "capex_guidance_low", "value": 90.0, "basis": "guidance", "as_of": "2026-02-01"},
        ends | {"metric": "capex_guidance_high", "value": 110.0, "basis": "guidance", "as_of": "2026-02-01"},
        ends | {"metric": "capex", "value": 125.0, "basis": "actual", "as_of": "2027-02-01"},
    ]
    frame = pd.DataFrame(rows)
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in ("as_of", "start", "end")})
    nobody = pd.DataFrame(columns=["direction", "quantity", "period"])
    (found,) = forecasts.settled(frame, nobody).itertuples()
    assert (found.value, found.outcome, found.off) == (100, 125, pytest.approx(-20))


@pytest.mark.parametrize(
    ("note", "came", "off"),
    [
        ("Guided over $30bn.", 34.9, 0.0),
        ("Over 40", 34.9, 100 * (40 - 34.9) / 34.9),
        ("About 40", 34.9, 100 * 5.1 / 34.9),
    ],
    ids=["held", "not held", "no floor"],
)
def test_a_floor_that_held_is_no_miss(note: str, came: float, off: float):
    """Microsoft guided to more than 30 and spent 34.9: told as a miss of 14%."""
    value = 30.0 if "30" in note else 40.0
    ends = {"start": "2025-07-01", "end": "2025-09-30", "entity": "a", "unit": "usd_bn", "by": "", "source": "s"}
    rows = [
        ends | {"metric": "capex_guidance", "value": value, "basis": "guidance", "as_of": "2025-07-30", "note": note},
        ends | {"metric": "capex", "value": came, "basis": "actual", "as_of": "2025-10-29", "note": ""},
    ]
    frame = pd.DataFrame(rows)
    frame = frame.assign(**{c: pd.to_datetime(frame[c]) for c in ("as_of", "start", "end")})
    (found,) = forecasts.settled(frame, pd.DataFrame(columns=["direction", "quantity", "period"])).itertuples()
    assert found.off == pytest.approx(off)


def test_a_plan_of_which_less_is_named_later_is_not_cut():
    """1,400 of every commitment and plan and 600 of computing alone are unlike counts."""
    plan = deal("a", "2025-11-06", "announced", 1400, 1400, "2033-12-31", kind="compute", role="claim")
    less = plan | {"as_of": "2026-02-20", "low_usd_bn": 600, "high_usd_bn": 600, "end": "2030-12-31"}
    assert state_of(plan, less) == ["open", promises.SMALLER], "by last day"
    like = less | {"as_of": "2026-08-01", "low_usd_bn": 450, "high_usd_bn": 450}
    assert state_of(plan, less, like) == [promises.CUT, promises.SMALLER]


def test_a_published_model_is_settled_by_the_metric_that_it_names(ledger: Ledger):
    """HSBC's 12.5 for OpenAI's revenue of 2025, of which the ledger of March has 13.1."""
    found = forecasts.settled(ledger.history["metrics"], ledger.history["outside_models"])
    row = found[found["author"].str.startswith("HSBC")].iloc[0]
    assert (row["value"], row["outcome"]) == (12.5, 13.1)
    assert row["off"] == pytest.approx(100 * (12.5 - 13.1) / 13.1)


def test_a_promise_of_which_a_part_is_paid_is_named_and_stays_open():
    """Amazon paid 15 of up to 50 in March 2026; the rest has until the end of 2028."""
    found = promised.kept(Ledger.load(FROZEN)).by_name()
    assert found["has_part_paid"].value and found["part_paid"].text == "Amazon to OpenAI"
    table = promised.promised(Ledger.load(FROZEN))
    assert list(table.loc[table["key"] == "amazon-openai-equity", "state"]) == [promises.OPEN]


def test_a_forecast_that_came_close_is_not_counted_again_as_too_low():
    """'All 5 others were too low' beside 'eleven of 17 came within 10%': Amazon's, 2.6% off, was in both."""
    known, every = (read(Ledger.load(FROZEN)) for read in (promised.forecasts_of_others, promised.others))
    assert list(every.loc[every["metric"] == "capex_net", "off"].round(1)) == [-2.6]
    assert known.by_name()["spending"].value == 0


def test_made_again_a_statement_is_what_accept_would_write(live: Ledger):
    """Of one day, to the digits of the file, where every way of counting is drawn and not one alone."""
    found = again(live)
    day = found["as_of"].max()
    written = predicting.made_on(live.at(day), is_newest=False, code="")
    days = {c: pd.to_datetime(written[c]) for c in ("as_of", "start", "end")}
    pairs = found[found["as_of"] == day].merge(written.assign(**days), on=KEYS, suffixes=("", "_written"))
    assert len(pairs) == int((found["as_of"] == day).sum()) > 0
    made, file = (pairs[[f"{q}{end}" for q in scoring.QUANTILES]] for end in ("_again", "_written"))
    assert made.to_numpy(float) == pytest.approx(file.to_numpy(float), rel=1e-3)


def test_with_all_planned_growth_a_statement_expects_more(live: Ledger):
    found = again(live)
    assert (found["p50_full_again"] >= found["p50_again"] - 1e-9).all()
    own = {p: int((found[f"place{p}"] >= 3).sum()) for p in ("", "_full")}
    assert own["_full"] <= own[""], "more expected never puts more outcomes above"


def test_each_figure_counts_once_whatever_is_said_of_it():
    """Four statements about one figure, of which half held, and one about another, which did not."""
    found = pd.DataFrame(
        {
            "metric": ["cash_burn"] * 4 + ["revenue"],
            "start": pd.NaT,
            "end": pd.Timestamp("2026-03-31"),
            "verdict": [predicted.INSIDE, predicted.WIDE, predicted.OUTSIDE, predicted.OUTSIDE, predicted.OUTSIDE],
            "place": [2, 1, 0, 0, 5],
        }
    )
    assert held_by_figure(found).mean() == 0.25
    missed = found[found["verdict"] == predicted.OUTSIDE]
    assert is_one_sided(missed) and not is_one_sided(missed.assign(metric="revenue"))
    assert not is_one_sided(missed.head(0))


def test_a_floor_that_was_passed_is_told_by_how_far(live: Ledger):
    """Oracle's more than 25 held, and 55.7 came: further from it than any forecast that missed."""
    known, every = (read(live.at("2026-08-31")) for read in (promised.forecasts_of_others, promised.others))
    floors = every[every["is_floor"] & (every["value"] <= every["outcome"])]
    assert (floors["off"] == 0).all()
    assert floors["distance"].to_numpy() == pytest.approx(100 * (floors["value"] / floors["outcome"] - 1).to_numpy())
    told = known.by_name()
    assert told["others_close"].value == int((every["distance"].abs() <= promised.CLOSE).sum())
    assert told["is_floor_farthest"].value == (floors["distance"].abs().max() > every["off"].abs().max())
    first = promised.forecasts_of_others(Ledger.load(FROZEN, "2025-12-17")).by_name()  # one forecast, a floor that held
    assert first["has_passed_floors"].value and not first["has_miss"].value and not first["is_floor_farthest"].value


def test_the_implied_pace_is_where_the_year_ends(live: Ledger):
    """The rest of the year between the newest pace and the implied one, growing evenly, is what the model adds."""
    live = live.at("2026-08-31")
    made = modelling.model(live, "central")
    assert made is not None
    growth, implied = modelling.growth_in_course(live, made[0]), implied_rate(live)
    metrics = live.part("metrics", "entity", "openai")
    assert calibration.run_rate_revenue(metrics, live.as_of, growth)[0] == pytest.approx(made[0].start_revenue)
    rate = calibration.newest_rate(metrics, live.as_of)
    years = np.linspace(0, (pd.Timestamp(live.as_of.year, 12, 31) - rate["end"].iloc[0]).days / 365.25, 10_001)
    path = rate["value"].iloc[0] * (implied / rate["value"].iloc[0]) ** (years / years[-1])
    own = metrics[(metrics["metric"] == "revenue") & (metrics["by"] == "") & (metrics["end"] <= rate["end"].iloc[0])]
    earned, known = calibration.earned_from(pd.Timestamp(live.as_of.year, 1, 1), own)
    before = (rate["end"].iloc[0] - known).days + 1  # days between the last account and the day of the pace
    gap = np.linspace(-before / 365.25, 0, 10_001)
    joined = rate["value"].iloc[0] * np.exp(growth * gap)
    assert earned + np.trapezoid(joined, gap) + np.trapezoid(path, years) == pytest.approx(
        made[0].start_revenue, rel=1e-3
    )


def test_sales_above_ours_leave_less_missing(live: Ledger):
    made = modelling.model(live, "central")
    assert made is not None
    higher = scaled(made[0], 0.1)
    ours, theirs = (funding.central_path(i, made[1])["revenue"].to_numpy() for i in (made[0], higher))
    assert theirs == pytest.approx(1.1 * ours)
    found = pd.DataFrame(
        {"metric": "revenue", "start": pd.NaT, "end": pd.to_datetime(["2026-03-31"] * 2 + ["2026-06-30"])}
    ).assign(p50=[10.0, 10.0, 10.0], outcome=[12.0, 14.0, 11.0])
    assert mean_miss(found) == pytest.approx((0.3 + 0.1) / 2)


@pytest.mark.parametrize(
    ("medians", "words"),
    [
        ([-0.6, 4.9, 9.0, 8.4, 4.4, 6.4], "five of our six medians were higher"),
        ([4.9, 9.0], "both of our medians were higher"),
        ([3.7, 1.0], "none of our medians was higher"),
        ([9.0, 1.0], "one of our two medians was higher"),
        ([9.0], "our median was higher"),
        ([3.7], "our median was not higher"),
    ],
)
def test_the_title_counts_the_medians_that_were_higher(medians: list[float], words: str):
    """'Less than our medians' stood over a row whose median was -0.57 against 3.7 that came."""
    shown = pd.DataFrame({"p50": medians, "outcome": 3.7})
    assert burn_finding(shown, "burned US$3.7bn", "Jan–Mar 2026") == f"OpenAI burned US$3.7bn in Jan–Mar 2026; {words}"


def test_the_title_counts_the_rows_that_are_drawn(live: Ledger):
    """The rows of the figure's own table say how many medians lay above what came."""
    meta = fig_scorecard_burn(live.at("2026-08-31")).to_dict()["usermeta"]["roundtrip"]
    above = [row[3] > row[-1] for row in meta["rows"]]
    shown = pd.DataFrame({"p50": [row[3] for row in meta["rows"]], "outcome": [row[-1] for row in meta["rows"]]})
    assert 0 < sum(above) < len(above), "the case that was told wrongly"
    assert meta["title"].endswith(burn_finding(shown, "", "").partition(";")[2])


def test_an_error_to_one_side_is_ours_only_if_it_is_clear():
    """'Mostly not: too gloomy' stood over sales that came above our median in 19 of 29 statements."""
    told = [is_clear(number, total) for number, total in ((19, 19), (3, 4), (19, 29), (2, 3), (1, 1), (0, 0))]
    assert told == [True, True, False, False, True, False]


def test_how_often_is_never_said_to_be_more_than_it_was():
    said = [how_often(number, total) for number, total in ((3, 3), (2, 3), (1, 2), (0, 3), (1, 1), (0, 0))]
    assert said[:2] == ["every time", "most of the time"]
    assert said[2:] == ["in 1 of 2 statements", "in 0 of 3 statements", "in 1 of 1 statements", None]


def test_one_count_of_promises_stands_in_the_title_the_list_and_the_cards(ledger: Ledger):
    """'6 of 7 promises kept' on a card and '6 of 15' in the text."""
    for view in (ledger, ledger.at("2025-12-17")):
        told, drawn = promised.kept(view).by_name(), series.promise_list(view)
        sizes = drawn["group"].value_counts()
        assert set(drawn["group"]) <= set(series.ORDER) and len(drawn) == told["promises"].value
        assert sizes.get(series.KEPT, 0) == told["kept"].value
        assert sizes.get(series.WAITING, 0) == told["waiting"].value
        over = len(drawn) - told["waiting"].value
        assert told["kept_of"].value == (f"{told['kept'].value} of {over}" if over else "none yet settled")
        settled = drawn[drawn["group"] != series.WAITING]
        for part, name in ((series.PAYMENTS, "paid_of"), (series.TARGETS, "met_of")):
            states = settled.loc[settled["part"] == part, "group"]
            kept = (states == series.KEPT).sum()
            assert told[name].value == (f"{kept} of {len(states)}" if len(states) else "none yet settled")
    assert series.promises_finding(series.promise_list(ledger)) == (
        "Payments for shares: two of two in time; plans and targets: one of three met"
    )


def test_a_year_that_must_outrun_its_own_end_is_told(live: Ledger):
    """Sales of 35.3 in the year and a pace of 44 at its end stood side by side: the rest had to run above that end."""
    found = ahead(live).by_name()
    newest = unsettled(live)
    year = newest[(newest["metric"] == "revenue") & ((newest["end"] - newest["start"]).dt.days > 360)].iloc[0]
    pace = found["rest_pace"].value
    own = live.part("metrics", "entity", "openai")
    own = own[(own["metric"] == "revenue") & (own["by"] == "") & (own["end"] <= live.as_of)]
    own = own[(own["start"] >= year["start"]) & (own["end"] <= year["end"])].sort_values(["start", "end"])
    quarters = own.drop_duplicates("start", keep="last")
    after = quarters["end"].max()
    days, left = (year["end"] - year["start"]).days + 1, (year["end"] - after).days
    assert quarters["value"].sum() + pace * left / days == pytest.approx(year["p50"], rel=1e-9)
    assert found["is_pace_above"].value == (pace > found["next_rate"].value)
