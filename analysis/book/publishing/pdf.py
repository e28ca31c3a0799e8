"""The whole report as one PDF: the pages of a built site, one after the other, printed by Chromium.

Links between pages lead inside the document; what the site holds beside its pages (files, single figures) is
linked only where the site's public address is known.
"""

import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from analysis import paths, templates
from analysis.book.pages.addresses import Addresses
from analysis.book.publishing import chromium
from analysis.book.running import manuscript

LEFT_OUT = (
    "script, style, noscript, button, form, .tag_hide-input > .cell_input, details.rt-numbers, #search-results, "
    ".headerlink, .rt-below, .rt-jump, .rt-footer, .rt-explore, .rt-search, .rt-replay, .rt-share, .rt-take-away, "
    ".rt-narrow, .rt-pop, .rt-line > details:has(.rt-data), .back-to-top, .content-icon-container, .related-pages"
)  # useless on paper


class PdfError(RuntimeError):
    """The report could not be printed; an earlier PDF is as it was."""


def pages(site: Path) -> list[str]:
    """The pages of the report in reading order, as names without suffix, those that the site has."""
    return [n for n in manuscript.contents(paths.TOC) if (site / f"{n}.html").exists()]


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


def _link_within(article: Tag, name: str, names: list[str], addresses: Addresses) -> None:
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
    """The site's pages as one HTML document that needs no other file.

    Parameters
    ----------
    site
        A built site.
    addresses
        Public addresses, to link what the document does not hold.

    Raises
    ------
    PdfError
        If ``site`` holds no built site.
    """
    names = pages(site)
    if not names:
        raise PdfError(f"{site} holds no built site; run `roundtrip build` first")
    articles = {name: _article(site, name) for name in names}
    for name, article in articles.items():
        _link_within(article, name, names, addresses)
    _redirect_missing(articles)
    known, digest = _edition(site, names[0])
    return templates.render(
        "publishing/report.html",
        style=Markup(  # the files belong to this project
            "".join((paths.ASSETS / "static" / f).read_text(encoding="utf-8") for f in ("serif.css", "roundtrip.css"))
            + (paths.TEMPLATES / "publishing" / "print.css").read_text(encoding="utf-8")
        ),
        known=known,
        digest=digest,
        site=addresses.site,
        pages=[
            {"name": name, "title": a.h1.get_text() if a.h1 else name, "article": Markup(a)}  # of the built site
            for name, a in articles.items()
        ],
    )


def _redirect_missing(articles: dict[str, Tag]) -> None:
    """Let links to what is not printed (a folded list of numbers) lead to the page it stands on."""
    ids = {str(tag["id"]) for article in articles.values() for tag in article.find_all(id=True)} | set(articles)
    for article in articles.values():
        for link in article.find_all("a", href=re.compile("^#")):
            target = str(link["href"])[1:]
            if target not in ids:
                link["href"] = "#" + target.partition("--")[0]


def _edition(site: Path, name: str) -> tuple[str, str]:
    """What a page's footer says of the day and the data: "As known on …" and the digest of the tables."""
    page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    lines = [p.get_text() for p in page.select(".rt-footer p")]
    known = next((line for line in lines if line.startswith("As known on")), "").partition(".")[0]
    digest = page.select_one(".rt-footer code")
    return known, digest.get_text() if digest else ""


def write(site: Path, out: Path, addresses: Addresses | None = None) -> Path:
    """Print a built site into one PDF with outline, tags and page numbers.

    Parameters
    ----------
    site
        The built site.
    out
        Where the PDF goes.
    addresses
        Public addresses; None takes those of the configuration.

    Returns
    -------
    Path
        Of the PDF.

    Raises
    ------
    PdfError
        If there is no site or no Chromium; an earlier file is then as it was.
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
        edition = f"Round Trip. {words.get_text().partition('. Not')[0] if words else ''}"
        options: dict[str, Any] = {
            "path": made,
            "prefer_css_page_size": True,
            "outline": True,
            "tagged": True,
            "display_header_footer": True,
            "header_template": templates.render("publishing/print_header.html"),
            "footer_template": templates.render("publishing/print_footer.html", words=edition),
        }
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=path, args=chromium.FLAGS)
                context = browser.new_context(offline=True, java_script_enabled=False)
                page = context.new_page()
                page.goto(source.as_uri())
                page.pdf(**options)
                browser.close()
        except Error as error:
            raise PdfError(f"Chromium could not print the report: {error.message}") from error
        made.replace(out)
    return out
