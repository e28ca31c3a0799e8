"""What a change of the ledger may not do, and what one table says against another."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import paths
from analysis.book.publishing import change_gate
from analysis.ledger import check
from tests.conftest import add_row, change, read_rows, roundtrip, write_rows
from tests.ledgers import FROZEN, SMALL

CORRECTIONS = [
    "### Corrections",
    "",
    "| table | row | column | old | new | why |",
    "| --- | --- | --- | --- | --- | --- |",
]
AWS = {"deal": "openai-aws-compute", "as_of": "2026-02-27"}


def told(copy: Path) -> list[str]:
    return [str(p) for p in change_gate.guard(str(FROZEN), copy).problems]


def read_row(path: Path, where: dict[str, str]) -> dict[str, str]:
    """The first row of a table that has some values."""
    header, *rows = read_rows(path)
    named = (dict(zip(header, row, strict=True)) for row in rows)
    return next(row for row in named if where.items() <= row.items())


def ltv_name(copy: Path) -> str:
    """What the changelog calls the row `LTV`."""
    row = read_row(copy / "metrics.csv", LTV)
    parts = (row[c] for c in ("entity", "metric", "start", "end", "basis", "by", "as_of"))
    return " / ".join(p for p in parts if p)


def test_the_ledger_passes_against_itself(copy: Path):
    assert told(copy) == []


def test_a_row_is_added_without_ado(copy: Path):
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-04-30", value="20.9", note="")
    assert told(copy) == []


@pytest.mark.parametrize(
    ("table", "where", "column", "value", "message"),
    [
        ("deals", AWS, "note", "other words", "'other words' was "),
        ("deals", AWS, "end", "2035-01-01", "'2035-01-01' was '2034-02-26'"),
        (
            "metrics",
            {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"},
            "value",
            "20.7",
            "20.7 was 20.6; a row is never edited",
        ),
        ("chips", {"chip": "H100"}, "tdp_w", "", "empty was 700"),
    ],
)
def test_an_edited_row_is_refused(copy: Path, table: str, where: dict, column: str, value: str, message: str):
    row = change(copy / f"{table}.csv", where, column, value)
    (problem,) = told(copy)
    assert problem.startswith(f"{table}.csv:{row}:{column}: ") and message in problem


def corrections(tmp_path: Path, *rows: str) -> Path:
    """A changelog that lists corrections: table | row | column | old | new | why."""
    lines = [*CORRECTIONS, *(f"| {row} |" for row in rows)]
    path = tmp_path / "changes.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_better_source_is_lawful_and_told(copy: Path):
    """The document behind the row and what its words raise; nothing of the fact."""
    row = read_row(copy / "deals.csv", AWS)
    change(copy / "deals.csv", AWS, "source", "openai-2025-09-22-nvidia-systems")
    change(copy / "deals.csv", AWS, "verified", "primary" if row["verified"] != "primary" else "multi")
    change(copy / "deals.csv", AWS, "note", row["note"] + " Words: eight years.")
    verdict = change_gate.guard(str(FROZEN), copy)
    assert (verdict.problems, verdict.lawful) == ([], ["deals.csv: 1 row with a better source or checked again"])


def test_a_better_source_hides_no_other_figure(copy: Path):
    change(copy / "deals.csv", AWS, "source", "openai-2025-09-22-nvidia-systems")
    line = change(copy / "deals.csv", AWS, "end", "2035-01-01")
    assert f"deals.csv:{line}:end" in [p.split(": ")[0] for p in told(copy)]


LTV = {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}


def test_a_listed_correction_is_lawful_and_told(copy: Path, tmp_path: Path):
    """An amount, and a day that stands in the key of the row."""
    name = ltv_name(copy)
    change(copy / "metrics.csv", LTV, "value", "20.7")
    change(copy / "metrics.csv", LTV, "as_of", "2026-02-13")
    log = corrections(
        tmp_path,
        f"metrics | {name} | value | 20.6 | 20.7 | misread",
        f"metrics | {name} | as_of | 2026-02-12 | 2026-02-13 | day",
    )
    verdict = change_gate.guard(str(FROZEN), copy, changelog=log)
    assert verdict.problems == []
    assert verdict.lawful == [
        f"corrected as listed: metrics: {name}: value: 20.6 is now 20.7",
        f"corrected as listed: metrics: {name}: as_of: 2026-02-12 is now 2026-02-13",
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "metrics | NAME | value | 20.6 | 20.8 | another value",
        "metrics | NAME | value | 20.5 | 20.7 | another old value",
        "metrics | softbank / no such row | value | 20.6 | 20.7 | another row",
        "deals | NAME | value | 20.6 | 20.7 | another table",
        "metrics | NAME | note | 20.6 | 20.7 | another column",
    ],
)
def test_a_correction_that_says_something_else_is_no_excuse(copy: Path, tmp_path: Path, entry: str):
    name = ltv_name(copy)
    row = change(copy / "metrics.csv", LTV, "value", "20.7")
    verdict = change_gate.guard(str(FROZEN), copy, changelog=corrections(tmp_path, entry.replace("NAME", name)))
    assert [(p.row, p.column) for p in verdict.problems] == [(row, "value")] and verdict.lawful == []


def test_a_table_elsewhere_in_the_changelog_lists_no_corrections(copy: Path, tmp_path: Path):
    change(copy / "metrics.csv", LTV, "value", "20.7")
    log = corrections(tmp_path, f"metrics | {ltv_name(copy)} | value | 20.6 | 20.7 | misread")
    log.write_text(log.read_text().replace("### Corrections", "### Other"))
    assert len(change_gate.guard(str(FROZEN), copy, changelog=log).problems) == 1


def test_nine_months_are_not_held_against_a_quarter(copy: Path):
    """Millions after billions are found between quarters; nine months of 30 after a quarter of 3 are no slip."""
    quarter = {"entity": "amazon", "metric": "net_income"}
    base = read_row(copy / "metrics.csv", quarter)
    common = {"note": "", "by": "nobody", "basis": base["basis"], "as_of": "2026-04-30"}
    add_row(copy / "metrics.csv", quarter, **common, start="2026-01-01", end="2026-03-31", value="3")
    add_row(copy / "metrics.csv", quarter, **common, start="2025-10-01", end="2026-06-30", value="30")
    assert told(copy) == []
    row = add_row(copy / "metrics.csv", quarter, **common, start="2026-04-01", end="2026-06-30", value="30")
    assert [p.split(": ")[0] for p in told(copy)] == [f"metrics.csv:{row}:value"]


def test_a_deleted_row_is_refused(copy: Path):
    rows = read_rows(copy / "terms.csv")
    write_rows(copy / "terms.csv", rows[:-1])
    (problem,) = told(copy)
    assert problem.startswith(
        f"terms.csv:{len(rows)}:term: the row '{rows[-1][0]} {rows[-1][1]}' was in line {len(rows)} and is gone"
    )


def test_a_registry_may_be_edited(copy: Path):
    change(copy / "entities.csv", {"entity": "openai"}, "note", "The laboratory.")
    assert told(copy) == []


@pytest.mark.parametrize(("value", "is_far"), [("100", False), ("200", True), ("4", True), ("5", False)])
def test_a_figure_far_from_the_one_before_is_looked_at_twice(copy: Path, value: str, is_far: bool):
    """SoftBank's loan-to-value was 20.6: five times it is 103, a fifth of it 4.12."""
    row = add_row(
        copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-04-30", value=value, note=""
    )
    problems = told(copy)
    assert bool(problems) == is_far
    if is_far:
        assert (
            problems[0].startswith(f"metrics.csv:{row}:value: {value} is ")
            and "times the 20.6 before it" in problems[0]
        )
        rows = read_rows(copy / "metrics.csv")
        rows[row - 1][rows[0].index("note")] = "Reviewed: the filing says so."
        write_rows(copy / "metrics.csv", rows)
        assert told(copy) == []


