"""The page on changes: which deals turned since the key day before, and which step moved a result most."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.numbers import changes, deal_changes, gap_moves, modelling
from analysis.numbers.headlines import recent
from analysis.numbers.words import DEAL_WORDS
from tests import later


def test_a_deal_turns_when_its_state_does(ledger: Ledger):
    """In the step to 27 February 2026 NVIDIA's letter ended, Amazon's talks became a signature, SoftBank paid."""
    found = deal_changes.turned(ledger.at("2026-02-27")).set_index("deal")
    states = {deal: (found.at[deal, "was"], found.at[deal, "now"]) for deal in found.index}
    assert states["nvidia-openai-loi"] == ("announced", "ended")
    assert states["amazon-openai-equity"] == ("in talks", "signed")
    assert states["softbank-openai-equity-2025-closing2"] == ("signed", "paid")
    assert "openai-aws-compute" not in states, "an amendment of a signed deal is no other state"
    assert list(found.index[:2]) == ["nvidia-openai-loi", "amazon-openai-equity"], "the most money first"


def test_what_was_talks_is_called_so_in_every_list(ledger: Ledger):
    """One list said of NVIDIA's guarantee that it had been 'in talks', another 'reported by the press'."""
    then = ledger.at("2026-02-27")
    found = deal_changes.turned(then).set_index("deal")
    assert found.at["amazon-openai-equity", "was"] == "in talks"
    news = recent.news(ledger.at("2026-02-25"), pd.Timestamp("2026-01-28")).set_index("deal")
    assert "in talks" in news.at["amazon-openai-equity", "said"].iloc[0], "terms agreed, talks over"
    news = recent.news(then, pd.Timestamp("2026-02-25")).set_index("deal")
    assert "only a press report" in news.at["amazon-openai-equity", "said"]


def test_a_payment_in_part_says_so(ledger: Ledger):
    """By 31 March 2026 Amazon had paid 15 of up to 50; the rest hung on conditions."""
    found = deal_changes.turned(ledger.at("2026-03-31")).set_index("deal")
    assert found.at["amazon-openai-equity", "now"] == "paid in part"


def test_an_amount_that_moved_is_told_and_so_is_a_right_that_ended(copy: Path):
    """An order cut by 60, one that got a price and a lapsed licence stood in no list: only states were compared."""
    cut = later.last_of(copy, "deals", deal="openai-oracle-compute") | {"status": "amended"}
    priced = later.last_of(copy, "deals", deal="openai-amd-chips") | {"status": "amended"}
    lapsed = later.last_of(copy, "terms", term="ip-license") | {"state": "ended", "after": "Lapsed"}
    rows = [cut | {"low_usd_bn": "240", "high_usd_bn": "240"}, priced | {"low_usd_bn": "75", "high_usd_bn": "90"}]
    later.append(copy, "deals", rows)
    later.append(copy, "terms", [lapsed])
    view = Ledger.load(copy)
    found = deal_changes.resized(view)[["deal", "was", "now", "change"]]
    assert found.to_numpy().tolist() == [
        ["openai-amd-chips", "none published", "US$75–90bn", 90],
        ["openai-oracle-compute", "US$300bn", "US$240bn", 60],
    ]
    told = changes.last(view).by_name()
    assert told["resized_words"].value == (
        "The amount of two deals changed much: most that between OpenAI and AMD (order), from none published to US$75–90bn"
    )
    assert told["ended_rights"].value.endswith("Lapsed") and told["has_ended_right"].value is True
    then = view.at("2026-03-31")
    assert deal_changes.resized(then)["deal"].to_list() == ["openai-revolver"] and deal_changes.ended_rights(then).empty
    assert changes.last(then).by_name()["has_large_resized"].value is False
    firm = deal_changes.resized(view.at("2025-10-28")).set_index("deal").loc["softbank-openai-equity-2025-closing2"]
    assert (firm["was"], firm["now"], firm["change"]) == ("up to US$22.5bn", "US$22.5bn", 0)


def test_what_hung_on_a_condition_is_settled_and_not_paid(copy: Path):
    """'Paid now … up to 38' of a cap on a share of revenue, of which no amount paid is known."""
    cap = later.last_of(copy, "deals", deal="openai-microsoft-revenue-share")
    cap |= {"deal": "cap", "role": "contingent", "high_usd_bn": "38", "status": "closed"}
    later.append(copy, "deals", [cap | {"as_of": "2026-02-01", "status": "reported"}, cap])
    row = deal_changes.turned(Ledger.load(copy)).iloc[0]
    assert (row["deal"], row["now"], DEAL_WORDS[row["kind"]].name) == ("cap", "settled", "share of revenue")


