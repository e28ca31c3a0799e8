"""Whole tables and whole sentences, worked out by hand: what a slip in one line of the ledger or the models would move."""

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
from analysis.models import (
    circularity,
    compute,
    equity,
    flows,
    funding,
    leverage,
    network,
    nullmodel,
    obligations,
    outside,
    sites,
)
from analysis.models import deals as counted
from tests.conftest import change, read_rows, write_rows
from tests.ledgers import FROZEN
from tests.test_funding import INPUTS, POINT, WIDE
from tests.test_models import TERMS, deal

DAY = pd.Timestamp
AWS = {"deal": "openai-aws-compute", "as_of": "2026-02-27"}
LTV = {"entity": "softbank", "metric": "ltv", "as_of": "2026-02-12"}


def named(sentence: str) -> str:
    """An id that can be typed in a shell."""
    return re.sub(r"\W+", "-", sentence, flags=re.ASCII).strip("-")[:50]


# Ledger


def test_the_schema_is_the_file():
    """Property by property, read anew."""
    read = schema.read_schema(paths.SCHEMA)
    package = json.loads(paths.SCHEMA.read_text(encoding="utf-8"))
    assert [*read] == [r["name"] for r in package["resources"]]
    for raw in package["resources"]:
        table, own = read[raw["name"]], raw["schema"]
        assert (table.title, table.description, table.file) == (raw["title"], raw["description"], raw["path"])
        assert (table.is_append_only, table.is_optional) == (raw.get("appendOnly") is True, raw.get("optional") is True)
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


def test_a_schema_may_say_little(tmp_path: Path):
    bare = {
        "name": "t",
        "title": "T",
        "description": "D",
        "path": "t.csv",
        "schema": {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["a"]},
    }
    (tmp_path / "package.json").write_text(json.dumps({"resources": [bare]}))
    (table,) = schema.read_schema(tmp_path / "package.json").values()
    assert table == schema.Table("t", "T", "D", "t.csv", (schema.Field("a", "string", "", False, (), "", None, None, None, ""),), ("a",), (), False, (), (), (), (), (), 0, False)  # fmt: skip
    assert table.columns == table.key == ("a",)


SENTENCES = [
    ("deals", AWS, {"payee": "amazn"}, "payee: 'amazn' is not in entities; nearest is 'amazon'; add it there or correct it"),
    ("deals", AWS, {"payee": "zzz"}, "payee: 'zzz' is not in entities; add it there or correct it"),
    ("deals", AWS, {"source": "nobody"}, "source: 'nobody' is not in sources; add it there or correct it"),
    ("deals", AWS, {"low_usd_bn": "139"}, "low_usd_bn: low_usd_bn 139 is above high_usd_bn 138; swap or correct them"),
    ("deals", AWS, {"start": "2035-01-01"}, "start: start 2035-01-01 is above end 2034-02-26; swap or correct them"),
    ("deals", AWS, {"payee": "openai"}, "payee: payee 'openai' is the same as payer; they must differ"),
    ("deals", AWS, {"low_usd_bn": "1,138"}, "low_usd_bn: '1,138' is not a number; write it as 1138"),
    ("deals", AWS, {"low_usd_bn": "many"}, "low_usd_bn: 'many' is not a number; write digits with an optional point, no thousands separator, sign +, exponent or unit"),
    ("deals", AWS, {"low_usd_bn": "-1"}, "low_usd_bn: '-1' is below the smallest allowed, 0 US$ bn, nominal"),
    ("deals", AWS, {"as_of": "27/02/2026"}, "as_of: '27/02/2026' is not a day; write it as YYYY-MM-DD"),
    ("deals", AWS, {"note": " x"}, "note: ' x' has a space at an end; remove it"),
    ("deals", AWS, {"note": "=1+1"}, "note: '=1+1' begins like a spreadsheet formula; begin with a word"),
    ("deals", AWS, {"note": "cafÃ©"}, "note: 'caf\\xc3\\xa9' looks like UTF-8 that was read as another encoding; write the character itself and save the file as UTF-8"),
    ("deals", AWS, {"note": "cafe\u0301"}, "note: 'cafe\\u0301' holds letters built of parts; write it in Unicode normal form C, in which equal texts are equal"),
    ("deals", AWS, {"note": "a\u200bb"}, "note: 'a\\u200bb' holds an invisible or control character; delete it"),
    ("deals", AWS, {"note": "x" * 5001}, "note: 5001 characters; a text has at most 5000"),
    ("deals", AWS, {"part_of": "openai-azure-compute"}, "part_of: 'openai-azure-compute' has the role payment; a deal is part of a total or a claim"),
    ("metrics", LTV, {"unit": "ratio"}, "unit: 'ratio' but 'pct' in the first row of this metric; a different one needs a metric of its own"),
    ("checks", {"check": "aws-contract"}, {"formula": "38+"}, "formula: '38+' cannot be computed: SyntaxError"),
    ("checks", {"check": "aws-contract"}, {"formula": "38**2"}, "formula: '38**2' is not plain arithmetic"),
    ("checks", {"check": "aws-contract"}, {"published": "139"}, "published: 38+100 is 138, published 139, more than 0.01 apart"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "where", "new", "sentence"), SENTENCES, ids=[named(s[3]) for s in SENTENCES])
