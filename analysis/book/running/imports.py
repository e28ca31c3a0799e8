"""Which files of the package a piece of code reaches by its imports, read from the source without running it."""

import ast
import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths

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


@functools.cache
def _imported_by_file(path: Path, modified: int) -> frozenset[str]:
    """Return the same for a file; ``modified`` is its time of modification, so that an edited file is read again."""
    package = ".".join(path.relative_to(paths.ROOT).with_suffix("").parts[:-1])
    return frozenset(_imported(path.read_text(encoding="utf-8"), package))


def reached_files(sources: Iterable[str]) -> list[Path]:
    """Return the files of the package that source texts import, those of imported modules included, in order."""
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
        path = _file_of(name)
        if path is not None:
            files.add(path)
            waiting |= _imported_by_file(path, path.stat().st_mtime_ns) - seen
    return sorted(files)


def plain_code(cells: Iterable[str]) -> str:
    """Return code cells as one text, without the lines that only IPython understands."""
    return "\n".join(line for cell in cells for line in cell.splitlines() if not line.startswith(("%", "!")))


def bytes_reached(chapter: Path) -> int:
    """Return how many bytes of the package's code a notebook imports: a guess at how its run time ranks."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    return sum(path.stat().st_size for path in reached_files([plain_code(cells)]))
