"""The pages of companies and deals: what they say, that it adds up, and that no data breaks them."""

import functools
import gzip
import math
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from analysis.book.pages import fragments
from analysis.book.pages.addresses import Addresses, theme_script
from analysis.book.pages.company_links import link_companies
from analysis.book.pages.profile_pages import MORE_DEALS, MOST_DEALS, ProfilePages
from analysis.ledger import Ledger
from analysis.models import deals as counted
from analysis.numbers import formats
from analysis.numbers.exposure.owed import exposures
from analysis.numbers.glances import Glances
from analysis.numbers.profiles.addresses import company_page, deal_page
from analysis.numbers.profiles.companies import Profiles
from analysis.numbers.profiles.deals import counts_as
from analysis.numbers.profiles.leads import lead
from analysis.numbers.profiles.money import PLANTS, STAKES, Money
from analysis.numbers.profiles.names import names_in_prose, row_names
from analysis.numbers.profiles.own_totals import is_overtaken, totals
from analysis.numbers.profiles.standfirsts import standfirst
from analysis.numbers.words import MONEY_WORDS
from analysis.templates import curly
from tests.conftest import add_row, change, read_rows, write_rows
from tests.hostile import PAYLOADS, write_hostile
from tests.ledgers import SMALL
from tests.tags import Tags

HEAVIEST = 250_000  # bytes of a page, gzipped
CHAPTERS = {"index": "What goes round", "exposure": "Who is exposed", "ledger": "The ledger", "search": "Search"}


def write(ledger: Ledger, target: Path, told: dict[str, list[str]] | None = None) -> list[str]:
    """Write the pages of a ledger into an empty folder, beside empty pages of the report."""
    (target / "_data").mkdir(parents=True)
    day = f"{ledger.as_of:%Y-%m-%d}"
    site = {"as_of": day, "as_of_words": formats.day(day), "scenario": "central", "digest": "0", "commit": ""}
    assets = {"styles": "s.css", "script": "s.js", "favicon": "f.svg", "loaded": "", "serif": ""}
    report = {"site": site, "titles": CHAPTERS, "assets": assets, "told_rows": told or {}}
    for name in [*CHAPTERS, "references"]:
        (target / f"{name}.html").touch()
    (target / "figures").mkdir(parents=True)
    (target / "figures/index.html").touch()
    return ProfilePages(Profiles(ledger), report, Addresses()).write(target)


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def tags(path: Path) -> Tags:
    return Tags(path.read_text(encoding="utf-8"))


def words(path: Path) -> str:
    return re.sub(r"\s+", " ", soup(path).get_text(" ")).replace(" .", ".").replace(" :", ":")


@pytest.fixture(scope="module")
def small() -> Ledger:
    return Ledger.load(SMALL)


@pytest.fixture(scope="module")
def pages(small: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("profiles")
    write(small, target, {"exposure": ["deals-openai-oracle-compute-2026-01-10"]})
    return target


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ("oracle", "OpenAI has placed orders of US$150bn with Oracle."),
        ("coreweave", "OpenAI has placed orders of up to US$12bn with CoreWeave."),
        ("cerebras", "OpenAI has placed orders of more than US$5bn with Cerebras."),
        ("amd", "OpenAI buys from AMD; how much it pays is not published."),
        (
            "microsoft",
            "OpenAI has placed orders of US$100bn with Microsoft, and agreed to more without a published price (1 deal).",
        ),
        ("softbank", "OpenAI has been paid or promised US$30bn by SoftBank for shares."),
        ("amazon", "OpenAI has been paid or promised US$10–40bn by Amazon for shares."),
    ],
)
def test_a_company_is_told_in_a_sentence(small: Ledger, company: str, said: str):
    assert said in Profiles(small).companies[company].summary


