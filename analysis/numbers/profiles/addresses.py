"""The addresses of the pages of companies and deals, from the top of a site."""

from analysis.digests import digest

COMPANIES, DEALS = "companies", "deals"
INDEX = "index"
LONGEST = 100  # characters of a key that a file name keeps


def _file(key: str) -> str:
    """The file name of a key: no key has an underscore, so that none meets another or the list of all."""
    if len(key) > LONGEST:
        return f"{key[:LONGEST]}_{digest(key)[:8]}"
    return f"{key}_" if key == INDEX else key


def company_page(entity: str) -> str:
    """The address of a company's page."""
    return f"{COMPANIES}/{_file(entity)}.html"


def deal_page(deal: str) -> str:
    """The address of a deal's page."""
    return f"{DEALS}/{_file(deal)}.html"
