"""Any ledger that keeps to the schema is loaded, checked, read as of each day and compared, however unusual it is.

What the package answers is compared with plain loops over the rows as they were written.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import Ledger, check, compare, guard
from analysis.ledger.checks import examine
from analysis.ledger.revision import read_revision
from analysis.ledger.schema import tables
from tests.conftest import read_rows, write_rows, write_three_rows

Row = dict[str, str]
Rows = dict[str, list[Row]]  # of each table that is made up

FIRST = dt.date(2025, 12, 1)
SIGNS = "ab YZ019,;:\"'“”%$<>&{}|\\/äéßłж日本語ع🎲–—+-=@_*#.()[]"
FORMULA = re.compile(r"^[=@]|^[+-].*([|!]|[A-Za-z]\()")


def _lawful(text: str) -> str:
    """The nearest text that a free field may hold: no space at an end, composed, nothing that a spreadsheet would
    run."""
    text = unicodedata.normalize("NFC", text).strip()
    return f"x {text}" if FORMULA.search(text) else text


free_text = st.one_of(st.just(""), st.text(SIGNS, max_size=30).map(_lawful), st.just("word " * 900 + "end"))
some_text = st.text(SIGNS, max_size=30).map(lambda t: f"x{_lawful(t)}")
days = st.integers(0, 400).map(lambda n: (FIRST + dt.timedelta(days=n)).isoformat())
spans = st.lists(st.one_of(st.just(""), days), min_size=2, max_size=2).map(
    lambda pair: sorted(pair) if all(pair) else pair
)
amounts = st.one_of(st.just(""), st.sampled_from(["0", "0.000001", "1.5", "38", "99999.99", "100000"]))
ranges = st.tuples(amounts, amounts).map(lambda p: sorted(p, key=float) if all(p) else list(p))
choices = {
    name: {field.name: st.sampled_from(field.enum) for field in table.fields if field.enum}
    for name, table in tables().items()
}


def histories(keys: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Keys with the days on which they were stated, each key's days rising as they do in a file."""
    return st.lists(st.tuples(st.sampled_from(keys), days), max_size=12, unique=True).map(
        lambda rows: sorted(rows, key=lambda r: r[1])
    )


@st.composite
def unusual(draw: st.DrawFn, parties: list[str], source: str) -> Rows:
    """Rows of deals, metrics and terms of every kind that the schema allows: open, cancelled, amended, without a
    word."""
    basic = {"verified": "single", "source": source}
    rows: Rows = {"deals": [], "metrics": [], "terms": []}
    fixed = {
        key: (
            {"kind": draw(choices["deals"]["kind"]), "role": role, "scope": draw(choices["deals"]["scope"])}
            | dict(zip(("payer", "payee"), draw(st.permutations(parties))))
            | {"part_of": "sum" if key == "part" else ""}
        )
        for key, role in {"a": "payment", "b": "contingent", "c": "claim", "part": "payment", "sum": "total"}.items()
    }
    stated = [("sum", FIRST.isoformat()), *draw(histories("abc"))]
    stated += [("part", day) for _, day in draw(histories("p"))]
    for key, day in stated:
        low, high = draw(ranges)
        start, end = draw(spans)
        row = basic | fixed[key] | {"deal": key, "as_of": day, "status": draw(choices["deals"]["status"])}
        row |= {"low_usd_bn": low, "high_usd_bn": "" if key == "sum" else high, "start": start, "end": end}
        row |= {"parts": "partial" if key == "sum" else "", "gw": draw(st.sampled_from(["", "0", "0.1", "1000"]))}
        rows["deals"].append(row | {"condition": draw(free_text), "note": draw(free_text)})
    seen = set()
    for metric, day in draw(histories("mn")):
        start, end = draw(spans)
        key = {"entity": draw(st.sampled_from(parties)), "metric": metric, "start": start, "end": end, "as_of": day}
        key |= {"basis": draw(choices["metrics"]["basis"]), "by": draw(st.sampled_from(["", source]))}
        if tuple(key.values()) in seen:
            continue
        seen.add(tuple(key.values()))
        value = draw(st.sampled_from(["0", "-1000000", "0.000000000000001", "999999999.5", "-0.5"]))
        rows["metrics"].append(basic | key | {"value": value, "unit": "count", "note": draw(free_text)})
    with_state = set()
    for term, day in draw(histories("xyz")):
        row = basic | {"term": term, "as_of": day, "topic": draw(some_text), "note": draw(free_text)}
        row |= {"parties": ";".join(draw(st.lists(st.sampled_from(parties), min_size=1, max_size=3)))}
        row |= {"before": draw(free_text), "after": draw(free_text)}
        if term in with_state or draw(st.booleans()):
            with_state.add(term)
            row |= {"state": draw(choices["terms"]["state"]), "holder": draw(st.sampled_from(parties))}
        rows["terms"].append(row)
    return rows


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_three_rows(tmp_path_factory.mktemp("unusual") / "data")


