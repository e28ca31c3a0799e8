"""What machines and other sites read: descriptions of the data, the calendar, Markdown copies."""

import csv
import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import frictionless
import icalendar
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup, SoupStrainer

from analysis import paths
from analysis.book.pages import fragments
from analysis.book.pages.addresses import Addresses
from analysis.book.pages.exports import calendar, jsonld, markdown
from analysis.book.pages.exports.figure_metadata import unit_of
from analysis.book.publishing import staging
from analysis.ledger import Ledger
from analysis.numbers import due
from analysis.numbers.evidence import pages
from tests.conftest import PUBLIC, add_row, change
from tests.hostile import PAYLOADS
from tests.ledgers import FROZEN

TABLES = [r["path"] for r in json.loads(paths.SCHEMA.read_text(encoding="utf-8"))["resources"]]


def elements(page: Path, name: str) -> BeautifulSoup:
    """The elements of one name of a page; nothing is made of the others."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser", parse_only=SoupStrainer(name))


def described(page: Path) -> dict:
    (script,) = elements(page, "script").select("script[type='application/ld+json']")
    return json.loads(script.string)


def test_the_data_package_describes_the_files_beside_it(site: Path):
    package = json.loads((site / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert [r["path"] for r in package["resources"]] == TABLES and package["contributors"][0]["roles"] == ["author"]
    for resource in package["resources"]:
        data = (site / "data" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data) and resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert list(frictionless.Package.metadata_validate(package)) == [], "as another library reads the standard"
    assert "homepage" not in package, "no address is made up"


def test_croissant_describes_every_column(site: Path, site_then: Path):
    made = json.loads((site / "data" / "croissant.json").read_text(encoding="utf-8"))
    assert made["conformsTo"] == "http://mlcommons.org/croissant/1.0" and "url" not in made
    files = {f["@id"]: f for f in made["distribution"]}
    fields = {field["@id"] for records in made["recordSet"] for field in records["field"]}
    for file in files.values():
        assert hashlib.sha256((site / "data" / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
    for records in made["recordSet"]:
        with (site / "data" / f"{records['@id']}.csv").open(encoding="utf-8", newline="") as handle:
            header = next(csv.reader(handle))
        assert [field["source"]["extract"]["column"] for field in records["field"]] == header
        assert {k["@id"] for k in records["key"]} <= fields
        assert {f["references"]["field"]["@id"] for f in records["field"] if "references" in f} <= fields
    then = json.loads((site_then / "data" / "croissant.json").read_text(encoding="utf-8"))
    assert then["url"] == f"{PUBLIC}ledger.html" and then["datePublished"] == "2025-12-17"
    assert {f["contentUrl"] for f in then["distribution"]} == {f"{PUBLIC}data/{name}" for name in TABLES}


def test_each_chapter_says_what_it_is(site: Path, site_then: Path):
    for name in (p.stem for p in (site / "notebooks").glob("*.ipynb")):
        now, then = described(site / f"{name}.html"), described(site_then / f"{name}.html")
        assert now["@type"] == then["@type"] == ("Dataset" if name == "ledger" else "Report")
        assert "url" not in now and then["url"] == (PUBLIC if name == "index" else f"{PUBLIC}{name}.html")
        assert then["dateModified"] == "2025-12-17"
    data = described(site / "ledger.html")
    assert all((site / part["contentUrl"]).exists() for part in data["distribution"]) and len(data["description"]) > 50
    assert data["temporalCoverage"].endswith(data["dateModified"])


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", *PAYLOADS[:5]])
def test_a_description_holds_no_markup(text: str):
    made = jsonld.as_markup({"headline": text})
    assert "<" not in made and json.loads(made) == {"headline": text}


def test_each_figure_has_its_metadata(site: Path, site_then: Path):
    for table in sorted((site / "_figures").glob("*.csv")):
        told = json.loads(table.with_suffix(".metadata.json").read_text(encoding="utf-8"))
        with table.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        assert [c["name"] for c in told["columns"]] == header and told["rows"] == len(rows), table.name
        assert (table.parent / told["page"]).resolve().exists() and told["license"]["name"] == "CC-BY-4.0"
        assert all(source["title"] for source in told["sources"]), table.name
        for column, cells in zip(told["columns"], zip(*rows, strict=True), strict=True):
            if column["type"] in ("number", "integer"):
                assert all(cell == "" or float(cell) == float(cell) for cell in cells), (table.name, column)
    then = json.loads((site_then / "_figures" / "fig-amazon-growth.metadata.json").read_text(encoding="utf-8"))
    assert then["as_of"] == "2025-12-17" and then["page"] == f"{PUBLIC}figures/fig-amazon-growth.html"


def test_the_unit_of_a_column():
    names = (
        "Guidance, US$ bn",
        "% of revenue",
        "US$ bn",
        "Year",
        "Firm, low, GW",
        "What, and why",
        "Orders, US$ bn a year",
    )
    assert [unit_of(name) for name in names] == ["US$ bn", "% of revenue", "US$ bn", "", "GW", "", "US$ bn a year"]


def test_each_page_has_a_copy_in_markdown(site: Path):
    pages = [p for p in site.rglob("*.html") if p.name not in ("404.html", "search.html")]
    assert len(pages) > 300
    for page in pages:
        (link,) = elements(page, "link").select("link[type='text/markdown']")
        copy = page.parent / link["href"]
        assert copy == page.with_name(f"{page.name}.md")
        text = copy.read_text(encoding="utf-8")
        assert text.startswith("# ") and not re.search(r"\{\w+\}`|^:::", text, re.M), copy
        for target in re.findall(r"\]\(([^)<#:\s]+)(?:#[^)]*)?\)", text):
            assert (copy.parent / target).exists(), (copy, target)


def test_a_copy_says_what_its_page_says(site: Path):
    results = {r["key"]: r for r in json.loads((site / "results.json").read_text(encoding="utf-8"))["results"]}
    text = (site / "amazon.html.md").read_text(encoding="utf-8")
    assert results["amazon.aws_total"]["text"] in text
    figures = [p.stem for p in (site / "_figures").glob("fig-amazon-*.csv")]
    assert figures and all(f"_figures/{name}.csv" in text for name in figures)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_copy_holds_no_markup_of_data(payload: str):
    made = markdown.escaped(payload)
    assert not re.search(r"(?<!\\)[<\[`*_]", made) and "\n" not in made


def test_llms_txt_lists_every_page(site: Path, site_then: Path):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    links = re.findall(r"^- \[[^\]]*\]\(([^)]+)\)", text, re.M)
    assert text.startswith("# Round Trip\n\n> ") and all((site / link).exists() for link in links)
    assert {f"{p.name}.md" for p in site.glob("*.html")} - {"404.html.md", "search.html.md"} <= set(links)
    then = re.findall(r"\]\(([^)]+)\)", (site_then / "llms.txt").read_text(encoding="utf-8"))
    assert then and all(link.startswith(PUBLIC) for link in then)


def test_the_page_about_the_report_leads_to_every_file(site: Path):
    made = BeautifulSoup((site / "about.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in made.select(".rt-files a")]
    assert len(links) > 7 and all((site / link).exists() for link in links)


def test_what_is_due_after_the_great_round(ledger: Ledger):
    """On 31 March 2026: SoftBank's three tranches, its bridge loan, the next results of those who told enough."""
    found = {item.key: item for item in due.due(ledger)}
    tranches = {key: item.day for key, item in found.items() if "softbank-openai-equity-2026-" in key}
    days = [dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)]
    assert tranches == {f"deals:softbank-openai-equity-2026-tranche{n}/end": day for n, day in enumerate(days, 1)}
    bridge = found["deals:softbank-bridge-2026/end"]
    assert bridge.title.startswith("SoftBank is to repay banks ") and bridge.day == dt.date(2027, 3, 31)
    assert found["results:microsoft/2026-03-31"].day == dt.date(2026, 4, 29) and found["results:oracle/2026-05-31"]
    assert found["deals:openai-oracle-compute/start"].day == dt.date(2027, 1, 1)
    assert all(item.day > dt.date(2026, 3, 31) >= item.known_on for item in found.values())


