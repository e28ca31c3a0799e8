"""The page on the order of events: what is one deal, what is an event, and which numbers stand side by side."""

import itertools

import pandas as pd
import pytest

from analysis.figures import canvas, swimlanes
from analysis.figures.timeline import deals
from analysis.ledger import Ledger
from analysis.numbers import named_sums, timeline
from analysis.numbers.series import timeline as series
from analysis.numbers.timeline import quarters
from analysis.numbers.timeline.lead import ordered_ahead
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


def test_a_sum_told_to_investors_is_the_press_s_word(march: Ledger):
    """The 1,400 were said in public, the 600 to investors: CNBC told of them."""
    told = series.sums_told(march).set_index("value")["is_own"]
    assert told[1400.0].all() and not told[600.0].any()
    assert "then, by press reports, the narrower US$600bn" in series.sums_finding(march, "central")


def test_a_quarter_has_what_was_signed_in_it(march: Ledger):
    """Oracle 300 and CoreWeave's rise from 15.9 to 22.4 in the summer of 2025; Amazon 50, NVIDIA 30, SoftBank 30 and
    others 12 in the first quarter of 2026. NVIDIA's letter binds nobody; press reports count nowhere."""
    table = quarters.quarters(march).set_index(["kind", "quarter"])["value"]
    assert table["orders", pd.Period("2025Q3")] == pytest.approx(306.5)
    assert table["shares", pd.Period("2026Q1")] == pytest.approx(122.0)
    assert table["letters", pd.Period("2025Q3")] == pytest.approx(100.0)
    assert table["promises"].sum() == 0
    known = {r.key: r.value for r in timeline.story(march)}
    assert known["timeline.are_shares_late"] and not known["timeline.is_promises_last"]


def test_orders_are_ahead_of_shares_since_the_last_day_on_which_they_were_not(march: Ledger):
    """'The orders ran ahead of the money': until Oracle's contract had a price, on 10 September 2025, shares did."""
    day = pd.date_range("2026-01-01", periods=4)
    table = pd.DataFrame({"day": [*day, *day], "line": ["owes"] * 4 + ["gets"] * 4, "high": [5, 1, 4, 9, 2, 2, 2, 2]})
    assert ordered_ahead(table) == (day[2], True)
    assert ordered_ahead(table.assign(high=[5, 1, 4, 2, 2, 2, 2, 2])) == (None, True), "equal is not more"
    assert ordered_ahead(table.assign(high=[5, 6, 4, 9, 2, 2, 2, 2])) == (day[0], False)
    known = {r.key: r.value for r in timeline.story(march)}
    assert known["timeline.ordered_since"] == "2025-09-10" and known["timeline.was_ordered_behind"]
    before = {r.key: r.value for r in timeline.story(march.at("2025-09-09"))}
    assert before["timeline.is_signed_ahead"] and not before["timeline.is_ordered_ahead"]


def crowded(threads: int) -> swimlanes.Lane:
    """A lane of deals that begin a few days apart, every third of them amended."""
    made = []
    for i in range(threads):
        marks = [swimlanes.Mark(i, 120.0 + 11 * i % 400, 3.0 + i % 9, f"order {i}, press report")]
        marks += [swimlanes.Mark(1000 + i, marks[0].x + 60, 5.0, "amended")] if i % 3 == 0 else []
        made.append(swimlanes.Thread(marks, weight=float(i)))
    return swimlanes.Lane("Oracle", made)


@pytest.mark.parametrize("threads", [1, 5, 60])
def test_a_crowded_lane_stays_readable(threads: int):
    """Its words meet neither each other nor a mark; the smallest deals are gathered, and none is lost."""
    lane = crowded(threads)
    height = swimlanes.arrange([lane], 96.0, 628.0)
    marks = [m for t in lane.threads for m in t.marks]
    starts = {"left": 0.0, "center": 0.5, "right": 1.0}
    boxes = [(m.x - m.radius, m.x + m.radius, m.y - m.radius, m.y + m.radius) for m in marks]
    for m in (m for m in marks if m.label):
        left = m.label_x - starts[m.align] * canvas.text_width(m.label)
        boxes.append((left, left + canvas.text_width(m.label), m.label_y - 6, m.label_y + 6))
    assert not [(a, b) for a, b in itertools.combinations(boxes, 2) if canvas.meet(a, b)]
    assert all(left >= 96 and right <= 628 and top >= 0 and bottom <= height for left, right, top, bottom in boxes)
    assert len({m.y for m in marks}) <= swimlanes.MOST_ROWS
    kept = {t.weight for t in lane.threads}
    assert len(kept) + len(lane.gathered) == threads and bool(lane.gathered) == (threads == 60)
    assert all(t.weight < min(kept) for t in lane.gathered)


def test_a_lane_is_a_firm_and_its_companies(march: Ledger):
    """SB Energy belongs to SoftBank; Cerebras, too small for a lane of its own, is with the other chip makers."""
    found = series.marked_events(march)
    lanes = dict(zip(found["deal"], found["lane"], strict=True))
    assert lanes["openai-sbenergy-milam-lease"] == "SoftBank" and lanes["openai-cerebras-compute"] == series.CHIP_LANE
    assert lanes["openai-compute-plan"] == lanes["stargate-us-program"] == series.PLANS_LANE


def test_only_what_is_signed_has_its_full_colour(march: Ledger):
    """Amazon's shares: talks of 10, then 15 firm of 50; CoreWeave's ceiling and NVIDIA's letter are firm in nothing."""
    found = series.marked_events(march)
    amazon = found.loc[found["deal"] == "amazon-openai-equity", "firm"]
    assert amazon.iloc[0] == 0 and amazon.iloc[-1] == 15
    assert not found.loc[found["deal"].isin(["openai-coreweave-compute", "nvidia-openai-loi"]), "firm"].any()
    label = dict(zip(found["deal"], found["label"], strict=True))  # of the last event of each
    assert (
        label["openai-compute-plan"] == "600: spending 2026–2030, press report"
        and label["nvidia-openai-loi"] == "ended"
    )


def test_dots_on_a_phone_can_be_seen_and_keep_clear_of_words_and_of_one_another(march: Ledger):
    """Most dots were three pixels of a plan of 1,400 that was thirteen."""
    found = series.marked_events(march)
    most = float(found["size"].max())
    listed, _, height = deals._listed(found, most)
    largest = listed["radius"].max()
    assert largest >= 20 and (listed["x"] + listed["radius"] < deals.NARROW_TEXT).all()
    priced = listed[listed["radius"] > deals.SMALLEST][lambda rows: rows["size"] > 0]
    assert (priced["radius"] ** 2 / priced["size"]).to_list() == pytest.approx([largest**2 / most] * len(priced))
    tops, ends = listed["y"] - listed["radius"], listed["y"] + listed["radius"]
    assert (tops.to_numpy()[1:] > ends.to_numpy()[:-1]).all() and ends.max() <= height
