"""Sentences bound to rows: which text a page shows, the ledger's words where none is true, what waits for an editor."""

import functools
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.running import chapter_stories, notebooks
from analysis.ledger import Ledger, check
from analysis.numbers import ledger_facts, stories, story_rows
from analysis.numbers.ledger_words import words_of
from tests.conftest import add_row, read_rows, roundtrip, write_rows
from tests.ledgers import SMALL

KEY = "terms:cloud-exclusivity"  # of the small ledger: rows of 2023-01-23, 2025-01-15 and 2026-01-10
BODY = """:::{row} before
Nothing yet.
:::
:::{row} 2023-01-23
The first.
:::
:::{row} 2025-01-15
The second, since {day}`2025-01-15`.
:::
"""
WHOLE = BODY + ":::{row} 2026-01-10\nThe third.\n:::\n"


@pytest.fixture(scope="module")
def small() -> Ledger:
    return Ledger.load(SMALL)


def tell(ledger: Ledger, body: str = BODY, key: str = KEY) -> stories.Choice:
    return stories.choose(stories.parse(key, body), story_rows.ledger_rows(ledger, key))


def to_do(ledger: Ledger, body: str = BODY, key: str = KEY) -> list[str]:
    as_of = f"{ledger.as_of:%Y-%m-%d}"
    return stories.to_do(stories.parse(key, body), story_rows.ledger_rows(ledger, key), as_of)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2023-01-22", "Nothing yet.\n"),
        ("2023-01-23", "The first.\n"),
        ("2025-01-14", "The first.\n"),
        ("2025-01-15", "The second, since {day}`2025-01-15`.\n"),
        ("2026-01-10", "The third.\n"),
    ],
)
def test_the_text_of_the_newest_row_known_on_the_day(small: Ledger, day: str, text: str):
    assert tell(small.at(day), WHOLE) == stories.Choice(text)
    assert to_do(small.at(day), WHOLE) == []


def test_before_the_first_row_nothing_is_told_without_a_text_for_it(small: Ledger):
    body = BODY.partition(":::\n")[2]
    assert tell(small.at("2023-01-22"), body).text == ""
    late = ":::{row} 2026-01-10\nThe third.\n:::\n"
    assert tell(small.at("2025-06-30"), late).text == "", "the editor has begun the story later"
    assert to_do(small.at("2025-06-30"), late) == []


def test_a_newer_row_without_a_text_is_told_in_the_words_of_the_ledger(small: Ledger):
    chosen = tell(small)
    (row,) = chosen.untold
    assert chosen.text == ""
    assert (row.day, row.words) == (
        "2026-01-10",
        "Microsoft and OpenAI, first refusal: The right is non-exclusive and has ended",
    )
    assert (row.rows, row.sources) == (("terms:cloud-exclusivity/2026-01-10",), ("press-a",))
    assert to_do(small) == ["has no text for the row of 2026-01-10; the page shows the ledger's words"]


def test_a_text_may_stand_for_several_days(small: Ledger):
    body = BODY.replace("{row} 2025-01-15", "{row} 2025-01-15 2026-01-10")
    assert tell(small, body).text == "The second, since {day}`2025-01-15`.\n"
    assert to_do(small, body) == []


def test_a_cancellation_waits_for_a_text_of_its_own(small: Ledger):
    key, body = "deals:openai-crusoe-lease", ":::{row} 2025-06-30\nA lease.\n:::\n"
    chosen = tell(small, body, key)
    assert [row.words for row in chosen.untold] == ["OpenAI to Crusoe, lease: cancelled, US$30bn"]
    assert to_do(small, body, key) == [
        "has no text for the cancellation of 2026-01-10; the page shows the ledger's words"
    ]


RESTS = "deals:openai-azure-compute deals:openai-crusoe-lease"  # of 2025-06-30; the lease is cancelled on 2026-01-10
TEXT = ":::{row} 2025-06-30\nAzure costs as much as three such leases.\n:::\n"
ENDED = ("OpenAI to Crusoe, lease: cancelled, US$30bn",)  # and no old row of Azure's as if it were new


