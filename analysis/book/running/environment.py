"""The Python and the packages that run here, named by one digest."""

import functools
import os
import re
import sys

from analysis import paths
from analysis.digests import digest

PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.M)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_versions() -> dict[str, str]:
    """Return the version of each installed package that the lock names; of every package where there is no lock.

    What Python finds first counts. The versions are read from the names of the ``dist-info`` folders: importing
    `importlib.metadata` alone would take longer than all else that decides whether there is anything to build.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            entries = [e.name for e in os.scandir(folder or ".") if e.name.endswith(".dist-info")]
        except OSError:
            continue
        for entry in entries:
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            found.setdefault(_plain(name), version)
    locked = {_plain(name) for name in PINNED.findall(lock_text())}
    return {name: version for name, version in sorted(found.items()) if name in locked or not locked}


def lock_text() -> str:
    """Return the text of the lock; empty where there is none."""
    return paths.LOCK.read_text(encoding="utf-8") if paths.LOCK.exists() else ""


@functools.cache
def environment_digest() -> str:
    """Return a digest of the Python that runs and of the packages installed beside it."""
    return digest(sys.version, *(f"{name}=={version}" for name, version in installed_versions().items()))