def test_a_new_period_is_held_against_the_one_before(copy: Path):
    """Millions in a column of billions: Oracle's backlog 553,000 after 553."""
    row = add_row(
        copy / "metrics.csv",
        {"entity": "oracle", "metric": "rpo"},
        end="2026-05-31",
        as_of="2026-06-12",
        value="553000",
        note="",
    )
    assert [p.split(": ")[0] for p in told(copy)] == [f"metrics.csv:{row}:value"]


def test_a_key_result_that_moves_too_far_needs_a_second_look(copy: Path):
    """600 instead of 138: less than five times the deal, more than one and a half times all commitments."""
    row = add_row(
        copy / "deals.csv",
        {"deal": "openai-aws-compute"},
        as_of="2026-04-01",
        low_usd_bn="600",
        high_usd_bn="600",
        note="",
    )
    problems = told(copy)
    assert problems and all(p.startswith(f"deals.csv:{row}:deal: ") and "more than 1.5 times" in p for p in problems)
    assert any("its suppliers: its priced orders moves from US$698–720.4bn or more to US$1,1" in p for p in problems)
    assert change_gate.guard(str(FROZEN), copy, factor=20).problems == []
    rows = read_rows(copy / "deals.csv")
    rows[row - 1][rows[0].index("note")] = "Expanded again (reviewed)."
    write_rows(copy / "deals.csv", rows)
    assert told(copy) == []


