"""The digest of the page on changes, and its months: what weighs most stands first, and nothing is lost in a fold."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures import tables
from analysis.ledger import Ledger
from analysis.numbers.headlines import digest, recent
from tests import later

FEBRUARY = "2026-02-27"


def weighed(view: Ledger) -> pd.DataFrame:
    return digest.weightiest(view, digest.month_end(view))


def test_the_month_end_before_a_report_is_never_its_own_day(ledger: Ledger):
    assert [f"{digest.month_end(ledger.at(day)):%Y-%m-%d}" for day in ("2026-02-27", "2026-03-31", "2026-03-01")] == [
        "2026-01-31",
        "2026-02-28",
        "2026-02-28",
    ]


def test_deals_that_were_settled_come_first_then_a_right_then_the_largest_sum(ledger: Ledger):
    """In February 2026 NVIDIA's letter of 100 fell, Amazon signed for 50 and NVIDIA for 30; the plan fell by 800."""
    found = weighed(ledger.at(FEBRUARY))
    assert list(found["what"]) == ["settled", "settled", "settled", "right", "deal"]
    assert list(found["size"].drop(3)) == [100, 50, 30, 800]
    assert list(found["deal"][:2]) == ["nvidia-openai-loi", "amazon-openai-equity"]
    assert found.loc[4, "size"] == pytest.approx(1400 - 600)


def test_a_deal_has_one_place_in_the_digest(ledger: Ledger):
    for day in ("2025-10-28", "2025-12-17", FEBRUARY, "2026-03-31"):
        found = weighed(ledger.at(day))
        named = found.loc[found["deal"] != "", "deal"]
        assert named.is_unique and len(found) <= digest.MOST
        assert (found["day"] > digest.month_end(ledger.at(day))).all()


def test_an_amendment_and_a_deal_of_others_are_not_settled(ledger: Ledger, copy):
    """An order reworded at the same price weighed its whole price, and SoftBank's purchase of ABB led a month."""
    last = later.last_of(copy, "deals", deal="openai-oracle-compute")
    other = last | {"deal": "other", "scope": "chain", "payer": "softbank", "payee": "abb", "status": "signed"}
    later.append(copy, "deals", [last | {"status": "amended", "condition": "Power is there"}, other])
    view = Ledger.load(copy)
    since = view.as_of - pd.Timedelta(days=1)
    news = recent.news(view, since).set_index("deal")
    assert tuple(news.loc["openai-oracle-compute", ["what", "size"]]) == ("deal", 0)
    assert news.loc["other", "what"] == "deal" and news.loc["other", "size"] > 0
    assert list(digest.weightiest(view, since)["deal"]) == ["other"], "what moved nothing has no place"


def test_without_news_the_digest_is_empty(ledger: Ledger):
    assert digest.weightiest(ledger, ledger.as_of).empty
    assert tables.digest(ledger.at("2025-01-01")).frame.columns.to_list() == ["Day", "What happened", "Source"]


def test_each_month_is_a_fold_with_its_count_and_the_newest_is_open(ledger: Ledger):
    view = ledger.at("2026-03-31")
    table = tables.changes(view)
    page = BeautifulSoup(table._repr_html_(), "html.parser")
    folds = page.select("details")
    counts = [int(f.select_one(".rt-tally").get_text().split()[0]) for f in folds]
    assert counts == [len(f.select("tbody tr")) for f in folds] and sum(counts) == len(table.frame)
    assert [f.has_attr("open") for f in folds] == [True] + [False] * (len(folds) - 1)
    assert len(folds) == tables.MONTHS + 1 and folds[0].summary.get_text().startswith("March 2026")
    assert len({t["id"] for t in page.select("table")}) == len(folds)
