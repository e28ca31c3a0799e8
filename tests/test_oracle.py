"""How the figures on Oracle and SoftBank read words and lay out names."""

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.numbers.oracle_softbank import backer
from analysis.numbers.oracle_softbank import buildout as sites
from analysis.numbers.series.oracle_softbank import books, buildout, softbank


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


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("LTV below 25% in normal times, 35% ceiling", (25.0, 35.0)),
        ("22.5% in normal times, never more than 30%", (22.5, 30.0)),
        ("below 25%", None),
        ("", None),
    ],
)
def test_limits_are_read_from_the_words_of_a_policy(words: str, limits: tuple[float, float] | None):
    found = backer.limits(words)
    assert found == limits if limits else all(pd.isna(x) for x in found)


@pytest.mark.parametrize(
    ("planned", "live", "words"),
    [
        (1.2, 0.3, "0.3 of 1.2 GW run"),
        (8.0, 0.0, "8 GW"),
        (8.0, float("nan"), "8 GW"),
        (float("nan"), float("nan"), "not published, paused"),
    ],
)
def test_a_site_tells_what_of_it_runs(planned: float, live: float, words: str):
    assert buildout.site_words(pd.Series({"planned_gw": planned, "live_gw": live, "state": "paused"})) == words


def test_of_cash_spending_and_what_is_left_the_third_follows(ledger: Ledger):
    frame, _ = books.cash(ledger)
    for _, year in frame.groupby("year"):
        value = year.set_index("kind")["value"]
        if len(value) == 3:
            assert value[books.FREE_CASH] == pytest.approx(value[books.CASH_IN] - value[books.SPENDING], abs=0.1)


def test_talks_of_a_loan_are_no_source_of_money(live: Ledger):
    rows = softbank.deals_since_start(live)
    margin = live.deals[live.deals["deal"] == backer.MARGIN_LOAN]
    assert margin["status"].isin(["signed", "closed", "amended"]).any() or backer.MARGIN_LOAN not in set(rows["deal"])


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


def test_a_year_in_the_title_of_the_cash_is_among_its_bars(ledger: Ledger):
    """The title set guidance over the year to November, of which no bar was drawn: its spending was not known."""
    view = ledger.at("2025-12-17")
    frame = books.cash(view)[0]
    flow = frame[frame["kind"] == books.CASH_IN].iloc[-1]
    assert flow["year"] == "Year to Nov 2025" and "twelve months to 30 November 2025" in books.cash_finding(view)


def test_a_site_that_went_to_another_is_drawn_as_planned_for_openai(ledger: Ledger):
    """The figure said that OpenAI gave up 0.9 GW in Abilene, which is what Microsoft leased there."""
    former = buildout.site_list(ledger).query("state == @buildout.GONE").set_index("site")["planned_gw"]
    told = sites.sites(ledger).by_name()
    assert former["abilene-expansion"] == told["expansion_openai_gw"].value == 0.6
    assert told["expansion_gw"].value == 0.9
