"""Which files of the package a piece of code reaches by its imports, read from the source without running it."""

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths
from analysis.book.running import manuscript
from analysis.book.running.problems import ManuscriptError, Problem

PACKAGE = "analysis"
Modules = dict[str, tuple[Path | None, frozenset[str]]]  # the file of each module, and what it imports of the package


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


@functools.cache
def _imported_by_file(path: Path, modified: int) -> frozenset[str]:
    """Return the same for a file; ``modified`` is its time of modification, so that an edited file is read again."""
    package = ".".join(Path(manuscript.name_of(path)).with_suffix("").parts[:-1])
    try:
        return frozenset(_imported(manuscript.read_text(path), package))
    except SyntaxError as error:
        problem = Problem(manuscript.name_of(path), None, error.lineno, f"is not Python: {error.msg}")
        raise ManuscriptError([problem]) from None


def reached_files(sources: Iterable[str], modules: Modules | None = None) -> list[Path]:
    """Return the files of the package that source texts import, those of imported modules included, in order.

    Parameters
    ----------
    sources : texts of Python.
    modules : what was found of each module before and is found now, by name: for several calls about the same moment.

    Raises
    ------
    ManuscriptError : when one of them is not Python.
    """
    known = {} if modules is None else modules
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
        if name not in known:
            path = _file_of(name)
            known[name] = path, _imported_by_file(path, path.stat().st_mtime_ns) if path else frozenset()
        path, imported = known[name]
        if path is not None:
            files.add(path)
            waiting |= imported - seen
    return sorted(files)


def bytes_reached(chapter: Path) -> int:
    """Return how many bytes of the package's code a notebook imports: a guess at how its run time ranks."""
    cells = [c["source"] for c in manuscript.read_notebook(chapter)["cells"] if c["cell_type"] == "code"]
    return sum(path.stat().st_size for path in reached_files(cells))