@pytest.mark.parametrize(
    ("company", "sentence", "number"),
    [
        (
            "oracle",
            "Oracle, a cloud company, sells computing to OpenAI. Of OpenAI's suppliers it holds the largest orders.",
            "US$150bn ordered from it by OpenAI Signed; payments undisclosed.",
        ),
        (
            "amazon",
            "Amazon, a cloud company, sells computing to and invests in OpenAI. Of OpenAI's suppliers it holds the third "
            "largest orders.",
            "US$60bn ordered from it by OpenAI Signed; payments undisclosed.",
        ),
        (
            "softbank",
            "SoftBank invests in OpenAI. By what it has paid or promised, it is OpenAI's second largest investor.",
            "US$30bn paid or promised for shares of OpenAI All of it is paid.",
        ),
        ("amd", "AMD, a maker of chips and hardware, sells chips to OpenAI.", ""),
    ],
)
def test_a_page_opens_with_what_a_company_is_here(pages: Path, company: str, sentence: str, number: str):
    made = soup(pages / company_page(company))
    assert made.select_one(".rt-standfirst").get_text() == curly(sentence)
    shown = made.select_one(".rt-telling")
    assert (shown.get_text(" ", strip=True) if shown else "") == number


def test_no_column_of_the_list_adds_kinds_of_money(pages: Path, small: Ledger):
    """What a company raises by shares and what it borrows stand apart; each column adds up to the flows of its kind."""
    made = soup(pages / "companies/index.html")
    heads = [h.get_text().removesuffix(", US$ bn") for h in made.select("thead th")]
    assert heads[1:-1] == ["Sells", "Buys", "Sells shares", "Invests", "Borrows", "Lends"]
    money = Profiles(small).money
    for row in made.select("tbody tr"):
        key = row.a["href"].removesuffix(".html")
        sides = [(money.into, money.out)[i % 2](key, ("orders", "equity", "debt")[i // 2]) for i in range(6)]
        told = [cell.get_text().strip() != "" for cell in row.select("td")[1:-1]]
        assert told == [any(f.high for f in flows) for flows in sides], key


def test_a_companys_page_shows_its_money(pages: Path):
    """NVIDIA: 20 into OpenAI's shares; 40 from Oracle and 6 from CoreWeave for chips; a dropped letter of 100."""
    made = soup(pages / "companies/nvidia.html")
    kinds = {k.b.get_text(): k.get_text().split(": ")[1] for k in made.select(".rt-kind")}
    assert kinds == {"Sells and leases": "US$46bn", "Invests in shares": "US$20bn"}
    captions = [c.get_text() for c in made.select(".rt-deals caption")]
    assert captions[0].startswith("Agreed") and captions[-1] == "Cancelled"
    assert "up to US$100bn" in made.select(".rt-deals")[-1].get_text()


def test_what_is_in_talks_or_cancelled_stands_apart(small: Ledger, tmp_path: Path):
    write(small.at("2026-01-10"), tmp_path)
    amazon = soup(tmp_path / "companies/amazon.html")
    talks = next(t for t in amazon.select(".rt-deals") if t.caption.get_text() == "In talks")
    assert "Amazon → OpenAI" in talks.get_text() and "in talks" in talks.get_text()
    paid = amazon.find("h3", string="Money out").find_next(class_="rt-flows")
    assert "Anthropic" in paid.get_text() and "OpenAI" not in paid.get_text(), "nobody has agreed to it"


def test_a_deals_page_tells_each_step_in_words(pages: Path):
    steps = [
        s.get_text(" ", strip=True) for s in soup(pages / "deals/openai-aws-compute.html").select(".rt-steps-of > li")
    ]
    assert steps[0].startswith("10 January 2026 : Amount from US$20bn to US$60bn; signed and amended, signed before; ")
    assert "the capacity is stated for the first time: 2 GW" in steps[0]
    assert "runs to the end of 2033, not the end of 2029" in steps[0]
    assert steps[1].startswith("30 June 2025 : First known: signed")
    dropped = words(pages / "deals/nvidia-openai-loi.html")
    assert "Cancelled, announced before" in dropped
    assert "the condition is no longer stated (it was “letter of intent" in dropped
    assert "counts in no sum" in dropped


def test_a_total_names_its_parts_and_each_part_its_total(pages: Path):
    whole = soup(pages / "deals/openai-round-2026.html")
    parts = {a["href"] for a in whole.select("#parts + ul a")}
    assert parts == {"../deals/amazon-openai-equity.html", "../deals/nvidia-openai-equity.html"}
    part = soup(pages / "deals/nvidia-openai-equity.html")
    assert part.find("dt", string="Part of").find_next("a")["href"] == "../deals/openai-round-2026.html"


def test_a_plan_is_no_loan_and_a_drawn_loan_is_one(copy: Path):
    """Oracle's plan to raise up to 50bn, half of it by selling shares, was told as a loan by bond investors."""
    like = {"deal": "openai-aws-compute"}
    plan = {"role": "total", "status": "announced", "kind": "debt", "part_of": ""}
    add_row(copy / "deals.csv", like, deal="the-plan", **plan)
    add_row(copy / "deals.csv", like, deal="the-loan", **plan | {"role": "payment", "status": "signed"})
    deals = Profiles(Ledger.load(copy)).deals
    assert deals["the-plan"].title.endswith(" in financing") and deals["the-loan"].title.endswith(" as a loan")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"status": "signed"}, "OpenAI agreed to pay Amazon US$60bn for computing."),
        ({"status": "closed"}, "OpenAI paid Amazon US$60bn for computing."),
        (
            {"status": "closed", "low_usd_bn": "40"},
            "OpenAI agreed to pay Amazon US$40–60bn for computing, and a part is",
        ),
        ({"status": "announced"}, "Announced, not known to be signed: OpenAI would pay Amazon US$60bn"),
        ({"status": "reported"}, "By press reports, OpenAI agreed to pay Amazon US$60bn"),
        ({"status": "reported", "condition": "advanced talks"}, "In talks: OpenAI would pay Amazon US$60bn"),
        ({"status": "cancelled"}, "Ended: OpenAI agreed to pay Amazon US$60bn for computing."),
        (
            {"role": "contingent", "kind": "guarantee"},
            "Only on a condition: OpenAI would pay Amazon US$60bn under a guarantee.",
        ),
        ({"kind": "debt", "status": "signed"}, "OpenAI agreed to lend Amazon US$60bn."),
        ({"role": "total", "kind": "debt", "status": "announced"}, "OpenAI would give Amazon US$60bn in financing."),
        ({"kind": "warrant", "low_usd_bn": "", "high_usd_bn": ""}, "OpenAI agreed to give Amazon warrants."),
    ],
)
def test_a_deals_page_opens_with_who_pays_whom(copy: Path, cells: dict[str, str], said: str):
    whole = {"deal": "a-deal", "kind": "compute", "role": "payment", "condition": "", "part_of": "", "parts": ""}
    newest = {"as_of": "2026-03-10", "low_usd_bn": "60", "high_usd_bn": "60"}
    rows = (
        [cells] if cells.get("status") != "cancelled" else [cells | {"status": "signed", "as_of": "2026-03-05"}, cells]
    )
    for like, row in zip(("openai-aws-compute", "a-deal"), rows, strict=False):
        add_row(copy / "deals.csv", {"deal": like}, **whole | newest | row)
    profiles = Profiles(Ledger.load(copy))
    assert said in standfirst(profiles.statements, profiles.deals["a-deal"])


