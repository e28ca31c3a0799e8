"""Paths counted in parts: the same as paths kept, whoever counts what."""

import numpy as np
import pytest

from analysis.models import funding, streaming
from tests.test_funding import INPUTS, POINT

CHOICES = funding.Choices(
    attainment=(0.5, 0.8, 1.1),
    take_up=(0.6, 0.9, 1.0),
    other_share=(0.2, 0.3, 0.5),
    share_rate=(0.1, 0.15, 0.2),
    conditional=(0.2, 0.5, 1.0),
    compute_floor=(0.3, 0.4, 0.5),
    sigma=0.2,
    persistence=0.5,
)


def test_counted_is_kept():
    """Against `funding.simulate`, which keeps every path: quantiles to a bin, shares exactly."""
    blocks = 6
    where = streaming.bins(INPUTS, CHOICES)
    table = streaming.summary(streaming.count(INPUTS, CHOICES, where, 0, blocks), where, INPUTS.years)
    lines = funding.simulate(INPUTS, CHOICES, blocks * funding.BLOCK)
    kept = funding.summarise(lines, INPUTS.years)
    assert table["probability"].tolist() == kept["probability"].tolist() and table["error"].tolist() == kept["error"].tolist()
    for column in [c for c in kept.columns if c.endswith(("_low", "_median", "_high"))]:
        assert (np.abs(table[column] - kept[column]) <= table["resolution"] + 1e-5).all(), column
    assert (table["resolution"] < 0.01 * (kept["revenue_high"] - kept["revenue_low"] + kept["gap_high"])).all(), "fine enough to be of use"


@pytest.mark.parametrize("parts", [(6,), (1, 5), (2, 2, 2), (1, 1, 1, 1, 1, 1)])
def test_parts_add_up_in_any_order(parts: tuple[int, ...]):
    where = streaming.bins(INPUTS, CHOICES)
    whole = streaming.count(INPUTS, CHOICES, where, 0, 6)
    starts = np.cumsum((0, *parts))[:-1]
    counted = [streaming.count(INPUTS, CHOICES, where, int(s), n) for s, n in zip(starts, parts, strict=True)][::-1]
    made = counted[0]
    for part in counted[1:]:
        made = made + part
    assert made.paths == whole.paths and np.array_equal(made.binned, whole.binned) and np.array_equal(made.short, whole.short)
    assert (whole.binned.sum(axis=2) == whole.paths).all(), "every path stands in one bin"


def test_without_surprises_there_is_one_path():
    where = streaming.bins(INPUTS, POINT)
    table = streaming.summary(streaming.count(INPUTS, POINT, where, 0, 1), where, INPUTS.years)
    kept = funding.summarise(funding.simulate(INPUTS, POINT, 10), INPUTS.years)
    assert table["revenue_median"].to_numpy() == pytest.approx(kept["revenue_median"].to_numpy(), abs=1e-3)


def test_many_paths_by_the_command(tmp_path, ledger):
    """In forks, on one worker or three the same bytes, and what the chapter's own 100,000 paths say, within their error."""
    import pandas as pd

    from analysis.numbers import modelling
    from tests.conftest import roundtrip

    for jobs in (1, 3):
        done = roundtrip("paths", "--count", 300000, "--jobs", jobs, "--out", tmp_path / f"{jobs}.csv")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "3.csv").read_bytes()
    table, (_, _, ours) = pd.read_csv(tmp_path / "1.csv"), modelling.simulated(ledger, "central")
    assert (table["paths"] >= 300000).all() and table["year"].tolist() == ours["year"].tolist()
    assert (np.abs(table["probability"] - ours["probability"]) <= 5 * ours["error"] + 1e-9).all()
    bad = roundtrip("paths", "--count", 1, "--scenario", "slwo")
    assert bad.returncode == 2 and "did you mean slow" in bad.stderr
    early = roundtrip("paths", "--count", 1, "--as-of", "2019-08-01")
    assert early.returncode == 2 and "cannot be calibrated" in early.stderr
