"""A given ledger's own datapackage.json: read and checked against the schema, or refused with what to fix."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis import paths
from analysis.ledger import check
from tests.conftest import read_rows, roundtrip, write_rows
from tests.ledgers import SMALL

FILE = "datapackage.json"


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """The small ledger, with a description that is true of it."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "mine", ignore=shutil.ignore_patterns("README.md", "expected.csv")))
    package = json.loads(paths.SCHEMA.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if (folder / r["path"]).exists()]
    write(folder, package)
    return folder


def write(folder: Path, package: dict[str, Any]) -> None:
    (folder / FILE).write_text(json.dumps(package, indent=1), encoding="utf-8")


def package_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def resource(package: dict[str, Any], name: str) -> dict[str, Any]:
    return next(r for r in package["resources"] if r["name"] == name)


def fields(package: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return resource(package, name)["schema"]["fields"]


def test_a_description_that_is_true_is_read_without_a_word(brought: Path):
    assert check(brought) == []


def test_a_shorter_description_may_do_without_optional_columns_that_the_files_lack(brought: Path):
    package = package_of(brought)
    fields(package, "chips")[:] = [f for f in fields(package, "chips") if f["name"] != "last_checked"]
    write(brought, package)
    assert [str(p) for p in check(brought) if "does not declare the column 'last_checked'" not in p.message] == []
    rows = read_rows(brought / "chips.csv")
    place = rows[0].index("last_checked")
    write_rows(brought / "chips.csv", [[*r[:place], *r[place + 1 :]] for r in rows])
    assert check(brought) == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda p: p["resources"].append({"name": "loans"}),
            "declares the resource 'loans'; the report reads entities",
        ),
        (lambda p: p["resources"].append(resource(p, "deals")), "declares the resource 'deals' twice"),
        (lambda p: p["resources"].remove(resource(p, "deals")), "does not declare the resource 'deals'; add it"),
        (
            lambda p: resource(p, "deals").update(path="d.csv"),
            "declares the file 'd.csv' for deals; the report reads d",
        ),
        (lambda p: resource(p, "deals").update(schema={}), "declares no columns for deals"),
        (
            lambda p: fields(p, "deals")[0].update(name="id"),
            "declares the column 'id' of deals; known columns are deal,",
        ),
        (lambda p: fields(p, "deals").pop(0), "does not declare the column 'deal' that deals.csv has"),
        (
            lambda p: next(f for f in fields(p, "deals") if f["name"] == "low_usd_bn").update(type="string"),
            "declares deals.low_usd_bn as 'string'; the report reads it as number",
        ),
        (
            lambda p: next(f for f in fields(p, "deals") if f["name"] == "low_usd_bn").update(unit="USD million"),
            "declares deals.low_usd_bn in 'USD million'; the report reads it in ",
        ),
    ],
)
def test_a_description_that_is_not_what_is_read_is_refused(brought: Path, spoil, message: str):
    package = package_of(brought)
    spoil(package)
    write(brought, package)
    found = [p for p in check(brought) if message in p.message]
    assert len(found) == 1 and found[0].file == FILE and found[0].row >= 1, [str(p) for p in check(brought)]
    done = roundtrip("check", "--data", brought)
    assert done.returncode == 1 and message in done.stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"resources": {}}', '{"resources": [1]}', "\ufeff{}", "[" * 100_000])
def test_what_is_no_description_is_refused(brought: Path, text: str):
    (brought / FILE).write_text(text, encoding="utf-8")
    (problem,) = check(brought)
    assert (problem.file, problem.row) == (FILE, 1) and "correct it or delete it" in problem.message


def test_a_folder_or_bytes_in_its_place_are_refused(brought: Path):
    (brought / FILE).write_bytes(b"\xff\xfe\x00")
    assert [p.file for p in check(brought)] == [FILE]
    (brought / FILE).unlink()
    (brought / FILE).mkdir()
    assert [p.file for p in check(brought)] == [FILE]


def test_a_declared_column_that_a_file_lacks_is_named_with_file_and_line(brought: Path):
    rows = read_rows(brought / "chips.csv")
    place = rows[0].index("last_checked")  # optional: a ledger without a description may do without it
    write_rows(brought / "chips.csv", [[*r[:place], *r[place + 1 :]] for r in rows])
    (problem,) = check(brought)
    assert str(problem).startswith(f"chips.csv:1:last_checked: column 'last_checked' is missing, which {FILE} declares")


def test_a_required_column_that_is_missing_is_named_with_file_and_line(brought: Path):
    (brought / FILE).unlink()
    rows = read_rows(brought / "deals.csv")
    place = rows[0].index("parts")
    write_rows(brought / "deals.csv", [[*r[:place], *r[place + 1 :]] for r in rows])
    assert any(str(p).startswith("deals.csv:1:parts: column 'parts' is missing") for p in check(brought))
    done = roundtrip("build", "--data", brought, "--out", brought / "site")
    assert done.returncode == 1 and "deals.csv:1:parts: column 'parts' is missing" in done.stderr
