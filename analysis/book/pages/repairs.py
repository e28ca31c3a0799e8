"""Repairs of HTML that the theme, docutils and other extensions make: names and roles for assistive technology."""

import re

# Wrong roles and names: the text of a fold is its name, a reference is a paragraph like any other, and code that
# scrolls must be reachable by keyboard.
BODY = (
    (' aria-label="Toggle hidden content"', ""),
    (' role="doc-biblioentry"', ""),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    ('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'),
)
LANDMARKS = {
    "announcement-content": "Day of the report",
    "sidebar-drawer": "Contents of the report",
    "toc-drawer": "Contents of this page",
}
BACK_TO_TOP = re.compile(r'(<a href="#" class="back-to-top.*?</a>)', re.S)
CAPTION = '<p class="caption" role="heading"'


def repair_body(body: str) -> str:
    """Correct the text of a page."""
    for wrong, right in BODY:
        body = body.replace(wrong, right)
    return body


def with_title_parts(body: str, above: str, below: str) -> str:
    """Put HTML above and below the title of a page."""
    return body.replace("<h1>", f"{above}<h1>", 1).replace("</h1>", f"</h1>\n{below}", 1)


def repair_page(page: str) -> str:
    """Give the theme's landmarks names that tell them apart, and its headings a level."""
    for kind, name in LANDMARKS.items():
        page = page.replace(f'<aside class="{kind}', f'<aside aria-label="{name}" class="{kind}', 1)
    page = BACK_TO_TOP.sub(r'<nav aria-label="To the top">\1</nav>', page, count=1)
    return page.replace(f"{CAPTION}>", f'{CAPTION} aria-level="2">')