def test_a_text_gives_way_when_what_it_rests_on_is_cancelled(small: Ledger):
    """A sum of Oracle's order stood in another deal's story after the order was cancelled."""
    assert tell(small.at("2026-01-09"), TEXT, RESTS).text == "Azure costs as much as three such leases.\n"
    chosen = tell(small, TEXT, RESTS)
    assert chosen.text == "" and tuple(row.words for row in chosen.untold) == ENDED
    note = "has no text for the cancellation of deals:openai-crusoe-lease, on which it rests, of 2026-01-10"
    assert to_do(small, TEXT, RESTS) == [f"{note}; the page shows the ledger's words"]
    mended = TEXT + ":::{row} 2026-01-10\nNow there is no lease.\n:::\n"
    assert tell(small, mended, RESTS).text == "Now there is no lease.\n" and to_do(small, mended, RESTS) == []
    page = notebooks.tell(f"::::{{story}} {RESTS}\n{TEXT}::::\n", told_of(small, RESTS), set()).replace("\\", "")
    assert [page.count(words) for words in ("leases", "Microsoft", *ENDED)] == [0, 0, 1]


def told_of(ledger: Ledger, key: str) -> notebooks.Told:
    return {key: story_rows.ledger_rows(ledger, key)}


def test_what_a_text_rests_on_may_change_its_amount(small: Ledger):
    """Numbers follow an amendment: the order of Amazon went from 20 to 60, and the text that names it stands."""
    key = "deals:openai-azure-compute deals:openai-aws-compute"
    assert (
        tell(small, TEXT, key).text == "Azure costs as much as three such leases.\n" and to_do(small, TEXT, key) == []
    )


@pytest.mark.parametrize(("table", "column", "word"), [("sites", "paused", "pause"), ("terms", "ended", "end")])
def test_a_pause_and_the_end_of_a_right_count_like_a_cancellation(tmp_path: Path, table: str, column: str, word: str):
    folder = Path(shutil.copytree(SMALL, tmp_path / "data"))
    key = {"sites": "abilene", "terms": "ip-license"}[table]
    state = {"sites": "status", "terms": "state"}[table]
    add_row(folder / f"{table}.csv", {table[:-1]: key}, as_of="2026-02-01", **{state: column})
    rests = f"deals:openai-azure-compute {table}:{key}"
    assert check(folder) == []
    (note,) = to_do(Ledger.load(folder), TEXT, rests)
    assert note.startswith(f"has no text for the {word} of {table}:{key}, on which it rests, of 2026-02-01")
    was = Ledger.load(SMALL).history[table].query(f"{table[:-1]} == @key")[state].iloc[-1]
    add_row(folder / f"{table}.csv", {table[:-1]: key}, as_of="2026-02-20", **{state: was})
    (note,) = to_do(Ledger.load(folder), TEXT, rests)
    assert f"the row of {table}:{key}, on which it rests, of 2026-02-20" in note, "revived: not what it was before"


def test_a_term_of_which_nothing_is_left_has_ended(small: Ledger):
    """'From the ledger, 27 April 2026: None' was the end of Microsoft's share of revenue."""
    row = {"topic": "revenue share", "before": "20% of sales", "after": "None", "state": ""}
    assert words_of(small, "terms", row) == "revenue share, ended; until then 20% of sales"
    assert words_of(small, "terms", row | {"after": "", "state": "ended"}) == (
        "revenue share, ended; until then 20% of sales"
    )


def test_what_a_text_rests_on_must_be_in_the_ledger(small: Ledger):
    story = stories.parse("deals:openai-azure-compute deals:openai-cruso-lease", TEXT)
    assert stories.lost(story, small) == [
        "rests on deals:openai-cruso-lease, of which the ledger has no row; was it renamed or deleted?"
    ]
    assert stories.lost(story, small.at("2025-01-15")) == [], "the story has not begun"
    assert any("names lease" in note for note in stories.parse("deals:a lease", TEXT).faults)


def test_a_text_declares_the_deals_and_sites_whose_numbers_it_names(live: Ledger, site: Path):
    """What one or two deals or sites that may still end say of themselves, in a text about another key."""
    results = json.loads((site / "results.json").read_text(encoding="utf-8"))["results"]
    rows, may_end = {result["key"]: result["rows"] for result in results}, {}
    for table, over in (("deals", ("closed", "cancelled")), ("sites", ("cancelled",))):
        for row in live[table].to_dict("records"):
            may_end[f"{table}:{row[table[:-1]]}"] = row["status"] not in over and row.get("role") != "total"
    missing = []
    for name, line, story in chapter_stories.stories_of(paths.CHAPTERS):
        targets = (t for text in story.texts for t in notebooks.NUM_ROLE.findall(text.body))
        for key in dict.fromkeys(target.partition(":")[0] for target in targets):
            behind = {row.rpartition("/")[0] for row in rows.get(key, [])} & set(may_end)
            undeclared = sorted(one for one in behind if may_end[one] and one not in story.key.split())
            if len(behind) <= 2 and undeclared:
                missing.append(f"{name}:{line}: {{story}} {story.key} names {key}; add {' '.join(undeclared)}")
    assert missing == []


