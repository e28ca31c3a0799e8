"""'Newest fact 29 July' under a figure that drew a payment known on 31 July: the day must cover all that is drawn."""

import functools

import pytest

from analysis.figures import all_figures
from analysis.ledger import Ledger

FIGURES = all_figures()
NAME_OF_KEY_DAY = "Name"  # a column: key days have names without a row of facts


@functools.lru_cache(maxsize=128)
def meta_of(name: str, ledger: Ledger) -> dict:
    meta: dict = FIGURES[name](ledger).to_dict()["usermeta"]["roundtrip"]
    return meta


def drawn(meta: dict) -> tuple[str, list[list[object]]]:
    named = [i for i, column in enumerate(meta["columns"]) if column == NAME_OF_KEY_DAY]
    return meta["title"], [[cell for i, cell in enumerate(row) if i not in named] for row in meta["rows"]]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_newer_facts_is_the_same(live: Ledger, name: str):
    """Who forgets all that became known after its newest fact, and reads the rest on the same day, draws the same."""
    view = live.at("2026-08-31")
    meta = meta_of(name, view)
    if meta["known_on"] and meta["known_on"] < meta["as_of"]:
        assert drawn(meta_of(name, view.at(meta["known_on"]).at(view.as_of))) == drawn(meta)
