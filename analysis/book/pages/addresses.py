"""What a page says about the site around it: its addresses, its policy, how to cite it."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from analysis import paths
from analysis.book.running.manuscript import read_yaml

MOST_OF_KEY = 100  # characters of a title in the key of a BibTeX entry


@dataclass(frozen=True)
class Addresses:
    """Where the site and its repository are in public; empty while that is not known."""

    site: str = ""
    repository: str = ""
    branch: str = "main"

    def __post_init__(self) -> None:
        """Normalise the addresses.

        Raises
        ------
        ValueError
            If one is not a web address.
        """
        for name in ("site", "repository"):
            address = getattr(self, name)
            if address and not re.fullmatch(r"https?://[^\s/?#\"'<>]+(/[^\s?#\"'<>]*)?", address):
                raise ValueError(f"_config.yml: the {name} address {address!r} is not a web address (https://…)")
        object.__setattr__(self, "site", self.site.rstrip("/") + "/" if self.site else "")
        object.__setattr__(self, "repository", self.repository.rstrip("/"))

    @classmethod
    def configured(cls, config: Path = paths.CONFIG) -> "Addresses":
        """The two settings of _config.yml: ``html.baseurl`` and ``repository.url`` (with ``repository.branch``).

        Raises
        ------
        ManuscriptError
            If the file cannot be read.
        ValueError
            If one is not a web address.
        """
        known = read_yaml(config)
        repository = known.get("repository") or {}
        return cls(
            (known.get("html") or {}).get("baseurl") or "",
            repository.get("url") or "",
            repository.get("branch") or "main",
        )

    def page(self, name: str) -> str:
        """Public address of a file of the site; empty while that of the site is not known."""
        return self.site + ("" if name == "index.html" else quote(name)) if self.site else ""

    def path(self) -> str:
        """The path below which the site stands on its host."""
        return urlsplit(self.site).path or "/"

    def edit(self, file: str) -> str:
        """Where a file can be edited: the form that GitHub and most similar hosts use, but not GitLab."""
        middle = "/-/edit/" if "gitlab" in urlsplit(self.repository).netloc else "/edit/"
        return f"{self.repository}{middle}{quote(self.branch)}/{quote(file)}" if self.repository else ""

    def issues(self) -> str:
        """Where a mistake can be reported."""
        return (
            f"{self.repository}{'/-' if 'gitlab' in urlsplit(self.repository).netloc else ''}/issues"
            if self.repository
            else ""
        )

    def binder(self, file: str) -> str:
        """Where a notebook can be run without installing anything."""
        if not self.repository:
            return ""
        host, name = urlsplit(self.repository).netloc, urlsplit(self.repository).path.strip("/")
        where = {"github.com": f"gh/{name}", "gitlab.com": f"gl/{quote(name, safe='')}"}.get(
            host, f"git/{quote(self.repository + '.git', safe='')}"
        )
        return f"https://mybinder.org/v2/{where}/{quote(self.branch)}?urlpath={quote('lab/tree/' + file, safe='')}"


@cache
def theme_script() -> str:
    """The one script inside the theme's pages, as its template has it.

    It is read from the template and not from the built pages, so that no script which data smuggled into a page is
    allowed by its own hash.
    """
    theme = find_spec("furo")  # to import it would import all of Sphinx
    assert theme and theme.origin
    template = (Path(theme.origin).parent / "theme" / "furo" / "base.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", template, re.S)
    if len(scripts) != 1:
        raise RuntimeError(f"the theme has {len(scripts)} scripts inside its pages; the policy knows one")
    return str(scripts[0])


def policy() -> str:
    """The Content-Security-Policy of every page: nothing from elsewhere, no script but the site's own files."""
    digest = base64.b64encode(hashlib.sha256(theme_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src data:; connect-src 'self'; form-action 'self'; base-uri 'self'"
    )


def headers() -> str:
    """A ``_headers`` file as several static hosts read it; the same lines suit any other.

    Pages may be shown in frames (figures are made to be embedded), so no frame-ancestors is set.
    """
    always = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    lasting = "Cache-Control: public, max-age=31536000, immutable"
    lines = ["/*", *(f"  {k}: {v}" for k, v in always.items())]
    for folder in ("_static", "_interactive"):
        lines += [f"/{folder}/*", f"  {lasting}", f"/at/*/{folder}/*", f"  {lasting}"]
    return "\n".join(lines) + "\n"


def citation(title: str, site: dict[str, Any], address: str) -> tuple[str, str]:
    """How to cite a page: as text and as BibTeX, whose key has the title, so that two pages may be cited together."""
    year = site["as_of"][:4]
    at = f" {address}" if address else ""
    edition = f"as known on {site['as_of_words']} (data {site['digest']})"
    text = f"Round Trip contributors, “{title}”, Round Trip, {edition}.{at}"
    url = f",\n  url = {{{address}}}" if address else ""
    braced = re.sub(r"([\\{}$&#%_])", r"\\\1", title)
    named = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:MOST_OF_KEY]
    key = f"roundtrip-{site['as_of']}{'-' * bool(named)}{named}"
    bib = (
        f"@misc{{{key},\n  author = {{{{Round Trip contributors}}}},\n  title = {{{braced}}},\n"
        f"  howpublished = {{Round Trip}},\n  year = {{{year}}},\n"
        f"  note = {{As known on {site['as_of']}, data {site['digest']}}}{url}\n}}"
    )
    return text, bib