def write(base: Path, rows: Rows, without: tuple[str, ...] = ()) -> None:
    """The tables of the ledger, without some columns in their files."""
    for name, made in rows.items():
        columns = [c for c in tables()[name].columns if c not in without]
        write_rows(base / f"{name}.csv", [columns, *([row.get(c, "") for c in columns] for row in made)])


def drawn(data: st.DataObject, base: Path) -> Rows:
    parties = [r[0] for r in read_rows(base / "entities.csv")[1:]]
    return data.draw(unusual(parties, read_rows(base / "sources.csv")[1][0]))


def known(rows: Rows, name: str, day: str) -> dict[tuple[str, ...], Row]:
    """The latest row of each key on a day, found by a loop."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in rows[name]:
        key = tuple(row[c] for c in tables()[name].key)
        if row["as_of"] <= day and (key not in latest or latest[key]["as_of"] <= row["as_of"]):
            latest[key] = row
    return latest


def as_written(frame: pd.DataFrame, name: str) -> Iterator[Row]:
    """The rows of a table as text, numbers as floats that can be compared with what was written."""
    for row in frame[list(tables()[name].columns)].to_dict("records"):
        yield {
            c: (
                ""
                if pd.isna(v)
                else f"{v:%Y-%m-%d}"
                if isinstance(v, pd.Timestamp)
                else v
                if isinstance(v, str)
                else repr(v)
            )
            for c, v in row.items()
        }


def as_read(row: Row, name: str) -> Row:
    numbers = {f.name for f in tables()[name].fields if f.type in ("number", "integer")}
    cells = {c: row.get(c, "") for c in tables()[name].columns}
    return {c: repr(float(v)) if c in numbers and v else v for c, v in cells.items()}


any_ledger = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@given(data=st.data())
@any_ledger
def test_any_ledger_is_told_on_each_day_as_its_rows_say(base: Path, data: st.DataObject):
    rows = drawn(data, base)
    write(base, rows)
    assert check(base) == []
    ledger = Ledger.load(base)
    every_day = sorted({row["as_of"] for made in rows.values() for row in made})
    for day in every_day:
        view = ledger.at(day)
        for name in rows:
            expected = [as_read(row, name) for row in known(rows, name, day).values()]
            found = list(as_written(view[name], name))
            assert sorted(map(repr, found)) == sorted(map(repr, expected)), (day, name)
    few_days = [*every_day[:: max(1, len(every_day) // 3)], every_day[-1]]
    loaded = Ledger.load(base, few_days[1])
    for name in rows:
        pd.testing.assert_frame_equal(loaded[name], ledger.at(few_days[1])[name])
    for earlier, later in pairwise(few_days):
        moved = compare(ledger.at(earlier), ledger.at(later))
        for name in rows:
            old, new = known(rows, name, earlier), known(rows, name, later)
            expected = {
                " / ".join(key) for key in new if key not in old or as_read(old[key], name) != as_read(new[key], name)
            }
            assert set(moved.loc[moved["table"] == name, "key"]) == expected, (earlier, later, name)


@given(data=st.data())
@any_ledger
def test_any_ledger_may_be_added_to_and_not_cut(base: Path, data: st.DataObject):
    """The rows known on the first half of the days are an earlier revision: all that follows is added, none of it
    gone."""
    rows = drawn(data, base)
    every_day = sorted({row["as_of"] for made in rows.values() for row in made})
    middle = every_day[len(every_day) // 2]
    write(base, {name: [row for row in made if row["as_of"] <= middle] for name, made in rows.items()})
    before = read_revision(base, "before", tables())
    write(base, rows)
    after = read_revision(base, "after", tables())
    new = examine(base)[0]
    assert before.problems == after.problems == guard.losses(before, new) == []
    for change in guard.pair_tables(before, new):
        assert guard.append_only(change) == []
        assert len(change.added) == len(change.new) - len(change.old)
    old = examine(base)[0] | {name: frame[frame["as_of"] <= middle] for name, frame in new.items() if name in rows}
    gone = [p for change in guard.pair_tables(after, old) for p in guard.append_only(change)]
    assert len(gone) == sum(row["as_of"] > middle for made in rows.values() for row in made)


@given(data=st.data())
@any_ledger
def test_any_ledger_without_optional_columns_says_the_same(base: Path, data: st.DataObject):
    rows = drawn(data, base)
    optional = tuple(f.name for name in rows for f in tables()[name].fields if f.is_optional)
    assert optional
    write(base, rows, without=optional)
    assert check(base) == []
    bare = Ledger.load(base)
    write(base, rows)
    whole = Ledger.load(base)
    for name in rows:
        mine = [c for c in optional if c in tables()[name].columns]
        part = bare[name][mine]
        assert (part.isna() | part.eq("")).all(axis=None)
        pd.testing.assert_frame_equal(bare[name].drop(columns=mine), whole[name].drop(columns=mine))
