"""Text that ``{more}`` folds: below its words on the page, after them in a copy, gone where its blocks have vanished."""

from pathlib import Path

import pytest

from analysis.book.running import notebooks
from tests.test_site_files import soup

BLOCK = ":::::{more} Smaller loans\n::::{when} loans.are_known\nOne bank lent.\n::::\n:::::\n"


@pytest.mark.parametrize(
    ("is_known", "told"),
    [(True, "Before.\n\n\n**Smaller loans**\n\nOne bank lent.\n\nAfter."), (False, "Before.\n\n\nAfter.")],
)
def test_a_copy_has_it_after_its_words_or_not_at_all(is_known: bool, told: str):
    known = {"loans.are_known": {"value": is_known}}
    assert notebooks.plain_prose(f"Before.\n\n{BLOCK}\nAfter.", known) == told


def test_a_page_folds_it_and_nothing_is_empty(site: Path, site_then: Path):
    folds = [
        fold for where in (site, site_then) for page in where.glob("*.html") for fold in soup(page).select(".rt-folded")
    ]
    assert folds, "no chapter folds anything"
    for fold in folds:
        assert fold.name == "details" and fold.summary.get_text(strip=True)
        assert fold.select_one(".rt-folded-text").get_text(strip=True)