def test_what_is_cancelled_or_moved_is_due_no_longer_or_later(copy: Path):
    add_row(copy / "deals.csv", {"deal": "softbank-bridge-2026"}, as_of="2026-04-02", status="cancelled")
    other = {"deal": "softbank-openai-equity-2026-tranche3"}
    add_row(copy / "deals.csv", other, as_of="2026-04-02", start="2026-11-02", end="2026-11-02")
    before, found = ({i.key: i for i in due.due(Ledger.load(data))} for data in (FROZEN, copy))
    loan, third = "deals:softbank-bridge-2026/end", "deals:softbank-openai-equity-2026-tranche3/end"
    assert loan in before and loan not in found and found[third].day == dt.date(2026, 11, 2)
    read = [icalendar.Calendar.from_ical(written([items[third]])).walk("VEVENT") for items in (before, found)]
    assert len({str(event["UID"]) for (event,) in read}) == 1, "a calendar moves the event and keeps no second one"


def written(items, urls=None, addresses: Addresses | None = None) -> str:
    return calendar.write_calendar(items, urls or {}, "2026-03-31", addresses or Addresses())


def test_another_reader_understands_the_calendar(site: Path, live: Ledger):
    data = (site / "due.ics").read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n")) and b"\n" not in data.replace(b"\r\n", b"")
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    items = due.due(live)
    assert [(str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt) for e in events] == [
        (item.title, item.day, item.day + dt.timedelta(days=1)) for item in items
    ]
    assert len({str(e["UID"]) for e in events}) == len(events) > 10
    assert all(e["DTSTAMP"].dt.date() <= live.newest.date() for e in events), "no time comes from the clock"
    assert all("URL" not in e for e in events), "no address is made up"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_fact_breaks_the_calendar(payload: str, copy: Path):
    change(copy / "deals.csv", {"deal": "softbank-openai-equity-2026-tranche3"}, "note", f"{payload};,\\n")
    items = due.due(Ledger.load(copy))
    events = icalendar.Calendar.from_ical(written(items, addresses=Addresses(PUBLIC))).walk("VEVENT")
    assert len(events) == len(items) and all(str(e["URL"]).startswith(PUBLIC) for e in events)
    (told,) = (str(e["DESCRIPTION"]) for e in events if "tranche3" in str(e["URL"]))
    assert payload.split("\n")[0].strip()[:20] in told


