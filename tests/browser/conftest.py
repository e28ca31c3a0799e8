"""A browser with the network cut off, and the pages of the built site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.book.publishing.chromium import FLAGS, HELP, find
from analysis.ledger import Ledger


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail(HELP)
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def deals_found_alone(ledger: Ledger) -> list[str]:
    """The deals whose name stands in no other row of the table of deals: a search for one finds one row."""
    rows = ledger.deals.astype(str).agg(" ".join, axis=1)
    return [name for name in ledger.deals["deal"] if rows.str.contains(name, regex=False).sum() == 1]


class Visit:
    """A page opened from the file system; what it logged, asked for and failed at."""

    def __init__(
        self,
        browser: Browser,
        site: Path,
        width: int = 1280,
        theme: str = "light",
        script: bool = True,
        touch: bool = False,
        motion: str = "reduce",
        served: str = "",
    ):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=script,
            has_touch=touch,
            offline=not served,
            reduced_motion=motion,
        )
        self.site = site
        self.home = served or f"{site.as_uri()}/"
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        # Leaving a page stops what it was still loading; that is no failure.
        self.page.on(
            "requestfailed",
            lambda r: self.errors.append(f"failed: {r.url}") if r.failure != "net::ERR_ABORTED" else None,
        )
        self.page.on("request", lambda r: self.requests.append(r.url))

    def open(self, name: str) -> Page:
        self.page.goto(f"{self.home}{name}")
        return self.page

    def foreign(self) -> list[str]:
        """Requests that left the site."""
        return [u for u in self.requests if not u.startswith((self.home, "data:", "blob:"))]


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator:
    opened: list[Visit] = []

    def go(site_: Path = site, **how) -> Visit:
        opened.append(Visit(browser, site_, **how))
        return opened[-1]

    yield go
    for v in opened:
        v.context.close()
