"""The sentences of what became known: whole ones, of every row that the ledger can hold, with what was before."""

import itertools
import re

import pandas as pd
import pytest

from analysis.ledger import Ledger
from analysis.ledger.schema import CANCELLED, PAUSED
from analysis.numbers.headlines import deals, headline, is_repeated, is_told_with_another, metrics, past, recent
from analysis.numbers.headlines.phrases import PHRASES
from analysis.numbers.words import DEAL_WORDS
from tests.ledgers import FROZEN

BASE = {
    "deal": "d",
    "as_of": pd.Timestamp("2026-02-27"),
    "status": "signed",
    "kind": "compute",
    "role": "payment",
    "payer": "openai",
    "payee": "amazon",
    "low_usd_bn": 138.0,
    "high_usd_bn": 138.0,
    "start": pd.NaT,
    "end": pd.NaT,
    "gw": float("nan"),
    "condition": "",
}
SHORTHAND = re.compile(r"→|\bnan\b|NaT|None|usd_bn|\{|\}|  |, ,|\(\)|;\s*$|\(was ")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.load(FROZEN)


def told(ledger: Ledger, before: dict[str, object] | None = None, **cells: object) -> str:
    return deals.headline(ledger, BASE | cells, BASE | cells | before if before is not None else None)


@pytest.mark.parametrize(
    ("cells", "before", "said"),
    [
        ({}, None, "OpenAI agreed to buy US$138bn of computing from Amazon"),
        (
            {"status": "amended"},
            {"low_usd_bn": 38.0, "high_usd_bn": 38.0},
            "OpenAI's order for computing from Amazon rose to US$138bn from US$38bn",
        ),
        (
            {"status": "amended", "high_usd_bn": 60.0, "low_usd_bn": 60.0},
            {"high_usd_bn": 90.0, "low_usd_bn": 90.0},
            "OpenAI's order for computing from Amazon fell to US$60bn from US$90bn",
        ),
        ({"status": CANCELLED}, {"status": "signed"}, "OpenAI's order for computing from Amazon (US$138bn) was called off; until then it was signed"),
        (
            {"status": "reported", "condition": "talks"},
            {"status": CANCELLED, "condition": ""},
            "OpenAI is in talks again to buy US$138bn of computing from Amazon, press reports say; they had been called off",
        ),
        ({"status": "amended"}, {"status": "signed"}, "OpenAI's order for computing from Amazon was amended"),
        (
            {"kind": "equity", "payer": "amazon", "payee": "openai", "status": "closed"},
            {"status": "closed", "low_usd_bn": 15.0, "condition": "a listing"},
            "Amazon bought US$138bn of shares in OpenAI; US$15bn had been paid, and the rest hung on conditions",
        ),
        ({"status": PAUSED}, {"status": "signed"}, "OpenAI's order for computing from Amazon (US$138bn) is on hold; until then it was signed"),
        ({"status": "reported"}, None, "OpenAI is to buy US$138bn of computing from Amazon, press reports say"),
        ({"status": "announced"}, None, "As announced, OpenAI is to buy US$138bn of computing from Amazon"),
        (
            {"kind": "equity", "payer": "amazon", "payee": "openai", "status": "closed"},
            {"status": "signed"},
            "Amazon bought US$138bn of shares in OpenAI",
        ),
        (
            {"kind": "guarantee", "payer": "nvidia", "low_usd_bn": float("nan"), "role": "contingent"},
            None,
            "NVIDIA agreed to give Amazon a guarantee of up to US$138bn",
        ),
        (
            {"kind": "debt", "payer": "bank-syndicate", "payee": "openai", "status": "reported", "condition": "in talks"},
            None,
            "Banks are in talks to lend OpenAI US$138bn, press reports say",
        ),
        ({"low_usd_bn": float("nan"), "high_usd_bn": float("nan"), "gw": 2.0}, None,
         "OpenAI agreed to buy computing from Amazon (2 GW; no price published)"),
        (
            {"kind": "guarantee", "payer": "nvidia", "payee": "crusoe", "low_usd_bn": float("nan"), "role": "contingent",
             "condition": "payable only on OpenAI insolvency or payment default"},
            None,
            "NVIDIA agreed to give Crusoe a guarantee of up to US$138bn, should OpenAI not pay",
        ),
        (
            {"kind": "guarantee", "payer": "nvidia", "payee": "crusoe", "low_usd_bn": float("nan"), "role": "contingent",
             "condition": "default of the customer"},
            None,
            "NVIDIA agreed to give Crusoe a guarantee of up to US$138bn, should the customer not pay",
        ),
        ({"condition": "chips must perform"}, {"condition": ""},
         "OpenAI's order for computing from Amazon has a condition now: chips must perform"),
        ({"condition": "b"}, {"condition": "a"}, "OpenAI's order for computing from Amazon has another condition: b"),
        ({}, {}, "Confirmed: OpenAI agreed to buy US$138bn of computing from Amazon"),
    ],
)  # fmt: skip
def test_a_deal_is_told_as_a_newspaper_would(ledger: Ledger, cells: dict, before: dict | None, said: str):
    assert told(ledger, before, **cells) == said


