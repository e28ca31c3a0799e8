"""What turned between two readings: answers, words, days, sentences and states, and the deals that came or ended."""

from pathlib import Path

import nbformat
import pytest

from analysis.book.publishing import diff, diff_statements
from analysis.ledger import Ledger
from tests.ledgers import SMALL

KEY = "terms:cloud-exclusivity"  # rows of 2023-01-23, 2025-01-15 and 2026-01-10


@pytest.fixture(scope="module")
def sides() -> tuple[Ledger, Ledger]:
    ledger = Ledger.load(SMALL)
    return ledger.at("2025-06-30"), ledger.at("2026-03-01")


def result(key: str, unit: str, value: object, text: str = "") -> dict[str, object]:
    return {"key": key, "label": f"Label of {key}", "unit": unit, "value": value, "text": text or str(value)}


def test_answers_then_texts_then_days_and_no_numbers():
    old = {
        r["key"]: r
        for r in (
            result("a.day", "date", "2026-01-10", "10 January 2026"),
            result("a.flag", "flag", True),
            result("a.number", "usd_bn", 1.0, "US$1bn"),
            result("a.same", "flag", False),
            result("a.text", "text", "Oracle"),
        )
    }
    new = {
        r["key"]: r
        for r in (
            result("a.day", "date", "2026-03-01", "1 March 2026"),
            result("a.flag", "flag", False),
            result("a.new", "flag", True),
            result("a.number", "usd_bn", 2.0, "US$2bn"),
            result("a.same", "flag", False),
            result("a.text", "text", "Amazon"),
        )
    }
    assert [str(t) for t in diff_statements.turned_results(old, new)] == [
        "Label of a.flag: yes -> no  [a.flag]",
        "Label of a.new: not known -> yes  [a.new]",
        "Label of a.text: Oracle -> Amazon  [a.text]",
        "Label of a.day: 10 January 2026 -> 1 March 2026  [a.day]",
    ]


def test_states_that_changed_are_named_in_words(sides: tuple[Ledger, Ledger]):
    found = {t.key: t for t in diff_statements.turned_states(*sides)}
    assert str(found["deals:openai-oracle-compute"]) == (
        "OpenAI to Oracle, computing: signed, US$150bn: reported, payment -> signed, payment"
        "  [deals:openai-oracle-compute]"
    )
    assert (found[KEY].old, found[KEY].new) == ("first_refusal, microsoft", "open, openai")
    assert "deals:openai-azure-compute" not in found


def test_deals_that_ended_and_new_ones_with_their_amounts(sides: tuple[Ledger, Ledger]):
    assert diff_statements.ended(*sides) == [
        "cancelled: NVIDIA to OpenAI, shares: cancelled, up to US$100bn  [deals:nvidia-openai-loi]",
        "cancelled: OpenAI to Crusoe, lease: cancelled, US$30bn  [deals:openai-crusoe-lease]",
    ] + [line for line in diff_statements.ended(*sides) if "[sites:" in line]
    fresh = diff_statements.new_deals(*sides)
    names = [line.partition("[deals:")[2].rstrip("]") for line in fresh]
    assert names == [
        "openai-round-2026",  # 100
        "amazon-openai-equity",  # 10 to 40
        "nvidia-openai-equity",  # 20
        "softbank-bridge-2026",  # 20
        "oracle-loans",  # 18
        "coreweave-nvidia-chips",  # 6
        "nvidia-coreweave-backstop",  # up to 5
        "openai-cerebras-compute",  # more than 5
        "openai-sbenergy-equity",  # 0.5
    ]
    assert fresh[2] == "NVIDIA to OpenAI, shares: signed, US$20bn  [deals:nvidia-openai-equity]"


def test_sentences_of_which_another_text_is_shown(sides: tuple[Ledger, Ledger], tmp_path: Path):
    told = (
        f"::::{{story}} {KEY}\n:::{{row}} 2025-01-15\nMicrosoft may match {{num}}`a.b`, since {{day}}`2025-01-15`.\n"
        ":::\n::::\n"
    )
    same = "::::{story} terms:ip-license\n:::{row} 2025-01-15\nModels and products.\n:::\n::::\n"
    cells = [nbformat.v4.new_markdown_cell(source) for source in (told, same)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "one.ipynb")
    results = {"a.b": result("a.b", "text", "any offer")}
    (found,) = diff_statements.turned_stories(tmp_path, (sides[0], results), (sides[1], results))
    assert found.subject.startswith("one.ipynb:") and found.key == KEY
    assert found.old == "Microsoft may match any offer, since 15 January 2025."
    assert (
        found.new
        == "(waits for an editor) 10 January 2026: Microsoft and OpenAI, first refusal: The right is non-exclusive and has ended"
    )


def test_the_text_says_first_what_turned_then_what_moved(sides: tuple[Ledger, Ledger]):
    found = diff.Difference(
        "old",
        "new",
        facts=diff.compare(*sides),
        results=[diff.Moved("a.b", "A number", "usd_bn", "US$1bn", "US$2bn", 2.0)],
        turned=diff_statements.turned_states(*sides),
        new_deals=diff_statements.new_deals(*sides),
        ended=diff_statements.ended(*sides),
    )
    text = diff.as_text(found, most=2)
    headings = [line.partition(":")[0] for line in text.splitlines() if not line.startswith("  ")]
    assert headings == [
        *("From old to new", "What turned", "Cancelled or paused", "New deals", "Results that moved"),
        *("Figures that changed", "Sentences that wait for an editor", "Facts that no page tells", "Facts"),
    ]
    assert "New deals: 9\n" in text and "  and 7 more (--format json has all)" in text
    assert "A number: US$1bn -> US$2bn (x 2)  [a.b]" in text
    html = diff.as_html(found)
    order = [html.index(f"<h2>{h}") for h in ("What turned", "Cancelled", "New deals", "Numbers that moved", "Facts")]
    assert order == sorted(order)
