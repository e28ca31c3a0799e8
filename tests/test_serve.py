"""The files that the served site is built again for; what readers see of it is tested in a browser."""

import os
import threading
import urllib.request
from pathlib import Path

import pytest

from analysis import paths
from analysis.book.publishing import serve


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which nothing else changes files."""
    for name in ("chapters", "analysis", "analysis/cli", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    for constant, name in (("CHAPTERS", "chapters"), ("DATA", "data"), ("CONFIG", "_config.yml"), ("TOC", "_toc.yml")):
        monkeypatch.setattr(paths, constant, tmp_path / name)
    monkeypatch.setattr(paths, "BIBLIOGRAPHY", tmp_path / "none.bib")
    for name in ("_config.yml", "_toc.yml", "data/deals.csv", "analysis/cli/__init__.py"):
        (tmp_path / name).write_text("one")
    return tmp_path


def replace(path: Path) -> None:
    """As editors do: a new file takes the place of the old one."""
    new = path.with_suffix(".new")
    new.write_text("another")
    os.replace(new, path)


def test_a_changed_replaced_added_or_removed_file_is_noticed(project: Path):
    stop = threading.Event()
    changes = serve.watch_inputs(None, stop)
    assert next(changes) == set(), "nothing has changed yet"
    for name, edit in (
        ("data/deals.csv", lambda p: p.write_text("two")),
        ("_config.yml", replace),
        ("_config.yml", replace),
        ("chapters/new.md", lambda p: p.write_text("new")),
        ("analysis/cli/__init__.py", Path.unlink),
    ):
        edit(project / name)
        assert Path(name).name in next(filter(None, changes)), name
    stop.set()
    assert list(changes) == []


def test_a_folder_without_its_slash_leads_to_the_one_with_it(tmp_path: Path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "index.html").write_text("<body>all</body>")
    with serve.serving(tmp_path, serve.State()) as home, urllib.request.urlopen(f"{home}figures") as answer:
        assert answer.url == f"{home}figures/"
        assert b"all" in answer.read()