def test_every_kind_of_deal_has_its_phrases():
    assert set(PHRASES) == set(DEAL_WORDS)


def test_every_pair_of_rows_makes_a_sentence(ledger: Ledger):
    """Of each kind, in each state, from each state."""
    states = ("reported", "announced", "signed", "amended", PAUSED, "closed", CANCELLED)
    roles = ("payment", "contingent", "total", "claim")
    for kind, status, was, role in itertools.product(PHRASES, states, (None, *states), roles):
        before = None if was is None else {"status": was, "high_usd_bn": float("nan"), "gw": 1.0}
        text = told(ledger, before, kind=kind, status=status, role=role)
        assert not SHORTHAND.search(text) and text[0] == text[0].upper(), text


def test_every_row_of_the_ledger_makes_a_sentence(ledger: Ledger):
    """'NVIDIA → SB Energy, guarantee: signed, up to 105' was what the feed said of a guarantee."""
    for table in ("deals", "metrics", "terms", "sites"):
        for row in ledger.history[table].to_dict("records"):
            text = headline(ledger, table, row)
            assert not SHORTHAND.search(text.replace("None", "") if table == "terms" else text), text


def test_a_figure_stands_beside_the_one_of_the_period_before(ledger: Ledger):
    """Both ends of a range make one sentence; a later word on the same period is told as a change."""
    rows = ledger.history["metrics"]
    for row in rows.to_dict("records"):
        if is_told_with_another(ledger, "metrics", row):
            assert row["metric"].endswith("_low")
            continue
        text = headline(ledger, "metrics", row)
        same = rows[(rows["entity"] == row["entity"]) & (rows["metric"] == row["metric"]) & (rows["by"] == row["by"])]
        same = same[(same["basis"] == row["basis"]) & (same["unit"] == row["unit"]) & (same["as_of"] < row["as_of"])]
        same = same[
            (same["end"] == row["end"])
            & (same["start"].fillna(row["end"]) == (row["start"] if pd.notna(row["start"]) else row["end"]))
        ]
        if len(same) and pd.notna(row["end"]):
            assert re.search(r" (rose to|fell to|changed to|stayed at) ", text), text


def test_the_figure_to_compare_with_is_the_one_that_a_search_of_the_whole_table_finds(ledger: Ledger):
    """The search looks at every row for each row, as the headlines did; they gather the rows once."""
    history, found = ledger.history["metrics"], 0
    for row in history.to_dict("records"):
        own = history[
            (history[["entity", "metric", "unit", "by"]] == [row[c] for c in ("entity", "metric", "unit", "by")]).all(
                axis=1
            )
        ]
        own = own[own["basis"].isin(metrics.SAID if row["basis"] in metrics.SAID else (row["basis"],))]
        edges = [own[e].isna() if pd.isna(row[e]) else own[e] == row[e] for e in ("start", "end")]
        same = own[edges[0] & edges[1] & (own["as_of"] < row["as_of"])].sort_values("as_of", kind="stable")
        lengths = (own["end"] - own["start"]).dt.days
        is_as_long = (
            own["start"].isna()
            if pd.isna(row["start"])
            else (lengths - (row["end"] - row["start"]).days).abs() <= metrics.ALIKE
        )
        ago = (row["end"] - own["end"]).dt.days
        older = own[(own["as_of"] <= row["as_of"]) & (ago > 0) & (ago <= metrics.LONGEST_AGO) & is_as_long]
        best = same if len(same) else older.sort_values(["end", "as_of"], kind="stable")
        last = metrics.comparable(history, row)
        assert (last is None) == best.empty, row
        if last is not None:
            found += 1
            pd.testing.assert_series_equal(pd.Series(last), best.iloc[-1], check_names=False)
    assert found > len(history) / 10


