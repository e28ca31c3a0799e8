"""'Newest fact 29 July' under a figure that drew a payment known on 31 July: the day must cover all that is drawn."""

import functools

import pytest

from analysis.figures import all_figures
from analysis.ledger import Ledger

FIGURES = all_figures()
NAME_OF_KEY_DAY = "Name"  # a column: key days have names without a row of facts


@functools.cache
def told(ledger: Ledger) -> dict[str, dict]:
    """What each figure says: made one after the other, so that what is computed of a ledger is computed once."""
    return {name: make(ledger)["usermeta"]["roundtrip"] for name, make in FIGURES.items()}


@functools.cache
def told_without_newer(view: Ledger, known_on: str) -> dict[str, dict]:
    """What the figures with that newest fact say of the view without what became known later."""
    forgetful = view.at(known_on).at(view.as_of)
    return {
        n: FIGURES[n](forgetful)["usermeta"]["roundtrip"] for n, m in told(view).items() if m["known_on"] == known_on
    }


def drawn(meta: dict) -> tuple[str, list[list[object]]]:
    named = [i for i, column in enumerate(meta["columns"]) if column == NAME_OF_KEY_DAY]
    return meta["title"], [[cell for i, cell in enumerate(row) if i not in named] for row in meta["rows"]]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_newer_facts_is_the_same(live: Ledger, name: str):
    """Who forgets all that became known after its newest fact, and reads the rest on the same day, draws the same."""
    view = live.at("2026-08-31")
    meta = told(view)[name]
    if meta["known_on"] and meta["known_on"] < meta["as_of"]:
        assert drawn(told_without_newer(view, meta["known_on"])[name]) == drawn(meta)
