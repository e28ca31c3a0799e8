"""Files written whole or not at all, and folders of kept files that stay below a size."""

import contextlib
import os
from pathlib import Path


def files_below(folder: Path, *suffixes: str) -> list[Path]:
    """Return the files of a folder and its subfolders, without what Python and Jupyter leave there."""
    left = {"__pycache__", ".ipynb_checkpoints"}
    found = (p for p in folder.rglob("*") if p.is_file() and left.isdisjoint(p.parts))
    return [p for p in found if not suffixes or p.suffix in suffixes]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def keep_whole(path: Path, content: str | bytes) -> None:
    """Write a file into a cache; one that is full or read-only makes the next build slower and fails none."""
    with contextlib.suppress(OSError):
        write_whole(path, content)


def mark_used(path: Path) -> None:
    """Note that a kept file was of use just now, so that `prune` removes others first."""
    with contextlib.suppress(OSError):
        os.utime(path)


def prune(folder: Path, limit: int) -> None:
    """Remove the files of a folder that were not used for longest until the others take at most ``limit`` bytes."""
    with contextlib.suppress(OSError):
        known = [(stat.st_mtime_ns, stat.st_size, p) for p in folder.iterdir() if (stat := p.stat())]
        taken = 0
        for _, size, path in sorted(known, reverse=True):
            taken += size
            if taken > limit:
                path.unlink(missing_ok=True)
