"""The name of a site, and the bill of what it was built with."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from analysis import paths
from analysis.book.pages import sbom
from analysis.book.publishing import seal
from tests.conftest import roundtrip


def test_every_page_names_the_digest_of_the_site(site_small: Path):
    pages = [p for p in site_small.rglob("*.html") if p.name != "404.html"]
    named = {m.group(2).decode() for p in pages for m in seal.MARK.finditer(p.read_bytes())}
    assert len(pages) > 50 and named == {seal.compute_digest(site_small)} and named != {seal.BLANK}
    assert all(seal.MARK.search(p.read_bytes()) for p in pages)


def test_the_digest_by_hand(tmp_path: Path):
    """Names, lengths and bytes of the files in the order of their names, zeros where a page names the digest."""
    page = '<p>x <code class="rt-seal">{}</code></p>'
    (tmp_path / "at" / "2025").mkdir(parents=True)
    (tmp_path / "a.html").write_text(page.format("0" * 16))
    (tmp_path / "b.csv").write_text("1,2\n")
    (tmp_path / "at" / "2025" / "a.html").write_text("another version")
    told = b"".join(
        f"{n}\0{len(d)}\0".encode() + d for n, d in (("a.html", page.format("0" * 16).encode()), ("b.csv", b"1,2\n"))
    )
    right = hashlib.sha256(told).hexdigest()[:16]
    assert seal.seal(tmp_path) == right and (tmp_path / "a.html").read_text() == page.format(right)
    assert seal.compute_digest(tmp_path) == right == seal.read_digest(tmp_path), "the same after it was written"
    (tmp_path / "b.csv").write_text("1,3\n")
    assert seal.compute_digest(tmp_path) != right


def test_the_command_tells_a_site_that_was_changed(site_small: Path, tmp_path: Path):
    copy = shutil.copytree(site_small, tmp_path / "site")
    command = ["digest", "--site", copy]
    done = roundtrip(*command)
    assert done.returncode == 0 and done.stdout.strip() == seal.read_digest(site_small)
    with (copy / "data" / "deals.csv").open("a") as handle:
        handle.write("one more\n")
    done = roundtrip(*command)
    assert done.returncode == 1 and "was added, changed or lost" in done.stderr
    (copy / "amazon.html").write_text('<code class="rt-seal">0123456789abcdef</code>')
    assert "name 2 digests" in roundtrip(*command).stderr
    assert roundtrip("digest", "--site", tmp_path).returncode == 1


@pytest.mark.parametrize("name", ["plain", "another place, with a näme"])
def test_the_commit_is_that_of_the_project(tmp_path: Path, name: str):
    tmp_path = tmp_path / name
    tmp_path.mkdir()
    assert seal.commit(tmp_path) == "", "no repository"
    git = [
        "git",
        "-C",
        str(tmp_path),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    subprocess.run([*git, "init", "-q"], check=True)
    (tmp_path / "a").write_text("1")
    for arguments in (["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    assert seal.commit(tmp_path) == head[:12]
    (tmp_path / "new").write_text("not tracked")
    assert seal.commit(tmp_path) == head[:12]
    (tmp_path / "a").write_text("2")
    assert seal.commit(tmp_path) == head[:12] + "+"
    (tmp_path / "inside").mkdir()
    assert seal.commit(tmp_path / "inside") == "", "the commit of another project is not ours"


def test_the_bill_names_every_locked_package(site_small: Path):
    told = (site_small / "sbom.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    bill = json.loads(told)
    lock = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = sorted(
        line.split(" ")[0].split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")
    )
    assert sorted(c["name"] for c in bill["components"]) == pinned and len(pinned) > 100
    pandas = next(c for c in bill["components"] if c["name"] == "pandas")
    assert pandas["purl"] == f"pkg:pypi/pandas@{pandas['version']}"
    assert all(h["alg"] == "SHA-256" and h["content"] in lock for h in pandas["hashes"]) and pandas["hashes"]
    assert "timestamp" not in bill["metadata"], "no clock"
    assert sbom.bill(lock, "0.1.0") == sbom.bill(lock, "0.1.0")


@pytest.mark.parametrize("line", ["pandas>=2", "git+https://example.org/x", "-e .", "pandas==2.0 extra"])
def test_a_lock_that_pins_nothing_is_refused(line: str):
    with pytest.raises(ValueError, match=r"requirements\.lock:2: .* pins no version"):
        sbom.packages(f"# a comment\n{line}\n")