def test_a_problem_is_told_word_for_word(copy: Path, table: str, where: dict, new: dict, sentence: str):
    ((column, value),) = new.items()
    row = change(copy / f"{table}.csv", where, column, value)
    assert f"{table}.csv:{row}:{sentence}" in [str(p) for p in check(copy)]


def test_many_alike_are_counted(copy: Path):
    """205 rows with one fault: two hundred are named, the first of the rest says how many follow."""
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


def test_a_total_says_its_bounds(copy: Path):
    """An open total of 40 or more above parts of 87 to 122 is none; one of at most 80 is."""
    total = {"deal": "openai-round-2026", "as_of": "2026-03-31"}
    row = change(copy / "deals.csv", total, "low_usd_bn", "")
    change(copy / "deals.csv", total, "high_usd_bn", "80")
    assert [str(p) for p in check(copy)] == [
        f"deals.csv:{row}:high_usd_bn: total 0 to 80 but its parts on 2026-03-31 add up to 87 to 122; correct the part or the total"
    ]
    change(copy / "deals.csv", total, "high_usd_bn", "")
    change(copy / "deals.csv", total, "low_usd_bn", "122.05")
    assert check(copy) == [], "within the rounding of a published total"
    change(copy / "deals.csv", total, "low_usd_bn", "122.06")
    assert [str(p) for p in check(copy)] == [f"deals.csv:{row}:low_usd_bn: total 122.06 to no upper end but its parts on 2026-03-31 add up to 87 to 122; correct the part or the total"]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "is empty; a new source needs a link that readers can open"),
        ("https://a:b@example.org/", "holds a user name; link to the public page"),
        ("https://a@example.org/", "holds a user name; link to the public page"),
        *((f"https://x{end}/", "leads to no public host; link to the public page") for end in (".local", ".internal", ".localhost", ".test", ".invalid")),
        ("https://example/", "leads to no public host; link to the public page"),
        ("https://1.2.3.4/", "leads to no public host; link to the public page"),
        ("https://EXAMPLE.org/page", ""),
        ("https://a-b.example2.org/", ""),
    ],
    ids=named,
)  # fmt: skip
def test_a_link_leads_somewhere(url: str, fault: str):
    assert guard._link_fault(url) == fault


def test_what_was_and_what_is(ledger: Ledger):
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
    ) and "stood in line 4 and is gone; put it back, and add a row that says what is known now" in gone.message
    base = old.iloc[[0]].assign(note="")
    for factor, is_far in ((5.0, False), (5.001, True), (0.2, False), (0.1999, True)):
        later = base.assign(as_of=base["as_of"] + pd.Timedelta(days=1), value=base["value"] * factor)
        change = guard.Change(table, base, pd.concat([base, later], ignore_index=True), table.primary_key, True)
        assert bool(guard.jumps(change)) is is_far, factor


def test_rows_that_came_went_or_moved(ledger: Ledger):
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


def test_readings_have_digests_of_what_was_read(ledger: Ledger, tmp_path: Path):
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", ""]})
    assert reading_log.digest(frame) == hashlib.sha256(b"a,b\n1.5,x\n,\n").hexdigest()[:20]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "two").write_bytes(b"22")
    (tmp_path / "one").write_bytes(b"1")
    assert reading_log.digest_of_files(tmp_path) == hashlib.sha256(b"one\x001\x001sub/two\x002\x0022").hexdigest()[:20]
    reading_log.clear()
    assert reading_log.digests() == {}
    reading_log.used_files(tmp_path)
    assert reading_log.digests() == {"files": reading_log.digest_of_files(tmp_path)}
    own = Ledger.load(FROZEN, "2026-02-27")
    assert len(own.deals) and len(own.history["terms"])
    assert reading_log.digests() == {
        "deals": reading_log.digest(own.tables.raw("deals")),
        "files": reading_log.digest_of_files(FROZEN),
        "terms/history": reading_log.digest(own.history.raw("terms")),
    }
    mine = own.part("metrics", "entity", "openai", "oracle")
    assert set(mine["entity"]) == {"openai", "oracle"} and mine.equals(own.tables.raw("metrics").loc[mine.index])
    raw = own.tables.raw("metrics")
    assert {k: v for k, v in reading_log.digests().items() if k.startswith("metrics")} == {
        f"metrics[entity={e}]": reading_log.digest(raw[raw["entity"] == e]) for e in ("openai", "oracle")
    }
    old = own.history.raw("metrics")
    assert reading_log.content(own, "metrics[entity=x]y]/history") == reading_log.digest(old[old["entity"] == "x]y"])
    assert reading_log.content(own, "nothing") == reading_log.content(own, "entities/history") == ""
    reading_log.clear()
    assert reading_log.digests() == {}


