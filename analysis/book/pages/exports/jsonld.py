"""What a page is, for search engines and archives: schema.org as JSON-LD, which is data and no script that runs."""

import json
from typing import Any

from markupsafe import Markup

from analysis import paths
from analysis.book.pages.addresses import Addresses

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
AUTHOR = {"@type": "Organization", "name": "Round Trip contributors"}
MEDIA = {"zip": "application/zip", "json": "application/json"}
LEDGER = "ledger"  # the page that has the data


def describe(
    page: str, title: str, description: str, site: dict[str, Any], addresses: Addresses, root: str
) -> dict[str, Any]:
    """Return what a page is: the data on that of the ledger, a report on each other.

    Parameters
    ----------
    page
        Name of the page, without its suffix.
    title, description
        Of the page.
    site
        What the build knows of the site.
    addresses
        Public addresses; links are relative where that of the site is not known.
    root
        Relative address of the top of the site, seen from the page.
    """
    url = addresses.page(f"{page}.html")
    common = {
        "@context": CONTEXT,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "dateModified": site["as_of"],
        "version": site["digest"],
        **({"url": url} if url else {}),
    }
    if page == LEDGER:
        return common | _dataset(site, addresses, root)
    ledger = addresses.page(f"{LEDGER}.html") or f"{root}{LEDGER}.html"
    return common | {
        "@type": "Report",
        "headline": title,
        "description": description,
        "author": AUTHOR,
        "publisher": AUTHOR,
        "isPartOf": {"@type": "CreativeWork", "name": "Round Trip"},
        "isBasedOn": {"@type": "Dataset", "name": _package()["title"], "url": ledger},
    }


def _package() -> dict[str, Any]:
    package: dict[str, Any] = json.loads(paths.SCHEMA.read_text(encoding="utf-8"))
    return package


def _dataset(site: dict[str, Any], addresses: Addresses, root: str) -> dict[str, Any]:
    package = _package()
    files = {"data/ledger.zip": package["title"]} | {
        f"data/{resource['path']}": resource["title"] for resource in package["resources"]
    }
    return {
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "creator": AUTHOR,
        "temporalCoverage": f"{site['first']}/{site['as_of']}",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": MEDIA.get(path.rpartition(".")[2], "text/csv"),
                "contentUrl": addresses.page(path) or f"{root}{path}",
            }
            for path, name in files.items()
        ],
    }


def as_markup(described: dict[str, Any]) -> Markup:
    """The description as a script element's content: nothing in it can end the element or begin another."""
    text = json.dumps(described, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