def test_a_company_without_counted_money_is_told_by_what_names_it(copy: Path):
    for name in ("party", "builder", "nobody"):
        add_row(copy / "entities.csv", {"entity": "oracle"}, entity=name, name=name.title(), kind="developer")
    talks = {"status": "reported", "condition": "advanced talks", "part_of": "", "parts": ""}
    add_row(copy / "deals.csv", {"deal": "openai-aws-compute"}, deal="a-talk", payee="party", **talks)
    sites = read_rows(copy / "sites.csv")
    place = {n: i for i, n in enumerate(sites[0])}
    sites[-1][place["developer"]] = "builder"
    write_rows(copy / "sites.csv", sites)
    ledger = Ledger.load(copy)
    money = Profiles(ledger).money
    told = [lead(ledger, money, name, "developer").sentence for name in ("party", "builder", "nobody")]
    assert told == [
        "Party, a builder of data centres or power, is party to one deal here that counts in no sum.",
        f"Builder, a builder of data centres or power, is named at {sites[-1][place['name']]}.",
        "Nobody, a builder of data centres or power, is named here in a rule or by a figure, and party to no deal.",
    ]


def test_revenue_comes_before_a_newer_lesser_figure(copy: Path):
    rows = read_rows(copy / "metrics.csv")
    place = {n: i for i, n in enumerate(rows[0])}
    row = next(r for r in rows if r[place["entity"]] == "oracle" and r[place["metric"]] == "rpo").copy()
    older = row.copy()
    row[place["metric"]], older[place["metric"]] = "some_figure", "revenue"
    older[place["as_of"]] = "2025-01-01"
    write_rows(copy / "metrics.csv", [*rows, row, older])
    oracle = Profiles(Ledger.load(copy)).companies["oracle"]
    assert oracle.metrics[0].newest.cells["metric"] == "revenue"


