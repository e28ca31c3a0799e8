"""``llms.txt``, as https://llmstxt.org proposes: what the site is, and where its pages are as text."""

from typing import Any

from analysis.book.pages.addresses import Addresses
from analysis.book.pages.exports.listing import FILES
from analysis.book.pages.exports.markdown import SUFFIX

FILE = "llms.txt"


def write(report: dict[str, Any], addresses: Addresses) -> str:
    """The file as text.

    Parameters
    ----------
    report
        What the build knows of the report, with titles and first words of its pages, in reading order.
    addresses
        Public addresses; links are relative where that of the site is not known.
    """
    site = report["site"]

    def line(path: str, name: str, words: str) -> str:
        return f"- [{name}]({addresses.page(path) or path}){f': {words}' if words else ''}\n"

    pages = (line(f"{page}.html{SUFFIX}", title, report["words"][page]) for page, title in report["titles"].items())
    files = (line(*file) for file in FILES if file[0] != FILE)
    folders = "companies/NAME.html and deals/NAME.html"
    return (
        "# Round Trip\n\n"
        f"> {site['description']}\n\n"
        f"As known on {site['as_of_words']} (data {site['digest']}). Text and data CC BY 4.0, Round Trip contributors. "
        "Not investment advice. Cite a number with its day: facts change, and each page says as of when it is. "
        f"Every page has a copy in Markdown at its address with {SUFFIX} added, also each figure and {folders}.\n\n"
        f"## Pages\n\n{''.join(pages)}\n## Data\n\n{''.join(files)}"
    )
