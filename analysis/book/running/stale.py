"""What is stale: which chapters must run again, and whether anything must be done at all.

A chapter's run is kept with everything it rests on: its code cells, the package's modules it reaches, the
parameters, the locked dependencies, and the tables it read with their digests as known on the day. It is used
again when all of these are the same; its prose may have changed, since prose is rendered and not run. A kept
run that is damaged is no run. Nothing of this module imports pandas: it decides before anything large is loaded.
"""

import ast
import contextlib
import functools
import hashlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import paths

PACKAGE = paths.ROOT / "analysis"
FORM = 2  # of a kept run; another form is not read
MOST_KEPT = 400  # runs kept; the oldest go


def digest(*parts: str | bytes) -> str:
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()[:32]


def digest_of_files(files: Iterable[Path], root: Path) -> str:
    """One digest of the names and bytes of files."""
    return digest(*(part for f in sorted(files) for part in (f.relative_to(root).as_posix(), f.read_bytes())))


def files_below(folder: Path, *suffixes: str) -> list[Path]:
    found = (
        p
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and ".ipynb_checkpoints" not in p.parts
    )
    return [p for p in found if not suffixes or p.suffix in suffixes]


def lock() -> str:
    """The locked dependencies and the Python that runs them."""
    text = (paths.ROOT / "requirements.lock").read_bytes() if (paths.ROOT / "requirements.lock").exists() else b""
    return digest(text, sys.version)


# What a chapter reaches


def _file_of(module: str) -> Path | None:
    base = paths.ROOT.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _imports(source: str, package: str) -> set[str]:
    """Modules of the package that a source text names in its imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join([*package.split(".")[: -node.level + 1 or None], *([node.module] if node.module else [])])
                if node.level
                else node.module
            )
            found |= {str(base)} | {f"{base}.{a.name}" for a in node.names}
    return {name for name in found if name.split(".")[0] == PACKAGE.name}


@functools.cache
def _imports_of(path: Path, stamp: int) -> frozenset[str]:
    module = path.relative_to(paths.ROOT).with_suffix("").parts
    package = ".".join(module[:-1])
    return frozenset(_imports(path.read_text(encoding="utf-8"), package))


def reached(sources: Iterable[str]) -> list[Path]:
    """The files of the package that code reaches by its imports, those of imported modules included."""
    waiting = {m for s in sources for m in _imports(s, "")}
    seen: set[str] = set()
    files: set[Path] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        parent = name.rpartition(".")[0]
        if parent and parent not in seen:
            waiting.add(parent)
        path = _file_of(name)
        if path is not None:
            files.add(path)
            waiting |= _imports_of(path, path.stat().st_mtime_ns) - seen
    return sorted(files)


# Kept runs


@dataclass(frozen=True)
class Ground:
    """What a run rests on before a table is read, each part as a digest."""

    code: str
    package: str
    parameters: str
    lock: str

    def key(self) -> str:
        return digest(self.code, self.package, self.parameters, self.lock)


WORDS = {
    "code": "its code changed",
    "package": "the package changed",
    "parameters": "the day or scenario changed",
    "lock": "the dependencies changed",
}


def code_cells(notebook: dict[str, Any]) -> list[str]:
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def reach(source: Path) -> int:
    """Bytes of the package's code that a chapter reaches: a guess at how its run time ranks while it has not run here."""
    cells = code_cells(json.loads(source.read_text(encoding="utf-8")))
    return sum(path.stat().st_size for path in reached([_plain(cells)]))


def _plain(cells: list[str]) -> str:
    """Code without lines that only IPython knows."""
    return "\n".join(line for cell in cells for line in cell.splitlines() if not line.startswith(("%", "!")))


def _tags(notebook: dict[str, Any]) -> str:
    return json.dumps([c["metadata"].get("tags", []) for c in notebook["cells"] if c["cell_type"] == "code"])


