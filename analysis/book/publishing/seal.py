"""The name of a built site: one digest of all its bytes, in the footer of each page beside the data and the commit.

The digest cannot be computed with itself in the pages, so it is computed with zeros in its place; whoever has the
site can compute it anew (`roundtrip digest`) and see whether it is the site that was built.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.book.running.files import write_whole

LENGTH = 16
BLANK = "0" * LENGTH
MARK = re.compile(r'(<code class="rt-seal">)([0-9a-f]{16})(</code>)')
VERSIONS = "at"  # folder of earlier versions, each with a name of its own


class NotSealed(ValueError):
    """A folder that is no built site, or one that says different things of itself."""


def commit(root: Path = paths.ROOT) -> str:
    """Twelve digits of the commit that is checked out, with a plus when a tracked file differs; empty where there is none."""
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


def digest(site: Path) -> str:
    """The digest of a site, of a version in it, without regard to what its pages say it is."""
    hashed = hashlib.sha256()
    for name, path in _files(site):
        data = path.read_bytes()
        if path.suffix == ".html":
            data = MARK.sub(rf"\g<1>{BLANK}\g<3>", data.decode("utf-8")).encode()
        hashed.update(f"{name}\0{len(data)}\0".encode() + data)
    return hashed.hexdigest()[:LENGTH]


def seal(site: Path) -> str:
    """Write the digest of a finished site into its pages. Returns it."""
    found = digest(site)
    for _, path in _files(site):
        if path.suffix == ".html" and MARK.search(text := path.read_text(encoding="utf-8")):
            write_whole(path, MARK.sub(rf"\g<1>{found}\g<3>", text))  # never into a file that another version shares
    return found


def told(site: Path) -> str:
    """The digest that the pages name. Raises NotSealed when there is none or not one."""
    pages = [p.read_text(encoding="utf-8") for name, p in _files(site) if name.endswith(".html")]
    found = {m.group(2) for text in pages for m in MARK.finditer(text)}
    if not found:
        raise NotSealed(f"{site} holds no built report")
    if len(found) > 1:
        raise NotSealed(f"the pages of {site} name {len(found)} digests: {', '.join(sorted(found))}")
    return found.pop()