def test_a_ledger_knows_its_span(ledger: Ledger):
    ledger.require_day()
    assert ledger.rows() == sum(len(ledger[n]) for n in ledger.tables)
    for day, sentence in (("1990-01-01", "as_of 1990-01-01 is before the first fact; the ledger knows 1998-10-31 to 2026-03-31"), ("2030-01-01", "as_of 2030-01-01 is after the newest fact; the ledger knows 1998-10-31 to 2026-03-31: take a day in it or add rows")):  # fmt: skip
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            ledger.at(day).require_day()
    assert "take_up" in ledger.assumptions() and "take_upp" not in ledger.assumptions()


# Deals and years


def several() -> pd.DataFrame:
    rows = [
        deal(deal="a", payer="p", low_usd_bn=1.0, high_usd_bn=2.0),
        deal(deal="b", payer="p", low_usd_bn=3.0, high_usd_bn=np.nan),
        deal(deal="c", payer="q", low_usd_bn=np.nan, high_usd_bn=9.0),
        deal(deal="d", payer="q", low_usd_bn=np.nan, high_usd_bn=np.nan),
        deal(deal="e", payer="o", low_usd_bn=0.0, high_usd_bn=9.0),
    ]
    return pd.concat(rows, ignore_index=True)


def test_sums_by_party():
    found = counted.by_party(several(), "payer")
    assert [*found.columns] == ["payer", "low", "high", "is_open", "undisclosed", "deals"]
    assert found.to_numpy().tolist() == [["o", 0, 9, False, 0, 1], ["q", 0, 9, False, 1, 2], ["p", 4, 5, True, 0, 2]]
    assert counted.total(several()) == counted.Amount(4.0, 23.0, True, 1, 5)
    tie = counted.by_party(
        several().assign(low_usd_bn=[1.0, 2.0, 0.0, 0.0, 0.5], high_usd_bn=[4.5, 4.5, 9.0, 0.0, 9.0]), "payer"
    )
    assert tie["payer"].tolist() == ["p", "o", "q"], "of equal highs the larger low first"


def test_days_that_are_filled_in():
    """Compute runs seven years here (2,557 days), a guarantee three (1,096); equity is paid on its day."""
    rows = pd.concat([deal(), deal(kind="guarantee"), deal(kind="equity"), deal(end=DAY("2025-01-31")), deal(start=DAY("2026-01-01"), end=DAY("2026-12-31"))], ignore_index=True)  # fmt: skip
    found = obligations.dated(rows, TERMS)
    assert found["start"].tolist() == [DAY("2025-06-30")] * 3 + [DAY("2025-01-31"), DAY("2026-01-01")]
    assert found["end"].tolist() == [
        DAY("2032-06-29"),
        DAY("2028-06-29"),
        DAY("2025-06-30"),
        DAY("2025-01-31"),
        DAY("2026-12-31"),
    ]
    assert found["is_assumed_start"].tolist() == [True, True, True, True, False]
    assert found["is_assumed_end"].tolist() == [True, True, True, False, False]
    assert obligations.dated(deal(kind="x"), {})["end"].tolist() == [DAY("2025-06-30")]