def ground(source: Path, parameters: dict[str, Any], day: str, locked: str) -> Ground:
    """What a chapter's run rests on, for the parameters of a build and the day that its ledger is read as of."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    cells = code_cells(notebook)
    files = [
        *reached([_plain(cells), "import analysis.book.running.chapters, analysis.book.running.engine"]),
        paths.SCHEMA,
        paths.OUTLINES,
        *(path for room in ("numbers", "figures") for path in files_below(paths.TEMPLATES / room)),
    ]
    chosen = json.dumps(
        {k: v for k, v in parameters.items() if k != "data"}, sort_keys=True
    )  # what was read of the data is known by its digest
    return Ground(digest(*cells, _tags(notebook)), digest_of_files(files, paths.ROOT), digest(chosen, day), locked)


class Runs:
    """The kept runs of chapters in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, chapter: str, key: str) -> Path:
        return self.folder / f"{chapter}-{key}.json"

    def _read(self, path: Path) -> dict[str, Any] | None:
        """A kept run, or nothing when it is not there or not whole."""
        try:
            text = path.read_text(encoding="utf-8")
            head, _, body = text.partition("\n")
            known = json.loads(head)
            if known["form"] != FORM or known["body"] != digest(body):
                return None
            return known | {"notebook": json.loads(body)}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def find(self, chapter: str, at: Ground, content: Callable[[str], str]) -> tuple[dict[str, Any] | None, str]:
        """The kept notebook of a chapter that still holds, or nothing and the reason in words.

        ``content`` gives the present digest of what a kept run says it read.
        """
        kept = self._read(self._path(chapter, at.key()))
        if kept is None:
            return None, self._reason(chapter, at)
        moved = [name for name, was in kept["reads"].items() if content(name) != was]
        if moved:
            return None, f"what it reads changed: {', '.join(moved)}"
        return kept["notebook"], "nothing it uses changed"

    def _last(self, chapter: str) -> dict[str, Any] | None:
        """The chapter's last kept run, whatever it rests on."""
        others = sorted(self.folder.glob(f"{chapter}-*.json"), key=lambda p: p.stat().st_mtime_ns)
        return self._read(others[-1]) if others else None

    def _reason(self, chapter: str, at: Ground) -> str:
        if self._path(chapter, at.key()).exists():
            return "its kept run is damaged"
        last = self._last(chapter)
        if last is None:
            return "it has not run before"
        changed = [words for name, words in WORDS.items() if last["ground"].get(name) != getattr(at, name)]
        return ", ".join(changed) or "it has not run like this before"

    def seconds(self, chapter: str) -> float:
        """How long the chapter's last kept run took; without one, endless."""
        last = self._last(chapter)
        return float(last["seconds"]) if last else math.inf

    def keep(
        self, chapter: str, at: Ground, reads: dict[str, str], notebook: dict[str, Any], seconds: float = 0.0
    ) -> None:
        body = json.dumps(notebook, sort_keys=True, ensure_ascii=False)
        known = {
            "form": FORM,
            "body": digest(body),
            "reads": reads,
            "ground": at.__dict__,
            "seconds": round(seconds, 1),
        }
        head = json.dumps(known, sort_keys=True)
        keep_whole(self._path(chapter, at.key()), f"{head}\n{body}")
        with contextlib.suppress(OSError):
            for old in sorted(self.folder.glob("*.json"), key=lambda p: p.stat().st_mtime_ns)[:-MOST_KEPT]:
                old.unlink(missing_ok=True)


def with_prose(kept: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """The chapter as it is written now, with the code cells of a kept run and their outputs."""
    done = iter([c for c in kept["cells"] if c["cell_type"] == "code"])
    return kept | {"cells": [next(done) if c["cell_type"] == "code" else c for c in source["cells"]]}


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all."""
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
    """The same into a cache: where it is full or cannot be written, the next build takes longer and this one goes on."""
    with contextlib.suppress(OSError):
        write_whole(path, content)


# Whole sites


def inputs(data: Path | None, settings: dict[str, Any], with_data: bool = True) -> str:
    """One digest of everything that a site is made of: chapters, data, package, configuration, dependencies, settings."""
    project = [p for p in (paths.CONFIG, paths.TOC, paths.BIBLIOGRAPHY) if p.exists()]
    own = [*files_below(paths.CHAPTERS), *files_below(PACKAGE), *project]
    tables = data or paths.DATA
    return digest(
        digest_of_files(own, paths.ROOT),
        digest_of_files(files_below(tables), tables) if with_data else "",
        lock(),
        json.dumps(settings, sort_keys=True),
    )


def _seen(site: Path) -> dict[str, list[int]]:
    files = (p for p in site.rglob("*") if p.is_file())
    return {p.relative_to(site).as_posix(): [(s := p.stat()).st_size, s.st_mtime_ns] for p in files}


def _note(cache: Path, site: Path) -> Path:
    return cache / "sites" / f"{digest(str(site.resolve()))}.json"


def is_current(cache: Path, site: Path, key: str) -> bool:
    """Whether the site at its place was built from these inputs and nobody has touched it since."""
    try:
        known = json.loads(_note(cache, site).read_text(encoding="utf-8"))
        return bool(known["key"] == key and known["files"] == _seen(site))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember(cache: Path, site: Path, key: str, seen_at: Path | None = None) -> None:
    """Note what a site was built from; ``seen_at`` is where its files are as yet, before they are put in place."""
    keep_whole(_note(cache, site), json.dumps({"key": key, "files": _seen(seen_at or site)}))