def test_a_page_names_the_chapters_that_tell_it(pages: Path):
    for page in ("companies/oracle.html", "deals/openai-oracle-compute.html"):
        assert soup(pages / page).select_one(".rt-told a")["href"] == "../exposure.html"
    assert soup(pages / "companies/cerebras.html").select_one(".rt-told") is None


@pytest.mark.parametrize("which", ["small", "ledger", "live"])
def test_what_companies_pay_is_what_companies_are_paid(which: str, request: pytest.FixtureRequest):
    """Over all companies, by kind: money out is money in, and both are the sum of the deals, each counted once."""
    known: Ledger = request.getfixturevalue(which)
    money, rows = Money(known), counted.payments(known.deals)
    companies = Profiles(known).companies
    for kind in MONEY_WORDS:
        total = counted.total(rows[[counted.money_of(k) == kind for k in rows["kind"]]])
        kinds = [kind, *([STAKES, PLANTS] if kind == "equity" else [])]
        for side in (money.out, money.into):
            flows = [f for company in companies for own in kinds for f in side(company, own)]
            assert sum(f.low for f in flows) == pytest.approx(total.low)
            assert sum(f.high for f in flows) == pytest.approx(total.high)
            assert sum(f.deals for f in flows) == total.deals and sum(f.unpriced for f in flows) == total.undisclosed
            assert any(f.is_open for f in flows) == total.is_open


@pytest.mark.parametrize("which", ["small", "ledger"])
def test_a_creditors_page_says_what_the_chapter_on_exposure_says(which: str, request: pytest.FixtureRequest):
    known: Ledger = request.getfixturevalue(which)
    money = Money(known)
    table = exposures(known)
    assert len(table)
    for row in table.to_dict("records"):
        orders = [f for f in money.into(row["party"], "orders") if f.payer == "openai"]
        assert sum(f.low for f in orders) == pytest.approx(row["priced"])
        assert sum(f.high for f in orders) == pytest.approx(row["high"])


def test_a_guarantors_page_tells_what_it_may_have_to_pay(copy: Path):
    """A seller that stands behind OpenAI's rent had a page on which the largest of its promises did not stand."""
    like = {"deal": "openai-aws-compute"}
    backs = {"as_of": "2026-03-10", "kind": "guarantee", "role": "contingent", "status": "signed", "scope": "openai"}
    cells = {"payer": "nvidia", "payee": "crusoe", "low_usd_bn": "", "high_usd_bn": "77", "part_of": "", "end": ""}
    add_row(copy / "deals.csv", like, deal="a-guarantee", **backs | cells)
    companies = Profiles(Ledger.load(copy)).companies
    assert "NVIDIA has signed to stand behind OpenAI with up to US$77bn." in companies["nvidia"].summary
    label = "Signed to pay if OpenAI does not"
    assert dict(companies["nvidia"].exposure)[label] == "up to US$77bn"
    assert label not in dict(companies["crusoe"].exposure) and "stand behind" not in companies["crusoe"].summary


