"""The ledger that can be added up by hand: a case of everything, and what the package must make of it."""

import pandas as pd
import pytest

from analysis.ledger import Ledger, check, schema
from analysis.ledger.identities import arithmetic
from analysis.models import deals as counted
from tests.conftest import number_functions, numbers_of, read_rows
from tests.ledgers import FROZEN, SMALL
from tests.test_figures import FIGURES, check_figure, spec_of

HEADER, *ROWS = read_rows(SMALL / "expected.csv")
EXPECTED = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
SUMS = [e for e in EXPECTED if "." not in e["key"]]
RESULTS = [e for e in EXPECTED if "." in e["key"]]
DAYS = sorted({e["as_of"] for e in EXPECTED})
SIDES = {"pays": ("payer", "payee"), "receives": ("payee", "payer")}


def named(expected: dict[str, str]) -> str:
    return f"{expected['as_of']} {expected['key']} {expected['end']}"


@pytest.fixture(scope="module")
def small() -> Ledger:
    return Ledger.load(SMALL)


@pytest.fixture(scope="module")
def known(small: Ledger) -> dict[str, dict]:
    """Every result of the chapters on each key day."""
    return {day: numbers_of(small.at(day)) for day in DAYS}


@pytest.mark.parametrize("directory", [SMALL, FROZEN], ids=lambda d: d.name)
def test_a_frozen_ledger_passes_the_checks(directory):
    assert check(directory) == []


@pytest.mark.parametrize("expected", EXPECTED, ids=named)
def test_an_expected_value_follows_from_its_formula(expected: dict[str, str]):
    assert arithmetic(expected["formula"]) == pytest.approx(float(expected["expected"]), rel=1e-7)


@pytest.mark.parametrize("expected", SUMS, ids=named)
def test_deals_add_up_as_by_hand(small: Ledger, expected: dict[str, str]):
    verb, *rest = expected["key"].split()
    mine, other = SIDES[verb]
    chosen = {mine: "openai", "scope": "openai"}
    if rest == ["without", "press", "reports"]:
        chosen["with_reported"] = False
    elif rest == ["with", "talks"]:
        chosen["with_talks"] = True
    elif rest:
        (chosen[other],) = rest
    total = counted.total(counted.payments(small.at(expected["as_of"]).deals, **chosen))
    assert getattr(total, expected["end"]) == pytest.approx(float(expected["expected"]))


def test_a_sum_with_an_open_amount_is_open(small: Ledger):
    for day in DAYS:
        owed = counted.total(counted.payments(small.at(day).deals, payer="openai", scope="openai"))
        assert owed.is_open is (day == DAYS[-1]), "Cerebras, more than 5"


@pytest.mark.parametrize("expected", RESULTS, ids=named)
def test_a_chapter_says_what_a_hand_computes(known: dict[str, dict], expected: dict[str, str]):
    result = known[expected["as_of"]][expected["key"]]
    assert getattr(result, expected["end"]) == pytest.approx(float(expected["expected"]), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("index.both_names", "Microsoft and Amazon"),
        ("index.top_two_names", "Oracle and Microsoft"),
        ("index.owes", "US$315–327bn or more"),
        ("circularity.long_loop", "NVIDIA → OpenAI → Oracle → NVIDIA"),
        ("circularity.one_way_names", "Oracle, CoreWeave and Cerebras"),
        ("circularity.control_orders", "US$3"),
        ("oracle_softbank.lease_terms", "15 years on average"),
        ("oracle_softbank.left_per_gw", "up to US$15bn"),
        ("microsoft.first_refusal_day", "15 January 2025"),
        ("microsoft.result_quarter", "July to September 2025"),
    ],
)
def test_a_chapter_names_what_a_hand_finds(known: dict[str, dict], key: str, text: str):
    assert known[DAYS[-1]][key].text == text


def test_each_key_day_of_the_small_ledger_has_expected_values(small: Ledger):
    assert [f"{d:%Y-%m-%d}" for d in small.vintages["as_of"]] == DAYS


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_the_small_ledger(small: Ledger, name: str):
    check_figure(spec_of(name, small), name, small)


@pytest.mark.parametrize(
    "function", number_functions(), ids=lambda f: f"{f.__module__.partition('.numbers.')[2]}.{f.__name__}"
)
def test_the_numbers_of_a_ledger_of_three_rows(three: Ledger, function):
    """Hardly anything is known: each result still has its text and none fails."""
    assert all(result.text for result in function(three, "central"))


# What the small ledger covers


def test_every_value_that_the_schema_allows_occurs():
    missing = {}
    for table in schema.tables().values():
        header, *rows = read_rows(SMALL / table.file)
        for field in table.fields:
            if field.enum:
                found = {row[header.index(field.name)] for row in rows}
                missing[f"{table.name}.{field.name}"] = set(field.enum) - found
    assert {column: values for column, values in missing.items() if values} == {}


def test_every_optional_cell_is_empty_once_and_filled_once():
    lacking = []
    for table in schema.tables().values():
        header, *rows = read_rows(SMALL / table.file)
        for field in table.fields:
            if not field.required:
                filled = {bool(row[header.index(field.name)]) for row in rows}
                lacking += [
                    f"{table.name}.{field.name}: never {'filled' if f else 'empty'}" for f in {True, False} - filled
                ]
    assert lacking == []


def test_every_shape_of_an_amount_and_of_a_term_occurs(small: Ledger):
    rows = counted.payments(small.deals)
    low, high = rows["low_usd_bn"], rows["high_usd_bn"]
    assert (low.isna() & high.notna()).any(), "up to"
    assert (low.notna() & high.isna()).any(), "more than"
    assert (low.isna() & high.isna()).any(), "no amount"
    assert (low < high).any(), "a range"
    assert (rows["start"].notna() & rows["end"].isna()).any(), "an open end"
    assert rows["condition"].str.len().gt(0).any()


def test_every_change_of_a_fact_occurs(small: Ledger):
    for name, column in (("deals", "status"), ("sites", "status"), ("terms", "state")):
        history = small.history[name]
        key = history.columns[0]
        assert history.groupby(key)[column].nunique().gt(1).any(), name
    metrics = small.history["metrics"]
    same = [c for c in schema.tables()["metrics"].primary_key if c != "as_of"]
    restated = metrics.groupby(same, dropna=False)["value"].nunique()
    assert restated.gt(1).any(), "a restated figure"
    assert metrics["by"].ne("").any() and metrics["basis"].nunique() > 3
    prices = small.history["prices"].groupby(["instance", "pricing"])["usd_per_hour"].nunique()
    assert prices.gt(1).any(), "a price that moved"
    assert isinstance(small.newest, pd.Timestamp) and len(small.vintages) > 2
