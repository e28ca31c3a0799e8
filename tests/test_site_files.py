"""What stands beside the chapters: feed, sitemap, addresses, pictures, downloads, the PDF."""

import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pypdf
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from analysis import paths
from analysis.book.pages.addresses import Addresses, citation, headers, policy
from analysis.book.publishing import pdf
from analysis.ledger import Ledger
from tests.conftest import EXECUTABLE, PUBLIC, REPOSITORY, roundtrip
from tests.tags import Tags

ATOM = "{http://www.w3.org/2005/Atom}"


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_the_feed_tells_each_day_of_the_ledger(site: Path, live: Ledger):
    root = ET.fromstring((site / "feed.xml").read_text(encoding="utf-8"))
    entries = root.findall(f"{ATOM}entry")
    ids = [e.findtext(f"{ATOM}id") for e in entries]
    assert len(ids) == len(set(ids)) > 10 and all(i.startswith("urn:uuid:") for i in ids)
    days = [e.findtext(f"{ATOM}updated")[:10] for e in entries]
    known = {f"{d:%Y-%m-%d}" for t in live.history.values() for d in t["as_of"]}
    assert days == sorted(days, reverse=True) and set(days) <= known and days[0] == max(known)
    assert root.findtext(f"{ATOM}updated")[:10] == f"{live.newest:%Y-%m-%d}"
    for element in ("title", "id", "updated", "link", "author"):
        assert root.find(f"{ATOM}{element}") is not None
    assert all(e.find(f"{ATOM}content").text.startswith("<ul><li>") for e in entries)


def test_the_feed_of_an_earlier_day_ends_there(site_then: Path):
    root = ET.fromstring((site_then / "feed.xml").read_text(encoding="utf-8"))
    assert max(e.findtext(f"{ATOM}updated") for e in root.findall(f"{ATOM}entry")) <= "2025-12-18"
    links = [e.get("href") for e in root.iter(f"{ATOM}link")]
    assert f"{PUBLIC}feed.xml" in links and all(h.startswith(PUBLIC) for h in links)


def test_without_addresses_nothing_is_made_up(site: Path):
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap:" not in (site / "robots.txt").read_text()
    for page in site.glob("*.html"):
        made = Tags(page.read_text(encoding="utf-8"))
        told = [a for _, a in made.found if a.get("rel") == "canonical" or a.get("property") == "og:image"]
        assert told == [], page
        words = made.words
        assert ("Edit this page" not in words and "Binder" not in words.replace("with Binder", "")) or page.stem in (
            "rebuild",
            "about",
        )


@pytest.mark.parametrize("name", ["index", "amazon", "glossary"])
def test_with_addresses_a_page_knows_its_own(site_then: Path, name: str):
    made = soup(site_then / f"{name}.html")
    address = PUBLIC if name == "index" else f"{PUBLIC}{name}.html"
    assert made.select_one("link[rel=canonical]")["href"] in (address, f"{PUBLIC}{name}.html")
    assert made.select_one("meta[property='og:url']")["content"] == address
    image = made.select_one("meta[property='og:image']")["content"]
    assert image.startswith(PUBLIC)
    with Image.open(site_then / image.removeprefix(PUBLIC)) as picture:
        assert picture.size == (1200, 630)
    edit = made.find("a", string="Edit this page")["href"]
    assert edit == f"{REPOSITORY}/edit/main/chapters/{name}.{'md' if name == 'glossary' else 'ipynb'}"
    assert (paths.CHAPTERS / edit.rsplit("/", 1)[1]).exists()
    binder = made.find("a", string="Run it in Binder")
    if name == "glossary":
        assert binder is None
    else:
        assert binder["href"].startswith("https://mybinder.org/v2/gh/example/round-trip/main?urlpath=")
        assert unquote(binder["href"]).endswith(f"lab/tree/chapters/{name}.ipynb")
    assert made.find("a", string="Report a mistake")["href"] == f"{REPOSITORY}/issues"


def test_the_sitemap_lists_every_page(site_then: Path):
    spaces = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ET.fromstring((site_then / "sitemap.xml").read_text(encoding="utf-8"))
    listed = [u.findtext(f"{spaces}loc") for u in root]
    files = [p.removeprefix(PUBLIC) or "index.html" for p in listed]
    assert len(files) == len(set(files)) and all((site_then / f).exists() for f in files)
    there = {p.relative_to(site_then).as_posix() for p in site_then.rglob("*.html")} - {"404.html", "search.html"}
    assert set(files) == there
    assert {u.findtext(f"{spaces}lastmod") for u in root} == {"2025-12-17"}
    assert f"Sitemap: {PUBLIC}sitemap.xml" in (site_then / "robots.txt").read_text()
    assert soup(site_then / "404.html").select_one("base")["href"] == "/round-trip/"


@pytest.mark.parametrize("bad", ["example.org", "javascript:alert(1)", "https://", "https://a b", 'https://a"b'])
def test_an_address_that_is_none_is_refused(bad: str):
    with pytest.raises(ValueError, match="is not a web address"):
        Addresses(site=bad)