def test_a_deal_told_twice_is_found(copy: Path):
    row = add_row(copy / "deals.csv", {"deal": "openai-aws-compute"}, deal="openai-amazon-cloud", note="")
    assert any(
        p.startswith(f"deals.csv:{row}:deal: looks like a duplicate of 'openai-aws-compute'") for p in told(copy)
    )


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "is empty; a new source needs a link"),
        ("http://localhost/page", "leads to no public host"),
        ("https://10.0.0.1/page", "leads to no public host"),
        ("https://intranet/page", "leads to no public host"),
        ("https://user:secret@example.org/", "holds a user name"),
        ("https://[broken/", "is not an address"),
    ],
)
def test_a_source_that_is_no_link_is_refused(copy: Path, url: str, message: str):
    rows = read_rows(copy / "sources.csv")
    new = dict(zip(rows[0], rows[1], strict=True)) | {"source": "new-2026", "url": url}
    write_rows(copy / "sources.csv", [*rows, list(new.values())])
    (problem,) = told(copy)
    assert problem.startswith(f"sources.csv:{len(rows) + 1}:url: ") and message in problem


@pytest.mark.parametrize(
    ("note", "is_quote"),
    [
        ('He said "we will pay all of it"', True),
        ("He said “we will pay all of it”", True),
        ("It says ‘we will pay all of it’ today", True),
        ('Known as "Project Jupiter"', False),
        ("The lender's share isn't in the company's accounts' notes", False),
        ("About 45%, i.e. about $281bn", False),
    ],
)
def test_a_note_quotes_nobody(copy: Path, note: str, is_quote: bool):
    add_row(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-04-30", value="20.9", note=note)
    assert any("quotes somebody" in p for p in told(copy)) == is_quote


def test_against_a_revision(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    root = tmp_path / "repository"
    shutil.copytree(copy, root / "data")
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "facts"]):
        subprocess.run([*git, *arguments], check=True)
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setattr(paths, "DATA", root / "data")
    assert change_gate.guard("HEAD").problems == []
    row = change(
        root / "data" / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "value", "20.7"
    )
    assert [p.row for p in change_gate.guard("HEAD").problems] == [row]
    for wrong in ("nowhere", "--output=/tmp/x", "HEAD:data", ""):
        with pytest.raises(ValueError, match="neither a directory nor a revision"):
            change_gate.guard(wrong)
    with pytest.raises(ValueError, match="is not in this repository"):
        change_gate.guard("HEAD", copy)


# A revision is read by its own schema