def test_a_page_has_its_own_entry_for_a_bibliography(ledger: Ledger, tmp_path: Path):
    """The page on the report promised one at the foot of each page; all had one key."""
    names = [name for name in write(ledger, tmp_path) if not name.endswith("index.html")]
    keys = [
        re.search(r"@misc\{(.+),", soup(tmp_path / name).select_one(".rt-citing pre").get_text())[1] for name in names
    ]
    assert len(set(keys)) == len(names)


@pytest.mark.parametrize(
    ("cells", "has_parts", "said"),
    [
        ({}, False, "counts in every sum"),
        ({"low_usd_bn": math.nan}, False, "anything from nothing to US$60bn"),
        ({"high_usd_bn": math.nan}, False, "at least US$60bn"),
        ({"low_usd_bn": math.nan, "high_usd_bn": math.nan}, False, "adds no money to any sum"),
        ({"role": "total"}, True, "counted one by one"),
        ({"role": "total"}, False, "none of its parts"),
    ],
)
def test_a_deal_says_what_of_it_counts(cells: dict, has_parts: bool, said: str):
    """Deals without a price, and rounds of which no part is known, were told as counted."""
    row = {"role": "payment", "low_usd_bn": 60.0, "high_usd_bn": 60.0} | cells
    assert said in counts_as(row, has_parts=has_parts)


def test_the_list_names_for_whom_the_money_is(copy: Path, tmp_path: Path):
    """A seller whose largest order is another's was listed as selling to OpenAI, beside that order."""
    like = {"deal": "openai-aws-compute"}
    cells = {
        "payer": "oracle",
        "payee": "amazon",
        "low_usd_bn": "900",
        "high_usd_bn": "900",
        "part_of": "",
        "parts": "",
    }
    add_row(copy / "deals.csv", like, deal="of-another", as_of="2026-03-10", status="signed", **cells)
    write(Ledger.load(copy), tmp_path)
    row = soup(tmp_path / "companies/index.html").find("a", href="amazon.html").find_parent("td")
    assert "sells computing to Oracle and OpenAI" in row.get_text()


def test_of_a_ceiling_no_page_says_that_all_is_signed(copy: Path):
    like = {"deal": "openai-aws-compute"}
    cells = {"payee": "crusoe", "low_usd_bn": "", "high_usd_bn": "22", "part_of": "", "parts": ""}
    add_row(copy / "deals.csv", like, deal="a-ceiling", as_of="2026-03-10", status="signed", **cells)
    told = Profiles(Ledger.load(copy)).companies["crusoe"].lead
    assert (told.number, told.firmness) == ("up to US$22bn", "Signed, up to this ceiling; no floor is published.")


def test_a_suppliers_risk_names_what_it_owes_whether_or_not_openai_pays(ledger: Ledger):
    """Oracle's page told the order of 300 and not the leases that are signed against it."""
    told = dict(Profiles(ledger).companies["oracle"].exposure)
    assert told["Leases signed and not begun, for all customers"] == "US$248bn (November 2025)"


def broken_links(folder: Path, names: list[str]) -> list[str]:
    """The links of some pages that lead to no file, or to no place on it."""
    found, places = [], functools.cache(lambda path: {a.get("id") for _, a in tags(path).found})
    for name in names:
        links = [a for tag, a in tags(folder / name).found if tag == "a" or a.get("rel") == "canonical"]
        for link in (a["href"] for a in links if "href" in a):
            address, fragment = urldefrag(link)
            if re.match(r"https?:", address):
                continue
            path = (folder / name).parent / unquote(address.partition("?")[0]) if address else folder / name
            if not path.resolve().exists():
                found.append(f"{name}: {address}")
            elif fragment and path.parent.name in ("companies", "deals") and fragment not in places(path.resolve()):
                found.append(f"{name}: #{fragment}")
    return found


