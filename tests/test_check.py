"""Bad ledgers are refused with file:row:column and a sentence; odd but clear ones are read."""

import subprocess
from pathlib import Path

import pytest

from analysis import paths
from analysis.ledger import Ledger, LedgerError, check
from analysis.ledger.identities import arithmetic
from tests.conftest import EXECUTABLE, add_row, change, read_rows, roundtrip, write_rows

AWS = {"deal": "openai-aws-compute", "as_of": "2026-02-27"}


def test_the_ledger_has_no_problem():
    assert check() == []


def test_frictionless_agrees_that_the_ledger_is_sound():
    from frictionless import validate

    report = validate(str(paths.SCHEMA))
    assert report.valid, report.flatten(["type", "rowNumber", "note"])[:5]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("as_of", "2026-02-30", "is not a day; write it as YYYY-MM-DD"),
        ("as_of", "27/02/2026", "is not a day; write it as YYYY-MM-DD"),
        ("low_usd_bn", "1,138", "is not a number; the comma is ambiguous: write 1138 or 1.138"),
        ("low_usd_bn", "1,5", "is not a number; write it as 1.5"),
        ("low_usd_bn", "1.234,56", "is not a number; write it as 1234.56"),
        ("low_usd_bn", "1,234.56", "is not a number; write it as 1234.56"),
        ("low_usd_bn", "1.234.567", "is not a number; write it as 1234567"),
        ("low_usd_bn", "1'234", "is not a number; write it as 1234"),
        ("low_usd_bn", "$250", "is not a number; write it as 250"),
        ("low_usd_bn", "$138", "is not a number; write it as 138"),
        ("low_usd_bn", "1e2", "is not a number"),
        ("low_usd_bn", "NaN", "is not a number"),
        ("low_usd_bn", "-1", "is below the smallest allowed, 0"),
        ("low_usd_bn", "139", "low_usd_bn 139 is above high_usd_bn 138"),
        ("start", "2035-01-01", "start 2035-01-01 is above end 2034-02-26"),
        ("payee", "amazn", "'amazn' is not in entities; nearest is 'amazon'"),
        ("source", "nobody-2026", "'nobody-2026' is not in sources"),
        ("status", "sgined", "is not one of reported, announced, signed"),
        ("role", "", "is empty; it needs a value"),
        ("part_of", "no-such-round", "'no-such-round' is not in deals"),
        ("note", " led by a space", "has a space at an end"),
        ("note", "right\u202eto left", "holds an invisible or control character"),
    ],
)
def test_a_bad_value_is_named_with_its_place(copy: Path, column: str, value: str, message: str):
    row = change(copy / "deals.csv", AWS, column, value)
    problems = [str(p) for p in check(copy)]
    assert any(p.startswith(f"deals.csv:{row}:{column}: ") and message in p for p in problems), problems


def test_two_companies_of_one_name_are_named(copy: Path):
    with (copy / "entities.csv").open("a") as handle:
        handle.write("oracle-two,ORACLE,cloud,US,,\n")
    assert any("name: 'ORACLE' is the name of row" in str(p) for p in check(copy))


def test_a_day_long_after_every_source_is_named(copy: Path):
    row = change(copy / "deals.csv", AWS, "as_of", "2062-09-01")
    assert any(f"deals.csv:{row}:as_of: 2062-09-01 is long after the newest source" in str(p) for p in check(copy))


def test_a_deal_without_a_name_is_told_once_and_not_as_the_whole_of_every_other(copy: Path):
    row = change(copy / "deals.csv", AWS, "deal", "")
    ours = [str(p) for p in check(copy) if p.file == "deals.csv"]
    assert ours == [f"deals.csv:{row}:deal: is empty; it needs a value (Key of the deal)"]


def test_payer_and_payee_must_differ(copy: Path):
    row = change(copy / "deals.csv", AWS, "payee", "openai")
    assert f"deals.csv:{row}:payee: payee 'openai' is the same as payer; they must differ" in map(str, check(copy))


def test_a_key_may_stand_once_a_day(copy: Path):
    rows = read_rows(copy / "deals.csv")
    write_rows(copy / "deals.csv", [*rows, rows[5]])
    problems = [str(p) for p in check(copy)]
    assert any(
        p.startswith(f"deals.csv:{len(rows) + 1}:deal: ") and "has the same deal and as_of as row 6" in p
        for p in problems
    )


def test_a_site_may_be_paused_and_plan_less_than_a_deal_once_named(copy: Path):
    """The deal keeps the gigawatts of its day: a plan that shrinks is no slip of the unit."""
    add_row(copy / "sites.csv", {"site": "saline"}, as_of="2026-04-01", planned_gw="0.5", status="paused")
    assert check(copy) == []