def test_no_text_names_the_order_that_was_cancelled(copy: Path):
    """Oracle's order is cancelled: the texts of other keys that name what it comes to are not shown any more."""
    add_row(copy / "deals.csv", {"deal": "openai-oracle-compute"}, as_of="2026-06-13", status="cancelled")
    ledger = Ledger.load(copy)
    resting = [
        s
        for _, _, s in chapter_stories.stories_of(paths.CHAPTERS)
        if "deals:openai-oracle-compute" in s.key.split()[1:] and story_rows.ledger_rows(ledger, s.key.split()[0])
    ]
    assert resting
    for story in resting:
        chosen = stories.choose(story, story_rows.ledger_rows(ledger, story.key))
        assert chosen.text == "" and "cancelled, US$300bn" in chosen.untold[-1].words, story.key


@pytest.mark.parametrize(
    ("body", "key", "note"),
    [
        (BODY, "term:cloud-exclusivity", "is no key of a dated table"),
        (BODY, "metrics:openai", "metrics:ENTITY/METRIC"),
        (BODY, "terms:cloud-exclusivty", "the ledger has no row of this key; was it renamed or deleted?"),
        (WHOLE.replace("{row} 2023-01-23", "{row} 2023-01-24"), KEY, "has a text for 2023-01-24, a day without a row"),
        (WHOLE.replace("{day}`2025-01-15`", "{day}`2025-01-16`"), KEY, "names 2025-01-16, a day without a row"),
        (WHOLE.replace("{row} 2023-01-23", "{row} 2026-01-10"), KEY, "has two texts for 2026-01-10"),
        (
            WHOLE.replace("2023-01-23", "2025-01-15", 1).replace("2025-01-15\nThe s", "2023-01-23\nThe s"),
            KEY,
            "tells 2025-01-15 before 2023-01-23",
        ),
        (WHOLE.replace("{row} 2023-01-23", "{row} 2023-01-32"), KEY, "has a row '2023-01-32'"),
        (WHOLE.replace("{row} 2023-01-23", "{row}"), KEY, "has a row ''"),
        (WHOLE + "Left over.\n", KEY, "has words outside its rows"),
        (":::{row} before\nNothing yet.\n:::\n", KEY, "has no text of a row"),
    ],
)
def test_what_is_wrong_with_a_story_is_said(small: Ledger, body: str, key: str, note: str):
    assert [n for n in to_do(small, body, key) if note in n]


def test_a_day_that_two_texts_claim_is_told_by_the_ledger(small: Ledger):
    chosen = tell(small, WHOLE.replace("{row} 2023-01-23", "{row} 2026-01-10"))
    assert [row.day for row in chosen.untold] == ["2026-01-10"]


def test_a_story_that_is_never_closed_is_said_with_its_line():
    ((line, story),) = stories.in_markdown(f"# Title\n\n::::{{story}} {KEY}\n{WHOLE}")
    assert (line, story.key) == (2, KEY) and "cannot be read" in story.faults[0]
    ((line, story),) = stories.in_markdown(f"# Title\n\n::::{{story}} {KEY}\n{WHOLE}::::\n")
    assert (line, story.faults) == (2, ())


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "deals:amazon-openai-equity",
            "Amazon to OpenAI, shares: signed, US$10–40bn, 30 on an IPO or a milestone",
        ),
        ("terms:api-exclusivity", "Microsoft and OpenAI, dispute: Plain calls stay on Azure"),
        ("deals:openai-amd-chips", "OpenAI to AMD, chips: announced, no amount published"),
    ],
)
def test_the_words_of_the_ledger(small: Ledger, key: str, words: str):
    assert story_rows.ledger_rows(small, key)[-1].words == words