def test_every_link_leads_somewhere(ledger: Ledger, tmp_path: Path):
    names = write(ledger, tmp_path)
    assert len(names) == 2 + len(Profiles(ledger).companies) + len(ledger.deals)
    assert broken_links(tmp_path, names) == []
    listed = {a["href"] for a in soup(tmp_path / "companies/index.html").select("td a, .rt-others a")}
    assert listed == {company_page(c).rpartition("/")[2] for c in Profiles(ledger).companies}
    listed = {a["href"].removeprefix("../") for a in soup(tmp_path / "deals/index.html").select("table a")}
    assert listed == {deal_page(d) for d in ledger.deals["deal"]}


def test_two_writings_are_the_same_bytes(small: Ledger, pages: Path, tmp_path: Path):
    told = {"exposure": ["deals-openai-oracle-compute-2026-01-10"]}
    for name in write(Ledger.load(SMALL), tmp_path, told):
        assert (tmp_path / name).read_bytes() == (pages / name).read_bytes()
    assert (tmp_path / "_data/names.js").read_bytes() == (pages / "_data/names.js").read_bytes()


def test_an_earlier_day_knows_only_what_was_known(small: Ledger, tmp_path: Path):
    write(small.at("2025-06-30"), tmp_path)
    made = [soup(p) for p in tmp_path.glob("*/*.html")]
    for cited in [c for page in made for c in page.select(".rt-sources, .rt-cited")]:
        cited.decompose()  # a page may have been published again
    said = " ".join(page.get_text(" ") for page in made)
    later = {d for name in ("deals", "terms", "metrics", "sites") for d in small.history[name]["as_of"]}
    days = [formats.day(d.date()) for d in later if f"{d:%Y-%m-%d}" > "2025-06-30"]
    assert len(days) > 1 and [d for d in days if re.search(rf"(?<!\d){d}", said)] == []
    assert not (tmp_path / "deals/nvidia-openai-equity.html").exists()
    assert not (tmp_path / "companies/cerebras.html").exists(), "no row names it yet"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    root = tmp_path_factory.mktemp("hostile")
    write_hostile(root / "data", rows=600)
    return root / "site", write(Ledger.load(root / "data"), root / "site")


def test_hostile_and_huge_text_stays_text(hostile: tuple[Path, list[str]]):
    folder, names = hostile
    for name in names:
        made = tags(folder / name)
        assert [text for _, text in made.scripts] == [theme_script()], name
        assert {tag for tag, _ in made.found}.isdisjoint({"img", "svg", "iframe"}), name
        assert [a for _, attributes in made.found for a in attributes if a.startswith("on")] == [], name
        assert [a for _, a in made.found if re.match(r"\s*javascript:", a.get("href") or "", re.I)] == [], name
        assert len(gzip.compress((folder / name).read_bytes())) <= HEAVIEST / 4, name
    assert broken_links(folder, names[:40]) == []
    text = (folder / "_data/names.js").read_text(encoding="utf-8")
    assert "</script" not in text and PAYLOADS[0].split(">")[0] in text


def test_a_company_with_hundreds_of_deals_stays_small(hostile: tuple[Path, list[str]], copy: Path):
    folder, _ = hostile
    payer = next(r["payer"] for r in Ledger.load(copy).deals.to_dict("records") if r["role"] == "claim")
    made = soup(folder / company_page(payer))
    assert max(len(t.tbody.find_all("tr")) for t in made.select(".rt-deals")) <= MOST_DEALS + MORE_DEALS
    assert "smaller ones: see the" in made.get_text()


def test_a_company_with_one_row(copy: Path, tmp_path: Path):
    like = {"entity": "oracle"}
    add_row(copy / "entities.csv", like, entity="lonely", name="Lonely & Sons", country="", ticker="")
    rows = read_rows(copy / "metrics.csv")
    place = {n: i for i, n in enumerate(rows[0])}
    row = next(r for r in rows if r[place["entity"]] == "oracle" and r[place["metric"]] == "rpo").copy()
    row[place["entity"]] = "lonely"
    write_rows(copy / "metrics.csv", [*rows, row])
    write(Ledger.load(copy), tmp_path)
    made = soup(tmp_path / "companies/lonely.html")
    assert made.h1.get_text() == "Lonely & Sons" and len(made.select("#timeline + ol > li")) == 1
    assert [h.get_text() for h in made.find_all("h2")] == [
        "What became known, newest first",
        "Reported figures",
        "Sources",
    ]


