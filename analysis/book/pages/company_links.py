"""Links from the running text of a chapter to the pages of the companies that it names."""

import re
from collections.abc import Mapping

from docutils import nodes

from analysis.numbers.profiles.addresses import company_page
from analysis.numbers.profiles.leads import LAB

# Where a name is no prose, or has a link of its own.
SKIPPED = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw, nodes.caption)


def link_companies(doctree: nodes.document, pages: Mapping[str, str], root: str) -> None:
    """Link the first mention of each company in each section of a page; of OpenAI, the first on the page.

    Parameters
    ----------
    doctree
        The page, its numbers and terms linked already.
    pages
        Address of each company's page by the name that prose uses.
    root
        Relative address of the top of the site, seen from the page.
    """
    if not pages:
        return
    longest = sorted(pages, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?![\w-])")
    linked: set[tuple[int, str]] = set()
    for text in list(doctree.findall(nodes.Text)):
        section = _section_of(text)
        if section is None:
            continue
        pieces: list[nodes.Node] = []
        last, words = 0, str(text)
        for match in pattern.finditer(words):
            page = pages[match.group()]
            place = (0 if page == company_page(LAB) else section, page)
            if place in linked:
                continue
            linked.add(place)
            link = nodes.reference("", match.group(), refuri=f"{root}{page}", internal=True, classes=["rt-company"])
            pieces += [nodes.Text(words[last : match.start()]), link]
            last = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(words[last:])])


def _section_of(text: nodes.Text) -> int | None:
    """The section in which a text is prose, as a number that tells it from the others; None where it is none."""
    is_prose, up = False, text.parent
    while up is not None:
        if isinstance(up, SKIPPED):
            return None
        if isinstance(up, nodes.section):
            return id(up) if is_prose else None
        is_prose = is_prose or isinstance(up, nodes.paragraph)
        up = up.parent
    return None