SCHEMA = "datapackage.json"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A directory with the ledger and its schema as they were before the change that a test makes in ``copy``."""
    shutil.copytree(FROZEN, tmp_path / "old")
    return Path(shutil.copy(paths.SCHEMA, tmp_path / "old" / SCHEMA)).parent


def edit_schema(directory: Path, edit: Callable[[dict[str, dict]], object]) -> None:
    """Change the tables that a schema describes, by name."""
    package = json.loads((directory / SCHEMA).read_text(encoding="utf-8"))
    named = {raw["name"]: raw for raw in package["resources"]}
    edit(named)
    (directory / SCHEMA).write_text(json.dumps(package | {"resources": list(named.values())}), encoding="utf-8")


def drop_column(directory: Path, table: str, column: str) -> None:
    """Make a ledger from before a column was added: neither the schema nor the file has it."""

    def edit(named: dict[str, dict]) -> None:
        schema = named[table]["schema"]
        schema["fields"] = [f for f in schema["fields"] if f["name"] != column]

    edit_schema(directory, edit)
    rows = read_rows(directory / f"{table}.csv")
    at = rows[0].index(column)
    write_rows(directory / f"{table}.csv", [r[:at] + r[at + 1 :] for r in rows])


def add_column(directory: Path, table: str, column: str) -> None:
    """Make a ledger from before a column was removed."""
    field = {"name": column, "type": "string"}
    edit_schema(directory, lambda named: named[table]["schema"]["fields"].append(field))
    rows = read_rows(directory / f"{table}.csv")
    write_rows(directory / f"{table}.csv", [[*r, column if i == 0 else "x"] for i, r in enumerate(rows)])


def problems_against(old: Path, copy: Path) -> list[str]:
    return [str(p) for p in change_gate.guard(str(old), copy).problems]


def test_a_column_may_be_added_with_values_in_old_rows(copy: Path, old: Path):
    drop_column(old, "deals", "parts")
    assert any(r[-1] for r in read_rows(copy / "deals.csv")[1:])
    assert problems_against(old, copy) == []


def test_an_amount_cut_beside_an_added_column_is_refused(copy: Path, old: Path):
    """The change that once went through: a column is added, 250 becomes 25, and a row of another table is gone."""
    drop_column(old, "deals", "parts")
    cut = change(copy / "deals.csv", {"deal": "openai-azure-compute", "as_of": "2026-02-27"}, "low_usd_bn", "25")
    rows = read_rows(copy / "metrics.csv")
    write_rows(copy / "metrics.csv", [*rows[:5], *rows[6:]])
    problems = problems_against(old, copy)
    assert [p for p in problems if p.startswith(f"deals.csv:{cut}:low_usd_bn: 25 was 250; a row is never edited")]
    assert [p for p in problems if p.startswith("metrics.csv:6:entity: the row ") and "is gone" in p]


def test_a_row_deleted_beside_an_added_column_is_refused(copy: Path, old: Path):
    drop_column(old, "deals", "parts")
    rows = read_rows(copy / "deals.csv")
    write_rows(copy / "deals.csv", rows[:-1])
    assert any(
        p.startswith(f"deals.csv:{len(rows)}:deal: the row '{rows[-1][0]} ") for p in problems_against(old, copy)
    )


def test_a_column_that_disappears_is_refused(copy: Path, old: Path):
    add_column(old, "metrics", "footnote")
    assert problems_against(old, copy) == [
        f"metrics.csv:1:footnote: the column 'footnote' of {old} is gone; put it back, empty where nothing is known"
    ]


def test_a_table_that_disappears_is_refused(copy: Path, old: Path):
    edit_schema(old, lambda named: named.update(rents=named["prices"] | {"name": "rents", "path": "rents.csv"}))
    shutil.copy(old / "prices.csv", old / "rents.csv")
    assert problems_against(old, copy) == [
        f"rents.csv:1:-: the table 'rents' of {old} is gone from the schema; put it back"
    ]


def test_a_table_that_is_no_longer_append_only_is_refused(copy: Path, old: Path):
    edit_schema(old, lambda named: named["checks"].update(appendOnly=True))
    row = change(copy / "checks.csv", {"check": "aws-contract"}, "note", "other words")
    problems = problems_against(old, copy)
    assert problems[0].startswith(f"checks.csv:1:-: its rows were append-only in {old} and no longer are")
    assert problems[1].startswith(f"checks.csv:{row}:note: 'other words' was ")


def test_a_registry_that_loses_all_rows_is_refused(copy: Path, old: Path):
    rows = read_rows(copy / "vintages.csv")
    (copy / "vintages.csv").unlink()
    assert problems_against(old, copy) == [
        f"vintages.csv:1:-: the table had {len(rows) - 1} rows in {old} and has none; put them back"
    ]


@pytest.mark.parametrize(
    ("spoil", "start"),
    [
        (lambda d: (d / "deals.csv").unlink(), "deals.csv:1:-: the table of {} cannot be read"),
        (lambda d: (d / "terms.csv").write_text(""), "terms.csv:1:-: the table of {} cannot be read"),
        (lambda d: (d / SCHEMA).write_text("{"), "datapackage.json:1:-: the schema of {} cannot be read"),
        (lambda d: (d / SCHEMA).write_text("[]"), "datapackage.json:1:-: the schema of {} cannot be read"),
        (lambda d: drop_column_of_file(d, "prices", "region"), "prices.csv:1:region: the table of {} cannot be read"),
    ],
    ids=["no file", "empty file", "no JSON", "no tables", "a file that does not fit its schema"],
)
def test_what_cannot_be_compared_is_refused(copy: Path, old: Path, spoil: Callable[[Path], object], start: str):
    spoil(old)
    (problem,) = problems_against(old, copy)
    assert problem.startswith(start.format(old))


def drop_column_of_file(directory: Path, table: str, column: str) -> None:
    rows = read_rows(directory / f"{table}.csv")
    at = rows[0].index(column)
    write_rows(directory / f"{table}.csv", [r[:at] + r[at + 1 :] for r in rows])


def test_an_old_value_that_cannot_be_read_is_refused(copy: Path, old: Path):
    """What was '25O' cannot be told from empty, so that emptying the cell would pass."""
    row = change(old / "sites.csv", {"site": "saline", "as_of": "2025-12-17"}, "live_gw", "O.1")
    problems = problems_against(old, copy)
    assert (
        f"sites.csv:{row}:live_gw: 'O.1' was in line {row} of {old} and is no number; it cannot be compared" in problems
    )


def test_a_key_that_has_grown_still_finds_the_old_rows(copy: Path, old: Path):
    """Before figures were told apart by their first day: a quarter and a year that end together share a key."""

    def without_start(named: dict[str, dict]) -> None:
        schema = named["metrics"]["schema"]
        schema["primaryKey"] = [c for c in schema["primaryKey"] if c != "start"]

    edit_schema(old, without_start)
    assert problems_against(old, copy) == []
    row = change(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "value", "20.7")
    assert [p for p in problems_against(old, copy) if p.startswith(f"metrics.csv:{row}:value: 20.7 was 20.6")]


def test_a_type_that_has_changed_is_compared_as_text(copy: Path, old: Path):
    def text_for_numbers(named: dict[str, dict]) -> None:
        field = next(f for f in named["metrics"]["schema"]["fields"] if f["name"] == "value")
        field["type"] = "string"
        del field["constraints"]

    edit_schema(old, text_for_numbers)
    assert problems_against(old, copy) == []
    row = change(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "value", "20.7")
    assert any(p.startswith(f"metrics.csv:{row}:value: 20.7 was '20.6'") for p in problems_against(old, copy))


def test_the_command_says_what_and_exits_with_one(copy: Path):
    row = change(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "value", "20.7")
    command = ["check", "--data", copy, "--against"]
    done = roundtrip(*command, FROZEN)
    assert done.returncode == 1 and done.stdout.startswith(f"metrics.csv:{row}:value: 20.7 was 20.6"), done.stderr
    assert roundtrip(*command, "nowhere").returncode == 2


# One table against another


def test_stakes_of_one_day_add_up_to_a_hundred_at_most(copy: Path):
    """Microsoft 27, foundation 26, others 47: one point more is too much."""
    row = change(copy / "metrics.csv", {"entity": "openai-foundation", "metric": "stake_pct_of_openai"}, "value", "27")
    last = max(
        i
        for i, r in enumerate(read_rows(copy / "metrics.csv"), 1)
        if r[1] == "stake_pct_of_openai" and r[3] == "2025-10-28"
    )
    problems = [str(p) for p in check(copy)]
    assert row <= last and len(problems) == 1
    assert problems[0].startswith(f"metrics.csv:{last}:value: stake_pct_of_openai on 2025-10-28 adds up to 101%")


@pytest.mark.parametrize(
    ("metric", "value", "message"),
    [
        ("rpo_openai", "626", "is above the whole, 625"),
        ("rpo_openai", "250", "is not 45% of 625"),
        ("openai_share_of_rpo", "54", "is not 54% of 625"),
    ],
)
def test_a_share_of_a_backlog_agrees_with_it(copy: Path, metric: str, value: str, message: str):
    change(copy / "metrics.csv", {"entity": "microsoft", "metric": metric}, "value", value)
    assert any(message in str(p) for p in check(copy))


def test_a_backlog_holds_what_was_just_signed(copy: Path):
    """300 signed with Oracle in the summer before; a backlog of 200 from OpenAI in November would be too small."""
    row = change(copy / "metrics.csv", {"entity": "oracle", "metric": "rpo_openai"}, "value", "200")
    (problem,) = [str(p) for p in check(copy)]
    assert problem.startswith(
        f"metrics.csv:{row}:value: 200 of oracle's backlog on 2025-11-30 is less than 75% of the 300"
    )


def test_a_deal_has_no_more_power_than_the_site_it_names(copy: Path):
    row = change(copy / "deals.csv", {"deal": "saline-debt", "as_of": "2026-03-31"}, "gw", "10")
    (problem,) = [str(p) for p in check(copy)]
    assert (
        problem
        == f"deals.csv:{row}:gw: 10 GW, but the site that saline-debt names plans 1; correct the deal or the site"
    )


def test_rented_sites_fit_into_what_was_announced(copy: Path):
    row = change(copy / "sites.csv", {"site": "argentina"}, "planned_gw", "40")
    assert any(str(p).startswith(f"sites.csv:{row}:planned_gw: sites rented by openai plan ") for p in check(copy))


def test_live_power_is_no_more_than_planned(copy: Path):
    row = change(copy / "sites.csv", {"site": "saline", "as_of": "2025-12-17"}, "live_gw", "2")
    assert [str(p) for p in check(copy)] == [f"sites.csv:{row}:live_gw: live 2 GW is above the planned 1"]


# Within a table


def test_units_and_parents(copy: Path):
    row = change(copy / "metrics.csv", {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}, "unit", "ratio")
    assert any(
        str(p).startswith(f"metrics.csv:{row}:unit: 'ratio' but 'pct' in the first row of this metric")
        for p in check(copy)
    )
    row = change(copy / "deals.csv", AWS, "part_of", "openai-azure-compute")
    assert any(
        str(p).startswith(f"deals.csv:{row}:part_of: 'openai-azure-compute' has the role payment") for p in check(copy)
    )


def test_a_scenario_names_only_what_the_central_one_has(copy: Path):
    rows = read_rows(copy / "assumptions.csv")
    write_rows(copy / "assumptions.csv", [*rows, ["slow", "take_upp", *rows[-1][2:]]])
    (problem,) = [str(p) for p in check(copy)]
    assert problem.startswith(
        f"assumptions.csv:{len(rows) + 1}:parameter: 'take_upp' is not in the scenario central; nearest is 'take_up'"
    )


# Predictions are locked


LOCKED = {"as_of": "2026-03-01", "metric": "compute_spend"}


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A copy of the ledger that has predictions."""
    return Path(shutil.copytree(SMALL, tmp_path / "locked", ignore=shutil.ignore_patterns("expected.csv", "*.md")))


