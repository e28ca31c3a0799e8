"""Digests that tell one content from another: of texts, and of files with their names."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(*parts: str | bytes) -> str:
    """Return 32 hexadecimal digits of the SHA-256 of some texts, which are told apart by their lengths."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()[:32]


def digest_of_files(files: Iterable[Path], root: Path) -> str:
    """Return one digest of the bytes of files and of their names below ``root``."""
    return digest(*(part for f in sorted(files) for part in (f.relative_to(root).as_posix(), f.read_bytes())))
