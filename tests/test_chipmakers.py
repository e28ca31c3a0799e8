"""What the chapter on the chipmakers once told wrongly: each case once, on the frozen ledger of 31 March 2026."""

import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures import closed_tables
from analysis.ledger import Ledger
from analysis.numbers import formats
from analysis.numbers.chipmakers import circular, promises
from analysis.numbers.series import vendors
from analysis.numbers.series.chipmakers import given, promised, ties
from tests import later
from tests.conftest import change

CORNING = {"entity": "corning", "name": "Corning", "kind": "chipmaker", "country": "US", "ticker": "", "note": ""}


def tied(ledger: Ledger) -> dict[str, set[str]]:
    """The ties of each firm as drawn."""
    frame, _ = ties.relations(ledger)
    return {str(name): {*part["relation"]} for name, part in frame.groupby("name")}


def test_firms_are_counted_before_the_picture_is_cut(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    """'4 of 16 firms' where 19 stood in the ledger: the count was that of the names that had room."""
    monkeypatch.setattr(ties, "MOST_FIRMS", 3)
    frame, firms = ties.relations(ledger)
    assert [*dict.fromkeys(frame["name"])] == ["CoreWeave", "OpenAI", "Anthropic"]
    # Anthropic, CoreWeave, Groq, Intel, Lambda, Nokia, Nscale, OpenAI, Oracle, xAI's vehicle; lessors are a pool.
    assert len(firms) == 10 and ties.relations_finding(firms) == (
        "NVIDIA is tied to ten firms, to CoreWeave and OpenAI in more than one way"
    )


def test_announced_and_reported_shares_are_not_held(ledger: Ledger):
    found = tied(ledger)
    assert found["Intel"] == {ties.HOLDS}, "closed"
    assert found["Nscale"] == {ties.GETS}, "announced"
    assert found["OpenAI"] == {ties.HOLDS, ties.GETS, ties.SELLS}, "shares of 2024 closed, those of 2026 signed"
    assert found["Vehicle leasing chips to xAI, as reported"] == {ties.GETS}


def test_prefunded_warrants_make_the_same_tie_whatever_their_row_calls_them(copy: Path):
    """Nebius's stood under 'holds shares', Corning's under 'holds rights'."""
    later.append(copy, "entities", [CORNING])
    like = later.last_of(copy, "deals", deal="nvidia-nscale-equity")
    nebius = {"deal": "nvidia-nebius-equity", "payee": "nebius", "low_usd_bn": "2", "high_usd_bn": "2", "gw": "5"}
    right = {"deal": "nvidia-corning-equity", "payee": "corning", "role": "contingent", "low_usd_bn": ""}
    later.append(copy, "deals", [like | nebius, like | right | {"high_usd_bn": "3.2"}])
    found = tied(Ledger.load(copy))
    assert found["Corning"] == {ties.GETS} and found["Nebius"] == {ties.GETS, ties.SELLS}


def test_a_table_of_stakes_dates_a_state_by_its_first_row(ledger: Ledger):
    """The letter was given up on 19 February and the 30 signed on the 27th; both stood under 4 March, a confirmation."""
    table = closed_tables.stakes(ledger, "nvidia").frame
    openai = table[table["Firm"] == "OpenAI"].set_index("How far it came")["Known on"]
    assert (openai["given up"], openai["signed"]) == ("2026-02-19", "2026-02-27")


def test_a_letter_that_was_given_up_stands_around_what_was_signed(ledger: Ledger):
    """The letter's line ran on along the axis after it had been given up; 100 and 30 stood apart as if they added."""
    before, now = (given.given(one)[0].set_index(["head", "name"]) for one in (ledger.at("2025-12-17"), ledger))
    letter = before.loc[(given.BUYS, "Letter of intent")]
    assert (letter["value"], letter["look"]) == (100, given.OUTLINE)
    assert (given.BUYS, "Letter of intent") not in now.index
    signed = now.loc[(given.BUYS, "Signed")]
    assert (signed["value"], signed["before"], signed["look"]) == (30, 100, given.PALE)
    # Paid: CoreWeave 0.1, 0.25 and 2, OpenAI 0.1, Intel 5, Anthropic 10. Signed: CoreWeave 6.3, landlords 3.5.
    assert now.loc[(given.BUYS, "Paid"), "value"] == pytest.approx(17.45)
    assert now.loc[(given.BACKS, "Signed"), "value"] == pytest.approx(9.8)


def test_what_was_talked_of_is_no_part_of_what_was_signed(copy: Path):
    """250 of talks for power plants of 10 GW was drawn around 105 for 4.25 GW of computing, as if it had shrunk."""
    like = later.last_of(copy, "deals", deal="nvidia-coreweave-backstop") | {"deal": given.OHIO, "scope": "openai"}
    like |= {"payee": "crusoe", "start": "2028-01-01", "end": "2047-12-31", "note": ""}
    talked = {"status": "reported", "high_usd_bn": "250", "gw": "10", "as_of": "2026-03-01", "condition": "talks"}
    later.append(copy, "deals", [like | talked])
    assert (given.given(Ledger.load(copy))[0]["value"] != 250).all(), "talks alone are no promise"
    later.append(copy, "deals", [like | {"high_usd_bn": "105", "gw": "4.25", "as_of": "2026-03-02"}])
    ledger = Ledger.load(copy)
    frame, rows = given.given(ledger)
    ohio = frame[frame["value"] == 105].iloc[0]
    assert (ohio["note"], ohio["look"]) == ("for OpenAI's leases in Ohio, from 2028", given.OUTLINE)
    assert math.isnan(ohio["before"])
    assert set(rows["Guarantees"][1]["high_usd_bn"]) == {250}
    assert given.given_finding(frame).endswith("would pay up to US$115bn if others fail"), "105 + 6.3 + 3.5"
    assert given.measures_of_ohio(ledger) == (
        "The talks on Ohio were of 10 GW of power plants; what is signed covers 4.25 GW of computing."
    )


@pytest.mark.parametrize(("start", "kind"), [("2028-01-01", promised.LATER), ("2025-09-15", promised.BEGUN)])
def test_a_guarantee_is_in_force_from_the_start_of_the_lease(copy: Path, start: str, kind: str):
    """NVIDIA's guarantee for Ohio was drawn as in force on the day on which it was signed."""
    change(copy / "deals.csv", {"deal": "nvidia-coreweave-backstop"}, "start", start)
    frame, _ = promised.guarantees(Ledger.load(copy))
    assert frame.set_index("name").loc["NVIDIA for CoreWeave", "kind"] == kind
    assert promised.guarantees_finding(frame).endswith("not yet in force") == (kind == promised.LATER)


def test_orders_without_a_price_are_drawn_without_a_bar(copy: Path):
    """AMD and OpenAI were missing from the picture of gifts and orders, because neither side had an amount."""
    row = {"entity": "amd", "basis": "actual", "verified": "primary", "as_of": "2026-03-01", "end": "2026-03-01"}
    row |= {"source": later.last_of(copy, "deals", deal="amd-openai-warrant")["source"]}
    shares = {"metric": "warrant_shares_openai", "value": "160", "unit": "count_mn"}
    price = {"metric": "warrant_top_price_openai", "value": "600", "unit": "usd"}
    later.append(copy, "metrics", [row | shares, row | price])
    frame, _ = ties.pairs(Ledger.load(copy))
    amd = frame[frame["name"] == "AMD and OpenAI"].set_index("side")
    assert pd.isna(amd.loc[ties.ORDERED, "value"]) and amd.loc[ties.ORDERED, "label"] == ties.NO_PRICE
    assert amd.loc[ties.WARRANT, "value"] == pytest.approx(0.160 * 600), "millions of shares times dollars, in billions"
    # CoreWeave's orders alone have a price; those of Meta and OpenAI at AMD and of OpenAI at NVIDIA have none.
    assert (
        ties.pairs_finding(frame) == "Three of four orders by customers that suppliers support have no published price"
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [(20 / 24.6, "about four fifths"), (0.26, "about a quarter"), (1.0, "about all"), (0.05, "about 5%")],
)
def test_a_share_of_a_floor_is_told_roughly(share: float, words: str):
    """'At least 81.3%' of Cerebras's backlog, from an order of more than 20 and a backlog of another day."""
    assert formats.fraction(share) == words


def test_the_only_signed_guarantee_is_not_called_the_largest(ledger: Ledger):
    frame, _ = promised.guarantees(ledger.at("2025-12-17"))
    assert promised.guarantees_finding(frame) == "The only signed guarantee, NVIDIA for CoreWeave, is up to US$6.3bn"


def test_the_shares_for_openai_came_with_the_first_order_alone(ledger: Ledger):
    """US$0.35bn of shares stood against all of 22.4, of which 11.9 were ordered with them."""
    told = promises(ledger).by_name()
    assert (told["coreweave_first"].high, told["coreweave_order"].high) == (11.9, 22.4)


def test_sales_outside_the_large_clouds_are_a_share_and_no_ceiling(copy: Path):
    """'Up to 41.9%' left out what OpenAI and Anthropic use through large clouds."""
    row = {"entity": "nvidia", "start": "2025-10-27", "end": "2026-01-25", "as_of": "2026-03-01", "unit": "usd_bn"}
    row |= {"basis": "actual", "verified": "single"}
    row |= {"source": later.last_of(copy, "deals", deal="nvidia-openai-equity")["source"]}
    assert not circular(Ledger.load(copy)).by_name()["has_bounds"].value
    found = {"data_center_revenue_acie": "20", "revenue": "50"}
    later.append(copy, "metrics", [row | {"metric": metric, "value": value} for metric, value in found.items()])
    told = circular(Ledger.load(copy)).by_name()
    assert told["nvidia_share"].value == pytest.approx(40) and told["has_bounds"].value


def test_a_guarantee_without_a_start_is_not_drawn_as_in_force(live: Ledger):
    """Broadcom's, of which no start is published and which is not for OpenAI, filled its bar beside NVIDIA's."""
    bars = vendors.vendor_bars(live, "central").set_index("name")
    undated = bars[bars["kind"] == vendors.UNDATED]
    table = vendors.vendors(live, "central")[0]
    most = table[table["state"] == vendors.PROMISED].set_index("name")["value"]
    assert len(undated) and (undated["low"] == 0).all() and undated["label"].str.endswith("start unknown").all()
    assert bars["high"].to_dict() == pytest.approx(most.to_dict()) and (bars["low"] <= bars["high"]).all()
    assert "None of Broadcom's are for OpenAI" in vendors.vendors_note(live, "central")