def test_the_part_that_rests_on_our_dates():
    rows = pd.concat([deal(deal="x", low_usd_bn=3.0, high_usd_bn=3.0, start=DAY("2026-01-01"), end=DAY("2026-12-31")), deal(deal="y", kind="equity", first_as_of=DAY("2026-05-05"))], ignore_index=True)  # fmt: skip
    spread = obligations.by_year(rows, TERMS)
    assert [*spread.columns] == ["deal", "payer", "payee", "kind", "year", "low", "high", "is_assumed"]
    assert spread.to_numpy().tolist() == [
        ["x", "a", "b", "compute", 2026, 3, 3, False],
        ["y", "a", "b", "equity", 2026, 1, 1, True],
    ]
    assert obligations.assumed_share(spread).to_dict() == {2026: 0.25}
    assert obligations.assumed_share(spread.assign(year=[2026, 2027])).to_dict() == {2026: 0.0, 2027: 1.0}
    assert obligations.assumed_share(spread.assign(high=0.0)).to_dict() == {2026: 0.0}
    crossed = pd.Series([DAY("2026-01-01")] * 2, index=[7, 8])
    with pytest.raises(ValueError, match=r"^end before start in row 8$"):
        obligations.shares(crossed, pd.Series([DAY("2026-01-01"), DAY("2025-01-01")], index=[7, 8]))


# Small models


REFUSED = [
    (lambda: equity.stake_after(0.2, 3, 2), "pre-money 3 must be above 0 and at most post-money 2"),
    (lambda: equity.stake_after(0.2, 0, 2), "pre-money 0 must be above 0 and at most post-money 2"),
    (lambda: equity.stake_after(1.2, 1, 2), "stake 1.2 is outside 0 to 1"),
    (lambda: equity.stake_after(-0.1, 1, 2), "stake -0.1 is outside 0 to 1"),
    (lambda: equity.stake_after(0.2, 1, 2, 5), "amount 5 is outside 0 to the size of the round, 1"),
    (lambda: equity.stake_after(0.2, 1, 2, -1), "amount -1 is outside 0 to the size of the round, 1"),
    (lambda: equity.implied_net_result(1, 1.01), "stake 1.01 is outside (0, 1]"),
    (lambda: equity.multiple(1, 0), "invested 0 must be above 0"),
    (lambda: leverage.backlog_years(1, 0), "revenue 0 must be above 0"),
    (lambda: leverage.customer_share(5, 4), "customer's part 5 is outside 0 to the backlog 4"),
    (lambda: leverage.customer_share(-1, 4), "customer's part -1 is outside 0 to the backlog 4"),
    (lambda: leverage.customer_share(0, 0), "backlog 0 must be above 0"),
    (lambda: circularity.maximum_circulation(np.ones((2, 3))), "a flow matrix is square, not (2, 3)"),
    (lambda: circularity.maximum_circulation(np.ones((2, 2)), ["a"]), "1 names for 2 parties"),
    (lambda: circularity.maximum_circulation(np.ones((3, 3)), ["b", "a", "a"]), "party 'a' stands twice among the names"),
    (lambda: circularity.maximum_circulation(np.array([[0, -1.0], [0, 0]]), ["x", "y"]), "the flow of x to y is -1.0; it must be a number of 0 or more"),
    (lambda: circularity.maximum_circulation(np.array([[0, 0], [-1.0, 0]])), "the flow of 1 to 0 is -1.0; it must be a number of 0 or more"),
    (lambda: circularity.finn_cycling_index(np.array([[0, 2.0], [0, 0]]), np.zeros(2), ["x", "y"]), "x pays 2 but gets 0; balance the flows first"),
    (lambda: circularity.finn_cycling_index(np.array([[0, 2.0], [2.0, 0]]), np.zeros(2)), "money that reaches party 0 never leaves: the system is singular"),
    (lambda: circularity.finn_cycling_index(np.zeros((2, 2)), np.zeros(3)), "inflow is one number of 0 or more for each of the 2 parties"),
    (lambda: circularity.round_trip(pd.DataFrame(), "a", "a"), "'a' cannot make a round trip with itself"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), REFUSED, ids=[named(s) for _, s in REFUSED])
def test_what_cannot_be_is_refused_word_for_word(call, sentence: str):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()


def test_an_error_shows_twenty_problems_and_counts_the_rest():
    problems = [Problem("deals.csv", n, "kind", "wrong") for n in range(2, 25)]
    assert str(LedgerError(problems[:20])).splitlines() == [f"deals.csv:{n}:kind: wrong" for n in range(2, 22)]
    assert str(LedgerError(problems)).splitlines() == [
        *(f"deals.csv:{n}:kind: wrong" for n in range(2, 22)),
        "and 3 more",
    ]
    assert LedgerError(problems).problems == problems


def test_without_a_ramp_each_year_is_alike():
    """Seven years' money in seven equal parts."""
    years = flows.flows(deal(low_usd_bn=7.0, high_usd_bn=14.0, start=DAY("2026-01-01"), end=DAY("2032-12-31")), TERMS)
    assert list(years["year"]) == [*range(2026, 2033)] and set(years["deals"]) == {1}
    assert years["low"].to_numpy() == pytest.approx(np.full(7, 1.0), rel=2e-3)  # leap years are a day longer
    assert years["high"].to_numpy() == pytest.approx(np.full(7, 2.0), rel=2e-3)


