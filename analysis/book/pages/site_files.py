"""The files of a site beside the pages of its chapters, written once these are rendered."""

import json
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.book.pages import feed, figure_pages, profile_pages, sitemap
from analysis.book.pages.addresses import Addresses, citation, headers
from analysis.book.pages.downloads import as_script
from analysis.book.pages.exports import calendar, croissant, figure_metadata, llms, markdown, profiles
from analysis.book.pages.exports.datapackage import FILE as PACKAGE
from analysis.book.pages.fragments import web_address
from analysis.ledger import Ledger, sound_ledgers
from analysis.ledger.sound_ledgers import Checked
from analysis.numbers.due import due
from analysis.numbers.profiles.companies import Profiles

INDEX = "pages.json"
SECTION = ("name", "page", "id", "title", "text", "isProse")  # of the pages, as the search takes them


def write_page_index(target: Path, index: dict[str, Any]) -> None:
    """Write into the rendered site what `read_page_index` reads."""
    (target / INDEX).write_text(json.dumps(index), encoding="utf-8")


def read_page_index(target: Path) -> dict[str, Any]:
    """Read, and remove from the rendered site, what rendering found out.

    Returns
    -------
    dict
        ``titles``, ``words`` (the first ones) and ``sections`` (see `search_index`) of the pages by name, in reading
        order, and the addresses of shared files (``assets``).
    """
    path = target / INDEX
    index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return index


def write_profiles(
    known: Checked | None,
    data: Path | None,
    as_of: str,
    scenario: str,
    target: Path,
    addresses: Addresses,
    rendering: Connection,
    alive: Callable[[], object] = lambda: None,
) -> list[str]:
    """Write the pages of companies and deals, with their copies for machines, and return them as paths.

    What they say rests on the ledger alone, so that it is found out while the report is not yet put together.

    Parameters
    ----------
    known
        The ledger, if it has been checked already.
    data, as_of, scenario
        Directory of the tables (None: the project's own), day and scenario of the report.
    target
        Folder of the site.
    addresses
        Public addresses.
    rendering
        Where the report arrives (see `profile_pages.ProfilePages`), the titles of its chapters, and the addresses of
        shared files (``assets``).
    """
    if known:
        sound_ledgers.keep(known)
    found = Profiles(Ledger.load(data, as_of), scenario)
    for _ in found.companies:  # which are found out here
        alive()
    report, titles, assets = rendering.recv()
    report |= {"titles": titles, "assets": assets}
    made = profile_pages.ProfilePages(found, report, addresses)
    pages = made.write(target)
    alive()
    profiles.write(target, made, report)
    return pages


def write_site_files(
    target: Path,
    report: dict[str, Any],
    ledger: Ledger,
    changes: list[dict[str, Any]],
    addresses: Addresses,
) -> list[str]:
    """Write the pages of figures, the feed, what machines read, and what hosts ask for; return the pages so far.

    Parameters
    ----------
    target
        Folder of the rendered site.
    report
        What the build knows of the report, with the page index.
    ledger
        As known on the day of the report.
    changes
        See `feed.recent_changes`.
    addresses
        Public addresses.
    """
    as_of = report["site"]["as_of"]
    pages = [f"{name}.html" for name in report["titles"]]
    pages += figure_pages.write_figure_pages(target, report, addresses, report["assets"])
    _write_exports(target, report, ledger, addresses)
    sections = [
        dict(zip(SECTION, (report["titles"][page], *entry), strict=True))
        for page in report["titles"]
        for entry in report["sections"].get(page, [])
    ]
    script = as_script("roundtripSections", "all", sections)
    (target / "_data" / "sections.js").write_text(script, encoding="utf-8")
    figure_pages.write_not_found(target, addresses)
    (target / "feed.xml").write_text(feed.write_feed(changes, as_of, addresses), encoding="utf-8")
    (target / "robots.txt").write_text(sitemap.write_robots(addresses), encoding="utf-8")
    (target / "_headers").write_text(headers(), encoding="utf-8")
    return pages


def write_sitemap(target: Path, pages: list[str], as_of: str, addresses: Addresses) -> None:
    """Write the list of all pages for search engines, of a site whose address is known."""
    if addresses.site:
        (target / "sitemap.xml").write_text(sitemap.write_sitemap(pages, as_of, addresses), encoding="utf-8")


def _write_exports(target: Path, report: dict[str, Any], ledger: Ledger, addresses: Addresses) -> None:
    """Write what machines and other sites read; see `exports`."""
    package = json.loads((target / "data" / PACKAGE).read_text(encoding="utf-8"))
    cited = citation(package["title"], report["site"], addresses.page("ledger.html"))[1]
    described = json.dumps(croissant.describe(package, cited, addresses), indent=1, ensure_ascii=False) + "\n"
    (target / "data" / croissant.FILE).write_text(described, encoding="utf-8")
    urls = dict(zip(ledger.sources["source"], ledger.sources["url"].map(web_address), strict=True))
    events = calendar.write_calendar(due(ledger), urls, report["site"]["as_of"], addresses)
    (target / calendar.FILE).write_text(events, encoding="utf-8", newline="")
    figure_metadata.write(target, report, addresses)
    markdown.write(target, report)
    (target / llms.FILE).write_text(llms.write(report, addresses), encoding="utf-8")
