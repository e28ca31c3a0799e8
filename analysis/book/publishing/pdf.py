"""The whole report as one PDF: the pages of a built site, one after the other, printed by Chromium.

Links between pages lead inside the document; what the site holds beside its pages (files, single figures) is
linked only where the site's public address is known.
"""

import re
import tempfile
from pathlib import Path
from urllib.parse import urldefrag

import yaml
from bs4 import BeautifulSoup, Tag

from analysis import paths
from analysis.book.pages.addresses import Addresses
from analysis.book.publishing import chromium

LEFT_OUT = (
    "script, style, noscript, button, form, .headerlink, .rt-reading, .rt-footer, .rt-explore, .rt-search, .rt-replay, .rt-share, .rt-take-away, "
    ".rt-narrow, .rt-pop, .rt-foot .rt-scroll, details.hide, details.rt-numbers, .back-to-top, .content-icon-container, .related-pages, #search-results"
)
STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; }
@page rt-wide { size: A4 landscape; margin: 14mm 12mm 18mm; }
body { margin: 0; font: 10.5pt/1.5 Arial, "Liberation Sans", Helvetica, sans-serif; color: #000; background: #fff; }
.rt-page { break-before: page; }
.rt-front { padding-top: 60mm; } .rt-front h1 { font-size: 30pt; margin: 0; } .rt-front ol { line-height: 1.7; }
h1 { font-size: 20pt; line-height: 1.2; } h2 { font-size: 14pt; margin-top: 8mm; } h3 { font-size: 12pt; }
.rt-figure { padding: 4mm; break-inside: auto; } .rt-head { break-after: avoid; } .rt-head, .rt-chart { break-inside: avoid; } .rt-figure details, .rt-notes { display: block; } .rt-scroll { overflow: visible !important; }
.rt-figure summary { list-style: none; font-size: 7.5pt; }
.rt-figure .rt-sources { margin: 0; padding: 0; font-size: 7pt; } .rt-figure .rt-sources li { display: inline; } .rt-figure .rt-sources li::after { content: ". "; }
.rt-chart { max-width: 150mm; margin: 0 auto; }
table.rt-data, table.rt-table, table.docutils { width: 100%; } td, th { overflow-wrap: anywhere; white-space: normal !important; max-width: none !important; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8pt; } dl.glossary dt { font-weight: 700; }
"""
FOOT = (
    "<div style='width:100%;padding:0 16mm;font:7.5pt Arial,sans-serif;color:#555;display:flex;justify-content:space-between'>"
    "<span>{words}</span><span><span class='pageNumber'></span> of <span class='totalPages'></span></span></div>"
)


class PdfError(RuntimeError):
    """The report could not be printed; an earlier PDF is as it was."""


def pages(site: Path) -> list[str]:
    """The pages of the report in reading order, as names without suffix, those that the site has."""
    toc = yaml.safe_load(paths.TOC.read_text(encoding="utf-8"))
    names = [toc["root"], *(c["file"] for part in toc.get("parts", []) for c in part["chapters"])]
    return [n for n in names if (site / f"{n}.html").exists()]


def _article(site: Path, name: str) -> Tag:
    soup = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article")
    if article is None:
        raise PdfError(f"{name}.html has no article")
    for tag in article.select(LEFT_OUT):
        tag.decompose()
    for details in article.select(".rt-figure details"):
        if details.find("ul") is None:  # its data stay with the site
            details.decompose()
    for svg in article.find_all("svg"):
        for node in [svg, *svg.find_all(True)]:
            node["data-rt-drawing"] = ""
    for tag in article.find_all("details"):
        tag["open"] = ""
    for tag in article.find_all(id=True):
        if "data-rt-drawing" not in tag.attrs:
            tag["id"] = f"{name}--{tag['id']}"
    for attribute in ("aria-describedby", "for"):
        for tag in article.select(f"[{attribute}]"):
            del tag[attribute]
    article["id"] = name
    article["class"] = "rt-page"
    return article


def _aim(article: Tag, name: str, names: list[str], addresses: Addresses) -> None:
    """Turn the links of a page into links of the document."""
    for link in article.find_all("a", href=True):
        if "data-rt-drawing" in link.attrs:
            continue
        page, fragment = urldefrag(str(link["href"]))
        stem = page.removesuffix(".html") if page else name
        if re.match(r"[a-z]+:", page):
            continue
        if stem in names:
            link["href"] = f"#{stem}--{fragment}" if fragment else f"#{stem}"
        elif addresses.site:
            link["href"] = addresses.page(page) + (f"#{fragment}" if fragment else "")
        else:
            link.unwrap()


def combine(site: Path, addresses: Addresses) -> str:
    """The site's pages as one HTML document that needs no other file. Raises PdfError when ``site`` is no built site."""
    names = pages(site)
    if not names:
        raise PdfError(f"{site} holds no built site; run `roundtrip build` first")
    articles = [_article(site, n) for n in names]
    for name, article in zip(names, articles, strict=True):
        _aim(article, name, names, addresses)
    ids = {t["id"] for a in articles for t in a.find_all(id=True)} | set(names)
    for article in articles:
        # What is not printed (a folded list of numbers) cannot be a target: the page it stood on is.
        for link in article.find_all("a", href=re.compile("^#")):
            if str(link["href"])[1:] not in ids:
                link["href"] = "#" + str(link["href"])[1:].partition("--")[0]
    front = BeautifulSoup((site / f"{names[0]}.html").read_text(encoding="utf-8"), "html.parser")
    footer = front.select_one(".rt-footer")
    known = (
        next((p.get_text() for p in footer.find_all("p") if p.get_text().startswith("As known on")), "")
        if footer
        else ""
    )
    digest = footer.select_one("code") if footer else None
    items = "".join(
        f"<li><a href='#{n}'>{a.h1.get_text() if a.h1 else n}</a></li>" for n, a in zip(names, articles, strict=True)
    )
    style = (paths.ASSETS / "static" / "roundtrip.css").read_text(encoding="utf-8")
    where = f"<p>{addresses.site}</p>" if addresses.site else ""
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Round Trip</title><style>{style}{STYLE}</style></head>"
        f"<body data-theme='light'><header class='rt-front'><h1>Round Trip</h1><p>{known.partition('.')[0]}. Data {digest.get_text() if digest else ''}. Not investment advice.</p>{where}"
        f"<ol>{items}</ol><p>Text and data CC BY 4.0, code MIT, © Round Trip contributors</p></header>{''.join(map(str, articles))}</body></html>"
    )


def write(site: Path, out: Path, addresses: Addresses | None = None) -> Path:
    """Print a built site into one PDF with outline, tags and page numbers.

    Raises PdfError when there is no site or no Chromium; an earlier file is then as it was.
    """
    from playwright.sync_api import Error, sync_playwright

    text = combine(site, addresses or Addresses.configured())
    path = chromium.find()
    if path is None:
        raise PdfError(chromium.HELP)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".pdf-") as folder:
        source, made = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(text, encoding="utf-8")
        words = BeautifulSoup(text, "html.parser").select_one(".rt-front p")
        foot = FOOT.format(words=f"Round Trip. {words.get_text().partition('. Not')[0] if words else ''}")
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=path, args=chromium.FLAGS)
                context = browser.new_context(offline=True, java_script_enabled=False)
                page = context.new_page()
                page.goto(source.as_uri())
                page.pdf(
                    path=made, prefer_css_page_size=True, outline=True, tagged=True, display_header_footer=True,
                    header_template="<span></span>", footer_template=foot,
                )  # fmt: skip
                browser.close()
        except Error as error:
            raise PdfError(f"Chromium could not print the report: {error.message}") from error
        made.replace(out)
    return out