def test_small_amounts_and_ends_are_fine():
    assert compute.chips_in(1, 1000, 1.25) == 800_000 and compute.chips_in(1, 1000, 1) == 1_000_000
    assert equity.stake_after(1, 0.5, 1, 0.5) == 1 and equity.stake_after(0, 0.5, 0.5) == 0
    assert equity.implied_net_result(1, 1) == 1 and equity.multiple(1, 0.5) == 2
    assert leverage.capex_cover(1, 0.5) == 2 and leverage.backlog_years(1, 0.5) == 2
    assert leverage.customer_share(0.5, 0.5) == 1 and leverage.customer_share(0, 0.5) == 0
    assert compute.break_even_utilisation(0.2, 0.4) == 0.5


def test_a_site_is_for_those_it_names():
    frame = pd.DataFrame(
        {"tenant": ["openai", "meta;openai", "openai;meta", "a;openai;b", "openai-foundation", "meta", "", "o.enai"]}
    )
    assert sites.is_for(frame, "openai").tolist() == [True, True, True, True, False, False, False, False]
    assert sites.is_for(frame, "o.enai").tolist() == [False] * 7 + [True], "a name is no pattern"


# The circle


def test_sparse_and_dense_cycling_agree():
    """1,700 copies of a pair that sends 10 and gets 4 back: the same share as one pair, found by another solver.

    T = (10, 10): the first gets 4 and 6 from outside. N_11 = 1 / (1 - 0.4): the index is 0.4."""
    one = np.array([[0.0, 10.0], [4.0, 0.0]])
    assert circularity.finn_cycling_index(one, np.array([6.0, 0.0])) == pytest.approx(0.4)
    import scipy.sparse as sp

    many = sp.block_diag([one] * 1700, format="csr")
    assert circularity.finn_cycling_index(many, np.tile([6.0, 0.0], 1700)) == pytest.approx(0.4)


PARTIES = network.Parties.known(
    pd.DataFrame(
        [("oracle", "cloud"), ("equity-investors", "pool"), ("bank-syndicate", "pool"), ("foxconn", "industrial")],
        columns=["entity", "kind"],
    ),
    pd.DataFrame({"entity": ["sb-energy"], "group": ["softbank"]}),
)


