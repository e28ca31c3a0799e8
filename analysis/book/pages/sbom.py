"""The bill of materials of a site: every package its build may use, with version and hashes, as CycloneDX.

It comes from the lock, so it is the same wherever the site is built; which files a registry keeps for a version is
told by their hashes, not by an address.
"""

import re
import uuid
from pathlib import Path

from analysis import paths

LOCK = paths.ROOT / "requirements.lock"
NAMESPACE = uuid.UUID("a7c1d5de-52a3-5d51-9f0a-3f1a5c0f7e11")
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]*?))?\s*\\?$")


def packages(lock: str) -> list[tuple[str, str, str, list[str]]]:
    """Name, version, condition and SHA-256 digests of each line of a lock. Raises ValueError for a line that pins nothing."""
    found: list[tuple[str, str, str, list[str]]] = []
    for number, line in enumerate(lock.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("--hash=sha256:") and found:
            found[-1][3].append(text.removeprefix("--hash=sha256:").rstrip(" \\"))
        elif match := PINNED.match(text):
            found.append((match.group(1), match.group(2), (match.group(3) or "").strip(), []))
        else:
            raise ValueError(f"requirements.lock:{number}: {text[:60]!r} pins nothing")
    return found


def bill(lock: str, version: str) -> str:
    """The bill as JSON, the same text for the same lock and version of this project."""
    from cyclonedx.model import HashAlgorithm, HashType, Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    known = packages(lock)
    bom = Bom(serial_number=uuid.uuid5(NAMESPACE, f"{version}\n{lock}"))
    bom.metadata.component = Component(
        name="roundtrip", version=version, type=ComponentType.APPLICATION, bom_ref="roundtrip"
    )
    for name, pinned, condition, hashes in known:
        bom.components.add(
            Component(
                name=name,
                version=pinned,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}@{pinned}{f' ; {condition}' if condition else ''}",
                purl=PackageURL("pypi", name=name, version=pinned),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=h) for h in hashes],
                properties=[Property(name="roundtrip:condition", value=condition)] if condition else [],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    bom.metadata.timestamp = None  # type: ignore[assignment]  # a clock has no place in a site
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def write(target: Path, cache: Path) -> None:
    """The bill of this project's lock, kept in the cache until the lock changes."""
    from importlib.metadata import PackageNotFoundError, version

    from analysis.book.running.files import digest, keep_whole, write_whole

    lock = LOCK.read_text(encoding="utf-8")
    try:
        own = version("roundtrip")
    except PackageNotFoundError:  # run from a folder without being installed
        own = "0"
    kept = cache / f"sbom-{digest(lock, own, Path(__file__).read_bytes())}.json"
    if kept.exists():
        text = kept.read_text(encoding="utf-8")
    else:
        text = bill(lock, own)
        keep_whole(kept, text)
    write_whole(target, text)
