"""What crawlers ask a host for: the sitemap and robots.txt."""

import datetime as dt

from analysis import templates
from analysis.book.pages.addresses import Addresses


def write_sitemap(pages: list[str], as_of: str, addresses: Addresses) -> str:
    """The pages by public address.

    Parameters
    ----------
    pages
        Files of the site, as paths from its top.
    as_of
        Day of the report, YYYY-MM-DD, which is when its pages last changed.
    addresses
        Public addresses; that of the site must be known.
    """
    day = dt.date.fromisoformat(as_of).isoformat()
    return templates.render("pages/sitemap.xml", addresses=[addresses.page(name) for name in pages], day=day) + "\n"


def write_robots(addresses: Addresses) -> str:
    """Everything may be read; names the sitemap where there is one."""
    text = "User-agent: *\nAllow: /\n"
    return text + (f"\nSitemap: {addresses.page('sitemap.xml')}\n" if addresses.site else "")
