"""The ledger room in detail: schema, wording of problems, what the guard, compare and the reading log report."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import paths
from analysis.ledger import Ledger, LedgerError, Problem, check, guard, reading_log, schema
from analysis.ledger.compare import compare
from tests.conftest import change, read_rows, shell_id, write_rows
from tests.ledgers import FROZEN

DAY = pd.Timestamp


AWS = {"deal": "openai-aws-compute", "as_of": "2026-02-27"}


LTV = {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}


def test_the_schema_holds_every_property_of_datapackage_json():
    """Compared property by property with the file, read without the package."""
    read = schema.read_schema(paths.SCHEMA)
    package = json.loads(paths.SCHEMA.read_text(encoding="utf-8"))
    assert [*read] == [r["name"] for r in package["resources"]]
    for raw in package["resources"]:
        table, own = read[raw["name"]], raw["schema"]
        assert (table.title, table.description, table.file) == (raw["title"], raw["description"], raw["path"])
        assert (table.is_append_only, table.is_locked, table.is_optional) == tuple(
            raw.get(name) is True for name in ("appendOnly", "locked", "optional")
        )
        assert (table.primary_key, table.min_rows) == (tuple(own["primaryKey"]), raw.get("minRows", 0))
        assert [list(p) for p in table.ordered] == raw.get("ordered", []) and [
            list(p) for p in table.distinct
        ] == raw.get("distinct", [])
        assert [{"key": [*k], "columns": [*c]} for k, c in table.steady] == raw.get("steady", [])
        assert ([[*c] for c in table.together], [*table.lasting]) == (raw.get("together", []), raw.get("lasting", []))
        for ref, written in zip(table.references, own.get("foreignKeys", []), strict=True):
            there = written["reference"]
            assert ([ref.column], ref.table, [ref.key]) == (
                written["fields"],
                there["resource"] or raw["name"],
                there["fields"],
            )
        for field, written in zip(table.fields, own["fields"], strict=True):
            rules = written.get("constraints", {})
            assert (field.name, field.type) == (written["name"], written["type"])
            assert (field.unit, field.description) == (written.get("unit", ""), written.get("description", ""))
            assert (field.pattern, [*field.enum]) == (rules.get("pattern", ""), rules.get("enum", []))
            assert (field.required, field.minimum, field.maximum) == (
                rules.get("required") is True,
                rules.get("minimum"),
                rules.get("maximum"),
            )
            assert (field.list_of, field.is_optional) == (written.get("listOf"), written.get("optional") is True)


def test_a_schema_without_optional_properties_is_read(tmp_path: Path):
    bare = {
        "name": "t",
        "title": "T",
        "description": "D",
        "path": "t.csv",
        "schema": {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["a"]},
    }
    (tmp_path / "package.json").write_text(json.dumps({"resources": [bare]}))
    (table,) = schema.read_schema(tmp_path / "package.json").values()
    assert table == schema.Table(
        "t",
        "T",
        "D",
        "t.csv",
        (schema.Field("a", "string", "", False, (), "", None, None, None, ""),),
        ("a",),
        (),
        False,
        False,
        (),
        (),
        (),
        (),
        (),
        0,
        False,
    )
    assert table.columns == table.key == ("a",)


SENTENCES = [
    (
        "deals",
        AWS,
        {"payee": "amazn"},
        "payee: 'amazn' is not in entities; nearest is 'amazon'; add it there or correct it",
    ),
    ("deals", AWS, {"payee": "zzz"}, "payee: 'zzz' is not in entities; add it there or correct it"),
    ("deals", AWS, {"source": "nobody"}, "source: 'nobody' is not in sources; add it there or correct it"),
    ("deals", AWS, {"low_usd_bn": "139"}, "low_usd_bn: low_usd_bn 139 is above high_usd_bn 138; swap or correct them"),
    ("deals", AWS, {"start": "2035-01-01"}, "start: start 2035-01-01 is above end 2034-02-26; swap or correct them"),
    ("deals", AWS, {"payee": "openai"}, "payee: payee 'openai' is the same as payer; they must differ"),
    (
        "deals",
        AWS,
        {"low_usd_bn": "1,138"},
        "low_usd_bn: '1,138' is not a number; the comma is ambiguous: write 1138 or 1.138",
    ),
    (
        "deals",
        AWS,
        {"low_usd_bn": "many"},
        "low_usd_bn: 'many' is not a number; write digits with an optional point, "
        "no thousands separator, sign +, exponent or unit",
    ),
    ("deals", AWS, {"low_usd_bn": "-1"}, "low_usd_bn: '-1' is below the smallest allowed, 0 US$ bn, nominal"),
    ("deals", AWS, {"as_of": "27/02/2026"}, "as_of: '27/02/2026' is not a day; write it as YYYY-MM-DD"),
    ("deals", AWS, {"note": " x"}, "note: ' x' has a space at an end; remove it"),
    ("deals", AWS, {"note": "=1+1"}, "note: '=1+1' begins like a spreadsheet formula; begin with a word"),
    (
        "deals",
        AWS,
        {"note": "cafÃ©"},
        "note: 'caf\\xc3\\xa9' looks like UTF-8 that was read as another encoding; "
        "write the character itself and save the file as UTF-8",
    ),
    (
        "deals",
        AWS,
        {"note": "cafe\u0301"},
        "note: 'cafe\\u0301' holds characters composed of several; "
        "write it in Unicode normal form C, in which equal texts are equal",
    ),
    ("deals", AWS, {"note": "a\u200bb"}, "note: 'a\\u200bb' holds an invisible or control character; delete it"),
    ("deals", AWS, {"note": "x" * 5001}, "note: 5001 characters; a text has at most 5000"),
    (
        "deals",
        AWS,
        {"part_of": "openai-azure-compute"},
        "part_of: 'openai-azure-compute' has the role payment; a deal is part of a total or a claim",
    ),
    (
        "metrics",
        LTV,
        {"unit": "ratio"},
        "unit: 'ratio' but 'pct' in the first row of this metric; a different one needs a metric of its own",
    ),
    ("checks", {"check": "aws-contract"}, {"formula": "38+"}, "formula: '38+' cannot be computed: SyntaxError"),
    ("checks", {"check": "aws-contract"}, {"formula": "38**2"}, "formula: '38**2' is not plain arithmetic"),
    (
        "checks",
        {"check": "aws-contract"},
        {"published": "139"},
        "published: 38+100 is 138, published 139, more than 0.01 apart",
    ),
]


@pytest.mark.parametrize(("table", "where", "new", "sentence"), SENTENCES, ids=[shell_id(s[3]) for s in SENTENCES])
def test_a_problem_names_its_place_and_the_remedy(copy: Path, table: str, where: dict, new: dict, sentence: str):
    ((column, value),) = new.items()
    row = change(copy / f"{table}.csv", where, column, value)
    assert f"{table}.csv:{row}:{sentence}" in [str(p) for p in check(copy)]


def test_problems_beyond_two_hundred_of_a_kind_are_counted(copy: Path):
    """205 rows with one fault: two hundred are shell_id, the first of the rest says how many follow."""
    rows = read_rows(copy / "metrics.csv")
    at = rows[0].index("source")
    for row in rows[1:206]:
        row[at] = "nobody"
    write_rows(copy / "metrics.csv", rows)
    told = [p for p in check(copy) if p.column == "source"]
    assert [p.row for p in told] == [*range(2, 203)] and told[-1].message == "and 5 more rows like it below"
    for row in rows[1:206]:
        row[at] = " "
    write_rows(copy / "metrics.csv", rows)
    told = [p for p in check(copy) if p.column == "source" and "more rows" in p.message]
    assert {(p.row, p.message) for p in told} == {(202, "and 5 more rows like it below")}


def test_a_total_must_agree_with_the_range_of_its_parts(copy: Path):
    """An open total of 40 or more above parts of 87 to 122 is none; one of at most 80 is."""
    total = {"deal": "openai-round-2026", "as_of": "2026-03-31"}
    parts = "but its parts on 2026-03-31 add up to 87 to 122; correct the part or the total"
    row = change(copy / "deals.csv", total, "low_usd_bn", "")
    change(copy / "deals.csv", total, "high_usd_bn", "80")
    assert [str(p) for p in check(copy)] == [f"deals.csv:{row}:high_usd_bn: total 0 to 80 {parts}"]
    change(copy / "deals.csv", total, "high_usd_bn", "")
    change(copy / "deals.csv", total, "low_usd_bn", "122.05")
    assert check(copy) == [], "within the rounding of a published total"
    change(copy / "deals.csv", total, "low_usd_bn", "122.06")
    assert [str(p) for p in check(copy)] == [f"deals.csv:{row}:low_usd_bn: total 122.06 to no upper end {parts}"]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "is empty; a new source needs a link that readers can open"),
        ("https://a:b@example.org/", "holds a user name; link to the public page"),
        ("https://a@example.org/", "holds a user name; link to the public page"),
        *(
            (f"https://x{end}/", "leads to no public host; link to the public page")
            for end in (".local", ".internal", ".localhost", ".test", ".invalid")
        ),
        ("https://example/", "leads to no public host; link to the public page"),
        ("https://1.2.3.4/", "leads to no public host; link to the public page"),
        ("https://EXAMPLE.org/page", ""),
        ("https://a-b.example2.org/", ""),
    ],
    ids=shell_id,
)
def test_a_source_must_link_to_a_public_page(url: str, fault: str):
    assert guard._link_fault(url) == fault


def test_the_guard_names_edited_missing_and_far_off_values(ledger: Ledger):
    """The guard on two readings: words of each cell, a jump of exactly five times, a row that is gone."""
    table = schema.tables()["metrics"]
    old = ledger.history["metrics"].head(3).reset_index(drop=True)
    new = old.copy()
    old["note"] = new["note"] = "a fact"
    new.loc[0, "value"], new.loc[1, "note"] = np.nan, ""
    advice = "a row is never edited: put the old value back and add a row with its own day"
    said = [
        (p.row, p.column, p.message) for p in guard.append_only(guard.Change(table, old, new, table.primary_key, True))
    ]
    assert said == [
        (2, "value", f"empty was {old.at[0, 'value']:.15g}; {advice}"),
        (3, "note", f"empty was 'a fact'; {advice}"),
    ]
    shown = [guard._as_shown(v) for v in (DAY("2020-01-02"), pd.NaT, np.nan, 2.5, "", "a", "\t")]
    assert shown == ["'2020-01-02'", "empty", "empty", "2.5", "empty", "'a'", "'\\t'"]
    (gone,) = guard.append_only(guard.Change(table, old, old.iloc[:2], table.primary_key, True))
    assert (gone.row, gone.column) == (
        4,
        table.columns[0],
    ) and "was in line 4 and is gone; put it back, and add a row that says what is known now" in gone.message
    base = old.iloc[[0]].assign(note="")
    for factor, is_far in ((5.0, False), (5.001, True), (0.2, False), (0.1999, True)):
        later = base.assign(as_of=base["as_of"] + pd.Timedelta(days=1), value=base["value"] * factor)
        change = guard.Change(table, base, pd.concat([base, later], ignore_index=True), table.primary_key, True)
        assert bool(guard.jumps(change)) is is_far, factor


def test_compare_reports_added_changed_and_removed_rows(ledger: Ledger):
    """Exactly one of each between two readings of a registry."""
    both = [Ledger({n: ledger.tables.raw(n) for n in ledger.tables}, None, FROZEN) for _ in range(2)]
    entities = ledger.tables.raw("entities")
    old, new = entities.iloc[1:], entities.iloc[:-1].copy()
    new.loc[1, "name"] = "Another"
    for view, frame in zip(both, (old, new), strict=True):
        view.tables.made["entities"] = frame
    first, last, moved = entities["entity"].iloc[0], entities["entity"].iloc[-1], entities["entity"].iloc[1]
    expected = [
        (first, "added", "", "", ""),
        (moved, "changed", "name", entities["name"].iloc[1], "Another"),
        (last, "removed", "", "", ""),
    ]
    found = compare(*both)
    assert [*found.columns] == ["table", "key", "change", "column", "old", "new"] and set(found["table"]) == {
        "entities"
    }
    assert [tuple(r) for r in found.drop(columns="table").itertuples(index=False)] == sorted(expected)


def test_the_reading_log_digests_exactly_what_was_read(ledger: Ledger, tmp_path: Path):
    def of(*parts: bytes) -> str:
        return hashlib.sha256(b"".join(len(p).to_bytes(8, "big") + p for p in parts)).hexdigest()[:32]

    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", ""]})
    assert reading_log.digest_of_rows(frame) == of(b"a,b\n1.5,x\n,\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "two").write_bytes(b"22")
    (tmp_path / "one").write_bytes(b"1")
    assert reading_log.digest_of_ledger(tmp_path) == of(b"one", b"1", b"sub/two", b"22")
    reading_log.clear()
    assert reading_log.digests() == {}
    reading_log.used_files(tmp_path)
    assert reading_log.digests() == {"files": reading_log.digest_of_ledger(tmp_path)}
    own = Ledger.load(FROZEN, "2026-02-27")
    assert len(own.deals) and len(own.history["terms"])
    assert reading_log.digests() == {
        "deals": reading_log.digest_of_rows(own.tables.raw("deals")),
        "files": reading_log.digest_of_ledger(FROZEN),
        "terms/history": reading_log.digest_of_rows(own.history.raw("terms")),
    }
    mine = own.part("metrics", "entity", "openai", "oracle")
    assert set(mine["entity"]) == {"openai", "oracle"} and mine.equals(own.tables.raw("metrics").loc[mine.index])
    raw = own.tables.raw("metrics")
    assert {k: v for k, v in reading_log.digests().items() if k.startswith("metrics")} == {
        f"metrics[entity={e}]": reading_log.digest_of_rows(raw[raw["entity"] == e]) for e in ("openai", "oracle")
    }
    old = own.history.raw("metrics")
    assert reading_log.content(own, "metrics[entity=x]y]/history") == reading_log.digest_of_rows(
        old[old["entity"] == "x]y"]
    )
    assert reading_log.content(own, "nothing") == reading_log.content(own, "entities/history") == ""
    reading_log.clear()
    assert reading_log.digests() == {}


def test_a_day_outside_the_ledger_is_refused(ledger: Ledger):
    ledger.require_day()
    assert ledger.rows() == sum(len(ledger[n]) for n in ledger.tables)
    for day, sentence in (
        ("1990-01-01", "as_of 1990-01-01 is before the first fact; the ledger knows 1998-10-31 to 2026-03-31"),
        (
            "2030-01-01",
            "as_of 2030-01-01 is after the newest fact; the ledger knows 1998-10-31 to 2026-03-31: "
            "take a day in it or add rows",
        ),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            ledger.at(day).require_day()
    assert "take_up" in ledger.assumptions() and "take_upp" not in ledger.assumptions()


def test_an_error_shows_twenty_problems_and_counts_the_rest():
    problems = [Problem("deals.csv", n, "kind", "wrong") for n in range(2, 25)]
    assert str(LedgerError(problems[:20])).splitlines() == [f"deals.csv:{n}:kind: wrong" for n in range(2, 22)]
    assert str(LedgerError(problems)).splitlines() == [
        *(f"deals.csv:{n}:kind: wrong" for n in range(2, 22)),
        "and 3 more",
    ]
    assert LedgerError(problems).problems == problems


def test_no_source_is_published_after_the_newest_fact(live: Ledger):
    """A file that is kept up to date had the day of its retrieval, five weeks after the day of the report."""
    newest = max(rows["as_of"].max() for rows in live.history.values())
    published = live["sources"].set_index("source")["published"]
    assert not list(published.index[published > newest]), "such a page has no day of its own: leave it empty"