def test_prices_by_reservation_have_the_names_that_providers_give(copy: Path):
    new = {"instance": "Standard_ND96isr_H100_v5", "pricing": "reserved_3y", "as_of": "2026-04-01"}
    add_row(copy / "prices.csv", {"instance": "p5.48xlarge", "pricing": "on_demand"}, **new)
    assert check(copy) == []


def test_new_knowledge_stands_below_the_old(copy: Path):
    rows = read_rows(copy / "deals.csv")
    at = [i for i, r in enumerate(rows) if r[0] == "openai-aws-compute"]
    rows[at[0]], rows[at[1]] = rows[at[1]], rows[at[0]]
    write_rows(copy / "deals.csv", rows)
    problems = [str(p) for p in check(copy)]
    assert any(
        p.startswith(f"deals.csv:{at[1] + 1}:as_of: '2025-11-03' is earlier than the row above") for p in problems
    ), problems


def test_a_total_must_agree_with_its_parts(copy: Path):
    row = change(copy / "deals.csv", {"deal": "openai-round-2026", "as_of": "2026-03-31"}, "low_usd_bn", "132")
    change(copy / "deals.csv", {"deal": "openai-round-2026", "as_of": "2026-03-31"}, "high_usd_bn", "132")
    problems = [str(p) for p in check(copy)]
    assert problems == [
        f"deals.csv:{row}:low_usd_bn: total 132 to 132 but its parts on 2026-03-31 add up to 87 to 122; correct the"
        " part or the total"
    ]


def test_an_identity_must_hold(copy: Path):
    row = change(copy / "checks.csv", {"check": "aws-contract"}, "published", "139")
    assert [str(p) for p in check(copy)] == [
        f"checks.csv:{row}:published: 38+100 is 138, published 139, more than 0.01 apart"
    ]


@pytest.mark.parametrize(
    "formula", ["__import__('os')", "1 if 1 else 2", "2**9", "a+1", "1/0", "(" * 300 + "1" + ")" * 300, ""]
)
def test_only_plain_arithmetic_is_computed(formula: str):
    with pytest.raises(ValueError, match=r"arithmetic|cannot be computed|too long"):
        arithmetic(formula)


def test_arithmetic_by_hand():
    assert arithmetic("100*(35-10)/35") == pytest.approx(71.428571, abs=1e-6)
    assert arithmetic("-0.362-10") == pytest.approx(-10.362)


def spoil_missing(d: Path) -> None:
    (d / "terms.csv").unlink()


def spoil_unknown_column(d: Path) -> None:
    rows = read_rows(d / "terms.csv")
    write_rows(d / "terms.csv", [[*r, "extra" if i == 0 else ""] for i, r in enumerate(rows)])


def remove_column(path: Path, column: str) -> None:
    rows = read_rows(path)
    at = rows[0].index(column)
    write_rows(path, [r[:at] + r[at + 1 :] for r in rows])


def spoil_missing_column(d: Path) -> None:
    remove_column(d / "terms.csv", "note")


def spoil_open_quote(d: Path) -> None:
    lines = (d / "terms.csv").read_text(encoding="utf-8").split("\n")
    lines[3] += ',"never closed'
    (d / "terms.csv").write_text("\n".join(lines), encoding="utf-8")


def spoil_bytes(d: Path) -> None:
    lines = (d / "terms.csv").read_bytes().split(b"\n")
    lines[6] += b"\xff"
    (d / "terms.csv").write_bytes(b"\n".join(lines))


def spoil_nothing_at_all(d: Path) -> None:
    (d / "terms.csv").write_text("")


def spoil_no_deals(d: Path) -> None:
    write_rows(d / "deals.csv", read_rows(d / "deals.csv")[:1])


def spoil_ragged(d: Path) -> None:
    lines = (d / "terms.csv").read_text(encoding="utf-8").split("\n")
    lines[4] = "only,three,fields"
    (d / "terms.csv").write_text("\n".join(lines), encoding="utf-8")


def spoil_blank_line(d: Path) -> None:
    lines = (d / "terms.csv").read_text(encoding="utf-8").split("\n")
    (d / "terms.csv").write_text("\n".join([*lines[:2], "", *lines[2:]]), encoding="utf-8")