def test_the_words_of_sites_and_metrics_give_status_and_power_value_and_period(ledger: Ledger):
    site = story_rows.ledger_rows(ledger.at("2025-05-21"), "sites:abilene")[-1].words
    assert site == "Stargate Abilene (Lancium Clean Campus): being built, 1.2 GW planned"
    leak = story_rows.ledger_rows(ledger, "metrics:openai/revenue_share_paid_to_microsoft")[-1]
    assert leak.words == (
        "OpenAI, revenue share paid to Microsoft, 1 January 2024 to 31 December 2024: US$0.49bn (press report); "
        "OpenAI, revenue share paid to Microsoft, 1 January 2025 to 30 September 2025: US$0.87bn (press report)"
    )


def test_notebooks_for_download_tell_the_same(small: Ledger):
    source = f"Before.\n\n::::{{story}} {KEY}\n{BODY}::::\n\nAfter."
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source) for _ in range(2)])

    def filled(day: str) -> list[str]:
        told = {KEY: story_rows.ledger_rows(small.at(day), KEY)}
        return [re.sub(r"\s*\n\s*", " / ", cell.source) for cell in notebooks.filled(book, {}, told).cells]

    assert filled("2025-12-31")[0] == "Before. / The second, since 15 January 2025. / After."
    first, second = filled("2026-01-10")
    assert first == (
        "Before. / > **From the ledger, 10 January 2026:** Microsoft and OpenAI, first refusal: The right is non-exclusive and has ended / After."
    )
    assert second == "Before. / After.", "once on a page is enough"


def test_facts_are_no_markup_in_notebooks_for_download():
    row = story_rows.Row("2026-01-10", "<b>$5</b> {num}`a.b` *x*", ("terms:a/2026-01-10",), (), "")
    text = notebooks.tell(f"::::{{story}} terms:a\n{BODY}::::\n", {"terms:a": [row]}, set())
    assert "\\<b\\>\\$5\\</b\\> \\{num\\}\\`a.b\\` \\*x\\*" in text and not notebooks.NUM_ROLE.search(text)


def test_the_chapters_tell_every_row_of_their_stories(ledger: Ledger, live: Ledger):
    """On a ledger that never changes; the project's own may know more by now, and `roundtrip check` says what waits."""
    found = list(chapter_stories.stories_of(paths.CHAPTERS))
    assert found
    for name, line, story in found:
        assert f"{{story}} {story.key}" in (paths.CHAPTERS / name).read_text(encoding="utf-8").splitlines()[line - 1]
    newest = f"{ledger.as_of:%Y-%m-%d}"  # a text may tell a row that this ledger does not have yet
    # A key whose days were corrected since has other days there than in the ledger that the texts are written for.
    then = live.at(newest)
    told = {story.key: [story_rows.ledger_rows(view, story.key) for view in (ledger, then)] for _, _, story in found}
    corrected = {key for key, (old, new) in told.items() if [r.day for r in old] != [r.day for r in new]}
    assert [w for w in chapter_stories.waiting(found, ledger) if w.key not in corrected] == []
    at = functools.cache(ledger.at)
    for name, _, story in found:
        if story.key not in corrected:
            for day in [row.day for row in story_rows.ledger_rows(ledger, story.key)]:  # between them nothing moves
                assert stories.to_do(story, story_rows.ledger_rows(at(day), story.key), day) == [], name


def test_a_newer_row_takes_over_an_older_events_sentence(later: Path, site_later: Path):
    """The falsehood that was told: "On 27 April 2026 Microsoft gave up its first call", which was in October 2025."""
    done = roundtrip("build", "--data", later, "--out", site_later)
    assert done.returncode == 0
    summary = "has no text for the row of 2026-04-20; the page shows the ledger's words"
    assert re.search(rf"microsoft\.ipynb:\d+: the story of {KEY} {summary}", done.stderr)
    assert "sentences wait for an editor:" in done.stderr
    page = (site_later / "microsoft.html").read_text(encoding="utf-8")
    prose = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))
    assert "On 20 April 2026" not in prose and not re.search(r"\d{4},? Microsoft gave up its first call", prose)
    term = "Microsoft and OpenAI, right of first refusal: Azure is the first to ship"
    told = f"From the ledger, 20 April 2026: {term}; OpenAI may serve its products on any cloud"
    assert prose.count(told) == 1
    book = json.loads((site_later / "notebooks" / "microsoft.ipynb").read_text(encoding="utf-8"))
    text = "".join("".join(cell["source"]) for cell in book["cells"])
    assert f"**From the ledger, 20 April 2026:** {term}" in text and "{story}" not in text
    again = roundtrip("build", "--data", later, "--out", site_later, "--strict")
    assert again.returncode == 1 and summary in again.stderr


