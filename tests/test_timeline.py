"""The page on the order of events: what is one deal, what is an event, and which numbers stand side by side."""

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.numbers import named_sums, timeline
from tests.ledgers import FROZEN


@pytest.fixture(scope="module")
def march() -> Ledger:
    return Ledger.load(FROZEN)


def _events(ledger: Ledger, day: str, name: str) -> list[tuple[str, str]]:
    found = timeline.events(ledger)
    found = found[(found["as_of"] == pd.Timestamp(day)) & (found["name"] == name)]
    return list(zip(found["money_text"], found["what"], strict=True))


def test_the_instalments_of_a_round_are_one_deal(march: Ledger):
    """SoftBank's 30 of February 2026 fall due in three parts of 10."""
    assert _events(march, "2026-02-27", "SoftBank to OpenAI") == [("US$30bn", "signed")]


def test_a_payment_says_how_much_of_the_whole_it_is(march: Ledger):
    """7.5 of SoftBank's 30 of March 2025 belonged to the first closing."""
    assert _events(march, "2025-04-30", "SoftBank to OpenAI") == [("7.5 of US$30bn", "closed in part")]


def test_the_plan_stands_on_the_line_with_the_number_before(march: Ledger):
    found = timeline.events(march)
    plan = found[found["deal"] == timeline.PLAN]
    assert list(zip(plan["size"], plan["what"], strict=True))[-2:] == [(1400.0, "restated"), (600.0, "smaller number")]
    assert plan["before"].iloc[-1] == 1400.0


def test_letters_of_intent_are_plans_on_the_line(march: Ledger):
    """Samsung and SK Hynix, October 2025: letters that bind nobody, put at 70 by an analyst."""
    assert _events(march, "2025-10-01", "Samsung and SK Hynix") == [("up to US$70bn", "first known")]


def test_contracts_stand_beside_a_number_as_known_on_its_day(march: Ledger):
    """On the day of the 1,400, 28 October 2025: Oracle 300, Microsoft 250, CoreWeave up to 22.4."""
    found = named_sums.climb_down(march)
    ours = found[(found["kind"] == "our sum") & (found["as_of"] == pd.Timestamp("2025-10-28"))]
    assert list(ours["value"]) == [572.4]
