"""What the pages of a report tell, what they leave untold, and the block that ends a chapter with it."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.book.running import notebooks, telling
from analysis.figures.tables import anchor
from analysis.ledger import Ledger
from analysis.numbers import ledger_facts, story_rows
from analysis.numbers.parties import chapters_of, is_of_a_big_agreement
from analysis.numbers.row_keys import row_keys
from tests.conftest import add_row, roundtrip
from tests.ledgers import SMALL

ALL = ("microsoft", "amazon", "oracle_softbank", "chipmakers", "circularity", "sustainability")


@pytest.fixture(scope="module")
def small() -> Ledger:
    return Ledger.load(SMALL)


def by_key(ledger: Ledger) -> dict[str, ledger_facts.Fact]:
    return {fact.key: fact for fact in ledger_facts.facts(ledger)}


def test_every_key_is_one_fact_with_its_newest_row(small: Ledger):
    found = by_key(small)
    tables = ("deals", "terms", "sites", "metrics")
    assert len(found) == sum(len(small[table]) for table in tables)
    lease = found["deals:openai-crusoe-lease"]
    assert (lease.day, lease.row) == ("2026-01-10", "deals:openai-crusoe-lease/2026-01-10")
    assert lease.words == "OpenAI's lease from Crusoe (US$30bn) was called off"
    assert found["terms:oracle-lease-terms"].words == "Oracle, lease: 15 years on average"
    assert found["terms:api-exclusivity"].words == "Microsoft and OpenAI, dispute: Plain calls stay on Azure"
    assert by_key(small.at("2025-12-31"))["deals:openai-crusoe-lease"].row == "deals:openai-crusoe-lease/2025-06-30"


@pytest.mark.parametrize(
    ("key", "usd_bn"),
    [
        ("deals:nvidia-coreweave-backstop", 5),  # a guarantee: its ceiling
        ("deals:openai-coreweave-compute", 12),  # up to
        ("deals:openai-cerebras-compute", 5),  # more than
        ("deals:amazon-openai-equity", 40),  # a range
        ("deals:openai-amd-chips", None),  # not published
        ("metrics:microsoft/equity_method_result_openai/2025-07-01/2025-09-30/actual", 3),  # a loss
        ("metrics:microsoft/stake_pct_of_openai/2025-10-28/actual", None),  # no money
        ("terms:api-exclusivity", None),
    ],
)
def test_the_money_that_a_fact_names(small: Ledger, key: str, usd_bn: float | None):
    assert by_key(small)[key].as_dict()["usd_bn"] == usd_bn


def test_terms_of_the_big_agreements_come_first_then_the_most_money(small: Ledger):
    found = ledger_facts.facts(small)
    weighty = [fact.is_weighty for fact in found]
    assert weighty == sorted(weighty, reverse=True)
    assert {f.key for f in found if f.is_weighty} == {
        *("terms:api-exclusivity", "terms:cloud-exclusivity", "terms:ip-license", "terms:openai-structure"),
        "terms:frontier-distribution",
    }
    money = [fact.usd_bn for fact in found if not fact.is_weighty and fact.amount]
    assert money == sorted(money, reverse=True)
    assert not is_of_a_big_agreement(("microsoft", "amazon")) and not is_of_a_big_agreement(("openai", "etsy"))


def test_a_row_that_only_confirms_is_no_news_and_tells_the_same(tmp_path: Path):
    folder = Path(shutil.copytree(SMALL, tmp_path / "data"))
    like = {"deal": "openai-azure-compute"}
    add_row(folder / "deals.csv", like, as_of="2026-03-01", source="news-a", note="Said again.")
    fact = by_key(Ledger.load(folder))["deals:openai-azure-compute"]
    days = ("2025-06-30", "2026-03-01")
    assert (fact.day, fact.rows) == (days[0], tuple(f"deals:openai-azure-compute/{day}" for day in days))
    for row in fact.rows:
        assert fact not in ledger_facts.untold([fact], {row}, lambda f: list(f.rows))
    assert ledger_facts.untold([fact], {"deals:openai-azure-compute"}, lambda f: list(f.rows)) == [fact]


@pytest.mark.parametrize(
    ("parties", "chapters"),
    [
        (("microsoft", "openai"), ["microsoft"]),
        (("openai", "amazon", "microsoft"), ["microsoft", "amazon"]),
        (("etsy", "openai"), ["amazon"]),  # by kind
        (("openai", "sb-energy"), ["oracle_softbank"]),  # by group
        (("nvidia", "coreweave"), ["chipmakers"]),
        (("openai",), ["sustainability"]),
        (("openai", "nobody-has-heard-of-it"), ["circularity"]),
        (("nobody-has-heard-of-it",), ["circularity"]),
    ],
)
def test_every_fact_belongs_to_a_chapter(small: Ledger, parties: tuple[str, ...], chapters: list[str]):
    assert chapters_of(small, parties, ALL) == chapters


def test_a_chapter_that_the_report_has_not_leaves_its_facts_to_another(small: Ledger):
    assert chapters_of(small, ("nvidia", "coreweave"), set(ALL) - {"chipmakers"}) == ["circularity"]
    assert chapters_of(small, ("nvidia",), ()) == []


def test_a_chapter_with_the_name_of_a_company_has_its_facts(small: Ledger):
    assert chapters_of(small, ("google", "nvidia"), [*ALL, "google"]) == ["chipmakers", "google"]
    assert chapters_of(small, ("example.co-op",), [*ALL, "example_co_op"]) == ["example_co_op"]


def test_news_are_what_became_known_since_the_key_day_before(small: Ledger):
    assert ledger_facts.last_key_day(small) == "2026-01-10"
    found = ledger_facts.news(small, ALL)
    assert {fact.day for facts in found.values() for fact in facts} == {"2026-03-01"}
    assert [fact.key for fact in found["chipmakers"]] == [
        "deals:nvidia-openai-loi",
        "deals:nvidia-openai-equity",
        "deals:openai-cerebras-compute",
        "metrics:nvidia/vendor_financing_ratio/2025-12-31/estimate/analyst",
    ]
    assert ledger_facts.last_key_day(small.at("2025-01-15")) == ""


def page(folder: Path, name: str, source: str, *outputs: dict[str, object]) -> None:
    cells = [nbformat.v4.new_markdown_cell(source), nbformat.v4.new_code_cell("")]
    cells[1].outputs = [nbformat.v4.new_output("execute_result", data=data) for data in outputs]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


def result(key: str, *rows: str, value: object = 1) -> dict[str, object]:
    return {"key": key, "value": value, "unit": "count", "text": "1", "as_of": "", "rows": list(rows)}


def figure(columns: list[str], rows: list[list[object]], facts: list[str]) -> dict[str, object]:
    meta = {"id": "fig-a", "title": "A", "alt": "A. b.", "columns": columns, "rows": rows, "facts": facts}
    return {"application/vnd.vegalite.v6+json": {"usermeta": {"roundtrip": meta}}}


def told(tmp_path: Path, ledger: Ledger, source: str, *outputs: dict[str, object], results=(), rows=None) -> set[str]:
    page(tmp_path, "amazon", source, *outputs)
    known = {entry["key"]: entry for entry in results}
    return telling.rows_told(telling.Report(notebooks.read_all(tmp_path), ledger, known, rows or {}))["amazon"]


ORDER, TALKS = "deals:openai-aws-compute/2026-01-10", "deals:amazon-openai-equity/2026-01-10"


def test_a_number_in_visible_prose_or_a_card_tells_its_rows(small: Ledger, tmp_path: Path):
    results = [
        result("amazon.order", ORDER),
        result("amazon.talks", TALKS),
        result("amazon.no", value=False),
        result("amazon.total", *(f"deals:d{i}/2026-01-10" for i in range(telling.MOST_ROWS + 1))),
    ]
    hidden = ":::{when} amazon.no\n{num}`amazon.order`\n:::\n"
    assert told(tmp_path, small, hidden + "{num}`amazon.total`", results=results) == set(), "hidden, and a sum"
    assert told(tmp_path, small, "It is {num}`amazon.order:low`.", results=results) == {anchor(ORDER)}
    assert told(tmp_path, small, ":::{cards} amazon.order amazon.talks\n:::", results=results) == {
        anchor(ORDER),
        anchor(TALKS),
    }


def test_a_story_tells_its_rows_and_the_one_that_waits(small: Ledger, tmp_path: Path):

    key = "terms:cloud-exclusivity"
    rows = {key: story_rows.ledger_rows(small, key)}
    text = f"::::{{story}} {key}\n:::{{row}} 2023-01-23\nThe only cloud.\n:::\n::::\n"
    assert told(tmp_path, small, text, rows=rows) == {anchor(f"{key}/{day}") for day in ("2023-01-23", "2026-01-10")}, (
        "the row of 2025 is told by nobody; the newest stands in the ledger's words"
    )


def test_a_figure_tells_what_it_has_room_for_and_of_deals_what_it_names(small: Ledger, tmp_path: Path):
    deals = [ORDER, "deals:openai-azure-compute/2025-06-30"] + [f"deals:d{i}/2026-01-10" for i in range(8)]
    lines = [[name, 1] for name in ("Amazon", *"bcdefghij")]
    assert told(tmp_path, small, "", figure(["Party", "US$"], lines, deals)) == {anchor(ORDER)}
    assert told(tmp_path, small, "", figure(["Party", "US$"], lines[:9], deals)) == set(), "sums, not deals"
    assert told(tmp_path, small, "", figure(["Party", "US$"], [], deals[:2])) == {anchor(d) for d in deals[:2]}


def test_a_figure_tells_the_metrics_whose_values_stand_in_its_table(small: Ledger, tmp_path: Path):
    """Years in rows and forecasts in columns: nine statements in two rows, one of them not shown."""
    rows = [row for row in row_keys(small.history["metrics"]) if row.startswith("metrics:openai/cash_burn/")]
    years = [[2026, 15.0, 7.0], [2029, 5.0, None]]  # a burn of -5 is 5 of cash generated
    shown = told(tmp_path, small, "", figure(["Year", "New, US$ bn", "Old, US$ bn"], years, rows * 2))
    values = dict(zip(row_keys(small.history["metrics"]), small.history["metrics"]["value"], strict=True))
    assert shown == {anchor(row) for row in rows if abs(values[row]) in (15, 7, 5)}
    assert {abs(values[row]) for row in rows} > {15, 7, 5}


def test_both_ends_of_a_range_say_one_thing(small: Ledger):
    low, high = (
        replace(small_fact, key=f"metrics:oracle/capex_{end}/2026-01-01/2026-12-31", end="2026-12-31")
        for small_fact, end in ((ledger_facts.facts(small)[-1], "low"), (ledger_facts.facts(small)[-1], "high"))
    )
    assert low.series == high.series == "metrics:oracle/capex"
    assert ledger_facts.beside_told([low], [low, high]) == [], "the other end is told"
    assert ledger_facts.beside_told([low, high], [low, high]) == [low, high], "neither is"


def test_a_table_tells_the_rows_whose_ids_it_carries(small: Ledger, tmp_path: Path):
    assert told(tmp_path, small, "", {"text/html": f'<tr id="{anchor(ORDER)}"><td>'}) == {anchor(ORDER)}


def test_pages_that_list_the_ledger_do_not_count(small: Ledger, tmp_path: Path):
    page(tmp_path, "ledger", "", {"text/html": f'<tr id="{anchor(ORDER)}">'})
    page(tmp_path, "index", "", {"text/html": f'<tr id="{anchor("deals:openai-azure-compute/2025-06-30")}">'})
    left = {fact.key for fact in telling.untold_facts(telling.Report(notebooks.read_all(tmp_path), small, {}, {}))}
    assert "deals:openai-aws-compute" in left and "deals:openai-azure-compute" not in left


def test_a_total_of_told_parts_and_an_older_period_say_no_more(small: Ledger):
    known = ledger_facts.facts(small)
    by = {fact.key: fact for fact in known}
    total = by["deals:openai-round-2025"]
    assert set(total.total_of) == {"deals:investors-openai-equity", "deals:softbank-openai-equity"}
    assert ledger_facts.beside_told([total], known) == []
    assert ledger_facts.beside_told([total, by[total.total_of[0]]], known) == [total, by[total.total_of[0]]]
    newest = by["metrics:openai/revenue/2030-01-01/2030-12-31/projection"]
    older = next(fact for fact in known if fact.series == newest.series and fact.end < newest.end)
    assert ledger_facts.beside_told([older], known) == [], "a newer period is told"
    assert ledger_facts.beside_told([newest], [newest, older]) == [newest], "only an older one is"


def test_a_chapter_ends_with_what_else_became_known(later: Path, site_later: Path):
    news = json.loads((site_later / "results.json").read_text(encoding="utf-8"))["news"]
    assert news == {
        "index": ["deals:zz-guarantee/2026-06-13", "deals:zz-order/2026-06-13"],
        "oracle_softbank": ["deals:zz-guarantee/2026-06-13"],
        "circularity": ["deals:zz-order/2026-06-13"],
    }
    for name, words in (
        ("oracle_softbank", "Oracle agreed to give Crusoe a guarantee of up to US$105bn"),
        ("circularity", "OpenAI agreed to buy US$33bn of computing from New &lt;b&gt;Party&lt;/b&gt;"),
    ):
        html = (site_later / f"{name}.html").read_text(encoding="utf-8")
        assert html.count("<h2>What else became known") == 1
        first_page = (site_later / "index.html").read_text(encoding="utf-8")
        for page_html in (html, first_page):  # a large fact is not folded away
            assert page_html.count(f"<b>From the ledger, 13 June 2026:</b> {words}.") == 1
        book = json.loads((site_later / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert re.match(r"## What else became known\n\n- \*\*13 June 2026:\*\* ", "".join(book["cells"][-1]["source"]))
    assert "What else became known" not in (site_later / "microsoft.html").read_text(encoding="utf-8")
    listed = json.loads(roundtrip("untold", "--data", later, "--format", "json").stdout)
    chapters = {fact["row"]: fact["chapters"] for fact in listed["facts"]}
    added = {row for rows in news.values() for row in rows}
    left = added & set(chapters)
    assert left == {"deals:zz-guarantee/2026-06-13"}, (
        "a table of exposure tells the order, which circularity leaves out"
    )
    assert ["oracle_softbank"] in chapters.values() and ["circularity"] in chapters.values()
    text = roundtrip("untold", "--data", later, "--most", "1").stdout.splitlines()
    assert text[0] == f"As known on 2026-06-13: {len(listed['facts'])} facts are told by no sentence, number or figure."
    assert text[2].startswith(f"and {len(listed['facts']) - 1} more")


def test_wrong_use_says_what_is_right():
    done = roundtrip("untold", "--format", "xml")
    assert done.returncode == 2 and "known are text, json" in done.stderr
    assert roundtrip("untold", "--as-of", "1899-12-31").returncode == 2


def test_the_chapters_of_parties_are_those_of_the_report():
    from analysis.numbers import parties

    stems = {path.stem for path in paths.CHAPTERS.glob("*.ipynb")}
    named = {*parties.CHAPTER_PARTIES, *parties.CHAPTER_KINDS, parties.OPENAI_CHAPTER, parties.OTHER_CHAPTER}
    named.add(parties.BACKERS_CHAPTER)
    assert named - stems <= {"chipmakers"}
