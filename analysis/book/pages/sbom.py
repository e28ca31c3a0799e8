"""The bill of materials of a site: every package its build may use, with version and hashes, as CycloneDX.

It comes from the lock, so it is the same wherever the site is built. Files are named by their hashes, not by addresses.
"""

import uuid
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from analysis import paths

NAMESPACE = uuid.UUID("a7c1d5de-52a3-5d51-9f0a-3f1a5c0f7e11")


def packages(lock: str) -> list[tuple[Requirement, list[str]]]:
    """The requirements of a lock and the SHA-256 digests of each.

    Raises
    ------
    ValueError
        If a line pins no version.
    """
    found: list[tuple[Requirement, list[str]]] = []
    for number, line in enumerate(lock.splitlines(), 1):
        text = line.strip().removesuffix("\\").strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("--hash=sha256:") and found:
            found[-1][1].append(text.removeprefix("--hash=sha256:"))
        else:
            found.append((_pinned(text, number), []))
    return found


def _pinned(text: str, number: int) -> Requirement:
    problem = f"requirements.lock:{number}: {text[:60]!r} pins no version"
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        raise ValueError(problem) from None
    if [specifier.operator for specifier in requirement.specifier] != ["=="]:
        raise ValueError(problem)
    return requirement


def bill(lock: str, version: str) -> str:
    """The bill as JSON: the same text for the same lock and version of this project."""
    from cyclonedx.model import HashAlgorithm, HashType, Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    bom = Bom(serial_number=uuid.uuid5(NAMESPACE, f"{version}\n{lock}"))
    bom.metadata.component = Component(
        name="roundtrip", version=version, type=ComponentType.APPLICATION, bom_ref="roundtrip"
    )
    for requirement, hashes in packages(lock):
        name, condition = requirement.name, str(requirement.marker or "")
        (pin,) = requirement.specifier
        bom.components.add(
            Component(
                name=name,
                version=pin.version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}@{pin.version}{f' ; {condition}' if condition else ''}",
                purl=PackageURL("pypi", name=name, version=pin.version),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=h) for h in hashes],
                properties=[Property(name="roundtrip:condition", value=condition)] if condition else [],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    bom.metadata.timestamp = None  # type: ignore[assignment]  # no time of day in a site
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def write(target: Path, cache: Path) -> None:
    """Write the bill of this project's lock, which is kept in the cache until the lock changes."""
    from importlib.metadata import PackageNotFoundError, version

    from analysis.book.running.files import keep_whole, write_whole
    from analysis.digests import digest

    lock = paths.LOCK.read_text(encoding="utf-8")
    try:
        own = version("roundtrip")
    except PackageNotFoundError:  # the project is not installed
        own = "0"
    kept = cache / f"sbom-{digest(lock, own, Path(__file__).read_bytes())}.json"
    if kept.exists():
        text = kept.read_text(encoding="utf-8")
    else:
        text = bill(lock, own)
        keep_whole(kept, text)
    write_whole(target, text)
