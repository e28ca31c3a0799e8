"""The digest of the page on changes, and its months: what weighs most stands first, and nothing is lost in a fold."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures import tables
from analysis.ledger import Ledger
from analysis.numbers import deal_changes
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


def test_the_deal_that_the_page_begins_with_is_not_told_again_in_the_digest(ledger: Ledger):
    """NVIDIA's guarantee was the lead, the first line of the digest and a row of the month below."""
    view = ledger.at(FEBRUARY)
    lead = deal_changes.turned(view)["deal"].iloc[0]
    assert lead in set(weighed(view)["deal"])
    said = set(weighed(view).loc[lambda rows: rows["deal"] != lead, "said"])
    assert set(tables.digest(view).frame["What happened"]) == said and len(said) == digest.MOST - 1


def test_what_was_talked_about_for_another_capacity_is_not_set_against_what_was_signed(copy):
    """'US$250bn → US$105bn' set talks over 10 GW beside a guarantee that was signed for 4.25 GW."""
    last = later.last_of(copy, "deals", deal="openai-oracle-compute") | {"deal": "new", "status": "reported"}
    talks = last | {"as_of": "2026-03-30", "gw": "10", "low_usd_bn": "", "high_usd_bn": "250"}
    signed = talks | {"as_of": "2026-03-31", "status": "signed", "high_usd_bn": "105"}
    for gw, was in (("4.25", ""), ("10", "up to US$250bn")):
        later.append(copy, "deals", [row | {"deal": f"new-{gw}"} for row in (talks, signed | {"gw": gw})])
        news = recent.news(Ledger.load(copy), pd.Timestamp("2026-03-30")).set_index("deal")
        assert tuple(news.loc[f"new-{gw}", ["was", "now"]]) == (was, "up to US$105bn")


def test_without_news_the_digest_is_empty(ledger: Ledger):
    assert digest.weightiest(ledger, ledger.as_of).empty
    assert tables.digest(ledger.at("2025-01-01")).frame.columns.to_list() == ["Day", "What happened", "Source"]


def test_each_month_is_a_fold_with_its_count_closed_below_the_digest_that_tells_the_newest(ledger: Ledger):
    view = ledger.at("2026-03-31")
    table = tables.changes(view)
    page = BeautifulSoup(table._repr_html_(), "html.parser")
    folds = page.select("details")
    counts = [int(f.select_one(".rt-tally").get_text().split()[0]) for f in folds]
    assert counts == [len(f.select("tbody tr")) for f in folds] and sum(counts) == len(table.frame)
    assert not any(f.has_attr("open") for f in folds), "the rows of the digest stood twice on the page"
    assert len(folds) == tables.MONTHS + 1 and folds[0].summary.get_text().startswith("March 2026")
    assert len({t["id"] for t in page.select("table")}) == len(folds)
