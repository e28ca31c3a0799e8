"""Whether a site must be built at all: a record of what each site was made of, and of its files.

Nothing here imports pandas or Sphinx: it decides before anything large is loaded.
"""

import json
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.running.environment import environment_digest, lock_text
from analysis.book.running.files import files_below, keep_whole
from analysis.digests import digest, digest_of_files


def inputs(data: Path | None, settings: dict[str, Any], with_data: bool = True) -> str:
    """Return one digest of everything that a site is made of.

    That is chapters, package, configuration, lock, installed packages, settings and, unless ``with_data`` is False, the
    tables in ``data`` (None: those of the project).
    """
    project = [p for p in (paths.CONFIG, paths.TOC, paths.BIBLIOGRAPHY) if p.exists()]
    own = [*files_below(paths.CHAPTERS), *files_below(paths.ROOT / "analysis"), *project]
    tables = data or paths.DATA
    return digest(
        digest_of_files(own, paths.ROOT),
        digest_of_files(files_below(tables), tables) if with_data else "",
        lock_text(),
        environment_digest(),
        json.dumps(settings, sort_keys=True),
    )


def _state(site: Path) -> dict[str, list[int]]:
    """Return the size and the time of modification of each file of a site."""
    files = (p for p in site.rglob("*") if p.is_file())
    return {p.relative_to(site).as_posix(): [(s := p.stat()).st_size, s.st_mtime_ns] for p in files}


def _record(cache: Path, site: Path) -> Path:
    return cache / "sites" / f"{digest(str(site.resolve()))}.json"


def is_current(cache: Path, site: Path, key: str) -> bool:
    """Return whether the site at its place was built from these inputs and nobody has touched it since."""
    try:
        known = json.loads(_record(cache, site).read_text(encoding="utf-8"))
        return bool(known["key"] == key and known["files"] == _state(site))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember(cache: Path, site: Path, key: str, built_at: Path | None = None) -> None:
    """Record what a site was built from; ``built_at`` is where its files are until they are put in place."""
    keep_whole(_record(cache, site), json.dumps({"key": key, "files": _state(built_at or site)}))
