"""The report of several days in one site, and what changed between two of them."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from analysis.book.pages import versions
from analysis.book.pages.addresses import Addresses
from analysis.book.publishing import build as building
from analysis.book.publishing import diff
from analysis.book.publishing.settings import Settings
from analysis.ledger import Ledger, LedgerError
from analysis.numbers import changes, vintages
from analysis.numbers.results import middle
from tests.conftest import change, roundtrip, shared_project, shared_site, work_in
from tests.ledgers import FROZEN


def result(key: str, value=None, low=None, high=None, unit: str = "usd_bn", text: str = "") -> dict:
    return {
        "key": key,
        "label": key,
        "unit": unit,
        "value": value,
        "low": low,
        "high": high,
        "text": text or str(value or (low, high)),
    }


def test_results_that_moved_come_largest_first():
    old = {
        r["key"]: r
        for r in (
            result("a", 10),
            result("b", 100),
            result("c", 5),
            result("d", None, unit="text", text="x"),
            result("e", 1),
            result("g", -1),
        )
    }
    new = {
        r["key"]: r
        for r in (
            result("a", 20),
            result("b", 10),
            result("c", 5),
            result("d", None, unit="text", text="y"),
            result("f", 3),
            result("g", 2),
        )
    }
    moved = diff.moved_results(old, new)
    assert [m.key for m in moved] == ["b", "a", "e", "f", "g", "d"], (
        "by factor; then what appeared, vanished or changed sign; then words"
    )
    factors = {m.key: m.factor for m in moved}
    assert factors["b"] == pytest.approx(0.1) and factors["a"] == 2 and factors["e"] is None and factors["g"] is None
    assert next(m for m in moved if m.key == "e").new == "not known"
    assert diff.moved_results(new, new) == []


def test_a_range_moves_by_its_middle():
    (moved,) = diff.moved_results({"a": result("a", None, 10, 30)}, {"a": result("a", None, 30, 50)})
    assert moved.factor == pytest.approx(2)


def test_a_range_with_one_known_end_is_compared_by_that_end():
    """Whoever compares results does so by this number: a page, `diff`, the guard and a sweep."""
    values, lows, highs = np.array([[7, 1, 9], [np.nan, 10, 30], [np.nan, 10, np.nan], [np.nan, np.nan, 30]]).T
    assert middle(values, lows, highs).tolist() == [7, 20, 10, 30]
    assert middle(None, 10, None) == 10 and middle(None, None, 30) == 30 and np.isnan(middle(None, None, None))
    (moved,) = diff.moved_results({"a": result("a", None, 10)}, {"a": result("a", None, 30, 50)})
    assert moved.factor == pytest.approx(4)


def test_diff_tells_what_one_row_did(
    three_rows: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    """Between a ledger and one with a changed amount, in each format; once through the command."""
    work_in(monkeypatch, shared_project(tmp_path_factory, "amazon", "microsoft"))
    copy = shutil.copytree(three_rows, tmp_path / "data")
    change(copy / "deals.csv", {"deal": "openai-aws-compute"}, "high_usd_bn", "48")
    found = diff.diff(str(three_rows), str(copy))
    text = diff.as_text(found)
    assert "Facts: 1 changed" in text and "high_usd_bn: 38 -> 48" in text
    assert re.search(r"US\$38bn -> US\$38–48bn \(x 1\.13\)  \[amazon\.aws_total\]", text)
    told = json.loads(diff.as_json(found))
    keys = {m["key"] for m in told["results"]}
    assert "amazon.aws_total" in keys and told["counts"] == {"changed": 1}
    assert not [key for key in keys if key.startswith("microsoft.")], "who has no part in the order"
    out = tmp_path / "diff.html"
    assert roundtrip("diff", three_rows, copy, "--format", "html", "--out", out).returncode == 0
    page = BeautifulSoup(out.read_text(encoding="utf-8"), "html.parser")
    assert "US$38–48bn" in page.get_text() and not page.find_all("script")
    assert {f["id"] for f in told["figures"]} == {p.code.get_text().split()[1] for p in page.select(".pair")}
    assert all(len(pair.select("figure svg")) == 2 for pair in page.select(".pair")), (
        "each was shown before, and is now"
    )
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert "fig-amazon-growth" in {f["id"] for f in told["figures"]} and len(ids) == len({*ids})


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ([FROZEN, "tomorrow"], "'tomorrow' is neither a day"),
        ([FROZEN, "2199-01-01"], "is after the newest fact"),
        (["/no/such/folder", FROZEN], "is neither a day"),
        (["2025-02-30", FROZEN], "is not a day of the calendar"),
    ],
)
def test_diff_of_what_is_no_side(sides: list[str | Path], message: str):
    done = roundtrip("diff", *sides)
    assert done.returncode == 2 and message in done.stderr


# Key days


def test_the_key_days_are_days_of_the_ledger(live: Ledger):
    days = vintages.known(live)
    assert [v.day for v in days] == sorted({v.day for v in days}) and days[-1].day == f"{live.as_of:%Y-%m-%d}"
    moved = {f"{d:%Y-%m-%d}" for t in live.history.values() for d in t["as_of"]}
    assert {v.day for v in days} <= moved, "on each the ledger learned something"


def test_a_day_between_key_days_comes_last(ledger: Ledger):
    assert [v.day for v in vintages.known(ledger.at("2025-12-18"))][-2:] == ["2025-12-17", "2025-12-18"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,name\n", "vintages.csv:1:as_of: column 'as_of' is missing"),
        ("as_of,name,sentence\n2025-13-01,a,b\n", "vintages.csv:2:as_of: '2025-13-01' is not a day"),
        ("as_of,name,sentence\n2025-01-01,a\n", "vintages.csv:2:sentence: 2 fields where the header has 3"),
        (
            "as_of,name,sentence\n2025-01-01,a,b\n2025-01-01,c,d\n",
            "vintages.csv:3:as_of: '2025-01-01' has the same as_of as row 2",
        ),
    ],
)
def test_a_bad_file_of_key_days_is_refused(copy: Path, text: str, message: str):
    (copy / "vintages.csv").write_text(text)
    with pytest.raises(LedgerError, match=re.escape(message)):
        Ledger.load(copy)


def test_a_ledger_may_do_without_key_days(copy: Path):
    (copy / "vintages.csv").unlink()
    (day,) = vintages.known(Ledger.load(copy, "2025-12-17"))
    assert day.day == "2025-12-17" and day.name == "17 December 2025"


def test_the_timeline_is_what_each_day_knew(ledger: Ledger):
    lines = changes.timeline(ledger)
    for vintage in vintages.known(ledger):
        for key, r in changes.followed(ledger.at(vintage.day)).items():
            row = lines[(lines["day"] == vintage.day) & (lines["key"] == key)]
            assert row["text"].tolist() == [r.text]
    owes = lines[lines["key"] == "index.owes"].set_index("day")["high"]
    assert owes["2026-02-27"] > owes["2025-12-17"] > owes["2025-10-28"] > owes["2025-09-10"]


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory, three_rows: Path) -> Path:
    """A ledger of three deals and three key days: each learned of one deal."""
    root = shutil.copytree(three_rows, tmp_path_factory.mktemp("days") / "data")
    (root / "vintages.csv").write_text(
        "as_of,name,sentence\n2025-10-28,Azure,Azure is ordered.\n2025-11-03,AWS,AWS is ordered.\n"
    )
    return root


@pytest.fixture(scope="module")
def site_of_days(tmp_path_factory: pytest.TempPathFactory, three_days: Path, short_project: Path) -> Iterator[Path]:
    """A short site of three days. The tests that follow in this module work in the project that it is built from."""
    addresses = Addresses("https://example.org/", "")
    with pytest.MonkeyPatch.context() as patch:
        work_in(patch, short_project)
        yield shared_site(tmp_path_factory, "days", data=three_days, vintages=True, addresses=addresses)


def test_a_site_of_several_days(site_of_days: Path, three_days: Path):
    assert sorted(p.name for p in (site_of_days / "at").iterdir()) == ["2025-10-28", "2025-11-03"]
    then, alone = site_of_days / "at" / "2025-11-03", Settings(data=three_days, as_of="2025-11-03")
    one = json.loads((then / "results.json").read_text())["results"]
    two = list(diff.reading_for(alone, building.load(alone)).results.values())
    assert one == two and any(r["text"] == "US$38bn" for r in one), "what a build of that day alone tells"
    for top, prefix in ((site_of_days, ""), (then, "")):
        for page in top.glob("*.html"):
            if page.stem in ("404", "search"):
                continue
            made = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
            links = [a["href"] for a in made.select(".rt-versions a")]
            assert len(links) == 2, f"{page} leads to the two other days"
            assert all((page.parent / href).resolve().exists() and Path(href).name == page.name for href in links), (
                "to the same chapter"
            )
            canonical = made.select_one("link[rel=canonical]")
            assert canonical["href"] == f"https://example.org/{prefix}{page.name}", (
                "search engines are led to the newest"
            )
    assert not (then / "sitemap.xml").exists() and not (then / "robots.txt").exists()
    assert "/at/" not in (site_of_days / "sitemap.xml").read_text()
    shared = (then / "_interactive" / "vega.js").stat()
    assert shared.st_nlink >= 3, "what is the same stands on the disk once"


def test_a_reader_changes_the_day_and_stays_on_the_chapter(site_of_days: Path, tmp_path: Path):
    page = BeautifulSoup(
        (site_of_days / "at" / "2025-11-03" / "amazon.html").read_text(encoding="utf-8"), "html.parser"
    )
    newest = page.select(".rt-versions a")[0]
    assert newest["href"].removeprefix("./") == "../../amazon.html" and "16 December 2025" in newest.get_text()
    assert "An older version" in page.select_one(".rt-versions summary").get_text()
    top = BeautifulSoup((site_of_days / "amazon.html").read_text(encoding="utf-8"), "html.parser")
    assert "An older version" not in top.select_one(".rt-versions summary").get_text()


def test_companies_deals_and_figures_have_the_switch_too(site_of_days: Path):
    earlier = site_of_days / "at" / "2025-11-03"
    for top in (site_of_days, earlier):
        for page in (p for folder in ("companies", "deals", "figures") for p in (top / folder).glob("*.html")):
            made = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
            links = [a["href"] for a in made.select(".rt-versions a")]
            assert len(links) == 2 and all((page.parent / href).resolve().exists() for href in links), page
    made = BeautifulSoup((earlier / "deals" / "openai-aws-compute.html").read_text(encoding="utf-8"), "html.parser")
    newest, before = made.select(".rt-versions a")
    assert newest["href"] == "../../../deals/openai-aws-compute.html" and "not" not in newest.parent.get_text()
    assert before["href"] == "../../../at/2025-10-28/deals/index.html", "the deal became known six days later"
    assert "Nothing was known of this yet" in before.parent.get_text()


def test_a_figure_is_embedded_as_the_newest_or_as_of_a_day(site_of_days: Path, tmp_path: Path):
    page = site_of_days / "at" / "2025-11-03" / "amazon.html"
    codes = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("#fig-amazon-price .rt-embed")
    pages = [(page.parent / code["data-page"]).resolve().relative_to(site_of_days.resolve()) for code in codes]
    alone = Path("figures/fig-amazon-price.html")
    assert pages == [alone, Path("at/2025-11-03") / alone] and all((site_of_days / p).exists() for p in pages)
    top = BeautifulSoup((site_of_days / "amazon.html").read_text(encoding="utf-8"), "html.parser")
    assert len(top.select("#fig-amazon-price .rt-embed")) == 1, "its newest day is no key day, whose address would stay"
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "fig.html").touch()
    versions.write_lasting_addresses(tmp_path, {"day": "2025-11-03", "words": "3 November 2025", "stays": True})
    stub = tmp_path / "at" / "2025-11-03" / "figures" / "fig.html"
    (link,) = BeautifulSoup(stub.read_text(encoding="utf-8"), "html.parser").select("a")
    assert (stub.parent / link["href"]).resolve() == (tmp_path / "figures" / "fig.html").resolve()


def test_an_earlier_day_is_taken_over_when_nothing_of_it_changed(site_of_days: Path, three_days: Path):
    """A changed figure of the newest day makes the newest report anew; the files of the earlier ones are there already.

    The last test of the site of several days: the ledger is changed and the site built again where they stand."""
    out, said = site_of_days, []
    settings = Settings(data=three_days, out=out, vintages=True, addresses=Addresses("https://example.org/", ""))
    before = os.stat(out / "at" / "2025-11-03" / "amazon.html")
    change(three_days / "deals.csv", {"deal": "amazon-openai-equity"}, "high_usd_bn", "12")
    building.build(settings, explain=said.append)
    assert "2025-10-28: taken over, nothing changed" in said and "2025-11-03: taken over, nothing changed" in said
    assert os.stat(out / "at" / "2025-11-03" / "amazon.html").st_ino == before.st_ino
    assert (
        "10–12bn" in (out / "amazon.html").read_text()
        and "10–12bn" not in (out / "at" / "2025-11-03" / "amazon.html").read_text()
    )