def test_rows_are_found_by_what_they_are_about_as_long_as_their_table_is_there():
    table = pd.DataFrame({"deal": ["a", "b", "a", None], "n": [1, 2, 3, 4]})
    assert [r["n"] for r in past.rows_of(table, {"deal": "a"})] == [1, 3]
    assert past.rows_of(table, {"deal": None}) == past.rows_of(table, {"deal": "c"}) == []
    kept = len(past._gathered)
    del table
    assert len(past._gathered) == kept - 1


@pytest.mark.parametrize(
    "note", ["From 190 by accounting, and no cut.", "As restated in the July 10-Q.", "(definition wider)"]
)
def test_a_figure_that_is_counted_otherwise_neither_fell_nor_rose(ledger: Ledger, note: str):
    """Guidance that fell from 190 to 175 as leases changed their class was told as a cut."""
    rows = ledger.history["metrics"]
    row = rows[(rows["basis"] == "guidance") & rows["start"].notna() & (rows["unit"] == "usd_bn")].iloc[-1]
    known = pd.concat([rows, pd.DataFrame([row.to_dict() | {"as_of": row["as_of"] + pd.Timedelta(days=1)}])])
    now = row.to_dict() | {"as_of": row["as_of"] + pd.Timedelta(days=2), "value": row["value"] - 1}
    assert " fell to " in metrics.headline(known, ledger, now | {"note": ""})
    text = metrics.headline(known, ledger, now | {"note": note})
    assert (
        not re.search(r" (fell|rose) ", text) and " is now US$" in text and text.endswith("; counted otherwise since")
    )


def test_the_news_are_the_newest_first_and_no_instalment_repeats_its_total(ledger: Ledger):
    """The round of SoftBank in February 2026 was one purchase of 30 in three instalments of 10."""
    found = recent.news(ledger.at("2026-02-28"), pd.Timestamp("2026-02-01"))
    assert found["day"].is_monotonic_decreasing and len(found)
    (said,) = found.loc[found["said"].str.startswith("SoftBank agreed to buy"), "said"]
    assert "US$30bn of shares in OpenAI" in said
    assert "amazon-openai-equity" in set(found["deal"]), "a part of the round, and the only one of Amazon's"
    amazon = found.set_index("deal").loc["openai-aws-compute"]
    assert (amazon["was"], amazon["now"]) == ("US$38bn", "US$138bn")


def test_nothing_is_news_of_an_empty_time(ledger: Ledger):
    assert recent.news(ledger, ledger.as_of).empty


def test_money_to_be_paid_in_is_not_told_as_paid_in(ledger: Ledger):
    """A headline said that what SoftBank has paid in is US$65bn on a day that was four months away."""
    like = ledger.metrics.iloc[0].to_dict() | {"entity": "softbank", "metric": "invested_in_openai", "by": ""}
    row = like | {"start": pd.NaT, "end": pd.Timestamp("2027-10-31"), "value": 65.0, "unit": "usd_bn", "note": ""}
    said = headline(ledger, "metrics", row | {"basis": "guidance"})
    assert "expects to have paid in US$65bn to OpenAI by 31 October 2027" in said
    said = headline(ledger, "metrics", row | {"basis": "projection"})
    assert "is expected to have paid in US$65bn to OpenAI by 31 October 2027" in said


def test_what_a_report_states_anew_is_no_change(ledger: Ledger):
    """'15-19 years; before: 15-19 years' stood among what became known."""
    assert is_repeated("15-19 years (May 2026)", "15-19 years (November 2025)")
    assert not is_repeated("16 years (May 2026)", "15 years (November 2025)")
    assert not is_repeated("15 years", "15 years") and not is_repeated("yes", "")


def test_looser_words_of_a_contract_are_told_as_such(ledger: Ledger):
    """'cancellability: agreements may be cancelable …; before: agreements are cancellable …' nobody could read."""
    like = ledger.terms.iloc[0].to_dict() | {"term": "some-orders", "parties": "nvidia;amd", "state": ""}
    row = like | {"topic": "cancellability", "after": "orders may be cancelable", "before": "some are cancellable"}
    said = "NVIDIA says of its contracts with AMD that orders may be cancellable; it had said that some are cancellable"
    assert headline(ledger, "terms", row) == said