FILES = [
    (spoil_missing, "terms.csv:1:-: the file is missing"),
    (spoil_unknown_column, "terms.csv:1:extra: unknown column 'extra'"),
    (spoil_missing_column, "terms.csv:1:note: column 'note' is missing"),
    (spoil_open_quote, "terms.csv:4:last_checked: a quote is opened and never closed on this line"),
    (spoil_bytes, "terms.csv:7:-: byte 0xff is not UTF-8"),
    (spoil_nothing_at_all, "terms.csv:1:-: the file is empty"),
    (spoil_no_deals, "deals.csv:2:deal: the table has no rows; it needs at least 1"),
    (spoil_ragged, "terms.csv:5:topic: 3 fields where the header has 11"),
    (spoil_blank_line, "terms.csv:3:-: an empty line; delete it"),
]


@pytest.mark.parametrize(("spoil", "start"), FILES, ids=[f[0].__name__ for f in FILES])
def test_a_bad_file_is_named_with_its_place(copy: Path, spoil, start: str):
    spoil(copy)
    problems = [str(p) for p in check(copy)]
    assert any(p.startswith(start) for p in problems), problems
    with pytest.raises(LedgerError, match=start.split(":")[0]):
        Ledger.load(copy)


def test_a_file_may_do_without_an_optional_column(copy: Path, ledger: Ledger):
    for column in ("state", "holder"):
        remove_column(copy / "terms.csv", column)
    assert check(copy) == []
    terms = Ledger.load(copy).terms
    assert set(terms["state"]) == set(terms["holder"]) == {""}
    assert terms["after"].equals(ledger.terms["after"])


def test_a_deal_without_its_column_of_parts_is_refused(copy: Path):
    """Only columns that the schema calls optional may be left out: without this one no total would be checked."""
    remove_column(copy / "deals.csv", "parts")
    assert next(map(str, check(copy))).startswith("deals.csv:1:parts: column 'parts' is missing")


def test_columns_are_filled_together_or_not_at_all(copy: Path):
    where = {"term": "cloud-exclusivity", "as_of": "2019-07-22"}
    row = change(copy / "terms.csv", where, "holder", "")
    (problem,) = map(str, check(copy))
    assert problem == f"terms.csv:{row}:holder: is empty; state and holder are filled together or not at all"


def test_a_right_with_a_state_keeps_stating_it(copy: Path):
    where = {"term": "api-exclusivity", "as_of": "2026-03-18"}
    row = change(copy / "terms.csv", where, "state", "")
    change(copy / "terms.csv", where, "holder", "")
    (problem,) = map(str, check(copy))
    assert problem == f"terms.csv:{row}:state: is empty; earlier rows of this term have a state, so say what it is now"


def test_all_problems_are_told_at_once(copy: Path):
    spoil_bytes(copy)
    change(copy / "deals.csv", AWS, "status", "sgined")
    change(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "value", "many")
    assert {str(p).split(":")[0] for p in check(copy)} == {"terms.csv", "deals.csv", "metrics.csv"}


def test_crlf_and_byte_order_mark_are_read(copy: Path, ledger: Ledger):
    text = (copy / "deals.csv").read_bytes()
    (copy / "deals.csv").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert check(copy) == []
    assert Ledger.load(copy).deals.equals(ledger.deals)


def test_markup_in_a_note_is_data(copy: Path):
    change(copy / "deals.csv", AWS, "note", "<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in set(Ledger.load(copy).deals["note"])


def test_the_command_prints_places_and_exits_with_one(copy: Path):
    row = change(copy / "deals.csv", AWS, "low_usd_bn", "1,138")
    done = subprocess.run([*EXECUTABLE, "check", "--data", str(copy)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith(f"deals.csv:{row}:low_usd_bn: '1,138' is not a number")
    assert "Traceback" not in done.stderr


def test_a_directory_that_is_not_there(tmp_path: Path):
    done = roundtrip("check", "--data", tmp_path / "nowhere")
    assert done.returncode == 1 and "is not a directory" in done.stdout


def test_every_table_survives_being_reduced_to_its_header(copy: Path):
    """Tables that others refer to are refused with a place; none of it may end in an exception."""
    for file in sorted(copy.glob("*.csv")):
        whole = file.read_text(encoding="utf-8")
        write_rows(file, read_rows(file)[:1])
        for problem in check(copy):
            assert problem.file and problem.row >= 1 and problem.column
        file.write_text(whole, encoding="utf-8")


def test_a_package_without_rows_of_a_kind_is_read(three_rows: Path):
    assert check(three_rows) == []
    assert len(Ledger.load(three_rows).deals) == 3


def test_a_ledger_needs_no_more_than_its_tables(copy: Path):
    assert {p.suffix for p in copy.iterdir()} == {".csv"}, "not the schema"
    assert check(copy) == []