def test_a_prediction_is_never_edited(locked: Path, tmp_path: Path):
    """Not even by a correction that the changelog lists."""
    line = change(locked / "predictions.csv", LOCKED, "p50", "31")
    name = "2026-03-01 / openai / compute_spend / plan / 2026-01-01 / 2026-12-31"
    log = corrections(tmp_path, f"predictions | {name} | p50 | 30 | 31 | better code")
    (problem,) = change_gate.guard(str(SMALL), locked, changelog=log).problems
    assert str(problem).startswith(f"predictions.csv:{line}:p50: 31 was 30")


def test_a_prediction_is_never_deleted(locked: Path):
    write_rows(locked / "predictions.csv", read_rows(locked / "predictions.csv")[:-1])
    (problem,) = change_gate.guard(str(SMALL), locked).problems
    assert "is gone" in str(problem)
    (locked / "predictions.csv").unlink()
    assert any("has none; put them back" in str(p) for p in change_gate.guard(str(SMALL), locked).problems)


def test_nothing_is_predicted_for_a_day_that_is_locked(locked: Path):
    line = add_row(locked / "predictions.csv", LOCKED, metric="revenue", case="")
    (problem,) = change_gate.guard(str(SMALL), locked).problems
    assert str(problem).startswith(f"predictions.csv:{line}:as_of: '2026-03-01' is not after '2026-03-01'")


def test_a_prediction_that_knew_more_than_its_day_is_a_hindcast(locked: Path):
    add_row(locked / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-04-30", value="20.9", note="")
    line = add_row(locked / "predictions.csv", LOCKED, as_of="2026-04-01", metric="revenue", case="")
    (problem,) = change_gate.guard(str(SMALL), locked).problems
    assert (
        str(problem)
        == f"predictions.csv:{line}:made: 'then', but the ledger knows facts of 2026-04-30; it is a 'hindcast'"
    )
    change(locked / "predictions.csv", {"as_of": "2026-04-01"}, "made", "hindcast")
    assert change_gate.guard(str(SMALL), locked).problems == []


def test_a_new_day_is_predicted(locked: Path):
    add_row(locked / "metrics.csv", {"entity": "softbank", "metric": "ltv"}, as_of="2026-04-30", value="20.9", note="")
    add_row(locked / "predictions.csv", LOCKED, as_of="2026-04-30", metric="revenue", case="")
    assert change_gate.guard(str(SMALL), locked).problems == []