def circle_deals() -> pd.DataFrame:
    def one(name: str, payer: str, payee: str, low: float, high: float, **how: str) -> pd.DataFrame:
        dates = {"start": DAY("2026-01-01"), "end": DAY("2027-12-31")}
        return deal(
            deal=name,
            payer=payer,
            payee=payee,
            low_usd_bn=low,
            high_usd_bn=high,
            **({"scope": "openai", "kind": "compute"} | dates | how),
        )

    rows = [
        one("cloud", "openai", "oracle", 30.0, 40.0),
        one("more", "openai", "oracle", 2.0, 2.0),
        one("chips", "oracle", "nvidia", 10.0, 10.0, scope="chain", status="reported"),
        one("stake", "nvidia", "openai", 5.0, 20.0, kind="equity"),
        one("letter", "nvidia", "openai", 100.0, 100.0, role="contingent", status="announced"),
        one("dead letter", "nvidia", "openai", 50.0, 50.0, role="contingent", status="cancelled"),
        one("group", "sb-energy", "softbank", 1.0, 1.0),
        one("member", "openai", "sb-energy", 0.5, 0.5),
        one("fund", "equity-investors", "openai", 7.0, 7.0, kind="equity"),
        one("loan", "openai", "bank-syndicate", 3.0, 3.0),
        one("old", "oracle", "openai", 99.0, 99.0, scope="history"),
    ]
    return pd.concat(rows, ignore_index=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("as counted", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("without conditional money", {"nvidia>openai": 5, "openai>oracle": 32, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("without press reports", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5}),
        ("OpenAI's own deals only", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5}),
        ("with letters of intent", {"nvidia>openai": 120, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("with unnamed investors as parties", {"equity-investors>openai": 7, "nvidia>openai": 20, "openai>bank-syndicate": 3, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("this year and next", {"nvidia>openai": 20, "openai>oracle": 42, "openai>softbank": 0.5, "oracle>nvidia": 10}),
        ("the three years after", {}),
    ],
)  # fmt: skip
def test_each_way_to_count_by_hand(name: str, expected: dict[str, float]):
    (variant,) = [v for v in network.VARIANTS if v.name == name]
    found = network.edges(circle_deals(), variant, PARTIES, TERMS, 0.5, 2026)
    assert [*found.columns] == ["payer", "payee", "amount"]
    assert {f"{r.payer}>{r.payee}": r.amount for r in found.itertuples()} == pytest.approx(expected)


def test_years_of_a_variant_count_from_the_year_given():
    """Two equal years: from 2027 on only the second half, and of the stake's 5 firm and 15 conditional only 7.5."""
    (variant,) = [v for v in network.VARIANTS if v.key == "near"]
    found = network.edges(circle_deals(), variant, PARTIES, TERMS, 0.0, 2027)
    assert dict(zip(found["payee"] + found["payer"], found["amount"], strict=True)) == pytest.approx({"openainvidia": 7.5, "oracleopenai": 21, "softbankopenai": 0.25, "nvidiaoracle": 5})  # fmt: skip


def test_measures_of_two_parties_by_hand():
    """10 there and 4 back: 8 of 14 can go round. Finn as above, 0.4; 6 come from outside. A pure ring is all circle."""
    table = pd.DataFrame({"payer": ["a", "b"], "payee": ["b", "a"], "amount": [10.0, 4.0]})
    found = network.measures(table)
    assert found == pytest.approx({"total": 14, "maximum": 8 / 14, "forwarding": 8 / 14, "finn": 0.4, "outside": 6})
    ring = network.measures(table.assign(amount=5.0))
    assert ring == pytest.approx({"total": 10, "maximum": 1, "forwarding": 1, "finn": 1, "outside": 0}, abs=1e-6)
    ways = network.sensitivity(circle_deals(), PARTIES, TERMS, 0.5, 2026)
    assert [*ways.columns] == ["name", "total", "maximum", "forwarding", "finn", "outside"]
    assert ways["name"].to_dict() == {v.key: v.name for v in network.VARIANTS}
    # As counted: the ring openai, oracle, nvidia carries 10 three times; openai lacks 22.5, the others nothing.
    assert ways.loc["counted", "total"] == pytest.approx(72.5) and ways.loc["counted", "maximum"] == pytest.approx(
        30 / 72.5
    )
    assert ways.loc["counted", "outside"] == pytest.approx(22.5 + 10)


def test_other_partners_of_a_ring_are_as_circular():
    """Twelve parties that each pay one and are paid by one: whoever the partners are, all money goes round."""
    ring = np.roll(np.eye(12), 1, axis=1) * 3.0
    found = nullmodel.percentile(ring, draws=120, seed=1, swaps=50)
    assert found["index"] == pytest.approx(1) and found["percentile"] == 100 and 100 <= found["distinct"] <= 120
    assert 0 < found["accepted"] <= 50
    one = nullmodel.percentile(np.array([[0, 1.0], [0, 0]]))
    assert np.isnan(one.pop("percentile")) and one == {"index": 0.0, "distinct": 1.0, "accepted": 0.0}


def test_swaps_are_counted():
    """Two payments between four parties can always be exchanged when both are drawn, and each exchange counts."""
    i, j = np.array([0, 1]), np.array([2, 3])
    draws = np.random.default_rng(5).integers(0, 2, (40, 2))
    other, made = nullmodel.swap_edges(i, j, 40, np.random.default_rng(5))
    assert made == int((draws[:, 0] != draws[:, 1]).sum()) and sorted(other) == [2, 3]
    assert other.tolist() == ([2, 3] if made % 2 == 0 else [3, 2])
    fitted = nullmodel.fit(
        np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3), np.array([5.0, 2.0, 0]), np.array([0, 3.0, 4.0])
    )
    assert fitted == pytest.approx([3, 2, 2])


def test_bottlenecks_in_order():
    W = np.zeros((4, 4))
    for a, b, w in ((0, 1, 2.0), (1, 0, 2.0), (2, 3, 2.0), (3, 2, 1.0), (1, 2, 9.0), (3, 0, 9.0)):
        W[a, b] = w
    found = circularity.loops(W)
    assert [*found.columns] == ["parties", "length", "bottleneck", "total"]
    assert found.to_numpy().tolist() == [[(0, 1, 2, 3), 4, 2.0, 22.0], [(0, 1), 2, 2.0, 4.0], [(2, 3), 2, 1.0, 3.0]]


# Funding


def test_explored_by_hand():
    """Without surprises the page shows the central path; all contracts used, the gap is 5, 18, 32, 32 (see above)."""
    calm = np.zeros((4, 5))
    found = funding.explore(INPUTS, POINT, calm, {"take_up": 1.0}, 0.0)
    for line in ("low", "median", "high"):
        assert found[line] == pytest.approx([5, 18, 32, 32])
    assert (found["probability"], found["present"]) == (1.0, pytest.approx(32))
    halved = funding.explore(INPUTS, POINT, calm, {"take_up": 1.0}, 1.0)
    assert halved["present"] == pytest.approx(5 / 2 + 13 / 4 + 14 / 8)
    by_capacity = funding.explore(INPUTS, POINT, calm, {}, 0.0, np.array([3.0, 4.0, 5.0, 1.0]), 10.0)
    assert by_capacity["high"] == pytest.approx([5, 18, 32, 32]) and set(by_capacity) == {
        "low",
        "median",
        "high",
        "probability",
        "present",
    }
    assert funding.rent_gap(INPUTS, POINT, np.array([3.0, 4.0, 5.0, 1.0]), 10.0) == pytest.approx(32)
    assert funding.explore(INPUTS, POINT, calm, {}, 0.0)["probability"] == 0.0


def test_explored_surprises_persist():
    """Each path by itself: its surprises times sigma, the one before carried on by the persistence."""
    normals = np.random.default_rng(3).normal(size=(4, 101))
    found = funding.explore(INPUTS, WIDE, normals, {}, 0.1)
    shocks, carried = np.empty_like(normals), np.zeros(101)
    for t in range(4):
        carried = WIDE.persistence * carried + WIDE.sigma * normals[t]
        shocks[t] = carried
    out = {name: np.empty((4, 101)) for name in funding.LINES}
    funding.walk(INPUTS, shocks, {k: np.full(101, v) for k, v in WIDE.central().items()}, out)
    ranked = np.sort(out["gap"], axis=1)
    for line, k in (("low", 5), ("median", 50), ("high", 95)):
        assert found[line] == pytest.approx(ranked[:, k])
    assert found["probability"] == np.count_nonzero(out["gap"][-1]) / 101 and 0 < found["probability"] < 1
    assert found["present"] == pytest.approx(np.sort(funding.present_gap(out["gap"], 0.1))[50])


def test_the_gap_as_a_function_of_choices():
    """At the central choices it is the central path's; the surprise is spread over the years as the docstring says."""
    function = funding.gap_of(INPUTS, WIDE)
    centre = [WIDE.central()[n] for n in funding.DRAWN]
    out = {name: np.empty((4, 1)) for name in funding.LINES}
    step = -2 * WIDE.sigma / 2 / (1 - WIDE.persistence)
    funding.walk(INPUTS, np.full((4, 1), step), {k: np.array([v]) for k, v in WIDE.central().items()}, out)
    found = function(np.array([[*centre, 0.0], [*centre, -2.0]]))
    assert found == pytest.approx([funding.central_path(INPUTS, WIDE)["gap"].iloc[-1], out["gap"][-1, 0]])
    assert found[1] > found[0]


def test_sensitivities_come_as_a_table_in_order():
    ranges = {"weak": (0.0, 1.0), "fixed": (2.0, 2.0), "strong": (0.0, 1.0)}
    table = funding.sobol(lambda x: x[:, 0] + 3 * x[:, 2] + x[:, 1], ranges, samples=512)
    assert [*table.columns] == ["parameter", "first", "first_error", "total", "total_error"]
    assert table["parameter"].tolist() == ["strong", "weak", "fixed"] and table.index.tolist() == [0, 1, 2]
    assert table["first"].to_numpy() == pytest.approx([0.9, 0.1, 0], abs=0.02), "variances 9 and 1"
    assert (table["total_error"].iloc[:2] > 0).all() and table.iloc[2, 1:].tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match=r"^b: low 2 must be below high 1$"):
        funding.sobol(lambda x: x[:, 0], {"a": (0, 1), "b": (2, 1)})
    with pytest.raises(ValueError, match=r"^Sobol indices need at least two parameters$"):
        funding.sobol(lambda x: x[:, 0], {"a": (0, 1), "b": (1, 1)})


# Models of others


def published(
    model: str, quantity: str, period: str, value: float, direction: str = "input", day: str = "2025-10-01"
) -> dict:
    return {"model": model, "publisher": model.title(), "quantity": quantity, "period": period, "value": value, "unit": "usd_bn", "direction": direction, "as_of": DAY(day), "source": f"{model}-s"}  # fmt: skip


def test_models_of_others_row_by_row():
    """26 x 50 is the published 1,300; 34.72 x 12 x 1,500 / 1,000 is 624.96, not 650; a model without inputs is listed."""
    citi, phones, hsbc = "citi-2025-10", "jpmorgan-2025-11", "hsbc-2025-11"
    rows = [
        published("zeta", "growth", "2030", 7.0),
        published("zeta", "profit", "2031", 8.0, "output"),
        published("alpha", "price", "2029", 5.0),
        published(citi, "openai_related_capex", "to 2030", 1000.0, "output", "2025-09-01"),
        published(citi, "openai_related_capex", "to 2030", 1300.0, "output"),
        published(citi, "openai_committed_capacity_nvidia_amd_broadcom", "", 20.0),
        published(citi, "openai_committed_capacity_nvidia_amd_broadcom", "", 26.0),
        published(citi, "cost_per_gw", "", 50.0),
        published(phones, "revenue_needed", "per year", 650.0, "output"),
        published(phones, "revenue_needed", "per month", 1.0, "output"),
        published(phones, "per_iphone_user", "", 34.72),
        published(phones, "iphone_users", "", 1500.0),
        published(hsbc, "funding_gap", "2030", 207.0, "output"),
    ]
    why = {r.model + r.output: r.why for r in outside.RULES}
    how = {r.model + r.output: r.how for r in outside.RULES}
    found = outside.rerun(pd.DataFrame(rows))
    nothing = np.nan
    expected = [
        (hsbc, "funding_gap", "2030", how[hsbc + "funding_gap"], 207.0, nothing, nothing, "not enough inputs", why[hsbc + "funding_gap"]),
        (phones, "revenue_needed", "per year", how[phones + "revenue_needed"], 650.0, 624.96, 624.96 / 650 - 1, "not reproduced", why[phones + "revenue_needed"]),
        (citi, "openai_related_capex", "to 2030", how[citi + "openai_related_capex"], 1300.0, 1300.0, 0.0, "reproduced", ""),
        ("alpha", "price", "2029", "", 5.0, nothing, nothing, "not enough inputs", "Its inputs are not public."),
        ("zeta", "profit", "2031", "", 8.0, nothing, nothing, "not enough inputs", "Its inputs are not public."),
    ]  # fmt: skip
    assert why[phones + "revenue_needed"] and [*found.columns] == ["model", "publisher", "output", "period", "how", "published", "ours", "difference", "unit", "verdict", "why", "as_of", "source"]  # fmt: skip
    for row, (model, output, period, way, stated, ours, difference, verdict, reason) in zip(
        found.itertuples(), expected, strict=True
    ):
        assert (row.model, row.output, row.period, row.how, row.verdict, row.why) == (
            model,
            output,
            period,
            way,
            verdict,
            reason,
        )
        assert [row.published, row.ours, row.difference] == pytest.approx([stated, ours, difference], nan_ok=True)
        assert (row.publisher, row.unit, row.as_of, row.source) == (
            model.title(),
            "usd_bn",
            DAY("2025-10-01"),
            f"{model}-s",
        )


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (619.0, "reproduced"),
        (618.0, "not reproduced"),
        (631.0, "reproduced"),
        (632.0, "not reproduced"),
        (0.0, "not reproduced"),
    ],
)
def test_a_hundredth_is_close(stated: float, verdict: str):
    """624.96 against what is published: within 1% of it or not."""
    phones = "jpmorgan-2025-11"
    rows = [published(phones, "revenue_needed", "per year", stated, "output"), published(phones, "per_iphone_user", "", 34.72), published(phones, "iphone_users", "", 1500.0)]  # fmt: skip
    (row,) = outside.rerun(pd.DataFrame(rows)).itertuples()
    assert row.verdict == verdict and (
        np.isnan(row.difference) if stated == 0 else row.difference == pytest.approx(624.96 / stated - 1)
    )


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [(0.1, "reproduced"), (0.2, "not reproduced"), (0.14, "reproduced"), (0.15, "not reproduced")],
)
def test_a_rounded_figure_may_differ_by_half_its_last_digit(stated: float, verdict: str):
    """0.2 / 5 + 1.25 / 12.5 + 0 = 0.14: a published 0.1 may be 0.05 to 0.15, a published 0.15 only 0.145 to 0.155."""
    name = "nesov-gw-2025-10"
    inputs = {"compute_capex_per_gw_low": 0.2, "compute_lifetime": 5.0, "infrastructure_capex_per_gw_low": 1.25, "infrastructure_lifetime": 12.5, "opex_per_gw_low": 0.0}  # fmt: skip
    rows = [
        published(name, "cost_per_gw_year_low", "per year", stated, "output"),
        *(published(name, k, "", v) for k, v in inputs.items()),
    ]
    (row,) = outside.rerun(pd.DataFrame(rows)).itertuples()
    assert row.verdict == verdict and row.ours == pytest.approx(0.14)
