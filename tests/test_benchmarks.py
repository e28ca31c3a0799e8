"""A short form of every benchmark, so that ``make bench`` cannot rot: what they print, never how fast they are."""

import importlib
import re

import pytest

from tests.benchmarks.__main__ import NAMES

# The smallest sizes at which each does all that it does at full size, and what it must have printed of its peer.
SHORT = {
    "circularity": ({"largest": 1_000}, r"1,000 payments .* networkx [\d.]+ s(.|\n)*a bare inverse takes"),
    "funding": ({"paths": 2_000}, r"18,000 normals take numpy"),
    "models": ({"draws": 40, "one_by_one": 2}, r"null model, 40 draws(.|\n)*one at a time they would take"),
    "ledger": ({"rows": 3_000}, r"300 rows: frictionless .* [\d.]+ s, ours"),
    "site": ({"is_short": True}, r"cold: ours .*; stock (.|\n)*one figure changed: ours .*; stock (.|\n)*2 notebooks"),
}


def test_each_benchmark_has_a_short_form():
    assert set(SHORT) == set(NAMES)


@pytest.mark.parametrize("name", SHORT)
def test_a_benchmark_runs_to_its_end(name: str, capsys: pytest.CaptureFixture[str]):
    sizes, printed = SHORT[name]
    importlib.import_module(f"tests.benchmarks.bench_{name}").main(**sizes)
    assert re.search(printed, capsys.readouterr().out)
