"""The digest of a built site, over all its bytes, in the footer of each page beside the data's digest and the commit.

It is computed with zeros where the pages name it. Anyone who has the site can compute it again (`roundtrip digest`)
and see whether it is the site that was built.
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.book.running.files import write_whole

LENGTH = 16
BLANK = "0" * LENGTH  # stands in the pages until the digest is known
NAME = b"rt-seal"
MARK = re.compile(rb"(\brt-seal\"?>)([0-9a-f]{16})(<)")  # the element that names the digest
VERSIONS = "at"  # folder of earlier versions, each with a digest of its own


class NotSealed(RuntimeError):
    """A folder that holds no built site, or whose pages name different digests."""


def commit(root: Path | None = None) -> str:
    """The first twelve digits of the commit that is checked out, with a plus if a tracked file differs.

    Empty if ``root`` (None: the project's) is not the top of a repository.
    """
    root = root or paths.ROOT
    try:
        asked = ["rev-parse", "--show-toplevel", "HEAD"]
        done = subprocess.run(["git", "-C", str(root), *asked], capture_output=True, check=True)
        top, head = os.fsdecode(done.stdout).splitlines()
        if Path(top).resolve() != root.resolve():
            return ""
        differs = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "-uno"], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError, ValueError):
        return ""
    return head[:12] + ("+" if differs.stdout.strip() else "")


def _files(site: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        name = path.relative_to(site).as_posix()
        if not name.startswith(f"{VERSIONS}/"):
            yield name, path


def _parts(page: bytes) -> tuple[bytes, bytes]:
    """A page up to the first mark that there may be, and from there on: a search of all of it takes a second a site."""
    place = page.find(NAME)
    at = max(0, place - 1) if place >= 0 else len(page)  # whether a word begins there hangs on the byte before
    return page[:at], page[at:]


def _with_digest(page: bytes, digest: str) -> bytes:
    before, marked = _parts(page)
    return before + MARK.sub(rb"\g<1>" + digest.encode() + rb"\g<3>", marked)


def compute_digest(site: Path) -> str:
    """The digest of a site, or of a version in it, from its files."""
    hashed = hashlib.sha256()
    for name, path in _files(site):
        data = path.read_bytes()
        if path.suffix == ".html":
            data = _with_digest(data, BLANK)
        hashed.update(f"{name}\0{len(data)}\0".encode() + data)
    return hashed.hexdigest()[:LENGTH]


def seal(site: Path) -> str:
    """Write the digest of a finished site into its pages, and return it."""
    computed = compute_digest(site)
    for _, path in _files(site):
        if path.suffix != ".html":
            continue
        sealed = _with_digest(page := path.read_bytes(), computed)
        if sealed != page:
            write_whole(path, sealed)  # a new file: another version may share this one
    return computed


def read_digest(site: Path) -> str:
    """The digest that the pages of a site name.

    Raises
    ------
    NotSealed
        If they name none, or more than one.
    """
    pages = (p.read_bytes() for name, p in _files(site) if name.endswith(".html"))
    named = {m.group(2).decode() for page in pages for m in MARK.finditer(_parts(page)[1])}
    if not named:
        raise NotSealed(f"{site} holds no built report")
    if len(named) > 1:
        raise NotSealed(f"the pages of {site} name {len(named)} digests: {', '.join(sorted(named))}")
    return named.pop()


def read_waiting(site: Path) -> list[str]:
    """What waits for an editor in the stories of a site and its versions, as its results say, a line each."""
    versions = sorted((site / VERSIONS).glob("*/results.json"), reverse=True)
    found: dict[str, None] = {}
    for path in [site / "results.json", *versions]:
        found |= dict.fromkeys(json.loads(path.read_text(encoding="utf-8")).get("waiting", []))
    return list(found)
