"""Pages kept from one build to the next: only those are made again for which something changed.

What every page rests on (code, prose, settings, the day) names a kept file. It holds Sphinx's environment and trees,
the finished pages, and for each page the digests of its staged source and of all that it read of the report. A page is

- read again when its source, or what it read of the report then, has changed; also when it shows pictures, which Sphinx
  copies only for a page that it writes, or the bibliography, whose extension knows its file by the whole path;
- written again when it is read again, when what was read of the report to write it has changed, or when the first words
  of the page that follows have changed, which it shows.

All are made again when a page has changed that others quote: the glossary, and pages with citations. When a title or an
anchor turns out otherwise, all are written again (see `shared_names`).
"""

import io
import json
import os
import pickle
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from analysis.book.pages.report import FILE, Report
from analysis.book.running.files import keep_whole, mark_used
from analysis.digests import digest

DOCTREES, ENVIRONMENT, RENDERED = ".doctrees", "environment.pickle", "rendered.json"
PLAN, STATE = "kept.json", "state.json"
QUOTED = "glossary"
LONG_AGO, LATER = 0, 2**31 - 1  # times of modification before and after any reading
Index = dict[str, dict[str, Any]]  # first words and sections of pages, see `extension`


@dataclass
class Notes:
    """What is known of the pages of a book, kept with its environment.

    Attributes
    ----------
    read, written
        Names of what each page read of the report when it was read, and when it was written.
    begins
        The first words of each page.
    invites
        Of each page, the first words of the one that follows in reading order.
    shared
        See `shared_names`.
    """

    read: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    begins: dict[str, str] = field(default_factory=dict)
    invites: dict[str, str] = field(default_factory=dict)
    shared: str = ""

    def invite(self, order: Sequence[str]) -> set[str]:
        """Note what each page invites with, in reading order, and return those that do so with other words."""
        before, self.invites = (
            self.invites,
            {page: self.begins.get(following, "") for page, following in pairwise(order)},
        )
        return {page for page in order if self.invites.get(page) != before.get(page)}


def notes_of(env: BuildEnvironment) -> Notes:
    """Return the notes of an environment, empty at first."""
    notes: Notes = vars(env).setdefault("rt_notes", Notes())
    return notes


def shared_names(env: BuildEnvironment) -> str:
    """Return a digest of what any page may show of another one: titles, anchors, terms, the tree of contents."""
    titles = {name: title.pformat() for name, title in sorted(env.titles.items())}
    names = {key: sorted(env.domaindata["std"][key].items()) for key in ("labels", "anonlabels", "terms", "objects")}
    tree = sorted(env.toctree_includes.items()), sorted(env.toc_secnumbers.items())
    return digest(
        json.dumps([titles, names, tree], default=str)
    )  # a word to be translated is one in a kept environment


def write_environment(env: BuildEnvironment, doctrees: Path) -> None:
    """Write the environment of a finished build so that one in another folder can go on from it, and what it read."""
    cited = env.domaindata.get("cite", {"bibliographies": {}, "citation_refs": []})
    bibliographies = {key.docname for key in cited["bibliographies"]}
    always = bibliographies | {page for pages, _ in env.images.values() for page in pages}
    quoted = bibliographies | {QUOTED} | {ref.docname for ref in cited["citation_refs"]}
    own: dict[str, Any] = {"srcdir": None, "dependencies": defaultdict(set), "temp_data": {}}
    ours = {name: getattr(env, name) for name in own}
    vars(env).update(own)
    try:
        (doctrees / ENVIRONMENT).write_bytes(pickle.dumps(env, pickle.HIGHEST_PROTOCOL))
    finally:
        vars(env).update(ours)
    notes = notes_of(env)
    rendered = {
        "read": notes.read,
        "written": notes.written,
        "always": sorted(always),
        "quoted": sorted(quoted),
    }
    (doctrees / RENDERED).write_text(json.dumps(rendered), encoding="utf-8")


def plan_of(stage: Path) -> dict[str, Any] | None:
    """Return what `KeptPages.restore` left in a staged book, if it did: pages ``written``, ``index`` of others."""
    path = stage / PLAN
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


class KeptPages:
    """The kept pages of one kind of site.

    Parameters
    ----------
    folder : of all kept files.
    key : a digest of what every page rests on.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.file = folder / f"{key}.zip"

    def restore(self, stage: Path, report: Report) -> dict[str, str]:
        """Put the kept environment beside a staged book, and mark the sources that are to be read again.

        Returns
        -------
        The kept pages by name, as `keep` took them; empty when all are made again.
        """
        try:
            with zipfile.ZipFile(self.file) as kept:
                content = {name: kept.read(name) for name in kept.namelist()}
            state = json.loads(content.pop(STATE))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return {}
        if (plan := _plan(state, stage, report)) is None:
            return {}
        again, written = plan
        for name, path in _sources(stage).items():
            os.utime(path, (LATER, LATER) if name in again else (LONG_AGO, LONG_AGO))
        os.utime(stage / FILE, (LONG_AGO, LONG_AGO))
        (stage / DOCTREES).mkdir()
        for name, data in content.items():
            if not name.endswith(".html"):
                (stage / DOCTREES / name).write_bytes(data)
        index = {part: {k: v for k, v in pages.items() if k not in written} for part, pages in state["index"].items()}
        (stage / PLAN).write_text(json.dumps({"written": sorted(written), "index": index}), encoding="utf-8")
        mark_used(self.file)
        pages = {name.removesuffix(".html"): data for name, data in content.items() if name.endswith(".html")}
        return {name: page.decode() for name, page in pages.items() if name not in written}

    def keep(self, stage: Path, report: Report, pages: dict[str, str], index: Index) -> None:
        """Keep a finished book: the pages by name, and their index."""
        rendered = json.loads((stage / DOCTREES / RENDERED).read_text(encoding="utf-8"))
        state = rendered | {"sources": {name: digest(path.read_bytes()) for name, path in _sources(stage).items()}}
        for part in ("read", "written"):
            state[part] = {page: {n: report.digest_of(n) for n in names} for page, names in rendered[part].items()}
        state["index"] = {part: index[part] for part in ("words", "sections")}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as kept:
            kept.writestr(STATE, json.dumps(state))
            for name, page in pages.items():
                kept.writestr(f"{name}.html", page)
            for path in [stage / DOCTREES / ENVIRONMENT, *(stage / DOCTREES).glob("*.doctree")]:
                kept.writestr(path.name, path.read_bytes())
        keep_whole(self.file, out.getvalue())


def _sources(stage: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(stage.iterdir()) if path.suffix in (".ipynb", ".md")}


def _plan(state: dict[str, Any], stage: Path, report: Report) -> tuple[set[str], set[str]] | None:
    """Return the pages to read again and those to write again; None when all are made again."""
    sources = _sources(stage)
    if set(sources) != set(state["sources"]):
        return None

    def moved(part: str) -> set[str]:
        return {p for p, reads in state[part].items() if any(report.digest_of(n) != was for n, was in reads.items())}

    changed = {name for name, path in sources.items() if digest(path.read_bytes()) != state["sources"][name]}
    changed |= moved("read")
    if changed.intersection(state["quoted"]):
        return None
    again = changed | set(state["always"])
    return again, again | moved("written")