def test_check_lists_what_waits_as_notes(later: Path):
    done = roundtrip("check", "--data", later)
    assert done.returncode == 0 and "no problems" in done.stdout
    assert re.search(rf"^note: microsoft\.ipynb:\d+: the story of {KEY} has no text for the row", done.stdout, re.M)


ORDER = {"deal": "openai-oracle-compute"}


def rename_right(folder: Path) -> str:
    path = folder / "terms.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\ncloud-exclusivity,", "\ncloud-right,"), "utf-8")
    return (
        r"microsoft\.ipynb:\d+: the story of terms:cloud-exclusivity \S+ is told, but the ledger has no row of this key"
    )


def delete_amendment(folder: Path) -> str:
    rows = read_rows(folder / "deals.csv")
    write_rows(folder / "deals.csv", [r for r in rows if r[:2] != ["openai-aws-compute", "2026-02-27"]])
    return r"amazon\.ipynb:\d+: the story of deals:openai-aws-compute has a text for 2026-02-27, a day without a row"


def cancel_order(folder: Path) -> str:
    add_row(folder / "deals.csv", ORDER, as_of="2026-06-13", status="cancelled")
    return (
        r"oracle_softbank\.ipynb:\d+: the story of deals:openai-oracle-compute \S+ has no text for the cancellation of"
    )


def test_what_a_ledger_does_to_stories_is_said_with_chapter_and_line(copy: Path):
    """A key deleted, renamed, cancelled or unknown to every story stops nothing: exit code 0 and a line of what waits."""
    notes = [spoil(copy) for spoil in (rename_right, delete_amendment, cancel_order)]
    add_row(copy / "deals.csv", ORDER, deal="openai-unheard-of", as_of="2026-06-14", status="signed")
    done = roundtrip("check", "--data", copy)
    assert done.returncode == 0 and re.search(r"^note: \d+ sentences wait for an editor:$", done.stdout, re.M)
    for note in notes:
        assert re.search(rf"^note: {note}", done.stdout, re.M), done.stdout
    assert "openai-unheard-of" not in done.stdout, "it waits for nobody; the chapter's end tells it"
    (fact,) = (f for f in ledger_facts.facts(Ledger.load(copy)) if f.key == "deals:openai-unheard-of")
    assert fact.words == "OpenAI agreed to buy US$300bn of computing from Oracle (4.5 GW)"


def test_two_rows_of_a_key_and_day_are_refused_with_both_lines(copy: Path):
    line = add_row(copy / "deals.csv", ORDER, note="Said twice.")
    done = roundtrip("check", "--data", copy)
    same = f"deals.csv:{line}:deal: 'openai-oracle-compute' has the same deal and as_of as row {line - 1}"
    assert done.returncode == 1 and f"{same}; keep one, or give it its own day" in done.stdout


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"value": None, "unit": "pct", "low": 53.1, "high": 54.8}, "53–55%"),
        ({"value": None, "unit": "usd_bn", "low": 708.0, "high": 730.4, "is_open": True}, "at least US$708bn"),
        ({"value": None, "unit": "usd_bn", "low": 702.2, "high": 702.4}, "US$702bn"),  # one number, no range
        ({"value": 388.0, "unit": "usd_bn"}, "US$388bn"),
        ({"value": 13.8, "unit": "pct", "low": 1.0, "high": 36.7}, "14%"),
        ({"value": 2.764, "unit": "usd_bn"}, "US$2.8bn"),
        ({"value": 0.49, "unit": "usd_bn"}, "US$0.49bn"),
        ({"value": 10.5, "unit": "pct"}, "11%"),  # a half goes away from zero, as everywhere
        ({"value": 0.0, "unit": "pct"}, "0%"),
        ({"value": None, "unit": "usd_bn"}, "not known"),
    ],
)
def test_a_sentence_may_say_a_number_without_decimals(given: dict[str, object], text: str):
    assert notebooks.part_of({"low": None, "high": None, "is_open": False, **given}, "about") == text


def test_a_sentence_may_say_a_month_where_the_day_does_not_matter():
    text = stories.with_days("Since {month}`2026-02-27`, on {day}`2026-02-27`.")
    assert text == "Since February 2026, on 27 February 2026."
    assert notebooks.part_of({"value": "2026-02-27", "unit": "date"}, "month") == "February 2026"