def test_what_turned_first_is_told_with_what_it_means(ledger: Ledger):
    """A state, an amount and two names said nothing of why it matters."""
    then = ledger.at("2026-03-31")
    rows = deal_changes.turned(then)
    guarantee = {"kind": "guarantee", "payer": "nvidia", "payee": "sb-energy", "was": "in talks", "now": "signed"}
    new = {"deal": "new", "status": "signed", "role": "contingent", "gw": float("nan"), "condition": ""}
    row = rows.head(1).assign(**guarantee, **new, low_usd_bn=float("nan"), high_usd_bn=105.0)
    assert deal_changes.turn(then, row) == (
        "On 31 March 2026 NVIDIA agreed to give SB Energy a guarantee of up to US$105bn"
    )
    steps_in = "does not pay, NVIDIA has to step in, as far as the guarantee goes"
    assert deal_changes.meaning(then, row) == f"If OpenAI {steps_in}", "whose payments it is for"
    other = row.assign(scope="chain")
    assert deal_changes.meaning(then, other) == f"If the firm that it stands behind {steps_in}"
    assert deal_changes.meaning(then, row.assign(now="ended")) is None
    assert deal_changes.meaning(then, rows.head(0)) is None


def test_nothing_turns_on_the_first_key_day(ledger: Ledger):
    assert deal_changes.turned(ledger.at("2025-01-21")).empty


def test_the_largest_step_names_who_made_it(ledger: Ledger):
    """Microsoft's 250 of October 2025; the round of February 2026, NVIDIA 30, SoftBank 30, and Amazon's 15 to 50 by
    its middle, since the parts of a rise by middles came to more than the rise; Amazon's 50 of July was no new promise.
    """
    words = {m.key: m.words for m in changes.largest_moves(ledger)}
    assert "by October 2025" in words["index.owes"] and words["index.owes"].endswith("Microsoft (250)")
    parts = "Amazon (33, the middle of 15–50), NVIDIA (30) and SoftBank (30)"
    assert f"{parts}. Without a new promise a range became a price: SoftBank by October 2025" in words["index.gets"]
    assert "“The great round is signed”" in words["circularity.returns_share"]


def test_the_shortfall_is_told_beside_the_figure_that_moved_most(ledger: Ledger):
    """Sales rose from 24 to 40 and were told as the answer that moved most; what is still to be raised had risen."""
    told, lines = changes.last(ledger).by_name(), changes.timeline(ledger)
    own = lines[lines["key"] == "sustainability.gap"]
    was, now = own["value"].iloc[-2:]
    assert (told["gap_was"].value, told["gap_now"].value) == (was, now)
    assert told["has_gap"].value and told["gap_verb"].value == "fell", "106 after 163"
    assert [gap_moves.verb(90, now) for now in (90.2, 96, 84, 99.5, 80)] == [
        "did not move",
        "hardly moved",
        "hardly moved",
        "rose",
        "fell",
    ]


def test_what_moved_the_shortfall_adds_up(ledger: Ledger):
    """By 31 March 2026 the round had closed with 12 more for shares, no order had moved, and sales were 24, not 20."""
    before = ledger.at("2026-02-27")
    moved = gap_moves.parts(before, ledger, "central")
    was, now = (modelling.simulated(view, "central")["gap_median"].iloc[-1] for view in (before, ledger))
    assert sum(moved.values()) == pytest.approx(now - was)
    assert (moved["orders"], moved["time"]) == (0, 0) and moved["money"] == pytest.approx(-12, abs=0.1)
    told = changes.last(ledger).by_name()
    assert told["gap_moved_by"].value == (
        f"New facts on its sales and plans took US${-moved['sales']:.0f}bn off it; "
        "those on its cash and its investors' promises took US$12bn off"
    )
    assert not gap_moves.parts(ledger.at("2025-09-10"), ledger, "central"), "no model could be calibrated then"


def test_what_hardly_moved_the_shortfall_is_not_told():
    moved = {"orders": 0.4, "sales": 3.0, "money": -0.2, "time": -5.0}
    assert (
        gap_moves.in_words(moved)
        == "The passing of time took US$5bn off it; new facts on its sales and plans added US$3bn"
    )
    assert gap_moves.in_words({"orders": 0.4}) is None
