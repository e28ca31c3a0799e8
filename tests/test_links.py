"""The answers of the sources' addresses, as a job with a network writes them, held against the ledger."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.ledger import Ledger, links
from analysis.numbers import references
from tests.conftest import add_row, change, read_rows, roundtrip
from tests.ledgers import SMALL

HEADER = "url,status,final_url,checked"
URL = "https://example.org/"  # of the small ledger's sources: filing-a, press-a, news-a, docs-a, analysis-a, earnings-a
DAY = "2026-03-05"


@pytest.fixture
def answers(tmp_path: Path):
    def write(*lines: str, header: str = HEADER) -> Path:
        path = tmp_path / "links.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def line(name: str, status: object, final: str = "", day: str = DAY) -> str:
    return f"{URL}{name},{status},{final},{day}"


ALL_ALIVE = [line(n, 200) for n in ("filing-a", "press-a", "news-a", "docs-a", "analysis-a", "earnings-a")]


def small() -> Ledger:
    return Ledger.load(SMALL)


@pytest.mark.parametrize(
    ("status", "final", "state"),
    [
        ("200", "", "alive"),
        ("200", f"{URL}x", "alive"),  # the address asked
        ("200", f"{URL}elsewhere", "moved"),
        ("301", f"{URL}elsewhere", "moved"),
        ("404", "", "dead"),
        ("410", "", "dead"),
        ("403", "", "silent"),  # a server that answers no machine says nothing about the page
        ("503", "", "silent"),
        ("000", "", "silent"),  # no answer
        ("alive", "", "alive"),
        ("moved", f"{URL}elsewhere", "moved"),
        ("dead", "", "dead"),
    ],
)
def test_what_a_status_says_of_an_address(answers, status: str, final: str, state: str):
    (answer,) = links.read_answers(answers(line("x", status, final))).values()
    assert (answer.state, answer.final_url, answer.checked) == (state, final, DAY)


def test_the_later_of_two_answers_counts(answers):
    read = links.read_answers(answers(line("x", 404, day="2026-03-06"), line("x", 200, day="2026-03-05")))
    assert read[f"{URL}x"].state == "dead"


def test_json_lines_say_the_same(tmp_path: Path, answers):
    rows = [{"url": f"{URL}x", "status": 404, "checked": DAY}, {"url": f"{URL}y", "status": "alive", "checked": DAY}]
    path = tmp_path / "links.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    assert links.read_answers(path) == links.read_answers(answers(line("x", 404), line("y", "alive")))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line("x", 200), "https://example.org/y,200"], "links.csv:3:-: 2 fields where the header has 4"),
        ([line("x", "fine")], "links.csv:2:-: status 'fine' is neither a status code"),
        ([line("x", 42)], "links.csv:2:-: status '42' is neither a status code"),
        ([line("x", "")], "links.csv:2:-: status is empty"),
        (["ftp://example.org/x,200,,2026-03-05"], "links.csv:2:-: url 'ftp://example.org/x' is not a web address"),
        ([line("x", 200, day="5 March")], "links.csv:2:-: checked '5 March' is not a day"),
        ([line("x", 200, day="2026-02-30")], "links.csv:2:-: checked '2026-02-30' is not a day"),
    ],
)
def test_a_line_that_says_nothing_is_named(answers, lines: list[str], message: str):
    done = roundtrip("check", "--data", SMALL, "--links", answers(*lines))
    assert done.returncode == 1 and message in done.stdout and "in the list of answers" in done.stderr


def test_unknown_columns_and_no_answers_are_named(answers, tmp_path: Path):
    done = roundtrip("check", "--data", SMALL, "--links", answers("a,b", header="url,code"))
    assert "links.csv:2:-: unknown column 'code'; known columns are url, status, final_url, checked" in done.stdout
    for name, text, message in (
        ("a.csv", "", "a.csv:1:-: is empty"),
        ("b.jsonl", '{"url": "https://example.org/x"\n', "b.jsonl:1:-: is not a JSON object"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = roundtrip("check", "--data", SMALL, "--links", tmp_path / name)
        assert done.returncode == 1 and message in done.stdout
    (tmp_path / "c.csv").write_bytes(b"\xff\xfe")
    assert "c.csv:1:-: is not text" in roundtrip("check", "--data", SMALL, "--links", tmp_path / "c.csv").stdout
    assert roundtrip("check", "--data", SMALL, "--links", tmp_path / "none.csv").returncode == 1


def test_all_alive_is_no_problem(answers):
    done = roundtrip("check", "--data", SMALL, "--links", answers(*ALL_ALIVE))
    assert done.returncode == 0 and "addresses: 6 alive\n" in done.stdout and "no problems" in done.stdout


def test_a_dead_address_under_a_payment_is_a_problem_and_the_rest_are_notes(answers):
    found = [
        line("press-a", 404),  # most payments rest on it
        line("docs-a", 410),  # none does
        line("filing-a", 200, f"{URL}new"),
        line("news-a", 403),
        line("analysis-a", 200),
        line("stranger", 200),
    ]
    done = roundtrip("check", "--data", SMALL, "--links", answers(*found))
    assert done.returncode == 1 and done.stderr == "1 problem\n"
    lines = done.stdout.splitlines()
    rows = [row[0] for row in read_rows(SMALL / "sources.csv")]
    places = {name: f"sources.csv:{rows.index(name) + 1}:url: {name}" for name in rows[1:]}
    assert f"{places['press-a']}: dead on {DAY}: {URL}press-a; a payment rests on it" in lines[-1]
    assert f"note: {places['docs-a']}: dead on {DAY}: {URL}docs-a" in lines
    assert f"note: {places['filing-a']}: moved on {DAY}: {URL}filing-a, now {URL}new" in lines
    assert f"note: {places['news-a']}: silent on {DAY}: {URL}news-a" in lines
    assert f"note: {places['earnings-a']}: not in the list: {URL}earnings-a" in lines
    assert f"note: links.csv: no source has the address {URL}stranger" in lines
    assert "addresses: 1 alive, 1 moved, 2 dead, 1 silent, 1 not in the list" in lines


def test_a_second_source_stands_in_for_a_dead_one(tmp_path: Path, answers):
    folder = Path(shutil.copytree(SMALL, tmp_path / "data"))
    rows = read_rows(folder / "deals.csv")
    resting = {(r[0], r[1]) for r in rows[1:] if r[rows[0].index("source")] == "news-a"}
    for deal, day in resting:
        change(folder / "deals.csv", {"deal": deal, "as_of": day}, "second_source", "docs-a")
    read = links.read_answers(answers(line("news-a", 404)))

    def problems(ledger: Ledger) -> list[str]:
        return [link.source for link in links.links(ledger, read) if link.is_problem]

    assert resting and problems(small()) == ["news-a"] and problems(Ledger.load(folder)) == []


def test_the_share_of_money_on_primary_documents_is_told(tmp_path: Path):
    """Orders and shares of the ledger come to 437.5 (CoreWeave's at its high end, Cerebras' at its floor); Oracle's 150
    rest on a page that relays."""
    copy = shutil.copytree(SMALL, tmp_path / "data")
    add_row(copy / "sources.csv", {"source": "press-a"}, source="press-b", rank="relay", url="https://example.org/b")
    change(copy / "deals.csv", {"deal": "openai-oracle-compute", "as_of": "2026-01-10"}, "source", "press-b")
    told = references.sources(Ledger.load(copy)).by_name()["primary_share"]
    assert told.value == pytest.approx(100 * (437.5 - 150) / 437.5)
