"""How the figures on Oracle and SoftBank read words and lay out names."""

import pandas as pd
import pytest

from analysis.figures.marks.places import label_sides
from analysis.ledger import Ledger
from analysis.numbers.series.oracle_softbank import books, buildout


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("15-19 years (November 2025)", [15, 19]),
        ("15 years on average", [15]),
        ("1 year", [1]),
        ("terms up to 16 years", [16]),
        ("as long as the contract", []),
        ("", []),
    ],
)
def test_lengths_are_read_from_the_words_of_a_term(words: str, years: list[int]):
    assert books.lengths(words) == years


def test_a_speaker_is_named_by_the_firm_that_the_key_begins_with(ledger: Ledger):
    assert buildout.speaker(ledger, "openai-ceo") == f"{ledger.name('openai')} CEO"
    assert buildout.speaker(ledger, "industry-executives") == "Industry executives"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ([50.0], "A gigawatt costs US$50bn with its chips by the only figure published"),
        ([50.0, 50.0], "A gigawatt costs US$50bn with its chips by every figure published"),
        ([35.0, 50.0], "A gigawatt costs US$35–50bn with its chips"),
    ],
)
def test_costs_are_a_range_only_where_they_differ(value: list[float], title: str):
    assert buildout.costs_finding(pd.DataFrame({"value": value, "kind": buildout.ALL_IN})) == title


def test_a_name_stands_where_no_other_place_is():
    lat, lon = pd.Series([40.0, 40.0, 40.0, 30.0]), pd.Series([-90.0, -85.0, -80.0, -85.0])
    assert label_sides(lat, lon) == ["left", "below", "right", "right"]