def test_how_to_cite_is_told_once():
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((paths.ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    project = re.search(r'^version = "(.+)"', (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)[1]
    package = json.loads(paths.SCHEMA.read_text(encoding="utf-8"))
    assert cited["version"] == zenodo["version"] == project
    assert (cited["title"], cited["keywords"]) == (zenodo["title"], zenodo["keywords"])
    assert cited["abstract"] == zenodo["description"] == staging.DESCRIPTION
    (data,) = cited["references"]
    assert (data["title"], data["version"]) == (package["title"], package["version"])
    assert cited["license"] == zenodo["license"] and data["license"] == package["licenses"][0]["name"]


def test_primary_documents_are_named_first():
    ranks = {"a": "relay", "b": "primary", "c": "first report", "d": "primary", "e": ""}
    assert fragments.by_rank([*"aebxcd"], {k: {"rank": r} for k, r in ranks.items()}) == [*"bdcaex"]


def test_a_row_told_in_parts_by_two_pages_cites_both():
    """The sum of Azure's order stands in the parties' text, its end in one article: a figure of the end named no article."""
    rows = pd.DataFrame(
        {"source": ["text", "filing"], "second_source": ["article", "copy"], "verified": ["single", "multi"]}
    )
    assert pages(rows) == ("text", "filing", "article")


def test_a_number_that_only_the_press_has_told_looks_its_part():
    """A dashed line where no primary document stands behind a number, be it a leak, a report or a forecast: 'US$218bn' of
    a plan that only the press has seen looked as firm as a filing."""
    sources = {
        key: {"rank": rank} for key, rank in (("leak", "relay"), ("wire", "first report"), ("filing", "primary"))
    }
    told = {("leak",): "rt-press", ("leak", "wire"): "rt-press", ("wire", "filing"): "", ("gone",): "", (): ""}
    for used, kind in told.items():
        assert fragments.underline({"unit": "usd_bn", "sources": [*used]}, sources) == kind
    assert fragments.underline({"unit": "text", "sources": ["leak"]}, sources) == "rt-quiet"


def test_leaked_accounts_are_not_called_company_figures_outright():
    """Revenue of 2025 known from a page that relays a leak read 'Rests on company figures': at whose hand is said."""
    sources = {"leak": {"rank": "relay"}, "filing": {"rank": "primary"}}
    (leaked,) = fragments.grounds({"basis": "actual", "sources": ["leak"]}, sources)
    (filed,) = fragments.grounds({"basis": "actual", "sources": ["leak", "filing"]}, sources)
    assert leaked == "Rests on company figures, as others tell them." and filed == "Rests on company figures."