@pytest.mark.parametrize(
    ("repository", "edit", "binder"),
    [
        ("https://github.com/a/b/", "https://github.com/a/b/edit/main/x", "https://mybinder.org/v2/gh/a/b/main?"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b/-/edit/main/x", "https://mybinder.org/v2/gl/a%2Fb/main?"),
        (
            "https://git.example.org/a/b",
            "https://git.example.org/a/b/edit/main/x",
            "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org",
        ),
    ],
)
def test_addresses_of_other_hosts(repository: str, edit: str, binder: str):
    made = Addresses(repository=repository)
    assert made.edit("x") == edit and made.binder("chapters/x.ipynb").startswith(binder)


def test_a_citation_carries_the_day():
    known = {"as_of": "2026-03-31", "as_of_words": "31 March 2026", "digest": "abc"}
    text, bib = citation("50% & {more}", known, "https://example.org/x.html")
    assert "as known on 31 March 2026 (data abc)" in text and text.endswith("https://example.org/x.html")
    assert (
        r"50\% \& \{more\}" in bib
        and "year = {2026}" in bib
        and bib.count("{") - bib.count(r"\{") == bib.count("}") - bib.count(r"\}")
    )


def test_the_policy_allows_only_the_sites_own(site: Path):
    assert (
        "unsafe-eval" not in policy() and "script-src 'self' 'sha256-" in policy() and "default-src 'none'" in policy()
    )
    assert policy() in headers() and "immutable" in headers()
    assert (site / "_headers").read_text() == headers()
    for page in [
        *site.glob("*.html"),
        *(p for f in ("figures", "companies", "deals") for p in (site / f).glob("*.html")),
    ]:
        made = Tags(page.read_text(encoding="utf-8"))
        (told,) = [a["content"] for _, a in made.found if a.get("http-equiv") == "Content-Security-Policy"]
        assert told == policy()
        assert all(
            a.get("src") or a.get("type") in ("application/json", "application/ld+json") or "localStorage" in text
            for a, text in made.scripts
        )
        assert not [a for _, attributes in made.found for a in attributes if a.startswith("on")], page


def test_files_that_browsers_keep_change_their_address(site: Path):
    """Styles and scripts are asked for with a digest of what they hold."""
    made = soup(site / "index.html")
    asked = [s["src"] for s in made.select("script[src]")] + [s["href"] for s in made.select("link[rel=stylesheet]")]
    assert len(asked) >= 4 and all(re.search(r"\?v=[0-9a-f]{8,}$", a) for a in asked), asked


def test_each_figure_in_three_forms(site: Path):
    figures = sorted((site / "_figures").glob("*.csv"))
    assert len(figures) > 40
    for table in figures:
        rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"))))
        assert len({len(r) for r in rows}) == 1 and len(rows) > 1, table.name
        ET.fromstring(table.with_suffix(".svg").read_text(encoding="utf-8"))
        with Image.open(table.with_suffix(".png")) as picture:
            assert (
                picture.width == 1200
                and picture.height >= 630
                and len(set(picture.convert("RGB").resize((60, 40)).getdata())) > 5
            )


def test_tables_in_two_forms_hold_the_same(site: Path, live: Ledger):
    for name in ("deals", "metrics", "sites"):
        text, columns = (
            f(site / "data" / f"{name}.{kind}") for f, kind in ((pd.read_csv, "csv"), (pd.read_parquet, "parquet"))
        )
        assert list(columns.columns) == list(text.columns) and len(text) == len(columns) == len(live.history[name])


def test_the_browsers_data_are_the_ledger(site: Path, live: Ledger):
    text = (site / "_data" / "deals.js").read_text(encoding="utf-8")
    data = json.loads(text.split(" = ", 1)[1].split("] = ", 1)[-1].rstrip().rstrip(";")) if "] = " in text else {}
    assert len(data["rows"]) == len(live.deals)
    assert sum(len(s) for s in data["history"].values()) <= len(live.history["deals"])
    assert len(set(data["ids"])) == len(data["ids"])


def test_the_report_as_one_pdf(site_small: Path, tmp_path: Path):
    site, out = site_small, tmp_path / "report.pdf"
    command = [
        *EXECUTABLE,
        "pdf",
        "--site",
        str(site),
        "--out",
        str(out),
    ]  # a process of its own: here a browser may be open
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    reader = pypdf.PdfReader(out)
    text = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in reader.pages))
    titles = [re.sub(r"\s+", " ", soup(site / f"{n}.html").h1.get_text().rstrip("#")).strip() for n in pdf.pages(site)]
    assert len(titles) == 18 and all(t in text for t in titles), [t for t in titles if t not in text]
    results = json.loads((site / "results.json").read_text(encoding="utf-8"))["results"]
    owes = next(r for r in results if r["key"] == "index.owes")
    assert owes["text"] in text and "As known on 16 December 2025" in text and "Not investment advice" in text
    assert [o.title for o in reader.outline if not isinstance(o, list)], "an outline to jump by"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], "tagged for screen readers"
    assert "Play As known on" not in text and "Show the code" not in text, "no controls on paper"
    for page in reader.pages:
        for note in page.get("/Annots") or []:
            target = note.get_object().get("/A", {})
            assert not str(target.get("/URI", "")).startswith("file:"), "no link leads into a folder of ours"


def test_no_site_makes_no_pdf(tmp_path: Path):
    old = tmp_path / "old.pdf"
    old.write_bytes(b"as it was")
    done = roundtrip("pdf", "--site", tmp_path, "--out", old)
    assert done.returncode == 1 and "holds no built site" in done.stderr
    assert old.read_bytes() == b"as it was"