def test_a_deal_amended_nine_times(copy: Path, tmp_path: Path):
    deal = {"deal": "openai-aws-compute"}
    before = len(read_rows(copy / "deals.csv"))
    known = len(Ledger.load(copy).history["deals"].query("deal == 'openai-aws-compute'"))
    for n in range(1, 10):
        end = str(200 + n)
        day = f"2026-03-{20 + n:02d}"
        add_row(copy / "deals.csv", deal, as_of=day, status="amended", low_usd_bn=end, high_usd_bn=end, note=f"No. {n}")
    assert len(read_rows(copy / "deals.csv")) == before + 9
    write(Ledger.load(copy), tmp_path)
    made = soup(tmp_path / "deals/openai-aws-compute.html")
    steps = made.select(".rt-steps-of > li")
    assert len(steps) == known + 9
    for n, step in zip(range(9, 1, -1), steps, strict=False):
        assert f"mount from US${199 + n}bn to US${200 + n}bn" in step.get_text() and f"No. {n}" in step.get_text()
    assert "US$209bn" in made.h1.get_text()


def test_an_almost_empty_ledger(three: Ledger, tmp_path: Path):
    names = write(three, tmp_path)
    assert len([n for n in names if n.startswith("deals/")]) == 1 + 3 and broken_links(tmp_path, names) == []
    for name in names:
        said = words(tmp_path / name)
        assert " nan" not in said and "None" not in said and "NaT" not in said, name


def test_a_ledger_without_a_row_has_two_empty_lists(three: Ledger, tmp_path: Path):
    nothing = three.at("1999-01-01")
    assert three.first > nothing.as_of
    names = write(nothing, tmp_path)
    assert names == ["companies/index.html", "deals/index.html"]
    assert "0 deals" in words(tmp_path / "deals/index.html")


def test_addresses_never_meet():
    long = ["a" * 300, "a" * 300 + "b", "a" * 100]
    made = [page(key) for page in (company_page, deal_page) for key in ("index", "a.b", "a-b", *long)]
    assert len(set(made)) == len(made) and all(len(p.rpartition("/")[2]) < 120 for p in made)
    assert "companies/index.html" not in made and "deals/index.html" not in made


def prose(*sections: list[nodes.Node]) -> nodes.document:
    document = new_document("chapter")
    for children in sections:
        section = nodes.section("", nodes.title("", "Oracle and OpenAI"))
        section += [nodes.paragraph("", "", *children)]
        document += section
    return document


def links_of(document: nodes.document) -> list[tuple[str, str]]:
    return [(r.astext(), r["refuri"]) for r in document.findall(nodes.reference)]


def test_the_first_mention_in_each_section_is_linked(small: Ledger):
    names = names_in_prose(small)
    text = "OpenAI pays Oracle; Oracle's bonds, Oracle-like firms and SoftBank. See AMD and AMDs."
    document = prose([nodes.Text(text)], [nodes.Text("Oracle again, and OpenAI.")])
    before = document.astext()
    link_companies(document, names, "../")
    assert links_of(document) == [
        ("OpenAI", "../companies/openai.html"),
        ("Oracle", "../companies/oracle.html"),
        ("SoftBank", "../companies/softbank.html"),
        ("AMD", "../companies/amd.html"),
        ("Oracle", "../companies/oracle.html"),
    ]
    assert document.astext() == before, "no word is lost"


def test_links_code_and_titles_stay_as_they_are(small: Ledger):
    inside = [nodes.reference("", "Oracle", refuri="x"), nodes.literal("", "Oracle"), nodes.raw("", "Oracle")]
    document = prose(inside)
    link_companies(document, names_in_prose(small), "")
    assert links_of(document) == [("Oracle", "x")]


def test_a_name_that_is_a_pattern_is_only_a_name(copy: Path):
    change(copy / "entities.csv", {"entity": "oracle"}, "name", "Or.*(a|b)+[")
    names = names_in_prose(Ledger.load(copy))
    document = prose([nodes.Text("Or.*(a|b)+[ is a name, Oraab is none.")])
    link_companies(document, names, "")
    assert [text for text, _ in links_of(document)] in (["Or.*(a|b)+["], [])


