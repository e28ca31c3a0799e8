"""The cells of a notebook as they stand in its file: what makes one no cell, and what of its text cannot be run or
shown."""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Any

ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KINDS = ("code", "markdown", "raw")
# Control characters, which no page can show, and halves of characters, which no file in UTF-8 can hold.
UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def shape_fault(cell: object) -> str | None:
    """Return what keeps something from being a cell; None if it is one."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return f"is no cell: one has a cell_type, {', '.join(KINDS[:-1])} or {KINDS[-1]}"
    source, metadata = cell.get("source"), cell.get("metadata")
    if not isinstance(source, str) and not _is_list_of(source, str):
        return "has no source: a text or a list of lines is needed"
    if not isinstance(metadata, dict) or not _is_list_of(metadata.get("tags", []), str):
        return "has no metadata, or tags that are no list of words"
    if cell["cell_type"] == "code" and not _is_list_of(cell.get("outputs"), dict):
        return "has no list of outputs: clear its outputs in Jupyter"
    return None


def _is_list_of(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(part, kind) for part in value)


def mended(cell: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a cell, the ``number``-th of its notebook, with its source whole and what is no part of it left out.

    One without an id that Jupyter would take gets one from its place, so that two builds are equal.
    """
    known = {k: v for k, v in cell.items() if cell["cell_type"] == "code" or k not in ("outputs", "execution_count")}
    id = cell.get("id")
    source = "".join(cell["source"]).replace("\r\n", "\n").replace("\r", "\n")
    return known | {"id": id if isinstance(id, str) and ID.fullmatch(id) else f"cell-{number}", "source": source}


def character_faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield line, counted from 1, and message of each character of a text that cannot be shown."""
    for match in UNUSABLE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, f"holds the character U+{ord(match[0]):04X}: delete it"


def code_faults(cell: dict[str, Any]) -> Iterator[tuple[int | None, str]]:
    """Yield line and message of what of a code cell cannot be run."""
    if "raises-exception" in cell["metadata"].get("tags", []):
        yield None, "has the tag raises-exception, but no cell of a chapter may fail: remove the tag or the cell"
    if found := [*character_faults(cell["source"])]:
        yield from found
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may be a mistake, such as an escape that is none
            compile(cell["source"], "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        lines = cell["source"].splitlines()
        special = next((n for n, line in enumerate(lines, start=1) if _is_ipython(line)), None)
        if special is None:
            yield error.lineno, f"is not Python: {error.msg}"
        else:
            yield special, f"{lines[special - 1].strip()!r} is a command of IPython, not Python: remove the line"
    except (RecursionError, MemoryError):
        yield None, "is nested too deeply for Python: break it up"


def _is_ipython(line: str) -> bool:
    text = line.strip()
    return text.startswith(("!", "%", "?")) or (text.endswith("?") and not text.startswith("#"))
