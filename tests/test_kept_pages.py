"""Which pages are read and written again after a change; that the bytes are the same is tested in `test_book`."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.book.pages.kept_pages import (
    DOCTREES,
    ENVIRONMENT,
    LATER,
    RENDERED,
    KeptPages,
    Notes,
    shared_names,
)
from analysis.book.pages.report import FILE, Report, take_notes

PAGES = ("index", "amazon", "methods", "glossary")  # in reading order
CONTENT = {"results": {"a": 1, "b": 2}, "owners": {"a": "index"}, "versions": None, "site": {"as_of": "2026-03-31"}}
RENDERING = {
    "read": {"index": ["results/a"], "amazon": ["results/b", "results/none"], "methods": [], "glossary": []},
    "written": {page: ["site", "owners/a"] if page == "index" else ["site"] for page in PAGES},
    "always": [],
    "quoted": ["glossary"],
}


def staged(folder: Path, sources: dict[str, str]) -> Path:
    folder.mkdir()
    for page, text in sources.items():
        (folder / f"{page}.md").write_text(text)
    (folder / FILE).write_text("{}")
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> KeptPages:
    stage = staged(tmp_path / "before", dict.fromkeys(PAGES, "as it was"))
    (stage / DOCTREES).mkdir()
    for name in (ENVIRONMENT, *(f"{page}.doctree" for page in PAGES)):
        (stage / DOCTREES / name).write_text(name)
    (stage / DOCTREES / RENDERED).write_text(json.dumps(RENDERING))
    pages = KeptPages(tmp_path / "kept", "key")
    index = {part: dict.fromkeys(PAGES, part) for part in ("words", "sections")}
    pages.keep(stage, Report(CONTENT), {page: f"<p>{page}" for page in PAGES}, index)
    return pages


@pytest.mark.parametrize(
    ("sources", "content", "read", "written"),
    [
        ({}, {}, set(), set()),
        ({"amazon": "new"}, {}, {"amazon"}, {"amazon"}),
        ({}, {"results": {"a": 1, "b": 3}}, {"amazon"}, {"amazon"}),
        ({}, {"results": {"a": 1, "b": 2, "none": 0}}, {"amazon"}, {"amazon"}),
        ({}, {"results": {"a": 1, "b": 2, "c": 3}}, set(), set()),
        ({}, {"owners": {"a": "amazon"}}, set(), {"index"}),
        ({}, {"site": {"as_of": "2026-04-01"}}, set(), set(PAGES)),
        ({"glossary": "new"}, {}, set(PAGES), set(PAGES)),
        ({"other": "new"}, {}, set(PAGES), set(PAGES)),
    ],
)
def test_a_page_is_made_again_when_and_only_when_what_it_shows_changed(
    kept: KeptPages, tmp_path: Path, sources: dict, content: dict, read: set[str], written: set[str]
):
    stage = staged(tmp_path / "now", dict.fromkeys(PAGES, "as it was") | sources)
    unchanged = kept.restore(stage, Report(CONTENT | content))
    assert set(unchanged) == set(PAGES) - written
    assert all(page == f"<p>{name}" for name, page in unchanged.items())
    if read != set(PAGES):  # else the environment is left out, and all are read
        assert {p.stem for p in stage.glob("*.md") if p.stat().st_mtime == LATER} == read
        assert (stage / DOCTREES / "index.doctree").read_text() == "index.doctree"
    assert (stage / DOCTREES).exists() == (read != set(PAGES))


def test_a_page_is_written_again_when_the_next_one_begins_otherwise():
    notes = Notes(begins={page: f"This is {page}." for page in PAGES})
    assert notes.invite(PAGES) == set(PAGES[:-1])
    assert notes.invite(PAGES) == set()
    notes.begins["methods"] = "How it is done."
    assert notes.invite(PAGES) == {"amazon"} and notes.invite(PAGES) == set()
    assert notes.invite(("index", "methods", "amazon", "glossary")) == {"index", "amazon", "methods"}


class Translated:
    """A word as Sphinx holds it until an environment is kept, which keeps its text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def names(label: str | Translated, term: str = "rent") -> str:
    std = {
        "labels": {"search": ("search", "", label)},
        "anonlabels": {},
        "terms": {term: ("glossary", "term-rent")},
        "objects": {("term", term): ("glossary", "term-rent")},
    }
    known = {"titles": {}, "domaindata": {"std": std}, "toctree_includes": {"index": ["amazon"]}, "toc_secnumbers": {}}
    return shared_names(SimpleNamespace(**known))


def test_names_that_pages_show_of_each_other_are_the_same_once_they_are_kept():
    assert names(Translated("Search Page")) == names("Search Page")
    assert len({names("Search Page"), names("Suche"), names("Search Page", "lease")}) == 3


def test_damaged_pages_are_made_again(kept: KeptPages, tmp_path: Path):
    whole = kept.file.read_bytes()
    for n, damaged in enumerate((whole[: len(whole) // 2], whole.replace(b"<p>amazon", b"<p>amaz0n"), b"")):
        kept.file.write_bytes(damaged)
        stage = staged(tmp_path / f"now{n}", dict.fromkeys(PAGES, "as it was"))
        assert kept.restore(stage, Report(CONTENT)) == {} and not (stage / DOCTREES).exists()


def test_what_is_read_of_a_report_is_noted():
    take_notes()
    report = Report({"results": {"a": 1}, "sources": {"s": 1}, "told_sources": {}, "companies": {"A": "a"}})
    assert report["results"]["a"] == 1 and "b" not in report["results"] and report.get("versions") is None
    assert take_notes() == ["results/a", "results/b", "versions"]
    assert (report["sources"] | report["told_sources"])["s"] == 1
    assert take_notes() == ["told_sources/s", "sources/s"]
    assert dict(report["sources"]) == {"s": 1} and report["companies"] == {"A": "a"}
    assert set(take_notes()) == {"sources", "sources/s", "companies"}
    assert report.digest_of("results/a") != report.digest_of("results/b") == Report({}).digest_of("results/b")
