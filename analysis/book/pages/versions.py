"""The key days that a site holds: where a page stands as known on each of them, and the addresses that stay.

The newest day stands at the top of the site, each earlier one in a folder of its own. The newest day has such a folder
too, whose pages lead to the top until a later day comes: what is embedded as known on a day stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis import templates
from analysis.book.pages.addresses import policy
from analysis.ledger import Ledger
from analysis.numbers import formats, vintages

FOLDER = "at"
NO_PAGES = ("404.html",)  # have no address of their own


@dataclass(frozen=True)
class Versions:
    """The key days that one site holds, oldest first, and which of them this version is as known on."""

    days: tuple[vintages.Vintage, ...]
    own: str

    def folder(self, day: str) -> str:
        """Return the address of the top of another version, seen from the top of this one."""
        newest = self.days[-1].day
        up = "" if self.own == newest else "../../"
        return up if day == newest else f"{up}{FOLDER}/{day}/"

    def listing(self, ledger: Ledger) -> list[dict[str, Any]]:
        """Return all versions, newest first.

        Returns
        -------
        list of dict
            ``day``, ``words`` (the day), ``name``, ``sentence``, ``folder`` (see `folder`), ``is_own``, and ``stays``:
            whether the site will have an address for that day when it holds later ones.
        """
        is_key = {f"{day:%Y-%m-%d}" for day in ledger.vintages["as_of"]}
        return [
            {
                "day": v.day,
                "words": formats.day(v.day),
                "name": v.name,
                "sentence": v.sentence,
                "folder": self.folder(v.day),
                "is_own": v.day == self.own,
                "stays": v.day in is_key,
            }
            for v in reversed(self.days)
        ]


def switcher(report: Mapping[str, Any], page: str, root: str, known_since: str = "", listing: str = "") -> Markup:
    """Links to a page as known on the other key days of the site; on how to get them where it holds none.

    Parameters
    ----------
    report
        What the build knows of the report.
    page
        The page's path from the top of the site.
    root
        Relative address of the top of the site, seen from the page.
    known_since
        YYYY-MM-DD, from which on the page exists; empty if it always does.
    listing
        The page that stands for it before.
    """
    versions = [
        v | {"url": f"{root}{v['folder']}{page if is_there else listing}", "is_there": is_there}
        for v in report.get("versions") or []
        for is_there in [v["day"] >= known_since]
    ]
    own = next((v for v in versions if v["is_own"]), None)
    return templates.render(
        "pages/versions.html",
        versions=versions,
        own=own,
        root=root,
        has_recipe="rebuild" in report.get("notebooks", ()),
    )


def embeds(versions: list[dict[str, Any]] | None, page: str) -> list[dict[str, str]]:
    """The addresses under which a page can be embedded, from the top of the version it stands in.

    Returns
    -------
    list of dict
        ``page`` and ``words``, which say what it shows in time; empty words where the site holds one day alone.
    """
    if not versions:
        return [{"page": page, "words": ""}]
    newest, own = versions[0], next(v for v in versions if v["is_own"])
    found = [{"page": f"{newest['folder']}{page}", "words": "always the newest"}]
    if own["stays"]:
        top = f"{FOLDER}/{own['day']}/" if own is newest else ""
        found.append({"page": f"{top}{page}", "words": f"as known on {own['words']}, for good"})
    return found


def write_lasting_addresses(site: Path, newest: dict[str, Any]) -> None:
    """Give each page of the newest version the address that it keeps when a later day takes its place.

    Parameters
    ----------
    site
        Folder of the site, with the pages of its newest version.
    newest
        Its entry of `Versions.listing`; nothing is written for a day that is no key day.
    """
    if not newest["stays"]:
        return
    pages = [p.relative_to(site) for p in site.rglob("*.html") if p.name not in NO_PAGES]
    for page in sorted(p for p in pages if p.parts[0] != FOLDER):
        stub = site / FOLDER / newest["day"] / page
        stub.parent.mkdir(parents=True, exist_ok=True)
        url = f"{'../' * (len(page.parts) + 1)}{page.as_posix()}"
        text = templates.render("pages/moved.html", url=url, day=newest["words"], policy=policy())
        stub.write_text(text, encoding="utf-8")
