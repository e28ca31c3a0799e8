"""The Pythons and packages of every place where the report is built: one lock, and the Pythons it was tried on."""

import inspect
import json
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from analysis import paths
from analysis.cli import serve

PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST = PROJECT["requires-python"].removeprefix(">=")
PREFIX = "Programming Language :: Python :: "
TRIED = [name.removeprefix(PREFIX) for name in PROJECT["classifiers"] if name.startswith(f"{PREFIX}3.")]


def text(place: str) -> str:
    return (paths.ROOT / place).read_text(encoding="utf-8")


def pins(python: str) -> dict[str, list[str]]:
    """The versions of each package that the lock gives to a Python."""
    found: dict[str, list[str]] = {}
    for line in re.findall(r"^\w.*?(?= \\$)", text("requirements.lock"), flags=re.M):
        pinned = Requirement(line)
        if pinned.marker is None or pinned.marker.evaluate({"python_full_version": f"{python}.9"}):
            found.setdefault(canonicalize_name(pinned.name), []).append(str(pinned.specifier).removeprefix("=="))
    return found


@pytest.mark.parametrize("python", TRIED)
def test_the_lock_has_one_version_of_all_that_the_project_asks_for(python: str):
    known = pins(python)
    asked = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for wanted in (Requirement(line) for lines in asked for line in lines):
        (version,) = known[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), f"{wanted} is locked at {version}"


def test_the_lock_was_resolved_for_the_oldest_python_which_binder_and_the_container_have():
    assert TRIED[0] == OLDEST and all(python in SpecifierSet(PROJECT["requires-python"]) for python in TRIED)
    assert f"--universal --python-version {OLDEST} " in text("Makefile")
    assert text(".binder/runtime.txt") == f"python-{OLDEST}\n"
    assert text(".binder/requirements.txt") == "-r ../requirements.lock\n"
    assert (paths.ROOT / ".binder" / "postBuild").stat().st_mode & 0o111, "Binder runs it"
    container = json.loads(text(".devcontainer/devcontainer.json"))
    assert container["image"].endswith(f"/python:{OLDEST}") and container["postCreateCommand"] == "make .venv/.ready"
    assert "\nVENV ?= .venv\n" in text("Makefile") and "\nREADY := $(VENV)/.ready\n" in text("Makefile")
    (python,) = (
        v for k, v in container["customizations"]["vscode"]["settings"].items() if k.endswith("InterpreterPath")
    )
    assert python.endswith("/.venv/bin/python")
    assert container["forwardPorts"] == [inspect.signature(serve).parameters["port"].default], "that of `make serve`"


def test_ci_runs_on_each_python_and_may_fail_on_the_next_one_only():
    jobs = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == TRIED and "continue-on-error" not in jobs["test"]
    following = f"3.{int(TRIED[-1].partition('.')[2]) + 1}"
    assert {case["python"] for case in jobs["next"]["strategy"]["matrix"]["include"]} == {following}
    assert jobs["next"]["continue-on-error"] is True