def test_a_row_has_a_name_in_words(small: Ledger):
    names = row_names(small)
    assert len(names) == sum(
        len(small.history[table])
        for table in ("deals", "metrics", "sites", "terms", "quotes", "prices", "outside_models")
    )
    assert names["deals:openai-oracle-compute/2026-01-10"] == "OpenAI → Oracle: computing, 10 January 2026"
    links = fragments.ledger_links(["deals:openai-oracle-compute/2026-01-10", "chips:x"], names)
    assert links[0]["page"] == "deals/openai-oracle-compute.html"
    assert links[0]["anchor"] == "deals-openai-oracle-compute-2026-01-10"
    assert (links[1]["page"], links[1]["name"]) == ("", "x")


def test_what_is_in_talks_or_cancelled_says_that_it_counts_in_no_sum(small: Ledger, pages: Path, tmp_path: Path):
    write(small.at("2026-01-10"), tmp_path)
    assert "Talks, which count in no sum" in words(tmp_path / "deals/amazon-openai-equity.html")
    assert "it counts in every sum" in words(pages / "deals/amazon-openai-equity.html")
    assert "Cancelled, so it counts in no sum" in words(pages / "deals/openai-crusoe-lease.html")


def test_a_sum_of_decimals_is_rounded_as_on_paper():
    """26.95 + 20 + 6.6 + 5 + 3 + 1.4 is 62.95; summed exactly, the binary fractions give the number just below."""
    parts = [26.95, 20, 6.6, 5, 3, 1.4]
    assert math.fsum(parts) != 62.95
    assert formats.amount(math.fsum(parts), "usd_bn") == formats.amount(62.95, "usd_bn") == "US$63bn"


def test_a_figure_of_an_older_quarter_says_so(copy: Path):
    """SoftBank's income of December stood beside news of July as if it were its newest quarter's."""
    like = {"entity": "oracle", "metric": "rpo"}
    own = {"entity": "softbank", "unit": "usd_bn", "basis": "actual", "as_of": "2026-03-10"}
    add_row(
        copy / "metrics.csv", like, **own | {"metric": "revenue", "start": "2026-01-01", "end": "2026-03-31"}, value="9"
    )
    company = Profiles(Ledger.load(copy)).companies["softbank"]
    old = {m.newest.cells["metric"]: is_overtaken(company.metrics, m) for m in company.metrics}
    assert old["net_income"] and not old["revenue"], "December and March"


def test_a_sellers_page_sets_its_own_totals_beside_its_deals(copy: Path):
    """NVIDIA's page showed 40 sold for a firm that sold 96 in a quarter."""
    like = {"entity": "oracle", "metric": "rpo"}
    own = {"entity": "crusoe", "unit": "usd_bn", "basis": "actual", "as_of": "2026-03-10", "end": "2026-02-28"}
    add_row(copy / "metrics.csv", like, **own | {"metric": "revenue", "start": "2025-12-01", "value": "96"})
    add_row(copy / "metrics.csv", like, **own | {"metric": "leases_not_commenced", "start": "", "value": "5"})
    profiles = Profiles(Ledger.load(copy))
    told = totals(profiles, profiles.companies["crusoe"])
    assert [words.partition(" (")[0] for _, words in told] == ["US$96bn", "US$5bn"]


def test_a_group_points_to_the_newest_of_its_members(copy: Path, tmp_path: Path):
    """The lease of August in Ohio was missing from SoftBank's page, for SB Energy has deals of its own."""
    ledger = Ledger.load(copy)
    write(ledger, tmp_path)
    page = soup(tmp_path / company_page("softbank")).get_text()
    profiles = Profiles(ledger)
    newest = next(s for s in Glances(profiles).news(profiles.companies["sb-energy"]) if s.table == "deals")
    assert f"Newest of SB Energy, {newest.day_words}: " in page
