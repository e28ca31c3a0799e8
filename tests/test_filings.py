"""Rows proposed from filings, which a server on loopback serves: right figures with their words, or a message."""

import csv
import itertools
import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.ledger import check
from analysis.ledger.filings import inline, sentences
from tests.conftest import add_row, change, read_rows, roundtrip, write_rows
from tests.edgar import FILINGS, Mirror, mirror
from tests.ledgers import FROZEN

LATER = ("0001193125-26-389274", "0001193125-26-277521")  # Oracle's filings after that of March 2026
MICROSOFT = "Archives/edgar/data/789019/000119312526323660/msft-20260630.htm"
AMAZON = "Archives/edgar/data/1018724/000101872426000026/amzn-20260630.htm"
AMD = "Archives/edgar/data/2488/000000248826000123/amd-20260627.htm"
ORACLE = "Archives/edgar/data/1341439/000119312526277521/orcl-20260531.htm"


@pytest.fixture(scope="module")
def small(three_rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen ledger's figures of the filers, among three deals; what to look for, and their fiscal years."""
    small = Path(shutil.copytree(three_rows, tmp_path_factory.mktemp("filers") / "data"))
    shutil.copy(FILINGS / "filings.csv", small)
    wanted = {row[0] for row in read_rows(small / "filings.csv")[1:]}
    for table in ("metrics", "entities", "sources"):
        header, *rows = read_rows(FROZEN / f"{table}.csv")
        kept = read_rows(small / f"{table}.csv")[1:]
        rows = [row for row in rows if row[0] in wanted and row not in kept]
        write_rows(small / f"{table}.csv", [header, *sorted([*kept, *rows])])
        if table == "metrics":
            wanted |= {row[header.index("source")] for row in rows}
    years = [["oracle", "5", ""], ["microsoft", "6", ""], ["nvidia", "1", ""]]
    write_rows(small / "fiscal_years.csv", [["entity", "month", "note"], *years])
    return small


@pytest.fixture
def data(small: Path, tmp_path: Path) -> Path:
    """A ledger that a test may change."""
    return Path(shutil.copytree(small, tmp_path / "data"))


@pytest.fixture
def filings(tmp_path: Path) -> Path:
    """Filings that a test may change."""
    return Path(shutil.copytree(FILINGS, tmp_path / "filings"))


@pytest.fixture
def edgar(filings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setattr("analysis.ledger.filings.edgar.INTERVAL", 0.0)
    with mirror(filings) as served:
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        yield served


def pulled(filer: str, data: Path, *options: object) -> tuple[dict[tuple[str, str, str], dict[str, str]], str, int]:
    """The rows that the command proposes by metric, start and end; what it says beside them; its exit code."""
    done = roundtrip("pull", filer, "--data", data, *options)
    rows = list(csv.DictReader(done.stdout.split("\n\n")[0].splitlines()))
    return {(r["metric"], r["start"], r["end"]): r for r in rows}, done.stderr, done.returncode


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def without(filings: Path, *accessions: str) -> None:
    """Let EDGAR not have heard of some of Oracle's filings."""
    path = filings / "submissions" / "CIK0001341439.json"
    edit(path, '"form"', '"was"')
    listed = json.loads(path.read_text(encoding="utf-8"))
    recent = listed["filings"]["recent"]
    recent["form"] = [
        "withdrawn" if number in accessions else form
        for form, number in zip(recent.pop("was"), recent["accessionNumber"], strict=True)
    ]
    path.write_text(json.dumps(listed), encoding="utf-8")


LISTED = (FILINGS / "submissions" / "CIK0001018724.json").read_text(encoding="utf-8")
YEAR, QUARTER = ("2025-07-01", "2026-06-30"), ("2026-04-01", "2026-06-30")
FILED = {
    "microsoft": [
        ("revenue_from_openai", *YEAR, "24.1", "2026-07-29", "OpenAI"),
        ("rpo", "", YEAR[1], "678", "2026-07-29", "commercial portion"),
    ],
    "amazon": [
        ("commitment_openai", "", QUARTER[1], "38", "2026-07-31", "OpenAI"),
        ("aws_rpo", "", QUARTER[1], "496", "2026-07-31", "not yet recognized"),
        ("aws_revenue", *QUARTER, "42.232", "2026-07-31", "Net sales"),
    ],
    "oracle": [("leases_not_commenced", "", "2026-08-31", "288", "2026-09-11", "had not yet commenced")],
    "nvidia": [("data_center_revenue", "2026-04-27", "2026-07-26", "89.023", "2026-08-26", "Data Center")],
    "amd": [("data_center_revenue", *QUARTER, "6.718", "2026-08-05", "to 2026-06-27, shown as the calendar's.")],
    "coreweave": [("net_loss", *QUARTER, "0.626", "2026-08-12", "Net loss")],
}


@pytest.mark.parametrize("filer", FILED)
def test_a_figure_becomes_a_row_with_the_day_source_and_words_of_its_filing(edgar: Mirror, data: Path, filer: str):
    rows, said, code = pulled(filer, data)
    assert code == 0, said
    for metric, start, end, value, as_of, words in FILED[filer]:
        row = rows[metric, start, end]
        assert (row["entity"], row["value"], row["as_of"]) == (filer, value, as_of)
        assert (row["unit"], row["basis"], row["by"], row["verified"]) == ("usd_bn", "actual", "", "primary")
        assert words in row["note"]
        assert len(row["note"].partition("Words: ")[2].replace("...", "").split()) <= sentences.MAX_WORDS


def test_a_new_filing_comes_with_its_source_and_one_of_the_ledger_keeps_its_key(
    edgar: Mirror, data: Path, tmp_path: Path
):
    out = tmp_path / "proposed.csv"
    done = roundtrip("pull", "amazon", "--data", data, "--out", out)
    assert done.stdout.split() == [str(out), str(tmp_path / "proposed-sources.csv")]
    (source,) = csv.DictReader((tmp_path / "proposed-sources.csv").read_text(encoding="utf-8").splitlines())
    assert source["url"] == f"https://www.sec.gov/{AMAZON}" and source["published"] == "2026-07-31"
    assert (source["publisher_of_record"], source["kind"]) == ("Amazon", "filing")
    assert {r["source"] for r in csv.DictReader(out.open(encoding="utf-8"))} == {source["source"]}
    known = {"publisher": "SEC EDGAR", "kind": "filing", "url": source["url"]}
    add_row(data / "sources.csv", {"kind": "news"}, source="their-10q", **known)
    rows, _, _ = pulled("amazon", data)
    assert {row["source"] for row in rows.values()} == {"their-10q"}


def test_a_year_to_date_is_differenced_and_an_annual_report_gives_its_last_quarter(
    edgar: Mirror, filings: Path, data: Path
):
    first, _, _ = pulled("oracle", data)
    assert first["capex", "2026-06-01", "2026-08-31"]["value"] == "28.499", "the first quarter is the year to date"
    without(filings, LATER[0])
    annual, _, _ = pulled("oracle", data)
    quarter = annual["capex", "2026-03-01", "2026-05-31"]
    assert Decimal(quarter["value"]) == Decimal("55.663") - Decimal("39.17")
    assert quarter["note"].startswith("Derived: fiscal year 55.663 minus nine months 39.17.")
    assert annual["capex", "2025-06-01", "2026-05-31"]["value"] == "55.663"
    assert Decimal(annual["revenue", "2026-03-01", "2026-05-31"]["value"]) == Decimal("67.354") - Decimal("48.174")
    without_last = [key for key in annual if key[0] == "capex"]
    assert len(without_last) == 2, "no year to date is taken for a quarter"


def test_a_year_to_date_without_the_report_before_gives_no_row(edgar: Mirror, filings: Path, data: Path):
    without(filings, LATER[0], "0001193125-26-101045")
    rows, said, code = pulled("oracle", data)
    assert code == 1 and "the 10-Q before is not in the list" in said
    assert ("capex", "2026-03-01", "2026-05-31") not in rows and ("rpo", "", "2026-05-31") in rows


@pytest.mark.parametrize(
    ("file", "old", "new", "metric", "message"),
    [
        (MICROSOFT, "msft:OpenAIGlobalLlcMember", "msft:OtherMember", "revenue_from_openai", "but with no dimension"),
        (MICROSOFT, "srt:MajorCustomersAxis", "srt:OtherAxis", "rpo", "not filed with srt:MajorCustomersAxis"),
        (AMAZON, "amzn:OpenAIGroupPBCMember", "amzn:OpenAIMember", "commitment_openai", "amzn:OpenAIMember"),
        (AMAZON, "us-gaap:PaymentsToAcquireProductiveAssets", "us-gaap:PaymentsToAcquireAssets", "capex", "nearest is"),
        (AMAZON, "iso4217:USD", "iso4217:EUR", "capex", "filed in EUR, not in USD"),
        (AMAZON, ">54,208<", ">fifty<", "capex", "not written as a number"),
        (ORACLE, "2025-06-01", "2025-05-29", "capex", "runs from 2025-05-29 in this filing and from 2025-06-01"),
    ],
)
def test_what_is_not_filed_as_expected_is_named_and_never_replaced(
    edgar: Mirror, filings: Path, data: Path, file: str, old: str, new: str, metric: str, message: str
):
    """Above all not by the figure without dimension: 331.839 is all of Microsoft's revenue."""
    without(filings, LATER[0])
    edit(filings / file, old, new)
    filer = {MICROSOFT: "microsoft", AMAZON: "amazon", ORACLE: "oracle"}[file]
    rows, said, code = pulled(filer, data)
    assert code == 1
    (line,) = [line for line in said.splitlines() if f" {metric}: " in line]
    assert message in line
    assert not [key for key in rows if key[0] == metric and key[1:] != ("2025-05-29", "2026-05-31")]


def test_a_member_spelt_with_other_capitals_is_the_same(edgar: Mirror, filings: Path, data: Path):
    """AMD files DataCenterMember in quarterly reports and DatacenterMember in annual ones."""
    edit(filings / AMD, "amd:DataCenterMember", "amd:DatacenterMember")
    rows, said, code = pulled("amd", data)
    assert code == 0 and rows["data_center_revenue", *QUARTER]["value"] == "6.718", said


def test_two_figures_for_one_period_give_no_row(edgar: Mirror, filings: Path, data: Path):
    edit(
        filings / AMAZON,
        'contextRef="c-2" decimals="-6" name="us-gaap:Pay',
        'contextRef="c-1" decimals="-6" name="us-gaap:Pay',
    )
    rows, said, _ = pulled("amazon", data)
    assert "is filed as 54208000000 and as 98411000000" in said
    assert not [key for key in rows if key[0] == "capex"]


def test_a_restated_figure_of_an_earlier_period_stops_the_new_one(edgar: Mirror, filings: Path, data: Path):
    edit(filings / AMAZON, ">30,873<", ">28,000<")
    rows, said, code = pulled("amazon", data)
    assert code == 1 and "aws_revenue 2025-04-01 to 2025-06-30 is 28 there and 30.873 in metrics.csv:" in said
    assert not [key for key in rows if key[0] == "aws_revenue"]


def test_another_fiscal_year_stops_all(edgar: Mirror, data: Path):
    change(data / "fiscal_years.csv", {"entity": "oracle"}, "month", "6")
    rows, said, code = pulled("oracle", data)
    assert (rows, code) == ({}, 1) and "month 6 in fiscal_years.csv, but on 05-31 for the SEC" in said


def test_a_filing_is_held_against_the_ledger_in_value_and_day(edgar: Mirror, data: Path):
    assert roundtrip("pull", "amazon", "--data", data, "--append").returncode == 0
    agreed = roundtrip("pull", "amazon", "--data", data, "--check")
    assert agreed.returncode == 0 and "read: 10-Q of 2026-07-31 (0001018724-26-000026)" in agreed.stdout
    at = {"metric": "aws_revenue", "end": "2026-06-30"}
    line = change(data / "metrics.csv", at, "value", "43")
    wrong = roundtrip("pull", "amazon", "--data", data, "--check")
    assert wrong.returncode == 1
    assert f"metrics.csv:{line}:value: amazon aws_revenue 2026-04-01 to 2026-06-30 is 43, and 42.232" in wrong.stdout
    change(data / "metrics.csv", at, "value", "42.2")
    for day, code in (("2026-08-01", 1), ("2026-07-30", 1)):
        change(data / "metrics.csv", at, "as_of", day)
        moved = roundtrip("pull", "amazon", "--data", data, "--check")
        assert moved.returncode == code and f"metrics.csv:{line}:as_of: " in moved.stdout
    change(data / "metrics.csv", at, "source", "fnam-payoff")
    released = roundtrip("pull", "amazon", "--data", data, "--check")
    assert released.returncode == 0 and "from fnam-payoff, before the 10-Q of 2026-07-31" in released.stdout


def test_appended_rows_are_added_and_nothing_else_is_touched(edgar: Mirror, data: Path):
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    proposed, _, _ = pulled("microsoft", data)
    assert roundtrip("pull", "microsoft", "--data", data, "--append").returncode == 0
    assert check(data) == []
    for name, content in before.items():
        lines = (data / name).read_bytes().splitlines()
        added = [line for line in lines if line not in set(content.splitlines())]
        assert [line for line in lines if line not in added] == content.splitlines()
        assert len(added) == {"metrics.csv": len(proposed), "sources.csv": 1}.get(name, 0)
    again, said, code = pulled("microsoft", data)
    assert (again, code) == ({}, 0), said


def test_a_row_goes_below_those_of_its_key(edgar: Mirror, data: Path):
    add_row(
        data / "metrics.csv",
        {"entity": "amazon", "metric": "aws_rpo"},
        end="2026-06-30",
        as_of="2026-03-31",
        value="480",
    )
    roundtrip("pull", "amazon", "--data", data, "--append")
    rows = [r for r in read_rows(data / "metrics.csv") if r[:2] == ["amazon", "aws_rpo"]]
    assert [(r[3], r[4], r[5]) for r in rows[-2:]] == [
        ("2026-06-30", "2026-03-31", "480"),
        ("2026-06-30", "2026-07-31", "496"),
    ]


def test_a_ledger_that_would_not_pass_is_left_alone(edgar: Mirror, data: Path):
    change(data / "filings.csv", {"entity": "amazon", "metric": "aws_rpo"}, "scale", "1")
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    done = roundtrip("pull", "amazon", "--data", data, "--append")
    assert (
        done.returncode == 1 and "is above the largest allowed" in done.stderr and "Nothing was written" in done.stderr
    )
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_what_a_change_of_the_ledger_is_asked_about_is_said_at_once(edgar: Mirror, data: Path):
    change(data / "filings.csv", {"entity": "amazon", "metric": "aws_rpo"}, "scale", "100000000")
    done = roundtrip("pull", "amazon", "--data", data, "--append")
    assert done.returncode == 0 and re.search(r"note: metrics.csv:\d+:value: 4960 is .* 'reviewed'", done.stderr)


@pytest.mark.parametrize("identity", [None, "", "Jane", "jane@example.org", "Jane Doe"])
def test_without_a_name_and_an_address_nobody_is_asked(
    edgar: Mirror, data: Path, monkeypatch: pytest.MonkeyPatch, identity: str | None
):
    monkeypatch.delenv("EDGAR_IDENTITY")
    _, said, code = pulled("amazon", data, *(["--identity", identity] if identity is not None else []))
    assert code == 1 and said.count("\n") == 1 and "wants a name and an e-mail address" in said
    assert edgar.asked == []


def test_a_refusal_and_no_network_are_one_sentence(edgar: Mirror, data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analysis.ledger.filings.edgar.IDENTITY", re.compile(".*"))
    _, refused, code = pulled("amazon", data, "--identity", "nobody")
    assert code == 1 and re.fullmatch(r"EDGAR answered 403 to http://\S+: it wants [^\n]*\.\n", refused)
    monkeypatch.setenv("EDGAR_DATA_URL", "http://127.0.0.1:9")
    _, unreachable, code = pulled("amazon", data)
    assert code == 1 and re.fullmatch(r"http://127\.0\.0\.1:9/\S+ cannot be reached: [^\n]*\.\n", unreachable)


def test_at_most_ten_requests_a_second(edgar: Mirror, data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    for name, value in edgar.environment.items():
        monkeypatch.setenv(name, value)
    pulled("microsoft", data)
    times = [time for time, _ in edgar.asked]
    assert len(times) == 3, "the list, the annual report, the quarterly report before it"
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.1


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (AMAZON, "<html><p>a page that is not closed</html>", "is not inline XBRL"),
        (AMAZON, "<html/>", "has no inline XBRL"),
        (AMAZON, '<!DOCTYPE h [<!ENTITY a "b">]><html/>', "declares entities"),
        ("submissions/CIK0001018724.json", "{}", "is not a list of filings"),
        ("submissions/CIK0001018724.json", "no", "is not a list of filings"),
        ("submissions/CIK0001018724.json", LISTED.replace("amzn-20260630.htm", "../../a.htm"), "no filing is called"),
        ("submissions/CIK0001018724.json", LISTED.replace("10-Q", "4"), "EDGAR lists no 10-K or 10-Q"),
        ("submissions/CIK0001018724.json", LISTED.replace("20260630", "2026"), "EDGAR answered 404"),
    ],
)
def test_what_is_no_filing_is_refused_in_one_sentence(
    edgar: Mirror, filings: Path, data: Path, path: str, text: str, message: str
):
    (filings / path).write_text(text, encoding="utf-8")
    rows, said, code = pulled("amazon", data)
    assert (rows, code) == ({}, 1) and message in said and said.count("\n") == 1


def test_what_is_too_large_is_not_unpacked(edgar: Mirror, data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analysis.ledger.filings.edgar.MAX_SIZE", (FILINGS / AMAZON).stat().st_size - 1)
    rows, said, code = pulled("amazon", data)
    assert (rows, code) == ({}, 1) and "amzn-20260630.htm is longer than" in said


def test_options_that_contradict_and_unknown_companies_are_wrong_use(edgar: Mirror, data: Path):
    assert roundtrip("pull", "amazon", "--data", data, "--check", "--append").returncode == 2
    done = roundtrip("pull", "amazn", "--data", data)
    assert done.returncode == 2 and "nearest is 'amazon'" in done.stderr
    (data / "filings.csv").unlink()
    assert "filings.csv has no rows" in roundtrip("pull", "amazon", "--data", data).stderr


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("member", "amzn:AmazonWebServicesSegmentMember *", "2 members for 1 axes"),
        ("unit", "pct", "aws_revenue is in usd_bn in metrics.csv, here in pct"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_a_problem_of_the_ledger(data: Path, column: str, value: str, message: str):
    line = change(data / "filings.csv", {"metric": "aws_revenue"}, column, value)
    (problem,) = check(data)
    assert (problem.file, problem.row, problem.column) == ("filings.csv", line, column) and message in problem.message


def figure(text: str, **attributes: str) -> inline.Fact:
    """A figure of a document that holds nothing else."""
    given = {"format": "ixt:num-dot-decimal", "decimals": "-6", "scale": "6"} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in given.items())
    page = (FILINGS / AMAZON).read_text(encoding="utf-8")
    head = page[: page.index("<table>")]
    fact = f'<p>We paid <ix:nonFraction name="us-gaap:A" contextRef="c-1" unitRef="usd" {written}>{text}</ix:nonFraction></p>'
    (found,) = inline.facts(inline.parse(f"{head}{fact}</body></html>".encode()))
    return found


@pytest.mark.parametrize(
    ("text", "attributes", "value", "precision"),
    [
        ("54,208", {}, "54208000000", "500000"),
        ("626", {"sign": "-"}, "-626000000", "500000"),
        ("24.1", {"scale": "9", "decimals": "-8"}, "24100000000", "50000000"),
        ("1.234,5", {"format": "ixt:num-comma-decimal", "scale": "0", "decimals": "1"}, "1234.5", "0.05"),
        ("—", {"format": "ixt:fixed-zero"}, "0", "500000"),
        ("7<ix:exclude>(a)</ix:exclude>&nbsp;", {"decimals": "INF"}, "7000000", "0"),
        ("25", {"scale": "-2", "decimals": "2"}, "0.25", "0.005"),
    ],
)
def test_a_figure_is_read_with_scale_sign_and_precision(
    text: str, attributes: dict[str, str], value: str, precision: str
):
    fact = figure(text, **attributes)
    assert (fact.value, fact.precision, fact.unit) == (Decimal(value), Decimal(precision), "USD")


@pytest.mark.parametrize("text", ["nine", "", "1.2.3"])
def test_what_is_no_number_is_not_taken_for_one(text: str):
    assert figure(text).value.is_nan()


LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<p>We sold to Acme Inc. Shares fell. We paid $<x/> billion in 2026. It was late.</p>",
            "We paid $5 billion in 2026.",
        ),
        ("<p>He said “we paid $<x/> billion”, and left</p>", "He said we paid $5 billion, and left."),
        (f"<p>{LONG}$<x/> billion {LONG}</p>", "... six seven"),
        ("<table><tr><td>Of which</td><td><div>$<x/></div></td></tr></table>", "Line of the filing: Of which."),
        ("<table><tr><td></td><td><div>$<x/></div></td></tr></table>", ""),
        ("<ix:header><ix:hidden>$<x/> billion of it was paid at once</ix:hidden></ix:header>", ""),
    ],
)
def test_a_figure_is_told_in_its_sentence_or_its_line(body: str, words: str):
    page = (FILINGS / AMAZON).read_text(encoding="utf-8")
    head = page[: page.index("<table>")]
    number = '<ix:nonFraction name="us-gaap:A" contextRef="c-1" unitRef="usd" scale="9">5</ix:nonFraction>'
    root = inline.parse(f"{head}{body.replace('<x/>', number)}</body></html>".encode())
    told = sentences.words(root, 0)
    assert words in told and (words != "" or told == "")
    assert len(told.removeprefix("Words: ").replace("...", "").split()) <= sentences.MAX_WORDS + 3


def test_an_8k_after_the_report_is_read_and_may_name_nothing(edgar: Mirror, data: Path):
    add_row(data / "entities.csv", {"entity": "coreweave"}, entity="example-cloud", name="Example Cloud", ticker="")
    at = {"entity": "coreweave", "metric": "rpo"}
    named = {"axis": "srt:MajorCustomersAxis", "member": "exmp:OpenAIGroupPBCMember"}
    add_row(data / "filings.csv", at, entity="example-cloud", filer="9999999001", metric="rpo_openai", **named)
    rows, said, code = pulled("example-cloud", data)
    assert code == 0 and rows["rpo_openai", "", "2026-06-30"]["value"] == "2.4", said
    assert [path.rpartition("/")[2] for _, path in edgar.asked][1:] == ["exmp-20260820.htm", "exmp-20260630.htm"]
