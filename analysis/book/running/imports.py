"""Which files of the package a piece of code reaches by its imports, read from the source without running it."""

import ast
import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths
from analysis.book.running import manuscript
from analysis.book.running.files import keep_whole
from analysis.book.running.problems import ManuscriptError, Problem
from analysis.digests import digest

PACKAGE = "analysis"


def _file_of(module: str) -> Path | None:
    base = paths.ROOT.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements below a node: an import is one, and what they are made of need not be looked at."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield node
            yield from _statements(node)


def _imported(source: str, package: str) -> set[str]:
    """Return the modules of the package that a source text names in its imports."""
    found: set[str] = set()
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = str(node.module)
            if node.level:
                above = package.split(".")[: -node.level + 1 or None]
                base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{a.name}" for a in node.names}
    return {name for name in found if name.split(".")[0] == PACKAGE}


def _imported_by_file(path: Path, text: str) -> list[str]:
    """Return the same for the text of a file."""
    package = ".".join(Path(manuscript.name_of(path)).with_suffix("").parts[:-1])
    try:
        return sorted(_imported(text, package))
    except SyntaxError as error:
        problem = Problem(manuscript.name_of(path), None, error.lineno, f"is not Python: {error.msg}")
        raise ManuscriptError([problem]) from None


class Modules:
    """The modules of the package as they are at one moment: the file of each, and what it imports of the package.

    What was parsed is kept in a file by the digests of the text and of this module, since parsing all takes half a
    second.

    Parameters
    ----------
    kept : the file, which need not be there; None to keep nothing.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self._kept, self._own = kept, Path(__file__).read_bytes()
        self._found: dict[str, tuple[Path | None, frozenset[str]]] = {}
        self._before: dict[str, list[str]] = {}
        self._parsed: dict[str, list[str]] = {}
        if kept:
            with contextlib.suppress(OSError, ValueError, TypeError):
                self._before = dict(json.loads(kept.read_text(encoding="utf-8")))

    def __getitem__(self, name: str) -> tuple[Path | None, frozenset[str]]:
        """Raise ManuscriptError for a module that is not Python."""
        if name not in self._found:
            path = _file_of(name)
            self._found[name] = path, frozenset(self._imports(path) if path else ())
        return self._found[name]

    def _imports(self, path: Path) -> list[str]:
        text = manuscript.read_text(path)
        key = digest(self._own, manuscript.name_of(path), text)
        self._parsed[key] = self._before[key] if key in self._before else _imported_by_file(path, text)
        return self._parsed[key]

    def keep(self) -> None:
        """Keep what the modules asked for so far import."""
        if self._kept and self._parsed != self._before:
            keep_whole(self._kept, json.dumps(self._parsed))


def reached_files(sources: Iterable[str], modules: Modules | None = None) -> list[Path]:
    """Return the files of the package that source texts import, those of imported modules included, in order.

    Parameters
    ----------
    sources : texts of Python.
    modules : for several calls about the same moment.

    Raises
    ------
    ManuscriptError : when one of them is not Python.
    """
    known = Modules() if modules is None else modules
    waiting = {m for s in sources for m in _imported(s, "")}
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
        path, imported = known[name]
        if path is not None:
            files.add(path)
            waiting |= imported - seen
    return sorted(files)


def bytes_reached(chapter: Path, modules: Modules | None = None) -> int:
    """Return how many bytes of the package's code a notebook imports: a guess at how its run time ranks."""
    cells = [c["source"] for c in manuscript.read_notebook(chapter)["cells"] if c["cell_type"] == "code"]
    return sum(path.stat().st_size for path in reached_files(cells, modules))
