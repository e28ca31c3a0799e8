"""Sweeps: the same table whoever runs what, nothing lost, nothing unknown begins."""

import importlib.metadata
import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.book.publishing.build import Settings, build, load
from analysis.book.publishing.runs import run_stale
from analysis.book.running import notebooks
from analysis.book.sweeps import sweep
from analysis.book.sweeps.variants import SweepError, parse_choices, plan
from analysis.ledger import Ledger
from analysis.ledger.assumptions import parse_scenario
from analysis.numbers import sustainability
from tests.conftest import EXECUTABLE, heed_interruptions, key_days, work_in
from tests.soak import faults


def planned(**how):
    given = {
        "data": None,
        "chapters": ["methods"],
        "days": key_days()[-2:],
        "scenarios": ["central", "slow"],
        "choices": {},
    }
    return plan(**(given | how))


def test_every_combination_in_order():
    made = planned(choices={"take_up": [0.5, 1.0], "ramp": [0.1]})
    assert len(made) == len({v.key for v in made}) == 1 * 2 * 2 * 2
    assert made[0].parameters() == {"as_of": key_days()[-2], "scenario": "central;take_up=0.5;ramp=0.1"}
    assert [v.as_of for v in made] == sorted(v.as_of for v in made)
    assert [v.key for v in planned()] == [v.key for v in planned()]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"chapters": ["sustainabilty"]}, "nearest is 'sustainability'"),
        ({"scenarios": ["slwo"]}, "nearest is 'slow'"),
        ({"choices": {"tak_up": [1.0]}}, "nearest is 'take_up'"),
        ({"choices": {"tak_up": [1.0]}, "scenarios": []}, "nearest is 'take_up'"),
        ({"days": ["2199-01-01"]}, "after the newest fact"),
        ({"days": [*key_days()[-1:], "yesterday"]}, "not a day"),
    ],
)
def test_what_is_unknown_is_told_before_anything_runs(how: dict, message: str):
    with pytest.raises(ValueError, match=message):
        planned(**how)


@pytest.mark.parametrize("bad", ["central;", "central;x", "central;x=", "central;=1", "central;x=nan", "central;x=one"])
def test_a_scenario_that_sets_nothing(bad: str):
    with pytest.raises(ValueError, match="is not a setting"):
        parse_scenario(bad)


@pytest.mark.parametrize("bad", ["", "take_up", "take_up=", "=1", "take_up=half", "take_up=1,half", "take_up=,"])
def test_a_choice_without_a_name_or_numbers_is_refused(bad: str):
    with pytest.raises(ValueError, match="is not a setting"):
        parse_choices([bad])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("take_up=5", r"take_up=5 is outside 0 to 1 \(share\); a decimal number takes a point"),
        ("take_up=-0.1", "take_up=-0.1 is outside 0 to 1"),
        ("gw_2030=1e300", r"gw_2030=1e\+300 is outside 0 to 2000 \(gw\)"),
        ("last_year=2333", r"last_year=2333 is outside 2008 to 2058 \(year\)"),
    ],
)
def test_a_choice_out_of_bounds_is_refused(ledger: Ledger, setting: str, said: str):
    with pytest.raises(ValueError, match=said):
        ledger.assumptions(f"central;{setting}")


def test_choices_are_read_in_order_without_repeats():
    assert parse_choices(["take_up = 0.5, 1,0.5", "ramp=.1"]) == {"take_up": [0.5, 1.0], "ramp": [0.1]}


def test_a_set_choice_is_what_the_model_takes(ledger: Ledger):
    choose = ledger.assumptions("slow;take_up=0.6")
    assert choose["take_up"] == (0.6, 0.6, 0.6)
    assert choose["revenue_attainment"] == ledger.assumptions("slow")["revenue_attainment"]
    assert choose.frame.set_index("parameter").loc["take_up", "central"] == 0.6


def test_a_sweep_says_what_the_chapter_says(tmp_path: Path, live: Ledger):
    """A row of the table against the chapter's own function, at a day, a scenario and a choice."""
    variants = planned(
        chapters=["sustainability"], days=key_days()[-1:], scenarios=["slow"], choices={"take_up": [0.5, 0.9]}
    )
    made = sweep.sweep(variants, tmp_path / "r.parquet", jobs=2)
    assert made.failed == [] and made.kept == 0
    table = pd.read_parquet(tmp_path / "r.parquet")
    assert list(table.columns) == [*sweep.COLUMNS, "take_up"]
    for value in (0.5, 0.9):
        (ours,) = [r for r in sustainability.gap(live, f"slow;take_up={value}") if r.key == "sustainability.gap"]
        row = table[(table["key"] == "sustainability.gap") & (table["take_up"] == value)].iloc[0]
        assert (row["value"], row["low"], row["high"], row["text"]) == (ours.value, ours.low, ours.high, ours.text)
    assert table[table["key"] == "sustainability.gap"]["text"].nunique() == 2, "the choice matters"
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "2 finished, 0 failed" in page and "sustainability.gap" in page


def test_the_same_bytes_on_one_worker_or_three_and_nothing_runs_twice(tmp_path: Path):
    for jobs in (1, 3):
        sweep.sweep(planned(), tmp_path / f"{jobs}.parquet", jobs=jobs)
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "3.parquet").read_bytes()
    told = []
    again = sweep.sweep(planned(), tmp_path / "1.parquet", tell=told.append)
    assert (
        again.kept == 4
        and told == []
        and (tmp_path / "1.parquet").read_bytes() == (tmp_path / "3.parquet").read_bytes()
    )
    (kept, *_) = sorted((tmp_path / "1.parquet.runs").glob("*.json"))
    kept.write_text(kept.read_text()[:-5])
    assert sweep.sweep(planned(), tmp_path / "1.parquet", tell=told.append).kept == 3 and len(told) == 1, (
        "a damaged one is run anew"
    )


def test_a_run_that_fails_is_told_and_the_others_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "chapters"
    shutil.copytree(paths.CHAPTERS, folder, ignore=shutil.ignore_patterns("images", "__pycache__"))
    book = notebooks.read(folder / "methods.ipynb")
    book.cells[2].source += "\nassert scenario == 'central', 'not under this scenario'"
    notebooks.write(book, folder / "methods.ipynb")
    monkeypatch.setattr(paths, "CHAPTERS", folder)
    made = sweep.sweep(planned(days=key_days()[-1:]), tmp_path / "r.parquet")
    (bad,) = made.failed
    assert bad.variant.scenario == "slow" and "AssertionError: not under this scenario" in bad.error
    assert set(made.table["scenario"]) == {"central"} and len(made.table) > 0
    (kept,) = (tmp_path / "r.parquet.failed").glob("*.ipynb")
    assert "not under this scenario" in kept.read_text() and json.loads(kept.read_text())["cells"], (
        "with the cell that failed"
    )


def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path: Path):
    out = tmp_path / "r.parquet"
    command = [
        *EXECUTABLE,
        "sweep",
        "--chapter",
        "methods,references",
        "--as-of",
        ",".join(key_days()[-4:]),
        "--jobs",
        "1",
        "--out",
        str(out),
    ]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heed_interruptions)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("r.parquet.runs/*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    running.wait(30)
    done = len(list(tmp_path.glob("r.parquet.runs/*.json")))
    assert running.returncode == 130 and 3 <= done < 8 and not out.exists()
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert f"8 of 8 runs ({done} kept from before)" in " ".join(finished.stdout.split())
    assert len(pd.read_parquet(out)[["chapter", "as_of"]].drop_duplicates()) == 8


# On a cluster


def test_a_scheduler_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from analysis.book.sweeps import cluster as remote

    monkeypatch.setattr(remote, "CONNECT_TIMEOUT", 1)
    with pytest.raises(SweepError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        sweep.sweep(planned(), tmp_path / "r.parquet", scheduler="tcp://127.0.0.1:9")


def test_a_worker_with_other_versions_is_refused(cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.1" if name == "pandas" else real(name))
    with pytest.raises(SweepError, match=r"the worker tcp://127\.0\.0\.1:\d+ has pandas \d.* \(here 0\.1\)"):
        sweep.sweep(planned(), tmp_path / "r.parquet", scheduler=cluster[0])


def test_a_build_on_a_cluster_is_the_build(
    cluster,
    three_rows: Path,
    short_project: Path,
    site_short: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """The chapters run by workers that know nothing of the project give the same site, byte for byte."""
    work_in(monkeypatch, short_project)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    there, said = tmp_path / "there", []
    build(Settings(data=three_rows, out=there, scheduler=cluster[0]), said.append)
    assert any("ran in" in line for line in said), said
    assert faults.seen(site_short) == faults.seen(there)
    assert b"openai-aws-compute" in (there / "data" / "deals.csv").read_bytes()
    nobody, ran = Settings(data=three_rows, scheduler="tcp://127.0.0.1:9"), tmp_path / "ran"
    ran.mkdir()
    assert run_stale(nobody, load(nobody), ran) == [], "nothing has to run, so no scheduler is asked"


def test_a_cluster_gives_the_same_bytes_and_loses_nothing_with_a_worker(cluster, tmp_path: Path):
    """The last test of the cluster: one of its two workers is killed."""
    address, workers = cluster
    variants = planned(chapters=["methods", "references"])
    sweep.sweep(variants, tmp_path / "here.parquet")
    killed = []

    def kill_one(done) -> None:
        assert done.results is not None, done.error
        if not killed:
            workers[0].kill()
            killed.append(workers[0])

    made = sweep.sweep(variants, tmp_path / "there.parquet", scheduler=address, tell=kill_one)
    assert killed and made.failed == [] and made.kept == 0
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()
